"""What is measured of a subject, figure by figure; what comes of it is told elsewhere."""

from typing import Any

import numpy as np
import pytest

import nnfs_spec
from nnfs_spec.adapters.live import LiveSubject
from nnfs_spec.adapters.load import live_subject
from nnfs_spec.arrays import Array
from nnfs_spec.engine.accuracy import by_operation, measure, measure_subject
from nnfs_spec.engine.events import ULP_EDGES, Errors, Progressed
from nnfs_spec.subject.operations import Operation
from nnfs_spec.subject.protocol import Account, Reach
from tests.tools.support import relu_beyond


def of_family(measured: tuple[Errors, ...], family: str, dtype: str = "float64") -> Errors:
    """Return the errors of one family and dtype."""
    return next(one for one in measured if one.family == family and one.dtype == dtype)


def test_errors_are_told_by_operation_dtype_and_family() -> None:
    """A ReLU that is two numbers off is two ULP off where it is positive."""
    measured = measure(live_subject({"relu": relu_beyond}), seed=0, batches=3)
    assert [(one.operation, one.dtype) for one in measured] == [("relu", "float32")] * 14 + [("relu", "float64")] * 14
    some = of_family(measured, "ordinary")
    assert (some.worst, some.share, some.undecided, some.unanswered) == (2.0, np.inf, 0, 0)
    zeros, off = some.histogram[0], some.histogram[ULP_EDGES.index(2.0)]
    assert zeros + off == some.entries == sum(some.histogram)
    assert some.mean == pytest.approx(2.0 * off / some.entries, rel=2.0**-40)
    negative = of_family(measured, "huge negative", "float32")
    assert (negative.worst, negative.share, negative.mean) == (0.0, 0.0, 0.0)


def test_errors_are_in_units_of_the_result() -> None:
    """Of the dtype that was asked for, but for accuracy: that is float64 whatever it is of."""

    def beyond(scores: Array, labels: Array) -> float:
        return float(np.nextafter(nnfs_spec.accuracy(scores, labels), 2))

    measured = measure(live_subject({"relu": relu_beyond, "accuracy": beyond}), seed=0, batches=1)
    for family in ("ordinary", "whole"):
        relu, accurate = (
            next(one for one in measured if (one.operation, one.dtype, one.family) == (operation, "float32", family))
            for operation in ("relu", "accuracy")
        )
        assert relu.worst == 2.0
        assert accurate.worst is not None
        assert 0.5 <= accurate.worst <= 1.5


def test_what_refuses_or_has_no_numbers_is_told() -> None:
    """A batch without a result is unanswered; one that is no number has infinite errors."""

    def shy(x: Array) -> Array:
        if x.dtype == np.float32:
            raise ValueError("not today")
        return np.full_like(x, np.nan)

    measured = measure(live_subject({"relu": shy}), seed=0, batches=3)
    refused, spoilt = of_family(measured, "whole", "float32"), of_family(measured, "whole")
    assert (refused.unanswered, refused.entries, refused.worst, refused.mean, refused.share) == (3, 0, None, None, None)
    assert (spoilt.unanswered, spoilt.worst, spoilt.mean, spoilt.share) == (0, np.inf, np.inf, np.inf)
    together = by_operation(measured)
    assert [(one.family, one.unanswered, one.worst) for one in together] == [(None, 42, None), (None, 0, np.inf)]
    assert (together[0].entries, together[0].mean, together[0].share) == (0, None, None)


class OfDoubles(LiveSubject):
    """A subject that takes float64 alone."""

    @property
    def reach(self) -> Reach:
        """One dtype."""
        return Reach(frozenset({"float64"}))


def test_only_what_the_subject_takes_is_measured() -> None:
    """Its operations, in its dtypes; what it can do that has no exact value is passed over."""
    measured = measure(OfDoubles("doubles", {"relu": lambda: relu_beyond}), seed=0, batches=1)
    assert {(one.operation, one.dtype) for one in measured} == {("relu", "float64")}


def test_progress_is_told() -> None:
    """Before each family, with the entries so far."""
    events: list[Any] = []
    measure(live_subject({"relu": relu_beyond}), seed=0, batches=1, listen=events.append)
    assert len(events) == 28
    assert events[0] == Progressed(0, 28, "relu float32 ordinary", 0)
    assert events[-1].clause == "relu float64 distances"
    assert events[-1].rows > events[1].rows > 0


def errors(
    operation: Operation,
    dtype: str,
    family: str,
    counts: tuple[int, int, int],
    share: float | None,
    *ulps: float | None,
) -> Errors:
    """Return errors made by hand; the largest and the mean ``ulps``."""
    worst, mean = ulps
    return Errors(operation, dtype, family, *counts, share, worst, mean, (1, 2))


def test_the_errors_of_families_are_put_together() -> None:
    """Counts add up, the worst stays the worst, and the mean is weighted; where nothing was measured, by the others."""
    measured = [
        errors("relu", "float32", "a", (3, 1, 0), 0.5, 4.0, 2.0),
        errors("relu", "float32", "b", (0, 2, 5), None, None, None),
        errors("relu", "float64", "a", (0, 0, 1), None, None, None),
        errors("relu", "float32", "c", (1, 0, 0), 0.25, 8.0, 6.0),
        errors("dense", "float32", "a", (2, 0, 0), 2.0, 1.0, 0.5),
    ]
    assert by_operation(measured) == (
        Errors("relu", "float32", None, 4, 3, 5, 0.5, 8.0, 3.0, (3, 6)),
        Errors("relu", "float64", None, 0, 0, 1, None, None, None, (1, 2)),
        Errors("dense", "float32", None, 2, 0, 0, 2.0, 1.0, 0.5, (1, 2)),
    )


def test_what_is_measured_is_told_with_the_account_of_the_subject() -> None:
    """Ten batches of each family if no other number is asked for, none unanswered, none undecided."""
    account = Account(("relu: relu",), ("a note",), "hello")
    subject = OfDoubles("doubles", {"relu": lambda: nnfs_spec.relu}, account)
    told = measure_subject(subject, seed=3)
    assert (told.target, told.seed, told.batches) == ("doubles", 3, 10)
    assert (told.taken, told.problems, told.output) == (account.taken, account.problems, account.output)
    assert len(told.errors) == 14
    for one in told.errors:
        assert (one.worst, one.mean, one.share, one.undecided, one.unanswered) == (0.0, 0.0, 0.0, 0, 0)
        assert one.histogram == (one.entries, *[0] * len(ULP_EDGES))
