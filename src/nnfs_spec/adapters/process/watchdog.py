"""Looks now and then at all that a target has started: how many processes there are, and how much memory they hold.

Limits of single processes do not add up over those that they start, nor count memory that processes share.
"""

import os
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from nnfs_spec.adapters.process.frames import WireError

PROCESSES = Path("/proc")
LOOK_SECONDS = 0.25
MOST_PROCESSES = 512


class ExcessError(WireError):
    """A target took more than it may have; the message says what of."""


class Watchdog:
    """Looks at process ``pid``, its session and their descendants, which may hold ``most`` bytes together."""

    def __init__(self, pid: int, most: int) -> None:
        self._pid = pid
        self._most = most
        self._next = time.monotonic() + LOOK_SECONDS

    def look(self) -> None:
        """Look, unless that was done just now. Raises ExcessError."""
        if time.monotonic() < self._next:
            return
        family = family_of(self._pid)
        if len(family) > MOST_PROCESSES:
            raise ExcessError(f"started more than {MOST_PROCESSES} processes")
        if sum(family.values()) > self._most and sum(map(proportional, family)) > self._most:
            raise ExcessError(f"held more than {self._most / 2**30:.3g} GiB of memory, with all that it started")
        self._next = time.monotonic() + LOOK_SECONDS


def family_of(pid: int) -> dict[int, int]:
    """Return how many bytes of memory each process holds that belongs to ``pid``, whoever shares them."""
    known = {number: (parent, session, held) for number, parent, session, held in _running()}
    family: dict[int, int] = {}
    added = [number for number, (_, session, _) in known.items() if pid in (number, session)]
    while added:
        family |= {number: known[number][2] for number in added}
        added = [number for number, (parent, _, _) in known.items() if parent in family and number not in family]
    return family


def proportional(pid: int) -> int:
    """Return how many bytes a process holds, with its share alone of those that others hold as well."""
    with suppress(OSError):  # it has ended meanwhile
        for line in (PROCESSES / str(pid) / "smaps_rollup").read_text(encoding="ascii").splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) * 1024
    return 0


def _running() -> Iterator[tuple[int, int, int, int]]:
    """Yield the number of every process, its parent and session, and how many bytes it holds."""
    page = os.sysconf("SC_PAGE_SIZE")
    for folder in PROCESSES.glob("[0-9]*"):
        with suppress(OSError):  # it has ended meanwhile
            fields = (folder / "stat").read_bytes().rpartition(b")")[2].split()
            yield int(folder.name), int(fields[1]), int(fields[3]), int(fields[21]) * page
