"""Checks many targets at once: a few worker processes, each with one target at a time in a process of its own.

A worker that ends before its target is checked costs that target and no other. Workers are new interpreters and no
forks: a checker with threads of its own cannot be forked safely.
"""

import contextlib
import multiprocessing
import os
import signal
import sys
from collections import deque
from collections.abc import Generator, Sequence
from multiprocessing.connection import wait
from typing import Protocol

from nnfs_spec.adapters.isolated import IsolatedSubject, TargetError
from nnfs_spec.checking.api import check_subject, loading_of
from nnfs_spec.engine.options import CheckOptions
from nnfs_spec.reports.batch import Grade
from nnfs_spec.support.files import anonymise, anonymise_path


class Channel(Protocol):
    """The end of a pipe that a worker holds."""

    def recv_bytes(self) -> bytes:
        """Return the next message. Raises EOFError where the other end is closed."""
        ...

    def send_bytes(self, buf: bytes, /) -> None:
        """Send a message."""
        ...


class _Worker:
    """A process that checks one target after another."""

    def __init__(self, options: CheckOptions) -> None:
        context = multiprocessing.get_context("spawn")
        self.connection, there = context.Pipe()
        self._process = context.Process(target=work, args=(there, options), daemon=True)
        self._process.start()
        there.close()
        self._target = ""
        self.place = -1

    def give(self, place: int, target: str) -> None:
        """Give it the next target."""
        self.place, self._target = place, target
        with contextlib.suppress(BrokenPipeError):  # if it has ended, that is noticed where its answer is read
            self.connection.send_bytes(target.encode())

    def take(self) -> tuple[Grade, bool]:
        """Return the grade of its target, and whether it can check another."""
        try:
            return Grade.from_bytes(self.connection.recv_bytes()), True
        except (EOFError, ConnectionResetError):
            self.end()
            problem = f"the process that checked it ended with status {self._process.exitcode}"
            return Grade.of_problem(anonymise_path(self._target), problem), False

    def end(self) -> None:
        """Wait for it to end, as it does when it is idle."""
        self.connection.close()
        self._process.join()

    def terminate(self) -> None:
        """End it at once."""
        self._process.terminate()


def cores() -> int:
    """Return how many processors this process may use."""
    return len(os.sched_getaffinity(0)) if sys.platform == "linux" else os.cpu_count() or 1


def grade(targets: Sequence[str], options: CheckOptions, jobs: int) -> Generator[tuple[int, Grade], None, None]:
    """Check every target and yield its place and its grade as soon as it is known. Close it to end the workers."""
    waiting = deque(enumerate(targets))
    busy: dict[int, _Worker] = {}

    def start(worker: _Worker) -> None:
        worker.give(*waiting.popleft())
        busy[worker.connection.fileno()] = worker

    try:
        for _ in range(min(jobs, len(waiting))):
            start(_Worker(options))
        while busy:
            (ready, *_) = wait(list(busy))
            assert isinstance(ready, int)
            worker = busy.pop(ready)
            place = worker.place
            done, able = worker.take()
            if waiting:
                start(worker if able else _Worker(options))
            elif able:
                worker.end()
            yield place, done
    finally:
        for worker in busy.values():
            worker.terminate()
        for worker in busy.values():
            worker.end()


def work(connection: Channel, options: CheckOptions) -> None:
    """Check the targets that come through ``connection`` until it is closed."""
    os.setpgrp()  # Ctrl-C is for the parent alone, which then ends its workers
    signal.signal(signal.SIGTERM, leave)
    while True:
        try:
            target = connection.recv_bytes().decode()
        except EOFError:
            return
        connection.send_bytes(check_one(target, options).to_bytes())


def check_one(target: str, options: CheckOptions) -> Grade:
    """Return the grade of one target; whatever keeps it from being checked is its problem."""
    try:
        with IsolatedSubject(target, options.timeout, loading_of(options)) as subject:
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
