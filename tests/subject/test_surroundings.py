"""What a call shares with the rest of its process: changes are seen and undone, and threads run at once."""

import os
import random
import sys
import warnings
from collections.abc import Callable
from functools import partial
from threading import Barrier

import numpy as np
import pytest

from nnfs_spec.subject.surroundings import Surroundings, at_once

CHANGES: dict[str, Callable[[], object]] = {
    "NumPy's error handling": lambda: np.seterr(all="ignore"),
    "NumPy's print options": lambda: np.set_printoptions(precision=3),
    "NumPy's random numbers": np.random.rand,
    "Python's random numbers": random.random,
    "the filters of warnings": partial(warnings.simplefilter, "ignore"),
    "the environment": partial(os.environ.update, NNFS_SPEC_OF_A_TEST="1"),
}


@pytest.mark.parametrize("name", CHANGES)
def test_a_change_is_seen_and_undone(name: str) -> None:
    """Each of them for itself; errors and filters are put back by who called."""
    with np.errstate(), warnings.catch_warnings():
        untouched = Surroundings()
        before = Surroundings()
        assert before.undo() == ()
        before = Surroundings()
        CHANGES[name]()
        assert before.undo() == (name,)
        assert untouched.undo() == ((name,) if name in ("NumPy's error handling", "the filters of warnings") else ())


def test_seeding_to_where_it_was_is_seen() -> None:
    """The state after the same seed is the same, but for the draw that is made in between."""
    np.random.seed(0)
    random.seed(0)
    before = Surroundings()
    np.random.seed(0)
    random.seed(0)
    assert before.undo() == ("NumPy's random numbers", "Python's random numbers")
    drawn = np.random.rand()
    np.random.seed(0)
    assert np.random.rand() == drawn


def test_calls_at_once_wait_for_each_other() -> None:
    """Every one of them is under way before any ends; the interval between threads is put back."""
    interval, gate = sys.getswitchinterval(), Barrier(3)

    def call(number: int) -> int:
        gate.wait(5)
        return number

    assert at_once([partial(call, number) for number in range(3)]) == [0, 1, 2]
    assert sys.getswitchinterval() == interval
