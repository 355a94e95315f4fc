"""The second process of a check: what it takes over, and that nothing depends on it."""

import json
import os
import sys
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import nnfs_spec
from nnfs_spec.adapters.live import LiveSubject
from nnfs_spec.adapters.load import load
from nnfs_spec.arrays import Array
from nnfs_spec.checking import helper as helper_module
from nnfs_spec.checking.api import check
from nnfs_spec.checking.helper import ABANDONED, ExhaustiveHelper, PlanHelper
from nnfs_spec.engine.budget import BUDGETS
from nnfs_spec.engine.clause_state import MOST_PASSED_OVER, HelperShare, PartialState
from nnfs_spec.engine.exhaustive import Share
from nnfs_spec.engine.options import CheckOptions
from nnfs_spec.engine.run import run_helper_steps
from nnfs_spec.reports.json_report import to_json
from tests.tools.check_here import check_here

ASKED: dict[str, Any] = {"clauses": ("RELU-1", "RELU-2")}
OPTIONS = CheckOptions(**ASKED)
WRONG_AT_77_ROWS = """
import numpy as np
def relu(x):
    return x if len(x) == 77 else np.maximum(0, x)
"""


FIRST_APART = BUDGETS["default"].batches * 2
"""The number of the first step that may be taken apart, where one domain comes in two dtypes."""


class Told:
    """Stands for a second process that met these partial_states."""

    def __init__(self, partial_states: Sequence[PartialState] | None) -> None:
        self._share = None if partial_states is None else HelperShare(partial_states)

    def share(self) -> HelperShare | None:
        """Return what it was made with."""
        return self._share


def relu_subject() -> LiveSubject:
    """Return the reference's relu alone."""
    return LiveSubject("relu", {"relu": lambda: nnfs_spec.relu})


def test_the_share_counts_like_the_steps_themselves() -> None:
    """Both together examine what one process would alone."""
    alone = check_here(relu_subject(), **ASKED)
    (share,) = run_helper_steps(relu_subject(), OPTIONS).partial_states
    together = check_here(relu_subject(), **ASKED, plan_helper=Told([share]))
    assert share.clause == "RELU-1"
    assert share.cases > 0
    assert to_json(alone) == to_json(together)


def test_a_failing_step_is_taken_again_before_it_is_believed(tmp_path: Path) -> None:
    """And found by the second process it is reduced by the first."""
    path = tmp_path / "wrong.py"
    path.write_text(WRONG_AT_77_ROWS, encoding="utf-8")
    (share,) = run_helper_steps(load(str(path)), OPTIONS).partial_states
    assert len(set(share.failing)) == 2
    result = check(str(path), clauses=["RELU-1"]).clauses[0]
    assert result.status == "fail"
    assert result.counterexample is not None
    assert result.counterexample.inputs["inputs"].shape == (77, 1)


def test_a_share_stops_at_enough_failures() -> None:
    """More of them would say no more."""
    subject = LiveSubject("abs", {"relu": lambda: abs})
    (share,) = run_helper_steps(subject, OPTIONS).partial_states
    assert len(share.failing) == MOST_PASSED_OVER


def test_a_share_stops_when_time_is_up() -> None:
    """As the rest of the check does."""
    assert run_helper_steps(relu_subject(), replace(OPTIONS, max_time=0.0)).partial_states == []


def test_what_fails_only_in_the_second_process_is_not_deterministic() -> None:
    """Charged to GEN-2 where that is checked."""
    told = Told([PartialState("RELU-1", True, 5, 0.0, [FIRST_APART])])
    value, bits = check_here(relu_subject(), clauses=("RELU-1", "GEN-2"), plan_helper=told).clauses
    assert (value.status, value.blocked_by, bits.status) == ("blocked", "GEN-2", "error")
    assert bits.counterexample is not None
    assert bits.counterexample.message == "failed in one process and passed in another"


def test_a_settled_clause_takes_nothing_over() -> None:
    """What failed here already needs no second proof."""
    subject = LiveSubject("abs", {"relu": lambda: abs})
    result = check_here(
        subject, **ASKED, plan_helper=Told([PartialState("RELU-1", True, 0, 0.0, [FIRST_APART])])
    ).clauses[0]
    assert result.status == "fail"


def test_one_failure_of_a_step_is_enough() -> None:
    """Its other cases need not be believed, too. No step before it has 11 or 12 rows."""

    def relu(x: Array) -> Array:
        return x if len(x) in (11, 12) else np.maximum(0, x)

    subject = LiveSubject("relu", {"relu": lambda: relu})
    told = Told([PartialState("RELU-1", True, 0, 0.0, [FIRST_APART])])
    result = check_here(subject, **ASKED, plan_helper=told).clauses[0]
    assert result.counterexample is not None
    assert len(result.counterexample.inputs["inputs"]) == 11


def test_without_an_answer_the_steps_are_taken_here() -> None:
    """A second process that dies costs time and nothing else."""
    alone = check_here(relu_subject(), **ASKED)
    assert to_json(check_here(relu_subject(), **ASKED, plan_helper=Told(None))) == to_json(alone)


def test_a_process_that_cannot_load_the_target_answers_nothing(tmp_path: Path) -> None:
    """The first one says what is wrong."""
    with PlanHelper(str(tmp_path / "missing.py"), OPTIONS) as second:
        assert second.share() is None


def test_the_process_ends_with_its_context() -> None:
    """Also before its work is done."""
    with PlanHelper("reference", OPTIONS) as second:
        process = second._process  # pyright: ignore[reportPrivateUsage]
    assert process is not None
    assert process.returncode is not None


def test_the_process_says_how_many_of_its_steps_are_left() -> None:
    """All of them, where there is no time for any."""
    with PlanHelper("reference", replace(OPTIONS, max_time=0.0)) as second:
        share = second.share()
    assert share is not None
    assert (share.partial_states, share.left > 0) == ([], True)


def answering(script: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Have the second process be a script, to which the last argument is the descriptor that it answers through."""

    def command(module: str, *arguments: str) -> list[str]:
        return [sys.executable, "-c", script, *arguments]

    monkeypatch.setattr(helper_module, "python", command)


@pytest.mark.usefixtures("nothing_is_left")
def test_a_process_that_is_stopped_answers_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is killed once it has been silent for longer than any call may take."""
    answering("import os, signal\nos.kill(os.getpid(), signal.SIGSTOP)", monkeypatch)

    def short(timeout: float) -> float:
        return 0.2

    monkeypatch.setattr(helper_module, "silence", short)
    monkeypatch.setattr(helper_module, "ENDING_SECONDS", 0.2)
    with PlanHelper("reference", OPTIONS) as second:
        assert second.share() is None
    with PlanHelper("reference", OPTIONS) as second:
        time.sleep(0.2)
    with ExhaustiveHelper("reference", OPTIONS) as other:
        other.start(Share())
        assert other.finish() is None


@pytest.mark.usefixtures("nothing_is_left")
def test_signs_of_life_are_no_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    """They may come at any time before it."""
    share = json.dumps(Share().to_dict())
    text = f"\n\n{share}\n\n"
    answering(f"import os, sys\nos.write(int(sys.argv[-1]), {text.encode()!r})", monkeypatch)
    with ExhaustiveHelper("reference", OPTIONS) as other:
        other.start(Share())
        told = other.finish()
    assert told is not None
    assert told.to_dict() == Share().to_dict()


@pytest.mark.usefixtures("nothing_is_left")
def test_of_a_process_that_cannot_be_started_nothing_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    """No descriptor either."""

    def nothing(*arguments: str) -> list[str]:
        return ["/none"]

    monkeypatch.setattr(helper_module, "python", nothing)
    with pytest.raises(FileNotFoundError):
        PlanHelper("reference", OPTIONS)


def test_the_process_prints_its_share(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """As JSON on its standard output, unless whoever asked is gone."""
    monkeypatch.setattr(helper_module, "follow", int)
    options = CheckOptions(budget="quick", clauses=("RELU-1",))
    arguments = ["reference", json.dumps({"options": options.to_dict(), "share": None})]
    read, write = os.pipe()
    monkeypatch.setattr(helper_module, "LIFELINE", read)
    assert helper_module.main(arguments) == 0
    printed = capsys.readouterr().out.lstrip()
    assert printed.startswith('{"partial_states": [{"clause": "RELU-1", "tried": true, "cases": ')
    os.close(write)
    assert helper_module.main(arguments) == ABANDONED
    assert capsys.readouterr().out == ""
    os.close(read)
