"""The command line."""

import inspect
import signal
from collections.abc import Sequence
from pathlib import Path

import click
from rich.table import Table
from rich.text import Text

from nnfs_spec.adapters.isolated import IsolatedSubject, TargetError
from nnfs_spec.clauses import Clause, all_clauses
from nnfs_spec.demo import walk_through
from nnfs_spec.engine.run import BUDGETS, check_subject
from nnfs_spec.mutants import MUTANTS, Mutant
from nnfs_spec.properties import PROPERTIES
from nnfs_spec.reports.json_report import write_json
from nnfs_spec.reports.terminal import TerminalReport, console_for_output
from nnfs_spec.reports.text import printable
from nnfs_spec.version import SPEC_VERSION, __version__

CONFORMANT, NONCONFORMANT, NOTHING_CHECKED = 0, 1, 3
EXIT_CODES = {"conformant": CONFORMANT, "nonconformant": NONCONFORMANT, "error": NOTHING_CHECKED}


class ClauseId(click.ParamType[str]):
    """The id of a clause, in either case of letters."""

    name = "clause"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Return the id as the specification spells it, or fail with exit code 2."""
        id = value.upper()
        if id not in all_clauses():
            self.fail(f"there is no clause {value!r}; nnfs-spec clauses lists them", param, ctx)
        return id


@click.group()
@click.version_option(__version__, message=f"nnfs-spec {__version__}, specification {SPEC_VERSION}")
def main() -> None:
    """Tell whether an implementation of the forward pass of "Neural Networks from Scratch" is right."""


@main.command()
@click.argument("target")
@click.option("--level", type=click.Choice(["must", "should"]), default="must", help="Whether broken advice counts.")
@click.option("--budget", type=click.Choice(list(BUDGETS)), default="default", help="How much to try.")
@click.option("--seed", type=click.IntRange(min=0), default=0, help="The same seed gives the same report.")
@click.option("--clause", "clauses", type=ClauseId(), multiple=True, help="Check only this clause; may be repeated.")
@click.option("--json", "json_file", type=click.Path(dir_okay=False, path_type=Path), help="Write the report as JSON.")
@click.option(
    "--timeout", type=click.FloatRange(min=0, min_open=True), default=10.0, help="Seconds for a session of calls."
)
def check(
    target: str,
    level: str,
    budget: str,
    seed: int,
    clauses: Sequence[str],
    json_file: Path | None,
    timeout: float,
) -> None:
    """Check TARGET: path/to/file.py, package.module, mutant:NAME, or reference.

    Of a file only the definitions are run: imports, functions, classes and constants. Recognised are the functions
    dense, relu, softmax, sample_losses, loss, accuracy and spiral_data, and the classes Layer_Dense, Activation_ReLU,
    Activation_Softmax and Loss_CategoricalCrossEntropy (or ...Crossentropy).

    Exit code: 0 conformant, 1 not conformant, 2 wrong usage, 3 nothing could be checked.
    """
    if json_file is not None and not json_file.parent.is_dir():
        raise click.BadParameter(f"there is no folder {json_file.parent}", param_hint="--json")
    signal.signal(signal.SIGTERM, _leave)
    terminal = TerminalReport(console_for_output())
    try:
        with IsolatedSubject(target, timeout) as subject:
            report = check_subject(
                subject,
                level=level,
                budget=budget,
                seed=seed,
                only=clauses,
                problems=subject.notes,
                listen=terminal,
            )
    except TargetError as problem:
        click.echo(f"nnfs-spec: {printable(str(problem))}", err=True)
        raise SystemExit(NOTHING_CHECKED) from None
    finally:
        terminal.close()
    if json_file is not None:
        write_json(report, json_file)
    raise SystemExit(EXIT_CODES[report.verdict])


def _leave(signal_number: int, frame: object) -> None:
    """Leave by an exception, so that the process of the target is ended too."""
    raise SystemExit(128 + signal_number)


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
def mutants() -> None:
    """List the wrong implementations, what each misunderstands, and the clauses that notice."""
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


def mutants_of(clause: str) -> list[Mutant]:
    """Return the mutants that name ``clause`` among those that notice them."""
    return [mutant for mutant in MUTANTS.values() if clause in mutant.killed_by]
