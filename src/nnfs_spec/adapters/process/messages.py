"""Sessions and outcomes as frames: what both ends of an isolated subject agree on."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, astuple, dataclass
from typing import Any, assert_never

import numpy as np

from nnfs_spec.adapters.process.frames import WireError, encode
from nnfs_spec.adapters.process.shared_memory import Arena
from nnfs_spec.arrays import Array
from nnfs_spec.subject.layouts import layout_of
from nnfs_spec.subject.operations import Operation
from nnfs_spec.subject.protocol import (
    ALL,
    Account,
    Answer,
    Breakdown,
    Call,
    CodeLine,
    CodeLines,
    Lacking,
    Outcome,
    Reach,
    Refusal,
)

HELLO = 0
"""The number of the answer that comes unasked, when the target has been loaded or could not be."""

ACCOUNT = None
"""In the place of a session: asks for the account of the subject."""

FOLLOW = "follow"
"""Before the calls of a session: the one call is to be followed through the source."""

SMALL_BYTES = 2**12

MOST_CHARACTERS = 4096
"""Of a text that a target brings forth, so many are kept."""


def write_sessions(
    number: int, sessions: Sequence[Sequence[Call]], arena: Arena | None = None, *, follow: bool = False
) -> bytes:
    """Return the frame that asks question ``number``. An array that several calls are given is sent once.

    With ``follow`` the answer is not the outcomes, but the lines of the source that the one call of one session ran.
    """
    places: dict[int, int] = {}
    arrays: list[Array] = []
    asked: list[Any] = []
    for session in sessions:
        calls: list[Any] = []
        asked.append(calls)
        for call in session:
            for argument in call.arguments:
                if id(argument) not in places:
                    places[id(argument)] = len(arrays)
                    arrays.append(argument)
            which = [places[id(argument)] for argument in call.arguments]
            wishes = (call.fresh, call.watched, call.refilled, call.overwritten, call.together)
            calls.append((call.operation, str(call.layout), wishes, which))
    return encode([number, [FOLLOW, *asked] if follow else asked], arrays, arena)


def read_sessions(
    sessions: Sequence[Sequence[tuple[Operation, str, list[bool], list[int]]]], arrays: list[Array]
) -> list[list[Call]]:
    """Return the sessions that the checker described."""
    return [
        [
            Call(operation, tuple([arrays[place] for place in which]), layout_of(layout), *wishes)
            for operation, layout, wishes, which in calls
        ]
        for calls in sessions
    ]


def write_outcomes(
    number: int, session: Sequence[Call], outcomes: Sequence[Outcome], arena: Arena | None = None
) -> bytes:
    """Return the frame that answers question ``number``.

    What was kept is sent only where it differs from the results, and the arguments only where they have changed.
    """
    described: list[tuple[Any, ...]] = []
    arrays: list[Array] = []
    for call, outcome in zip(session, outcomes, strict=True):
        match outcome:
            case Answer(results, kept, after, shared, disturbed):
                overwritten, changed = not _same(results, kept), not _same(call.arguments, after)
                described.append(("answer", len(results), overwritten, changed, shared, disturbed))
                arrays += [*results, *(kept if overwritten else ()), *(after if changed else ())]
            case Refusal(kind, message, changed_all_the_same):
                described.append(("refusal", cut(kind), cut(message), changed_all_the_same))
            case Breakdown(message):
                described.append(("breakdown", cut(message)))
            case Lacking(message):
                described.append(("lacking", cut(message)))
            case _ as never:
                assert_never(never)
    return encode([number, described], arrays, arena)


def read_outcomes(described: Any, arrays: list[Array], session: Sequence[Call]) -> list[Outcome]:
    """Return the outcomes that the child described, with this side's arguments where they have not changed.

    Raises WireError where they are no outcomes of ``session``.
    """
    remaining = iter(arrays)

    def take(count: int) -> tuple[Array, ...]:
        return tuple([next(remaining) for _ in range(count)])

    outcomes: list[Outcome] = []
    try:
        for call, (kind, *told) in zip(session, described, strict=True):
            if kind == "answer":
                count, overwritten, changed, shared, disturbed = told
                results = take(count)
                if not results:
                    raise ValueError("an answer without a result")
                kept = take(count) if overwritten else results
                after = take(len(call.arguments)) if changed else call.arguments
                outcomes.append(Answer(results, kept, after, bool(shared), tuple(map(text, disturbed))))
            elif kind == "refusal":
                name, message, changed = told
                outcomes.append(Refusal(text(name), text(message), bool(changed)))
            elif kind == "breakdown":
                (message,) = told
                outcomes.append(Breakdown(text(message)))
            elif kind == "lacking":
                (message,) = told
                outcomes.append(Lacking(text(message)))
            else:
                raise ValueError(f"the kind {kind!r}")
    except StopIteration:
        raise WireError("outcomes that cannot be read: there are more results than arrays") from None
    except (ValueError, TypeError) as broken:
        raise WireError(f"outcomes that cannot be read: {broken}") from broken
    return outcomes


def answer_to(number: int, header: Any) -> Any:
    """Return what an answer tells. Raises WireError where it is none to question ``number``."""
    try:
        answered, told = header
    except (ValueError, TypeError):
        answered, told = None, None
    if answered != number:
        raise WireError("an answer to another question")
    return told


def write_hello(operations: Iterable[str], account: Account, reach: Reach = ALL) -> bytes:
    """Return the frame that tells that the target has been loaded."""
    return encode([HELLO, [sorted(operations), _told(account), sorted(reach.single)]])


def write_problem(problem: str) -> bytes:
    """Return the frame that tells why the target could not be loaded."""
    return encode([HELLO, cut(problem)])


def read_hello(told: Any) -> tuple[frozenset[str], Account, Reach] | str:
    """Return what there is to tell of what was loaded, or the problem. Raises WireError for anything else."""
    try:
        if isinstance(told, str):
            return text(told)
        operations, account, single = told
        return frozenset(map(text, operations)), read_account(account), Reach(single=frozenset(map(text, single)))
    except (ValueError, TypeError) as broken:
        raise WireError(f"a greeting that cannot be read: {broken}") from broken


def write_request(number: int) -> bytes:
    """Return the frame that asks, as question ``number``, for the account of the subject."""
    return encode([number, ACCOUNT])


def write_account(number: int, account: Account) -> bytes:
    """Return the frame that answers question ``number`` with what there is to tell."""
    return encode([number, _told(account)])


def _told(account: Account) -> list[Sequence[Any]]:
    lacking = [(operation, cut(reason)) for operation, reason in account.lacking]
    return [
        *(list(map(cut, texts)) for texts in (account.taken, account.problems)),
        lacking,
        list(map(cut, account.notices)),
    ]


def read_account(told: Any) -> Account:
    """Return the account that the child told. Raises WireError where it is none."""
    try:
        taken, problems, lacking, notices = told
        reasons = tuple((text(operation), text(reason)) for operation, reason in lacking)
        texts = [tuple(map(text, one)) for one in (taken, problems, notices)]
        return Account(texts[0], texts[1], lacking=reasons, notices=texts[2])
    except (ValueError, TypeError) as broken:
        raise WireError(f"an account that cannot be read: {broken}") from broken


def write_code_lines(number: int, lines: CodeLines) -> bytes:
    """Return the frame that answers question ``number`` with lines of the source."""
    return encode([number, [None if one is None else astuple(one) for one in (lines.defined, lines.last)]])


def read_code_lines(told: Any) -> CodeLines:
    """Return the lines that the child told. Raises WireError where they are none."""
    try:
        defined, last = told
        return CodeLines(_code_line(defined), _code_line(last))
    except (ValueError, TypeError) as broken:
        raise WireError(f"lines of the source that cannot be read: {broken}") from broken


def _code_line(told: Any) -> CodeLine | None:
    if told is None:
        return None
    file, line, source = told
    if type(line) is not int or line < 1:
        raise ValueError(f"{line!r} in the place of the number of a line")
    return CodeLine(text(file), line, text(source))


def text(told: Any) -> str:
    """Return ``told`` with what no encoding can write as escapes. Raises TypeError where it is no text."""
    if not isinstance(told, str):
        raise TypeError(f"{told!r} in the place of a text")
    return cut(told).encode("utf-8", "backslashreplace").decode("utf-8")


def cut(told: str) -> str:
    """Return the beginning of a text that is too long to be read, and how much followed."""
    if len(told) <= MOST_CHARACTERS:
        return told
    return f"{told[:MOST_CHARACTERS]}... {len(told) - MOST_CHARACTERS} more characters"


def _same(one: Sequence[Array], other: Sequence[Array]) -> bool:
    return len(one) == len(other) and all(map(same_bits, one, other))


def same_bits(one: Array, other: Array) -> bool:
    """Tell whether two arrays agree in dtype, shape and every bit; if in doubt, that they do not."""
    if one.dtype != other.dtype or one.shape != other.shape:
        return False
    if one.nbytes <= SMALL_BYTES:
        return one.tobytes() == other.tobytes()
    if one.itemsize not in (1, 2, 4, 8):
        return False
    bits = np.dtype(f"u{one.itemsize}")
    return bool((one.view(bits) == other.view(bits)).all())


@dataclass(frozen=True)
class Job:
    """The target and how to load it, the descriptors that the process inherits, and how many bytes it may allocate.

    Questions and answers are pipes, ``asked`` and ``answered`` the files that hold the arrays of each.
    """

    target: str
    loading: str
    questions: int
    answers: int
    asked: int
    answered: int
    lifeline: int
    memory: int

    @property
    def descriptors(self) -> tuple[int, ...]:
        """The descriptors to be inherited."""
        return (self.questions, self.answers, self.asked, self.answered, self.lifeline)

    def to_text(self) -> str:
        """Return the job as an argument."""
        return json.dumps(asdict(self))


def job_from(text: str) -> Job:
    """Return the job that ``to_text`` wrote."""
    return Job(**json.loads(text))
