"""What a check might leave behind: processes, files, memory and descriptors."""

import os
from dataclasses import dataclass
from pathlib import Path

MARK = "NNFS_SPEC_TEST"
"""An environment variable that every process of a test inherits."""


OTHERS = ("sem.mp-", "sem.loky-")
"""How multiprocessing and joblib name what they share, which others on this machine use, and the kit does not."""


@dataclass(frozen=True)
class Leftovers:
    """What there is at one moment of the things that carry ``mark``, lie in ``folder`` or belong to this process."""

    processes: frozenset[int]
    files: frozenset[str]
    shared: frozenset[str]
    memory: int
    descriptors: int


def leftovers(mark: str, folder: Path) -> Leftovers:
    """Look around."""
    maps = Path("/proc/self/maps").read_text(encoding="utf-8")
    return Leftovers(
        processes=frozenset(processes(mark)),
        files=frozenset(path.name for path in folder.iterdir()),
        shared=frozenset(path.name for path in Path("/dev/shm").iterdir() if not path.name.startswith(OTHERS)),
        memory=maps.count("memfd:nnfs-spec"),
        descriptors=len(list(Path("/proc/self/fd").iterdir())),
    )


def processes(mark: str) -> list[int]:
    """Return the processes, but for this one, that have inherited ``mark``."""
    found: list[int] = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            environment = (folder / "environ").read_bytes().split(b"\0")
        except OSError:
            continue
        if f"{MARK}={mark}".encode() in environment and int(folder.name) != os.getpid():
            found.append(int(folder.name))
    return found
