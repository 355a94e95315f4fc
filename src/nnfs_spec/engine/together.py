"""Judges several cases at once, so that a subject in another process is asked a few questions of many sessions.

A property asks, and then judges what came. Here each runs until it asks; what all of them ask goes to the subject in
one message; then each runs again from its beginning, with what is known by now, until it has judged. So properties read
as their clauses do, and find what they find when they are tried one after the other.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import takewhile
from typing import TypeAlias

from nnfs_spec.domains import Case
from nnfs_spec.engine.call_cache import CallCache, key_of
from nnfs_spec.engine.clause_state import ClauseState
from nnfs_spec.engine.plan import Step
from nnfs_spec.engine.trial import Trial, attempt, tried
from nnfs_spec.subject.protocol import (
    Batching,
    Breakdown,
    Call,
    Lacking,
    Outcome,
    Reach,
    Subject,
    UnsupportedError,
)

MOST_STEPS = 16
"""Steps of one case each that are taken together: few, so that the first failure is soon seen."""

MOST_NUMBERS = 2**14
"""Cases with more numbers in their arguments are tried alone: they cost more than a message does."""


_Key: TypeAlias = tuple[object, ...]


@dataclass(eq=False)
class Judged:
    """One clause on one case: ``trial`` is what came of it, None where the subject has not what is needed."""

    state: ClauseState
    case: Case
    trial: Trial | None = None


class _AskedError(BaseException):
    """A property asks what is not known yet. No Exception, since those of a property are findings."""

    def __init__(self, session: Sequence[Call]) -> None:
        self.session = session


@dataclass(eq=False)
class _Known:
    """The subject as one property sees it: it answers what is known, in order, and stops at the next question."""

    subject: Batching
    judged: Judged
    answers: list[Sequence[Outcome]] = field(default_factory=list[Sequence[Outcome]])
    given: int = 0

    @property
    def operations(self) -> frozenset[str]:
        return self.subject.operations

    @property
    def reach(self) -> Reach:
        return self.subject.reach

    def run(self, session: Sequence[Call]) -> Sequence[Outcome]:
        if self.given == len(self.answers):
            raise _AskedError(session)
        self.given += 1
        return self.answers[self.given - 1]

    def question(self) -> Sequence[Call] | None:
        """Run the property from its beginning; return what it asks, or None when it has judged."""
        self.given = 0
        try:
            self.judged.trial = attempt(self.judged.state.tested, self, self.judged.case)
        except _AskedError as asked:
            return asked.session
        except UnsupportedError:
            self.judged.trial = None
        return None


class Trials:
    """Judges the cases of a plan: together where the subject allows that, else one after the other."""

    def __init__(self, subject: Subject) -> None:
        self._subject = subject
        self._cache = CallCache(subject)
        self._judged: dict[tuple[int, int], Judged] = {}

    def group(self, plan: Sequence[Step]) -> Sequence[Step]:
        """Return the first steps of ``plan`` whose cases can be judged together, and at least one."""
        if not self._together:
            return plan[:1]
        return list(takewhile(_is_of_one_case, plan[:MOST_STEPS])) or plan[:1]

    def cases(self, steps: Sequence[tuple[Step, Sequence[ClauseState]]]) -> list[list[Case]]:
        """Return the cases of each step, after its clauses were tried on them; none of a step that must be shown."""
        shown: list[list[Case]] = []
        for step, states in steps:
            shown.append([])
            if step.known and states:
                step.show(shown[-1].append)
        asked = [(case, states) for (_, states), cases in zip(steps, shown, strict=True) for case in cases]
        self._judged.clear()
        if self._together:
            assert isinstance(self._subject, Batching)
            self._judged |= {(id(one.state), id(one.case)): one for one in judge_together(asked, self._subject)}
        elif any(step.apart for step, _ in steps):
            self._cache.ask_ahead([Call(case.domain.operation, case.arguments) for case, _ in asked])
        return shown

    def trial(self, state: ClauseState, case: Case) -> Trial | None:
        """Return what comes of trying a clause on a case; None where the subject has not what is needed."""
        judged = self._judged.get((id(state), id(case)))
        return tried(state.tested, self._cache, case) if judged is None else judged.trial

    @property
    def _together(self) -> bool:
        return isinstance(self._subject, Batching) and self._subject.batching


def _is_of_one_case(step: Step) -> bool:
    return step.known and not step.apart


def judge_together(cases: Sequence[tuple[Case, Sequence[ClauseState]]], subject: Batching) -> list[Judged]:
    """Judge each case by its clauses; what the subject breaks down on is left out, and must be tried by itself."""
    small = [(case, states) for case, states in cases if _numbers(case) <= MOST_NUMBERS]
    going_on = [_Known(subject, Judged(state, case)) for case, states in small for state in states]
    answered: dict[_Key, tuple[Sequence[Call], Sequence[Outcome]]] = {}
    ended: list[Judged] = []
    while going_on:
        asked = [(one, one.question()) for one in going_on]
        ended += [one.judged for one, session in asked if session is None]
        waiting = [(one, session) for one, session in asked if session is not None]
        new = {key: session for _, session in waiting if (key := _key(session)) not in answered}
        outcomes: Sequence[Sequence[Outcome]] = subject.run_all(list(new.values())) if new else ()
        answered |= zip(new, zip(new.values(), outcomes, strict=False), strict=False)
        going_on.clear()
        for one, session in waiting:
            known = answered.get(_key(session))
            if known is not None and not any(isinstance(outcome, Breakdown | Lacking) for outcome in known[1]):
                one.answers.append(known[1])
                going_on.append(one)
    return ended


def _numbers(case: Case) -> int:
    return sum(array.size for array in case.arrays.values())


def _key(session: Sequence[Call]) -> _Key:
    """Return what tells a session from others as long as it is kept: several clauses ask for the same."""
    call, *more = session
    if more or call.fresh:
        return tuple(map(id, session))
    return key_of(call)
