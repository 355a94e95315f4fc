"""The edge of every property of general.py: the calls that it makes, and the least that it does not let pass."""

from collections.abc import Callable
from math import log
from typing import Any

import numpy as np
import pytest

import nnfs_spec
from nnfs_spec import domains
from nnfs_spec.arrays import Array
from nnfs_spec.domains import Domain
from nnfs_spec.properties import PROPERTIES
from nnfs_spec.subject.protocol import ALL, Account, Answer, Call, Outcome, Probe, RefusedError
from tests.tools.judging import calls_of, case_of, judge

U, U32 = 2.0**-53, 2.0**-24
X = [[1.0, 2.0], [3.0, 4.0], [-5.0, 6.0], [7.0, -8.0]]
W = [[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]
B = [[7.0, 8.0, 9.0]]
DENSE = {"inputs": X, "weights": W, "biases": B}
"""Four rows, two inputs, three neurons."""


def lists(calls: list[Call]) -> list[list[Any]]:
    """Return the arguments of calls as lists."""
    return [[argument.tolist() for argument in call.arguments] for call in calls]


def giving(result: Any) -> Callable[..., Array]:
    """Return a function that always gives ``result``."""
    return lambda *arguments: np.array(result)


def raising(*arguments: Array) -> Array:
    """Refuse everything."""
    raise ValueError("no")


class Overwriting:
    """A subject that overwrites arguments, which shows in the calls that are watched."""

    name, operations, reach = "made up", frozenset({"relu"}), ALL

    def run(self, session: Any) -> list[Outcome]:
        """Answer with what was given, and with zeros in its place afterwards."""
        return [Answer(call.arguments, call.arguments, self._after(call)) for call in session]

    def _after(self, call: Call) -> tuple[Array, ...]:
        return tuple(map(np.zeros_like, call.arguments)) if call.watched else call.arguments

    def account(self) -> Account:
        """Tell nothing."""
        return Account()


def test_arguments_are_watched() -> None:
    """GEN-1: a subject may take it for granted that nothing became of those of other calls."""
    case = case_of(domains.in_layouts_of(domains.RELU), {"inputs": X, "layouts": [[0] * 10]})
    found = PROPERTIES["GEN-1"].judge(Probe(Overwriting()), case)
    assert found.violating.tolist() == [True] * 4


def test_other_calls_come_between_two_that_are_compared() -> None:
    """GEN-2 and GEN-10: of other values, another dtype and other numbers of rows, and on a new object."""
    for clause in ("GEN-2", "GEN-10"):
        calls = calls_of(clause, domains.DENSE, DENSE, dense=nnfs_spec.dense)
        back, turned = X[::-1], [row[::-1] for row in X[::-1]]
        rows = (X, X, turned, X, X, X, back + back, X[-1:], turned, X, turned, X)
        assert lists(calls) == [[one, W, B] for one in rows]
        assert [place for place, call in enumerate(calls) if call.fresh] == [0, 10]
        assert [place for place, call in enumerate(calls) if call.refilled] == [2]
        assert [place for place, call in enumerate(calls) if call.overwritten] == [3]
        dtypes = [{argument.dtype.name for argument in call.arguments} for call in calls]
        assert dtypes == [{"float32" if place == 4 else "float64"} for place in range(12)]


def wandering(at: int, by: float) -> Callable[..., Array]:
    """Return a relu whose call of number ``at`` is off by so much."""
    numbers = iter(range(99))

    def relu(x: Array) -> Array:
        return nnfs_spec.relu(x) + by * (next(numbers) == at)

    return relu


@pytest.mark.parametrize(
    ("at", "after"),
    [
        (1, "repeated at once"),
        (3, "after a call with other values in the same arrays"),
        (5, "after a call in another dtype, and after its result was overwritten"),
        (8, "after calls of other shapes"),
        (9, "after calls of other shapes"),
        (10, "on a new object"),
        (11, "on a new object"),
        (99, "repeated at once"),
    ],
)
def test_one_bit_that_changed_is_told_for_what_changed_it(at: int, after: str) -> None:
    """Where the same call gave others before."""
    found = judge("GEN-2", domains.RELU, {"inputs": X}, relu=wandering(at, 1e-9))
    assert found.violating.any() == (at != 99)
    assert found.demand == f"the bits of the first such call, {after}"


def test_a_refusal_of_another_dtype_alone_is_no_matter_of_history() -> None:
    """GEN-2 judges the other calls; any other refusal is an exception of the subject."""

    def relu(x: Array) -> Array:
        if x.dtype == np.float32:
            raise TypeError("float64 only")
        return nnfs_spec.relu(x)

    for clause in ("GEN-2", "GEN-10"):
        assert not judge(clause, domains.RELU, {"inputs": X}, relu=relu).violating.any()
        with pytest.raises(RefusedError):
            judge(clause, domains.RELU, {"inputs": X}, relu=raising)


def keeping_a_buffer() -> Callable[..., Array]:
    """Return a relu that computes in one array as long as the shape and the dtype stay."""
    kept: list[Array] = []

    def relu(x: Array) -> Array:
        if not kept or kept[0].shape != x.shape or kept[0].dtype != x.dtype:
            kept[:] = [np.empty_like(x)]
        return np.maximum(x, 0, out=kept[0])

    return relu


def handing_out_its_cache() -> Callable[..., Array]:
    """Return a relu that gives one array twice, where it is asked the same."""
    known: dict[bytes, Array] = {}

    def relu(x: Array) -> Array:
        return known.setdefault(x.tobytes(), nnfs_spec.relu(x))

    return relu


@pytest.mark.parametrize("relu", [keeping_a_buffer(), handing_out_its_cache()])
def test_a_result_that_changes_later_is_noticed(relu: Callable[..., Array]) -> None:
    """GEN-10: by a later call, or since another result is the same array."""
    found = judge("GEN-10", domains.RELU, {"inputs": X}, relu=relu)
    assert found.violating.any()
    assert found.demand.endswith("of 12 as it was given, after later calls")


def test_a_result_that_was_overwritten_is_not_given_again() -> None:
    """GEN-2: whoever hands out an array that it keeps, gives what the caller has written into it."""
    found = judge("GEN-2", domains.RELU, {"inputs": X}, relu=handing_out_its_cache())
    assert found.violating.any()
    assert (
        found.demand
        == "the bits of the first such call, after a call in another dtype, and after its result was overwritten"
    )


def test_an_array_that_is_filled_anew_is_another_argument() -> None:
    """GEN-2: a result is not remembered by the identity of the argument."""
    known: dict[int, Array] = {}

    def relu(x: Array) -> Array:
        return known.setdefault(id(x), nnfs_spec.relu(x)).copy()

    assert judge("GEN-2", domains.RELU, {"inputs": X}, relu=relu).violating.any()


@pytest.mark.parametrize("own", [True, False])
def test_a_result_that_is_the_argument_is_noticed(own: bool) -> None:
    """GEN-9: where nothing is to be changed, too."""

    def relu(x: Array) -> Array:
        return x.copy() if own else x[:]

    case = {"inputs": [[1.0, 2.0]], "layouts": [[0] * 10, [0, 0, 2, 0, 1, 0, 0, 0, 0, 0]]}
    found = judge("GEN-9", domains.in_layouts_of(domains.RELU), case, relu=relu)
    assert found.violating.any() != own
    assert found.got.item() == ("memory of its own" if own else "memory of an argument")


def test_rows_are_asked_for_backwards_and_alone() -> None:
    """GEN-3: all of them, then the first, the middle and the last one."""
    calls = calls_of("GEN-3", domains.DENSE, DENSE, dense=nnfs_spec.dense)
    assert lists(calls) == [[rows, W, B] for rows in (X, X[::-1], X[:1], X[2:3], X[3:])]
    assert not judge("GEN-3", domains.DENSE, DENSE, dense=nnfs_spec.dense).violating.any()


def test_whole_numbers_are_asked_for_in_their_own_types() -> None:
    """GEN-5: as they are, and without their signs where the type has none, each beside the same in float64."""
    calls = calls_of("GEN-5", domains.DENSE_WHOLE, DENSE, dense=nnfs_spec.dense)
    positive = [np.abs(X).tolist(), W, B]
    assert lists(calls) == [[X, W, B]] * 3 + [positive] * 2
    types = [{argument.dtype.name for argument in call.arguments} for call in calls]
    assert types == [{"float64"}, {"int64"}, {"float64"}, {"uint8"}, {"float64"}]
    assert not judge("GEN-5", domains.DENSE_WHOLE, DENSE, dense=nnfs_spec.dense).violating.any()


def test_of_losses_the_type_of_the_predictions_alone_is_asked() -> None:
    """There are no predictions that are whole numbers but 0 and 1."""
    case = {"y_pred": [[0.5, 0.5]], "y_true": [0]}
    for domain, operation in ((domains.LOSSES, "sample_losses"), (domains.LOSS, "loss")):
        right = getattr(nnfs_spec, operation)
        assert len(calls_of("GEN-5", domain, case, **{operation: right})) == 1
        assert not judge("GEN-5", domain, case, **{operation: right}).violating.any()


@pytest.mark.parametrize(
    ("given", "demand"),
    [
        ("float64", "dtype float64"),
        ("int64", "the float64 result of the same numbers, for the arguments as int64"),
        ("uint8", "the float64 result of the same numbers, for the absolute values of the arguments as uint8"),
    ],
)
def test_a_result_of_another_type_is_told(given: str, demand: str) -> None:
    """GEN-5: for numbers of each type, whatever the value."""

    def relu(x: Array) -> Array:
        return np.maximum(x, 0).astype(np.float32 if x.dtype == given else np.float64)

    found = judge("GEN-5", domains.RELU_WHOLE, {"inputs": X}, relu=relu)
    assert (found.violating.tolist(), found.demand) == ([True], demand)
    assert (found.got.tolist(), found.expected.tolist()) == ("float32", "float64")


@pytest.mark.parametrize("given", ["int64", "uint8"])
@pytest.mark.parametrize(("steps", "violating"), [(0.9, False), (1.1, True)])
def test_whole_numbers_may_differ_by_both_bounds(given: str, steps: float, violating: bool) -> None:
    """GEN-5: twice the value bound."""
    both = 2 * (6 + 2 * log(2)) * U / 2

    def softmax(z: Array) -> Array:
        return np.array([[0.5 + steps * both * (z.dtype == given), 0.5]])

    found = judge("GEN-5", domains.SOFTMAX_WHOLE, {"inputs": [[0.0, 0.0]]}, softmax=softmax)
    assert bool(found.violating.any()) is violating
    assert found.worst == pytest.approx(steps, rel=0.1)


def specials_asked(special: float, domain: Domain, arrays: dict[str, Any], operation: str) -> list[list[Any]]:
    """Return where a special number stands, by argument, in every call that GEN-6 makes."""
    calls = calls_of("GEN-6", domain, {**arrays, "special": [special]}, **{operation: raising})
    return [[np.argwhere(argument == special).tolist() for argument in call.arguments] for call in calls]


def test_the_special_number_is_put_where_a_result_depends_on_it() -> None:
    """The middle row, at its last entry or at the target; the last weight and the last bias."""
    assert specials_asked(np.inf, domains.with_special(domains.DENSE_WHOLE), DENSE, "dense") == [
        [[[2, 1]], [], []],
        [[], [[1, 2]], []],
        [[], [], [[0, 2]]],
        [[], [], []],
    ]
    assert specials_asked(np.inf, domains.with_special(domains.RELU_WHOLE), {"inputs": X}, "relu") == [[[[2, 1]]], [[]]]
    assert specials_asked(np.inf, domains.with_special(domains.RELU_WHOLE), {"inputs": [[1.0]]}, "relu") == [[[[0, 0]]]]
    labelled = {"y_pred": np.full((3, 3), 0.5), "y_true": [2, 1, 0]}
    assert specials_asked(np.inf, domains.with_special(domains.LOSSES), labelled, "sample_losses") == [[[[1, 1]], []]]


def test_a_special_number_must_show_where_it_matters() -> None:
    """GEN-6: in the row of an input, and in the column of a weight and of a bias."""

    def dense(*arguments: Array, shift: tuple[int, int] = (0, 0)) -> Array:
        x, w, b = arguments
        with np.errstate(invalid="ignore"):
            return np.roll(x @ w + b, shift, axis=(0, 1))

    case = {**DENSE, "special": [np.nan]}
    found = judge("GEN-6", domains.with_special(domains.DENSE_WHOLE), case, dense=dense)
    assert found.violating.tolist() == [False] * 4
    assert found.demand == (
        "an error, or a result that shows it, for dense of "
        f"float64 {[*X[:2], [-5.0, np.nan], X[3]]}, float64 {W}, float64 {B}"
    )
    assert np.isnan(found.got[2]).all()
    moved = judge("GEN-6", domains.with_special(domains.DENSE_WHOLE), case, dense=lambda *a: dense(*a, shift=(1, 1)))
    assert moved.violating.tolist() == [True] * 4


def test_a_nan_beside_minus_infinity_must_show() -> None:
    """GEN-6: the middle row is a mask but for the NaN at its end."""

    def masked(z: Array) -> Array:
        return np.where(np.fmax.reduce(z, axis=1, keepdims=True) == -np.inf, 0.0, z)

    found = judge("GEN-6", domains.with_special(domains.SOFTMAX_WHOLE), {"inputs": X, "special": [1.0]}, softmax=masked)
    assert found.violating.tolist() == [True, True]
    case = {"inputs": X, "special": [np.nan]}
    found = judge("GEN-6", domains.with_special(domains.SOFTMAX_WHOLE), case, softmax=masked)
    assert found.violating.tolist() == [False, True]


@pytest.mark.parametrize(("steps", "violating"), [(0.9, False), (1.1, True)])
def test_whole_numbers_give_what_the_same_numbers_give(steps: float, violating: bool) -> None:
    """GEN-13: within twice the bound in single precision, in whatever type; of whole numbers no fraction is left."""
    both = 2 * (6 + 2 * log(2)) * U32 / 2

    def softmax(z: Array) -> Array:
        return np.array([[0.5 + steps * both * (z.dtype == np.int64), 0.5]])

    case = {"inputs": [[0.0, 0.0]]}
    assert bool(judge("GEN-13", domains.SOFTMAX_WHOLE, case, softmax=softmax).violating.any()) is violating

    def half(z: Array) -> Array:
        return np.full_like(z, 0.5)

    cut = judge("GEN-13", domains.SOFTMAX_WHOLE, case, softmax=half)
    assert cut.violating.all()


def test_whole_numbers_may_be_refused() -> None:
    """GEN-13: then nothing is examined."""
    found = judge("GEN-13", domains.SOFTMAX_WHOLE, {"inputs": [[0.0, 0.0]]}, softmax=raising)
    assert not found.violating.any()
    assert not found.examined.any()


def losses(p: Array, y: Array) -> Array:
    """Return the losses, with nothing clipped."""
    return np.asarray(-np.log(p[np.arange(len(p)), y]))


def mean_loss(p: Array, y: Array) -> Array:
    """Return their mean."""
    return np.asarray(losses(p, y).mean())


def sum_of_all(p: Array, y: Array) -> Array:
    """Return the sum of all predictions, in place of an accuracy."""
    return np.asarray(p.sum())


@pytest.mark.parametrize(
    ("domain", "operation", "right"),
    [
        (domains.with_special(domains.LOSSES), "sample_losses", losses),
        (domains.with_special(domains.LOSS), "loss", mean_loss),
        (domains.with_special(domains.ACCURACY_WHOLE), "accuracy", sum_of_all),
    ],
)
def test_a_special_number_shows_in_a_loss_or_in_a_mean(
    domain: Domain, operation: str, right: Callable[..., Any]
) -> None:
    """Of its row, or of all of them."""
    case = {"y_pred": np.full((3, 3), 0.5), "y_true": [2, 1, 0], "special": [np.nan]}
    assert not judge("GEN-6", domain, case, **{operation: right}).violating.any()
    refused = judge("GEN-6", domain, case, **{operation: raising})
    assert not refused.violating.any()
    assert refused.got.tolist() == "an error"

    def laundering(*arguments: Array) -> Array:
        return np.asarray(np.nan_to_num(right(*arguments)))

    assert judge("GEN-6", domain, case, **{operation: laundering}).violating.all()


def test_minus_infinity_among_logits_may_give_zero() -> None:
    """As long as it is the entry at its place; a NaN beside it must show."""
    case = {"inputs": [[1.0, 2.0]], "special": [-np.inf]}
    for p, violating in (([1.0, 0.0], False), ([0.0, 1.0], True), ([0.5, 0.5], True)):
        found = judge("GEN-6", domains.with_special(domains.SOFTMAX_WHOLE), case, softmax=giving([p]))
        assert found.violating.tolist() == [violating, True]


COLUMN = [[np.nan], [np.nan], [np.inf], [np.inf], [-np.inf], [-np.inf], [-np.inf], [-np.inf], [-np.inf]]
SHOWN = [[np.nan], [0.0], [np.inf], [0.0], [-np.inf], [np.nan], [0.0], [1.0], [-1.0]]
VIOLATING = [False, True, False, True, False, False, False, True, True]
"""Special numbers, what a relu gives for each of them, and whether that hides it."""


def test_special_numbers_are_judged_together_where_they_are_answered() -> None:
    """Each by its own result."""
    relu = giving(SHOWN)
    found = judge("GEN-6", domains.RELU_SPECIALS, {"inputs": COLUMN}, relu=relu)
    assert found.violating.tolist() == VIOLATING
    assert len(calls_of("GEN-6", domains.RELU_SPECIALS, {"inputs": COLUMN}, relu=relu)) == 1


def test_special_numbers_are_judged_one_by_one_where_they_are_refused_together() -> None:
    """Each of them may still be answered."""
    following = iter(SHOWN)

    def relu(x: Array) -> Array:
        if len(x) > 1:
            raise ValueError("no")
        return np.array([next(following)])

    asked = [[[number]] for (number,) in COLUMN]
    found = judge("GEN-6", domains.RELU_SPECIALS, {"inputs": COLUMN}, relu=relu)
    assert found.violating.tolist() == VIOLATING
    calls = calls_of("GEN-6", domains.RELU_SPECIALS, {"inputs": COLUMN}, relu=raising)
    assert repr(lists(calls)) == repr([[COLUMN], *([one] for one in asked)])
    assert not judge("GEN-6", domains.RELU_SPECIALS, {"inputs": COLUMN}, relu=raising).violating.any()


@pytest.mark.parametrize(
    ("relu", "violating", "got"),
    [
        (giving(np.zeros((0, 2))), False, [0, 2]),
        (giving(np.zeros(0)), True, [0]),
        (giving(np.zeros((1, 2))), True, [1, 2]),
        (raising, True, "an error"),
    ],
)
def test_no_rows_give_a_result_of_no_rows(relu: Callable[..., Any], violating: bool, got: Any) -> None:
    """GEN-7: with its columns, and no error."""
    found = judge("GEN-7", domains.without_rows(domains.RELU), {"inputs": np.zeros((0, 2))}, relu=relu)
    assert (found.violating.tolist(), found.got.tolist(), found.expected.tolist()) == ([violating], got, [0, 2])
    assert found.demand == "a result of shape (0, 2)"


def test_one_dimension_less_one_more_and_no_columns_are_tried() -> None:
    """GEN-8: of the inputs."""
    calls = calls_of("GEN-8", domains.DENSE_WHOLE, DENSE, dense=raising)
    forms: list[Any] = [X[0], [X, X], [[]] * 4]
    assert lists(calls) == [[form, W, B] for form in forms]


def seeding_from(first: int) -> Callable[..., Array]:
    """Return a relu whose calls seed the generator from the number ``first`` on, or up to there if it is negative."""
    numbers = iter(range(99))

    def relu(x: Array) -> Array:
        number = next(numbers)
        if number >= first if first >= 0 else number < -first:
            np.random.seed(0)
        return nnfs_spec.relu(x)

    return relu


@pytest.mark.parametrize(("first", "bad"), [(0, True), (1, True), (99, False), (-1, False), (-2, True)])
def test_what_is_global_may_change_in_the_first_call_alone(first: int, bad: bool) -> None:
    """GEN-11: a change that is made again and again is seen each time."""
    case = {"inputs": X, "layouts": [[0] * 10, [1] + [0] * 9]}
    found = judge("GEN-11", domains.in_layouts_of(domains.RELU), case, relu=seeding_from(first))
    assert found.violating.any() == bad
    assert found.demand.endswith("NumPy's random numbers" if bad else "nothing")


def test_threads_have_objects_of_their_own() -> None:
    """GEN-12: four calls at once, each on a new object, with two orders of the rows."""
    calls = calls_of("GEN-12", domains.RELU, {"inputs": X}, relu=nnfs_spec.relu)
    assert lists(calls) == [[X], [X[::-1]]] * 3
    assert all(call.fresh for call in calls)
    assert [call.together for call in calls] == [False] * 2 + [True] * 4


@pytest.mark.parametrize("spoils", [False, True])
def test_arguments_stay_in_a_call_that_is_refused_too(spoils: bool) -> None:
    """GEN-1: a NaN is tried after the layouts."""

    def relu(x: Array) -> Array:
        if np.isnan(x).any():
            x[0] = 7.0 if spoils else x[0]
            raise ValueError("a NaN")
        return nnfs_spec.relu(x)

    found = judge("GEN-1", domains.in_layouts_of(domains.RELU), {"inputs": X, "layouts": [[0] * 10]}, relu=relu)
    assert found.violating.any() == spoils
    if spoils:
        assert (str(found.got), found.demand.rpartition(", ")[2]) == ("changed", "refused")


def test_who_refuses_everything_is_not_judged_by_what_it_leaves() -> None:
    """GEN-1: the refusal is the failure."""
    with pytest.raises(RefusedError):
        judge("GEN-1", domains.in_layouts_of(domains.RELU), {"inputs": X, "layouts": [[0] * 10]}, relu=raising)
