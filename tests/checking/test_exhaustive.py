"""Complete sets: that they are complete, that one wrong value in them is found, and that a run can be taken up."""

import json
import os
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner, Result

import nnfs_spec
from nnfs_spec.adapters.live import LiveSubject
from nnfs_spec.adapters.load import reference_implementations
from nnfs_spec.arrays import Array
from nnfs_spec.checking import helper as helper_module
from nnfs_spec.checking.checkpoint import CheckpointError, CheckpointFile
from nnfs_spec.checking.helper import ABANDONED, ExhaustiveHelper
from nnfs_spec.cli import main
from nnfs_spec.engine.budget import BUDGETS, Budget
from nnfs_spec.engine.clause_state import PartialState
from nnfs_spec.engine.events import Event, Progressed, Proof, Report
from nnfs_spec.engine.exhaustive import Share
from nnfs_spec.engine.options import CheckOptions
from nnfs_spec.generate.exhaustive import (
    FINITE,
    SPECIAL,
    UNIT,
    CompleteSet,
    Patterns,
    complete_sets,
    loss_set,
    relu_set,
    short_halves,
    softmax_set,
    special_set,
)
from nnfs_spec.reports.html import to_page
from nnfs_spec.reports.json_report import to_json
from nnfs_spec.reports.junit import to_junit
from nnfs_spec.reports.markdown import to_markdown
from nnfs_spec.reports.terminal import to_text
from nnfs_spec.subject.protocol import ALL, Account, Call, Lacking, Outcome, Reach
from tests.tools.check_here import check_here

ALL_OF_THEM = ("RELU-1", "LOSS-1", "LOSS-2", "SOFTMAX-4", "GEN-6")
FEW = (range(0x3F7FFFC0, 0x3F7FFFC0 + 1000),)
"""A thousand patterns from 1 - 2^-18 on: they end a little above 1."""


def small_sets(size: int = 128) -> Sequence[CompleteSet]:
    """Return one set of each kind, with few members in blocks of ``size``."""
    unit = Patterns((range(0x3F7FFF00, 0x3F800001),), size)
    return (
        relu_set(Patterns(FEW, size)),
        loss_set(unit, one_hot=False),
        loss_set(unit, one_hot=True),
        softmax_set(short_halves(11), "every pair of a few"),
        special_set(Patterns((range(0x7F800000, 0x7F800020),), size)),
    )


@pytest.fixture(autouse=True)
def only_small_sets(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing else of the budget is tried, so that a failure is the sets' to find."""
    monkeypatch.setattr("nnfs_spec.engine.exhaustive.complete_sets", small_sets)
    monkeypatch.setitem(BUDGETS, "exhaustive", Budget(batches=0, stride=640, large=0, examples=0, complete=True))


def proven_by(subject: LiveSubject, *clauses: str, **more: Any) -> Report:
    """Check a subject over the small sets."""
    return check_here(subject, budget="exhaustive", clauses=clauses or ALL_OF_THEM, **more)


def reference() -> LiveSubject:
    """Return the reference."""
    return LiveSubject("reference", reference_implementations())


COUNTS = (2 * 255 * 2**23, *[127 * 2**23 + 2] * 2, (2 * 31 * 128) ** 2, 2 * 2**23)


@pytest.mark.parametrize(("one", "inputs"), list(zip(complete_sets(), COUNTS, strict=True)))
def test_the_sets_have_as_many_inputs_as_their_names_say(one: CompleteSet, inputs: int) -> None:
    """Two signs and 255 exponents of 2^23 floats; 127 exponents, 1 and both zeros; pairs of 2·31·128 halves."""
    assert one.inputs == inputs


def test_all_patterns_together_are_every_float32() -> None:
    """Finite ones and the others, each once."""
    ranges = sorted((*FINITE, *SPECIAL), key=lambda patterns: patterns.start)
    assert [ranges[0].start, *(patterns.stop for patterns in ranges)] == [*(p.start for p in ranges), 2**32]


def test_the_unit_interval_is_all_of_it() -> None:
    """From both zeros to 1, and the next numbers are outside."""
    positive, negative = UNIT
    ends = np.array([positive.stop - 1, positive.stop, negative.stop], np.uint32).view(np.float32)
    assert ends[0] == 1 < ends[1]
    assert ends[2] < 0
    assert len(negative) == 1


@pytest.mark.parametrize("size", [1, 7, 256, 1000, 5000])
def test_blocks_hold_every_input_once(size: int) -> None:
    """Whatever their size, and each block belongs to its domain."""
    patterns = Patterns((range(5), range(100, 1100)), size)
    bits = np.concatenate([patterns.block(i) for i in range(patterns.blocks)]).view(np.uint32)
    assert bits.tolist() == [*range(5), *range(100, 1100)]
    with pytest.raises(IndexError, match="there is no such block"):
        patterns.block(patterns.blocks)


def test_blocks_belong_to_their_domains() -> None:
    """The first and the last of each set, small or whole."""
    for one in (*small_sets(), *complete_sets()):
        assert all(one.block(number).belongs() for number in (0, one.blocks - 1)), one.name


def test_pairs_are_every_pair_in_both_orders() -> None:
    """Both zeros and subnormals among them."""
    numbers = short_halves(11)
    one = softmax_set(numbers, "pairs", firsts=5)
    pairs = np.concatenate([one.block(i)["inputs"] for i in range(one.blocks)]).view(np.uint32)
    assert len({tuple(pair) for pair in pairs.tolist()}) == len(pairs) == one.inputs == len(numbers) ** 2


def test_a_clause_that_holds_on_all_of_a_set_is_proven_on_it() -> None:
    """By every kind of set, in every form of the report; the status stays pass for programs."""
    report = proven_by(reference())
    sets = small_sets()
    assert [result.proof for result in report.clauses] == [Proof(one.inputs, one.name) for one in sets]
    assert "proven over 1,000 inputs, every finite float32: RELU-1" in to_text(report)
    assert "5 clauses are proven over complete sets; 0 clauses pass" in to_text(report)
    assert "proven over 1,000 inputs" in to_text(report)
    for text in (to_page(report), to_markdown(report), to_junit(report)):
        assert "proven over 1,000 inputs" in text
    told = json.loads(to_json(report))["clauses"][0]
    assert (told["status"], told["proof"]) == ("pass", {"inputs": 1000, "of": "every finite float32"})


def wrong_at(bits: int, by: float = 1e-3) -> LiveSubject:
    """Return ReLU that errs at exactly one float32."""

    def relu(x: Array) -> Array:
        right = np.asarray(nnfs_spec.relu(x))
        at = np.ascontiguousarray(x).view(f"u{x.itemsize}") == bits
        return np.where(at, right + x.dtype.type(by), right).astype(x.dtype)

    return LiveSubject("one wrong", {"relu": lambda: relu})


@pytest.mark.parametrize("place", [0, 127, 128, 500, 999])
def test_one_wrong_float_is_found(place: int) -> None:
    """First, last, and at the seams of blocks; and it alone is the counterexample."""
    bits = FEW[0][place]
    result = proven_by(wrong_at(bits), "RELU-1").clauses[0]
    assert (result.status, result.proof) == ("fail", None)
    assert result.counterexample is not None
    assert result.counterexample.inputs["inputs"].view(np.uint32).tolist() == [[bits]]


def test_every_nan_is_tried_by_itself_where_they_are_refused_together() -> None:
    """One that is laundered alone is found, be it refused in company."""

    def relu(x: Array) -> Array:
        if np.isnan(x).sum() > 1:
            raise ValueError("NaN")
        return np.where(x > 0, x, x.dtype.type(0))

    report = proven_by(LiveSubject("launders", {"relu": lambda: relu}), "GEN-6")
    assert report.clauses[0].status == "fail"


def test_what_is_not_finite_may_show() -> None:
    """Then all of a block is judged at once."""

    def relu(x: Array) -> Array:
        return np.maximum(0, x)

    assert proven_by(LiveSubject("shows", {"relu": lambda: relu}), "GEN-6").clauses[0].proof


def test_what_a_subject_cannot_be_asked_is_not_proven() -> None:
    """An operation that it lacks."""
    report = proven_by(LiveSubject("relu", {"relu": lambda: nnfs_spec.relu}), "LOSS-1", "RELU-1")
    assert [result.proof is None for result in report.clauses] == [True, False]


@pytest.mark.parametrize("reach", [ALL, Reach(dtypes=frozenset({"float64"}))])
def test_what_a_subject_cannot_take_is_not_proven(reach: Reach) -> None:
    """A dtype that it has not, or calls that it lacks."""
    report = check_here(Lacks(reach), budget="exhaustive", clauses=["RELU-1"])
    assert (report.clauses[0].status, report.clauses[0].proof) == ("unsupported", None)


class Lacks:
    """A subject that can take no call at all."""

    name = "lacks"
    operations = frozenset({"relu"})
    account = Account

    def __init__(self, reach: Reach) -> None:
        self.reach = reach

    def run(self, session: Sequence[Call]) -> Sequence[Outcome]:
        """Take none."""
        return [Lacking("of no use")] * len(session)


def test_a_clause_that_failed_is_not_tried_further() -> None:
    """Nor one that failed in many blocks already."""
    calls: list[int] = []

    def relu(x: Array) -> Array:
        calls.append(len(x))
        return x - 1

    assert proven_by(LiveSubject("wrong", {"relu": lambda: relu}), "RELU-1").clauses[0].status == "fail"
    assert calls.count(128) == 0


def test_time_may_run_out() -> None:
    """Then nothing is proven, and the report says how far it came."""
    report = proven_by(reference(), "RELU-1", max_time=0.0)
    assert report.clauses[0].proof is None
    assert report.verdict == "incomplete"
    assert report.cut_short[-1] == "complete sets were not finished, as time ran out: 0 of 8 blocks were tried"


class Stopped(BaseException):
    """The run is interrupted."""


def stopping(after: int) -> Callable[[Event], None]:
    """Return a listener that interrupts at a step."""
    seen: list[Event] = []

    def listen(event: Event) -> None:
        seen.append(event)
        if isinstance(event, Progressed) and len(seen) > after:
            raise Stopped

    return listen


@pytest.mark.parametrize("subject", [reference, lambda: wrong_at(FEW[0][300])], ids=["right", "wrong"])
@pytest.mark.parametrize("after", [5, 7, 9])
def test_an_interrupted_run_is_taken_up_and_gives_the_same_report(
    subject: Callable[[], LiveSubject], after: int, tmp_path: Path
) -> None:
    """Byte for byte, wherever it was interrupted."""
    path, run = tmp_path / "state.json", {"target": "reference"}
    whole = proven_by(subject(), "RELU-1", "LOSS-1")
    state = CheckpointFile(path, run)
    with pytest.raises(Stopped):
        proven_by(subject(), "RELU-1", "LOSS-1", checkpoint=state, listen=stopping(after))
    state.flush()
    resumed = CheckpointFile(path, run)
    assert resumed.begun()[0].done > 0
    assert to_json(proven_by(subject(), "RELU-1", "LOSS-1", checkpoint=resumed)) == to_json(whole)
    resumed.remove()
    resumed.flush()
    assert not path.exists()


def test_what_an_interrupted_block_has_met_is_not_kept(tmp_path: Path) -> None:
    """It will be tried again, and must not be counted twice."""
    state, partial_state = CheckpointFile(tmp_path / "state", {}), PartialState("RELU-1", True, cases=5, passed=1)
    state.keep([Share(1, [partial_state])])
    partial_state.cases, partial_state.passed = 10, 2
    state.flush()
    (kept,) = CheckpointFile(tmp_path / "state", {}).begun()[0].partial_states
    assert (kept.cases, kept.passed) == (5, 1)


def test_a_state_is_written_from_time_to_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Not after every block."""
    state = CheckpointFile(tmp_path / "state", {})
    state.keep([Share(1)])
    assert not (tmp_path / "state").exists()
    monkeypatch.setattr("nnfs_spec.checking.checkpoint.SECONDS", 0.0)
    state.keep([Share(2)])
    assert CheckpointFile(tmp_path / "state", {}).begun()[0].done == 2


@pytest.mark.parametrize("text", ["", "[]", '{"format": 1}', '{"format": 2, "run": {}, "shares": [{"done": "x"}]}'])
def test_what_is_no_state_is_refused(text: str, tmp_path: Path) -> None:
    """Before anything is checked."""
    path = tmp_path / "state"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(CheckpointError, match="this is no state of a run"):
        CheckpointFile(path, {})


def run(*arguments: str) -> Result:
    """Run ``nnfs-spec check`` in this process."""
    return CliRunner().invoke(main, ["check", *arguments])


def test_a_state_is_for_one_exhaustive_run(tmp_path: Path) -> None:
    """Another budget, or the state of another run, is wrong usage."""
    path = tmp_path / "state"
    assert "--state is for --budget exhaustive" in run("reference", "--state", str(path)).stderr
    path.write_text('{"format": 2, "run": {}, "shares": []}', encoding="utf-8")
    refused = run("reference", "--budget", "exhaustive", "--state", str(path))
    assert (refused.exit_code, "the state of another run" in refused.stderr) == (2, True)


class Second:
    """A exhaustive_helper that tells what it is made to tell."""

    def __init__(self, shares: Sequence[Share | None], ends: bool) -> None:
        self._shares = iter(shares)
        self._ends = ends

    def __enter__(self) -> "Second":
        return self

    def __exit__(self, *details: object) -> None:
        pass

    def start(self, share: Share) -> None:
        """Begin."""
        self._last: Share | None = share

    def latest(self) -> Share | None:
        """Return the next."""
        self._last = next(self._shares, self._last)
        return self._last

    def finish(self) -> Share | None:
        """Return the last, or nothing."""
        return self._last if self._ends else None


def test_a_companion_that_dies_costs_time_and_nothing_else() -> None:
    """Its blocks are tried here."""
    alone = proven_by(reference(), "RELU-1")
    assert to_json(proven_by(reference(), "RELU-1", exhaustive_helper=Second([None], False))) == to_json(alone)


def test_a_companion_that_did_not_finish_proves_nothing() -> None:
    """However many blocks it says it did."""
    report = proven_by(
        reference(), "RELU-1", exhaustive_helper=Second([Share(4, [PartialState("RELU-1", True)])], True)
    )
    assert report.clauses[0].proof is None


def test_the_command_proves_with_a_companion_and_leaves_no_state(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The second process is played here, since it knows nothing of small sets."""

    def second(*arguments: Any, **asked: Any) -> Second:
        return Second([None], False)

    monkeypatch.setattr(helper_module, "ExhaustiveHelper", second)
    done = run("reference", "--budget", "exhaustive", "--clause", "RELU-1", "--state", str(tmp_path / "state"))
    assert done.exit_code == 0
    assert "proven over 1,000 inputs" in done.stdout
    assert list(tmp_path.iterdir()) == []


def test_the_process_is_started_told_and_ended() -> None:
    """It says at once where it stands, and goes with its context."""
    with ExhaustiveHelper("reference", CheckOptions(clauses=("RELU-1",), max_time=0.0)) as second:
        second.start(Share(3))
        while second.latest() is None:
            time.sleep(0.01)
        ended = second.finish()
        assert ended is not None
        assert ended.done == 3
    with ExhaustiveHelper("no_such_file.py", CheckOptions(clauses=("RELU-1",))) as second:
        second.start(Share())
        assert second.finish() is None
    with ExhaustiveHelper("reference", CheckOptions()):
        pass


@pytest.fixture
def lifeline(monkeypatch: pytest.MonkeyPatch) -> Iterator[int]:
    """Give the end of a pipe whose other end the process in this process follows."""
    read, write = os.pipe()
    monkeypatch.setattr("nnfs_spec.checking.helper.follow", int)
    monkeypatch.setattr("nnfs_spec.checking.helper.LIFELINE", read)
    yield write
    os.close(read)


def test_the_process_tells_after_every_block(lifeline: int, capsys: pytest.CaptureFixture[str]) -> None:
    """As lines of JSON, unless whoever asked is gone."""
    asked = {"options": CheckOptions(clauses=("RELU-1",)).to_dict(), "share": Share().to_dict()}
    arguments = ["reference", json.dumps(asked)]
    assert helper_module.main(arguments) == 0
    told = [json.loads(line)["done"] for line in capsys.readouterr().out.splitlines() if line]  # else a sign of life
    assert told == [0, 1, 2, 3, 4]
    os.close(lifeline)
    assert helper_module.main(arguments) == ABANDONED


def test_a_clause_with_undecided_rows_is_not_proven(monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither proven nor failed: the rest of its rows passed, and those are counted."""
    whole = proven_by(reference(), "LOSS-1").clauses[0]
    monkeypatch.setattr("nnfs_spec.oracle.refine.balls_are_there", lambda: False)
    monkeypatch.setattr("nnfs_spec.oracle.borderline.EDGE", 2.0)  # every row is looked at, and
    monkeypatch.setattr("nnfs_spec.oracle.borderline.SCREEN_ERROR", 1 - 1e-6)  # all but a little of a bound is in doubt
    report = proven_by(reference(), "LOSS-1", "RELU-1")
    losses, relu = report.clauses
    assert (losses.status, losses.proof) == ("pass", None)
    assert losses.undecided > 0 < losses.cases
    assert losses.undecided + losses.cases == whole.cases
    assert relu.proof is not None
