"""The command itself; every file that stands in HOMES adds what it says, and is imported when that is asked for."""

from functools import partial
from importlib import import_module
from typing import Any

import click

from nnfs_spec.cli.ending import run_to_its_end, truthful
from nnfs_spec.support import start
from nnfs_spec.support.hardening import harden
from nnfs_spec.version import SPEC_VERSION, __version__

HOMES = {
    "accuracy": "accuracy",
    "check": "check",
    "clauses": "browse",
    "demo": "browse",
    "doctor": "doctor",
    "explain": "browse",
    "grade": "grade",
    "harness": "browse",
    "merge": "grade",
    "mutants": "browse",
    "peers": "peers",
    "replay": "replay",
    "vectors": "vectors",
}
"""The file of every command in this folder."""


class Commands(click.Group):
    """A group that imports a command when it is needed, so that no command waits for what others import."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of all commands."""
        return sorted(HOMES)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return a command, or None where there is no such."""
        if cmd_name in HOMES:
            import_module(f"nnfs_spec.cli.{HOMES[cmd_name]}")
        return super().get_command(ctx, cmd_name)

    def main(self, *arguments: Any, standalone_mode: bool = True, **more: Any) -> Any:
        """Run a command and leave with an exit code that is a verdict's only where there is one."""
        command = partial(super().main, *arguments, standalone_mode=False, **more)
        return run_to_its_end(command) if standalone_mode else command()

    def make_context(self, *arguments: Any, **more: Any) -> click.Context:
        """Read the arguments of a command."""
        with truthful():
            return super().make_context(*arguments, **more)

    def invoke(self, ctx: click.Context) -> Any:
        """Run a command."""
        with truthful():
            if start.IS_COMMAND:
                harden()
            return super().invoke(ctx)


@click.group(
    cls=Commands,
    epilog="A verdict is an exit code: 0 conformant, 1 not conformant, 2 wrong usage, 3 nothing could be checked.",
)
@click.version_option(__version__, message=f"nnfs-spec {__version__}, specification {SPEC_VERSION}")
def main() -> None:
    """Tell whether an implementation of the forward pass of "Neural Networks from Scratch" is right."""
