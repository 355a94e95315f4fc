"""Which clause explains a failure: one cause is reported once, and what follows from it is blocked.

A failure is explained by an earlier clause that fails on one of the very calls that the failing property made, or on
its case as a whole. What is earlier stands in ``rank``.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import get_args

import numpy as np

from nnfs_spec.clauses import CHAPTERS
from nnfs_spec.domains import Case, Domain
from nnfs_spec.engine.clause_state import ClauseState
from nnfs_spec.engine.trial import Trial, tried
from nnfs_spec.oracle.loss import mean
from nnfs_spec.properties.registry import Scope
from nnfs_spec.subject.operations import OPERATIONS, Values
from nnfs_spec.subject.protocol import Call, Subject, numbers_of

MOST_CALLS = 12
"""Calls of a failing property that earlier clauses are held against."""


def rank(state: ClauseState) -> tuple[int, bool, bool, int, int]:
    """Return the place of a clause in the order of causes; clauses of one place stay as in the specification.

    Clauses about every operation and about the network come last, advice after what must hold. Of the others the roots
    come first: shape before finiteness before value, and the value before what follows from it.
    """
    clause, root = state.clause, state.tested.root
    late = get_args(Scope).index(state.tested.scope)
    chapter, place = (0, 0) if root is None else (CHAPTERS.index(clause.chapter), root)
    return late, clause.level == "SHOULD", root is None, chapter, place


def in_root_cause_order(ids: Sequence[str]) -> list[ClauseState]:
    """Return a state for each clause, likely causes first. Raises KeyError for an unknown clause."""
    return sorted(map(ClauseState.of, ids), key=rank)


def root_cause(
    state: ClauseState, trial: Trial, earlier: Sequence[ClauseState], subject: Subject
) -> ClauseState | None:
    """Return the first of the ``earlier`` clauses that explains why ``state`` fails in ``trial``.

    Advice explains no failure of a MUST clause, and what is common to all operations explains nothing, but for an
    argument that is written to where that is forbidden.
    """
    overwrites = state.tested.role == "any layout" and trial.status == "error" and "read-only" in trial.message
    for other in earlier:
        if overwrites and other.tested.role == "arguments unchanged" and other.failing:
            return other
        counts = other.clause.level == "MUST" or state.clause.level == "SHOULD"
        may_explain = counts and other.tested.scope != "every operation" and other.explained_by != state.clause.id
        if other.failing and may_explain and _explains(other, trial, subject):
            return other
    return None


def _explains(other: ClauseState, trial: Trial, subject: Subject) -> bool:
    if not trial.repeatable:
        return _broke_down_alike(other, trial)
    calls = trial.asked[:MOST_CALLS]
    cases = [case for call in calls for domain in other.tested.domains if (case := case_of(call, domain)) is not None]
    cases += [trial.case] if trial.case.domain in other.tested.domains else []
    trials = (tried(other.tested, subject, case) for case in cases)
    return any(again is not None and again.bad for again in trials) or _follows_from_its_samples(other, trial, subject)


def _follows_from_its_samples(other: ClauseState, trial: Trial, subject: Subject) -> bool:
    """Tell whether the loss of a batch errs as its samples do: it has none since they have none, or is their mean."""
    last = next(reversed(trial.asked), None)
    if last is None or last.operation != "loss":
        return False
    samples = replace(last, operation="sample_losses")
    cases = (case_of(samples, domain) for domain in other.tested.domains)
    trials = [tried(other.tested, subject, case) for case in cases if case is not None]
    statuses = {again.status for again in trials if again is not None}
    if trial.status == "error":
        return "error" in statuses
    return "fail" in statuses and is_mean_of_samples(subject, last)


def is_mean_of_samples(subject: Subject, call: Call) -> bool:
    """Tell whether the loss of a batch is the mean of the sample losses that the subject itself gives."""
    each, batch = (
        numbers_of(subject.run([Call(operation, call.arguments, fresh=True)])[0])
        for operation in ("sample_losses", "loss")
    )
    if each is None or batch is None or batch.size != 1:
        return each is batch
    if not np.isfinite(each).all():
        return not np.isfinite(batch).all()
    return bool((mean(each.reshape(-1), call.arguments[0].dtype).share_of_bound(batch) <= 1).all())


def _broke_down_alike(other: ClauseState, trial: Trial) -> bool:
    """Tell whether the subject broke down in the same words for ``other``: it is not made to do so again."""
    known = other.failure or other.explained
    return known is not None and not known.repeatable and known.message == trial.message


def case_of(call: Call, domain: Domain) -> Case | None:
    """Return a call as a member of ``domain``, or None where it is none; one-hot labels count as sparse ones, too."""
    names = tuple(argument.name for argument in domain.arguments)
    if call.operation != domain.operation or names != OPERATIONS[call.operation].argument_names:
        return None
    arrays = dict(zip(names, call.arguments, strict=True))
    first, *others = domain.dtypes
    dtype = arrays[names[0]].dtype if others else first
    *_, labels = domain.arguments
    if labels.values is Values.LABEL and arrays[labels.name].ndim == 2:
        arrays[labels.name] = arrays[labels.name].argmax(axis=1)
    case = Case(domain, dtype, arrays)
    return case if dtype in domain.dtypes and case.belongs() else None
