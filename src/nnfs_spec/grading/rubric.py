"""How many points each clause is worth: a short TOML, with the schema in spec/schemas/rubric.json.

``format = 1``; ``[chapters]`` gives points to a chapter, which its MUST clauses share alike; ``[clauses]`` gives a
clause points of its own. A clause that is blocked, since another one fails, keeps the share ``blocked`` of its points.
The chapters in ``whole`` give all their points or none.
"""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from nnfs_spec.clauses import all_clauses
from nnfs_spec.reports.marks import Lost, Marks, Tried, chapter_of
from nnfs_spec.subject.operations import Operation
from nnfs_spec.support.json_input import ReadingError, a_form, a_text, an_object, read_text, refusal, short, texts

FORMAT = 1
KEYS = ("chapters", "clauses", "blocked", "whole")
CHAPTER_POINTS = Fraction(10)

CHAPTERS: Mapping[Operation, str] = {
    "dense": "DENSE",
    "layer": "DENSE",
    "relu": "RELU",
    "softmax": "SOFTMAX",
    "sample_losses": "LOSS",
    "loss": "LOSS",
    "accuracy": "ACC",
    "spiral_data": "DATA",
    "stream": "STREAM",
}
"""The chapter of every operation."""

USUAL: tuple[Operation, ...] = ("dense", "relu", "softmax", "loss", "accuracy")
"""The operations that a course asks for, where nobody says which."""

KEPT = ("pass", "expected-fail")


@dataclass(frozen=True)
class Rubric:
    """The points of every clause that has any, what a blocked clause keeps, and the chapters that are all or nothing.

    A clause that is worth nothing can still cost a chapter of ``whole`` its points.
    """

    points: Mapping[str, Fraction]
    blocked: Fraction = Fraction(0)
    whole: frozenset[str] = frozenset()

    def marks(self, tried: Mapping[str, Tried], otherwise: str) -> Marks:
        """Return the points that were earned, and how each other point was lost.

        ``otherwise`` is the reason for a clause of which nothing is known.
        """
        statuses = {id: tried.get(id, Tried("", otherwise)) for id in self.points}
        spoiled = {chapter_of(id) for id, one in statuses.items() if one.status not in KEPT} & self.whole
        earned: dict[str, Fraction] = {}
        out_of: dict[str, Fraction] = {}
        lost: list[Lost] = []
        for id, points in self.points.items():
            chapter, one = chapter_of(id), statuses[id]
            got = points * (one.status in KEPT) + points * self.blocked * (one.status == "blocked")
            why = one.why
            if chapter in spoiled and one.status in KEPT:
                got, why = Fraction(0), f"{chapter} gives all its points or none"
            elif chapter in spoiled:
                got = Fraction(0)
            earned[chapter] = earned.get(chapter, Fraction(0)) + got
            out_of[chapter] = out_of.get(chapter, Fraction(0)) + points
            if got < points:
                lost.append(Lost(id, points - got, why))
        return Marks(earned, out_of, tuple(lost), dict(self.points))


def usual_rubric(require: Sequence[Operation] = (), clauses: Sequence[str] = ()) -> Rubric:
    """Return ten points for GEN and for each chapter of the operations, or for those of the ``clauses`` checked."""
    chapters = {"GEN", *(CHAPTERS[operation] for operation in require or USUAL)}
    checked = set(clauses or all_clauses())
    shared = {chapter: CHAPTER_POINTS for chapter in chapters if _sharing(chapter, checked)}
    return Rubric(_points(shared, {}, checked))


def read_rubric(path: Path) -> Rubric:
    """Return what the file at ``path`` says. Raises ReadingError, which says what is wrong and where."""
    try:
        told = tomllib.loads(read_text(path))
    except (ValueError, RecursionError) as broken:
        raise ReadingError(f"this is no TOML: {broken}") from broken
    form = a_form("the rubric", told, ("format",), KEYS)
    if form["format"] != FORMAT:
        raise ReadingError(f"format is {short(form['format'])} but must be {FORMAT}")
    every = set(all_clauses())
    known = {chapter_of(id) for id in every}
    chapters = _numbers("chapters", form.get("chapters", {}), known, "a chapter")
    clauses = _numbers("clauses", form.get("clauses", {}), every, "a clause")
    whole = texts("whole", form.get("whole", []))
    for i, chapter in enumerate(whole):
        if chapter not in {*chapters, *map(chapter_of, clauses)}:
            raise ReadingError(f"whole[{i}] is {short(chapter)} but must be a chapter that has points")
    for chapter in chapters:
        if set(_sharing(chapter, every)) <= clauses.keys():
            raise ReadingError(f"chapters.{chapter} has points, but no MUST clause of it is left to share them")
    points = _points(chapters, clauses, every)
    if not any(points.values()):
        raise ReadingError("the rubric gives no points")
    return Rubric(points, _number("blocked", form.get("blocked", 0), most=1), frozenset(whole))


def _numbers(place: str, told: object, known: set[str], what: str) -> dict[str, Fraction]:
    numbers: dict[str, Fraction] = {}
    for name, number in an_object(place, told).items():
        if name not in known:
            raise ReadingError(f"{place} has the key {short(name)}, which is not {what}; nnfs-spec clauses lists them")
        numbers[a_text(place, name)] = _number(f"{place}.{name}", number)
    return numbers


def _number(place: str, told: object, most: int = 10**6) -> Fraction:
    if isinstance(told, bool) or not isinstance(told, int | float) or not 0 <= told <= most:
        raise refusal(place, told, f"a number from 0 to {most}")
    return Fraction(str(told))  # 0.1 is a tenth, as it is written


def _points(
    chapters: Mapping[str, Fraction], clauses: Mapping[str, Fraction], checked: set[str]
) -> dict[str, Fraction]:
    """Return the points of each clause, in the order of the specification."""
    points: dict[str, Fraction] = {}
    for id in all_clauses():
        chapter = chapter_of(id)
        sharing = [one for one in _sharing(chapter, checked) if one not in clauses]
        if id in clauses:
            points[id] = clauses[id]
        elif chapter in chapters and id in sharing:
            points[id] = chapters[chapter] / len(sharing)
    return points


def _sharing(chapter: str, checked: set[str]) -> list[str]:
    """Return the clauses that share the points of a chapter."""
    must = [id for id, clause in all_clauses().items() if clause.level == "MUST"]
    return [id for id in must if chapter_of(id) == chapter and id in checked]
