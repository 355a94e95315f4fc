"""Triggers on the calls that an object has had before."""

from collections.abc import Sequence

import numpy as np

from nnfs_spec.diagnosis.inputs import DOUBLE, ORDINARY, SINGLE, Arguments, Generator, floats, ordinary_dense
from nnfs_spec.subject.operations import Operation
from tests.tools.triggered.sizes import log_uniform, rows_of, width_of
from tests.tools.triggered.trigger import Past, Trigger, ordinary


def later_call(rng: Generator, operation: Operation) -> Trigger:
    """The k-th call of an object alone, or all from it on."""
    alone = rng.random() < 0.3
    k = int(rng.integers(2, 7)) if alone else log_uniform(rng, 2, 64)
    text = f"call {k} of an object alone" if alone else f"from call {k} of an object on"

    def fires(past: Past, given: Arguments) -> bool:
        return past.calls + 1 == k if alone else past.calls + 1 >= k

    return Trigger(text, fires, lambda rng: [ordinary(operation, rng) for _ in range(k)])


def after_another_size(rng: Generator, operation: Operation) -> Trigger:
    """After a call with more or fewer rows or columns."""
    larger, wide = rng.random() < 0.5, rng.random() < 0.3
    size = width_of if wide else rows_of
    which = "width" if wide else "rows"

    def fires(past: Past, given: Arguments) -> bool:
        return bool(past.latest) and (size(past.latest) > size(given) if larger else size(past.latest) < size(given))

    def witness(rng: Generator) -> Sequence[Arguments]:
        both = [ordinary(operation, rng, **{which: 7}), ordinary(operation, rng, **{which: 4})]
        return both if larger else both[::-1]

    return Trigger(f"after a call of {'more' if larger else 'less'} {which}", fires, witness)


def same_shape_again(rng: Generator, operation: Operation) -> Trigger:
    """After a call of the same shapes with other numbers."""

    def fires(past: Past, given: Arguments) -> bool:
        return _shapes(past.latest) == _shapes(given) and not all(map(np.array_equal, past.latest, given))

    return Trigger(
        "after a call of the same shapes and other numbers",
        fires,
        lambda rng: [_sized_alike(operation, rng), _sized_alike(operation, rng)],
    )


def after_another_dtype(rng: Generator, operation: Operation) -> Trigger:
    """After a call in another dtype."""
    wanted, before = (SINGLE, DOUBLE) if rng.random() < 0.5 else (DOUBLE, SINGLE)

    def fires(past: Past, given: Arguments) -> bool:
        return bool(past.latest) and past.latest[0].dtype == before and given[0].dtype == wanted

    return Trigger(
        f"in {wanted} after {before}",
        fires,
        lambda rng: [floats(_sized_alike(operation, rng), one) for one in (before, wanted)],
    )


def _sized_alike(operation: Operation, rng: Generator) -> Arguments:
    return ordinary_dense(rng, 5, 4, 3) if operation == "dense" else ORDINARY[operation](rng, 5, 4)


def _shapes(given: Arguments) -> list[tuple[int, ...]]:
    return [one.shape for one in given]
