"""The streams of an executable: what is written while reading, lines that bear the mark, and free text beside them."""

import contextlib
import errno
import os
import resource
import select
import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from nnfs_spec.adapters.executable.protocol import END, MARK, ProtocolError, shown
from nnfs_spec.adapters.executable.trace import SILENT, Trace
from nnfs_spec.adapters.process.frames import EndedError
from nnfs_spec.adapters.process.launch import GRACE_SECONDS, TargetProcess
from nnfs_spec.adapters.process.limits import ALLOWANCE
from nnfs_spec.adapters.process.pipes import PIPE_BYTES, Captured, pipe, remaining, wait
from nnfs_spec.adapters.process.sandbox import enclosed
from nnfs_spec.adapters.process.watchdog import LOOK_SECONDS, Watchdog

MOST_FREE_TEXT = PIPE_BYTES
"""Characters of a line without the mark that are looked at; what follows is only counted."""

_MARK = MARK.encode()
_PRINTED = bytes(range(ord(" "), ord("~") + 1)) + b"\t\r"


class Watched(Protocol):
    """The process at the other end."""

    @property
    def death(self) -> int | None:
        """A descriptor that becomes readable when it ends."""
        ...

    def ended_within(self, seconds: float, meanwhile: Callable[[], None]) -> bool:
        """Wait for its end."""
        ...

    def kill(self) -> None:
        """End it, and all that it started."""
        ...

    def ending(self) -> str:
        """Return how it ended."""
        ...


def _see_nothing() -> None:
    """Watch nothing."""


@dataclass(frozen=True)
class Streams:
    """A process, and the descriptors of this side of its standard streams."""

    process: Watched
    stdin: int
    stdout: int
    stderr: int
    watch: Callable[[], None] = _see_nothing
    """Raises ExcessError where the process has taken too much."""


def start(command: Sequence[str], memory: int, target: str = "", *, sandboxed: bool = False) -> Streams:
    """Start a process that has no more than ``memory`` bytes, in a sandbox that shows ``target`` if that is asked for.

    Raises OSError where that fails.
    """
    with contextlib.ExitStack() as theirs, contextlib.ExitStack() as ours:
        theirs_in, stdin = pipe(theirs, ours)
        stdout, theirs_out = pipe(ours, theirs)
        stderr, theirs_err = pipe(ours, theirs)
        process = TargetProcess(
            enclosed(_limited(command, memory), target) if sandboxed else command,
            theirs_in,
            theirs_out,
            theirs_err,
            sandboxed=sandboxed,
        )
        ours.pop_all()
    if not sandboxed:
        _limit(process.pid, memory)
    return Streams(process, stdin, stdout, stderr, Watchdog(process.pid, memory + ALLOWANCE).look)


class Lines:
    """What goes through ``streams``; free text goes to ``captured`` and all that is said to ``trace``."""

    def __init__(self, streams: Streams, captured: Captured, trace: Trace = SILENT) -> None:
        self._process = streams.process
        self._in, self._out, self._err = streams.stdin, streams.stdout, streams.stderr
        self._watch = streams.watch
        self._captured = captured
        self._trace = trace
        self.unasked = 0
        """Lines that bear the mark and came after the last answer, of a process that has been ended."""
        self._unsent = memoryview(b"")
        self._read = bytearray()
        self._poll = select.poll()
        for descriptor in (self._in, self._out, self._err):
            os.set_blocking(descriptor, False)
        for descriptor in (self._out, self._err):
            self._poll.register(descriptor, select.POLLIN)
        if self._process.death is not None:
            self._poll.register(self._process.death, select.POLLIN)

    def send(self, data: bytes) -> None:
        """Have ``data`` written whenever there is room for it, as soon as something is read."""
        self._trace.sent(data)
        self._unsent = memoryview(bytes(self._unsent) + data)
        self._write()

    def line(self, deadline: float, most: int) -> str:
        """Return the next line that bears the mark. Raises EndedError, TooLongError, and ProtocolError."""
        searched = 0
        while True:
            end = self._read.find(b"\n", searched)
            if end < 0:
                self._refuse_endless(most)
                searched = len(self._read)
                self._more(deadline)
                continue
            line = bytes(self._read[:end])
            del self._read[: end + 1]
            searched = 0
            self._trace.got(line + b"\n")
            if _is_marked(line):
                return _text(line)
            self._captured.take(line + b"\n")

    def exactly(self, count: int, deadline: float) -> bytes:
        """Return the next ``count`` bytes. Raises EndedError and TooLongError."""
        while len(self._read) < count:
            self._more(deadline)
        data = bytes(self._read[:count])
        del self._read[:count]
        return data

    def rest(self) -> str:
        """Return the beginning of what was read of a line that did not come to its end."""
        return shown(self._read.decode("ascii", "backslashreplace")) if _is_marked(self._read) else ""

    def farewell(self) -> str:
        """Return how a process came to its end that closed its channel, and end what is left of it."""
        broken_off = self.rest()
        if not self._process.ended_within(GRACE_SECONDS, self._drain):
            self.end(grace=0)
            ending = "closed the stream of answers"
        else:
            self.end()
            ending = self._process.ending()
        return f"{ending}; of an answer only {broken_off} had come" if broken_off else ending

    def end(self, grace: float = GRACE_SECONDS) -> None:
        """End the process and all that it started; it has ``grace`` seconds to end by itself."""
        if grace and not self._unsent:
            self.send(END)
        os.close(self._in)
        self._process.ended_within(grace, self._drain)
        self._process.kill()
        self._drain()
        for descriptor in (self._out, self._err):
            os.close(descriptor)
        for line in bytes(self._read).splitlines(keepends=True):
            if _is_marked(line):
                self.unasked += 1
            else:
                self._captured.take(line)

    def _refuse_endless(self, most: int) -> None:
        """Keep no more of a line that does not end than an answer may have."""
        if len(self._read) <= MOST_FREE_TEXT:
            return
        if not _is_marked(self._read):
            self._captured.take(bytes(self._read))
            self._read = bytearray(b"...")  # so that the rest of the line is not taken for one of its own
        elif len(self._read) > most:
            raise ProtocolError(f"wrote a line of more than {most} characters: {self.rest()}")

    def _more(self, deadline: float) -> None:
        """Wait for something to read, and read it; write meanwhile."""
        before = len(self._read)
        while len(self._read) == before:
            ready = {descriptor for descriptor, _ in wait(self._poll.poll, min(remaining(deadline), LOOK_SECONDS))}
            self._watch()
            if self._in in ready:
                self._write()
            if self._err in ready:
                self._take_free_text()
            if self._out in ready:
                data = os.read(self._out, PIPE_BYTES)
                if not data:
                    raise EndedError("the stream ended")
                self._read += data
            elif self._process.death in ready:
                raise EndedError("the process ended")

    def _write(self) -> None:
        """Write what there is room for; who does not read any more is heard out all the same."""
        try:
            while self._unsent:
                self._unsent = self._unsent[os.write(self._in, self._unsent) :]
        except BlockingIOError:
            self._poll.register(self._in, select.POLLOUT)
            return
        except BrokenPipeError:
            self._unsent = memoryview(b"")
        with contextlib.suppress(KeyError):
            self._poll.unregister(self._in)

    def _take_free_text(self) -> None:
        data = os.read(self._err, PIPE_BYTES)
        self._captured.take(data)
        if not data:
            self._poll.unregister(self._err)

    def _drain(self) -> None:
        """Take the beginning of what has been written so far, without waiting."""
        with contextlib.suppress(BlockingIOError):
            self._captured.take(os.read(self._err, PIPE_BYTES))
        with contextlib.suppress(BlockingIOError):
            self._read += os.read(self._out, PIPE_BYTES)
        del self._read[MOST_FREE_TEXT:]


def _is_marked(line: bytes | bytearray) -> bool:
    return line[:1] == _MARK and (len(line) == 1 or line[1:2].isspace())


def _text(line: bytes) -> str:
    if line.translate(None, _PRINTED):
        raise ProtocolError(f"wrote bytes that are no text: {shown(line.decode('ascii', 'backslashreplace'))}")
    return line.decode("ascii")


def _limited(command: Sequence[str], memory: int) -> list[str]:
    """Return a command that limits itself before it becomes ``command``. Raises FileNotFoundError without such a one.

    Of a process in a sandbox nobody outside knows the number before it has begun.
    """
    program = shutil.which(command[0])
    if program is None:
        raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), command[0])
    return ["/bin/sh", "-c", f'ulimit -c 0; ulimit -d {memory // 1024}; exec "$@"', "sh", program, *command[1:]]


def _limit(pid: int, memory: int) -> None:
    """Let a process that has just started have no more than ``memory`` bytes, where the system can say so."""
    if hasattr(resource, "prlimit"):
        with contextlib.suppress(ProcessLookupError):  # it has ended already
            resource.prlimit(pid, resource.RLIMIT_DATA, (memory, memory))
            resource.prlimit(pid, resource.RLIMIT_CORE, (0, 0))
