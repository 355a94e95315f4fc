"""A second process that takes a share of a check, so that two cores are at work and the verdict comes sooner.

Which steps it takes is fixed by the plan, never by the clock, so the report does not depend on how fast either is.
"""

import json
import select
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from types import TracebackType
from typing import Any

from nnfs_spec.adapters.guard import follow
from nnfs_spec.adapters.isolated import IsolatedSubject
from nnfs_spec.adapters.loading import Loading, from_text, to_text
from nnfs_spec.engine.run import take_apart
from nnfs_spec.engine.standing import Tally

LIFELINE = 0
"""The descriptor of standard input: nothing is written to it, and it closes when whoever asked is gone."""

ABANDONED = 1


def started(module: str, target: str, loading: Loading, asked: Mapping[str, Any]) -> "subprocess.Popen[bytes]":
    """Start ``module`` as a process that is asked for a share of the check of ``target``."""
    command = [sys.executable, "-P", "-m", module, target, to_text(loading), json.dumps(asked)]
    return subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, process_group=0
    )


def ended(process: "subprocess.Popen[bytes]") -> None:
    """End a process that ``started`` returned, if it has not ended yet, and close its pipes."""
    if process.poll() is None:
        process.terminate()
    process.wait()
    process.communicate()


def followed() -> bool:
    """Let this process end with whoever asked for its share; tell whether they are there at all."""
    signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(128 + number))
    follow(LIFELINE)
    return not select.select([LIFELINE], [], [], 0)[0]  # closed before it could be followed


class Assistant:
    """Starts the second process. Use as a context manager: at its end the process has ended, too."""

    def __init__(
        self,
        target: str,
        timeout: float,
        loading: Loading,
        *,
        budget: str,
        seed: int,
        only: Sequence[str],
        max_time: float | None = None,
    ) -> None:
        asked = {"timeout": timeout, "budget": budget, "seed": seed, "only": list(only), "max_time": max_time}
        self._process = started("nnfs_spec.assistant", target, loading, asked)

    def __enter__(self) -> "Assistant":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        ended(self._process)

    def tallies(self) -> list[Tally] | None:
        """Wait for the process to end, and return what it met; None where it did not come to an end."""
        assert self._process.stdout is not None
        text = self._process.stdout.read()
        if self._process.wait() != 0:
            return None
        return [Tally(**one) for one in json.loads(text)]


def main(arguments: Sequence[str]) -> int:
    """Take a share of the check of ``arguments[0]`` and print what was met as JSON; end with whoever asked for it."""
    target, loading, asked = arguments[0], from_text(arguments[1]), json.loads(arguments[2])
    if not followed():
        return ABANDONED
    timeout = asked.pop("timeout")
    with IsolatedSubject(target, timeout, loading) as subject:
        tallies = take_apart(subject, **asked)
    json.dump([asdict(tally) for tally in tallies], sys.stdout)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
