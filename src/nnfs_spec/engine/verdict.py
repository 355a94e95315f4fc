"""From how the clauses fared to the verdict."""

from collections.abc import Sequence

from nnfs_spec.engine.events import ClauseResult, Verdict


def verdict_of(results: Sequence[ClauseResult], level: str) -> Verdict:
    """Return the verdict at ``level``; an expected failure was checked, and does not count against the subject."""
    statuses = {result.status for result in results if result.counts_at(level)}
    if statuses & {"fail", "error"}:
        return "nonconformant"
    return "conformant" if statuses & {"pass", "expected-fail"} else "error"
