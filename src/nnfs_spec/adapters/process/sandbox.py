"""A sandbox around the process of a target, by bubblewrap (bwrap), where that can be had.

Inside, nothing can be written but private folders in memory. There is no network; other processes cannot be seen,
signalled or written to. What lies in the home directory is hidden, but for the target and what Python needs.
"""

import os
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path

from nnfs_spec.adapters.options import is_named
from nnfs_spec.adapters.process.launch import TEMPORARY
from nnfs_spec.subject.protocol import EXECUTABLE, Sandbox

FOLDER_BYTES = 2**29
"""The most that is kept in each of the private folders, where bubblewrap can limit it."""

HIDDEN = (TEMPORARY, "/var/tmp", "/run")
"""Other people's temporary files, and the sockets of services that would do what a sandbox forbids."""

WAY_OUT = "install bubblewrap, or pass --sandbox none, so that the target runs as you do"

PROBE_SECONDS = 10.0


class SandboxError(OSError):
    """There is no sandbox to be had, and nothing else was asked for."""


def resolved(asked: Sandbox) -> tuple[Sandbox, str | None]:
    """Return what a target is run in, and why that is no sandbox though one was wished for.

    Raises SandboxError where one is demanded and cannot be had.
    """
    if asked == "none":
        return "none", None
    problem = why_not()
    if problem is None:
        return "bwrap", None
    if asked == "bwrap":
        raise SandboxError(f"no sandbox can be had: {problem}; {WAY_OUT}")
    return "none", problem


def why_not() -> str | None:
    """Return why bubblewrap cannot be used here, or None where it can."""
    program = shutil.which("bwrap")
    return "bubblewrap is not installed" if program is None else _tried(program, sized=True)[0]


@cache
def _tried(program: str, sized: bool) -> tuple[str | None, bool]:
    """Return what is wrong with a sandbox that runs nothing, and whether the size of a folder can be limited."""
    command = [program, *_walls(sized), "--tmpfs", TEMPORARY, "/bin/sh", "-c", ":"]
    try:
        done = subprocess.run(command, capture_output=True, timeout=PROBE_SECONDS, check=False)
    except (OSError, subprocess.TimeoutExpired) as problem:
        return str(problem), sized
    if done.returncode == 0:
        return None, sized
    said = done.stderr.decode("utf-8", "replace").strip().splitlines()
    return _tried(program, sized=False) if sized else (said[-1] if said else "bubblewrap failed", False)


def enclosed(command: Sequence[str], target: str) -> list[str]:
    """Return ``command``, which runs ``target``, in a sandbox. It can be had: ``resolved`` has said so."""
    program = shutil.which("bwrap")
    assert program is not None
    _, sized = _tried(program, sized=True)
    hidden = _hidden()
    size = ["--size", str(FOLDER_BYTES)] if sized else []
    words = [program, *_walls(sized)]
    for folder in hidden:
        words += [*size, "--tmpfs", folder]
    for path in _needed(target, hidden):
        words += ["--ro-bind", path, path]
    here = os.getcwd()
    for folder in (here, os.path.expanduser("~")):
        words += ["--dir", folder] if _is_below(folder, hidden) else []
    return [*words, "--chdir", here, "--", *command]


def _walls(sized: bool) -> list[str]:
    """Return the options of every sandbox; the private folder of shared memory is limited where that is possible."""
    shared = ["--size", str(FOLDER_BYTES), "--tmpfs", "/dev/shm"] if sized else []
    return [
        *("--ro-bind", "/", "/", "--dev", "/dev", *shared, "--proc", "/proc"),
        *("--unshare-pid", "--unshare-net", "--unshare-ipc", "--die-with-parent", "--new-session", "--cap-drop", "ALL"),
    ]


def _hidden() -> list[str]:
    """Return the folders in whose place there is an empty one, outer ones first; none is a link."""
    homes = (os.path.expanduser("~"), "/home", "/root")
    found = {os.path.realpath(folder) for folder in (*HIDDEN, *homes) if os.path.isdir(folder)} - {"/"}
    return sorted(folder for folder in found if not _is_below(folder, (sys.prefix, sys.base_prefix)))


def _needed(target: str, hidden: Sequence[str]) -> list[str]:
    """Return what is to be seen again of the hidden folders: the interpreter, its modules, and the target."""
    python = (sys.prefix, sys.base_prefix, *filter(os.path.isabs, sys.path))
    wanted = list(_ways([*python, *_of_target(target, hidden)]))
    kept: list[str] = []
    for path in sorted(wanted):
        if os.path.exists(path) and _is_below(path, hidden) and path not in hidden and not _is_below(path, kept):
            kept.append(path)
    return kept


def _ways(paths: Sequence[str]) -> Iterator[str]:
    """Yield the paths, with and without links in them."""
    for path in paths:
        yield os.path.abspath(path)
        yield os.path.realpath(path)


def _of_target(target: str, hidden: Sequence[str]) -> list[str]:
    """Return the folders of what is named by a target: what it imports or reads lies beside it."""
    if is_named(target):
        return []
    if target.startswith(EXECUTABLE):
        words = [os.path.expanduser(word) for word in shlex.split(target.removeprefix(EXECUTABLE))]
        files = [_around(word, hidden) for word in words if os.path.exists(word)]
        return [os.getcwd(), *files, *_of_program(words[0], hidden)]
    path = os.path.expanduser(target)
    return [_around(path, hidden)] if os.path.exists(path) else [os.getcwd()]


def _of_program(program: str, hidden: Sequence[str]) -> list[str]:
    """Return the folder that a program is installed in, with the libraries beside its ``bin``."""
    found = shutil.which(program)
    if found is None:
        return []
    folder = os.path.dirname(os.path.realpath(found))
    above = os.path.dirname(folder)
    installed = os.path.basename(folder) in ("bin", "shims") and not _holds_hidden(above, hidden)
    return [found, above if installed else folder]


def _around(path: str, hidden: Sequence[str]) -> str:
    """Return the folder of a file, or the outermost package of a module; the file alone where that would show all."""
    package = absolute = Path(os.path.abspath(path))
    folder = absolute if absolute.is_dir() else absolute.parent
    while (folder / "__init__.py").exists():
        package, folder = folder, folder.parent
    return str(package) if _holds_hidden(os.path.realpath(folder), hidden) else str(folder)


def _holds_hidden(folder: str, hidden: Sequence[str]) -> bool:
    """Tell whether a hidden folder is this one or lies in it."""
    return any(_is_below(one, (folder,)) for one in hidden)


def _is_below(path: str, folders: Sequence[str]) -> bool:
    """Tell whether a path is one of the folders or lies in one."""
    return any(os.path.commonpath((path, folder)) == folder for folder in folders)
