"""From a failing case to the smallest one that still fails the same clause: rows, then columns, then simpler values.

Every candidate stays in the domain and is judged again on the subject, so the result is a true counterexample.
"""

from collections.abc import Callable, Iterator

import numpy as np

from nnfs_spec.arrays import Array
from nnfs_spec.domains import Case, Values

MOST_CANDIDATES = 600
SIMPLE = (0.0, 1.0, -1.0, 0.5, 2.0)


def reduce_case(case: Case, fails: Callable[[Case], bool]) -> Case:
    """Return the smallest case found, starting from the failing ``case``, on which ``fails`` still says so."""
    remaining = [MOST_CANDIDATES]

    def still_fails(candidate: Case) -> bool:
        remaining[0] -= 1
        return remaining[0] >= 0 and candidate.belongs() and fails(candidate)

    while True:
        smaller = case
        for symbol in case.domain.symbols:
            smaller = _fewer(smaller, symbol, still_fails)
        smaller = _simpler(smaller, still_fails)
        if smaller is case:
            return case
        case = smaller


def _fewer(case: Case, symbol: str, still_fails: Callable[[Case], bool]) -> Case:
    """Drop ever smaller runs of rows or columns (delta debugging) while the case still fails."""
    run = max(1, case.size(symbol) // 2)
    while run >= 1:
        start = 0
        while start < case.size(symbol):
            keep = np.delete(np.arange(case.size(symbol)), np.s_[start : start + run])
            candidate = case.take(symbol, keep)
            if still_fails(candidate):
                case = candidate
            else:
                start += run
        run //= 2
    return case


def _simpler(case: Case, still_fails: Callable[[Case], bool]) -> Case:
    """Put simpler values in the place of the ones at hand, array by array, then entry by entry."""
    for argument in case.domain.arguments:
        if argument.values is Values.SEED:
            continue
        for simpler in _candidates(case[argument.name]):
            candidate = case.replace(argument.name, simpler)
            if still_fails(candidate):
                case = candidate
                break
    return case


def _candidates(array: Array) -> Iterator[Array]:
    """Yield arrays that are simpler than ``array``: whole ones first, then those with one simpler entry."""
    for value in SIMPLE[:2]:
        constant = np.full_like(array, value)
        if not np.array_equal(array, constant) and not (value and not array.any()):
            yield constant
    if array.dtype.kind == "f":
        with np.errstate(invalid="ignore", over="ignore"):
            for rounded in (np.trunc(array), np.round(array, 1)):
                if not np.array_equal(rounded, array):
                    yield rounded
    if array.size > 64:
        return
    for index in np.ndindex(array.shape):
        for value in SIMPLE:
            if array[index] == value:
                break
            simpler = array.copy()
            simpler[index] = value
            yield simpler
