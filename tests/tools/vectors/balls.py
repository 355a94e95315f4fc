"""Exact values and bounds in ball arithmetic: every number is enclosed so closely that it rounds one way only."""

from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager
from fractions import Fraction
from typing import NamedTuple

import flint

from tests.tools.vectors.rounding import Direction, rounded

PRECISIONS = (128, 256, 512, 1024, 2048, 4096)
UNIT_ROUNDOFF = {"float32": Fraction(1, 2**24), "float64": Fraction(1, 2**53)}
TINY = {"float32": Fraction(1, 2**126), "float64": Fraction(1, 2**1022)}
SUBNORMAL = {"float32": Fraction(1, 2**149), "float64": Fraction(1, 2**1074)}

VANISHING_DISTANCE = 2000
"""A logit that lies so far below the largest has a share below 2^-2885: no digits tell it from zero."""


class Entry(NamedTuple):
    """One entry of a result: the exact value rounded once, its bound, and the ends between which it may lie."""

    value: float
    bound: float
    low: float
    high: float


class Ball(NamedTuple):
    """An exact value and the bound of its clause."""

    value: flint.arb
    bound: flint.arb


@contextmanager
def precision(bits: int) -> Generator[None]:
    """Compute with so many bits."""
    before, flint.ctx.prec = flint.ctx.prec, bits
    try:
        yield
    finally:
        flint.ctx.prec = before


def ball(number: Fraction) -> flint.arb:
    """Return a ball around a fraction; a power of two in its denominator makes it exact."""
    return flint.arb(number.numerator) / number.denominator


def entries(balls: Callable[[], Sequence[Ball]], dtype: str, least: float, most: float) -> list[Entry]:
    """Return the entries of a result whose values must lie in [least, most] besides.

    ``balls`` is called with growing precision until every number rounds one way only.
    """
    for bits in PRECISIONS:
        with precision(bits):
            found = [_entry(one, dtype, least, most) for one in balls()]
        decided = [entry for entry in found if entry is not None]
        if len(decided) == len(found):
            return decided
    raise ArithmeticError("a value lies between two numbers at every precision")


def exactly(number: Fraction, dtype: str) -> Entry:
    """Return the entry that must be ``number`` itself, rounded once."""
    value = rounded(number, dtype)
    return Entry(value, 0.0, value, value)


def within(number: Fraction, bound: Fraction, dtype: str) -> Entry:
    """Return the entry of a number that is known exactly, and may be missed by ``bound``."""
    ends = rounded(number - bound, "float64", "up"), rounded(number + bound, "float64", "down")
    return Entry(rounded(number, dtype), rounded(bound, "float64", "up"), *ends)


def softmax_row(logits: Sequence[Fraction], dtype: str) -> list[Entry]:
    """Return the softmax of one row, by SOFTMAX-4; one class gives exactly one, by SOFTMAX-8."""
    if len(logits) == 1:
        return [exactly(Fraction(1), dtype)]
    largest, classes = max(logits), len(logits)
    near = [z for z in logits if largest - z <= VANISHING_DISTANCE]

    def balls() -> list[Ball]:
        total = sum((ball(z - largest).exp() for z in logits), flint.arb(0))
        found: list[Ball] = []
        for z in near:
            share = ball(z - largest).exp() / total
            steps = ball(classes + 4 + 2 * (largest - z)) + 2 * flint.arb(classes).log()
            found.append(Ball(share, steps * ball(UNIT_ROUNDOFF[dtype]) * share + ball(2 * TINY[dtype])))
        return found

    found = iter(entries(balls, dtype, 0.0, 1.0))
    return [next(found) if largest - z <= VANISHING_DISTANCE else vanishing(dtype) for z in logits]


def vanishing(dtype: str) -> Entry:
    """Return the entry of a share that is positive and less than any number: its bound is hardly above 2·tiny."""
    bound = 2 * TINY[dtype]
    return Entry(0.0, rounded(bound + SUBNORMAL["float64"], "float64", "up"), 0.0, rounded(bound, "float64"))


def losses(confidences: Sequence[Fraction], dtype: str) -> list[Entry]:
    """Return minus the logarithms of clipped probabilities, by LOSS-1."""

    def balls() -> list[Ball]:
        found: list[Ball] = []
        for confidence in confidences:
            value = -ball(confidence).log()
            found.append(Ball(value, (8 * value + ball(Fraction(3, 2))) * ball(UNIT_ROUNDOFF[dtype])))
        return found

    return entries(balls, dtype, 0.0, float("inf"))


def mean_loss(confidences: Sequence[Fraction], times: int, dtype: str) -> list[Entry]:
    """Return the mean of the losses of these clipped probabilities, each met ``times`` times, by LOSS-8."""
    count = len(confidences) * times

    def balls() -> list[Ball]:
        total = sum((-ball(confidence).log() for confidence in confidences), flint.arb(0))
        value = total / len(confidences)
        return [Ball(value, ((count + 10) * value + ball(Fraction(3, 2))) * ball(UNIT_ROUNDOFF[dtype]))]

    return entries(balls, dtype, 0.0, float("inf"))


def _entry(one: Ball, dtype: str, least: float, most: float) -> Entry | None:
    value = _decided(one.value, dtype, "nearest")
    bound = _decided(one.bound, "float64", "up")
    low = _decided(one.value - one.bound, "float64", "up")
    high = _decided(one.value + one.bound, "float64", "down")
    if value is None or bound is None or low is None or high is None:
        return None
    return Entry(value, bound, max(low, least), min(high, most))


def _decided(number: flint.arb, dtype: str, direction: Direction) -> float | None:
    """Return ``number`` rounded, where all of its ball rounds to the same."""
    middle, radius = _fraction(number.mid()), _fraction(number.rad())
    one, other = rounded(middle - radius, dtype, direction), rounded(middle + radius, dtype, direction)
    return one if one == other else None


def _fraction(number: flint.arb) -> Fraction:
    mantissa, exponent = number.man_exp()
    return int(mantissa) * Fraction(2) ** int(exponent)
