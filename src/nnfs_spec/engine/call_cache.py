"""Several clauses ask about the same case: what a subject answered to a single call is kept for a while."""

from collections import deque
from collections.abc import Sequence
from operator import is_
from typing import TypeAlias

from nnfs_spec.subject.protocol import Account, Breakdown, Call, Lacking, Outcome, Reach, Subject

_Key: TypeAlias = tuple[str, str, bool, tuple[int, ...]]

KEPT = 6
"""Answers that are kept: enough for the calls that the clauses of one domain share."""

KEPT_SESSIONS = 2
"""Sessions that are kept: one may come between two clauses that ask for the same."""


class CallCache:
    """A subject that makes a call anew only where the arrays are others than those of its latest calls.

    Calls on a new object are always made. Sessions of several calls are made again unless they are the very ones of
    a moment ago, which several clauses ask for: they are about what happens between calls. No array of a case is
    ever written to, so the same array holds the same numbers.
    """

    def __init__(self, subject: Subject) -> None:
        self._subject = subject
        self._kept: dict[_Key, tuple[Call, Outcome]] = {}
        self._ahead: dict[_Key, tuple[Call, Outcome]] = {}
        self._sessions: deque[tuple[Sequence[Call], Sequence[Outcome]]] = deque(maxlen=KEPT_SESSIONS)

    @property
    def name(self) -> str:
        """The subject's name."""
        return self._subject.name

    @property
    def operations(self) -> frozenset[str]:
        """The subject's operations."""
        return self._subject.operations

    @property
    def reach(self) -> Reach:
        """What the subject can be asked about."""
        return self._subject.reach

    def account(self) -> Account:
        """Return the subject's account."""
        return self._subject.account()

    def ask_ahead(self, calls: Sequence[Call]) -> None:
        """Make calls that are about to be asked for, all in one session; that is quicker than one after the other.

        Where the subject breaks down or is too slow among them, nothing is kept, so that it shows at which.
        """
        outcomes = self._subject.run(calls)
        broken = any(isinstance(outcome, Breakdown | Lacking) for outcome in outcomes)
        answered = () if broken else zip(calls, outcomes, strict=True)
        self._ahead = {key_of(call): (call, outcome) for call, outcome in answered}

    def run(self, session: Sequence[Call]) -> Sequence[Outcome]:
        """Return the outcome that is kept, or make the calls."""
        call, *more = session
        if more:
            return self._run_whole(session)
        if call.fresh:
            return self._subject.run(session)
        key = key_of(call)
        known = self._kept.get(key) or self._ahead.get(key)
        if known is not None:
            return [known[1]]
        (outcome,) = self._subject.run(session)
        if len(self._kept) == KEPT:
            del self._kept[next(iter(self._kept))]
        self._kept[key] = call, outcome
        return [outcome]

    def _run_whole(self, session: Sequence[Call]) -> Sequence[Outcome]:
        for known, outcomes in self._sessions:
            if len(known) == len(session) and all(map(is_, known, session)):
                return outcomes
        outcomes = self._subject.run(session)
        self._sessions.append((session, outcomes))
        return outcomes


def key_of(call: Call) -> _Key:
    """Return what tells a call from others, as long as it is kept: its arrays live then, and no other has their ids."""
    return call.operation, str(call.layout), call.watched, tuple(map(id, call.arguments))
