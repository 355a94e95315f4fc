"""The file of --state."""

from collections.abc import Sequence
from pathlib import Path

import click

from nnfs_spec.adapters.loading import Loading
from nnfs_spec.kept import StateError, StateFile, run_of
from nnfs_spec.reports.text import printable


def opened(path: Path, target: str, loading: Loading, clauses: Sequence[str], budget: str, seed: int) -> StateFile:
    """Return the state of a run that is taken up, or of a new one."""
    try:
        return StateFile(path, run_of(target, loading, clauses, budget, seed))
    except StateError as problem:
        raise click.BadParameter(printable(f"{path}: {problem}"), param_hint="--state") from None
