"""Results that are no NumPy arrays: what can be read as numbers is, and the report says so."""

import array
import warnings
from collections.abc import Callable
from typing import Any, ClassVar

import numpy as np
import pytest

from nnfs_spec.adapters.live import LiveSubject
from nnfs_spec.arrays import Array
from nnfs_spec.subject.protocol import Answer, Breakdown, Call, Outcome

ROW = np.array([[-1.0, 2.0]])
RELU = Call("relu", (ROW,))


class Tensor:
    """A tensor as torch has it: with a gradient until it is detached, elsewhere until it is fetched."""

    def __init__(self, numbers: Array, requires_grad: bool = True, on_device: bool = True) -> None:
        self.numbers, self.requires_grad, self.on_device = numbers, requires_grad, on_device

    def detach(self) -> "Tensor":  # noqa: D102
        return Tensor(self.numbers, False, self.on_device)

    def cpu(self) -> "Tensor":  # noqa: D102
        return Tensor(self.numbers, self.requires_grad, False)

    def __array__(self, dtype: Any = None, copy: Any = None) -> Array:
        if self.requires_grad or self.on_device:
            raise RuntimeError("cannot be converted")
        return self.numbers


class OnCuda:
    """An array as CuPy has it: NumPy may not convert it by itself."""

    __cuda_array_interface__: ClassVar[dict[str, Any]] = {}

    def __init__(self, numbers: Array) -> None:
        self._numbers = numbers

    def get(self) -> Array:  # noqa: D102
        return self._numbers

    def __array__(self, dtype: Any = None, copy: Any = None) -> Array:
        raise TypeError("implicit conversion is not allowed")


class Capsule:
    """An array that speaks DLPack alone."""

    def __init__(self, numbers: Array) -> None:
        self._numbers = numbers

    def __dlpack__(self, **keywords: Any) -> Any:
        return self._numbers.__dlpack__(**keywords)

    def __dlpack_device__(self) -> Any:
        return self._numbers.__dlpack_device__()


class ReadOnly:
    """An array that has both ways, as NumPy has it, of which DLPack does not always work."""

    def __init__(self, numbers: Array) -> None:
        self._numbers = numbers

    def __dlpack__(self, **keywords: Any) -> Any:
        raise BufferError("a read-only array")

    def __array__(self, dtype: Any = None, copy: Any = None) -> Array:
        return self._numbers


class Frame:
    """A table as pandas has it."""

    def __init__(self, numbers: Array) -> None:
        self._numbers = numbers

    def __array__(self, dtype: Any = None, copy: Any = None) -> Array:
        return self._numbers


def as_list(numbers: Array) -> Any:
    """Return nested lists."""
    return numbers.tolist()


def as_tuple(numbers: Array) -> Any:
    """Return nested tuples."""
    return tuple(tuple(row) for row in numbers.tolist())


def flat(numbers: Array) -> Any:
    """Return a flat buffer."""
    return array.array("d", numbers.reshape(-1).tolist())


def run(convert: Callable[[Array], Any]) -> tuple[Outcome, tuple[str, ...]]:
    """Return the outcome of a relu whose result is converted, and what is told of it."""

    def relu(x: Array) -> Any:
        return convert(np.maximum(0, x))

    subject = LiveSubject("theirs", {"relu": lambda: relu})
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        (outcome,) = subject.run([RELU])
    return outcome, subject.account().taken


@pytest.mark.parametrize(
    ("convert", "kind"),
    [
        (Tensor, "tests.Tensor"),
        (OnCuda, "tests.OnCuda"),
        (Capsule, "tests.Capsule"),
        (ReadOnly, "tests.ReadOnly"),
        (Frame, "tests.Frame"),
        (as_list, "list"),
        (as_tuple, "tuple"),
        (memoryview, "memoryview"),
        (np.ma.masked_array, "numpy.MaskedArray"),
        (np.asmatrix, "numpy.matrix"),
    ],
)
def test_a_result_of_another_library_is_converted_and_this_is_told(convert: Callable[[Any], Any], kind: str) -> None:
    """Once for each operation."""
    outcome, taken = run(convert)
    assert isinstance(outcome, Answer)
    assert outcome.results[0].tolist() == outcome.kept[0].tolist() == [[0.0, 2.0]]
    assert type(outcome.results[0]) is np.ndarray
    assert taken == (f"relu: results are {kind}, converted to NumPy",)


@pytest.mark.parametrize(("number", "told"), [(1.5, ("float",)), (np.float32(1.5), ()), (np.asarray(1.5), ())])
def test_a_number_is_an_array_without_axes(number: Any, told: tuple[str, ...]) -> None:
    """NumPy's own numbers are no foreign type."""
    outcome, taken = run(lambda numbers: number)
    assert isinstance(outcome, Answer)
    assert outcome.results[0].tolist() == 1.5
    assert taken == tuple(f"relu: results are {kind}, converted to NumPy" for kind in told)


def test_a_buffer_is_read(tmp_path: Any) -> None:
    """In the shape that it has."""
    outcome, taken = run(flat)
    assert isinstance(outcome, Answer)
    assert outcome.results[0].tolist() == [0.0, 2.0]
    assert taken == ("relu: results are array.array, converted to NumPy",)


@pytest.mark.parametrize(
    ("value", "message"),
    [
        (None, "NoneType of dtype object"),
        ("word", "str of dtype <U4"),
        (b"word", "bytes of dtype |S4"),
        ((x for x in [1]), "generator of dtype object"),
        ({1, 2}, "set of dtype object"),
        ({"a": 1}, "dict of dtype object"),
        ([None], "list of dtype object"),
    ],
)
def test_what_is_no_array_is_a_breakdown(value: Any, message: str) -> None:
    """And is not told as converted."""
    assert run(lambda numbers: value) == (Breakdown(f"returned what is no array: {message}"), ())


def test_an_array_that_cannot_be_read_is_a_breakdown() -> None:
    """Whatever its conversion raises; a long message is cut."""

    class OnDevice:
        def __array__(self, *arguments: Any, **keywords: Any) -> Any:
            raise RuntimeError("cannot convert " * 100)

    outcome, _ = run(lambda numbers: OnDevice())
    assert isinstance(outcome, Breakdown)
    assert outcome.message.startswith("returned what is no array: cannot convert cannot")
    assert len(outcome.message) < 400


def test_a_list_that_is_overwritten_later_shows() -> None:
    """It is converted again at the end of the session."""
    kept = [[0.0, 0.0]]

    def relu(x: Array) -> Any:
        kept[0] = np.maximum(0, x)[0].tolist()
        return kept

    first, _ = LiveSubject("list", {"relu": lambda: relu}).run([RELU, Call("relu", (ROW + 5,))])
    assert isinstance(first, Answer)
    assert (first.results[0].tolist(), first.kept[0].tolist()) == ([[0.0, 2.0]], [[4.0, 7.0]])


def test_a_result_that_can_be_read_only_once_is_a_breakdown() -> None:
    """It could not be seen whether it stays."""

    class Once:
        def __init__(self) -> None:
            self.read = 0

        def __array__(self, *arguments: Any, **keywords: Any) -> Array:
            self.read += 1
            if self.read > 1:
                raise RuntimeError("gone")
            return ROW

    outcome, _ = run(lambda numbers: Once())
    assert outcome == Breakdown("returned what could not be read a second time: gone")
