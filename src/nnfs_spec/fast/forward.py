"""A whole network, one tile of rows at a time: no layer's result is ever held in full (spec/network.md)."""

from collections.abc import Iterable, Sequence
from functools import partial
from typing import Any, TypeAlias, overload

import numpy as np

from nnfs_spec.arrays import AnyMatrix, Array, Doubles, Given, Matrix, Single, Size, Vector, WholeMatrix
from nnfs_spec.errors import SpecValueError
from nnfs_spec.fast.dense import layer_of
from nnfs_spec.fast.doubt import answer
from nnfs_spec.fast.softmax import shorten_buffer, softmax_of_columns, softmax_of_rows
from nnfs_spec.fast.tiles import (
    FEW,
    TILE_BYTES,
    Span,
    require_finite,
    require_finite_range,
    room_for,
    rows_of_a_tile,
    shared,
    spans,
    tile_of,
)
from nnfs_spec.reference.arguments import matrix_form, real_dtype
from nnfs_spec.reference.dense import Double, DoubleBiases
from nnfs_spec.reference.dense import dense as plain_dense
from nnfs_spec.reference.relu import relu as plain_relu
from nnfs_spec.reference.softmax import softmax as plain_softmax

Turned: TypeAlias = tuple[Array, Array | None]
"""Weights (M, K) and biases (M, 1) of a layer; or (M, K + 1), the biases last, and None."""


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
@np.errstate(all="ignore")
def forward(inputs: Any, layers: Any, *, out: Any = None, workers: int = 1) -> Any:
    """Return dense, relu, dense, ..., softmax of ``inputs`` through ``layers``, pairs of weights and biases.

    Shapes: inputs (N, K), layers (K, M) and (1, M) or (M,), each as wide as the one before gives, to (N, C). Dtypes and
    errors are those of the reference's functions composed; besides, SpecValueError for no layers (NET-1). The values
    agree within the bounds of DENSE-1 and SOFTMAX-4 at each step. The result is written to ``out``, if given, which
    must be a C-contiguous array of its shape (SOFTMAX-11) and dtype (GEN-5) apart from the arguments (GEN-1); after an
    error its contents mean nothing. ``workers`` threads share the tiles. Clauses NET-1 to NET-3; source: the seed's
    network of two layers.
    """
    return answer(partial(_forward, inputs, layers, out, workers), partial(plain_forward, inputs, layers), out)


def plain_forward(inputs: Any, layers: Any) -> Any:
    """Return the same by the reference's functions, the whole batch at each step."""
    if len(layers) == 0:
        raise SpecValueError("forward", "len(layers)", "0", "at least 1", "NET-1")
    for weights, biases in layers[:-1]:
        inputs = plain_relu(plain_dense(inputs, weights, biases))
    return plain_softmax(plain_dense(inputs, *layers[-1]))


def _forward(inputs: Any, layers: Any, out: Any, workers: int) -> Any:
    x = matrix_form("dense", "inputs", inputs)
    (rows, width), dtype = x.shape, real_dtype(x)
    stack: list[tuple[AnyMatrix, AnyMatrix]] = []
    for weights, biases in layers:
        stack.append(layer_of(weights, biases, width, dtype))
        width = stack[-1][0].shape[1]
    if not stack:
        return plain_forward(inputs, layers)
    parameters = [parameter for layer in stack for parameter in layer]
    result = room_for("forward", out, (rows, width), dtype, "SOFTMAX-11", x, *parameters)
    step = rows_of_a_tile(max(max(w.shape) for w, _ in stack), dtype)
    turned, safe = [_turned(*layer) for layer in stack], _largest_safe_input(stack, dtype)

    def work(tiles: Iterable[Span]) -> None:
        scratch = [np.empty((w.shape[0] + 1, min(step, rows)), dtype) for w, _ in stack]
        for room in scratch:
            room[-1] = 1
        logits = np.empty((width if width <= FEW else 0, min(step, rows)), dtype)
        shorten_buffer(width)
        for span in tiles:
            n = span.stop - span.start
            rooms = [room[:, :n] for room in scratch]
            _write_tile(tile_of(x, span, dtype), turned, rooms, logits[:, :n], result[span], safe)

    shared("forward", spans(rows, step), workers, work)
    return result


def _write_tile(
    tile: Array, layers: Sequence[Turned], rooms: Sequence[Array], logits: Array, out: Array, safe: float
) -> None:
    """Write the probabilities of one tile (n, K) to ``out`` (n, C).

    Layers are computed turned: each room (K + 1, n) takes what its layer is given, above a row of ones, and ``logits``
    (C, n) what softmax is given, where there are few classes.
    """
    least, most = np.minimum.reduce(tile, axis=None), np.maximum.reduce(tile, axis=None)
    require_finite_range(least, most)
    checked = max(-least, most) <= safe
    rooms[0][:-1] = tile.T
    for layer, given, room in zip(layers, rooms, rooms[1:], strict=False):
        _write_sums(layer, given, room[:-1])
        if not checked:
            require_finite(room)
        room.clip(0, np.inf, out=room)
    if len(logits):
        _write_sums(layers[-1], rooms[-1], logits)
        softmax_of_columns(logits, out)
    else:
        _write_sums(layers[-1], rooms[-1], out.T)
        softmax_of_rows(out, out)


def _turned(w: AnyMatrix, b: AnyMatrix) -> Turned:
    """Return a layer's weights as (M, K + 1) with the biases at the end, if they take but a tile, else both apart.

    A row of ones beside the inputs then adds the biases: at 2-64-3 the pass that adds them takes as long as the sums.
    """
    if w.nbytes <= TILE_BYTES:
        return np.concatenate((w.T, b.T), axis=1), None
    return w.T, b.T


def _write_sums(layer: Turned, given: Array, out: Array) -> None:
    """Write the sums (M, n) of a layer that is given (K, n) above a row of ones."""
    w, b = layer
    np.matmul(w, given if b is None else given[:-1], out=out)
    if b is not None:
        out += b


def _largest_safe_input(stack: Sequence[tuple[AnyMatrix, AnyMatrix]], dtype: np.dtype[Any]) -> float:
    """Return a size of inputs up to which no layer can overflow, so that hidden results need no look, or -1.

    Each layer gives at most K·max|w| times what it gets, plus max|b|; half of the largest number is left for rounding.
    """
    factor, offset = 1.0, 0.0
    for w, b in stack[:-1]:
        gain = w.shape[0] * _size(w)
        factor, offset = factor * max(gain, 1.0), max(gain, 1.0) * offset + _size(b)
    room = float(np.finfo(dtype).max) / 2 - offset
    return room / factor if room > 0 else -1.0


def _size(parameter: AnyMatrix) -> float:
    return float(max(-np.minimum.reduce(parameter, axis=None), np.maximum.reduce(parameter, axis=None)))
