"""The array types, and the constants of the floating-point formats."""

from collections.abc import Sequence
from typing import Any, TypeAlias, TypeVar

import numpy as np

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


def unit_roundoff(dtype: np.dtype[Any]) -> float:
    """Return u, half the machine epsilon of ``dtype``."""
    return float(np.finfo(dtype).eps) / 2


def smallest_normal(dtype: np.dtype[Any]) -> float:
    """Return tiny, the smallest normal number of ``dtype``."""
    return float(np.finfo(dtype).smallest_normal)


def smallest_subnormal(dtype: np.dtype[Any]) -> float:
    """Return the smallest positive number of ``dtype``."""
    return float(np.finfo(dtype).smallest_subnormal)
