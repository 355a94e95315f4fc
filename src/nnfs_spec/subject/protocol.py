"""The protocol through which every implementation is seen: sessions of calls in, outcomes out.

Properties know nothing else of a subject, so the reference, a mutant, a course file in a process of its own and,
later, an executable in another language are all checked by the same code.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal, Protocol, TypeAlias, runtime_checkable

import numpy as np

from nnfs_spec.arrays import Array
from nnfs_spec.subject.layouts import C_ORDER, Layout
from nnfs_spec.subject.operations import OPERATIONS, Operation
from nnfs_spec.subject.overflow import may_overflow

EXECUTABLE = "exec:"
"""How a target begins that is a command line, which an executable in any language is started by."""

Sandbox: TypeAlias = Literal["auto", "bwrap", "none"]
"""What the process of a target lives in: bubblewrap, nothing, or bubblewrap where it can be had."""

GO_ON = -1
"""As a seed: do not reseed, draw what comes next."""

OVERFLOWS = frozenset({"OverflowError", "FloatingPointError", "ValueError"})
"""What Python's own sums raise where NumPy's are infinite or no number, and NumPy's where it is told to."""

OVERWRITTEN = 77
"""What is written into a result that shall be overwritten."""


@dataclass(frozen=True, eq=False)
class Call:
    """One call. ``layout`` is how the arguments lie in memory; ``fresh`` asks for a new object to call it on.

    ``watched`` asks what became of the arguments; of other calls, a subject may take it for granted that nothing did.
    ``refilled`` asks for the arrays of the call before, with the new numbers written into them, as a loop does that
    reuses its batch. ``overwritten`` asks that other numbers be written into the result, once it has been read.
    ``together`` asks that it be made at the same time as its neighbours in the session that ask for it, in threads.
    """

    operation: Operation
    arguments: tuple[Array, ...]
    layout: Layout = C_ORDER
    fresh: bool = False
    watched: bool = False
    refilled: bool = False
    overwritten: bool = False
    together: bool = False


@dataclass(frozen=True, eq=False)
class Answer:
    """What a call gave: its results, the same results read again at the end of the session, the arguments after it.

    ``shared`` tells whether a result lies in the memory of an argument, and ``disturbed`` which global state a watched
    call has changed, where the adapter can see that.
    """

    results: tuple[Array, ...]
    kept: tuple[Array, ...]
    after: tuple[Array, ...]
    shared: bool = False
    disturbed: tuple[str, ...] = ()


@dataclass(frozen=True)
class Refusal:
    """The subject raised an exception: its kind, its message, and whether a watched call had changed its arguments."""

    kind: str
    message: str
    changed: bool = False


@dataclass(frozen=True)
class Breakdown:
    """The subject gave neither a result nor an exception: it crashed, hung, or returned what is no array."""

    message: str


@dataclass(frozen=True)
class Lacking:
    """The subject cannot take such a call at all, for which nobody blames it; ``slow`` if it is large and took long."""

    message: str
    slow: bool = False


Outcome: TypeAlias = Answer | Refusal | Breakdown | Lacking


@dataclass(frozen=True)
class Reach:
    """How far an adapter reaches: the floating-point dtypes that its subject takes, and the clauses it cannot see.

    ``single`` are the operations whose results are float32 whatever comes in: they are judged in float32.
    """

    dtypes: frozenset[str] = frozenset({"float32", "float64"})
    unseen: frozenset[str] = frozenset()
    single: frozenset[str] = frozenset()

    def judges(self, operations: Iterable[str], dtype: str) -> bool:
        """Tell whether what ``operations`` give together is judged in a floating-point dtype."""
        return dtype in self.dtypes and (dtype == "float32" or not self.single & set(operations))


ALL = Reach()
"""Everything."""


@dataclass(frozen=True)
class Isolation:
    """What holds a target back that runs in a process of its own.

    ``sandbox`` is what it lives in; ``reason`` says why that is nothing though a sandbox was wished for; ``memory``
    names what limits its memory.
    """

    sandbox: Sandbox
    reason: str | None
    memory: tuple[str, ...]


@dataclass(frozen=True)
class Account:
    """What an adapter has to tell of its subject, for the report.

    ``taken`` says what stands for each operation and how its form was inferred; ``problems`` what was left out or
    could not be used; ``output`` is the beginning of what the subject printed. ``lacking`` holds operations that it
    has not, each with a reason, and ``notices`` what may make a verdict misleading.
    ``isolation`` is what held it back.
    """

    taken: tuple[str, ...] = ()
    problems: tuple[str, ...] = ()
    output: str = ""
    lacking: tuple[tuple[str, str], ...] = ()
    notices: tuple[str, ...] = ()
    isolation: Isolation | None = None


@dataclass(frozen=True)
class CodeLine:
    """A line of a target's source: the file as reports show it, the number from 1, and the text."""

    file: str
    line: int
    text: str


@dataclass(frozen=True)
class CodeLines:
    """Where the operation of a call is defined, and which of the target's own lines the call ran last."""

    defined: CodeLine | None = None
    last: CodeLine | None = None


NO_LINES = CodeLines()
"""The source is not at hand."""


class Runs(Protocol):
    """What calls can be made on."""

    def run(self, session: Sequence[Call]) -> Sequence[Outcome]:
        """Make the calls in order and return one outcome for each."""
        ...


class Askable(Runs, Protocol):
    """What a property can ask."""

    @property
    def operations(self) -> frozenset[str]:
        """The operations that it has."""
        ...

    @property
    def reach(self) -> Reach:
        """What it can be asked about."""
        ...


class Subject(Askable, Protocol):
    """An implementation under check."""

    @property
    def name(self) -> str:
        """What the report calls it."""
        ...

    def account(self) -> Account:
        """Return what there is to tell of the subject so far."""
        ...


@runtime_checkable
class Followed(Protocol):
    """A subject whose calls can be followed through its source."""

    def code_lines(self, call: Call) -> CodeLines:
        """Make a call again and return the lines of the subject's own code that it ran."""
        ...


@runtime_checkable
class Batching(Subject, Protocol):
    """A subject that takes many sessions in one message, where a message costs more than a small session."""

    @property
    def batching(self) -> bool:
        """Whether it does that now: it is not tried again with a subject that is slow or breaks down."""
        ...

    def run_all(self, sessions: Sequence[Sequence[Call]]) -> Sequence[Sequence[Outcome]]:
        """Run each session; return no outcomes at all where they must be run one after the other."""
        ...


def run_sessions(subject: Runs, sessions: Sequence[Sequence[Call]]) -> Iterator[Sequence[Outcome]]:
    """Yield the outcomes of each session, asked for in one message where the subject allows it."""
    told = subject.run_all(sessions) if isinstance(subject, Batching) and subject.batching else ()
    return iter(told) if told else map(subject.run, sessions)


class SubjectError(Exception):
    """A subject did not give the result that a property asked for."""

    def __init__(self, call: Call, message: str) -> None:
        self.call = call
        super().__init__(f"{call.operation} {message}")


class UnsupportedError(SubjectError):
    """The subject has no such operation, or not for such arguments."""


class TooSlowError(UnsupportedError):
    """The subject was given so much that it took too long; with less it may be in time."""


class RefusedError(SubjectError):
    """The subject raised an exception for arguments that the specification allows."""


class BrokenError(SubjectError):
    """The subject crashed, hung, or returned what is no array."""


class MalformedError(SubjectError):
    """The subject returned an array of another shape than the operation's, or not of real numbers."""


def refused(call: Call, refusal: Refusal) -> SubjectError:
    """Return what an exception of the subject comes to: beyond the range of the dtype it is no fault."""
    told = f"raised {refusal.kind}: {refusal.message}"
    if refusal.kind in OVERFLOWS and may_overflow(call.operation, call.arguments):
        return UnsupportedError(call, f"{told}, where a sum may overflow")
    return RefusedError(call, told)


class Probe:
    """What a property holds in hand: it asks a subject, and raises where there is no result to judge."""

    def __init__(self, subject: Askable) -> None:
        self._subject = subject
        self.asked: list[Call] = []
        self._given: list[tuple[Call, Array]] = []

    def call_of(self, result: Array, operation: Operation) -> Call | None:
        """Return the call of ``operation`` that gave ``result``; None where it was computed from results."""
        given = (call for call, one in self._given[::-1] if np.may_share_memory(one, result))
        return next((call for call in given if call.operation == operation), None)

    def supports(self, operation: Operation) -> bool:
        """Tell whether the subject has ``operation``."""
        return operation in self._subject.operations

    def takes(self, dtype: np.dtype[Any]) -> bool:
        """Tell whether the subject computes in a floating-point dtype."""
        return dtype.name in self._subject.reach.dtypes

    def outcomes(self, *session: Call) -> Sequence[Outcome]:
        """Run a session, refusals allowed. Raises UnsupportedError and BrokenError."""
        for call in session:
            if not self.supports(call.operation):
                raise UnsupportedError(call, "is not supported")
        self.asked += session
        outcomes = self._subject.run(session)
        for call, outcome in zip(session, outcomes, strict=True):
            if isinstance(outcome, Breakdown):
                raise BrokenError(call, outcome.message)
            if isinstance(outcome, Lacking):
                kind = TooSlowError if outcome.slow else UnsupportedError
                raise kind(call, f"is not supported: {outcome.message}")
            if isinstance(outcome, Answer):
                self._given += [(call, result) for result in outcome.results]
        return outcomes

    def answers(self, *session: Call) -> list[Answer]:
        """Run a session whose every call must give results. Raises besides RefusedError."""
        answers: list[Answer] = []
        for call, outcome in zip(session, self.outcomes(*session), strict=True):
            if not isinstance(outcome, Answer):
                assert isinstance(outcome, Refusal)
                raise refused(call, outcome)
            answers.append(outcome)
        return answers

    def results(self, *session: Call) -> list[Array]:
        """Run a session and return the well-formed result of each call. Raises besides MalformedError."""
        return [well_formed(call, answer) for call, answer in zip(session, self.answers(*session), strict=True)]

    def ask(self, operation: Operation, *arguments: Array, layout: Layout = C_ORDER) -> Array:
        """Make one call and return its well-formed result."""
        return self.results(Call(operation, arguments, layout))[0]

    def pair(self, operation: Operation, *arguments: int) -> tuple[Array, Array]:
        """Make one call of ``layer`` or ``spiral_data`` and return its two results."""
        return pair_of(self.answers(count_call(operation, *arguments))[0])


def count_call(operation: Operation, *arguments: int) -> Call:
    """Return a call whose arguments are whole numbers."""
    return Call(operation, tuple(np.asarray(argument) for argument in arguments))


def pair_of(answer: Answer) -> tuple[Array, Array]:
    """Return the two results of ``layer`` or ``spiral_data``."""
    first, second = answer.results
    return first, second


def result_shape(call: Call) -> tuple[int, ...]:
    """Return the shape that the first result of a call has by definition."""
    definition = OPERATIONS[call.operation]
    sizes = {
        symbol: int(size)
        for argument, array in zip(definition.arguments, call.arguments, strict=True)
        for symbol, size in zip(argument.shape, array.shape, strict=False)  # labels come in two shapes
    }
    return tuple(size if isinstance(size, int) else sizes[size] for size in definition.results[0])


def well_formed(call: Call, answer: Answer) -> Array:
    """Return the one result of a call in its proper shape, or raise MalformedError."""
    (result,) = answer.results
    expected = result_shape(call)
    if result.dtype.kind not in "iuf":
        raise MalformedError(call, f"returned dtype {result.dtype}, but must return real numbers")
    if expected == () and result.size == 1:
        return result.reshape(())
    if result.shape != expected:
        raise MalformedError(call, f"returned shape {result.shape}, but must return {expected}")
    return result


def numbers_of(outcome: Outcome) -> Array | None:
    """Return the result of a call where it is an array of real numbers."""
    if not isinstance(outcome, Answer) or outcome.results[0].dtype.kind not in "iuf":
        return None
    return outcome.results[0]


@dataclass(frozen=True)
class Greeting:
    """The operations that it has, what there is to tell of them, and what it can be asked about."""

    operations: frozenset[str]
    account: Account
    reach: Reach = ALL
