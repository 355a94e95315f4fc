"""The report as Markdown, fit for a comment on a pull request: short, and harmless whatever a subject put into it.

What comes from a subject stands in code only, where neither HTML nor mentions of people nor links are read.
"""

import re
from html import escape
from pathlib import Path

from nnfs_spec.engine.events import ClauseResult, Diagnosis, Report
from nnfs_spec.reports.counterexample import describe, happened
from nnfs_spec.reports.escaping import inline, printable
from nnfs_spec.reports.wording import (
    cause_sentences,
    causes_without_failure,
    checked_operations,
    decides,
    failure_headline,
    failures,
    headline,
    is_advice,
    notes_on,
    notice_sentences,
    required_sentences,
    squares_of,
    strip,
)
from nnfs_spec.support.files import write_whole

MOST_CHARACTERS = 65_000
MOST_IN_CODE, MOST_IN_BLOCK = 200, 6_000
TAIL = "\nMore does not fit here; `nnfs-spec check --json FILE` writes all of it.\n"


def write_markdown(report: Report, path: Path) -> None:
    """Write ``report`` to ``path``, whole or not at all."""
    write_whole(path, to_markdown(report))


def to_markdown(report: Report) -> str:
    """Return ``report`` as Markdown of at most MOST_CHARACTERS."""
    text = ""
    for section in _sections(report):
        if len(text) + len(section) + len(TAIL) > MOST_CHARACTERS:
            return text + TAIL
        text += section
    return text


def _sections(report: Report) -> list[str]:
    """Return the pieces of the page, what matters most first; each can be left out together with all after it."""
    counted = [f"{count} {status}" for status, count in report.counts.items() if count]
    counts = "; ".join([*map(_prose, report.cut_short), ", ".join(counted)])
    squares = [f"{chapter.name:<8} {squares_of(chapter)}  {chapter.words}".rstrip() for chapter in strip(report)]
    checked = "\n\n".join(map(_prose, [*required_sentences(report), checked_operations(report)]))
    notices = "".join(f"{_prose(one)}\n\n" for one in notice_sentences(report))
    sections = [
        f"{notices}### {report.verdict}: {_code(report.target)}\n\n{counts}\n\n{checked}\n",
        f"\n{_fenced(squares)}",
    ]
    sections += [_cause(one) for one in causes_without_failure(report) if not is_advice(report, one)]
    shown = failures(report)
    if shown:
        sections.append("\n| clause | status | title | what happened |\n|---|---|---|---|\n")
    sections += [_row(report, failure.result, failure.likewise) for failure in shown]
    for failure in shown:
        assert failure.result.counterexample is not None
        if failure.diagnosis is not None and decides(report, failure):
            sections.append(_cause(failure.diagnosis))
        lines = [*describe(failure.result.counterexample), f"  repeat    {inline(failure.result.replay)}"]
        title = escape(failure_headline(report, failure))
        sections.append(f"\n<details><summary>{title}</summary>\n\n{_fenced(lines)}\n</details>\n")
    notes = notes_on(report)
    sections += ["\n"] if notes else []
    sections += [f"- {_code(note)}\n" for note in notes]
    if report.output:
        printed = printable(report.output).splitlines()
        sections.append(f"\n<details><summary>printed by the target</summary>\n\n{_fenced(printed)}\n</details>\n")
    return [*sections, f"\n{_code(headline(report))}\n"]


def _row(report: Report, result: ClauseResult, likewise: tuple[str, ...]) -> str:
    assert result.counterexample is not None
    ids = ", ".join((result.id, *likewise))
    advice = "" if result.counts_at(report.level) else " (advice)"
    message = _cell(happened(result.counterexample))
    return f"| {ids} | {result.status}{advice} | {_prose(result.title)} | {message} |\n"


def _cause(diagnosis: Diagnosis) -> str:
    thought, instead, _ = cause_sentences(diagnosis)
    said = [f"**{heading}:** {_prose(text)}" for heading, text in (thought, instead)]
    return f"\n{said[0]}<br>{said[1]} (matches a known mistake: {_code(diagnosis.mutant)})\n"


def _prose(text: str) -> str:
    """Return text of our own with every sign of Markdown as itself."""
    return re.sub(r"([\\`*_{}\[\]<>#|~&])", r"\\\1", inline(text))


def _code(text: str) -> str:
    """Return text as code within a line, fenced by more backticks than it has in a row."""
    cut = _cut(text)
    fence = "`" * (_longest_run(cut) + 1)
    return f"{fence} {cut} {fence}" if "`" in cut else f"{fence}{cut}{fence}"


def _cell(text: str) -> str:
    """Return text as code within a cell of a table, where no reader of Markdown takes a bar of it for the cell's end.

    A backslash before a bar would not do: where the text has another before it, readers differ.
    """
    if "|" not in text:
        return _code(text)
    return f"<code>{re.sub('[^0-9A-Za-z ]', lambda sign: f'&#{ord(sign[0])};', _cut(text))}</code>"


def _cut(text: str) -> str:
    told = inline(text) or " "
    return told if len(told) <= MOST_IN_CODE else f"{told[:MOST_IN_CODE]}..."


def _fenced(lines: list[str]) -> str:
    """Return lines as a block of code, fenced by more backticks than they have in a row."""
    told = "\n".join(lines)
    cut = told if len(told) <= MOST_IN_BLOCK else f"{told[:MOST_IN_BLOCK]}..."
    fence = "`" * max(3, _longest_run(cut) + 1)
    return f"{fence}text\n{cut}\n{fence}\n"


def _longest_run(text: str) -> int:
    return max(map(len, re.findall("`+", text)), default=0)
