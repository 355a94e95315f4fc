"""Times calls in shuffled rounds: whatever disturbs the machine disturbs neighbours in a round alike."""

import random
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass

Work = Callable[[], object]


@dataclass(frozen=True)
class Effort:
    """How much to measure: rounds for each cell, and the seconds that a measurement lasts at least."""

    rounds: int
    seconds: float


QUICK, FULL = Effort(5, 0.001), Effort(21, 0.005)

PAUSE = 0.002
"""Seconds before each measurement, for the threads of the one before to go to sleep; most spin for a while."""


def rounds(
    subjects: Mapping[str, Work], effort: Effort, pause: float, clock: Callable[[], float]
) -> list[dict[str, float]]:
    """Return the seconds that a call of each subject took, for every round; each round has an order of its own."""
    often = {name: repeats(work, effort.seconds, clock) for name, work in subjects.items()}
    order, shuffle = list(subjects), random.Random(0).shuffle
    found: list[dict[str, float]] = []
    for _ in range(effort.rounds):
        shuffle(order)
        taken = {name: timed(subjects[name], often[name], pause, clock) for name in order}
        found.append({name: taken[name] for name in subjects})
    return found


def repeats(work: Work, seconds: float, clock: Callable[[], float]) -> int:
    """Return how many calls last at least ``seconds``; the first call, which may compile, is not counted."""
    work()
    start = clock()
    work()
    return max(1, round(seconds / max(clock() - start, 1e-9)))


def timed(work: Work, often: int, pause: float, clock: Callable[[], float]) -> float:
    """Return the seconds of a call, the mean of ``often``; of short ones the first is not counted, which warms up."""
    time.sleep(pause)
    if often > 1:
        work()
    start = clock()
    for _ in range(often):
        work()
    return (clock() - start) / often
