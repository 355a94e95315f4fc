"""What the process of a subject does to itself before it loads the target, so that neither side can hurt the other."""

import fcntl
import os
import resource
import signal
import sys
from pathlib import Path
from types import ModuleType

import numpy as np

STATUS = Path("/proc/self/status")


def follow(lifeline: int) -> None:
    """Have this process and its group killed as soon as the other end of ``lifeline`` closes, however that happens.

    The kernel does it, even while the subject computes. Where it cannot, the process ends when it is next idle.
    """
    if hasattr(fcntl, "F_SETSIG"):
        fcntl.fcntl(lifeline, fcntl.F_SETSIG, signal.SIGKILL)
        fcntl.fcntl(lifeline, fcntl.F_SETOWN, -os.getpgrp())
        fcntl.fcntl(lifeline, fcntl.F_SETFL, fcntl.fcntl(lifeline, fcntl.F_GETFL) | os.O_ASYNC)


def limit_memory(more: int) -> None:
    """Let this process allocate ``more`` bytes than it has; then Python raises MemoryError. A core is never dumped."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if STATUS.exists():
        _, hard = resource.getrlimit(resource.RLIMIT_DATA)
        wanted = _allocated() + more
        soft = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        resource.setrlimit(resource.RLIMIT_DATA, (soft, hard))


def memory_limits() -> tuple[str, ...]:
    """Return the names of what limits the memory of a target here."""
    return ("RLIMIT_DATA",) if STATUS.exists() else ()


def _allocated() -> int:
    """Return how many bytes of private, writable memory this process has."""
    lines = STATUS.read_text(encoding="ascii").splitlines()
    (kibibytes,) = (line.split()[1] for line in lines if line.startswith("VmData:"))
    return int(kibibytes) * 1024


def keep_numpy(package: str) -> None:
    """Give the modules of ``package`` NumPy's names as they are now, whatever a subject puts in their place later."""
    present, kept = np, ModuleType("numpy")
    vars(kept).update(vars(present))
    for name, module in list(sys.modules.items()):
        if name.partition(".")[0] == package and vars(module).get("np") is present:
            vars(module)["np"] = kept
