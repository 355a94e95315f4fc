"""Many targets: one line of JSON and one row of a table for each."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from nnfs_spec.engine.events import Report, Verdict
from nnfs_spec.reports.escaping import inline
from nnfs_spec.reports.json_report import FORMAT, to_dict
from nnfs_spec.reports.terminal import VERDICT_COLOURS
from nnfs_spec.reports.wording import (
    FAILED,
    cause_in_brief,
    is_advice,
    isolation_sentence,
    notice_sentences,
    required_sentences,
)
from nnfs_spec.subject.protocol import Isolation

MOST_IDS = 4


@dataclass(frozen=True)
class Grade:
    """How one target fared: its line of JSON, and what the table says of it."""

    line: str
    target: str
    verdict: Verdict
    passed: int
    failed: tuple[str, ...]
    remark: str
    rows: int

    @classmethod
    def of_report(cls, report: Report) -> "Grade":
        """Return the grade of a target that was checked."""
        failed = tuple(c.id for c in report.clauses if c.status in FAILED and c.counts_at(report.level))
        causes = [cause_in_brief(one) for one in report.diagnosis if not is_advice(report, one)]
        remark = next(iter((*causes, *required_sentences(report), *report.cut_short, *notice_sentences(report))), "")
        rows = sum(result.cases for result in report.clauses)
        passed = report.counts["pass"]
        return cls(_line(to_dict(report)), report.target, report.verdict, passed, failed, remark, rows)

    @classmethod
    def of_problem(cls, target: str, problem: str) -> "Grade":
        """Return the grade of a target that could not be checked."""
        line = _line({"format": FORMAT, "target": target, "problem": problem})
        return cls(line, target, "error", 0, (), problem, 0)

    def to_bytes(self) -> bytes:
        """Return the grade as text for another process."""
        return json.dumps(asdict(self)).encode()

    @classmethod
    def from_bytes(cls, text: bytes) -> "Grade":
        """Return what ``to_bytes`` wrote."""
        told: dict[str, Any] = json.loads(text)
        told["failed"] = tuple(told["failed"])
        return cls(**told)


def show_grades(grades: Sequence[Grade], isolation: Isolation, console: Console) -> None:
    """Print the table of targets, how many there are of each verdict, and what held the targets back."""
    table = Table(box=None, pad_edge=False)
    for name in ("target", "verdict", "passes", "fails", "remark"):
        table.add_column(name, justify="right" if name == "passes" else "left", no_wrap=name in ("verdict", "passes"))
    for grade in grades:
        verdict = Text(grade.verdict, style=VERDICT_COLOURS[grade.verdict])
        table.add_row(
            Text(inline(grade.target), overflow="fold"),
            verdict,
            str(grade.passed),
            _first(grade.failed),
            Text(inline(grade.remark)),
        )
    console.print(table)
    console.print()
    console.print(Text(total(grades), style="bold"), soft_wrap=True)
    console.print(Text(isolation_sentence(isolation)), soft_wrap=True)


def total(grades: Sequence[Grade]) -> str:
    """Return how many targets there are of each verdict, in a sentence."""
    counted = {name: sum(grade.verdict == name for grade in grades) for name in VERDICT_COLOURS}
    targets = f"{len(grades)} {'target' if len(grades) == 1 else 'targets'}"
    parts = [f"{counted['conformant']} conformant", f"{counted['nonconformant']} nonconformant"]
    parts += [f"{counted['incomplete']} incomplete"] if counted["incomplete"] else []
    parts.append(f"{counted['error']} not checked")
    return f"{targets}: {', '.join(parts)}"


def _line(told: dict[str, Any]) -> str:
    return json.dumps(told, allow_nan=False) + "\n"


def _first(ids: tuple[str, ...]) -> str:
    more = f" and {len(ids) - MOST_IDS} more" if len(ids) > MOST_IDS else ""
    return " ".join(ids[:MOST_IDS]) + more
