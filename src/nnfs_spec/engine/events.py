"""What the engine tells: events while it runs, and the report at the end. All that reports know."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias, get_args

from nnfs_spec.arrays import Array
from nnfs_spec.subject.operations import Operation
from nnfs_spec.subject.protocol import NO_LINES, Call, CodeLines, Isolation

Status: TypeAlias = Literal[
    "pass", "fail", "error", "unsupported", "not-exercised", "blocked", "expected-fail", "unexpected-pass"
]
Verdict: TypeAlias = Literal["conformant", "nonconformant", "incomplete", "error"]
STATUSES: tuple[Status, ...] = get_args(Status)


@dataclass(frozen=True, eq=False)
class Counterexample:
    """The smallest input found on which a clause does not hold; without ``got`` where no result came.

    ``operation`` is the one whose arguments ``inputs`` begin with, ``arithmetic`` the sum or maximum of the row at
    fault written out, ``remark`` what else there is to know, such as the smallest size that shows the failure, and
    ``code`` the lines of the target's source that a call with these arguments ran. ``curve`` holds the inputs at which
    the target's ReLU was asked to draw it, and its outputs, (n,) float64 each. ``call`` is the call at fault where it
    is another than that of the ``inputs``, in its arguments or in how they lie in memory.
    """

    operation: Operation
    inputs: Mapping[str, Array]
    got: Array | None
    expected: Array | None
    bound: Array | None
    message: str
    arithmetic: str | None = None
    remark: str | None = None
    code: CodeLines = NO_LINES
    curve: tuple[Array, Array] | None = None
    call: Call | None = None


@dataclass(frozen=True)
class Proof:
    """A clause was tried on all ``inputs`` of a complete set, which ``of`` describes, and held."""

    inputs: int
    of: str


@dataclass(frozen=True, eq=False)
class ClauseResult:
    """How one clause fared: ``cases`` rows examined, ``worst`` the largest share of its bound that one of them used.

    ``blocked_by`` is the clause that explains why this one is blocked, ``known`` what a baseline says of a failure
    that it records, ``proof`` the complete set over which it holds. Beside the ``cases`` there are ``undecided`` rows,
    too near the edge of their bound to tell on which side they are: they count for nothing.
    """

    id: str
    level: str
    title: str
    status: Status
    cases: int
    worst: float | None
    counterexample: Counterexample | None
    replay: str
    blocked_by: str | None = None
    known: str | None = None
    proof: Proof | None = None
    undecided: int = 0

    def counts_at(self, level: str) -> bool:
        """Tell whether the clause decides the verdict at ``level``; otherwise it is advice."""
        return _counts(self.level, level)


def _counts(level: str, asked: str) -> bool:
    """Tell whether a clause of ``level`` decides a verdict of the level that was asked for."""
    return level == "MUST" or asked == "should"


ULP_EDGES = (0.0, *(2.0**power for power in range(-1, 11)))
"""The upper ends of the histogram's bins: 0, 1/2, 1, 2 and so on to 1024, but for the last bin, which is open."""


@dataclass(frozen=True)
class Errors:
    """How far results of one operation in one dtype are from the exact values, for one ``family`` of inputs or all.

    ``entries`` were measured: ``share`` is the largest share of its bound that one of them used, ``worst`` and
    ``mean`` are in ULP, infinite where a result is no number; None where nothing was measured. ``histogram`` counts
    the entries up to each of ULP_EDGES and above the last. Beside these, the distance of ``undecided`` entries is not
    known closely enough, and ``unanswered`` batches gave no result.
    """

    operation: Operation
    dtype: str
    family: str | None
    entries: int
    undecided: int
    unanswered: int
    share: float | None
    worst: float | None
    mean: float | None
    histogram: tuple[int, ...]


@dataclass(frozen=True, eq=False)
class Accuracy:
    """What came of measuring a target: its errors by operation, dtype and family, and what there is to tell of it."""

    target: str
    seed: int
    batches: int
    errors: tuple[Errors, ...]
    taken: tuple[str, ...]
    problems: tuple[str, ...]
    output: str


@dataclass(frozen=True)
class Diagnosis:
    """A known wrong implementation that errs as the subject does: what was misunderstood and how to mend it.

    ``explains`` are the clauses that notice it and that the subject broke, too. ``only`` says on which part of the
    domain the subject errs so, if not on all of it.
    """

    mutant: str
    operation: Operation
    misconception: str
    remedy: str
    explains: tuple[str, ...] = ()
    only: str = ""


@dataclass(frozen=True)
class Unmet:
    """An operation that was required to be checked and was not, and the reason."""

    operation: Operation
    reason: str


@dataclass(frozen=True, eq=False)
class Report:
    """The outcome of a whole check; ``errors`` by operation and dtype, where they were asked for.

    ``cut_short`` says how far the check came where time ran out before every step was done, and ``unmet`` which
    operations were required and not checked. ``checked`` are the operations of which a clause was tried, ``refused``
    those that were found and cannot be used; ``notices`` are what may make the verdict misleading. ``isolation``
    is what held the target back, None where it is objects in this process.
    """

    target: str
    seed: int
    budget: str
    level: str
    verdict: Verdict
    supported: tuple[str, ...]
    clauses: tuple[ClauseResult, ...]
    diagnosis: tuple[Diagnosis, ...]
    taken: tuple[str, ...]
    problems: tuple[str, ...]
    output: str
    errors: tuple[Errors, ...] | None = None
    cut_short: tuple[str, ...] = ()
    unmet: tuple[Unmet, ...] = ()
    checked: tuple[Operation, ...] = ()
    refused: tuple[Operation, ...] = ()
    notices: tuple[str, ...] = ()
    isolation: Isolation | None = None

    @property
    def counts(self) -> dict[Status, int]:
        """How many clauses there are of each status."""
        return {status: sum(result.status == status for result in self.clauses) for status in STATUSES}


@dataclass(frozen=True)
class Progressed:
    """``done`` of ``total`` steps are taken, ``rows`` rows examined; the next step is about ``clause``."""

    done: int
    total: int
    clause: str
    rows: int = 0


@dataclass(frozen=True, eq=False)
class Failed:
    """A clause does not hold, as was seen twice; ``counterexample`` is the first found, not yet the smallest."""

    id: str
    level: str
    title: str
    counterexample: Counterexample

    def counts_at(self, level: str) -> bool:
        """Tell whether the clause decides the verdict at ``level``."""
        return _counts(self.level, level)


@dataclass(frozen=True)
class Judged:
    """One clause is settled."""

    result: ClauseResult


@dataclass(frozen=True)
class Finished:
    """The check is over."""

    report: Report


Event: TypeAlias = Progressed | Failed | Judged | Finished
Listener: TypeAlias = Callable[[Event], None]


def verdict_of(results: Sequence[ClauseResult], level: str, *, cut_short: bool = False, unmet: bool = False) -> Verdict:
    """Return the verdict at ``level``; an expected failure was checked, and does not count against the subject.

    An operation that was required and not checked, ``unmet``, is a failure. A run that was ``cut_short`` and met no
    failure is incomplete, whatever passed until then.
    """
    statuses = {result.status for result in results if result.counts_at(level)}
    if unmet or statuses & {"fail", "error"}:
        return "nonconformant"
    if cut_short and statuses & {"pass", "expected-fail", "not-exercised"}:
        return "incomplete"
    return "conformant" if statuses & {"pass", "expected-fail"} else "error"
