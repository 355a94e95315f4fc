"""Labels of a tile, in both forms, as places in the tile's memory."""

from typing import Any

import numpy as np

from nnfs_spec.arrays import Array
from nnfs_spec.fast.doubt import Doubt


def places(labels: Array, starts: Array, classes: int) -> Array:
    """Return where the target entries stand in a C-contiguous tile, of whose rows ``starts`` holds the places.

    Labels are integers (n,) or one-hot (n, C). Raises Doubt for one outside the classes, or a row not one-hot.
    """
    if labels.ndim == 2:
        found: Array = (labels == 1).reshape(-1).nonzero()[0]  # 0.70 of argmax along the rows
        if len(found) != len(starts) or np.count_nonzero(labels != 0) != len(starts):
            raise Doubt
        _require_below(classes, found - starts)  # as many ones as rows, so one in each
        return found
    _require_below(classes, labels)
    at: Array = np.add(labels, starts, dtype=np.intp, casting="unsafe")
    return at


def row_starts(rows: int, classes: int) -> Array:
    """Return where each of ``rows`` rows of ``classes`` entries begins."""
    return np.arange(0, rows * classes, classes)


def _require_below(classes: int, labels: Array) -> None:
    unsigned: np.dtype[Any] = np.dtype(labels.dtype.str.replace("i", "u"))
    if np.maximum.reduce(labels.view(unsigned)) >= classes:  # negative ones are huge: one pass instead of two
        raise Doubt
