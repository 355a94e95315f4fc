"""The compiled kernels that tests and measurements use: those of the sources as they are."""

from fcntl import LOCK_EX, flock
from pathlib import Path

from nnfs_spec.fast import native
from nnfs_spec.fast.build import NoCompilerError, build
from nnfs_spec.fast.native import FILE, digest
from tests import ROOT


def built() -> Path:
    """Return the file of the kernels, compiled by the first process that asks. Raises BuildError as ``build`` does."""
    folder = ROOT / "build" / "kernels" / digest()
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "lock").open("w") as lock:
        flock(lock, LOCK_EX)
        return folder / FILE if (folder / FILE).exists() else build(folder)


def use() -> str:
    """Let ``nnfs_spec.fast`` use them, and return the best instruction set there is, or why there are none."""
    try:
        native.kernels = native.load(built())
    except NoCompilerError as lacking:
        return str(lacking)
    return (native.kernels.levels() or ["none"])[-1]
