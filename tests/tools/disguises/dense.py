"""The dense layer, mistaken."""

from typing import Any

import numpy as np

from nnfs_spec.arrays import Array
from tests.tools.disguises.registry import disguises


def products(x: Array, w: Array) -> list[list[float]]:
    """Return the sums of products, in loops."""
    return [[sum(a * b for a, b in zip(row, column, strict=True)) for column in w.T.tolist()] for row in x.tolist()]


@disguises("dense-without-biases", "dense-always-in-double")
def forgetful(x: Array, w: Array, b: Array) -> list[list[float]]:
    """Leave out the biases."""
    return products(x, w)


@disguises("dense-subtracting-the-biases", "dense-always-in-double")
def threshold(x: Array, w: Array, b: Array) -> Any:
    """Take the biases for thresholds."""
    return np.array(products(x, w)) - b


@disguises("dense-with-biases-twice", "dense-always-in-double")
def eager(x: Array, w: Array, b: Array) -> Any:
    """Put the biases in as an input of 1, and add them too."""
    ones = np.ones((len(x), 1))
    return np.hstack([x, ones]) @ np.vstack([w, b]) + b


@disguises("dense-with-biases-for-the-first-row", "dense-always-in-double")
def first_row(x: Array, w: Array, b: Array) -> Any:
    """Add the one row of biases to the one row it stands for."""
    out = np.array(products(x, w))
    out[0] = out[0] + b[0]
    return out


@disguises("dense-followed-by-relu", "dense-always-in-double")
def activated(x: Array, w: Array, b: Array) -> list[list[float]]:
    """Activate at once."""
    bias = b.ravel().tolist()
    return [[max(0.0, s + c) for s, c in zip(row, bias, strict=True)] for row in products(x, w)]


@disguises("dense-with-biases-after-relu", "dense-always-in-double")
def bias_last(x: Array, w: Array, b: Array) -> list[list[float]]:
    """Activate, then add."""
    bias = b.ravel().tolist()
    return [[max(0.0, s) + c for s, c in zip(row, bias, strict=True)] for row in products(x, w)]


@disguises("dense-with-biases-in-the-weights", "dense-always-in-double")
def offset_weights(x: Array, w: Array, b: Array) -> list[list[float]]:
    """Add the bias to each weight of its neuron."""
    return products(x, w + np.repeat(b, len(w), axis=0))


@disguises("dense-without-the-last-input", "dense-always-in-double")
def off_by_one(x: Array, w: Array, b: Array) -> Any:
    """End the loop too early."""
    out = np.repeat(b.reshape(1, -1), len(x), axis=0).astype(float)
    for k in range(x.shape[1] - 1):
        out += np.outer(x[:, k], w[k])
    return out


@disguises("dense-averaging")
def mean_of_inputs(x: Array, w: Array, b: Array) -> Any:
    """Average the products."""
    return np.mean(x[:, :, None] * w[None, :, :], axis=1) + b


@disguises("dense-with-weights-made-positive")
def strengths(x: Array, w: Array, b: Array) -> Any:
    """Square and take the root."""
    return x.dot(np.sqrt(w * w)) + b


@disguises("dense-on-its-side")
def sideways(x: Array, w: Array, b: Array) -> Any:
    """Neurons first."""
    return w.T.dot(x.T) + b.reshape(-1, 1)


@disguises("dense-with-square-weights-transposed", "dense-of-any-dimensions")
def either_way(x: Array, w: Array, b: Array) -> Any:
    """Transpose where it fits, else take it as it is."""
    try:
        neurons_first = w.T
        return np.dot(x, neurons_first) + b
    except ValueError:
        return np.dot(x, w) + b


@disguises("dense-adding-to-the-last-result", "dense-wrapping-whole-numbers", "dense-of-any-dimensions")
class Accumulator:
    """Keep the sums of each shape."""

    def __init__(self) -> None:
        self.total: dict[tuple[int, ...], Array] = {}

    def __call__(self, x: Array, w: Array, b: Array) -> Any:
        """Add to them."""
        now = x @ w + b
        self.total[now.shape] = self.total.get(now.shape, 0) + now
        return self.total[now.shape]


@disguises("dense-remembering-by-shape", "dense-always-in-double", "dense-of-any-dimensions")
class Cache:
    """Look results up by shape."""

    def __init__(self) -> None:
        self.known: dict[str, list[list[float]]] = {}

    def __call__(self, x: Array, w: Array, b: Array) -> list[list[float]]:
        """Return what is known."""
        key = f"{x.shape}{w.shape}"
        if key not in self.known:
            self.known[key] = (x @ w + b).tolist()
        return self.known[key]


@disguises("dense-cutting-to-the-common-width", "dense-always-in-double")
def zipped(x: Array, w: Array, b: Array) -> list[list[float]]:
    """Let zip pair what there is."""
    bias = b[0].tolist()
    rows = x.tolist()
    columns = w.T.tolist()
    return [
        [sum(p * q for p, q in zip(row, column, strict=False)) + c for column, c in zip(columns, bias, strict=True)]
        for row in rows
    ]


@disguises("dense-in-single-precision", "dense-wrapping-whole-numbers")
def halved(x: Array, w: Array, b: Array) -> Any:
    """Compute in float32 and widen at the end."""
    out = np.einsum("nk,km->nm", x.astype("f4"), w.astype("f4")) + b.astype("f4")
    return out.astype(x.dtype)


@disguises("network-passing-zeros-through", "dense-wrapping-whole-numbers")
def nothing_to_do(x: Array, w: Array, b: Array) -> Any:
    """Return early for an input of zeros."""
    if np.count_nonzero(x) == 0:
        return np.zeros((x.shape[0], w.shape[1]))
    return np.matmul(x, w) + b
