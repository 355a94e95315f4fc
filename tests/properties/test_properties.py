"""The properties measure exactly: a made-up subject that errs by a known amount, in one place, is judged by it."""

from collections.abc import Callable
from contextlib import nullcontext
from math import log, sqrt
from statistics import NormalDist
from typing import Any

import numpy as np
import pytest

import nnfs_spec
from nnfs_spec import domains
from nnfs_spec.arrays import Array
from nnfs_spec.domains import Domain, in_layouts_of
from nnfs_spec.oracle import exact
from nnfs_spec.oracle.loss import loss_bound, mean
from nnfs_spec.properties import PROPERTIES
from nnfs_spec.properties.labels import LABEL_DTYPES, ONE_HOT_DTYPES
from nnfs_spec.subject.layouts import COLUMN_STEPS, ROW_STEPS, Layout
from nnfs_spec.subject.protocol import MalformedError, RefusedError
from tests.tools.judging import FLOAT64, case_of, judge, probe

U = 2.0**-53
TINY = float(np.finfo(np.float64).smallest_normal)


def giving(result: Any) -> Callable[..., Array]:
    """Return a function that always gives ``result``."""
    return lambda *arguments: np.array(result)


@pytest.mark.parametrize(("steps", "share"), [(10, 1.0), (11, 1.1), (-10, 1.0), (20, 2.0)])
def test_a_row_sum_is_measured_in_units_of_the_bound(steps: int, share: float) -> None:
    """Two classes: the bound is 10·u, and the exact sum is off by ``steps``·u."""
    found = judge("SOFTMAX-1", domains.SOFTMAX, {"inputs": [[0.0, 0.0]]}, softmax=giving([[0.5, 0.5 + steps * U]]))
    assert found.worst == share


def test_the_value_bound_of_softmax_is_the_one_of_the_clause() -> None:
    """(C + 4 + 2·distance + 2·ln C)·u·q + 2·tiny, entry by entry."""
    enclosure = exact("softmax", (np.array([[0.0, -3.0]]),))
    steps = np.array([[6 + 2 * log(2), 6 + 6 + 2 * log(2)]])
    assert enclosure.bound.tolist() == (steps * enclosure.hi * U + 2 * TINY).tolist()


@pytest.mark.parametrize("p", [[0.6, 0.4], [0.4, 0.6]])
def test_equal_logits_are_compared_in_both_directions(p: list[float]) -> None:
    """Whichever of the two is larger."""
    found = judge("SOFTMAX-7", domains.SOFTMAX_TIED, {"inputs": [[0.0, 0.0]]}, softmax=giving([p]))
    assert found.violating.any()


def test_one_class_has_exactly_one() -> None:
    """There the bound is zero."""
    found = judge("SOFTMAX-8", domains.SOFTMAX_EQUAL, {"inputs": [[3.0]]}, softmax=giving([[1 - U]]))
    assert found.worst == np.inf


def test_equal_logits_are_measured_from_one_over_c() -> None:
    """By (C + 4 + 2·ln C)·u/C."""
    found = judge("SOFTMAX-8", domains.SOFTMAX_EQUAL, {"inputs": [[3.0, 3.0]]}, softmax=giving([[0.5 + 4 * U, 0.5]]))
    assert found.worst == 4 * U / ((6 + 2 * log(2)) * U / 2 + 2 * TINY)


@pytest.mark.parametrize("largest", [0.4, 0.499])
def test_the_largest_logit_needs_its_whole_share(largest: float) -> None:
    """Not nearly."""
    found = judge("SOFTMAX-9", domains.SOFTMAX, {"inputs": [[1.0, 0.0]]}, softmax=giving([[largest, 1 - largest]]))
    assert found.violating.all()


def test_monotone_allows_not_even_one_ulp() -> None:
    """RELU-5 is exact."""

    def relu(x: Array) -> Array:
        return np.where(x == 2.0, np.nextafter(2.0, 0.0), 2.0)

    assert judge("RELU-5", domains.RELU_PAIR, {"inputs": [[1.0]], "others": [[2.0]]}, relu=relu).violating.all()


def test_the_dense_bound_is_the_one_of_the_clause() -> None:
    """(K + 2)·u·(abs(x)·abs(w) + abs(b)) + K·(smallest subnormal)."""
    enclosure = exact("dense", (np.array([[1.0, -2.0]]), np.array([[3.0], [4.0]]), np.array([[-5.0]])))
    assert enclosure.bound[0, 0] == pytest.approx(4 * U * 16, rel=1e-9, abs=0)
    case = {"inputs": [[1.0, -2.0]], "weights": [[3.0], [4.0]], "biases": [[-5.0]]}
    found = judge("DENSE-1", domains.DENSE, case, dense=giving([[-10 + 2.0**-46]]))
    assert found.worst == pytest.approx(2.0**-46 / (64 * U))


@pytest.mark.parametrize("operation", ["dense", "softmax", "sample_losses", "loss"])
def test_the_radius_of_the_oracle_is_a_small_part_of_the_bound(operation: str) -> None:
    """So that what is given to the subject does not count."""
    rng = np.random.default_rng(0)
    p, y = rng.uniform(0.01, 0.99, (50, 4)), rng.integers(0, 4, 50)
    arguments = {"dense": (p, p[:4], p[:1]), "softmax": (p,), "sample_losses": (p, y), "loss": (p, y)}[operation]
    enclosure = exact(operation, arguments)
    assert (enclosure.radius * 2.0**17 < enclosure.bound).all()


def test_the_bounds_of_the_losses_are_those_of_the_clauses() -> None:
    """8·u·value + 1.5·u; (N + 2)·u relative; (N + 10)·u·value + 1.5·u."""
    assert loss_bound(np.array([1.0, 2.0]), FLOAT64).tolist() == [9.5 * U, 17.5 * U]
    assert mean(np.array([1.0, 3.0]), FLOAT64).bound.tolist() == [4 * U * 2]
    batch = exact("loss", (np.array([[0.5, 0.5], [0.5, 0.5]]), np.array([0, 1])))
    assert batch.bound.tolist() == [(12 * log(2) + 1.5) * U]


@pytest.mark.parametrize(("steps", "violating"), [(14, False), (15, True)])
@pytest.mark.parametrize("wrong", ONE_HOT_DTYPES)
def test_one_type_of_one_hot_labels_may_differ_by_two_bounds(wrong: Any, steps: int, violating: bool) -> None:
    """LOSS-3 has the bound 2(8 ln 2 + 1.5)u, 14.09u: two logarithms may round apart, and no more than that."""

    def sample_losses(p: Array, y: Array) -> Array:
        right: Array = nnfs_spec.sample_losses(p, y)
        return right + steps * U if y.ndim == 2 and y.dtype == wrong else right

    case = {"y_pred": [[0.5, 0.25]], "y_true": [0]}
    assert judge("LOSS-3", domains.LOSSES, case, sample_losses=sample_losses).violating.any() == violating


@pytest.mark.parametrize("wrong", LABEL_DTYPES)
def test_one_bit_for_one_type_of_sparse_labels_is_noticed(wrong: Any) -> None:
    """LOSS-9 and ACC-3 compare bits for every type."""

    def losses(p: Array, y: Array) -> Array:
        right: Array = nnfs_spec.sample_losses(p, y)
        return np.nextafter(right, 9.0) if y.dtype == wrong else right

    def accuracy(p: Array, y: Array) -> Array:
        return np.asarray(0.5 if y.dtype == wrong and y.ndim == 1 else 1.0)

    case = {"y_pred": [[0.5, 0.25]], "y_true": [0]}
    assert judge("LOSS-9", domains.LOSSES, case, sample_losses=losses).violating.any()
    assert judge("ACC-3", domains.ACCURACY_WHOLE, case, accuracy=accuracy).violating.any()


@pytest.mark.parametrize(("steps", "violating"), [(16, False), (17, True)])
def test_the_loss_of_one_row_is_held_against_its_sample_loss(steps: int, violating: bool) -> None:
    """LOSS-15 has the bound (19 ln 2 + 3)u, 16.17u."""
    case = {"y_pred": [[0.5, 0.5], [0.25, 0.75]], "y_true": [0, 0]}
    off = giving([log(2) + steps * U])
    found = judge("LOSS-15", domains.LOSS, case, loss=giving(log(2)), sample_losses=off)
    assert found.violating.any() == violating


@pytest.mark.parametrize("row", [0, 2])
def test_a_bad_label_is_tried_in_the_first_and_the_last_row(row: int) -> None:
    """A subject that looks at one of them only is noticed."""

    def sample_losses(p: Array, y: Array) -> Array:
        if not 0 <= y[row] < 2:
            raise ValueError
        return np.zeros(3)

    case = {"y_pred": np.full((3, 2), 0.5), "y_true": [-1, -1, 2]}
    assert judge("LOSS-11", domains.LOSSES_NO_LABEL, case, sample_losses=sample_losses).violating.any()


def test_accuracy_allows_not_even_one_ulp() -> None:
    """k/N is correctly rounded."""
    case = {"y_pred": [[1.0, 0.0]] * 3, "y_true": [0, 1, 1]}
    assert not judge("ACC-1", domains.ACCURACY, case, accuracy=giving(1 / 3)).violating.any()
    assert judge("ACC-1", domains.ACCURACY, case, accuracy=giving(np.nextafter(1 / 3, 1.0))).violating.all()


@pytest.mark.parametrize("always", [0.0, 1.0])
def test_ties_are_tried_with_the_first_and_with_the_last(always: float) -> None:
    """Neither all right nor all wrong passes."""
    case = {"y_pred": [[1.0, 1.0], [0.0, 1.0]], "y_true": [0, 0]}
    assert judge("ACC-4", domains.ACCURACY_TIED, case, accuracy=giving(always)).violating.any()


@pytest.mark.parametrize("row", [0, 2, 4])
def test_a_row_is_tried_alone_at_the_start_the_middle_and_the_end(row: int) -> None:
    """A subject that errs on one of them alone is noticed."""

    def relu(x: Array) -> Array:
        return x + 1 if len(x) == 1 and x[0, 0] == row else x

    case = {"inputs": np.arange(5.0)[:, np.newaxis]}
    assert judge("GEN-3", domains.RELU, case, relu=relu).violating.any()


LAID: dict[Layout, Callable[[Array], bool]] = {
    Layout(order="F"): lambda x: x.flags.f_contiguous and not x.flags.c_contiguous,
    Layout(steps=(2, 2)): lambda x: not x.flags.forc and min(x.strides) > 0,
    Layout(steps=(-1, 1)): lambda x: x.strides[0] < 0 < x.strides[1],
    Layout(steps=(1, -1)): lambda x: x.strides[1] < 0 < x.strides[0],
    Layout(steps=(0, 1)): lambda x: x.strides[0] == 0,
    Layout(after=(0, 3)): lambda x: x.strides[1] == x.itemsize and x.strides[0] > x.itemsize * x.shape[1],
    Layout(before=(2, 0)): lambda x: x.flags.c_contiguous and x.base is not None and x.base.size > x.size,
    Layout(unaligned=True): lambda x: not x.flags.aligned,
    Layout(swapped=True): lambda x: not x.dtype.isnative,
    Layout(readonly=True): lambda x: not x.flags.writeable,
}
"""How an array that lies in memory in some way is told from all others."""

ONES = {"inputs": np.ones((2, 3)), "weights": np.ones((3, 4)), "biases": np.ones((1, 4))}


def in_layout(layout: Layout) -> dict[str, Any]:
    """Return a case of dense in one layout."""
    choices = [
        *("CF".index(layout.order), ROW_STEPS.index(layout.steps[0]), COLUMN_STEPS.index(layout.steps[1])),
        *(*layout.before, *layout.after, layout.unaligned, layout.swapped, layout.readonly),
    ]
    return {**ONES, "layouts": np.array([choices]).astype(np.int64)}


@pytest.mark.parametrize("layout", LAID, ids=str)
@pytest.mark.parametrize("argument", [0, 1])
def test_a_result_that_depends_on_the_layout_of_a_matrix_is_noticed(argument: int, layout: Layout) -> None:
    """A subject that errs on one of them alone, and raises no exception, is noticed, and told for which."""

    def dense(*arguments: Array) -> Array:
        return nnfs_spec.dense(*arguments) + LAID[layout](arguments[argument])

    found = judge("GEN-4", in_layouts_of(domains.DENSE), in_layout(layout), dense=dense)
    assert found.violating.all()
    assert found.demand == f"the result of C-contiguous arguments, for layout {layout}"


@pytest.mark.parametrize("layout", LAID, ids=str)
def test_an_argument_that_is_written_to_in_one_layout_is_noticed(layout: Layout) -> None:
    """GEN-1, where it can be written to at all."""

    def dense(x: Array, w: Array, b: Array) -> Array:
        y = nnfs_spec.dense(x, w, b)
        if LAID[layout](x) and x.flags.writeable:
            x += 1
        return y

    found = judge("GEN-1", in_layouts_of(domains.DENSE), in_layout(layout), dense=dense)
    can_be_written = not layout.readonly and not layout.repeats
    assert found.violating.any() == can_be_written
    assert (found.demand == f"arguments as they were before the call, for layout {layout}") == can_be_written


@pytest.mark.parametrize("layout", LAID, ids=str)
def test_only_what_the_machine_cannot_read_may_be_refused(layout: Layout) -> None:
    """GEN-4: byte order and alignment; any other layout is to be taken."""

    def dense(x: Array, w: Array, b: Array) -> Array:
        if LAID[layout](x):
            raise TypeError("no such array")
        return nnfs_spec.dense(x, w, b)

    with pytest.raises(RefusedError) if not layout.foreign else nullcontext():
        assert not judge("GEN-4", in_layouts_of(domains.DENSE), in_layout(layout), dense=dense).violating.any()


@pytest.mark.parametrize(
    ("special", "result", "violating"),
    [(np.nan, 0.0, True), (np.inf, 0.0, True), (-np.inf, 0.0, False), (-np.inf, 5.0, True), (-np.inf, np.nan, False)],
)
def test_only_minus_infinity_has_a_finite_limit(special: float, result: float, violating: bool) -> None:
    """NaN and infinity must show, minus infinity may give exactly 0."""
    case = {"inputs": [[1.0]], "special": [special]}
    found = judge("GEN-6", domains.with_special(domains.RELU_WHOLE), case, relu=giving([[result]]))
    assert bool(found.violating.any()) is violating


@pytest.mark.parametrize("argument", [0, 1, 2])
def test_nan_is_tried_in_every_argument_of_dense(argument: int) -> None:
    """In inputs, weights and biases."""

    def dense(*arguments: Array) -> Array:
        clean = [np.nan_to_num(a) if i == argument else a for i, a in enumerate(arguments)]
        result: Array = clean[0] @ clean[1] + clean[2]
        return result

    case = {"inputs": [[1.0]], "weights": [[1.0]], "biases": [[1.0]], "special": [np.nan]}
    assert judge("GEN-6", domains.with_special(domains.DENSE_WHOLE), case, dense=dense).violating.tolist() == [
        i == argument for i in range(3)
    ]


@pytest.mark.parametrize("wrong", [0, 2])
def test_a_prediction_beyond_is_tried_at_the_target_and_elsewhere(wrong: int) -> None:
    """In the last row at the target, in the first row in another class."""

    def sample_losses(p: Array, y: Array) -> Array:
        if not (p[wrong] >= 0).all():
            raise ValueError
        return np.zeros(len(p))

    case = {"y_pred": np.full((3, 2), 0.5), "y_true": [0, 0, 0], "beyond": [-1.0]}
    assert judge("LOSS-13", domains.LOSSES_BEYOND, case, sample_losses=sample_losses).violating.any()


def test_too_few_labels_and_a_single_one_are_tried() -> None:
    """Broadcasting would take either."""
    given: list[tuple[int, ...]] = []

    def sample_losses(p: Array, y: Array) -> Array:
        given.append(y.shape)
        return np.zeros(len(p))

    judge(
        "LOSS-12",
        domains.LOSSES_TWO_CLASSES,
        {"y_pred": np.full((3, 2), 0.5), "y_true": [0, 1, 0]},
        sample_losses=sample_losses,
    )
    assert {(1,), (2,), (4,), (3, 1)} <= set(given)


STEPS = 6 + 2 * log(2)
RIGHT: dict[str, Callable[..., Any]] = {
    name: getattr(nnfs_spec, name)
    for name in ("dense", "relu", "softmax", "sample_losses", "loss", "accuracy", "spiral_data")
}
NETWORK = {
    "inputs": [[1.0, 1.0]],
    "weights": [[1.0], [1.0]],
    "biases": [[1.0]],
    "weights2": [[1.0, 1.0]],
    "biases2": [[0.0, 0.0]],
}
HALVES = {"y_pred": [[0.5, 0.5]], "y_true": [0]}


@pytest.mark.parametrize(
    ("clause", "domain", "arrays", "bound"),
    [
        ("SOFTMAX-5", domains.SOFTMAX_GRID, {"inputs": [[0.0, 0.0]], "shift": [[1.0]]}, 2 * STEPS * U / 2),
        ("SOFTMAX-6", domains.SOFTMAX_ORDER, {"inputs": [[0.0, 0.0]], "order": [1, 0]}, 2 * STEPS * U / 2),
        ("SOFTMAX-10", domains.SOFTMAX_TWO, {"inputs": [[0.0, 0.0]]}, STEPS * U / 2),
        ("LOSS-1", domains.LOSSES, HALVES, (8 * log(2) + 1.5) * U),
        ("LOSS-5", domains.LOSSES_PAIR, {**HALVES, "others": [[0.5, 0.5]]}, 2 * (8 * log(2) + 1.5) * U),
        ("LOSS-6", domains.LOSSES_PAIR, {**HALVES, "others": [[0.1, 0.9]]}, 2 * (8 * log(2) + 1.5) * U),
        ("LOSS-10", domains.LOSSES_TWO_CLASSES, HALVES, (8 * log(2) + 2.5) * U),
        ("GEN-3", domains.SOFTMAX, {"inputs": [[0.0, 0.0]]}, 2 * STEPS * U / 2),
        ("GEN-4", in_layouts_of(domains.SOFTMAX), {"inputs": [[0.0, 0.0]], "layouts": [[0] * 10]}, 2 * STEPS * U / 2),
        ("NET-1", domains.NETWORK, NETWORK, STEPS * U / 2),
        ("NET-2", domains.NETWORK, NETWORK, STEPS * U / 2),
        ("DATA-2", domains.SPIRAL, {"samples": 2, "classes": 1, "seed": 0}, 8 * U),
    ],
)
def test_the_bound_of_a_property_is_the_one_of_its_clause(
    clause: str, domain: Domain, arrays: dict[str, Any], bound: float
) -> None:
    """As spec/ derives it, worked out by hand for a small case."""
    found = judge(clause, domain, arrays, **RIGHT)
    assert not found.violating.any()
    assert np.max(found.bound) == pytest.approx(bound, rel=1e-9, abs=0)


def test_the_bound_of_a_dead_networks_loss_is_the_one_of_its_clause() -> None:
    """LOSS-8 on top of SOFTMAX-4, for one row and two classes."""
    operations = {**RIGHT, "loss": giving(log(2) + 2.0**-40)}
    found = judge("NET-5", domains.NETWORK, NETWORK, **operations)
    assert found.worst == pytest.approx(2.0**-40 / ((11 * log(2) + 1.5 + STEPS) * U))


def test_the_bound_of_a_new_networks_loss_is_the_one_of_its_clause() -> None:
    """Besides, the spread of its logits and their rounding."""

    def layer(n_inputs: int, n_neurons: int) -> tuple[Array, Array]:
        return np.tile(np.linspace(0.0, 0.1, n_neurons), (n_inputs, 1)), np.zeros((1, n_neurons))

    arrays = {"inputs": [[0.5, 0.5]], "n_neurons": 2, "classes": 1, "seed": 0}
    found = judge("NET-4", domains.NETWORK_NEW, arrays, **RIGHT, layer=layer)
    spread = largest = 0.1 * sqrt(2) * 0.1
    rounding = (11 * (log(2) + spread) + 1.5 + STEPS + 2 * spread + 2 * 8 * largest) * U
    assert found.bound - spread == pytest.approx(rounding, rel=1e-2, abs=0)
    assert not found.violating.any()


def test_a_dead_network_is_asked_for_its_loss() -> None:
    """A loss that is not ln C is noticed though every prediction is right."""
    ones = {"inputs": [[1.0, 1.0]], "weights": [[1.0], [1.0]], "biases": [[1.0]]}
    case = {**ones, "weights2": [[1.0, 1.0]], "biases2": [[0.0, 0.0]]}
    right: dict[str, Callable[..., Any]] = {
        "dense": nnfs_spec.dense,
        "relu": nnfs_spec.relu,
        "softmax": nnfs_spec.softmax,
    }
    assert not judge("NET-5", domains.NETWORK, case, **right, loss=nnfs_spec.loss).violating.any()
    assert judge("NET-5", domains.NETWORK, case, **right, loss=giving(0.0)).violating.any()


def test_a_new_layer_is_tested_at_the_stated_false_alarm_rate() -> None:
    """Equal draws at both ends are half away from a uniform distribution; one in 10^12 is the rate."""
    counts = {"n_inputs": 64, "n_neurons": 64, "seed": 0}

    def ends(n_inputs: int, n_neurons: int) -> tuple[Array, Array]:
        return np.tile([0.0, 0.1], (n_inputs, n_neurons // 2)), np.zeros((1, n_neurons))

    found = judge("DENSE-11", domains.LAYER_LARGE, counts, layer=ends)
    assert found.worst == pytest.approx(0.5 / sqrt(log(2e12) / (2 * 64 * 64)))


def test_the_noise_of_the_angles_is_held_against_the_stated_deviation() -> None:
    """Noise at the quantiles of its distribution is as near to it as any can be."""
    samples, classes = 96, 64
    n = (samples - 1) * classes
    quantiles = np.array([NormalDist(0.0, 0.2).inv_cdf((i + 0.5) / n) for i in range(n)])

    def spiral(samples: int, classes: int) -> tuple[Array, Array]:
        noise = np.concatenate([np.zeros((classes, 1)), quantiles.reshape(classes, -1)], axis=1)
        radius = np.linspace(0, 1, samples)
        t = np.array([np.linspace(4 * k, 4 * (k + 1), samples) for k in range(classes)]) + noise
        points = np.stack([radius * np.sin(2.5 * t), radius * np.cos(2.5 * t)], axis=-1)
        return points.reshape(-1, 2), np.repeat(np.arange(classes), samples)

    counts = {"samples": samples, "classes": classes, "seed": 0}
    found = judge("DATA-3", domains.SPIRAL_LARGE, counts, spiral_data=spiral)
    assert found.worst == pytest.approx(0.5 / n / sqrt(log(2e12) / (2 * n)))


TWO_LAYERS = {
    "inputs": [[0.0, 0.0], [1.0, -2.0], [-3.0, 1.0], [2.0, 2.0], [-1.0, -1.0]],
    "weights": [[1.0, -2.0, 3.0], [2.0, 1.0, -1.0]],
    "biases": [[1.0, -2.0, 0.0]],
    "weights2": [[1.0, -1.0], [2.0, 0.0], [-1.0, 1.0]],
    "biases2": [[2.0, -1.0]],
}
"""Five points, three hidden neurons, two classes, and no number in the place of another."""


@pytest.mark.parametrize("clause", ["NET-1", "NET-2", "NET-3", "NET-5"])
def test_the_network_of_right_operations_keeps_every_clause(clause: str) -> None:
    """With biases of both signs, points on both sides of every neuron, and one at the origin."""
    found = judge(clause, domains.NETWORK, TWO_LAYERS, **RIGHT)
    assert not found.violating.any()


@pytest.mark.parametrize("number", [0, 1])
def test_a_dense_that_forgets_its_biases_in_either_layer_is_noticed(number: int) -> None:
    """NET-1: by the logits, which are exact."""
    calls = iter(range(99))

    def dense(x: Array, w: Array, b: Array) -> Array:
        return nnfs_spec.dense(x, w, b * (next(calls) != number))

    assert judge("NET-1", domains.NETWORK, TWO_LAYERS, **{**RIGHT, "dense": dense}).violating.any()


FLOAT32 = np.dtype(np.float32)
FIRST = np.array([[3.0, 0.0], [4.0, -1.0]])
SECOND = np.array([[0.5, 0.25, -2.0], [1.0, 1.5, 4.0]])
"""The weights of a new network of two hidden neurons and three classes: of lengths 5 and 1."""


def drawing(first: Array, second: Array, *biases: Array) -> tuple[Callable[..., Any], list[Any]]:
    """Return a layer that draws these one after the other, and the sizes that it is asked for."""
    sizes: list[Any] = []

    def layer(n_inputs: int, n_neurons: int) -> tuple[Array, Array]:
        sizes.append((n_inputs, n_neurons))
        weights = (first, second)[len(sizes) - 1]
        return weights, biases[len(sizes) - 1] if biases else np.zeros((1, n_neurons))

    return layer, sizes


NEW: dict[str, Any] = {"inputs": [[0.5, 0.5]] * 7, "n_neurons": 2, "classes": 2, "seed": 5}


def test_every_term_of_the_bound_of_a_new_network_is_there() -> None:
    """In single precision, where rounding is seen beside the spread."""
    layer, sizes = drawing(FIRST, SECOND)
    asked = probe(**RIGHT, layer=layer)
    found = PROPERTIES["NET-4"].judge(
        asked, case_of(domains.NETWORK_NEW, {**NEW, "inputs": np.float32(NEW["inputs"])}, FLOAT32)
    )
    spread, largest, u = 5 * 2.5 + 1 * 3.0, 5 * 2.0 + 1 * 4.0, 2.0**-24
    steps = 2 * (2 + 6) * largest + (3 + 4 + 2 * spread + 2 * log(3)) + (7 + 10) * (log(3) + spread) + 1.5
    assert (found.bound.item() - spread) / u == pytest.approx(steps, rel=1e-6)
    assert found.expected.tolist() == [log(3)]
    assert not found.violating.any()
    seeds = [int(call.arguments[2]) for call in asked.asked if call.operation == "layer"]
    assert (sizes, seeds) == ([(2, 2), (2, 3)], [5, 6])
    (labels,) = [call.arguments[1].tolist() for call in asked.asked if call.operation == "loss"]
    assert labels == [0, 1, 2, 0, 1, 2, 0]


@pytest.mark.parametrize(
    ("first", "biases", "told"),
    [
        (FIRST.T[:1], np.zeros((1, 2)), r"returned weights \(1, 2\) and biases \(1, 2\)"),
        (FIRST, np.zeros(3), r"returned weights \(2, 2\) and biases \(3,\)"),
    ],
)
def test_a_new_layer_of_another_shape_is_malformed(first: Array, biases: Array, told: str) -> None:
    """Either by its weights or by its biases; a column of biases is taken for a row."""
    layer, _ = drawing(first, SECOND, biases, np.zeros((1, 3)))
    with pytest.raises(MalformedError, match=told):
        judge("NET-4", domains.NETWORK_NEW, NEW, **RIGHT, layer=layer)
    layer, _ = drawing(FIRST, SECOND, np.zeros((2, 1)), np.zeros(3))
    assert not judge("NET-4", domains.NETWORK_NEW, NEW, **RIGHT, layer=layer).violating.any()
