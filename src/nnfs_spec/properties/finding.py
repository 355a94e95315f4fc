"""What a property says of a case: how much of its bound each row uses, and what was got and expected."""

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from nnfs_spec.arrays import Array
from nnfs_spec.oracle import Enclosure
from nnfs_spec.oracle.borderline import decide
from nnfs_spec.subject.protocol import Call

EXACT = 0.0


@dataclass(frozen=True, eq=False)
class Finding:
    """``share`` (rows,): the share of the bound that each row uses, above 1 (or NaN) where it violates the clause.

    ``examined`` (rows,) tells which rows the clause speaks of; ``got``, ``expected`` and ``bound`` are what was
    compared, rows first where they have rows; ``demand`` says in words what should have been. Of ``undecided`` rows
    nobody can tell on which side of their bound they are; they are not among those examined. ``call`` is the one that
    is judged, where ``got`` is no result that it returned.
    """

    share: Array
    examined: Array
    got: Array
    expected: Array
    bound: Array
    demand: str
    undecided: int = 0
    call: Call | None = None

    def about(self, call: Call) -> "Finding":
        """Return the finding as one about ``call``."""
        return replace(self, call=call)

    @cached_property
    def violating(self) -> Array:
        """Which rows violate the clause (rows,)."""
        return self.examined & ~(self.share <= 1)

    @cached_property
    def cases(self) -> int:
        """How many rows were examined."""
        return int(np.count_nonzero(self.examined))

    @cached_property
    def worst(self) -> float:
        """The largest share of the bound that a row uses; 0 where none was examined."""
        largest = float(np.max(self.share, where=self.examined, initial=0.0))
        return largest if largest == largest else np.inf  # NaN is as bad as can be


def within(got: Array, exact: Enclosure, demand: str, examined: Array | None = None) -> Finding:
    """Judge ``got`` against an exact value and its bound, entry by entry; a row is as good as its worst entry."""
    entries = np.broadcast_to(got, exact.hi.shape)
    shares = _by_row(exact.share_of_bound(entries))
    seen = np.ones(shares.shape, dtype=np.bool_)
    if np.isinf(exact.bound).any():
        seen = _by_row((~np.isinf(exact.bound)).astype(np.float64)).astype(np.bool_)
    if examined is not None:
        seen = seen & examined
    decision, centre = decide(exact, entries, shares), exact.hi + exact.lo
    if decision is None:
        return Finding(shares, seen, got, centre, exact.bound, demand)
    decided, undecided = seen & ~decision.undecided, int(np.count_nonzero(seen & decision.undecided))
    return Finding(decision.share, decided, got, centre, exact.bound, demand, undecided)


def near(got: Array, expected: Array, bound: Array | float, demand: str, examined: Array | None = None) -> Finding:
    """Judge ``got`` against another result of floating-point arithmetic that may differ by ``bound``."""
    limits = np.broadcast_to(np.asarray(bound, dtype=np.float64), np.shape(expected))
    wanted = np.asarray(expected, dtype=np.float64)
    zero = np.zeros_like(wanted)
    if np.isfinite(wanted).all():
        return within(got, Enclosure(wanted, zero, zero, limits), demand, examined)
    agrees = (got == wanted) | (np.isnan(got) & np.isnan(wanted))  # two infinities have no difference to measure
    compared = Enclosure(np.where(agrees, 0.0, wanted), zero, zero, limits)
    found = within(np.where(agrees, 0.0, got), compared, demand, examined)
    return replace(found, got=got, expected=wanted)


def equal(got: Array, expected: Array, demand: str, examined: Array | None = None) -> Finding:
    """Judge whether ``got`` equals ``expected`` exactly, zeros of either sign being equal."""
    return holds(got == expected, got, expected, demand, examined)


def same_bits(got: Array, expected: Array, demand: str) -> Finding:
    """Judge whether ``got`` is ``expected`` bit for bit, NaN equal to NaN, dtype and shape included."""
    if got.dtype != expected.dtype or got.shape != expected.shape:
        return fact(False, got, expected, f"{demand}, of dtype {expected.dtype} and shape {expected.shape}")
    unsigned = np.dtype(f"u{got.dtype.itemsize}") if got.dtype.itemsize in (1, 2, 4, 8) else got.dtype
    same = np.ascontiguousarray(got).view(unsigned) == np.ascontiguousarray(expected).view(unsigned)
    return holds(same, got, expected, demand)


def holds(condition: Array, got: Array, expected: Array, demand: str, examined: Array | None = None) -> Finding:
    """Judge a plain condition, entry by entry: it holds or it does not, there is no bound to share."""
    shares = _by_row(np.where(condition, 0.0, np.inf))
    seen = np.ones(len(shares), dtype=np.bool_) if examined is None else examined
    return Finding(shares, seen, got, expected, np.asarray(EXACT), demand)


def fact(condition: bool, got: Array, expected: Array, demand: str) -> Finding:
    """Judge one condition about the case as a whole."""
    return holds(np.asarray([condition]), got, expected, demand)


def all_of(*findings: Finding) -> Finding:
    """Judge by the worst of several findings about the same case; what they examined adds up."""
    worst = max(findings, key=lambda finding: finding.worst)
    if worst.violating.any() or len(findings) == 1:
        return worst
    share = np.concatenate([finding.share for finding in findings])
    examined = np.concatenate([finding.examined for finding in findings])
    undecided = sum(finding.undecided for finding in findings)
    return Finding(share, examined, worst.got, worst.expected, worst.bound, worst.demand, undecided)


def _by_row(entries: Array) -> Array:
    rows = entries.reshape(1, 1) if entries.ndim == 0 else entries.reshape(len(entries), -1)
    largest: Array = rows.ravel() if rows.shape[1] == 1 else rows.max(axis=1, initial=0.0)
    return largest
