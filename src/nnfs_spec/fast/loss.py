"""Clipped categorical cross-entropy by tiles (spec/loss.md)."""

from collections.abc import Iterable, Iterator
from functools import partial
from typing import Any, overload

import numpy as np

from nnfs_spec.arrays import AnyMatrix, Array, Doubles, Given, Labels, Real, Single, Size, Vector, Wholes
from nnfs_spec.fast.doubt import Doubt, answer
from nnfs_spec.fast.labels import places, row_starts
from nnfs_spec.fast.tiles import Span, room_for, rows_of_a_tile, shared, spans, tile_of
from nnfs_spec.reference.arguments import in_memory, label_form, matrix_form, real_dtype, some_rows
from nnfs_spec.reference.loss import CLIP
from nnfs_spec.reference.loss import loss as plain_loss
from nnfs_spec.reference.loss import sample_losses as plain_sample_losses

LEAF = 2**14
"""The most losses that are held at a time to be added; NumPy does not halve runs of 128 and fewer."""


@overload
def sample_losses(
    y_pred: Given[Size, Single], y_true: Labels, *, out: Vector[Single] | None = None, workers: int = 1
) -> Vector[Single]: ...
@overload
def sample_losses(
    y_pred: Doubles, y_true: Labels, *, out: Vector[np.float64] | None = None, workers: int = 1
) -> Vector[np.float64]: ...
@np.errstate(all="ignore")
def sample_losses(y_pred: Any, y_true: Any, *, out: Any = None, workers: int = 1) -> Any:
    """Return -ln of the clipped probability of each row's target class, bit for bit as the reference does.

    Shapes, dtypes, unit and errors are those of ``nnfs_spec.sample_losses``. The result is written to ``out``, if
    given, which must be a C-contiguous array of its shape (LOSS-7) and dtype (GEN-5) apart from the arguments (GEN-1);
    after an error its contents mean nothing. ``workers`` threads share the tiles. Clauses LOSS-1 to LOSS-13; source:
    the seed's Loss_CategoricalCrossEntropy.forward.
    """
    quick = partial(_sample_losses, y_pred, y_true, out, workers)
    return answer(quick, partial(plain_sample_losses, y_pred, y_true), out)


def _sample_losses(y_pred: Any, y_true: Any, out: Any, workers: int) -> Any:
    p = matrix_form("sample_losses", "y_pred", y_pred)
    labels = label_form("sample_losses", "y_true", y_true, p.shape)
    result = room_for("sample_losses", out, p.shape[:1], real_dtype(p), "LOSS-7", p, labels)
    step = rows_of_a_tile(p.shape[1], result.dtype)
    shared("sample_losses", spans(len(p), step), workers, lambda tiles: _write_losses(p, labels, tiles, result, step))
    return result


def _write_losses(p: AnyMatrix, labels: Array, tiles: Iterable[Span], out: Array, step: int) -> None:
    """Write the losses of ``tiles`` of at most ``step`` rows to their places in ``out``."""
    classes = p.shape[1]
    all_starts = row_starts(min(step, len(p)), classes)
    for span in tiles:
        tile, losses = tile_of(p, span, out.dtype), out[span]
        _require_probabilities(tile)
        at = places(labels[span], all_starts[: len(tile)], classes)
        tile.reshape(-1).take(at, out=losses, mode="clip")  # flat and of checked places: 0.42 of p[rows, labels]
        losses.clip(CLIP, 1 - CLIP, out=losses)  # of the picked alone: 0.41 of clipping all first, as the seed does
        np.log(losses, out=losses)
        np.negative(losses, out=losses)


def _require_probabilities(tile: Array) -> None:
    """Raise Doubt unless every entry is in [0, 1], which as unsigned integers lie in one run: 0.49 of two passes."""
    unsigned = np.dtype(f"u{tile.dtype.itemsize}")
    if np.maximum.reduce(tile.view(unsigned), axis=None) <= tile.dtype.type(1).view(unsigned):
        return
    # here there is -0.0, if nothing worse
    if not (np.minimum.reduce(tile, axis=None) >= 0 and np.maximum.reduce(tile, axis=None) <= 1):
        raise Doubt


@overload
def loss(y_pred: Given[Size, Real], y_true: Labels, *, workers: int = 1) -> Real: ...
@overload
def loss(y_pred: Wholes, y_true: Labels, *, workers: int = 1) -> np.float64: ...
@np.errstate(all="ignore")
def loss(y_pred: Any, y_true: Any, *, workers: int = 1) -> Any:
    """Return the mean of ``sample_losses`` over the batch, bit for bit as the reference does.

    Shapes, dtypes, unit and errors are those of ``nnfs_spec.loss``. The losses are never held in full. ``workers``
    threads share them. Clauses LOSS-8, LOSS-10 and LOSS-14; source: the seed's Loss.calculate.
    """
    return answer(partial(_loss, y_pred, y_true, workers), partial(plain_loss, y_pred, y_true))


def _loss(y_pred: Any, y_true: Any, workers: int) -> Any:
    in_memory("loss", "y_pred", y_pred)
    in_memory("loss", "y_true", y_true)
    p = matrix_form("loss", "y_pred", y_pred)
    labels = label_form("loss", "y_true", y_true, p.shape)
    some_rows("loss", "y_pred", len(p), "LOSS-14")
    dtype = real_dtype(p)
    step = rows_of_a_tile(p.shape[1], dtype)

    def sums(leaves: Iterable[Span]) -> dict[int, Any]:
        losses = np.empty(min(LEAF, len(p)), dtype)
        found: dict[int, Any] = {}
        for leaf in leaves:
            rows = leaf.stop - leaf.start
            _write_losses(p[leaf], labels[leaf], spans(rows, step), losses, step)
            found[leaf.start] = np.add.reduce(losses[:rows])
        return found

    parts = shared("loss", list(_halves(0, len(p))), workers, sums)
    total = _added(0, len(p), {start: part for some in parts for start, part in some.items()})
    return dtype.type(total / np.intp(len(p)))


def _halves(start: int, stop: int) -> Iterator[Span]:
    """Yield runs of at most LEAF numbers where NumPy's pairwise sum halves: so the mean has the reference's bits."""
    if stop - start <= LEAF:
        yield slice(start, stop)
    else:
        middle = _middle(start, stop)
        yield from _halves(start, middle)
        yield from _halves(middle, stop)


def _added(start: int, stop: int, sums: dict[int, Any]) -> Any:
    """Return the sum of the runs of ``_halves``, each found by its start, added by the same halves."""
    if stop - start <= LEAF:
        return sums[start]
    middle = _middle(start, stop)
    return _added(start, middle, sums) + _added(middle, stop, sums)


def _middle(start: int, stop: int) -> int:
    """Return where NumPy halves a sum: at a multiple of the eight numbers that it adds at a time."""
    return start + (stop - start) // 2 // 8 * 8
