"""The dense layer (spec/dense.md)."""

from functools import partial
from typing import Any, overload

import numpy as np

from nnfs_spec.arrays import AnyMatrix, Array, Doubles, Given, Matrix, Single, Size
from nnfs_spec.fast import native
from nnfs_spec.fast.fallback import fall_back, plain_matrix, require_room
from nnfs_spec.reference.arguments import bias_row, count, matrix_form
from nnfs_spec.reference.dense import Biases, BiasesSize, Double, SingleBiases, Weights, WeightsSize
from nnfs_spec.reference.dense import dense as plain_dense

SMALL_PRODUCT = 10**6
"""Up to so many multiplications OpenBLAS copies no factor, which at 10 to 32 neurons saves a quarter or more."""

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
def dense(inputs: Any, weights: Any, biases: Any, *, out: Any = None, workers: int = 1) -> Any:
    """Return x·w + b: every row of ``inputs`` weighted and summed, the biases added once.

    Shapes, dtypes and errors are those of ``nnfs_spec.dense``; the values agree with it within the bound of DENSE-1.
    Few neurons are computed by a kernel, many by BLAS, whose bits may depend on the number of rows and on its threads.
    The result is written to ``out``, if given, which must be a C-contiguous array of its shape (DENSE-2) and dtype
    (GEN-5) apart from the arguments (GEN-1); after an error its contents mean nothing. At most ``workers`` threads of
    the kernel share the rows, a whole number of at least 1 (GEN-8); BLAS has its own. Clauses DENSE-1 to DENSE-5 and
    DENSE-9; source: the seed's Layer_Dense.
    """
    result = native.kernels.dense(inputs, weights, biases, out, workers)
    return _dense(inputs, weights, biases, out, workers) if result is None else result


def _dense(inputs: Any, weights: Any, biases: Any, out: Any, workers: object) -> Any:
    def attempt() -> Array | None:
        x = matrix_form("dense", "inputs", inputs)
        layer = layer_of(x, weights, biases)
        if layer is None:
            return None
        w, b = layer
        require_room("dense", out, (len(x), w.shape[1]), w.dtype, "DENSE-2", inputs, weights, biases)
        threads = count("dense", "workers", workers, "GEN-8")
        plain = plain_matrix(x)
        result = native.kernels.dense(plain, w, b, out, threads)
        return by_blas(plain, w, b, out) if result is None else result

    return fall_back(attempt, partial(plain_dense, inputs, weights, biases), out)


def layer_of(x: AnyMatrix, weights: Any, biases: Any) -> tuple[AnyMatrix, AnyMatrix] | None:
    """Return weights (K, M) and biases (1, M) as kernels take them, or None unless they fit ``x`` (N, K) and its dtype.

    Raises SpecValueError and SpecTypeError for what is wrong by itself.
    """
    w = matrix_form("dense", "weights", weights)
    b = bias_row("dense", "biases", biases, w.shape[1])
    dtypes = {np.dtype(np.float64) if one.dtype.kind in "iu" else one.dtype for one in (x, w, b)}
    if w.shape[0] != x.shape[1] or len(dtypes) > 1:
        return None
    return plain_matrix(w), plain_matrix(b)


def by_blas(x: AnyMatrix, w: AnyMatrix, b: AnyMatrix, out: Any) -> Array | None:
    """Return the layer's result by NumPy's product, tile by tile, or None where a number is not finite."""
    if not native.kernels.finite(w):
        return None
    result = np.empty((len(x), w.shape[1]), x.dtype) if out is None else out
    few = SMALL_PRODUCT // w.size
    step = few if few >= FEWEST else max(64, 2**17 // max(w.shape))
    for start in range(0, len(x), step):
        rows, tile = x[start : start + step], result[start : start + step]
        if not native.kernels.finite(rows):
            return None
        with np.errstate(all="ignore"):
            np.matmul(rows, w, out=tile)
        if not native.kernels.add_row(tile, b):
            return None
    return result
