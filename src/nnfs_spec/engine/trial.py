"""One trial: one property, one case, one subject; whatever the subject does becomes a verdict."""

from dataclasses import dataclass

import numpy as np

from nnfs_spec.domains import Case
from nnfs_spec.properties.finding import Finding
from nnfs_spec.properties.registry import Property
from nnfs_spec.subject.protocol import (
    Askable,
    BrokenError,
    Call,
    MalformedError,
    Probe,
    RefusedError,
    Subject,
    TooSlowError,
    UnsupportedError,
)


@dataclass(frozen=True, eq=False)
class Trial:
    """``finding`` where the property could judge; else ``message``, and ``status`` "fail" or "error".

    ``repeatable`` is False where another try would cost a new process or a whole timeout; ``asked`` are the
    calls that the property made, and ``call`` the one that is at fault, where that is known.
    """

    case: Case
    status: str
    finding: Finding | None
    message: str
    repeatable: bool = True
    asked: tuple[Call, ...] = ()
    call: Call | None = None

    @property
    def bad(self) -> bool:
        """Whether the clause does not hold for this case."""
        return self.status != "pass"

    @property
    def rows(self) -> int:
        """How many rows were examined; a case on which the subject broke down counts as one."""
        return self.finding.cases if self.finding else 1

    @property
    def undecided(self) -> int:
        """How many rows are too near the edge of their bound to be decided."""
        return self.finding.undecided if self.finding else 0

    @property
    def worst(self) -> float:
        """The largest share of the bound; infinite where there was no result to judge."""
        return self.finding.worst if self.finding else float("inf")


def attempt(tested: Property, subject: Askable, case: Case) -> Trial:
    """Judge ``subject`` by one property on one case. Raises UnsupportedError only."""
    probe = Probe(subject)

    def without_finding(status: str, message: str, call: Call | None = None, repeatable: bool = True) -> Trial:
        return Trial(case, status, None, message, repeatable, tuple(probe.asked), call)

    try:
        with np.errstate(all="ignore"):
            finding = tested.judge(probe, case)
    except MalformedError as malformed:
        return without_finding("fail", str(malformed), malformed.call)
    except RefusedError as refused:
        return without_finding("error", str(refused), refused.call)
    except BrokenError as broken:
        return without_finding("error", str(broken), broken.call, repeatable=False)
    except UnsupportedError:
        raise
    except Exception as unexpected:  # a subject's results may defeat a property in ways that no one foresaw
        return without_finding("error", f"cannot be judged: {type(unexpected).__name__}: {unexpected}")
    status = "fail" if finding.violating.any() else "pass"
    call = finding.call or probe.call_of(finding.got, case.domain.operation)
    return Trial(case, status, finding, finding.demand, asked=tuple(probe.asked), call=call)


def tried(tested: Property, subject: Subject, case: Case) -> Trial | None:
    """Judge a case, or its first rows where all take too long; None where the subject has not what is needed."""
    try:
        return attempt(tested, subject, case)
    except TooSlowError:
        smaller = _first_rows(case)
        return None if smaller is None else tried(tested, subject, smaller)
    except UnsupportedError:
        return None


def _first_rows(case: Case) -> Case | None:
    """Return the first eighth of the rows of a case, or fewer; None where no fewer rows are a case."""
    rows = case.size("N") // 8 if "N" in case.domain.symbols else 0
    smaller = case.take("N", np.arange(rows)) if rows else case
    return smaller if rows and smaller.belongs() else None
