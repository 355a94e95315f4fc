"""The argument checks that the operations share.

Every check returns the argument in the form in which the formula uses it, or raises an error that names the operation,
the argument, what arrived, what should have, and the clause.
"""

from collections.abc import Sequence
from itertools import chain
from operator import index
from typing import Any, SupportsIndex, cast

import numpy as np

from nnfs_spec.arrays import AnyMatrix, AnyVector, Array
from nnfs_spec.errors import SpecTypeError, SpecValueError


def real_matrix(operation: str, argument: str, value: object) -> AnyMatrix:
    """Return ``value`` as a finite float32 or float64 matrix (N, C) with C >= 1; whole numbers become float64."""
    matrix = _as_real(matrix_form(operation, argument, value))
    _require_finite(operation, argument, matrix)
    return matrix


def matrix_form(operation: str, argument: str, value: object) -> AnyMatrix:
    """Return ``value`` as a matrix (N, C) with C >= 1 of real or whole numbers, without a look at its entries."""
    matrix = _numbers(operation, argument, value)
    if matrix.ndim != 2 or matrix.shape[1] == 0:
        raise SpecValueError(operation, f"{argument}.shape", str(matrix.shape), "(N, C) with C >= 1", "GEN-8")
    return matrix


def real_dtype(numbers: Array) -> np.dtype[Any]:
    """Return the dtype in which ``numbers`` are computed: float32 for float32, else float64."""
    return np.dtype(np.float32 if numbers.dtype.type is np.float32 else np.float64)


def bias_row(operation: str, argument: str, value: object, n_neurons: int) -> AnyMatrix:
    """Return ``value``, of shape (1, n_neurons) or (n_neurons,), as a finite matrix (1, n_neurons)."""
    biases = _as_real(_numbers(operation, argument, value))
    if biases.shape not in ((1, n_neurons), (n_neurons,)):
        raise SpecValueError(
            operation, f"{argument}.shape", str(biases.shape), f"(1, {n_neurons}) or ({n_neurons},)", "DENSE-5"
        )
    _require_finite(operation, argument, biases)
    return biases.reshape(1, n_neurons)


def one_dtype(operation: str, **matrices: AnyMatrix) -> None:
    """Require that all ``matrices`` share one dtype."""
    (first, reference), *others = matrices.items()
    for argument, matrix in others:
        if matrix.dtype != reference.dtype:
            raise SpecTypeError(
                operation, f"{argument}.dtype", str(matrix.dtype), f"{reference.dtype}, as {first}.dtype", "GEN-5"
            )


def probabilities(operation: str, argument: str, value: object) -> AnyMatrix:
    """Return ``value`` as a matrix (N, C) of numbers in [0, 1]."""
    matrix = real_matrix(operation, argument, value)
    outside = (matrix < 0) | (matrix > 1)
    if outside.any():
        row, column = np.argwhere(outside)[0]
        raise SpecValueError(
            operation, f"{argument}[{row}, {column}]", str(matrix[row, column]), "in [0, 1]", "LOSS-13"
        )
    return matrix


def label_indices(operation: str, argument: str, value: object, shape: tuple[int, int]) -> AnyVector:
    """Return sparse (N,) or one-hot (N, C) labels for predictions of ``shape`` (N, C) as indices (N,)."""
    labels = label_form(operation, argument, value, shape)
    if labels.ndim == 2:
        one_hot = ((labels == 1).sum(axis=1) == 1) & ((labels != 0).sum(axis=1) == 1)
        if not one_hot.all():
            row = int(np.argmin(one_hot))
            raise SpecValueError(
                operation, f"{argument}[{row}]", str(labels[row].tolist()), "one-hot: exactly one 1, else 0", "LOSS-12"
            )
        indices: AnyVector = labels.argmax(axis=1)
        return indices
    outside = (labels < 0) | (labels >= shape[1])
    if outside.any():
        row = int(np.argmax(outside))
        raise SpecValueError(
            operation, f"{argument}[{row}]", str(labels[row]), f"a class from 0 to {shape[1] - 1}", "LOSS-11"
        )
    return labels.astype(np.intp)


def label_form(operation: str, argument: str, value: object, shape: tuple[int, int]) -> Array:
    """Return labels for predictions of ``shape`` (N, C), integers (N,) or numbers (N, C), without a look at them."""
    labels = _array(operation, argument, value, "LOSS-12")
    if labels.ndim == 2 and labels.shape == shape:
        if labels.dtype.kind not in "iuf":
            raise SpecTypeError(operation, f"{argument}.dtype", str(labels.dtype), "real numbers, one-hot", "LOSS-12")
        return labels
    if labels.shape != shape[:1]:
        raise SpecValueError(
            operation,
            f"{argument}.shape",
            str(labels.shape),
            f"({shape[0]},) or {shape}, as the predictions",
            "LOSS-12",
        )
    if labels.size == 0:
        return np.zeros_like(labels, dtype=np.intp)
    if labels.dtype.kind not in "iu":
        raise SpecTypeError(operation, f"{argument}.dtype", str(labels.dtype), "integers or one-hot rows", "LOSS-12")
    return labels


def in_memory(operation: str, argument: str, value: object) -> None:
    """Require that ``value`` is not lazy, as dask arrays are: a check of the entries would read all of them."""
    graph = getattr(value, "__dask_graph__", None)
    if getattr(value, "chunks", None) is not None or (graph is not None and graph() is not None):
        expected = "an array in memory, or be given to nnfs_spec.streaming"
        raise SpecTypeError(operation, argument, f"a lazy {type(value).__name__}", expected, "GEN-8")


def some_rows(operation: str, argument: str, rows: int, clause: str) -> None:
    """Require at least one row: no mean is taken over nothing."""
    if rows == 0:
        raise SpecValueError(operation, f"len({argument})", "0", "at least 1", clause)


def count(operation: str, argument: str, value: object, clause: str) -> int:
    """Return ``value`` as a whole number of at least 1."""
    expected = "a whole number of at least 1"
    if isinstance(value, bool) or not isinstance(value, int | SupportsIndex):
        raise SpecTypeError(operation, argument, repr(value), expected, clause)
    number = index(value)
    if number < 1:
        raise SpecValueError(operation, argument, repr(value), expected, clause)
    return number


def _array(operation: str, argument: str, value: object, clause: str) -> Array:
    if _has_a_mask(value):
        raise SpecTypeError(operation, argument, "a masked array", "an array without a mask", clause)
    try:
        return np.asarray(value)
    except ValueError as problem:
        if "inhomogeneous" in str(problem):
            raise SpecValueError(operation, argument, "ragged", "rows of one length", clause) from problem
        got = f"a {type(value).__name__} that NumPy cannot read ({problem})"
        raise SpecValueError(operation, argument, got, "an array or a list of rows", clause) from problem


def _has_a_mask(value: object) -> bool:
    """Tell whether ``value`` is a masked array, or a sequence with one among its rows or their entries."""
    rows = _items(value)
    entries = chain.from_iterable(map(_items, rows))
    kinds = set(map(type, chain([value], rows, entries)))
    return any(issubclass(kind, np.ma.MaskedArray) for kind in kinds)


def _items(value: object) -> Sequence[object]:
    return cast("Sequence[object]", value) if isinstance(value, Sequence) else ()


def _numbers(operation: str, argument: str, value: object) -> Array:
    """Return ``value`` as float32, float64 or whole numbers; a sequence of reals becomes float64."""
    array = _array(operation, argument, value, "GEN-8")
    if array.dtype.kind == "f" and isinstance(value, Sequence):
        array = array.astype(np.float64)
    if array.dtype.kind not in "iu" and array.dtype.type not in (np.float32, np.float64):
        raise SpecTypeError(
            operation, f"{argument}.dtype", str(array.dtype), "float32, float64 or whole numbers", "GEN-5"
        )
    return array


def _as_real(numbers: Array) -> Array:
    return numbers.astype(np.float64) if numbers.dtype.kind in "iu" else numbers


def _require_finite(operation: str, argument: str, array: Array) -> None:
    if not np.isfinite(array).all():
        where = tuple(int(i) for i in np.argwhere(~np.isfinite(array))[0])
        raise SpecValueError(
            operation, f"{argument}[{', '.join(map(str, where))}]", str(array[where]), "finite", "GEN-6"
        )
