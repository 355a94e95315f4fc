"""One case as its author writes it, before anything is computed."""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from nnfs_spec.arrays import Array

SEED = "the source text"


@dataclass(frozen=True, eq=False)
class Source:
    """A case: its ``name`` is its id within an operation and dtype, for ever.

    ``arrays`` are the arguments; those named in ``by_row`` are repeated ``times`` times, row block after row block.
    ``error`` says that the call must end in an error of this category, unless one of the entries
    ``unless_not_finite`` of the result is NaN or infinite. ``exact`` says that a clause asks for the exact number.
    """

    name: str
    clauses: Sequence[str]
    arrays: Mapping[str, Array]
    source: str
    flags: Sequence[str] = ()
    level: str = "MUST"
    layout: str = "C"
    times: int = 1
    error: str | None = None
    unless_not_finite: Sequence[int] = ()
    exact: bool = False
    same_as: str | None = None
    by_row: Sequence[str] = field(default=("inputs", "y_pred", "y_true"))


def drawn(name: str, shape: tuple[int, ...], low: float, high: float, dtype: str) -> Array:
    """Return numbers drawn evenly between ``low`` and ``high``, the same for a name on every platform for ever."""
    generator = random.Random(name)
    count = int(np.prod(shape))
    numbers = [low + (high - low) * generator.random() for _ in range(count)]
    return np.array(numbers, dtype).reshape(shape)


def whole(name: str, shape: tuple[int, ...], least: int, most: int, dtype: str) -> Array:
    """Return whole numbers drawn evenly from ``least`` to ``most``."""
    return np.floor(drawn(name, shape, least, most + 1, "float64")).astype(dtype)


def rows(*numbers: Sequence[float], dtype: str) -> Array:
    """Return these rows as a matrix."""
    return np.array(numbers, dtype)
