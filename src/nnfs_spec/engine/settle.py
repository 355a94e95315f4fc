"""From what a run met to what the report says: each clause settled, each failure made small."""

import shlex
from collections.abc import Sequence

import numpy as np

from nnfs_spec.domains import Case
from nnfs_spec.engine.blame import culprit
from nnfs_spec.engine.events import ClauseResult, Counterexample, Status
from nnfs_spec.engine.reduce import reduce_case
from nnfs_spec.engine.shown import counterexample_of
from nnfs_spec.engine.standing import Standing
from nnfs_spec.engine.trial import tried
from nnfs_spec.subject import Subject

MANY_ROWS = 16
"""A counterexample of more rows than this says that fewer were tried."""

SAME_BITS = "GEN-2"
"""The clause that a failure breaks if it does not show again."""


class Settlement:
    """Settles the clauses in the order of blame, so that a cause is known before what follows from it."""

    def __init__(self, subject: Subject, ranked: Sequence[Standing], budget: str, seed: int) -> None:
        self._subject = subject
        self._ranked = ranked
        self._budget = budget
        self._seed = seed

    def results(self) -> dict[str, ClauseResult]:
        """Return the result of every clause by its id."""
        self._charge_unrepeated()
        return {standing.clause.id: self._settle(standing) for standing in self._ranked}

    def _charge_unrepeated(self) -> None:
        """Charge failures that did not show again to the clause about determinism, where that is checked."""
        same_bits = next((s for s in self._ranked if s.clause.id == SAME_BITS), None)
        for standing in self._ranked:
            if standing.unrepeated is None or standing.failing:
                continue
            if same_bits is None:
                standing.failure = standing.unrepeated
                continue
            if not same_bits.failing:
                same_bits.failure = same_bits.unrepeated = standing.unrepeated
            if standing is not same_bits:
                standing.explain(standing.unrepeated, SAME_BITS)

    def _settle(self, standing: Standing) -> ClauseResult:
        shown = self._counterexample(standing) if standing.failure else None
        clause = standing.clause
        return ClauseResult(
            clause.id,
            clause.level,
            clause.title,
            self._status(standing),
            standing.cases,
            standing.worst if standing.cases and np.isfinite(standing.worst) else None,
            shown,
            self._replay(clause.id),
            self._cause(standing),
            undecided=standing.undecided,
        )

    def _cause(self, standing: Standing) -> str | None:
        """Return the clause that explains a failure and is not itself explained by another."""
        if standing.failure is not None or standing.explained_by is None:
            return None
        other = next(other for other in self._ranked if other.clause.id == standing.explained_by)
        return self._cause(other) or other.clause.id

    def _status(self, standing: Standing) -> Status:
        if standing.failure is not None:
            return "error" if standing.failure.status == "error" else "fail"
        if standing.explained is not None:
            return "blocked"
        operations = {domain.operation for domain in standing.tested.domains}
        if not standing.tried and (standing.lacking or not operations & self._subject.operations):
            return "unsupported"
        return "pass" if standing.cases else "not-exercised"

    def _replay(self, id: str) -> str:
        target = shlex.quote(self._subject.name)
        return f"nnfs-spec check {target} --clause {id} --budget {self._budget} --seed {self._seed}"

    def _counterexample(self, standing: Standing) -> Counterexample | None:
        """Return the smallest failing case, or None where it turns out that an earlier clause explains the failure."""
        failure = standing.failure
        assert failure is not None
        if failure is standing.unrepeated:
            return counterexample_of(
                failure, "the same case passed when it was tried again: the subject is not deterministic"
            )
        earlier = self._ranked[: self._ranked.index(standing)]
        cause = culprit(standing, failure, earlier, self._subject)
        if cause is not None:
            standing.failure = None
            standing.explain(failure, cause.clause.id)
            return None
        if not failure.repeatable:
            return counterexample_of(failure)

        def fails(case: Case) -> bool:
            trial = tried(standing.tested, self._subject, case)
            if trial is None or trial.status != failure.status:
                return False
            return culprit(standing, trial, earlier, self._subject) is None

        smallest = tried(standing.tested, self._subject, reduce_case(failure.case, fails))
        if smallest is None or not smallest.bad:
            return counterexample_of(
                failure, "a smaller case failed once and then passed: the subject is not deterministic"
            )
        return counterexample_of(smallest, _remark(smallest.case))


def _remark(case: Case) -> str | None:
    if "N" not in case.domain.symbols or case.size("N") <= MANY_ROWS:
        return None
    return f"no batch of fewer than {case.size('N')} rows was found to show it"
