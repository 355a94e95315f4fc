"""Ratios of seconds, taken in each round, then their median and quartiles."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import median, quantiles

Seconds = Sequence[Mapping[str, float]]
"""The seconds of each subject, round by round."""


@dataclass(frozen=True)
class Ratio:
    """A median and the quartiles about it."""

    median: float
    low: float
    high: float

    def __str__(self) -> str:
        return f"{self.median:.2f} ({self.low:.2f} to {self.high:.2f})"


def spread(values: Sequence[float]) -> Ratio:
    """Return the median and the quartiles of at least two values."""
    low, _, high = quantiles(values, n=4, method="inclusive")
    return Ratio(median(values), low, high)


def ratio(seconds: Seconds, one: str, other: str) -> Ratio:
    """Return how long ``one`` takes beside ``other``, each round for itself."""
    return spread([each[one] / each[other] for each in seconds])


def quickest(seconds: Seconds, names: Sequence[str]) -> str:
    """Return the one of ``names`` whose median is the least."""
    return min(names, key=lambda name: median(each[name] for each in seconds))


def reached(seconds: Seconds, one: str, roofs: Sequence[str]) -> tuple[Ratio, str]:
    """Return which share of the roof ``one`` reaches, and which of the limits is the roof: that which takes longest."""
    limit = max(roofs, key=lambda name: median(each[name] for each in seconds))
    return ratio(seconds, limit, one), limit
