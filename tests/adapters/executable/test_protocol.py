"""The words of the protocol, one by one, and the page that defines them."""

import re

import hypothesis.extra.numpy as hnp
import hypothesis.strategies as st
import numpy as np
import pytest
from hypothesis import given

from nnfs_spec.adapters.executable.protocol import (
    CATEGORIES,
    FEATURES,
    FLOATS,
    HELLO,
    KEPT,
    LARGE,
    WHOLE,
    Announced,
    Decimals,
    Hello,
    ProtocolError,
    Question,
    lacks,
    read_hello,
    shown,
)
from nnfs_spec.arrays import Array
from nnfs_spec.subject.operations import OPERATIONS, SINGLE_CALLS
from nnfs_spec.subject.protocol import Call, Lacking, Refusal, count_call
from tests import ROOT

PAGE = (ROOT / "spec" / "protocol.md").read_text(encoding="utf-8")
ROW = np.array([[-1.0, 2.0]])


def question(call: Call, *, echo: bool = False, binary: bool = False) -> Question:
    """Return a call under the id 1."""
    return Question("1", call, echo=echo, binary=binary)


def arrays(line: str, call: Call, *, echo: bool = False) -> list[Array]:
    """Return the arrays of an answer."""
    said = question(call, echo=echo).read(line)
    assert not isinstance(said, Refusal | Lacking)
    return said[1]


def test_the_conversation_of_the_page_is_what_is_spoken() -> None:
    """Line for line."""
    block = re.search(r"## In short\n\n```text\n(.*?)```", PAGE, re.DOTALL)
    assert block is not None
    _, *lines = block[1].splitlines()
    asked = [line for line in lines if not line.startswith(" ")]
    first = Call("softmax", (np.array([[1.0, 2.0, 3.0], [-5e-324, 0.0, 1e308]]),))
    second = Call("softmax", (np.array([1.0, 2.0, 3.0]),))
    spoken = HELLO + Question("1", first, echo=False, binary=False).text
    spoken += Question("2", second, echo=False, binary=False).text + b"end\n"
    assert "\n".join(asked).encode() + b"\n" == spoken
    hello, one, two = (line.strip() for line in lines if line.startswith(" "))
    assert read_hello(hello) == Hello(frozenset({"relu", "softmax"}), frozenset({"float64"}), frozenset())
    (result,) = arrays(one, first)
    assert np.allclose(result.sum(axis=1), 1)
    assert Question("2", second, echo=False, binary=False).read(two) == Refusal("shape", "two dimensions are needed")


def test_the_latest_large_arrays_are_written_once() -> None:
    """The very same arrays; a copy is another one, a small one is not worth keeping, and memory stays bounded."""
    decimals, large, small = Decimals(), np.arange(float(LARGE)), np.arange(2.0)
    larger = np.arange(LARGE + 1.0)
    assert decimals.line(larger) is decimals.line(larger)
    first = decimals.line(large)
    assert decimals.line(large) is first
    assert decimals.line(large.copy()) == first
    assert decimals.line(small) == b"0.0 1.0\n"
    assert decimals.line(small) is not decimals.line(small)
    for _ in range(KEPT):
        decimals.line(large.copy())
    assert decimals.line(large) is not first


def test_a_port_has_no_stream() -> None:
    """It answers calls, and has no objects that chunks are added to."""
    assert {*OPERATIONS} - {*SINGLE_CALLS} == {"stream"}
    with pytest.raises(ProtocolError, match="has the word 'stream' in its hello"):
        read_hello("@ hello 1 operations relu stream dtypes float64")


def test_the_page_names_every_word() -> None:
    """Operations, dtypes, categories and features."""
    for word in (*SINGLE_CALLS, *FLOATS, *CATEGORIES, *FEATURES, "bool"):
        assert f"`{word}`" in PAGE
    assert {WHOLE[0], WHOLE[3], WHOLE[4], WHOLE[7]} == {"int8", "int64", "uint8", "uint64"}


@given(
    hnp.arrays(
        st.sampled_from(["f4", "f8", "i1", "i8", "u8", "?"]), hnp.array_shapes(min_dims=0, max_dims=3, min_side=0)
    )
)
def test_every_array_reads_back_as_it_is(array: Array) -> None:
    """Float32 through the nearest double, too; only the sign of zero and of NaN may be lost."""
    _, header, values = question(Call("relu", (array,))).text.decode("ascii").splitlines()
    (back,) = arrays(f"@ 1 ok {header} {values}", Call("relu", (array,)))
    assert back.dtype == array.dtype
    assert back.shape == array.shape
    assert np.array_equal(back, array, equal_nan=array.dtype.kind == "f")


@pytest.mark.parametrize(
    "spelling", ["nan", "NaN", "-nan", "NAN", "inf", "-Infinity", "+inf", ".5", "5.", "+1E+3", "1e-7"]
)
def test_numbers_are_read_as_languages_write_them(spelling: str) -> None:
    """In either case of letters, with or without a sign."""
    (result,) = arrays(f"@ 1 ok float64 0 1 1 {spelling}", Call("loss", (ROW, ROW)))
    assert np.array_equal(result, float(spelling), equal_nan=True)


def test_a_number_beyond_float32_is_infinite_there() -> None:
    """It was not computed in float32, and a clause will say so."""
    (result,) = arrays("@ 1 ok float32 0 1 1 1e300", Call("loss", (ROW, ROW)))
    assert result == np.inf


def test_an_echo_follows_the_results() -> None:
    """In the order of the arguments."""
    call = Call("sample_losses", (ROW, np.array([1])))
    given = "@ 1 ok float64 1 1 1 0.5 float64 2 1 2 -1 2 float64 1 1 1 1"
    assert [array.tolist() for array in arrays(given, call, echo=True)] == [[0.5], [[-1.0, 2.0]], [1.0]]
    assert question(call, echo=True).text.startswith(b"call 1 sample_losses 2 echo\n")


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("@ 1 ok float64 2 1 2 float64 2 1 2", "answered with more than 1 arrays: float64 2 1 2"),
        ("@ 1 ok", "answered with 0 arrays, but must with 1"),
        ("@ 1 ok float64 2 2000000 1", "answered with more than 1048608 values: float64 2 2000000 1"),
    ],
)
def test_an_answer_in_bytes_says_how_many(line: str, message: str) -> None:
    """Before any of them is waited for."""
    with pytest.raises(ProtocolError, match=f"^{re.escape(message)}$"):
        question(Call("relu", (ROW,)), binary=True).read(line)


def test_arrays_are_described_as_the_page_says() -> None:
    """With two lengths at least."""
    shapes = [(), (5,), (5, 3), (2, 3, 4)]
    described = [str(Announced(np.dtype(np.float64), shape)) for shape in shapes]
    assert described == ["float64 0 1 1", "float64 1 5 1", "float64 2 5 3", "float64 3 2 3 4"]


def test_what_a_port_says_is_shown_in_part() -> None:
    """However much it is."""
    with pytest.raises(ProtocolError, match=rf"^answered '{'x' * 60}\.\.\.', but was asked 1$"):
        question(Call("relu", (ROW,))).read(f"@ {'x' * 1000} ok")


def test_a_port_may_say_why_it_cannot() -> None:
    """In any words."""
    assert question(Call("relu", (ROW,))).read("@ 1 unsupported no such layout") == Lacking("no such layout")


BROKEN = {
    "ok float64 2 1 x 1": "wrote 'x' where a length must stand",
    "ok float64 2 1": "wrote '' where a length must stand",
    "ok float64": "wrote '' where the number of dimensions must stand",
    "ok float64 x 1 1 1": "wrote 'x' where the number of dimensions must stand",
    "ok float64 \u0661 1 1 1": "wrote '\u0661' where the number of dimensions must stand",
    "ok float64 9 1 1 1 1 1 1 1 1 1 1": "wrote '9' where the number of dimensions must stand",
    "ok float64 1 1 1 5 6": "wrote 2 values for float64 1 1 1, which has 1",
    "ok float64 1 2 1 1 abc": "wrote 'abc' where a number of float64 must stand",
    "ok int64 1 2 1 1 1.5": "wrote '1.5' where a number of int64 must stand",
    "ok int8 1 1 1 128": "wrote '128' where a number of int8 must stand",
    "ok bool 1 1 1 2": "wrote '2' where a number of bool must stand",
    "ok bool 1 1 1 -1": "wrote '-1' where a number of bool must stand",
    "error": "gave the category '' of an error, but must give shape, label, value or other",
    "error sorry for that": "gave the category 'sorry' of an error, but must give shape, label, value or other",
    "fine": "answered with the word 'fine', but must say ok, error or unsupported",
}


@pytest.mark.parametrize("said", BROKEN)
def test_an_answer_that_is_none_says_what_must_stand_there(said: str) -> None:
    """Word for word."""
    with pytest.raises(ProtocolError) as caught:
        question(Call("loss", (ROW, ROW))).read(f"@ 1 {said}")
    assert str(caught.value) == BROKEN[said]


@pytest.mark.parametrize(
    ("hello", "missing"),
    [
        ("@ hello 1 dtypes float64", "operations in its hello, but must: dense relu "),
        ("@ hello 1 operations relu", "dtypes in its hello, but must: float32 float64"),
    ],
)
def test_a_hello_names_operations_and_dtypes(hello: str, missing: str) -> None:
    """Or nothing can be asked."""
    with pytest.raises(ProtocolError, match=f"^names no {missing}"):
        read_hello(hello)


@pytest.mark.parametrize("call", [count_call("layer", 2, 3, 0), count_call("spiral_data", 2, 3, 0)])
def test_some_operations_answer_with_two_arrays(call: Call) -> None:
    """Weights and biases, or points and classes."""
    assert [array.tolist() for array in arrays("@ 1 ok float64 1 1 1 5 int8 1 1 1 6", call)] == [[5.0], [6]]


def test_an_array_may_have_eight_dimensions() -> None:
    """And no more."""
    (result,) = arrays(f"@ 1 ok float64 8 {'1 ' * 8} 5", Call("relu", (ROW,)))
    assert result.shape == (1,) * 8


def test_an_answer_may_be_as_large_as_this() -> None:
    """2**20 values and sixteen times those of the arguments, each of 32 characters; not a value more."""
    asked = question(Call("relu", (ROW,)), binary=True)
    said = asked.read("@ 1 ok float64 1 1048608 1")
    assert not isinstance(said, Refusal | Lacking)
    assert [one.size for one in said[0]] == [8 * 1048608]
    assert asked.most_characters == 32 * 1048608
    with pytest.raises(ProtocolError, match=r"^answered with more than 1048608 values: float64 1 1048609 1$"):
        asked.read("@ 1 ok float64 1 1048609 1")


def test_numbers_that_are_none_are_written_as_the_page_says() -> None:
    """Whole numbers and finite ones as they are."""
    for array, line in (
        (np.array([np.nan, -np.inf, np.inf, 0.5], np.float32), "NaN -Infinity Infinity 0.5"),
        (np.array([[1, -2]], np.int8), "1 -2"),
        (np.array([True, False]), "1 0"),
    ):
        assert Decimals().line(array).decode() == f"{line}\n"


def test_labels_may_be_of_any_dtype_of_the_protocol() -> None:
    """Other arguments only of those that the port names, or whole numbers."""
    single, half, doubles = ROW.astype(np.float32), ROW.astype(np.float16), frozenset({"float64"})
    assert lacks(Call("loss", (ROW, single)), doubles) is None
    assert lacks(Call("loss", (ROW.astype(np.int8), ROW)), doubles) is None
    assert lacks(Call("loss", (single, ROW)), doubles) == Lacking("y_pred of float32 cannot be given to the port")
    assert lacks(Call("loss", (ROW, half)), doubles) == Lacking("y_true of float16 cannot be given to the port")


def test_what_is_short_enough_is_shown_whole() -> None:
    """Up to sixty characters."""
    assert shown("x" * 60) == repr("x" * 60)
