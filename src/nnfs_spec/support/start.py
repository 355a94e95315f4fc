"""Readies the process of the command, before anything large is imported. Where the kit is a library it does nothing."""

import os
import re
import signal
import sys
from collections.abc import Sequence

INTERRUPTED = 128 + signal.SIGINT


def is_command(argv: Sequence[str], original: Sequence[str]) -> bool:
    """Tell whether a process with these arguments is ``nnfs-spec``, or ``python -m nnfs_spec``.

    ``original`` are those of the interpreter, where the module is named before the arguments of the command.
    """
    if not argv:
        return False
    if argv[0] != "-m":
        return os.path.basename(argv[0]) in ("nnfs-spec", "nnfs-spec.exe")
    return bool(re.fullmatch(r"(-\w*m)?nnfs_spec(\.__main__)?", original[-len(argv)]))


def begin() -> None:
    """Ready this process: Ctrl-C, the folders that modules come from, its streams, and its children."""
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:  # else whoever started it wants it ignored
        signal.signal(signal.SIGINT, interrupted)
    import_from_nowhere_by_accident()
    open_streams()
    if hasattr(signal, "SIGCHLD"):
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)  # where it is ignored, nobody learns how a child ended


def interrupted(number: int, frame: object) -> None:
    """End at once: nothing has been started yet."""
    os.write(2, b"nnfs-spec: interrupted\n")
    os._exit(INTERRUPTED)


def import_from_nowhere_by_accident() -> None:
    """Import nothing from the current folder, unless PYTHONPATH names it.

    It is there where the command is run as a module, and where an entry of PYTHONPATH is empty.
    """
    try:
        here = os.getcwd()
    except OSError:  # it has been removed
        here = ""
    named = [entry for entry in os.environ.get("PYTHONPATH", "").split(os.pathsep) if entry]
    unwanted = {"", here} - {os.path.normpath(os.path.join(here, entry)) for entry in named}
    sys.path[:] = [entry for entry in sys.path if entry not in unwanted]


def open_streams() -> None:
    """Open every standard stream that is closed, on nothing, so that no other file takes its number."""
    while (descriptor := os.open(os.devnull, os.O_RDWR)) <= 2:
        os.set_inheritable(descriptor, True)
    os.close(descriptor)
    sys.stdin = sys.stdin or os.fdopen(0, encoding="utf-8", closefd=False)
    sys.stdout = sys.stdout or os.fdopen(1, "w", encoding="utf-8", closefd=False)
    sys.stderr = sys.stderr or os.fdopen(2, "w", encoding="utf-8", closefd=False)


IS_COMMAND = is_command(getattr(sys, "argv", ()), sys.orig_argv)

if IS_COMMAND:
    begin()
