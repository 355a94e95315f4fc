"""Drawn circumstances, each in a sandbox of its own, in which a check keeps its promises; make torture runs more."""

import json
import shutil
from pathlib import Path

import pytest

from nnfs_spec.adapters.process.sandbox import why_not
from tests.tools import torture
from tests.tools.torture import draw, trial
from tests.tools.torture.trial import Combination

CALM = Combination("plain", "right", "none", 0.0, "none", many=False)

enclosed = pytest.mark.skipif(why_not() is not None, reason=f"no sandbox: {why_not()}")


@enclosed
@pytest.mark.gate
@pytest.mark.parametrize("combination", draw(seed=2, count=24), ids=str)
def test_a_check_keeps_its_promises(combination: Combination) -> None:
    assert torture.torture(combination).broken == ()


@enclosed
def test_a_promise_that_is_broken_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    """The trial of a combination can fail, and tells of what there is not as well."""
    assert torture.torture(CALM).broken == ()
    told = torture.torture(Combination("none such", "right", "none", 0.0, "none", many=False)).broken
    assert [one.partition(":")[0] for one in told] == ["the trial itself failed"]
    monkeypatch.setattr(torture, "SECONDS", 0.01)
    assert torture.torture(CALM).broken == ("it did not end",)


@pytest.mark.parametrize(
    ("combination", "code", "verdict", "said", "found"),
    [
        (CALM, 0, "conformant", "", []),
        (CALM, 1, "conformant", "", ["it ended with 1, and the verdict is conformant:"]),
        (CALM, 1, None, "", ["it ended with 1, and the verdict is None:"]),
        (CALM, 120, None, "", ["it ended with 120:"]),
        (CALM, -11, None, "", ["it ended with -11:"]),
        (CALM, 3, None, "Traceback (most recent call last):", ["a traceback:"]),
        (CALM, 3, None, "it printed: Traceback", []),
        (Combination("plain", "right", "KILL", 2.0, "none", many=False), -9, None, "", []),
        (Combination("plain", "right", "INT", 0.1, "none", many=False), 1, None, "Traceback", []),
        (Combination("plain", "right", "none", 0.0, "none", many=True), 1, None, "", []),
    ],
)
def test_an_end_that_is_not_truthful_is_noticed(
    combination: Combination,
    code: int,
    verdict: str | None,
    said: str,
    found: list[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(trial, "REPORT", tmp_path / "report.json")
    if verdict is not None:
        (tmp_path / "report.json").write_text(json.dumps({"verdict": verdict}), encoding="utf-8")
    told = trial.untrue(combination, code, "", said)
    assert [one[: len(start)] for one, start in zip(told, found, strict=True)] == found


def test_harm_is_noticed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trial, "PRECIOUS", tmp_path / "precious")
    monkeypatch.setattr(trial, "RAN", tmp_path / "ran")
    (tmp_path / "precious").mkdir()
    (tmp_path / "precious" / "thesis").touch()
    assert trial.harm() == []
    (tmp_path / "ran").touch()
    shutil.rmtree(tmp_path / "precious")
    assert trial.harm() == ["what is precious is gone", "a module of the current folder was imported"]
