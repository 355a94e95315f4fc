"""Rounding of exact fractions to the numbers of a dtype, in whole numbers alone."""

from collections.abc import Callable
from fractions import Fraction
from math import ceil, floor
from typing import Literal, TypeAlias

Direction: TypeAlias = Literal["nearest", "down", "up"]

DIGITS = {"float32": 24, "float64": 53}
LEAST = {"float32": -149, "float64": -1074}
"""The exponents of the smallest numbers above zero."""

LARGEST = {
    name: (2 - Fraction(2) ** (1 - digits)) * 2 ** (-LEAST[name] - digits + 2) for name, digits in DIGITS.items()
}

HOW: dict[Direction, Callable[[Fraction], int]] = {"nearest": round, "down": floor, "up": ceil}


def rounded(number: Fraction, dtype: str, direction: Direction = "nearest") -> float:
    """Return ``number`` rounded to ``dtype``, as the double that equals it. Raises OverflowError beyond the range."""
    magnitude = abs(number)
    exponent = magnitude.numerator.bit_length() - magnitude.denominator.bit_length()
    if magnitude < Fraction(2) ** exponent:
        exponent -= 1
    step = Fraction(2) ** max(exponent - DIGITS[dtype] + 1, LEAST[dtype])
    result = HOW[direction](number / step) * step
    if abs(result) > LARGEST[dtype]:
        raise OverflowError(f"{float(number)!r} is beyond {dtype}")
    return result.numerator / result.denominator
