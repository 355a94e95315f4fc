"""What the tests of every chapter share."""

import numpy as np

from nnfs_spec.arrays import Array


def relu_beyond(x: Array) -> Array:
    """Return ReLU, each positive entry two numbers too large."""
    right = np.maximum(x, 0)
    beyond = np.nextafter(np.nextafter(right, np.inf), np.inf)
    return np.where(right > 0, beyond, 0)
