"""The edge of every property: what it asks, which rows it speaks of, and the least that it does not let pass."""

from collections.abc import Callable
from math import erfc, factorial, log, sqrt
from typing import Any

import numpy as np
import pytest

import nnfs_spec
from nnfs_spec import domains
from nnfs_spec.adapters.live import LiveSubject
from nnfs_spec.arrays import Array
from nnfs_spec.clauses import all_clauses
from nnfs_spec.domains import Case, Domain
from nnfs_spec.oracle import exact
from nnfs_spec.properties import PROPERTIES, Finding
from nnfs_spec.properties.accuracy import rounded
from nnfs_spec.properties.data import differences_of_normal, most_beyond
from nnfs_spec.properties.dense import (
    FALSE_ALARM_RATE,
    differences_of_uniform,
    distance_bound,
    distribution_distance,
    long_sum,
    normal_distribution,
    widest_gap,
)
from nnfs_spec.properties.labels import malformed_labels
from nnfs_spec.properties.loss import outweighing
from nnfs_spec.subject.protocol import MalformedError, Probe
from tests.tools.judging import always, judge

U = 2.0**-53
RIGHT: dict[str, Callable[..., Any]] = {
    name: getattr(nnfs_spec, name)
    for name in ("dense", "relu", "softmax", "sample_losses", "loss", "accuracy", "spiral_data")
}


def asked(clause: str, domain: Domain, arrays: dict[str, Any], *names: str) -> list[list[Any]]:
    """Return the arguments, as lists, of every call that a clause makes to these right operations."""
    calls: list[list[Any]] = []

    def recording(name: str) -> Callable[..., Any]:
        def operation(*arguments: Any) -> Any:
            calls.append([np.asarray(argument).tolist() for argument in arguments])
            return RIGHT[name](*arguments)

        return operation

    judge(clause, domain, arrays, **{name: recording(name) for name in names})
    return calls


def giving(result: Any) -> Callable[..., Array]:
    """Return a function that always gives ``result``."""
    return lambda *arguments: np.array(result)


def violates(found: Finding) -> list[bool]:
    """Return which rows violate the clause."""
    return [bool(row) for row in found.violating]


def test_relu_may_not_be_negative_at_all() -> None:
    """Nor may it miss an entry above zero; of others RELU-3 does not speak."""
    x = {"inputs": [[0.0, 0.5], [-0.5, 0.0], [-1.0, 2.0], [0.5, 2.0]]}
    below = judge("RELU-2", domains.RELU, x, relu=giving([[0.0, 0.5], [0.0, -0.5], [0.0, 2.0], [0.0, 2.0]]))
    assert violates(below) == [False, True, False, False]
    other = judge("RELU-3", domains.RELU, x, relu=giving([[5.0, 0.5], [3.0, 3.0], [3.0, 2.0], [0.75, 2.0]]))
    assert violates(other) == [False, False, False, True]
    assert other.examined.tolist() == [True, False, True, True]


def test_a_larger_input_may_give_the_same_or_more() -> None:
    """RELU-5 asks for no more than that."""
    x = {"inputs": [[-1.0, 1.0, 1.0]], "others": [[-2.0, 1.0, 3.0]]}
    assert violates(judge("RELU-5", domains.RELU_PAIR, x, relu=nnfs_spec.relu)) == [False]


def test_every_clause_has_its_property() -> None:
    """Registered under its id."""
    assert sorted(PROPERTIES) == sorted(all_clauses())


def test_shapes_are_compared_whole() -> None:
    """Of dense, relu, softmax and the losses."""
    x = {"inputs": np.ones((2, 3)), "weights": np.ones((3, 4)), "biases": np.ones((1, 4))}
    y = {"y_pred": np.full((2, 3), 0.5), "y_true": [0, 1]}
    shapes: list[tuple[str, Domain, dict[str, Any], str, tuple[int, ...], tuple[int, ...]]] = [
        ("DENSE-2", domains.DENSE, x, "dense", (2, 4), (2, 3)),
        ("RELU-7", domains.RELU, x, "relu", (2, 3), (3, 2)),
        ("SOFTMAX-11", domains.SOFTMAX, x, "softmax", (2, 3), (2, 1)),
        ("LOSS-7", domains.LOSSES, y, "sample_losses", (2,), (2, 1)),
    ]
    for clause, domain, arrays, operation, good, bad in shapes:
        assert not violates(judge(clause, domain, arrays, **{operation: giving(np.zeros(good))}))[0]
        wrong = judge(clause, domain, arrays, **{operation: giving(np.zeros(bad))})
        assert violates(wrong) == [True]
        assert (wrong.got.tolist(), wrong.expected.tolist()) == (list(bad), list(good))


def test_a_share_is_rounded_to_the_dtype_of_the_result() -> None:
    """If that is a floating-point one."""
    assert rounded(1 / 3, np.zeros(1, np.float32)).dtype == np.float32
    assert rounded(1 / 3, np.array([0])).tolist() == 1 / 3
    assert rounded(1 / 3, np.array([0])).dtype == np.float64


SCORES = {"y_pred": [[1.0, 0.0], [0.0, 1.0], [1.0, 0.0]], "y_true": [0, 0, 1]}


@pytest.mark.parametrize(("share", "violating"), [(0.0, False), (1.0, False), (-0.5, True), (1.5, True), (0.5, False)])
def test_a_share_lies_between_zero_and_one(share: float, violating: bool) -> None:
    """Both ends included, for any labels."""

    def accuracy(scores: Array, labels: Array) -> Array:
        right = float((scores.argmax(axis=1) == labels).mean())
        return np.asarray(right if right in (0.0, 1.0) else share)

    found = judge("ACC-2", domains.ACCURACY_TWO_CLASSES, SCORES, accuracy=accuracy)
    assert bool(found.violating.any()) is violating
    if violating:
        assert found.expected.tolist() == round(share / 2)


@pytest.mark.parametrize("right", [0.0, 1.0])
def test_both_ends_of_accuracy_are_tried(right: float) -> None:
    """All rows right, and the next class in each, all wrong."""
    found = judge("ACC-2", domains.ACCURACY_TWO_CLASSES, SCORES, accuracy=giving(right))
    assert violates(found) == [True]
    three = {"y_pred": [[1.0, 0.0, 0.0], [0.0, 0.0, 1.0]], "y_true": [1, 1]}
    labels = [labels for _, labels in asked("ACC-2", domains.ACCURACY_TWO_CLASSES, three, "accuracy")]
    assert labels == [[1, 1], [0, 2], [1, 0]]


def test_accuracy_is_asked_for_every_form_of_the_labels() -> None:
    """One-hot ones and those of every type that holds the classes."""
    scores, labels = np.eye(128)[:2], np.array([0, 127])
    calls = asked("ACC-3", domains.ACCURACY_WHOLE, {"y_pred": scores, "y_true": labels}, "accuracy")
    forms = [form for _, form in calls]
    assert [np.shape(form) for form in forms] == [(2,)] + [(2, 128)] * 4 + [(2,)] * 8
    assert all(np.argmax(form, axis=1).tolist() == [0, 127] for form in forms[1:5])
    wide = asked("ACC-3", domains.ACCURACY_WHOLE, {"y_pred": np.eye(129)[:1], "y_true": [0]}, "accuracy")
    assert len(wide) == 1 + 4 + 7
    assert len(asked("LOSS-9", domains.LOSSES, {"y_pred": np.eye(128)[:1], "y_true": [0]}, "sample_losses")) == 9
    assert len(asked("LOSS-9", domains.LOSSES, {"y_pred": np.eye(129)[:1], "y_true": [0]}, "sample_losses")) == 8


def test_of_tied_scores_the_first_and_the_last_are_tried() -> None:
    """Rows without a tie are right with either."""
    case = {"y_pred": [[1.0, 1.0, 0.0], [0.0, 1.0, 0.0], [2.0, 0.0, 2.0], [0.0, 0.0, 0.0]], "y_true": [0, 0, 0, 0]}
    labels = [labels for _, labels in asked("ACC-4", domains.ACCURACY_TIED, case, "accuracy")]
    assert labels == [[0, 1, 0, 0], [0, 1, 0, 0], [1, 1, 2, 2]]
    signs = [
        np.signbit(np.array(scores)[3]).tolist()
        for scores, _ in asked("ACC-4", domains.ACCURACY_TIED, case, "accuracy")
    ]
    assert signs == [[False, True, False], [True, False, True], [False, True, False]]
    assert not judge("ACC-4", domains.ACCURACY_TIED, case, **RIGHT).violating.any()


def test_rows_whose_largest_logit_does_not_stand_out_are_left_out() -> None:
    """By the bounds of both entries; without any such row nothing was examined."""
    near_tie = np.nextafter(1.0, 2.0)
    case = {"y_pred": [[1.0, near_tie], [0.0, 3.0], [5.0, 0.0]], "y_true": [1, 1, 1]}
    calls: list[Any] = []

    def accuracy(scores: Array, labels: Array) -> Array:
        calls.append((len(scores), labels.tolist()))
        return np.asarray(nnfs_spec.accuracy(scores, labels))

    found = judge("ACC-5", domains.ACCURACY_WHOLE, case, softmax=nnfs_spec.softmax, accuracy=accuracy)
    assert calls == [(2, [1, 1]), (2, [1, 1])]
    assert (violates(found), found.examined.tolist()) == ([False], [True])
    tied = {"y_pred": [[1.0, 1.0]], "y_true": [1]}
    assert not judge("ACC-5", domains.ACCURACY_WHOLE, tied, **RIGHT).examined.any()
    one = {"y_pred": [[1.0]], "y_true": [0]}
    assert judge("ACC-5", domains.ACCURACY_WHOLE, one, **RIGHT).examined.all()
    touching = {"y_pred": [[28 * 2.0**-54, 0.0]], "y_true": [0]}
    p = exact("softmax", (np.array(touching["y_pred"]),))
    assert (p.hi - p.bound)[0, 0] == (p.hi + p.bound)[0, 1]
    assert not judge("ACC-5", domains.ACCURACY_WHOLE, touching, **RIGHT).examined.any()


def test_softmax_that_changes_the_prediction_is_noticed() -> None:
    """Whatever else it gives."""
    case = {"y_pred": [[0.0, 3.0]], "y_true": [1]}

    def turned(z: Array) -> Array:
        right: Array = nnfs_spec.softmax(z)
        return right[:, ::-1]

    assert violates(judge("ACC-5", domains.ACCURACY_WHOLE, case, **{**RIGHT, "softmax": turned})) == [True]


@pytest.mark.parametrize(
    ("p", "violating"), [([0.0, 1.0], False), ([-0.1, 1.0], True), ([0.5, 1.1], True), ([-0.0, 0.5], False)]
)
def test_entries_of_softmax_are_probabilities(p: list[float], violating: bool) -> None:
    """From 0 to 1, both included; the nearest number there is told."""
    found = judge("SOFTMAX-2", domains.SOFTMAX, {"inputs": [[0.0, 0.0]]}, softmax=giving([p]))
    assert violates(found) == [violating]
    assert found.expected.tolist() == [[min(max(entry, 0.0), 1.0) for entry in p]]


def test_the_sum_of_a_row_is_told() -> None:
    """Beside what it should be."""
    found = judge("SOFTMAX-1", domains.SOFTMAX, {"inputs": [[0.0, 0.0]]}, softmax=giving([[0.5, 0.25]]))
    assert (found.got.tolist(), found.expected.tolist()) == ([0.75], [1.0])


def test_finite_entries_alone_pass() -> None:
    """SOFTMAX-3 asks for nothing else."""
    x = {"inputs": [[0.0, 0.0], [0.0, 0.0], [0.0, 0.0]]}
    found = judge("SOFTMAX-3", domains.SOFTMAX, x, softmax=giving([[7.0, 9.0], [np.nan, 1.0], [0.0, np.inf]]))
    assert violates(found) == [False, True, True]


def test_a_shift_and_an_order_are_asked_for_as_they_stand() -> None:
    """The row itself, and the shifted or permuted one."""
    z = [[1.0, 2.0, 4.0]]
    assert asked("SOFTMAX-5", domains.SOFTMAX_GRID, {"inputs": z, "shift": [[8.0]]}, "softmax") == [
        [[[9.0, 10.0, 12.0]]],
        [z],
    ]
    assert asked("SOFTMAX-6", domains.SOFTMAX_ORDER, {"inputs": z, "order": [2, 0, 1]}, "softmax") == [
        [[[4.0, 1.0, 2.0]]],
        [z],
    ]


def test_a_smaller_probability_of_a_larger_logit_is_measured_beyond_both_bounds() -> None:
    """Against the largest one below it, wherever that stands in the row."""
    z = {"inputs": [[3.0, 1.0, 2.0]]}
    exactly = nnfs_spec.softmax(z["inputs"])
    assert not judge("SOFTMAX-7", domains.SOFTMAX, z, softmax=giving(exactly)).violating.any()
    found = judge("SOFTMAX-7", domains.SOFTMAX, z, softmax=giving([[0.25, 0.5, 0.125]]))
    assert violates(found) == [True]
    assert found.got.tolist() == [[0.5, 0.125, 0.25]]
    assert found.expected.tolist() == [[0.5, 0.5, 0.5]]


def test_equal_logits_have_no_room_in_one_class_and_little_in_two() -> None:
    """(C + 4 + 2·ln C)·u/C + 2·tiny."""
    found = judge("SOFTMAX-8", domains.SOFTMAX_EQUAL, {"inputs": [[3.0] * 4]}, softmax=giving([[0.25] * 4]))
    bound = (8 + 2 * log(4)) * U / 4 + 2 * 2.0**-1022
    assert (found.bound.tolist(), found.expected.tolist()) == ([[bound] * 4], [[0.25] * 4])
    tiny = judge("SOFTMAX-8", domains.SOFTMAX_EQUAL, {"inputs": [[3.0]]}, softmax=giving([[1.0]]))
    assert (tiny.bound.tolist(), violates(tiny)) == ([[0.0]], [False])


def test_only_the_largest_logit_needs_its_share() -> None:
    """Every one of the largest, and what it lacks is measured by the bound of its value."""
    z = {"inputs": [[1.0, 0.0], [2.0, 2.0], [0.0, 1.0], [0.0, 1.0]]}
    found = judge("SOFTMAX-9", domains.SOFTMAX, z, softmax=giving([[0.5, 0.1], [0.6, 0.4], [0.9, 0.6], [0.6, 0.4]]))
    assert violates(found) == [False, True, False, True]
    assert found.expected.tolist() == [[0.5, 0.5]] * 4


def test_distances_from_a_distribution() -> None:
    """On both sides of each step; and the bound that right draws exceed once in 10^12."""
    assert distribution_distance(np.array([0.5])) == 0.5
    assert distribution_distance(np.array([0.0, 0.0])) == 1.0
    assert distribution_distance(np.array([1.0, 1.0])) == 1.0
    assert distribution_distance(np.array([0.125, 0.375, 0.625, 0.875])) == 0.125
    assert distribution_distance(np.array([0.1, 0.9])) == pytest.approx(0.4)
    assert distance_bound(50) == pytest.approx((log(2e12) / 100) ** 0.5)
    assert normal_distribution(np.array([-np.inf, -1.0, 0.0, 1.0])).tolist() == pytest.approx(
        [0.0, 0.15865525393145707, 0.5, 0.8413447460685429]
    )


def drawing(weights: Any, biases: Any) -> Callable[..., Any]:
    """Return a layer that always draws these."""
    return lambda *arguments: (np.array(weights), np.array(biases))


SIZES = {"n_inputs": 2, "n_neurons": 3, "seed": 0}
DRAWN = [[0.01, 0.02, 0.03], [0.04, 0.05, 0.06]]


@pytest.mark.parametrize(
    ("weights", "violating"),
    [
        (DRAWN, False),
        ([[0.05] * 3] * 2, True),
        ([[0.05, 0.05, 0.05], [0.05, 0.05, 0.06]], False),
        ([[0.01, np.nan, 0.03], [0.04, 0.05, 0.06]], True),
        ([[0.01, 0.02], [0.03, 0.04], [0.05, 0.06]], True),
        (np.zeros((0, 3)), True),
    ],
)
def test_new_weights_are_of_their_shape_finite_and_not_alike(weights: Any, violating: bool) -> None:
    """All three."""
    found = judge("DENSE-6", domains.LAYER, SIZES, layer=drawing(weights, np.zeros((1, 3))))
    assert violates(found) == [violating]


def test_a_single_weight_is_alike_to_nothing() -> None:
    """So one input and one neuron may draw anything finite."""
    sizes = {"n_inputs": 1, "n_neurons": 1, "seed": 0}
    assert violates(judge("DENSE-6", domains.LAYER, sizes, layer=drawing([[0.05]], [[0.0]]))) == [False]


@pytest.mark.parametrize(("neurons", "violating"), [(3, False), (4, True)])
def test_four_weights_are_not_alike(neurons: int, violating: bool) -> None:
    """Fewer may be: a generator of 23 bits draws two or three alike now and then."""
    sizes = {"n_inputs": 1, "n_neurons": neurons, "seed": 0}
    found = judge("DENSE-6", domains.LAYER, sizes, layer=drawing([[0.05] * neurons], np.zeros((1, neurons))))
    assert violates(found) == [violating]


@pytest.mark.parametrize(
    ("biases", "zero", "row"),
    [
        (np.zeros((1, 3)), True, True),
        (np.zeros(3), True, False),
        (np.zeros((3, 1)), False, False),
        (np.zeros((1, 2)), False, False),
        ([[0.0, 0.0, 0.1]], False, True),
    ],
)
def test_new_biases_are_zeros_and_preferably_a_row(biases: Any, zero: bool, row: bool) -> None:
    """DENSE-7 takes both shapes, DENSE-12 the row."""
    layer = drawing(DRAWN, biases)
    zeros, rows = (judge(clause, domains.LAYER, SIZES, layer=layer) for clause in ("DENSE-7", "DENSE-12"))
    assert (violates(zeros), zeros.expected.tolist()) == ([not zero], [[0.0, 0.0, 0.0]])
    assert (violates(rows), rows.expected.tolist()) == ([not row], [1, 3])


def layers(*draws: float) -> Callable[..., Any]:
    """Return a layer that draws these one after the other, in every weight."""
    following = iter(draws)

    def layer(n_inputs: int, n_neurons: int) -> tuple[Array, Array]:
        return np.full((n_inputs, n_neurons), next(following)), np.zeros((1, n_neurons))

    return layer


@pytest.mark.parametrize(
    ("draws", "violating"),
    [((1, 2, 3), {"DENSE-13"}), ((1, 1, 2), {"DENSE-8"}), ((1, 2, 1), {"DENSE-8", "DENSE-13"})],
)
def test_the_next_layer_draws_anew_and_the_same_seed_the_same(draws: tuple[float, ...], violating: set[str]) -> None:
    """DENSE-8 makes a second and a third layer without a seed, DENSE-13 one with the seed of the first."""
    for clause in ("DENSE-8", "DENSE-13"):
        found = judge(clause, domains.LAYER_LARGE, SIZES, layer=layers(*draws))
        assert found.violating.any() == (clause in violating)


def test_a_layer_that_is_overwritten_by_the_next_is_noticed() -> None:
    """DENSE-8 reads the weights of the first again."""
    room, draws = np.zeros((2, 3)), iter([1.0, 2.0, 3.0])

    def layer(n_inputs: int, n_neurons: int) -> tuple[Array, Array]:
        room.fill(next(draws))
        return room, np.zeros((1, n_neurons))

    found = judge("DENSE-8", domains.LAYER_LARGE, SIZES, layer=layer)
    assert found.violating.any()
    assert found.demand == "the weights of layer 0 as they were before the next was made"


def test_one_weight_that_differs_is_another_draw() -> None:
    """Half of them may be the same."""
    following = iter(np.array([[[1.0, 2.0]], [[1.0, 3.0]], [[4.0, 2.0]]]))
    sizes = {"n_inputs": 1, "n_neurons": 2, "seed": 0}

    def layer(n_inputs: int, n_neurons: int) -> tuple[Array, Array]:
        return next(following), np.zeros((n_inputs, n_neurons))

    assert not judge("DENSE-8", domains.LAYER_LARGE, sizes, layer=layer).violating.any()


@pytest.mark.parametrize(("digits", "violating"), [(16, True), (1, False)])
def test_weights_in_another_order_are_no_other_draw(digits: int, violating: bool) -> None:
    """But where they have few digits, they meet by chance."""
    drawn = np.random.default_rng(0).random((8, 8)).round(digits)
    following = iter([drawn, drawn[::-1, ::-1], drawn.T])
    sizes = {"n_inputs": 8, "n_neurons": 8, "seed": 0}

    def layer(n_inputs: int, n_neurons: int) -> tuple[Array, Array]:
        return next(following), np.zeros((1, n_neurons))

    assert judge("DENSE-8", domains.LAYER_LARGE, sizes, layer=layer).violating.any() == violating


def counts_asked(clause: str, domain: Domain, arrays: dict[str, Any], operation: str) -> list[tuple[int, ...]]:
    """Return the counts that a clause about refusals tries."""
    tried: list[tuple[int, ...]] = []

    def refusing(*counts: int) -> Any:
        tried.append(counts)
        raise ValueError("no")

    found = judge(clause, domain, arrays, **{operation: refusing})
    assert violates(found) == [False] * len(tried)
    return tried


def test_each_count_is_tried_beside_a_good_one() -> None:
    """No inputs and no neurons; no samples and no classes."""
    none = {"n_inputs": 0, "n_neurons": -1, "seed": 0}
    assert counts_asked("DENSE-10", domains.LAYER_NO_COUNT, none, "layer") == [(0, 2), (2, -1)]
    none = {"samples": 0, "classes": -1, "seed": 0}
    assert counts_asked("DATA-4", domains.SPIRAL_NO_COUNT, none, "spiral_data") == [(0, 2), (2, -1)]


def test_a_signed_draw_is_told_for_what_it_is() -> None:
    """Where it fits a normal distribution around 0, and where it has a sign."""
    n = 64 * 64
    sizes = {"n_inputs": 64, "n_neurons": 64, "seed": 0}
    normal = np.random.default_rng(0).normal(0.0, 0.01, n).reshape(64, 64)
    draws = {"normal": normal, "positive": np.abs(normal), "zero": 0 * normal, "sign": np.sign(normal)}
    told = {
        name: judge("DENSE-11", domains.LAYER_LARGE, sizes, layer=drawing(weights, np.zeros((1, 64)))).demand
        for name, weights in draws.items()
    }
    assert {name for name, demand in told.items() if "signed normal draw" in demand} == {"normal"}


LARGE_SIZES = {"n_inputs": 64, "n_neurons": 64, "seed": 0}


@pytest.mark.parametrize("weight", [-0.05, 0.0, 0.05, 0.075, 0.15])
def test_weights_are_held_against_both_ends_of_a_uniform_draw(weight: float) -> None:
    """DENSE-11: what lies outside is as far away as its nearest end."""
    drawn = drawing(np.full((64, 64), weight), np.zeros((1, 64)))
    found = judge("DENSE-11", domains.LAYER_LARGE, LARGE_SIZES, layer=drawn)
    share = min(max(weight / 0.1, 0.0), 1.0)
    assert found.got.tolist() == pytest.approx([share, 1 - share])
    assert found.bound.tolist() == [widest_gap(64 * 64)] * 2
    assert violates(found) == [share > 0, share < 1]


def test_weights_that_reach_both_ends_are_held_against_the_distance() -> None:
    """Half of them at each end are half away from a uniform draw."""
    weights = np.repeat([0.0, 0.1], 32 * 64).reshape(64, 64)
    found = judge("DENSE-11", domains.LAYER_LARGE, LARGE_SIZES, layer=drawing(weights, np.zeros((1, 64))))
    assert found.got.tolist() == [0.5]
    assert found.bound.tolist() == [distance_bound(64 * 64)]


def test_what_draws_leave_free_at_an_end() -> None:
    """With the probability of a false alarm, all of n draws do."""
    assert (1 - widest_gap(100)) ** 100 == pytest.approx(FALSE_ALARM_RATE)


def test_weights_of_another_shape_are_malformed() -> None:
    """There is nothing to compare then."""
    for clause in ("DENSE-11", "DENSE-14", "DENSE-15", "DENSE-16"):
        with pytest.raises(MalformedError, match=r"returned weights of shape \(3, 2\), but must return \(2, 3\)"):
            judge(clause, domains.LAYER_LARGE, SIZES, layer=drawing(np.zeros((3, 2)), np.zeros((1, 3))))


@pytest.mark.parametrize(("dtype", "below"), [(np.float64, True), (np.float32, False)])
def test_a_weight_may_not_reach_a_tenth_unless_it_was_rounded(dtype: Any, below: bool) -> None:
    """DENSE-14 lets float32 weights equal fl(0.1), and none be larger or negative."""
    end = dtype(0.1)
    for weight, violating in (
        (end, below),
        (np.nextafter(end, dtype(1)), True),
        (dtype(-1e-9), True),
        (dtype(0), False),
    ):
        weights = np.full((2, 3), 0.05, dtype)
        weights[0, 1] = weight
        found = judge("DENSE-14", domains.LAYER, SIZES, layer=drawing(weights, np.zeros((1, 3))))
        assert violates(found) == [violating, False]


def test_neighbours_are_taken_in_pairs_that_share_no_draw() -> None:
    """The last of an odd number is left over."""
    assert differences_of_uniform(np.array([[0.0, 0.5, 0.25]])).tolist() == [0.75]
    assert differences_of_normal(np.array([[3.0, 1.0, 5.0]])).tolist() == pytest.approx([-(2.0**0.5)])


def test_as_many_points_lie_far_aside_as_chance_allows() -> None:
    """One more than that comes with a probability of at most the false-alarm rate."""
    rate = 10_000 * erfc(4.5 / sqrt(2))
    most = most_beyond(10_000)
    assert rate ** (most + 1) / factorial(most + 1) <= FALSE_ALARM_RATE < rate**most / factorial(most)
    assert most_beyond(0) == 0


def test_a_sum_of_thousands_of_products_comes_near_to_the_largest_whole_number() -> None:
    """And not beyond it, whatever the case holds."""
    for fill in (-64.0, -1.0, 0.0, 2.0, 63.0):
        x, w, b = long_sum(np.full((3, 2), fill), np.full((2, 5), fill), np.full((1, 5), fill))
        assert (x.shape, w.shape, b.shape) == ((1, 8192), (8192, 1), (1, 1))
        assert 0.8 * 2**24 < float((x @ w)[0, 0]) <= 2**24


def test_every_block_may_begin_or_end_at_a_row_that_outweighs() -> None:
    """LOSS-17: both ends, the middle, and what lies beside every power of two."""
    assert outweighing(1) == [0]
    assert outweighing(6) == [0, 1, 2, 3, 4, 5]
    assert {0, 1, 127, 128, 500, 871, 872, 998, 999} <= set(outweighing(1000))
    assert len(outweighing(100_003)) < 75


@pytest.mark.parametrize(("times", "violating"), [(1, False), (0, True), (2, True), (-1, True)])
@pytest.mark.parametrize("clause", ["DENSE-3", "DENSE-5"])
def test_dense_adds_the_biases_once(clause: str, times: int, violating: bool) -> None:
    """Not less often, nor more, nor with another sign."""

    def dense(x: Array, w: Array, b: Array) -> Array:
        return np.asarray(x @ w + times * b)

    case = {"inputs": [[1.0, 2.0], [3.0, -4.0]], "weights": [[5.0, 6.0], [7.0, 8.0]], "biases": [[9.0, -2.0]]}
    assert judge(clause, domains.DENSE_WHOLE, case, dense=dense).violating.any() == violating


@pytest.mark.parametrize(("flat", "violating"), [("added", False), ("refused", False), ("dropped", True)])
def test_flat_biases_may_be_refused_and_not_dropped(flat: str, violating: bool) -> None:
    """DENSE-5 speaks of them where they are taken."""

    def dense(x: Array, w: Array, b: Array) -> Array:
        if b.ndim == 1 and flat == "refused":
            raise ValueError("a row, please")
        return np.asarray(x @ w + (0 if b.ndim == 1 and flat == "dropped" else b))

    case = {"inputs": [[1.0, 2.0]], "weights": [[5.0, 6.0], [7.0, 8.0]], "biases": [[9.0, -2.0]]}
    assert judge("DENSE-5", domains.DENSE_WHOLE, case, dense=dense).violating.any() == violating


SPIRAL = {"samples": 3, "classes": 2, "seed": 0}


def spiral(points: Any, labels: Any) -> Callable[..., Any]:
    """Return spiral data that are always these."""
    return lambda *arguments: (np.array(points), np.array(labels))


@pytest.mark.parametrize(
    ("shape", "labels", "violating"),
    [
        ((6, 2), [0, 0, 0, 1, 1, 1], False),
        ((6, 3), [0, 0, 0, 1, 1, 1], True),
        ((5, 2), [0, 0, 0, 1, 1, 1], True),
        ((6, 2), [0, 0, 0, 1, 1], True),
        ((6, 2), [0, 0, 1, 0, 1, 1], True),
        ((6, 2), [1, 1, 1, 0, 0, 0], True),
    ],
)
def test_points_come_in_equal_blocks(shape: tuple[int, int], labels: list[int], violating: bool) -> None:
    """Their number, their two coordinates, and every label."""
    found = judge("DATA-1", domains.SPIRAL, SPIRAL, spiral_data=spiral(np.zeros(shape), labels))
    assert violates(found) == [violating]


@pytest.mark.parametrize("clause", ["DATA-2", "DATA-3"])
def test_points_of_another_shape_are_malformed(clause: str) -> None:
    """There is nothing to measure then."""
    with pytest.raises(MalformedError, match=r"returned points of shape \(6, 3\), but must return \(6, 2\)"):
        judge(clause, domains.SPIRAL, SPIRAL, spiral_data=spiral(np.zeros((6, 3)), np.zeros(6)))


def test_points_at_the_origin_have_no_angle() -> None:
    """DATA-3 leaves out the first of each arm, and no other point, one that is no number among them."""
    points = np.array([[0.0, 0.0], [0.0, -1.0], [1.0, 0.0], [0.0, -0.0], [0.5, 0.5], [np.nan, 1.0]])
    found = judge("DATA-3", domains.SPIRAL_LARGE, SPIRAL, spiral_data=spiral(points, np.zeros(6)))
    assert found.bound.tolist() == [distance_bound(4)]
    assert violates(found) == [True]


def test_radii_are_measured_in_every_block() -> None:
    """From 0 to 1, by the hypotenuse of both coordinates."""
    radii = np.array([0.0, 0.5, 1.0, 0.0, 0.5, 1.0])
    points = np.stack([0.6 * radii, -0.8 * radii], axis=1)
    labels = [0, 0, 0, 1, 1, 1]
    assert not judge("DATA-2", domains.SPIRAL, SPIRAL, spiral_data=spiral(points, labels)).violating.any()
    points[4] *= 1 + 2.0**-45
    found = judge("DATA-2", domains.SPIRAL, SPIRAL, spiral_data=spiral(points, labels))
    assert violates(found) == [False] * 4 + [True, False]
    assert found.expected.tolist() == radii.tolist()
    assert found.bound.tolist() == (8 * U * radii).tolist()


@pytest.mark.parametrize(
    ("clause", "operation", "forms", "itself"),
    [
        ("ACC-6", "accuracy", domains.ACCURACY_TWO_CLASSES, domains.ACCURACY_NO_LABEL),
        ("LOSS-12", "sample_losses", domains.LOSSES_TWO_CLASSES, None),
    ],
)
def test_every_form_that_is_no_labels_is_tried(clause: str, operation: str, forms: Domain, itself: Any) -> None:
    """For as many classes as there are; labels outside them as they stand."""
    case = {"y_pred": np.full((3, 2), 0.5), "y_true": np.array([0, 1, 1])}
    tried: list[Array] = []

    def refusing(p: Array, labels: Array) -> Array:
        tried.append(labels)
        raise ValueError("no")

    judge(clause, forms, case, **{operation: refusing})
    expected = malformed_labels(np.array([0, 1, 1]), 2)
    assert [form.tolist() for form in tried] == [form.tolist() for form in expected]
    if itself is not None:
        tried.clear()
        judge(clause, itself, {**case, "y_true": np.array([0, 7, 1])}, **{operation: refusing})
        assert [labels.tolist() for labels in tried] == [[0, 0, 0], [0, 7, 0], [0, 0, 1]]


@pytest.mark.parametrize(
    ("loss", "violating"), [(0.5, False), (0.0, True), (-1.0, True), (np.nan, True), (17.0, True), (1e-6, False)]
)
def test_a_loss_is_finite_above_zero_and_between_the_ends_of_the_clip(loss: float, violating: bool) -> None:
    """Whatever the prediction."""
    case = {"y_pred": [[0.5, 0.5]], "y_true": [0]}
    found = judge("LOSS-4", domains.LOSSES, case, sample_losses=giving([loss]))
    assert bool(found.violating.any()) is violating


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("loss", [0.0, -0.0, -1e-30])
def test_a_loss_that_is_not_above_zero_has_no_room(loss: float, dtype: Any) -> None:
    """It is told for its sign, whose bound is 0, though the lower end of the clip forbids it too."""
    subject = LiveSubject("made up", {"sample_losses": always(giving(np.array([loss], dtype)))})
    case = Case(domains.LOSSES, np.dtype(dtype), {"y_pred": np.array([[0.5, 0.5]], dtype), "y_true": np.array([0])})
    found = PROPERTIES["LOSS-4"].judge(Probe(subject), case)
    assert (found.demand, found.worst) == ("a finite loss above 0", np.inf)


@pytest.mark.parametrize(("steps", "violating"), [(1.9, False), (2.1, True)])
def test_label_forms_of_other_dtypes_are_held_to_twice_the_bound(steps: float, violating: bool) -> None:
    """LOSS-3, where one-hot labels give a result of another type."""
    bound = (8 * log(2) + 1.5) * U

    def sample_losses(p: Array, y: Array) -> Array:
        if y.ndim == 1:
            return np.array([log(2)], dtype=np.longdouble)
        return np.array([log(2) + steps * bound])

    case = {"y_pred": [[0.5, 0.5]], "y_true": [0]}
    assert bool(judge("LOSS-3", domains.LOSSES, case, sample_losses=sample_losses).violating.any()) is violating


def test_the_batch_loss_is_asked_for_in_other_orders() -> None:
    """LOSS-16: the rows from the last to the first, and odd ones before even ones."""
    p = [[0.5, 0.5], [0.25, 0.75], [0.125, 0.875]]
    calls = asked("LOSS-16", domains.LOSS, {"y_pred": p, "y_true": [0, 1, 1]}, "loss")
    assert calls == [[p, [0, 1, 1]], [p[::-1], [1, 1, 0]], [[p[1], p[0], p[2]], [1, 0, 1]]]


@pytest.mark.parametrize(("steps", "violating"), [(8, False), (9, True)])
def test_a_uniform_prediction_has_the_room_of_its_own_rounding(steps: int, violating: bool) -> None:
    """LOSS-10: the bound of LOSS-1 and one u more."""
    case = {"y_pred": [[0.9, 0.1]], "y_true": [0]}
    found = judge("LOSS-10", domains.LOSSES_TWO_CLASSES, case, sample_losses=giving([log(2) + steps * U]))
    assert bool(found.violating.any()) is violating


@pytest.mark.parametrize(("steps", "violating"), [(1.0, False), (1.99, False), (2.01, True), (-5.0, False)])
def test_less_confidence_may_cost_less_by_both_bounds(steps: float, violating: bool) -> None:
    """LOSS-5: those of the two losses; costing more is never wrong."""
    case = {"y_pred": [[0.5, 0.9]], "y_true": [0], "others": [[0.25, 0.1]]}
    bound = (8 * log(2) + 1.5) * U + (8 * log(4) + 1.5) * U

    def sample_losses(p: Array, y: Array) -> Array:
        return np.array([steps * bound / 2 if p[0, 0] == 0.5 else 0.0])

    assert bool(judge("LOSS-5", domains.LOSSES_PAIR, case, sample_losses=sample_losses).violating.any()) is violating


@pytest.mark.parametrize(("steps", "violating"), [(1.9, False), (2.2, True)])
def test_other_classes_may_change_a_loss_by_two_bounds(steps: float, violating: bool) -> None:
    """LOSS-6: twice that of the loss, and only the classes that are not the target's change."""
    p, others = [[0.5, 0.25, 0.25], [0.5, 0.25, 0.25]], [[0.1, 0.2, 0.3], [0.4, 0.5, 0.6]]
    bound = (8 * log(2) + 1.5) * U
    given: list[Any] = []

    def sample_losses(p: Array, y: Array) -> Array:
        given.append(p.tolist())
        return np.array([log(2) + (steps * bound if p[0, 1] == 0.2 else 0.0), log(4)])

    case = {"y_pred": p, "y_true": [0, 2], "others": others}
    found = judge("LOSS-6", domains.LOSSES_PAIR, case, sample_losses=sample_losses)
    assert violates(found) == [violating, False]
    assert given == [[[0.5, 0.2, 0.3], [0.4, 0.5, 0.25]], p]


def test_a_prediction_beyond_is_put_in_two_places() -> None:
    """LOSS-13: at the target of the last row, and after the target of the first."""
    given: list[Any] = []

    def refusing(p: Array, labels: Array) -> Array:
        given.append(np.argwhere(p == 7.0).tolist())
        raise ValueError("no")

    for labels, places in (([1, 0, 0, 2], [[[3, 2]], [[0, 2]]]), ([2, 0, 1, 0], [[[3, 0]], [[0, 0]]])):
        given.clear()
        case = {"y_pred": np.full((4, 3), 0.5), "y_true": labels, "beyond": [7.0]}
        judge("LOSS-13", domains.LOSSES_BEYOND, case, sample_losses=refusing)
        assert given == places


def labels_refused(rows: int) -> list[list[int]]:
    """Return the labels that LOSS-11 tries for so many rows, all of them wrong."""
    tried: list[list[int]] = []

    def refusing(p: Array, labels: Array) -> Array:
        tried.append(labels.tolist())
        raise ValueError("no")

    case = {"y_pred": np.full((rows, 2), 0.5), "y_true": np.arange(2, 2 + rows)}
    judge("LOSS-11", domains.LOSSES_NO_LABEL, case, sample_losses=refusing)
    return sorted(tried)


def test_one_wrong_label_is_tried_at_each_end_and_between() -> None:
    """Among zeros; of a single row once."""
    assert labels_refused(4) == [[0, 0, 0, 5], [0, 0, 4, 0], [2, 0, 0, 0]]
    assert labels_refused(1) == [[2]]
