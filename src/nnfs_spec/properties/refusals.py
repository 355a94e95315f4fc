"""What the clauses about bad input share: a call must raise, never answer."""

import numpy as np

from nnfs_spec.properties.finding import Finding, holds
from nnfs_spec.subject.protocol import Answer, Call, Probe


def refuses(subject: Probe, *calls: Call) -> Finding:
    """Judge whether the subject raises an exception for each of ``calls``; every call counts as one case."""
    outcomes = subject.outcomes(*calls)
    answered = [outcome for outcome in outcomes if isinstance(outcome, Answer)]
    got = answered[0].results[0] if answered else np.asarray("an error")
    refused = np.array([not isinstance(outcome, Answer) for outcome in outcomes])
    answering = [call for call, ok in zip(calls, refused, strict=True) if not ok]
    demand = f"an error for {told(answering[0])}" if answering else "an error"
    found = holds(refused, got, np.asarray("an error"), demand)
    return found.about(answering[0]) if answering else found


def told(call: Call) -> str:
    """Return a call in words: the operation, and the dtype and entries of each argument."""
    return f"{call.operation} of {', '.join(f'{argument.dtype} {argument.tolist()}' for argument in call.arguments)}"
