"""Files of answers to the vectors: read strictly, judged by limits alone, written for any target."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import jsonschema
import numpy as np
import pytest
from click.testing import CliRunner, Result

from nnfs_spec.adapters.live import LiveSubject
from nnfs_spec.adapters.load import load
from nnfs_spec.arrays import Array
from nnfs_spec.clauses import spec_folder
from nnfs_spec.cli import main
from nnfs_spec.subject.operations import OPERATIONS
from nnfs_spec.subject.protocol import Account, Breakdown, Call, Lacking, Outcome, Reach
from nnfs_spec.support.json_input import ReadingError
from nnfs_spec.vectors.answers import Error, Given, Results, Unsupported, answers_of, read_answers, write_answers
from nnfs_spec.vectors.export import FORMS
from nnfs_spec.vectors.files import Refused, all_files, all_vectors
from nnfs_spec.vectors.judge import judge

SCHEMA = json.loads((spec_folder() / "schemas" / "answers.json").read_text(encoding="utf-8"))
ONE = "relu-float64-one-row"
GOOD: dict[str, Any] = {"results": [{"shape": [1, 3], "values": [2.0, 0.0, 0.5]}]}


def text_of(**answers: Any) -> str:
    """Return a file with these answers; names have _ for -."""
    return json.dumps({"format": 1, "spec_version": "2.0", "answers": answers})


def one(answer: Any, id: str = ONE) -> str:
    """Return a file with one answer."""
    return text_of(**{id: answer})


def verdict(id: str, given: Given, **others: Given) -> tuple[str, str]:
    """Return what comes of an answer to one case."""
    (judgement,) = judge([all_vectors()[id]], {id: given, **others})
    return judgement.status, judgement.message


def results(*numbers: Any, dtype: str = "float64", typed: bool = True, changed: tuple[str, ...] = ()) -> Results:
    """Return an answer of one array."""
    return Results((np.array(numbers, dtype),), typed, changed)


def test_the_example_of_the_page_is_a_file_of_answers() -> None:
    """By the schema, and by the reader."""
    page = (spec_folder() / "vectors" / "README.md").read_text(encoding="utf-8")
    example = page.partition("```json\n")[2].partition("```")[0]
    jsonschema.validate(json.loads(example), SCHEMA)
    read = read_answers(example)
    assert [judge([all_vectors()[id]], read)[0].status for id in read] == ["pass", "pass", "unsupported"]


def test_what_a_target_answers_survives_its_file() -> None:
    """Bit for bit, words and all."""
    given: dict[str, Given] = {
        ONE: results([np.nan, np.inf, -np.inf], dtype="float32", changed=("arguments[0]",)),
        "relu-float64-nan": Error("ValueError: no"),
        "relu-float64-zeros": Unsupported("no"),
        "loss-float64-course-batch": Results((np.array(1), np.array([True])), True),
    }
    text = write_answers(given)
    jsonschema.validate(json.loads(text), SCHEMA)
    read = read_answers(text)
    assert list(read) == list(given)
    for id, before in given.items():
        after = read[id]
        if isinstance(before, Results):
            assert isinstance(after, Results)
            assert (after.typed, after.changed) == (before.typed, before.changed)
            for a, b in zip(after.arrays, before.arrays, strict=True):
                assert (a.dtype, a.tobytes()) == (b.dtype, b.tobytes())
        else:
            assert after == before


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[]", "the file is [] but must be an object"),
        ("{}", "the file has no format and no spec_version and no answers"),
        (text_of().replace("1,", "2,", 1), "format is 2 but must be 1"),
        (text_of().replace('"2.0"', '"0.9"'), "spec_version is '0.9' but must be 2.0"),
        (one(GOOD, "relu-float64-none"), "answers has 'relu-float64-none', which is the id of no case"),
        (one(1), f"answers['{ONE}'] is 1 but must be an object"),
        (one({}), f"answers['{ONE}'] has no results"),
        (one({"error": 1}), f"answers['{ONE}'].error is 1 but must be text"),
        (one({"error": "", "results": []}), f"answers['{ONE}'] has the unknown field 'results'"),
        (one({"results": []}), f"answers['{ONE}'].results is [] but must be at least one result"),
        (one({"results": [{"shape": [3]}]}), f"answers['{ONE}'].results[0] has no values"),
        (
            one({"results": [{"shape": [3], "values": [1]}]}),
            f"answers['{ONE}'].results[0].values has 1 entries but must have 3",
        ),
        (
            one({"results": [{"shape": [1], "values": ["1"]}]}),
            f"answers['{ONE}'].results[0].values[0] is '1' but must be a value of float64",
        ),
        (one({**GOOD, "changed": [1]}), f"answers['{ONE}'].changed is 1 but must be text"),
    ],
)
def test_a_file_that_holds_no_answers_is_refused(text: str, message: str) -> None:
    """With its place, what stands there, and what must."""
    with pytest.raises(ReadingError) as caught:
        read_answers(text)
    assert str(caught.value) == message


@pytest.mark.parametrize(
    ("id", "given", "status", "message"),
    [
        (ONE, results([2.0, 0.0, 0.5]), "pass", ""),
        (ONE, results([2.0, -0.0, 0.5], dtype="float32"), "pass", ""),
        (ONE, results([2.0, 0.0, 0.6]), "fail", "result[0, 2] is 0.6 but must be 0.5"),
        (ONE, results([np.nan, 0.0, 0.5]), "fail", "result[0, 0] is nan but must be 2.0"),
        (ONE, results(2.0, 0.0, 0.5), "fail", "result has shape (3,) but must have (1, 3)"),
        (ONE, Results((np.zeros(1),) * 2, True), "fail", "gave 2 results but must give 1"),
        (ONE, results([2.0, 0.0, 0.5], changed=("inputs",)), "fail", "changed inputs [GEN-1]"),
        (ONE, Error("no"), "error", "ended in an error: no"),
        (ONE, Unsupported("no"), "unsupported", "no"),
        (
            "softmax-float64-one-row",
            results([0.7310585786300049, 0.25]),
            "fail",
            "result[0, 1] is 0.25 but must lie between 0.2689414213699949 and 0.2689414213699954",
        ),
        ("relu-float32-keeps-dtype", results([0.0, 2.0], dtype="float32"), "pass", ""),
        ("relu-float32-keeps-dtype", results([0.0, 2.0], typed=False), "pass", ""),
        (
            "relu-float32-keeps-dtype",
            results([0.0, 2.0]),
            "fail",
            "result has dtype float64 but must have float32",
        ),
        ("relu-float64-nan", Error(""), "pass", ""),
        ("relu-float64-nan", results([1.0, np.nan, 2.0]), "pass", ""),
        ("relu-float64-nan", results([1.0, 0.0, 2.0]), "fail", "gave [[1.0, 0.0, 2.0]] but must end in an error"),
        ("relu-float64-nan", results(1.0), "fail", "gave [1.0] but must end in an error"),
        (
            "softmax-float64-vector",
            results(*[0.1] * 30),
            "fail",
            f"gave {str([0.1] * 30)[:60]}... but must end in an error",
        ),
        ("loss-float64-one-row", results([0.35667494393873245]), "pass", ""),
    ],
)
def test_an_answer_is_judged_by_its_limits(id: str, given: Given, status: str, message: str) -> None:
    """Shapes, dtypes where they are asked for, errors, changed arguments."""
    assert verdict(id, given) == (status, message)


def test_a_case_must_give_the_bits_of_the_case_it_names() -> None:
    """Where both gave results in one dtype."""
    again, first = "relu-float64-ordinary-again", "relu-float64-ordinary"
    right = answers_of(load("reference"), [all_vectors()[first]])[first]
    assert isinstance(right, Results)
    turned = Results((np.where(right.arrays[0] == 0, -0.0, right.arrays[0]),), True)
    message = f"gave other bits than {first}, on the same arrays"
    assert verdict(again, turned, **{first: right}) == ("fail", message)
    assert verdict(again, turned, **{first: turned}) == ("pass", "")
    assert verdict(again, turned, **{first: Error("")}) == ("pass", "")
    assert verdict(again, turned) == ("pass", "")
    narrow = Results((right.arrays[0].astype(np.float32),), True)
    assert verdict(again, right, **{first: narrow}) == ("pass", "")


def test_a_missing_answer_is_missing() -> None:
    """Neither right nor wrong."""
    (judgement,) = judge([all_vectors()[ONE]], {})
    assert (judgement.status, judgement.message, judgement.bad) == ("missing", "no answer", False)


def in_halves(inputs: Array) -> Array:
    """Return relu in a dtype that no file of answers can have."""
    halves: Array = np.maximum(inputs, 0).astype(np.float16)
    return halves


class Odd:
    """A subject that breaks down at one call, lacks another, and returns what no file can hold at a third."""

    name, operations, reach = "odd", frozenset({"relu"}), Reach()

    def run(self, session: Sequence[Call]) -> Sequence[Outcome]:
        """Return an outcome for each call; a session of several breaks down as a whole."""
        if len(session) > 1:
            return [Breakdown("together")] * len(session)
        (call,) = session
        if call.arguments[0].shape == (1, 3):
            return [Breakdown("alone")]
        if str(call.layout) != "C":
            return [Lacking("one layout")]
        return LiveSubject("halves", {"relu": lambda: in_halves}).run(session)

    def account(self) -> Account:
        """Return nothing."""
        return Account()


def test_what_a_subject_does_is_told_case_by_case() -> None:
    """A session that breaks down is made again one by one; what it lacks is unsupported."""
    ids = [ONE, "relu-float64-ordinary", "relu-float64-fortran-order", "softmax-float64-one-row"]
    given = answers_of(Odd(), [all_vectors()[id] for id in ids])
    assert given == {
        ids[0]: Error("alone"),
        ids[1]: Error("returned dtype float16"),
        ids[2]: Unsupported("one layout"),
        ids[3]: Unsupported("there is no softmax"),
    }


def vectors(*arguments: str) -> Result:
    """Run ``nnfs-spec vectors``."""
    return CliRunner().invoke(main, ("vectors", *arguments))


def test_a_target_answers_and_its_answers_are_verified(tmp_path: Path) -> None:
    """From the one command to the other."""
    path = tmp_path / "answers.json"
    answered = vectors("answer", "reference", str(path))
    assert (answered.exit_code, answered.stdout) == (
        0,
        f"{path}: answers to {len(all_vectors())} cases; nnfs-spec vectors verify checks them\n",
    )
    jsonschema.validate(json.loads(path.read_text(encoding="utf-8")), SCHEMA)
    verified = vectors("verify", str(path), "--level", "should")
    assert verified.exit_code == 0
    assert verified.stdout.splitlines()[-1] == f"{path}: conformant; {len(all_vectors())} pass"


def test_wrong_answers_are_shown_with_what_they_tell(tmp_path: Path) -> None:
    """The case, its clauses, the entry and its limits, and what the flag stands for."""
    path = tmp_path / "answers.json"
    path.write_text(
        one({"results": [{"shape": [1, 3], "values": [0.0, 0.0, 2.0]}]}, "relu-float64-zeros"), encoding="utf-8"
    )
    result = vectors("verify", str(path))
    assert result.exit_code == 1
    lines = result.stdout.splitlines()
    assert lines[0] == f"nnfs-spec 0.1.0, specification 2.0: {path}, the test vectors"
    assert lines[2].split() == ["file", "cases", "pass", "fail", "error", "unsupported", "missing"]
    assert lines[3].split() == ["relu-float64", "22", "0", "1", "0", "0", "21"]
    assert "relu-float64-zeros fail: RELU-1 RELU-6 (zero)" in lines
    assert "  result[0, 2] is 2.0 but must be 1.0" in lines
    assert "relu-float64: 21 cases have no answer, such as relu-float64-course-batch" in lines
    assert "zero: Zero that counts as active. A silent neuron is not silent." in lines
    assert lines[-1] == f"{path}: nonconformant; 1 fail, 21 missing"


@pytest.mark.parametrize(
    ("wrong", "level", "code"),
    [
        ({}, "must", 0),
        ({"relu-float64-no-rows": {"error": ""}}, "must", 0),
        ({"relu-float64-no-rows": {"error": ""}}, "should", 1),
        ({ONE: {"error": ""}}, "must", 1),
        ({ONE: {"unsupported": ""}}, "must", 0),
        ({ONE: None}, "must", 3),
    ],
)
def test_the_exit_code_tells_the_verdict(wrong: dict[str, Any], level: str, code: int, tmp_path: Path) -> None:
    """Advice counts only where it is asked for; what is answered in part is not conformant."""
    file = next(file for file in all_files() if file.name == "relu-float64")
    told = json.loads(write_answers(answers_of(load("reference"), file.vectors)))
    told["answers"] = {id: answer for id, answer in (told["answers"] | wrong).items() if answer is not None}
    path = tmp_path / "answers.json"
    path.write_text(json.dumps(told), encoding="utf-8")
    assert vectors("verify", str(path), "--level", level).exit_code == code


def test_answers_to_nothing_are_no_pass(tmp_path: Path) -> None:
    """Nothing was checked."""
    path = tmp_path / "answers.json"
    path.write_text(text_of(), encoding="utf-8")
    result = vectors("verify", str(path))
    assert (result.exit_code, result.stdout.splitlines()[-1]) == (3, f"{path}: error; nothing is answered")


def test_wrong_use_of_vectors_is_told(tmp_path: Path) -> None:
    """With exit code 2, or 3 where the target cannot be loaded; nothing is written."""
    path = tmp_path / "bad.json"
    path.write_bytes(b"\xff")
    bad = vectors("verify", str(path))
    assert bad.exit_code == 2
    assert f"Error: {path}: this cannot be read: 'utf-8' codec can't decode byte 0xff in position 0" in bad.stderr
    path.write_text("[]", encoding="utf-8")
    assert f"Error: {path}: the file is [] but must be an object" in vectors("verify", str(path)).stderr
    answers = tmp_path / "answers.json"
    missing = vectors("answer", "none.py", str(answers))
    assert (missing.exit_code, answers.exists()) == (3, False)
    assert missing.stderr.startswith("nnfs-spec: none.py: FileNotFoundError")


@pytest.mark.parametrize("form", FORMS)
def test_the_vectors_are_exported(form: str, tmp_path: Path) -> None:
    """A file for each, into a folder that is made."""
    folder = tmp_path / "new" / "folder"
    result = vectors("export", str(folder), "--form", form)
    assert result.exit_code == 0
    names = [folder / f"{file.name}.{form}" for file in all_files()]
    assert result.stdout.splitlines() == [str(path) for path in names]
    assert sorted(folder.iterdir()) == sorted(names)


def test_exported_json_is_the_file_itself() -> None:
    """Byte for byte."""
    for file in all_files():
        assert FORMS["json"](file) == (spec_folder() / "vectors" / f"{file.name}.json").read_bytes()


def test_exported_csv_has_a_line_for_each_entry() -> None:
    """With its bits and limits, and one for each error."""
    (file,) = (file for file in all_files() if file.name == "relu-float32")
    lines = FORMS["csv"](file).decode("utf-8").splitlines()
    assert lines[0] == "case,level,clauses,part,name,dtype,shape,index,value,bits,low,high"
    assert "relu-float32-zeros,MUST,RELU-1 RELU-6,argument,inputs,float32,1 3,1,-0.0,80000000,," in lines
    assert "relu-float32-zeros,MUST,RELU-1 RELU-6,result,result,float32,1 3,2,1.0,3f800000,1.0,1.0" in lines
    assert "relu-float32-nan,SHOULD,GEN-6,error,value,,,1,,,," in lines
    arguments = sum(vector.arguments[0].size for vector in file.vectors)
    expected = [vector.expected for vector in file.vectors]
    entries = sum(1 if isinstance(one, Refused) else one[0].values.size for one in expected)
    assert len(lines) == 1 + arguments + entries


def test_exported_npz_holds_arrays_and_no_pickles(tmp_path: Path) -> None:
    """Arguments, values and limits, under the id of the case."""
    for file in all_files():
        path = tmp_path / "file.npz"
        path.write_bytes(FORMS["npz"](file))
        with np.load(path) as archive:
            for vector in file.vectors:
                arguments = [archive[f"{vector.id}/{name}"] for name in OPERATIONS[vector.operation].argument_names]
                pairs = zip(arguments, vector.arguments, strict=True)
                assert all(one.tobytes() == other.tobytes() for one, other in pairs)
                if not isinstance(vector.expected, Refused):
                    for part in vector.expected:
                        assert np.array_equal(archive[f"{vector.id}/{part.name}/low"], part.low)
                        assert np.array_equal(archive[f"{vector.id}/{part.name}/high"], part.high)
