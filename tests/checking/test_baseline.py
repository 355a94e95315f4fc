"""The baseline: known failures do not fail a run, news and stale entries do; the file stays as people wrote it."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner, Result

from nnfs_spec.adapters.load import load
from nnfs_spec.checking.baseline import (
    UNEXPLAINED,
    BaselineError,
    Entry,
    failure_kind,
    fingerprint,
    judge_by_baseline,
    read_baseline,
    read_text,
    updated_baseline,
)
from nnfs_spec.cli import main
from nnfs_spec.engine.events import Counterexample, Report, verdict_of
from nnfs_spec.subject.operations import Operation
from tests.tools.check_here import check_here
from tests.tools.handmade import LEAKY, SHOUTING, clause, failing, report

LEAKS, SHOUTS = fingerprint(LEAKY), fingerprint(SHOUTING)
KNOWN = {
    "RELU-2": Entry("RELU-2", LEAKS, "a slope on purpose", "https://example.org/7"),
    "RELU-5": Entry("RELU-5", SHOUTS, UNEXPLAINED),
}


def judged(*results: Any, level: str = "must", entries: dict[str, Entry] = KNOWN) -> Report:
    """Return a report of these clauses as seen beside the baseline."""
    return judge_by_baseline(report(*results, level=level, problems=("first",)), entries, "known.toml", "the command")


def told(seen: Report) -> list[tuple[str, str, str | None]]:
    """Return id, status and what is known of each clause."""
    return [(result.id, result.status, result.known) for result in seen.clauses]


def test_known_failures_do_not_fail_the_run() -> None:
    """Wrong results and errors alike; the report says why they are known."""
    seen = judged(failing("RELU-2"), failing("RELU-5", SHOUTING))
    assert told(seen) == [
        ("RELU-2", "expected-fail", "a slope on purpose (https://example.org/7)"),
        ("RELU-5", "expected-fail", "not yet explained"),
    ]
    assert (seen.verdict, seen.problems) == ("conformant", ("first",))


def test_an_unknown_failure_fails_the_run() -> None:
    """Beside known ones."""
    seen = judged(failing("RELU-2"), failing("RELU-5", SHOUTING), failing("RELU-6"))
    assert [result.status for result in seen.clauses] == ["expected-fail", "expected-fail", "fail"]
    assert (seen.verdict, seen.problems) == ("nonconformant", ("first",))


def test_advice_that_is_not_known_stays_advice() -> None:
    """It fails a run only at the level that counts it."""
    results = (failing("RELU-2"), failing("RELU-5", SHOUTING), failing("GEN-6", level="SHOULD"))
    assert judged(*results).verdict == "conformant"
    assert judged(*results, level="should").verdict == "nonconformant"


def test_a_stale_entry_fails_the_run() -> None:
    """The clause fails on another input than the one recorded; the report names both and the command."""
    other = replace(LEAKY, inputs={"inputs": np.array([[-2.0]], np.float32)})
    seen = judged(failing("RELU-2", other), failing("RELU-5", SHOUTING))
    assert told(seen)[0] == ("RELU-2", "fail", None)
    assert seen.verdict == "nonconformant"
    assert seen.problems == (
        "first",
        f"known.toml is stale: RELU-2 fails in another way (counterexample {fingerprint(other)}, off by up to"
        f" 1e0; recorded is {LEAKS})",
        "to update known.toml: the command",
    )


@pytest.mark.parametrize(
    ("worse", "kind"),
    [
        ({"got": np.array([[np.nan]], np.float32)}, "NaN"),
        ({"got": np.array([[-np.inf]], np.float32)}, "infinity"),
        ({"got": np.array([[-5.0]], np.float32)}, "off by up to 1e3"),
        ({"got": np.asarray("an error")}, "another kind of result"),
        (
            {"got": None, "expected": None, "bound": None, "message": "relu raised ValueError: oh"},
            "relu raised ValueError",
        ),
    ],
)
def test_a_worse_failure_on_the_same_input_is_news(worse: dict[str, Any], kind: str) -> None:
    """An entry holds the kind of failure beside its input."""
    entry = Entry("RELU-2", LEAKS, "a slope on purpose", failure=failure_kind(LEAKY))
    assert entry.failure == "off by up to 1e0"
    assert judged(failing("RELU-2"), entries={"RELU-2": entry}).verdict == "conformant"
    seen = judged(failing("RELU-2", replace(LEAKY, **worse)), entries={"RELU-2": entry})
    assert (told(seen)[0][1:], seen.verdict) in ((("fail", None), "nonconformant"), (("error", None), "nonconformant"))
    assert seen.problems[1].endswith(f"(counterexample {LEAKS}, {kind}; recorded is {LEAKS}, {entry.failure})")


def test_a_repaired_entry_fails_the_run() -> None:
    """So that the file does not keep what is mended."""
    seen = judged(clause("RELU-2"), failing("RELU-5", SHOUTING))
    assert told(seen)[0] == ("RELU-2", "unexpected-pass", "a slope on purpose (https://example.org/7)")
    assert seen.verdict == "nonconformant"
    assert seen.problems == (
        "first",
        "known.toml is out of date: RELU-2 passes and is recorded as failing",
        "to update known.toml: the command",
    )


def test_outdated_entries_count_even_where_the_clause_is_advice() -> None:
    """Who records advice wants to hear of it."""
    entries = {"GEN-6": Entry("GEN-6", SHOUTS, "r")}
    for result in (failing("GEN-6", level="SHOULD"), clause("GEN-6", level="SHOULD")):
        assert judged(clause("RELU-1"), result, entries=entries).verdict == "nonconformant"


def test_entries_that_the_run_says_nothing_of_are_noted() -> None:
    """They neither fail the run nor vanish silently."""
    seen = judged(clause("RELU-1"), clause("RELU-2", "unsupported"))
    assert seen.verdict == "conformant"
    assert seen.problems == (
        "first",
        "known.toml: the entry of RELU-2 says nothing of this run (unsupported)",
        "known.toml: the entry of RELU-5 says nothing of this run (not asked for)",
    )


def test_a_run_that_checked_nothing_stays_an_error() -> None:
    """A baseline makes no evidence."""
    assert judged(clause("RELU-2", "unsupported"), failing("GEN-6", level="SHOULD")).verdict == "error"
    assert verdict_of([clause("RELU-2", "expected-fail", LEAKY, known="k")], "must") == "conformant"


def test_the_fingerprint_tells_every_input_from_every_other() -> None:
    """By operation, name, dtype, shape and bits, and by nothing else; it is the same on every machine."""

    def of(operation: Operation, **inputs: Any) -> str:
        return fingerprint(Counterexample(operation, inputs, None, None, None, "m"))

    one = np.array([[1.0, 0.0]])
    others = [
        of("softmax", inputs=one),
        of("relu", y_pred=one),
        of("relu", inputs=one.astype(np.float32)),
        of("relu", inputs=one.T),
        of("relu", inputs=-one),
        of("relu", inputs=one.view(np.int64)),
        of("relu", inputs=one, others=one),
        of("relu", inputs=np.array([[1.0, -0.0]])),
    ]
    assert len({of("relu", inputs=one), *others}) == len(others) + 1
    assert of("relu", inputs=one) == of("relu", inputs=one.astype(">f8")) == of("relu", inputs=np.asfortranarray(one))
    assert of("relu", a=one, b=one.T) == of("relu", b=one.T, a=one)
    assert LEAKS == fingerprint(replace(LEAKY, message="other words")) == "c8de394ab485f20d"


ENTRY = f'[[known]]\nclause = "RELU-2"\ncounterexample = "{LEAKS}"\nreason = "a slope on purpose"\n'


def test_a_baseline_is_read() -> None:
    """With and without an issue, and with no entry at all."""
    text = f'format = 1\n{ENTRY}issue = "https://example.org/7"\n'
    assert read_baseline(text) == {"RELU-2": KNOWN["RELU-2"]}
    assert read_baseline(f"format = 1\n{ENTRY}") == {"RELU-2": Entry("RELU-2", LEAKS, "a slope on purpose")}
    assert read_baseline("format = 1") == {}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("format 1", "this is no TOML: Expected '=' after a key in a key/value pair (at line 1, column 8)"),
        ("", "format is None but must be 1 or 2"),
        ("format = 3", "format is 3 but must be 1 or 2"),
        ("format = 1\nextra = 1", "the keys are extra, format but must be format, known"),
        ("format = 1\nknown = 3", "known is 3 but must be an array of tables, each under [[known]]"),
        ("format = 1\nknown = [3]", "known[0] is 3 but must be a table"),
        (
            "format = 1\n[[known]]",
            "known[0] has the keys none but must have clause, counterexample, failure, reason and may have issue",
        ),
        (
            f"format = 1\n{ENTRY}more = 1",
            "known[0] has the keys clause, counterexample, more, reason"
            " but must have clause, counterexample, failure, reason and may have issue",
        ),
        (f"format = 1\n{ENTRY}issue = 7", "known[0].issue is 7 but must be text"),
        (f"format = 1\n{ENTRY}".replace("RELU-2", "NO-2"), "known[0].clause is 'NO-2' but must be the id of a clause"),
        (
            f"format = 1\n{ENTRY}".replace(LEAKS, "C8DE394AB485F20D"),
            "known[0].counterexample is 'C8DE394AB485F20D' but must be 16 hexadecimal digits",
        ),
        (
            f"format = 1\n{ENTRY}".replace("a slope on purpose", " "),
            "known[0].reason is ' ' but must say why the clause may fail",
        ),
        (f"format = 1\n{ENTRY}{ENTRY}", "known[1].clause is RELU-2, which an entry before it has already"),
    ],
)
def test_a_bad_baseline_is_refused(text: str, message: str) -> None:
    """What arrived, and what should have."""
    with pytest.raises(BaselineError) as caught:
        read_baseline(text)
    assert str(caught.value) == message


def test_a_file_that_cannot_be_read_is_refused(tmp_path: Path) -> None:
    """Bytes that are no text, or a folder."""
    path = tmp_path / "known.toml"
    path.write_bytes(b"\xff")
    with pytest.raises(BaselineError, match=r"^cannot be read: 'utf-8' codec can't decode byte 0xff"):
        read_text(path)
    with pytest.raises(BaselineError, match=r"^cannot be read: \[Errno 21\] Is a directory"):
        read_text(tmp_path)


def test_a_new_baseline_holds_what_fails_and_counts() -> None:
    """Advice belongs in it only at the level that counts it."""
    results = (failing("RELU-2"), failing("GEN-6", SHOUTING, "SHOULD"), clause("RELU-3"))
    text = updated_baseline(None, report(*results))
    assert text == (
        "# Known failures, for nnfs-spec check --baseline."
        " --update-baseline writes them; reasons and issues are yours.\n"
        "format = 2\n\n"
        f'[[known]]\nclause = "RELU-2"\ncounterexample = "{LEAKS}"\nfailure = "off by up to 1e0"\n'
        'reason = "not yet explained"\n'
    )
    assert set(read_baseline(updated_baseline(None, report(*results, level="should")))) == {"RELU-2", "GEN-6"}


def test_an_update_keeps_what_people_wrote() -> None:
    """Comments, reasons, issues, the order, and the entries that the run says nothing of; what is mended goes."""
    text = f"""# ours
format = 1

[[known]]  # since spring
clause = "RELU-2"
counterexample = "{SHOUTS}"
reason = 'a "slope" on purpose'

[[known]]
clause = "RELU-3"
counterexample = "{LEAKS}"
reason = "mended since"

[[known]]
clause = "ACC-1"
counterexample = "{LEAKS}"
reason = "not in this run"
issue = "https://example.org/7"

[[known]]
clause = "GEN-6"
counterexample = "{LEAKS}"
reason = "advice that is recorded"
"""
    advice = failing("GEN-6", SHOUTING, "SHOULD")
    seen = report(failing("RELU-2"), clause("RELU-3"), advice, failing("RELU-5", SHOUTING))
    assert (
        updated_baseline(text, seen)
        == f"""# ours
format = 2

[[known]]  # since spring
clause = "RELU-2"
counterexample = "{LEAKS}"
reason = 'a "slope" on purpose'
failure = "off by up to 1e0"

[[known]]
clause = "ACC-1"
counterexample = "{LEAKS}"
reason = "not in this run"
issue = "https://example.org/7"

[[known]]
clause = "GEN-6"
counterexample = "{SHOUTS}"
reason = "advice that is recorded"
failure = "relu raised ValueError"
[[known]]
clause = "RELU-5"
counterexample = "{SHOUTS}"
failure = "relu raised ValueError"
reason = "not yet explained"
"""
    )


def test_a_baseline_of_which_everything_is_mended_is_empty() -> None:
    """And can be filled again."""
    text = updated_baseline(f"format = 1\n{ENTRY}", report(clause("RELU-2")))
    assert text == "format = 2\n"
    assert set(read_baseline(updated_baseline(text, report(failing("RELU-2"))))) == {"RELU-2"}
    assert set(read_baseline(updated_baseline("format = 1\nknown = []", report(failing("RELU-2"))))) == {"RELU-2"}


def test_a_bad_baseline_is_not_updated() -> None:
    """It is somebody's work."""
    with pytest.raises(BaselineError, match=r"^format is 3 but must be 1 or 2$"):
        updated_baseline("format = 3", report(failing("RELU-2")))


def test_the_baseline_of_a_target_makes_its_next_run_pass() -> None:
    """The same seed and budget find the same counterexamples."""
    checked = check_here(
        load("mutant:softmax-divided-by-the-batch-sum"), budget="quick", clauses=["SOFTMAX-1", "SOFTMAX-2"]
    )
    text = updated_baseline(None, checked)
    assert judge_by_baseline(checked, read_baseline(text), "known.toml", "").verdict == "conformant"


def check(target: str, *options: str) -> Result:
    """Run ``nnfs-spec check`` on two clauses."""
    clauses = ("--clause", "RELU-2", "--clause", "RELU-7")
    return CliRunner().invoke(main, ("check", target, "--budget", "quick", *clauses, *options))


def test_the_command_line_writes_reads_and_updates_a_baseline(tmp_path: Path) -> None:
    """0 while nothing is new, 1 as soon as an entry is repaired."""
    path = tmp_path / "our known.toml"
    assert check("mutant:relu-leaky").exit_code == 1
    assert check("mutant:relu-leaky", "--baseline", str(path), "--update-baseline").exit_code == 0
    assert set(read_baseline(path.read_text(encoding="utf-8"))) == {"RELU-2"}
    again = check("mutant:relu-leaky", "--baseline", str(path))
    assert again.exit_code == 0
    assert again.stdout.splitlines()[1] == (
        "mutant:relu-leaky: conformant; 1 clause passes; 1 fails as the baseline records (RELU-2)"
    )
    repaired = check("reference", "--baseline", str(path))
    assert repaired.exit_code == 1
    assert " ".join(" ".join(repaired.stdout.splitlines()).split()).endswith(
        f"note: to update {path}: nnfs-spec check reference --level must --budget quick --seed 0"
        f" --clause RELU-2 --clause RELU-7 --baseline '{path}' --update-baseline"
    )
    assert check("reference", "--baseline", str(path), "--update-baseline").exit_code == 0
    assert [file.name for file in tmp_path.iterdir()] == ["our known.toml"]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (("--update-baseline",), "--update-baseline needs --baseline FILE"),
        (
            ("--baseline", "none.toml"),
            "Invalid value for --baseline: there is no file none.toml; --update-baseline writes it",
        ),
        (("--baseline", "bad.toml"), "Invalid value for --baseline: bad.toml: format is 3 but must be 1 or 2"),
        (
            ("--baseline", "bad.toml", "--update-baseline"),
            "Invalid value for --baseline: bad.toml: format is 3 but must be 1 or 2",
        ),
    ],
)
def test_wrong_use_of_a_baseline_is_told_before_the_check(
    options: tuple[str, ...], message: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With exit code 2; the file stays as it is."""
    monkeypatch.chdir(tmp_path)
    Path("bad.toml").write_text("format = 3", encoding="utf-8")
    result = check("reference", *options)
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.splitlines()[-1] == f"Error: {message}"
    assert Path("bad.toml").read_text(encoding="utf-8") == "format = 3"
