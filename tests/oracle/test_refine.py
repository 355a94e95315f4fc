"""The closer look: exact values and bounds in fractions and in balls, what is told of single entries, what it costs."""

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

import flint
import numpy as np
import pytest

from nnfs_spec.arrays import Array
from nnfs_spec.oracle import Question, rational, refine
from nnfs_spec.oracle import ball_arithmetic as balls
from nnfs_spec.oracle.ball_arithmetic import Ball

SINGLE, DOUBLE = np.dtype(np.float32), np.dtype(np.float64)
FIGURES = [(SINGLE, 24, 126, 149), (DOUBLE, 53, 1022, 1074)]
"""A dtype, and how small its u, its smallest normal and its smallest number are, in powers of two."""

X = np.array([[0.5, -3.0, 0.1], [7.0, 0.3, -2.5]])
W = np.array([[1.1, 4.0], [-2.0, 0.7], [3.0, -1.3]])
B = np.array([[0.9, -0.2]])
P = np.array([[0.25, 0.75, 0.1], [0.5, 1.0, 0.3], [0.125, 0.875, 0.0], [0.7, 0.2, 0.1]])
LABELS = np.array([0, 1, 2, 1])


def question(operation: str, *arguments: Array) -> Question:
    """Return a question in the dtype of its first argument."""
    return Question(operation, arguments, arguments[0].dtype)


def power(exponent: int) -> Fraction:
    """Return 2^-exponent exactly."""
    return Fraction(1, 2**exponent)


@pytest.mark.parametrize(("dtype", "u", "normal", "smallest"), FIGURES)
def test_a_dense_entry_in_fractions_is_the_sum_under_its_bound(dtype: Any, u: int, normal: int, smallest: int) -> None:
    """(K + 2)·u times the sum of absolute values, and K times the smallest number; columns as they are asked for."""
    arrays = X.astype(dtype), W.astype(dtype), B.astype(dtype)
    x, w, b = ([[Fraction(number) for number in row] for row in array.tolist()] for array in arrays)
    for row in (0, 1):
        found = rational.dense(arrays, row, [1, 0])
        for one, column in zip(found, (1, 0), strict=True):
            terms = [x[row][0] * w[0][column], x[row][1] * w[1][column], x[row][2] * w[2][column], b[0][column]]
            assert one.value == terms[0] + terms[1] + terms[2] + terms[3]
            assert one.bound == 5 * power(u) * sum(abs(term) for term in terms) + 3 * power(smallest)


@pytest.mark.parametrize(("dtype", "u"), [(SINGLE, 24), (DOUBLE, 53)])
def test_a_mean_in_fractions_has_a_bound_relative_to_its_absolute_values(dtype: Any, u: int) -> None:
    """(N + 2)·u of their mean, u of the dtype that is asked for, whatever that of the values is."""
    one = rational.mean(np.array([1.0, -2.0, 0.25]), dtype)
    assert one == (Fraction(-1, 4), 5 * power(u) * Fraction(13, 12))


def arb(number: Fraction | float) -> flint.arb:
    """Return a number as a ball of the precision at hand."""
    exactly = Fraction(number)
    return flint.arb(exactly.numerator) / exactly.denominator


def assert_ball(one: Ball, value: flint.arb, bound: flint.arb) -> None:
    """Require a value and a bound to a hundred bits."""
    for got, expected in ((one.value, value), (one.bound, bound)):
        assert abs(got - expected) <= abs(expected) * arb(power(100)), f"{got} should be {expected}"


@pytest.mark.parametrize(("dtype", "u", "normal", "smallest"), FIGURES)
def test_a_share_in_balls_is_that_of_softmax_under_its_bound(dtype: Any, u: int, normal: int, smallest: int) -> None:
    """(C + 4 + 2·ln C + twice the distance of the logit)·u of it, and twice the smallest normal number."""
    z = np.array([[0.5, -1.0, 2.25], [0.25, -720.0, -90.0]], dtype)
    with flint.ctx.workprec(400):
        for row, largest in enumerate((2, 0)):
            first, second, third = (arb(number) for number in z[row].tolist())
            logits = (first, second, third)
            for one, column in zip(balls.softmax(z, row, [2, 0, 1]), (2, 0, 1), strict=True):
                own = logits[column]
                value = 1 / ((first - own).exp() + (second - own).exp() + (third - own).exp())
                steps = 7 + arb(9).log() + 2 * (logits[largest] - own)
                assert_ball(one, value, steps * value * arb(power(u)) + 2 * arb(power(normal)))


def test_large_logits_need_no_more_bits() -> None:
    """The largest is subtracted before exponentials are taken."""
    with flint.ctx.workprec(128):
        for one in balls.softmax(np.array([[1e308, 1e308]]), 0, [1, 0]):
            assert abs(one.value - flint.arb(0.5)) <= flint.arb(2.0**-100)


@pytest.mark.parametrize("hot", [False, True])
@pytest.mark.parametrize(("dtype", "u"), [(SINGLE, 24), (DOUBLE, 53)])
def test_losses_in_balls_are_logarithms_under_their_bounds(dtype: Any, u: int, hot: bool) -> None:
    """(8·value + 1.5)·u of a row, (N + 10)·u of a mean and 1.5·u; the ends of the clip are numbers of the dtype."""
    p, labels = P.astype(dtype), np.eye(3, dtype=np.int64)[LABELS] if hot else LABELS
    ends = (float(dtype.type(1e-7)), float(dtype.type(1 - 1e-7)))
    with flint.ctx.workprec(400):
        picked = (0.25, ends[1], ends[0], float(dtype.type(0.2)))
        values = [-arb(number).log() for number in picked]
        for row, value in enumerate(values):
            assert_ball(balls.sample_loss(p, labels, row), value, (8 * value + arb(1.5)) * arb(power(u)))
        mean = (values[0] + values[1] + values[2] + values[3]) / 4
        assert_ball(balls.loss(p, labels), mean, (14 * mean + arb(1.5)) * arb(power(u)))


@pytest.mark.parametrize(
    ("middle", "radius", "bound", "got", "answer"),
    [
        (1.0, 0.0, 0.5, 1.5, True),
        (1.0, 0.0, 0.5, 0.5, True),
        (1.0, 0.0, 0.5, 1.5 + 2.0**-52, False),
        (1.0, 0.0, 0.5, -1.0, False),
        (1.0, 0.25, 0.5, 1.125, True),
        (1.0, 0.25, 0.5, 1.5, None),
        (1.0, 0.25, 0.5, 1.75, None),
        (1.0, 0.25, 0.5, 2.0, False),
    ],
)
def test_a_ball_holds_where_all_of_it_does(
    middle: float, radius: float, bound: float, got: float, answer: bool | None
) -> None:
    """Fails where none of it does, the bound included, and is open elsewhere."""
    assert balls.holds(Ball(flint.arb(middle, radius), flint.arb(bound)), got) is answer


def test_a_distance_is_told_where_forty_bits_of_it_are_known() -> None:
    """Of the distance itself, or of a unit where it is smaller."""
    nothing, few = flint.arb(0), 2.0**-40
    assert balls.distance(Ball(flint.arb(3.0), nothing), 1.0, 0.25) == 8.0
    assert balls.distance(Ball(flint.arb(-3.0, 0.9 * few), nothing), -2.0, 1.0) == 1.0
    assert balls.distance(Ball(flint.arb(0.5, 0.9 * few), nothing), 0.0, 1.0) == 0.5
    assert balls.distance(Ball(flint.arb(0.5, 1.1 * few), nothing), 0.0, 1.0) is None
    assert balls.distance(Ball(flint.arb(8.0, 7.9 * few), nothing), 0.0, 1.0) == 8.0
    assert balls.distance(Ball(flint.arb(8.0, 8.1 * few), nothing), 0.0, 1.0) is None


def test_just_forty_bits_do() -> None:
    """The radius of a quotient is rounded up a little, so the distance that it is 2^-40 of is, too."""
    nothing, few = flint.arb(0), 2.0**-40
    edge = float((flint.arb(1.0, few) / 1.0).rad()) / few
    assert balls.distance(Ball(flint.arb(edge, few), nothing), 0.0, 1.0) == edge
    assert balls.distance(Ball(flint.arb(float(np.nextafter(edge, 0.0)), few), nothing), 0.0, 1.0) is None


def test_balls_are_asked_with_growing_precision_until_all_are_told() -> None:
    """With 1024 bits at the most; every time all of them are asked, each with its place."""
    asked: list[tuple[int, int]] = []

    def tell(one: Ball, place: int) -> bool | None:
        asked.append((flint.ctx.prec, place))
        return True if place == 0 or flint.ctx.prec >= enough else None

    for enough, precisions in ((1, [128]), (256, [128, 256]), (2000, [128, 256, 512, 1024])):
        asked.clear()
        answers = balls.told(question("softmax", X), 1, [2, 0], tell)
        assert asked == [(bits, place) for bits in precisions for place in (0, 1)]
        assert answers == [True, None if enough == 2000 else True]


@pytest.mark.parametrize(
    ("got", "answer"), [(0.0, True), (2.0**-1074, True), (-(2.0**-1074), True), (2.0**-1073, False)]
)
def test_a_dense_entry_holds_up_to_its_bound(got: float, answer: bool) -> None:
    """A sum of zeros has a bound of one smallest number for each product, which a result may just reach."""
    zero = np.zeros((1, 1))
    assert refine.holds(question("dense", zero, zero, zero), 0, [0], np.array([got])) == [answer]


@pytest.mark.parametrize(("steps", "answer"), [(0, True), (2, True), (3, True), (4, False)])
def test_a_mean_holds_up_to_its_bound(steps: int, answer: bool) -> None:
    """That of 1 is 3·u."""
    got = np.array([1 - steps * 2.0**-53])
    assert refine.holds(question("mean", np.ones(1)), 0, [0], got) == [answer]


def test_distances_are_multiples_of_the_unit_of_each_entry() -> None:
    """In fractions, of the row and the columns that are asked for."""
    x, w, b = np.array([[9.0], [2.0]]), np.array([[3.0, 5.0, 7.0]]), np.array([[0.25, 0.5, 0.75]])
    asked = question("dense", x, w, b)
    assert refine.ulps(asked, 1, [2, 0], np.array([14.0, 7.0]), np.array([0.5, 0.25])) == [1.5, 3.0]
    assert refine.ulps(question("mean", np.array([1.0, 2.0])), 0, [0], np.array([1.75]), np.array([0.125])) == [2.0]


def test_balls_are_asked_of_each_entry_with_its_own_number() -> None:
    """Of two logits that are equal each has the half, however large they are; and a loss of a half is ln 2."""
    shares = question("softmax", np.array([[9.0, 0.0], [1e308, 1e308]]))
    assert refine.holds(shares, 1, [1, 0], np.array([0.5, 0.75])) == [True, False]
    assert refine.ulps(shares, 1, [1, 0], np.array([0.75, 1.0]), np.array([0.25, 0.125])) == [1.0, 4.0]
    p, labels = np.array([[0.9], [0.5]]), np.zeros(2, np.int64)
    losses = question("sample_losses", p, labels)
    assert refine.holds(losses, 1, [0], np.array([np.log(2)])) == [True]
    assert refine.holds(losses, 0, [0], np.array([np.log(2)])) == [False]
    batch = question("loss", np.full((4, 1), 0.5), np.zeros(4, np.int64))
    assert refine.holds(batch, 0, [0], np.array([np.log(2)])) == [True]


@pytest.mark.parametrize("columns", [[0], [1, 0]])
def test_without_balls_nothing_is_told(monkeypatch: pytest.MonkeyPatch, columns: Sequence[int]) -> None:
    """Of each entry that is asked for, but fractions tell all the same."""
    monkeypatch.setattr(refine, "balls_are_there", lambda: False)
    asked, numbers = question("softmax", X), np.ones(len(columns))
    assert refine.holds(asked, 0, columns, numbers) == [None] * len(columns)
    assert refine.ulps(asked, 0, columns, numbers, numbers) == [None] * len(columns)
    zero = np.zeros((2, 2))
    assert refine.ulps(question("dense", zero, zero, zero[:1]), 0, columns, numbers, numbers) == [1.0] * len(columns)


@pytest.mark.parametrize(
    ("asked", "terms"),
    [
        (question("dense", X, W, B), 8),
        (question("softmax", X), 3),
        (question("sample_losses", P, LABELS), 1),
        (question("loss", P, LABELS), 4),
        (question("mean", np.ones(5)), 5),
    ],
)
def test_the_cost_of_a_look_is_what_it_computes(asked: Question, terms: int) -> None:
    """Products and a bias for each entry of dense; a row of exponentials, or the logarithms, however many entries."""
    assert refine.terms(asked, [1, 0]) == terms
