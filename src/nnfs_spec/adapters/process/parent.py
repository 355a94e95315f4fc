"""One process that holds a subject, from its start to its end, and the channel to it."""

import contextlib
import fcntl
import os
import select
import subprocess
import tempfile
import time
from collections.abc import Sequence
from contextlib import ExitStack, closing
from typing import Any

from nnfs_spec.adapters.options import Loading, to_text
from nnfs_spec.adapters.process.frames import EndedError, decode, read_frame
from nnfs_spec.adapters.process.launch import GRACE_SECONDS, TargetProcess, python
from nnfs_spec.adapters.process.limits import ALLOWANCE
from nnfs_spec.adapters.process.messages import (
    HELLO,
    Job,
    answer_to,
    read_account,
    read_code_lines,
    read_hello,
    read_outcomes,
    write_request,
    write_sessions,
)
from nnfs_spec.adapters.process.pipes import PIPE_BYTES, Captured, kept, pipe, remaining, wait
from nnfs_spec.adapters.process.sandbox import enclosed
from nnfs_spec.adapters.process.shared_memory import ARENA_BYTES, Arena
from nnfs_spec.adapters.process.watchdog import LOOK_SECONDS, Watchdog
from nnfs_spec.arrays import Array
from nnfs_spec.subject.protocol import Account, Call, CodeLines, Greeting, Outcome


class Host:
    """A process of Python, which starts at once to load ``target``; what that prints goes to ``captured``."""

    over = False
    """It goes on until it is ended."""

    def __init__(self, target: str, loading: Loading, memory: int, captured: Captured) -> None:
        self._captured = captured
        self._number = HELLO
        with ExitStack() as theirs, ExitStack() as ours:
            asked, answered = (kept(theirs, _nameless_file()) for _ in range(2))
            self._asked = ours.enter_context(closing(Arena(asked, writable=True)))
            self._answered = ours.enter_context(closing(Arena(answered, writable=False)))
            to_child, self._questions = pipe(theirs, ours)
            self._answers, from_child = pipe(ours, theirs)
            self._output, prints = pipe(ours, theirs)
            lifeline, self._lifeline = pipe(theirs, ours)
            job = Job(target, to_text(loading), to_child, from_child, asked, answered, lifeline, memory)
            command = python("nnfs_spec.adapters.process.child", job.to_text())
            sandboxed = loading.sandbox == "bwrap"
            self._process = TargetProcess(
                enclosed(command, target) if sandboxed else command,
                subprocess.DEVNULL,
                prints,
                prints,
                job.descriptors,
                {"MPLBACKEND": "Agg"},
                sandboxed=sandboxed,
            )
            ours.pop_all()
        self._watchdog = Watchdog(self._process.pid, memory + ALLOWANCE)
        os.set_blocking(self._questions, False)
        os.set_blocking(self._output, False)
        self._poll = select.poll()
        for descriptor in (self._answers, self._output):  # so, what is printed before an answer is seen with it
            self._poll.register(descriptor, select.POLLIN)
        if self._process.death is not None:
            self._poll.register(self._process.death, select.POLLIN)

    def greet(self, seconds: float) -> Greeting | str:
        """Wait for the target to be loaded; return the problem where it is not. Raises WireError and TooLongError."""
        hello = read_hello(self._ask(HELLO, b"", seconds)[0])
        return hello if isinstance(hello, str) else Greeting(*hello)

    def ask(self, sessions: Sequence[Sequence[Call]], seconds: float) -> list[Outcome]:
        """Have the calls of each session made, and return the outcomes, one session's after the other's.

        Raises WireError, TooLongError and TooLargeError.
        """
        self._number += 1
        told, arrays = self._ask(self._number, write_sessions(self._number, sessions, self._asked), seconds)
        return read_outcomes(told, arrays, [call for session in sessions for call in session])

    def code_lines(self, call: Call, seconds: float) -> CodeLines:
        """Have a call followed through the source. Raises WireError, TooLongError and TooLargeError."""
        self._number += 1
        question = write_sessions(self._number, [[call]], self._asked, follow=True)
        return read_code_lines(self._ask(self._number, question, seconds)[0])

    def account(self, seconds: float) -> Account:
        """Ask for the account of the subject. Raises WireError and TooLongError."""
        self._number += 1
        return read_account(self._ask(self._number, write_request(self._number), seconds)[0])

    def _ask(self, number: int, frame: bytes, seconds: float) -> tuple[Any, list[Array]]:
        """Send a question and return the answer; its arrays are copies."""
        deadline = time.monotonic() + seconds
        self._send(frame, deadline)
        header, arrays = decode(read_frame(lambda: self._more(deadline)), self._answered.copied)
        return answer_to(number, header), arrays

    def farewell(self) -> str:
        """Return how a process came to its end that closed its channel, and end what is left of it."""
        if not self._process.ended_within(GRACE_SECONDS, self._drain):
            self.end(grace=0)
            return "closed the stream of answers"
        self.end()
        return self._process.ending()

    def end(self, grace: float = GRACE_SECONDS) -> None:
        """End the process and all that it started; it has ``grace`` seconds to end by itself."""
        os.close(self._questions)
        self._process.ended_within(grace, self._drain)
        self._process.kill()
        self._drain()
        for descriptor in (self._answers, self._output, self._lifeline):
            os.close(descriptor)
        self._asked.close()
        self._answered.close()

    def _send(self, frame: bytes, deadline: float) -> None:
        rest = memoryview(frame)
        while rest:
            try:
                rest = rest[os.write(self._questions, rest) :]
            except BlockingIOError:
                select.select([], [self._questions], [], remaining(deadline))
            except BrokenPipeError:
                raise EndedError("the stream is closed") from None

    def _more(self, deadline: float) -> bytes:
        """Return what came of the answer, and take what was printed before it."""
        while True:
            ready = {descriptor for descriptor, _ in wait(self._poll.poll, min(remaining(deadline), LOOK_SECONDS))}
            self._watchdog.look()
            if self._output in ready:
                self._drain()
            if self._answers in ready:
                if data := os.read(self._answers, PIPE_BYTES):
                    return data
                raise EndedError("the stream ended")
            if self._process.death in ready:
                raise EndedError("the process ended")

    def _drain(self) -> None:
        """Take what the subject has printed so far; one reading empties the pipe."""
        with contextlib.suppress(BlockingIOError):
            printed = os.read(self._output, PIPE_BYTES)
            self._captured.take(printed)
            if not printed:
                self._forget(self._output)

    def _forget(self, descriptor: int) -> None:
        with contextlib.suppress(KeyError):
            self._poll.unregister(descriptor)


def _nameless_file() -> int:
    """Return the descriptor of a file without a name, for this user alone: nothing is left of it, however they end."""
    if hasattr(os, "memfd_create"):
        descriptor = os.memfd_create("nnfs-spec", os.MFD_CLOEXEC | os.MFD_ALLOW_SEALING)
        os.fchmod(descriptor, 0o600)  # it is made for everybody, as a file below another's /proc would show
        os.ftruncate(descriptor, ARENA_BYTES)
        fcntl.fcntl(descriptor, fcntl.F_ADD_SEALS, fcntl.F_SEAL_SHRINK)  # else a subject could make reading it fatal
        return descriptor
    with tempfile.TemporaryFile() as file:
        file.truncate(ARENA_BYTES)
        return os.dup(file.fileno())
