"""Measured accuracy: errors in ULP by operation, dtype and family, against exact values; as table, JSON and picture."""

import json
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import jsonschema
import numpy as np
import pytest
from click.testing import CliRunner, Result

from nnfs_spec.adapters.load import live_subject, load
from nnfs_spec.clauses import spec_folder
from nnfs_spec.cli import main
from nnfs_spec.domains import DENSE, LOSSES, ORDINARY, RELU, SOFTMAX, Domain
from nnfs_spec.engine.accuracy import by_operation, measure, measure_subject
from nnfs_spec.engine.events import ULP_EDGES, Accuracy, Errors, Report
from nnfs_spec.generate.values import MOST_PRODUCTS, families_of, family_batches
from nnfs_spec.reports.accuracy_plot import FIXED, write_picture
from nnfs_spec.reports.accuracy_table import to_accuracy_json
from nnfs_spec.reports.json_report import to_json
from nnfs_spec.reports.junit import to_junit
from nnfs_spec.reports.markdown import to_markdown
from nnfs_spec.reports.terminal import to_text
from nnfs_spec.subject.operations import Operation
from tests import ROOT
from tests.tools.check_here import check_here
from tests.tools.handmade import EVERYTHING
from tests.tools.support import relu_beyond

SINGLE, DOUBLE = np.dtype(np.float32), np.dtype(np.float64)
SEED = str(ROOT / "tests" / "targets" / "seed.py")
SCHEMAS = spec_folder() / "schemas"
SMALLEST = 2.0**-1074


def schema(name: str) -> dict[str, Any]:
    """Return a published schema."""
    told: dict[str, Any] = json.loads((SCHEMAS / name).read_text(encoding="utf-8"))
    return told


def run(*arguments: str) -> Result:
    """Run ``nnfs-spec`` in this process."""
    return CliRunner().invoke(main, arguments)


def errors(
    worst: float | None = 0.5,
    family: str | None = "whole",
    operation: Operation = "relu",
    dtype: str = "float32",
    undecided: int = 0,
    unanswered: int = 0,
) -> Errors:
    """Return errors made by hand."""
    entries = 0 if worst is None else 4
    bins = (0, entries, *[0] * 12)
    return Errors(operation, dtype, family, entries, undecided, unanswered, worst, worst, worst, bins)


def accuracy(*measured: Errors, target: str = "t.py") -> Accuracy:
    """Return what was measured of a target, made by hand."""
    return Accuracy(target, 0, 10, measured, (), (), "")


@pytest.mark.parametrize("domain", ORDINARY, ids=lambda domain: domain.operation)
def test_the_batches_of_a_family_belong_to_the_domain_and_are_the_same_again(domain: Domain) -> None:
    """Another seed gives others, but for those whose values are fixed."""
    for family in families_of(domain):
        for dtype in domain.dtypes:
            some, again = (list(family_batches(domain, dtype, family, 3, 6)) for _ in range(2))
            assert all(case.belongs() for case in some)
            assert all(
                np.array_equal(one[name], other[name])
                for one, other in zip(some, again, strict=True)
                for name in one.arrays
            )
            assert all(np.prod([case.size(symbol) for symbol in domain.symbols]) <= MOST_PRODUCTS for case in some)
    ordinary, other = (next(family_batches(DENSE, DOUBLE, "ordinary", seed, 1)) for seed in (0, 1))
    assert not np.array_equal(ordinary["inputs"], other["inputs"])


def test_families_are_those_of_the_domain() -> None:
    """Numbers of the unit interval for losses."""
    assert list(families_of(LOSSES)) == ["uniform", "near ends", "unit special", "simplex"]
    assert list(families_of(RELU)) == list(families_of(SOFTMAX)) == list(families_of(DENSE))
    assert len(families_of(RELU)) == 14


def test_all_families_together_are_the_sum_of_them() -> None:
    """Entries and histograms add up, the worst stays the worst, and the mean is weighted."""
    parts = measure(load("reference"), seed=1, batches=2)
    for one in by_operation(parts):
        mine = [part for part in parts if (part.operation, part.dtype) == (one.operation, one.dtype)]
        assert one.entries == sum(part.entries for part in mine) == sum(one.histogram)
        assert one.worst == max(part.worst for part in mine if part.worst is not None)
        assert one.share == max(part.share for part in mine if part.share is not None)
        assert one.mean is not None
        total = sum(part.mean * part.entries for part in mine if part.mean is not None)
        assert one.mean * one.entries == pytest.approx(total, rel=2.0**-40)


def test_the_reference_errs_as_its_formulas_do() -> None:
    """ReLU and accuracy not at all, a sample loss by few ULP, and nothing by more than its bound."""
    told = {(one.operation, one.dtype): one for one in by_operation(measure(load("reference"), seed=0, batches=3))}
    assert len(told) == 12
    for (operation, _), one in told.items():
        assert (one.undecided, one.unanswered) == (0, 0)
        assert one.share is not None
        assert one.worst is not None
        assert one.share < 1
        assert (one.worst == 0) == (operation in ("relu", "accuracy"))
    largest = told["sample_losses", "float64"].worst
    assert largest is not None
    assert 0 < largest <= 1


def test_the_json_keeps_to_its_schema_and_gives_the_same_bytes() -> None:
    """Infinite and missing figures included."""
    some = measure_subject(live_subject({"relu": relu_beyond}), seed=0, batches=1)
    again = measure_subject(live_subject({"relu": relu_beyond}), seed=0, batches=1)
    assert to_accuracy_json(some) == to_accuracy_json(again)
    for one in (some, accuracy(errors(np.inf), errors(None)), accuracy()):
        jsonschema.validate(json.loads(to_accuracy_json(one)), schema("accuracy.json"))
    told = json.loads(to_accuracy_json(accuracy(errors(np.inf), errors(None))))["errors"]
    assert [one["worst_ulps"] for one in told] == ["Infinity", None]
    assert [one["up_to"] for one in told[0]["histogram"]] == [*ULP_EDGES, None]
    told[0]["worst_ulps"] = -1
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({**json.loads(to_accuracy_json(accuracy())), "errors": told}, schema("accuracy.json"))


def test_both_schemas_describe_errors_alike() -> None:
    """But for the family, which a report leaves out."""
    of_report, of_accuracy = (schema(name)["$defs"] for name in ("report.json", "accuracy.json"))
    assert of_report["figure"] == of_accuracy["figure"]
    assert of_report["bin"] == of_accuracy["bin"]
    family = of_accuracy["errors"]["properties"].pop("family")
    of_accuracy["errors"]["required"].remove("family")
    assert of_report["errors"] == of_accuracy["errors"]
    assert family["type"] == "string"


def test_the_command_prints_a_table_of_families_and_one_of_operations(tmp_path: Path) -> None:
    """And writes the JSON; the same command gives the same bytes."""
    files = [tmp_path / name for name in ("one.json", "two.json")]
    first, second = (run("accuracy", SEED, "--batches", "1", "--json", str(file)) for file in files)
    assert first.exit_code == 0, first.output
    assert first.stdout == second.stdout
    assert files[0].read_bytes() == files[1].read_bytes()
    lines = [line.rstrip() for line in first.stdout.splitlines()]
    assert lines[0].startswith("nnfs-spec 0.1.0, specification 2.0: ")
    assert lines[0].endswith("tests/targets/seed.py, seed 0, 1 batches of each family")
    assert any(line.startswith("checked as: ") for line in lines)
    heads = [line.split() for line in lines if line.startswith("operation")]
    figures = ["entries", "worst/bound", "worst", "ULP", "mean", "ULP"]
    assert heads[0] == ["operation", "dtype", "family", *figures]
    assert heads[1] == ["operation", "dtype", *figures, "0", "<=0.5", "<=1", "<=4", "<=64", "more"]
    assert sum(line.startswith("softmax") for line in lines) == 2 * 14 + 2
    assert lines[-1].startswith("note: lines ")
    assert max(len(line) for line in lines if line.startswith(("operation", "dense", "sample_losses"))) <= 110


def test_measuring_judges_nothing() -> None:
    """A target that breaks its clauses is measured as any other, in its own process."""
    result = run("accuracy", "mutant:relu-leaky", "--batches", "1")
    assert result.exit_code == 0
    rows = [line.split() for line in result.stdout.splitlines()]
    assert next(row for row in rows if row[:3] == ["relu", "float32", "ordinary"])[4] == "inf"


def test_what_gave_no_result_is_told_and_nothing_measured_is_no_success(tmp_path: Path) -> None:
    """With exit code 3, as where nothing could be checked."""
    path = tmp_path / "refuses.py"
    path.write_text("def relu(x): raise ValueError('not today')\n", encoding="utf-8")
    result = run("accuracy", str(path), "--batches", "1")
    assert result.exit_code == 3
    assert "relu float32: 14 batches gave no result\n" in result.stdout
    assert run("accuracy", str(path), "--batches", "1", "--map", "relu=none").exit_code == 3
    missing = run("accuracy", "no_such_file.py")
    assert (missing.exit_code, missing.stdout) == (3, "")
    assert missing.stderr.startswith("nnfs-spec: no_such_file.py: FileNotFoundError: ")


def test_one_batch_that_gave_no_result_is_one_batch() -> None:
    """And what is not known is counted."""
    told = to_text(check_report(errors(unanswered=1, undecided=2000, family=None)))
    assert "relu float32: 1 batch gave no result\n" in told
    assert "relu float32: the error of 2,000 entries is not known closely enough to count\n" in told


def check_report(*measured: Errors) -> Report:
    """Return a report with errors."""
    return replace(EVERYTHING, errors=measured)


def test_an_interrupt_ends_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """With the exit code that a shell gives to it."""

    def interrupted(*arguments: Any, **more: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("nnfs_spec.cli.accuracy.measure_subject", interrupted)
    result = run("accuracy", "mutant:relu-leaky")
    assert (result.exit_code, result.stderr) == (130, "nnfs-spec: interrupted\n")


STARTS = {"png": b"\x89PNG", "svg": b"<?xml", "pdf": b"%PDF"}


@pytest.mark.parametrize("form", list(FIXED))
def test_a_picture_is_written_in_the_form_of_its_suffix(form: str, tmp_path: Path) -> None:
    """The same figures give the same bytes, whatever the target is called; no family, an infinite error, or many."""
    shown = accuracy(
        errors(0.0),
        errors(np.inf, dtype="float64"),
        errors(3e12, operation="dense"),
        errors(None, operation="dense", family="huge negative"),
        errors(30.0, operation="softmax"),
        target="$\\frac{\x1b[2J " + "x" * 100,
    )
    for name in ("one", "two"):
        write_picture(shown, tmp_path / f"{name}.{form.upper()}")
    one, two = (path.read_bytes() for path in sorted(tmp_path.iterdir()))
    assert one == two
    assert one.startswith(STARTS[form])
    assert len(one) > 5000


def test_the_command_draws_a_picture(tmp_path: Path) -> None:
    """Beside everything else."""
    path = tmp_path / "relu.png"
    assert run("accuracy", "mutant:relu-leaky", "--batches", "1", "--picture", str(path)).exit_code == 0
    assert path.read_bytes().startswith(STARTS["png"])


def test_a_picture_that_cannot_be_drawn_is_refused_before_anything_is_measured(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """An unknown suffix, and matplotlib missing: both say what to do."""
    wrong = run("accuracy", "no_such_file.py", "--picture", str(tmp_path / "picture.bmp"))
    assert wrong.exit_code == 2
    assert "Invalid value for --picture: picture.bmp must end in .png, .svg, .pdf" in wrong.stderr
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    missing = run("accuracy", "no_such_file.py", "--picture", str(tmp_path / "picture.png"))
    assert missing.exit_code == 2
    assert 'Error: --picture needs matplotlib: pip install "nnfs-spec[pictures]"' in missing.stderr


@pytest.mark.gate
def test_a_check_measures_errors_if_it_is_asked_to(tmp_path: Path) -> None:
    """By operation and dtype, as the command does; otherwise it says that they were not asked for."""
    path = tmp_path / "report.json"
    command = ("check", SEED, "--budget", "quick", "--clause", "LOSS-1", "--json", str(path))
    assert run(*command).exit_code == 0
    assert json.loads(path.read_text(encoding="utf-8"))["errors"] is None
    first = run(*command, "--errors")
    assert first.exit_code == 0
    text = path.read_bytes()
    assert run(*command, "--errors").stdout == first.stdout
    assert path.read_bytes() == text
    told = json.loads(text)
    jsonschema.validate(told, schema("report.json"))
    same = by_operation(measure(load(SEED), seed=0))
    assert [one["worst_ulps"] for one in told["errors"]] == [one.worst for one in same]
    assert any(line.startswith("softmax        float64") for line in first.stdout.splitlines())


def test_the_errors_of_a_check_are_told_in_every_form() -> None:
    """A table on the terminal, a sentence elsewhere; none where nothing was measured."""
    shown = check_report(errors(family=None), errors(None, family=None, operation="softmax"))
    sentence = "errors of relu float32: at most 0.5 of the bound and 0.5 ULP, 0.5 ULP on average, over 4 entries"
    assert sentence in to_markdown(shown)
    assert sentence in to_junit(shown)
    assert "errors of softmax" not in to_markdown(shown)
    assert ["relu", "float32", "4", *["0.5"] * 3, "100%"] in [line.split() for line in to_text(shown).splitlines()]
    jsonschema.validate(json.loads(to_json(shown)), schema("report.json"))


def test_a_check_of_the_reference_in_hand_can_measure_errors() -> None:
    """After its clauses, before the account of the subject is taken."""
    report = check_here(load("reference"), budget="quick", clauses=["RELU-1"], errors=True)
    assert report.errors is not None
    assert {one.operation for one in report.errors} == {domain.operation for domain in ORDINARY}


def test_errors_are_for_one_target() -> None:
    """Many targets have a table of their own."""
    refused = run("check", SEED, SEED, "--errors")
    assert refused.exit_code == 2
    assert "--errors: only for one target; --jsonl is for many" in refused.stderr
