"""Keeps a trial from harming the process that makes it, by making it in a copy of the process first."""

import os
import select
import signal
import stat
import time
import warnings
from collections.abc import Callable
from contextlib import suppress
from typing import NoReturn

SECONDS = 3.0

_WELL, _ILL = 77, os.EX_SOFTWARE
"""The status of a copy that came to its end, which no subject is likely to give, and of one that did harm."""


class _Copy:
    """Whether this process is a copy."""

    is_one = False


def survives(action: Callable[[], object]) -> bool:
    """Tell whether ``action`` comes to its end within SECONDS, be it by an exception.

    It does not where it ends its process, forks, or closes or writes into a pipe that it did not open. In a copy
    nothing is tried in a further one: the copy itself can do no harm.
    """
    if _Copy.is_one:
        return True
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # of forking beside threads: the copy ends by itself
        pid = os.fork() or _act(action)
    deadline = time.monotonic() + SECONDS
    while True:
        ended, status = os.waitpid(pid, os.WNOHANG)
        if ended:
            return os.waitstatus_to_exitcode(status) == _WELL
        if time.monotonic() >= deadline:
            os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)
            return False
        time.sleep(0.001)


def _act(action: Callable[[], object]) -> NoReturn:
    """Be the copy: nothing that it writes arrives anywhere but in a pipe that is looked into at the end."""
    try:
        pipes = [number for number in map(int, os.listdir("/dev/fd")) if _is_pipe(number)]
        arrived, decoy = os.pipe()
        nowhere = os.open(os.devnull, os.O_RDWR)
        for number in pipes:
            os.dup2(decoy, number)
        for number in (1, 2):
            os.dup2(nowhere, number)
        _Copy.is_one = True
        os.register_at_fork(before=lambda: os._exit(_ILL))
        with suppress(Exception):
            action()
        for number in pipes:
            os.fstat(number)
        if select.select([arrived], [], [], 0)[0]:
            os._exit(_ILL)
    except BaseException:
        os._exit(_ILL)
    os._exit(_WELL)


def _is_pipe(number: int) -> bool:
    try:
        return stat.S_ISFIFO(os.fstat(number).st_mode)
    except OSError:  # the descriptor by which the folder was read
        return False
