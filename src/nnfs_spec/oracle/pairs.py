"""Arithmetic on unevaluated sums hi + lo of two float64: about 106 bits, on whole arrays, on any platform.

The error-free transformations are Knuth's two-sum and Dekker's two-product; the error of each operation is stated
with it, relative to its result, and derived in spec/conformance.md.
"""

from decimal import Decimal, localcontext
from fractions import Fraction
from math import factorial
from typing import TypeAlias

import numpy as np

Doubles: TypeAlias = np.ndarray[tuple[int, ...], np.dtype[np.float64]]
Pair: TypeAlias = tuple[Doubles, Doubles]

_SPLITTER = 2.0**27 + 1
_HALVINGS = 7
_TERMS = 12

EXP_ERROR = 2.0**-90
"""Relative error of ``exp`` for arguments in [-750, 700], beside UNDERFLOW."""

UNDERFLOW = 2.0**-1074
"""Absolute error that a result may have besides, when its low part falls below the smallest number."""


def two_sum(a: Doubles, b: Doubles) -> Pair:
    """Return a + b exactly, as a pair."""
    total = a + b
    part = total - a
    return total, (a - (total - part)) + (b - part)


def two_product(a: Doubles, b: Doubles) -> Pair:
    """Return a·b exactly, as a pair, for factors between 2^-480 and 2^480 (or 0)."""
    product = a * b
    a_hi, a_lo = _split(a)
    b_hi, b_lo = _split(b)
    return product, ((a_hi * b_hi - product) + a_hi * b_lo + a_lo * b_hi) + a_lo * b_lo


def _split(a: Doubles) -> Pair:
    scaled = _SPLITTER * a
    hi = scaled - (scaled - a)
    return hi, a - hi


def _renormalised(hi: Doubles, lo: Doubles) -> Pair:
    total = hi + lo
    return total, lo - (total - hi)


def add(a: Pair, b: Pair) -> Pair:
    """Return a + b within 2^-103 of abs(a) + abs(b)."""
    hi, error = two_sum(a[0], b[0])
    lo, rest = two_sum(a[1], b[1])
    hi, error = _renormalised(hi, error + lo)
    return _renormalised(hi, error + rest)


def multiply(a: Pair, b: Pair) -> Pair:
    """Return a·b within 2^-101."""
    hi, error = two_product(a[0], b[0])
    return _renormalised(hi, error + (a[0] * b[1] + a[1] * b[0]))


def divide(a: Pair, b: Pair) -> Pair:
    """Return a / b within 2^-99."""
    first = a[0] / b[0]
    rest = add(a, negate(multiply((first, np.zeros_like(first)), b)))
    second = rest[0] / b[0]
    rest = add(rest, negate(multiply((second, np.zeros_like(second)), b)))
    return add(_renormalised(first, second), (rest[0] / b[0], np.zeros_like(first)))


def negate(a: Pair) -> Pair:
    """Return -a exactly."""
    return -a[0], -a[1]


def single(a: Doubles) -> Pair:
    """Return the numbers ``a`` as pairs."""
    return a, np.zeros_like(a)


def sum_rows(a: Pair) -> Pair:
    """Return the sums over the last axis, within (n - 1)·2^-103 of the sums of absolute values."""
    total = single(np.zeros(a[0].shape[:-1]))
    for i in range(a[0].shape[-1]):
        total = add(total, (a[0][..., i], a[1][..., i]))
    return total


def _pair_of(number: Fraction) -> tuple[float, float]:
    hi = float(number)
    return hi, float(number - Fraction(hi))


def _ln2_parts() -> tuple[float, float, tuple[float, float]]:
    """Return ln 2 as two parts of 40 bits, whose products with small whole numbers are exact, and a pair."""
    with localcontext() as context:
        context.prec = 80
        ln2 = Fraction(Decimal(2).ln())
    first = Fraction(int(ln2 * 2**40), 2**40)
    second = Fraction(int((ln2 - first) * 2**80), 2**80)
    return float(first), float(second), _pair_of(ln2 - first - second)


_LN2_FIRST, _LN2_SECOND, _LN2_REST = _ln2_parts()
_INVERSE_FACTORIALS = [_pair_of(Fraction(1, factorial(n))) for n in range(1, _TERMS + 1)]


def exp(a: Pair) -> Pair:
    """Return e^a within EXP_ERROR relatively plus UNDERFLOW, for a in [-750, 700]."""
    k = np.rint(a[0] / float(_LN2_FIRST))
    r = add(a, single(-k * _LN2_FIRST))
    r = add(r, single(-k * _LN2_SECOND))
    r = add(r, negate(multiply(single(k), _constant(_LN2_REST, k))))
    small = (r[0] * 2.0**-_HALVINGS, r[1] * 2.0**-_HALVINGS)
    grown = _expm1(small)
    for _ in range(_HALVINGS):
        grown = add((2 * grown[0], 2 * grown[1]), multiply(grown, grown))
    hi, lo = add(grown, _constant((1.0, 0.0), k))
    shift = k.astype(np.int64)
    return np.ldexp(hi, shift), np.ldexp(lo, shift)


def _expm1(x: Pair) -> Pair:
    total = _constant(_INVERSE_FACTORIALS[-1], x[0])
    for coefficient in reversed(_INVERSE_FACTORIALS[:-1]):
        total = add(multiply(total, x), _constant(coefficient, x[0]))
    return multiply(total, x)


def _constant(number: tuple[float, float], like: Doubles) -> Pair:
    return np.full_like(like, number[0]), np.full_like(like, number[1])


def log(p: Doubles) -> tuple[Pair, Doubles]:
    """Return ln p and an absolute error bound, for p between 1e-290 and 1e290: one Newton step from float64.

    With t = p·e^-l - 1 for a first guess l, ln p = l + ln(1 + t) = l + t + r with abs(r) <= t² for abs(t) < 1/2.
    """
    guess = np.log(p)
    t = add(multiply(single(p), exp(single(-guess))), _constant((-1.0, 0.0), p))
    return add(single(guess), t), t[0] ** 2 + 4 * EXP_ERROR + np.abs(guess) * 2.0**-100
