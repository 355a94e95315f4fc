"""The row at fault, written out: the sum or the maximum that the result should have been."""

from collections.abc import Callable, Mapping
from typing import TypeAlias

import numpy as np

from nnfs_spec.arrays import Array
from nnfs_spec.engine.events import Counterexample
from nnfs_spec.engine.row_at_fault import excess_of
from nnfs_spec.engine.trial import Trial
from nnfs_spec.oracle import exact
from nnfs_spec.properties.finding import Finding
from nnfs_spec.subject.layouts import C_ORDER
from nnfs_spec.subject.operations import OPERATIONS, Operation
from nnfs_spec.subject.protocol import Call

Arguments: TypeAlias = tuple[Array, ...]

MOST_TERMS = 6


def work_out_row(trial: Trial) -> str | None:
    """Return the arithmetic of the row at fault; None where it has too many terms or no value."""
    found, case = trial.finding, trial.case
    other = call_at_fault(trial)
    operation = case.domain.operation if other is None else other.operation
    if found is None or found.expected.dtype.kind not in "iuf" or operation not in WRITERS:
        return None
    arguments = case.arguments if other is None else other.arguments
    if arguments[0].ndim != 2 or arguments[0].dtype.kind != "f" or not len(arguments[0]):
        return None
    if any(argument.dtype.kind == "f" and not np.isfinite(argument).all() for argument in arguments):
        return None
    return WRITERS[operation](arguments, _row(found, len(arguments[0])))


def call_at_fault(trial: Trial) -> Call | None:
    """Return the call of a batch that is at fault where it is another than that of the case; else None."""
    call, case = trial.call, trial.case
    if call is None or OPERATIONS[call.operation].kind != "batch":
        return None
    own = OPERATIONS[call.operation].argument_names == tuple(case.arrays) and call.operation == case.domain.operation
    same = own and all(map(_is_same, call.arguments, case.arguments))
    return None if same and call.layout == C_ORDER else call


def _is_same(array: Array, other: Array) -> bool:
    return array.dtype == other.dtype and np.array_equal(array, other, equal_nan=array.dtype.kind == "f")


def _row(found: Finding, count: int) -> int:
    """Return the violating row that exceeds its bound by most; the first where nothing tells rows apart."""
    rows = np.flatnonzero(found.violating) if len(found.violating) == count else np.empty(0, np.int64)
    if not rows.size:
        return 0
    excess = excess_of(found.got, found.expected, found.bound)
    if excess is None or excess.shape[:1] != (count,):
        return int(rows[0])
    return int(rows[excess.reshape(count, -1).max(axis=1)[rows].argmax()])


def _dense(arguments: Arguments, row: int) -> str | None:
    x, w, b = arguments
    if len(w) > MOST_TERMS or b.ndim != 2:
        return None
    value = exact("dense", arguments).hi[row, 0]
    products = [f"{_told(factor)}·{_told(weight)}" for factor, weight in zip(x[row], w[:, 0], strict=True)]
    return f"row {row}, neuron 0: {' + '.join([*products, _told(b[0, 0])])} = {value!s}"


def _relu(arguments: Arguments, row: int) -> str | None:
    (inputs,) = arguments
    x = inputs[row]
    if x.size > MOST_TERMS:
        return None
    return f"row {row}: " + ", ".join(f"max(0, {entry!s}) = {np.maximum(entry, 0)!s}" for entry in x)


def _softmax(arguments: Arguments, row: int) -> str | None:
    (inputs,) = arguments
    z = inputs[row]
    if z.size > MOST_TERMS:
        return None
    terms = " + ".join(f"e^({entry!s} - {_told(z.max())})" for entry in z)
    shares = ", ".join(map(str, exact("softmax", arguments).hi[row]))
    return f"row {row}: s = {terms}, and each term over s is {shares}"


def _sample_losses(arguments: Arguments, row: int) -> str | None:
    p, labels = arguments
    label = int(labels[row] if labels.ndim == 1 else labels[row].argmax())
    value = exact("sample_losses", arguments).hi[row]
    return f"row {row}: -ln(clip({p[row, label]!s})) = {value!s}"


def _loss(arguments: Arguments, row: int) -> str | None:
    each = exact("sample_losses", arguments).hi
    if each.size > MOST_TERMS:
        return None
    terms = " + ".join(map(str, each))
    return f"({terms}) / {each.size} = {exact('loss', arguments).hi[0]!s}"


def _accuracy(arguments: Arguments, row: int) -> str | None:
    scores, labels = arguments
    if len(scores) > MOST_TERMS:
        return None
    best = scores.argmax(axis=1)
    classes = labels if labels.ndim == 1 else labels.argmax(axis=1)
    right = int(np.count_nonzero(best == classes))
    return f"largest at classes {best.tolist()}, labels {classes.tolist()}: {right} of {len(classes)} right"


def _told(number: Array) -> str:
    """Return a number, in parentheses where a sign would run into an operator."""
    return f"({number!s})" if str(number).startswith("-") else str(number)


WRITERS: Mapping[Operation, Callable[[Arguments, int], str | None]] = {
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
    call = call_at_fault(trial)
    if found is None:
        return Counterexample(operation, arrays, None, None, None, trial.message, None, remark, call=call)
    values = found.got, found.expected, found.bound
    return Counterexample(operation, arrays, *values, trial.message, work_out_row(trial), remark, call=call)
