"""``nnfs_spec.grade``: a class as one function. Its imports wait until it is called, as those of ``check`` do."""

from collections.abc import Callable
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING

from nnfs_spec.engine.options import CheckOptions

if TYPE_CHECKING:
    from concurrent.futures import Executor

    from nnfs_spec.reports.marks import Row


def grade(
    folder: str | PathLike[str],
    out: str | PathLike[str],
    *,
    options: CheckOptions | None = None,
    rubric: str | PathLike[str] | None = None,
    executor: "Executor | None" = None,
    jobs: int | None = None,
    shard: tuple[int, int] = (1, 1),
    depth: int = 1,
    listen: "Callable[[Row, int, int], None]" = lambda row, done, total: None,
) -> "tuple[Row, ...]":
    """Grade every submission in ``folder``, write the marks to ``out``, and return a row for each student.

    Called again after any end, it goes on where it was. ``options`` are those of ``check_one``; without any, the
    sandbox is "auto". ``rubric`` is a file (spec/grading.md); without one each chapter of the operations that the
    options require gives ten points. ``executor`` is any
    ``concurrent.futures.Executor``, and stays open; without one ``jobs`` processes of this machine work. Of
    ``shard=(i, n)`` only the i-th part of n is graded, and ``nnfs-spec merge`` makes one result of the parts.
    Students stand ``depth`` levels below ``folder``. ``listen`` is called with each row when it is there, how many
    there are, and how many there will be.

    Raises ReadingError for a rubric that says nothing sensible, OSError for what can be neither read nor written,
    ValueError for a shard or folders that make no sense.
    """
    from nnfs_spec.grading.run import grade_class, rubric_of

    options = options or CheckOptions(sandbox="auto")
    marks = rubric_of(rubric, options)
    return grade_class(Path(folder), Path(out), options, marks, executor, jobs, shard, depth, listen)
