"""Exact ReLU (spec/relu.md, RELU-1)."""

import numpy as np

from nnfs_spec.arrays import Array
from nnfs_spec.oracle.enclosure import Enclosure


def relu(inputs: Array) -> Enclosure:
    """Return max(0, x) for ``inputs`` (N, C); it is exact, so the radius and the bound are 0."""
    x = inputs.astype(np.float64)
    zero = np.zeros_like(x)
    return Enclosure(np.where(x > 0, x, zero), zero, zero, zero)
