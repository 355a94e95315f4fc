"""The array of a .npy file, read some rows at a time."""

import os
from collections.abc import Generator
from contextlib import contextmanager
from io import BufferedReader
from math import prod
from os import PathLike
from stat import S_ISREG

import numpy as np
from numpy.lib import format as npy

from nnfs_spec.arrays import Array
from nnfs_spec.errors import SpecValueError

READ_HEADER = {
    (1, 0): npy.read_array_header_1_0,
    (2, 0): npy.read_array_header_2_0,
    (3, 0): npy.read_array_header_2_0,  # which differs in how names are encoded, and numbers have none
}


class NpyFile:
    """An open .npy file; ``form`` is an array of its shape and dtype that holds no entries and takes no memory.

    The file is read and not mapped into memory: when a mapped file is cut short, its reader is killed. Raises
    SpecValueError (GEN-8) for what is not a whole .npy file.
    """

    def __init__(self, file: BufferedReader, operation: str, argument: str) -> None:
        self._file, self._operation, self._argument = file, operation, argument
        try:
            shape, self._columns_first, dtype = READ_HEADER[npy.read_magic(file)](file)
            if dtype.subdtype is not None:
                raise ValueError(f"entries of {dtype}")
            self.form: Array = np.broadcast_to(np.zeros((), dtype), shape)
        except OSError:
            raise
        except Exception as problem:  # a header is parsed as Python, which raises almost anything
            raise self._wrong(f"of which NumPy says: {problem or type(problem).__name__};") from problem
        self._start = file.tell()
        if os.fstat(file.fileno()).st_size < self._start + prod(shape) * dtype.itemsize:
            raise self._wrong("which is shorter than its header says")

    def rows(self, start: int, stop: int) -> Array:
        """Return the rows from ``start`` to before ``stop`` in a new array."""
        shape = (stop - start, *self.form.shape[1:])
        width = prod(shape[1:])
        if self._columns_first:
            columns = [self._entries(column * len(self.form) + start, stop - start) for column in range(width)]
            return np.stack(columns, axis=1).reshape(shape)
        return self._entries(start * width, (stop - start) * width).reshape(shape)

    def _entries(self, first: int, number: int) -> Array:
        entries = np.empty(number, self.form.dtype)
        self._file.seek(self._start + first * entries.itemsize)
        if self._file.readinto(entries.view(np.uint8).data) < entries.nbytes:
            raise self._wrong("which was cut short while it was read")
        return entries

    def _wrong(self, what: str) -> SpecValueError:
        got = f"{self._file.name}, {what}"
        return SpecValueError(self._operation, self._argument, got, "a .npy file of numbers", "GEN-8")


@contextmanager
def open_npy(operation: str, argument: str, path: str | PathLike[str]) -> Generator[NpyFile]:
    """Open a .npy file. Raises SpecValueError (GEN-8) for a pipe or a device, which could be read for ever."""
    if not S_ISREG(os.stat(path).st_mode):
        got = f"{path}, which is not a regular file,"
        raise SpecValueError(operation, argument, got, "a .npy file of numbers", "GEN-8")
    with open(path, "rb") as file:
        yield NpyFile(file, operation, argument)
