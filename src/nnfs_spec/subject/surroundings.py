"""What a call shares with the rest of its process: state that is nobody's own, and threads beside it."""

import os
import random
import sys
import warnings
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from threading import Barrier, BrokenBarrierError
from typing import Any, TypeVar

import numpy as np

Made = TypeVar("Made")

SHORT = 1e-5
"""Seconds after which one thread gives way to another while calls are made at once."""

TOGETHER = 0.5
"""Seconds that a thread waits for the others to begin."""


class Surroundings:
    """The global state of this process as it is now, so that a change is seen and undone.

    Meanwhile the generators are one draw further on, so that it shows if one is seeded to where it was.
    """

    def __init__(self) -> None:
        self._numbers, self._python_numbers = np.random.get_state(legacy=False), random.getstate()
        np.random.rand()
        random.random()
        self._state = _state()

    def undo(self) -> tuple[str, ...]:
        """Return in words what has changed since, and put it back, but for errors and filters: callers restore them."""
        now = _state()
        np.random.set_state(self._numbers)
        random.setstate(self._python_numbers)
        if now[PRINTED] != self._state[PRINTED]:
            np.set_printoptions(**self._state[PRINTED])
        if now[ENVIRONMENT] != self._state[ENVIRONMENT]:
            os.environ.clear()
            os.environ.update(self._state[ENVIRONMENT])
        return tuple(name for name, value in now.items() if value != self._state[name])


PRINTED, ENVIRONMENT = "NumPy's print options", "the environment"


def _state() -> dict[str, Any]:
    numbers = np.random.get_state(legacy=False)
    values = [*numbers.values(), *numbers["state"].values()]
    return {
        "NumPy's error handling": np.geterr(),
        PRINTED: np.get_printoptions(),
        "NumPy's random numbers": [_comparable(one) for one in values],
        "Python's random numbers": random.getstate(),
        "the filters of warnings": list(warnings.filters),
        ENVIRONMENT: dict(os.environ),
    }


def _comparable(value: Any) -> Any:
    """Return a value of a generator's state as one that can be compared; of those within it nothing."""
    if isinstance(value, dict):
        return None
    return value.tobytes() if isinstance(value, np.ndarray) else value


def at_once(calls: Sequence[Callable[[], Made]]) -> list[Made]:
    """Make calls in threads of their own that begin together and give way to each other often."""
    gate, interval = Barrier(len(calls)), sys.getswitchinterval()

    def made(call: Callable[[], Made]) -> Made:
        with suppress(BrokenBarrierError):  # a thread that comes late runs all the same
            gate.wait(TOGETHER)
        return call()

    sys.setswitchinterval(SHORT)
    try:
        with warnings.catch_warnings(), ThreadPoolExecutor(len(calls)) as pool:
            return list(pool.map(made, calls))
    finally:
        sys.setswitchinterval(interval)
