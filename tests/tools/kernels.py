"""The compiled kernels that tests and measurements use: those of the sources as they are."""

from fcntl import LOCK_EX, flock
from pathlib import Path

from nnfs_spec.fast.build import build
from nnfs_spec.fast.native import FILE, digest
from tests import ROOT


def built() -> Path:
    """Return the file of the kernels, compiled by the first process that asks. Raises BuildError as ``build`` does."""
    folder = ROOT / "build" / "kernels" / digest()
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "lock").open("w") as lock:
        flock(lock, LOCK_EX)
        return folder / FILE if (folder / FILE).exists() else build(folder)
