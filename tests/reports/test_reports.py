"""The forms of the report: what stands in them, that they keep to their formats, and that no subject can abuse them."""

import io
import json
import re
from collections.abc import Callable
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import jsonschema
import numpy as np
import pytest
from rich.console import Console

from nnfs_spec.adapters.load import load
from nnfs_spec.clauses import all_clauses, spec_folder
from nnfs_spec.engine.events import Counterexample, Diagnosis, Finished, Judged, Progressed, Report
from nnfs_spec.engine.row_at_fault import row_at_fault
from nnfs_spec.reports.batch import Grade
from nnfs_spec.reports.counterexample import describe, happened
from nnfs_spec.reports.escaping import block, inline, literal, plain, printable
from nnfs_spec.reports.html import to_fragment, to_page, write_html
from nnfs_spec.reports.json_report import MOST_ENTRIES, to_dict, to_json, to_line, values, write_json
from nnfs_spec.reports.junit import to_junit, write_junit
from nnfs_spec.reports.markdown import MOST_CHARACTERS, TAIL, to_markdown, write_markdown
from nnfs_spec.reports.terminal import PIPE_WIDTH, ProgressOnTerminal, console_for_output, show, to_text
from nnfs_spec.reports.wording import cause_sentences, checked_operations, summary
from nnfs_spec.subject.protocol import NO_LINES, CodeLine, CodeLines
from tests import ROOT
from tests.tools.check_here import check_here
from tests.tools.handmade import (
    ATTACKED,
    CUT_SHORT,
    EVERYTHING,
    HOSTILE,
    LEAKY,
    MISLEADING,
    SHOUTING,
    clause,
    failing,
    report,
)

SEED = str(ROOT / "tests" / "targets" / "seed.py")
SCHEMA = json.loads((spec_folder() / "schemas" / "report.json").read_text(encoding="utf-8"))


def printed(shown: Report, report_file: Path | None = None) -> list[str]:
    """Return the lines of the report in a pipe."""
    console = Console(width=PIPE_WIDTH, force_terminal=False, markup=False, highlight=False, emoji=False)
    with console.capture() as captured:
        show(shown, console, report_file)
    return [line.rstrip() for line in captured.get().splitlines()]


def test_the_terminal_shows_everything_in_order() -> None:
    """What was taken, the table, the diagnosis, the counterexamples, what was printed, the notes, the verdict."""
    assert printed(EVERYTHING, Path("a report.json")) == [
        "nnfs-spec 0.1.0, specification 2.0: t.py, level must, budget quick, seed 0",
        "t.py: nonconformant; 1 clause passes; 3 MUST clauses do not hold (RELU-2, RELU-5, RELU-6); 1 SHOULD",
        "  clause does not hold (GEN-6); 1 fails as the baseline records (RELU-3); 1 passes though the",
        "  baseline records a failure (RELU-4); 1 blocked; 1 unsupported; 1 not-exercised",
        "checked: only the 10 clauses that were asked for (RELU-2, RELU-5, RELU-6, GEN-6 and others)",
        "checked as: relu: ReLU.forward",
        "",
        "RELU  ✗✗✗□x!■  fails 2, 5, 6; blocked 1; known 3; repaired 4",
        "GEN   ✗–  fails (advice) 6; not exercised 7",
        "■ pass, ✗ fails, □ blocked by another clause, – not exercised, x known failure, ! repaired, ·",
        "  unsupported",
        "",
        "RELU-2 fail: title of RELU-2",
        "  You may have thought: A slope below 0 does no harm.",
        "  Instead: Cut off: np.maximum(0, x).",
        "  Matches a known mistake: relu-leaky (relu); it explains RELU-2",
        "  inputs = np.array([[-1.0]], dtype=np.float32)",
        "  relu(inputs)",
        "  got       [[-0.01]] (float32)",
        "  expected  [[0.0]]",
        "  rule      entries of at least 0",
        "  defined   t.py:3: def relu(x):",
        "  ran last  t.py:5: return np.where(x > 0, x, 0.01 * x)",
        "  repeat    nnfs-spec check t.py --clause RELU-2 --budget quick --seed 0",
        "  or        nnfs-spec replay 'a report.json' RELU-2",
        "",
        "RELU-5 error: a call gave no result (title of RELU-5)",
        "  inputs = np.array([[0.0]], dtype=np.float64)",
        "  relu(inputs)",
        "  relu raised ValueError: oh",
        "  likewise  RELU-6",
        "  repeat    nnfs-spec check t.py --clause RELU-5 --budget quick --seed 0",
        "  or        nnfs-spec replay 'a report.json' RELU-5",
        "",
        "Advice, which does not change the verdict (--level should shows it in full):",
        "  GEN-6: title of GEN-6: relu gave [[-0.01]] (float32) where [[0.0]] is right; the rule: entries of",
        "    at least 0",
        "",
        "printed by the target:",
        "  | hello",
        "  | world",
        "",
        "blocked by RELU-2: RELU-1",
        "RELU-3 expected-fail: a slope on purpose (https://example.org/7)",
        "RELU-4 unexpected-pass: not yet explained",
        "note: 3 statements were not run",
    ]


def test_a_whole_check_says_what_was_found_and_what_was_not() -> None:
    """The verdict is about what was checked alone."""
    whole = report(*(clause(id) for id in all_clauses()), checked=("relu",))
    assert checked_operations(whole) == (
        "checked: relu (1 of 9 operations); not found in the target: dense, softmax, sample_losses, loss, accuracy,"
        " layer, spiral_data, stream"
    )


@pytest.mark.parametrize("width", [60, 80, 120])
def test_sentences_break_between_words(width: int) -> None:
    """Lines are as long as the terminal allows; only what people copy may be longer."""
    console = Console(width=width, force_terminal=False, markup=False, highlight=False, emoji=False)
    with console.capture() as captured:
        show(EVERYTHING, console)
    lines = captured.get().splitlines()
    copied = ("  inputs = ", "  repeat    ", "RELU  ")
    assert all(len(line) <= width for line in lines if not line.startswith(copied))
    assert " ".join(" ".join(lines).split()).count(" ".join(summary(EVERYTHING).split())) == 1


def test_a_table_with_every_row_examined_can_be_asked_for() -> None:
    """It stands in the place of the strip."""
    console = Console(width=PIPE_WIDTH, force_terminal=False, markup=False, highlight=False, emoji=False)
    with console.capture() as captured:
        show(EVERYTHING, console, table=True)
    lines = [line.rstrip() for line in captured.get().splitlines()]
    assert "clause  level   status            rows  worst/bound  title" in lines
    assert "RELU-4  MUST    unexpected-pass  1,234               title of RELU-4" in lines
    assert not any("✗" in line for line in lines)


def test_the_verdict_counts_in_grammar() -> None:
    """One fails, two fail; one passes, two pass."""
    known = [clause(id, "expected-fail", LEAKY, known="k") for id in ("RELU-1", "RELU-2")]
    repaired = [clause(id, "unexpected-pass", known="k") for id in ("RELU-3", "RELU-4")]
    assert summary(report(*known, *repaired, clause("RELU-5"), clause("RELU-6"))) == (
        "t.py: nonconformant; 2 clauses pass; 2 fail as the baseline records (RELU-1, RELU-2);"
        " 2 pass though the baseline records a failure (RELU-3, RELU-4)"
    )


def test_failures_that_decide_come_first_and_advice_is_not_mixed_with_them() -> None:
    """Even where the message is the same."""
    shown = printed(report(failing("GEN-6", SHOUTING, level="SHOULD"), failing("RELU-1", SHOUTING)))
    assert shown.index("RELU-1 error: a call gave no result (title of RELU-1)") < shown.index(
        "  GEN-6: title of GEN-6: relu raised ValueError: oh"
    )
    counted = printed(report(failing("GEN-6", SHOUTING, "SHOULD"), level="should"))
    assert "GEN-6 error: a call gave no result (title of GEN-6)" in counted


def test_equal_demands_with_results_are_shown_apart() -> None:
    """Each has values of its own."""
    shown = printed(report(failing("RELU-1"), failing("RELU-2")))
    assert [line for line in shown if " fail: " in line] == [
        "RELU-1 fail: title of RELU-1",
        "RELU-2 fail: title of RELU-2",
    ]


def test_the_arithmetic_and_the_remark_stand_below_what_was_wanted() -> None:
    """Their further lines indented and marked."""
    assert describe(replace(LEAKY, arithmetic="max(0, -1) = 0", remark="only\nhere", code=NO_LINES))[-3:] == [
        "  rule      entries of at least 0",
        "  row       max(0, -1) = 0",
        "  remark    only\n            | here",
    ]


def test_one_line_of_code_is_shown_once() -> None:
    one = CodeLine("t.py", 3, "def relu(x): return x  # \x1b")
    told = describe(replace(LEAKY, code=CodeLines(one, one)))
    assert told[-1] == "  defined   t.py:3: def relu(x): return x  # \\x1b"
    assert not any(line.startswith("  ran last") for line in told)


def test_the_bound_is_shown_where_there_is_one() -> None:
    """Otherwise the expected value is exact."""
    assert "  allowed   0.5 more or less" in describe(replace(LEAKY, bound=np.array([[0.5]])))


def test_no_call_is_shown_where_the_clause_makes_several() -> None:
    """The arrays beside the arguments say so."""
    more = {**LEAKY.inputs, "others": np.array([[2.0]], np.float32)}
    assert "  relu(inputs)" not in describe(replace(LEAKY, inputs=more))


HAPPENED = "relu gave [[-0.01]] (float32) where [[0.0]] is right; the rule: entries of at least 0"
LONG = np.arange(60.0).reshape(20, 3)


def test_of_what_is_too_long_the_row_at_fault_is_shown() -> None:
    """In the arguments, the result, the expected value and the bound."""
    got = LONG.copy()
    got[7, 1] = -1
    shown = Counterexample(
        "sample_losses", {"y_pred": LONG, "y_true": np.arange(50), "special": LONG[:14]}, got, LONG, LONG + 1, "equal"
    )
    assert describe(shown) == [
        "  # y_pred: float64 of shape (20, 3), 60 entries; the row at fault:",
        "  y_pred[7] = np.array([21.0, 22.0, 23.0], dtype=np.float64)",
        "  # y_true: int64 of shape (50,), 50 entries; the row at fault:",
        "  y_true[7] = np.array(7, dtype=np.int64)",
        "  # special: float64 of shape (14, 3), 42 entries",
        "  got       row 7: [21.0, -1.0, 23.0] (float64)",
        "  expected  row 7: [21.0, 22.0, 23.0]",
        "  allowed   row 7: [22.0, 23.0, 24.0] more or less",
        "  rule      equal",
    ]


def test_of_a_wide_row_the_entries_that_matter_are_shown() -> None:
    """The arguments can still be pasted where few entries differ from the rest."""
    wide = np.ones((2, 50))
    wide[1, 48] = 3.0
    wrong = wide.copy()
    wrong[1, [20, 48]] = 0.0, 2.5
    shown = Counterexample("relu", {"inputs": wide}, wrong, wide, np.asarray(0.0), "equal")
    assert describe(shown) == [
        "  inputs = np.full((2, 50), 1.0, dtype=np.float64)",
        "  inputs[1, 48] = 3.0",
        "  relu(inputs)",
        "  got       [1, 20] 0.0, [1, 48] 2.5 (float64)",
        "  expected  [1, 20] 1.0, [1, 48] 3.0",
        "  rule      equal",
    ]


def test_got_and_expected_are_printed_so_that_they_differ() -> None:
    """The shortest decimals of float32 and float64 may be the same text."""
    got, expected = np.array([0.1], np.float32), np.array([0.1])
    lines = describe(Counterexample("relu", {}, got, expected, np.asarray(0.0), "equal"))
    assert lines[:2] == ["  got       [0.10000000149011612] (float32)", "  expected  [0.1]"]


def test_what_happened_fits_in_one_line() -> None:
    """The exception, or the result beside the right one."""
    assert happened(SHOUTING) == "relu raised ValueError: oh"
    assert happened(LEAKY) == HAPPENED


@pytest.mark.parametrize(
    ("got", "expected", "row"),
    [
        ([0.0, 5.0, 9.0], [0.0, 0.0, 0.0], 2),
        ([0.0, np.nan, 9.0], [0.0, 0.0, 0.0], 1),
        ([np.nan, np.inf, 9.0], [np.nan, np.inf, 0.0], 2),
        ([True, False], [True, True], 1),
        ([[0.0, 0.0], [0.0, 3.0]], [[1.0, 1.0], [0.0, 0.0]], 1),
        ("an error", "none", None),
        ([1.0, 2.0], [1.0], None),
        ([], [], None),
        (1.0, 2.0, None),
    ],
)
def test_the_row_at_fault_exceeds_its_bound_by_most(got: Any, expected: Any, row: int | None) -> None:
    """NaN by more than any number; where nothing can be compared, there is no such row."""
    assert row_at_fault(np.asarray(got), np.asarray(expected), np.asarray(0.0)) == row


def test_there_is_no_row_at_fault_without_a_result_or_with_a_bound_of_another_shape() -> None:
    """Nothing is guessed."""
    assert row_at_fault(None, None, None) is None
    assert row_at_fault(LONG, LONG, np.ones(7)) is None


def test_what_a_target_prints_is_cut() -> None:
    """By lines, or by characters."""
    many = printed(report(clause(), output="x\n" * 30))
    assert many.count("  | x") == 20
    assert "  ... and more" in many
    long = printed(report(clause(), output="y" * 3_000))
    assert f"  | {'y' * 2_000}" in long
    assert "  ... and more" in long


def test_no_text_of_a_subject_can_steer_the_terminal_or_pass_for_the_report() -> None:
    """Control characters are escaped, and further lines indented, wherever they come from."""
    shown = printed(ATTACKED)
    assert not any("\x1b" in line or "\ud800" in line for line in shown)
    assert not [line for line in shown if line.startswith("# x")]
    assert any("\\x1b[2J" in line for line in shown)
    assert (
        " ".join(shown[1:4])
        .strip()
        .startswith("quick, seed 0 </script><b>\\x1b[2J|`<!--]]>&\\ud800\\n# x: nonconformant; 0 clauses pass")
    )


def test_progress_shows_on_a_terminal_only() -> None:
    """And leaves nothing behind."""
    for terminal in (True, False):
        console = Console(force_terminal=terminal, width=PIPE_WIDTH, file=io.StringIO())
        progress = ProgressOnTerminal(console)
        progress(Progressed(0, 2, "RELU-1"))
        progress(Progressed(1, 2, "RELU-2", 5_000))
        progress(Judged(clause()))
        assert progress.active is terminal
        progress(Finished(report(clause())))
        assert progress.active is False


def test_progress_tells_the_rate() -> None:
    """In rows a second."""
    written = io.StringIO()
    progress = ProgressOnTerminal(Console(force_terminal=True, width=PIPE_WIDTH, file=written))
    progress(Progressed(0, 2, "RELU-1"))
    progress(Progressed(1, 2, "RELU-2", 5_000))
    progress.close()
    assert "rows/s" in written.getvalue()


def test_the_console_is_plain_in_a_pipe(capsys: pytest.CaptureFixture[str]) -> None:
    """Of a fixed width, so that output can be compared."""
    console = console_for_output()
    assert (console.width, console.is_terminal) == (PIPE_WIDTH, False)


def test_the_console_is_coloured_on_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    """As wide as the terminal is."""
    monkeypatch.setenv("FORCE_COLOR", "1")
    assert console_for_output().is_terminal


@pytest.mark.parametrize(
    ("array", "expression"),
    [
        (np.array([[1.5, -0.0]], np.float32), "np.array([[1.5, -0.0]], dtype=np.float32)"),
        (np.array([0.1], np.float32), "np.array([0.1], dtype=np.float32)"),
        (np.array([np.nan, np.inf, -np.inf]), "np.array([np.nan, np.inf, -np.inf], dtype=np.float64)"),
        (np.asarray(3), "np.array(3, dtype=np.int64)"),
        (np.array([2**64 - 1], np.uint64), "np.array([18446744073709551615], dtype=np.uint64)"),
        (np.array([True]), "np.array([True], dtype=np.bool)"),
        (np.ones((0, 2)), "np.empty((0, 2), dtype=np.float64)"),
    ],
)
def test_a_counterexample_can_be_pasted_into_python(array: Any, expression: str) -> None:
    """Exact to the bit."""
    assert literal(array) == expression
    again = eval(expression, {"np": np})
    assert (again.dtype, again.shape) == (array.dtype, array.shape)
    assert again.tobytes() == array.tobytes()


def test_what_is_too_long_is_not_printed() -> None:
    """But said."""
    assert literal(np.ones((9, 9))) == "<float64 of shape (9, 9), 81 entries: too long to show>"
    assert plain(np.ones((9, 9))) == "<shape (9, 9)>"


def test_words_are_printed_as_words() -> None:
    """Where a result is an error."""
    assert literal(np.asarray("an error")) == plain(np.asarray("an error")) == "an error"


def test_text_is_made_printable_in_three_ways() -> None:
    """Line ends stay, or become escapes, or begin a line that is indented and marked."""
    assert printable("a\nb\tc\x7f\ufffe") == "a\nb\\tc\\x7f\\ufffe"
    assert inline("a\nb\tc") == "a\\nb\\tc"
    assert block("a\nb\tc", "  ") == "a\n  | b\\tc"


def assert_valid(shown: Report) -> None:
    """Require that the JSON of a report keeps to the published schema."""
    jsonschema.validate(json.loads(to_json(shown)), SCHEMA)


@pytest.mark.parametrize("target", ["reference", SEED, "mutant:softmax-divided-by-the-batch-sum"])
def test_the_json_of_a_check_keeps_to_its_schema(target: str) -> None:
    """Whatever the verdict: clauses that pass, fail, refuse, and have no operation."""
    clauses = ("RELU-1", "SOFTMAX-1", "SOFTMAX-7", "GEN-7", "LOSS-11", "LOSS-14", "DENSE-10", "ACC-1", "DATA-2")
    checked = check_here(load(target), budget="quick", clauses=clauses)
    assert_valid(checked)
    told = to_dict(checked)
    assert told["target"] == target
    assert sum(told["counts"].values()) == len(told["clauses"]) == len(clauses)


def test_the_json_of_every_status_keeps_to_its_schema() -> None:
    """Whatever stands in it."""
    for shown in (EVERYTHING, ATTACKED, CUT_SHORT, MISLEADING):
        assert_valid(shown)


@pytest.mark.parametrize(
    ("field", "value"), [("extra", 1), ("verdict", "fine"), ("format", 1), ("level", "MUST"), ("clauses", [])]
)
def test_the_schema_refuses_what_it_does_not_know(field: str, value: Any) -> None:
    """An unknown field, a verdict of one's own."""
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({**to_dict(EVERYTHING), field: value}, SCHEMA)


@pytest.mark.parametrize(
    "wrong",
    [
        clause(status="fail"),
        clause(status="error"),
        clause(status="expected-fail", known="k"),
        clause(status="expected-fail", counterexample=LEAKY),
        clause(status="unexpected-pass"),
        clause(status="blocked"),
        clause(status="pass", known="k"),
        clause(status="pass", counterexample=LEAKY),
        clause(status="pass", blocked_by="RELU-1"),
    ],
)
def test_the_schema_ties_each_status_to_its_fields(wrong: Any) -> None:
    """A failure has a counterexample, what is blocked a cause, what is known a reason, and nothing else has."""
    with pytest.raises(jsonschema.ValidationError):
        assert_valid(report(wrong))


def test_json_values_are_shortest_decimals_and_words() -> None:
    """Which every reader can read exactly."""
    assert values(np.array([0.1, np.nan, np.inf, -np.inf], np.float32)) == [0.1, "NaN", "Infinity", "-Infinity"]
    assert values(np.array([[1], [2]])) == [[1], [2]]
    assert values(np.asarray("an error")) == "an error"
    assert values(np.array([1 + 2j])) == ["(1+2j)"]
    assert values(np.array([np.longdouble("1e1000")])) == ["Infinity"]


def test_json_says_only_what_json_can_say() -> None:
    """A number that is none is refused, not written as one that no reader knows."""
    with pytest.raises(ValueError, match=r"^Out of range float values are not JSON compliant"):
        to_json(report(replace(clause(), worst=float("nan"))))


def test_the_values_of_a_huge_array_are_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of an argument they are null beside its dtype and shape; of a result, all three."""
    assert MOST_ENTRIES == 1_000_000
    monkeypatch.setattr("nnfs_spec.reports.json_report.MOST_ENTRIES", 5)
    six = np.arange(6.0)
    huge = report(failing(counterexample=Counterexample("relu", {"inputs": six}, six[:5], six, six, "equal")))
    (told,) = to_dict(huge)["clauses"]
    assert told["counterexample"]["inputs"] == {"inputs": {"dtype": "float64", "shape": [6], "values": None}}
    assert [told["counterexample"][name] for name in ("got", "expected", "bound")] == [None, None, None]
    assert_valid(huge)


@pytest.mark.parametrize("write", [write_json, write_junit, write_markdown, write_html])
def test_every_form_is_written_whole_or_not_at_all(
    write: Callable[[Report, Path], None], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same report gives the same bytes; nothing is left of what cannot be finished, under any name."""
    path = tmp_path / "report"
    write(EVERYTHING, path)
    first = path.read_bytes()
    write(EVERYTHING, path)
    assert path.read_bytes() == first
    assert list(tmp_path.iterdir()) == [path]
    path.unlink()

    def fail(self: Path, target: Path) -> Path:
        raise OSError("the disk is full")

    monkeypatch.setattr(Path, "replace", fail)
    with pytest.raises(OSError, match=r"^the disk is full$"):
        write(EVERYTHING, path)
    assert list(tmp_path.iterdir()) == []


def junit(shown: Report) -> tuple[ElementTree.Element, ElementTree.Element]:
    """Return the root and the one suite of a report as JUnit XML."""
    root = ElementTree.fromstring(to_junit(shown))
    (suite,) = root
    return root, suite


def test_junit_has_one_case_for_each_clause() -> None:
    """In the elements, the attributes and the order that readers of JUnit files agree on."""
    root, suite = junit(EVERYTHING)
    counts = {"tests": "10", "failures": "2", "errors": "2", "skipped": "5"}
    assert (root.tag, root.attrib) == ("testsuites", {"name": "nnfs-spec", **counts})
    assert (suite.tag, suite.attrib) == ("testsuite", {"name": "t.py", **counts})
    cases = suite.findall("testcase")
    assert [child.tag for child in suite] == ["properties", *["testcase"] * len(cases), "system-out"]
    assert all(set(case.attrib) == {"classname", "name"} for case in cases)
    assert {one.get("name"): one.get("value") for one in suite.findall("properties/property")} == {
        "kit_version": "0.1.0",
        "spec_version": "2.0",
        "level": "must",
        "budget": "quick",
        "seed": "0",
        "verdict": "nonconformant",
    }
    assert [
        (case.get("name"), case.get("classname"), [(one.tag, one.get("type"), one.get("message")) for one in case])
        for case in cases
    ] == [
        ("RELU-2 title of RELU-2", "RELU", [("failure", "fail", HAPPENED)]),
        ("RELU-5 title of RELU-5", "RELU", [("error", "error", "relu raised ValueError: oh")]),
        ("RELU-6 title of RELU-6", "RELU", [("error", "error", "relu raised ValueError: oh")]),
        ("GEN-6 title of GEN-6", "GEN", [("skipped", None, f"advice that is not kept: {HAPPENED}")]),
        ("RELU-1 title of RELU-1", "RELU", [("skipped", None, "blocked by RELU-2")]),
        (
            "RELU-3 title of RELU-3",
            "RELU",
            [("skipped", None, "fails as recorded: a slope on purpose (https://example.org/7)")],
        ),
        (
            "RELU-4 title of RELU-4",
            "RELU",
            [("failure", "unexpected-pass", "passes, but is recorded as failing: not yet explained")],
        ),
        ("RELU-7 title of RELU-7", "RELU", []),
        ("GEN-7 title of GEN-7", "GEN", [("skipped", None, "not-exercised")]),
        ("ACC-1 title of ACC-1", "ACC", [("skipped", None, "unsupported")]),
    ]
    failure = cases[0].find("failure")
    assert failure is not None
    assert failure.text == "\n".join(
        [*describe(LEAKY), "  repeat    nnfs-spec check t.py --clause RELU-2 --budget quick --seed 0"]
    )
    assert suite.findtext("system-out") == (
        "checked as: relu: ReLU.forward\n"
        "You may have thought: A slope below 0 does no harm. Instead: Cut off: np.maximum(0, x).\n"
        "note: 3 statements were not run\nhello\nworld\n"
    )


def test_junit_counts_advice_at_the_level_that_counts_it() -> None:
    """As a failure; and a failure without a counterexample is one all the same."""
    _, suite = junit(report(failing("GEN-6", level="SHOULD"), clause("RELU-1", "fail"), level="should"))
    assert [one.get("message") for one in suite.iter("failure")] == [HAPPENED, ""]


def test_every_form_says_that_a_run_was_cut_short() -> None:
    """JUnit by an error, since its readers look for nothing else."""
    stopped = "stopped after 3 s, as asked: 1 of 6 steps were taken"
    said = f"t.py: incomplete; {stopped}; 1 clause passes; 1 not-exercised"
    assert said in " ".join(to_text(CUT_SHORT).split())
    told = said.removeprefix("t.py: incomplete; ")
    assert f'<h1>t.py <span class="verdict open">incomplete</span></h1>\n<p>{told}</p>' in to_fragment(CUT_SHORT)
    assert to_markdown(CUT_SHORT).startswith(f"### incomplete: `t.py`\n\n{stopped}; 1 pass, 1 not-exercised\n")
    assert (to_dict(CUT_SHORT)["verdict"], to_dict(CUT_SHORT)["cut_short"]) == ("incomplete", [stopped])
    _, suite = junit(CUT_SHORT)
    (error,) = suite.iter("error")
    assert (suite.get("tests"), suite.get("errors"), suite.get("failures")) == ("3", "1", "0")
    assert (error.get("type"), error.get("message")) == ("incomplete", said)


def test_every_form_says_above_the_verdict_what_may_mislead() -> None:
    """As prose that nobody has to look for."""
    said = "notice: line 4: `lower()` was not run, though it changes `LOW`"
    verdict = "t.py: conformant; 1 clause passes"
    lines = printed(MISLEADING)
    assert lines.index(said) < lines.index(verdict)
    page = to_fragment(MISLEADING)
    assert page.index(f'<p class="open">{said}</p>') < page.index("conformant</span></h1>\n<p>1 clause passes</p>")
    assert to_markdown(MISLEADING).startswith(
        "notice: line 4: \\`lower()\\` was not run, though it changes \\`LOW\\`\n\n### conformant: `t.py`\n"
    )
    assert to_dict(MISLEADING)["notices"] == list(MISLEADING.notices)
    _, suite = junit(MISLEADING)
    assert str(suite.findtext("system-out")).startswith(said)
    assert Grade.of_report(MISLEADING).remark == said


@pytest.mark.parametrize(
    ("supported", "refused", "checked", "said"),
    [
        (("relu",), (), ("relu",), "checked relu, all that was found"),
        (("dense", "relu"), (), ("dense", "relu"), "checked all 2 operations found"),
        (("relu", "softmax"), ("loss",), ("relu",), "checked relu of 3 operations found"),
        (("relu",), (), (), "checked nothing of 1 operations found"),
        ((), (), (), "checked nothing of 0 operations found"),
    ],
)
def test_the_verdict_says_how_much_of_what_was_found_was_checked(
    supported: Any, refused: Any, checked: Any, said: str
) -> None:
    """Unless only some clauses were asked for."""
    whole = report(*(clause(id) for id in all_clauses()), verdict="conformant", refused=refused, checked=checked)
    assert (
        summary(replace(whole, supported=supported)) == f"t.py: conformant; {said}; {len(all_clauses())} clauses pass"
    )


def test_what_was_found_and_not_checked_is_named() -> None:
    """Beside what was not found at all."""
    whole = report(*(clause(id) for id in all_clauses()), refused=("loss",))
    assert checked_operations(whole) == (
        "checked: nothing (0 of 9 operations); found and not checked: relu, loss; not found in the target: dense, "
        "softmax, sample_losses, accuracy, layer, spiral_data, stream"
    )


def test_no_note_stands_twice_in_any_form() -> None:
    """Whatever the target tells."""
    note = "line 3: left out"
    twice = report(clause(), problems=(note, note), taken=("relu: `relu`",), verdict="conformant")
    for text in (to_text(twice), to_markdown(twice), to_page(twice), to_junit(twice)):
        assert text.count(note) == 1


def test_a_card_of_the_page_says_what_happened() -> None:
    """Before the rule and the arrays; a call without a result is no failure of what the title says."""
    page = Page(to_page(report(failing("RELU-2"), failing("RELU-5", SHOUTING))))
    assert page.text.index(HAPPENED) < page.text.index("inputs = np.array([[-1.0]]")
    assert "a call gave no result (title of RELU-5)" in page.text


def test_junit_fails_where_nothing_was_checked() -> None:
    """No clause fails, and the run is not clean."""
    _, suite = junit(report(clause(status="unsupported"), verdict="error"))
    assert [(one.get("type"), one.get("message")) for one in suite.iter("error")] == [
        ("error", "t.py: error; 0 clauses pass; 1 unsupported")
    ]


def test_junit_is_xml_whatever_a_subject_says() -> None:
    """Characters that XML forbids are escapes, and nothing of a subject is markup."""
    _, suite = junit(ATTACKED)
    told = HOSTILE.replace("\x1b", "\\x1b").replace("\ud800", "\\ud800")
    assert suite.get("name") == told.replace("\n", "\\n")
    error = suite.find("testcase/error")
    assert error is not None
    assert error.get("message") == told.replace("\n", "\\n")
    assert not list(suite.iter("b"))


def test_markdown_summarises_for_a_pull_request() -> None:
    """The verdict, the counts, what was misunderstood, the failing clauses, their counterexamples folded."""
    page = Path(__file__).with_name("pull_request.md")
    assert to_markdown(EVERYTHING) == page.read_text(encoding="utf-8")


def test_markdown_of_a_clean_report_is_short() -> None:
    """There is nothing to unfold."""
    assert to_markdown(report(clause(), verdict="conformant")) == (
        "### conformant: `t.py`\n\n1 pass\n\nchecked: only the 1 clause that was asked for (RELU-2)\n\n"
        "```text\nRELU     ■\n```\n\n"
        "`nnfs-spec 0.1.0, specification 2.0: t.py, level must, budget quick, seed 0`\n"
    )


def outside_code(text: str) -> str:
    """Return Markdown without its code."""
    text = re.sub(r"(?ms)^(`{3,})text\n.*?\n\1$", "", text)
    text = re.sub(r"(?<!`)(`+)(?!`).+?(?<!`)\1(?!`)", "", text)
    return re.sub("<code>[^<]*</code>", "", text)


def test_nothing_of_a_subject_leaves_the_code_of_the_markdown() -> None:
    """No HTML, no mention, no heading, no column of its own."""
    hostile = f"{HOSTILE}```\n```\n</details>@all #1 ````"
    shown = report(
        failing("RELU-2", replace(SHOUTING, message=hostile, remark=hostile)),
        clause("RELU-3", "expected-fail", LEAKY, known=hostile),
        target=hostile,
        taken=(hostile,),
        problems=(hostile, ""),
        output=hostile,
    )
    text = to_markdown(shown)
    rest = outside_code(text)
    assert not re.search("script|<b>|<!--|@all|#1|# x", rest)
    (row,) = (line for line in text.splitlines() if line.startswith("| RELU-2"))
    assert len(re.findall(r"(?<!\\)\|", row)) == 5
    assert rest.count("<details>") == rest.count("</details>") == 2


def test_the_prose_of_the_markdown_is_read_as_it_stands() -> None:
    """Signs of Markdown in a title or a misconception mean themselves."""
    shown = report(replace(failing(), title="in [0, 1] * <b>"), diagnosis=EVERYTHING.diagnosis)
    text = to_markdown(replace(shown, diagnosis=(replace(EVERYTHING.diagnosis[0], remedy="`x` | _y_"),)))
    assert "| in \\[0, 1\\] \\* \\<b\\> |" in text
    assert "<summary>RELU-2 fail: in [0, 1] * &lt;b&gt;</summary>" in text
    assert "\\`x\\` \\| \\_y\\_" in text


def test_markdown_always_fits_into_a_comment() -> None:
    """What does not fit is left out from the end, and that is said."""
    long = replace(SHOUTING, message="y" * 10_000)
    many = [failing(f"RELU-{i}", replace(long, message=f"{i}{long.message}")) for i in range(1, 400)]
    text = to_markdown(report(*many, output="z" * 100_000))
    assert len(text) <= MOST_CHARACTERS < 65_536
    assert text.endswith(TAIL)
    assert f"| RELU-{100} | error |" in text
    assert f"`{'1' + 'y' * 199}...`" in text
    assert len(to_markdown(report(failing("RELU-1", long), output="z" * 100_000))) < 13_000


class Page(HTMLParser):
    """Reads a page: its tags, what it would load, and its text; notes tags that are not closed in order."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[str] = []
        self.loaded: list[str | None] = []
        self.text = ""
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note a tag."""
        self.tags.append(tag)
        self.loaded += [value for name, value in attrs if name in ("src", "href") and not (value or "").startswith("#")]
        if tag != "meta":
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        """Require that tags close in order."""
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        """Keep the text."""
        self.text += data


def test_the_page_needs_nothing_else_and_shows_everything() -> None:
    """No script, nothing to load, light and dark."""
    page = Page(to_page(EVERYTHING))
    assert page.open == []
    assert page.loaded == []
    assert "script" not in page.tags
    assert "color-scheme: light dark" in page.text
    lines = printed(EVERYTHING)
    told = [line.strip() for line in lines if line.startswith(("  got", "  rule", "blocked", "RELU-3 ex"))]
    assert told
    assert all(line in page.text for line in (*told, summary(EVERYTHING), "relu: ReLU.forward", "hello\nworld"))
    assert all(said in page.text for cause in EVERYTHING.diagnosis for _, said in cause_sentences(cause))
    assert all(result.title in page.text for result in EVERYTHING.clauses)


def test_each_square_leads_to_its_card_or_to_its_row() -> None:
    """And every link within a page to something that is there."""
    page = to_page(EVERYTHING)
    targets = re.findall('href="#([^"]+)"', page)
    assert {"title-RELU-2", "title-RELU-5", "title-GEN-6", "clause-RELU-7"} <= set(targets)
    assert "clause-RELU-6" not in targets  # it stands on the card of RELU-5
    assert all(f'id="{one}"' in page for one in targets)
    assert '<h1>t.py <span class="verdict bad">nonconformant</span></h1>\n<p>1 clause passes; ' in page


def test_the_page_of_the_seed_is_small() -> None:
    shown = check_here(load(SEED), budget="quick")
    assert any(result.status == "fail" for result in shown.clauses)
    assert len(to_page(shown).encode()) < 200_000


def test_a_fragment_is_one_element_that_styles_nothing_else() -> None:
    """A notebook keeps its looks."""
    fragment = to_fragment(report(replace(clause(), worst=0.25), verdict="conformant"))
    assert fragment.startswith('<div class="nnfs-spec">')
    style = re.search("<style>(.*)</style>", fragment, re.DOTALL)
    assert style is not None
    assert all(rule.strip().startswith((".nnfs-spec", "@media")) for rule in style[1].strip().splitlines())
    assert "0.25" in Page(fragment).text
    assert "notes" not in Page(fragment).text


def test_advice_is_folded_and_what_decides_is_open() -> None:
    """So that one sees first what matters."""
    fragment = to_fragment(EVERYTHING)
    before, _, after = fragment.partition("<summary>advice, which does not change the verdict (1)</summary>")
    assert 'id="title-RELU-2"' in before
    assert 'id="title-GEN-6"' in after


def test_nothing_of_a_subject_is_markup_of_the_page() -> None:
    """Wherever it comes from."""
    page = Page(to_page(ATTACKED))
    assert page.open == []
    assert not {"script", "b"} & set(page.tags)
    assert "</script><b>\\x1b[2J|`<!--]]>&\\ud800" in page.text
    assert "\x1b" not in page.text


def test_a_report_on_one_line_is_the_same_report() -> None:
    """With nothing in it that would end the line."""
    line = to_line(report(failing("RELU-1", SHOUTING)))
    assert "\n" not in line
    assert json.loads(line) == json.loads(to_json(report(failing("RELU-1", SHOUTING))))


def test_a_diagnosis_of_advice_is_never_taken_for_the_cause_of_the_verdict() -> None:
    """It is left out, or folded together with the advice."""
    slip = Diagnosis("relu-overlooking-nan", "relu", "NaN is no number.", "Let it pass.", ("GEN-6",))
    told = report(failing("RELU-1"), failing("GEN-6", level="SHOULD"), diagnosis=(slip,))
    for text in (to_text(told), to_markdown(told)):
        assert "NaN is no number." not in text
    assert "NaN is no number." in to_fragment(told).partition("advice, which does not change the verdict")[2]
    assert "advice: You may have thought: NaN is no number." in to_junit(told)
