"""An accumulator of loss and accuracy as the operation ``stream``: how rows are split, added and merged."""

from collections.abc import Callable
from contextlib import suppress
from typing import Any, Protocol, Self

import numpy as np

from nnfs_spec.arrays import Array

SPOILT = 0.5
"""What a chunk holds after it was added, as the next one may take its memory."""


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
    are refused, things go on without them. Then neighbours among the accumulators are merged until one is left. Raises
    whatever the accumulator raises elsewhere.
    """
    owner = np.maximum(part, -1 - part)
    parts = [
        _part(new(), y_pred[owner == k], y_true[owner == k], chunk[owner == k], part[owner == k] < 0)
        for k in range(1 + int(owner.max(initial=0)))
    ]
    while len(parts) > 1:
        for one, other in zip(parts[::2], parts[1::2], strict=False):
            one.merge(other)
        parts = parts[::2]
    (total,) = parts
    if not len(y_pred):
        return _of_nothing(total)
    return np.array([float(total.loss), float(total.accuracy), float(total.rows)])


def _part(made: Accumulating, y_pred: Array, y_true: Array, chunk: Array, offered: Array) -> Accumulating:
    for number in range(1 + int(chunk.max(initial=0))):
        here = chunk == number
        _add(made, y_pred[here & ~offered], y_true[here & ~offered])
        if (here & offered).any():
            with suppress(Exception):  # whether it was refused shows in the number of rows
                _add(made, y_pred[here & offered], y_true[here & offered])
    return made


def _of_nothing(total: Accumulating) -> Array:
    """Return what loss or accuracy there is though there are no rows. Raises what reading the second of them raises."""
    with suppress(Exception):  # the loss is refused: it is left to the accuracy whether anything is answered
        return np.array([float(total.loss), np.nan, 0.0])
    return np.array([np.nan, float(total.accuracy), 0.0])


def _add(made: Accumulating, y_pred: Array, y_true: Array) -> None:
    """Add copies of a chunk's rows, and leave other numbers in their place."""
    made.add(y_pred, y_true)
    y_pred[...], y_true[...] = SPOILT, 0
