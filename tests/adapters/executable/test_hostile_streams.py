"""A hundred thousand answers that are malformed, cut off, reordered or made up: none is taken for a right one."""

import os
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import pytest

from nnfs_spec.adapters.executable.port import Port
from nnfs_spec.adapters.executable.streams import Lines, Streams
from nnfs_spec.adapters.process.frames import WireError
from nnfs_spec.adapters.process.pipes import Captured, TooLongError
from nnfs_spec.arrays import Array
from nnfs_spec.subject.protocol import Answer, Call
from tests.tools.mangling import SECONDS, rounds

pytestmark = pytest.mark.gate

STREAMS = 100_000
HELLO = b"@ hello 1 operations relu loss dtypes float64\n"
CALLS = [
    Call("relu", (np.array([[-1.5, 2.0, 1e-7], [0.0, -3.0, 4.25]]),)),
    Call("loss", (np.array([[0.5, 0.5]]), np.array([1]))),
    Call("relu", (np.array([[7.0]]),)),
]
RIGHT = [np.array([[0.0, 2.0, 1e-7], [0.0, 0.0, 4.25]]), np.array(0.6931471805599453), np.array([[7.0]])]
LINES = [
    b"@ c1 ok float64 2 2 3 0.0 2.0 1e-07 0.0 0.0 4.25\n",
    b"@ c2 ok float64 0 1 1 0.6931471805599453\n",
    b"@ c3 ok float64 2 1 1 7.0\n",
]
WORDS = [
    b"@",
    b"c1",
    b"c2",
    b"ok",
    b"error",
    b"float64",
    b"int8",
    b"-1",
    b"2",
    b"1e999",
    b"nan",
    b"\xff",
    b"\0",
    b"\n",
    b"hello",
]

Stream = bytes
Mangling = Callable[[np.random.Generator, Stream], Stream]


def cut(rng: np.random.Generator, stream: Stream) -> Stream:
    """It ends too soon."""
    return stream[: rng.integers(len(stream))]


def noise(rng: np.random.Generator, stream: Stream) -> Stream:
    """It is anything at all."""
    return rng.bytes(int(rng.integers(1, 200)))


def flip(rng: np.random.Generator, stream: Stream) -> Stream:
    """Some bytes are others."""
    changed = bytearray(stream)
    for place in rng.integers(len(stream), size=rng.integers(1, 4)):
        changed[place] = rng.integers(256)
    return bytes(changed)


def reorder(rng: np.random.Generator, stream: Stream) -> Stream:
    """Lines come in another order, twice, or not."""
    lines = stream.splitlines(keepends=True)
    return b"".join(lines[int(place)] for place in rng.integers(len(lines), size=len(lines)))


def swap(rng: np.random.Generator, stream: Stream) -> Stream:
    """Two words change places."""
    words: list[bytes] = re.split(rb"( |\n)", stream)
    one, other = rng.integers(len(words), size=2)
    words[one], words[other] = words[other], words[one]
    return b"".join(words)


def insert(rng: np.random.Generator, stream: Stream) -> Stream:
    """Words of the protocol stand where they should not."""
    place = int(rng.integers(len(stream)))
    return stream[:place] + b" ".join([WORDS[int(i)] for i in rng.integers(len(WORDS), size=2)]) + stream[place:]


def enlarge(rng: np.random.Generator, stream: Stream) -> Stream:
    """Digits are repeated."""
    return re.sub(rb"\d", lambda digit: digit[0] * int(rng.integers(1, 12)), stream, count=int(rng.integers(1, 9)))


def drop(rng: np.random.Generator, stream: Stream) -> Stream:
    """A part is missing."""
    place = int(rng.integers(len(stream)))
    return stream[:place] + stream[place + int(rng.integers(1, 9)) :]


MANGLINGS: Sequence[Mangling] = (cut, noise, flip, reorder, swap, insert, enlarge, drop)


@dataclass(frozen=True)
class Gone:
    """A process that has written all it ever will."""

    death: None = None

    def ended_within(self, seconds: float, meanwhile: Callable[[], None]) -> bool:
        """It has."""
        return True

    def kill(self) -> None:
        """There is nothing to end."""

    def ending(self) -> str:
        """Return that it ended."""
        return "ended"


def heard(stream: Stream) -> list[Array | None] | None:
    """Return what the driver makes of a stream: the results, with None for what is none; None where it breaks off."""
    reading, stdin = os.pipe()
    stdout, writing = os.pipe()
    stderr, errors = os.pipe()
    os.write(writing, HELLO + stream)
    for descriptor in (writing, errors):
        os.close(descriptor)
    lines = Lines(Streams(Gone(), stdin, stdout, stderr), Captured())
    port = Port(lines)
    try:
        port.greet(5.0)
        outcomes = port.ask([CALLS], 5.0)
    except WireError:
        return None
    finally:
        port.end(grace=0)
        os.close(reading)
    return [outcome.results[0] if isinstance(outcome, Answer) else None for outcome in outcomes]


def says_the_right_thing(stream: Stream) -> list[bool]:
    """Tell of each answer, by other means than the driver's, whether a stream holds it in its place, and in full."""
    lines = [line for line in stream.split(b"\n")[:-1] if re.match(rb"@(\s|$)", line)]
    found: list[bool] = []
    for place, right in enumerate(LINES):
        words = lines[place].split() if place < len(lines) else []
        wanted = right.split()
        same = len(words) == len(wanted) and words[:4] == wanted[:4]
        try:
            found.append(same and [float(word) for word in words[4:]] == [float(word) for word in wanted[4:]])
        except ValueError:
            found.append(False)
    return found


def test_the_answers_as_they_are_are_right() -> None:
    """Else nothing below would mean anything."""
    results = heard(b"".join(LINES))
    assert results is not None
    for result, right in zip(results, RIGHT, strict=True):
        assert result is not None
        assert np.array_equal(result, right)
    assert says_the_right_thing(b"".join(LINES)) == [True] * 3


@pytest.mark.fuzz
@pytest.mark.parametrize("mangling", MANGLINGS, ids=lambda mangling: mangling.__name__)
def test_no_hostile_stream_passes(mangling: Mangling) -> None:
    """Nor does any hang or crash the driver. The gate tries the same ones every time, ``make fuzz`` ever new ones."""
    for _ in rounds(SECONDS / len(MANGLINGS)):
        try_streams(mangling, np.random.default_rng(None if SECONDS else len(mangling.__name__)))


def try_streams(mangling: Mangling, rng: np.random.Generator) -> None:
    """Require of a share of the streams that the driver breaks off, or takes for right only what is."""
    good = b"".join(LINES)
    broken = 0
    for _ in range(STREAMS // len(MANGLINGS)):
        stream = mangling(rng, good)
        results = heard(stream)
        if results is None:
            broken += 1
            continue
        rights = says_the_right_thing(stream)
        for result, right, said in zip(results, RIGHT, rights, strict=True):
            same = result is not None and result.shape == right.shape and np.array_equal(result, right)
            assert same <= said, stream
    assert broken > STREAMS // len(MANGLINGS) // 10


def test_silence_is_no_answer() -> None:
    """A stream that stays open without an answer ends by the clock."""
    reading, stdin = os.pipe()
    stdout, writing = os.pipe()
    stderr, errors = os.pipe()
    os.write(writing, HELLO + LINES[0])
    port = Port(Lines(Streams(Gone(), stdin, stdout, stderr), Captured()))
    port.greet(5.0)
    with pytest.raises(TooLongError, match=r"^; 2 of 3 answers were missing$"):
        port.ask([CALLS], 0.05)
    port.end(grace=0)
    for descriptor in (reading, writing, errors):
        os.close(descriptor)
