"""The words of the protocol, one by one, and the page that defines them."""

import re
from pathlib import Path

import hypothesis.extra.numpy as hnp
import hypothesis.strategies as st
import numpy as np
import pytest
from hypothesis import given

from nnfs_spec.adapters.protocol import (
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
    read_hello,
)
from nnfs_spec.arrays import Array
from nnfs_spec.subject import OPERATIONS, SINGLE_CALLS, Call, Lacking, Refusal

PAGE = (Path(__file__).parents[1] / "spec" / "protocol.md").read_text(encoding="utf-8")
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
