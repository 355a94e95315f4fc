"""Checks the many targets of ``nnfs-spec check``, and shows a row for each."""

import contextlib
import os
import signal
from collections.abc import Sequence
from pathlib import Path

import click

from nnfs_spec.adapters.isolated import isolation_of
from nnfs_spec.adapters.options import is_folder_of_targets, targets_in
from nnfs_spec.checking.batch import cores, grade
from nnfs_spec.cli.options import CONFORMANT, EXIT_CODES, NONCONFORMANT, NOTHING_CHECKED, leave
from nnfs_spec.engine.events import Progressed
from nnfs_spec.engine.options import CheckOptions
from nnfs_spec.reports.batch import Grade, show_grades
from nnfs_spec.reports.escaping import inline, printable
from nnfs_spec.reports.terminal import ProgressOnTerminal, console_for_output


def expanded(targets: Sequence[str]) -> list[str]:
    """Return the targets with those that stand in it in the place of each folder."""
    found: list[str] = []
    for target in targets:
        inside = targets_in(Path(target)) if is_folder_of_targets(target) else [target]
        if not inside:
            raise click.UsageError(printable(f"there is no .py file, no .ipynb file and no package in {target}"))
        found += inside
    return found


def check_many(asked: Sequence[str], options: CheckOptions, jobs: int | None, jsonl_file: Path | None) -> int:
    """Check every target, write and print what came of it, and return the exit code."""
    targets = expanded(asked)
    isolation = isolation_of(options.sandbox)
    if isolation.sandbox == "none" and os.geteuid() == 0:
        click.echo(f"nnfs-spec: warning: {len(targets)} targets run as root without a sandbox", err=True)
    signal.signal(signal.SIGTERM, leave)
    console = console_for_output()
    progress = ProgressOnTerminal(console)
    grades: dict[int, Grade] = {}
    written = 0
    with contextlib.ExitStack() as stack:
        stack.callback(progress.close)
        # written as it grows, in the order of the targets: every line is a whole report, however the run ends
        lines = None if jsonl_file is None else stack.enter_context(jsonl_file.open("w", encoding="utf-8"))
        for place, done in stack.enter_context(contextlib.closing(grade(targets, options, jobs or cores()))):
            grades[place] = done
            rows = sum(grade.rows for grade in grades.values())
            progress(Progressed(len(grades), len(targets), inline(done.target), rows))
            while lines is not None and written in grades:
                lines.write(grades[written].line)
                lines.flush()
                written += 1
    in_order = [grades[place] for place in range(len(targets))]
    show_grades(in_order, isolation, console)
    verdicts = {grade.verdict for grade in in_order}
    return max((EXIT_CODES[verdict] for verdict in verdicts), key=[CONFORMANT, NOTHING_CHECKED, NONCONFORMANT].index)
