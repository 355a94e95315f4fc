"""Reads results as NumPy arrays, whatever library they are of, without importing that library."""

from typing import Any

import numpy as np

from nnfs_spec.arrays import Array

NUMBERS = "biufc"
"""The kinds of dtype that hold numbers."""


def to_array(value: Any) -> Array:
    """Return ``value`` as an array of numbers. Raises TypeError where it is none, and what its conversion raises."""
    array: Array = np.asarray(_on_host(value))
    if array.dtype.kind not in NUMBERS:
        raise TypeError(f"{type_of(value).__name__} of dtype {array.dtype}")
    return array


def _on_host(value: Any) -> Any:
    """Return what NumPy can read: without a gradient, in the memory of the host; NumPy's own arrays as they are.

    Tried in turn: the array interface, which knows every dtype; DLPack; the ``get`` of arrays on a CUDA device.
    """
    if type_of(value) is np.ndarray:
        return value
    if hasattr(value, "detach"):
        value = value.detach()
    if hasattr(value, "cpu"):
        value = value.cpu()
    if hasattr(value, "__cuda_array_interface__") and hasattr(value, "get"):
        return value.get()
    if hasattr(value, "__dlpack__") and not hasattr(value, "__array__"):
        return np.from_dlpack(value)
    return value


def foreign_type(value: Any) -> str | None:
    """Return the name of a type that had to be converted; None for NumPy's own arrays and numbers."""
    kind = type_of(value)
    if kind is np.ndarray or isinstance(value, np.generic):
        return None
    if kind.__module__ in ("builtins", "__main__") or kind.__module__.startswith("nnfs_spec_target"):
        return kind.__qualname__
    return f"{kind.__module__.partition('.')[0]}.{kind.__qualname__}"


def type_of(value: object) -> type[Any]:
    """Return the type of a value, which for the type checkers stays unknown."""
    return type(value)
