"""Dense sums and means in fractions: exact, as nothing but additions, multiplications and one division is needed."""

from collections.abc import Iterable, Sequence
from fractions import Fraction
from typing import Any, NamedTuple

import numpy as np

from nnfs_spec.arrays import Array, smallest_subnormal, unit_roundoff
from nnfs_spec.oracle import bounds


class Exactly(NamedTuple):
    """The exact value of an entry, and the bound of its clause."""

    value: Fraction
    bound: Fraction


def dense(arguments: tuple[Array, ...], row: int, columns: Sequence[int]) -> list[Exactly]:
    """Return entries of inputs (N, K) · weights (K, M) + biases (1, M) by DENSE-1."""
    x, w, b = arguments
    factors, dtype = _fractions(x[row]), x.dtype
    unit, subnormal = Fraction(unit_roundoff(dtype)), Fraction(smallest_subnormal(dtype))
    found: list[Exactly] = []
    for column in columns:
        products = [factor * weight for factor, weight in zip(factors, _fractions(w[:, column]), strict=True)]
        terms = [*products, *_fractions(b[:, column])]
        size = sum(map(abs, terms), Fraction(0))
        found.append(Exactly(sum(terms, Fraction(0)), bounds.dense(len(w), size, unit, subnormal)))
    return found


def mean(values: Array, dtype: np.dtype[Any]) -> Exactly:
    """Return the mean of ``values`` (N,) with the relative bound of (N + 2)·u, u of ``dtype``."""
    terms, n = _fractions(values), len(values)
    size = sum(map(abs, terms), Fraction(0)) / n
    return Exactly(sum(terms, Fraction(0)) / n, (n + 2) * Fraction(unit_roundoff(dtype)) * size)


def _fractions(numbers: Iterable[float]) -> list[Fraction]:
    return [Fraction(float(number)) for number in numbers]
