"""A subject in a process of its own: whatever it does, the checker goes on.

A crash, an exit or a call that takes too long becomes a Breakdown; the process is started anew for the next session.
"""

import contextlib
import os
import select
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Sequence
from types import TracebackType
from typing import Any, assert_never

from nnfs_spec.adapters.wire import Header, WireError, decode, encode
from nnfs_spec.arrays import Array
from nnfs_spec.subject import Answer, Breakdown, Call, Outcome, Refusal

START_SECONDS = 60.0
MOST_TIMEOUTS = 2
GRACE_SECONDS = 1.0
_CHUNK = 2**20


class TargetError(Exception):
    """The target could not be loaded: nothing can be checked."""


class _TimeoutError(Exception):
    pass


class IsolatedSubject:
    """Runs a target in a child process, with ``timeout`` seconds for each session. Use as a context manager."""

    def __init__(self, target: str, timeout: float = 10.0) -> None:
        self._target = target
        self._timeout = timeout
        self._child: subprocess.Popen[bytes] | None = None
        self._from_child = -1
        self._number = 0
        self._timeouts: Counter[str] = Counter()
        self.name = target
        hello = self._start()
        self.operations = frozenset(hello["operations"])
        self.notes: tuple[str, ...] = tuple(hello["notes"])

    def __enter__(self) -> "IsolatedSubject":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def run(self, session: Sequence[Call]) -> Sequence[Outcome]:
        """Make the calls in the child; where it breaks down, every call of the session has."""
        too_long = f"took longer than {self._timeout:g} s"
        if any(self._timeouts[call.operation] >= MOST_TIMEOUTS for call in session):
            return [Breakdown(f"{too_long} before; it is not called again")] * len(session)
        if self._child is None:
            self._start()
        self._number += 1
        header = {
            "number": self._number,
            "calls": [
                {"operation": c.operation, "layout": c.layout, "fresh": c.fresh, "arguments": len(c.arguments)}
                for c in session
            ],
        }
        try:
            answer, arrays = self._exchange(encode(header, [a for c in session for a in c.arguments]), self._timeout)
            if answer.get("number") != self._number:  # a copy of the process that the subject forked answers too
                raise WireError("an answer to another question")
            return read_outcomes(answer, arrays)
        except _TimeoutError:
            self._timeouts.update({call.operation for call in session})
            self.close(grace=0)
            return [Breakdown(too_long)] * len(session)
        except WireError:
            return [Breakdown(self._farewell())] * len(session)

    def close(self, grace: float = GRACE_SECONDS) -> None:
        """End the child and every process of its group; it has ``grace`` seconds to end by itself."""
        if self._child is None:
            return
        assert self._child.stdin is not None
        with contextlib.suppress(BrokenPipeError):
            self._child.stdin.close()
        _ended_within(grace, self._child.pid)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._child.pid, signal.SIGKILL)
        self._child.wait()
        os.close(self._from_child)
        self._child = None

    def _start(self) -> Header:
        self._from_child, to_parent = os.pipe()
        command = [sys.executable, "-P", "-m", "nnfs_spec.adapters.child", str(to_parent), self._target]
        self._child = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            pass_fds=[to_parent],
            start_new_session=True,
        )
        os.close(to_parent)
        try:
            hello, _ = self._exchange(b"", START_SECONDS)
        except _TimeoutError:
            self.close(grace=0)
            raise TargetError(f"{self._target}: loading took longer than {START_SECONDS:g} s") from None
        except WireError:
            raise TargetError(f"{self._target}: {self._farewell()} while being loaded") from None
        if "problem" in hello:
            self.close()
            raise TargetError(hello["problem"])
        return hello

    def _exchange(self, frame: bytes, seconds: float) -> tuple[Header, list[Array]]:
        assert self._child is not None
        assert self._child.stdin is not None
        deadline = time.monotonic() + seconds
        try:
            self._child.stdin.write(frame)
            self._child.stdin.flush()
        except BrokenPipeError:
            raise WireError("the stream is closed") from None
        return decode(lambda n: self._read(n, deadline))

    def _read(self, n: int, deadline: float) -> bytes:
        parts: list[bytes] = []
        while n > 0:
            ready, _, _ = select.select([self._from_child], [], [], max(0.0, deadline - time.monotonic()))
            if not ready:
                raise _TimeoutError
            part = os.read(self._from_child, min(n, _CHUNK))
            if not part:
                raise WireError("the stream ended")
            parts.append(part)
            n -= len(part)
        return b"".join(parts)

    def _farewell(self) -> str:
        assert self._child is not None
        child = self._child
        if not _ended_within(GRACE_SECONDS, child.pid):
            self.close(grace=0)
            return "broke the stream of answers"
        self.close()
        code = child.returncode
        return f"ended its process with signal {-code}" if code < 0 else f"ended its process with status {code}"


def _ended_within(seconds: float, pid: int) -> bool:
    """Wait for a child to end, without forgetting it, so that its group can still be killed by its number."""
    deadline = time.monotonic() + seconds
    while os.waitid(os.P_PID, pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is None:
        if time.monotonic() >= deadline:
            return False
        time.sleep(0.002)
    return True


def read_outcomes(header: Header, arrays: list[Array]) -> list[Outcome]:
    """Return the outcomes that the child described."""
    remaining = iter(arrays)

    def take(count: int) -> tuple[Array, ...]:
        return tuple(next(remaining) for _ in range(count))

    outcomes: list[Outcome] = []
    for one in header["outcomes"]:
        match one["kind"]:
            case "answer":
                outcomes.append(Answer(take(one["results"]), take(one["results"]), take(one["arguments"])))
            case "refusal":
                outcomes.append(Refusal(one["name"], one["message"]))
            case _:
                outcomes.append(Breakdown(one["message"]))
    return outcomes


def write_outcomes(number: int, outcomes: Sequence[Outcome]) -> bytes:
    """Return the frame that answers question ``number`` with ``outcomes``."""
    described: list[dict[str, Any]] = []
    arrays: list[Array] = []
    for outcome in outcomes:
        match outcome:
            case Answer(results, kept, after):
                described.append({"kind": "answer", "results": len(results), "arguments": len(after)})
                arrays += [*results, *kept, *after]
            case Refusal(kind, message):
                described.append({"kind": "refusal", "name": kind, "message": message})
            case Breakdown(message):
                described.append({"kind": "breakdown", "message": message})
            case _ as never:
                assert_never(never)
    return encode({"number": number, "outcomes": described}, arrays)
