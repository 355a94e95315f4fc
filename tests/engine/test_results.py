"""From what was met of each clause to what the report says of it."""

from collections.abc import Callable

import numpy as np
import pytest

import nnfs_spec
from nnfs_spec.adapters.live import LiveSubject
from nnfs_spec.arrays import Array
from nnfs_spec.domains import RELU, Case
from nnfs_spec.engine.clause_state import ClauseState
from nnfs_spec.engine.events import ClauseResult
from nnfs_spec.engine.options import CheckOptions
from nnfs_spec.engine.results import ResultBuilder
from nnfs_spec.engine.root_cause import in_root_cause_order
from nnfs_spec.engine.trial import Trial, attempt
from nnfs_spec.properties import PROPERTIES


def subject_of(relu: Callable[[Array], Array] = nnfs_spec.relu) -> LiveSubject:
    """Return a subject that has this function only."""
    return LiveSubject("relu", {"relu": lambda: relu})


def case_of(rows: int) -> Case:
    """Return a batch of ones."""
    return Case(RELU, np.dtype(np.float64), {"inputs": np.ones((rows, 1))})


def settled(*states: ClauseState, subject: LiveSubject | None = None) -> list[ClauseResult]:
    """Return the results of clauses that stand in this order of blame."""
    return list(ResultBuilder(subject or subject_of(), states, CheckOptions(budget="quick")).results().values())


def standing_of(clause: str, unrepeated: Trial | None = None) -> ClauseState:
    """Return a clause of which one row was examined."""
    state = ClauseState.of(clause)
    state.tried, state.cases, state.unrepeated = True, 1, unrepeated
    return state


def met_once(message: str) -> Trial:
    """Return a failure that does not show again."""
    return Trial(case_of(1), "error", None, message)


ONCE = "the same case passed when it was tried again: the subject is not deterministic"


@pytest.mark.parametrize(
    ("rows", "remark"), [(2, None), (16, None), (17, "no batch of fewer than 17 rows was found to show it")]
)
def test_a_counterexample_of_many_rows_says_that_fewer_were_tried(rows: int, remark: str | None) -> None:
    """Sixteen are not many yet."""

    def relu(x: Array) -> Array:
        return x - 1 if len(x) >= rows else x

    subject, state = subject_of(relu), standing_of("RELU-1")
    state.failure = attempt(PROPERTIES["RELU-1"], subject, case_of(40))
    (result,) = settled(state, subject=subject)
    assert result.counterexample is not None
    assert (len(result.counterexample.inputs["inputs"]), result.counterexample.remark) == (rows, remark)


def test_a_smaller_case_that_fails_once_is_not_shown() -> None:
    """The larger one is, with what happened."""
    calls = [0]

    def relu(x: Array) -> Array:
        calls[0] += 1
        return x - 1 if calls[0] <= 2 else x

    subject, state = subject_of(relu), standing_of("RELU-1")
    state.failure = attempt(PROPERTIES["RELU-1"], subject, case_of(1))
    (result,) = settled(state, subject=subject)
    assert result.counterexample is not None
    assert result.counterexample.inputs["inputs"].tolist() == [[1.0]]
    assert result.counterexample.remark == (
        "a smaller case failed once and then passed: the subject is not deterministic"
    )


def test_failures_that_do_not_show_again_are_told_of_each_clause() -> None:
    """Where none about determinism is checked; one that fails besides keeps that failure, one that passed passes."""
    other = standing_of("RELU-7", met_once("seven"))
    other.explain(met_once("explained"), "RELU-1")
    passed = standing_of("RELU-3")
    results = settled(standing_of("RELU-1", met_once("one")), other, passed, standing_of("RELU-2", met_once("two")))
    assert [(result.status, result.blocked_by) for result in results] == [
        ("error", None),
        ("blocked", "RELU-1"),
        ("pass", None),
        ("error", None),
    ]
    shown = [result.counterexample for result in results if result.counterexample]
    assert [(one.message, one.remark) for one in shown] == [("one", ONCE), ("two", ONCE)]


def test_the_first_failure_that_does_not_show_again_breaks_gen_2() -> None:
    """And is shown there; each clause that met one is blocked by it."""
    met = [standing_of(id, met_once(id)) for id in ("RELU-1", "GEN-2", "RELU-2")]
    results = {result.id: result for result in settled(*met)}
    assert {id: (result.status, result.blocked_by) for id, result in results.items()} == {
        "RELU-1": ("blocked", "GEN-2"),
        "GEN-2": ("error", None),
        "RELU-2": ("blocked", "GEN-2"),
    }
    shown = results["GEN-2"].counterexample
    assert shown is not None
    assert (shown.message, shown.remark) == ("RELU-1", ONCE)


def test_a_failure_of_gen_2_alone_that_does_not_show_again_is_its_own() -> None:
    """No clause explains itself."""
    (result,) = settled(standing_of("GEN-2", met_once("once")))
    assert (result.status, result.blocked_by) == ("error", None)
    assert result.counterexample is not None
    assert (result.counterexample.message, result.counterexample.remark) == ("once", ONCE)


def test_a_failure_of_gen_2_that_shows_again_is_kept() -> None:
    """It is better than one that does not."""
    same_bits, failure = standing_of("GEN-2", met_once("once")), Trial(case_of(1), "error", None, "hung", False)
    same_bits.failure = failure
    blocked, bits = settled(standing_of("RELU-1", met_once("one")), same_bits)
    assert (blocked.status, blocked.blocked_by) == ("blocked", "GEN-2")
    assert bits.counterexample is not None
    assert (bits.counterexample.message, bits.counterexample.remark) == ("hung", None)


def test_a_clause_that_is_explained_names_the_first_cause() -> None:
    """Not one that is itself explained; nor does one that fails by itself name any."""
    first, second, third = in_root_cause_order(["RELU-7", "RELU-1", "RELU-2"])
    first.failure = Trial(case_of(1), "error", None, "crashed", False)
    second.explain(met_once("oh"), "RELU-7")
    third.explain(met_once("oh"), "RELU-1")
    results = settled(first, second, third)
    assert [(result.status, result.blocked_by) for result in results] == [
        ("error", None),
        ("blocked", "RELU-7"),
        ("blocked", "RELU-7"),
    ]
    third.failure = Trial(case_of(1), "error", None, "crashed otherwise", False)
    assert (settled(first, second, third)[2].status, settled(third)[0].blocked_by) == ("error", None)


@pytest.mark.parametrize(
    ("clause", "tried", "lacking", "cases", "status"),
    [
        ("RELU-1", True, False, 3, "pass"),
        ("RELU-1", True, True, 3, "pass"),
        ("RELU-1", True, True, 0, "not-exercised"),
        ("RELU-1", False, False, 0, "not-exercised"),
        ("RELU-1", False, True, 0, "unsupported"),
        ("SOFTMAX-4", False, False, 0, "unsupported"),
        ("GEN-2", False, False, 0, "not-exercised"),
    ],
)
def test_a_clause_without_a_failure_says_what_was_tried(
    clause: str, tried: bool, lacking: bool, cases: int, status: str
) -> None:
    """Unsupported is one of whose operations the subject has none, or whose every case needed another one."""
    state = ClauseState.of(clause)
    state.tried, state.lacking, state.cases, state.worst = tried, lacking, cases, 0.5
    (result,) = settled(state)
    assert (result.status, result.cases, result.worst) == (status, cases, 0.5 if cases else None)


def test_a_share_of_a_bound_that_is_infinite_is_not_told() -> None:
    """It is no number in JSON."""
    state = standing_of("RELU-1")
    state.worst = np.inf
    assert settled(state)[0].worst is None


def test_the_command_that_repeats_a_clause_loads_the_target_in_the_same_way() -> None:
    """With the names that were given, and everything run where that was asked for."""
    state = standing_of("RELU-7")
    options = CheckOptions(budget="quick", seed=3, run_all=True, mapping=("relu=my function",))
    (result,) = ResultBuilder(subject_of(), [state], options).results().values()
    asked = "--clause RELU-7 --budget quick --seed 3 --run-all --map 'relu=my function'"
    assert result.replay == f"nnfs-spec check relu {asked}"
