"""How far results are from the exact values, in units in the last place (ULP)."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from nnfs_spec.arrays import Array, smallest_subnormal
from nnfs_spec.oracle import refine as closely
from nnfs_spec.oracle.borderline import distances
from nnfs_spec.oracle.double_double import Doubles
from nnfs_spec.oracle.enclosure import Enclosure, Question

CERTAIN = 2.0**-7
"""A distance in ULP is told if it is known within this."""

VANISHING = 760.0
"""A logit that lies so far below the largest has a share below 2^-1096, which counts as 0."""

MOST_TERMS = 2**14
"""Products and exponentials that may be spent on the entries of one batch for which the pairs are too coarse."""


@dataclass(frozen=True, eq=False)
class Measured:
    """``ulps`` (entries,) are the distances that are known; of ``unknown`` entries none is known closely enough."""

    ulps: Doubles
    unknown: int


def measure(exact: Enclosure, got: Array, dtype: np.dtype[Any]) -> Measured:
    """Measure the entries of ``got``, which is broadcast to the shape of ``exact``, in ULP of ``dtype``.

    The unit is the spacing of the dtype's numbers at the exact value. Entries of which the clause claims nothing are
    left out. What is no number, or infinite, is infinitely far.
    """
    unit = spacing(exact.hi, exact.lo, dtype)
    vanishing = _vanishing(exact.question)
    with np.errstate(over="ignore", invalid="ignore"):
        ulps, close = distances(exact, got) / unit, exact.radius / unit <= CERTAIN
        if vanishing is not None:
            ulps, close = np.where(vanishing, np.abs(got) / unit, ulps), close | vanishing
    claimed = np.isfinite(exact.bound)
    unknown = claimed & ~close & np.isfinite(ulps)
    if exact.question is not None and unknown.any():
        _look_closely(exact.question, got, unit, ulps, unknown)
    return Measured(ulps[claimed & ~unknown], int(np.count_nonzero(unknown)))


def spacing(hi: Doubles, lo: Doubles, dtype: np.dtype[Any]) -> Doubles:
    """Return the distance between the numbers of ``dtype`` on either side of hi + lo."""
    finfo = np.finfo(dtype)
    part, exponent = np.frexp(np.abs(hi))
    below = (part == 0.5) & (np.sign(hi) * lo < 0)  # a little less than a power of two: the finer numbers below it
    digits = int(finfo.nmant) + 1
    unit: Doubles = np.ldexp(1.0, np.maximum(exponent - below, int(finfo.minexp) + 1) - digits)
    return np.where(hi == 0, smallest_subnormal(dtype), unit)


def _vanishing(question: Question | None) -> Array | None:
    """Return where a share is so small that it is as good as 0; the pairs leave its smallest digits open."""
    if question is None or question.operation != "softmax":
        return None
    (inputs,) = question.arguments
    logits = inputs.astype(np.float64)
    with np.errstate(over="ignore"):
        below: Array = logits.max(axis=1, keepdims=True) - logits >= VANISHING
    return below


def _look_closely(question: Question, got: Array, unit: Doubles, ulps: Doubles, unknown: Array) -> None:
    """Fill in the distances that finer arithmetic finds, row by row, and strike them from the ``unknown``."""
    numbers, units, far, open_ones = (part.reshape(len(part), -1) for part in (got, unit, ulps, unknown))
    left = MOST_TERMS
    for row in np.flatnonzero(open_ones.any(axis=1)).tolist():
        columns = np.flatnonzero(open_ones[row]).tolist()
        left -= closely.terms(question, columns)
        if left < 0:
            return
        answers = closely.ulps(question, row, columns, numbers[row, columns].astype(np.float64), units[row, columns])
        for column, answer in zip(columns, answers, strict=True):
            if answer is not None:
                far[row, column], open_ones[row, column] = answer, False
