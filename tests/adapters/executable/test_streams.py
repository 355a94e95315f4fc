"""The streams of an executable, with both ends in this process: what is heard, what is kept, and how it ends."""

import contextlib
import os
import threading
import time
from collections.abc import Iterator
from io import BytesIO

import pytest

from nnfs_spec.adapters.executable import streams as module
from nnfs_spec.adapters.executable.protocol import ProtocolError
from nnfs_spec.adapters.executable.streams import start
from nnfs_spec.adapters.executable.trace import Trace
from nnfs_spec.adapters.process.frames import EndedError
from nnfs_spec.adapters.process.pipes import TooLongError
from tests.tools.conversation import MOST, Conversation, conversation


@pytest.fixture
def talk() -> Iterator[Conversation]:
    """Give a conversation, and close what is left of it."""
    yield from conversation(with_death=False)


@pytest.fixture
def mortal() -> Iterator[Conversation]:
    """Give a conversation with a process whose end shows."""
    yield from conversation(with_death=True)


def test_lines_with_the_mark_are_heard_and_others_are_kept(talk: Conversation) -> None:
    """The mark stands alone or before a blank."""
    talk.says(b"\nfree\n\n@ one\n\n@\n@no mark\n@\ttwo\r\nrest")
    assert [talk.line(), talk.line(), talk.line()] == ["@ one", "@", "@\ttwo\r"]
    assert talk.captured.text() == "\nfree\n\n\n@no mark\n"
    assert talk.lines.rest() == ""


def test_a_line_may_come_in_pieces(talk: Conversation) -> None:
    """What has come of it can be told meanwhile."""
    for piece in (b"@ on", b"e, t"):
        talk.says(piece)
        with pytest.raises(TooLongError):
            talk.line(0.02)
    assert talk.lines.rest() == "'@ one, t'"
    talk.says(b"wo\n@ three\n")
    assert [talk.line(), talk.line()] == ["@ one, two", "@ three"]


def test_so_many_bytes_are_taken_and_no_more(talk: Conversation) -> None:
    """Whatever they are."""
    talk.says(b"@ x\n\n@ \xff")
    assert talk.line() == "@ x"
    assert [talk.lines.exactly(2, time.monotonic() + 3) for _ in range(2)] == [b"\n@", b" \xff"]
    talk.says(b"@ y\n")
    assert talk.line() == "@ y"
    with pytest.raises(TooLongError):
        talk.lines.exactly(1, time.monotonic() + 0.02)


def test_bytes_that_are_no_text_are_refused(talk: Conversation) -> None:
    """In a line that bears the mark."""
    talk.says(b"\xff\n@ \x1b[2J\n@ \x7f\n@ ~\n")
    with pytest.raises(ProtocolError, match=r"^wrote bytes that are no text: '@ \\x1b\[2J'$"):
        talk.line()
    with pytest.raises(ProtocolError, match=r"^wrote bytes that are no text: '@ \\x7f'$"):
        talk.line()
    assert talk.line() == "@ ~"


def test_of_a_line_without_end_little_is_kept(talk: Conversation, monkeypatch: pytest.MonkeyPatch) -> None:
    """And what follows is no line of its own."""
    monkeypatch.setattr(module, "MOST_FREE_TEXT", 10)
    talk.says(b"x" * 10)
    with pytest.raises(TooLongError):
        talk.line(0.02)
    assert talk.captured.text() == ""
    talk.says(b"y")
    with pytest.raises(TooLongError):
        talk.line(0.02)
    assert talk.captured.text() == "x" * 10 + "y"
    talk.says(b"@ no\n@ yes\n")
    assert talk.line() == "@ yes"
    assert talk.captured.text() == "x" * 10 + "y...@ no\n"


def test_an_answer_may_have_so_many_characters(talk: Conversation, monkeypatch: pytest.MonkeyPatch) -> None:
    """And not one more."""
    monkeypatch.setattr(module, "MOST_FREE_TEXT", 10)
    for piece in (b"@ " + b"1" * (MOST - 3), b"1"):
        talk.says(piece)
        with pytest.raises(TooLongError):
            talk.line(0.02)
    talk.says(b"1")
    with pytest.raises(ProtocolError, match=f"^wrote a line of more than {MOST} characters: '@ 1"):
        talk.line()


def test_more_than_a_pipe_holds_is_written_while_reading(talk: Conversation) -> None:
    """In its order."""
    data = bytes(range(256)) * 2048
    arrived = bytearray()

    def answer() -> None:
        with contextlib.suppress(OSError):  # where the other end fails, this one is closed
            while len(arrived) < 2 * len(data):
                arrived.extend(os.read(talk.asked, 2**16))
            talk.says(b"@ all of it\n")

    talk.lines.send(data)
    talk.lines.send(data[::-1])
    reader = threading.Thread(target=answer)
    reader.start()
    assert talk.line() == "@ all of it"
    reader.join()
    assert bytes(arrived) == data + data[::-1]


def test_who_does_not_read_any_more_is_heard_out(talk: Conversation) -> None:
    """As long as it has something to say."""
    talk.closes(talk.asked)
    talk.lines.send(b"a question\n")
    talk.says(b"@ last words\n")
    assert talk.line() == "@ last words"
    talk.closes(talk.answers)
    with pytest.raises(EndedError, match=r"^the stream ended$"):
        talk.line()


def test_errors_are_free_text(talk: Conversation) -> None:
    """Until their stream is closed, which ends nothing."""
    for warning in (b"a warning\n", b"another\n"):
        os.write(talk.errors, warning)
        with pytest.raises(TooLongError):
            talk.line(0.02)
    talk.closes(talk.errors)
    with pytest.raises(TooLongError):
        talk.line(0.02)
    talk.says(b"@ fine\n")
    assert talk.line() == "@ fine"
    assert talk.captured.text() == "a warning\nanother\n"


def test_the_end_of_a_process_shows_after_its_last_answer(mortal: Conversation) -> None:
    """Though another process may hold its streams open."""
    mortal.says(b"@ one\n")
    mortal.closes(mortal.life)
    assert mortal.line() == "@ one"
    with pytest.raises(EndedError, match=r"^the process ended$"):
        mortal.line()


@pytest.mark.parametrize("ends", [True, False])
def test_a_farewell_tells_how_it_ended_and_what_had_come(talk: Conversation, ends: bool) -> None:
    """Who closes the stream and goes on is ended without waiting again."""
    talk.process.ends = ends
    talk.says(b"@ on")
    with pytest.raises(TooLongError):
        talk.line(0.02)
    how = "ended its process" if ends else "closed the stream of answers"
    assert talk.lines.farewell() == f"{how}; of an answer only '@ on' had come"
    assert talk.process.graces == [1.0, 1.0 if ends else 0]
    assert talk.process.kills == 1


def test_an_end_is_said_and_what_was_not_asked_for_is_counted(talk: Conversation) -> None:
    """Free text is kept; every descriptor is closed."""
    talk.says(b"@ one\n")
    assert talk.line() == "@ one"
    talk.says(b"@ two\nfree\n@ three\n@ four")
    os.write(talk.errors, b"a warning\n")
    talk.lines.end()
    assert os.read(talk.asked, 100) == b"end\n"
    assert os.read(talk.asked, 100) == b""
    assert talk.lines.unasked == 3
    assert talk.captured.text() == "a warning\nfree\n"
    assert (talk.process.graces, talk.process.kills) == ([1.0], 1)
    for descriptor in talk.ours:
        with pytest.raises(OSError, match="Bad file descriptor"):
            os.fstat(descriptor)


def test_no_end_is_said_without_grace_or_after_half_a_question(talk: Conversation) -> None:
    """It would not be understood."""
    talk.lines.send(bytes(2**17))
    talk.lines.end()
    got = b"".join(iter(lambda: os.read(talk.asked, 2**16), b""))
    assert not got.strip(b"\0")
    other = Conversation()
    other.lines.end(grace=0)
    assert os.read(other.asked, 100) == b""
    assert other.process.graces == [0]
    for descriptor in (*other.theirs, other.death):
        os.close(descriptor)


def test_of_what_follows_only_the_beginning_is_kept(talk: Conversation, monkeypatch: pytest.MonkeyPatch) -> None:
    """However much it is."""
    monkeypatch.setattr(module, "MOST_FREE_TEXT", 10)
    talk.says(b"free\n" * 10)
    talk.lines.end()
    assert talk.captured.text() == "free\nfree\n"


def test_of_a_full_pipe_every_line_is_counted(talk: Conversation) -> None:
    """Down to the last, which is cut off there."""
    os.set_blocking(talk.answers, False)
    written = os.write(talk.answers, b"\n" + b"@\n" * 2**20)
    talk.lines.end()
    assert (talk.lines.unasked, talk.captured.text()) == (written // 2, "\n")


@pytest.mark.usefixtures("nothing_is_left")
def test_of_what_cannot_be_started_nothing_is_left() -> None:
    """No descriptor."""
    with pytest.raises(FileNotFoundError):
        start(["/no/such/command"], 2**30)


@pytest.mark.usefixtures("nothing_is_left")
def test_a_process_has_no_more_memory_than_it_is_given() -> None:
    """And leaves no core behind."""
    streams = start(["/bin/sh", "-c", "read -r go; ulimit -d; ulimit -Hd; grep core /proc/self/limits"], 2**30)
    os.write(streams.stdin, b"\n")
    assert streams.process.ended_within(20, lambda: None)
    soft, hard, *core = os.read(streams.stdout, 1000).decode().split()
    assert (soft, hard, core) == ("1048576", "1048576", ["Max", "core", "file", "size", "0", "0", "bytes"])
    streams.process.kill()
    for descriptor in (streams.stdin, streams.stdout, streams.stderr):
        os.close(descriptor)


def test_a_conversation_is_written_down_line_by_line() -> None:
    """Who says what; what might steer a terminal comes as escapes."""
    file = BytesIO()
    trace = Trace(file)
    trace.sent(b"hello 1\ncall\n")
    trace.got(b"@ \x1b[2J\t\xff~\n")
    assert file.getvalue() == b"> hello 1\n> call\n< @ \\x1b[2J\t\\xff~\n"
    assert trace.writes


def test_what_was_asked_can_be_written_down_alone() -> None:
    """As it was, so that it can be fed to an executable; or nothing at all."""
    file = BytesIO()
    trace = Trace(file, only_sent=True)
    trace.sent(b"hello 1\ncall\n")
    trace.got(b"@ hello\n")
    assert file.getvalue() == b"hello 1\ncall\n"
    silent = Trace()
    silent.sent(b"hello 1\n")
    assert not silent.writes


def test_what_is_said_is_written_down(talk: Conversation) -> None:
    """As it goes through the streams."""
    file = BytesIO()
    talk.lines = module.Lines(talk.streams, talk.captured, Trace(file))
    talk.says(b"free\n@ one\n")
    talk.lines.send(b"call\n")
    assert talk.line() == "@ one"
    assert file.getvalue() == b"> call\n< free\n< @ one\n"
