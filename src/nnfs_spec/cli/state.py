"""The file of --state."""

from pathlib import Path
from typing import Any

import click

from nnfs_spec.kept import StateError, StateFile
from nnfs_spec.reports.text import printable


def opened(path: Path, run: dict[str, Any]) -> StateFile:
    """Return the state of a run that is taken up, or of a new one."""
    try:
        return StateFile(path, run)
    except StateError as problem:
        raise click.BadParameter(printable(f"{path}: {problem}"), param_hint="--state") from None
