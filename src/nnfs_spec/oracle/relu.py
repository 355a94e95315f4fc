"""Exact ReLU (spec/relu.md, RELU-1)."""

import numpy as np

from nnfs_spec.arrays import Array
from nnfs_spec.oracle.enclosure import Enclosure


def relu(inputs: Array) -> Enclosure:
    """Return max(0, x) for ``inputs`` (N, C); it is exact, so the radius and the bound are 0."""
    zero = np.broadcast_to(0.0, inputs.shape)
    return Enclosure(np.where(inputs > 0, inputs, inputs.dtype.type(0)).astype(np.float64), zero, zero, zero)
