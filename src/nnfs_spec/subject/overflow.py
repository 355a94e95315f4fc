"""Calls whose result may lie beyond the largest finite number: there an exception is as good as infinity."""

import numpy as np

from nnfs_spec.arrays import Array, unit_roundoff
from nnfs_spec.subject.operations import Operation


def may_overflow(operation: Operation, arguments: tuple[Array, ...]) -> bool:
    """Tell whether a sum of a dense layer, with its bound, is beyond the largest number, where DENSE-1 ends."""
    if operation != "dense":
        return False
    inputs, weights, biases = arguments
    dtype = np.result_type(inputs, weights, biases)
    if dtype.kind != "f" or weights.ndim != 2 or inputs.shape[1:] != weights.shape[:1]:
        return False
    with np.errstate(over="ignore"):
        sums = np.abs(inputs).astype(np.float64) @ np.abs(weights).astype(np.float64) + np.abs(biases)
        return not (sums * (1 + (len(weights) + 2) * unit_roundoff(dtype)) <= np.finfo(dtype).max).all()
