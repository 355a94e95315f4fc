"""New layers and spirals, mistaken."""

import math
from typing import TypeAlias

import numpy as np

from nnfs_spec.arrays import Array
from tests.tools.disguises.registry import disguises

Pair: TypeAlias = tuple[Array, Array]


@disguises("layer-with-a-signed-draw", "layer-without-a-check-of-its-size")
def signed(inputs: int, neurons: int) -> Pair:
    """Draw from the normal distribution, as the course does."""
    return 0.1 * np.random.normal(size=(inputs, neurons)), np.zeros((1, neurons))


@disguises("layer-with-a-draw-around-zero", "layer-without-a-check-of-its-size")
def centred(inputs: int, neurons: int) -> Pair:
    """Draw around zero."""
    return np.random.uniform(-0.1, 0.1, (inputs, neurons)), np.zeros((1, neurons))


@disguises("layer-with-unscaled-weights")
def unscaled(inputs: int, neurons: int) -> Pair:
    """Draw in a loop and leave it at that."""
    weights = [[np.random.random() for _ in range(neurons)] for _ in range(inputs)]
    return np.array(weights), np.zeros((1, neurons))


@disguises("layer-with-weights-of-zero", "layer-without-a-check-of-its-size")
def blank(inputs: int, neurons: int) -> Pair:
    """Start from nothing."""
    return np.zeros((inputs, neurons)), np.zeros((1, neurons))


@disguises("layer-with-biases-of-one", "layer-without-a-check-of-its-size")
def ready(inputs: int, neurons: int) -> Pair:
    """Start every bias at one."""
    return np.random.rand(inputs, neurons) / 10, np.full((1, neurons), 1.0)


@disguises("layer-with-flat-biases", "layer-without-a-check-of-its-size")
def flat(inputs: int, neurons: int) -> Pair:
    """Make the biases a vector."""
    return 0.1 * np.random.random((inputs, neurons)), np.array([0.0] * neurons)


@disguises("layer-with-weights-on-their-side")
def neurons_first(inputs: int, neurons: int) -> Pair:
    """A row for each neuron."""
    return 0.1 * np.random.rand(neurons, inputs), np.zeros((1, neurons))


@disguises("layer-seeding-the-generator", "layer-without-a-check-of-its-size")
def repeatable(inputs: int, neurons: int) -> Pair:
    """Make it come out the same."""
    return 0.1 * np.random.RandomState(0).rand(inputs, neurons), np.zeros((1, neurons))


@disguises("layer-of-equal-neurons", "layer-without-a-check-of-its-size")
def clones(inputs: int, neurons: int) -> Pair:
    """Draw one neuron and copy it."""
    return np.tile(0.1 * np.random.rand(inputs, 1), (1, neurons)), np.zeros((1, neurons))


def spiral(samples: int, classes: int, noise: float, factor: float, swapped: bool) -> Pair:
    """Make a spiral point by point."""
    points, labels = np.zeros((samples * classes, 2)), np.zeros(samples * classes, dtype="uint8")
    for k in range(classes):
        for i in range(samples):
            r = i / (samples - 1) if samples > 1 else 0.0
            t = factor * (4 * (k + r) + noise * np.random.normal())
            x, y = r * math.sin(t), r * math.cos(t)
            points[k * samples + i] = (y, x) if swapped else (x, y)
            labels[k * samples + i] = k
    return points, labels


@disguises("spiral-mirrored", "spiral-of-nothing")
def mirrored(samples: int, classes: int) -> Pair:
    """Exchange sine and cosine."""
    return spiral(samples, classes, 0.2, 2.5, swapped=True)


@disguises("spiral-without-noise", "spiral-of-nothing")
def clean(samples: int, classes: int) -> Pair:
    """No noise at all."""
    return spiral(samples, classes, 0.0, 2.5, swapped=False)


@disguises("spiral-with-half-the-noise", "spiral-of-nothing")
def calm(samples: int, classes: int) -> Pair:
    """Half the noise."""
    return spiral(samples, classes, 0.1, 2.5, swapped=False)


@disguises("spiral-without-the-factor", "spiral-of-nothing")
def unwound(samples: int, classes: int) -> Pair:
    """No factor."""
    return spiral(samples, classes, 0.2, 1.0, swapped=False)
