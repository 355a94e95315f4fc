"""Keeps a trial from harming the process that makes it, by making it in a copy of the process first."""

import os
import select
import signal
import stat
import threading
import time
import warnings
from collections.abc import Callable, Generator
from contextlib import contextmanager, suppress
from functools import partial
from typing import NoReturn

from nnfs_spec.adapters.process.temporary import TemporaryFolder

SECONDS = 3.0

ENOUGH = 1024
"""Descriptors; the pipes of the process lie below."""

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
    with _heeding_children() as heed, warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # of forking beside threads: the copy ends by itself
        pid = os.fork()
        if pid == 0:
            heed()
            _act(action)
        return _ends_well(pid)


def _ends_well(pid: int) -> bool:
    """Wait for a copy, and tell whether it did no harm."""
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


@contextmanager
def _heeding_children() -> Generator[Callable[[], object]]:
    """Learn how a copy ends, even if the subject has it that nobody does; gives what sets that back in the copy."""
    if threading.current_thread() is not threading.main_thread():
        yield lambda: None
        return
    before = signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    back = partial(signal.signal, signal.SIGCHLD, before)
    try:
        yield back
    finally:
        back()


def _act(action: Callable[[], object]) -> NoReturn:
    """Be the copy: nothing that it writes arrives anywhere but in a pipe that is looked into at the end."""
    try:
        allow_descriptors()
        pipes = [number for number in map(int, os.listdir("/dev/fd")) if _is_pipe(number)]
        arrived, decoy = os.pipe()
        nowhere = os.open(os.devnull, os.O_RDWR)
        pipes = [number for number in pipes if replaced(number, decoy)]
        TemporaryFolder.part()
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


def allow_descriptors() -> None:
    """Take back what the subject has allowed itself too few of, as far as the system lets it."""
    import resource  # here, since objects are checked on systems without it, too

    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    for wanted in (max(most, ENOUGH), most):
        with suppress(ValueError, OSError):
            resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, wanted))
            return


def replaced(number: int, decoy: int) -> bool:
    """Put ``decoy`` in the place of a descriptor; where its number is too high by now, only close it."""
    try:
        os.dup2(decoy, number)
    except OSError:
        os.close(number)
        return False
    return True


def _is_pipe(number: int) -> bool:
    try:
        return stat.S_ISFIFO(os.fstat(number).st_mode)
    except OSError:  # the descriptor by which the folder was read
        return False
