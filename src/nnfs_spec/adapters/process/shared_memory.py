"""Memory that the checker shares with the process of a subject, so that large arrays need not go through a pipe."""

import mmap
from collections.abc import Sequence

import numpy as np

from nnfs_spec.arrays import Array

ARENA_BYTES = 2**30
"""The most that the arrays of one session may take. Memory is used only where something has been written."""

ALIGNMENT = 64


class Arena:
    """The file ``descriptor``, which has no name, as memory. Arrays lie in it one after the other, aligned."""

    def __init__(self, descriptor: int, *, writable: bool) -> None:
        protection = mmap.PROT_READ | mmap.PROT_WRITE if writable else mmap.PROT_READ
        self._memory = mmap.mmap(descriptor, ARENA_BYTES, prot=protection)

    def put(self, arrays: Sequence[Array]) -> None:
        """Copy ``arrays`` in, in C order."""
        start = 0
        for array in arrays:
            view: Array = np.ndarray(array.shape, array.dtype, self._memory, start)
            view[...] = array
            start += aligned(array.nbytes)

    def shown(self, start: int, size: int) -> memoryview:
        """Return ``size`` bytes from ``start`` on as they lie there: they change with the next session."""
        return memoryview(self._memory)[start : start + size].toreadonly()

    def copied(self, start: int, size: int) -> bytes:
        """Return a copy of ``size`` bytes from ``start`` on."""
        return self._memory[start : start + size]

    def close(self) -> None:
        """Let go of the memory; it must not be shown any more."""
        self._memory.close()


def aligned(size: int) -> int:
    """Return ``size`` rounded up to where the next array may begin."""
    return -(-size // ALIGNMENT) * ALIGNMENT
