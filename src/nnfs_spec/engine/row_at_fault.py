"""The row of a result that is farthest from what it should be: the one that reports show and write out."""

import numpy as np

from nnfs_spec.arrays import Array


def row_at_fault(got: Array | None, expected: Array | None, bound: Array | None) -> int | None:
    """Return the row of the result that exceeds its bound by most; None where the result has no rows to compare."""
    excess = excess_of(got, expected, bound)
    if excess is None or excess.ndim == 0:
        return None
    return int(excess.reshape(len(excess), -1).max(axis=1).argmax())


def excess_of(got: Array | None, expected: Array | None, bound: Array | None) -> Array | None:
    """Return by how much each entry exceeds its bound, NaN counting as the largest; None where none compares."""
    if got is None or expected is None or bound is None:
        return None
    if any(array.dtype.kind not in "biuf" for array in (got, expected)) or got.shape != expected.shape:
        return None
    if got.size == 0 or bound.shape not in ((), got.shape):
        return None
    with np.errstate(all="ignore"):
        excess = np.abs(got.astype(np.float64) - expected.astype(np.float64)) - bound
    agrees = (got == expected) | (np.isnan(got) & np.isnan(expected))
    excess = np.where(agrees, -np.inf, excess)
    return np.where(np.isnan(excess), np.inf, excess)
