"""The array types, and the constants of the floating-point formats."""

from collections.abc import Sequence
from typing import Any, TypeAlias, TypeVar

import numpy as np

Real = TypeVar("Real", bound=np.float32 | np.float64)
"""Bound, not constrained: what may be either of them stays so, and does not become float32."""

Single = TypeVar("Single", bound=np.float32)
"""What several arguments share, none of them float64."""

Size = TypeVar("Size", bound=tuple[int, int])
"""The shape of an argument. mypy reads an inline call of NumPy by the type that is wanted, so that
``np.zeros((2, 3, 4))`` would become a matrix; where a type variable is wanted it reads the call by itself."""

Matrix: TypeAlias = np.ndarray[tuple[int, int], np.dtype[Real]]
Vector: TypeAlias = np.ndarray[tuple[int], np.dtype[Real]]
Given: TypeAlias = np.ndarray[Size, np.dtype[Real]]
"""A matrix as an argument."""

WholeMatrix: TypeAlias = np.ndarray[tuple[int, int], np.dtype[np.integer[Any]]] | Sequence[Sequence[float]]
WholeVector: TypeAlias = np.ndarray[tuple[int], np.dtype[np.integer[Any]]] | Sequence[float]
SparseLabels: TypeAlias = np.ndarray[tuple[int], np.dtype[np.integer[Any]]] | Sequence[int]
OneHotLabels: TypeAlias = (
    np.ndarray[tuple[int, int], np.dtype[np.integer[Any]]]
    | np.ndarray[tuple[int, int], np.dtype[np.floating[Any]]]
    | Sequence[Sequence[int]]
)

Wholes = TypeVar("Wholes", bound=WholeMatrix)
Doubles = TypeVar("Doubles", bound=WholeMatrix | Matrix[np.float64])
Numbers = TypeVar("Numbers", bound=WholeMatrix | Matrix[np.float64] | Matrix[np.float32])
Labels = TypeVar("Labels", bound=SparseLabels | OneHotLabels)
"""Arguments as ``Size`` has them, by what they may be."""

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
