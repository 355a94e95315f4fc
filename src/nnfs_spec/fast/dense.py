"""The dense layer by tiles (spec/dense.md)."""

from functools import partial
from typing import Any, overload

import numpy as np

from nnfs_spec.arrays import AnyMatrix, Doubles, Given, Matrix, Single, Size
from nnfs_spec.fast.doubt import Doubt, answer
from nnfs_spec.fast.tiles import require_finite, room_for, rows_of_a_tile, spans, tile_of
from nnfs_spec.reference.arguments import bias_row, count, matrix_form, real_dtype, real_matrix
from nnfs_spec.reference.dense import Biases, BiasesSize, Double, SingleBiases, Weights, WeightsSize
from nnfs_spec.reference.dense import dense as plain_dense

SMALL_PRODUCT = 10**6
"""Up to so many multiplications OpenBLAS copies no factor: 0.53 to 0.75 at 10 to 32 neurons."""

FEWEST = 100
"""Rows of a tile below which that is lost again."""


@overload
def dense(
    inputs: Given[Size, Single],
    weights: Given[WeightsSize, Single],
    biases: SingleBiases[BiasesSize, Single],
    *,
    out: Matrix[Single] | None = None,
    workers: int = 1,
) -> Matrix[Single]: ...
@overload
def dense(
    inputs: Doubles, weights: Weights, biases: Biases, *, out: Double | None = None, workers: int = 1
) -> Double: ...
@np.errstate(under="ignore")
def dense(inputs: Any, weights: Any, biases: Any, *, out: Any = None, workers: int = 1) -> Any:
    """Return x·w + b: every row of ``inputs`` weighted and summed, the biases added once.

    Shapes, dtypes and errors are those of ``nnfs_spec.dense``; the values agree with it within the bound of DENSE-1.
    The result is written to ``out``, if given, which must be a C-contiguous array of its shape (DENSE-2) and dtype
    (GEN-5) apart from the arguments (GEN-1); after an error its contents mean nothing. ``workers`` must be a count
    (GEN-8), as elsewhere, and starts no threads: BLAS shares each product among its own, and threads of ours beside
    them take up to twelve times as long. Clauses DENSE-1 to DENSE-5 and DENSE-9; source: the seed's Layer_Dense.
    """
    quick = partial(_dense, inputs, weights, biases, out, workers)
    return answer(quick, partial(plain_dense, inputs, weights, biases), out)


def _dense(inputs: Any, weights: Any, biases: Any, out: Any, workers: int) -> Any:
    x = matrix_form("dense", "inputs", inputs)
    rows, dtype = len(x), real_dtype(x)
    w, b = layer_of(weights, biases, x.shape[1], dtype)
    result = room_for("dense", out, (rows, w.shape[1]), dtype, "DENSE-2", x, w, b)
    count("dense", "workers", workers, "GEN-8")
    step = _rows_of_a_product(w, dtype)
    spread = np.empty((min(step, rows), w.shape[1]), dtype)
    spread[...] = b  # added as one run of numbers: 0.28 of adding a short row again and again
    for span in spans(rows, step):
        tile, sums = tile_of(x, span, dtype), result[span]
        require_finite(tile)
        np.matmul(tile, w, out=sums)
        sums += spread[: len(tile)]
    return result


def _rows_of_a_product(w: AnyMatrix, dtype: np.dtype[Any]) -> int:
    """Return how many rows make a tile, fewer where OpenBLAS has a quicker way for a product of that size."""
    rows = rows_of_a_tile(max(w.shape), dtype)
    few = SMALL_PRODUCT // w.size
    return min(rows, few) if few >= FEWEST else rows


def layer_of(weights: Any, biases: Any, n_inputs: int, dtype: np.dtype[Any]) -> tuple[AnyMatrix, AnyMatrix]:
    """Return finite weights (n_inputs, M) and biases (1, M), both in ``dtype``.

    Raises Doubt for another width or dtype, SpecValueError and SpecTypeError for what is wrong by itself.
    """
    w = real_matrix("dense", "weights", weights)
    b = bias_row("dense", "biases", biases, w.shape[1])
    if w.shape[0] != n_inputs or w.dtype != dtype or b.dtype != dtype:
        raise Doubt
    return w, b
