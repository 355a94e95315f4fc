"""The command line: what it prints, writes and returns."""

import io
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import jsonschema
import numpy as np
import pytest
from click.testing import CliRunner, Result
from rich.console import Console

from nnfs_spec.clauses import spec_folder
from nnfs_spec.cli import main
from nnfs_spec.engine.events import ClauseResult, Counterexample, Finished, Progressed, Report
from nnfs_spec.mutants import MUTANTS
from nnfs_spec.reports.json_report import values, write_json
from nnfs_spec.reports.terminal import PIPE_WIDTH, TerminalReport, console_for_output, show
from nnfs_spec.reports.text import literal, plain, printable

SEED = str(Path(__file__).parent / "targets" / "seed.py")
SCHEMA = json.loads((spec_folder() / "schemas" / "report.json").read_text(encoding="utf-8"))


def run(*arguments: str) -> Result:
    """Run ``nnfs-spec`` in this process."""
    return CliRunner().invoke(main, arguments)


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("check", "reference", "--clause", "RELU-1"), 0),
        (("check", "mutant:relu-leaky", "--clause", "relu-1"), 1),
        (("check", "mutant:relu-always-in-double", "--clause", "RELU-1", "--clause", "GEN-5"), 0),
        (("check", "mutant:relu-always-in-double", "--clause", "GEN-5", "--level", "should"), 1),
        (("check", "reference", "--clause", "NONE-1"), 2),
        (("check", "reference", "--budget", "none"), 2),
        (("check", "reference", "--timeout", "0"), 2),
        (("check",), 2),
        (("check", "reference", "--json", "no/such/folder/report.json"), 2),
        (("check", "no_such_file.py"), 3),
        (("check", SEED, "--clause", "ACC-1"), 3),
        (("check", "mutant:relu-always-in-double", "--clause", "GEN-5"), 3),
    ],
)
def test_the_exit_code_tells_the_verdict(arguments: tuple[str, ...], code: int) -> None:
    """0 conformant, 1 not, 2 wrong usage, 3 nothing checked."""
    assert run(*arguments, *(("--budget", "quick") if code != 2 else ())).exit_code == code


def test_a_target_that_cannot_be_loaded_is_named_on_the_error_stream() -> None:
    """And nothing is printed as a result."""
    result = run("check", "no_such_file.py")
    assert result.stdout == ""
    assert result.stderr == (
        "nnfs-spec: no_such_file.py: FileNotFoundError: [Errno 2] No such file or directory: 'no_such_file.py'\n"
    )


def test_an_unknown_clause_is_named() -> None:
    """With the command that lists them."""
    assert "there is no clause 'none-1'; nnfs-spec clauses lists them" in run("explain", "none-1").stderr


def test_a_check_prints_the_table_the_counterexample_and_the_verdict() -> None:
    """In plain text, as in a pipe."""
    result = run("check", "mutant:relu-leaky", "--clause", "RELU-2", "--budget", "quick")
    lines = [line.rstrip() for line in result.stdout.splitlines()]
    assert lines[0] == "nnfs-spec 0.1.0, specification 1.0: mutant:relu-leaky, level must, budget quick, seed 0"
    assert lines[2].split() == ["clause", "level", "status", "rows", "worst/bound", "title"]
    assert lines[3].startswith("RELU-2  MUST   fail")
    assert lines[5:] == [
        "RELU-2 fail: Never negative",
        "  inputs = np.array([[-1.0]], dtype=np.float32)",
        "  got       [[-0.01]]",
        "  expected  [[0.0]]",
        "  wanted    entries of at least 0",
        "  again     nnfs-spec check mutant:relu-leaky --clause RELU-2 --budget quick --seed 0",
        "",
        "mutant:relu-leaky: nonconformant; 0 clauses pass; 1 MUST clause does not hold (RELU-2)",
    ]


@pytest.mark.parametrize("target", ["reference", SEED, "mutant:softmax-divided-by-the-batch-sum"])
def test_the_json_report_keeps_to_its_schema(target: str, tmp_path: Path) -> None:
    """Whatever the verdict: clauses that pass, fail, refuse, and have no operation."""
    path = tmp_path / "report.json"
    clauses = ("RELU-1", "SOFTMAX-1", "SOFTMAX-7", "GEN-7", "LOSS-11", "LOSS-14", "DENSE-10", "ACC-1", "DATA-2")
    options = [word for clause in clauses for word in ("--clause", clause)]
    run("check", target, "--budget", "quick", "--json", str(path), *options)
    report = json.loads(path.read_text(encoding="utf-8"))
    jsonschema.validate(report, SCHEMA)
    assert report["target"] == target
    assert sum(report["counts"].values()) == len(report["clauses"]) == len(clauses)


def test_the_schema_refuses_what_it_does_not_know(tmp_path: Path) -> None:
    """An unknown field, a status of one's own."""
    path = tmp_path / "report.json"
    run("check", "reference", "--clause", "RELU-1", "--budget", "quick", "--json", str(path))
    report = json.loads(path.read_text(encoding="utf-8"))
    for broken in ({**report, "extra": 1}, {**report, "verdict": "fine"}, {**report, "format": 2}):
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate(broken, SCHEMA)


def test_no_half_written_report_is_left_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither under its own name nor a temporary one."""

    def fail(report: Report) -> str:
        raise MemoryError

    monkeypatch.setattr("nnfs_spec.reports.json_report.to_json", fail)
    with pytest.raises(MemoryError):
        write_json(report_of(), tmp_path / "report.json")
    assert list(tmp_path.iterdir()) == []


def test_clauses_lists_every_clause_with_its_property() -> None:
    """And how many mutants it kills."""
    listed = run("clauses")
    assert listed.exit_code == 0
    assert "rows_sum_to_one" in listed.stdout


def test_explain_prints_the_clause_its_property_and_its_mutants() -> None:
    """All that one needs to understand a failure."""
    told = run("explain", "softmax-3")
    assert told.exit_code == 0
    assert told.stdout.startswith("## SOFTMAX-3 (MUST): ")
    assert "def finite_rows_stay_finite(subject: Probe, case: Case) -> Finding:" in told.stdout
    assert all(mutant.name in told.stdout for mutant in MUTANTS.values() if "SOFTMAX-3" in mutant.killed_by)


def test_mutants_lists_every_mutant() -> None:
    """By the name that ``check mutant:NAME`` takes."""
    listed = run("mutants").stdout
    assert all(name in listed for name in ("relu-inverted", "relu-leaky"))


def test_demo_is_the_seeds_walk_through() -> None:
    """Shapes, first predictions, loss beside ln 3, accuracy."""
    lines = run("demo").stdout.splitlines()
    assert lines[0] == "spiral data    points (300, 2), labels (300,)"
    assert lines[3] == "               [0.33333333 0.33333333 0.33333333]"
    assert "beside ln 3 = 1.098612" in lines[8]


def test_the_version_names_the_specification_too() -> None:
    """They move apart."""
    assert run("--version").stdout == "nnfs-spec 0.1.0, specification 1.0\n"


def test_the_package_runs_as_a_module() -> None:
    """``python -m nnfs_spec`` is the command."""
    done = subprocess.run(
        [sys.executable, "-m", "nnfs_spec", "--version"], capture_output=True, text=True, timeout=60, check=True
    )
    assert done.stdout == "nnfs-spec 0.1.0, specification 1.0\n"


def report_of(*results: ClauseResult) -> Report:
    """Return a report made by hand."""
    return Report("t\x1b[31m", 0, "quick", "must", "nonconformant", ("relu",), results, ("note\x07",))


def failing(message: str) -> ClauseResult:
    """Return a failed clause without a result."""
    shown = Counterexample({"x": np.asarray(1.0)}, None, None, None, message)
    return ClauseResult("RELU-1", "MUST", "title", "error", 1, None, shown, "replay")


def test_control_characters_of_a_subject_cannot_steer_the_terminal() -> None:
    """They are printed as escapes, wherever they come from."""
    console = Console(record=True, width=PIPE_WIDTH, force_terminal=False)
    with console.capture() as captured:
        show(report_of(failing("bad\x1b[2Jname\r")), console)
    text = captured.get()
    assert "bad\\x1b[2Jname\\r" in text
    assert "note: note\\x07" in text
    assert "t\\x1b[31m: nonconformant" in text


def test_progress_shows_on_a_terminal_only() -> None:
    """And leaves nothing behind."""
    for terminal, shown in ((True, True), (False, False)):
        console = Console(force_terminal=terminal, width=PIPE_WIDTH, file=io.StringIO())
        report = TerminalReport(console)
        report(Progressed(0, 2, "RELU-1"))
        report(Progressed(1, 2, "RELU-2"))
        assert (report.active is True) is shown
        report(Finished(report_of()))
        assert report.active is False


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
        (np.ones((0, 2)), "np.empty((0, 2), dtype=np.float64)"),
    ],
)
def test_a_counterexample_can_be_pasted_into_python(array: Any, expression: str) -> None:
    """Exact to the bit."""
    assert literal(array) == expression
    again = eval(expression, {"np": np})
    assert (again.dtype, again.shape) == (array.dtype, array.shape)
    assert np.array_equal(again, array, equal_nan=True)


def test_what_is_too_long_is_not_printed() -> None:
    """But said."""
    assert literal(np.ones((9, 9))) == "<float64 of shape (9, 9), 81 entries: too long to show>"
    assert plain(np.ones((9, 9))) == "<shape (9, 9)>"


def test_words_are_printed_as_words() -> None:
    """Where a result is an error."""
    assert literal(np.asarray("an error")) == plain(np.asarray("an error")) == "an error"
    assert printable("a\nb\tc") == "a\nb\\tc"


def test_json_values_are_shortest_decimals_and_words() -> None:
    """Which every reader can read exactly."""
    assert values(np.array([0.1, np.nan, np.inf, -np.inf], np.float32)) == [0.1, "NaN", "Infinity", "-Infinity"]
    assert values(np.array([[1], [2]])) == [[1], [2]]
    assert values(np.asarray("an error")) == "an error"
    assert values(np.array([1 + 2j])) == ["(1+2j)"]
    assert values(np.array([np.longdouble("1e1000")])) == ["Infinity"]
