"""Spreads work over any ``concurrent.futures.Executor``, and does again what a lost worker had.

A worker may be killed, its machine may vanish: what it worked on is then tried alone, so that only work that ends its
worker every time is given up.
"""

import multiprocessing
import os
from collections import deque
from collections.abc import Callable, Generator, Iterable
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, Executor, Future, ProcessPoolExecutor, wait
from dataclasses import dataclass
from multiprocessing.connection import Connection
from typing import Generic, TypeVar

from nnfs_spec.adapters.process.limits import follow

MOST_TRIES = 3
MOST_AT_ONCE = 256
"""How many pieces of work an executor holds at a time that does not say how many workers it has."""

Work = TypeVar("Work")
Result = TypeVar("Result")


@dataclass
class _Piece(Generic[Work]):
    work: Work
    tries: int = 0


class OwnPool:
    """Worker processes of this machine, which are killed when this process ends, however that happens.

    They are new interpreters and no forks: a process with threads of its own cannot be forked safely.
    """

    def __init__(self, jobs: int) -> None:
        context = multiprocessing.get_context("spawn")
        lifeline, self._end = context.Pipe(duplex=False)
        self.executor = ProcessPoolExecutor(jobs, mp_context=context, initializer=begin, initargs=(lifeline,))

    def close(self) -> None:
        """End the workers at once, and what they work on."""
        self._end.close()
        self.executor.shutdown(cancel_futures=True)


def begin(lifeline: "Connection[object, object]") -> None:
    """Begin as a worker: Ctrl-C is for the parent alone, and its end is the end of this process."""
    os.setpgrp()
    _KEPT.append(lifeline)
    own = f"/proc/self/fd/{lifeline.fileno()}"
    if os.path.exists(own):  # opened anew: whom to kill is kept with what is open, which all workers share
        follow(os.open(own, os.O_RDONLY | os.O_NONBLOCK))
    if lifeline.poll():  # closed before it could be followed
        raise EOFError("the process that asked has ended")


_KEPT: "list[Connection[object, object]]" = []
"""The lifelines of this process, which must not be closed."""


def spread(
    function: Callable[[Work], Result], works: Iterable[Work], executor: Executor | None, jobs: int
) -> Generator[tuple[Work, Result | BaseException], None, None]:
    """Yield every piece of work with its result, as soon as it is there; close it to end what is running.

    The ``executor`` is the caller's, and stays open; without one, ``jobs`` processes of this machine do the work, as
    they do where the executor breaks. Instead of a result stands what ended the workers of MOST_TRIES tries.
    """
    coming = iter(works)
    suspects: deque[_Piece[Work]] = deque()
    running: dict[Future[Result], _Piece[Work]] = {}
    own = OwnPool(jobs) if executor is None else None
    used = own.executor if own is not None else executor
    assert used is not None
    try:
        while True:
            while (piece := _next(coming, suspects, len(running), _room(used))) is not None:
                try:
                    future = used.submit(function, piece.work)
                except (BrokenExecutor, RuntimeError):  # all its workers are gone, or it was shut down
                    if own is not None:
                        own.close()
                    own = OwnPool(jobs)
                    used = own.executor
                    future = used.submit(function, piece.work)
                running[future] = piece
            if not running:
                return
            for future in wait(running, return_when=FIRST_COMPLETED).done:
                piece = running.pop(future)
                problem = future.exception()
                if problem is None:
                    yield piece.work, future.result()
                    continue
                piece.tries += 1
                if piece.tries < MOST_TRIES:
                    suspects.append(piece)
                else:
                    yield piece.work, problem
    finally:
        for future in running:
            future.cancel()
        if own is not None:
            own.close()


def _next(coming: "Iterable[Work]", suspects: "deque[_Piece[Work]]", running: int, room: int) -> "_Piece[Work] | None":
    """Return what to begin now: a piece that lost its worker runs alone, so that no other is lost with it."""
    if suspects:
        return None if running else suspects.popleft()
    if running >= room:
        return None
    return next((_Piece(work) for work in coming), None)


def _room(executor: Executor) -> int:
    """Return how many pieces of work an executor is given at a time: two for each worker."""
    workers = getattr(executor, "_max_workers", None)
    return 2 * workers if isinstance(workers, int) else MOST_AT_ONCE
