"""The report that ``nnfs_spec.check`` returns, and its progress in a notebook."""

import functools
import json
import sys
import types
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

import nnfs_spec
from nnfs_spec.arrays import Array
from nnfs_spec.engine import events
from nnfs_spec.engine.events import Finished, Judged, Progressed
from nnfs_spec.reports.html import to_fragment
from nnfs_spec.reports.json_report import to_json
from nnfs_spec.reports.notebook import ProgressInNotebook, Report, UnknownClauseError
from nnfs_spec.reports.terminal import to_text
from nnfs_spec.reports.wording import summary
from nnfs_spec.subject.protocol import NO_LINES
from tests.tools.handmade import EVERYTHING, clause


def leaky(inputs: Array) -> Array:
    """Let a little of every negative number pass."""
    return np.where(inputs > 0, inputs, 0.01 * inputs)


def test_a_report_shows_itself() -> None:
    """Drawn in a notebook, as text where it is printed, in a sentence at the prompt; else it is the report."""
    shown = Report.of(EVERYTHING)
    assert vars(Report)["_repr_html_"](shown) == to_fragment(EVERYTHING)
    assert str(shown) == to_text(EVERYTHING)
    assert repr(shown) == f"<Report {summary(EVERYTHING)}>"
    assert shown.to_json() == to_json(EVERYTHING)
    assert isinstance(shown, events.Report)


def test_what_check_returns_shows_itself() -> None:
    """For a target by name and for objects."""
    for target in ("reference", {"relu": nnfs_spec.relu}):
        checked = nnfs_spec.check(target, clauses=["RELU-7"], budget="quick")
        assert isinstance(checked, nnfs_spec.Report)
        assert repr(checked).endswith(": conformant; 1 clause passes>")


def test_a_report_is_read_by_clause() -> None:
    report = nnfs_spec.check({"relu": leaky}, clauses=["RELU-1", "RELU-7"], budget="quick")
    assert report["relu-1"].status == "fail"
    shown = report.counterexample("RELU-1")
    assert shown is not None
    assert shown.inputs["inputs"].tolist() == [[-1.0]]
    assert report.counterexample("RELU-7") is None
    assert json.loads(report.to_json())["target"] == "relu"


def test_a_counterexample_names_the_lines_of_code_that_it_ran() -> None:
    """Nothing where the clause is not of one call of its operation."""
    report = nnfs_spec.check({"relu": leaky}, clauses=["RELU-1"], budget="quick")
    shown = report.counterexample("RELU-1")
    assert shown is not None
    assert shown.code.defined is not None
    assert shown.code.last is not None
    assert shown.code.defined.text == "def leaky(inputs: Array) -> Array:"
    assert shown.code.last.line == shown.code.defined.line + 2

    def loss(y_pred: Array, y_true: Array) -> Any:
        return 2 * nnfs_spec.loss(y_pred, y_true)

    parts = {"Layer_Dense": nnfs_spec.Layer_Dense, "relu": nnfs_spec.relu, "softmax": nnfs_spec.softmax, "loss": loss}
    drawn = nnfs_spec.check(parts, clauses=["NET-4"], budget="quick").counterexample("NET-4")
    assert drawn is not None
    assert drawn.code == NO_LINES


@pytest.mark.parametrize(
    ("id", "message"),
    [
        ("SOFTMX-3", "there is no clause 'SOFTMX-3'; nnfs-spec clauses lists them"),
        ("softmax-3", "SOFTMAX-3 was not checked; this report has RELU-7"),
    ],
)
def test_a_report_names_the_clause_that_it_does_not_have(id: str, message: str) -> None:
    """By an error that is a KeyError."""
    report = Report.of(replace(EVERYTHING, clauses=(clause("RELU-7"),)))
    for ask in (report.__getitem__, report.counterexample):
        with pytest.raises(UnknownClauseError) as raised:
            ask(id)
        assert str(raised.value) == message
        assert isinstance(raised.value, KeyError)


def test_the_package_has_no_other_late_attribute() -> None:
    assert nnfs_spec.Report is Report
    with pytest.raises(AttributeError, match="module 'nnfs_spec' has no attribute 'Reports'"):
        getattr(nnfs_spec, "Reports")  # noqa: B009 (a type checker knows that there is none)


def _nameless(inputs: Array) -> Array:
    return leaky(inputs)


nameless = functools.partial(_nameless)


class Shaped:
    """A layer as an object."""

    def forward(self, inputs: Array) -> Array:
        """Compute."""
        return leaky(inputs)


class Activation_ReLU(Shaped):
    """A class under the course's name."""


@pytest.mark.parametrize(
    ("targets", "title", "call"),
    [
        ((Activation_ReLU,), "Activation_ReLU", "Activation_ReLU"),
        ((Activation_ReLU(), nnfs_spec.softmax), "Activation_ReLU, softmax", "Activation_ReLU, softmax"),
        (([Activation_ReLU],), "Activation_ReLU", "[Activation_ReLU]"),
        (({"relu": leaky},), "relu", "{'relu': leaky}"),
        (({"relu": nameless},), "relu", "{'relu': relu}"),
        (({"__name__": "__main__", "relu": leaky},), "__main__", "globals()"),
        (({"relu": leaky, "_a": 1, "b": 2, "c": 3, "d": 4, "e": 5},), "relu, b, c, d and 1 more", "{...}"),
    ],
)
def test_objects_are_called_by_their_own_names(targets: tuple[Any, ...], title: str, call: str) -> None:
    """And the command that repeats a clause is a call of check."""
    report = nnfs_spec.check(*targets, clauses=["RELU-1"], budget="quick")
    assert report.target == title
    assert report["RELU-1"].replay == f"nnfs_spec.check({call}, clauses=['RELU-1'], budget='quick', seed=0)"


def test_a_module_is_called_by_its_name_and_options_are_repeated() -> None:
    module = types.ModuleType("homework")
    vars(module)["mine"] = leaky
    report = nnfs_spec.check(module, clauses=["RELU-1"], budget="quick", level="should", mapping=["relu=mine"])
    assert report.target == "homework"
    options = "clauses=['RELU-1'], budget='quick', seed=0, level='should', mapping=['relu=mine']"
    assert report["RELU-1"].replay == f"nnfs_spec.check(homework, {options})"


class Screen:
    """Stands for IPython: keeps what a notebook would show, and what each was replaced by."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, **kernel: object) -> None:
        self.shown: list[str] = []
        self.texts: list[str] = []
        shell, display = types.ModuleType("IPython"), types.ModuleType("IPython.display")
        vars(shell)["get_ipython"] = lambda: types.SimpleNamespace(**kernel)
        vars(display)["display"] = self.display
        monkeypatch.setitem(sys.modules, "IPython", shell)
        monkeypatch.setitem(sys.modules, "IPython.display", display)

    def display(self, shown: Any, *, display_id: bool) -> "Screen":
        """Show an object, to be replaced later."""
        assert display_id
        assert self.shown == []
        self.update(shown)
        return self

    def update(self, shown: Any) -> None:
        """Replace what is shown."""
        self.shown.append(shown._repr_html_())
        self.texts.append(repr(shown))


def test_progress_shows_in_a_notebook_and_is_taken_away(monkeypatch: pytest.MonkeyPatch) -> None:
    """Not more often than one can look."""
    screen = Screen(monkeypatch, kernel=object())
    clock = iter((1.0, 1.0, 1.1, 1.3, 1.3))
    monkeypatch.setattr("time.monotonic", lambda: next(clock))
    progress = ProgressInNotebook()
    for event in (Progressed(1, 9, "RELU-1"), Judged(clause()), Progressed(2, 9, "RELU-2"), Progressed(3, 9, "<b>")):
        progress(event)
    progress(Finished(EVERYTHING))
    progress.close()
    assert screen.texts == ["1 of 9: RELU-1", "3 of 9: <b>", ""]
    bar = '<label><progress value="{}" max="9"></progress> {} of 9: {}</label>'
    assert screen.shown == [bar.format(1, 1, "RELU-1"), bar.format(3, 3, "&lt;b&gt;"), ""]


def test_check_shows_its_progress_in_a_notebook(monkeypatch: pytest.MonkeyPatch) -> None:
    """Also where it fails."""
    screen = Screen(monkeypatch, kernel=object())
    nnfs_spec.check(nnfs_spec.relu, clauses=["RELU-7"], budget="quick")
    assert screen.texts[0].endswith(": RELU-7")
    assert screen.texts[-1] == ""


def test_no_progress_shows_in_the_shell_of_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    screen = Screen(monkeypatch)
    ProgressInNotebook()(Progressed(1, 9, "RELU-1"))
    assert screen.shown == []
