"""Tells which mutants a subject behaves like, and so what was probably misunderstood."""

from collections.abc import Collection, Sequence

from nnfs_spec.diagnosis.clips import mutants_with_its_clip
from nnfs_spec.diagnosis.compare import Comparison, Match
from nnfs_spec.diagnosis.experiments import NUMBERS, Experiment, Result
from nnfs_spec.diagnosis.experiments_for import experiments
from nnfs_spec.diagnosis.observation import BrokeDownError
from nnfs_spec.diagnosis.parts import match_on_a_part
from nnfs_spec.engine.events import ClauseResult, Diagnosis
from nnfs_spec.engine.root_cause import is_mean_of_samples
from nnfs_spec.mutants import MUTANTS, Mutant
from nnfs_spec.properties import PROPERTIES
from nnfs_spec.subject.operations import OPERATIONS, Operation
from nnfs_spec.subject.protocol import Subject

MOST_ALIKE = 3
"""How many mutants are named that no experiment tells apart."""

REFUSES_NO_ROWS = "GEN-7"
"""The lapse that an error in the numbers may bring along, as the maximum of a whole array does: it tells nothing."""


def diagnose(subject: Subject, results: Sequence[ClauseResult], seed: int) -> tuple[Diagnosis, ...]:
    """Return the misconceptions that explain what failed among ``results``; nothing where none does.

    The subject is compared with the mutants of every operation that a failed clause speaks of, on inputs that tell
    them apart. What explains a broken MUST comes first. The same subject, results and seed give the same diagnosis.
    """
    failed = {result.id for result in results if result.status in ("fail", "error", "blocked")}
    concerned = set[str]().union(*map(_operations_of, failed)) & subject.operations
    musts = {result.id for result in results if result.level == "MUST"} & failed
    found: list[Mutant] = []
    partly: list[Diagnosis] = []
    for operation in OPERATIONS:
        if operation in concerned:
            matches = [match.mutant for match in _matches(subject, operation, failed, seed)]
            found += matches
            if all(musts.isdisjoint(mutant.killed_by) for mutant in matches):
                partly += _on_a_part(subject, operation, results, seed)
    found.sort(key=lambda mutant: musts.isdisjoint(mutant.killed_by))
    broken = [result.id for result in results if result.id in failed]
    wholly = [_diagnosis(wrong, [clause for clause in broken if clause in wrong.killed_by]) for wrong in found]
    return (*partly, *wholly)


def _diagnosis(wrong: Mutant, explains: Sequence[str], only: str = "") -> Diagnosis:
    return Diagnosis(wrong.name, wrong.operation, wrong.misconception, wrong.remedy, tuple(explains), only)


def _on_a_part(subject: Subject, operation: Operation, results: Sequence[ClauseResult], seed: int) -> list[Diagnosis]:
    """Return the mistake that a subject makes on a part of the domain alone, where it explains a broken MUST."""
    broken = [
        result
        for result in results
        if result.level == "MUST" and result.status in ("fail", "error") and operation in _operations_of(result.id)
    ]
    if not broken or (operation == "loss" and "sample_losses" in subject.operations):
        return []
    own = {operation, "sample_losses"} if operation == "loss" else {operation}
    mutants = [mutant for mutant in MUTANTS.values() if mutant.operation in own]
    try:
        match = match_on_a_part(subject, operation, mutants, broken, seed)
    except BrokeDownError:
        return []
    if match is None:
        return []
    wrong, part = match
    explains = [one.id for one in broken if one.id in (*wrong.killed_by, *part.about)]
    return [_diagnosis(wrong, explains, part.words)] if explains else []


def _operations_of(clause: str) -> set[str]:
    """Return the operations that a clause speaks of; all of them for one about the network.

    What the sample losses have to refuse, the batch loss has to refuse as well.
    """
    if PROPERTIES[clause].scope == "network":
        return set(OPERATIONS)
    operations: set[str] = {domain.operation for domain in PROPERTIES[clause].domains}
    return operations | {"loss"} if "sample_losses" in operations else operations


def _matches(subject: Subject, operation: Operation, failed: Collection[str], seed: int) -> list[Match]:
    planned = experiments(operation, seed)
    try:
        comparison = Comparison(subject, operation, planned)
        followed = _consequences(subject, planned, seed) if operation == "loss" else frozenset[str]()
    except BrokeDownError:
        return []
    own = {operation}
    if operation == "loss" and "sample_losses" not in subject.operations:
        own.add("sample_losses")
    mutants = [mutant for mutant in MUTANTS.values() if mutant.operation in own]
    matches = _matching(comparison, mutants, followed)
    if operation in ("sample_losses", "loss") and not any(NUMBERS in match.shared for match in matches):
        matches += _matching(comparison, mutants_with_its_clip(subject, operation), followed)
    wrong = [match for match in matches if NUMBERS in match.shared]
    lapses = [match for match in matches if NUMBERS not in match.shared and {*match.mutant.killed_by} & {*failed}]
    if NUMBERS in comparison.errs_in():
        lapses = [match for match in lapses if REFUSES_NO_ROWS not in match.shared]
    chosen = _best(wrong, failed)
    for shared in dict.fromkeys(match.shared for match in lapses):
        if not any(shared < other.shared for other in lapses):
            chosen += _best([match for match in lapses if match.shared == shared], failed)
    return chosen


def _matching(comparison: Comparison, mutants: Sequence[Mutant], followed: Collection[str]) -> list[Match]:
    """Return the matches but for those in consequence of what another operation does."""
    compared = (comparison.match(mutant) for mutant in mutants)
    return [match for match in compared if match is not None and match.shared.isdisjoint(followed)]


def _best(matches: list[Match], failed: Collection[str]) -> list[Match]:
    """Return those of several equal matches that agree in most aspects and name the clauses that failed best."""
    ranks = [(len(m.shared) - len(m.apart), _named(m, failed)) for m in matches]
    return [match for match, rank in zip(matches, ranks, strict=True) if rank == max(ranks)][:MOST_ALIKE]


def _named(match: Match, failed: Collection[str]) -> float:
    """Return the share of the clauses that a mutant names which failed."""
    killed_by = match.mutant.killed_by
    return sum(clause in failed for clause in killed_by) / len(killed_by)


def _consequences(subject: Subject, planned: Sequence[Experiment], seed: int) -> frozenset[str]:
    """Return the aspects in which the loss errs only because the sample losses do, of which it is the mean."""
    if "sample_losses" not in subject.operations:
        return frozenset()
    errs = Comparison(subject, "sample_losses", experiments("sample_losses", seed)).errs_in()
    calls = [experiment.call for experiment in planned if isinstance(experiment, Result)]
    return errs if all(is_mean_of_samples(subject, call) for call in calls) else errs - {NUMBERS}
