"""Tiles: runs of rows that stay in the processor's cache, and the threads that share them."""

from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from math import isfinite
from typing import Any, TypeAlias, TypeVar, cast

import numpy as np

from nnfs_spec.arrays import Array
from nnfs_spec.errors import SpecTypeError, SpecValueError
from nnfs_spec.fast.doubt import Doubt
from nnfs_spec.reference.arguments import count

Part = TypeVar("Part")
Span: TypeAlias = slice

TURNED_BYTES = 2**18
"""Of what is turned: a larger scratch array would be new to the process at each call, three times as long in all."""

TILE_BYTES = 2**20
"""Of all else, as much as a second-level cache holds: 0.7 to 0.9 of tiles of a quarter, by fewer calls."""

FEW = 24
"""Up to so many classes a tile is turned, so that maxima and sums run along its many rows."""

LEAST = 8
"""Tiles that a thread must have: with less to do it starts too late, and they mostly wait for each other."""


def rows_of_a_tile(width: int, dtype: np.dtype[Any], size: int = TILE_BYTES) -> int:
    """Return how many rows of ``width`` entries make a tile of ``size`` bytes."""
    return max(1, size // (width * dtype.itemsize))


def rows_to_turn(width: int, dtype: np.dtype[Any], size: int = TURNED_BYTES) -> int:
    """Return how many rows make a tile that is turned, of ``size`` bytes then, where there are few classes."""
    return rows_of_a_tile(width, dtype, size if width <= FEW else TILE_BYTES)


def spans(rows: int, step: int) -> list[Span]:
    """Return the tiles of ``rows`` rows, ``step`` rows each but for the last."""
    return [slice(start, min(start + step, rows)) for start in range(0, rows, step)]


def shared(
    operation: str, tiles: Sequence[Span], workers: object, work: Callable[[Iterable[Span]], Part]
) -> list[Part]:
    """Return what ``work`` makes of the tiles, which ``workers`` threads share; NumPy lets go of the lock.

    Each thread, the caller's among them, calls ``work`` once, in the caller's error state, so that it makes its scratch
    arrays once, and takes the next tile whenever it is done with one. There are fewer where there is little to do.
    Raises SpecValueError or SpecTypeError for workers that are not a whole number of at least 1 (GEN-8).
    """
    threads = min(count(operation, "workers", workers, "GEN-8"), len(tiles) // LEAST)
    if threads < 2:
        return [work(tiles)]
    left = iter(tiles)
    with ThreadPoolExecutor(threads - 1) as pool:
        others = [pool.submit(copy_context().run, work, left) for _ in range(threads - 1)]
        own = work(left)
    return [own, *(other.result() for other in others)]


def tile_of(array: Array, span: Span, dtype: np.dtype[Any]) -> Array:
    """Return rows of a matrix, C-contiguous and in ``dtype``; what lies so already is not copied."""
    return np.ascontiguousarray(array[span], dtype)


def room_for(
    operation: str, out: Any, shape: tuple[int, ...], dtype: np.dtype[Any], clause: str, *arguments: Array
) -> Array:
    """Return ``out``, or a new array, for a result of ``shape`` and ``dtype``.

    Raises SpecTypeError for an ``out`` that is no array or of another dtype (GEN-5), SpecValueError for one of another
    shape (``clause``), not C-contiguous (GEN-4), not writable, or that overlaps an argument (GEN-1).
    """
    if out is None:
        return np.empty(shape, dtype)
    if not isinstance(out, np.ndarray):
        raise SpecTypeError(operation, "out", f"a {type(out).__name__}", "an array or None", "GEN-8")
    given = cast("Array", out)
    if given.dtype != dtype:
        raise SpecTypeError(operation, "out.dtype", str(given.dtype), f"{dtype}, as the result", "GEN-5")
    if given.shape != shape:
        raise SpecValueError(operation, "out.shape", str(given.shape), f"{shape}, as the result", clause)
    if not given.flags.c_contiguous:
        raise SpecValueError(operation, "out", "not C-contiguous", "C-contiguous", "GEN-4")
    if not given.flags.writeable:
        raise SpecValueError(operation, "out", "read-only", "writable", "GEN-8")
    if any(np.may_share_memory(given, argument) for argument in arguments):
        raise SpecValueError(operation, "out", "in the memory of an argument", "apart from the arguments", "GEN-1")
    return given


def require_finite(tile: Array) -> None:
    """Raise Doubt unless every entry is finite, by the sum of the squares: 0.3 to 0.5 of looking at each.

    They are looked at only where that sum is too large.
    """
    numbers = tile.ravel(order="K")
    with np.errstate(all="ignore"):
        is_finite = isfinite(np.dot(numbers, numbers)) or np.isfinite(tile).all()
    if not is_finite:
        raise Doubt


def require_finite_range(least: Any, most: Any) -> None:
    """Raise Doubt unless every entry is finite, told by the least and the most.

    Where the operation needs the most anyway, one more pass does: 0.6 of isfinite, which two passes are 1.24 of.
    """
    if not (least > -np.inf and most < np.inf):  # a NaN is both, and compares as neither
        raise Doubt
