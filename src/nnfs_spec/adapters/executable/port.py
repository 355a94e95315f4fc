"""An executable that speaks the protocol of spec/protocol.md, from its start to its end."""

import os
import shlex
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from nnfs_spec.adapters.executable.protocol import (
    BINARY,
    HELLO,
    Decimals,
    Hello,
    ProtocolError,
    Question,
    from_bytes,
    lacks,
    read_hello,
    shown,
)
from nnfs_spec.adapters.executable.streams import MOST_FREE_TEXT, Lines, start
from nnfs_spec.adapters.executable.trace import Trace
from nnfs_spec.adapters.options import Loading
from nnfs_spec.adapters.process.launch import GRACE_SECONDS
from nnfs_spec.adapters.process.pipes import Captured, TooLongError
from nnfs_spec.arrays import Array
from nnfs_spec.subject.protocol import (
    EXECUTABLE,
    NO_LINES,
    Account,
    Answer,
    Call,
    CodeLines,
    Greeting,
    Lacking,
    Outcome,
    Reach,
    Refusal,
)

UNSEEN = frozenset({"GEN-4", "GEN-9", "GEN-11", "GEN-12", "DENSE-17", "DATA-7"})
"""The clauses that a pipe does not show.

It has one layout, no shared memory, no global state of Python, no threads, and one type of whole numbers.
"""

ARGUMENTS_UNSEEN = frozenset({"GEN-1"})
"""And those that only a port with the feature echo shows."""

MOST_SHOWN = 160


def start_port(target: str, loading: Loading, memory: int, captured: Captured, trace: Trace) -> "Port":
    """Start the command of ``target``, which is ``exec:`` and a command line, without a shell.

    What it writes beside the protocol goes to ``captured``. Raises LookupError where there is no command, and OSError
    where it cannot be started.
    """
    if loading.run_all or loading.mapping:
        raise LookupError("--run-all and --map are for sources in Python, not for executables")
    streams = start(command_of(target), memory, target, sandboxed=loading.sandbox == "bwrap")
    return Port(Lines(streams, captured, trace), speaks_text=trace.writes)


class Port:
    """An executable that has been started. With ``speaks_text`` it is not asked for bytes, even if it knows them."""

    def __init__(self, lines: Lines, speaks_text: bool = False) -> None:
        self._lines = lines
        self._speaks_text = speaks_text
        self._hello = Hello(frozenset(), frozenset(), frozenset())
        self._decimals = Decimals()
        self._number = 0
        self._lacking: Counter[str] = Counter()
        self._account = Account()
        self.over = False

    def greet(self, seconds: float) -> Greeting:
        """Exchange hellos. Raises WireError and TooLongError."""
        self._lines.send(HELLO)
        try:
            line = self._lines.line(time.monotonic() + seconds, MOST_FREE_TEXT)
        except TooLongError:
            raise TooLongError(": no hello came. Does it flush its output, and read line by line?") from None
        self._hello = hello = read_hello(line)
        if self._binary:
            self._lines.send(BINARY)
        unseen = UNSEEN if "echo" in hello.features else UNSEEN | ARGUMENTS_UNSEEN
        taken = f"the port computes in {' and '.join(sorted(hello.dtypes))}, and is asked in no other dtype"
        problem = f"not exercised, since a pipe does not show it: {' and '.join(sorted(unseen))}"
        self._account = Account((taken,), (problem,))
        return Greeting(hello.operations, self._account, Reach(hello.dtypes, unseen))

    def ask(self, sessions: Sequence[Sequence[Call]], seconds: float) -> list[Outcome]:
        """Have the calls made, and return the outcomes, one session's after the other's.

        A port is not told where a session ends. Raises WireError and TooLongError.
        """
        deadline = time.monotonic() + seconds
        calls = [call for session in sessions for call in session]
        lacking = [lacks(call, self._hello.dtypes) for call in calls]
        questions = [self._question(call) for call, lack in zip(calls, lacking, strict=True) if lack is None]
        self._lines.send(b"".join([question.text for question in questions]))
        answers: list[Outcome] = []
        for question in questions:
            try:
                answers.append(self._answer(question, deadline))
            except TooLongError:
                missing = f"{len(questions) - len(answers)} of {len(questions)} answers were missing"
                rest = self._lines.rest()
                raise TooLongError(f"; {missing}{rest and f', of the next only {rest} had come'}") from None
            except ProtocolError as broken:
                asked = question.text[:MOST_SHOWN].decode("ascii", "backslashreplace").replace("\n", " | ")
                raise ProtocolError(f"{broken}; the question was {shown(asked, MOST_SHOWN)}") from None
        given = iter(answers)
        return [next(given) if lack is None else lack for lack in lacking]

    def code_lines(self, call: Call, seconds: float) -> CodeLines:
        """Return nothing: the source of an executable is not at hand."""
        return NO_LINES

    def account(self, seconds: float) -> Account:
        """End the process, and return what there is to tell of it."""
        self.end()
        self.over = True
        told = [f"{name}: {n} calls were answered with unsupported" for name, n in sorted(self._lacking.items())]
        if more := self._lines.unasked:
            told.append(f"the port wrote {more} more answers than it was asked for")
        return replace(self._account, problems=(*self._account.problems, *told))

    def farewell(self) -> str:
        """Return how a process came to its end that closed its channel, and end what is left of it."""
        return self._lines.farewell()

    def end(self, grace: float = GRACE_SECONDS) -> None:
        """End the process and all that it started; it has ``grace`` seconds to end by itself."""
        self._lines.end(grace)

    @property
    def _binary(self) -> bool:
        """Whether values go as bytes."""
        return "binary" in self._hello.features and not self._speaks_text

    def _question(self, call: Call) -> Question:
        self._number += 1
        echo = call.watched and "echo" in self._hello.features
        return Question(f"c{self._number}", call, echo=echo, binary=self._binary, decimals=self._decimals)

    def _answer(self, question: Question, deadline: float) -> Outcome:
        """Read the answer to one question."""
        said = question.read(self._lines.line(deadline, question.most_characters))
        if isinstance(said, Lacking):
            self._lacking[question.call.operation] += 1
        if isinstance(said, Lacking | Refusal):
            return said
        announced, arrays = said
        if self._binary:
            arrays = [from_bytes(one, self._lines.exactly(one.size, deadline)) for one in announced]
        results, after = tuple(arrays[: question.results]), tuple(arrays[question.results :])
        return Answer(
            results, results, tuple(map(_as_given, question.call.arguments, after or question.call.arguments))
        )


def _as_given(given: Array, echoed: Array) -> Array:
    """Return the argument itself where it came back with its own numbers, in whatever dtype the port holds them."""
    return given if np.array_equal(given, echoed, equal_nan=True) else echoed


def command_of(target: str) -> list[str]:
    """Return the words of the command line of ``target``. Raises LookupError where there are none."""
    try:
        words = shlex.split(target.removeprefix(EXECUTABLE))
    except ValueError as broken:
        raise LookupError(f"the command line cannot be split into words: {broken}") from None
    if not words:
        raise LookupError("there is no command after exec:")
    return [os.path.expanduser(word) for word in words]
