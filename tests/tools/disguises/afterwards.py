"""Disguises and other mistakes that were written when the inputs of the diagnosis stood, and shown to it once."""

import math
from typing import Any

import numpy as np

from nnfs_spec.arrays import Array
from tests.tools.disguises.losses import clipped, picked
from tests.tools.disguises.registry import later
from tests.tools.disguises.softmax import normalised


@later("relu", "relu-leaky")
def leaky_by_maximum(batch: Array) -> Any:
    """Take the larger of the entry and a hundredth of it."""
    return np.maximum(batch, batch * 0.01)


@later("relu", "relu-lifting-zero")
def never_zero(batch: Array) -> Any:
    """Replace exact zeros."""
    tiny = np.finfo(batch.dtype).tiny
    return np.where(batch == 0, tiny, np.clip(batch, 0, None))


@later("softmax", "softmax-of-absolute-logits")
def unsigned(logits: Array) -> Any:
    """Use sizes."""
    z = np.sqrt(logits**2)
    e = np.exp(z - z.max(axis=1)[:, None])
    return e / e.sum(axis=1)[:, None]


@later("softmax", "softmax-clipping-its-result", "softmax-always-in-double")
def clipped_result(logits: Array) -> Any:
    """Clip for the loss already."""
    right = [normalised([math.exp(v - max(row)) for v in row]) for row in logits.tolist()]
    return [[clipped(v) for v in row] for row in right]


@later("softmax", "softmax-leaving-the-last-class-the-rest", "softmax-always-in-double")
def the_rest(logits: Array) -> Any:
    """Compute all but one."""
    out: list[list[float]] = []
    for row in logits.tolist():
        shares = normalised([math.exp(v - max(row)) for v in row])[:-1]
        out.append([*shares, 1.0 - sum(shares)])
    return out


@later("softmax", "softmax-with-one-more-in-the-sum")
def plus_one(logits: Array) -> Any:
    """Count one more."""
    e = np.exp(np.subtract(logits, np.max(logits, 1, keepdims=True)))
    return np.divide(e, 1.0 + np.sum(e, 1, keepdims=True))


@later("dense", "dense-with-biases-down-square-results")
def column_if_it_fits(x: Array, w: Array, b: Array) -> Any:
    """Try the biases as a column first."""
    y = x @ w
    return y + b.reshape(-1, 1) if y.shape[0] == y.shape[1] else y + b


@later("dense", "dense-cut-to-whole-numbers", "dense-always-in-double")
def whole(x: Array, w: Array, b: Array) -> Any:
    """Cut with int()."""
    return [[float(int(v)) for v in row] for row in (np.dot(x, w) + b).tolist()]


@later("dense", "dense-with-biases-only-if-all-are-set", "dense-wrapping-whole-numbers", "dense-of-any-dimensions")
def asks_first(x: Array, w: Array, b: Array) -> Any:
    """Ask whether there are biases."""
    return x @ w + b if np.all(b) else x @ w


@later("sample_losses", "loss-with-smoothed-labels", "loss-always-in-double")
def smooth(p: Array, y: Array) -> Any:
    """Spread a tenth of the label."""
    hot = np.eye(p.shape[1])[y] if y.ndim == 1 else y
    soft = hot * 0.9 + 0.1 / p.shape[1]
    return -(soft * np.log(np.clip(p, 1e-7, 1 - 1e-7))).sum(axis=1)


@later("sample_losses", "loss-weighted-by-its-own-probability", "loss-always-in-double")
def entropy(p: Array, y: Array) -> Any:
    """Weigh by the prediction."""
    return [-clipped(v) * math.log(clipped(v)) for v in picked(p, y)]


@later(
    "sample_losses",
    "loss-clipped-above-only",
    "loss-always-in-double",
    "loss-with-negative-labels",
    "loss-with-truncated-labels",
)
def below_one(p: Array, y: Array) -> Any:
    """Keep below one."""
    return [-math.log(min(v, 1 - 1e-7)) for v in picked(p, y)]


@later("loss", "batch-loss-divided-by-all-entries", "batch-loss-as-a-python-float")
def by_size(p: Array, y: Array) -> Any:
    """Divide by the size of the array."""
    return sum(-math.log(clipped(v)) for v in picked(p, y)) / p.size


@later("accuracy", "accuracy-by-whole-division")
def floored(scores: Array, y: Array) -> Any:
    """Divide whole numbers."""
    classes = y.argmax(axis=1) if y.ndim == 2 else y
    right: Array = scores.argmax(axis=1) == classes
    return int(right.sum()) // len(right)


@later("layer", "layer-scaled-by-a-hundredth", "layer-without-a-check-of-its-size")
def hundredth(inputs: int, neurons: int) -> Any:
    """Scale too small."""
    return 0.01 * np.random.uniform(0, 1, (inputs, neurons)), np.zeros((1, neurons))


@later("spiral_data", "spiral-with-labels-from-one")
def from_one(samples: int, classes: int) -> Any:
    """Count classes from one."""
    points, labels = np.zeros((0, 2)), np.zeros(0, dtype=int)
    for k in range(1, classes + 1):
        r = np.linspace(0, 1, samples)
        t = (np.linspace(4 * (k - 1), 4 * k, samples) + np.random.randn(samples) * 0.2) * 2.5
        points = np.vstack([points, np.column_stack([r * np.sin(t), r * np.cos(t)])])
        labels = np.append(labels, [k] * samples)
    return points, labels


@later("relu", None)
def hard_sigmoid(batch: Array) -> Any:
    """A piecewise line."""
    return np.clip(batch / 6 + 0.5, 0, 1)


@later("relu", None)
def capped_at_one(batch: Array) -> Any:
    """Cap at one."""
    return np.clip(batch, 0, 1)


@later("relu", None)
def by_the_row_mean(batch: Array) -> Any:
    """Pass what is above the mean."""
    return np.where(batch > batch.mean(axis=1, keepdims=True), batch, 0)


@later("softmax", None)
def divided_by_the_largest(logits: Array) -> Any:
    """Divide by the largest exponential."""
    e = np.exp(logits - logits.max(axis=1, keepdims=True))
    return e / e.max(axis=1, keepdims=True)


@later("softmax", None)
def sparsemax(logits: Array) -> Any:
    """Normalise what is positive."""
    z = np.maximum(logits - logits.mean(axis=1, keepdims=True), 0) + 1e-12
    return z / z.sum(axis=1, keepdims=True)


@later("softmax", None)
def to_base_ten(logits: Array) -> Any:
    """Use base ten."""
    e = 10.0 ** (logits - logits.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


@later("dense", None)
def biases_first(x: Array, w: Array, b: Array) -> Any:
    """Multiply the sum by the biases."""
    return (x @ w) * b


@later("dense", None)
def halved(x: Array, w: Array, b: Array) -> Any:
    """Halve the biases."""
    return x @ w + b / 2


@later("dense", None)
def sigmoid_after(x: Array, w: Array, b: Array) -> Any:
    """Activate by a sigmoid."""
    return 1 / (1 + np.exp(-(x @ w + b)))


@later("sample_losses", None, "loss-always-in-double")
def twice(p: Array, y: Array) -> Any:
    """Double it."""
    return [-2 * math.log(clipped(v)) for v in picked(p, y)]


@later("sample_losses", None)
def least_likely(p: Array, y: Array) -> Any:
    """Look at the smallest."""
    return -np.log(np.clip(p.min(axis=1), 1e-7, 1 - 1e-7))


@later("loss", None, "batch-loss-as-a-python-float")
def first_only(p: Array, y: Array) -> Any:
    """Take the first sample."""
    return -math.log(clipped(picked(p, y)[0]))


@later("loss", None, "batch-loss-as-a-python-float")
def least(p: Array, y: Array) -> Any:
    """Take the smallest."""
    return min(-math.log(clipped(v)) for v in picked(p, y))


@later("accuracy", None, "accuracy-of-nothing-is-nan")
def second_best(scores: Array, y: Array) -> Any:
    """Compare with the runner-up."""
    classes = y.argmax(axis=1) if y.ndim == 2 else y
    right: Array = np.argsort(scores, axis=1)[:, -2:][:, 0] == classes
    return np.mean(right)


@later("layer", None, "layer-without-a-check-of-its-size")
def nearly_constant(inputs: int, neurons: int) -> Any:
    """Draw around a tenth."""
    return 0.1 + 0.001 * np.random.randn(inputs, neurons), np.zeros((1, neurons))


@later("spiral_data", None)
def narrower(samples: int, classes: int) -> Any:
    """Turn by two."""
    r = np.tile(np.linspace(0, 1, samples), classes)
    steps = np.concatenate([np.linspace(4 * k, 4 * k + 4, samples) for k in range(classes)])
    t = 2.0 * (steps + 0.2 * np.random.randn(samples * classes))
    return np.c_[r * np.sin(t), r * np.cos(t)], np.repeat(np.arange(classes), samples)
