"""Accuracy by tiles (spec/accuracy.md)."""

from collections.abc import Iterable
from functools import partial
from typing import Any

import numpy as np

from nnfs_spec.arrays import Array, Labels, Numbers
from nnfs_spec.fast.doubt import answer
from nnfs_spec.fast.labels import places, row_starts
from nnfs_spec.fast.tiles import FEW, TURNED_BYTES, Span, require_finite_range, rows_to_turn, shared, spans, tile_of
from nnfs_spec.reference.accuracy import accuracy as plain_accuracy
from nnfs_spec.reference.arguments import in_memory, label_form, matrix_form, real_dtype, some_rows


@np.errstate(all="ignore")
def accuracy(y_pred: Numbers, y_true: Labels, *, workers: int = 1) -> np.float64:
    """Return the share of rows whose largest entry, the first of tied ones, stands at the target class.

    Shapes, dtypes and errors are those of ``nnfs_spec.accuracy``, and so are the results' bits. ``workers`` threads
    share the tiles. Clauses ACC-1 to ACC-8; source: the seed's "Calculating Accuracy".
    """
    found: np.float64 = answer(partial(_accuracy, y_pred, y_true, workers), partial(plain_accuracy, y_pred, y_true))
    return found


def _accuracy(y_pred: Any, y_true: Any, workers: int) -> np.float64:
    in_memory("accuracy", "y_pred", y_pred)
    in_memory("accuracy", "y_true", y_true)
    scores = matrix_form("accuracy", "y_pred", y_pred)
    labels = label_form("accuracy", "y_true", y_true, scores.shape)
    some_rows("accuracy", "y_pred", len(scores), "ACC-7")
    (rows, classes), dtype = scores.shape, real_dtype(scores)
    step = rows_to_turn(classes, dtype, 2 * TURNED_BYTES)  # no result is new to the process beside it
    hits_of = _hits_of_columns if classes <= FEW else _hits_of_rows

    def hits(tiles: Iterable[Span]) -> int:
        all_starts = row_starts(min(step, rows), classes)
        found = 0
        for span in tiles:
            tile = tile_of(scores, span, dtype)
            starts = all_starts[: len(tile)]
            found += hits_of(tile, places(labels[span], starts, classes), starts)
        return found

    return np.float64(sum(shared("accuracy", spans(rows, step), workers, hits)) / rows)


def _hits_of_columns(tile: Array, at: Array, starts: Array) -> int:
    """Count the rows whose target entry is their largest: 0.69 of argmax, which is asked where entries tie."""
    turned = np.ascontiguousarray(tile.T)
    largest = np.maximum.reduce(turned, axis=0)
    require_finite_range(np.minimum.reduce(turned, axis=None), np.maximum.reduce(largest))
    if np.count_nonzero(turned == largest) != len(tile):
        return int(np.count_nonzero(tile.argmax(axis=1) == at - starts))
    return int(np.count_nonzero(tile.reshape(-1).take(at, mode="clip") == largest))


def _hits_of_rows(tile: Array, at: Array, starts: Array) -> int:
    """Count the rows whose largest entry, the first of tied ones, is the target entry."""
    found = tile.argmax(axis=1) + starts
    require_finite_range(np.minimum.reduce(tile, axis=None), np.maximum.reduce(tile.reshape(-1).take(found)))
    return int(np.count_nonzero(found == at))
