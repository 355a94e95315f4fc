"""``nnfs-spec clauses``, ``explain``, ``mutants`` and ``demo``: what there is to read."""

import inspect
from collections.abc import Sequence
from pathlib import Path

import click
import numpy as np
from rich.console import Console
from rich.table import Table
from rich.text import Text

from nnfs_spec.arrays import Array
from nnfs_spec.checking.kill_matrix import ENGINES, Kill, Matrix
from nnfs_spec.clauses import Clause, all_clauses, spec_folder
from nnfs_spec.cli.accuracy import require_pictures
from nnfs_spec.cli.main import main
from nnfs_spec.cli.options import ClauseOrWords, OutputFile
from nnfs_spec.diagnosis.symptoms import clauses_like, mistakes_like, symptom_of
from nnfs_spec.engine.events import Progressed
from nnfs_spec.mutants import MUTANTS, Mutant
from nnfs_spec.properties import PROPERTIES
from nnfs_spec.reference.accuracy import accuracy
from nnfs_spec.reference.data import spiral_data
from nnfs_spec.reference.dense import Layer_Dense
from nnfs_spec.reference.loss import Loss_CategoricalCrossEntropy, sample_losses
from nnfs_spec.reference.relu import Activation_ReLU
from nnfs_spec.reference.softmax import Activation_Softmax
from nnfs_spec.reports.escaping import printable
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
@click.argument("about", type=ClauseOrWords(), nargs=-1, required=True)
def explain(about: Sequence[str]) -> None:
    """Print a clause with its property and its mutants, or find known mistakes by what you see.

    ABOUT is the id of a clause, as in nnfs-spec explain SOFTMAX-3, or words, as in nnfs-spec explain "softmax nan".
    """
    if len(about) == 1 and about[0] in all_clauses():
        explain_clause(about[0])
    else:
        explain_symptom(" ".join(about))


def explain_symptom(text: str) -> None:
    """Print the known mistakes that a description fits, and the clauses that they break."""
    mistakes = mistakes_like(text)
    clauses = clauses_like(text, mistakes)
    if not clauses:
        raise click.UsageError(printable(f"nothing is known of {text!r}; nnfs-spec mutants lists the known mistakes"))
    for mutant in mistakes:
        click.echo(symptom_of(mutant.name) or mutant.name.replace("-", " "))
        click.echo(f"  You may have thought: {mutant.misconception}")
        click.echo(f"  Instead: {mutant.remedy}")
        click.echo(f"  Breaks {', '.join(mutant.killed_by)}; a known mistake: {mutant.name}")
        click.echo()
    click.echo("Clauses:")
    for clause in clauses:
        click.echo(f"  nnfs-spec explain {clause.id:<11} {clause.title}")


def explain_clause(clause: str) -> None:
    """Print a clause, the source of its property, and its mutants."""
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
@click.option("--picture", "picture_file", type=OutputFile(), help="Draw it, too: a .png, .svg or .pdf file.")
def demo(seed: int, picture_file: Path | None) -> None:
    """Walk through the seed's network on the spiral data."""
    if picture_file is not None:
        require_pictures(picture_file)
    for line in walk_through(seed):
        click.echo(line)
    if picture_file is not None:
        draw_walk(seed, picture_file)


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


HARNESSES = {
    "c": "harness.c",
    "cpp": "harness.cpp",
    "fortran": "harness.f90",
    "go": "harness.go",
    "java": "Harness.java",
    "javascript": "harness.js",
    "rust": "harness.rs",
}


@main.command()
@click.argument("language", type=click.Choice(list(HARNESSES)))
def harness(language: str) -> None:
    """Print a harness in LANGUAGE: it reads calls, makes them, and prints the answers (spec/protocol.md)."""
    click.echo((spec_folder() / "harnesses" / HARNESSES[language]).read_text(encoding="utf-8"), nl=False)


SAMPLES, CLASSES, HIDDEN = 100, 3, 3
GRID = 200
"""So many points on each side of the picture are decided."""


def new_network(seed: int) -> tuple[Array, Array, Layer_Dense, Layer_Dense]:
    """Return the points of the spiral, their labels, and the two layers of a new network."""
    rng = np.random.default_rng(seed)
    points, labels = spiral_data(SAMPLES, CLASSES, rng=rng)
    return points, labels, Layer_Dense(2, HIDDEN, rng=rng), Layer_Dense(HIDDEN, CLASSES, rng=rng)


def draw_walk(seed: int, path: Path) -> None:
    """Draw the spiral, what the network decides around it, and what each of its points loses."""
    from nnfs_spec.reports.accuracy_plot import write_figure  # brings matplotlib along
    from nnfs_spec.reports.demo_plot import Walk, drawn

    points, labels, dense1, dense2 = new_network(seed)

    def predicted(inputs: Array) -> Array:
        return Activation_Softmax().forward(dense2.forward(Activation_ReLU().forward(dense1.forward(inputs))))

    side = np.linspace(-1.1, 1.1, GRID)
    grid = np.stack(np.meshgrid(side, side), axis=-1).reshape(-1, 2)
    decisions = predicted(grid).argmax(axis=1).reshape(GRID, GRID)
    write_figure(drawn(Walk(points, labels, sample_losses(predicted(points), labels), side, decisions)), path)


def walk_through(seed: int = 0) -> list[str]:
    """Return what the walk-through prints, line by line; the same seed gives the same lines. Clauses NET-1 to NET-4."""
    points, labels, dense1, dense2 = new_network(seed)
    hidden = Activation_ReLU().forward(dense1.forward(points))
    predictions = Activation_Softmax().forward(dense2.forward(hidden))
    lost = Loss_CategoricalCrossEntropy().calculate(predictions, labels)
    return [
        f"spiral data    points {points.shape}, labels {labels.shape}",
        f"hidden layer   {hidden.shape}",
        f"predictions    {predictions.shape}, the first five:",
        *(f"               {row}" for row in predictions[:5]),
        f"loss           {lost:.6f}, beside ln 3 = {np.log(CLASSES):.6f}: the network guesses",
        f"accuracy       {accuracy(predictions, labels):.4f}",
    ]
