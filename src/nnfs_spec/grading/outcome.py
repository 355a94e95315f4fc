"""What grading leaves in a folder: records, from which it goes on, and marks, pages and tables made from these."""

import json
import time
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path

from nnfs_spec.engine.options import CheckOptions
from nnfs_spec.grading.record import Record
from nnfs_spec.grading.rubric import Rubric
from nnfs_spec.reports.marks import Row, Tried, chapter_of, class_page, feedback_page, page_of, to_csv, to_gradescope
from nnfs_spec.support.files import write_whole
from nnfs_spec.support.json_input import ReadingError, a_count, a_form, a_list, a_text, an_object, parsed, read_text

FORMAT = 1
MANIFEST = "class.json"
REST = 10
"""How many times longer than the last writing of the tables nothing is written, so that grading stays quick."""


class MergeError(Exception):
    """Two results do not belong to one class."""


@dataclass(frozen=True)
class Manifest:
    """Which record belongs to which student; how many submissions are ``left``; and the entries that are nobody's.

    ``asked`` is what all submissions were checked with, as text.
    """

    asked: str
    records: dict[str, str] = field(default_factory=dict[str, str])
    hidden: tuple[tuple[str, str], ...] = ()
    left: int = 0

    def merged(self, other: "Manifest") -> "Manifest":
        """Return the manifest of both, which is the same in any order and grouping. Raises MergeError."""
        if other.asked != self.asked:
            raise MergeError(f"one result was checked with {self.asked}, another with {other.asked}")
        both = sorted(self.records.keys() & other.records.keys())
        if changed := [name for name in both if self.records[name] != other.records[name]]:
            raise MergeError(f"two results have different submissions of {changed[0]}")
        records = dict(sorted({**self.records, **other.records}.items()))
        return Manifest(self.asked, records, tuple(sorted({*self.hidden, *other.hidden})), self.left + other.left)

    def to_text(self) -> str:
        """Return the manifest as JSON."""
        told = {"asked": self.asked, "records": self.records, "hidden": self.hidden, "left": self.left}
        return json.dumps({"format": FORMAT, **told}, indent=2) + "\n"

    @classmethod
    def read(cls, folder: Path) -> "Manifest":
        """Return the manifest of a result. Raises ReadingError."""
        form = a_form(MANIFEST, parsed(read_text(folder / MANIFEST)), ("format", "asked", "records", "hidden", "left"))
        if form["format"] != FORMAT:
            raise ReadingError(f"{MANIFEST} has format {form['format']} but must have {FORMAT}")
        records = {name: a_text(f"records.{name}", key) for name, key in an_object("records", form["records"]).items()}
        pairs = [a_list("hidden", one) for one in a_list("hidden", form["hidden"])]
        hidden = tuple([(a_text("hidden", name), a_text("hidden", why)) for name, why in pairs])
        return cls(a_text("asked", form["asked"]), records, hidden, a_count("left", form["left"]))


def asked_of(options: CheckOptions) -> str:
    """Return what a class is checked with, as text."""
    return json.dumps(options.to_dict(), sort_keys=True)


class Outcome:
    """The folder ``out`` of a class, with the marks by ``rubric``. Every file in it is whole, whenever it is read."""

    def __init__(self, out: Path, rubric: Rubric, manifest: Manifest) -> None:
        self._out = out
        self._rubric = rubric
        self.manifest = manifest
        self._rows: dict[str, Row] = {}
        self._next = 0.0
        for name in ("records", "students", "gradescope"):
            (out / name).mkdir(parents=True, exist_ok=True)

    @property
    def rows(self) -> tuple[Row, ...]:
        """What the tables say of each student, by name."""
        return tuple(self._rows[student] for student in sorted(self._rows))

    def known(self, key: str) -> Record | None:
        """Return the record that an earlier run left, if it can be read."""
        return known_record(self._out, key)

    def keep(self, record: Record, key: str) -> Row:
        """Write a new record, from which grading goes on, and all that is made of it."""
        write_whole(_place(self._out, key), record.to_text())
        return self.add(record, key)

    def add(self, record: Record, key: str) -> Row:
        """Write all that is made of a record, and the tables now and then. Return what the tables say."""
        row = Row(
            record.student,
            record.target,
            record.status,
            record.remark,
            self._rubric.marks(record.tried, record.remark),
            record.tried,
            record.mistakes,
            record.alike,
            record.skipped,
        )
        page = page_of(record.student)
        (self._out / "gradescope" / page).mkdir(exist_ok=True)
        write_whole(self._out / "gradescope" / page / "results.json", to_gradescope(row))
        write_whole(self._out / "students" / f"{page}.html", feedback_page(row, record.page))
        if record.report:
            write_whole(self._out / "students" / f"{page}.json", record.report + "\n")
        self._rows[record.student] = _slim(row)
        self.manifest.records[record.student] = key
        self.manifest = replace(self.manifest, left=self.manifest.left - 1)
        if time.monotonic() >= self._next:
            self.write_tables()
        return self._rows[record.student]

    def write_tables(self) -> None:
        """Write the table of marks, the page of the class and the manifest."""
        start = time.monotonic()
        rows = self.rows
        chapters = dict.fromkeys(chapter_of(id) for id in self._rubric.points)
        write_whole(self._out / "marks.csv", to_csv(rows, chapters))
        write_whole(self._out / "index.html", class_page(rows, self.manifest.hidden, self.manifest.left))
        records = dict(sorted(self.manifest.records.items()))
        write_whole(self._out / MANIFEST, replace(self.manifest, records=records).to_text())
        end = time.monotonic()
        self._next = end + REST * (end - start)


def known_record(out: Path, key: str) -> Record | None:
    """Return a record of the result ``out``; None where there is none that can be read."""
    place = _place(out, key)
    try:
        return Record.from_text(read_text(place)) if place.exists() else None
    except ReadingError:
        return None  # then the submission is checked again


def merge_results(folders: Iterable[Path], out: Path, rubric: Rubric) -> Outcome:
    """Write the results of all ``folders`` to ``out`` as one. Raises MergeError and ReadingError."""
    places: dict[str, Path] = {}
    manifest: Manifest | None = None
    for folder in folders:
        read = Manifest.read(folder)
        places |= dict.fromkeys(read.records.values(), folder)
        manifest = read if manifest is None else manifest.merged(read)
    assert manifest is not None
    outcome = Outcome(out, rubric, replace(manifest, records={}, left=manifest.left + len(manifest.records)))
    for student, key in manifest.records.items():
        record = known_record(places[key], key)
        if record is None:
            raise MergeError(f"{places[key]} has no record of {student}: grade it again")
        outcome.keep(record, key)
    outcome.write_tables()
    return outcome


def _place(out: Path, key: str) -> Path:
    return out / "records" / f"{key}.json"


def _slim(row: Row) -> Row:
    """Return what the tables need of a row, so that a large class fits in memory."""
    tried = {id: _status_only(one.status) for id, one in row.tried.items()}
    return replace(row, tried=tried, marks=replace(row.marks, lost=()))


@cache
def _status_only(status: str) -> Tried:
    return Tried(status, "")
