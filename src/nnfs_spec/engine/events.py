"""What the engine tells: events while it runs, and the report at the end. All that reports know."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias

from nnfs_spec.arrays import Array

Status: TypeAlias = Literal["pass", "fail", "error", "unsupported", "not-exercised"]
Verdict: TypeAlias = Literal["conformant", "nonconformant", "error"]
STATUSES: tuple[Status, ...] = ("pass", "fail", "error", "unsupported", "not-exercised")


@dataclass(frozen=True, eq=False)
class Counterexample:
    """The smallest input found on which a clause does not hold; without ``got`` where no result came."""

    inputs: Mapping[str, Array]
    got: Array | None
    expected: Array | None
    bound: Array | None
    message: str


@dataclass(frozen=True, eq=False)
class ClauseResult:
    """How one clause fared: ``cases`` rows examined, ``worst`` the largest share of its bound that one of them used."""

    id: str
    level: str
    title: str
    status: Status
    cases: int
    worst: float | None
    counterexample: Counterexample | None
    replay: str


@dataclass(frozen=True, eq=False)
class Report:
    """The outcome of a whole check."""

    target: str
    seed: int
    budget: str
    level: str
    verdict: Verdict
    supported: tuple[str, ...]
    clauses: tuple[ClauseResult, ...]
    problems: tuple[str, ...]

    @property
    def counts(self) -> dict[Status, int]:
        """How many clauses there are of each status."""
        return {status: sum(result.status == status for result in self.clauses) for status in STATUSES}


@dataclass(frozen=True)
class Progressed:
    """``done`` of ``total`` steps are taken; the latest was about ``clause``."""

    done: int
    total: int
    clause: str


@dataclass(frozen=True)
class Judged:
    """One clause is settled."""

    result: ClauseResult


@dataclass(frozen=True)
class Finished:
    """The check is over."""

    report: Report


Event: TypeAlias = Progressed | Judged | Finished
Listener: TypeAlias = Callable[[Event], None]
