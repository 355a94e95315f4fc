"""Mistakes that no mutant makes, to see that nothing is made of them."""

import math
from typing import Any

import numpy as np

from nnfs_spec.arrays import Array
from tests.tools.disguises.losses import clipped, picked
from tests.tools.disguises.registry import disguises, other
from tests.tools.disguises.softmax import normalised


@other("relu", "relu-always-in-double")
def elu(batch: Array) -> list[list[float]]:
    """Let negative numbers saturate."""
    return [[v if v > 0 else math.exp(v) - 1 for v in row] for row in batch.tolist()]


@other("relu")
def above_one(batch: Array) -> Any:
    """Start at one."""
    return np.maximum(batch, 1.0)


@other("relu")
def squared_relu(batch: Array) -> Any:
    """Square what passes."""
    return np.maximum(0, batch) ** 2


@other("relu")
def tanh(batch: Array) -> Any:
    """Take another activation."""
    return np.tanh(batch)


@other("relu")
def leaky_by_a_tenth(batch: Array) -> Any:
    """Leak ten times as much."""
    return np.where(batch > 0, batch, 0.1 * batch)


@other("softmax", "softmax-always-in-double")
def temperature_three(logits: Array) -> list[list[float]]:
    """Divide by three."""
    return [normalised([math.exp((v - max(row)) / 3) for v in row]) for row in logits.tolist()]


@other("softmax", "softmax-always-in-double")
def from_the_other_end(logits: Array) -> list[list[float]]:
    """Return the classes in reverse."""
    return [normalised([math.exp(v - max(row)) for v in row])[::-1] for row in logits.tolist()]


@other("softmax", "softmax-always-in-double")
def linear(logits: Array) -> list[list[float]]:
    """Normalise without exponentials."""
    return [normalised([v - min(row) + 1e-9 for v in row]) for row in logits.tolist()]


@other("softmax", "softmax-always-in-double")
def smoothed(logits: Array) -> list[list[float]]:
    """Mix with the uniform distribution."""
    right = [normalised([math.exp(v - max(row)) for v in row]) for row in logits.tolist()]
    return [[0.9 * v + 0.1 / len(row) for v in row] for row in right]


@other("softmax")
def euclidean(logits: Array) -> Any:
    """Divide by the length of the row of exponentials."""
    e = np.exp(logits - logits.max(axis=1, keepdims=True))
    return e / np.linalg.norm(e, axis=1, keepdims=True)


@other("dense")
def backwards(x: Array, w: Array, b: Array) -> Any:
    """Pair the inputs with the weights in reverse."""
    return x[:, ::-1] @ w + b


@other("dense")
def one_bias(x: Array, w: Array, b: Array) -> Any:
    """Add the first bias to every neuron."""
    return x @ w + b.ravel()[0]


@other("dense")
def standardised(x: Array, w: Array, b: Array) -> Any:
    """Take the mean off the inputs first."""
    return (x - x.mean(axis=1, keepdims=True)) @ w + b


@other("dense")
def scaled(x: Array, w: Array, b: Array) -> Any:
    """Divide by the root of the number of inputs."""
    return x @ w / math.sqrt(len(w)) + b


@other("sample_losses", "loss-always-in-double")
def of_the_rest(p: Array, y: Array) -> list[float]:
    """Take the logarithm of what the target lacks."""
    return [-math.log(1 - clipped(v)) for v in picked(p, y)]


@disguises("loss-clipped-elsewhere", "loss-always-in-double", "loss-with-negative-labels", "loss-with-truncated-labels")
def coarse_clip(p: Array, y: Array) -> list[float]:
    """Clip at a thousandth."""
    return [-math.log(min(max(v, 1e-3), 1 - 1e-3)) for v in picked(p, y)]


@other("sample_losses", "loss-always-in-double")
def distance(p: Array, y: Array) -> list[float]:
    """Take the distance from one."""
    return [1 - clipped(v) for v in picked(p, y)]


@other("sample_losses", "loss-always-in-double")
def base_three(p: Array, y: Array) -> list[float]:
    """Use base three."""
    return [-math.log(clipped(v), 3) for v in picked(p, y)]


@other("sample_losses", "loss-always-in-double")
def shifted_label(p: Array, y: Array) -> list[float]:
    """Look at the class after the target."""
    classes = y.argmax(axis=1) if y.ndim == 2 else y
    return [-math.log(clipped(float(row[(int(k) + 1) % len(row)]))) for row, k in zip(p, classes, strict=True)]


@other("loss", "batch-loss-as-a-python-float")
def worst(p: Array, y: Array) -> Any:
    """Take the largest."""
    return max(-math.log(clipped(v)) for v in picked(p, y))


@other("loss", "batch-loss-as-a-python-float")
def geometric(p: Array, y: Array) -> Any:
    """Take the geometric mean."""
    losses = [-math.log(clipped(v)) for v in picked(p, y)]
    return math.prod(losses) ** (1 / len(losses))


@other("loss", "batch-loss-as-a-python-float")
def half_the_mean(p: Array, y: Array) -> Any:
    """Halve it, as for squared errors."""
    losses = [-math.log(clipped(v)) for v in picked(p, y)]
    return sum(losses) / len(losses) / 2


@other("accuracy", "accuracy-of-nothing-is-nan")
def of_sizes(scores: Array, y: Array) -> Any:
    """Compare the scores without their signs."""
    classes = y.argmax(axis=1) if y.ndim == 2 else y
    right: Array = np.argmax(np.abs(scores), axis=1) == classes
    return float(np.mean(right))


@other("accuracy", "accuracy-of-nothing-is-zero")
def without_the_first_class(scores: Array, y: Array) -> Any:
    """Leave out the background."""
    classes = y.argmax(axis=1) if y.ndim == 2 else y
    kept = classes > 0
    right = np.argmax(scores, axis=1)[kept] == classes[kept]
    return right.sum() / max(1, kept.sum())


@other("accuracy")
def plus_one(scores: Array, y: Array) -> Any:
    """Smooth the share."""
    classes = y.argmax(axis=1) if y.ndim == 2 else y
    right = np.argmax(scores, axis=1) == classes
    return (right.sum() + 1) / (len(right) + 2)


@other("layer", "layer-without-a-check-of-its-size")
def by_the_inputs(inputs: int, neurons: int) -> tuple[Array, Array]:
    """Scale by the number of inputs."""
    return np.random.randn(inputs, neurons) / math.sqrt(inputs), np.zeros((1, neurons))


@other("layer", "layer-without-a-check-of-its-size")
def negative_biases(inputs: int, neurons: int) -> tuple[Array, Array]:
    """Start below zero."""
    return 0.10 * np.random.rand(inputs, neurons), np.full((1, neurons), -1.0)


@other("layer", "layer-without-a-check-of-its-size")
def a_fifth(inputs: int, neurons: int) -> tuple[Array, Array]:
    """Scale by a fifth."""
    return 0.20 * np.random.rand(inputs, neurons), np.zeros((1, neurons))


def _spiral(samples: int, classes: int, reach: float, deviation: float) -> tuple[Array, Array]:
    points, labels = np.zeros((samples * classes, 2)), np.zeros(samples * classes, dtype="uint8")
    for k in range(classes):
        block = range(samples * k, samples * (k + 1))
        r = np.linspace(0.0, reach, samples)
        t = np.linspace(k * 4, (k + 1) * 4, samples) + np.random.randn(samples) * deviation
        points[block] = np.c_[r * np.sin(t * 2.5), r * np.cos(t * 2.5)]
        labels[block] = k
    return points, labels


@other("spiral_data", "spiral-of-nothing")
def noisier(samples: int, classes: int) -> tuple[Array, Array]:
    """Draw half as much noise again."""
    return _spiral(samples, classes, 1.0, 0.3)


@other("spiral_data", "spiral-of-nothing")
def wider(samples: int, classes: int) -> tuple[Array, Array]:
    """Reach out to two."""
    return _spiral(samples, classes, 2.0, 0.2)


@other("spiral_data", "spiral-of-nothing")
def counted_down(samples: int, classes: int) -> tuple[Array, Array]:
    """Label the arms in reverse."""
    points, labels = _spiral(samples, classes, 1.0, 0.2)
    return points, labels[::-1]
