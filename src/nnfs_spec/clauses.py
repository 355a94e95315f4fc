"""Reads spec/ into a registry of clauses: the prose is the source, nothing is stated twice."""

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

CHAPTERS = ("general", "dense", "relu", "softmax", "loss", "accuracy", "network", "data", "streaming")
LEVELS = ("MUST", "SHOULD")
FIELDS = ("Formula", "Domain", "Bound", "Why", "Source", "Follows from", "Evidence", "Inside", "Outside")
EVIDENCE = ("Machine-checked for all values", "Exhaustive over", "Proved by hand", "Sampled")
"""How it is known that honest code keeps a clause: the words with which the field Evidence begins."""

_HEADING = re.compile(r"^## (?P<id>[A-Z]+-[1-9][0-9]*) \((?P<level>\w+)\): (?P<title>.+)$", re.MULTILINE)
_FIELD = re.compile(r"^\*\*(?P<name>[A-Z][a-z]+(?: [a-z]+)?)\.\*\*", re.MULTILINE)


class ClauseFormatError(Exception):
    """A chapter of spec/ does not keep to the grammar of spec/README.md."""


@dataclass(frozen=True)
class Clause:
    """One normative sentence with a permanent id, and everything the specification says about it."""

    id: str
    level: str
    title: str
    chapter: str
    sentence: str
    fields: dict[str, str]
    text: str


def spec_folder() -> Path:
    """Return the folder of the specification: inside an installed package, or beside src/ in a checkout."""
    package = Path(__file__).parent
    shipped = package / "spec"
    return shipped if shipped.is_dir() else package.parents[1] / "spec"


@cache
def all_clauses() -> dict[str, Clause]:
    """Return every clause by id, in the order of the chapters."""
    clauses: dict[str, Clause] = {}
    for chapter in CHAPTERS:
        text = (spec_folder() / f"{chapter}.md").read_text(encoding="utf-8")
        for clause in read_chapter(chapter, text):
            if clause.id in clauses:
                raise ClauseFormatError(f"spec/{chapter}.md: {clause.id} stands twice")
            clauses[clause.id] = clause
    return clauses


def read_chapter(chapter: str, text: str) -> list[Clause]:
    """Return the clauses of one chapter. Raises ClauseFormatError where the grammar is broken."""
    headings = list(_HEADING.finditer(text))
    if len(headings) != len(re.findall("^## ", text, re.MULTILINE)):
        raise ClauseFormatError(f"spec/{chapter}.md: a second-level heading must read '## ID (LEVEL): title'")
    ends = [heading.start() for heading in headings[1:]] + [len(text)]
    return [_clause(chapter, heading, text[heading.end() : end]) for heading, end in zip(headings, ends, strict=True)]


def _clause(chapter: str, heading: re.Match[str], body: str) -> Clause:
    id, level, title = heading["id"], heading["level"], heading["title"]
    marks = list(_FIELD.finditer(body))
    names = tuple(mark["name"] for mark in marks)
    if level not in LEVELS or names != FIELDS:
        raise ClauseFormatError(
            f"spec/{chapter}.md: {id} has level {level} and fields {', '.join(names) or 'none'}"
            f" but must have one of {', '.join(LEVELS)} and {', '.join(FIELDS)}, in this order"
        )
    ends = [mark.start() for mark in marks[1:]] + [len(body)]
    fields = {mark["name"]: body[mark.end() : end].strip() for mark, end in zip(marks, ends, strict=True)}
    sentence = " ".join(body[: marks[0].start()].split())
    if f" {level} " not in sentence:
        raise ClauseFormatError(f"spec/{chapter}.md: the sentence of {id} must say {level}")
    if not fields["Evidence"].startswith(EVIDENCE):
        raise ClauseFormatError(
            f"spec/{chapter}.md: the evidence of {id} must begin with one of: {'; '.join(EVIDENCE)}"
        )
    for side in ("Inside", "Outside"):
        if ">>> " not in fields[side]:
            raise ClauseFormatError(f"spec/{chapter}.md: {id} has no executable example under {side}")
    return Clause(id, level, title, chapter, sentence, fields, heading.group() + "\n\n" + body.strip())
