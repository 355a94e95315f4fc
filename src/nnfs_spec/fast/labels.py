"""Labels of a tile, in both forms, as places in the tile's memory."""

from functools import lru_cache
from typing import Any

import numpy as np

from nnfs_spec.arrays import AnyVector, Array
from nnfs_spec.fast.doubt import Doubt


def places(labels: Array, starts: Array, classes: int) -> Array:
    """Return where the target entries stand in a C-contiguous tile, of whose rows ``starts`` holds the places.

    Labels are integers (n,) or one-hot (n, C). Raises Doubt for one outside the classes, or a row not one-hot.
    """
    found = _classes_of_ones(labels) if labels.ndim == 2 else labels
    _require_below(classes, found)
    at: Array = np.add(found, starts, dtype=np.intp, casting="unsafe")
    if labels.ndim == 2:
        # with a 1 in each row, as many entries that are not 0 as rows are these ones
        ones = labels.reshape(-1).take(at, mode="clip") == 1
        if not ones.all() or np.count_nonzero(labels != 0) != len(labels):
            raise Doubt
    return at


@lru_cache(maxsize=2)
def row_starts(rows: int, classes: int) -> Array:
    """Return where each of ``rows`` rows of ``classes`` entries begins; kept, which saves a tenth of sparse losses."""
    starts = np.arange(0, rows * classes, classes)
    starts.flags.writeable = False
    return starts


def _require_below(classes: int, labels: Array) -> None:
    unsigned: np.dtype[Any] = np.dtype(labels.dtype.str.replace("i", "u"))
    if np.maximum.reduce(labels.view(unsigned)) >= classes:  # negative ones are huge: one pass instead of two
        raise Doubt


def _classes_of_ones(labels: Array) -> AnyVector:
    """Return where the 1 stands in each one-hot row of ``labels`` (N, C); for other rows, any number.

    For floats that is the product with 0, 1, ..., C - 1: 0.2 of the time of argmax along rows of ten. A product of
    whole numbers would copy all of them as floats.
    """
    indices: AnyVector
    if labels.dtype.kind != "f":
        indices = labels.argmax(axis=1)
        return indices
    indices = (labels @ np.arange(labels.shape[1], dtype=np.result_type(labels.dtype, np.float32))).astype(np.intp)
    return indices
