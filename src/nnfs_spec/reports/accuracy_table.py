"""Measured errors as tables on a terminal, as text in a pipe, and as JSON by the schema in spec/schemas."""

import json
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console
from rich.table import Table
from rich.text import Text

from nnfs_spec.engine.events import ULP_EDGES, Accuracy, Errors
from nnfs_spec.reports.accuracy_wording import error_notes, figures_of
from nnfs_spec.reports.escaping import inline
from nnfs_spec.reports.json_report import errors_told
from nnfs_spec.reports.wording import KIT
from nnfs_spec.support.files import write_whole
from nnfs_spec.version import SPEC_VERSION, __version__

FORMAT = 1
SHOWN = (0.0, 0.5, 1.0, 4.0, 64.0)
"""The edges of the histogram that the table shows; JSON has all of them."""


def to_accuracy_json(accuracy: Accuracy) -> str:
    """Return what was measured as JSON text: the same figures, the same bytes."""
    told = {
        "format": FORMAT,
        "spec_version": SPEC_VERSION,
        "kit_version": __version__,
        "target": accuracy.target,
        "seed": accuracy.seed,
        "batches": accuracy.batches,
        "errors": [errors_told(one) for one in accuracy.errors],
        "taken": list(accuracy.taken),
        "problems": list(accuracy.problems),
        "output": accuracy.output,
    }
    return json.dumps(told, indent=2, allow_nan=False) + "\n"


def write_accuracy_json(accuracy: Accuracy, path: Path) -> None:
    """Write what was measured to ``path``, whole or not at all."""
    write_whole(path, to_accuracy_json(accuracy))


def show_accuracy(accuracy: Accuracy, together: Sequence[Errors], console: Console) -> None:
    """Print the errors of each family, then those of all families ``together`` with their histogram."""
    heading = f"{KIT}: {inline(accuracy.target)}, seed {accuracy.seed}, {accuracy.batches} batches of each family"
    _say(console, heading)
    for taken in accuracy.taken:
        _say(console, f"checked as: {inline(taken)}")
    console.print()
    console.print(family_table(accuracy.errors))
    console.print()
    console.print(error_table(together))
    remarks = [*error_notes(together), *(f"note: {inline(problem)}" for problem in accuracy.problems)]
    if remarks:
        console.print()
    for remark in remarks:
        _say(console, remark)


def family_table(errors: Sequence[Errors]) -> Table:
    """Return a row for each operation, dtype and family: how much was measured, and the errors."""
    table = Table(box=None, pad_edge=False)
    for name in ("operation", "dtype", "family"):
        table.add_column(name, no_wrap=True)
    for name in ("entries", "worst/bound", "worst ULP", "mean ULP"):
        table.add_column(name, justify="right", no_wrap=True)
    for one in errors:
        table.add_row(one.operation, one.dtype, one.family, f"{one.entries:,}", *figures_of(one))
    return table


def error_table(errors: Sequence[Errors]) -> Table:
    """Return a row for each operation and dtype: the errors, and how many percent of the entries lie in each bin."""
    table = Table(box=None, pad_edge=False)
    for name in ("operation", "dtype"):
        table.add_column(name, no_wrap=True)
    bins = (f"<={edge:g}" if edge else "0" for edge in SHOWN)
    for name in ("entries", "worst/bound", "worst ULP", "mean ULP", *bins, "more"):
        table.add_column(name, justify="right", no_wrap=True)
    for one in errors:
        table.add_row(one.operation, one.dtype, f"{one.entries:,}", *figures_of(one), *_percent(one))
    return table


def _percent(errors: Errors) -> list[str]:
    """Return how many percent of the entries lie between two of the shown edges, and above the last."""
    counts, ends = [0] * (len(SHOWN) + 1), (*SHOWN, float("inf"))
    for edge, count in zip((*ULP_EDGES, float("inf")), errors.histogram, strict=True):
        counts[next(place for place, end in enumerate(ends) if edge <= end)] += count
    shares = [100 * count / max(1, errors.entries) for count in counts]
    return ["" if share == 0 else "<1%" if share < 1 else f"{share:.0f}%" for share in shares]


def _say(console: Console, text: str) -> None:
    console.print(Text(text), soft_wrap=True)
