"""What several commands share: their kinds of arguments, their exit codes, and how they are ended."""

import os
import re
import signal
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import get_args

import click
from click.shell_completion import CompletionItem

from nnfs_spec.adapters.isolated import TargetError
from nnfs_spec.adapters.process.sandbox import SandboxError, resolved
from nnfs_spec.clauses import all_clauses
from nnfs_spec.reports.escaping import printable
from nnfs_spec.subject.operations import Operation, operations_named
from nnfs_spec.subject.protocol import Sandbox

CONFORMANT, NONCONFORMANT, NOTHING_CHECKED = 0, 1, 3
EXIT_CODES = {
    "conformant": CONFORMANT,
    "nonconformant": NONCONFORMANT,
    "incomplete": NOTHING_CHECKED,
    "error": NOTHING_CHECKED,
}

timeout_option = click.option(
    "--timeout", type=click.FloatRange(min=0, min_open=True), default=10.0, help="Seconds for a session of calls."
)
"""The option of every command that calls a target."""

seed_option = click.option("--seed", type=click.IntRange(min=0), default=0, help="The same seed gives the same report.")
run_all_option = click.option(
    "--run-all", is_flag=True, help="Run every statement of a source, not only its definitions."
)
map_option = click.option(
    "--map", "mapping", metavar="OP=NAME", multiple=True, help="Take NAME, or MODULE:NAME, for OP; may be repeated."
)
"""Options of those that check or measure one."""

sandbox_option = click.option(
    "--sandbox",
    type=click.Choice(get_args(Sandbox)),
    help="Run targets in a sandbox of bubblewrap, in none, or in one if it can be had (auto). Default: auto for "
    "many, none for one.",
)
"""The option of every command that checks other people's code."""


def require_sandbox(asked: Sandbox) -> None:
    """Refuse a sandbox that is demanded and cannot be had, before anything is run."""
    try:
        resolved(asked)
    except SandboxError as problem:
        raise click.BadParameter(str(problem), param_hint="--sandbox") from None


class ClauseId(click.ParamType[str]):
    """The id of a clause, in either case of letters."""

    name = "clause"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Return the id as the specification spells it, or fail with exit code 2."""
        id = value.upper()
        if id not in all_clauses():
            self.fail(f"there is no clause {value!r}; nnfs-spec clauses lists them", param, ctx)
        return id

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
        """Return the clauses that begin so, each with its title."""
        begun = incomplete.upper()
        return [CompletionItem(id, help=one.title) for id, one in all_clauses().items() if id.startswith(begun)]


class ClauseOrWords(ClauseId):
    """The id of a clause, or any words."""

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Return the id as the specification spells it, or the words; what looks like an id must be one."""
        return super().convert(value, param, ctx) if re.fullmatch(r"[A-Za-z]+-[0-9]+", value) else value


class OperationNames(click.ParamType[tuple[Operation, ...]]):
    """Names of operations with commas between them."""

    name = "operations"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> tuple[Operation, ...]:
        """Return the operations, or fail with exit code 2."""
        try:
            return operations_named(name.strip() for name in value.split(","))
        except ValueError as unknown:
            self.fail(str(unknown), param, ctx)


class OutputFile(click.Path):
    """A file to write, in a folder that exists."""

    def __init__(self) -> None:
        super().__init__(dir_okay=False, path_type=Path)

    def convert(self, value: str | os.PathLike[str], param: click.Parameter | None, ctx: click.Context | None) -> Path:
        """Return the path, or fail with exit code 2 before anything is checked."""
        path = Path(str(super().convert(os.path.expanduser(value), param, ctx)))
        if not path.parent.is_dir():
            self.fail(f"there is no folder {path.parent}", param, ctx)
        if path.is_fifo() and os.path.exists(os.path.realpath(path)):  # what /dev/stdout stands for has no such path
            self.fail(f"{path} is a named pipe, which waits for whoever reads it", param, ctx)
        return path


class InputFile(click.Path):
    """A file to read; a home directory may be given as ``~``, as reports do."""

    def __init__(self) -> None:
        super().__init__(exists=True, dir_okay=False, path_type=Path)

    def convert(self, value: str | os.PathLike[str], param: click.Parameter | None, ctx: click.Context | None) -> Path:
        """Return the path, or fail with exit code 2 unless it is a file that has an end."""
        path = Path(str(super().convert(os.path.expanduser(value), param, ctx)))
        if not path.is_file():
            self.fail(f"{path} is no plain file", param, ctx)
        return path


def none_is_empty(ctx: click.Context, param: click.Parameter, targets: tuple[str, ...]) -> tuple[str, ...]:
    """Return the targets, or fail where one is empty, which as a path would be the current folder."""
    if "" in targets:
        raise click.BadParameter("the name of a target is empty", ctx, param)
    return targets


def leave(signal_number: int, frame: object) -> None:
    """Leave by an exception, so that the process of the target is ended too."""
    click.echo("nnfs-spec: terminated", err=True)
    raise SystemExit(128 + signal_number)


@contextmanager
def report_load_failure() -> Generator[None]:
    """End the command where a target cannot be loaded."""
    try:
        yield
    except TargetError as problem:
        click.echo(f"nnfs-spec: {printable(str(problem))}", err=True)
        raise SystemExit(NOTHING_CHECKED) from None


@contextmanager
def report_interrupt() -> Generator[None]:
    """End the command with the code that shells give to Ctrl-C."""
    try:
        yield
    except KeyboardInterrupt:
        click.echo("nnfs-spec: interrupted", err=True)
        raise SystemExit(128 + signal.SIGINT) from None
