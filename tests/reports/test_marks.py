"""The marks of a class in every form; no name and no remark of a student can do harm in any of them."""

import csv
import json
from fractions import Fraction
from io import StringIO

import pytest

from nnfs_spec.reports.marks import (
    Lost,
    Marks,
    Row,
    Tried,
    cell,
    class_page,
    feedback_page,
    identical,
    page_of,
    shown,
    to_csv,
    to_gradescope,
)
from tests.tools.handmade import HOSTILE

WORTH = {"RELU-1": Fraction(0), "RELU-2": Fraction(1, 3), "SOFTMAX-1": Fraction(2)}
MARKS = Marks(
    {"RELU": Fraction(0), "SOFTMAX": Fraction(2)},
    {"RELU": Fraction(1, 3), "SOFTMAX": Fraction(2)},
    (Lost("RELU-2", Fraction(1, 3), "it leaks"),),
    WORTH,
)


def row(student: str = "alice", remark: str = "", alike: str = "", status: str = "nonconformant") -> Row:
    """Return the row of a student whose ReLU leaks."""
    tried = {"RELU-2": Tried("fail", "it leaks"), "SOFTMAX-1": Tried("pass", "")}
    return Row(student, "net.py", status, remark, MARKS, tried, ("a slope",), alike, (("a.pdf", "it is no Python"),))


@pytest.mark.parametrize(("points", "text"), [(Fraction(1, 3), "0.33"), (Fraction(2), "2"), (Fraction(5, 2), "2.5")])
def test_points_have_two_decimals_at_most(points: Fraction, text: str) -> None:
    assert shown(points) == text


def test_the_table_has_a_row_for_each_student() -> None:
    lines = list(csv.reader(StringIO(to_csv([row(), row("bob", remark="never answered")], ["RELU", "SOFTMAX"]))))
    assert lines == [
        ["student", "submission", "status", "marks", "out of", "RELU", "SOFTMAX", "remark"],
        ["alice", "net.py", "nonconformant", "2", "2.33", "0", "2", ""],
        ["bob", "net.py", "nonconformant", "2", "2.33", "0", "2", "never answered"],
    ]


@pytest.mark.parametrize("sign", ["=", "+", "-", "@", "\t", "\r"])
def test_no_cell_is_a_formula(sign: str) -> None:
    assert not cell(f"{sign}cmd|' /C calc'!A0").startswith(("=", "+", "-", "@", "\t", "\r"))
    assert cell("a-b=c") == "a-b=c"


def test_gradescope_shows_a_test_for_each_clause_with_points() -> None:
    told = json.loads(to_gradescope(row(remark="oh")))
    assert (told["score"], told["output"], told["visibility"]) == (2.0, "oh", "visible")
    assert [(one["score"], one["max_score"], one["status"], one["output"]) for one in told["tests"]] == [
        (0.0, 0.3333, "failed", "it leaks"),
        (2.0, 2.0, "passed", ""),
    ]
    assert told["tests"][0]["name"].startswith("RELU-2: ")
    assert {one["visibility"] for one in told["tests"]} == {"visible"}


def test_feedback_says_how_each_point_was_lost() -> None:
    page = feedback_page(row(remark="oh"), "<b>the report</b>")
    for text in (
        "alice: 2 of 2.33 points",
        "nonconformant; oh",
        "it leaks",
        "&minus;0.33",
        "<b>the report</b>",
        "a.pdf",
    ):
        assert text in page


def test_feedback_is_short_where_nothing_was_lost() -> None:
    perfect = Marks({"RELU": Fraction(1)}, {"RELU": Fraction(1)}, (), {"RELU-2": Fraction(1)})
    page = feedback_page(Row("a", "a.py", "conformant", "", perfect, {}, (), "", ()), "")
    assert "lost" not in page
    assert "not checked" not in page


def test_the_class_is_seen_on_one_page() -> None:
    """Also a student of whom nothing is known; those whose failures are identical are candidates, and no more."""
    unknown = Row("carol", "", "not checked", "never answered", MARKS, {}, (), "", ())
    page = class_page([row(alike="x"), row("bob", alike="x"), unknown], [(".git", "hidden")], 3)
    for text in (
        "2 nonconformant, 1 not checked; 3 still to check",
        '<span class="bad">✗</span><span class="good">■</span>',
        '<span class="none">  </span>',
        "2 &times; a slope",
        "2 &times; RELU-2",
        "Candidates for a closer look",
        "<li>alice, bob</li>",
        "a.pdf",
        ".git",
        'href="students/alice.html"',
    ):
        assert text in page


def test_an_empty_class_has_a_page() -> None:
    page = class_page([], [], 0)
    assert "Marks of 0 submissions" in page
    for heading in ("mistakes", "fail most", "identical", "not checked"):
        assert heading not in page


def test_who_fails_alike_stands_together() -> None:
    rows = [row("d", alike="y"), row("a", alike="x"), row("b", alike="x"), row("c"), row("e", alike="y"), row("f")]
    assert identical([*rows, row("g", alike="z")]) == [["a", "b"], ["d", "e"]]


def test_no_text_of_a_student_leaves_its_place() -> None:
    """Neither a name nor a remark nor a reason."""
    hostile = Row(
        HOSTILE,
        HOSTILE,
        "error",
        HOSTILE,
        MARKS,
        {"RELU-2": Tried("fail", HOSTILE)},
        (HOSTILE,),
        "",
        ((HOSTILE, HOSTILE),),
    )
    texts = [
        feedback_page(hostile, ""),
        class_page([hostile], [(HOSTILE, HOSTILE)], 0),
        to_csv([hostile], ["RELU"]),
        to_gradescope(hostile),
    ]
    for text in texts:
        text.encode()
        assert "\x1b" not in text
    assert "<b>" not in texts[0] + texts[1]
    assert texts[2].count("\n") == 2


@pytest.mark.parametrize("student", ["../../etc/passwd", "a b", "é", "a/b", "", "x" * 300, "a.b"])
def test_the_files_of_a_student_have_safe_names(student: str) -> None:
    name = page_of(student)
    assert name.replace("-", "").replace("_", "").isalnum()
    assert len(name) < 80
    assert name != page_of(student + " ")
    assert page_of("alice-1") == "alice-1"
