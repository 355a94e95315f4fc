"""Which rows the pairs cannot decide, being too near the edge of their bound; what a closer look says of them.

The pairs are the screen that every row passes. What this file adds is only for the rows at the edge, hardly ever any.
"""

from dataclasses import dataclass

import numpy as np

from nnfs_spec.arrays import Array, smallest_subnormal
from nnfs_spec.oracle import refine as closely
from nnfs_spec.oracle.double_double import Doubles
from nnfs_spec.oracle.enclosure import Enclosure, Question

EDGE = 2.0**-6
"""A share that is farther from 1 is beyond doubt, where the radius is far below the bound (spec/conformance.md)."""

SCREEN_ERROR = 2.0**-48
"""Relative error of a distance and of a bound as they are computed, beside what long sums add."""

SMALLEST = 2.0**-1074
TIGHT = 2.0**-1000
"""A bound of dense that is not below is far above its radius."""

MOST_TERMS = 2**13
"""Products, exponentials and logarithms that the closer look at one batch may take; other rows stay undecided."""


@dataclass(frozen=True, eq=False)
class Decision:
    """``share`` (rows,) of the bound, on the right side of 1 wherever the row is decided; ``undecided`` (rows,)."""

    share: Array
    undecided: Array


def decide(exact: Enclosure, got: Array, share: Array) -> Decision | None:
    """Look closely at the rows of ``got`` whose ``share`` (rows,) is too near 1; None where there are none.

    ``got`` is broadcast to the shape of ``exact``, and ``share`` is the largest of each row.
    """
    question = exact.question
    if question is None:
        return None
    least = -np.inf if _is_loose(question, exact.bound) else 1 - EDGE
    near = np.flatnonzero((share > least) & (share < 1 + EDGE))
    doubtful = _doubtful(exact, got, near, question) if near.size else {}
    if not doubtful:
        return None
    decided, undecided = share.copy(), np.zeros(len(share), dtype=np.bool_)
    left = MOST_TERMS
    for row, columns in doubtful.items():
        left -= closely.terms(question, columns)
        entries = got.reshape(len(share), -1)[row, columns].astype(np.float64)
        answers = closely.holds(question, row, columns, entries) if left >= 0 else [None]
        if False in answers:
            decided[row] = max(share[row], np.nextafter(1.0, np.inf))
        else:
            decided[row] = min(share[row], 1.0)
            undecided[row] = None in answers
    return Decision(decided, undecided)


def distances(exact: Enclosure, got: Array) -> Doubles:
    """Return how far each entry of ``got`` is from hi + lo; infinitely far where it is no number, or infinite."""
    return Enclosure(exact.hi, exact.lo, np.zeros_like(exact.hi), np.ones_like(exact.hi)).share_of_bound(got)


def _is_loose(question: Question, bound: Array) -> bool:
    """Tell whether a radius may come near its bound, as it may where sums of float64 are subnormal."""
    return question.operation == "dense" and bool(bound.min(initial=np.inf) < TIGHT)


def _doubtful(exact: Enclosure, got: Array, rows: Array, question: Question) -> dict[int, list[int]]:
    """Return the columns of the entries in doubt, row by row; a row with an entry beyond its bound is beyond doubt."""
    hi, lo, radius, bound = (
        part.reshape(len(part), -1)[rows] for part in (exact.hi, exact.lo, exact.radius, exact.bound)
    )
    numbers = got.reshape(len(got), -1)[rows]
    distance = distances(Enclosure(hi, lo, radius, bound), numbers)
    margin, least = _margin(question)
    shift = 1 if question.operation in closely.RATIONAL else 2  # other bounds move with the exact value, by no more
    with np.errstate(invalid="ignore", over="ignore"):
        passes = (distance + shift * radius <= bound * (1 - margin) - SMALLEST) | (distance + radius <= least)
        fails = distance - shift * radius > bound * (1 + margin) + SMALLEST
    open_ones = ~passes & ~fails.any(axis=1, keepdims=True)
    return {int(rows[i]): np.flatnonzero(open_ones[i]).tolist() for i in np.flatnonzero(open_ones.any(axis=1))}


def _margin(question: Question) -> tuple[float, float]:
    """Return the relative error of distance and bound together, and a number that no bound is below."""
    match question.operation:
        case "dense":
            n_inputs = len(question.arguments[1])
            return SCREEN_ERROR + (n_inputs + 4) * 2.0**-51, n_inputs * smallest_subnormal(question.dtype)
        case "mean":
            (values,) = question.arguments
            return SCREEN_ERROR + len(values) * 2.0**-53, 0.0
        case _:
            return SCREEN_ERROR, 0.0
