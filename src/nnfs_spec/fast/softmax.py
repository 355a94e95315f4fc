"""Softmax over the classes of each row (spec/softmax.md)."""

from functools import partial
from typing import Any, overload

import numpy as np

from nnfs_spec.arrays import Array, Doubles, Given, Matrix, Single, Size
from nnfs_spec.fast import native
from nnfs_spec.fast.fallback import fall_back, plain_matrix, require_room
from nnfs_spec.reference.arguments import count, matrix_form, real_dtype
from nnfs_spec.reference.softmax import softmax as plain_softmax


@overload
def softmax(inputs: Given[Size, Single], *, out: Matrix[Single] | None = None, workers: int = 1) -> Matrix[Single]: ...
@overload
def softmax(inputs: Doubles, *, out: Matrix[np.float64] | None = None, workers: int = 1) -> Matrix[np.float64]: ...
def softmax(inputs: Any, *, out: Any = None, workers: int = 1) -> Any:
    """Return e^(z - max z) divided by its sum, row by row.

    Shapes, dtypes and errors are those of ``nnfs_spec.softmax``. The result is written to ``out``, if given, which must
    be a C-contiguous array of its shape (SOFTMAX-11) and dtype (GEN-5) apart from the inputs (GEN-1); after an error
    its contents mean nothing. At most ``workers`` threads share the rows, a whole number of at least 1 (GEN-8). Clauses
    SOFTMAX-1 to SOFTMAX-11; source: the seed's Activation_Softmax.
    """
    result = native.kernels.softmax(inputs, out, workers)
    return _softmax(inputs, out, workers) if result is None else result


def _softmax(inputs: Any, out: Any, workers: object) -> Any:
    def attempt() -> Array | None:
        logits = matrix_form("softmax", "inputs", inputs)
        require_room("softmax", out, logits.shape, real_dtype(logits), "SOFTMAX-11", logits)
        return native.kernels.softmax(plain_matrix(logits), out, count("softmax", "workers", workers, "GEN-8"))

    return fall_back(attempt, partial(plain_softmax, inputs), out)
