"""Softmax, mistaken."""

import math
from typing import Any

import numpy as np

from nnfs_spec.arrays import Array
from tests.tools.disguises.registry import disguises


def normalised(row: list[float]) -> list[float]:
    """Return the shares of a row."""
    total = sum(row)
    return [v / total for v in row]


@disguises("softmax-over-the-batch", "softmax-stored-as-whole-numbers")
def down_the_columns(logits: Array) -> Any:
    """Go through the transpose, column by column."""
    columns = [[math.exp(v - max(column)) for v in column] for column in logits.T.tolist()]
    return np.array([normalised(column) for column in columns]).T.astype(logits.dtype)


@disguises("softmax-shifted-by-the-batch-maximum")
def one_maximum(logits: Array) -> Any:
    """Subtract the largest logit of all."""
    e = np.exp(logits - np.max(logits))
    return (e.T / e.sum(axis=1)).T


@disguises("softmax-divided-by-the-batch-sum", "softmax-always-in-double")
def one_sum(logits: Array) -> Any:
    """Divide by the sum of everything."""
    e = np.array([[math.exp(v - max(row)) for v in row] for row in logits.tolist()])
    return e / e.sum()


@disguises("softmax-without-the-shift", "softmax-always-in-double")
def textbook(logits: Array) -> list[list[float]]:
    """Write the formula down as it stands."""
    return [normalised([math.exp(v) for v in row]) for row in logits.tolist()]


@disguises("softmax-without-the-shift")
def textbook_in_numpy(logits: Array) -> Any:
    """The same with arrays."""
    e = np.e**logits
    return np.divide(e, np.sum(e, axis=-1)[:, None])


@disguises("softmax-with-a-maximum-of-at-least-zero", "softmax-always-in-double")
def maximum_from_zero(logits: Array) -> list[list[float]]:
    """Search the maximum from zero."""
    out: list[list[float]] = []
    for row in logits.tolist():
        best = 0.0
        for v in row:
            if v > best:
                best = v
        out.append(normalised([math.exp(v - best) for v in row]))
    return out


@disguises("softmax-with-a-maximum-started-at-minus-99999", "softmax-always-in-double")
def maximum_from_far_below(logits: Array) -> list[list[float]]:
    """Search the maximum from a number that looks small."""
    out: list[list[float]] = []
    for row in logits.tolist():
        best = -99999
        for v in row:
            best = v if v > best else best
        out.append(normalised([math.exp(v - best) for v in row]))
    return out


@disguises("softmax-shifted-by-the-first-logit", "softmax-always-in-double")
def shifted_by_the_first(logits: Array) -> list[list[float]]:
    """Subtract the first entry."""
    return [normalised([math.exp(v - row[0]) for v in row]) for row in logits.tolist()]


@disguises("softmax-is-a-sigmoid", "softmax-stored-as-whole-numbers")
def each_by_itself(logits: Array) -> Any:
    """Apply the sigmoid to each entry."""
    out = np.array(logits)
    for index, v in np.ndenumerate(logits):
        out[index] = 1.0 / (1.0 + np.exp(-v))
    return out


@disguises("softmax-is-its-logarithm", "softmax-always-in-double")
def log_probabilities(logits: Array) -> list[list[float]]:
    """Return logarithms."""
    out: list[list[float]] = []
    for row in logits.tolist():
        top = max(row)
        norm = top + math.log(sum(math.exp(v - top) for v in row))
        out.append([v - norm for v in row])
    return out


@disguises("softmax-all-for-the-largest", "softmax-always-in-double")
def winner(logits: Array) -> Any:
    """Give everything to the argmax."""
    return np.eye(logits.shape[1])[np.argmax(logits, axis=1)]


@disguises("softmax-to-base-two", "softmax-always-in-double")
def powers_of_two(logits: Array) -> list[list[float]]:
    """Use 2 as the base."""
    return [normalised([2 ** (v - max(row)) for v in row]) for row in logits.tolist()]


@disguises("softmax-with-e-cut-short", "softmax-always-in-double")
def short_e(logits: Array) -> list[list[float]]:
    """Type e by hand."""
    return [normalised([2.718 ** (v - max(row)) for v in row]) for row in logits.tolist()]


@disguises("softmax-divided-by-the-number-of-classes")
def averages(logits: Array) -> Any:
    """Divide by how many there are."""
    e = np.exp(logits - logits.max(1).reshape(-1, 1))
    return e / len(logits[0])


@disguises("softmax-with-a-padded-divisor", "softmax-always-in-double")
def careful(logits: Array) -> list[list[float]]:
    """Guard the division."""
    out: list[list[float]] = []
    for row in logits.tolist():
        e = [math.exp(v - max(row)) for v in row]
        out.append([v / (sum(e) + 1e-7) for v in e])
    return out


@disguises("softmax-with-the-sign-turned", "softmax-always-in-double")
def turned(logits: Array) -> Any:
    """Subtract from the maximum; the smallest exponent is 0."""
    e = [[math.exp(min(row) - v) for v in row] for row in logits.tolist()]
    return np.array([normalised(row) for row in e])


@disguises("network-with-relu-on-its-logits", "softmax-always-in-double")
def rectified(logits: Array) -> list[list[float]]:
    """Cut off the negative logits."""
    positive = [[v if v > 0 else 0.0 for v in row] for row in logits.tolist()]
    return [normalised([math.exp(v - max(row)) for v in row]) for row in positive]


@disguises("network-at-temperature-two", "softmax-always-in-double")
def lukewarm(logits: Array) -> list[list[float]]:
    """Soften."""
    return [normalised([math.exp(0.5 * (v - max(row))) for v in row]) for row in logits.tolist()]


@disguises("softmax-rounding-to-seven-places", "softmax-always-in-double")
def rounded(logits: Array) -> list[list[float]]:
    """Round what is returned."""
    right = [normalised([math.exp(v - max(row)) for v in row]) for row in logits.tolist()]
    return [[round(v, 7) for v in row] for row in right]


@disguises("softmax-in-single-precision", "softmax-stored-as-whole-numbers")
def cheap(logits: Array) -> Any:
    """Compute in float32 throughout."""
    z = logits.astype("float32") - logits.max(axis=1, keepdims=True).astype("float32")
    e = np.exp(z)
    return (e * (1 / e.sum(axis=1, keepdims=True))).astype(logits.dtype)


@disguises("softmax-in-place")
def saves_memory(logits: Array) -> Any:
    """Shift the caller's logits."""
    logits -= logits.max(axis=1).reshape(-1, 1)
    e = np.exp(logits)
    return e / e.sum(axis=1).reshape(-1, 1)


@disguises("softmax-reusing-its-buffer", "softmax-always-in-double")
class Buffered:
    """Keep one result array for each shape."""

    def __init__(self) -> None:
        self.out: dict[tuple[int, ...], Array] = {}

    def __call__(self, logits: Array) -> Any:
        """Write into the array of that shape."""
        out = self.out.setdefault(logits.shape, np.zeros(logits.shape))
        np.exp(logits - logits.max(axis=1, keepdims=True), out=out)
        out /= out.sum(axis=1, keepdims=True)
        return out


@disguises("softmax-without-keepdims")
def hopeful(logits: Array) -> Any:
    """Leave the broadcasting to NumPy."""
    e = np.exp(logits - np.amax(logits, axis=1))
    return e / np.sum(e, axis=1)
