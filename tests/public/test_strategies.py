"""The public strategies: members of the domains, the edges of the domains within reach, clear errors."""

from collections.abc import Callable
from functools import partial
from typing import Any

import hypothesis.strategies as st
import numpy as np
import pytest
from hypothesis import HealthCheck, Phase, find, given, settings

from nnfs_spec import domains, strategies
from nnfs_spec.adapters.live import LiveSubject
from nnfs_spec.arrays import Array
from nnfs_spec.domains import Case, Domain
from nnfs_spec.engine.trial import attempt
from nnfs_spec.errors import SpecError, SpecTypeError, SpecValueError
from nnfs_spec.properties import PROPERTIES

pytestmark = pytest.mark.gate

FLOATS = (np.float32, np.float64)
INTEGERS = (np.int8, np.uint8, np.int16, np.uint16, np.int32, np.uint32, np.int64, np.uint64)
SEARCH = settings(max_examples=20_000, database=None, deadline=None, derandomize=True, phases=(Phase.generate,))

CLIP = 1e-7
"""Probabilities are clipped to between this and one minus this (LOSS-1)."""

Strategy = st.SearchStrategy[Any]


def one(name: str) -> Callable[[Array], dict[str, Array]]:
    """Return what makes the arrays of a case from the one array that a strategy gives."""
    return lambda array: {name: array}


def pair(first: str, second: str) -> Callable[[tuple[Array, Array]], dict[str, Array]]:
    """Return what makes the arrays of a case from the two arrays that a strategy gives."""
    return lambda arrays: {first: arrays[0], second: arrays[1]}


def layer(arrays: tuple[Array, Array]) -> dict[str, Array]:
    """Return the arrays of a case of dense from a layer and inputs of its width."""
    weights, biases = arrays
    return {"inputs": np.ones((1, len(weights)), weights.dtype), "weights": weights, "biases": biases}


def of_labels(labels: Array) -> dict[str, Array]:
    """Return the arrays of a case of the losses from labels of five classes."""
    return {"y_pred": np.zeros((len(labels), 5)), "y_true": labels}


def of_one_hot(labels: Array) -> dict[str, Array]:
    """Return the arrays of a case of the losses from one-hot labels."""
    return {"y_pred": np.zeros_like(labels), "y_true": labels}


MEMBERS: dict[str, tuple[Callable[[Any], Strategy], Domain, Callable[[Any], dict[str, Array]]]] = {
    "inputs": (lambda t: strategies.inputs(dtype=t), domains.RELU, one("inputs")),
    "whole inputs": (lambda t: strategies.inputs(values="whole", dtype=t), domains.RELU_WHOLE, one("inputs")),
    "logits": (lambda t: strategies.logits(dtype=t), domains.SOFTMAX, one("inputs")),
    "whole logits": (lambda t: strategies.logits(values="whole", dtype=t), domains.SOFTMAX_WHOLE, one("inputs")),
    "tied logits": (lambda t: strategies.logits(values="tied", dtype=t), domains.SOFTMAX_TIED, one("inputs")),
    "equal logits": (lambda t: strategies.logits(values="equal", dtype=t), domains.SOFTMAX_EQUAL, one("inputs")),
    "no logits": (lambda t: strategies.logits(rows=0, dtype=t), domains.without_rows(domains.SOFTMAX), one("inputs")),
    "labels": (lambda t: strategies.labels(classes=5), domains.LOSSES, of_labels),
    "one-hot": (lambda t: strategies.one_hot(dtype=t), domains.LOSSES_ONE_HOT, of_one_hot),
    "labelled": (lambda t: strategies.labelled(dtype=t), domains.LOSSES, pair("y_pred", "y_true")),
    "normalised": (lambda t: strategies.labelled(normalised=True, dtype=t), domains.LOSSES, pair("y_pred", "y_true")),
    "labelled one-hot": (
        lambda t: strategies.labelled(form="one-hot", dtype=t),
        domains.LOSSES_ONE_HOT,
        pair("y_pred", "y_true"),
    ),
    "layers": (lambda t: strategies.layers(dtype=t), domains.DENSE, layer),
    "whole layers": (lambda t: strategies.layers(values="whole", dtype=t), domains.DENSE_WHOLE, layer),
}


@pytest.mark.parametrize("dtype", FLOATS)
@pytest.mark.parametrize("name", MEMBERS)
@given(data=st.data())
def test_every_value_belongs_to_its_domain(name: str, dtype: Any, data: st.DataObject) -> None:
    """Sizes, shapes and entries, in the dtype that was asked for."""
    make, domain, arrays = MEMBERS[name]
    drawn = arrays(data.draw(make(dtype)))
    assert Case(domain, np.dtype(dtype), drawn).belongs()
    assert all(array.dtype == dtype for array in drawn.values() if name != "labels" and array.dtype.kind == "f")


@pytest.mark.parametrize("dtype", FLOATS)
@given(data=st.data())
def test_probabilities_belong_to_their_domain(dtype: Any, data: st.DataObject) -> None:
    """Both kinds; the rows that are to sum to one do so within the bound of SOFTMAX-1."""
    free: Array = data.draw(strategies.probabilities(dtype=dtype))
    assert Case(domains.LOSSES, free.dtype, {"y_pred": free, "y_true": np.zeros(len(free), np.int64)}).belongs()
    fair: Array = data.draw(strategies.probabilities(classes=(1, 9), normalised=True, dtype=dtype))
    assert fair.dtype == dtype

    def softmax(inputs: Array) -> Array:
        return fair

    subject = LiveSubject("fair", {"softmax": lambda: softmax})
    case = Case(domains.SOFTMAX, fair.dtype, {"inputs": fair})
    for clause in ("SOFTMAX-1", "SOFTMAX-2"):
        assert attempt(PROPERTIES[clause], subject, case).status == "pass"


@pytest.mark.parametrize("dtype", INTEGERS)
@given(data=st.data())
def test_labels_come_in_every_integer_type(dtype: Any, data: st.DataObject) -> None:
    """Up to as many classes as it holds."""
    labels = data.draw(strategies.labels(rows=(0, 3), classes=128, dtype=dtype))
    assert labels.dtype == dtype
    assert labels.ndim == 1
    assert ((labels >= 0) & (labels < 128)).all()


@given(data=st.data())
def test_sizes_are_kept(data: st.DataObject) -> None:
    """One size or a range, for each strategy."""
    assert data.draw(strategies.inputs(2, 30)).shape == (2, 30)
    assert data.draw(strategies.logits(rows=7, classes=3)).shape == (7, 3)
    assert data.draw(strategies.probabilities(np.int8(2), (4, 4))).shape == (2, 4)
    assert data.draw(strategies.labels(9)).shape == (9,)
    assert data.draw(strategies.one_hot(2, 6)).shape == (2, 6)
    predictions, targets = data.draw(strategies.labelled(rows=(6, 8), classes=(10, 12), form="one-hot"))
    assert predictions.shape == targets.shape
    assert 6 <= len(predictions) <= 8
    assert 10 <= predictions.shape[1] <= 12
    weights, biases = data.draw(strategies.layers(n_inputs=3, n_neurons=(6, 7)))
    assert weights.shape in ((3, 6), (3, 7))
    assert biases.shape == (1, weights.shape[1])


def reaches(strategy: Strategy, condition: Callable[[Any], Any]) -> None:
    """Require that the strategy gives a value of which the condition holds; NoSuchExample where it does not."""
    find(strategy, lambda drawn: bool(condition(drawn)), settings=SEARCH)


def is_subnormal(array: Array) -> Any:
    """Tell whether an entry lies between zero and the smallest normal number."""
    return ((array != 0) & (np.abs(array) < np.finfo(array.dtype).smallest_normal)).any()


def is_huge(array: Array) -> Any:
    """Tell whether an entry is larger than the root of the largest number, so that its square overflows."""
    return (np.abs(array) > np.sqrt(np.finfo(array.dtype).max)).any()


def has_negative_zero(array: Array) -> Any:
    """Tell whether an entry is a negative zero."""
    return ((array == 0) & np.signbit(array)).any()


def has_ties(array: Array) -> Any:
    """Tell whether the largest entry of a row stands in it twice."""
    return ((array == array.max(axis=1, keepdims=True)).sum(axis=1) > 1).any()


@pytest.mark.parametrize("dtype", FLOATS)
@pytest.mark.parametrize("edge", [is_subnormal, is_huge, has_negative_zero, has_ties])
def test_logits_and_layers_reach_every_edge(edge: Callable[[Array], Any], dtype: Any) -> None:
    """Subnormals, numbers whose squares overflow, negative zeros, ties."""
    reaches(strategies.inputs(dtype=dtype), edge)
    reaches(strategies.logits(dtype=dtype), edge)
    reaches(strategies.layers(dtype=dtype), lambda layer: edge(layer[0]))
    reaches(strategies.layers(dtype=dtype), lambda layer: edge(layer[1]))


def is_zero(array: Array) -> Any:
    """Tell whether an entry is zero."""
    return (array == 0).any()


def is_certain(array: Array) -> Any:
    """Tell whether an entry among several is one."""
    return array.shape[1] > 1 and (array == 1).any()


def is_below_the_clip(array: Array) -> Any:
    """Tell whether an entry is raised by LOSS-1."""
    return ((array > 0) & (array < CLIP)).any()


@pytest.mark.parametrize("dtype", FLOATS)
@pytest.mark.parametrize("normalised", [False, True])
@pytest.mark.parametrize(
    "edge",
    [is_subnormal, has_negative_zero, has_ties, is_zero, is_certain, is_below_the_clip],
)
def test_probabilities_reach_every_edge(edge: Callable[[Array], Any], normalised: bool, dtype: Any) -> None:
    """Both ends, what LOSS-1 raises, subnormals, ties."""
    reaches(strategies.probabilities(normalised=normalised, dtype=dtype), edge)
    reaches(strategies.labelled(normalised=normalised, dtype=dtype), lambda drawn: edge(drawn[0]))


@pytest.mark.parametrize("dtype", FLOATS)
def test_probabilities_reach_the_ends_and_the_clips_and_their_neighbours(dtype: Any) -> None:
    """Where a logarithm is most and least, and where LOSS-1 begins and ends to clip."""
    zero, one = np.zeros((), dtype), np.ones((), dtype)
    clips = np.array([CLIP, 1 - CLIP], dtype)
    wanted = [np.nextafter(zero, one), np.nextafter(one, zero), *clips]
    wanted += [*np.nextafter(clips, zero), *np.nextafter(clips, one)]
    for value in wanted:
        reaches(strategies.probabilities(dtype=dtype), partial(has, value))


def has(value: Any, array: Array) -> Any:
    """Tell whether an entry is ``value``."""
    return (array == value).any()


def test_labels_reach_both_ends() -> None:
    """The first class and the last, in every form."""
    reaches(strategies.labels(classes=300), lambda labels: (labels == 0).any())
    reaches(strategies.labels(classes=300), lambda labels: (labels == 299).any())
    reaches(strategies.one_hot(classes=5), lambda labels: labels[:, 0].any())
    reaches(strategies.one_hot(classes=5), lambda labels: labels[:, -1].any())


def test_a_failing_test_shrinks_to_a_small_array() -> None:
    """One row of the simplest numbers that still fail."""
    smallest = find(
        strategies.logits(classes=2), lambda z: bool(z.max() >= 1), settings=settings(SEARCH, phases=tuple(Phase))
    )
    assert smallest.shape == (1, 2)
    assert set(smallest.ravel()) <= {0.0, 1.0}


SIZES = "a whole number of at least {}, or two of them, the least and the most"


@pytest.mark.parametrize(
    ("make", "kind", "message"),
    [
        (
            lambda: strategies.logits(classes=0),
            SpecValueError,
            f"logits: classes is 0 but must be {SIZES.format(1)} [GEN-8]",
        ),
        (
            lambda: strategies.logits(rows=-1),
            SpecValueError,
            f"logits: rows is -1 but must be {SIZES.format(0)} [GEN-7]",
        ),
        (
            lambda: strategies.inputs(columns=(3, 2)),
            SpecValueError,
            f"inputs: columns is (3, 2) but must be {SIZES.format(1)} [GEN-8]",
        ),
        (
            lambda: strategies.one_hot(rows=(1, 2, 3)),  # type: ignore[arg-type]  # three sizes
            SpecTypeError,
            f"one_hot: rows is (1, 2, 3) but must be {SIZES.format(0)} [GEN-7]",
        ),
        (
            lambda: strategies.probabilities(classes=2.5),  # type: ignore[call-overload]  # not a whole number
            SpecTypeError,
            f"probabilities: classes is 2.5 but must be {SIZES.format(1)} [GEN-8]",
        ),
        (
            lambda: strategies.labelled(rows=True),
            SpecTypeError,
            f"labelled: rows is True but must be {SIZES.format(0)} [GEN-7]",
        ),
        (
            lambda: strategies.layers(n_inputs=0),
            SpecValueError,
            f"layers: n_inputs is 0 but must be {SIZES.format(1)} [DENSE-10]",
        ),
        (
            lambda: strategies.layers(n_neurons=0),
            SpecValueError,
            f"layers: n_neurons is 0 but must be {SIZES.format(1)} [DENSE-10]",
        ),
        (
            lambda: strategies.logits(dtype=np.float16),  # type: ignore[type-var]  # neither float32 nor float64
            SpecTypeError,
            "logits: dtype is float16 but must be float32 or float64 [GEN-5]",
        ),
        (
            lambda: strategies.labelled(dtype=np.int64),  # type: ignore[type-var]  # predictions are real numbers
            SpecTypeError,
            "labelled: dtype is int64 but must be float32 or float64 [GEN-5]",
        ),
        (
            lambda: strategies.layers(dtype=np.complex128),  # type: ignore[type-var]  # complex
            SpecTypeError,
            "layers: dtype is complex128 but must be float32 or float64 [GEN-5]",
        ),
        (
            lambda: strategies.labels(dtype=np.float64),  # type: ignore[type-var]  # not an integer type
            SpecTypeError,
            "labels: dtype is float64 but must be an integer type [LOSS-12]",
        ),
        (
            lambda: strategies.labels(classes=(2, 129), dtype=np.int8),
            SpecValueError,
            "labels: classes is 129 but must be at most 128, for labels in int8 [LOSS-9]",
        ),
    ],
)
def test_a_wrong_argument_is_an_error(make: Callable[[], Strategy], kind: type[SpecError], message: str) -> None:
    """When the strategy is made, rather than when it is drawn from."""
    with pytest.raises(kind) as raised:
        make()
    assert str(raised.value) == message


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (
            lambda: strategies.logits(values="odd"),  # type: ignore[call-overload]  # no such values
            "logits: values is 'odd' but must be one of finite, whole, tied, equal",
        ),
        (
            lambda: strategies.inputs(values="tied"),  # type: ignore[call-overload]  # of logits only
            "inputs: values is 'tied' but must be one of finite, whole",
        ),
        (
            lambda: strategies.labelled(form="soft"),  # type: ignore[call-overload]  # no such form
            "labelled: form is 'soft' but must be one of sparse, one-hot",
        ),
    ],
)
def test_a_choice_that_there_is_not_is_an_error(make: Callable[[], Strategy], message: str) -> None:
    """It says which there are."""
    with pytest.raises(ValueError, match=rf"^{message}$"):
        make()


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_large_arrays_are_within_reach(data: st.DataObject) -> None:
    """A thousand rows are no error, though volume is the sweep's work."""
    assert data.draw(strategies.logits(rows=1000, classes=10)).shape == (1000, 10)
