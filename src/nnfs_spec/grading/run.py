"""Grades a class: submissions out of a folder, checked over an executor, into an outcome that grows."""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor, Future
from contextlib import ExitStack, closing, suppress
from os import PathLike
from pathlib import Path

from nnfs_spec.checking.batch import cores
from nnfs_spec.engine.options import CheckOptions
from nnfs_spec.grading.executors import OwnPool, room_of, spread
from nnfs_spec.grading.outcome import Manifest, Outcome, asked_of
from nnfs_spec.grading.record import Record, Task, check_task, lost_record
from nnfs_spec.grading.rubric import Rubric, read_rubric, usual_rubric
from nnfs_spec.grading.submissions import Found, find, hidden, read
from nnfs_spec.reports.marks import Row


def rubric_of(path: str | PathLike[str] | None, options: CheckOptions) -> Rubric:
    """Return the rubric in the file at ``path``, or the usual one. Raises ReadingError."""
    return usual_rubric(options.require, options.clauses) if path is None else read_rubric(Path(path))


def grade_class(
    folder: Path,
    out: Path,
    options: CheckOptions,
    rubric: Rubric,
    executor: Executor | None,
    jobs: int | None,
    shard: tuple[int, int],
    depth: int,
    listen: Callable[[Row, int, int], None],
) -> tuple[Row, ...]:
    """Do what ``nnfs_spec.grade`` does, with a rubric that is read."""
    if out.resolve().is_relative_to(folder.resolve()):
        raise ValueError(f"grade: {out} must not lie in the folder of the submissions, {folder}")
    found = part_of(find(folder, depth), shard)
    outcome = Outcome(out, rubric, Manifest(asked_of(options), hidden=tuple(hidden(folder)), left=len(found)))

    def tell(row: Row) -> None:
        listen(row, len(found) - outcome.manifest.left, len(found))

    def unknown() -> Iterator[Task]:
        """Yield the submissions of which an earlier run left no record, and add the others."""
        for one in found:
            task = Task(read(one), options)
            record = outcome.known(task.key())
            if record is None:
                yield task
            else:
                tell(outcome.add(record, task.key()))

    try:
        with ExitStack() as stack:

            def own() -> Callable[[Task], "Future[Record]"]:
                pool = stack.enter_context(OwnPool(jobs or cores()))
                return lambda task: pool.submit(pool.check, task)

            def given(task: Task) -> "Future[Record]":
                assert executor is not None
                return executor.submit(check_task, task)

            submit, room = (own(), 2 * (jobs or cores())) if executor is None else (given, room_of(executor))
            results = stack.enter_context(closing(spread(unknown(), submit, room, own)))
            for task, future in results:
                problem = future.exception()
                record = future.result() if problem is None else lost_record(task, problem)
                tell(outcome.keep(record, task.key()))
    except BaseException:
        with suppress(OSError):  # a disk that is full is what ended it, and is told
            outcome.write_tables()
        raise
    outcome.write_tables()
    return outcome.rows


def part_of(found: Sequence[Found], shard: tuple[int, int]) -> Sequence[Found]:
    """Return the part ``shard`` = (i, n) of n parts, from 1 on. Raises ValueError where there is no such."""
    part, parts = shard
    if not 1 <= part <= parts:
        raise ValueError(f"shard: {part}/{parts} arrived, but must be i/n with i from 1 to n")
    return found[part - 1 :: parts]
