"""Softmax by tiles (spec/softmax.md)."""

from collections.abc import Iterable
from functools import partial
from typing import Any, overload

import numpy as np

from nnfs_spec.arrays import Array, Doubles, Given, Matrix, Single, Size
from nnfs_spec.fast.doubt import answer
from nnfs_spec.fast.tiles import FEW, Span, require_finite_range, room_for, rows_to_turn, shared, spans, tile_of
from nnfs_spec.reference.arguments import matrix_form, real_dtype
from nnfs_spec.reference.softmax import softmax as plain_softmax

LONG = 256
"""From so many classes on, NumPy is kept from copying what is subtracted from a row, or divides it, to a buffer."""

NARROW = 10
"""Up to so many classes, writing along the classes of a row takes longer than along the rows of a class."""


@overload
def softmax(inputs: Given[Size, Single], *, out: Matrix[Single] | None = None, workers: int = 1) -> Matrix[Single]: ...
@overload
def softmax(inputs: Doubles, *, out: Matrix[np.float64] | None = None, workers: int = 1) -> Matrix[np.float64]: ...
@np.errstate(all="ignore")
def softmax(inputs: Any, *, out: Any = None, workers: int = 1) -> Any:
    """Return e^(z - max z) divided by its sum, row by row, bit for bit as the reference does.

    Shapes, dtypes and errors are those of ``nnfs_spec.softmax``. The result is written to ``out``, if given, which must
    be a C-contiguous array of its shape (SOFTMAX-11) and dtype (GEN-5) apart from the inputs (GEN-1); after an error
    its contents mean nothing. ``workers`` threads share the tiles. Clauses SOFTMAX-1 to SOFTMAX-11; source: the seed's
    Activation_Softmax.
    """
    return answer(partial(_softmax, inputs, out, workers), partial(plain_softmax, inputs), out)


def _softmax(inputs: Any, out: Any, workers: int) -> Any:
    logits = matrix_form("softmax", "inputs", inputs)
    (rows, classes), dtype = logits.shape, real_dtype(logits)
    result = room_for("softmax", out, logits.shape, dtype, "SOFTMAX-11", logits)
    step = rows_to_turn(classes, dtype)

    def work(tiles: Iterable[Span]) -> None:
        scratch = np.empty(min(step, rows) * classes if classes <= FEW else 0, dtype)
        shorten_buffer(classes)
        for span in tiles:
            tile = tile_of(logits, span, dtype)
            if classes <= FEW:
                turned = scratch[: tile.size].reshape(classes, -1)
                np.copyto(turned, tile.T)
                softmax_of_columns(turned, result[span])
            else:
                softmax_of_rows(tile, result[span])

    shared("softmax", spans(rows, step), workers, work)
    return result


def softmax_of_columns(turned: Array, out: Array) -> None:
    """Write the softmax of each column of (C, n) to the rows of ``out`` (n, C): 0.47 of the same along rows.

    Raises Doubt unless every entry is finite. ``turned`` means nothing afterwards.
    """
    largest = np.maximum.reduce(turned, axis=0)
    require_finite_range(np.minimum.reduce(turned, axis=None), np.maximum.reduce(largest))
    turned -= largest
    np.exp(turned, out=turned)
    sums = sum_of_columns(turned)
    if len(turned) <= NARROW:
        np.divide(turned, sums, out=out.T)  # turned back on the way: at C = 3 0.25 of doing so afterwards
    else:
        turned /= sums
        out[...] = turned.T


def sum_of_columns(turned: Array) -> Array:
    """Return the sum of each column of (C, n), added in the order in which NumPy adds C <= 128 numbers of a row.

    That is one after the other below eight, else in eight running sums, then these by pairs, then what is left over.
    """
    whole = len(turned) // 8 * 8
    if whole == 0:
        total: Array = np.add.reduce(turned, axis=0)
        return total
    sums = turned[:8]
    for start in range(8, whole, 8):
        sums = sums + turned[start : start + 8]
    while len(sums) > 1:
        sums = sums[::2] + sums[1::2]
    total = sums[0]
    for row in turned[whole:]:
        total += row
    return total


def shorten_buffer(classes: int) -> None:
    """Make NumPy's buffer shorter than a long row, so that it is not used, until the surrounding errstate ends.

    At C = 1000 the subtraction takes 0.4 of the time then, the division 0.7; short rows are better off with a buffer.
    """
    if classes >= LONG:
        np.setbufsize(16)


def softmax_of_rows(tile: Array, out: Array) -> None:
    """Write the softmax of each row of (n, C) to ``out``, which may be the tile itself: 0.80 of new arrays at C = 1000.

    Raises Doubt unless every entry is finite.
    """
    largest = np.maximum.reduce(tile, axis=1, keepdims=True)
    require_finite_range(np.minimum.reduce(tile, axis=None), np.maximum.reduce(largest, axis=None))
    np.subtract(tile, largest, out=out)
    np.exp(out, out=out)
    out /= np.add.reduce(out, axis=1, keepdims=True)
