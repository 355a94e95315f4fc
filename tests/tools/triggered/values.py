"""Triggers on the numbers themselves: one of them, two that meet, or the labels."""

from collections.abc import Callable, Sequence
from typing import TypeAlias

import numpy as np

from nnfs_spec.arrays import Array
from nnfs_spec.diagnosis.inputs import Arguments, Generator
from nnfs_spec.subject.operations import Operation
from tests.tools.triggered.trigger import Trigger, ordinary, relabelled, sparse

Numbers: TypeAlias = tuple[str, Callable[[Array], bool], Callable[[Array], None]]


def _put(value: float, column: int = 1) -> Callable[[Array], None]:
    def put(x: Array) -> None:
        x[1 % len(x), column % x.shape[1]] = value

    return put


def _all(change: Callable[[Array], Array]) -> Callable[[Array], None]:
    def put(x: Array) -> None:
        x[...] = change(x)

    return put


def _finite_values(rng: Generator) -> list[Numbers]:
    exact = float(rng.choice([0.0, 1.0, -1.0, 2.0, 0.5, 6.0, 10.0, 100.0, 255.0, -100.0, -999.0]))
    large, small, at = 10.0 ** rng.uniform(1, 6), 10.0 ** -rng.uniform(3, 12), rng.uniform(-2, 2)
    return [
        (f"an entry of {exact:g}", lambda x: bool((x == exact).any()), _put(exact)),
        (f"an entry above {large:.3g}", lambda x: bool((x > large).any()), _put(large * 1.25)),
        (f"an entry below -{large:.3g}", lambda x: bool((x < -large).any()), _put(-large * 1.25)),
        (f"an entry between 0 and {small:.3g}", lambda x: bool(((x > 0) & (x < small)).any()), _put(small / 2)),
        (
            f"an entry within 0.01 of {at:.3g}",
            lambda x: bool((np.abs(x - at) < 0.01).any()),
            _put(at),
        ),
        ("a negative zero", lambda x: bool((np.signbit(x) & (x == 0)).any()), _put(-0.0)),
        ("all entries negative", lambda x: bool((x < 0).all()), _all(lambda x: -np.abs(x) - 0.1)),
        ("all entries positive", lambda x: bool((x > 0).all()), _all(lambda x: np.abs(x) + 0.1)),
        ("all entries whole", lambda x: bool((x == np.round(x)).all()), _all(lambda x: np.round(x * 2) + 1)),
        ("an entry above 1 in size everywhere", lambda x: bool((np.abs(x) > 1).all()), _all(lambda x: x + np.sign(x))),
    ]


def _finite_pairs(rng: Generator) -> list[Numbers]:
    large = 10.0 ** rng.uniform(0.5, 3)

    def both(one: float, other: float) -> Callable[[Array], None]:
        def put(x: Array) -> None:
            x[1 % len(x), 0], x[1 % len(x), 1] = one, other

        return put

    def repeat_row(x: Array) -> None:
        x[-1] = x[0]

    def rising(x: Array) -> None:
        x[1] = np.sort(x[1])

    def last_largest(x: Array) -> None:
        x[1, -1] = x[1].max() + 1

    def first_largest(x: Array) -> None:
        x[1, 0] = x[1].max() + 1

    def opposite(x: Array) -> bool:
        return x.shape[1] > 1 and bool(((x[:, 1:] == -x[:, :-1]) & (x[:, 1:] != 0)).any())

    return [
        ("two equal neighbours in a row", lambda x: bool((x[:, 1:] == x[:, :-1]).any()), both(0.75, 0.75)),
        ("a number beside its negative", opposite, both(1.5, -1.5)),
        ("a row of a 0 and a 1", lambda x: bool(((x == 0).any(axis=1) & (x == 1).any(axis=1)).any()), both(0.0, 1.0)),
        (
            f"a row with entries above {large:.3g} and below its negative",
            lambda x: bool(((x > large).any(axis=1) & (x < -large).any(axis=1)).any()),
            both(large * 1.2, -large * 1.2),
        ),
        ("first and last row alike", lambda x: len(x) > 1 and bool((x[0] == x[-1]).all()), repeat_row),
        ("a rising row", lambda x: x.shape[1] > 1 and bool((np.diff(x, axis=1) > 0).all(axis=1).any()), rising),
        (
            "a row that ends with its largest",
            lambda x: bool((x.argmax(axis=1) == x.shape[1] - 1).any()),
            last_largest,
        ),
        ("a row that begins with its largest", lambda x: bool((x.argmax(axis=1) == 0).any()), first_largest),
    ]


def _unit_values(rng: Generator) -> list[Numbers]:
    small = 10.0 ** -rng.uniform(1.5, 9)
    exact = float(rng.choice([0.0, 1.0, 0.5, 0.25]))
    return [
        (f"an entry of {exact:g}", lambda x: bool((x == exact).any()), _put(exact)),
        (f"an entry between 0 and {small:.3g}", lambda x: bool(((x > 0) & (x < small)).any()), _put(small / 2)),
        (f"an entry above 1 - {small:.3g}", lambda x: bool((x > 1 - small).any()), _put(1 - small / 2)),
        ("all entries above 1/2", lambda x: bool((x > 0.5).all()), _all(lambda x: 0.5 + x / 2.1 + 0.01)),
        ("all entries below 1/2", lambda x: bool((x < 0.5).all()), _all(lambda x: x / 2.1)),
    ]


def _unit_pairs(rng: Generator) -> list[Numbers]:
    def both(one: float, other: float) -> Callable[[Array], None]:
        def put(x: Array) -> None:
            x[1, 0], x[1, 1] = one, other

        return put

    def shares(x: Array) -> Array:
        sums: Array = x.sum(axis=1, keepdims=True)
        return x / sums

    def repeat_row(x: Array) -> None:
        x[-1] = x[0]

    return [
        ("a row of a 0 and a 1", lambda x: bool(((x == 0).any(axis=1) & (x == 1).any(axis=1)).any()), both(0.0, 1.0)),
        ("two equal neighbours in a row", lambda x: bool((x[:, 1:] == x[:, :-1]).any()), both(0.25, 0.25)),
        ("rows that sum to 1", lambda x: bool((np.abs(x.sum(axis=1) - 1) < 1e-6).all()), _all(shares)),
        (
            "a row that sums to less than 1/2",
            lambda x: bool((x.sum(axis=1) < 0.5).any()),
            _all(lambda x: x / 9),
        ),
        ("first and last row alike", lambda x: len(x) > 1 and bool((x[0] == x[-1]).all()), repeat_row),
    ]


def _of_numbers(choices: Callable[[Generator], list[Numbers]], rng: Generator, operation: Operation) -> Trigger:
    several = choices(rng)
    text, fires, put = several[rng.integers(len(several))]

    def witness(rng: Generator) -> Sequence[Arguments]:
        given = ordinary(operation, rng)
        put(given[0])
        return [given]

    return Trigger(text, lambda past, given: given[0].ndim == 2 and given[0].size > 0 and fires(given[0]), witness)


def value(rng: Generator, operation: Operation) -> Trigger:
    """A value somewhere among the numbers."""
    of_unit = operation in ("sample_losses", "loss")
    return _of_numbers(_unit_values if of_unit else _finite_values, rng, operation)


def pair_of_values(rng: Generator, operation: Operation) -> Trigger:
    """Two values that meet in a row, or two rows."""
    of_unit = operation in ("sample_losses", "loss")
    return _of_numbers(_unit_pairs if of_unit else _finite_pairs, rng, operation)


def label_value(rng: Generator, operation: Operation) -> Trigger:
    """A label, or several of them."""
    wanted = int(rng.choice([0, 1, 2, 7, 9, 10, 99, 100, 127, 128, 200, 255, 256, 1000]))
    above = int(rng.choice([9, 99, 127, 255, 300, 32767]))
    choices: list[tuple[str, Callable[[Array, int], bool], int, Callable[[Array], Array]]] = [
        (f"a label {wanted}", lambda y, c: bool((y == wanted).any()), wanted + 2, lambda y: _first(y, wanted)),
        (f"a label above {above}", lambda y, c: bool((y > above).any()), above + 3, lambda y: _first(y, above + 2)),
        ("labels all alike", lambda y, c: len(y) > 1 and bool((y == y[0]).all()), 4, lambda y: np.full_like(y, 2)),
        ("labels all 0 or 1", lambda y, c: bool((y < 2).all()), 4, lambda y: y % 2),
        ("the last class", lambda y, c: bool((y == c - 1).any()), 5, lambda y: _first(y, 4)),
        ("labels in rising order", lambda y, c: len(y) > 2 and bool((np.diff(y) >= 0).all()), 5, np.sort),
    ]
    text, fires, width, change = choices[rng.integers(len(choices))]
    return Trigger(
        text,
        lambda past, given: given[1].ndim == 1 and len(given[1]) > 0 and fires(given[1], given[0].shape[1]),
        lambda rng: [relabelled(sparse(operation, rng, 6, width), change)],
    )


def _first(labels: Array, label: int) -> Array:
    changed = labels.copy()
    changed[0] = label
    return changed
