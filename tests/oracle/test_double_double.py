"""The arithmetic of pairs against fractions and balls: every operation stays within the error that the page derives."""

from collections.abc import Callable
from fractions import Fraction
from math import fsum

import flint
import numpy as np
import pytest

from nnfs_spec.arrays import Array
from nnfs_spec.clauses import spec_folder
from nnfs_spec.oracle import double_double
from nnfs_spec.oracle.double_double import Pair

RNG_SEED = 3
COUNT = 400


def fraction(pair: Pair, i: int) -> Fraction:
    """Return one number of a pair of arrays, exactly."""
    return Fraction(float(pair[0][i])) + Fraction(float(pair[1][i]))


def ball(number: Fraction) -> flint.arb:
    """Return a fraction in ball arithmetic."""
    return flint.arb(number.numerator) / flint.arb(number.denominator)


def normalised(hi: Array, lo: Array) -> Pair:
    """Return hi + lo, the low part within half a unit in the last place of the high one."""
    return hi + lo, lo - ((hi + lo) - hi)


def some_pairs() -> tuple[Pair, Pair]:
    """Return normalised pairs of both signs and many sizes, and others of which every second nearly cancels them."""
    rng = np.random.default_rng(RNG_SEED)
    sizes = 2.0 ** rng.integers(-30, 30, (2, COUNT))
    hi = rng.uniform(-1, 1, (2, COUNT)) * sizes
    hi[1, ::2] = -hi[0, ::2] * (1 + 2.0**-52 * rng.integers(-4, 4, COUNT // 2))
    lo = rng.uniform(-0.5, 0.5, (2, COUNT)) * np.spacing(np.abs(hi))
    return normalised(hi[0], lo[0]), normalised(hi[1], lo[1])


def is_normalised(pair: Pair) -> bool:
    """Tell whether every low part is within half a unit in the last place of its high part."""
    return bool((np.abs(pair[1]) <= np.spacing(np.abs(pair[0])) / 2).all())


def test_two_sum_and_two_product_are_exact() -> None:
    """Also where the summands cancel, and for factors at both ends of the range."""
    (a, _), (b, _) = some_pairs()
    total, product = double_double.two_sum(a, b), double_double.two_product(a, b)
    far = double_double.two_product(a * 2.0**440, b * 2.0**440)
    for i in range(COUNT):
        x, y = Fraction(float(a[i])), Fraction(float(b[i]))
        assert fraction(total, i) == x + y
        assert fraction(product, i) == x * y
        assert fraction(far, i) == x * y * 2**880
    assert is_normalised(total)
    assert is_normalised(product)


def test_products_of_full_width_are_exact() -> None:
    """Of numbers with 53 bits each, most of which a wrong split would let pass."""
    a, b = np.random.default_rng(RNG_SEED).uniform(1, 2, (2, 4000))
    got = double_double.two_product(a, b)
    assert all(fraction(got, i) == Fraction(float(a[i])) * Fraction(float(b[i])) for i in range(4000))


def the_sum(a: Fraction, b: Fraction) -> tuple[Fraction, Fraction]:
    """Return a + b, and how much of an error that is relative to the summands 2^-103 is."""
    return a + b, (abs(a) + abs(b)) / 2**103


def the_product(a: Fraction, b: Fraction) -> tuple[Fraction, Fraction]:
    """Return a·b and 2^-101 of it."""
    return a * b, abs(a * b) / 2**101


def the_quotient(a: Fraction, b: Fraction) -> tuple[Fraction, Fraction]:
    """Return a/b and 2^-99 of it."""
    return a / b, abs(a / b) / 2**99


@pytest.mark.parametrize(
    ("operation", "exactly"),
    [(double_double.add, the_sum), (double_double.multiply, the_product), (double_double.divide, the_quotient)],
)
def test_an_operation_keeps_its_error(
    operation: Callable[[Pair, Pair], Pair],
    exactly: Callable[[Fraction, Fraction], tuple[Fraction, Fraction]],
) -> None:
    """Relative to the result, or for a sum to the summands; and what comes out is normalised."""
    a, b = some_pairs()
    got = operation(a, b)
    for i in range(COUNT):
        truth, error = exactly(fraction(a, i), fraction(b, i))
        assert abs(fraction(got, i) - truth) <= error
    assert is_normalised(got)


def test_nothing_is_lost_where_the_high_parts_cancel() -> None:
    """Then the low parts are added as numbers are: the sum, and what it left."""
    a = np.array([1.0, 1.0]), np.array([2.0**-54 + 2.0**-106, 2.0**-54 + 2.0**-106])
    b = np.array([-1.0, -1.0]), np.array([2.0**-110, -(2.0**-110)])
    got = double_double.add(a, b)
    assert [fraction(got, i) for i in range(2)] == [fraction(a, i) + fraction(b, i) for i in range(2)]


def test_negating_and_widening_are_exact() -> None:
    """Both parts change their sign; a single number has no low part."""
    a, _ = some_pairs()
    hi, lo = double_double.negate(a)
    assert (hi == -a[0]).all()
    assert (lo == -a[1]).all()
    assert double_double.single(a[0])[0] is a[0]
    assert not double_double.single(a[0])[1].any()


@pytest.mark.parametrize("n", range(9))
def test_rows_are_summed_within_their_error(n: int) -> None:
    """Of every length, odd ones too: (n - 1)·2^-103 of the absolute values."""
    (hi, lo), _ = some_pairs()
    rows = hi[: 4 * n].reshape(4, n), lo[: 4 * n].reshape(4, n)
    got = double_double.sum_rows(rows)
    assert got[0].shape == got[1].shape == (4,)
    for i in range(4):
        terms = [Fraction(float(rows[0][i, j])) + Fraction(float(rows[1][i, j])) for j in range(n)]
        assert abs(fraction(got, i) - sum(terms)) * 2**103 <= max(n - 1, 0) * sum(map(abs, terms))


@pytest.mark.parametrize("values", [[1e290, -1e290, 1.0], [0.1] * 10, [1e16, 1.0, -1e16, 2.0**-80], [-1e290, 3.0]])
def test_a_vector_is_summed_once(values: list[float]) -> None:
    """The sum rounded to nearest, and what that left rounded to nearest again; at the largest summable numbers too."""
    hi, lo = double_double.total(np.array(values))
    exact = sum(map(Fraction, values))
    assert hi.tolist() == [fsum(values)]
    assert lo.tolist() == [float(exact - Fraction(fsum(values)))]


def test_beyond_the_summable_numbers_a_sum_is_plain() -> None:
    """It has no low part, for either sign."""
    for large in (2e290, -2e290):
        hi, lo = double_double.total(np.array([large, 1.0, -large, 1.0]))
        assert (hi.tolist(), lo.tolist()) == ([float(np.array([large, 1.0, -large, 1.0]).sum())], [0.0])


def exponents() -> Array:
    """Return numbers over the range of ``exp``, among them those half-way between the steps of its table."""
    rng = np.random.default_rng(RNG_SEED)
    step = float(np.log(2)) / 2048
    k = rng.integers(-2_000_000, 2_000_000, 150)
    halves = np.concatenate([(k + 0.4999) * step, (k - 0.4999) * step])
    return np.concatenate([halves, rng.uniform(-700, 700, 150), [-700.0, 700.0, 0.0, step / 2, -step / 2]])


def test_the_exponential_keeps_its_error_over_the_whole_range() -> None:
    """2^-72 of the result and 2^-1074 besides; and what comes out is normalised."""
    flint.ctx.prec = 300
    hi = exponents()
    lo = np.spacing(hi) / 2 * np.random.default_rng(RNG_SEED).uniform(-1, 1, hi.size)
    got = double_double.exp((hi, lo))
    for i in range(hi.size):
        truth = (ball(Fraction(float(hi[i]))) + ball(Fraction(float(lo[i])))).exp()
        assert abs(truth - ball(fraction(got, i))) <= truth * ball(Fraction(1, 2**72)) + ball(Fraction(1, 2**1074))
    assert is_normalised(got)


def test_the_logarithm_states_its_error() -> None:
    """T² + 2^-70 + 2^-100·L, where L is the size of the first guess and T of what it leaves; and keeps it."""
    flint.ctx.prec = 300
    rng = np.random.default_rng(RNG_SEED)
    p = np.concatenate([[1.0, 0.5, 1e-7, 1 - 1e-7], 2.0 ** rng.uniform(-900, 900, 60), rng.uniform(0, 1, 60)])
    value, radius = double_double.log(p)
    assert radius[0] == 2.0**-70
    for i in range(p.size):
        number, guess = ball(Fraction(float(p[i]))), ball(Fraction(float(np.log(p[i]))))
        left = number * (-guess).exp() - ball(Fraction(1))
        stated = left * left + ball(Fraction(1, 2**70)) + abs(guess) * ball(Fraction(1, 2**100))
        assert abs(ball(Fraction(float(radius[i]))) - stated) <= stated * ball(Fraction(1, 2**45))
        assert abs(number.log() - ball(fraction(value, i))) <= stated


def test_the_stated_errors_are_those_of_the_page() -> None:
    """spec/conformance.md derives them."""
    page = (spec_folder() / "conformance.md").read_text(encoding="utf-8")
    assert "| exp | $2^{-72}$, and $2^{-1074}$ absolutely |" in page
    assert (double_double.EXP_ERROR, double_double.UNDERFLOW) == (2.0**-72, 2.0**-1074)
