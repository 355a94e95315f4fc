"""A port, with both ends in this process: what it is asked, and what becomes of its answers."""

import os
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from nnfs_spec.adapters.executable.port import Port, command_of, start_port
from nnfs_spec.adapters.executable.protocol import ProtocolError
from nnfs_spec.adapters.executable.trace import SILENT
from nnfs_spec.adapters.options import Loading
from nnfs_spec.adapters.process.pipes import Captured, TooLongError
from nnfs_spec.subject.protocol import Account, Answer, Call, Lacking, Reach, Refusal
from tests.tools.conversation import Conversation, conversation

ROW = np.array([[-1.0, 2.0]])
RELU = Call("relu", (ROW,))
HELLO = b"@ hello 1 operations relu loss dtypes float64"


@pytest.fixture
def talk() -> Iterator[Conversation]:
    """Give a conversation, and close what is left of it."""
    yield from conversation(with_death=False)


def greeted(talk: Conversation, features: bytes = b"") -> Port:
    """Return a port that has greeted, and forget what it was asked."""
    port = Port(talk.lines)
    talk.says(HELLO + features + b"\n")
    port.greet(3)
    os.read(talk.asked, 1000)
    return port


UNSEEN = {"GEN-4", "GEN-9", "GEN-11", "GEN-12", "DENSE-17", "DATA-7"}


@pytest.mark.parametrize(
    ("features", "speaks_text", "asked", "unseen"),
    [
        (b"", False, b"", {"GEN-1", *UNSEEN}),
        (b" features binary", False, b"framing binary\n", {"GEN-1", *UNSEEN}),
        (b" features binary echo", True, b"", UNSEEN),
    ],
)
def test_hellos_are_exchanged(
    talk: Conversation, features: bytes, speaks_text: bool, asked: bytes, unseen: set[str]
) -> None:
    """What a port cannot show is told; it is asked for bytes where it knows them and nobody wants to read along."""
    port = Port(talk.lines, speaks_text)
    assert not port.over
    talk.says(HELLO + features + b"\n")
    greeting = port.greet(0.9)
    assert os.read(talk.asked, 1000) == b"hello 1\n" + asked
    assert greeting.operations == {"relu", "loss"}
    assert greeting.reach == Reach(frozenset({"float64"}), frozenset(unseen))
    assert greeting.account == Account(
        ("the port computes in float64, and is asked in no other dtype",),
        (f"not exercised, since a pipe does not show it: {' and '.join(sorted(unseen))}",),
    )


def test_a_port_that_does_not_greet_is_given_advice(talk: Conversation) -> None:
    """On what is usually the reason."""
    with pytest.raises(TooLongError, match=r"^: no hello came\. Does it flush its output, and read line by line\?$"):
        Port(talk.lines).greet(0.02)


def test_a_hello_has_an_end(talk: Conversation) -> None:
    """And is read as such."""
    talk.says(b"@ good morning\n")
    with pytest.raises(ProtocolError, match=r"^greeted with '@ good morning', but must say @ hello 1 "):
        Port(talk.lines).greet(3)


def test_questions_are_numbered_and_answered_in_turn(talk: Conversation) -> None:
    """What the port cannot be asked is not asked; an argument that did not change is the one that was given."""
    port = greeted(talk)
    single = Call("relu", (ROW.astype(np.float32),))
    talk.says(b"@ c1 ok float64 2 1 2 0 2\n@ c2 error shape it is flat\n@ c3 ok float64 2 1 2 -1 -2\n")
    first, lacking, refusal = port.ask([[RELU, single, RELU]], 3)
    (again,) = port.ask([[RELU]], 3)
    asked = os.read(talk.asked, 1000).decode().splitlines()
    assert asked[::3] == [f"call c{number} relu 1" for number in (1, 2, 3)]
    assert isinstance(first, Answer)
    assert isinstance(again, Answer)
    assert (first.results[0].tolist(), first.kept[0].tolist()) == ([[0.0, 2.0]],) * 2
    assert again.results[0].tolist() == [[-1.0, -2.0]]
    assert first.after[0] is ROW
    assert lacking == Lacking("inputs of float32 cannot be given to the port")
    assert refusal == Refusal("shape", "it is flat")


def test_an_echo_is_asked_for_where_somebody_watches(talk: Conversation) -> None:
    """And shows what became of the arguments."""
    port = greeted(talk, b" features echo")
    watched = Call("relu", (ROW,), watched=True)
    talk.says(b"@ c1 ok float64 2 1 2 0 2\n@ c2 ok float64 2 1 2 0 2 float64 2 1 2 7 7\n")
    plain, changed = port.ask([[Call("relu", (ROW,), watched=False), watched]], 3)
    asked = os.read(talk.asked, 1000).decode().splitlines()
    assert asked[::3] == ["call c1 relu 1", "call c2 relu 1 echo"]
    assert isinstance(plain, Answer)
    assert isinstance(changed, Answer)
    assert plain.after[0] is ROW
    assert changed.after[0].tolist() == [[7.0, 7.0]]
    talk.says(b"@ c3 ok float64 2 1 2 0 2 float32 2 1 2 -1 2\n")
    (same,) = port.ask([[watched]], 3)
    assert isinstance(same, Answer)
    assert same.after[0] is ROW
    nothing = np.array([[np.nan]])
    talk.says(b"@ c4 ok float64 2 1 1 0 float64 2 1 1 nan\n")
    (same,) = port.ask([[Call("relu", (nothing,), watched=True)]], 3)
    assert isinstance(same, Answer)
    assert same.after[0] is nothing


def test_nobody_is_asked_for_an_echo_who_knows_none(talk: Conversation) -> None:
    """Though somebody watches."""
    port = greeted(talk)
    talk.says(b"@ c1 ok float64 2 1 2 0 2\n")
    port.ask([[Call("relu", (ROW,), watched=True)]], 3)
    assert os.read(talk.asked, 1000).startswith(b"call c1 relu 1\n")


def test_values_go_as_bytes_after_the_line(talk: Conversation) -> None:
    """In both directions."""
    port = greeted(talk, b" features binary")
    talk.says(b"@ c1 ok float64 2 1 2\n" + (ROW + 1).tobytes() + b"@ c2 ok int8 0 1 1\n\x07")
    one, two = port.ask([[RELU, RELU]], 3)
    assert isinstance(one, Answer)
    assert isinstance(two, Answer)
    assert (one.results[0].tolist(), two.results[0].tolist()) == ([[0.0, 3.0]], 7)
    assert os.read(talk.asked, 1000).count(ROW.tobytes()) == 2


def test_missing_answers_are_counted(talk: Conversation) -> None:
    """With the beginning of the next."""
    port = greeted(talk)
    talk.says(b"@ c1 ok float64 2 1 2 0 2\n@ c2 o")
    with pytest.raises(TooLongError, match=r"^; 2 of 3 answers were missing, of the next only '@ c2 o' had come$"):
        port.ask([[RELU] * 3], 0.05)


def test_a_broken_answer_is_told_with_its_question(talk: Conversation) -> None:
    """Of which the beginning is enough."""
    port = greeted(talk)
    talk.says(b"@ c9 ok\n")
    with pytest.raises(ProtocolError) as caught:
        port.ask([[RELU]], 3)
    question = "call c1 relu 1 | float64 2 1 2 | -1.0 2.0 | "
    assert str(caught.value) == f"answered 'c9', but was asked c1; the question was {question!r}"
    talk.says(b"@ c9 ok\n")
    with pytest.raises(ProtocolError) as caught:
        port.ask([[Call("relu", (np.zeros((1, 100)),))]], 3)
    question = f"call c2 relu 1 | float64 2 1 100 | {'0.0 ' * 100}"
    assert str(caught.value) == f"answered 'c9', but was asked c2; the question was {question[:160] + '...'!r}"


def test_an_account_ends_the_port_and_tells_what_it_did_not_do(talk: Conversation) -> None:
    """What it said it does not support, and what it said without being asked."""
    port = greeted(talk)
    talk.says(b"@ c1 unsupported\n@ c2 unsupported this one\n@ c3 error other\n@ c4 ok\n")
    outcomes = port.ask([[RELU, RELU, RELU]], 3)
    assert outcomes == [Lacking("the port says so"), Lacking("this one"), Refusal("other", "")]
    account = port.account(3)
    assert port.over
    assert account.problems[1:] == (
        "relu: 2 calls were answered with unsupported",
        "the port wrote 1 more answers than it was asked for",
    )
    assert account.taken == ("the port computes in float64, and is asked in no other dtype",)


def test_a_command_line_is_split_into_words() -> None:
    """As a shell would, but without one; or it is told what is wrong."""
    assert command_of("exec:~/port 'a b' $HOME") == [str(Path.home() / "port"), "a b", "$HOME"]
    for target, message in (
        ("exec:  ", "there is no command after exec:"),
        ("exec:'", "the command line cannot be split into words: No closing quotation"),
    ):
        with pytest.raises(LookupError) as caught:
            command_of(target)
        assert caught.value.args == (message,)


def test_what_is_for_sources_is_not_for_executables() -> None:
    """Nothing is started."""
    with pytest.raises(LookupError, match=r"^--run-all and --map are for sources in Python, not for executables$"):
        start_port("exec:no-such-command", Loading(run_all=True), 2**30, Captured(), SILENT)
