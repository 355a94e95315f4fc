"""How a command ends that did not come to its end: with a line on the error stream, and a code that is no verdict."""

import signal
from collections.abc import Generator
from contextlib import contextmanager

import click

from nnfs_spec.adapters.isolated import TargetError
from nnfs_spec.cli.options import NOTHING_CHECKED
from nnfs_spec.reports.text import printable


@contextmanager
def told_if_not_loaded() -> Generator[None]:
    """End the command where a target cannot be loaded."""
    try:
        yield
    except TargetError as problem:
        click.echo(f"nnfs-spec: {printable(str(problem))}", err=True)
        raise SystemExit(NOTHING_CHECKED) from None


@contextmanager
def told_if_interrupted() -> Generator[None]:
    """End the command with the code that shells give to Ctrl-C."""
    try:
        yield
    except KeyboardInterrupt:
        click.echo("nnfs-spec: interrupted", err=True)
        raise SystemExit(128 + signal.SIGINT) from None
