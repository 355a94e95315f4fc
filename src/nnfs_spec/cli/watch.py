"""``nnfs-spec check --watch``: checks a target again whenever one of its files is saved."""

import contextlib
import shlex
import time
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import NoReturn

import click
from rich.console import Console

from nnfs_spec.adapters.isolated import IsolatedSubject, TargetError
from nnfs_spec.adapters.options import SUFFIXES
from nnfs_spec.checking.api import check_isolated, loading_of
from nnfs_spec.engine.budget import BudgetName
from nnfs_spec.engine.events import Event, Failed, Report
from nnfs_spec.engine.options import CheckOptions
from nnfs_spec.reports.escaping import printable
from nnfs_spec.reports.terminal import ProgressOnTerminal, console_for_output, show, show_first
from nnfs_spec.subject.protocol import EXECUTABLE

PAUSE = 0.05
"""Seconds between two looks at the files."""

Stamps = Mapping[Path, tuple[int, int, int]]
"""Of each file that is watched: its number, when it was changed in nanoseconds, and its size."""


class SavedError(Exception):
    """A file was saved while its earlier state was checked."""


def watch(target: str, options: CheckOptions, table: bool) -> NoReturn:
    """Check ``target`` at quick, then with the budget of ``options``, and again at every save, until Ctrl-C.

    Raises click.UsageError where there is no file to watch.
    """
    if not watched_files(target):
        raise click.UsageError(f"--watch: {target} is no file, folder or command of a file: there is nothing to watch")
    console = console_for_output()
    while True:
        seen = stamps(target)
        console.clear()
        try:
            _check(target, options, table, seen, console)
            _say(console, "watching; the next save checks again, Ctrl-C ends")
        except TargetError as problem:
            _say(console, printable(str(problem)))
        except SavedError:
            continue
        while stamps(target) == seen:
            time.sleep(PAUSE)


def watched_files(target: str) -> set[Path]:
    """Return the files of a target: a source with those beside it, the sources in a folder, those of a command."""
    if target.startswith(EXECUTABLE):
        return {Path(word) for word in shlex.split(target.removeprefix(EXECUTABLE)) if Path(word).is_file()}
    path = Path(target)
    folder, depth = (path, "**/*") if path.is_dir() else (path.parent, "*")
    sources = {source for suffix in SUFFIXES for source in folder.glob(depth + suffix)}
    return sources | {path} if path.exists() else set()


def stamps(target: str) -> Stamps:
    """Return what changes when a file of ``target`` is saved."""
    found: dict[Path, tuple[int, int, int]] = {}
    for path in watched_files(target):
        with contextlib.suppress(FileNotFoundError):  # an editor puts a new file in the place of the old one
            told = path.stat()
            found[path] = (told.st_ino, told.st_mtime_ns, told.st_size)
    return found


class _Listener:
    """Prints the first failure that counts, shows how far the check is, and ends it when a file is saved."""

    def __init__(self, target: str, seen: Stamps, level: str, console: Console) -> None:
        self._target = target
        self._seen = seen
        self._level = level
        self._console = console
        self._progress = ProgressOnTerminal(console)
        self._shown = False

    def __call__(self, event: Event) -> None:
        if stamps(self._target) != self._seen:
            raise SavedError
        if not isinstance(event, Failed):
            self._progress(event)
        elif not self._shown and event.counts_at(self._level):
            self._shown = True
            show_first(event, self._console)

    def close(self) -> None:
        """Take the progress bar away."""
        self._progress.close()


def _check(target: str, options: CheckOptions, table: bool, seen: Stamps, console: Console) -> None:
    """Show the report of a quick check and, where nothing failed, that of the budget asked for."""
    budgets: list[BudgetName] = ["quick", options.budget]
    for budget in dict.fromkeys(budgets):
        report = _report(target, replace(options, budget=budget), seen, console)
        console.clear()
        show(report, console, table=table)
        if report.verdict == "nonconformant":
            break


def _report(target: str, options: CheckOptions, seen: Stamps, console: Console) -> Report:
    listener = _Listener(target, seen, options.level, console)
    subject = IsolatedSubject(target, options.timeout, loading_of(options), wait=False)
    try:
        return check_isolated(subject, options, listen=listener)
    finally:
        listener.close()
        subject.close()


def _say(console: Console, text: str) -> None:
    console.print(text, soft_wrap=True)
