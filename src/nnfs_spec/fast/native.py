"""The compiled kernels, where there are any."""

import os
import sys
from collections.abc import Callable
from dataclasses import dataclass, fields
from importlib.machinery import ExtensionFileLoader
from importlib.util import module_from_spec, spec_from_loader
from pathlib import Path
from typing import TypeAlias
from zlib import crc32

from nnfs_spec.arrays import Array

SOURCES = Path(__file__).parent / "cpp"
FILE = "kernels.abi3.so"

VARIABLE = "NNFS_SPEC_KERNELS"
"""Names another file of kernels in the environment, or none, where it is empty."""

ToArray: TypeAlias = Callable[..., Array | None]
ToNumber: TypeAlias = Callable[..., float | None]


def refuse(*arguments: object) -> None:
    """Return None to any arguments, which leaves them to the reference."""


@dataclass(frozen=True, slots=True)
class Kernels:
    """The functions of the module, which return None for arguments that they do not take as they are, or refuse.

    They take C-contiguous, aligned arrays of float32 or float64 with at least one row, and labels of every form; after
    the arguments of the operation ``out``, if the result is an array, and ``workers``.
    """

    relu: ToArray = refuse
    softmax: ToArray = refuse
    sample_losses: ToArray = refuse
    softmax_losses: ToArray = refuse
    loss: ToNumber = refuse
    accuracy: ToNumber = refuse
    dense: ToArray = refuse
    forward: ToArray = refuse
    finite: Callable[[Array], bool | None] = refuse
    """Tells whether all entries of a matrix are finite."""
    add_row: Callable[[Array, Array], bool | None] = refuse
    """Adds a matrix (1, M) to each row of one (N, M), and tells whether all sums are finite."""
    exp: ToArray = refuse
    log: ToArray = refuse
    levels: Callable[[], list[str] | None] = refuse
    """Lists the instruction sets that there are kernels for and that the processor has, the least first."""
    use: Callable[[str], str | None] = refuse
    """Makes all calls use one of them, and returns the one before. Raises ValueError for another."""


NONE = Kernels()


def digest() -> str:
    """Return a number that changes with the sources."""
    sum_of_all = 0
    for path in sorted(SOURCES.iterdir()):
        sum_of_all = crc32(path.read_bytes(), sum_of_all)
    return f"{sum_of_all:08x}"


def load(path: Path) -> Kernels:
    """Return the kernels in a file, or none where there is no such file, or it was made of other sources."""
    if not path.is_file():
        return NONE
    spec = spec_from_loader("kernels", ExtensionFileLoader("kernels", str(path)))
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    if module.source != digest():
        return NONE
    return Kernels(*(getattr(module, field.name) for field in fields(Kernels)))


def found() -> Kernels:
    """Return the kernels that the environment names, or else those beside this file."""
    path = os.environ.get(VARIABLE, str(Path(__file__).with_name(FILE)))
    return load(Path(path)) if path and sys.byteorder == "little" else NONE


kernels = found()
