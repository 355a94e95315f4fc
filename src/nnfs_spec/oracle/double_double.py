"""Arithmetic on unevaluated sums hi + lo of two float64: about 106 bits, on whole arrays, on any platform.

The error-free transformations are Knuth's two-sum and Dekker's two-product; the error of each operation is stated
with it, relative to its result, and derived in spec/conformance.md.
"""

from decimal import Decimal, localcontext
from math import fsum
from typing import TypeAlias

import numpy as np

Doubles: TypeAlias = np.ndarray[tuple[int, ...], np.dtype[np.float64]]
Wholes: TypeAlias = np.ndarray[tuple[int, ...], np.dtype[np.int64]]
Pair: TypeAlias = tuple[Doubles, Doubles]

_SPLITTER = 2.0**27 + 1
_STEP_BITS = 11
_STEPS = 2**_STEP_BITS

EXP_ERROR = 2.0**-72
"""Relative error of ``exp`` for arguments in [-750, 700], beside UNDERFLOW."""

UNDERFLOW = 2.0**-1074
"""Absolute error that a result may have besides, when its low part falls below the smallest number."""


SUMMABLE = 1e290
"""Sums of as many numbers of this size as memory holds do not overflow."""


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
    """Return a / b within 2^-99: a first quotient, and what it leaves divided once more."""
    first = a[0] / b[0]
    product, error = two_product(first, b[0])
    rest = ((a[0] - product) - error) + (a[1] - first * b[1])
    return _renormalised(first, rest / b[0])


def negate(a: Pair) -> Pair:
    """Return -a exactly."""
    return -a[0], -a[1]


def single(a: Doubles) -> Pair:
    """Return the numbers ``a`` as pairs."""
    return a, np.zeros_like(a)


def sum_rows(a: Pair) -> Pair:
    """Return the sums over the last axis, within (n - 1)·2^-103 of the sums of absolute values.

    The last axis comes first while it is summed, so that every addition runs along whole stretches of memory.
    """
    hi, lo = (np.ascontiguousarray(np.moveaxis(part, -1, 0)) for part in a)
    return sum_first((hi, lo))


def sum_first(a: Pair) -> Pair:
    """Return the same over the first axis: high parts by halving, exactly, and with the low parts what that leaves."""
    hi, lo = a
    while len(hi) > 1:
        half, odd = len(hi) // 2, len(hi) % 2
        total, error = two_sum(hi[:half], hi[half : 2 * half])
        rest = (lo[:half] + lo[half : 2 * half]) + error
        hi = np.concatenate([total, hi[-1:]]) if odd else total
        lo = np.concatenate([rest, lo[-1:]]) if odd else rest
    return two_sum(hi[0], lo[0]) if len(hi) else single(np.zeros(hi.shape[1:]))


def total(numbers: Doubles) -> Pair:
    """Return the sum of a vector, shape (1,), within 2^-105 of itself: the sum rounded once, and what that left.

    Numbers beyond SUMMABLE, infinities and NaN among them, are added plainly: such a sum is far from any bound.
    """
    if not (np.abs(numbers) <= SUMMABLE).all():
        return single(numbers.sum(keepdims=True))
    exactly = numbers.tolist()
    hi = fsum(exactly)
    return np.array([hi]), np.array([fsum([*exactly, -hi])])


def _step_parts() -> tuple[float, float]:
    """Return (ln 2)/2048 as a part of 32 bits, whose products with the k of ``exp`` are exact, and the rest."""
    with localcontext() as context:
        context.prec = 80
        step = Decimal(2).ln() / _STEPS
        first = int(step * 2**43) / 2**43
        return first, float(step - Decimal(first))


def _powers() -> Pair:
    """Return 2^(j/2048) for j from 0 to 2047 as pairs."""
    hi, lo = np.empty(_STEPS), np.empty(_STEPS)
    with localcontext() as context:
        context.prec = 80
        root, power = Decimal(2) ** (1 / Decimal(_STEPS)), Decimal(1)
        for j in range(_STEPS):
            hi[j] = float(power)
            lo[j] = float(power - Decimal(float(hi[j])))
            power *= root
    return hi, lo


STEP_FIRST, STEP_REST = _step_parts()
POWERS = _powers()


def exp(a: Pair) -> Pair:
    """Return e^a within EXP_ERROR relatively plus UNDERFLOW, for a in [-750, 700].

    With a = k·(ln 2)/2048 + r and k = 2048·m + j, e^a = 2^m · 2^(j/2048) · e^r: a scaling, a table, and a short series.
    """
    k = np.rint(a[0] * (1 / STEP_FIRST))
    r, rest = two_sum(a[0] - k * STEP_FIRST, -k * STEP_REST)
    rest = rest + a[1]
    series = r * r * (1 / 2 + r * (1 / 6 + r * (1 / 24 + r / 120)))
    grown = _renormalised(r, series + (rest + rest * (r + series)))
    m, j = split_steps(k)
    power = POWERS[0][j], POWERS[1][j]
    product, error = two_product(power[0], grown[0])
    hi, lo = two_sum(power[0], product)
    hi, lo = _renormalised(hi, lo + (error + (power[1] + power[0] * grown[1] + power[1] * grown[0])))
    return scaled(hi, m), scaled(lo, m)


def split_steps(k: Doubles) -> tuple[Wholes, Wholes]:
    """Return m and j, 0 <= j < 2048, with k = 2048·m + j."""
    whole = k.astype(np.int64)
    return whole >> _STEP_BITS, whole & (_STEPS - 1)


def scaled(a: Doubles, m: Wholes) -> Doubles:
    """Return a·2^m, for m in [-2044, 2046], in two steps, of which the first is exact for a near 1."""
    first = m >> 1
    return a * _power_of_two(first) * _power_of_two(m - first)


def _power_of_two(m: Wholes) -> Doubles:
    """Return 2^m, for m in [-1022, 1023]: the bits of a number whose exponent is m and whose fraction is 0."""
    return ((m + 1023) << 52).view(np.float64)


def log(p: Doubles) -> tuple[Pair, Doubles]:
    """Return ln p and an absolute error bound, for p between 1e-290 and 1e290: one Newton step from float64.

    With t = p·e^-l - 1 for a first guess l, ln p = l + ln(1 + t) = l + t + r with abs(r) <= t² for abs(t) < 1/2.
    """
    guess = np.log(p)
    t = add(multiply(single(p), exp(single(-guess))), single(np.full_like(p, -1.0)))
    return add(single(guess), t), t[0] ** 2 + 4 * EXP_ERROR + np.abs(guess) * 2.0**-100
