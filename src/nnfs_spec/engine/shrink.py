"""From a failing case to the smallest one that still fails the same clause: rows, then columns, then simpler values.

Every candidate stays in the domain and is judged again on the subject, so the result is a true counterexample.
"""

from bisect import bisect_left
from collections.abc import Callable, Iterator

import numpy as np

from nnfs_spec.arrays import Array
from nnfs_spec.domains import Case
from nnfs_spec.subject.operations import Values

MOST_WORK = 2**25
"""Entries that the candidates may have in all; each candidate counts for at least CANDIDATE of them."""

CANDIDATE = 2**13
DROPPED_SINGLY = 512
"""Of more rows than this no single ones are dropped: whole runs at the ends are, by bisection."""

ONE_BY_ONE = 64
"""In an array of more entries than this no single ones are made simpler."""

SIMPLE = (0.0, 1.0, -1.0, 0.5, 2.0)


def reduce_case(case: Case, fails: Callable[[Case], bool]) -> Case:
    """Return the smallest case found, starting from the failing ``case``, on which ``fails`` still says so."""
    remaining = MOST_WORK

    def still_fails(candidate: Case) -> bool:
        nonlocal remaining
        remaining -= CANDIDATE + sum(array.size for array in candidate.arrays.values())
        return remaining >= 0 and candidate.belongs() and fails(candidate)

    while True:
        smaller = case
        for symbol in case.domain.symbols:
            smaller = _from_the_ends(smaller, symbol, still_fails)
            if smaller.size(symbol) <= DROPPED_SINGLY:
                smaller = _fewer(smaller, symbol, still_fails)
        smaller = _simpler(smaller, still_fails)
        if smaller is case:
            return case
        case = smaller


def _from_the_ends(case: Case, symbol: str, still_fails: Callable[[Case], bool]) -> Case:
    """Keep the shortest beginning that fails, then the shortest end of it, each found by bisection."""
    beginning = _shortest(case, symbol, np.arange, still_fails)
    size = beginning.size(symbol)
    return _shortest(beginning, symbol, lambda kept: np.arange(size - kept, size), still_fails)


def _shortest(case: Case, symbol: str, places: Callable[[int], Array], still_fails: Callable[[Case], bool]) -> Case:
    """Keep as few as still fail, those at ``places`` of their number; where fewer do not, all."""
    size = case.size(symbol)
    kept = 1 + bisect_left(range(1, size), True, key=lambda kept: still_fails(case.take(symbol, places(kept))))
    return case if kept >= size else case.take(symbol, places(kept))


def _fewer(case: Case, symbol: str, still_fails: Callable[[Case], bool]) -> Case:
    """Drop ever smaller runs of rows or columns (delta debugging) while the case still fails."""
    run = case.size(symbol) // 2
    while run:
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
    """Put simpler values in the place of the present ones, array by array, then entry by entry."""
    for argument in (argument for argument in case.domain.arguments if argument.values is not Values.SEED):
        name = argument.name
        with np.errstate(invalid="ignore"):  # a signalling NaN raises it when it is looked at
            whole = list(_simpler_arrays(case[name]))
        case = next((c for c in (case.replace(name, array) for array in whole) if still_fails(c)), case)
        if case[name].size <= ONE_BY_ONE:
            for index in np.ndindex(case[name].shape):
                case = _simpler_entry(case, name, index, still_fails)
    return case


def _simpler_arrays(array: Array) -> Iterator[Array]:
    """Yield arrays that are simpler than ``array``, the simplest first.

    A simpler array is never followed by a less simple one, so the search does not go in circles.
    """
    if array.any():
        yield np.zeros_like(array)
    if not np.isin(array, SIMPLE[:2]).all():
        yield np.ones_like(array)
    with np.errstate(invalid="ignore", over="ignore"):
        for rounded in (np.trunc(array), np.round(array, 1)):
            if not np.array_equal(rounded, array):
                yield rounded


def _simpler_entry(case: Case, name: str, index: tuple[int, ...], still_fails: Callable[[Case], bool]) -> Case:
    """Put the simplest value in the place of one entry, or else the smallest whole number that bisection finds."""
    entry = case[name][index]
    for value in SIMPLE:
        if entry == value:
            return case
        candidate = _with_entry(case, name, index, value)
        if still_fails(candidate):
            return candidate
    if not np.isfinite(entry) or abs(entry) <= SIMPLE[-1]:
        return case
    sign = 1 if entry > 0 else -1
    passes, fails, best = int(SIMPLE[-1]), abs(int(entry)), case
    while fails - passes > 1:
        exponents = passes.bit_length() + fails.bit_length() - 2
        middle = (passes + fails) // 2 if fails < 4 * passes else 2 ** (exponents // 2)
        candidate = _with_entry(case, name, index, sign * middle)
        if still_fails(candidate):
            fails, best = middle, candidate
        else:
            passes = middle
    return best


def _with_entry(case: Case, name: str, index: tuple[int, ...], value: float) -> Case:
    changed = case[name].copy()
    changed[index] = value
    return case.replace(name, changed)
