"""Frames between the checker and the process that holds the subject: a JSON header, then the bytes of arrays.

No pickle: what comes from a subject's process is data and can never run.
"""

import json
import struct
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeAlias

import numpy as np

from nnfs_spec.arrays import Array

Header: TypeAlias = dict[str, Any]

MOST_BYTES = 2**31
_LENGTHS = struct.Struct("<QQ")


class WireError(Exception):
    """The other side closed the stream or sent what is no frame."""


def encode(header: Mapping[str, Any], arrays: Sequence[Array] = ()) -> bytes:
    """Return one frame: ``header`` plus dtype and shape of each array, then their C-ordered bytes."""
    described = [{"dtype": array.dtype.str, "shape": array.shape} for array in arrays]
    text = json.dumps({**header, "arrays": described}).encode()
    body = b"".join(np.ascontiguousarray(array).tobytes() for array in arrays)
    return _LENGTHS.pack(len(text), len(body)) + text + body


def decode(read: Callable[[int], bytes]) -> tuple[Header, list[Array]]:
    """Read one frame through ``read(n)``, which returns exactly n bytes or raises WireError."""
    text_length, body_length = _LENGTHS.unpack(read(_LENGTHS.size))
    if max(text_length, body_length) > MOST_BYTES:
        raise WireError(f"a frame of {max(text_length, body_length)} bytes, but {MOST_BYTES} are the most")
    text, body = read(text_length), read(body_length)
    try:
        header = json.loads(text)
        described = header.pop("arrays")
        arrays: list[Array] = []
        start = 0
        for one in described:
            dtype = np.dtype(one["dtype"])
            shape = tuple(map(int, one["shape"]))
            size = dtype.itemsize * int(np.prod(shape, dtype=np.int64))
            arrays.append(np.frombuffer(body[start : start + size], dtype=dtype).reshape(shape))
            start += size
    except (ValueError, KeyError, TypeError, AttributeError) as broken:
        raise WireError(f"a frame that cannot be read: {broken}") from broken
    return header, arrays
