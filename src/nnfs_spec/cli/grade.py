"""``nnfs-spec grade`` and ``nnfs-spec merge``: the marks of a class."""

import contextlib
import os
import re
import signal
from collections import Counter
from collections.abc import Generator, Sequence
from pathlib import Path

import click

from nnfs_spec.cli.main import main
from nnfs_spec.cli.options import (
    InputFile,
    OperationNames,
    leave,
    map_option,
    report_interrupt,
    require_sandbox,
    run_all_option,
    sandbox_option,
    seed_option,
    timeout_option,
)
from nnfs_spec.engine.budget import BUDGETS, BudgetName
from nnfs_spec.engine.options import CheckOptions
from nnfs_spec.grading.outcome import MergeError, merge_results
from nnfs_spec.grading.record import NOT_CHECKED
from nnfs_spec.grading.rubric import Rubric, read_rubric, usual_rubric
from nnfs_spec.grading.run import grade_class
from nnfs_spec.reports.escaping import inline, printable
from nnfs_spec.reports.marks import Row
from nnfs_spec.subject.operations import Operation
from nnfs_spec.subject.protocol import Sandbox
from nnfs_spec.support.json_input import ReadingError


class Shard(click.ParamType[tuple[int, int]]):
    """A part and the number of parts, as in 2/8."""

    name = "i/n"

    def convert(
        self, value: str | tuple[int, int], param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[int, int]:
        """Return both numbers, or fail with exit code 2."""
        if isinstance(value, tuple):
            return value
        told = re.fullmatch(r"([1-9][0-9]*)/([1-9][0-9]*)", value)
        if told is None or int(told[1]) > int(told[2]):
            self.fail(f"{value!r} must be i/n with i from 1 to n, as in 2/8", param, ctx)
        return int(told[1]), int(told[2])


class Folder(click.Path):
    """A folder; a home directory may be given as ``~``."""

    def __init__(self, *, exists: bool) -> None:
        super().__init__(exists=exists, file_okay=False, path_type=Path)

    def convert(self, value: str | os.PathLike[str], param: click.Parameter | None, ctx: click.Context | None) -> Path:
        """Return the path, or fail with exit code 2."""
        return Path(str(super().convert(os.path.expanduser(value), param, ctx)))


def _flat(ctx: click.Context, param: click.Parameter, several: Sequence[Sequence[Operation]]) -> tuple[Operation, ...]:
    """Return the operations of all options as one list, each once."""
    return tuple(dict.fromkeys(operation for one in several for operation in one))


out_option = click.option(
    "--out", type=Folder(exists=False), required=True, help="The folder of the marks; grading goes on from what it has."
)
rubric_option = click.option("--rubric", type=InputFile(), help="Points by chapter or clause (spec/grading.md).")
require_option = click.option(
    "--require",
    type=OperationNames(),
    metavar="OP,...",
    multiple=True,
    callback=_flat,
    help="The operations that are to be handed in.",
)


@main.command()
@click.argument("folder", type=Folder(exists=True))
@out_option
@rubric_option
@require_option
@click.option("--budget", type=click.Choice(list(BUDGETS)), default="default", help="How much to try.")
@seed_option
@timeout_option
@click.option(
    "--max-time",
    type=click.FloatRange(min=0, min_open=True),
    default=120.0,
    show_default=True,
    help="Seconds for a submission, after which no more is tried.",
)
@click.option("--jobs", type=click.IntRange(min=1), help="Processes that check; default: all cores.")
@click.option("--shard", type=Shard(), default=(1, 1), metavar="I/N", help="Grade only the I-th of N parts.")
@click.option("--depth", type=click.IntRange(min=1), default=1, help="How many folders deep the students stand.")
@sandbox_option
@run_all_option
@map_option
def grade(
    folder: Path,
    out: Path,
    rubric: Path | None,
    require: tuple[Operation, ...],
    budget: BudgetName,
    seed: int,
    timeout: float,
    max_time: float,
    jobs: int | None,
    shard: tuple[int, int],
    depth: int,
    sandbox: Sandbox | None,
    run_all: bool,
    mapping: Sequence[str],
) -> None:
    """Grade every submission in FOLDER, as Moodle, Canvas or GitHub Classroom gives it.

    Every entry of FOLDER is a student's: a file, a notebook, a zip, or a folder with any of these. In the folder of
    --out, marks.csv has a row for each, index.html shows the class, students/ has a page of feedback and gradescope/
    a results.json for each. All grow while grading goes on. Ended at any moment and started again, it goes on.

    Exit code: 0 when all are graded, whatever their marks; 2 wrong usage; 130 when it was interrupted.
    """
    options = CheckOptions(
        budget=budget,
        seed=seed,
        timeout=timeout,
        run_all=run_all,
        mapping=tuple(mapping),
        max_time=max_time,
        sandbox=sandbox or "auto",
        require=require,
    )
    require_sandbox(options.sandbox)
    signal.signal(signal.SIGTERM, leave)
    with report_interrupt(), _usage_errors():
        marks = _rubric(rubric, require)
        rows = grade_class(folder, out, options, marks, None, jobs, shard, depth, _show)
    _summary(rows, out)


@main.command()
@click.argument("folders", type=Folder(exists=True), nargs=-1, required=True, metavar="DIR...")
@out_option
@rubric_option
@require_option
def merge(folders: Sequence[Path], out: Path, rubric: Path | None, require: tuple[Operation, ...]) -> None:
    """Make one result of the parts that nnfs-spec grade --shard left in each DIR, or mark a result by another rubric.

    Exit code: 0 when it is written, 2 when the parts do not belong together.
    """
    with report_interrupt(), _usage_errors():
        rows = merge_results(folders, out, _rubric(rubric, require)).rows
    _summary(rows, out)


def _rubric(path: Path | None, require: Sequence[Operation]) -> Rubric:
    if path is None:
        return usual_rubric(require)
    try:
        return read_rubric(path)
    except ReadingError as problem:
        raise click.BadParameter(printable(f"{path}: {problem}"), param_hint="--rubric") from None


@contextlib.contextmanager
def _usage_errors() -> Generator[None]:
    try:
        yield
    except (ValueError, MergeError, ReadingError) as problem:
        raise click.UsageError(printable(str(problem))) from None


def _show(row: Row, done: int, total: int) -> None:
    click.echo(f"{done}/{total} {inline(row.student)}: {row.status}{f'; {inline(row.remark)}' if row.remark else ''}")


def _summary(rows: Sequence[Row], out: Path) -> None:
    statuses = sorted(Counter(row.status for row in rows).items())
    click.echo(f"{len(rows)} submissions: {', '.join(f'{count} {status}' for status, count in statuses) or 'none'}")
    skipped = sum(len(row.skipped) for row in rows)
    if skipped:
        click.echo(f"{skipped} files were not checked; {out / 'index.html'} says why")
    if any(row.status == NOT_CHECKED for row in rows):
        click.echo("a submission that is not checked has no marks yet: its remark says what happened")
    click.echo(f"marks: {out / 'marks.csv'}; the class: {out / 'index.html'}; feedback: {out / 'students'}")
