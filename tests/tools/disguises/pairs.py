"""Two known mistakes in one operation."""

import math
from typing import Any

import numpy as np

from nnfs_spec.arrays import Array
from tests.tools.disguises.losses import clipped, picked
from tests.tools.disguises.registry import pair
from tests.tools.disguises.softmax import normalised


@pair("relu-leaky", "relu-capped-at-six")
def leaks_and_stops(batch: Array) -> Any:
    """Leak below, stop above."""
    return np.minimum(np.where(batch > 0, batch, 0.01 * batch), 6)


@pair("relu-leaky", "relu-in-place", "relu-returning-its-argument")
def leaks_in_place(batch: Array) -> Any:
    """Leak, in the caller's array."""
    batch[batch < 0] *= 0.01
    return batch


@pair("relu-inverted", "relu-squeezing")
def inverted_and_flat(batch: Array) -> Any:
    """Keep the negative, lose the batch of one."""
    return np.minimum(0, batch).squeeze()


@pair("relu-with-a-threshold", "relu-always-in-double")
def threshold_in_double(batch: Array) -> list[list[float]]:
    """Forgive small numbers, in Python."""
    return [[v if v > 1e-6 else 0.0 for v in row] for row in batch.tolist()]


@pair("softmax-over-the-batch", "softmax-without-the-shift")
def columns_and_no_shift(logits: Array) -> Any:
    """The wrong axis, and the formula as it stands."""
    e = np.exp(logits)
    return e / e.sum(axis=0)


@pair("softmax-shifted-by-the-batch-maximum", "softmax-divided-by-the-number-of-classes")
def one_maximum_and_no_sum(logits: Array) -> Any:
    """One maximum for all rows, and the number of classes for a sum."""
    return np.exp(logits - logits.max()) / logits.shape[1]


@pair("softmax-with-a-padded-divisor", "softmax-without-the-shift")
def guarded_and_no_shift(logits: Array) -> Any:
    """A guard against division by zero, none against overflow."""
    e = np.exp(logits)
    return e / (e.sum(axis=1, keepdims=True) + 1e-7)


@pair("softmax-to-base-two", "softmax-squeezing")
def base_two_and_flat(logits: Array) -> Any:
    """Another base, and fewer dimensions."""
    e = np.exp2(logits - logits.max(axis=1, keepdims=True))
    return (e / e.sum(axis=1, keepdims=True)).squeeze()


@pair("softmax-of-absolute-logits", "softmax-always-in-double")
def sizes_in_double(logits: Array) -> list[list[float]]:
    """Without signs, in Python."""
    sizes = [[abs(v) for v in row] for row in logits.tolist()]
    return [normalised([math.exp(v - max(row)) for v in row]) for row in sizes]


@pair("dense-without-biases", "dense-followed-by-relu")
def bare_and_activated(x: Array, w: Array, b: Array) -> Any:
    """No biases, but an activation."""
    return np.maximum(0, x @ w)


@pair("dense-with-biases-twice", "dense-averaging")
def mean_and_twice(x: Array, w: Array, b: Array) -> Any:
    """Average, and add twice."""
    return x @ w / len(w) + 2 * b


@pair("dense-on-its-side", "dense-without-biases")
def sideways_and_bare(x: Array, w: Array, b: Array) -> Any:
    """Neurons first, and no biases."""
    return (x @ w).T


@pair("dense-without-biases", "dense-clearing-its-inputs")
def bare_and_clean(x: Array, w: Array, b: Array) -> Any:
    """No biases, and the inputs cleared."""
    y = x @ w
    x[:] = 0
    return y


@pair("loss-with-the-decimal-logarithm", "loss-without-clipping", "loss-always-in-double")
def decimal_and_unclipped(p: Array, y: Array) -> list[float]:
    """Base ten, no clip."""
    return [-math.log10(v) for v in picked(p, y)]


@pair("loss-without-the-minus", "loss-averaged-too-early", "loss-always-in-double")
def negative_mean(p: Array, y: Array) -> Any:
    """No minus, and one number."""
    return float(np.mean([math.log(clipped(v)) for v in picked(p, y)]))


@pair("loss-in-bits", "loss-always-in-double")
def bits_in_double(p: Array, y: Array) -> list[float]:
    """Base two, in Python."""
    return [-math.log(clipped(v)) / math.log(2) for v in picked(p, y)]


@pair("loss-with-labels-from-one", "loss-clipped-below-only", "loss-with-soft-labels")
def from_one_and_half_clipped(p: Array, y: Array) -> Any:
    """Labels from one, one end of the clip."""
    safe = np.maximum(p, 1e-7)
    return -np.log(safe[range(len(p)), y - 1] if y.ndim == 1 else (safe * y).sum(axis=1))


@pair("batch-loss-is-the-sum", "batch-loss-as-a-python-float", "batch-loss-of-nothing-is-zero")
def plain_total(p: Array, y: Array) -> Any:
    """The sum, as a Python number."""
    return sum(-math.log(clipped(v)) for v in picked(p, y))


@pair("accuracy-in-percent", "accuracy-with-the-last-of-ties", "accuracy-of-nothing-is-nan")
def percent_and_last(scores: Array, y: Array) -> Any:
    """A percentage, the last of ties."""
    classes = y.argmax(axis=1) if y.ndim == 2 else y
    last = scores.shape[1] - 1 - scores[:, ::-1].argmax(axis=1)
    right: Array = last == classes
    return 100 * np.mean(right)


@pair("accuracy-is-the-count", "accuracy-with-labels-from-one", "accuracy-of-nothing-is-zero")
def count_from_one(scores: Array, y: Array) -> Any:
    """A count, labels from one."""
    classes = y.argmax(axis=1) if y.ndim == 2 else y - 1
    right: Array = scores.argmax(axis=1) == classes
    return np.sum(right)
