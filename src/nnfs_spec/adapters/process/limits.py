"""What the process of a subject does to itself before it loads the target, so that neither side can hurt the other."""

import fcntl
import os
import resource
import select
import signal
import sys
from pathlib import Path
from types import ModuleType

import numpy as np

from nnfs_spec.adapters.process.watchdog import MOST_PROCESSES

STATUS = Path("/proc/self/status")
LOAD = Path("/proc/loadavg")

ALLOWANCE = 2**31
"""Bytes beside those that a target may allocate: of its address space, for stacks, reserves and mapped files; and of
the memory that it and all that it has started hold, for what it takes when it is loaded.
"""


def follow(lifeline: int) -> None:
    """Have this process and its group killed as soon as the other end of ``lifeline`` closes, however that happens.

    The kernel does it, even while the subject computes. Where it cannot, the process ends when it is next idle.
    """
    if hasattr(fcntl, "F_SETSIG"):
        fcntl.fcntl(lifeline, fcntl.F_SETSIG, signal.SIGKILL)
        fcntl.fcntl(lifeline, fcntl.F_SETOWN, -os.getpgrp())
        fcntl.fcntl(lifeline, fcntl.F_SETFL, fcntl.fcntl(lifeline, fcntl.F_GETFL) | os.O_ASYNC)


def abandoned(lifeline: int) -> bool:
    """Tell whether the other end of ``lifeline`` was closed before it could be followed."""
    return bool(select.select([lifeline], [], [], 0)[0])


def limit_memory(more: int, *, loaded: bool = False) -> None:
    """Let this process allocate ``more`` bytes than it has; then Python raises MemoryError. A core is never dumped.

    Once the target is ``loaded``, its address space is limited, too, which memory that processes share is part of.
    """
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if STATUS.exists():
        _lower(resource.RLIMIT_DATA, _kept("VmData:") + more)
        if loaded:
            _lower(resource.RLIMIT_AS, _kept("VmSize:") + more + ALLOWANCE)


def limit_processes() -> None:
    """Let this user have no more processes than there are in the whole system, and as many as a target may start."""
    if LOAD.exists():
        _, _, running = LOAD.read_text(encoding="ascii").split()[3].partition("/")
        _lower(resource.RLIMIT_NPROC, int(running) + MOST_PROCESSES)


def memory_limits(*, executable: bool) -> tuple[str, ...]:
    """Return the names of what limits the memory of a target here."""
    if not STATUS.exists():
        return ()
    return ("RLIMIT_DATA", "a watchdog") if executable else ("RLIMIT_DATA", "RLIMIT_AS", "a watchdog")


def _lower(kind: int, wanted: int) -> None:
    """Have a soft limit, but none beyond what the system allows."""
    _, hard = resource.getrlimit(kind)
    resource.setrlimit(kind, (wanted if hard == resource.RLIM_INFINITY else min(wanted, hard), hard))


def _kept(field: str) -> int:
    """Return how many bytes this process has of what the system calls so."""
    lines = STATUS.read_text(encoding="ascii").splitlines()
    (kibibytes,) = (line.split()[1] for line in lines if line.startswith(field))
    return int(kibibytes) * 1024


def keep_numpy(package: str) -> None:
    """Give the modules of ``package`` NumPy's names as they are now, whatever a subject puts in their place later."""
    present, kept = np, ModuleType("numpy")
    vars(kept).update(vars(present))
    for name, module in list(sys.modules.items()):
        if name.partition(".")[0] == package and vars(module).get("np") is present:
            vars(module)["np"] = kept
