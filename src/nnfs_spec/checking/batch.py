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
from dataclasses import dataclass
from multiprocessing.connection import wait
from typing import Protocol

from nnfs_spec.adapters.isolated import IsolatedSubject, TargetError
from nnfs_spec.adapters.options import Loading
from nnfs_spec.engine.run import check_subject
from nnfs_spec.reports.batch import Grade
from nnfs_spec.support.files import anonymise, anonymise_path


@dataclass(frozen=True)
class Task:
    """How every target is checked."""

    level: str
    budget: str
    seed: int
    clauses: tuple[str, ...]
    timeout: float
    max_time: float | None
    loading: Loading


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

    def __init__(self, task: Task) -> None:
        context = multiprocessing.get_context("spawn")
        self.connection, there = context.Pipe()
        self._process = context.Process(target=work, args=(there, task), daemon=True)
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
        """Let it end: it does so when it is idle."""
        self.connection.close()
        self._process.join()

    def terminate(self) -> None:
        """Tell it to end at once."""
        self._process.terminate()


def cores() -> int:
    """Return how many processors this process may use."""
    return len(os.sched_getaffinity(0)) if sys.platform == "linux" else os.cpu_count() or 1


def grade(targets: Sequence[str], task: Task, jobs: int) -> Generator[tuple[int, Grade], None, None]:
    """Check every target and yield its place and its grade as soon as it is known. Close it to end the workers."""
    waiting = deque(enumerate(targets))
    busy: dict[int, _Worker] = {}

    def start(worker: _Worker) -> None:
        worker.give(*waiting.popleft())
        busy[worker.connection.fileno()] = worker

    try:
        for _ in range(min(jobs, len(waiting))):
            start(_Worker(task))
        while busy:
            (ready, *_) = wait(list(busy))
            assert isinstance(ready, int)
            worker = busy.pop(ready)
            place = worker.place
            done, able = worker.take()
            if waiting:
                start(worker if able else _Worker(task))
            elif able:
                worker.end()
            yield place, done
    finally:
        for worker in busy.values():
            worker.terminate()
        for worker in busy.values():
            worker.end()


def work(connection: Channel, task: Task) -> None:
    """Check the targets that come through ``connection`` until it is closed."""
    os.setpgrp()  # Ctrl-C is for the parent alone, which then ends its workers
    signal.signal(signal.SIGTERM, leave)
    while True:
        try:
            target = connection.recv_bytes().decode()
        except EOFError:
            return
        connection.send_bytes(check_one(target, task).to_bytes())


def check_one(target: str, task: Task) -> Grade:
    """Return the grade of one target; whatever keeps it from being checked is told in its place."""
    try:
        with IsolatedSubject(target, task.timeout, task.loading) as subject:
            report = check_subject(
                subject,
                level=task.level,
                budget=task.budget,
                seed=task.seed,
                only=task.clauses,
                max_time=task.max_time,
            )
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
