"""Annotations of a GitHub workflow, and the badge."""

import json
import re
from dataclasses import replace
from pathlib import Path

import pytest

from nnfs_spec.engine.events import Report, Unmet
from nnfs_spec.reports.badge import to_badge, write_badge
from nnfs_spec.reports.github import annotations
from nnfs_spec.subject.protocol import CodeLine, CodeLines
from tests.tools.handmade import ATTACKED, EVERYTHING, LEAKY, clause, failing, report


def test_each_failure_is_annotated_at_its_line() -> None:
    """What decides is an error, advice a notice; a repaired clause is an error, since the baseline is stale."""
    happened = "relu gave [[-0.01]] (float32) where [[0.0]] is right; the rule: entries of at least 0"
    cause = "You may have thought: A slope below 0 does no harm.%0AInstead: Cut off: np.maximum(0, x)."
    repeat = "repeat: nnfs-spec check t.py --clause {} --budget quick --seed 0"
    assert annotations(EVERYTHING) == [
        f"::error file=t.py,line=3,title=RELU-2%3A title of RELU-2::{happened}%0A{cause}%0A{repeat.format('RELU-2')}",
        "::error title=RELU-5%3A title of RELU-5::relu raised ValueError: oh%0Alikewise RELU-6%0A"
        + repeat.format("RELU-5"),
        f"::notice file=t.py,line=3,title=GEN-6%3A title of GEN-6::{happened}%0A{repeat.format('GEN-6')}",
        "::error title=RELU-4%3A title of RELU-4::passes: not yet explained",
    ]


def test_signs_that_end_a_part_of_a_command_are_codes() -> None:
    """In the properties more of them; and a notebook, whose lines are not those of its cells, is named alone."""
    place = CodeLine("a,b:c%.ipynb, cell 3", 2, "")
    shown = replace(LEAKY, code=CodeLines(place, place), message="100 %: a, b")
    (line,) = annotations(report(failing("RELU-2", shown)))
    assert line.startswith("::error file=a%2Cb%3Ac%25.ipynb,title=RELU-2%3A title of RELU-2::")
    assert "the rule: 100 %25: a, b%0A" in line


def test_nothing_of_a_subject_is_a_command_of_its_own() -> None:
    for line in annotations(ATTACKED):
        assert re.match("::(error|notice) [^:]*::", line)
        assert line.isprintable()


def test_a_conforming_report_has_no_annotation() -> None:
    assert annotations(report(clause(), verdict="conformant")) == []


@pytest.mark.parametrize(
    ("ended", "lines"),
    [
        (
            report(clause(status="not-exercised"), verdict="error", problems=("2 statements were not run",)),
            ["::error title=nnfs-spec::t.py: error; 0 clauses pass; 1 not-exercised%0A2 statements were not run"],
        ),
        (
            replace(report(clause()), unmet=(Unmet("loss", "not found"),)),
            ["::error title=nnfs-spec::required and not checked: loss: not found"],
        ),
    ],
)
def test_a_check_that_did_not_end_well_is_annotated(ended: Report, lines: list[str]) -> None:
    """Though no clause fails."""
    assert annotations(ended) == lines


@pytest.mark.parametrize(
    ("shown", "message", "colour"),
    [
        (report(clause("RELU-1"), clause("RELU-7"), verdict="conformant"), "conformant, 2 of 2 clauses", "brightgreen"),
        (EVERYTHING, "nonconformant, 1 of 6 clauses", "red"),
        (report(clause("RELU-1"), verdict="incomplete"), "incomplete, 1 of 1 clauses", "yellow"),
        (report(clause("RELU-1", "unsupported"), verdict="error"), "not checked", "lightgrey"),
    ],
)
def test_a_badge_tells_the_verdict(shown: Report, message: str, colour: str, tmp_path: Path) -> None:
    """In the form of an endpoint of shields.io; advice is not counted."""
    write_badge(shown, tmp_path / "badge.json")
    text = (tmp_path / "badge.json").read_text()
    assert text == to_badge(shown)
    assert json.loads(text) == {"schemaVersion": 1, "label": "nnfs-spec", "message": message, "color": colour}
