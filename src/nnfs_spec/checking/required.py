"""Which operations a run checked, and which of those that were required it did not."""

from collections.abc import Sequence

from nnfs_spec.engine.events import ClauseResult, Unmet
from nnfs_spec.properties import PROPERTIES
from nnfs_spec.subject.operations import OPERATIONS, Operation
from nnfs_spec.subject.protocol import Account, Answer, Call, Subject

NOT_TRIED = ("unsupported", "not-exercised")


def unmet_requirements(
    subject: Subject,
    account: Account,
    results: Sequence[ClauseResult],
    required: Sequence[Operation],
    *,
    cut_short: bool,
) -> tuple[Unmet, ...]:
    """Return the ``required`` operations that were not checked, each with the reason.

    One that only time was lacking for leaves the run incomplete, which is no failure.
    """
    found: list[Unmet] = []
    for operation in required:
        if operation not in subject.operations:
            reasons = [reason for lacking, reason in account.lacking if lacking == operation]
            found.append(Unmet(operation, "; ".join(dict.fromkeys(reasons)) or "not found in the target"))
        elif not clauses_about(operation, results):
            found.append(Unmet(operation, "no clause that was asked for speaks of it"))
        elif not cut_short and not _tried(operation, results):
            found.append(Unmet(operation, _why_not_tried(subject, operation)))
    return tuple(found)


def checked_operations(subject: Subject, results: Sequence[ClauseResult]) -> tuple[Operation, ...]:
    """Return the operations of which at least one clause was tried."""
    return tuple(
        operation for operation in OPERATIONS if operation in subject.operations and _tried(operation, results)
    )


def refused_operations(subject: Subject, account: Account) -> tuple[Operation, ...]:
    """Return the operations that were found in a form that cannot be used."""
    lacking = {operation for operation, _ in account.lacking} - subject.operations
    return tuple(operation for operation in OPERATIONS if operation in lacking)


def _tried(operation: Operation, results: Sequence[ClauseResult]) -> bool:
    return any(result.status not in NOT_TRIED for result in clauses_about(operation, results))


def clauses_about(operation: Operation, results: Sequence[ClauseResult]) -> list[ClauseResult]:
    """Return the clauses that speak of an operation alone; those that also speak of others where there are none."""
    named = [(result, {domain.operation for domain in PROPERTIES[result.id].domains}) for result in results]
    own = [result for result, operations in named if operations == {operation}]
    return own or [result for result, operations in named if operation in operations]


def _why_not_tried(subject: Subject, operation: Operation) -> str:
    """Return what comes of the plainest call of an operation of which no clause was tried."""
    plainest = [Call(operation, arguments) for arguments in OPERATIONS[operation].trials[:1]]
    messages = [one.message for one in subject.run(plainest) if not isinstance(one, Answer)] if plainest else []
    return f"it cannot be called: {messages[0]}" if messages else "none of its clauses was tried"
