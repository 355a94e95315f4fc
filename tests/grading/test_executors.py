"""Work over any executor: what a lost worker had is done again, and only what ends its worker each time is given up."""

import os
import signal
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import closing
from multiprocessing import get_context
from pathlib import Path

import pytest

from nnfs_spec import CheckOptions
from nnfs_spec.grading import executors, worker
from nnfs_spec.grading.executors import MOST_TRIES, OwnPool, WorkerLostError, room_of, spread
from nnfs_spec.grading.record import Record, Task, check_task
from nnfs_spec.grading.submissions import Submission

QUICK = CheckOptions(budget="quick", clauses=("RELU-2",), max_time=60.0)
RIGHT = b"def relu(inputs):\n    return inputs.clip(0)\n"


def doubled(number: int) -> int:
    """Return twice the number; 13 ends its worker."""
    if number == 13:
        os.kill(os.getpid(), signal.SIGKILL)
    return 2 * number


def over(pool: Executor) -> Callable[[int], Future[int]]:
    """Return what doubles numbers in a pool."""

    def submit(number: int) -> Future[int]:
        return pool.submit(doubled, number)

    return submit


def nothing_instead() -> Callable[[int], Future[int]]:
    """Fail: no executor is needed in the place of the first."""
    raise AssertionError


def test_a_caller_keeps_the_executor() -> None:
    with ThreadPoolExecutor(2) as pool:
        told = {number: future.result() for number, future in spread(range(7), over(pool), 4, nothing_instead)}
        assert pool.submit(doubled, 4).result() == 8
        assert room_of(pool) == 4
    assert told == {number: 2 * number for number in range(7)}


@pytest.mark.parametrize("broken_before", [False, True])
def test_a_worker_that_is_lost_loses_nothing(broken_before: bool) -> None:
    """Its neighbours are done again, elsewhere if the pool is broken; what ends its worker every time is given up."""
    pools: list[Executor] = []

    def instead() -> Callable[[int], Future[int]]:
        pools.append(ProcessPoolExecutor(2, mp_context=get_context("spawn")))
        return over(pools[-1])

    first = instead()
    if broken_before:
        pools[0].shutdown()
    told = dict(spread([1, 13, 2, 3], first, 4, instead))
    for pool in pools:
        pool.shutdown()
    assert isinstance(told.pop(13).exception(), BrokenProcessPool)
    assert {number: future.result() for number, future in told.items()} == {1: 2, 2: 4, 3: 6}


class Remote:
    """An executor over a network: each piece of work is lost so many times before it is done."""

    def __init__(self, losses: int) -> None:
        self.losses = dict.fromkeys(range(9), losses)

    def submit(self, work: int) -> Future[int]:
        """Do it at once, or lose it."""
        future: Future[int] = Future()
        self.losses[work] -= 1
        if self.losses[work] >= 0:
            future.set_exception(ConnectionError(f"the worker of {work} is gone"))
        else:
            future.set_result(2 * work)
        return future


@pytest.mark.parametrize("losses", range(MOST_TRIES))
def test_work_is_tried_again_a_few_times(losses: int) -> None:
    told = spread(range(9), Remote(losses).submit, 4, nothing_instead)
    assert {number: future.result() for number, future in told} == {number: 2 * number for number in range(9)}


def test_work_is_not_tried_for_ever() -> None:
    done = spread(range(2), Remote(MOST_TRIES).submit, 4, nothing_instead)
    assert sorted(str(future.exception()) for _, future in done) == [
        "the worker of 0 is gone",
        "the worker of 1 is gone",
    ]


def test_no_more_work_is_taken_than_there_is_room_for() -> None:
    """So that a large class is not read into memory."""
    taken: list[int] = []

    def numbers() -> Iterator[int]:
        for number in range(50):
            taken.append(number)
            yield number

    with ThreadPoolExecutor(1) as pool, closing(spread(numbers(), over(pool), 2, nothing_instead)) as results:
        next(results)
        assert len(taken) == 2


def test_an_executor_that_hides_its_workers_is_given_much() -> None:
    assert room_of(Executor()) == executors.MOST_AT_ONCE


def handed_in(source: bytes, options: CheckOptions = QUICK) -> Task:
    """Return a submission of one file."""
    return Task(Submission("alice", {"net.py": source}, [("a.pdf", "it is no Python")]), options)


def test_an_own_process_gives_the_same_record() -> None:
    task = handed_in(RIGHT)
    with OwnPool(1) as pool:
        assert pool.submit(pool.check, task).result() == check_task(task)


@pytest.mark.parametrize("options", [QUICK, CheckOptions(budget="quick")])
def test_a_process_that_ends_early_is_told_as_lost(options: CheckOptions, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(executors, "WORKER", "nnfs_spec.no_such_module")
    with OwnPool(1) as pool, pytest.raises(WorkerLostError, match=r"^the process that checked it ended with status 1$"):
        pool.check(handed_in(RIGHT, options))


def test_a_process_that_takes_too_long_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(executors, "LOADING_SECONDS", 0.0)
    monkeypatch.setattr(executors, "LIMITS", 0)
    with (
        OwnPool(1) as pool,
        pytest.raises(WorkerLostError, match=r"took longer than 0 s$"),
    ):
        pool.check(handed_in(RIGHT))


SLOW = b"""
import os, time

def relu(inputs):
    with open(%r, "a") as file:
        file.write(f"{os.getpid()} {os.getppid()}\\n")
    time.sleep(600)
"""


def test_leaving_the_pool_ends_what_is_running(tmp_path: Path) -> None:
    """Neither a process of ours nor a target is left, and what waits is not begun."""
    started = tmp_path / "started"
    slow = CheckOptions(budget="quick", clauses=("RELU-2",), timeout=600.0)
    with OwnPool(1) as pool:
        busy = pool.submit(pool.check, handed_in(SLOW % str(started), slow))
        waiting = pool.submit(pool.check, handed_in(RIGHT))
        while not started.exists() or "\n" not in started.read_text(encoding="utf-8"):
            time.sleep(0.05)
    assert isinstance(busy.exception(), WorkerLostError)
    assert waiting.cancelled()
    deadline = time.monotonic() + 60
    pids = started.read_text(encoding="utf-8").split()
    while any(Path(f"/proc/{pid}").exists() for pid in pids):
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_nothing_is_begun_while_the_pool_ends() -> None:
    """A process that starts at that moment ends at once."""
    pool = OwnPool(1)
    pool.__exit__()
    with pytest.raises(WorkerLostError, match=r"took longer than 0 s$"):
        pool.check(handed_in(RIGHT))


def test_a_worker_follows_whoever_asked(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """From the first moment on; where that has ended before, there is nothing to do."""
    followed: list[int] = []
    lifeline, end = os.pipe()

    class Given:
        def read(self) -> str:
            assert followed == [lifeline]
            return handed_in(RIGHT).to_text()

    monkeypatch.setattr(worker, "follow", followed.append)
    monkeypatch.setattr("sys.stdin", Given())
    worker.main(str(lifeline))
    assert Record.from_text(capsys.readouterr().out) == check_task(handed_in(RIGHT))
    os.close(end)
    with pytest.raises(SystemExit, match=r"^whoever asked has ended$"):
        worker.main(str(lifeline))
    os.close(lifeline)
