"""``nnfs-spec clauses``, ``explain``, ``mutants`` and ``demo``: what there is to read."""

import inspect

import click
from rich.console import Console
from rich.table import Table
from rich.text import Text

from nnfs_spec.clauses import Clause, all_clauses
from nnfs_spec.cli.group import main
from nnfs_spec.cli.options import ClauseId
from nnfs_spec.demo import walk_through
from nnfs_spec.engine.events import Progressed
from nnfs_spec.matrix import ENGINES, Kill, Matrix
from nnfs_spec.mutants import MUTANTS, Mutant
from nnfs_spec.properties import PROPERTIES
from nnfs_spec.reports.terminal import ProgressOnTerminal, console_for_output


@main.command("clauses")
def list_clauses() -> None:
    """List every clause with its property and the mutants that it kills."""
    table = Table(box=None, pad_edge=False)
    for name in ("clause", "level", "title", "property", "mutants"):
        table.add_column(name, no_wrap=name in ("clause", "level"))
    for clause in all_clauses().values():
        killed = mutants_of(clause.id)
        judge = PROPERTIES[clause.id].judge.__name__
        table.add_row(clause.id, clause.level, clause.title, judge, str(len(killed)))
    console_for_output().print(table)


@main.command()
@click.argument("clause", type=ClauseId())
def explain(clause: str) -> None:
    """Print a CLAUSE, the source of its property, and its mutants."""
    told: Clause = all_clauses()[clause]
    click.echo(told.text)
    click.echo("\nIts property:\n")
    click.echo(inspect.getsource(PROPERTIES[clause].judge))
    click.echo("Its mutants:\n")
    for mutant in mutants_of(clause):
        click.echo(f"- {mutant.name}: {mutant.misconception} {mutant.remedy}")


@main.command()
@click.option("--matrix", is_flag=True, help="Try each against its clauses, by every engine; takes a minute.")
def mutants(matrix: bool) -> None:
    """List the wrong implementations, what each misunderstands, and the clauses that notice.

    With --matrix: at which case the sweep, the search and the vectors first notice, and after how many seconds.
    """
    if matrix:
        show_matrix(console_for_output())
        return
    table = Table(box=None, pad_edge=False)
    for name in ("mutant", "operation", "misconception", "noticed by"):
        table.add_column(name, no_wrap=name == "operation")
    for mutant in MUTANTS.values():
        table.add_row(mutant.name, mutant.operation, Text(mutant.misconception), " ".join(mutant.killed_by))
    console_for_output().print(table)


@main.command()
@click.option("--seed", type=click.IntRange(min=0), default=0, help="The same seed draws the same network.")
def demo(seed: int) -> None:
    """Walk through the seed's network on the spiral data."""
    for line in walk_through(seed):
        click.echo(line)


def show_matrix(console: Console) -> None:
    """Compute the kill matrix and print it."""
    table = Table(box=None, pad_edge=False)
    for name in ("mutant", "clause", *ENGINES):
        table.add_column(name, no_wrap=name != "mutant", justify="right" if name in ENGINES else "left")
    progress, total = ProgressOnTerminal(console), sum(len(mutant.killed_by) for mutant in MUTANTS.values())
    try:
        for done, row in enumerate(Matrix().rows(), start=1):
            progress(Progressed(done, total, row.clause, 0))
            table.add_row(row.mutant.name, row.clause, *(_told(row.kills[engine]) for engine in ENGINES))
    finally:
        progress.close()
    console.print(table)


def _told(kill: Kill | None) -> str:
    return "-" if kill is None else f"{kill.case} in {kill.seconds:.3f} s"


def mutants_of(clause: str) -> list[Mutant]:
    """Return the mutants that name ``clause`` among those that notice them."""
    return [mutant for mutant in MUTANTS.values() if clause in mutant.killed_by]
