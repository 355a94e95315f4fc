"""A second process that does a share of a check, so that two cores work and the verdict comes sooner.

Which steps or blocks it takes is fixed by the plan, never by the clock, so the report does not depend on its speed.
"""

import json
import os
import select
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict
from types import TracebackType
from typing import Self

from nnfs_spec.adapters.isolated import IsolatedSubject, silence
from nnfs_spec.adapters.process.launch import environment, python
from nnfs_spec.adapters.process.limits import abandoned, follow
from nnfs_spec.checking.api import loading_of
from nnfs_spec.checking.worker import Beat
from nnfs_spec.clauses import all_clauses
from nnfs_spec.engine.clause_state import ClauseState, HelperShare, PartialState
from nnfs_spec.engine.exhaustive import Share, blocks_of, try_blocks
from nnfs_spec.engine.options import CheckOptions
from nnfs_spec.engine.run import run_helper_steps
from nnfs_spec.support.hardening import harden

LIFELINE = 0
"""The descriptor of standard input: nothing is written to it, and it closes when the process that asked has ended."""

ABANDONED = 1
PIPE_BYTES = 2**16
ENDING_SECONDS = 10.0


class _Helper:
    """A process of this module. Use as a context manager: at its end the process has ended, too."""

    def __init__(self, target: str, options: CheckOptions) -> None:
        self._target = target
        self._options = options
        self._process: subprocess.Popen[bytes] | None = None

    def _start(self, share: Share | None) -> None:
        asked = {"options": self._options.to_dict(), "share": share and share.to_dict()}
        self._output, told = os.pipe()
        try:
            self._process = subprocess.Popen(
                python(__name__, self._target, json.dumps(asked), str(told)),
                stdin=subprocess.PIPE,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                pass_fds=(told,),
                env=environment(),
                process_group=0,
            )
        except BaseException:
            os.close(self._output)
            raise
        finally:
            os.close(told)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._process is None:
            return
        if self._process.poll() is None:
            self._process.terminate()
        try:
            self._process.wait(ENDING_SECONDS)
        except subprocess.TimeoutExpired:  # it is stopped
            self._process.kill()
        self._process.communicate()
        os.close(self._output)

    @property
    def _started(self) -> "subprocess.Popen[bytes]":
        assert self._process is not None
        return self._process

    def _hear(self) -> bytes:
        """Return what came next, nothing at its end; a process that has fallen silent is killed."""
        if not select.select([self._output], [], [], silence(self._options.timeout))[0]:
            self._started.kill()
        return os.read(self._output, PIPE_BYTES)


class PlanHelper(_Helper):
    """Starts at once, and takes the steps of the plan that a second process may take."""

    def __init__(self, target: str, options: CheckOptions) -> None:
        super().__init__(target, options)
        self._start(None)

    def share(self) -> HelperShare | None:
        """Wait for the process to end, and return what came of its steps; None if it failed."""
        text = b"".join(iter(self._hear, b""))
        if self._started.wait() != 0:
            return None
        told = json.loads(text)
        return HelperShare([PartialState(**one) for one in told["partial_states"]], told["left"])


class ExhaustiveHelper(_Helper):
    """Starts when asked, takes every other block of the complete sets, and reports its progress after each."""

    def __init__(self, target: str, options: CheckOptions) -> None:
        super().__init__(target, options)
        self._unread = b""
        self._latest: Share | None = None

    def start(self, share: Share) -> None:
        """Start the process after the blocks of ``share`` that are done."""
        self._start(share)

    def latest(self) -> Share | None:
        """Return the latest progress without waiting; None if there is none yet."""
        more = True
        while more:
            more = bool(select.select([self._output], [], [], 0)[0]) and self._read()
        return self._latest

    def finish(self) -> Share | None:
        """Wait for the process to end, and return its progress; None if it failed."""
        while self._read():
            pass
        return self._latest if self._started.wait() == 0 else None

    def _read(self) -> bool:
        """Read what was printed, and return whether there may be more."""
        printed = self._hear()
        *lines, self._unread = (self._unread + printed).split(b"\n")
        if told := [line for line in lines if line]:
            self._latest = Share.from_dict(json.loads(told[-1]))
        return bool(printed)


def main(arguments: Sequence[str]) -> int:
    """Do the share of a check that the arguments describe, and print the result as lines of JSON."""
    target, asked = arguments[0], json.loads(arguments[1])
    signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(128 + number))
    follow(LIFELINE)
    if abandoned(LIFELINE):
        return ABANDONED
    options = CheckOptions.from_dict(asked["options"])
    with IsolatedSubject(target, options.timeout, loading_of(options)) as subject:
        subject.beat = Beat(_say_something)
        if asked["share"] is not None:
            _try_blocks(subject, options, Share.from_dict(asked["share"]))
        else:
            print(json.dumps(asdict(run_helper_steps(subject, options))))
    return 0


def _say_something(nothing: bytes) -> None:
    """Print an empty line, which JSON passes over."""
    print(flush=True)


def _try_blocks(subject: IsolatedSubject, options: CheckOptions, start: Share) -> None:
    end = None if options.max_time is None else time.monotonic() + options.max_time
    states = {id: ClauseState.of(id) for id in options.clauses or all_clauses()}
    blocks = blocks_of(subject.operations, list(states), subject.reach)
    print(json.dumps(start.to_dict()), flush=True)
    for share in try_blocks(subject, states, blocks, start, range(1, len(blocks), 2), end):
        print(json.dumps(share.to_dict()), flush=True)


if __name__ == "__main__":
    harden()
    sys.stdout = os.fdopen(int(sys.argv.pop()), "w", encoding="utf-8")  # what others print here is no answer
    sys.exit(main(sys.argv[1:]))
