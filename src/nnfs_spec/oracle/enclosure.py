"""What the oracle answers: the exact value as a pair with a certified error, and the bound of the clause."""

from dataclasses import dataclass

import numpy as np

from nnfs_spec.arrays import Array
from nnfs_spec.oracle.pairs import Doubles, two_sum


@dataclass(frozen=True, eq=False)
class Enclosure:
    """Entry by entry: abs(exact - (hi + lo)) <= radius, and a subject may stray by ``bound`` from the exact value.

    An infinite bound says that the clause claims nothing of that entry.
    """

    hi: Doubles
    lo: Doubles
    radius: Doubles
    bound: Doubles

    def share_of_bound(self, got: Array) -> Doubles:
        """Return the share of its bound that each entry of ``got`` certainly uses; above 1 it violates the clause.

        What the oracle cannot tell, its radius, is given to the subject.
        """
        with np.errstate(invalid="ignore", over="ignore", divide="ignore"):
            error, rest = two_sum(got.astype(np.float64), -self.hi)
            distance = np.abs(np.where(np.isfinite(error), error + (rest - self.lo), error))
            certain = np.maximum(distance - self.radius, 0.0)
            share = np.where(certain == 0, 0.0, certain / self.bound)
        return np.where(np.isinf(self.bound), 0.0, np.where(np.isnan(share), np.inf, share))
