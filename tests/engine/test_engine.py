"""The engine: what it tries, what it tells, how it judges, and that it can be trusted to."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

import nnfs_spec
from nnfs_spec.adapters.live import LiveSubject
from nnfs_spec.adapters.load import load
from nnfs_spec.adapters.recognition.recognise import implementations_in
from nnfs_spec.arrays import Array
from nnfs_spec.clauses import all_clauses
from nnfs_spec.domains import RELU, Case
from nnfs_spec.engine.budget import BUDGETS, Budget
from nnfs_spec.engine.events import Event, Finished, Judged, Progressed, Report
from nnfs_spec.properties import PROPERTIES, Finding, Property
from nnfs_spec.properties.finding import equal
from nnfs_spec.reports.json_report import to_json
from nnfs_spec.subject.protocol import Probe
from tests import ROOT
from tests.tools.check_here import check_here

SEED = ROOT / "tests" / "targets" / "seed.py"


def check_relu(relu: Any, clause: str = "RELU-1", **options: Any) -> Report:
    """Check a function as relu by one clause."""
    subject = LiveSubject("relu", {"relu": lambda: relu})
    return check_here(subject, clauses=[clause], budget="quick", **options)


def test_the_reference_keeps_every_clause() -> None:
    """MUST and SHOULD, each on some rows; the kit gives it no favour."""
    report = check_here(load("reference"), level="should", budget="quick")
    assert {result.status for result in report.clauses} == {"pass"}
    assert [result.id for result in report.clauses] == list(all_clauses())
    assert all(result.cases > 0 for result in report.clauses)
    assert report.verdict == "conformant"


def test_the_classes_keep_every_clause_they_have() -> None:
    """They are thin, but they are what learners run."""
    classes = {name: value for name, value in vars(nnfs_spec).items() if isinstance(value, type)}
    report = check_here(LiveSubject("classes", implementations_in(classes)), level="should", budget="quick")
    has = set(report.supported)
    lacking = {id for id, one in PROPERTIES.items() if has.isdisjoint(domain.operation for domain in one.domains)}
    assert {result.id: result.status for result in report.clauses if result.status != "pass"} == dict.fromkeys(
        lacking, "unsupported"
    )


def test_the_same_seed_gives_the_same_report() -> None:
    """Byte for byte; another seed another one."""
    first, again, other = (
        to_json(check_here(load("mutant:relu-leaky"), budget="quick", seed=seed, clauses=["RELU-1", "SOFTMAX-4"]))
        for seed in (3, 3, 4)
    )
    assert first == again
    assert first != other


def test_the_seeds_own_code_conforms() -> None:
    """All that it has; it has no accuracy, no data of its own and no accumulator."""
    report = check_here(load(str(SEED)), budget="quick")
    assert report.verdict == "conformant"
    assert {r.id for r in report.clauses if r.status == "fail"} == {
        "GEN-5",
        "GEN-6",
        "GEN-8",
        "DENSE-10",
        "LOSS-11",
        "LOSS-12",
        "LOSS-13",
        "LOSS-14",
    }
    assert all(r.level == "SHOULD" for r in report.clauses if r.status == "fail")
    assert {r.id.partition("-")[0] for r in report.clauses if r.status == "unsupported"} == {"ACC", "DATA", "STREAM"}


def test_the_seeds_code_without_its_axis_fails_on_two_rows(tmp_path: Path) -> None:
    """And the counterexample shows why: the rows share one sum."""
    path = tmp_path / "no_axis.py"
    path.write_text(SEED.read_text(encoding="utf-8").replace("axis=1, keepdims", "keepdims"), encoding="utf-8")
    report = check_here(load(str(path)), budget="quick", clauses=["SOFTMAX-1"])
    assert report.verdict == "nonconformant"
    shown = report.clauses[0].counterexample
    assert shown is not None
    assert shown.inputs["inputs"].tolist() == [[0.0], [0.0]]
    assert shown.got is not None
    assert shown.got.tolist() == [0.5, 0.5]


def test_the_should_level_counts_advice() -> None:
    """Which by default does not."""
    subject = load("mutant:relu-always-in-double")
    verdicts = [
        check_here(subject, clauses=["RELU-1", "GEN-5"], budget="quick", level=level).verdict
        for level in ("must", "should")
    ]
    assert verdicts == ["conformant", "nonconformant"]


def test_a_run_that_checked_nothing_is_an_error() -> None:
    """Never conformant."""
    report = check_relu(np.abs, clause="ACC-1")
    assert (report.clauses[0].status, report.verdict) == ("unsupported", "error")


def test_a_clause_that_needs_an_operation_more_is_unsupported() -> None:
    """The network needs dense, relu and softmax."""
    subject = LiveSubject("dense only", {"dense": lambda: nnfs_spec.dense})
    report = check_here(subject, clauses=["NET-1"], budget="quick")
    assert report.clauses[0].status == "unsupported"


def test_a_clause_that_ran_on_nothing_is_not_exercised(monkeypatch: pytest.MonkeyPatch) -> None:
    """Never a pass."""

    def sees_nothing(subject: Probe, case: Case) -> Finding:
        got = subject.ask("relu", case["inputs"])
        return equal(got, got, "nothing", examined=np.zeros(len(got), dtype=np.bool_))

    monkeypatch.setitem(PROPERTIES, "RELU-1", Property("RELU-1", (RELU,), sees_nothing))
    report = check_relu(nnfs_spec.relu)
    assert (report.clauses[0].status, report.clauses[0].cases, report.verdict) == ("not-exercised", 0, "error")


def test_an_exception_is_an_error_on_the_clause() -> None:
    """With its kind and message, on the smallest input that raises it."""

    def relu(x: Array) -> Array:
        raise ZeroDivisionError("oh")

    report = check_relu(relu)
    assert report.verdict == "nonconformant"
    result = report.clauses[0]
    assert result.status == "error"
    assert result.worst is None
    assert result.counterexample is not None
    assert result.counterexample.message == "relu raised ZeroDivisionError: oh"
    assert result.counterexample.inputs["inputs"].tolist() == [[0.0]]
    assert result.counterexample.got is None


@pytest.mark.parametrize(
    ("relu", "message"),
    [
        (np.ravel, "relu returned shape (1,), but must return (1, 1)"),
        (np.isfinite, "relu returned dtype bool, but must return real numbers"),
        (np.emath.sqrt, "relu returned dtype complex64, but must return real numbers"),
    ],
)
def test_a_malformed_result_fails_the_clause(relu: Any, message: str) -> None:
    """And is shown on the smallest input."""
    result = check_relu(relu).clauses[0]
    assert result.status == "fail"
    assert result.counterexample is not None
    assert result.counterexample.message == message


def test_a_failure_stays_of_its_kind_while_it_is_reduced() -> None:
    """A wrong value does not become an exception on a simpler input."""

    def relu(x: Array) -> Array:
        if not x.any():
            raise ValueError("nothing but zeros")
        return x - 1

    result = check_relu(relu).clauses[0]
    assert result.status == "fail"
    assert result.counterexample is not None
    assert result.counterexample.got is not None


def test_a_breakdown_is_not_reduced() -> None:
    """Each try would cost a process; the case that caused it is shown as it is."""
    result = check_relu(print).clauses[0]
    assert result.status == "error"
    assert result.counterexample is not None
    assert result.counterexample.message == "relu returned what is no array: NoneType of dtype object"


def test_a_property_that_is_defeated_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither a pass nor the end of the run."""

    def defeated(subject: Probe, case: Case) -> Finding:
        raise IndexError("beyond the end")

    monkeypatch.setitem(PROPERTIES, "RELU-1", Property("RELU-1", (RELU,), defeated))
    result = check_relu(nnfs_spec.relu).clauses[0]
    assert result.status == "error"
    assert result.counterexample is not None
    assert result.counterexample.message == "cannot be judged: IndexError: beyond the end"


def test_a_result_of_another_shape_on_the_second_call_breaks_gen_2() -> None:
    """The third call of a session is the second with the same arguments."""
    calls = [0]

    def relu(x: Array) -> Array:
        calls[0] += 1
        result: Array = np.maximum(0, x) if calls[0] % 7 != 3 else np.zeros(3)
        return result

    assert check_relu(relu, clause="GEN-2").clauses[0].status == "fail"


def test_clauses_make_do_with_the_operations_at_hand() -> None:
    """A batch loss without sample losses, a network without a loss."""
    loss = LiveSubject("loss", {"loss": lambda: nnfs_spec.loss})
    network = LiveSubject(
        "network",
        {"dense": lambda: nnfs_spec.dense, "relu": lambda: nnfs_spec.relu, "softmax": lambda: nnfs_spec.softmax},
    )
    for subject, clause in ((loss, "LOSS-8"), (network, "NET-3")):
        report = check_here(subject, clauses=[clause], budget="quick")
        assert report.clauses[0].status == "pass"


def rolls_dice(wrong: int) -> Any:
    """Return a relu that is wrong at one of its calls and never again."""
    calls = [0]

    def relu(x: Array) -> Array:
        calls[0] += 1
        return x - 1 if calls[0] == wrong else np.maximum(0, x)

    return relu


def test_a_failure_that_does_not_repeat_is_told_and_not_dropped() -> None:
    """A subject that rolls dice is not deterministic."""
    result = check_relu(rolls_dice(3)).clauses[0]
    assert result.status == "fail"
    assert result.counterexample is not None
    assert result.counterexample.remark == (
        "the same case passed when it was tried again: the subject is not deterministic"
    )


def test_a_failure_that_does_not_repeat_breaks_gen_2() -> None:
    """Where that clause is checked, and the clause that met it is blocked."""
    dice = rolls_dice(1)
    subject = LiveSubject("relu", {"relu": lambda: dice})
    value, bits = check_here(subject, clauses=["RELU-1", "GEN-2"], budget="quick").clauses
    assert (value.status, value.blocked_by) == ("blocked", "GEN-2")
    assert bits.status == "fail"
    assert bits.counterexample is not None
    assert bits.counterexample.remark is not None


def test_what_only_the_search_finds_fails_too(monkeypatch: pytest.MonkeyPatch) -> None:
    """Both engines count; the seed leaves every size out."""
    monkeypatch.setitem(BUDGETS, "quick", Budget(batches=0, stride=1000, large=0, examples=5))
    assert check_relu(np.abs, seed=700).verdict == "nonconformant"


def test_time_may_run_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """Then the report says how far it came, and what was not reached is no pass."""
    monkeypatch.setitem(BUDGETS, "quick", Budget(batches=0, stride=1000, large=0, examples=5))
    report = check_relu(nnfs_spec.relu, max_time=0.0)
    assert report.cut_short == ("stopped after 0 s, as asked: 0 of 4 steps were taken",)
    assert report.clauses[0].status == "not-exercised"
    assert report.verdict == "incomplete"


def test_events_tell_the_story_in_order() -> None:
    """Progress, a verdict for each clause, the report."""
    heard: list[Event] = []
    report = check_relu(nnfs_spec.relu, listen=heard.append)
    steps = [event for event in heard if isinstance(event, Progressed)]
    assert [(event.done, event.clause) for event in steps] == [(i, "RELU-1") for i in range(steps[0].total)]
    assert isinstance(heard[-2], Judged)
    assert isinstance(heard[-1], Finished)
    assert len(heard) == len(steps) + 2
    assert heard[-1].report is report


def test_the_replay_names_the_one_clause() -> None:
    """With target, budget and seed."""
    replay = check_relu(np.abs, seed=5).clauses[0].replay
    assert replay == "nnfs-spec check relu --clause RELU-1 --budget quick --seed 5"


def test_a_smaller_case_that_needs_an_operation_more_does_not_end_the_run() -> None:
    """It is passed over, and the larger one kept."""

    def dense(inputs: Array, weights: Array, biases: Array) -> Array:
        if len(inputs) > 4:
            raise MemoryError("too large")
        result: Array = inputs @ weights + biases
        return result

    report = check_here(LiveSubject("dense", {"dense": lambda: dense}), clauses=["NET-1"], budget="quick")
    shown = report.clauses[0].counterexample
    assert report.clauses[0].status == "error"
    assert shown is not None
    assert shown.message == "dense raised MemoryError: too large"
    assert len(shown.inputs["inputs"]) == 5
