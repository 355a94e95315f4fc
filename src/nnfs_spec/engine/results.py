"""Turns what a run found into the results of the report: a status for each clause, a small case for each failure."""

import shlex
from collections.abc import Sequence

import numpy as np

from nnfs_spec.domains import Case
from nnfs_spec.engine.clause_state import ClauseState
from nnfs_spec.engine.events import ClauseResult, Counterexample, Status
from nnfs_spec.engine.options import CheckOptions
from nnfs_spec.engine.root_cause import root_cause
from nnfs_spec.engine.shrink import reduce_case
from nnfs_spec.engine.trial import tried
from nnfs_spec.engine.worked_example import counterexample_of
from nnfs_spec.subject.protocol import Subject

MANY_ROWS = 16
"""A counterexample of more rows than this says that fewer were tried."""


class ResultBuilder:
    """Builds the results, likely causes first, so that a cause is known before what follows from it."""

    def __init__(self, subject: Subject, ranked: Sequence[ClauseState], options: CheckOptions) -> None:
        self._subject = subject
        self._ranked = ranked
        self._options = options

    def results(self) -> dict[str, ClauseResult]:
        """Return the result of every clause by its id."""
        self._charge_unrepeated()
        return {state.clause.id: self._settle(state) for state in self._ranked}

    def _charge_unrepeated(self) -> None:
        """Charge failures that did not show again to the clause about determinism, where that is checked."""
        same_bits = next((s for s in self._ranked if s.tested.role == "same bits"), None)
        for state in self._ranked:
            if state.unrepeated is None or state.failing:
                continue
            if same_bits is None:
                state.failure = state.unrepeated
                continue
            if not same_bits.failing:
                same_bits.failure = same_bits.unrepeated = state.unrepeated
            if state is not same_bits:
                state.explain(state.unrepeated, same_bits.clause.id)

    def _settle(self, state: ClauseState) -> ClauseResult:
        shown = self._counterexample(state) if state.failure else None
        clause = state.clause
        return ClauseResult(
            clause.id,
            clause.level,
            clause.title,
            self._status(state),
            state.cases,
            state.worst if state.cases and np.isfinite(state.worst) else None,
            shown,
            self._replay(clause.id),
            self._cause(state),
            undecided=state.undecided,
        )

    def _cause(self, state: ClauseState) -> str | None:
        """Return the clause that explains a failure and is not itself explained by another."""
        if state.failure is not None or state.explained_by is None:
            return None
        other = next(other for other in self._ranked if other.clause.id == state.explained_by)
        return self._cause(other) or other.clause.id

    def _status(self, state: ClauseState) -> Status:
        if state.failure is not None:
            return "error" if state.failure.status == "error" else "fail"
        if state.explained is not None:
            return "blocked"
        operations = {domain.operation for domain in state.tested.domains}
        if not state.tried and (state.lacking or not operations & self._subject.operations):
            return "unsupported"
        return "pass" if state.cases else "not-exercised"

    def _replay(self, id: str) -> str:
        asked = ["--clause", id, "--budget", self._options.budget, "--seed", str(self._options.seed)]
        asked += ["--run-all"] if self._options.run_all else []
        asked += [word for entry in self._options.mapping for word in ("--map", entry)]
        return shlex.join(["nnfs-spec", "check", self._subject.name, *asked])

    def _counterexample(self, state: ClauseState) -> Counterexample | None:
        """Return the smallest failing case, or None where it turns out that an earlier clause explains the failure."""
        failure = state.failure
        assert failure is not None
        if failure is state.unrepeated:
            return counterexample_of(
                failure, "the same case passed when it was tried again: the subject is not deterministic"
            )
        earlier = self._ranked[: self._ranked.index(state)]
        cause = root_cause(state, failure, earlier, self._subject)
        if cause is not None:
            state.failure = None
            state.explain(failure, cause.clause.id)
            return None
        if not failure.repeatable:
            return counterexample_of(failure)

        def fails(case: Case) -> bool:
            trial = tried(state.tested, self._subject, case)
            if trial is None or trial.status != failure.status:
                return False
            return root_cause(state, trial, earlier, self._subject) is None

        smallest = tried(state.tested, self._subject, reduce_case(failure.case, fails))
        if smallest is None or not smallest.bad:
            return counterexample_of(
                failure, "a smaller case failed once and then passed: the subject is not deterministic"
            )
        return counterexample_of(smallest, _remark(smallest.case))


def _remark(case: Case) -> str | None:
    if "N" not in case.domain.symbols or case.size("N") <= MANY_ROWS:
        return None
    return f"no batch of fewer than {case.size('N')} rows was found to show it"
