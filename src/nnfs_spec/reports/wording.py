"""What every form of the report says in words: the headline, the failures in groups, the verdict."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from nnfs_spec.engine.events import ClauseResult, Diagnosis, Proof, Report
from nnfs_spec.reports.accuracy_wording import error_sentences
from nnfs_spec.reports.escaping import inline
from nnfs_spec.version import SPEC_VERSION, __version__

KIT = f"nnfs-spec {__version__}, specification {SPEC_VERSION}"
FAILED = ("fail", "error")
DECIDES = 'pip install "nnfs-spec[certified]" decides all but the largest'


@dataclass(frozen=True, eq=False)
class Failure:
    """A clause that does not hold, and the ids of others that gave no result for the same reason."""

    result: ClauseResult
    likewise: tuple[str, ...]


def headline(report: Report) -> str:
    """Return what a claim of conformance has to name: versions, target, level, budget and seed."""
    return f"{KIT}: {inline(report.target)}, level {report.level}, budget {report.budget}, seed {report.seed}"


def summary(report: Report) -> str:
    """Return the verdict in a sentence."""
    shown = sum(result.proof is not None for result in report.clauses)
    passed = report.counts["pass"] - shown
    parts = [f"{shown} {'clause is' if shown == 1 else 'clauses are'} proven over complete sets"] if shown else []
    parts.append(f"{passed} {'clause passes' if passed == 1 else 'clauses pass'}")
    for level in ("MUST", "SHOULD"):
        ids = [c.id for c in report.clauses if c.level == level and c.status in FAILED]
        if ids:
            verb = "clause does" if len(ids) == 1 else "clauses do"
            parts.append(f"{len(ids)} {level} {verb} not hold ({', '.join(ids)})")
    known, repaired = (
        [c.id for c in report.clauses if c.status == status] for status in ("expected-fail", "unexpected-pass")
    )
    if known:
        verb = "fails" if len(known) == 1 else "fail"
        parts.append(f"{len(known)} {verb} as the baseline records ({', '.join(known)})")
    if repaired:
        verb = "passes" if len(repaired) == 1 else "pass"
        parts.append(f"{len(repaired)} {verb} though the baseline records a failure ({', '.join(repaired)})")
    undecided_rows = sum(result.undecided for result in report.clauses)
    if undecided_rows:
        parts.append(f"{undecided_rows:,} {'row' if undecided_rows == 1 else 'rows'} undecided")
    for status in ("blocked", "unsupported", "not-exercised"):
        if report.counts[status]:
            parts.append(f"{report.counts[status]} {status}")
    return f"{inline(report.target)}: {report.verdict}; {'; '.join(parts)}"


def failures(report: Report) -> list[Failure]:
    """Return the failures to show, those that decide first; without a result, one for each message."""
    failed = [result for result in report.clauses if result.status in FAILED and result.counterexample is not None]
    groups: dict[tuple[object, ...], list[ClauseResult]] = {}
    for result in sorted(failed, key=lambda result: not result.counts_at(report.level)):
        groups.setdefault(_likeness(report, result), []).append(result)
    return [Failure(first, tuple(result.id for result in others)) for first, *others in groups.values()]


def failure_headline(report: Report, failure: Failure) -> str:
    """Return the clause, its status and its title."""
    result = failure.result
    return f"{result.id} {result.status}{'' if result.counts_at(report.level) else ' (advice)'}: {result.title}"


def replay_sentence(target: str, result: ClauseResult) -> str:
    """Return what came of trying one counterexample again."""
    match result.status:
        case "pass":
            came = f"{result.id} holds for this input"
        case "not-exercised" if result.undecided:
            came = f"{result.id} is undecided for this input, at the very edge of its bound"
        case "not-exercised":
            came = f"{result.id} says nothing of this input"
        case "unsupported":
            came = f"an operation that {result.id} needs is missing"
        case _:
            came = f"{result.id} does not hold for this input"
    return f"{inline(target)}: {came}"


def status_of(result: ClauseResult) -> str:
    """Return the status as it is shown: a clause that was tried on a complete set is proven on it, not passed."""
    return result.status if result.proof is None else "proven"


def proven(report: Report) -> list[str]:
    """Return a sentence for each complete set over which clauses are proven."""
    groups: dict[Proof, list[str]] = {}
    for result in report.clauses:
        if result.proof is not None:
            groups.setdefault(result.proof, []).append(result.id)
    return [f"proven over {proof.inputs:,} inputs, {proof.of}: {', '.join(ids)}" for proof, ids in groups.items()]


def blocked(report: Report) -> list[str]:
    """Return a sentence for each clause that blocks others."""
    groups: dict[str, list[str]] = {}
    for result in report.clauses:
        if result.blocked_by is not None:
            groups.setdefault(result.blocked_by, []).append(result.id)
    return [f"blocked by {cause}: {', '.join(ids)}" for cause, ids in groups.items()]


def undecided(report: Report) -> list[str]:
    """Return a sentence that counts the rows of each clause that could not be decided, or none where there are none."""
    told = ", ".join(f"{result.id} ({result.undecided:,})" for result in report.clauses if result.undecided)
    if not told:
        return []
    return [f"undecided rows, at the very edge of their bound, which count for nothing: {told}; {DECIDES}"]


def unsupported(report: Report) -> list[str]:
    """Return a sentence that counts the unsupported clauses of each chapter, or none where there are none."""
    chapters = Counter(result.id.partition("-")[0] for result in report.clauses if result.status == "unsupported")
    told = ", ".join(f"{chapter} ({count})" for chapter, count in chapters.items())
    return [f"unsupported, since the target lacks their operations: {told}"] if told else []


def known_failures(report: Report) -> list[str]:
    """Return a sentence for each clause of which the baseline records a failure."""
    return [f"{result.id} {result.status}: {inline(result.known)}" for result in report.clauses if result.known]


def notes_on(report: Report) -> list[str]:
    """Return everything that a written report says beside the statuses, failures and diagnoses of its clauses."""
    taken = (f"took: {one}" for one in report.taken)
    return [
        *proven(report),
        *undecided(report),
        *blocked(report),
        *known_failures(report),
        *taken,
        *error_sentences(report.errors or ()),
        *report.problems,
    ]


def is_advice(report: Report, diagnosis: Diagnosis) -> bool:
    """Tell whether a diagnosis is about clauses that do not count alone, and so explains nothing of the verdict."""
    about = [result for result in report.clauses if result.id in diagnosis.explains]
    return bool(about) and not any(result.counts_at(report.level) for result in about)


def probably(report: Report, diagnosis: Diagnosis) -> str:
    """Return the word that a diagnosis begins with, which says whether it is mere advice."""
    return "Probably (advice)" if is_advice(report, diagnosis) else "Probably"


def diagnosis_lines(report: Report, diagnosis: Diagnosis) -> Sequence[str]:
    """Return what was probably misunderstood, how to mend it, which clauses it explains, and which mutant errs so."""
    about = (f"  explains  {', '.join(diagnosis.explains)}",) if diagnosis.explains else ()
    return (
        f"{probably(report, diagnosis)}: {inline(diagnosis.misconception)}",
        f"  instead   {inline(diagnosis.remedy)}",
        *about,
        f"  like      mutant {inline(diagnosis.mutant)} of {inline(diagnosis.operation)}",
    )


def _likeness(report: Report, result: ClauseResult) -> tuple[object, ...]:
    shown = result.counterexample
    assert shown is not None
    alike = (shown.message,) if shown.got is None else (result.id,)
    return (result.status, result.counts_at(report.level), *alike)
