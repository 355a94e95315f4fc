"""The row at fault, written out: the sum or the maximum that the result should have been."""

from collections.abc import Callable, Mapping

import numpy as np

from nnfs_spec.arrays import Array
from nnfs_spec.domains import Case
from nnfs_spec.engine.events import Counterexample
from nnfs_spec.engine.row_at_fault import excess_of
from nnfs_spec.engine.trial import Trial
from nnfs_spec.oracle import exact
from nnfs_spec.properties.finding import Finding
from nnfs_spec.subject.operations import Operation

MOST_TERMS = 6


def work_out_row(trial: Trial) -> str | None:
    """Return the arithmetic of the row at fault; None where it has too many terms or no value."""
    found, case = trial.finding, trial.case
    if found is None or found.expected.dtype.kind not in "iuf" or case.domain.operation not in WRITERS:
        return None
    if not len(case.arguments[0]):
        return None
    if any(argument.dtype.kind == "f" and not np.isfinite(argument).all() for argument in case.arguments):
        return None
    return WRITERS[case.domain.operation](case, _row(found, len(case.arguments[0])))


def _row(found: Finding, count: int) -> int:
    """Return the violating row that exceeds its bound by most; the first where nothing tells rows apart."""
    rows = np.flatnonzero(found.violating) if len(found.violating) == count else np.empty(0, np.int64)
    if not rows.size:
        return 0
    excess = excess_of(found.got, found.expected, found.bound)
    if excess is None or excess.shape[:1] != (count,):
        return int(rows[0])
    return int(rows[excess.reshape(count, -1).max(axis=1)[rows].argmax()])


def _dense(case: Case, row: int) -> str | None:
    x, w, b = case.arguments
    if len(w) > MOST_TERMS:
        return None
    value = exact("dense", case.arguments).hi[row, 0]
    products = [f"{_told(factor)}·{_told(weight)}" for factor, weight in zip(x[row], w[:, 0], strict=True)]
    return f"row {row}, neuron 0: {' + '.join([*products, _told(b[0, 0])])} = {value!s}"


def _relu(case: Case, row: int) -> str | None:
    (inputs,) = case.arguments
    x = inputs[row]
    if x.size > MOST_TERMS:
        return None
    return f"row {row}: " + ", ".join(f"max(0, {entry!s}) = {np.maximum(entry, 0)!s}" for entry in x)


def _softmax(case: Case, row: int) -> str | None:
    (inputs,) = case.arguments
    z = inputs[row]
    if z.size > MOST_TERMS:
        return None
    terms = " + ".join(f"e^({entry!s} - {_told(z.max())})" for entry in z)
    shares = ", ".join(map(str, exact("softmax", case.arguments).hi[row]))
    return f"row {row}: s = {terms}, and each term over s is {shares}"


def _sample_losses(case: Case, row: int) -> str | None:
    p, labels = case.arguments
    label = int(labels[row] if labels.ndim == 1 else labels[row].argmax())
    value = exact("sample_losses", case.arguments).hi[row]
    return f"row {row}: -ln(clip({p[row, label]!s})) = {value!s}"


def _loss(case: Case, row: int) -> str | None:
    each = exact("sample_losses", case.arguments).hi
    if each.size > MOST_TERMS:
        return None
    terms = " + ".join(map(str, each))
    return f"({terms}) / {each.size} = {exact('loss', case.arguments).hi[0]!s}"


def _accuracy(case: Case, row: int) -> str | None:
    scores, labels = case.arguments
    if len(scores) > MOST_TERMS:
        return None
    best = scores.argmax(axis=1)
    right = int(np.count_nonzero(best == labels))
    return f"largest at classes {best.tolist()}, labels {labels.tolist()}: {right} of {len(labels)} right"


def _told(number: Array) -> str:
    """Return a number, in parentheses where a sign would run into an operator."""
    return f"({number!s})" if str(number).startswith("-") else str(number)


WRITERS: Mapping[Operation, Callable[[Case, int], str | None]] = {
    "dense": _dense,
    "relu": _relu,
    "softmax": _softmax,
    "sample_losses": _sample_losses,
    "loss": _loss,
    "accuracy": _accuracy,
}


def counterexample_of(trial: Trial, remark: str | None = None) -> Counterexample:
    """Return the case of ``trial``, with what was got and expected where there was a result."""
    operation, arrays, found = trial.case.domain.operation, trial.case.arrays, trial.finding
    if found is None:
        return Counterexample(operation, arrays, None, None, None, trial.message, None, remark)
    values = found.got, found.expected, found.bound
    return Counterexample(operation, arrays, *values, trial.message, work_out_row(trial), remark)
