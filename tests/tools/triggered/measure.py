"""Which triggered mutants a check finds, and the share of them by kind of trigger."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from nnfs_spec.clauses import all_clauses
from nnfs_spec.domains import Case
from nnfs_spec.engine.budget import BUDGETS, BudgetName
from nnfs_spec.engine.call_cache import CallCache
from nnfs_spec.engine.clause_state import ClauseState
from nnfs_spec.engine.plan import Step, steps, units_of
from nnfs_spec.engine.root_cause import in_root_cause_order
from nnfs_spec.engine.trial import tried
from nnfs_spec.subject.protocol import Subject
from tests.tools.triggered.bank import Triggered, bank
from tests.tools.triggered.kinds import KINDS


@dataclass(frozen=True)
class Share:
    """How many mutants behind triggers of a kind were found, and the names of those that slipped."""

    kind: str
    budget: BudgetName
    tried: int
    slipped: tuple[str, ...]

    @property
    def found(self) -> float:
        """The share that was found."""
        return 1 - len(self.slipped) / self.tried


def shares(budget: BudgetName, count: int, seed: int, kinds: Iterable[str] = KINDS) -> Iterator[Share]:
    """Yield the share of each kind, of ``count`` mutants each."""
    for kind in kinds:
        drawn = list(bank(kind, count, seed))
        yield Share(kind, budget, count, tuple(one.name for one in drawn if not is_found(one, budget, seed)))


def is_found(one: Triggered, budget: BudgetName, seed: int) -> bool:
    """Tell whether a check of this budget ends nonconformant; it is left at the first failure that says so."""
    subject = one.subject()
    states = in_root_cause_order(list(all_clauses()))
    plan = steps(units_of(subject.operations, states, subject.reach), BUDGETS[budget], seed)
    cache = CallCache(subject)
    return any(_breaks(subject, cache, state, case) for step in plan for state, case in _shown(step))


def _shown(step: Step) -> Iterator[tuple[ClauseState, Case]]:
    cases: list[Case] = []
    step.show(cases.append)
    return ((state, case) for case in cases for state in step.concerned)


def _breaks(subject: Subject, cache: CallCache, state: ClauseState, case: Case) -> bool:
    """Tell whether a case breaks a MUST; a failure that does not show again breaks GEN-2."""
    trial = tried(state.tested, cache, case)
    if trial is None or not trial.bad:
        return False
    if state.clause.level == "MUST":
        return True
    again = tried(state.tested, subject, case)
    return again is None or not again.bad
