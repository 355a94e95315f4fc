"""Known mistakes that hold on a part of the domain: in one dtype, memory order or form of labels, or from a size on."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from nnfs_spec.diagnosis.compare import MutantRunner, sight_of
from nnfs_spec.diagnosis.experiments import Result
from nnfs_spec.diagnosis.inputs import DOUBLE, ORDINARY, RESULTS, SINGLE, Arguments, floats
from nnfs_spec.diagnosis.observation import Observation, alike
from nnfs_spec.engine.events import ClauseResult
from nnfs_spec.mutants import Mutant
from nnfs_spec.subject.layouts import C_ORDER, NAMED
from nnfs_spec.subject.operations import BATCH_OPERATIONS, Operation
from nnfs_spec.subject.protocol import Call, Runs, run_sessions

ANY_ORDER, BOTH_FORMS = ("GEN-4",), ("LOSS-2", "LOSS-3", "ACC-3")
"""Clauses that whatever is wrong in one memory order, or for one form of labels, breaks."""

FEWEST_ROWS = 8
"""A counterexample of fewer rows, or columns, tells of no size from which on a mistake holds."""


@dataclass(frozen=True)
class Part:
    """A part of the domain, in words, whether a call belongs to it, and the clauses that speak of just that."""

    words: str
    holds: Callable[[Call], bool]
    about: tuple[str, ...] = ()


def _dtype(dtype: np.dtype[np.floating]) -> Part:
    return Part(f"in {dtype}", lambda call: call.arguments[0].dtype == dtype)


def _labels(words: str, ndim: int) -> Part:
    return Part(f"for {words} labels", lambda call: call.arguments[-1].ndim == ndim, BOTH_FORMS)


FORTRAN = Part("in Fortran order", lambda call: call.layout.order == "F", ANY_ORDER)
OTHER_ORDER = Part("where the arguments do not lie in C order", lambda call: call.layout != C_ORDER, ANY_ORDER)


def _sizes(axis: int, what: str, size: int) -> list[Part]:
    def measured(call: Call) -> int:
        return int(call.arguments[0].shape[axis])

    return [
        Part(f"with {size} {what} or more", lambda call: measured(call) >= size),
        Part(f"with exactly {size} {what}", lambda call: measured(call) == size),
    ]


def match_on_a_part(
    subject: Runs, operation: Operation, mutants: Sequence[Mutant], failed: Sequence[ClauseResult], seed: int
) -> tuple[Mutant, Part] | None:
    """Return the only mutant that a subject behaves like on a part of the domain, being right on the rest of it.

    Where several are alike there is none, since nobody can tell which was meant. Raises BrokeDownError.
    """
    if operation not in BATCH_OPERATIONS:
        return None
    sizes = _sizes_at_fault(failed)
    planned = [Result(call) for call in _calls(operation, sizes, seed)]
    told = run_sessions(subject, [session for experiment in planned for session in experiment.sessions])
    sights = (
        (experiment, sight_of(experiment, [outcomes])) for experiment, outcomes in zip(planned, told, strict=True)
    )
    seen = [(experiment, sight) for experiment, sight in sights if sight is not None]
    wrong = [experiment for experiment, sight in seen if not sight.right]
    for part in _parts(operation, sizes):
        if wrong and all(part.holds(experiment.call) for experiment in wrong):
            inside = [(experiment, sight) for experiment, sight in seen if part.holds(experiment.call)]
            found = [mutant for mutant in mutants if _agrees(mutant, operation, inside)]
            if len(found) == 1:
                return found[0], part
    return None


def _agrees(mutant: Mutant, operation: Operation, inside: Sequence[tuple[Result, Observation]]) -> bool:
    """Tell whether a mutant shows what was seen, whatever that is; one with a memory of its own is not asked."""
    if isinstance(mutant.code, type):
        return False
    bench = MutantRunner(mutant, operation)
    for experiment, sight in sorted(inside, key=lambda pair: pair[1].right):
        wrong = sight_of(experiment, map(bench.run, experiment.sessions))
        if wrong is None or not alike(sight, wrong):
            return False
    return True


def _parts(operation: Operation, sizes: tuple[int, int]) -> Iterator[Part]:
    yield from (_dtype(SINGLE), _dtype(DOUBLE))
    if operation in ("sample_losses", "loss", "accuracy"):
        yield from (_labels("sparse", 1), _labels("one-hot", 2))
    yield from (FORTRAN, OTHER_ORDER)
    for axis, what in ((0, "rows"), (1, "columns")):
        if sizes[axis]:
            yield from _sizes(axis, what, sizes[axis])


def _sizes_at_fault(failed: Sequence[ClauseResult]) -> tuple[int, int]:
    """Return of how many rows and columns the smallest counterexample is, where these are many; else 0."""
    shapes = [
        next(iter(result.counterexample.inputs.values())).shape
        for result in failed
        if result.counterexample is not None and result.counterexample.inputs
    ]
    matrices = [shape for shape in shapes if len(shape) == 2]
    if not matrices:
        return 0, 0
    rows, columns = (min(shape[axis] for shape in matrices) for axis in (0, 1))
    return rows * (rows >= FEWEST_ROWS), columns * (columns >= FEWEST_ROWS)


def _calls(operation: Operation, sizes: tuple[int, int], seed: int) -> Iterator[Call]:
    rng = np.random.default_rng(seed)
    known = RESULTS[operation](rng)
    for given in known:
        for dtype in (DOUBLE, SINGLE):
            cast = _within(given, dtype)
            if cast is not None:
                yield Call(operation, cast, fresh=True)
        if min(given[0].shape) > 1:
            yield from (Call(operation, given, NAMED[name], fresh=True) for name in ("F", "strided", "reversed"))
    rows, columns = sizes
    for n in (rows - 1, rows, rows + 1, 2 * rows + 3) if rows else ():
        yield Call(operation, ORDINARY[operation](rng, n, 3), fresh=True)
    for c in (columns - 1, columns, columns + 1, 2 * columns + 3) if columns else ():
        yield Call(operation, ORDINARY[operation](rng, 3, c), fresh=True)


def _within(given: Arguments, dtype: np.dtype[np.floating]) -> Arguments | None:
    """Return arguments in another dtype, where all of them can be told in it as numbers."""
    with np.errstate(over="ignore"):
        cast = floats(given, dtype)
    return cast if all(np.isfinite(one).all() for one in cast) else None
