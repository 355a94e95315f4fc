"""``nnfs-spec accuracy``: how far the results of a target are from the exact ones."""

import signal
from collections.abc import Sequence
from contextlib import closing
from importlib.util import find_spec
from pathlib import Path

import click

from nnfs_spec.adapters.isolated import IsolatedSubject
from nnfs_spec.adapters.options import Loading
from nnfs_spec.cli.main import main
from nnfs_spec.cli.options import (
    CONFORMANT,
    NOTHING_CHECKED,
    OutputFile,
    leave,
    map_option,
    report_interrupt,
    report_load_failure,
    run_all_option,
    seed_option,
    timeout_option,
)
from nnfs_spec.engine.accuracy import BATCHES, by_operation, measure_subject
from nnfs_spec.reports.accuracy_table import show_accuracy, write_accuracy_json
from nnfs_spec.reports.terminal import ProgressOnTerminal, console_for_output

PICTURES = (".png", ".svg", ".pdf")


@main.command()
@click.argument("target")
@seed_option
@click.option("--batches", type=click.IntRange(min=1), default=BATCHES, help="Batches of each family of inputs.")
@click.option("--json", "json_file", type=OutputFile(), help="Write the figures as JSON.")
@click.option("--picture", "picture_file", type=OutputFile(), help="Draw them: a .png, .svg or .pdf file.")
@timeout_option
@run_all_option
@map_option
def accuracy(
    target: str,
    seed: int,
    batches: int,
    json_file: Path | None,
    picture_file: Path | None,
    timeout: float,
    run_all: bool,
    mapping: Sequence[str],
) -> None:
    """Measure the errors of TARGET, named as for nnfs-spec check, and judge nothing.

    The errors are distances from the exact values, in units in the last place and as a share of the bound, for each
    operation, dtype and family of inputs. The same seed gives the same inputs.

    Exit code: 0 measured, 2 wrong usage, 3 the target could not be loaded, or nothing could be measured.
    """
    if picture_file is not None:
        require_pictures(picture_file)
    signal.signal(signal.SIGTERM, leave)
    console = console_for_output()
    progress = ProgressOnTerminal(console)
    loading = Loading(run_all, tuple(mapping))
    with (
        report_interrupt(),
        report_load_failure(),
        closing(progress),
        IsolatedSubject(target, timeout, loading) as subject,
    ):
        measured = measure_subject(subject, seed=seed, batches=batches, listen=progress)
    show_accuracy(measured, by_operation(measured.errors), console)
    if json_file is not None:
        write_accuracy_json(measured, json_file)
    if picture_file is not None:
        from nnfs_spec.reports.accuracy_plot import write_picture  # brings matplotlib along

        write_picture(measured, picture_file)
    raise SystemExit(CONFORMANT if any(one.entries for one in measured.errors) else NOTHING_CHECKED)


def require_pictures(path: Path) -> None:
    """Refuse what cannot be drawn before anything is measured."""
    if path.suffix.lower() not in PICTURES:
        raise click.BadParameter(f"{path.name} must end in {', '.join(PICTURES)}", param_hint="--picture")
    if find_spec("matplotlib") is None:
        raise click.UsageError('--picture needs matplotlib: pip install "nnfs-spec[pictures]"')
