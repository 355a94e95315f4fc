"""What is known of a clause while a check runs, counted exactly, and the verdict that follows."""

from typing import Any

import numpy as np
import pytest

from nnfs_spec.adapters.live import LiveSubject
from nnfs_spec.arrays import Array
from nnfs_spec.domains import RELU, Case
from nnfs_spec.engine.clause_state import MOST_PASSED_OVER, ClauseState, PartialState
from nnfs_spec.engine.events import STATUSES, Status, Verdict, verdict_of
from nnfs_spec.engine.trial import Trial, attempt
from nnfs_spec.properties import PROPERTIES
from nnfs_spec.properties.finding import Finding
from tests.tools.handmade import clause

CASE = Case(RELU, np.dtype(np.float64), {"inputs": np.ones((3, 1))})


def trial_of(share: float, undecided: int = 0) -> Trial:
    """Return a trial of three rows, each of which uses so much of its bound."""
    nothing = np.zeros(3)
    finding = Finding(np.full(3, share), np.ones(3, np.bool_), nothing, nothing, nothing, "", undecided)
    return Trial(CASE, "pass" if share <= 1 else "fail", finding, "")


def failed(repeatable: bool = True) -> Trial:
    """Return a trial without a result."""
    return Trial(CASE, "error", None, "oh", repeatable)


@pytest.mark.parametrize(
    ("result", "status", "repeatable"),
    [(None, "error", False), (np.ones(1), "fail", True), (np.ones((3, 1)), "pass", True)],
)
def test_a_breakdown_is_not_to_be_repeated(result: Any, status: str, repeatable: bool) -> None:
    """It would cost another process; anything else that was returned may be asked for again."""

    def relu(x: Array) -> Any:
        return result

    trial = attempt(PROPERTIES["RELU-1"], LiveSubject("relu", {"relu": lambda: relu}), CASE)
    assert (trial.status, trial.repeatable, len(trial.asked)) == (status, repeatable, 1)


def known_of(state: ClauseState | PartialState) -> tuple[Any, ...]:
    """Return the figures of a state or a partial_state."""
    return state.tried, state.cases, state.undecided, state.worst


def test_nothing_is_known_at_first() -> None:
    """Neither by this process nor by another."""
    state, partial_state = ClauseState.of("RELU-1"), PartialState("RELU-1")
    assert known_of(state) == known_of(partial_state) == (False, 0, 0, 0.0)
    assert (state.lacking, state.failing, state.settled, state.passed_over) == (False, False, False, 0)
    assert (partial_state.passed, partial_state.failing) == (0, [])


def test_what_was_examined_adds_up() -> None:
    """But for the worst share, which is the largest."""
    state = ClauseState.of("RELU-1")
    for trial in (trial_of(0.25, 2), trial_of(0.5), trial_of(0.125, 3)):
        state.take(trial)
    assert known_of(state) == (True, 9, 5, 0.5)
    state.take(failed())
    assert known_of(state) == (True, 10, 5, np.inf)


def test_a_tally_counts_what_passed_and_keeps_the_numbers_of_what_failed() -> None:
    """A failing step is counted when it is tried again; one with undecided rows passed and proves nothing."""
    partial_state = PartialState("RELU-1")
    partial_state.take(4, failed())
    assert known_of(partial_state) == (True, 0, 0, 0.0)
    for number, trial in enumerate((trial_of(0.25), trial_of(2.0), trial_of(0.5, 3), trial_of(0.125))):
        partial_state.take(number, trial)
    assert known_of(partial_state) == (True, 9, 3, 0.5)
    assert (partial_state.passed, partial_state.failing) == (2, [4, 1])


@pytest.mark.parametrize(
    ("failures", "settled"),
    [(0, False), (MOST_PASSED_OVER - 1, False), (MOST_PASSED_OVER, True), (MOST_PASSED_OVER + 1, True)],
)
def test_a_second_process_gives_a_clause_up_after_many_failures(failures: int, settled: bool) -> None:
    """Wherever they were met."""
    assert PartialState("RELU-1", failing=list(range(failures))).settled is settled


def test_one_failure_settles_a_clause() -> None:
    """Nothing more can be learned of it."""
    state = ClauseState.of("RELU-1")
    state.failure = failed()
    assert (state.settled, state.failing) == (True, True)


@pytest.mark.parametrize("explained", [True, False])
def test_a_clause_is_given_up_after_many_failures_that_say_nothing_of_it(explained: bool) -> None:
    """Explained by others, or not met again; the first of them is kept."""
    state, first = ClauseState.of("RELU-1"), failed()
    for i in range(MOST_PASSED_OVER):
        assert not state.settled
        trial = failed() if i else first
        if explained:
            state.explain(trial, "RELU-7" if trial is first else "RELU-2")
        else:
            state.pass_over(trial)
    assert state.settled
    assert state.failing == explained
    assert (state.explained, state.explained_by) == ((first, "RELU-7") if explained else (None, None))
    assert state.unrepeated is (None if explained else first)


def test_a_clause_is_given_up_after_one_failure_that_cost_a_process() -> None:
    """Another would cost as much; whatever else was met of it before."""
    state = ClauseState.of("RELU-1")
    state.explain(failed(), "RELU-7")
    assert not state.settled
    state.explain(failed(repeatable=False), "RELU-7")
    assert state.settled


VERDICTS: dict[Status, Verdict] = {
    "pass": "conformant",
    "expected-fail": "conformant",
    "fail": "nonconformant",
    "error": "nonconformant",
}


@pytest.mark.parametrize("status", STATUSES)
def test_one_clause_decides_the_verdict(status: Status) -> None:
    """An error unless it passed or failed; a failure outweighs a pass, and advice counts where it is asked for."""
    verdict = VERDICTS.get(status, "error")
    assert verdict_of([clause(status=status)], "must") == verdict
    assert verdict_of([clause(status=status), clause()], "must") == (
        "nonconformant" if verdict == "nonconformant" else "conformant"
    )
    assert verdict_of([clause(status=status, level="SHOULD")], "must") == "error"
    assert verdict_of([clause(status=status, level="SHOULD")], "should") == verdict


CUT_SHORT: dict[Status, Verdict] = {
    **VERDICTS,
    "pass": "incomplete",
    "expected-fail": "incomplete",
    "not-exercised": "incomplete",
}


@pytest.mark.parametrize("status", STATUSES)
def test_a_run_that_was_cut_short_is_incomplete_unless_it_met_a_failure(status: Status) -> None:
    """What was unsupported or is advice is no part of it."""
    assert verdict_of([clause(status=status)], "must", cut_short=True) == CUT_SHORT.get(status, "error")
    assert verdict_of([clause(status=status, level="SHOULD")], "must", cut_short=True) == "error"
