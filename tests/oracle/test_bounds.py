"""The figures of the oracle: radii and bounds as spec/conformance.md derives them, shapes, blocks, and what is kept."""

from collections.abc import Callable
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from nnfs_spec.arrays import Array
from nnfs_spec.oracle import Enclosure, double_double, exact
from nnfs_spec.oracle.dense import dense
from nnfs_spec.oracle.enclosure import joined
from nnfs_spec.oracle.loss import clip_ends, loss, loss_bound, mean, negative_log, sample_losses, targets_of
from nnfs_spec.oracle.softmax import ABSOLUTE_ERROR, sigmoid, softmax

U32, U64 = 2.0**-24, 2.0**-53
FLOAT32, FLOAT64 = np.dtype(np.float32), np.dtype(np.float64)
Arguments = tuple[Array, ...]

P = np.array([[0.25, 0.75], [0.5, 0.5], [0.125, 0.875]])
LABELS = np.array([0, 1, 1])
CASES: dict[str, Arguments] = {
    "dense": (P, P[:2], P[:1]),
    "relu": (P,),
    "softmax": (P,),
    "sample_losses": (P, LABELS),
    "loss": (P, LABELS),
    "accuracy": (P, LABELS),
}


def parts(enclosure: Enclosure) -> tuple[Array, ...]:
    """Return the four arrays of an enclosure."""
    return enclosure.hi, enclosure.lo, enclosure.radius, enclosure.bound


def same(a: Enclosure, b: Enclosure) -> bool:
    """Tell whether two enclosures are the same, bit for bit."""
    return all(np.array_equal(x, y) for x, y in zip(parts(a), parts(b), strict=True))


@pytest.mark.parametrize("operation", CASES)
def test_the_parts_of_an_enclosure_are_float64_of_one_shape(operation: str) -> None:
    """Those of a scalar have one entry."""
    enclosure = exact(operation, CASES[operation])
    shape = {"sample_losses": (3,), "loss": (1,), "accuracy": (1,)}.get(operation, (3, 2))
    assert [(part.shape, part.dtype) for part in parts(enclosure)] == [(shape, FLOAT64)] * 4


@pytest.mark.parametrize("operation", ["relu", "accuracy"])
def test_what_is_exact_has_neither_radius_nor_bound(operation: str) -> None:
    """Nor a low part."""
    enclosure = exact(operation, CASES[operation])
    assert not any(part.any() for part in parts(enclosure)[1:])


def test_of_a_zero_of_either_sign_the_exact_relu_is_zero() -> None:
    """Without a sign."""
    assert not np.signbit(exact("relu", (np.array([[-0.0, 0.0, -1.0]]),)).hi).any()


def test_the_share_starts_from_the_whole_centre_and_spares_the_radius() -> None:
    """The low part counts, whether or not the high one was met, and the radius is taken off the distance."""
    one = np.ones(1)
    enclosure = Enclosure(one, one * 2.0**-60, one * 2.0**-62, one * 2.0**-60)
    assert enclosure.share_of_bound(one).tolist() == [0.75]
    assert enclosure.share_of_bound(one + 2.0**-50).tolist() == [2.0**10 - 1.25]
    assert enclosure.share_of_bound(one - 2.0**-50).tolist() == [2.0**10 + 0.75]


def test_within_the_radius_nothing_is_certain() -> None:
    """Even under a bound of zero, beside entries that are no numbers."""
    hi, zero = np.ones(4), np.zeros(4)
    enclosure = Enclosure(hi, zero, np.array([2.0**-50, 0.0, 0.0, 0.0]), np.array([0.0, 1.0, 0.0, np.inf]))
    got = np.array([1 + 2.0**-52, np.nan, 1 + 2.0**-52, np.inf])
    assert enclosure.share_of_bound(got).tolist() == [0.0, np.inf, np.inf, 0.0]


def test_blocks_are_joined_in_their_order() -> None:
    """Every part by itself; one block is the whole, without a copy."""
    first, second = (Enclosure(*(np.full(2, 10.0 * k + i) for i in range(4))) for k in range(2))
    assert [part.tolist() for part in parts(joined([first, second]))] == [
        [float(i), float(i), 10.0 + i, 10.0 + i] for i in range(4)
    ]
    assert joined([first]) is first
    assert joined((second,)) is second


def test_the_four_latest_answers_are_kept() -> None:
    """The same arrays and the same operation give the very same answer; the fifth latest is computed anew."""
    arrays = [P + k for k in range(5)]
    answers = [exact("relu", (z,)) for z in arrays]
    assert [exact("relu", (z,)) for z in arrays[1:]] == answers[1:]
    assert exact("relu", (arrays[0],)) is not answers[0]


def test_an_answer_is_kept_for_its_operation_and_its_arrays_alone() -> None:
    """Not for another operation, for equal arrays elsewhere, or for fewer of them."""
    z, y = P.copy(), LABELS.copy()
    answer = exact("relu", (z,))
    assert not same(exact("softmax", (z,)), answer)
    assert exact("relu", (z.copy(),)) is not answer
    losses = exact("sample_losses", (z, y))
    assert not same(exact("sample_losses", (z, 1 - y)), losses)
    assert not same(exact("softmax", (z,)), losses)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_what_is_asked_closely_is_asked_in_the_dtype_of_the_numbers(dtype: Any) -> None:
    """And not in that of the labels."""
    for operation in ("sample_losses", "loss"):
        question = exact(operation, (P.astype(dtype), LABELS.copy())).question
        assert question is not None
        assert question.dtype == dtype


@pytest.mark.parametrize(("dtype", "u"), [(np.float32, U32), (np.float64, U64)])
@pytest.mark.parametrize("classes", [1, 2, 5])
def test_the_radius_and_the_bound_of_softmax(dtype: Any, u: float, classes: int) -> None:
    """q·(4·2^-72 + C·2^-102) + 2^-1068, in float32 q·(distance + 2·C + 16)·2^-52 + 2^-1068.

    And (C + 4 + 2·distance + 2·ln C)·u·q + 2·tiny.
    """
    z = np.zeros((1, classes), dtype)
    z[0, 1:] = -3.0
    got = exact("softmax", (z,))
    distance = np.array([[0.0] + [3.0] * (classes - 1)])
    in_pairs = 4 * 2.0**-72 + classes * 2.0**-102
    relative = (distance + 2 * classes + 16) * 2.0**-52 if dtype is np.float32 else in_pairs
    assert np.array_equal(got.radius, got.hi * relative + 2.0**-1068)
    steps = classes + 4 + 2 * distance + 2 * np.log(classes)
    assert np.array_equal(got.bound, steps * got.hi * u + 2 * float(np.finfo(dtype).smallest_normal))


def test_a_probability_below_every_number_is_zero_with_the_least_radius_and_bound() -> None:
    """Nothing is left of e^-800, and nothing overflows where the spread does; e^-745 is still a number."""
    z = np.array([[0.0, -800.0], [1.7e308, -1.7e308], [0.0, -745.0], [-745.0, 0.0]])
    got = exact("softmax", (z,))
    assert got.hi.tolist() == [[1.0, 0.0], [1.0, 0.0], [1.0, 5e-324], [5e-324, 1.0]]
    assert got.radius[:2, 1].tolist() == [2.0**-1068] * 2
    assert got.bound[:2, 1].tolist() == [2 * 2.0**-1022] * 2
    assert got.bound[1, 0] == (6 + 2 * np.log(2)) * U64 + 2 * 2.0**-1022
    assert same(sigmoid(z[:1]), exact("softmax", (z[:1],)))


def test_the_sigmoid_has_the_radius_and_the_bound_of_softmax() -> None:
    """It is the softmax of two classes; a bound depends on the value and the distance alone."""
    z = np.array([[1.0, 3.0], [2.0, 2.0], [5.0, -1.0]])
    one, other = sigmoid(z), exact("softmax", (z,))
    assert one.hi.tolist() == other.hi.tolist()
    assert np.array_equal(one.radius, one.hi * (4 * 2.0**-72 + 2 * 2.0**-102) + 2.0**-1068)
    assert np.array_equal(one.bound, other.bound)


@pytest.mark.parametrize("rows", [0, 1, 2, 3 * 2**12 + 1])
def test_rows_are_taken_in_blocks_without_a_trace(rows: int) -> None:
    """Whatever their number, the enclosures of rows are those of each row by itself."""
    rng = np.random.default_rng(1)
    z, y = rng.uniform(0, 1, (rows, 3)), rng.integers(0, 3, rows)
    ends = sorted({0, rows // 2, max(rows - 1, 0)})[: rows or 0]
    operations: list[tuple[Callable[..., Enclosure], tuple[Array, ...]]] = [
        (softmax, (z,)),
        (sigmoid, (z[:, :2],)),
        (sample_losses, (z, y)),
    ]
    for operation, arguments in operations:
        whole = operation(*arguments)
        assert len(whole.hi) == len(whole.lo) == len(whole.radius) == len(whole.bound) == rows
        for row in ends:
            alone = operation(*(argument[row : row + 1] for argument in arguments))
            assert all(np.array_equal(x[row : row + 1], y) for x, y in zip(parts(whole), parts(alone), strict=True))


def test_a_row_that_is_wider_than_a_block_is_taken_whole() -> None:
    """Softmax needs all of it."""
    z = np.zeros((2, 2**14 + 1))
    assert exact("softmax", (z,)).hi[1, 0] == 1 / (2**14 + 1)


@pytest.mark.parametrize(("dtype", "u"), [(np.float32, U32), (np.float64, U64)])
def test_the_clip_and_the_bounds_of_the_losses(dtype: Any, u: float) -> None:
    """Both ends are rounded to the dtype; u is that of the dtype."""
    assert clip_ends(np.dtype(dtype)) == (float(dtype(1e-7)), float(dtype(1 - 1e-7)))
    assert loss_bound(np.array([0.0, 1.0]), np.dtype(dtype)).tolist() == [1.5 * u, 9.5 * u]
    p, y = np.full((3, 2), 0.5, dtype), np.array([0, 1, 0])
    each, batch = sample_losses(p, y), loss(p, y)
    assert each.bound.tolist() == [(8 * np.log(2) + 1.5) * u] * 3
    assert batch.bound.tolist() == [(13 * batch.hi[0] + 1.5) * u]
    assert batch.radius.tolist() == [each.radius.mean() + batch.hi[0] * 3 * 2.0**-99]


def test_the_mean_of_numbers_at_hand() -> None:
    """The sum divided once; the radius is (the mean of absolute values)·N·2^-99, the bound (N + 2)·u of it."""
    got = mean(np.array([1.0, -3.0, 5.0, 1.0]), FLOAT32)
    assert [part.tolist() for part in parts(got)] == [[1.0], [0.0], [2.5 * 4 * 2.0**-99], [6 * U32 * 2.5]]


def test_labels_of_both_forms_name_the_target() -> None:
    """As numbers to count with."""
    for labels in (LABELS, LABELS.astype(np.uint8), np.eye(2)[LABELS], np.eye(2, dtype=np.float32)[LABELS]):
        assert targets_of(labels).tolist() == [0, 1, 1]
        assert targets_of(labels).dtype == np.intp


def test_confidences_that_are_all_alike_are_taken_once() -> None:
    """With the answer of each by itself."""
    together, alone = (negative_log(np.full(n, 0.3), FLOAT64) for n in (5, 1))
    assert all(np.array_equal(x, np.repeat(y, 5)) for x, y in zip(parts(together), parts(alone), strict=True))
    mixed = negative_log(np.array([0.3, 0.3, 0.4]), FLOAT64)
    assert mixed.hi[0] == mixed.hi[1] == alone.hi[0]
    assert mixed.hi[2] == -np.log(0.4)


def test_the_radius_of_dense_over_singles() -> None:
    """Every product is exact, and K + 2 roundings of float64 remain."""
    x, w, b = np.ones((1, 3), np.float32), np.ones((3, 1), np.float32), np.full((1, 1), -3.0, np.float32)
    got = exact("dense", (x, w, b))
    size = 6 * (1 + 5 * 2.0**-52)
    assert [part.tolist() for part in parts(got)] == [
        [[0.0]],
        [[0.0]],
        [[size * 5 * 2.0**-52]],
        [[5 * U32 * size + 3 * float(np.finfo(np.float32).smallest_subnormal)]],
    ]


@pytest.mark.parametrize("scale", [1.0, 2.0**300, 2.0**-300, 2.0**401, 2.0**-401, 2.0**-520])
def test_the_radius_of_dense_over_doubles(scale: float) -> None:
    """The products as pairs: (K + 2)·2^-102 of the absolute values, whether powers of two are kept apart or not."""
    x, w = np.full((1, 3), 3.0 * scale), np.full((3, 1), 5.0 / scale)
    got = exact("dense", (x, w, np.full((1, 1), -7.0)))
    size = 52 * (1 + 5 * 2.0**-52)
    assert got.hi.tolist() == [[38.0]]
    assert not got.lo.any()
    assert got.radius.tolist() == [[size * 5 * 2.0**-102]]
    assert got.bound.tolist() == [[5 * U64 * size]]


def test_dense_encloses_products_below_every_number() -> None:
    """The low part of such a product falls below the smallest number, and the radius says so."""
    x, w = np.array([[2.0**-500 / 3]]), np.array([[2.0**-500 / 7]])
    got = exact("dense", (x, w, np.zeros((1, 1))))
    truth = Fraction(float(x[0, 0])) * Fraction(float(w[0, 0]))
    error = abs(truth - Fraction(float(got.hi[0, 0])) - Fraction(float(got.lo[0, 0])))
    assert error <= Fraction(float(got.radius[0, 0]))


def test_weights_that_are_more_than_a_block_are_taken_row_by_row() -> None:
    """At least one row is."""
    got = exact("dense", (np.ones((2, 1)), np.full((1, 2**16 + 1), 3.0), np.zeros((1, 2**16 + 1))))
    assert (got.hi == 3.0).all()


def test_dense_claims_its_bound_up_to_the_largest_number() -> None:
    """Where it fits, and not beyond; then the centre and the radius are zero."""
    largest = float(np.finfo(np.float64).max)
    x, w = np.array([[1.0], [0.5], [-1.0]]), np.array([[largest]])
    got = exact("dense", (x, w, np.zeros((1, 1))))
    assert got.hi[:, 0].tolist() == [0.0, largest / 2, 0.0]
    assert np.isinf(got.bound[:, 0]).tolist() == [True, False, True]
    assert (got.radius[:, 0] > 0).tolist() == [False, True, False]


@pytest.mark.parametrize(("last", "claimed"), [(-1, True), (0, True), (1, False)])
def test_dense_claims_what_just_reaches_the_largest_number(last: int, claimed: bool) -> None:
    """Its absolute values, enlarged for their roundings, and the bound on top of them."""
    largest, ulp = float(np.finfo(np.float64).max), 2.0**971

    def reached(bias: float) -> float:
        size = bias * (1 + 3 * 2.0**-52)
        return size + 3 * U64 * size

    edge = largest - 20 * ulp
    while reached(edge) < largest:
        edge += ulp
    assert reached(edge) == largest
    got = exact("dense", (np.zeros((1, 1)), np.ones((1, 1)), np.full((1, 1), edge + last * ulp)))
    assert np.isfinite(got.bound[0, 0]) == claimed


@pytest.mark.parametrize(
    ("x", "w", "b"),
    [
        ([2.0**-500 / 3], [2.0**-500 / 7], 2.0**-1000 / 11),
        ([2.0**1000 / 3, 2.0**401], [2.0**-300 / 7, 2.0**401], 2.0**401),
    ],
)
def test_numbers_that_are_all_small_or_partly_huge_are_scaled(x: list[float], w: list[float], b: float) -> None:
    """None of them is 0, and none is out of reach in the result."""
    got = exact("dense", (np.array([x]), np.array([w]).T, np.array([[b]])))
    truth = sum((Fraction(one) * Fraction(other) for one, other in zip(x, w, strict=True)), Fraction(b))
    error = abs(truth - Fraction(float(got.hi[0, 0])) - Fraction(float(got.lo[0, 0])))
    assert error <= Fraction(float(got.radius[0, 0]))


def test_dense_keeps_what_lies_far_apart() -> None:
    """Products of which one is 2^-200 of the other, and sums of which nothing but the smaller is left."""
    x = np.array([[2.0**500, 2.0**300, -(2.0**500)]])
    w = np.array([[2.0**400], [2.0**400], [2.0**400]])
    got = exact("dense", (x, w, np.zeros((1, 1))))
    assert (got.hi[0, 0], got.lo[0, 0]) == (2.0**700, 0.0)


def test_dense_of_nothing_but_zeros_is_zero() -> None:
    """With the radius that the smallest number needs."""
    got = exact("dense", (np.zeros((2, 3)), np.full((3, 1), 2.0**500), np.zeros((1, 1))))
    assert not got.hi.any()
    assert not got.lo.any()
    assert got.radius.tolist() == [[5e-324]] * 2
    assert got.bound.tolist() == [[3 * 5e-324]] * 2
    assert dense(np.zeros((0, 3)), np.ones((3, 2)), np.ones((1, 2))).hi.shape == (0, 2)


def test_the_first_of_the_largest_scores_is_predicted() -> None:
    """Whatever stands behind it."""
    scores = np.array([[1.0, 2.0, 2.0], [3.0, 3.0, 3.0], [0.0, 0.0, 1.0]])
    assert exact("accuracy", (scores, np.array([1, 0, 2]))).hi.tolist() == [1.0]
    assert exact("accuracy", (scores, np.array([2, 1, 2]))).hi.tolist() == [1 / 3]


def test_the_error_of_the_pairs_is_the_one_that_the_radius_counts() -> None:
    """Softmax takes two exponentials and a quotient; the page allows four times the error of one."""
    assert double_double.EXP_ERROR == 2.0**-72
    assert ABSOLUTE_ERROR == 2.0**-1068
