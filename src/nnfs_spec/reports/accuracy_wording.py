"""Measured errors in words: their figures, and what could not be measured."""

from collections.abc import Sequence

from nnfs_spec.engine.events import Errors


def figures_of(errors: Errors) -> tuple[str, str, str]:
    """Return the worst share of the bound, the worst error and the mean in ULP; empty where there is none."""
    share, worst, mean = ("" if one is None else f"{one:.3g}" for one in (errors.share, errors.worst, errors.mean))
    return share, worst, mean


def error_notes(errors: Sequence[Errors]) -> list[str]:
    """Return a sentence for what could not be measured: where nobody can tell the error, and what gave no result."""
    notes: list[str] = []
    for one in errors:
        place = f"{one.operation} {one.dtype}"
        if one.undecided:
            notes.append(f"{place}: the error of {one.undecided:,} entries is not known closely enough to count")
        if one.unanswered:
            notes.append(f"{place}: {one.unanswered:,} {'batch' if one.unanswered == 1 else 'batches'} gave no result")
    return notes


def error_sentences(errors: Sequence[Errors]) -> list[str]:
    """Return the errors of each operation and dtype in a sentence, for the forms of a report that have no table."""
    told: list[str] = []
    for one in errors:
        share, worst, mean = figures_of(one)
        most = f"at most {share} of the bound and {worst} ULP, {mean} ULP on average, over {one.entries:,} entries"
        told += [f"errors of {one.operation} {one.dtype}: {most}"] if one.entries else []
    return [*told, *error_notes(errors)]
