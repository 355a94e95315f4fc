"""A subject in a process of its own, of Python or any other: whatever it does, the checker goes on.

A crash, an exit or a call that takes too long becomes a Breakdown; the process is started anew for the next session.
This is no prison for hostile code: it keeps accidents away from the checker, and a subject's output out of its results.
"""

from collections import Counter
from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from functools import partial
from types import TracebackType
from typing import Protocol

from nnfs_spec.adapters.executable.port import start_port
from nnfs_spec.adapters.executable.protocol import ProtocolError
from nnfs_spec.adapters.executable.trace import SILENT, Trace
from nnfs_spec.adapters.options import DEFINITIONS, Loading
from nnfs_spec.adapters.process.frames import EndedError, TooLargeError, WireError
from nnfs_spec.adapters.process.launch import GRACE_SECONDS
from nnfs_spec.adapters.process.limits import memory_limits
from nnfs_spec.adapters.process.parent import Host
from nnfs_spec.adapters.process.pipes import Captured, TooLongError
from nnfs_spec.adapters.process.sandbox import SandboxError, resolved
from nnfs_spec.adapters.process.watchdog import ExcessError
from nnfs_spec.subject.protocol import (
    ALL,
    EXECUTABLE,
    NO_LINES,
    Account,
    Answer,
    Breakdown,
    Call,
    CodeLines,
    Greeting,
    Isolation,
    Lacking,
    Outcome,
    Sandbox,
)
from nnfs_spec.support.files import anonymise, anonymise_path

START_SECONDS = 60.0
MOST_TIMEOUTS = 2
FIRST_CALL = 2.0
"""How many times the timeout each first call with arguments of its types may take besides: some compile for it."""

MOST_FIRST_CALLS = 4

MESSAGE_SECONDS = 3.0
"""What many sessions in one message may take, if not even less: a slow subject is asked one after the other."""

MOST_BREAKDOWNS = 3
"""So many messages of many sessions may come to nothing before all are sent alone."""


FEW_NUMBERS = 1024
"""A session whose arguments hold no more numbers is small: one that takes too long is a failure, and no large case."""

TOO_SLOW = "took too long for so many numbers; --timeout gives it more time"

MEMORY = 2**32
"""Bytes that a subject may allocate beyond what it takes when it is loaded."""


def silence(timeout: float) -> float:
    """Return the seconds without a sign of life after which a process that checks is taken for stopped.

    That is more than a session and the start of its process may take, and than is computed between two of them.
    """
    return 2 * START_SECONDS + (FIRST_CALL + 1) * timeout


class TargetError(Exception):
    """The target could not be loaded: nothing can be checked."""


def isolation_of(asked: Sandbox, target: str = "") -> Isolation:
    """Return what holds a target back where this was asked for. Raises SandboxError."""
    sandbox, reason = resolved(asked)
    return Isolation(sandbox, reason, memory_limits(executable=target.startswith(EXECUTABLE)))


class _BreakdownError(Exception):
    """A session came to nothing."""


class Process(Protocol):
    """What holds a subject: a process of Python, or an executable that speaks the text protocol."""

    over: bool
    """Whether it ended when it was asked for its account."""

    def greet(self, seconds: float) -> Greeting | str:
        """Wait until it is ready; return the problem where it never is. Raises WireError and TooLongError."""
        ...

    def ask(self, sessions: Sequence[Sequence[Call]], seconds: float) -> list[Outcome]:
        """Have the calls made, and return the outcomes, one session's after the other's.

        Raises WireError, TooLongError and TooLargeError.
        """
        ...

    def code_lines(self, call: Call, seconds: float) -> CodeLines:
        """Have a call followed through the source. Raises WireError, TooLongError and TooLargeError."""
        ...

    def account(self, seconds: float) -> Account:
        """Return what there is to tell of it. Raises WireError and TooLongError."""
        ...

    def farewell(self) -> str:
        """Return how it came to its end, and end what is left of it."""
        ...

    def end(self, grace: float = GRACE_SECONDS) -> None:
        """End it; it has ``grace`` seconds to end by itself."""
        ...


class IsolatedSubject:
    """Runs a target in a child process, with ``timeout`` seconds for each session. Use as a context manager.

    ``memory`` is how many bytes it may allocate beyond what it takes when it is loaded. What is said to an executable
    and what it answers is written to ``trace``, as text even if it has faster ways. Without ``wait`` it is still
    being loaded when the constructor returns; entering the context waits for it. Whichever waits raises TargetError.
    """

    def __init__(
        self,
        target: str,
        timeout: float = 10.0,
        loading: Loading = DEFINITIONS,
        memory: int = MEMORY,
        wait: bool = True,
        trace: Trace = SILENT,
    ) -> None:
        self.timeout = timeout
        self.beat: Callable[[], None] = _do_nothing
        """Called before every session, as a sign of life."""
        self.target = target
        self.name = anonymise_path(target)
        self.traced = trace is not SILENT
        self._captured = Captured()
        self.loading, self.isolation = self._isolated(loading)
        self._make = self._maker(target, self.loading, memory, trace)
        self._timeouts: Counter[str] = Counter()
        self._too_many: dict[str, int] = {}
        self._known: set[tuple[str, ...]] = set()
        self._unfollowed: set[str] = set()
        self._given_up: str | None = None
        self._breakdowns = 0
        self.batching = not self.traced
        self._greeted = False
        self._account = Account()
        self.operations: frozenset[str] = frozenset()
        self.reach = ALL
        self._host: Process | None = self._made()
        if wait:
            self._greet(self._host)

    def __enter__(self) -> "IsolatedSubject":
        if self._host is not None and not self._greeted:
            self._greet(self._host)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def run(self, session: Sequence[Call]) -> Sequence[Outcome]:
        """Make the calls in the child; where it breaks down, every call of the session has."""
        self.beat()
        try:
            outcomes = self._outcomes(session)
        except _BreakdownError as breakdown:
            outcomes = [Breakdown(str(breakdown))] * len(session)
        return [_discreet(outcome) for outcome in outcomes]

    def run_all(self, sessions: Sequence[Sequence[Call]]) -> Sequence[Sequence[Outcome]]:
        """Run each session, all in one message; no outcomes where it came to nothing, so that it shows at which."""
        host, calls = self._host, [call for session in sessions for call in session]
        spoilt = self._timeouts.keys() | self._too_many.keys()
        if host is None or any(call.operation in spoilt for call in calls):
            return ()
        first = {_types_of(call) for call in calls} - self._known
        try:
            outcomes = map(_discreet, host.ask(sessions, _allowance(min(self.timeout, MESSAGE_SECONDS), first)))
        except TooLargeError:
            return ()
        except TooLongError:
            self.close(grace=0)
            self.batching = False
            return ()
        except WireError as broken:
            self._end_of(host, broken)
            self._breakdowns += 1
            self.batching = self._breakdowns < MOST_BREAKDOWNS
            return ()
        self._known |= first
        return [[next(outcomes) for _ in session] for session in sessions]

    def account(self) -> Account:
        """Return what the child tells now, or told last where it has ended, and the beginning of what was printed."""
        if self._host is not None:
            try:
                self._account = self._host.account(self.timeout)
            except (WireError, TooLongError):
                self.close(grace=0)
            else:
                self._host = None if self._host.over else self._host
        taken, problems = (tuple(map(anonymise, told)) for told in (self._account.taken, self._account.problems))
        slow = tuple(
            f"{operation}: calls with {most:,} numbers or more took longer than {self.timeout:g} s and were made with "
            "fewer rows or not at all; --timeout gives them more time"
            for operation, most in sorted(self._too_many.items())
        )
        lacking = tuple((operation, anonymise(reason)) for operation, reason in self._account.lacking)
        notices = tuple(map(anonymise, self._account.notices))
        return Account(taken, problems + slow, anonymise(self._captured.text()), lacking, notices, self.isolation)

    def code_lines(self, call: Call) -> CodeLines:
        """Have a call followed through the source, unless such a call ended or hung the child before."""
        if call.operation in self._unfollowed:
            return NO_LINES
        try:
            host = self._host or self._restarted()
            return host.code_lines(call, self.timeout)
        except (WireError, TooLongError, TooLargeError, _BreakdownError):
            self.close(grace=0)
            self._unfollowed.add(call.operation)
            return NO_LINES

    def close(self, grace: float = GRACE_SECONDS) -> None:
        """End the child and every process that it started; it has ``grace`` seconds to end by itself."""
        host, self._host = self._host, None
        if host is not None:
            host.end(grace)

    def _outcomes(self, session: Sequence[Call]) -> list[Outcome]:
        arrays = {id(array): array for call in session for array in call.arguments}
        numbers = sum(array.size for array in arrays.values())
        if any(numbers >= self._too_many.get(call.operation, numbers + 1) for call in session):
            return [Lacking(TOO_SLOW, slow=True)] * len(session)
        too_long = f"took longer than {self.timeout:g} s"
        if any(self._timeouts[call.operation] >= MOST_TIMEOUTS for call in session):
            raise _BreakdownError(f"{too_long} before; it is not called again")
        host = self._host or self._restarted()
        first = {_types_of(call) for call in session} - self._known
        try:
            outcomes = host.ask([session], _allowance(self.timeout, first))
            self._known |= first
            return outcomes
        except TooLargeError as too_large:
            raise _BreakdownError(f"was not called: {too_large}") from None
        except TooLongError as detail:
            self.close(grace=0)
            if numbers > FEW_NUMBERS:
                self._too_many |= {call.operation: numbers for call in session}
                return [Lacking(TOO_SLOW, slow=True)] * len(session)
            self._timeouts.update({call.operation for call in session})
            raise _BreakdownError(f"{too_long}{detail}") from None
        except WireError as broken:
            raise _BreakdownError(self._end_of(host, broken)) from None

    def _isolated(self, loading: Loading) -> tuple[Loading, Isolation]:
        """Return how it is loaded, with the sandbox that there is, and what holds it back. Raises TargetError."""
        try:
            isolation = isolation_of(loading.sandbox, self.target)
        except SandboxError as problem:
            raise TargetError(f"{self.name}: {problem}") from None
        return replace(loading, sandbox=isolation.sandbox), isolation

    def _maker(self, target: str, loading: Loading, memory: int, trace: Trace) -> Callable[[], Process]:
        if not target.startswith(EXECUTABLE):
            return partial(Host, target, loading, memory, self._captured)
        return partial(start_port, target, loading, memory, self._captured, trace)

    def _made(self) -> Process:
        try:
            return self._make()
        except (LookupError, OSError) as problem:
            raise TargetError(f"{self.name}: {anonymise(str(problem))}") from None

    def _restarted(self) -> Process:
        """Start the child anew; what could not be loaded again once is not tried any more."""
        if self._given_up is None:
            try:
                self._known.clear()
                self._host = host = self._made()
                self._greet(host)
            except TargetError as problem:
                self._given_up = f"could not be loaded again: {problem}"
            else:
                return host
        raise _BreakdownError(self._given_up)

    def _greet(self, host: Process) -> None:
        """Wait until the child has loaded the target. Raises TargetError where it cannot."""
        try:
            hello = host.greet(START_SECONDS)
        except TooLongError as detail:
            self.close(grace=0)
            raise TargetError(f"{self.name}: loading took longer than {START_SECONDS:g} s{detail}") from None
        except WireError as broken:
            raise TargetError(
                f"{self.name}: {self._end_of(host, broken)} while being loaded{self._printed()}"
            ) from None
        except BaseException:
            self.close(grace=0)
            raise
        if isinstance(hello, str):
            self.close()
            raise TargetError(anonymise_path(hello))
        self.operations, self._account, self.reach = hello.operations, hello.account, hello.reach
        self._greeted = True

    def _end_of(self, host: Process, broken: WireError) -> str:
        """End the child, which broke the channel, and return how it came to that."""
        self._host = None
        if isinstance(broken, EndedError):
            return host.farewell()
        host.end(grace=0)
        return str(broken) if isinstance(broken, ProtocolError | ExcessError) else "broke the stream of answers"

    def _printed(self) -> str:
        printed = self._captured.text().strip()
        return f"; it printed: {anonymise(printed)}" if printed else ""


def _do_nothing() -> None:
    """Give no sign of life."""


def _allowance(seconds: float, first: Collection[object]) -> float:
    """Return what calls may take of which so many are the first of their types."""
    return seconds * (1 + FIRST_CALL * min(len(first), MOST_FIRST_CALLS))


def _types_of(call: Call) -> tuple[str, ...]:
    """Return what a compiler may make code for: the operation, and the types of its arguments as they lie in memory."""
    lies = ("swapped" * call.layout.swapped, "unaligned" * call.layout.unaligned, "readonly" * call.layout.readonly)
    in_order = "strided" * (call.layout.steps != (1, 1)) or call.layout.order
    return (call.operation, *(f"{array.dtype.name} {array.ndim}" for array in call.arguments), in_order, *lies)


def _discreet(outcome: Outcome) -> Outcome:
    return outcome if isinstance(outcome, Answer) else replace(outcome, message=anonymise(outcome.message))
