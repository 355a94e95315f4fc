"""What a report holds, apart from its forms."""

import numpy as np
import pytest

from nnfs_spec.engine.events import (
    STATUSES,
    ULP_EDGES,
    Accuracy,
    Counterexample,
    Errors,
    Finished,
    Judged,
    Progressed,
    Proof,
)
from tests.tools.handmade import EVERYTHING, clause, report


def test_every_status_is_counted() -> None:
    """With none where there is none."""
    assert report(clause(), clause(), clause(status="error")).counts == {
        **dict.fromkeys(STATUSES, 0),
        "pass": 2,
        "error": 1,
    }
    assert set(EVERYTHING.counts) == set(STATUSES)
    assert sum(EVERYTHING.counts.values()) == len(EVERYTHING.clauses)


@pytest.mark.parametrize(
    ("level", "asked", "counts"),
    [("MUST", "must", True), ("MUST", "should", True), ("SHOULD", "must", False), ("SHOULD", "should", True)],
)
def test_advice_counts_where_it_is_asked_for(level: str, asked: str, counts: bool) -> None:
    """And what must be, always."""
    assert clause(level=level).counts_at(asked) is counts


def test_the_bins_of_a_histogram_double() -> None:
    """After what is exact, and what is rounded to the nearest."""
    assert ULP_EDGES == (0, 0.5, 1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024)


def test_events_and_figures_hold_what_they_are_made_with() -> None:
    """Under their names."""
    told = report()
    assert Finished(told).report is told
    assert Judged(clause()).result.id == clause().id
    assert Proof(5, "all of five").inputs == 5
    errors = Errors("relu", "float32", None, 0, 0, 0, None, None, None, ())
    assert Accuracy("t.py", 0, 10, (errors,), (), (), "").errors == (errors,)


def test_what_is_not_told_is_nothing() -> None:
    """No rows, no remark, no clause that blocks, nothing undecided."""
    assert Progressed(0, 1, "RELU-1") == Progressed(0, 1, "RELU-1", 0)
    result = clause()
    assert (result.blocked_by, result.known, result.proof, result.undecided) == (None, None, None, 0)
    shown = Counterexample("relu", {"inputs": np.ones((1, 1))}, None, None, None, "oh")
    assert (shown.arithmetic, shown.remark) == (None, None)
