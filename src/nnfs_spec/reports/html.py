"""The report as HTML: a page of its own, or a fragment for a notebook, from one template."""

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from nnfs_spec.engine.events import Report, Status
from nnfs_spec.reports.counterexample import describe, happened, title_of
from nnfs_spec.reports.escaping import inline, printable
from nnfs_spec.reports.pictures import HEIGHT, WIDTH, picture_of
from nnfs_spec.reports.wording import (
    LEGEND,
    SQUARES,
    cause_sentences,
    causes_without_failure,
    checked_operations,
    decides,
    failures,
    headline,
    is_advice,
    notes_on,
    notice_sentences,
    required_sentences,
    status_of,
    strip,
    summary,
)
from nnfs_spec.support.files import write_whole

if TYPE_CHECKING:
    from jinja2 import Template

TONES: dict[Status, str] = {
    "pass": "good",
    "fail": "bad",
    "error": "bad",
    "unexpected-pass": "bad",
    "blocked": "open",
    "not-exercised": "open",
    "expected-fail": "open",
    "unsupported": "none",
}
"""The colour of every status."""


def write_html(report: Report, path: Path) -> None:
    """Write ``report`` to ``path``, whole or not at all."""
    write_whole(path, to_page(report))


def to_page(report: Report) -> str:
    """Return ``report`` as a page that needs nothing else."""
    return _rendered(report, whole=True)


def to_fragment(report: Report) -> str:
    """Return ``report`` as one element that brings its style along."""
    return _rendered(report, whole=False)


def _rendered(report: Report, *, whole: bool) -> str:
    shown = [
        (failure, "\n".join(describe(failure.result.counterexample)), picture_of(failure))
        for failure in failures(report)
        if failure.result.counterexample is not None
    ]
    places = {result.id: f"clause-{result.id}" for result in report.clauses}
    for failure, _, _ in shown:
        places |= dict.fromkeys((failure.result.id, *failure.likewise), f"title-{failure.result.id}")
    return template("report.html.j2").render(
        whole=whole,
        size=(WIDTH, HEIGHT),
        report=report,
        headline=headline(report),
        summary=summary(report),
        found=summary(report).removeprefix(f"{inline(report.target)}: {report.verdict}; "),
        places=places,
        notices=notice_sentences(report),
        required=required_sentences(report),
        checked=checked_operations(report),
        chapters=strip(report),
        titles={result.id: result.title for result in report.clauses},
        squares=SQUARES,
        tones=TONES,
        legend=LEGEND,
        causes=[cause_sentences(cause) for cause in causes_without_failure(report) if not is_advice(report, cause)],
        cards=[one for one in shown if decides(report, one[0])],
        advice=[one for one in shown if not decides(report, one[0])],
        cause_sentences=cause_sentences,
        happened=happened,
        title_of=title_of,
        status_of=status_of,
        notes=notes_on(report),
    )


def _finalize(value: object) -> object:
    return printable(value) if type(value) is str else value


@cache
def template(name: str) -> "Template":
    """Return a template of this folder; every value is made printable, then escaped."""
    from jinja2 import Environment, StrictUndefined  # takes a while to import, and most checks write no HTML

    environment = Environment(
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        finalize=_finalize,
    )
    environment.filters["inline"] = inline
    return environment.from_string(Path(__file__).with_name(name).read_text(encoding="utf-8"))
