"""The rectified linear unit (spec/relu.md)."""

from functools import partial
from typing import Any, overload

import numpy as np

from nnfs_spec.arrays import Array, Doubles, Given, Matrix, Single, Size
from nnfs_spec.fast import native
from nnfs_spec.fast.fallback import fall_back, plain_matrix, require_room
from nnfs_spec.reference.arguments import count, matrix_form, real_dtype
from nnfs_spec.reference.relu import relu as plain_relu


@overload
def relu(inputs: Given[Size, Single], *, out: Matrix[Single] | None = None, workers: int = 1) -> Matrix[Single]: ...
@overload
def relu(inputs: Doubles, *, out: Matrix[np.float64] | None = None, workers: int = 1) -> Matrix[np.float64]: ...
def relu(inputs: Any, *, out: Any = None, workers: int = 1) -> Any:
    """Return max(0, x) for every entry of ``inputs``.

    Shapes, dtypes and errors are those of ``nnfs_spec.relu``. The result is written to ``out``, if given, which must be
    a C-contiguous array of its shape (RELU-7) and dtype (GEN-5) apart from the inputs (GEN-1); after an error its
    contents mean nothing. At most ``workers`` threads share the rows, a whole number of at least 1 (GEN-8). Clauses
    RELU-1 to RELU-7; source: the seed's Activation_ReLU.
    """
    result = native.kernels.relu(inputs, out, workers)
    return _relu(inputs, out, workers) if result is None else result


def _relu(inputs: Any, out: Any, workers: object) -> Any:
    def attempt() -> Array | None:
        x = matrix_form("relu", "inputs", inputs)
        require_room("relu", out, x.shape, real_dtype(x), "RELU-7", x)
        return native.kernels.relu(plain_matrix(x), out, count("relu", "workers", workers, "GEN-8"))

    return fall_back(attempt, partial(plain_relu, inputs), out)
