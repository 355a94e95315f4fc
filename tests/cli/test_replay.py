"""Replay: one counterexample of a report, made again to the bit and tried alone; a report may come from anybody."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner, Result

from nnfs_spec.adapters.load import load
from nnfs_spec.arrays import Array
from nnfs_spec.cli import main
from nnfs_spec.engine.events import Counterexample
from nnfs_spec.engine.replay import case_of, try_again
from nnfs_spec.generate.sweep import batches
from nnfs_spec.mutants import MUTANTS
from nnfs_spec.properties import PROPERTIES
from nnfs_spec.reports.json_report import to_json, write_json
from nnfs_spec.reports.read_json import read_recorded
from nnfs_spec.subject.operations import Operation
from nnfs_spec.support.json_input import DTYPES, ReadingError
from tests.tools.check_here import check_here
from tests.tools.handmade import LEAKY, SHOUTING, clause, failing, report


def through_json(operation: Operation, inputs: dict[str, Array]) -> dict[str, Array]:
    """Return inputs as they come out of a report."""
    shown = Counterexample(operation, inputs, None, None, None, "m")
    recorded = read_recorded(to_json(report(failing("RELU-2", shown)))).inputs["RELU-2"]
    assert recorded.operation == operation
    assert recorded.arrays is not None
    return dict(recorded.arrays)


def assert_same_bits(first: dict[str, Array], second: dict[str, Array]) -> None:
    """Require the same arrays under the same names in the same order."""
    assert list(first) == list(second)
    for name, array in first.items():
        other = second[name]
        assert (other.dtype, other.shape, other.tobytes()) == (array.dtype, array.shape, array.tobytes())


def test_every_kind_of_number_survives_the_report() -> None:
    """The ends of every dtype, both zeros, NaN, infinities, subnormals; no entries, one, and none in rows."""
    inputs: dict[str, Array] = {"empty": np.empty((0, 3)), "flat": np.empty((2, 0), np.float32), "one": np.asarray(7)}
    for name, dtype in DTYPES.items():
        if dtype.kind == "f":
            finfo = np.finfo(dtype)
            ends = [finfo.max, finfo.min, finfo.tiny, finfo.smallest_subnormal, 0.1, 0.0, -0.0, np.nan, np.inf, -np.inf]
            inputs[name] = np.array(ends, dtype)
        elif dtype.kind == "b":
            inputs[name] = np.array([True, False])
        else:
            inputs[name] = np.array([np.iinfo(dtype).min, np.iinfo(dtype).max], dtype)
    assert_same_bits(through_json("relu", inputs), inputs)


def test_any_float_survives_the_report() -> None:
    """Its shortest decimal gives the same bits."""
    rng = np.random.default_rng(0)
    single = rng.integers(0, 2**32, 20_000, np.uint32).view(np.float32)
    double = rng.integers(0, 2**64, 20_000, np.uint64).view(np.float64)
    inputs: dict[str, Array] = {"single": single[np.isfinite(single)], "double": double[np.isfinite(double)]}
    assert_same_bits(through_json("relu", inputs), inputs)


@pytest.mark.parametrize("id", PROPERTIES)
def test_a_case_of_every_domain_is_made_again(id: str) -> None:
    """With the same dtype and bits, in a domain of the clause."""
    for domain in PROPERTIES[id].domains:
        for dtype in domain.dtypes:
            for case in batches(domain, dtype, 0, 3):
                again = case_of(id, domain.operation, through_json(domain.operation, dict(case.arrays)))
                assert_same_bits(dict(again.arrays), dict(case.arrays))
                assert again.dtype == case.dtype
                assert again.domain.operation == domain.operation
                assert again.belongs()


@pytest.mark.parametrize("mutant", ["relu-leaky", "softmax-divided-by-the-batch-sum", "loss-without-clipping"])
def test_what_a_check_found_fails_again(mutant: str) -> None:
    """On the mutant; on the reference it holds."""
    ids = MUTANTS[mutant].killed_by
    checked = check_here(load(f"mutant:{mutant}"), budget="quick", clauses=ids)
    recorded = read_recorded(to_json(checked))
    assert recorded.target == f"mutant:{mutant}"
    assert set(recorded.inputs) == {result.id for result in checked.clauses if result.status == "fail"} != set()
    for id, inputs in recorded.inputs.items():
        assert inputs.arrays is not None
        case = case_of(id, inputs.operation, inputs.arrays)
        found = next(result for result in checked.clauses if result.id == id)
        assert found.counterexample is not None
        again = try_again(load(f"mutant:{mutant}"), id, case, "")
        assert again.status == "fail"
        assert again.counterexample is not None
        assert again.counterexample.message == found.counterexample.message
        assert try_again(load("reference"), id, case, "").status == "pass"


def described(**changed: Any) -> str:
    """Return a report with one counterexample, some of its fields changed."""
    inputs = {"dtype": "float64", "shape": [1, 1], "values": [[1.0]], **changed}
    shown = {"operation": "relu", "inputs": {"inputs": inputs}}
    return json.dumps({"format": 2, "target": "t.py", "clauses": [{"id": "RELU-2", "counterexample": shown}]})


PLACE = "clauses[0].counterexample.inputs.inputs"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{", "this is no JSON: Expecting property name enclosed in double quotes: line 1 column 2 (char 1)"),
        ("[NaN]", "this is no JSON: NaN is no number of JSON"),
        ("[]", "the report is [] but must be an object"),
        ("{}", "format is None but must be 1 or 2"),
        ('{"format": "' + "1" * 99 + '"}', f"format is '{'1' * 59}... but must be 1 or 2"),
        ('{"format": 1}', "target is None but must be text"),
        ('{"format": 1, "target": ""}', "target is '' but must be text"),
        ('{"format": 1, "target": "t"}', "clauses is None but must be a list"),
        ('{"format": 1, "target": "t", "clauses": [1]}', "clauses[0] is 1 but must be an object"),
        ('{"format": 1, "target": "t", "clauses": [{}]}', "clauses[0].id is None but must be text"),
        (
            '{"format": 1, "target": "t", "clauses": [{"id": "R", "counterexample": 1}]}',
            "clauses[0].counterexample is 1 but must be an object",
        ),
        (
            '{"format": 1, "target": "t", "clauses": [{"id": "R", "counterexample": {}}]}',
            "clauses[0].counterexample.operation is None but must be text",
        ),
        (
            '{"format": 1, "target": "t", "clauses": [{"id": "R", "counterexample": {"operation": "relu"}}]}',
            "clauses[0].counterexample.inputs is None but must be an object",
        ),
        (
            described(dtype="object"),
            f"{PLACE}.dtype is 'object' but must be one of bool, int8, int16, int32, int64,"
            " uint8, uint16, uint32, uint64, float32, float64",
        ),
        (
            described(dtype=["float64"]),
            f"{PLACE}.dtype is ['float64'] but must be one of bool, int8, int16, int32, int64,"
            " uint8, uint16, uint32, uint64, float32, float64",
        ),
        (described(shape=None), f"{PLACE}.shape is None but must be a list"),
        (described(shape=[1, -1]), f"{PLACE}.shape is [1, -1] but must be whole numbers of at least 0"),
        (described(shape=[1, True]), f"{PLACE}.shape is [1, True] but must be whole numbers of at least 0"),
        (described(shape=[1, 1, 1]), f"{PLACE}.shape is [1, 1, 1] but must be at most 2 sizes and 1000000 entries"),
        (
            described(shape=[10**9, 10**9]),
            f"{PLACE}.shape is [1000000000, 1000000000] but must be at most 2 sizes and 1000000 entries",
        ),
        (described(values=1), f"{PLACE}.values is 1 but must be a list"),
        (described(values=[]), f"{PLACE}.values has 0 entries but must have 1"),
        (described(values=[[1, 2]]), f"{PLACE}.values[0] has 2 entries but must have 1"),
        (described(values=[["x"]]), f"{PLACE}.values[0][0] is 'x' but must be a value of float64"),
        (described(values=[[True]]), f"{PLACE}.values[0][0] is True but must be a value of float64"),
        (described(values=[[[1]]]), f"{PLACE}.values[0][0] is [1] but must be a value of float64"),
        (described().replace("1.0]", "1e999]"), f"{PLACE}.values[0][0] is inf but must be a value of float64"),
        (described(values=[[2**1024]]), f"{PLACE}.values[0][0] is {2**1024!s:.60}... but must be a value of float64"),
        (
            described(dtype="float32", values=[[1e39]]),
            f"{PLACE}.values[0][0] is 1e+39 but must be a value of float32",
        ),
        (described(dtype="uint8", values=[[256]]), f"{PLACE}.values[0][0] is 256 but must be a value of uint8"),
        (described(dtype="int8", values=[[True]]), f"{PLACE}.values[0][0] is True but must be a value of int8"),
        (described(dtype="int8", values=[[1.0]]), f"{PLACE}.values[0][0] is 1.0 but must be a value of int8"),
        (described(dtype="bool", values=[[1]]), f"{PLACE}.values[0][0] is 1 but must be a value of bool"),
    ],
)
def test_a_file_that_is_no_report_is_refused(text: str, message: str) -> None:
    """What arrived, where, and what should have."""
    with pytest.raises(ReadingError) as caught:
        read_recorded(text)
    assert str(caught.value) == message


def test_a_file_that_is_nested_without_end_is_refused() -> None:
    """It is no report, and no reason to crash."""
    with pytest.raises(ReadingError, match=r"^this is no JSON: "):
        read_recorded("[" * 1_000_000)


def replay(*arguments: str) -> Result:
    """Run ``nnfs-spec replay``."""
    return CliRunner().invoke(main, ("replay", *arguments))


@pytest.fixture
def one(tmp_path: Path) -> Path:
    """Return a report with one counterexample."""
    path = tmp_path / "one report.json"
    write_json(report(failing("RELU-2"), clause("RELU-1"), target="mutant:relu-leaky"), path)
    return path


def test_the_only_counterexample_is_replayed(one: Path) -> None:
    """And printed as the check prints it, with the command that does it again."""
    result = replay(str(one))
    assert result.exit_code == 1
    assert result.stdout.splitlines() == [
        f"nnfs-spec 0.1.0, specification 2.0: mutant:relu-leaky, the counterexample of RELU-2 in {one}",
        "",
        "RELU-2 fail: Never negative",
        "  inputs = np.array([[-1.0]], dtype=np.float32)",
        "  relu(inputs)",
        "  got       [[-0.01]] (float32)",
        "  expected  [[0.0]]",
        "  rule      entries of at least 0",
        "  row       row 0: max(0, -1.0) = 0.0",
        f"  repeat    nnfs-spec replay '{one}' RELU-2 --target mutant:relu-leaky",
        "",
        "mutant:relu-leaky: RELU-2 does not hold for this input",
    ]


def test_a_counterexample_can_be_tried_on_another_target(one: Path, tmp_path: Path) -> None:
    """0 where the clause holds, 3 where it cannot be tried."""
    mended = replay(str(one), "relu-2", "--target", "reference")
    assert (mended.exit_code, mended.stdout.splitlines()[-1]) == (0, "reference: RELU-2 holds for this input")
    path = tmp_path / "other.py"
    path.write_text("def softmax(inputs): return inputs", encoding="utf-8")
    other = replay(str(one), "--target", str(path))
    assert (other.exit_code, other.stdout.splitlines()[2:]) == (
        3,
        [f"{path}: an operation that RELU-2 needs is missing"],
    )
    missing = replay(str(one), "--target", "none.py")
    assert (missing.exit_code, missing.stdout) == (3, "")
    assert missing.stderr == ("nnfs-spec: none.py: FileNotFoundError: [Errno 2] No such file or directory: 'none.py'\n")


def test_an_input_of_which_the_clause_says_nothing_is_told(tmp_path: Path) -> None:
    """It neither holds nor fails."""
    path = tmp_path / "report.json"
    write_json(report(failing("RELU-3", LEAKY), target="reference"), path)
    result = replay(str(path))
    assert (result.exit_code, result.stdout.splitlines()[-1]) == (3, "reference: RELU-3 says nothing of this input")


def test_wrong_use_of_replay_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With exit code 2, and what could be meant."""
    monkeypatch.chdir(tmp_path)
    write_json(report(failing("RELU-2"), failing("RELU-5", SHOUTING)), Path("two.json"))
    write_json(report(clause("RELU-2")), Path("none.json"))
    huge = Counterexample("relu", {"inputs": np.ones((1001, 1000))}, None, None, None, "m")
    write_json(report(failing("RELU-2", huge)), Path("huge.json"))
    Path("bad.json").write_text("[]", encoding="utf-8")
    Path("bytes.json").write_bytes(b"\xff")
    shifted = Counterexample("relu", {"inputs": np.ones(3)}, None, None, None, "m")
    write_json(report(failing("RELU-2", shifted)), Path("shifted.json"))
    for arguments, message in (
        (["two.json"], "two.json: name the clause; those with a counterexample are: RELU-2, RELU-5"),
        (["none.json"], "none.json: name the clause; those with a counterexample are: none"),
        (["two.json", "RELU-1"], "two.json: there is no counterexample for RELU-1; those with one are: RELU-2, RELU-5"),
        (
            ["two.json", "NONE-1"],
            "Invalid value for '[CLAUSE]': there is no clause 'NONE-1'; nnfs-spec clauses lists them",
        ),
        (["huge.json"], "huge.json: the report leaves out the inputs of RELU-2, since they are too large"),
        (["bad.json"], "bad.json: the report is [] but must be an object"),
        (
            ["bytes.json"],
            "bytes.json: this cannot be read: 'utf-8' codec can't decode byte 0xff in position 0: invalid start byte",
        ),
        (
            ["shifted.json"],
            "shifted.json: the inputs of relu (inputs: float64 of shape (3,)) lie in no domain of RELU-2",
        ),
        (["no.json"], "Invalid value for 'FILE': File 'no.json' does not exist."),
        (["two.json", "RELU-2", "--feed"], "--feed is for executables, as in exec:./port"),
    ):
        result = replay(*arguments)
        assert (result.exit_code, result.stdout) == (2, "")
        assert result.stderr.splitlines()[-1] == f"Error: {message}"


def test_a_report_of_a_newer_specification_may_have_clauses_that_this_one_lacks(tmp_path: Path) -> None:
    """They cannot be replayed."""
    path = tmp_path / "new.json"
    write_json(report(failing("NEW-1")), path)
    result = replay(str(path))
    assert result.exit_code == 2
    assert result.stderr.splitlines()[-1] == f"Error: {path}: NEW-1 is no clause of this specification"


def test_the_check_names_the_command_that_replays(tmp_path: Path) -> None:
    """Where it wrote a report."""
    path = tmp_path / "report.json"
    options = ("--clause", "RELU-2", "--budget", "quick", "--json", str(path))
    checked = CliRunner().invoke(main, ("check", "mutant:relu-leaky", *options))
    assert f"  or        nnfs-spec replay {path} RELU-2" in checked.stdout.splitlines()
    assert replay(str(path), "RELU-2").exit_code == 1
