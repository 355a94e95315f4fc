"""Runs the plan: tries every domain once for all its clauses, then settles each clause and reduces what failed."""

import shlex
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from nnfs_spec.clauses import Clause, all_clauses
from nnfs_spec.domains import Case, Domain
from nnfs_spec.engine.events import (
    ClauseResult,
    Counterexample,
    Finished,
    Judged,
    Listener,
    Progressed,
    Report,
    Status,
    Verdict,
)
from nnfs_spec.engine.reduce import reduce_case
from nnfs_spec.engine.trial import Trial, attempt
from nnfs_spec.generate.strategies import explore
from nnfs_spec.generate.sweeps import batches
from nnfs_spec.properties import PROPERTIES, Property
from nnfs_spec.subject import Subject, UnsupportedError


@dataclass(frozen=True)
class Budget:
    """How much to try of every clause, domain and dtype: ``batches`` of the sweep, ``examples`` of the search."""

    batches: int
    examples: int


BUDGETS = {"quick": Budget(12, 5), "default": Budget(36, 15), "thorough": Budget(300, 200)}


@dataclass
class _Standing:
    """What is known of one clause so far."""

    clause: Clause
    tested: Property
    cases: int = 0
    worst: float = 0.0
    failure: Trial | None = None
    tried: bool = False

    def take(self, trial: Trial) -> None:
        self.tried = True
        self.cases += trial.rows
        self.worst = max(self.worst, trial.worst)
        if trial.bad:
            self.failure = trial


def check_subject(
    subject: Subject,
    *,
    level: str = "must",
    budget: str = "default",
    seed: int = 0,
    only: Sequence[str] = (),
    problems: Sequence[str] = (),
    listen: Listener = lambda event: None,
) -> Report:
    """Check ``subject`` against every clause, or those of ``only``, and return the report.

    ``level`` is "must" or "should": whether broken advice counts against the subject. Raises KeyError for an unknown
    budget or clause. The same subject and seed give the same report.
    """
    chosen = [all_clauses()[id] for id in only] if only else list(all_clauses().values())
    standings = [_Standing(clause, PROPERTIES[clause.id]) for clause in chosen]
    _try_everything(subject, standings, BUDGETS[budget], seed, listen)
    results: list[ClauseResult] = []
    for standing in standings:
        result = _settle(subject, standing, budget, seed)
        results.append(result)
        listen(Judged(result))
    report = Report(
        subject.name,
        seed,
        budget,
        level,
        _verdict(results, level),
        tuple(sorted(subject.operations)),
        tuple(results),
        tuple(problems),
    )
    listen(Finished(report))
    return report


def _try_everything(subject: Subject, standings: list[_Standing], budget: Budget, seed: int, listen: Listener) -> None:
    """Go through every domain and dtype once, by sweep and by search; each case serves all clauses of its domain."""
    plan = _plan(subject, standings)
    for done, (domain, dtype, concerned) in enumerate(plan):
        listen(Progressed(done, len(plan), concerned[0].clause.id))

        def visit(case: Case, concerned: list[_Standing] = concerned) -> None:
            for standing in concerned:
                trial = _try(subject, standing, case) if standing.failure is None else None
                if trial is not None:
                    standing.take(trial)

        for case in batches(domain, dtype, seed, budget.batches):
            visit(case)
        explore(domain, dtype, visit, budget.examples, seed)


def _plan(subject: Subject, standings: list[_Standing]) -> list[tuple[Domain, np.dtype[Any], list[_Standing]]]:
    """Return every domain that the subject can be asked about, in each dtype, with the clauses that speak of it."""
    concerned: dict[int, tuple[Domain, list[_Standing]]] = {}
    for standing in standings:
        for domain in standing.tested.domains:
            if domain.operation in subject.operations:
                concerned.setdefault(id(domain), (domain, []))[1].append(standing)
    return [(domain, dtype, those) for domain, those in concerned.values() for dtype in domain.dtypes]


def _settle(subject: Subject, standing: _Standing, budget: str, seed: int) -> ClauseResult:
    clause = standing.clause
    shown = _counterexample(subject, standing) if standing.failure else None
    return ClauseResult(
        clause.id,
        clause.level,
        clause.title,
        _status(standing),
        standing.cases,
        standing.worst if standing.cases and np.isfinite(standing.worst) else None,
        shown,
        f"nnfs-spec check {shlex.quote(subject.name)} --clause {clause.id} --budget {budget} --seed {seed}",
    )


def _counterexample(subject: Subject, standing: _Standing) -> Counterexample:
    failure = standing.failure
    assert failure is not None
    again = _try(subject, standing, failure.case)
    if again is None or not again.bad:
        message = f"{failure.message}; a second run of the same case passed: the subject is not deterministic (GEN-2)"
        return _shown(failure, message)

    def fails(case: Case) -> bool:
        trial = _try(subject, standing, case)
        return trial is not None and trial.status == failure.status

    smallest = reduce_case(failure.case, fails) if failure.repeatable else failure.case
    last = _try(subject, standing, smallest)
    return _shown(last, last.message) if last is not None and last.bad else _shown(failure, failure.message)


def _try(subject: Subject, standing: _Standing, case: Case) -> Trial | None:
    """Judge a case; None where the clause turns out to need an operation that the subject has not."""
    try:
        return attempt(standing.tested, subject, case)
    except UnsupportedError:
        return None


def _shown(trial: Trial, message: str) -> Counterexample:
    found = trial.finding
    if found is None:
        return Counterexample(trial.case.arrays, None, None, None, message)
    return Counterexample(trial.case.arrays, found.got, found.expected, found.bound, message)


def _status(standing: _Standing) -> Status:
    if standing.failure is not None:
        return "error" if standing.failure.status == "error" else "fail"
    if not standing.tried:
        return "unsupported"
    return "pass" if standing.cases else "not-exercised"


def _verdict(results: Sequence[ClauseResult], level: str) -> Verdict:
    counted = [result for result in results if result.level == "MUST" or level == "should"]
    if any(result.status in ("fail", "error") for result in counted):
        return "nonconformant"
    return "conformant" if any(result.status == "pass" for result in counted) else "error"
