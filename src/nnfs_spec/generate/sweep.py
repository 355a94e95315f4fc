"""The sweep: planned sets of vectorised batches for every domain, made from its declared values.

Four plans reach what small random cases do not: ``batches`` goes through the families of values, ``sized_batch``
through all sizes, ``wide_batch`` through large widths, and ``large_batch`` is one of very many rows.
"""

from collections.abc import Iterator
from math import prod
from typing import Any

import numpy as np

from nnfs_spec.domains import Case, Domain
from nnfs_spec.generate.values import ADVERSARIAL, ORDINARY, Families, array_of
from nnfs_spec.subject.operations import Values

ROWS = (1, 2, 3, 5, 8, 17, 64, 300, 1025)
COLUMNS = (3, 1, 2, 10, 4, 7, 33, 5, 128, 300)
SQUARES = (3, 2, 5, 8, 13)
LARGE, COLUMNS_OF_LARGE = 1000, (3, 2, 10, 40)
"""A batch of more rows than this has few columns: of each class many rows, as in the course."""

MOST_ENTRIES = 2**16
"""A batch of the families has no more products of sizes than this: of many rows it has few columns."""

MOST_ROWS_LOG2, MOST_COLUMNS_LOG2 = 9.25, 7.01
"""After the planned sizes any size up to about 600 rows and 128 columns may come, small ones more often."""

EVERY_N, EVERY_WIDTH, EVERY_SQUARE, NARROW = 600, 128, 40, 5
SIZES = EVERY_N + EVERY_SQUARE
LARGE_N, LARGE_WIDTHS = 100_003, (3, 5, 2)

WIDE_ROWS = 2
_BESIDE_POWERS = tuple(2**k + off for k in range(8, 13) for off in (-1, 0, 1))
WIDTHS = (129, *_BESIDE_POWERS[:6], 784, 1000, *_BESIDE_POWERS[6:], 2**15 + 1, 2**16 + 1)
"""Widths beyond those of the planned sizes: at powers of two, and those of real data sets."""

WIDE_SQUARES = (63, 64, 65, 127, 128, 129, 255, 256, 257)
MOST_PRODUCTS = 2**22
"""A square has no more products of sizes than this."""


def batches(domain: Domain, dtype: np.dtype[Any], seed: int, count: int) -> Iterator[Case]:
    """Yield ``count`` cases of ``domain`` in ``dtype``, family after family; the same seed yields the same."""
    for turn in range(count):
        rng = np.random.default_rng([seed, turn, dtype.itemsize])
        yield _case(domain, dtype, _varied_sizes(domain, rng, turn), rng, turn, ADVERSARIAL)


def sized_batch(domain: Domain, dtype: np.dtype[Any], seed: int, turn: int) -> Case:
    """Return one of a plan of cases of every number of rows to 600, every width to 128 and every square to 40.

    Wide batches have few rows where they can, so that the whole plan, ``turn`` from 0 to SIZES - 1, stays cheap.
    """
    square = turn - EVERY_N + 1
    sizes = dict.fromkeys(domain.symbols, square) if square > 0 else _planned_sizes(domain, turn + 1)
    return _case(domain, dtype, sizes, np.random.default_rng([seed, turn, dtype.itemsize, 1]), turn, ORDINARY)


def sized_turns(seed: int, stride: int) -> range:
    """Return the turns of ``sized_batch`` when only each ``stride``-th is taken, the seed saying which."""
    return range(seed % stride, SIZES, stride)


def wide_sizes(domain: Domain) -> list[dict[str, int]]:
    """Return the sizes beyond those of ``sized_batch``: two rows, one symbol wide and the rest narrow; and squares."""
    others = [symbol for symbol in domain.symbols if symbol != "N"]
    wide = [
        {"N": WIDE_ROWS} | {symbol: width if symbol == one else NARROW for symbol in others}
        for width in WIDTHS
        for one in others
    ]
    squares = [dict.fromkeys(domain.symbols, side) for side in WIDE_SQUARES]
    return [*wide, *(one for one in squares if prod(one.values()) <= MOST_PRODUCTS)]


def wide_batch(domain: Domain, dtype: np.dtype[Any], seed: int, turn: int) -> Case:
    """Return a case of the sizes in ``wide_sizes`` whose turn it is; the last row has the highest label."""
    sizes = wide_sizes(domain)[turn]
    case = _case(domain, dtype, sizes, np.random.default_rng([seed, turn, dtype.itemsize, 4]), turn, ORDINARY)
    for argument in domain.arguments:
        if argument.values is Values.LABEL:
            labels = case[argument.name].copy()
            labels[-1] = sizes["C"] - 1
            case = case.replace(argument.name, labels)
    return case


def large_batch(domain: Domain, dtype: np.dtype[Any], seed: int, turn: int = 0) -> Case:
    """Return a case of more than 100,000 rows and few columns."""
    rng = np.random.default_rng([seed, turn, dtype.itemsize, 2])
    sizes = {symbol: LARGE_WIDTHS[(turn + i) % len(LARGE_WIDTHS)] for i, symbol in enumerate(domain.symbols)}
    return _case(domain, dtype, sizes | {"N": LARGE_N}, rng, turn, ORDINARY)


def _case(
    domain: Domain,
    dtype: np.dtype[Any],
    wanted: dict[str, int],
    rng: np.random.Generator,
    turn: int,
    families: Families,
) -> Case:
    sizes = _allowed(domain, wanted)
    arrays = {a.name: array_of(a, sizes, dtype, rng, turn + i, families) for i, a in enumerate(domain.arguments)}
    return Case(domain, dtype, arrays)


def _allowed(domain: Domain, wanted: dict[str, int]) -> dict[str, int]:
    """Return the sizes nearest to the wanted ones that the domain allows."""
    sizes: dict[str, int] = {}
    for symbol, size in wanted.items():
        least = domain.least.get(symbol, 1)
        sizes[symbol] = min(max(size, least), domain.most.get(symbol, size + least))
    if domain.apart and sizes[domain.apart[0]] == sizes[domain.apart[1]]:
        sizes[domain.apart[1]] += 1
    return sizes


def _varied_sizes(domain: Domain, rng: np.random.Generator, turn: int) -> dict[str, int]:
    """Go through the planned sizes, each symbol at its own pace; at every fourth turn all symbols are equal."""
    square = SQUARES[turn // 4 % len(SQUARES)] if turn % 4 == 3 else None
    sizes: dict[str, int] = {}
    left = MOST_ENTRIES
    for place, symbol in enumerate(domain.symbols):
        plan = ROWS if symbol == "N" else COLUMNS
        planned = square or plan[(turn * (1 + 3 * place) + place) % len(plan)]
        if symbol != "N" and sizes.get("N", 0) > LARGE:
            planned = COLUMNS_OF_LARGE[turn // len(ROWS) % len(COLUMNS_OF_LARGE)]
        if not square and turn >= 2 * len(plan):
            planned = int(2 ** rng.uniform(0, MOST_ROWS_LOG2 if symbol == "N" else MOST_COLUMNS_LOG2))
        sizes[symbol] = min(planned, left)
        left = max(1, left // sizes[symbol])
    return sizes


def _planned_sizes(domain: Domain, n: int) -> dict[str, int]:
    """Return the sizes at n rows: one symbol after the other falls from 128 to 1, the rest stay narrow."""
    others = [symbol for symbol in domain.symbols if symbol != "N"]
    sizes = {symbol: 1 + (n + place) % NARROW for place, symbol in enumerate(others)}
    block, step = divmod(n - 1, EVERY_WIDTH)
    if block < len(others):
        sizes[others[block]] = EVERY_WIDTH - step
    return {"N": n, **sizes}
