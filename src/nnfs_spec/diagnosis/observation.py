"""What an experiment shows of an implementation, in a form in which two implementations can be compared."""

from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np

from nnfs_spec.arrays import Array, unit_roundoff
from nnfs_spec.oracle.enclosure import Enclosure
from nnfs_spec.properties.dense import distance_bound
from nnfs_spec.subject.protocol import Answer, Breakdown, Outcome, Refusal, numbers_of

RAISED = "raised an exception"
RAISED_IN_ARITHMETIC = "raised an exception where floating-point arithmetic gives NaN or infinity"
ARITHMETIC = frozenset({"OverflowError", "ZeroDivisionError", "FloatingPointError", "ValueError"})
"""What Python's own numbers and ``math`` raise where NumPy's give NaN or infinity."""

SINGLE = np.dtype(np.float32)


class BrokeDownError(Exception):
    """The subject gave neither a result nor an exception, so there is nothing to compare."""


@dataclass(frozen=True, eq=False)
class Reading:
    """Numbers that came out, and how far those of another program of the same formula may lie from them.

    ``single`` says that float32 holds all of them though float64 was asked for: they were computed in float32.
    """

    values: Array
    limit: Array
    single: bool = False


@dataclass(frozen=True, eq=False)
class Spread:
    """Numbers drawn at random, sorted: two programs of the same formula draw others, but spread alike."""

    draws: Array


Part: TypeAlias = str | Reading | Spread


@dataclass(frozen=True, eq=False)
class Observation:
    """What an experiment showed, part by part; whether that is right, and whether it has the form of a result."""

    right: bool
    parts: tuple[Part, ...]
    formed: bool = True


def alike(seen: Observation, wrong: Observation) -> bool:
    """Tell whether ``seen`` of a subject is what ``wrong`` is of a mutant, part by part."""
    if len(seen.parts) != len(wrong.parts):
        return False
    return all(_alike(mine, other) for mine, other in zip(seen.parts, wrong.parts, strict=True))


def _alike(mine: Part, other: Part) -> bool:
    match mine, other:
        case Reading(), Reading():
            return same_numbers(mine, other)
        case Spread(), Spread():
            return _distance(mine.draws, other.draws) <= distance_bound(mine.draws.size) + distance_bound(
                other.draws.size
            )
        case str(), str():
            return mine == other or {mine, other} == {RAISED, RAISED_IN_ARITHMETIC}
        case str(), Reading():
            return mine == RAISED_IN_ARITHMETIC and not np.isfinite(other.values).all()
        case _:
            return False


def same_numbers(mine: Reading, other: Reading) -> bool:
    """Tell whether ``mine`` are the numbers of ``other``, within its limit."""
    if mine.values.shape != other.values.shape or mine.single < other.single:
        return False
    with np.errstate(invalid="ignore"):
        near = np.abs(mine.values - other.values) <= other.limit
    return bool(np.all(near | equal(mine.values, other.values)))


def _distance(draws: Array, others: Array) -> float:
    """Return the Kolmogorov-Smirnov distance of two sorted samples."""
    both = np.concatenate([draws, others])
    below = (np.searchsorted(sample, both, side="right") / sample.size for sample in (draws, others))
    return float(np.abs(next(below) - next(below)).max(initial=0.0))


def equal(one: Array, other: Array) -> Array:
    """Tell which entries are equal, NaN to NaN."""
    same: Array = (one == other) | (np.isnan(one) & np.isnan(other))
    return same


def reading(values: Array, dtype: np.dtype[Any], scale: float = 1.0) -> Reading:
    """Return a reading of numbers of which no right value is known, computed in ``dtype`` from some up to ``scale``."""
    numbers = _double(values)
    return Reading(numbers, scale * _slack(numbers, unit_roundoff(dtype)))


def result_of(outcome: Outcome, dtype: np.dtype[Any]) -> Part:
    """Return the result of a call as a part, or the word for what came instead. Raises BrokeDownError."""
    numbers = numbers_of(outcome)
    if numbers is not None:
        return reading(numbers, dtype)
    return f"dtype {outcome.results[0].dtype}" if isinstance(outcome, Answer) else refused(outcome)


def refused(outcome: Outcome) -> str:
    """Return the word for a call that raised an exception. Raises BrokeDownError for one that did not even that."""
    if isinstance(outcome, Breakdown):
        raise BrokeDownError(outcome.message)
    assert isinstance(outcome, Refusal)
    return RAISED_IN_ARITHMETIC if outcome.kind in ARITHMETIC else RAISED


def measured(values: Array, exact: Enclosure, dtype: np.dtype[Any]) -> Reading:
    """Return a reading of numbers whose exact values are known.

    Right ones may differ by the two bounds. Wrong ones may be rounded otherwise by another program, but never so far
    that they lie nearer to the exact value than to the wrong one.
    """
    numbers, right = _double(values), exact.hi + exact.lo
    bound = 2 * exact.bound
    single = dtype != SINGLE and _fits_single(numbers) and not _fits_single(right)
    slack = bound + _slack(np.maximum(np.abs(numbers), np.abs(right)), unit_roundoff(SINGLE if single else dtype))
    with np.errstate(invalid="ignore"):
        away = np.abs(numbers - right)
    halfway = np.where(np.isfinite(away), away / 2, 0.0)
    good = exact.share_of_bound(numbers) <= 1
    return Reading(numbers, slack if single else np.where(good, bound, np.minimum(slack, halfway)), single)


def _slack(size: Array, roundoff: float) -> Array:
    """Return the rounding error of as many steps as a row has entries, and of ten more for a few functions."""
    steps = 10 + (size.shape[1] if size.ndim == 2 else 0)
    finite = np.where(np.isfinite(size), np.abs(size), 0.0)
    return steps * roundoff * np.maximum(finite, 1.0)


def _double(values: Array) -> Array:
    return values.astype(np.float64)


def _fits_single(numbers: Array) -> bool:
    with np.errstate(over="ignore"):
        cut = numbers.astype(SINGLE).astype(np.float64)
    return bool(np.array_equal(cut, numbers, equal_nan=True))
