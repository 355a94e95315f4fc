"""Several clauses ask about the same case: what a subject answered to a single call is kept for a while."""

from collections import deque
from collections.abc import Sequence
from operator import is_

from nnfs_spec.subject import Account, Breakdown, Call, Outcome, Reach, Subject

KEPT = 6
"""Answers that are kept: enough for the calls that the clauses of one domain share."""


class Recall:
    """A subject that makes a call anew only where the arrays are others than those of its latest calls.

    Sessions of several calls and calls on a new object are always made: they are about what happens between calls.
    No array of a case is ever written to, so the same array holds the same numbers.
    """

    def __init__(self, subject: Subject) -> None:
        self._subject = subject
        self._kept: deque[tuple[Call, Outcome]] = deque(maxlen=KEPT)
        self._ahead: list[tuple[Call, Outcome]] = []

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

        Where the subject breaks down among them, nothing is kept, so that it shows at which.
        """
        outcomes = self._subject.run(calls)
        broken = any(isinstance(outcome, Breakdown) for outcome in outcomes)
        self._ahead = [] if broken else list(zip(calls, outcomes, strict=True))

    def run(self, session: Sequence[Call]) -> Sequence[Outcome]:
        """Return the outcome that is kept, or make the calls."""
        if len(session) > 1 or session[0].fresh:
            return self._subject.run(session)
        for call, outcome in (*self._kept, *self._ahead):
            if _same(call, session[0]):
                return [outcome]
        outcomes = self._subject.run(session)
        self._kept.append((session[0], outcomes[0]))
        return outcomes


def _same(one: Call, other: Call) -> bool:
    alike = one.operation == other.operation and one.layout == other.layout and one.watched == other.watched
    return alike and len(one.arguments) == len(other.arguments) and all(map(is_, one.arguments, other.arguments))
