"""One process that holds a subject, from its start to its end, and the channel to it."""

import contextlib
import fcntl
import os
import select
import signal
import subprocess
import sys
import tempfile
import time
from typing import Any

from nnfs_spec.adapters.arena import ARENA_BYTES, Arena
from nnfs_spec.adapters.captured import Captured
from nnfs_spec.adapters.job import Job
from nnfs_spec.adapters.loading import Loading, to_text
from nnfs_spec.adapters.strays import MARK, end_strays, new_mark
from nnfs_spec.adapters.waiting import wait
from nnfs_spec.adapters.wire import EndedError, decode, read_frame
from nnfs_spec.arrays import Array

GRACE_SECONDS = 1.0
CHUNK = 2**20


class TooLongError(Exception):
    """No answer came in time."""


class Host:
    """Starts at once to load ``target`` in a process of its own; what that prints goes to ``captured``."""

    def __init__(self, target: str, loading: Loading, memory: int, captured: Captured) -> None:
        self._captured = captured
        self._mark = new_mark()
        asked, answered = _nameless_file(), _nameless_file()
        self.asked = Arena(asked, writable=True)
        self._answered = Arena(answered, writable=False)
        to_child, self._questions = os.pipe()
        self._answers, from_child = os.pipe()
        self._output, prints = os.pipe()
        lifeline, self._lifeline = os.pipe()
        job = Job(target, to_text(loading), to_child, from_child, asked, answered, lifeline, memory)
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-u", "-m", "nnfs_spec.adapters.child", job.to_text()],
            stdin=subprocess.DEVNULL,
            stdout=prints,
            stderr=prints,
            pass_fds=job.descriptors,
            env={**os.environ, "MPLBACKEND": "Agg", MARK: self._mark},
            start_new_session=True,
        )
        for descriptor in (*job.descriptors, prints):
            os.close(descriptor)
        os.set_blocking(self._questions, False)
        os.set_blocking(self._output, False)
        self._death = os.pidfd_open(self._process.pid) if hasattr(os, "pidfd_open") else None
        self._poll = select.poll()
        for descriptor in (self._answers, self._output):  # so, what is printed before an answer is seen with it
            self._poll.register(descriptor, select.POLLIN)
        if self._death is not None:
            self._poll.register(self._death, select.POLLIN)

    def ask(self, frame: bytes, seconds: float) -> tuple[Any, list[Array]]:
        """Send a question and return the answer; its arrays are copies. Raises WireError and TooLongError."""
        deadline = time.monotonic() + seconds
        self._send(frame, deadline)
        return decode(read_frame(lambda: self._more(deadline)), self._answered.copied)

    def farewell(self) -> str:
        """Return how a process came to its end that closed its channel, and end what is left of it."""
        if not self._ended_within(GRACE_SECONDS):
            self.end(grace=0)
            return "closed the stream of answers"
        self.end()
        code = self._process.returncode
        if code >= 0:
            return f"ended its process with status {code}"
        return f"ended its process with signal {-code} ({signal.Signals(-code).name})"

    def end(self, grace: float = GRACE_SECONDS) -> None:
        """End the process and all that it started; it has ``grace`` seconds to end by itself."""
        os.close(self._questions)
        self._ended_within(grace)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        end_strays(self._mark)
        self._drain()
        for descriptor in (self._answers, self._output, self._lifeline, self._death):
            if descriptor is not None:
                os.close(descriptor)
        self.asked.close()
        self._answered.close()

    def _send(self, frame: bytes, deadline: float) -> None:
        rest = memoryview(frame)
        while rest:
            try:
                rest = rest[os.write(self._questions, rest) :]
            except BlockingIOError:
                if not select.select([], [self._questions], [], max(0.0, deadline - time.monotonic()))[1]:
                    raise TooLongError from None
            except BrokenPipeError:
                raise EndedError("the stream is closed") from None

    def _more(self, deadline: float) -> bytes:
        """Return what came of the answer, and take what was printed before it."""
        while (remaining := deadline - time.monotonic()) > 0:
            ready = {descriptor for descriptor, _ in wait(self._poll.poll, remaining)}
            if self._output in ready:
                self._drain()
            if self._answers in ready:
                if data := os.read(self._answers, CHUNK):
                    return data
                raise EndedError("the stream ended")
            if self._death in ready:
                raise EndedError("the process ended")
        raise TooLongError

    def _drain(self) -> None:
        """Take what the subject has printed so far; one reading empties the pipe."""
        with contextlib.suppress(BlockingIOError):
            printed = os.read(self._output, CHUNK)
            self._captured.take(printed)
            if not printed:
                self._forget(self._output)

    def _forget(self, descriptor: int) -> None:
        with contextlib.suppress(KeyError):
            self._poll.unregister(descriptor)

    def _ended_within(self, seconds: float) -> bool:
        """Wait for the process to end, without forgetting it, so that its group can still be killed by its number."""
        deadline = time.monotonic() + seconds
        while os.waitid(os.P_PID, self._process.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is None:
            if time.monotonic() >= deadline:
                return False
            self._drain()
            time.sleep(0.001)
        return True


def _nameless_file() -> int:
    """Return the descriptor of a file without a name: nothing is left of it, however the processes end."""
    if hasattr(os, "memfd_create"):
        descriptor = os.memfd_create("nnfs-spec", os.MFD_CLOEXEC | os.MFD_ALLOW_SEALING)
        os.ftruncate(descriptor, ARENA_BYTES)
        fcntl.fcntl(descriptor, fcntl.F_ADD_SEALS, fcntl.F_SEAL_SHRINK)  # else a subject could make reading it fatal
        return descriptor
    with tempfile.TemporaryFile() as file:
        file.truncate(ARENA_BYTES)
        return os.dup(file.fileno())
