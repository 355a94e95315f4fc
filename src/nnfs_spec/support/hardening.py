"""Keeps other processes of the same user, such as a target's, from reading and writing this one's memory."""

import ctypes
import sys

PR_SET_DUMPABLE = 4


def harden() -> None:
    """Close this process's memory to others, where the system knows how. The administrator's processes stay free."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_DUMPABLE, 0)
