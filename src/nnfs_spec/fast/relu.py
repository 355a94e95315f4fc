"""The rectified linear unit by tiles (spec/relu.md)."""

from functools import partial
from typing import Any, overload

import numpy as np

from nnfs_spec.arrays import Doubles, Given, Matrix, Single, Size
from nnfs_spec.fast.doubt import answer
from nnfs_spec.fast.tiles import require_finite, room_for, rows_of_a_tile, spans, tile_of
from nnfs_spec.reference.arguments import count, matrix_form, real_dtype
from nnfs_spec.reference.relu import relu as plain_relu


@overload
def relu(inputs: Given[Size, Single], *, out: Matrix[Single] | None = None, workers: int = 1) -> Matrix[Single]: ...
@overload
def relu(inputs: Doubles, *, out: Matrix[np.float64] | None = None, workers: int = 1) -> Matrix[np.float64]: ...
@np.errstate(all="ignore")
def relu(inputs: Any, *, out: Any = None, workers: int = 1) -> Any:
    """Return max(0, x) for every entry of ``inputs``, bit for bit as the reference does.

    Shapes, dtypes and errors are those of ``nnfs_spec.relu``. The result is written to ``out``, if given, which must be
    a C-contiguous array of its shape (RELU-7) and dtype (GEN-5) apart from the inputs (GEN-1); after an error its
    contents mean nothing. ``workers`` must be a count (GEN-8), as elsewhere, and starts no threads: what they wait for
    takes as long as what they save. Clauses RELU-1 to RELU-7; source: the seed's Activation_ReLU.
    """
    return answer(partial(_relu, inputs, out, workers), partial(plain_relu, inputs), out)


def _relu(inputs: Any, out: Any, workers: int) -> Any:
    x = matrix_form("relu", "inputs", inputs)
    dtype = real_dtype(x)
    result = room_for("relu", out, x.shape, dtype, "RELU-7", x)
    count("relu", "workers", workers, "GEN-8")
    for span in spans(len(x), rows_of_a_tile(x.shape[1], dtype)):
        tile = tile_of(x, span, dtype)
        require_finite(tile)
        tile.clip(0, np.inf, out=result[span])  # 0.5 of maximum with a number, which takes one entry at a time
    return result
