"""The distance of results from exact values in units in the last place: by pairs, closely where those are coarse."""

from fractions import Fraction
from typing import Any

import flint
import numpy as np
import pytest

from nnfs_spec.arrays import Array
from nnfs_spec.oracle import Enclosure, exact, refine, ulps

SINGLE, DOUBLE = np.dtype(np.float32), np.dtype(np.float64)
SMALLEST = 2.0**-1074


@pytest.mark.parametrize(
    ("value", "rest", "dtype", "unit"),
    [
        (1.0, 0.0, DOUBLE, 2.0**-52),
        (1.0, 2.0**-60, DOUBLE, 2.0**-52),
        (1.0, -(2.0**-60), DOUBLE, 2.0**-53),
        (-1.0, 2.0**-60, DOUBLE, 2.0**-53),
        (1.5, -(2.0**-60), DOUBLE, 2.0**-52),
        (1.0, 0.0, SINGLE, 2.0**-23),
        (2.0**-126, 0.0, SINGLE, 2.0**-149),
        (2.0**-130, 0.0, SINGLE, 2.0**-149),
        (2.0**-1022, 0.0, DOUBLE, SMALLEST),
        (SMALLEST, 0.0, DOUBLE, SMALLEST),
        (0.0, 0.0, DOUBLE, SMALLEST),
        (0.0, 0.0, SINGLE, 2.0**-149),
    ],
)
def test_the_unit_is_the_spacing_at_the_exact_value(value: float, rest: float, dtype: Any, unit: float) -> None:
    """A little below a power of two it is that of the numbers below."""
    assert ulps.spacing(np.array([value]), np.array([rest]), dtype).tolist() == [unit]


def test_the_spacing_is_numpys_own() -> None:
    """At every number of several sizes."""
    rng = np.random.default_rng(0)
    for dtype in (SINGLE, DOUBLE):
        numbers = np.ldexp(rng.uniform(0.5, 1, 2000), rng.integers(-140, 120, 2000)).astype(dtype)
        got = ulps.spacing(numbers.astype(np.float64), np.zeros(2000), dtype)
        assert np.array_equal(got, np.spacing(numbers).astype(np.float64))


def true_ulps(z: Array, row: int, column: int, got: float) -> float:
    """Return the error of one entry of a float64 softmax, in 800 bits; for subnormal entries."""
    with flint.ctx.workprec(800):
        largest = flint.arb(float(z[row].max()))
        total = sum(((flint.arb(float(one)) - largest).exp() for one in z[row]), flint.arb(0))
        share = (flint.arb(float(z[row, column])) - largest).exp() / total
        return float(abs(flint.arb(got) - share) / SMALLEST)


def test_subnormal_shares_are_measured_by_balls() -> None:
    """The pairs leave 64 ULP open there."""
    z = np.array([[0.0, -720.5, -744.25], [-1.0, -731.0, 0.5]])
    got = np.array([[1.0, 1e-313, 3 * SMALLEST], [0.2, 1e-318, 0.8]])
    measured = ulps.measure(exact("softmax", (z,)), got, DOUBLE)
    places = [(0, 1), (0, 2), (1, 1)]
    assert measured.unknown == 0
    expected = [true_ulps(z, row, column, float(got[row, column])) for row, column in places]
    assert [measured.ulps.reshape(2, 3)[place] for place in places] == pytest.approx(expected, rel=2.0**-40)


def test_without_balls_they_are_counted_and_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """The others are measured all the same."""
    monkeypatch.setattr(refine, "balls_are_there", lambda: False)
    measured = ulps.measure(exact("softmax", (np.array([[0.0, -720.5]]),)), np.array([[1.0, 1e-313]]), DOUBLE)
    assert (np.rint(measured.ulps).tolist(), measured.unknown) == ([0.0], 1)


def test_a_vanishing_share_counts_as_zero(monkeypatch: pytest.MonkeyPatch) -> None:
    """It needs no balls."""
    monkeypatch.setattr(refine, "balls_are_there", lambda: False)
    z = np.array([[0.0, -760.0, -1e308]])
    measured = ulps.measure(exact("softmax", (z,)), np.array([[1.0, 0.0, 2 * SMALLEST]]), DOUBLE)
    assert (measured.ulps.tolist(), measured.unknown) == ([0.0, 0.0, 2.0], 0)


def test_subnormal_sums_are_measured_by_fractions() -> None:
    """Half of the smallest number is half an ULP off."""
    x, w = np.array([[3 * SMALLEST, 2 * SMALLEST]]), np.array([[0.5], [0.5]])
    measured = ulps.measure(exact("dense", (x, w, np.zeros((1, 1)))), np.array([[2 * SMALLEST]]), DOUBLE)
    truth = (Fraction(2) - Fraction(5, 2)) * Fraction(-1)
    assert (measured.ulps.tolist(), measured.unknown) == ([float(truth)], 0)


def test_the_closer_look_is_capped(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is above the cap is counted as not known."""
    monkeypatch.setattr(ulps, "MOST_TERMS", 5)
    x, w = np.full((3, 1), SMALLEST), np.full((1, 1), 0.5)
    measured = ulps.measure(exact("dense", (x, w, np.zeros((1, 1)))), np.zeros((3, 1)), DOUBLE)
    assert (measured.ulps.tolist(), measured.unknown) == ([0.5, 0.5], 1)


def test_what_may_overflow_is_left_out_and_what_is_no_number_is_infinitely_far() -> None:
    """As the clause claims nothing of the one, and something of the other."""
    x = np.array([[1e308], [1.0]])
    measured = ulps.measure(exact("dense", (x, np.array([[10.0]]), np.zeros((1, 1)))), np.full((2, 1), np.nan), DOUBLE)
    assert (measured.ulps.tolist(), measured.unknown) == ([np.inf], 0)


def handmade(hi: float, radius: float, bound: float = np.inf) -> Enclosure:
    """Return an enclosure of one entry, of which nothing finer can be asked."""
    return Enclosure(*(np.array([[number]]) for number in (hi, 0.0, radius, bound)))


@pytest.mark.parametrize(("radius", "unknown"), [(0.0, 0), (2.0**-59, 0), (np.nextafter(2.0**-59, 1), 1), (1.0, 1)])
def test_a_distance_is_known_within_a_part_of_a_unit(radius: float, unknown: int) -> None:
    """Within 2^-7 of it; without a question what is not known stays so, and is left out."""
    measured = ulps.measure(handmade(1.0, radius, 1.0), np.array([[1 + 3 * 2.0**-52]]), DOUBLE)
    assert (measured.ulps.tolist(), measured.unknown) == ([3.0] * (1 - unknown), unknown)


def test_what_is_not_claimed_is_neither_known_nor_unknown() -> None:
    """However large the radius is."""
    measured = ulps.measure(handmade(1.0, 1.0), np.array([[1.0]]), DOUBLE)
    assert (measured.ulps.tolist(), measured.unknown) == ([], 0)


def test_a_share_vanishes_from_760_below_the_largest_of_its_row(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nearer ones need balls, and one that is far from 0 is infinitely far, without a warning."""
    monkeypatch.setattr(refine, "balls_are_there", lambda: False)
    z = np.array([[0.0, -760.0, -759.5], [780.0, 20.0, 20.5]])
    got = np.array([[1.0, 3 * SMALLEST, 0.0], [1.0, 1.0, 0.0]])
    measured = ulps.measure(exact("softmax", (z,)), got, DOUBLE)
    assert (measured.ulps.tolist(), measured.unknown) == ([0.0, 3.0, 0.0, np.inf], 2)


def test_single_entries_of_many_rows_are_looked_at() -> None:
    """Those that are not known, each with its own number and its own unit; the others stay as they are."""
    x = np.array([[1.0], [SMALLEST], [SMALLEST]])
    w = np.array([[0.5, 3.0, 1.5, 2.0**600]])
    got = np.array([[0.5, 3.0, 1.5 + 2.0**-51, 2.0**600], [0, 4, 4, 0], [1, 3, 0, 2]])
    got[1:, :3] *= SMALLEST
    got[1:, 3] = SMALLEST * 2.0**600 * (1 + np.array([1, 2]) * 2.0**-50)
    measured = ulps.measure(exact("dense", (x, w, np.zeros((1, 4)))), got, DOUBLE)
    assert (measured.ulps.tolist(), measured.unknown) == ([0, 0, 2, 0, 0.5, 1, 2.5, 4, 0.5, 0, 1.5, 8], 0)


@pytest.mark.parametrize(("inputs", "unknown"), [(2**14 - 1, 0), (2**14, 1)])
def test_of_one_batch_so_many_products_are_looked_at(inputs: int, unknown: int) -> None:
    """16,384 of them, biases included."""
    x, w = np.full((1, inputs), SMALLEST), np.full((inputs, 1), 2.0**-10)
    got = np.array([[15 * SMALLEST]])
    measured = ulps.measure(exact("dense", (x, w, np.zeros((1, 1)))), got, DOUBLE)
    assert (measured.ulps.tolist(), measured.unknown) == ([inputs * 2.0**-10 - 15] * (1 - unknown), unknown)
