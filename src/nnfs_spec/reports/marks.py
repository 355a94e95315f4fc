"""The marks of a class: a table, a page and a file for Gradescope for each student, and a page for the teacher."""

import csv
import hashlib
import json
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from io import StringIO
from itertools import groupby

from nnfs_spec.clauses import all_clauses
from nnfs_spec.reports.escaping import inline
from nnfs_spec.reports.html import TONES, template
from nnfs_spec.reports.wording import KIT, LEGEND, SQUARES

MOST_MISTAKES = 20
FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""How a cell begins that a spreadsheet would compute."""


@dataclass(frozen=True)
class Tried:
    """How a clause fared, and what happened where it does not hold."""

    status: str
    why: str


@dataclass(frozen=True)
class Lost:
    """Points that a clause cost, and why."""

    clause: str
    points: Fraction
    why: str


@dataclass(frozen=True)
class Marks:
    """The points ``earned`` and those there are, by chapter; what was ``lost``; and what each clause is worth."""

    earned: Mapping[str, Fraction]
    out_of: Mapping[str, Fraction]
    lost: tuple[Lost, ...]
    worth: Mapping[str, Fraction]

    @property
    def total(self) -> Fraction:
        """All points that were earned."""
        return sum(self.earned.values(), Fraction(0))

    @property
    def most(self) -> Fraction:
        """All points that there are."""
        return sum(self.out_of.values(), Fraction(0))


@dataclass(frozen=True)
class Row:
    """What the teacher is told of one student.

    ``mistakes`` are the known mistakes that explain failures, ``alike`` is the same for two students whose failures
    are identical to the bit, and empty where there are none. ``skipped`` says of files why they are left out.
    """

    student: str
    target: str
    status: str
    remark: str
    marks: Marks
    tried: Mapping[str, Tried]
    mistakes: tuple[str, ...]
    alike: str
    skipped: tuple[tuple[str, str], ...]


def chapter_of(clause: str) -> str:
    """Return the chapter of a clause, as in SOFTMAX for SOFTMAX-3."""
    return clause.partition("-")[0]


def shown(points: Fraction) -> str:
    """Return points with at most two decimals."""
    return f"{float(points):.2f}".rstrip("0").rstrip(".")


def cell(text: str) -> str:
    """Return ``text`` for a cell of a table: on one line, and never a formula."""
    told = inline(text)
    return f"'{told}" if told.startswith(FORMULA) else told


def to_csv(rows: Sequence[Row], chapters: Iterable[str]) -> str:
    """Return the table of marks: a row for each student, a column for each chapter that gives points."""
    named = list(chapters)
    file = StringIO()
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(["student", "submission", "status", "marks", "out of", *named, "remark"])
    for row in rows:
        points = [shown(row.marks.earned[chapter]) for chapter in named]
        told = [cell(text) for text in (row.student, row.target, row.status)]
        writer.writerow([*told, shown(row.marks.total), shown(row.marks.most), *points, cell(row.remark)])
    return file.getvalue()


def to_gradescope(row: Row) -> str:
    """Return the result in the form of Gradescope's results.json: a test for each clause that gives points."""
    lost = {one.clause: one for one in row.marks.lost}
    tests = [
        {
            "name": f"{id}: {all_clauses()[id].title}",
            "score": round(float(worth - (lost[id].points if id in lost else 0)), 4),
            "max_score": round(float(worth), 4),
            "status": "failed" if id in lost else "passed",
            "output": inline(lost[id].why) if id in lost else "",
            "visibility": "visible",
        }
        for id, worth in row.marks.worth.items()
        if worth
    ]
    told = {"score": round(float(row.marks.total), 4), "output": inline(row.remark), "visibility": "visible"}
    return json.dumps({**told, "tests": tests}, indent=2, allow_nan=False) + "\n"


def feedback_page(row: Row, fragment: str) -> str:
    """Return the page for one student: the marks, how each point was lost, then the report as an HTML ``fragment``."""
    return template("feedback.html.j2").render(
        row=row,
        chapters=[(name, shown(row.marks.earned[name]), shown(most)) for name, most in row.marks.out_of.items()],
        lost=[(one.clause, shown(one.points), all_clauses()[one.clause].title, one.why) for one in row.marks.lost],
        total=shown(row.marks.total),
        most=shown(row.marks.most),
        fragment=fragment,
        kit=KIT,
    )


def class_page(rows: Sequence[Row], hidden: Sequence[tuple[str, str]], left: int) -> str:
    """Return the page for the teacher. ``hidden`` are entries of the folder that belong to nobody, ``left`` counts
    the submissions that are not checked yet.
    """
    columns = list(dict.fromkeys(id for row in rows for id in row.tried))
    failing = Counter(id for row in rows for id, one in row.tried.items() if TONES_OF.get(one.status) == "bad")
    return template("class.html.j2").render(
        rows=[(row, shown(row.marks.total), shown(row.marks.most), _runs(row, columns)) for row in rows],
        statuses=sorted(Counter(row.status for row in rows).items()),
        columns=[(name, len(list(ids))) for name, ids in groupby(columns, chapter_of)],
        mistakes=Counter(one for row in rows for one in row.mistakes).most_common(MOST_MISTAKES),
        failing=[(id, all_clauses()[id].title, count) for id, count in failing.most_common(MOST_MISTAKES)],
        groups=identical(rows),
        skipped=[(row.student, name, why) for row in rows for name, why in row.skipped],
        hidden=hidden,
        left=left,
        legend=LEGEND,
        kit=KIT,
        page_of=page_of,
    )


def identical(rows: Iterable[Row]) -> list[list[str]]:
    """Return the groups of students whose failures are identical to the bit, the largest first."""
    groups: dict[str, list[str]] = {}
    for row in rows:
        if row.alike:
            groups.setdefault(row.alike, []).append(row.student)
    return sorted((group for group in groups.values() if len(group) > 1), key=lambda group: (-len(group), group))


def page_of(student: str) -> str:
    """Return a name for the files of a student that is safe in a path and in a link, and no other student's."""
    plain = re.sub(r"[^A-Za-z0-9_-]+", "_", student)[:60]
    digest = hashlib.sha256(student.encode("utf-8", "surrogatepass")).hexdigest()
    return plain if plain and plain == student else f"{plain}-{digest[:8]}"


TONES_OF: Mapping[str, str] = {str(status): tone for status, tone in TONES.items()}
SQUARES_OF: Mapping[str, str] = {str(status): square for status, square in SQUARES.items()}


def _runs(row: Row, columns: Sequence[str]) -> list[tuple[str, str]]:
    """Return the squares of a student in the order of ``columns``, as runs of one colour."""
    statuses = [row.tried[id].status if id in row.tried else "" for id in columns]
    squares = [(TONES_OF.get(status, "none"), SQUARES_OF.get(status, " ")) for status in statuses]
    return [(tone, "".join(square for _, square in run)) for tone, run in groupby(squares, lambda pair: pair[0])]
