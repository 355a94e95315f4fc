"""The array types, and the argument checks that the operations share.

Every check returns the argument in the form in which the formula uses it, or raises an error
that names the operation, the argument, what arrived, what should have, and the clause.
"""

from collections.abc import Sequence
from math import isfinite
from operator import index
from typing import Any, SupportsIndex, TypeAlias, TypeVar

import numpy as np

from nnfs_spec.errors import SpecTypeError, SpecValueError

Real = TypeVar("Real", np.float32, np.float64)
"""Constrained, not bound: a call is all float32 or all float64, never complex and never mixed."""

Matrix: TypeAlias = np.ndarray[tuple[int, int], np.dtype[Real]]
Vector: TypeAlias = np.ndarray[tuple[int], np.dtype[Real]]
WholeMatrix: TypeAlias = np.ndarray[tuple[int, int], np.dtype[np.integer[Any]]] | Sequence[Sequence[float]]
WholeVector: TypeAlias = np.ndarray[tuple[int], np.dtype[np.integer[Any]]] | Sequence[float]
SparseLabels: TypeAlias = np.ndarray[tuple[int], np.dtype[np.integer[Any]]] | Sequence[int]
OneHotLabels: TypeAlias = (
    np.ndarray[tuple[int, int], np.dtype[np.integer[Any]]]
    | np.ndarray[tuple[int, int], np.dtype[np.floating[Any]]]
    | Sequence[Sequence[int]]
)
Labels: TypeAlias = SparseLabels | OneHotLabels

Array: TypeAlias = np.ndarray[Any, np.dtype[Any]]
"""Any array: what passes between the rooms of the kit, where shapes and dtypes are data."""

AnyMatrix: TypeAlias = np.ndarray[tuple[int, int], np.dtype[Any]]
AnyVector: TypeAlias = np.ndarray[tuple[int], np.dtype[Any]]


def real_matrix(operation: str, argument: str, value: object) -> AnyMatrix:
    """Return ``value`` as a finite float32 or float64 matrix (N, C) with C >= 1; whole numbers become float64."""
    matrix = _as_real(matrix_form(operation, argument, value))
    _require_finite(operation, argument, matrix)
    return matrix


def matrix_form(operation: str, argument: str, value: object) -> AnyMatrix:
    """Return ``value`` as a matrix (N, C) with C >= 1 of real or whole numbers, its entries not looked at."""
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
    if matrix.min(initial=0) < 0 or matrix.max(initial=0) > 1:  # no booleans but where there is one to be found
        row, column = np.argwhere((matrix < 0) | (matrix > 1))[0]
        raise SpecValueError(
            operation, f"{argument}[{row}, {column}]", str(matrix[row, column]), "in [0, 1]", "LOSS-13"
        )
    return matrix


def label_indices(operation: str, argument: str, value: object, shape: tuple[int, int]) -> AnyVector:
    """Return sparse (N,) or one-hot (N, C) labels for predictions of ``shape`` (N, C) as indices (N,)."""
    labels = label_form(operation, argument, value, shape)
    if labels.ndim == 2:
        return _one_hot_indices(operation, argument, labels)
    outside = (labels < 0) | (labels >= shape[1])
    if outside.any():
        row = int(np.argmax(outside))
        raise SpecValueError(
            operation, f"{argument}[{row}]", str(labels[row]), f"a class from 0 to {shape[1] - 1}", "LOSS-11"
        )
    return labels.astype(np.intp)


def label_form(operation: str, argument: str, value: object, shape: tuple[int, int]) -> Array:
    """Return labels for predictions of ``shape`` (N, C) as integers (N,) or numbers (N, C), their values unseen."""
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


def classes_of_ones(labels: Array) -> AnyVector:
    """Return where the 1 stands in each one-hot row of ``labels`` (N, C); for other rows, any number.

    Of floats as their product with 0, 1, ..., C - 1: 0.2 of the time of argmax along rows of ten. A product of whole
    numbers would copy all of them as floats.
    """
    indices: AnyVector
    if labels.dtype.kind != "f":
        indices = labels.argmax(axis=1)
        return indices
    with np.errstate(all="ignore"):  # other rows may hold anything
        indices = (labels @ np.arange(labels.shape[1], dtype=np.result_type(labels.dtype, np.float32))).astype(np.intp)
    return indices


def all_finite(array: Array) -> bool:
    """Tell whether every entry is finite, by the sum of the squares: a third to a half of the time of looking at each.

    Only where that is too large are they looked at.
    """
    numbers = array.ravel(order="K")
    with np.errstate(all="ignore"):
        return isfinite(np.dot(numbers, numbers)) or bool(np.isfinite(array).all())


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


def unit_roundoff(dtype: np.dtype[Any]) -> float:
    """Return u, half the machine epsilon of ``dtype``."""
    return float(np.finfo(dtype).eps) / 2


def smallest_normal(dtype: np.dtype[Any]) -> float:
    """Return tiny, the smallest normal number of ``dtype``."""
    return float(np.finfo(dtype).smallest_normal)


def smallest_subnormal(dtype: np.dtype[Any]) -> float:
    """Return the smallest positive number of ``dtype``."""
    return float(np.finfo(dtype).smallest_subnormal)


def _array(operation: str, argument: str, value: object, clause: str) -> Array:
    if isinstance(value, np.ma.MaskedArray):
        raise SpecTypeError(operation, argument, "a masked array", "an array without a mask", clause)
    try:
        return np.asarray(value)
    except ValueError as ragged:
        raise SpecValueError(operation, argument, "ragged", "rows of one length", clause) from ragged


def _numbers(operation: str, argument: str, value: object) -> Array:
    """Return ``value`` as float32, float64 or whole numbers; what came as a sequence of reals is float64."""
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
    if not all_finite(array):
        where = tuple(int(i) for i in np.argwhere(~np.isfinite(array))[0])
        raise SpecValueError(
            operation, f"{argument}[{', '.join(map(str, where))}]", str(array[where]), "finite", "GEN-6"
        )


def _one_hot_indices(operation: str, argument: str, labels: Array) -> AnyVector:
    indices, rows = classes_of_ones(labels), np.arange(len(labels))
    a_one_in_each = bool(((indices >= 0) & (indices < labels.shape[1])).all() and (labels[rows, indices] == 1).all())
    if not a_one_in_each or np.count_nonzero(labels != 0) != len(labels):
        ones = labels == 1
        row = int(np.argmax((ones.sum(axis=1) != 1) | ~(ones | (labels == 0)).all(axis=1)))
        raise SpecValueError(
            operation, f"{argument}[{row}]", str(labels[row].tolist()), "one-hot: exactly one 1, else 0", "LOSS-12"
        )
    return indices
