"""Runs a program for so many seconds of processor time at most, and says how long it took."""

import os
import subprocess
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Ran:
    """How a program ended: its exit code, its output with its complaints after it, and the processor's seconds."""

    code: int
    out: str
    seconds: float


def ran(command: list[str], limit: int, folder: Path | None = None) -> Ran:
    """Run a command in a folder, at low priority, for ``limit`` seconds of processor time in each process."""
    limited = ["nice", "-n", "10", "prlimit", f"--cpu={limit}", *command]
    with subprocess.Popen(limited, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, cwd=folder) as process:
        assert process.stdout is not None
        out = process.stdout.read()
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    return Ran(process.returncode, out, round(used.ru_utime + used.ru_stime, 1))
