"""Looks closely at single entries, where pairs are too coarse: by fractions, or by ball arithmetic if it is there."""

from collections.abc import Sequence
from fractions import Fraction
from importlib.util import find_spec

from nnfs_spec.arrays import Array
from nnfs_spec.oracle import rational
from nnfs_spec.oracle.enclosure import Question
from nnfs_spec.oracle.rational import Exactly

RATIONAL = frozenset({"dense", "mean"})
"""Operations whose exact values are fractions."""


def holds(question: Question, row: int, columns: Sequence[int], got: Array) -> list[bool | None]:
    """Tell of entries of a row whether ``got`` is within the bound of the exact value; None where nobody can tell."""
    if question.operation in RATIONAL:
        exactly = zip(_exactly(question, row, columns), got.tolist(), strict=True)
        return [abs(Fraction(number) - one.value) <= one.bound for one, number in exactly]
    if not balls_are_there():
        return [None] * len(columns)
    from nnfs_spec.oracle import ball_arithmetic as balls

    return balls.told(question, row, columns, lambda one, place: balls.holds(one, float(got[place])))


def ulps(question: Question, row: int, columns: Sequence[int], got: Array, unit: Array) -> list[float | None]:
    """Return how far each of ``got`` is from the exact value in multiples of its ``unit``; None where nobody can."""
    if question.operation in RATIONAL:
        exactly = zip(_exactly(question, row, columns), got.tolist(), unit.tolist(), strict=True)
        return [float(abs(Fraction(number) - one.value) / Fraction(spacing)) for one, number, spacing in exactly]
    if not balls_are_there():
        return [None] * len(columns)
    from nnfs_spec.oracle import ball_arithmetic as balls

    return balls.told(
        question, row, columns, lambda one, place: balls.distance(one, float(got[place]), float(unit[place]))
    )


def terms(question: Question, columns: Sequence[int]) -> int:
    """Return what a look at entries of one row costs: products, or the exponentials or logarithms of the row."""
    first, *_ = question.arguments
    match question.operation:
        case "dense":
            return (len(question.arguments[1]) + 1) * len(columns)
        case "softmax":
            return int(first.shape[1])
        case "sample_losses":
            return 1
        case _:
            return len(first)


def balls_are_there() -> bool:
    """Tell whether python-flint is installed, which the extra ``certified`` brings."""
    return find_spec("flint") is not None


def _exactly(question: Question, row: int, columns: Sequence[int]) -> list[Exactly]:
    if question.operation == "dense":
        return rational.dense(question.arguments, row, columns)
    (values,) = question.arguments
    return [rational.mean(values, question.dtype)]
