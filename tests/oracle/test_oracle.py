"""The oracle against ball arithmetic, which shares nothing with it: the two enclosures always meet."""

from fractions import Fraction
from typing import Any

import flint
import numpy as np
import pytest

from nnfs_spec.arrays import Array
from nnfs_spec.domains import (
    ACCURACY_TIED,
    DENSE,
    LOSSES,
    RELU,
    SOFTMAX,
    SOFTMAX_EQUAL,
    SOFTMAX_TWO,
    SOFTMAX_WHOLE,
    Domain,
)
from nnfs_spec.generate.sweep import batches
from nnfs_spec.generate.values import FINITE_FAMILIES, UNIT_FAMILIES
from nnfs_spec.oracle import Enclosure, double_double, exact
from nnfs_spec.oracle import float64 as doubles
from nnfs_spec.oracle.loss import clip_ends, mean
from nnfs_spec.oracle.softmax import sigmoid

DTYPES = (np.float32, np.float64)
PRECISION = 400
ROWS = 4


@pytest.fixture(autouse=True)
def precision() -> Any:
    """Balls of so many bits that their radius does not matter."""
    before = flint.ctx.prec
    flint.ctx.prec = PRECISION
    yield
    flint.ctx.prec = before


def ball(number: float) -> flint.arb:
    """Return a float exactly."""
    numerator, denominator = float(number).as_integer_ratio()
    return flint.arb(numerator) / denominator


def assert_encloses(enclosure: Enclosure, index: tuple[int, ...], truth: flint.arb) -> None:
    """Require that the truth lies inside the oracle's enclosure of one entry."""
    error = abs(truth - ball(enclosure.hi[index]) - ball(enclosure.lo[index]))
    assert error <= ball(enclosure.radius[index]), f"{index}: off by {error}, radius {enclosure.radius[index]}"


def small_batches(domain: Domain, dtype: type[np.floating[Any]]) -> list[tuple[Array, ...]]:
    """Return the arguments of the sweep's batches, of every family, cut to a few rows and columns."""
    planned = batches(domain, np.dtype(dtype), 5, 2 * len(FINITE_FAMILIES))
    cut = [case.take("N", np.arange(min(ROWS, case.size("N")))) for case in planned if case.size("N")]
    return [case.arguments for case in cut if "C" not in domain.symbols or case.size("C") <= 10]


def softmax_balls(row: Array) -> list[flint.arb]:
    """Return the softmax of one row in ball arithmetic."""
    largest = ball(row.max())
    exponentials = [(ball(z) - largest).exp() for z in row]
    total = sum(exponentials, flint.arb(0))
    return [e / total for e in exponentials]


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("domain", [SOFTMAX, SOFTMAX_WHOLE, SOFTMAX_EQUAL, SOFTMAX_TWO])
def test_softmax_is_enclosed(domain: Domain, dtype: type[np.floating[Any]]) -> None:
    """On ordinary and adversarial rows."""
    for (z,) in small_batches(domain, dtype):
        enclosure = exact("softmax", (z,))
        for n, row in enumerate(z):
            for c, truth in enumerate(softmax_balls(row)):
                assert_encloses(enclosure, (n, c), truth)


@pytest.mark.parametrize("dtype", DTYPES)
def test_the_sigmoid_is_enclosed(dtype: type[np.floating[Any]]) -> None:
    """Which is softmax of two classes by another road."""
    for (z,) in small_batches(SOFTMAX_TWO, dtype):
        with np.errstate(over="ignore", under="ignore"):
            enclosure = sigmoid(z)
        for n, row in enumerate(z):
            small = (-abs(ball(row[0]) - ball(row[1]))).exp()
            larger = int(row[1] > row[0])
            assert_encloses(enclosure, (n, larger), 1 / (1 + small))
            assert_encloses(enclosure, (n, 1 - larger), small / (1 + small))


@pytest.mark.parametrize("dtype", DTYPES)
def test_dense_is_enclosed(dtype: type[np.floating[Any]]) -> None:
    """Where the clause claims anything; sums in exact fractions."""
    claimed = 0
    for x, w, b in small_batches(DENSE, dtype):
        enclosure = exact("dense", (x, w, b))
        for n, m in np.argwhere(np.isfinite(enclosure.bound)).tolist():
            products = (Fraction(float(a)) * Fraction(float(c)) for a, c in zip(x[n], w[:, m], strict=True))
            truth = sum(products, Fraction(float(b[0, m])))
            error = abs(truth - Fraction(float(enclosure.hi[n, m])) - Fraction(float(enclosure.lo[n, m])))
            assert error <= Fraction(float(enclosure.radius[n, m]))
            claimed += 1
    assert claimed > 0


def test_dense_claims_nothing_where_a_sum_may_overflow() -> None:
    """Not even where rounding alone would carry it beyond the largest number."""
    largest = np.finfo(np.float32).max
    x = np.array([[1.0, 1.0], [1.0, 0.0], [0.5, 0.25]], dtype=np.float32)
    w = np.array([[largest], [largest]], dtype=np.float32)
    bound = exact("dense", (x, w, np.zeros((1, 1), np.float32))).bound[:, 0]
    assert np.isinf(bound).tolist() == [True, True, False]


def test_dense_takes_large_batches_in_blocks() -> None:
    """And gives the same as row by row."""
    x = np.arange(2**12 * 3, dtype=np.float64).reshape(-1, 3)
    w = np.ones((3, 500))
    whole = exact("dense", (x, w, np.zeros((1, 500))))
    assert (whole.hi[:, 0] == x.sum(axis=1)).all()


@pytest.mark.parametrize("dtype", DTYPES)
def test_sample_losses_are_enclosed(dtype: type[np.floating[Any]]) -> None:
    """Both ends of the clip included."""
    for p, y in small_batches(LOSSES, dtype):
        enclosure = exact("sample_losses", (p, y))
        for n in range(len(p)):
            clipped = float(np.clip(float(p[n, y[n]]), *clip_ends(p.dtype)))
            assert_encloses(enclosure, (n,), -ball(clipped).log())


@pytest.mark.parametrize("dtype", DTYPES)
def test_the_batch_loss_is_enclosed(dtype: type[np.floating[Any]]) -> None:
    """The mean of the exact losses, and the mean of losses at hand."""
    for p, y in small_batches(LOSSES, dtype):
        clipped = [float(np.clip(float(p[n, y[n]]), *clip_ends(p.dtype))) for n in range(len(p))]
        losses = [-ball(one).log() for one in clipped]
        assert_encloses(exact("loss", (p, y)), (0,), sum(losses, flint.arb(0)) / len(p))
        at_hand = p[:, 0]
        assert_encloses(mean(at_hand, p.dtype), (0,), sum(map(ball, at_hand), flint.arb(0)) / len(p))


@pytest.mark.parametrize("dtype", DTYPES)
def test_relu_and_accuracy_are_exact(dtype: type[np.floating[Any]]) -> None:
    """They leave nothing to enclose."""
    for (x,) in small_batches(RELU, dtype):
        assert (exact("relu", (x,)).hi == [[max(0.0, float(v)) for v in row] for row in x]).all()
    for scores, labels in small_batches(ACCURACY_TIED, dtype):
        best = [row.tolist().index(max(row)) for row in scores]
        right = sum(a == b for a, b in zip(best, labels, strict=True))
        assert exact("accuracy", (scores, labels)).hi[0] == right / len(scores)


@pytest.mark.parametrize("sign", [-1.0, 1.0])
def test_the_exponential_of_a_pair_keeps_its_error(sign: float) -> None:
    """Over the whole range that it is stated for."""
    rng = np.random.default_rng(0)
    hi = sign * np.concatenate([rng.uniform(0, 700, 200), 10.0 ** rng.uniform(-20, 2, 200)])
    lo = hi * 2.0**-54 * rng.uniform(-1, 1, hi.size)
    got = double_double.exp((hi, lo))
    for i in range(hi.size):
        truth = (ball(hi[i]) + ball(lo[i])).exp()
        error = abs(truth - ball(got[0][i]) - ball(got[1][i]))
        assert error <= truth * ball(double_double.EXP_ERROR) + ball(double_double.UNDERFLOW)


def test_the_exponential_of_single_numbers_keeps_its_error() -> None:
    """Over the whole range that it is stated for, at the edges of the table's steps, and where it underflows."""
    rng = np.random.default_rng(1)
    ordinary = np.concatenate(
        [rng.uniform(-750, 700, 400), rng.choice([-1, 1], 200) * 10.0 ** rng.uniform(-20, 2, 200)]
    )
    edges = (np.arange(-300, 300) + 0.5) * np.log(2) / 2048
    numbers = np.concatenate([ordinary, edges, [0.0, -750.0, 700.0, -708.5, -745.0]])
    for number, got in zip(numbers.tolist(), doubles.exp(numbers).tolist(), strict=True):
        truth = ball(number).exp()
        assert abs(truth - ball(got)) <= truth * ball(2.0**-51) + ball(double_double.UNDERFLOW)


def test_the_logarithm_of_single_numbers_keeps_its_error() -> None:
    """Of clipped probabilities, at both ends, and beyond them."""
    rng = np.random.default_rng(2)
    numbers = np.concatenate(
        [10.0 ** rng.uniform(-7, 0, 400), 1 - 10.0 ** rng.uniform(-7, 0, 200), [1e-280, 1e280, 1.0]]
    )
    got, radius = doubles.log(numbers)
    for i in range(numbers.size):
        assert abs(ball(numbers[i]).log() - ball(got[i])) <= ball(radius[i])
    rest = numbers * doubles.exp(-np.log(numbers)) - 1
    assert np.array_equal(radius, rest**2 + 2.0**-49 + np.abs(np.log(numbers)) * 2.0**-52)
    assert radius[:600].max() < 2.0**-46


def test_a_poor_first_logarithm_is_mended(monkeypatch: pytest.MonkeyPatch) -> None:
    """The step from it leaves the square of its error, and the radius says so."""
    numbers = np.array([1e-7, 0.3, 0.9999])
    guess = np.log(numbers) + np.array([1e-5, -1e-4, 1e-6])
    monkeypatch.setattr("nnfs_spec.oracle.float64.np.log", lambda p: guess)  # pyright: ignore
    got, radius = doubles.log(numbers)
    for i in range(numbers.size):
        assert abs(ball(numbers[i]).log() - ball(got[i])) <= ball(radius[i])
    assert radius.max() < 1.1e-8


@pytest.mark.parametrize(("x", "w"), [(-530, -530), (1000, -390), (-390, 1000), (-600, 500)])
def test_numbers_too_large_or_small_for_plain_products_are_scaled(x: int, w: int) -> None:
    """Where a product or its splitting would lose digits, though nothing in the result is out of reach."""
    factors = (1 + 2.0**-52) * 2.0**x, (1 + 2.0**-51) * 2.0**w
    enclosure = exact("dense", (np.full((1, 1), factors[0]), np.full((1, 1), factors[1]), np.zeros((1, 1))))
    assert np.isfinite(enclosure.bound).all()
    assert_encloses(enclosure, (0, 0), ball(factors[0]) * ball(factors[1]))


@pytest.mark.parametrize("n", [1, 2, 3, 5, 7, 64, 65, 127, 128, 1000])
def test_a_sum_of_pairs_keeps_its_error(n: int) -> None:
    """Against exact fractions, of numbers that cancel and whose low parts are as large as they can be."""
    rng = np.random.default_rng(n)
    hi = rng.standard_normal((20, n)) * 2.0 ** rng.integers(-30, 30, (20, n))
    hi[:, n // 2 :] = -hi[:, : n - n // 2] * (1 + 2.0**-20)
    hi = rng.permuted(hi, axis=1)
    lo = hi * 2.0**-53 * rng.choice([-0.99, 0.99], (20, n))
    got = double_double.sum_rows((hi, lo))
    for row in range(20):
        terms = [Fraction(float(a)) + Fraction(float(b)) for a, b in zip(hi[row], lo[row], strict=True)]
        error = abs(sum(terms) - Fraction(float(got[0][row])) - Fraction(float(got[1][row])))
        assert error <= (n - 1) * Fraction(1, 2**103) * sum(map(abs, terms))
        assert abs(got[1][row]) <= 2.0**-53 * abs(got[0][row])


def test_every_family_of_the_sweep_was_used() -> None:
    """So that the batches above are as adversarial as they say."""
    assert len(FINITE_FAMILIES) + len(UNIT_FAMILIES) <= 2 * len(FINITE_FAMILIES)


@pytest.mark.parametrize(
    ("got", "share"), [(1.0, 0.0), (1.0 + 2.0**-52, 0.5), (2.0, 2.0**51), (np.nan, np.inf), (np.inf, np.inf)]
)
def test_the_share_of_the_bound(got: float, share: float) -> None:
    """The distance over the bound; whatever is no number is infinitely far."""
    one = np.ones(1)
    enclosure = Enclosure(one, 0 * one, 0 * one, one * 2.0**-51)
    assert enclosure.share_of_bound(np.array([got])).tolist() == [share]


def test_nothing_is_claimed_under_an_infinite_bound() -> None:
    """Then any result is as good as another."""
    zero = np.zeros(1)
    assert Enclosure(zero, zero, zero, np.array([np.inf])).share_of_bound(np.array([np.nan])).tolist() == [0.0]


@pytest.mark.parametrize(("values", "total"), [([np.inf, 1.0], np.inf), ([np.inf, -np.inf], np.nan), ([], 0.0)])
def test_sums_of_what_is_not_finite_are_plain(values: list[float], total: float) -> None:
    """They are far from any bound, and must not end the check."""
    with np.errstate(invalid="ignore"):
        assert np.array_equal(double_double.total(np.array(values))[0], [total], equal_nan=True)
