"""What is known of one clause while a check runs."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol

from nnfs_spec.clauses import Clause, all_clauses
from nnfs_spec.engine.trial import Trial
from nnfs_spec.properties import PROPERTIES, Property

MOST_PASSED_OVER = 8
"""Failures that other clauses explain or that do not show again, after which a clause is not tried any more."""


@dataclass(eq=False)
class ClauseState:
    """How a clause fares: rows examined and undecided, the worst share of its bound, what is lacking, its failures.

    ``failure`` is the first that no other clause explains, ``explained`` the first that one does, ``unrepeated`` the
    first that did not show again when the same case was tried again.
    """

    clause: Clause
    tested: Property
    cases: int = 0
    undecided: int = 0
    worst: float = 0.0
    tried: bool = False
    lacking: bool = False
    failure: Trial | None = None
    explained: Trial | None = None
    unrepeated: Trial | None = None
    explained_by: str | None = None
    passed_over: int = 0

    @classmethod
    def of(cls, id: str) -> "ClauseState":
        """Return the state of a clause of which nothing is known yet. Raises KeyError where there is none."""
        return cls(all_clauses()[id], PROPERTIES[id])

    @property
    def settled(self) -> bool:
        """Whether nothing more can be learned of the clause."""
        return self.failure is not None or self.passed_over >= MOST_PASSED_OVER

    @property
    def failing(self) -> bool:
        """Whether any failure was met that shows again."""
        return self.failure is not None or self.explained is not None

    def take(self, trial: Trial) -> None:
        """Count what a trial examined."""
        self.tried = True
        self.cases += trial.rows
        self.undecided += trial.undecided
        self.worst = max(self.worst, trial.worst)

    def explain(self, trial: Trial, by: str) -> None:
        """Note a failure that the clause ``by`` explains. One that cost a process is not looked for again."""
        if self.explained is None:
            self.explained, self.explained_by = trial, by
        self.passed_over += 1 if trial.repeatable else MOST_PASSED_OVER

    def pass_over(self, trial: Trial) -> None:
        """Note a failure that did not show when the same case was tried again."""
        self.unrepeated = self.unrepeated or trial
        self.passed_over += 1


@dataclass(eq=False)
class PartialState:
    """What a second process met of one clause: rows examined and undecided, the worst share, and the steps.

    ``failing`` are the numbers of those that failed; of the others, those ``passed`` that left no row undecided.
    """

    clause: str
    tried: bool = False
    cases: int = 0
    worst: float = 0.0
    failing: list[int] = field(default_factory=list[int])
    passed: int = 0
    undecided: int = 0

    @property
    def settled(self) -> bool:
        """Whether so much failed that more would say no more."""
        return len(self.failing) >= MOST_PASSED_OVER

    def take(self, number: int, trial: Trial) -> None:
        """Count a trial of step ``number``; a failing one counts when it is tried again."""
        self.tried = True
        if trial.bad:
            self.failing.append(number)
        else:
            self.passed += not trial.undecided
            self.undecided += trial.undecided
            self.cases += trial.rows
            self.worst = max(self.worst, trial.worst)


@dataclass(frozen=True)
class HelperShare:
    """What each clause met in a second process, and how many of its steps were ``left`` when time ran out."""

    partial_states: Sequence[PartialState]
    left: int = 0


class Helper(Protocol):
    """A second process that takes those steps of the plan that may be taken apart."""

    def share(self) -> HelperShare | None:
        """Wait for its end, and return what came of its steps; None where it came to nothing."""
        ...
