"""``nnfs-spec peers``: other people's libraries beside each other."""

import shlex
import signal
from collections.abc import Sequence
from pathlib import Path

import click

from nnfs_spec.adapters.peers.reasons import CHOSEN, Chosen
from nnfs_spec.adapters.peers.registry import PEERS
from nnfs_spec.checking.peers import check_peer
from nnfs_spec.cli.main import main
from nnfs_spec.cli.options import CONFORMANT, NONCONFORMANT, NOTHING_CHECKED, OutputFile, leave
from nnfs_spec.reports.peers import Column, news, page, show_peers
from nnfs_spec.reports.terminal import ProgressOnTerminal, console_for_output
from nnfs_spec.support.files import write_whole


@main.command()
@click.argument("names", nargs=-1, type=click.Choice(list(PEERS)), metavar="[NAME]...")
@click.option("--budget", type=click.Choice(CHOSEN), default="default", help="How much to try.")
@click.option("--markdown", "markdown_file", type=OutputFile(), help="Write the page, if all of them are checked.")
def peers(names: Sequence[str], budget: Chosen, markdown_file: Path | None) -> None:
    """Check the peers, or those named: what other people's libraries make of the clauses, and why.

    Libraries that are not installed are said to be; the extra "peers" of this package has all of them.

    Exit code: 0 all that does not hold has a reason, and every reason something that does not hold; 1 it is not so;
    2 wrong usage; 3 nothing was checked, or a peer could not be loaded, or there is no page without all of them.
    """
    signal.signal(signal.SIGTERM, leave)
    console = console_for_output()
    columns = [checked(name, budget, ProgressOnTerminal(console)) for name in names or PEERS]
    show_peers(columns, console)
    present = [column for column in columns if column.report is not None]
    if news(columns):
        raise SystemExit(NONCONFORMANT)
    if not present or any(column.report is None and column.versions for column in columns):
        raise SystemExit(NOTHING_CHECKED)
    if markdown_file is not None:
        if len(present) < len(columns):
            click.echo(f"nnfs-spec: {markdown_file} is not written, as not all peers were checked", err=True)
            raise SystemExit(NOTHING_CHECKED)
        words = ["nnfs-spec", "peers", *names, "--budget", budget, "--markdown", str(markdown_file)]
        write_whole(markdown_file, page(columns, shlex.join(words)))
    raise SystemExit(CONFORMANT)


def checked(name: str, budget: Chosen, progress: ProgressOnTerminal) -> Column:
    """Check one peer, and show how far it is."""
    try:
        return check_peer(name, budget, progress)
    finally:
        progress.close()
