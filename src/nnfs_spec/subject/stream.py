"""An accumulator of loss and accuracy as the operation ``stream``: how rows are split, added and merged."""

import copy
from collections.abc import Callable
from contextlib import suppress
from typing import Any, Protocol, Self

import numpy as np

from nnfs_spec.arrays import Array

SPOILT = 0.5
"""What a chunk holds after it was added, as the next one may take its memory."""


AGAIN = -1
"""In the place of a chunk: no rows are added, the accumulator two parts before is taken once more."""

COPIED = -2
"""The chunk of number k is told as COPIED - k if the accumulator is to be copied before it."""


class Accumulating(Protocol):
    """What an accumulator has: it is made without arguments, takes chunks and others of its kind, and can be read."""

    @property
    def loss(self) -> Any:
        """The mean loss of all rows so far."""
        ...

    @property
    def accuracy(self) -> Any:
        """The share of all rows so far that are right."""
        ...

    @property
    def rows(self) -> Any:
        """How many rows there are so far."""
        ...

    def add(self, y_pred: Array, y_true: Array, /) -> object:
        """Add the rows of a chunk."""
        ...

    def merge(self, other: Self, /) -> object:
        """Add all rows of another accumulator."""
        ...


def streamed(new: Callable[[], Accumulating], y_pred: Array, y_true: Array, chunk: Array, part: Array) -> Array:
    """Return loss, accuracy and number of rows, shape (3,) float64, of rows that are streamed.

    Every part is an accumulator. It is given the rows of that number in ``part``, those of one number in ``chunk``
    together, in the order of these numbers; a number that no row of the part has is a chunk of no rows. A row whose
    part is -1 - k is offered to part k after the chunk of its number, together with others of its kind, and if they
    are refused, things go on without them. Then neighbours among the accumulators are merged until one is left.

    A part whose rows have the chunk AGAIN is the accumulator two parts before, merged a second time: it should have the
    same rows. Before a chunk that is told as COPIED - k a copy takes the place of the accumulator, and both go on.
    Raises whatever the accumulator raises elsewhere.
    """
    owner = np.maximum(part, -1 - part)
    parts: list[Accumulating] = []
    for k in range(1 + int(owner.max(initial=0))):
        here = owner == k
        again = bool((chunk[here] == AGAIN).any())
        rows = y_pred[here], y_true[here], chunk[here], part[here] < 0
        parts.append(parts[-2] if again else _part(new(), *rows))
    while len(parts) > 1:
        for one, other in zip(parts[::2], parts[1::2], strict=False):
            one.merge(other)
        parts = parts[::2]
    (total,) = parts
    if not len(y_pred):
        return _of_nothing(total)
    return np.array([float(total.loss), float(total.accuracy), float(total.rows)])


def _part(made: Accumulating, y_pred: Array, y_true: Array, chunk: Array, offered: Array) -> Accumulating:
    copied = chunk <= COPIED
    numbers = np.where(copied, COPIED - chunk, chunk)
    for number in range(1 + int(numbers.max(initial=0))):
        here = numbers == number
        if (here & copied).any():
            made = _copied(made, y_pred[here], y_true[here])
        _add(made, y_pred[here & ~offered], y_true[here & ~offered])
        if (here & offered).any():
            with suppress(Exception):  # whether it was refused shows in the number of rows
                _add(made, y_pred[here & offered], y_true[here & offered])
    return made


def _copied(made: Accumulating, y_pred: Array, y_true: Array) -> Accumulating:
    """Return a copy of an accumulator, to which rows are added thereafter; itself where it cannot be copied."""
    try:
        other = copy.deepcopy(made)
    except Exception:  # it holds what has no copy, such as a lock or a file
        return made
    _add(made, y_pred, y_true)
    return other


def _of_nothing(total: Accumulating) -> Array:
    """Return what loss or accuracy there is though there are no rows. Raises what reading the second of them raises."""
    with suppress(Exception):  # the loss is refused: it is left to the accuracy whether anything is answered
        return np.array([float(total.loss), np.nan, 0.0])
    return np.array([np.nan, float(total.accuracy), 0.0])


def _add(made: Accumulating, y_pred: Array, y_true: Array) -> None:
    """Add copies of a chunk's rows, and leave other numbers in their place."""
    made.add(y_pred, y_true)
    y_pred[...], y_true[...] = SPOILT, 0
