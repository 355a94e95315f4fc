"""A whole network, block by block: no layer's result is ever held in full (spec/network.md)."""

from collections.abc import Sequence
from functools import partial
from typing import Any, overload

import numpy as np

from nnfs_spec.arrays import AnyMatrix, Array, Doubles, Given, Matrix, Single, Size, Vector, WholeMatrix
from nnfs_spec.errors import SpecError, SpecValueError
from nnfs_spec.fast import native
from nnfs_spec.fast.dense import dense, layer_of
from nnfs_spec.fast.fallback import fall_back, plain_matrix, require_room
from nnfs_spec.fast.relu import relu
from nnfs_spec.fast.softmax import softmax
from nnfs_spec.reference.arguments import count, matrix_form
from nnfs_spec.reference.dense import Double, DoubleBiases
from nnfs_spec.reference.dense import dense as plain_dense
from nnfs_spec.reference.relu import relu as plain_relu
from nnfs_spec.reference.softmax import softmax as plain_softmax

TILE = 1024
"""Rows of a wide network that are computed at a time."""


@overload
def forward(
    inputs: Given[Size, Single],
    layers: Sequence[tuple[Matrix[Single], Matrix[Single] | Vector[Single]]],
    *,
    out: Matrix[Single] | None = None,
    workers: int = 1,
) -> Matrix[Single]: ...
@overload
def forward(
    inputs: Doubles,
    layers: Sequence[tuple[WholeMatrix | Double, DoubleBiases]],
    *,
    out: Double | None = None,
    workers: int = 1,
) -> Double: ...
def forward(inputs: Any, layers: Any, *, out: Any = None, workers: int = 1) -> Any:
    """Return dense, relu, dense, ..., softmax of ``inputs`` through ``layers``, pairs of weights and biases.

    Shapes: inputs (N, K), layers (K, M) and (1, M) or (M,), each as wide as the one before gives, to (N, C). Dtypes and
    errors are those of the reference's functions composed; besides, SpecValueError for no layers (NET-1). The values
    agree within the bounds of DENSE-1 and SOFTMAX-4 at each step. The result is written to ``out``, if given, which
    must be a C-contiguous array of its shape (SOFTMAX-11) and dtype (GEN-5) apart from the arguments (GEN-1); after an
    error its contents mean nothing. At most ``workers`` threads share the rows, a whole number of at least 1 (GEN-8).
    Clauses NET-1 to NET-3; source: the seed's network of two layers.
    """
    result = native.kernels.forward(inputs, layers, out, workers)
    return _forward(inputs, layers, out, workers) if result is None else result


@np.errstate(all="ignore")
def plain_forward(inputs: Any, layers: Any) -> Any:
    """Return the same by the reference's functions, the whole batch at each step."""
    if len(layers) == 0:
        raise SpecValueError("forward", "len(layers)", "0", "at least 1", "NET-1")
    for weights, biases in layers[:-1]:
        inputs = plain_relu(plain_dense(inputs, weights, biases))
    return plain_softmax(plain_dense(inputs, *layers[-1]))


def _forward(inputs: Any, layers: Any, out: Any, workers: object) -> Any:
    def attempt() -> Array | None:
        given = matrix_form("dense", "inputs", inputs)
        x, arguments = plain_matrix(given), [inputs]
        stack: list[tuple[AnyMatrix, AnyMatrix]] = []
        for weights, biases in layers:
            layer = layer_of(given, weights, biases)
            if layer is None:
                return None
            stack.append(layer)
            given, arguments = layer[0], [*arguments, weights, biases]  # as wide as what the next one is given
        if not stack:
            return None
        require_room("forward", out, (len(x), given.shape[1]), x.dtype, "SOFTMAX-11", *arguments)
        threads = count("forward", "workers", workers, "GEN-8")
        result = native.kernels.forward(x, stack, out, threads)
        return _by_layers(x, stack, out, threads) if result is None else result

    return fall_back(attempt, partial(plain_forward, inputs, layers), out)


@np.errstate(all="ignore")
def _by_layers(x: AnyMatrix, stack: Sequence[tuple[AnyMatrix, AnyMatrix]], out: Any, threads: int) -> Array | None:
    """Return the result layer after layer, tile by tile, or None where a function refuses what it is given."""
    if not native.kernels.finite(x):
        return None
    result = np.empty((len(x), stack[-1][0].shape[1]), x.dtype) if out is None else out
    for start in range(0, len(x), TILE):
        values = x[start : start + TILE]
        try:
            for weights, biases in stack[:-1]:
                values = relu(dense(values, weights, biases, workers=threads), workers=threads)
            softmax(dense(values, *stack[-1], workers=threads), out=result[start : start + TILE], workers=threads)
        except SpecError:
            return None
    return result
