"""What every form of the report says in words: the headline, the failures in groups, the verdict."""

from dataclasses import dataclass

from nnfs_spec.clauses import all_clauses
from nnfs_spec.engine.events import ClauseResult, Diagnosis, Proof, Report, Status
from nnfs_spec.reports.accuracy_wording import error_sentences
from nnfs_spec.reports.counterexample import title_of
from nnfs_spec.reports.escaping import inline
from nnfs_spec.subject.operations import OPERATIONS
from nnfs_spec.subject.protocol import Isolation
from nnfs_spec.version import SPEC_VERSION, __version__

KIT = f"nnfs-spec {__version__}, specification {SPEC_VERSION}"
FAILED = ("fail", "error")
MOST_IDS = 4
DECIDES = 'pip install "nnfs-spec[certified]" decides all but the largest'


@dataclass(frozen=True, eq=False)
class Failure:
    """A clause that does not hold, the ids of others that failed for the same reason, and its probable cause."""

    result: ClauseResult
    likewise: tuple[str, ...]
    diagnosis: Diagnosis | None = None


@dataclass(frozen=True)
class Chapter:
    """The clauses of one chapter, each with its square, and in words those that do not simply pass."""

    name: str
    squares: tuple[tuple[str, Status], ...]
    words: str


def headline(report: Report) -> str:
    """Return what a claim of conformance has to name: versions, target, level, budget and seed."""
    return f"{KIT}: {inline(report.target)}, level {report.level}, budget {report.budget}, seed {report.seed}"


def summary(report: Report) -> str:
    """Return the verdict in a sentence."""
    shown = sum(result.proof is not None for result in report.clauses)
    passed = report.counts["pass"] - shown
    parts = list(report.cut_short)
    if report.unmet:
        count = "1 required operation is" if len(report.unmet) == 1 else f"{len(report.unmet)} required operations are"
        parts.append(f"{count} not checked ({', '.join(one.operation for one in report.unmet)})")
    parts += [f"{shown} {'clause is' if shown == 1 else 'clauses are'} proven over complete sets"] if shown else []
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
    return f"{inline(report.target)}: {report.verdict}; {'; '.join([*_coverage(report), *parts])}"


def _coverage(report: Report) -> list[str]:
    """Return how much of what was found in the target was checked, unless only some clauses were asked for."""
    if len(report.clauses) < len(all_clauses()):
        return []
    found = {*report.supported, *report.refused}
    names = [operation for operation in OPERATIONS if operation in report.checked]
    if len(names) == len(found) == 1:
        return [f"checked {names[0]}, all that was found"]
    if names and len(names) == len(found):
        return [f"checked all {len(found)} operations found"]
    return [f"checked {', '.join(names) or 'nothing'} of {len(found)} operations found"]


def notice_sentences(report: Report) -> list[str]:
    """Return a sentence for whatever may make the verdict misleading, to be said above it."""
    return [f"notice: {inline(one)}" for one in report.notices]


def required_sentences(report: Report) -> list[str]:
    """Return a sentence for each operation that was required and not checked."""
    return [f"required and not checked: {one.operation}: {inline(one.reason)}" for one in report.unmet]


def failures(report: Report) -> list[Failure]:
    """Return the failures to show, those that decide first; without a result, one for each message.

    A diagnosis stands with the first failure that it explains.
    """
    failed = [result for result in report.clauses if result.status in FAILED and result.counterexample is not None]
    groups: dict[tuple[object, ...], list[ClauseResult]] = {}
    for result in sorted(failed, key=lambda result: not result.counts_at(report.level)):
        groups.setdefault(_likeness(report, result), []).append(result)
    left = list(report.diagnosis)
    found: list[Failure] = []
    for first, *others in groups.values():
        ids = (first.id, *(result.id for result in others))
        cause = next((one for one in left if set(one.explains) & set(ids)), None)
        if cause is not None:
            left.remove(cause)
        found.append(Failure(first, ids[1:], cause))
    return found


def causes_without_failure(report: Report) -> list[Diagnosis]:
    """Return the diagnoses that stand with none of the failures that are shown."""
    shown = [failure.diagnosis for failure in failures(report)]
    return [one for one in report.diagnosis if one not in shown]


def decides(report: Report, failure: Failure) -> bool:
    """Return whether a failure counts at the level of the check; otherwise it is advice."""
    return failure.result.counts_at(report.level)


def checked_operations(report: Report) -> str:
    """Return which operations were checked, and which the target was not found to have; or which clauses were asked."""
    if len(report.clauses) < len(all_clauses()):
        asked = [result.id for result in report.clauses]
        some = ", ".join(asked[:MOST_IDS]) + (" and others" if len(asked) > MOST_IDS else "")
        counted = "1 clause that was" if len(asked) == 1 else f"{len(asked)} clauses that were"
        return f"checked: only the {counted} asked for ({some})"
    found = [operation for operation in OPERATIONS if operation in {*report.supported, *report.refused}]
    left_out = ", ".join(operation for operation in found if operation not in report.checked)
    missing = ", ".join(operation for operation in OPERATIONS if operation not in found)
    count = f"{len(report.checked)} of {len(OPERATIONS)} operations"
    told = [f"checked: {', '.join(report.checked) or 'nothing'} ({count})"]
    told += [f"found and not checked: {left_out}"] if left_out else []
    told += [f"not found in the target: {missing}"] if missing else []
    return "; ".join(told)


SQUARES: dict[Status, str] = {
    "pass": "■",
    "fail": "✗",
    "error": "✗",
    "blocked": "□",
    "not-exercised": "–",
    "expected-fail": "x",
    "unexpected-pass": "!",
    "unsupported": "·",
}
"""The square of every status; LEGEND says what they mean."""

LEGEND = "■ pass, ✗ fails, □ blocked by another clause, – not exercised, x known failure, ! repaired, · unsupported"


def strip(report: Report) -> list[Chapter]:
    """Return a square for each clause, one chapter a row; chapters without a supported clause are left out."""
    chapters: dict[str, list[ClauseResult]] = {}
    for result in report.clauses:
        chapters.setdefault(result.id.partition("-")[0], []).append(result)
    found: list[Chapter] = []
    for name, results in chapters.items():
        if all(result.status == "unsupported" for result in results):
            continue
        groups: dict[str, list[str]] = {}
        for result in results:
            word = _WORDS.get(result.status)
            if word is not None:
                advice = " (advice)" if result.status in FAILED and not result.counts_at(report.level) else ""
                groups.setdefault(word + advice, []).append(result.id.rpartition("-")[2])
        words = "; ".join(f"{word} {', '.join(numbers)}" for word, numbers in groups.items())
        found.append(Chapter(name, tuple((result.id, result.status) for result in results), words))
    return found


def squares_of(chapter: Chapter) -> str:
    """Return the squares of a chapter as text."""
    return "".join(SQUARES[status] for _, status in chapter.squares)


_WORDS: dict[Status, str] = {
    "fail": "fails",
    "error": "fails",
    "blocked": "blocked",
    "not-exercised": "not exercised",
    "expected-fail": "known",
    "unexpected-pass": "repaired",
}


def failure_headline(report: Report, failure: Failure) -> str:
    """Return the clause, its status and its title."""
    result = failure.result
    return f"{result.id} {result.status}{'' if result.counts_at(report.level) else ' (advice)'}: {title_of(result)}"


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


def known_failures(report: Report) -> list[str]:
    """Return a sentence for each clause of which the baseline records a failure."""
    return [f"{result.id} {result.status}: {inline(result.known)}" for result in report.clauses if result.known]


def isolated(report: Report) -> list[str]:
    """Return what held the target back, or why no sandbox did, where one was asked for."""
    if report.isolation is None or (report.isolation.sandbox == "none" and report.isolation.reason is None):
        return []
    return [isolation_sentence(report.isolation)]


def isolation_sentence(isolation: Isolation) -> str:
    """Return what held a target back, in words."""
    why = f" ({inline(isolation.reason)})" if isolation.reason else ""
    return f"sandbox: {isolation.sandbox}{why}; memory is limited by {' and '.join(isolation.memory) or 'nothing'}"


def notes_on(report: Report) -> list[str]:
    """Return what a written report says beside its clauses and diagnoses, each note once."""
    taken = (f"checked as: {one}" for one in report.taken)
    notes = (
        *proven(report),
        *undecided(report),
        *blocked(report),
        *known_failures(report),
        *taken,
        *error_sentences(report.errors or ()),
        *isolated(report),
        *report.problems,
    )
    return list(dict.fromkeys(notes))


def is_advice(report: Report, diagnosis: Diagnosis) -> bool:
    """Return whether a diagnosis explains nothing of the verdict: its clauses do not count at the report's level."""
    about = [result for result in report.clauses if result.id in diagnosis.explains]
    return bool(about) and not any(result.counts_at(report.level) for result in about)


def cause_sentences(diagnosis: Diagnosis) -> tuple[tuple[str, str], ...]:
    """Return what was probably misunderstood, what to do instead, and which known mistake it matches."""
    only = f", but only {inline(diagnosis.only)}" if diagnosis.only else ""
    matches = f"{inline(diagnosis.mutant)} ({inline(diagnosis.operation)}){only}"
    explains = f"; it explains {', '.join(diagnosis.explains)}" if diagnosis.explains else ""
    return (
        ("You may have thought", inline(diagnosis.misconception)),
        ("Instead", inline(diagnosis.remedy)),
        ("Matches a known mistake", f"{matches}{explains}"),
    )


def cause_in_brief(diagnosis: Diagnosis) -> str:
    """Return a cause in one line."""
    thought, instead, _ = cause_sentences(diagnosis)
    return f"{thought[0]}: {thought[1]} {instead[0]}: {instead[1]}"


def _likeness(report: Report, result: ClauseResult) -> tuple[object, ...]:
    shown = result.counterexample
    assert shown is not None
    alike = (shown.message,) if shown.got is None else (result.id,)
    return (result.status, result.counts_at(report.level), *alike)
