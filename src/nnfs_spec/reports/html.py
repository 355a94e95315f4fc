"""The report as HTML: a page of its own, or a fragment for a notebook; readable on light and on dark ground."""

from html import escape
from pathlib import Path

from nnfs_spec.engine.events import ClauseResult, Report
from nnfs_spec.reports.counterexample import describe
from nnfs_spec.reports.escaping import inline, printable
from nnfs_spec.reports.wording import (
    failure_headline,
    failures,
    headline,
    notes_on,
    probably,
    status_of,
    summary,
)
from nnfs_spec.support.files import write_whole

STYLE = """
.nnfs-spec { font: 14px/1.5 system-ui, sans-serif; max-width: 70em; }
.nnfs-spec table { border-collapse: collapse; }
.nnfs-spec th, .nnfs-spec td { padding: 0.1em 0.8em 0.1em 0; text-align: left; vertical-align: top; }
.nnfs-spec .number { text-align: right; }
.nnfs-spec pre { overflow-x: auto; padding: 0.6em; border: 1px solid #8886; border-radius: 4px; background: #8881; }
.nnfs-spec summary { cursor: pointer; }
.nnfs-spec .good { color: #2b9348; }
.nnfs-spec .bad { color: #e0453a; }
.nnfs-spec .open { color: #b7791f; }
"""
CLASSES = {
    "pass": "good",
    "conformant": "good",
    "fail": "bad",
    "error": "bad",
    "unexpected-pass": "bad",
    "nonconformant": "bad",
}


def write_html(report: Report, path: Path) -> None:
    """Write ``report`` to ``path``, whole or not at all."""
    write_whole(path, to_page(report))


def to_page(report: Report) -> str:
    """Return ``report`` as a page that needs nothing else."""
    return (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width">\n'
        f"<title>{_text(summary(report))}</title>\n<style>:root {{ color-scheme: light dark; }}</style>\n</head>\n"
        f"<body>\n{to_fragment(report)}</body>\n</html>\n"
    )


def to_fragment(report: Report) -> str:
    """Return ``report`` as one element that brings its style along."""
    parts = [f"<style>{STYLE}</style>", f"<p>{_text(headline(report))}</p>"]
    parts.append(f'<p class="{_class(report.verdict)}"><strong>{_text(summary(report))}</strong></p>')
    for one in report.diagnosis:
        like, said = f"(like mutant {_text(one.mutant)})", probably(report, one)
        parts.append(f"<p><strong>{said}:</strong> {_text(one.misconception)} {_text(one.remedy)} {like}</p>")
    for failure in failures(report):
        assert failure.result.counterexample is not None
        lines = describe(failure.result.counterexample)
        lines += [f"  likewise  {', '.join(failure.likewise)}"] if failure.likewise else []
        lines.append(f"  again     {inline(failure.result.replay)}")
        opened = " open" if failure.result.counts_at(report.level) else ""
        parts.append(_folded(failure_headline(report, failure), f"<pre>{_text(chr(10).join(lines))}</pre>", opened))
    rows = "".join(map(_row, report.clauses))
    heads = '<th>clause</th><th>level</th><th>status</th><th class="number">rows</th>'
    heads += '<th class="number">worst/bound</th><th>title</th>'
    parts.append(_folded("all clauses", f"<table><tr>{heads}</tr>{rows}</table>"))
    notes = notes_on(report)
    if notes:
        items = "".join(f"<li>{_text(inline(note))}</li>" for note in notes)
        parts.append(_folded("notes", f"<ul>{items}</ul>"))
    if report.output:
        parts.append(_folded("printed by the target", f"<pre>{_text(report.output)}</pre>"))
    return '<div class="nnfs-spec">\n' + "\n".join(parts) + "\n</div>\n"


def _row(result: ClauseResult) -> str:
    worst = "" if result.worst is None else f"{result.worst:.3g}"
    cells = f'<td>{result.id}</td><td>{result.level}</td><td class="{_class(result.status)}">{status_of(result)}</td>'
    numbers = f'<td class="number">{result.cases:,}</td><td class="number">{worst}</td>'
    return f"<tr>{cells}{numbers}<td>{_text(result.title)}</td></tr>"


def _class(word: str) -> str:
    return CLASSES.get(word, "open")


def _folded(title: str, content: str, opened: str = "") -> str:
    return f"<details{opened}><summary>{_text(title)}</summary>{content}</details>"


def _text(text: str) -> str:
    return escape(printable(text))
