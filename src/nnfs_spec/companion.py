"""A second process that takes every other block of the complete sets, and tells after each how far it has come."""

import json
import os
import select
import subprocess
import sys
import time
from collections.abc import Sequence
from types import TracebackType

from nnfs_spec.adapters.isolated import IsolatedSubject
from nnfs_spec.adapters.loading import Loading, from_text
from nnfs_spec.assistant import ABANDONED, ended, followed, started
from nnfs_spec.clauses import all_clauses
from nnfs_spec.engine.exhaust import Passage, blocks_of, go_through
from nnfs_spec.engine.standing import Standing

PIPE_BYTES = 2**16


class Companion:
    """Starts the process when it is told to. Use as a context manager: at its end the process has ended, too."""

    def __init__(
        self, target: str, timeout: float, loading: Loading, *, only: Sequence[str], max_time: float | None
    ) -> None:
        self._target = target
        self._loading = loading
        self._asked = {"timeout": timeout, "only": list(only), "max_time": max_time}
        self._process: subprocess.Popen[bytes] | None = None
        self._read = b""
        self._latest: Passage | None = None

    def __enter__(self) -> "Companion":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._process is not None:
            ended(self._process)

    def start(self, passage: Passage) -> None:
        """Let it begin where ``passage`` stands."""
        asked = {**self._asked, "passage": passage.to_dict()}
        self._process = started("nnfs_spec.companion", self._target, self._loading, asked)

    def latest(self) -> Passage | None:
        """Return how far it has come, without waiting; None where it has told nothing yet."""
        more = True
        while more:
            more = bool(select.select([self._descriptor], [], [], 0)[0]) and self._take()
        return self._latest

    def finish(self) -> Passage | None:
        """Wait for its end, and return how far it came; None where it came to no proper end."""
        assert self._process is not None
        more = True
        while more:
            more = self._take()
        return self._latest if self._process.wait() == 0 else None

    @property
    def _descriptor(self) -> int:
        assert self._process is not None
        assert self._process.stdout is not None
        return self._process.stdout.fileno()

    def _take(self) -> bool:
        """Take what it has told; tell whether there may be more."""
        told = os.read(self._descriptor, PIPE_BYTES)
        *lines, self._read = (self._read + told).split(b"\n")
        if lines:
            self._latest = Passage.from_dict(json.loads(lines[-1]))
        return bool(told)


def main(arguments: Sequence[str]) -> int:
    """Take the share of the check of ``arguments[0]``, and print how far it is, line by line."""
    target, loading, asked = arguments[0], from_text(arguments[1]), json.loads(arguments[2])
    if not followed():
        return ABANDONED
    end = time.monotonic() + asked["max_time"] if asked["max_time"] is not None else None
    standings = {id: Standing.of(id) for id in asked["only"] or all_clauses()}
    passage = Passage.from_dict(asked["passage"])
    with IsolatedSubject(target, asked["timeout"], loading) as subject:
        blocks = blocks_of(subject.operations, list(standings), subject.reach)
        print(json.dumps(passage.to_dict()), flush=True)
        for passed in go_through(subject, standings, blocks, passage, range(1, len(blocks), 2), end):
            print(json.dumps(passed.to_dict()), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
