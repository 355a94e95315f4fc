"""Frames, sessions and outcomes between the checker and the process of a subject: exact, and checked before use."""

import json
import os
import struct
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest

from nnfs_spec.adapters.process.frames import (
    MOST_INLINE_BYTES,
    EndedError,
    TooLargeError,
    WireError,
    decode,
    encode,
    read_frame,
)
from nnfs_spec.adapters.process.messages import (
    Job,
    answer_to,
    job_from,
    read_account,
    read_code_lines,
    read_hello,
    read_outcomes,
    read_sessions,
    same_bits,
    write_account,
    write_hello,
    write_outcomes,
    write_problem,
    write_sessions,
)
from nnfs_spec.adapters.process.pipes import Captured, Events, TooLongError, remaining, wait
from nnfs_spec.adapters.process.shared_memory import ARENA_BYTES, Arena, aligned
from nnfs_spec.arrays import Array
from nnfs_spec.subject.layouts import Layout
from nnfs_spec.subject.protocol import ALL, Account, Answer, Breakdown, Call, Lacking, Refusal

LARGE = np.arange(MOST_INLINE_BYTES, dtype=np.float64).reshape(2, -1)


@pytest.fixture
def arena() -> Iterator[Arena]:
    """Give an arena that both ends are in this process."""
    descriptor = os.memfd_create("nnfs-spec-test")
    os.ftruncate(descriptor, ARENA_BYTES)
    yield Arena(descriptor, writable=True)
    os.close(descriptor)


def chunks_of(data: bytes, size: int = 2**16) -> Callable[[], bytes]:
    """Return a reader that gives ``data`` by and by, and then says that the stream ended."""
    rest = [data]

    def more() -> bytes:
        part, rest[0] = rest[0][:size], rest[0][size:]
        if not part:
            raise EndedError("the stream ended")
        return part

    return more


def agree(one: Array, other: Array) -> bool:
    """Tell whether two arrays are of one dtype and shape and hold the same bytes."""
    return (one.dtype, one.shape, one.tobytes()) == (other.dtype, other.shape, other.tobytes())


ARRAYS: list[Array] = [
    np.array([[1.5, np.nan], [-0.0, np.inf]], np.float32),
    np.ones((0, 3)),
    np.asarray(7),
    np.array([True, False, True]),
    np.array([1 + 2j]),
    np.array([1, 2], ">i2"),
    np.asfortranarray(np.arange(6, dtype=np.uint8).reshape(2, 3)),
    np.arange(8.0)[::-2],
]


@pytest.mark.parametrize("size", [1, 7, 2**16])
def test_frames_carry_any_array_exactly(size: int) -> None:
    """Of every dtype, shape and layout, empty ones too, in whatever pieces they come."""
    header, got = decode(read_frame(chunks_of(encode({"a": [1]}, ARRAYS), size)))
    assert header == {"a": [1]}
    assert all(map(agree, ARRAYS, got))


def test_large_arrays_go_through_the_arena(arena: Arena) -> None:
    """The frame stays small, and each end may look at them there or take a copy."""
    frame = encode("header", [*ARRAYS, LARGE], arena)
    assert len(frame) < 1000
    for part in (arena.shown, arena.copied):
        header, got = decode(read_frame(chunks_of(frame)), part)
        assert header == "header"
        assert all(map(agree, [*ARRAYS, LARGE], got))
        assert not any(array.flags.writeable for array in got)


@pytest.mark.parametrize("size", [1, MOST_INLINE_BYTES])
def test_small_arrays_stay_in_the_frame(arena: Arena, size: int) -> None:
    """The arena is for those that take long to go through a pipe."""
    small = [np.ones(size, np.int8)]
    assert encode(0, small, arena) == encode(0, small)


def test_what_a_limit_allows_is_within_it(arena: Arena, monkeypatch: pytest.MonkeyPatch) -> None:
    """The text, the arrays in a frame, and those in the arena: exactly as many bytes as the most."""
    monkeypatch.setattr("nnfs_spec.adapters.process.frames.MOST_TEXT_BYTES", len(b"[0,[]]"))
    monkeypatch.setattr("nnfs_spec.adapters.process.frames.ARENA_BYTES", LARGE.nbytes)
    for frame in (frame_of(b"[0,[]]", bytes(LARGE.nbytes)), frame_of(b"[0,[]]", shared=LARGE.nbytes)):
        assert read_frame(chunks_of(frame)) == frame
    assert agree(LARGE, *decode(encode(0, [LARGE], arena), arena.shown)[1])


def test_what_was_copied_stays_when_the_next_session_comes(arena: Arena) -> None:
    """What was only shown does not."""
    frame = encode(0, [LARGE], arena)
    (shown,), (copied,) = decode(frame, arena.shown)[1], decode(frame, arena.copied)[1]
    encode(0, [LARGE + 1], arena)
    assert np.array_equal(copied, LARGE)
    assert np.array_equal(shown, LARGE + 1)


def test_arrays_lie_where_a_processor_reads_them_quickly(arena: Arena) -> None:
    """One after the other, but not at odd places."""
    assert [aligned(size) for size in (0, 1, 64, 65)] == [0, 64, 64, 128]
    _, (_, second) = decode(encode(0, [np.ones(3, np.int8), LARGE], arena), arena.shown)
    assert second.flags.aligned


def test_more_than_the_arena_holds_is_refused(arena: Arena) -> None:
    """Without touching memory."""
    huge = np.broadcast_to(np.float64(0), (2**20, 2**10))
    with pytest.raises(TooLargeError) as caught:
        encode(0, [huge], arena)
    assert str(caught.value) == "8589934592 bytes of arrays, but 1073741824 are the most"


def frame_of(text: bytes, inline: bytes = b"", shared: int = 0) -> bytes:
    """Return a frame made by hand."""
    return struct.pack("<4sIII", b"nnfs", len(text), len(inline), shared) + text + inline


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"\xff" * 16, None),
        (struct.pack("<4sIII", b"nnfs", 2**31, 0, 0), None),
        (struct.pack("<4sIII", b"nnfs", 2, 2**31, 0), None),
        (struct.pack("<4sIII", b"nnfs", 2, 0, 2**31), None),
        (frame_of(b"[0,[]]") + b"!", "23 bytes, but the frame has 22"),
        (b"nnfs", "the stream ended"),
        (frame_of(b"[0,[]]")[:-1], "the stream ended"),
    ],
)
def test_what_is_no_frame_is_noticed_before_memory_is_taken_for_it(data: bytes, message: str | None) -> None:
    """However large it claims to be."""
    with pytest.raises(WireError) as caught:
        read_frame(chunks_of(data))
    assert str(caught.value) == (message or f"{data!r}, but a frame's prefix was due")


DAMAGED = {
    b"{": "Expecting property name enclosed in double quotes: line 1 column 2 (char 1)",
    b"\xff": "'utf-8' codec can't decode byte 0xff in position 0: invalid start byte",
    b"[]": "not enough values to unpack (expected 2, got 0)",
    b"0": "cannot unpack non-iterable int object",
    b"[0, 0]": "'int' object is not iterable",
    b"[0, [[]]]": "not enough values to unpack (expected 2, got 0)",
    b'[0, [["<f8", [9]]]]': "its arrays are larger than it says",
    b'[0, [["<f8", [4611686018427387904, 4]]]]': "its arrays are larger than it says",
    b'[0, [["O", [0]]]]': "dtype 'O'",
    b'[0, [["<U4", [0]]]]': "dtype '<U4'",
    b'[0, [["<f3", [0]]]]': "data type '<f3' not understood",
    b'[0, [["<f8", [NaN]]]]': "shape [nan]",
    b'[0, [["<f8", [-1]]]]': "shape [-1]",
    b'[0, [["<f8", [true]]]]': "shape [True]",
    b'[0, [["<f8", "22"]]]': "shape '22'",
    b'[0, [[["<f8"], [0]]]]': "unhashable type: 'list'",
    b'[0, [["<f8", [0, 99999999999999999999999]]]]': "Maximum allowed dimension exceeded",
    b"[" * 100_000: "maximum recursion depth exceeded",
}


@pytest.mark.parametrize("text", DAMAGED, ids=lambda text: text[:40].decode("latin-1"))
def test_a_frame_that_cannot_be_read_says_so(text: bytes) -> None:
    """Whatever a subject writes into the stream."""
    with pytest.raises(WireError) as caught:
        decode(read_frame(chunks_of(frame_of(text))))
    assert str(caught.value).startswith(f"a frame that cannot be read: {DAMAGED[text]}")


def test_a_frame_cannot_speak_of_memory_that_is_not_shared() -> None:
    """Nor of more than it says."""
    with pytest.raises(WireError, match=r"^a frame that cannot be read: it speaks of an arena$"):
        decode(frame_of(b'[0, [["<f8", [1]]]]', shared=64))


SLICED = Layout(order="F", steps=(2, -1), after=(0, 3), swapped=True)


def test_a_session_arrives_as_it_was_sent(arena: Arena) -> None:
    """Operations, layouts, arguments and wishes."""
    second = Call("relu", (LARGE,), SLICED, fresh=True, watched=True, together=True)
    session = [Call("dense", (LARGE, LARGE.T, LARGE[:1])), second]
    header, arrays = decode(write_sessions(3, [session], arena), arena.shown)
    got = read_sessions(answer_to(3, header), arrays)[0]
    for sent, arrived in zip(session, got, strict=True):
        assert (sent.operation, sent.layout, sent.fresh) == (arrived.operation, arrived.layout, arrived.fresh)
        assert (sent.watched, sent.together) == (arrived.watched, arrived.together)
        assert all(map(agree, sent.arguments, arrived.arguments))


ROW = np.array([[-1.0, 2.0]])
OTHER = np.array([[np.nan, 0.0]], np.float32)


@pytest.mark.parametrize("factor", [1, 4096])
@pytest.mark.parametrize(("kept", "after"), [(False, False), (True, False), (False, True), (True, True)])
def test_an_answer_arrives_as_it_was_given(factor: int, kept: bool, after: bool, arena: Arena) -> None:
    """What has not changed is not sent, and yet is there."""
    result, argument = np.tile(OTHER, factor), np.tile(ROW, factor)
    other = result + 1 if kept else result.copy(), argument * 2 if after else argument.copy()
    given = Answer((result,), other[:1], other[1:], shared=kept, disturbed=("a", "b") if after else ())
    session = [Call("relu", (argument,))]
    header, arrays = decode(write_outcomes(1, session, [given], arena), arena.copied)
    assert len(arrays) == 1 + kept + after
    (got,) = read_outcomes(answer_to(1, header), arrays, session)
    assert isinstance(got, Answer)
    assert (got.shared, got.disturbed) == (given.shared, given.disturbed)
    for side in ("results", "kept", "after"):
        assert agree(*getattr(given, side), *getattr(got, side))


def test_outcomes_without_results_arrive_too() -> None:
    """In their order; what no encoding can write comes as an escape."""
    session = [Call("relu", (ROW,))] * 4
    answer, breakdown, lacking = Answer((ROW,), (ROW,), (ROW,)), Breakdown("no array"), Lacking("no vectors")
    header, arrays = decode(write_outcomes(1, session, [Refusal("ValueError", "\ud800"), answer, breakdown, lacking]))
    first, _, *rest = read_outcomes(answer_to(1, header), arrays, session)
    assert (first, *rest) == (Refusal("ValueError", "\\ud800"), breakdown, lacking)


UNREADABLE: list[tuple[object, str]] = [
    (None, "'NoneType' object is not iterable"),
    ([], "zip() argument 2 is shorter than argument 1"),
    ([["answer", 0, False, False, False, []]], "an answer without a result"),
    ([["answer", "1", False, False, False, []]], "'str' object cannot be interpreted as an integer"),
    ([["answer", 2, False, False, False, []]], "there are more results than arrays"),
    ([["answer", 1, False, False, False, [1]]], "1 in the place of a text"),
    ([["refusal", 1, 2, False]], "1 in the place of a text"),
    ([["refusal", "E"]], "not enough values to unpack (expected 3, got 1)"),
    ([["breakdown", None]], "None in the place of a text"),
    ([["lacking", None]], "None in the place of a text"),
    ([["else"]], "the kind 'else'"),
]


@pytest.mark.parametrize(("told", "message"), UNREADABLE)
def test_outcomes_that_are_none_are_noticed(told: Any, message: str) -> None:
    """Rather than believed."""
    with pytest.raises(WireError) as caught:
        read_outcomes(told, [ROW], [Call("relu", (ROW,))])
    assert str(caught.value) == f"outcomes that cannot be read: {message}"


@pytest.mark.parametrize("header", [[2, []], [1], "12", None])
def test_an_answer_to_another_question_is_none(header: Any) -> None:
    """As a copy of the subject's process may give."""
    with pytest.raises(WireError, match=r"^an answer to another question$"):
        answer_to(1, header)


ACCOUNT = Account(("relu: `relu`",), ("line 1",), lacking=(("dense", "line 2"),), notices=("line 3",))


def test_greetings_and_accounts_arrive() -> None:
    """What was found, what is to be told, or why nothing could be loaded."""
    header, _ = decode(write_hello({"softmax", "relu"}, ACCOUNT))
    assert read_hello(answer_to(0, header)) == (frozenset({"relu", "softmax"}), ACCOUNT, ALL)
    assert read_hello(answer_to(0, decode(write_problem("it is\ud800"))[0])) == "it is\\ud800"
    assert read_account(answer_to(5, decode(write_account(5, ACCOUNT))[0])) == ACCOUNT


@pytest.mark.parametrize("told", [None, (), ((1,), ((), ()))])
def test_a_greeting_that_is_none_is_noticed(told: Any) -> None:
    """Rather than believed."""
    with pytest.raises(WireError, match=r"^a greeting that cannot be read: "):
        read_hello(told)


@pytest.mark.parametrize("told", [None, ((),), ((1,), ())])
def test_an_account_that_is_none_is_noticed(told: Any) -> None:
    """Rather than believed."""
    with pytest.raises(WireError, match=r"^an account that cannot be read: "):
        read_account(told)


@pytest.mark.parametrize("told", [None, [None], [None, ["a.py", 0, ""]], [["a.py", "1", ""], None], [["a.py"], None]])
def test_lines_of_a_source_that_are_none_are_noticed(told: Any) -> None:
    """Rather than believed."""
    with pytest.raises(WireError, match=r"^lines of the source that cannot be read: "):
        read_code_lines(told)


@pytest.mark.parametrize("size", [2, 10_000])
@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64, np.uint8, np.complex64])
def test_bits_are_compared_and_not_numbers(dtype: Any, size: int) -> None:
    """So that NaN is NaN and 0.0 is not -0.0."""
    one = np.full((size,), 1, dtype)
    other = one.copy()
    assert same_bits(one, other)
    assert same_bits(one[::-1], other)
    other[-1] = 0
    assert not same_bits(one, other)
    assert not same_bits(one, one.reshape(-1, 2))
    assert not same_bits(one, np.ones(size, np.int16))


def test_bits_that_no_integer_holds_are_sent_in_doubt() -> None:
    """Which costs time but tells nothing wrong."""
    wide = np.zeros(257, np.complex128)
    assert not same_bits(wide, wide)
    assert same_bits(wide[:256], wide[:256])
    assert same_bits(wide[:1], wide[:1])
    assert same_bits(np.full(10_000, np.nan), np.full(10_000, np.nan))


def test_output_is_kept_up_to_a_limit_and_counted_beyond() -> None:
    """In whatever pieces it comes."""
    captured = Captured(most=5)
    assert captured.text() == ""
    captured.take(b"abc")
    assert captured.text() == "abc"
    captured.take(b"def")
    captured.take(b"ghi")
    assert captured.text() == "abcde\n... 4 more bytes"


def test_of_what_is_printed_four_kibibytes_are_kept() -> None:
    """So much stands in the report."""
    captured = Captured()
    captured.take(b"x" * 4097)
    assert captured.text() == f"{'x' * 4096}\n... 1 more bytes"


def test_waiting_looks_again_before_it_sleeps(monkeypatch: pytest.MonkeyPatch) -> None:
    """And then sleeps as long as it may, or for ever."""
    asked: list[float | None] = []

    def poll(milliseconds: float | None) -> Events:
        asked.append(milliseconds)
        return [(7, 1)] if len(asked) > 2 else []

    monkeypatch.setattr("nnfs_spec.adapters.process.pipes.PATIENCE", 60.0)
    assert wait(poll) == [(7, 1)]
    assert asked == [0, 0, 0]
    monkeypatch.setattr("nnfs_spec.adapters.process.pipes.PATIENCE", 0.0)
    for seconds in (0.25, -1, None):
        wait(poll, seconds)
    assert asked[3:] == [250, 0, None]


def test_waiting_looks_for_a_moment_and_no_longer(monkeypatch: pytest.MonkeyPatch) -> None:
    """A processor that looks for a second is missing elsewhere."""
    asked: list[float | None] = []
    clock = iter([5.0, 5.0, 6.0])

    def poll(milliseconds: float | None) -> Events:
        asked.append(milliseconds)
        return []

    monkeypatch.setattr("nnfs_spec.adapters.process.pipes.perf_counter", lambda: next(clock))
    assert wait(poll, 0.25) == []
    assert asked == [0, 250]


def test_at_a_deadline_it_is_too_late(monkeypatch: pytest.MonkeyPatch) -> None:
    """Before it there is some time, however little."""
    monkeypatch.setattr("nnfs_spec.adapters.process.pipes.monotonic", lambda: 100.0)
    assert [remaining(deadline) for deadline in (102.0, 100.5)] == [2.0, 0.5]
    for deadline in (100.0, 99.5):
        with pytest.raises(TooLongError):
            remaining(deadline)


def test_a_job_survives_the_command_line() -> None:
    """With whatever the target is called."""
    job = Job('a "b".py', "{}", 3, 4, 5, 6, 7, 2**32)
    assert job_from(job.to_text()) == job
    assert job.descriptors == (3, 4, 5, 6, 7)
    assert json.loads(job.to_text())["target"] == 'a "b".py'
