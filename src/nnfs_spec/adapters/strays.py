"""Ends the processes that a subject started and left behind, even those that left its process group.

Every process of a subject carries a mark in its environment, which its own children inherit. Where the system has no
/proc, only the process group is ended. A process that leaves the group and is given an environment of its own escapes.
"""

import contextlib
import os
import secrets
import signal
import time
from pathlib import Path

MARK = "NNFS_SPEC_SUBJECT"
PROCESSES = Path("/proc")
SECONDS = 1.0


def new_mark() -> str:
    """Return a value of MARK that no other run has."""
    return secrets.token_hex(8)


def strays(mark: str) -> list[int]:
    """Return the numbers of the running processes that carry ``mark``."""
    wanted = f"{MARK}={mark}".encode()
    found: list[int] = []
    for folder in PROCESSES.glob("[0-9]*"):
        with contextlib.suppress(OSError):  # it has ended meanwhile, or is another user's
            if wanted in (folder / "environ").read_bytes().split(b"\0"):
                found.append(int(folder.name))
    return found


def end_strays(mark: str) -> None:
    """Kill every process that carries ``mark``, and those that they start meanwhile."""
    deadline = time.monotonic() + SECONDS
    while (found := strays(mark)) and time.monotonic() < deadline:
        for pid in found:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        time.sleep(0.001)
