"""A rubric: what each clause is worth, and errors that say what is wrong and where."""

import json
import tomllib
from fractions import Fraction
from pathlib import Path

import jsonschema
import pytest

from nnfs_spec.clauses import all_clauses, spec_folder
from nnfs_spec.grading.rubric import CHAPTERS, read_rubric, usual_rubric
from nnfs_spec.reports.marks import Tried, chapter_of
from nnfs_spec.subject.operations import OPERATIONS
from nnfs_spec.support.json_input import ReadingError

GOOD = """
format = 1
blocked = 0.5
whole = ["ACC"]

[chapters]
RELU = 12
ACC = 3.5

[clauses]
RELU-2 = 0.1
"""


def rubric_file(folder: Path, text: str) -> Path:
    """Write a rubric."""
    path = folder / "rubric.toml"
    path.write_text(text, encoding="utf-8")
    return path


def keeps_to_schema(text: str) -> bool:
    """Tell whether a rubric keeps to its schema."""
    schema = json.loads((spec_folder() / "schemas" / "rubric.json").read_text(encoding="utf-8"))
    try:
        jsonschema.validate(tomllib.loads(text), schema)
    except jsonschema.ValidationError:
        return False
    return True


def test_a_chapter_is_shared_by_its_clauses(tmp_path: Path) -> None:
    """Those with points of their own get none of it, and numbers mean what is written."""
    assert keeps_to_schema(GOOD)
    rubric = read_rubric(rubric_file(tmp_path, GOOD))
    must = [id for id, one in all_clauses().items() if chapter_of(id) == "RELU" and one.level == "MUST"]
    assert rubric.points["RELU-2"] == Fraction(1, 10)
    assert {rubric.points[id] for id in must if id != "RELU-2"} == {Fraction(12, len(must) - 1)}
    marks = rubric.marks({id: Tried("pass", "") for id in rubric.points}, "")
    assert marks.total == marks.most == Fraction(12) + Fraction(7, 2) + Fraction(1, 10)


def test_it_is_told_how_each_point_was_lost(tmp_path: Path) -> None:
    """A blocked clause keeps its share; a chapter of all or nothing keeps nothing."""
    rubric = read_rubric(rubric_file(tmp_path, GOOD))
    tried = {id: Tried("pass", "") for id in rubric.points}
    tried |= {"RELU-2": Tried("fail", "it leaks"), "RELU-3": Tried("blocked", "blocked by RELU-2")}
    tried |= {"ACC-1": Tried("blocked", "blocked by ACC-2")}
    marks = rubric.marks(tried, "")
    reasons = {one.clause: (one.points, one.why) for one in marks.lost}
    assert reasons["RELU-2"] == (Fraction(1, 10), "it leaks")
    assert reasons["RELU-3"] == (rubric.points["RELU-3"] / 2, "blocked by RELU-2")
    assert reasons["ACC-1"] == (rubric.points["ACC-1"], "blocked by ACC-2")
    assert reasons["ACC-2"] == (rubric.points["ACC-2"], "ACC gives all its points or none")
    assert marks.earned["ACC"] == 0
    assert marks.most - marks.total == sum(one.points for one in marks.lost)


def test_a_submission_that_was_not_checked_loses_all_for_one_reason() -> None:
    marks = usual_rubric(["relu"]).marks({}, "never answered")
    assert (int(marks.total), int(marks.most)) == (0, 20)
    assert {one.why for one in marks.lost} == {"never answered"}


def test_without_a_rubric_each_chapter_gives_ten_points() -> None:
    """Of the operations that are required, or of a usual course, or of the clauses that are checked."""
    assert usual_rubric().marks({}, "").most == 60
    assert set(map(chapter_of, usual_rubric(["dense", "layer"]).points)) == {"GEN", "DENSE"}
    assert usual_rubric((), ["RELU-2", "SOFTMAX-1"]).points == {"RELU-2": 10, "SOFTMAX-1": 10}


def test_every_operation_has_a_chapter() -> None:
    assert CHAPTERS.keys() == OPERATIONS.keys()
    assert set(CHAPTERS.values()) <= {chapter_of(id) for id in all_clauses()}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a = ", "this is no TOML: Invalid value (at end of document)"),
        ("", "the rubric has no format"),
        ("format = 2", "format is 2 but must be 1"),
        ("format = 1\npoints = 3", "the rubric has the unknown field 'points'"),
        ("format = 1\nchapters = 3", "chapters is 3 but must be an object"),
        (
            "format = 1\n[chapters]\nRELUS = 1",
            "chapters has the key 'RELUS', which is not a chapter; nnfs-spec clauses lists them",
        ),
        (
            "format = 1\n[clauses]\nRELU_9 = 1",
            "clauses has the key 'RELU_9', which is not a clause; nnfs-spec clauses lists them",
        ),
        ("format = 1\n[chapters]\nRELU = -1", "chapters.RELU is -1 but must be a number from 0 to 1000000"),
        ("format = 1\n[chapters]\nRELU = true", "chapters.RELU is True but must be a number from 0 to 1000000"),
        ("format = 1\n[chapters]\nRELU = nan", "chapters.RELU is nan but must be a number from 0 to 1000000"),
        ("format = 1\nblocked = 2\n[chapters]\nRELU = 1", "blocked is 2 but must be a number from 0 to 1"),
        (
            "format = 1\nwhole = ['ACC']\n[chapters]\nRELU = 1",
            "whole[0] is 'ACC' but must be a chapter that has points",
        ),
        ("format = 1", "the rubric gives no points"),
    ],
)
def test_an_error_says_what_is_wrong_and_where(text: str, message: str, tmp_path: Path) -> None:
    with pytest.raises(ReadingError) as caught:
        read_rubric(rubric_file(tmp_path, text))
    assert str(caught.value) == message


def test_points_that_no_clause_can_take_are_refused(tmp_path: Path) -> None:
    must = [id for id, one in all_clauses().items() if chapter_of(id) == "RELU" and one.level == "MUST"]
    text = "format = 1\n[chapters]\nRELU = 1\n[clauses]\n" + "".join(f"{id} = 1\n" for id in must)
    with pytest.raises(
        ReadingError, match=r"chapters\.RELU has points, but no MUST clause of it is left to share them"
    ):
        read_rubric(rubric_file(tmp_path, text))


@pytest.mark.parametrize("text", ["format = 2", "format = 1\nblocked = 2", "format = 1\n[chapters]\nRELU = -1"])
def test_the_schema_refuses_what_the_reader_refuses(text: str) -> None:
    assert not keeps_to_schema(text)
