"""The file of --baseline."""

import shlex
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from nnfs_spec.checking.baseline import BaselineError, judge_by_baseline, read_baseline, read_text, updated_baseline
from nnfs_spec.checking.checkpoint import CheckpointError, CheckpointFile
from nnfs_spec.engine.events import Report
from nnfs_spec.reports.escaping import printable
from nnfs_spec.support.files import anonymise_path, write_whole


class KnownFailures:
    """The file of --baseline, read before the check, so that a bad one costs no time.

    ``asked`` are the options of the check.
    """

    def __init__(self, path: Path, update: bool, asked: Sequence[str]) -> None:
        self._path = path
        self._update = update
        self._asked = asked
        try:
            self._text = read_text(path) if path.exists() else None
            self._entries = {} if self._text is None else read_baseline(self._text)
        except BaselineError as problem:
            raise click.BadParameter(printable(f"{path}: {problem}"), param_hint="--baseline") from None
        if self._text is None and not update:
            raise click.BadParameter(f"there is no file {path}; --update-baseline writes it", param_hint="--baseline")

    def judge(self, report: Report) -> Report:
        """Return the report beside what is known; update the file first, if that was asked for."""
        if self._update:
            text = updated_baseline(self._text, report)
            write_whole(self._path, text)
            self._entries = read_baseline(text)
        source = anonymise_path(str(self._path))
        command = ["nnfs-spec", "check", report.target, *self._asked, "--baseline", source, "--update-baseline"]
        return judge_by_baseline(report, self._entries, source, shlex.join(command))


def opened(path: Path, run: dict[str, Any]) -> CheckpointFile:
    """Return the state of a run that is taken up, or of a new one."""
    try:
        return CheckpointFile(path, run)
    except CheckpointError as problem:
        raise click.BadParameter(printable(f"{path}: {problem}"), param_hint="--state") from None
