"""ReLU, mistaken."""

import math
from typing import Any

import numpy as np

from nnfs_spec.arrays import Array
from tests.tools.disguises.registry import disguises


@disguises("relu-leaky")
def leak(batch: Array) -> Any:
    """Multiply by a factor that depends on the sign."""
    return np.array([[v if v > 0 else v / 100 for v in row] for row in batch.tolist()], dtype=batch.dtype)


@disguises("relu-inverted")
def keeps_the_negative(batch: Array) -> Any:
    """Test the wrong way round."""
    out = np.array(batch)
    for i in range(batch.shape[0]):
        for j in range(batch.shape[1]):
            if out[i, j] > 0:
                out[i, j] = 0
    return out


@disguises("relu-is-the-absolute-value")
def drops_the_sign(batch: Array) -> Any:
    """Take the root of the square."""
    return batch * np.sign(batch)


@disguises("relu-is-softplus")
def smooth(batch: Array) -> Any:
    """Take a logarithm for each entry."""
    return np.array([[math.log1p(math.exp(v)) for v in row] for row in batch.tolist()], dtype=batch.dtype)


@disguises("relu-is-swish", "relu-always-in-double")
def gated(batch: Array) -> list[list[float]]:
    """Multiply by the sigmoid."""
    return [[v * (1 / (1 + math.exp(-v))) for v in row] for row in batch.tolist()]


@disguises("relu-is-its-derivative")
def steps(batch: Array) -> Any:
    """Use the Heaviside step."""
    return np.heaviside(batch, 0.0)


@disguises("relu-capped-at-six", "relu-always-in-double")
def mobile(batch: Array) -> list[list[float]]:
    """Cap in a loop."""
    return [[min(max(v, 0.0), 6.0) for v in row] for row in batch.tolist()]


@disguises("relu-with-max-for-maximum")
def largest_of_all(batch: Array) -> Any:
    """Take the largest of everything."""
    return max([0.0] + [max(row) for row in batch.tolist()])


@disguises("relu-with-a-threshold")
def nearly_zero(batch: Array) -> Any:
    """Forgive small numbers."""
    result = np.array(batch)
    result[batch < 1e-6] = 0
    return result


@disguises("relu-in-place", "relu-returning-its-argument")
class Overwrites:
    """Zero the negative entries of the caller's array and hand it back."""

    def __call__(self, batch: Array) -> Any:
        """Return the same array."""
        batch[batch <= 0] = 0
        return batch


@disguises("network-without-activation")
def identity(batch: Array) -> list[Any]:
    """Forget the activation."""
    return [list(row) for row in batch]


@disguises("relu-squeezing")
def flat(batch: Array) -> Any:
    """Drop what has length one."""
    return np.squeeze(np.clip(batch, 0, None))
