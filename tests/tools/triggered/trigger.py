"""What a trigger is: a condition on a call, or on the calls before it, under which a mutant makes its mistake.

A trigger comes with calls within the domain of the operation that set it off, so that a mutant behind it is wrong
beyond doubt.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from nnfs_spec.arrays import Array
from nnfs_spec.diagnosis.inputs import DOUBLE, ORDINARY, Arguments, Generator, ordinary_dense
from nnfs_spec.properties.labels import one_hot
from nnfs_spec.subject.operations import Operation

LABELLED: tuple[Operation, ...] = ("sample_losses", "loss", "accuracy")


@dataclass(frozen=True)
class Past:
    """What an object remembers of its earlier calls: how many there were, and the arguments of the latest one."""

    calls: int = 0
    latest: Arguments = ()


Fires: TypeAlias = Callable[[Past, Arguments], bool]
Witness: TypeAlias = Callable[[Generator], Sequence[Arguments]]


@dataclass(frozen=True)
class Trigger:
    """A condition in words, whether a call fulfils it, and a session whose last call does."""

    text: str
    fires: Fires
    witness: Witness


Drawn: TypeAlias = Callable[[Generator, Operation], Trigger]


def ordinary(operation: Operation, rng: Generator, rows: int = 0, width: int = 0, neurons: int = 0) -> Arguments:
    """Return ordinary arguments of these sizes, or of a few rows and columns where they are 0."""
    sizes = rows or int(rng.integers(3, 9)), width or int(rng.integers(3, 7))
    if operation == "dense":
        return ordinary_dense(rng, *sizes, neurons or int(rng.integers(2, 6)))
    given = ORDINARY[operation](rng, *sizes)
    hot = operation in LABELLED and rng.random() < 0.3
    return (given[0], one_hot(given[1], sizes[1], DOUBLE)) if hot else given


def sparse(operation: Operation, rng: Generator, rows: int, width: int) -> Arguments:
    """Return ordinary predictions with sparse labels."""
    return ORDINARY[operation](rng, rows, width)


def relabelled(given: Arguments, change: Callable[[Array], Array]) -> Arguments:
    """Return the arguments with other labels."""
    return given[0], change(given[1])
