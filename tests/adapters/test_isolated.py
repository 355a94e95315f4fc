"""What the checker makes of a subject's process, whatever that does; here one that only plays its part."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from nnfs_spec.adapters import isolated
from nnfs_spec.adapters.executable.protocol import ProtocolError
from nnfs_spec.adapters.executable.trace import Trace
from nnfs_spec.adapters.isolated import TOO_SLOW, IsolatedSubject, TargetError, isolation_of
from nnfs_spec.adapters.options import DEFINITIONS, Loading
from nnfs_spec.adapters.process.frames import EndedError, TooLargeError, WireError
from nnfs_spec.adapters.process.pipes import Captured, TooLongError
from nnfs_spec.subject.layouts import Layout
from nnfs_spec.subject.protocol import (
    NO_LINES,
    Account,
    Answer,
    Breakdown,
    Call,
    CodeLine,
    CodeLines,
    Greeting,
    Lacking,
    Outcome,
    Reach,
    Refusal,
)

ROW = np.array([[-1.0, 2.0]])
RELU, SOFTMAX = Call("relu", (ROW,)), Call("softmax", (ROW,))
HELD = isolation_of("none")
ACCOUNT = Account(("relu: `relu`",), ("a note",), isolation=HELD)
REACH = Reach(frozenset({"float64"}))
ANSWER = Answer((ROW,), (ROW,), (ROW,))


@dataclass
class Played:
    """A process that does what ``acts`` says, one after the other: returns what it is, or raises it."""

    acts: list[Any]
    over: bool = False
    done: list[str] = field(default_factory=list[str])

    def _act(self, told: str) -> Any:
        self.done.append(told)
        act = self.acts.pop(0)
        if isinstance(act, BaseException):
            raise act
        return act

    def greet(self, seconds: float) -> Greeting | str:
        """Play the greeting."""
        greeting: Greeting | str = self._act(f"greet {seconds:g}")
        return greeting

    def ask(self, sessions: Sequence[Sequence[Call]], seconds: float) -> list[Outcome]:
        """Play the answers."""
        outcomes: list[Outcome] = self._act(f"ask {sum(map(len, sessions))} {seconds:g}")
        return outcomes

    def code_lines(self, call: Call, seconds: float) -> CodeLines:
        """Play the lines of the source."""
        lines: CodeLines = self._act(f"follow {call.operation} {seconds:g}")
        return lines

    def account(self, seconds: float) -> Account:
        """Play the account."""
        account: Account = self._act(f"account {seconds:g}")
        return account

    def farewell(self) -> str:
        """Say how it ended."""
        self.done.append("farewell")
        return "ended"

    def end(self, grace: float = 1.0) -> None:
        """Note that it was ended, and how kindly."""
        self.done.append(f"end {grace:g}")


HELLO = Greeting(frozenset({"relu", "softmax"}), ACCOUNT, REACH)

Play = Callable[..., list[Played]]


@pytest.fixture
def play(monkeypatch: pytest.MonkeyPatch) -> Play:
    """Give what has processes played, each with the acts of its own."""

    def played(*acts: list[Any], printed: bytes = b"", over: bool = False) -> list[Played]:
        processes = [Played(list(one), over) for one in acts]
        waiting = list(processes)

        def made(target: str, loading: Loading, memory: int, captured: Captured) -> Played:
            assert (target, loading, memory) == ("made.py", DEFINITIONS, 2**32)
            captured.take(printed)
            return waiting.pop(0)

        monkeypatch.setattr(isolated, "Host", made)
        return processes

    return played


def test_a_subject_is_what_its_process_says(play: Play) -> None:
    """What was printed beside it; a context ends it in peace."""
    (process,) = play([HELLO, [ANSWER, Refusal("E", "x")], Account(("more",), ())], printed=b"so\n")
    with IsolatedSubject("made.py") as subject:
        assert (subject.operations, subject.reach, subject.name) == (HELLO.operations, REACH, "made.py")
        assert (subject.traced, subject.timeout, subject.loading) == (False, 10.0, DEFINITIONS)
        assert subject.run([RELU, SOFTMAX]) == [ANSWER, Refusal("E", "x")]
        assert subject.account() == Account(("more",), (), "so\n", isolation=HELD)
    assert process.done == ["greet 60", "ask 2 50", "account 10", "end 1"]
    assert subject.account() == Account(("more",), (), "so\n", isolation=HELD)


@pytest.mark.parametrize(
    ("act", "message", "done"),
    [
        ("made.py: KeyError: 1", "made.py: KeyError: 1", ["end 1"]),
        (TooLongError(": nothing came"), "made.py: loading took longer than 60 s: nothing came", ["end 0"]),
        (EndedError("gone"), "made.py: ended while being loaded; it printed: so", ["farewell"]),
        (ProtocolError("wrote x"), "made.py: wrote x while being loaded; it printed: so", ["end 0"]),
        (WireError("x"), "made.py: broke the stream of answers while being loaded; it printed: so", ["end 0"]),
    ],
)
def test_a_subject_that_cannot_be_loaded_says_why(play: Play, act: Any, message: str, done: list[str]) -> None:
    """And its process is ended, once."""
    (process,) = play([act], printed=b"so\n")
    with pytest.raises(TargetError) as caught:
        IsolatedSubject("made.py")
    assert str(caught.value) == message
    assert process.done == ["greet 60", *done]


def test_each_first_call_of_a_type_may_take_longer(play: Play) -> None:
    """The byte order, too, is one that a compiler makes code for; four at most count."""
    swapped = replace(RELU, layout=Layout(swapped=True))
    others = [replace(RELU, layout=Layout(steps=(step, 1))) for step in (2, 3)]
    kinds = [replace(RELU, layout=one) for one in (Layout(readonly=True), Layout(unaligned=True), Layout(order="F"))]
    (process,) = play([HELLO, [ANSWER], [ANSWER], [ANSWER], [ANSWER] * 2, [ANSWER] * 5, Account((), ())])
    with IsolatedSubject("made.py") as subject:
        for session in ([RELU], [RELU], [swapped], others, [*kinds, SOFTMAX, replace(SOFTMAX, layout=kinds[0].layout)]):
            subject.run(session)
    assert process.done[1:6] == ["ask 1 30", "ask 1 10", "ask 1 30", "ask 2 30", "ask 5 90"]


def test_an_interruption_ends_the_process_at_once(play: Play) -> None:
    """Nobody else would."""
    (process,) = play([KeyboardInterrupt()])
    with pytest.raises(KeyboardInterrupt):
        IsolatedSubject("made.py")
    assert process.done == ["greet 60", "end 0"]


@pytest.mark.parametrize("problem", [LookupError("no command"), OSError("no command")])
def test_a_process_that_cannot_be_started_is_no_subject(problem: Exception, monkeypatch: pytest.MonkeyPatch) -> None:
    """With the reason."""

    def made(*arguments: Any) -> None:
        raise problem

    monkeypatch.setattr(isolated, "Host", made)
    with pytest.raises(TargetError, match=r"^made\.py: no command$"):
        IsolatedSubject("made.py")


def test_who_does_not_wait_is_greeted_once_on_entering(play: Play) -> None:
    """And not again."""
    (process,) = play([HELLO])
    subject = IsolatedSubject("made.py", wait=False)
    assert (process.done, subject.operations) == ([], frozenset())
    with subject, subject:
        assert subject.operations == HELLO.operations
    assert process.done == ["greet 60", "end 1"]
    with subject:
        assert process.done == ["greet 60", "end 1"]


def test_what_takes_too_long_is_asked_twice_and_no_more(play: Play) -> None:
    """A new process each time; other operations go on."""
    one, two, three = play([HELLO, TooLongError("; 1 missing")], [HELLO, TooLongError()], [HELLO, [ANSWER]])
    with IsolatedSubject("made.py", timeout=0.5) as subject:
        first, second, third = (subject.run([RELU, RELU]) for _ in range(3))
        assert first == [Breakdown("took longer than 0.5 s; 1 missing")] * 2
        assert second == [Breakdown("took longer than 0.5 s")] * 2
        assert third == [Breakdown("took longer than 0.5 s before; it is not called again")] * 2
        assert subject.run([RELU, SOFTMAX]) == third
        assert subject.run([SOFTMAX]) == [ANSWER]
    assert [one.done, two.done] == [["greet 60", "ask 2 1.5", "end 0"]] * 2
    assert three.done == ["greet 60", "ask 1 1.5", "end 1"]


def test_a_large_session_that_takes_too_long_is_no_failure(play: Play) -> None:
    """Nor is a larger one, which is not even tried; smaller ones are, and the account says so."""
    large, larger, smaller = (Call("relu", (np.ones((rows, 2)),)) for rows in (1000, 1001, 999))
    one, two = play([HELLO, TooLongError()], [HELLO, [ANSWER], ACCOUNT])
    with IsolatedSubject("made.py", timeout=0.5) as subject:
        assert subject.run([large]) == [Lacking(TOO_SLOW, slow=True)]
        assert subject.run([larger]) == [Lacking(TOO_SLOW, slow=True)]
        assert subject.run([smaller]) == [ANSWER]
        (_, note) = subject.account().problems
    assert note == (
        "relu: calls with 2,000 numbers or more took longer than 0.5 s and were made with fewer rows or not at all; "
        "--timeout gives them more time"
    )
    assert one.done == ["greet 60", "ask 1 1.5", "end 0"]
    assert two.done == ["greet 60", "ask 1 1.5", "account 0.5", "end 1"]


def test_the_first_call_of_each_dtype_has_more_time(play: Play) -> None:
    """Since some compile for it; a new process begins anew."""
    single = Call("relu", (ROW.astype(np.float32),))
    one, two = play([HELLO, *([ANSWER] for _ in range(4)), EndedError("gone")], [HELLO, [ANSWER]])
    with IsolatedSubject("made.py") as subject:
        for call in (RELU, RELU, single, single, RELU, RELU):
            subject.run([call])
    assert one.done == ["greet 60", "ask 1 30", "ask 1 10", "ask 1 30", "ask 1 10", "ask 1 10", "farewell"]
    assert two.done == ["greet 60", "ask 1 30", "end 1"]


def test_what_is_too_large_is_not_asked(play: Play) -> None:
    """And ends nothing."""
    (process,) = play([HELLO, TooLargeError(2**40), [ANSWER]])
    with IsolatedSubject("made.py") as subject:
        (outcome,) = subject.run([RELU])
        assert outcome == Breakdown("was not called: 1099511627776 bytes of arrays, but 1073741824 are the most")
        assert subject.run([RELU]) == [ANSWER]
    assert process.done == ["greet 60", "ask 1 30", "ask 1 30", "end 1"]


@pytest.mark.parametrize(
    ("act", "message", "done"),
    [
        (EndedError("gone"), "ended", "farewell"),
        (ProtocolError("wrote x"), "wrote x", "end 0"),
        (WireError("x"), "broke the stream of answers", "end 0"),
    ],
)
def test_a_process_that_breaks_down_is_started_anew(play: Play, act: Exception, message: str, done: str) -> None:
    """Once it is asked again; what cannot be loaded again is not tried any more."""
    first, second, third = play([HELLO, act], [HELLO, [ANSWER], act], ["made.py: lost"])
    with IsolatedSubject("made.py") as subject:
        assert subject.run([RELU]) == [Breakdown(message)]
        assert subject.run([RELU]) == [ANSWER]
        assert subject.run([RELU]) == [Breakdown(message)]
        for _ in range(2):
            assert subject.run([RELU, RELU]) == [Breakdown("could not be loaded again: made.py: lost")] * 2
        assert subject.account() == ACCOUNT
    assert first.done == ["greet 60", "ask 1 30", done]
    assert second.done == ["greet 60", "ask 1 30", "ask 1 10", done]
    assert third.done == ["greet 60", "end 1"]


@pytest.mark.parametrize("act", [EndedError("gone"), TooLongError()])
def test_the_account_is_the_last_one_where_no_other_comes(play: Play, act: Exception) -> None:
    """And the process is ended at once."""
    (process,) = play([HELLO, act])
    with IsolatedSubject("made.py") as subject:
        assert subject.account() == ACCOUNT
        assert subject.account() == ACCOUNT
    assert process.done == ["greet 60", "account 10", "end 0"]


def test_a_process_that_ends_with_its_account_is_started_anew(play: Play) -> None:
    """Since an executable tells only at its end what there is to tell."""
    one, two = play([HELLO, ACCOUNT], [HELLO, [ANSWER]], over=True)
    with IsolatedSubject("made.py") as subject:
        subject.account()
        assert subject.run([RELU]) == [ANSWER]
    assert (one.done, two.done) == (["greet 60", "account 10"], ["greet 60", "ask 1 30", "end 1"])


def test_an_executable_is_started_as_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """With the trace that its conversation is written to."""
    trace = Trace()
    process = Played([HELLO])

    def started(target: str, loading: Loading, memory: int, captured: Captured, said: Trace) -> Played:
        assert (target, loading, memory, said) == ("exec:port", DEFINITIONS, 7, trace)
        return process

    monkeypatch.setattr(isolated, "start_port", started)
    with IsolatedSubject("exec:port", memory=7, trace=trace) as subject:
        assert subject.traced
    assert process.done == ["greet 60", "end 1"]


LINES = CodeLines(CodeLine("made.py", 3, "def relu(x):"))


def test_the_source_is_followed_in_the_process(play: Play) -> None:
    """In one that is started anew where the last one has ended."""
    one, two = play([HELLO, LINES, EndedError("gone")], [HELLO, LINES])
    with IsolatedSubject("made.py") as subject:
        assert subject.code_lines(RELU) == LINES
        assert subject.run([RELU]) == [Breakdown("ended")]
        assert subject.code_lines(RELU) == LINES
    assert one.done == ["greet 60", "follow relu 10", "ask 1 30", "farewell"]
    assert two.done == ["greet 60", "follow relu 10", "end 1"]


@pytest.mark.parametrize("act", [TooLongError(""), EndedError("gone"), TooLargeError(9), WireError("x")])
def test_what_cannot_be_followed_once_is_not_followed_again(play: Play, act: Exception) -> None:
    """Since that may take long; other operations are."""
    one, two = play([HELLO, act], [HELLO, LINES])
    with IsolatedSubject("made.py") as subject:
        assert [subject.code_lines(call) for call in (RELU, RELU, SOFTMAX)] == [NO_LINES, NO_LINES, LINES]
    assert one.done == ["greet 60", "follow relu 10", "end 0"]
    assert two.done == ["greet 60", "follow softmax 10", "end 1"]


def test_nothing_is_followed_where_the_target_cannot_be_loaded_again(play: Play) -> None:
    play([HELLO, EndedError("gone")], ["made.py: no"])
    with IsolatedSubject("made.py") as subject:
        subject.run([RELU])
        assert subject.code_lines(RELU) == NO_LINES


def test_many_sessions_go_in_one_message(play: Play) -> None:
    """With the allowance of a message, and the outcomes session by session."""
    (process,) = play([HELLO, [ANSWER, Refusal("E", "x"), ANSWER], [ANSWER]])
    with IsolatedSubject("made.py") as subject:
        assert subject.batching
        assert subject.run_all([[RELU], [SOFTMAX, RELU]]) == [[ANSWER], [Refusal("E", "x"), ANSWER]]
        assert subject.run_all([[RELU]]) == [[ANSWER]]
    assert process.done == ["greet 60", "ask 3 15", "ask 1 3", "end 1"]


def test_a_message_that_takes_too_long_is_the_last_of_its_kind(play: Play) -> None:
    """A slow subject is asked one session after the other, and has lost none of its time."""
    one, two = play([HELLO, TooLongError()], [HELLO, [ANSWER]])
    with IsolatedSubject("made.py") as subject:
        assert subject.run_all([[RELU], [RELU]]) == ()
        assert not subject.batching
        assert subject.run([RELU]) == [ANSWER]
    assert one.done == ["greet 60", "ask 2 9", "end 0"]
    assert two.done == ["greet 60", "ask 1 30", "end 1"]


def test_messages_that_end_the_process_are_given_up_after_three(play: Play) -> None:
    """Without a process there is no message: a session by itself starts one."""
    gone = EndedError("gone")
    play([HELLO, gone], [HELLO, [ANSWER], gone], [HELLO, [ANSWER], gone])
    with IsolatedSubject("made.py") as subject:
        for left in (True, True, False):
            assert subject.run_all([[RELU], [RELU]]) == ()
            assert subject.batching == left
            if left:
                assert subject.run_all([[RELU]]) == ()
                assert subject.run([RELU]) == [ANSWER]


def test_a_message_that_is_too_large_or_of_what_is_slow_is_not_sent(play: Play) -> None:
    """Its sessions are sent alone."""
    one, two = play([HELLO, TooLargeError(2**40), TooLongError()], [HELLO, [ANSWER]])
    with IsolatedSubject("made.py") as subject:
        assert subject.run_all([[RELU]]) == ()
        assert isinstance(subject.run([RELU])[0], Breakdown)
        assert subject.run_all([[SOFTMAX], [RELU]]) == ()
        assert subject.run([SOFTMAX]) == [ANSWER]
        assert subject.run_all([[SOFTMAX], [RELU]]) == ()
    assert one.done == ["greet 60", "ask 1 9", "ask 1 30", "end 0"]
    assert two.done == ["greet 60", "ask 1 30", "end 1"]


def test_a_traced_subject_is_asked_one_session_after_the_other(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """So that the trace reads as the run went."""

    def start(*arguments: object) -> Played:
        return Played([HELLO])

    monkeypatch.setattr(isolated, "start_port", start)
    with (tmp_path / "trace").open("wb") as file, IsolatedSubject("exec:./port", trace=Trace(file)) as subject:
        assert not subject.batching
