"""The verdict as a badge: a file in the form that shields.io reads from an endpoint."""

import json
from pathlib import Path

from nnfs_spec.engine.events import Report, Verdict
from nnfs_spec.reports.wording import FAILED
from nnfs_spec.support.files import write_whole

COLOURS: dict[Verdict, str] = {
    "conformant": "brightgreen",
    "nonconformant": "red",
    "incomplete": "yellow",
    "error": "lightgrey",
}
"""The colour of each verdict."""


def write_badge(report: Report, path: Path) -> None:
    """Write the badge of ``report`` to ``path``, whole or not at all."""
    write_whole(path, to_badge(report))


def to_badge(report: Report) -> str:
    """Return the badge of ``report`` as JSON text: its verdict and how many of its clauses pass."""
    counted = [result for result in report.clauses if result.counts_at(report.level)]
    held = sum(result.status == "pass" for result in counted)
    tried = held + sum(result.status in (*FAILED, "blocked", "expected-fail") for result in counted)
    verdict = "not checked" if report.verdict == "error" else report.verdict
    message = f"{verdict}, {held} of {tried} clauses" if tried else verdict
    badge = {"schemaVersion": 1, "label": "nnfs-spec", "message": message, "color": COLOURS[report.verdict]}
    return json.dumps(badge, indent=2) + "\n"
