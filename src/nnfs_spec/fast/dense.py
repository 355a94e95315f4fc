"""The dense layer by tiles (spec/dense.md)."""

from collections.abc import Sequence
from functools import partial
from typing import Any, overload

import numpy as np

from nnfs_spec.arrays import (
    AnyMatrix,
    Matrix,
    Real,
    Vector,
    WholeMatrix,
    WholeVector,
    bias_row,
    matrix_form,
    real_dtype,
    real_matrix,
)
from nnfs_spec.fast.doubt import Doubt, answer
from nnfs_spec.fast.tiles import LARGE_BYTES, Span, require_finite, room_for, rows_of_a_tile, shared, spans, tile_of
from nnfs_spec.reference.dense import Biases, Double
from nnfs_spec.reference.dense import dense as plain_dense


@overload
def dense(
    inputs: Matrix[Real],
    weights: Matrix[Real],
    biases: Matrix[Real] | Vector[Real],
    *,
    out: Matrix[Real] | None = None,
    workers: int = 1,
) -> Matrix[Real]: ...
@overload
def dense(
    inputs: WholeMatrix, weights: WholeMatrix | Double, biases: Biases, *, out: Double | None = None, workers: int = 1
) -> Double: ...
@overload
def dense(
    inputs: Double, weights: WholeMatrix, biases: Biases, *, out: Double | None = None, workers: int = 1
) -> Double: ...
@overload
def dense(
    inputs: Double,
    weights: Double,
    biases: WholeMatrix | WholeVector,
    *,
    out: Double | None = None,
    workers: int = 1,
) -> Double: ...
def dense(inputs: Any, weights: Any, biases: Any, *, out: Any = None, workers: int = 1) -> Any:
    """Return x·w + b: every row of ``inputs`` weighted and summed, the biases added once.

    Shapes, dtypes and errors are those of ``nnfs_spec.dense``; the values agree with it within the bound of DENSE-1.
    The result is written to ``out``, if given, which must be a C-contiguous array of its shape (DENSE-2) and dtype
    (GEN-5) apart from the arguments (GEN-1); after an error its contents mean nothing. ``workers`` threads share the
    tiles. Clauses DENSE-1 to DENSE-5 and DENSE-9; source: the seed's Layer_Dense.
    """
    quick = partial(_dense, inputs, weights, biases, out, workers)
    return answer(quick, partial(plain_dense, inputs, weights, biases), out)


def _dense(inputs: Any, weights: Any, biases: Any, out: Any, workers: int) -> Any:
    x = matrix_form("dense", "inputs", inputs)
    rows, dtype = len(x), real_dtype(x)
    w, b = layer_of(weights, biases, x.shape[1], dtype)
    result = room_for("dense", out, (rows, w.shape[1]), dtype, "DENSE-2", x, w, b)
    step = rows_of_a_tile(max(w.shape), dtype, LARGE_BYTES)

    def work(tiles: Sequence[Span]) -> None:
        spread = np.empty((min(step, rows), w.shape[1]), dtype)
        spread[...] = b  # added as one run of numbers: 0.28 of adding a short row again and again
        for span in tiles:
            tile, sums = tile_of(x, span, dtype), result[span]
            require_finite(tile)
            np.matmul(tile, w, out=sums)
            sums += spread[: len(tile)]

    shared("dense", spans(rows, step), workers, work)
    return result


def layer_of(weights: Any, biases: Any, n_inputs: int, dtype: np.dtype[Any]) -> tuple[AnyMatrix, AnyMatrix]:
    """Return finite weights (n_inputs, M) and biases (1, M), both in ``dtype``.

    Raises Doubt for another width or dtype, SpecValueError and SpecTypeError for what is wrong by itself.
    """
    w = real_matrix("dense", "weights", weights)
    b = bias_row("dense", "biases", biases, w.shape[1])
    if w.shape[0] != n_inputs or w.dtype != dtype or b.dtype != dtype:
        raise Doubt
    return w, b
