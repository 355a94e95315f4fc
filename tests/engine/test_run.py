"""A run through the plan: how far it comes, what it tells, and what it takes over from a second process."""

from collections.abc import Callable, Iterator, Sequence
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

import nnfs_spec
from nnfs_spec.adapters.live import LiveSubject
from nnfs_spec.arrays import Array
from nnfs_spec.clauses import all_clauses
from nnfs_spec.domains import RELU, Case
from nnfs_spec.engine.budget import BUDGETS, Budget
from nnfs_spec.engine.clause_state import MOST_PASSED_OVER, HelperShare, PartialState
from nnfs_spec.engine.events import Diagnosis, Event, Failed, Finished, Judged, Progressed, Proof, Report
from nnfs_spec.engine.exhaustive import Share
from nnfs_spec.engine.options import CheckOptions
from nnfs_spec.engine.run import run_helper_steps
from nnfs_spec.generate.exhaustive import CompleteSet
from nnfs_spec.generate.sweep import batches, sized_batch
from nnfs_spec.properties import PROPERTIES, Finding, Property
from nnfs_spec.properties.finding import fact
from nnfs_spec.subject.protocol import Account, Probe
from tests.tools.check_here import check_here

BOTH: tuple[np.dtype[Any], ...] = (np.dtype(np.float32), np.dtype(np.float64))
SMALL = Budget(batches=2, stride=160, large=0, examples=0)
"""Of relu, four steps with a case each, then two of four sizes each that may be taken apart."""

TURNS = (0, 160, 320, 480)


@pytest.fixture(autouse=True)
def small_budgets(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every budget is small, and the exhaustive one has a set of three blocks besides."""
    complete = Budget(SMALL.batches, SMALL.stride, SMALL.large, SMALL.examples, complete=True)
    monkeypatch.setitem(BUDGETS, "default", SMALL)
    monkeypatch.setitem(BUDGETS, "exhaustive", complete)
    blocks = CompleteSet("three", 3, RELU, ("RELU-1",), 3, one_number)
    monkeypatch.setattr("nnfs_spec.engine.exhaustive.complete_sets", lambda: [blocks])


def one_number(number: int) -> Case:
    """Return the case of one row, which is a number."""
    return Case(RELU, BOTH[0], {"inputs": np.array([[number]], np.float32)})


def subject_of(relu: Callable[[Array], Array] = nnfs_spec.relu, account: Account | None = None) -> LiveSubject:
    """Return a subject that has one function."""
    return LiveSubject("relu", {"relu": lambda: relu}, account or Account())


def check(*clauses: str, relu: Callable[[Array], Array] = nnfs_spec.relu, **more: Any) -> Report:
    """Check a function as relu."""
    return check_here(subject_of(relu), clauses=clauses or ["RELU-1"], **more)


def rows_of_steps(count: int) -> int:
    """Return how many rows the first steps of the plan have."""
    families = [list(batches(RELU, dtype, 0, SMALL.batches)) for dtype in BOTH]
    steps = [[case] for turn in zip(*families, strict=True) for case in turn]
    steps += [[sized_batch(RELU, dtype, 0, turn) for turn in TURNS] for dtype in BOTH]
    return sum(case.size("N") for step in steps[:count] for case in step)


def clock(monkeypatch: pytest.MonkeyPatch, ticks: int) -> None:
    """Let the time be 1, then 2, and so on, so often and no more."""
    times: Iterator[float] = iter(range(1, ticks + 1))
    for module in ("run", "exhaustive"):
        monkeypatch.setattr(f"nnfs_spec.engine.{module}.time", SimpleNamespace(monotonic=lambda: next(times)))


class Told:
    """Stands for a second process that met these partial_states."""

    def __init__(self, *partial_states: PartialState, dead: bool = False, left: int = 0) -> None:
        self._share = None if dead else HelperShare(partial_states, left)

    def share(self) -> HelperShare | None:
        """Return what it was made with."""
        return self._share


def test_what_is_not_asked_for_is_not_done() -> None:
    """Every clause, seed 0, the default budget, no errors measured, no proof."""
    report = check_here(subject_of())
    assert [result.id for result in report.clauses] == list(all_clauses())
    assert (report.seed, report.budget, report.level, report.errors) == (0, "default", "must", None)
    assert {result.proof for result in report.clauses} == {None}
    assert [one.clause for one in run_helper_steps(subject_of(), CheckOptions()).partial_states] == ["RELU-1"]


def test_every_step_is_told_with_the_first_clause_that_is_open() -> None:
    """In the order of blame, and with the rows so far; one that failed is told no more."""
    heard: list[Event] = []
    report = check("RELU-1", "RELU-7", listen=heard.append)
    steps, rest = heard[:6], heard[6:]
    told = [*["RELU-7"] * 4, *["RELU-1"] * 2]  # shapes are no matter of every size
    assert steps == [Progressed(i, 6, told[i], rows_of_steps(i) + min(i, 4)) for i in range(6)]
    assert [type(event) for event in rest] == [Judged, Judged, Finished]
    assert [result.cases for result in report.clauses] == [rows_of_steps(6), 4]
    heard.clear()
    check("RELU-1", relu=lambda x: x - 1, listen=heard.append)
    assert [type(event) for event in heard] == [Progressed, Failed, Judged, Finished]


@pytest.mark.parametrize(
    ("max_time", "ticks", "taken", "told"),
    [(3.0, 4, 2, "3"), (3.5, 5, 3, "3.5"), (0.5, 2, 0, "0.5"), (100.0, 7, 6, None), (None, 7, 6, None)],
)
def test_no_step_is_taken_when_time_is_up(
    max_time: float | None, ticks: int, taken: int, told: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not even at the very moment; the report says how far it came, and the verdict that it is not complete."""
    clock(monkeypatch, ticks)
    subject = subject_of(account=Account(problems=("a note",)))
    report = check_here(subject, clauses=["RELU-1"], max_time=max_time)
    assert report.clauses[0].cases == rows_of_steps(taken)
    assert report.problems == ("a note",)
    assert report.cut_short == (
        (f"stopped after {told} s, as asked: {taken} of 6 steps were taken",) if told is not None else ()
    )
    assert report.verdict == ("conformant" if told is None else "incomplete")


@pytest.mark.parametrize(
    ("max_time", "ticks", "first", "last"), [(1.0, 2, 4, 4), (1.5, 3, 4, 5), (2.0, 3, 4, 5), (None, 3, 4, 6)]
)
def test_the_steps_of_a_second_process_end_when_time_is_up(
    max_time: float | None, ticks: int, first: int, last: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It takes those that may be taken apart, and no others."""
    clock(monkeypatch, ticks)
    share = run_helper_steps(subject_of(), CheckOptions(clauses=("RELU-1",), max_time=max_time))
    rows = sum(partial_state.cases for partial_state in share.partial_states)
    assert rows == rows_of_steps(last) - rows_of_steps(first)
    assert share.left == 6 - last


def test_a_second_process_gives_a_clause_up_after_many_failures() -> None:
    """A failing step is noted for each of its cases."""
    (partial_state,) = run_helper_steps(subject_of(lambda x: x - 1), CheckOptions(clauses=("RELU-1",))).partial_states
    assert partial_state.failing == [4] * len(TURNS) + [5] * len(TURNS)
    assert len(partial_state.failing) == MOST_PASSED_OVER


def test_steps_that_a_second_process_left_have_no_more_time_than_there_was(monkeypatch: pytest.MonkeyPatch) -> None:
    """It died, and what it was to take is taken here, as long as the whole check may go on."""
    clock(monkeypatch, 7)
    report = check(max_time=5.5, plan_helper=Told(dead=True))
    assert report.clauses[0].cases == rows_of_steps(5)
    assert report.cut_short == ("stopped after 5.5 s, as asked: 5 of 6 steps were taken",)
    clock(monkeypatch, 5)
    assert check(max_time=2.5, plan_helper=Told(dead=True)).cut_short == (
        "stopped after 2.5 s, as asked: 2 of 6 steps were taken",
    )


def test_steps_that_a_second_process_has_no_time_for_leave_the_check_incomplete(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """However many are taken here; a failure decides all the same."""
    for relu, verdict in ((nnfs_spec.relu, "incomplete"), (abs, "nonconformant")):
        clock(monkeypatch, 20)
        report = check(max_time=100.0, plan_helper=Told(left=1), relu=relu)
        assert report.cut_short == ("stopped after 100 s, as asked: 5 of 6 steps were taken",)
        assert report.verdict == verdict


def test_what_a_second_process_met_adds_up() -> None:
    """Beside the steps that are taken here; the worst share is that of both."""
    told = PartialState("RELU-1", True, 5, 0.5, undecided=3)
    result = check(plan_helper=Told(told)).clauses[0]
    assert (result.status, result.cases, result.undecided, result.worst) == ("pass", rows_of_steps(4) + 5, 3, 0.5)


def test_a_clause_that_a_second_process_tried_is_supported() -> None:
    """Whatever is lacking here."""
    subject = LiveSubject("dense", {"dense": lambda: nnfs_spec.dense})
    told = Told(PartialState("NET-1", True, 5))
    assert check_here(subject, clauses=["NET-1"]).clauses[0].status == "unsupported"
    assert check_here(subject, clauses=["NET-1"], plan_helper=told).clauses[0].status == "pass"


def test_what_failed_in_a_second_process_only_is_shown_by_its_first_case() -> None:
    """It is not known which of them failed."""
    result = check(plan_helper=Told(PartialState("RELU-1", True, 5, 0.5, [5, 5]))).clauses[0]
    assert (result.status, result.cases) == ("error", rows_of_steps(4) + 5)
    shown = result.counterexample
    assert shown is not None
    assert shown.message == "failed in one process and passed in another"
    assert shown.inputs["inputs"].tobytes() == sized_batch(RELU, BOTH[1], 0, 0)["inputs"].tobytes()


def test_what_fails_again_is_counted_and_found() -> None:
    """The one case of the step that fails, and not those that pass."""
    rows = sized_batch(RELU, BOTH[0], 0, TURNS[2]).size("N")

    def relu(x: Array) -> Array:
        return x - 1 if len(x) == rows else nnfs_spec.relu(x)

    result = check(relu=relu, plan_helper=Told(PartialState("RELU-1", True, 5, 0.5, [4]))).clauses[0]
    assert (result.status, result.cases) == ("fail", rows_of_steps(4) + 5 + rows)
    assert result.counterexample is not None
    assert result.counterexample.inputs["inputs"].shape == (rows, 1)


def stated(clause: str, judge: Callable[[Probe, Case], Finding]) -> Property:
    """Return a property that speaks of relu."""
    return Property(clause, (RELU,), judge)


def test_a_clause_that_needs_no_more_holds_up_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    """Be it settled, or of an operation that is lacking."""

    def fails(subject: Probe, case: Case) -> Finding:
        return fact(False, np.zeros(1), np.ones(1), "something else")

    def lacks(subject: Probe, case: Case) -> Finding:
        return fact(True, subject.ask("softmax", case["inputs"]), np.ones(1), "something else")

    for judge, status, cases in ((fails, "fail", 1), (lacks, "unsupported", 0)):
        monkeypatch.setitem(PROPERTIES, "RELU-7", stated("RELU-7", judge))
        first, second = check("RELU-7", "RELU-1").clauses
        assert (first.status, first.cases) == (status, cases)
        assert (second.status, second.cases) == ("pass", rows_of_steps(6))


def test_a_clause_that_fails_within_a_step_holds_up_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    """The rest of the step is for those that are open yet."""

    def fails(subject: Probe, case: Case) -> Finding:
        return fact(False, np.zeros(1), np.ones(1), "something else")

    monkeypatch.setitem(PROPERTIES, "RELU-7", stated("RELU-7", fails))
    monkeypatch.setitem(BUDGETS, "default", Budget(0, SMALL.stride, 0, 0, every_clause=True))
    first, second = check("RELU-7", "RELU-1").clauses
    assert (first.status, first.cases) == ("fail", 1)
    assert (second.status, second.cases) == ("pass", rows_of_steps(6) - rows_of_steps(4))


def test_a_diagnosis_is_sought_where_something_failed(monkeypatch: pytest.MonkeyPatch) -> None:
    """And only there: it brings every known mistake along."""
    found = (Diagnosis("relu-leaky", "relu", "a slope", "cut off"),)

    def diagnose(*arguments: Any) -> tuple[Diagnosis, ...]:
        return found

    monkeypatch.setattr("nnfs_spec.diagnosis.diagnose.diagnose", diagnose)
    assert check().diagnosis == ()
    assert check(relu=lambda x: x - 1).diagnosis == found

    def raises(x: Array) -> Array:
        raise ValueError("oh")

    assert check(relu=raises).diagnosis == found


class Kept:
    """Keeps how far the latest shares are."""

    done: Sequence[int] = ()

    def begun(self) -> Sequence[Share]:
        """Return nothing."""
        return ()

    def keep(self, shares: Sequence[Share]) -> None:
        """Note it."""
        self.done = [share.done for share in shares]


def test_complete_sets_are_gone_through_after_the_plan() -> None:
    """What holds on all of one is proven, unless a case of the plan contradicts it."""
    checkpoint = Kept()
    result = check(budget="exhaustive", checkpoint=checkpoint).clauses[0]
    assert (result.proof, result.cases) == (Proof(3, "three"), rows_of_steps(6) + 3)
    assert checkpoint.done == [3]

    def wrong_in_the_plan(x: Array) -> Array:
        return x if len(x) == 1 else x - 1

    def wrong_in_the_set(x: Array) -> Array:
        return np.where(x == 2, 0, nnfs_spec.relu(x))

    for wrong in (wrong_in_the_plan, wrong_in_the_set):
        result = check(budget="exhaustive", relu=wrong).clauses[0]
        assert (result.status, result.proof) == ("fail", None)


@pytest.mark.parametrize(("max_time", "ticks", "done"), [(8.0, 9, 1), (9.5, 10, 3), (None, 10, 3)])
def test_complete_sets_may_not_be_finished(
    max_time: float | None, ticks: int, done: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The time is that of the whole check, and the report says how far it came."""
    clock(monkeypatch, ticks)
    report = check(budget="exhaustive", max_time=max_time)
    assert report.clauses[0].cases == rows_of_steps(6) + done
    told = f"complete sets were not finished, as time ran out: {done} of 3 blocks were tried"
    assert (report.problems, report.cut_short) == ((), (told,) if done < 3 else ())
    assert report.verdict == ("incomplete" if done < 3 else "conformant")
    assert (report.clauses[0].proof is None) == (done < 3)


def test_a_run_of_nothing_but_advice_says_why_it_has_no_verdict() -> None:
    """Unless advice counts, or anything else was asked for."""
    alone = check("GEN-5")
    assert alone.verdict == "error"
    assert alone.problems == ("no clause that was asked for counts at level must: at level should advice counts, too",)
    assert check("GEN-5", level="should").problems == ()
    assert check("GEN-5", "RELU-1").problems == ()
