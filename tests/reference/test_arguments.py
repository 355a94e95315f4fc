"""What every operation does with its arguments: masks, lazy arrays, arrays that cannot be read, the error state."""

from collections.abc import Callable, Iterator
from typing import Any
from unittest.mock import Mock

import numpy as np
import pytest

import nnfs_spec
from nnfs_spec import Accumulator, Layer_Dense, SpecTypeError, SpecValueError, fast, spiral_data
from nnfs_spec.fast import native

MASKED: Any = np.ma.masked_array([1.0, 2.0], [True, False])
MASKED_ENTRY: Any = MASKED[:1]
NO_NUMBER: Any = np.ma.masked


@pytest.fixture(params=["reference", "fast", "fast with kernels"])
def module(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Return the reference, or its fast twin, with kernels and without."""
    with_kernels = request.param == "fast with kernels"
    monkeypatch.setattr(native, "kernels", request.getfixturevalue("kernels") if with_kernels else native.NONE)
    return nnfs_spec if request.param == "reference" else fast


@pytest.mark.parametrize("value", [[MASKED, MASKED], [[1.0, 2.0], MASKED], ([1.0, NO_NUMBER],), [[MASKED_ENTRY, 1.0]]])
def test_a_mask_in_a_list_is_refused(module: Any, value: Any) -> None:
    """NumPy would drop it, and what was masked would count."""
    calls: tuple[tuple[Callable[[], Any], str, str], ...] = (
        (lambda: module.softmax(value), "softmax: inputs", "GEN-8"),
        (lambda: module.loss(value, [0] * len(value)), "loss: y_pred", "GEN-8"),
        (lambda: module.loss([[1.0, 0.0]] * len(value), value), "loss: y_true", "LOSS-12"),
        (lambda: module.dense([[1.0]], [[1.0, 2.0]], value), "dense: biases", "GEN-8"),
    )
    for call, argument, clause in calls:
        with pytest.raises(SpecTypeError) as caught:
            call()
        assert str(caught.value) == f"{argument} is a masked array but must be an array without a mask [{clause}]"


class Unreadable:
    """Says that it is an array, and raises when it is read."""

    def __array__(self, dtype: Any = None, copy: Any = None) -> Any:
        """Raise an error of its own."""
        raise ValueError("on another device")


@pytest.mark.parametrize(("value", "kind"), [(Unreadable(), "Unreadable"), ([Unreadable()], "list")])
def test_an_array_that_cannot_be_read_is_not_called_ragged(module: Any, value: Any, kind: str) -> None:
    """What it raised is shown."""
    with pytest.raises(SpecValueError) as caught:
        module.relu(value)
    got = f"a {kind} that NumPy cannot read (on another device)"
    assert str(caught.value) == f"relu: inputs is {got} but must be an array or a list of rows [GEN-8]"


class Lazy:
    """Is a lazy array of another library, as far as anybody asks; to read it fails the test."""

    chunks: Any = None
    __array__ = Mock(side_effect=AssertionError)


class Chunked(Lazy):
    """Has chunks, as arrays of zarr and h5py."""

    chunks = ((2, 2), (3,))


class Graph(Lazy):
    """Has a graph of tasks, as collections of dask."""

    def __dask_graph__(self) -> dict[str, Any]:
        """Return the tasks."""
        return {"task": 1}


@pytest.mark.parametrize("operation", ["loss", "accuracy"])
@pytest.mark.parametrize("lazy", [Chunked(), Graph()])
def test_a_lazy_array_is_not_pulled_into_memory(module: Any, operation: str, lazy: Any) -> None:
    """The error names what takes it chunk by chunk."""
    call = getattr(module, operation)
    for argument, values in (("y_pred", (lazy, [0])), ("y_true", ([[1.0, 0.0]], lazy))):
        with pytest.raises(SpecTypeError) as caught:
            call(*values)
        expected = "an array in memory, or be given to nnfs_spec.streaming"
        got = f"a lazy {type(lazy).__name__}"
        assert str(caught.value) == f"{operation}: {argument} is {got} but must be {expected} [GEN-8]"


class Eager:
    """Could be lazy, and is not: an array of xarray."""

    chunks = None

    def __dask_graph__(self) -> None:
        """Return no tasks."""

    def __array__(self, dtype: Any = None, copy: Any = None) -> Any:
        """Return the numbers."""
        return np.array([[0.5, 0.5]])


def test_an_array_that_is_not_lazy_is_taken(module: Any) -> None:
    """Though its kind could be."""
    eager: Any = Eager()
    assert module.loss(eager, [0]) == module.loss([[0.5, 0.5]], [0])


def accumulated(p: Any, y: Any) -> Any:
    """Return loss and accuracy of an accumulator to which other ones were merged."""
    made, other = Accumulator(), Accumulator()
    made.add(p, y)
    other.add(p, y)
    made.merge(other)
    return made.loss, made.accuracy


def layer(x: Any) -> Any:
    """Return the result of a layer with a weight and a bias that are subnormal in float32."""
    made = Layer_Dense(2, 1)
    made.weights, made.biases = np.array([[1e-40], [1.0]]), np.array([[1e-41]])
    return made.forward(x)


TINY = np.finfo(np.float64).smallest_normal
CALLS: dict[str, Callable[[Any], Any]] = {
    "softmax": lambda module: module.softmax([[0.0, -1000.0], [-1.7e308, 1.7e308], [0.0, -740.0]]),
    "softmax32": lambda module: module.softmax(np.array([[0, -100], [-3e38, 3e38]], np.float32)),
    "relu": lambda module: module.relu([[-TINY / 2, TINY / 2], [-1e308, 1e308]]),
    "dense": lambda module: module.dense([[TINY, 1e-200]], [[0.3], [1e-200]], [TINY / 4]),
    "sample_losses": lambda module: module.sample_losses([[TINY / 2, 1.0], [0.0, 1.0]], [0, 0]),
    "one-hot": lambda module: module.sample_losses([[TINY / 2, 1.0], [0.0, 1.0]], [[1.0, 0.0], [0.0, 1.0]]),
    "loss": lambda module: module.loss([[TINY / 2, 1.0], [0.0, 1.0]], [0, 0]),
    "accuracy": lambda module: module.accuracy([[TINY / 2, 1e308], [0.0, 1.0]], [1, 0]),
    "Accumulator": lambda module: accumulated([[TINY / 2, 1.0], [0.0, 1.0]], [0, 0]),
    "Accumulator32": lambda module: accumulated(np.array([[1e-40, 1.0], [0.0, 1.0]], np.float32), [0, 0]),
    "Layer_Dense": lambda module: layer(np.array([[1.0, 1e-30]], np.float32)),
    "spiral_data": lambda module: spiral_data(5, 3, rng=np.random.default_rng(0))[0],
    "forward": lambda module: fast.forward([[0.0, -1000.0]], [([[1.0, 0.0], [0.0, 1.0]], [TINY / 2, 0.0])]),
}
"""Calls whose numbers underflow, overflow or are subnormal on the way to a result that is defined."""


@pytest.fixture(params=["errstate", "seterr"])
def raising(request: pytest.FixtureRequest) -> Iterator[None]:
    """Make NumPy raise at every floating-point flag, within a block or for good."""
    with np.errstate():
        if request.param == "seterr":
            np.seterr(all="raise")
            yield
        else:
            with np.errstate(all="raise"):
                yield


@pytest.mark.parametrize("name", CALLS)
@pytest.mark.usefixtures("raising")
def test_a_valid_call_works_in_any_error_state(module: Any, name: str) -> None:
    """With the same bits as in the usual state."""
    under_raise = np.asarray(CALLS[name](module))
    with np.errstate(all="ignore"):
        usual = np.asarray(CALLS[name](module))
    assert under_raise.tobytes() == usual.tobytes()


def test_underflow_would_raise_without_an_error_state_of_its_own() -> None:
    """The calls above can fail: this is softmax without one."""
    with np.errstate(all="raise"), pytest.raises(FloatingPointError, match="underflow"):
        np.exp(np.array([[0.0, -1000.0]]))


def test_an_overflow_in_dense_is_reported_as_the_caller_asked(module: Any) -> None:
    """It lies outside DENSE-1."""
    arguments = [[1e200]], [[1e200]], [0.0]
    with np.errstate(over="raise"), pytest.raises(FloatingPointError, match="overflow"):
        module.dense(*arguments)
    with np.errstate(over="ignore"):
        assert module.dense(*arguments).tolist() == [[np.inf]]


def test_no_result_shares_memory_with_an_argument(module: Any) -> None:
    """Whatever changes in it."""
    x, one, none = np.ones((3, 1)), np.ones((1, 1)), np.zeros((1, 1))
    for result in (module.relu(x), module.softmax(x), module.dense(x, one, none), module.sample_losses(x, x)):
        assert not any(np.shares_memory(result, given) for given in (x, one, none))
