"""Objects are checked where there is nothing of POSIX, such as on Windows."""

import subprocess
import sys

LIKE_WINDOWS = """
import os, signal, sys

for name in ("fcntl", "grp", "pwd", "resource", "termios"):
    sys.modules[name] = None
for module, names in (
    (os, ("fork", "getpgrp", "killpg", "memfd_create", "sched_getaffinity", "setpgrp")),
    (signal, ("SIGALRM", "SIGCHLD", "SIGHUP", "SIGKILL", "SIGPIPE")),
):
    for name in names:
        vars(module).pop(name, None)
"""
CHECKS = """
import nnfs_spec
from nnfs_spec.testing import parametrize_with_clauses

report = nnfs_spec.check({"relu": nnfs_spec.relu}, budget="quick", clauses=["RELU-1"])
(case,) = parametrize_with_clauses({"relu": abs}, clauses=["RELU-1"]).args[1]
try:
    case.values[0].check()
except AssertionError as broken:
    print(report.verdict, str(broken).splitlines()[0])
"""


def run(code: str) -> "subprocess.CompletedProcess[str]":
    """Run code where modules and functions of POSIX are missing."""
    command = [sys.executable, "-c", LIKE_WINDOWS + code]
    return subprocess.run(command, capture_output=True, text=True, timeout=120)


def test_objects_are_checked_without_posix() -> None:
    """By ``check`` and by the cases of pytest."""
    done = run(CHECKS)
    assert (done.stderr, done.stdout) == ("", "conformant RELU-1 fail: The larger of 0 and x\n")


def test_the_modules_are_missing() -> None:
    """What needs them fails here."""
    assert "ModuleNotFoundError" in run("import nnfs_spec.adapters.isolated").stderr
