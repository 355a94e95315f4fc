"""The memory of the checker is closed to others of the same user."""

import ctypes
import subprocess
import sys

import pytest

from nnfs_spec.support.hardening import harden

CODE = """
import os
from nnfs_spec.support.hardening import harden
before = os.stat("/proc/self/mem").st_uid
harden()
print(before == os.getuid(), os.stat("/proc/self/mem").st_uid)
"""


def test_a_hardened_process_belongs_to_nobody_but_the_administrator() -> None:
    """As the owner of its memory file shows."""
    told = subprocess.run([sys.executable, "-c", CODE], capture_output=True, text=True, check=True, timeout=60)
    assert told.stdout == "True 0\n"


def test_where_the_system_knows_no_such_thing_nothing_is_done(monkeypatch: pytest.MonkeyPatch) -> None:
    """No library is loaded."""

    def refuse(*arguments: object) -> None:
        raise AssertionError

    monkeypatch.setattr(ctypes, "CDLL", refuse)
    monkeypatch.setattr(sys, "platform", "darwin")
    harden()
