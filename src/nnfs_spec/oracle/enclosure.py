"""What the oracle answers: the exact value as a pair with a certified error, and the bound of the clause."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from nnfs_spec.arrays import Array
from nnfs_spec.oracle.double_double import Doubles, two_sum


@dataclass(frozen=True, eq=False)
class Question:
    """What an enclosure answers: an operation on arguments, with the bound that it has in ``dtype``.

    The operation is one of the kit's, or "mean", which takes the mean of a vector.
    """

    operation: str
    arguments: tuple[Array, ...]
    dtype: np.dtype[Any]


@dataclass(frozen=True, eq=False)
class Enclosure:
    """Entry by entry: abs(exact - (hi + lo)) <= radius, and a subject may stray by ``bound`` from the exact value.

    An infinite bound says that the clause claims nothing of that entry. Where the pairs are too coarse to decide, the
    ``question`` can be put to finer arithmetic; without one, ``bound`` is the bound itself, to the last bit.
    """

    hi: Doubles
    lo: Doubles
    radius: Doubles
    bound: Doubles
    question: Question | None = field(default=None, kw_only=True)

    def share_of_bound(self, got: Array) -> Doubles:
        """Return the share of its bound that each entry of ``got`` certainly uses; above 1 it violates the clause.

        What the oracle cannot tell, its radius, is given to the subject.
        """
        if np.array_equal(got, self.hi) and not self.lo.any():
            return np.zeros_like(self.hi)  # what follows would say the same: nothing strays
        with np.errstate(invalid="ignore", over="ignore", divide="ignore"):
            error, rest = two_sum(got.astype(np.float64), -self.hi)
            certain = np.maximum(np.abs(error + (rest - self.lo)) - self.radius, 0.0)
            share = certain / self.bound
        if np.isfinite(share).all() and np.isfinite(self.bound).all():
            return share
        share = np.where(certain == 0, 0.0, np.where(np.isfinite(error), share, np.inf))
        return np.where(np.isinf(self.bound), 0.0, np.where(np.isnan(share), np.inf, share))


def joined(blocks: Sequence[Enclosure]) -> Enclosure:
    """Return the enclosures of blocks of rows as one; a single one is not copied."""
    if len(blocks) == 1:
        return blocks[0]
    return Enclosure(
        np.concatenate([block.hi for block in blocks]),
        np.concatenate([block.lo for block in blocks]),
        np.concatenate([block.radius for block in blocks]),
        np.concatenate([block.bound for block in blocks]),
    )
