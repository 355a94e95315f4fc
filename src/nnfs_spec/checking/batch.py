"""Checks many targets at once: a few worker processes, each with one target at a time in a process of its own.

A worker that ends or falls silent before its target is checked costs that target and no other. Workers are new
interpreters and no forks: a checker with threads of its own cannot be forked safely. They import nothing from the
folder that they are started in.
"""

import contextlib
import json
import os
import select
import subprocess
import sys
import time
from collections import deque
from collections.abc import Generator, Sequence

from nnfs_spec.adapters.isolated import silence
from nnfs_spec.adapters.process.launch import environment, python
from nnfs_spec.engine.options import CheckOptions
from nnfs_spec.reports.batch import Grade
from nnfs_spec.support.files import anonymise_path

WORKER = "nnfs_spec.checking.worker"
READ_BYTES = 2**16
ENDING_SECONDS = 10.0
LOOK_MILLISECONDS = 1000
"""How often it is looked whether a worker has fallen silent."""


class _Worker:
    """A process that checks one target after another."""

    def __init__(self, options: CheckOptions) -> None:
        self._silence = silence(options.timeout)
        self.answers, answers = os.pipe()
        lifeline, self._lifeline = os.pipe()
        try:
            self._process = subprocess.Popen(
                python(WORKER, json.dumps(options.to_dict()), str(answers), str(lifeline)),
                stdin=subprocess.PIPE,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                pass_fds=(answers, lifeline),
                env=environment(),
                process_group=0,  # Ctrl-C is for this process alone, which then ends its workers
            )
        except BaseException:
            os.close(self.answers)
            os.close(self._lifeline)
            raise
        finally:
            os.close(answers)
            os.close(lifeline)
        self._unread = b""
        self._heard = time.monotonic()
        self._target = ""
        self.place = -1

    def give(self, place: int, target: str) -> None:
        """Give it the next target."""
        self.place, self._target, self._heard = place, target, time.monotonic()
        assert self._process.stdin is not None
        with contextlib.suppress(BrokenPipeError):  # if it has ended, that is noticed where its answer is read
            self._process.stdin.write(json.dumps(target).encode() + b"\n")
            self._process.stdin.flush()

    @property
    def silent(self) -> bool:
        """Whether nothing has come of it for longer than any call may take."""
        return time.monotonic() - self._heard > self._silence

    def take(self, ready: bool) -> tuple[Grade | None, bool]:
        """Return the grade of its target, if there is one, and whether it goes on; ``ready`` says that it wrote."""
        read = os.read(self.answers, READ_BYTES) if ready else b""
        if not read:
            return self._bury(ended=ready), False
        self._heard = time.monotonic()
        *lines, self._unread = (self._unread + read).split(b"\n")
        told = [line for line in lines if line]
        return (Grade.from_bytes(told[0]) if told else None), True

    def _bury(self, ended: bool) -> Grade:
        """End it, and return the grade of its target, which it did not come to the end of."""
        if not ended:
            self._process.kill()
        self.end()
        problem = f"the process that checked it ended with status {self._process.returncode}"
        silent = f"the process that checked it said nothing for {self._silence:g} s, and was ended"
        return Grade.of_problem(anonymise_path(self._target), problem if ended else silent)

    def end(self) -> None:
        """Wait for it to end, as it does when it is idle or was told to; else kill it."""
        assert self._process.stdin is not None
        with contextlib.suppress(BrokenPipeError):
            self._process.stdin.close()
        try:
            self._process.wait(ENDING_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        os.close(self.answers)
        os.close(self._lifeline)

    def terminate(self) -> None:
        """Tell it to end."""
        self._process.terminate()


def cores() -> int:
    """Return how many processors this process may use."""
    return len(os.sched_getaffinity(0)) if sys.platform == "linux" else os.cpu_count() or 1


def grade(targets: Sequence[str], options: CheckOptions, jobs: int) -> Generator[tuple[int, Grade], None, None]:
    """Check every target and yield its place and its grade as soon as it is known. Close it to end the workers."""
    waiting = deque(enumerate(targets))
    busy: list[_Worker] = []

    def start(worker: _Worker) -> None:
        busy.append(worker)
        worker.give(*waiting.popleft())

    try:
        for _ in range(min(jobs, len(waiting))):
            start(_Worker(options))
        while busy:
            ready = _that_wrote(busy)
            for worker in [worker for worker in busy if worker in ready or worker.silent]:
                done, able = worker.take(worker in ready)
                if done is None:
                    continue
                busy.remove(worker)
                place = worker.place
                if waiting:
                    start(worker if able else _Worker(options))
                elif able:
                    worker.end()
                yield place, done
    finally:
        for worker in busy:
            worker.terminate()
        for worker in busy:
            worker.end()


def _that_wrote(workers: Sequence[_Worker]) -> list[_Worker]:
    """Wait a little, and return the workers of which something can be read, or that have ended."""
    poll = select.poll()
    for worker in workers:
        poll.register(worker.answers, select.POLLIN)
    ready = {descriptor for descriptor, _ in poll.poll(LOOK_MILLISECONDS)}
    return [worker for worker in workers if worker.answers in ready]
