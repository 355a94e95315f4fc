"""The report on a terminal, or as plain text in a pipe."""

from collections.abc import Sequence
from pathlib import Path
from shlex import join
from textwrap import wrap
from typing import assert_never

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    ProgressColumn,
    Task,
    TaskID,
    TextColumn,
    TimeRemainingColumn,
)
from rich.table import Table
from rich.text import Text

from nnfs_spec.engine.events import (
    ClauseResult,
    Diagnosis,
    Event,
    Failed,
    Finished,
    Judged,
    Progressed,
    Report,
    Verdict,
)
from nnfs_spec.reports.accuracy_table import error_table
from nnfs_spec.reports.accuracy_wording import error_notes
from nnfs_spec.reports.counterexample import describe, happened, title_of
from nnfs_spec.reports.escaping import inline, printable
from nnfs_spec.reports.wording import (
    KIT,
    LEGEND,
    SQUARES,
    Failure,
    blocked,
    cause_sentences,
    causes_without_failure,
    checked_operations,
    decides,
    failure_headline,
    failures,
    headline,
    is_advice,
    isolated,
    known_failures,
    notice_sentences,
    proven,
    replay_sentence,
    required_sentences,
    status_of,
    strip,
    summary,
    undecided,
)
from nnfs_spec.subject.protocol import EXECUTABLE
from nnfs_spec.support.files import anonymise_path

PIPE_WIDTH = 100
MOST_OUTPUT_LINES, MOST_OUTPUT_CHARACTERS = 20, 2_000
COLOURS = {
    "pass": "green",
    "fail": "bold red",
    "error": "bold red",
    "unsupported": "dim",
    "not-exercised": "yellow",
    "blocked": "yellow",
    "expected-fail": "dim",
    "unexpected-pass": "bold red",
}
VERDICT_COLOURS: dict[Verdict, str] = {
    "conformant": "bold green",
    "nonconformant": "bold red",
    "incomplete": "bold yellow",
    "error": "bold yellow",
}


class _Console(Console):
    """A console that leaves it to the command what happens when its reader has gone."""

    def on_broken_pipe(self) -> None:
        """Say so, in the place of ending the process with a code that means something else."""
        raise BrokenPipeError


def console_for_output() -> Console:
    """Return a console on standard output: coloured on a terminal, plain and of a fixed width in a pipe."""
    console = _Console(highlight=False, markup=False, emoji=False, soft_wrap=False)
    return console if console.is_terminal else _plain_console()


def to_text(report: Report) -> str:
    """Return the whole report as text, as it is printed in a pipe."""
    console = _plain_console()
    with console.capture() as captured:
        show(report, console)
    return captured.get()


class RateColumn(ProgressColumn):
    """How many rows a second were examined since the beginning."""

    def render(self, task: Task) -> Text:
        """Return the rate, once there is one."""
        rows, seconds = int(task.fields["rows"]), task.elapsed
        return Text(f"{rows / seconds:,.0f} rows/s" if rows and seconds else "", style="progress.data.speed")


class ProgressOnTerminal:
    """Shows on a terminal, and nowhere else, how far the check is, its rate, and the time that remains."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._progress: Progress | None = None
        self._task: TaskID | None = None

    def __call__(self, event: Event) -> None:
        """Listen to one event of the engine."""
        match event:
            case Progressed(done, total, clause, rows):
                self._advance(done, total, clause, rows)
            case Failed():
                if self._console.is_terminal:
                    show_first(event, self._console)
            case Finished():
                self.close()
            case Judged():
                pass
            case _ as never:
                assert_never(never)

    @property
    def active(self) -> bool:
        """Whether a progress bar is shown."""
        return self._progress is not None

    def close(self) -> None:
        """Take the progress bar away."""
        if self._progress is not None:
            self._progress.stop()
            self._progress = None

    def _advance(self, done: int, total: int, clause: str, rows: int) -> None:
        if not self._console.is_terminal:
            return
        if self._progress is None:
            columns = (TextColumn("{task.description}", markup=False), BarColumn(), MofNCompleteColumn(), RateColumn())
            self._progress = Progress(*columns, TimeRemainingColumn(), console=self._console, transient=True)
            self._progress.start()
            self._task = self._progress.add_task("", total=total, rows=0)
        assert self._task is not None
        self._progress.update(self._task, completed=done, description=clause, rows=rows)


def show(report: Report, console: Console, report_file: Path | None = None, *, table: bool = False) -> None:
    """Print the verdict, the strip, a card for each failure, advice in brief, and the notes.

    ``report_file`` is where the JSON report is written, for the command that replays one counterexample. With
    ``table`` every clause has a row with its rows examined and its worst share of the bound.
    """
    _prose(console, headline(report))
    for one in notice_sentences(report):
        _prose(console, one, "bold yellow")
    _prose(console, summary(report), VERDICT_COLOURS[report.verdict])
    for one in required_sentences(report):
        _prose(console, one, "bold red")
    _prose(console, checked_operations(report))
    for one in report.taken:
        _prose(console, f"checked as: {inline(one)}")
    console.print()
    if table:
        console.print(clause_table(report))
    else:
        _show_strip(report, console)
    for cause in causes_without_failure(report):
        if not is_advice(report, cause):
            console.print()
            _show_cause(console, cause, "")
    shown = failures(report)
    for failure in (failure for failure in shown if decides(report, failure)):
        _show_failure(console, report, failure, report_file)
    _show_advice(console, report, [failure for failure in shown if not decides(report, failure)])
    if report.errors is not None:
        console.print()
        console.print(error_table(report.errors))
    _show_output(console, report.output)
    notes = [*proven(report), *undecided(report), *blocked(report), *known_failures(report)]
    notes += [*error_notes(report.errors or ()), *isolated(report)]
    notes += [f"note: {inline(problem)}" for problem in report.problems]
    if notes:
        console.print()
    for note in dict.fromkeys(notes):
        _prose(console, note)


def show_first(failed: Failed, console: Console) -> None:
    """Print a failure as soon as it is believed; the report has the smallest input and the likely cause."""
    what = f"{failed.level} {failed.id}, {inline(failed.title)}"
    _prose(console, f"found: {what}: {inline(happened(failed.counterexample))}")


def show_replay(target: str, source: Path, result: ClauseResult, console: Console) -> None:
    """Print what came of trying one counterexample of the report ``source`` again."""
    _say(
        console, f"{KIT}: {inline(target)}, the counterexample of {result.id} in {inline(anonymise_path(str(source)))}"
    )
    console.print()
    if result.counterexample is not None:
        _say(console, f"{result.id} {result.status}: {title_of(result)}", "bold")
        _say(console, "\n".join(describe(result.counterexample)))
        _say(console, f"  repeat    {inline(result.replay)}")
        console.print()
    _say(console, replay_sentence(target, result), COLOURS[result.status])


def clause_table(report: Report) -> Table:
    """Return the table of the supported clauses: status, rows examined, and the worst share of the bound."""
    table = Table(box=None, pad_edge=False)
    for name in ("clause", "level", "status", "rows", "worst/bound", "title"):
        table.add_column(name, justify="right" if name in ("rows", "worst/bound") else "left", no_wrap=name != "title")
    for result in report.clauses:
        if result.status == "unsupported":
            continue
        worst = "" if result.worst is None else f"{result.worst:.3g}"
        status = Text(status_of(result), style=COLOURS[result.status])
        table.add_row(result.id, result.level, status, f"{result.cases:,}" if result.cases else "", worst, result.title)
    return table


def _show_strip(report: Report, console: Console) -> None:
    chapters = strip(report)
    width = max((len(chapter.name) for chapter in chapters), default=0)
    for chapter in chapters:
        line = Text(f"{chapter.name:<{width}}  ")
        for _, status in chapter.squares:
            line.append(SQUARES[status], COLOURS[status])
        line.append(f"  {chapter.words}" if chapter.words else "")
        console.print(line, soft_wrap=True)
    if any(chapter.words for chapter in chapters):
        _prose(console, LEGEND, "dim")


def _show_failure(console: Console, report: Report, failure: Failure, report_file: Path | None) -> None:
    result = failure.result
    assert result.counterexample is not None
    console.print()
    _say(console, failure_headline(report, failure), "bold")
    if failure.diagnosis is not None:
        _show_cause(console, failure.diagnosis, "  ")
    _say(console, "\n".join(describe(result.counterexample)))
    if failure.likewise:
        _say(console, f"  likewise  {', '.join(failure.likewise)}")
    _say(console, f"  repeat    {inline(result.replay)}")
    if report_file is not None:
        words = ["nnfs-spec", "replay", anonymise_path(str(report_file)), result.id]
        words += ["--target", report.target] if report.target.startswith(EXECUTABLE) else []
        _say(console, f"  or        {inline(join(words))}")


def _show_cause(console: Console, cause: Diagnosis, indent: str) -> None:
    for heading, said in cause_sentences(cause):
        _prose(console, f"{indent}{heading}: {said}")


def _show_advice(console: Console, report: Report, failures: Sequence[Failure]) -> None:
    """Print a line for each broken SHOULD clause, which does not change the verdict, and how to see more of it."""
    if not failures:
        return
    console.print()
    _prose(console, "Advice, which does not change the verdict (--level should shows it in full):", "bold")
    for failure in failures:
        assert failure.result.counterexample is not None
        ids = ", ".join((failure.result.id, *failure.likewise))
        _prose(console, f"  {ids}: {inline(failure.result.title)}: {inline(happened(failure.result.counterexample))}")


def _show_output(console: Console, output: str) -> None:
    if not output:
        return
    console.print()
    _say(console, "printed by the target:", "bold")
    lines = printable(output[:MOST_OUTPUT_CHARACTERS]).splitlines()
    for line in lines[:MOST_OUTPUT_LINES]:
        _say(console, f"  | {line}")
    if len(output) > MOST_OUTPUT_CHARACTERS or len(lines) > MOST_OUTPUT_LINES:
        _say(console, "  ... and more")


def _plain_console() -> Console:
    return _Console(
        highlight=False, markup=False, emoji=False, width=PIPE_WIDTH, color_system=None, force_terminal=False
    )


def _say(console: Console, text: str, style: str = "") -> None:
    """Print lines as long as they are: what people copy from them must stay whole."""
    console.print(Text(text, style=style), soft_wrap=True)


def _prose(console: Console, text: str, style: str = "") -> None:
    """Print sentences, broken between words at the width of the console and indented further."""
    indent = " " * (len(text) - len(text.lstrip()) + 2)
    lines = wrap(text, console.width, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False)
    _say(console, "\n".join(lines), style)
