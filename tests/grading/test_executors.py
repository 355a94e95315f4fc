"""Work over any executor: what a lost worker had is done again, and only what ends its worker each time is given up."""

import os
import signal
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import closing
from multiprocessing import Pipe, get_context
from pathlib import Path
from typing import Any

import pytest

from nnfs_spec.grading import executors
from nnfs_spec.grading.executors import MOST_TRIES, begin, spread


def doubled(number: int) -> int:
    """Return twice the number; 13 ends its worker."""
    if number == 13:
        os.kill(os.getpid(), signal.SIGKILL)
    return 2 * number


def slow(path: str) -> None:
    """Write down who works, and go on for long."""
    Path(path).write_text(str(os.getpid()), encoding="utf-8")
    time.sleep(600)


def test_a_caller_keeps_the_executor() -> None:
    with ThreadPoolExecutor(2) as pool:
        told = dict(spread(doubled, range(7), pool, 1))
        assert pool.submit(doubled, 4).result() == 8
    assert told == {number: 2 * number for number in range(7)}


def test_a_worker_that_is_lost_loses_nothing() -> None:
    """Its neighbours are done again; what ends its worker every time is given up. Own processes take over."""
    pool = ProcessPoolExecutor(2, mp_context=get_context("spawn"))
    told = dict(spread(doubled, [1, 13, 2, 3], pool, 2))
    pool.shutdown()
    assert isinstance(told.pop(13), BrokenProcessPool)
    assert told == {1: 2, 2: 4, 3: 6}


class Remote(Executor):
    """An executor over a network: each piece of work is lost so many times before it is done."""

    def __init__(self, losses: int) -> None:
        self.losses = dict.fromkeys(range(9), losses)
        self.most_at_once = 0
        self._open: list[Future[Any]] = []

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        """Do it at once, or lose it."""
        future: Future[Any] = Future()
        (work,) = args
        self.losses[work] -= 1
        if self.losses[work] >= 0:
            future.set_exception(ConnectionError(f"the worker of {work} is gone"))
        else:
            future.set_result(fn(work))
        return future


@pytest.mark.parametrize("losses", range(MOST_TRIES))
def test_work_is_tried_again_a_few_times(losses: int) -> None:
    assert dict(spread(doubled, range(9), Remote(losses), 1)) == {number: 2 * number for number in range(9)}


def test_work_is_not_tried_for_ever() -> None:
    told = [str(problem) for _, problem in spread(doubled, range(2), Remote(MOST_TRIES), 1)]
    assert told == ["the worker of 0 is gone", "the worker of 1 is gone"]


def test_no_more_work_is_taken_than_there_is_room_for() -> None:
    """So that a large class is not read into memory."""
    taken: list[int] = []

    def numbers() -> Iterator[int]:
        for number in range(50):
            taken.append(number)
            yield number

    with ThreadPoolExecutor(1) as pool, closing(spread(doubled, numbers(), pool, 1)) as results:
        next(results)
        assert len(taken) == 2


def test_closing_early_ends_the_workers(tmp_path: Path) -> None:
    """Also those that are busy."""
    started = tmp_path / "pid"

    def works() -> Iterator[str]:
        yield str(started)
        while not started.exists() or not started.read_text(encoding="utf-8"):
            time.sleep(0.01)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        list(spread(slow, works(), None, 1))
    with pytest.raises(ProcessLookupError):
        os.kill(int(started.read_text(encoding="utf-8")), 0)


def test_a_worker_follows_its_parent(monkeypatch: pytest.MonkeyPatch) -> None:
    """Through a lifeline that it opens anew; one that is closed already ends it at once."""
    followed: list[int] = []
    monkeypatch.setattr(os, "setpgrp", lambda: None)
    monkeypatch.setattr(executors, "follow", followed.append)
    lifeline, end = Pipe(duplex=False)
    begin(lifeline)
    assert followed[0] != lifeline.fileno()
    monkeypatch.setattr(os.path, "exists", lambda path: False)
    end.close()
    with pytest.raises(EOFError, match=r"^the process that asked has ended$"):
        begin(lifeline)
    assert len(followed) == 1
    os.close(followed[0])
    lifeline.close()
