"""Checks the one target of ``nnfs-spec check``, while it is still being loaded, and writes every report asked for."""

from collections.abc import Mapping
from pathlib import Path

import click

from nnfs_spec.adapters.isolated import IsolatedSubject
from nnfs_spec.checking.api import check_isolated
from nnfs_spec.checking.checkpoint import CheckpointFile
from nnfs_spec.cli.input_files import KnownFailures
from nnfs_spec.cli.options import EXIT_CODES
from nnfs_spec.engine.options import CheckOptions
from nnfs_spec.reports.badge import write_badge
from nnfs_spec.reports.github import annotations
from nnfs_spec.reports.html import write_html
from nnfs_spec.reports.json_report import write_json
from nnfs_spec.reports.junit import write_junit
from nnfs_spec.reports.markdown import write_markdown
from nnfs_spec.reports.terminal import ProgressOnTerminal, console_for_output, show

WRITERS = {
    "json": write_json,
    "junit": write_junit,
    "markdown": write_markdown,
    "html": write_html,
    "badge": write_badge,
}


def check_one(
    subject: IsolatedSubject,
    options: CheckOptions,
    known: KnownFailures | None,
    state: CheckpointFile | None,
    files: Mapping[str, Path | None],
    *,
    table: bool,
    github: bool,
) -> int:
    """Check ``subject``, print the report, write it to the ``files`` that there are, and return the exit code.

    Raises TargetError where it cannot be loaded.
    """
    console = console_for_output()
    progress = ProgressOnTerminal(console)
    try:
        report = check_isolated(subject, options, checkpoint=state, listen=progress)
    finally:
        progress.close()
        if state is not None:
            state.flush()
    if state is not None and not report.cut_short:
        state.remove()
    if known is not None:
        report = known.judge(report)
    show(report, console, files["json"], table=table)
    for line in annotations(report) if github else ():
        click.echo(line)
    for form, path in files.items():
        if path is not None:
            WRITERS[form](report, path)
    return EXIT_CODES[report.verdict]
