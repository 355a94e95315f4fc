"""A process that holds a subject, in a session of its own: how it is started, and that all of it ends.

Its temporary files have a folder of their own, which ends with it.
"""

import contextlib
import os
import secrets
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

GRACE_SECONDS = 1.0


def python(module: str, *arguments: str) -> list[str]:
    """Return the command that runs a module of the kit, without the current folder among those imported from."""
    return [sys.executable, "-P", "-u", "-m", module, *arguments]


def environment() -> dict[str, str]:
    """Return this process's environment, but for what would have another interpreter stay or import from anywhere.

    PYTHONINSPECT would have it wait for input at its end. An empty entry of PYTHONPATH stands for the current folder,
    though it is mostly there by accident.
    """
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONINSPECT"}
    if "PYTHONPATH" in kept:
        kept["PYTHONPATH"] = os.pathsep.join(filter(None, kept["PYTHONPATH"].split(os.pathsep)))
    return kept


class TargetProcess:
    """Starts ``command`` at once; the descriptors are its standard streams. Raises OSError where that fails.

    One that is ``sandboxed`` has temporary files that end with the sandbox; otherwise they have a folder that is
    removed.
    """

    def __init__(
        self,
        command: Sequence[str],
        stdin: int,
        stdout: int,
        stderr: int,
        pass_fds: Sequence[int] = (),
        more: Mapping[str, str] | None = None,
        *,
        sandboxed: bool = False,
    ) -> None:
        self._mark = new_mark()
        self._sandboxed = sandboxed
        self._folder = None if sandboxed else PrivateFolder(self._mark)
        temporary = TEMPORARY if self._folder is None else self._folder.path
        try:
            self._process = subprocess.Popen(
                command,
                stdin=stdin,
                stdout=stdout,
                stderr=stderr,
                pass_fds=pass_fds,
                env={**environment(), **(more or {}), MARK: self._mark, VARIABLE: temporary},
                start_new_session=True,
            )
        except BaseException:
            if self._folder is not None:
                self._folder.remove()
            raise
        self.pid = self._process.pid
        self.death = os.pidfd_open(self.pid) if hasattr(os, "pidfd_open") else None
        """A descriptor that becomes readable when the process ends, where the system has such."""

    def ended_within(self, seconds: float, meanwhile: Callable[[], None]) -> bool:
        """Wait for the process to end, without forgetting it, so that its group can still be killed by its number."""
        deadline = time.monotonic() + seconds
        while os.waitid(os.P_PID, self.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is None:
            if time.monotonic() >= deadline:
                return False
            meanwhile()
            time.sleep(0.001)
        return True

    def kill(self) -> None:
        """End the process and all that it started, if any of it is left, and remove its temporary files."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.pid, signal.SIGKILL)
        self._process.wait()
        end_strays(self._mark)
        if self._folder is not None:
            self._folder.remove()
        if self.death is not None:
            os.close(self.death)

    def ending(self) -> str:
        """Return how the process ended, after it was waited for."""
        code = self._process.returncode
        if self._sandboxed and 128 < code <= 128 + max(signal.Signals):  # so bubblewrap tells a signal, as shells do
            code = 128 - code
        if code >= 0:
            return f"ended its process with status {code}"
        return f"ended its process with signal {-code} ({signal.Signals(-code).name})"


MARK = "NNFS_SPEC_SUBJECT"
PROCESSES = Path("/proc")
SECONDS = 1.0


def new_mark() -> str:
    """Return a value of MARK that no other run has."""
    return secrets.token_hex(8)


def strays(mark: str) -> list[int]:
    """Return the numbers of the running processes that carry ``mark``."""
    wanted = f"{MARK}={mark}".encode()
    found: list[int] = []
    for folder in PROCESSES.glob("[0-9]*"):
        with contextlib.suppress(OSError):  # it has ended meanwhile, or is another user's
            if wanted in (folder / "environ").read_bytes().split(b"\0"):
                found.append(int(folder.name))
    return found


def end_strays(mark: str) -> None:
    """Kill every process that carries ``mark``, and those that they start meanwhile."""
    deadline = time.monotonic() + SECONDS
    while (found := strays(mark)) and time.monotonic() < deadline:
        for pid in found:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        time.sleep(0.001)


VARIABLE = "TMPDIR"
"""What tells a program where its temporary files go."""

TEMPORARY = "/tmp"
"""Where they go in a sandbox, which has one of its own there; nobody can remove it."""

_REMOVE = """
trap "" HUP INT TERM
PATH="$PATH:/usr/bin:/bin"
if ! read -r over; then
    grep -lsF -- "$2" /proc/[0-9]*/environ | while IFS=/ read -r nothing proc pid rest; do kill -9 "$pid"; done
fi
rm -rf -- "$1" || { chmod -R u+rwx -- "$1"; rm -rf -- "$1"; } || { sleep 1; rm -rf -- "$1"; }
"""
"""Waits for the end of its input. Where no line came before it, the checker was killed, and so is what bears the mark.

What resists being removed has locked its folders, or is still written to by what is just ending.
"""

REMOVE_SECONDS = 30.0


class PrivateFolder:
    """A new folder that this user alone can enter. Raises OSError where it cannot be made.

    Who removes it is started before it is made, so that it is gone however this process ends; who is killed with the
    processes that carry ``mark`` need not end them.
    """

    def __init__(self, mark: str = "") -> None:
        self.path = os.path.join(tempfile.gettempdir(), f"nnfs-spec-{secrets.token_hex(8)}")
        ends, self._lifeline = os.pipe()
        try:
            self._remover = subprocess.Popen(
                ["/bin/sh", "-c", _REMOVE, "sh", self.path, f"{MARK}={mark or new_mark()}"],
                stdin=ends,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                cwd="/",
                start_new_session=True,
            )
        except BaseException:
            os.close(self._lifeline)
            raise
        finally:
            os.close(ends)
        try:
            os.mkdir(self.path, 0o700)
        except BaseException:
            self.remove()
            raise

    def remove(self) -> None:
        """Remove it with all that it holds; whoever writes there must have ended."""
        with contextlib.suppress(BrokenPipeError):
            os.write(self._lifeline, b"over\n")
        os.close(self._lifeline)
        try:
            self._remover.wait(REMOVE_SECONDS)
        except subprocess.TimeoutExpired:  # somebody has stopped it
            self._remover.kill()
            self._remover.wait()
            shutil.rmtree(self.path, ignore_errors=True)
