"""The sessions of several calls that more than one clause asks for: in all layouts, and one after the other."""

from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Any

import numpy as np

from nnfs_spec.arrays import Array
from nnfs_spec.domains import DTYPES, Case
from nnfs_spec.subject.layouts import Layout
from nnfs_spec.subject.operations import OPERATIONS
from nnfs_spec.subject.protocol import Answer, Call, Probe, Refusal, refused


@lru_cache(maxsize=1)
def in_layouts(case: Case) -> Sequence[tuple[Call, int]]:
    """Return watched calls in C order and in the layouts of the case, each with the place of the same in C order.

    Where one row shall stand for all of them, they are made alike. Several clauses ask for the same calls.
    """
    operation = case.domain.operation
    calls = [(Call(operation, case.arguments, watched=True), 0)]
    alike = 0
    for layout in map(Layout.drawn, case["layouts"]):
        if layout.repeats and not alike:
            alike = len(calls)
            rows = np.zeros(len(case.arguments[0]), dtype=np.intp)
            calls.append((Call(operation, take(case, rows), watched=True), alike))
        plain = alike if layout.repeats else 0
        calls.append((replace(calls[plain][0], layout=layout), plain))
    return calls


def answered(subject: Probe, calls: Sequence[Call]) -> Sequence[Answer | None]:
    """Return the answers, and None for a call that was refused since the machine cannot read its arguments directly.

    Raises RefusedError for any other that was refused.
    """
    outcomes = subject.outcomes(*calls)
    for call, outcome in zip(calls, outcomes, strict=True):
        if isinstance(outcome, Refusal) and not call.layout.foreign:
            raise refused(call, outcome)
    return [outcome if isinstance(outcome, Answer) else None for outcome in outcomes]


OTHER_DTYPE = 4
"""The place of the call in another dtype."""


@lru_cache(maxsize=1)
def _history(case: Case, other: np.dtype[Any] | None) -> Sequence[Call]:
    """Return a session on one object, and then on a second one; GEN-2 and GEN-10 ask for the same."""
    operation, n = case.domain.operation, len(case.arguments[0])
    backwards = np.arange(n)[::-1]
    call = Call(operation, case.arguments)
    first, *others = take(case, backwards)
    values = Call(operation, (np.ascontiguousarray(first[:, ::-1]), *others))
    twice = Call(operation, take(case, np.tile(backwards, 2)))
    last = Call(operation, take(case, slice(n - 1, n)))
    dtype = call if other is None else Call(operation, tuple(_cast(array, other) for array in case.arguments))
    return (
        *(replace(call, fresh=True), call, replace(values, refilled=True), replace(call, overwritten=True)),
        *(dtype, call, twice, last, values, call, replace(values, fresh=True), call),
    )


def _cast(array: Array, dtype: np.dtype[Any]) -> Array:
    """Return the numbers in another floating-point dtype, as far as it reaches; labels as they are."""
    largest = float(np.finfo(np.float32).max)
    return np.clip(array, -largest, largest).astype(dtype) if array.dtype.kind == "f" else array


def asked_for_history(subject: Probe, case: Case) -> tuple[Sequence[Call], Sequence[Answer | None]]:
    """Return the session and its answers; what is refused in another dtype is nothing to judge here."""
    other = next(dtype for dtype in DTYPES if dtype != case.arguments[0].dtype)
    calls = _history(case, other if subject.takes(other) else None)
    outcomes = subject.outcomes(*calls)
    for place, (call, outcome) in enumerate(zip(calls, outcomes, strict=True)):
        if isinstance(outcome, Refusal) and place != OTHER_DTYPE:
            raise refused(call, outcome)
    return calls, [outcome if isinstance(outcome, Answer) else None for outcome in outcomes]


def take(case: Case, rows: Array | slice) -> tuple[Array, ...]:
    """Return the arguments of the case with only these rows, wherever a shape says N."""
    shapes = {argument.name: argument.shape for argument in case.domain.arguments}
    names = OPERATIONS[case.domain.operation].argument_names
    return tuple(case[name][rows] if shapes[name][0] == "N" else case[name] for name in names)
