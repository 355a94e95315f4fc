"""Spreads submissions over any ``concurrent.futures.Executor``, and does again what a lost worker had.

A worker may be killed, its machine may vanish: what it worked on is then tried alone, so that only what ends its
worker every time is given up.
"""

import os
import subprocess
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, Executor, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from tempfile import TemporaryFile
from typing import Generic, TypeVar

from nnfs_spec.adapters.process.launch import environment, python
from nnfs_spec.grading.record import Record, Task

MOST_TRIES = 3
MOST_AT_ONCE = 256
"""How many submissions an executor holds at a time that does not say how many workers it has."""

WORKER = "nnfs_spec.grading.worker"
LOADING_SECONDS = 300.0
LIMITS = 10
"""How long a process may take: so much to load, and so many times the limit of the options, which it keeps itself."""

Work = TypeVar("Work")
Result = TypeVar("Result")


class WorkerLostError(Exception):
    """A process ended before it had a result."""


class OwnPool(ThreadPoolExecutor):
    """Checks each submission in a new process of this machine, ``jobs`` at a time. Use as a context manager.

    When it is left, what is still running is killed, and so it is when this process ends, however that happens.
    """

    def __init__(self, jobs: int) -> None:
        super().__init__(jobs)
        self._running: set[subprocess.Popen[bytes]] = set()
        self._over = False

    def check(self, task: Task) -> Record:
        """Return the record of a submission. Raises WorkerLostError where its process ends without one."""
        lifeline, end = os.pipe()
        try:
            with TemporaryFile() as given:
                given.write(task.to_text().encode())
                given.seek(0)
                process = subprocess.Popen(
                    python(WORKER, str(lifeline)),
                    stdin=given,
                    stdout=subprocess.PIPE,
                    pass_fds=(lifeline,),
                    env=environment(),
                    process_group=0,  # Ctrl-C is for this process alone, which then ends its workers
                )
            self._running.add(process)
            try:
                limit = task.options.max_time
                seconds = None if limit is None else LOADING_SECONDS + LIMITS * limit
                told, _ = process.communicate(timeout=0 if self._over else seconds)
            except subprocess.TimeoutExpired as late:
                raise WorkerLostError(f"the process that checked it took longer than {late.timeout:g} s") from None
            finally:
                self._running.discard(process)
                process.kill()
                process.wait()
                assert process.stdout is not None
                process.stdout.close()
        finally:
            os.close(lifeline)
            os.close(end)
        if process.returncode:
            raise WorkerLostError(f"the process that checked it ended with status {process.returncode}")
        return Record.from_text(told.decode())

    def __exit__(self, *of_exception: object) -> None:
        self._over = True
        for process in list(self._running):
            process.kill()
        self.shutdown(cancel_futures=True)


@dataclass
class _Piece(Generic[Work]):
    work: Work
    tries: int = 0


def spread(
    works: Iterable[Work],
    submit: Callable[[Work], Future[Result]],
    room: int,
    instead: Callable[[], Callable[[Work], Future[Result]]],
) -> Generator[tuple[Work, Future[Result]], None, None]:
    """Yield every piece of work with its future, as soon as that is done; close it to begin no more.

    ``submit`` is given ``room`` pieces at a time. Where it fails since all workers are gone, ``instead`` gives another
    one. A future without a result says what ended the workers of MOST_TRIES tries.
    """
    coming = iter(works)
    suspects: deque[_Piece[Work]] = deque()
    running: dict[Future[Result], _Piece[Work]] = {}
    try:
        while True:
            while (piece := _next(coming, suspects, len(running), room)) is not None:
                try:
                    future = submit(piece.work)
                except (BrokenExecutor, RuntimeError):  # all its workers are gone, or it was shut down
                    submit = instead()
                    future = submit(piece.work)
                running[future] = piece
            if not running:
                return
            for future in wait(running, return_when=FIRST_COMPLETED).done:
                piece = running.pop(future)
                piece.tries += 1
                if future.exception() is None or piece.tries == MOST_TRIES:
                    yield piece.work, future
                else:
                    suspects.append(piece)
    finally:
        for future in running:
            future.cancel()


def _next(coming: Iterator[Work], suspects: deque[_Piece[Work]], running: int, room: int) -> _Piece[Work] | None:
    """Return what to begin now: a piece that lost its worker runs alone, so that no other is lost with it."""
    if suspects:
        return None if running else suspects.popleft()
    if running >= room:
        return None
    return next((_Piece(work) for work in coming), None)


def room_of(executor: Executor) -> int:
    """Return how many submissions an executor is given at a time: two for each worker."""
    workers = getattr(executor, "_max_workers", None)
    return 2 * workers if isinstance(workers, int) else MOST_AT_ONCE
