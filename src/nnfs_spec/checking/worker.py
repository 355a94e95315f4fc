"""A process that checks one target of many after another, as ``checking.batch`` tells it to.

It reads a target from each line of its standard input, and answers each with a line of JSON. Empty lines in between
are signs of life.
"""

import json
import os
import signal
import sys
import time
from collections.abc import Callable, Iterable

from nnfs_spec.adapters.isolated import IsolatedSubject, TargetError
from nnfs_spec.adapters.process.limits import abandoned, follow
from nnfs_spec.checking.api import check_subject, loading_of
from nnfs_spec.engine.options import CheckOptions
from nnfs_spec.reports.batch import Grade
from nnfs_spec.support.files import anonymise, anonymise_path
from nnfs_spec.support.hardening import harden

SIGN_OF_LIFE_SECONDS = 1.0


def work(targets: Iterable[str | bytes], answer: Callable[[bytes], None], options: CheckOptions) -> None:
    """Check every target, one after the other, and ``answer`` with a line for each and signs of life."""
    signal.signal(signal.SIGTERM, leave)
    beat = Beat(answer)
    for line in targets:
        answer(check_one(json.loads(line), options, beat).to_bytes() + b"\n")


class Beat:
    """Sends a sign of life when it is called, but not more often than once a second."""

    def __init__(self, answer: Callable[[bytes], None]) -> None:
        self._answer = answer
        self._next = 0.0

    def __call__(self) -> None:
        """Be alive."""
        if time.monotonic() >= self._next:
            self._next = time.monotonic() + SIGN_OF_LIFE_SECONDS
            self._answer(b"\n")


def check_one(target: str, options: CheckOptions, beat: Callable[[], None] = lambda: None) -> Grade:
    """Return the grade of one target; whatever keeps it from being checked is its problem."""
    try:
        with IsolatedSubject(target, options.timeout, loading_of(options)) as subject:
            subject.beat = beat
            report = check_subject(subject, options)
        return Grade.of_report(report)
    except TargetError as problem:
        shown = anonymise_path(target)
        return Grade.of_problem(shown, str(problem).removeprefix(f"{shown}: "))
    except Exception as problem:  # one target that defeats the checker must not take the others with it
        told = f"cannot be checked: {type(problem).__name__}: {problem}"
        return Grade.of_problem(anonymise_path(target), anonymise(told))


def leave(signal_number: int, frame: object) -> None:
    """Leave by an exception, so that the process of the target is ended too."""
    raise SystemExit(128 + signal_number)


def main(told: str, answers: str, lifeline: str) -> None:
    """Work with the options that JSON tells, until standard input ends; the other arguments are descriptors."""
    os.set_inheritable(int(answers), False)
    os.set_inheritable(int(lifeline), False)
    follow(int(lifeline))
    if abandoned(int(lifeline)):
        return
    harden()
    with open(int(answers), "wb", buffering=0) as written:

        def answer(line: bytes) -> None:
            rest = memoryview(line)
            while rest:
                rest = rest[written.write(rest) :]

        work(sys.stdin.buffer, answer, CheckOptions.from_dict(json.loads(told)))


if __name__ == "__main__":
    main(*sys.argv[1:])
