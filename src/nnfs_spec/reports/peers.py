"""The peers beside each other: the clauses of each, its worst error, and why what does not hold does not.

Shown on a terminal, and as the page spec/peers.md.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from rich.console import Console
from rich.table import Table
from rich.text import Text

from nnfs_spec.engine.events import ClauseResult, Report
from nnfs_spec.reports.escaping import inline
from nnfs_spec.reports.terminal import COLOURS
from nnfs_spec.reports.wording import FAILED, KIT

ABSENT = "-"


@dataclass(frozen=True, eq=False)
class Column:
    """One peer: its report, or the ``problem`` that there is none; the reasons that are kept, and which are ``due``."""

    name: str
    title: str
    versions: Mapping[str, str]
    report: Report | None
    problem: str
    reasons: Mapping[str, str]
    due: frozenset[str]

    @property
    def results(self) -> Mapping[str, ClauseResult]:
        """How each clause fared, by id; those that it lacks the operations for are left out."""
        clauses = () if self.report is None else self.report.clauses
        return {result.id: result for result in clauses if result.status != "unsupported"}

    @property
    def failed(self) -> list[str]:
        """The clauses that do not hold."""
        return [id for id, result in self.results.items() if result.status in FAILED]

    @property
    def unexplained(self) -> list[str]:
        """The clauses that do not hold, and no reason is kept."""
        return [id for id in self.failed if id not in self.reasons]

    @property
    def idle(self) -> list[str]:
        """The clauses that hold though a reason is kept why they should not; none where nothing was checked."""
        explained = (*FAILED, "blocked")
        return [id for id, result in self.results.items() if id in self.due and result.status not in explained]

    @property
    def nearest(self) -> ClauseResult | None:
        """The clause that holds with the largest share of its bound used."""
        held = [result for result in self.results.values() if result.status == "pass" and result.worst is not None]
        return max(held, key=_share, default=None)


def clauses_of(columns: Sequence[Column]) -> list[str]:
    """Return the clauses that some peer has the operations for, in their order."""
    reports = [column.report for column in columns if column.report is not None]
    ids = dict.fromkeys(result.id for report in reports for result in report.clauses)
    return [id for id in ids if any(id in column.results for column in columns)]


def cell(column: Column, id: str) -> str:
    """Return how a clause fared: the worst error as a share of the bound where it passes, else its status and that."""
    result = column.results.get(id)
    if result is None:
        return ABSENT
    share = "" if result.worst is None else f"{result.worst:.2g}"
    if result.status == "pass":
        return share or "0"
    return f"{result.status} {share}".rstrip()


def news(columns: Sequence[Column]) -> list[str]:
    """Return a sentence for every failure without a reason and every reason without a failure."""
    return [
        sentence
        for column in columns
        for sentence in (
            *(f"{column.name}: {id} does not hold, and no reason is known" for id in column.unexplained),
            *(f"{column.name}: {id} holds, but a reason is kept why it should not" for id in column.idle),
        )
    ]


def show_peers(columns: Sequence[Column], console: Console) -> None:
    """Print the matrix, the reasons, what could not be checked, and what is new."""
    present = [column for column in columns if column.report is not None]
    if present:
        console.print(_matrix(present))
    for column in present:
        console.print()
        _say(console, heading(column), "bold")
        for id in column.failed:
            _say(console, f"  {id} {column.results[id].status}: {column.reasons.get(id, 'no reason is known')}")
    console.print()
    for column in columns:
        if column.report is None:
            _say(console, f"{column.name}: {inline(column.problem)}", COLOURS["not-exercised"])
    for sentence in news(columns):
        _say(console, sentence, COLOURS["fail"])
    _say(console, summary(columns), "bold")


def heading(column: Column) -> str:
    """Return the name of a peer that was checked, its versions, the budget, and how near it comes to a bound."""
    assert column.report is not None
    nearest = column.nearest
    near = "" if nearest is None else f"; nearest to a bound: {_share(nearest):.2g} of that of {nearest.id}"
    return f"{column.title} ({_versions(column)}), budget {column.report.budget}{near}"


def summary(columns: Sequence[Column]) -> str:
    """Return in a sentence how many peers were checked, and whether all that does not hold is explained."""
    checked = sum(column.report is not None for column in columns)
    failed = sum(len(column.failed) for column in columns)
    unexplained = sum(len(column.unexplained) for column in columns)
    return f"{checked} of {len(columns)} peers checked; {failed} failures, {unexplained} of them without a reason"


def page(columns: Sequence[Column], command: str) -> str:
    """Return the page of spec/ about peers that were all checked."""
    names = [column.name for column in columns]
    lines = [
        "# Peers",
        "",
        "How other people's libraries fare: each is a subject of a few lines in the words of the library, and is",
        "checked like any other code, advice included. This page adds no clause. It is written by",
        "",
        "```sh",
        command,
        "```",
        "",
        f"with {KIT}, and says nothing of other versions. `make peers` compares it with",
        "what is found then, but for shares of bounds, which depend on the processor. `nnfs-spec check peer:NAME`",
        "shows the counterexamples of one.",
        "",
        "| peer | library | versions | budget | nearest to a bound |",
        "|---|---|---|---|---|",
        *map(_row, columns),
        "",
        "## Clauses",
        "",
        "A number is the worst error met, as a share of the bound, of a clause that passes. A clause that does not",
        "pass has its status, and the same share where there is one. A dash stands for a clause whose operations the",
        "library lacks; clauses that all lack are left out.",
        "",
        f"| clause | {' | '.join(names)} |",
        f"|---|{'---|' * len(names)}",
        *(f"| {id} | {' | '.join(cell(column, id) for column in columns)} |" for id in clauses_of(columns)),
        "",
        "## Reasons",
        "",
        "Why a clause does not hold. A failure without a reason would be news, and so would a reason without a",
        "failure; the command says so then, and ends with exit code 1.",
    ]
    for column in columns:
        lines += ["", f"### {column.title}", ""]
        lines += [f"- {id}: {column.reasons.get(id, 'no reason is known')}." for id in column.failed]
    return "\n".join(lines) + "\n"


def _versions(column: Column) -> str:
    return ", ".join(f"{name} {version}" for name, version in column.versions.items())


def _row(column: Column) -> str:
    assert column.report is not None
    nearest = column.nearest
    near = "" if nearest is None else f"{_share(nearest):.2g} ({nearest.id})"
    return f"| {column.name} | {column.title} | {_versions(column)} | {column.report.budget} | {near} |"


def _matrix(columns: Sequence[Column]) -> Table:
    table = Table(box=None, pad_edge=False)
    table.add_column("clause", no_wrap=True)
    for column in columns:
        table.add_column(column.name, justify="right", no_wrap=True)
    for id in clauses_of(columns):
        texts = (Text(cell(one, id), style=_colour(one, id)) for one in columns)
        table.add_row(id, *texts)
    return table


def _colour(column: Column, id: str) -> str:
    return COLOURS[column.results[id].status if id in column.results else "unsupported"]


def _share(result: ClauseResult) -> float:
    assert result.worst is not None
    return result.worst


def _say(console: Console, text: str, style: str = "") -> None:
    console.print(Text(text, style=style), soft_wrap=True)
