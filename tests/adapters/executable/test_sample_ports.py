"""The sample ports: right in every language, wrong twins found out, and harnesses printed as they are tested."""

import os
from pathlib import Path

import pytest
from click.testing import CliRunner

from nnfs_spec.checking.api import check
from nnfs_spec.cli import main
from nnfs_spec.cli.browse import HARNESSES
from tests import ROOT
from tests.ports.building import LANGUAGES, TWINS, Language, built

NO_SKIPS = "NNFS_SPEC_ALL_PORTS"
"""Set where every compiler must be there, so that a port that is not tried is a failure."""

DEFECTS = {
    "c": {
        "dense-without-biases": "dense",
        "softmax-shifted-by-the-batch-maximum": "softmax",
        "loss-without-clipping": "sample_losses",
    },
    "javascript": {
        "relu-leaky": "relu",
        "softmax-over-the-batch": "softmax",
        "accuracy-with-the-last-of-ties": "accuracy",
    },
}
UNSEEN = ("GEN-4", "GEN-9", "GEN-11", "GEN-12", "DENSE-17", "DATA-7")

BROKEN = {
    "c": {"DENSE-1", "SOFTMAX-3", "SOFTMAX-4", "LOSS-1"},
    "javascript": {"RELU-1", "SOFTMAX-1", "ACC-1"},
}


def port(name: str, language: Language, folder: Path) -> str:
    """Return the target, or skip the test where there is nothing to build it with."""
    if language.missing and NO_SKIPS not in os.environ:
        pytest.skip(f"{name} is not tested here: {' and '.join(language.missing)} is missing")
    return built(name, language, folder)


@pytest.mark.gate
@pytest.mark.parametrize("name", LANGUAGES)
def test_a_sample_port_keeps_every_clause(name: str, tmp_path: Path) -> None:
    """All that a pipe can show, MUST and SHOULD."""
    report = check(port(name, LANGUAGES[name], tmp_path), budget="quick", level="should")
    statuses = {clause.id: clause.status for clause in report.clauses}
    assert report.verdict == "conformant", report
    others = {id: status for id, status in statuses.items() if status != "pass"}
    streams = {id: "unsupported" for id in statuses if id.startswith("STREAM-")}
    assert others == {**dict.fromkeys(UNSEEN, "not-exercised"), **streams}


@pytest.mark.gate
@pytest.mark.parametrize("name", TWINS)
def test_a_wrong_twin_is_found_out(name: str, tmp_path: Path) -> None:
    """By the clauses that its three defects break, on two rows at most, each with what was misunderstood."""
    report = check(port(name, TWINS[name], tmp_path), budget="quick")
    broken = [clause for clause in report.clauses if clause.status in ("fail", "error") and clause.level == "MUST"]
    assert {clause.id for clause in broken} == BROKEN[name]
    for clause in broken:
        assert clause.counterexample is not None
        assert all(len(array) <= 2 for array in clause.counterexample.inputs.values() if array.ndim), clause.id
    assert {found.mutant: found.operation for found in report.diagnosis} == DEFECTS[name]


def test_a_port_whose_compiler_is_missing_is_skipped_aloud(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With what is missing; and fails where nothing may be skipped."""
    absent = Language("harness.c", (), ("no-such-compiler",), [("no-such-compiler",)], ("./port",))
    monkeypatch.delenv(NO_SKIPS, raising=False)
    with pytest.raises(pytest.skip.Exception, match=r"^c is not tested here: no-such-compiler is missing$"):
        port("c", absent, tmp_path)
    monkeypatch.setenv(NO_SKIPS, "1")
    with pytest.raises(FileNotFoundError, match="no-such-compiler"):
        port("c", absent, tmp_path)


@pytest.mark.parametrize("language", HARNESSES)
def test_the_harness_that_is_printed_is_the_one_that_is_tested(language: str) -> None:
    """Byte for byte."""
    printed = CliRunner().invoke(main, ("harness", language))
    tested = ROOT / "spec" / "harnesses" / LANGUAGES[language].harness
    assert (printed.exit_code, printed.stdout) == (0, tested.read_text(encoding="utf-8"))


def test_every_harness_has_a_port_that_proves_it() -> None:
    """And none lies about."""
    folder = ROOT / "spec" / "harnesses"
    assert {language: LANGUAGES[language].harness for language in LANGUAGES} == HARNESSES
    assert {path.name for path in folder.iterdir()} == set(HARNESSES.values())


def test_a_language_without_a_harness_is_refused() -> None:
    """With those that have one."""
    refused = CliRunner().invoke(main, ("harness", "cobol"))
    assert refused.exit_code == 2
    assert "'cobol' is not one of 'c', 'cpp', 'fortran', 'go', 'java', 'javascript', 'rust'" in refused.stderr
