"""Frames between the checker and the process that holds the subject: a prefix, a JSON text, the bytes of small arrays.

Large arrays lie in an arena that both sides share. No pickle: what comes from a subject's process is data, is checked
before it is believed, and can never run.
"""

import json
import re
import struct
from collections.abc import Callable, Sequence
from functools import cache
from math import prod
from typing import Any, TypeAlias

import numpy as np

from nnfs_spec.adapters.process.shared_memory import ARENA_BYTES, Arena, aligned
from nnfs_spec.arrays import Array

Part: TypeAlias = Callable[[int, int], bytes | memoryview]
"""Takes where an array starts and its size, and gives its bytes."""

MOST_TEXT_BYTES = 2**24
MOST_INLINE_BYTES = 2**14
"""Up to here it is quicker to send arrays through the pipe than to put them into the arena."""

_MARK = b"nnfs"
_PREFIX = struct.Struct("<4sIII")  # the mark, the bytes of the text, of the arrays in the frame, of those in the arena
_NUMBERS = re.compile(r"[<>|][biufc][0-9]{1,2}")

# Bound here, so that a subject that changes the json module in its process does not change what is sent.
_to_text = json.JSONEncoder(separators=(",", ":"), check_circular=False).encode
_from_text = json.JSONDecoder().decode


class WireError(Exception):
    """What came is no frame, or not the one that was due."""


class EndedError(WireError):
    """Nobody is there any more."""


class TooLargeError(Exception):
    """The arrays of a session take more than the arena holds."""

    def __init__(self, size: int) -> None:
        super().__init__(f"{size} bytes of arrays, but {ARENA_BYTES} are the most")


def encode(header: object, arrays: Sequence[Array] = (), arena: Arena | None = None) -> bytes:
    """Return one frame: ``header`` plus dtype and shape of each array, then their bytes in C order.

    With an ``arena``, many bytes are put there instead. Raises TooLargeError where they do not fit.
    """
    text = _to_text([header, [[array.dtype.str, array.shape] for array in arrays]]).encode()
    inline = sum([array.nbytes for array in arrays])
    if arena is None or inline <= MOST_INLINE_BYTES:
        return _PREFIX.pack(_MARK, len(text), inline, 0) + text + b"".join([array.tobytes() for array in arrays])
    shared = sum([aligned(array.nbytes) for array in arrays])
    if shared > ARENA_BYTES:
        raise TooLargeError(inline)
    arena.put(arrays)
    return _PREFIX.pack(_MARK, len(text), 0, shared) + text


def read_frame(more: Callable[[], bytes]) -> bytes:
    """Read one frame through ``more()``, which returns at least one byte or raises EndedError."""
    frame = bytearray(more())
    while len(frame) < _PREFIX.size:
        frame += more()
    mark, text, inline, shared = _PREFIX.unpack_from(frame)
    if mark != _MARK or text > MOST_TEXT_BYTES or inline > ARENA_BYTES or shared > ARENA_BYTES:
        raise WireError(f"{bytes(frame[: _PREFIX.size])!r}, but a frame's prefix was due")
    length = _PREFIX.size + text + inline
    while len(frame) < length:
        frame += more()
    if len(frame) != length:
        raise WireError(f"{len(frame)} bytes, but the frame has {length}")
    return bytes(frame)


def decode(frame: bytes, part: Part | None = None) -> tuple[Any, list[Array]]:
    """Return the header and the arrays of what ``read_frame`` read; ``part`` gives the bytes that lie in the arena."""
    _, length, inline, shared = _PREFIX.unpack_from(frame)
    body = _PREFIX.size + length
    try:
        header, described = _from_text(frame[_PREFIX.size : body].decode())
        if not shared:
            return header, _arrays(
                described, lambda start, size: frame[body + start : body + start + size], int, inline
            )
        if part is None:
            raise ValueError("it speaks of an arena")
        return header, _arrays(described, part, aligned, shared)
    except (ValueError, TypeError, OverflowError, RecursionError) as broken:
        raise WireError(f"a frame that cannot be read: {broken}") from broken


def _arrays(described: Any, part: Part, step: Callable[[int], int], room: int) -> list[Array]:
    """Return the arrays whose dtypes and shapes are ``described``, each in its ``part``, a ``step`` after the last."""
    arrays: list[Array] = []
    start = 0
    for name, shape in described:
        dtype = _dtype(name)
        size = dtype.itemsize * _entries(shape)
        if start + size > room:
            raise ValueError("its arrays are larger than it says")
        arrays.append(np.ndarray(shape, dtype, part(start, size)))
        start += step(size)
    return arrays


@cache
def _dtype(name: str) -> np.dtype[Any]:
    if not _NUMBERS.fullmatch(name):
        raise ValueError(f"dtype {name!r}")
    return np.dtype(name)


def _entries(shape: list[int]) -> int:
    if any(type(size) is not int or size < 0 for size in shape):
        raise ValueError(f"shape {shape!r}")
    return prod(shape)
