"""The report on a terminal, or as plain text in a pipe."""

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeRemainingColumn
from rich.table import Table
from rich.text import Text

from nnfs_spec.engine.events import ClauseResult, Counterexample, Event, Finished, Progressed, Report
from nnfs_spec.reports.text import literal, plain, printable
from nnfs_spec.version import SPEC_VERSION, __version__

PIPE_WIDTH = 110
COLOURS = {"pass": "green", "fail": "bold red", "error": "bold red", "unsupported": "dim", "not-exercised": "yellow"}


def console_for_output() -> Console:
    """Return a console on standard output: coloured on a terminal, plain and of a fixed width in a pipe."""
    console = Console(highlight=False, markup=False, emoji=False, soft_wrap=False)
    return (
        console
        if console.is_terminal
        else Console(highlight=False, markup=False, emoji=False, width=PIPE_WIDTH, color_system=None)
    )


class TerminalReport:
    """Shows progress on a terminal while the check runs, and the whole report at its end."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._progress: Progress | None = None
        self._task: TaskID | None = None

    def __call__(self, event: Event) -> None:
        """Listen to one event of the engine."""
        match event:
            case Progressed(done, total, clause):
                self._advance(done, total, clause)
            case Finished(report):
                self.close()
                show(report, self._console)
            case _:
                pass

    @property
    def active(self) -> bool:
        """Whether a progress bar is shown."""
        return self._progress is not None

    def close(self) -> None:
        """Take the progress bar away."""
        if self._progress is not None:
            self._progress.stop()
            self._progress = None

    def _advance(self, done: int, total: int, clause: str) -> None:
        if not self._console.is_terminal:
            return
        if self._progress is None:
            columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
            self._progress = Progress(*columns, console=self._console, transient=True)
            self._progress.start()
            self._task = self._progress.add_task("", total=total)
        assert self._task is not None
        self._progress.update(self._task, completed=done, description=clause)


def show(report: Report, console: Console) -> None:
    """Print the table of clauses, then every counterexample that counts, then the verdict."""
    console.print(Text(headline(report)), soft_wrap=True)
    console.print()
    console.print(clause_table(report))
    for result in report.clauses:
        if result.counterexample is not None:
            console.print()
            console.print(Text(_clause_headline(result, report), style="bold"), soft_wrap=True)
            console.print(Text(describe(result.counterexample)), soft_wrap=True)
            console.print(Text(f"  again     {printable(result.replay)}"), soft_wrap=True)
    console.print()
    for problem in report.problems:
        console.print(Text(f"note: {printable(problem)}"), soft_wrap=True)
    console.print(Text(summary(report), style="bold"), soft_wrap=True)


def clause_table(report: Report) -> Table:
    """Return the table of clauses: what each says, how it fared, on how many rows, and how near to its bound."""
    table = Table(box=None, pad_edge=False)
    for name in ("clause", "level", "status", "rows", "worst/bound", "title"):
        table.add_column(name, justify="right" if name in ("rows", "worst/bound") else "left", no_wrap=name != "title")
    for result in report.clauses:
        worst = "" if result.worst is None else f"{result.worst:.3g}"
        status = Text(result.status, style=COLOURS[result.status])
        table.add_row(result.id, result.level, status, f"{result.cases:,}" if result.cases else "", worst, result.title)
    return table


def describe(shown: Counterexample) -> str:
    """Return a counterexample as lines: inputs that can be pasted into Python, then got, expected and the bound."""
    lines = [f"  {name} = {literal(array)}" for name, array in shown.inputs.items()]
    if shown.got is not None and shown.expected is not None and shown.bound is not None:
        lines += [f"  got       {plain(shown.got)}", f"  expected  {plain(shown.expected)}"]
        lines += [f"  bound     {plain(shown.bound)}"] if shown.bound.any() else []
    lines.append(
        f"  wanted    {printable(shown.message)}" if shown.got is not None else f"  {printable(shown.message)}"
    )
    return "\n".join(lines)


def headline(report: Report) -> str:
    """Return what a claim of conformance has to name: versions, target, level, budget and seed."""
    kit = f"nnfs-spec {__version__}, specification {SPEC_VERSION}"
    return f"{kit}: {printable(report.target)}, level {report.level}, budget {report.budget}, seed {report.seed}"


def summary(report: Report) -> str:
    """Return the verdict in a sentence."""
    failed = {
        level: [c.id for c in report.clauses if c.level == level and c.status in ("fail", "error")]
        for level in ("MUST", "SHOULD")
    }
    passed = sum(result.status == "pass" for result in report.clauses)
    parts = [f"{passed} {'clause passes' if passed == 1 else 'clauses pass'}"]
    for level, ids in failed.items():
        if ids:
            parts.append(
                f"{len(ids)} {level} {'clause does' if len(ids) == 1 else 'clauses do'} not hold ({', '.join(ids)})"
            )
    for status in ("unsupported", "not-exercised"):
        if report.counts[status]:
            parts.append(f"{report.counts[status]} {status}")
    return f"{printable(report.target)}: {report.verdict}; {'; '.join(parts)}"


def _clause_headline(result: ClauseResult, report: Report) -> str:
    advice = " (advice)" if result.level == "SHOULD" and report.level == "must" else ""
    return f"{result.id} {result.status}{advice}: {result.title}"
