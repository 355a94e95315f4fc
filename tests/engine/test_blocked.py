"""One cause is reported once: what an earlier clause explains is blocked by it."""

from typing import Any

import numpy as np
import pytest

import nnfs_spec
from nnfs_spec.adapters.live import LiveSubject
from nnfs_spec.adapters.load import load
from nnfs_spec.arrays import Array
from nnfs_spec.clauses import all_clauses
from nnfs_spec.engine.events import ClauseResult, Report
from nnfs_spec.engine.root_cause import in_root_cause_order
from tests.tools.check_here import check_here


def check_one(operation: str, function: Any, *only: str, level: str = "must") -> dict[str, ClauseResult]:
    """Check a function as one operation, and return the results by clause."""
    subject = LiveSubject(operation, {operation: lambda: function})
    return by_id(check_here(subject, clauses=only, budget="quick", level=level))


def by_id(report: Report) -> dict[str, ClauseResult]:
    """Return the results of a report by clause."""
    return {result.id: result for result in report.clauses}


def test_causes_come_before_what_follows_from_them() -> None:
    """Shape, finiteness, value; then the operation's other clauses, then all operations', then networks'."""
    order = [state.clause.id for state in in_root_cause_order(list(all_clauses()))]
    wanted = ["SOFTMAX-11", "SOFTMAX-3", "SOFTMAX-1", "SOFTMAX-4", "SOFTMAX-7", "GEN-3", "NET-1"]
    assert [id for id in order if id in wanted] == wanted


def test_a_wrong_axis_is_one_failure() -> None:
    """Of softmax over the batch: the sums fail, and the rest is blocked by them."""
    results = by_id(check_here(load("mutant:softmax-over-the-batch"), budget="quick"))
    assert [id for id, result in results.items() if result.status == "fail" and result.level == "MUST"] == ["SOFTMAX-1"]
    blocked = {id: result.blocked_by for id, result in results.items() if result.status == "blocked"}
    assert {"SOFTMAX-4", "SOFTMAX-8", "GEN-3", "NET-1"} <= set(blocked)
    assert set(blocked.values()) == {"SOFTMAX-1"}
    assert all(results[id].counterexample is None for id in blocked)


def test_two_mistakes_are_two_failures() -> None:
    """Where one input shows the one and another input the other."""

    def softmax(z: Array) -> Array:
        exponentials = np.exp(z) if len(z) % 2 else np.exp(z - z.max(axis=1, keepdims=True))
        result: Array = exponentials / exponentials.sum(axis=0 if len(z) == 2 else 1, keepdims=True)
        return result

    results = check_one("softmax", softmax, "SOFTMAX-1", "SOFTMAX-3", "SOFTMAX-4")
    assert [result.status for result in results.values()] == ["fail", "fail", "blocked"]


def test_a_refusal_of_everything_is_one_error() -> None:
    """The first clause tells it, the others are blocked."""

    def relu(x: Array) -> Array:
        raise NotImplementedError("exercise for the reader")

    results = check_one("relu", relu, "RELU-1", "RELU-2", "RELU-7", "GEN-2")
    assert [result.status for result in results.values()] == ["blocked", "blocked", "error", "blocked"]


def test_a_breakdown_of_everything_is_one_error() -> None:
    """Told in the same words; the subject is not made to break down once more to compare."""
    results = check_one("relu", lambda x: None, "RELU-1", "RELU-7")  # pyright: ignore[reportUnknownLambdaType]
    assert [result.status for result in results.values()] == ["blocked", "error"]
    assert results["RELU-1"].blocked_by == "RELU-7"


@pytest.mark.gate
def test_advice_explains_no_failure_of_a_must_clause() -> None:
    """Or a broken MUST clause would not count."""
    for mutant in ("relu-leaky", "dense-on-its-side", "loss-remembering-labels"):
        for result in by_id(check_here(load(f"mutant:{mutant}"), budget="quick")).values():
            if result.level == "MUST" and result.blocked_by is not None:
                assert all_clauses()[result.blocked_by].level == "MUST"


def test_what_is_blocked_names_a_clause_that_fails() -> None:
    """Not one that is itself blocked."""
    results = by_id(check_here(load("mutant:relu-leaky"), budget="quick"))
    causes = {result.blocked_by for result in results.values() if result.blocked_by is not None}
    assert causes == {"RELU-1"}
    assert results["RELU-1"].status == "fail"


def test_a_mistake_in_one_label_form_only_is_blamed_on_that_form() -> None:
    """LOSS-3 compares the two forms, LOSS-2 states the value of one of them."""

    def sample_losses(p: Array, y: Array) -> Array:
        losses: Array = nnfs_spec.sample_losses(p, y)
        return losses if y.ndim == 1 else losses + 1

    results = check_one("sample_losses", sample_losses, "LOSS-1", "LOSS-2", "LOSS-3")
    assert [result.status for result in results.values()] == ["pass", "fail", "blocked"]


def test_a_batch_without_sample_losses_is_no_second_error() -> None:
    """The loss of a batch that cannot be had, since its samples refuse one form of labels, is blocked by them."""

    def sample_losses(p: Array, y: Array) -> Array:
        if y.ndim == 2:
            raise IndexError("sparse labels only")
        losses: Array = nnfs_spec.sample_losses(p, y)
        return losses

    def loss(p: Array, y: Array) -> float:
        return float(sample_losses(p, y).mean())

    subject = LiveSubject("sparse", {"sample_losses": lambda: sample_losses, "loss": lambda: loss})
    report = check_here(subject, clauses=["LOSS-7", "LOSS-8"], budget="quick")
    assert [(r.status, r.blocked_by) for r in report.clauses] == [("error", None), ("blocked", "LOSS-7")]


def test_the_mean_of_losses_without_a_clip_is_no_second_failure() -> None:
    """LOSS-8 is blocked by LOSS-1, whose losses it is the mean of."""

    def sample_losses(p: Array, y: Array) -> Array:
        losses: Array = -np.log(p[range(len(p)), y if y.ndim == 1 else y.argmax(axis=1)])
        return losses

    def loss(p: Array, y: Array) -> float:
        return float(sample_losses(p, y).mean())

    subject = LiveSubject("unclipped", {"sample_losses": lambda: sample_losses, "loss": lambda: loss})
    report = check_here(subject, clauses=["LOSS-1", "LOSS-8"], budget="quick")
    assert [(r.status, r.blocked_by) for r in report.clauses] == [("fail", None), ("blocked", "LOSS-1")]


def test_writing_into_an_argument_is_one_failure() -> None:
    """Which raises an exception where the argument is read-only: that is no mistake about memory layouts."""

    def relu(x: Array) -> Array:
        x[x < 0] = 0
        return x.copy()

    results = check_one("relu", relu, "GEN-1", "GEN-4")
    assert (results["GEN-1"].status, results["GEN-4"].status, results["GEN-4"].blocked_by) == (
        "fail",
        "blocked",
        "GEN-1",
    )


def test_a_read_only_argument_that_is_refused_and_left_alone_breaks_its_own_clause() -> None:
    """Nothing else explains that, nor a wrong result of an argument that is written to."""

    def refuses(x: Array) -> Array:
        if not x.flags.writeable:
            raise ValueError("a read-only array")
        return np.maximum(x, 0)

    def by_memory(x: Array) -> Array:
        result: Array = np.maximum(np.frombuffer(x.tobytes("A"), x.dtype), 0).reshape(x.shape)
        if x.flags.writeable:
            x[...] = 0
        return result

    assert check_one("relu", refuses, "GEN-1", "GEN-4")["GEN-4"].status == "error"
    results = check_one("relu", by_memory, "GEN-1", "GEN-4")
    assert (results["GEN-1"].status, results["GEN-4"].status) == ("fail", "fail")
