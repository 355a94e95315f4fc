"""Batches of one family of values each, to tell on which inputs an implementation is how accurate."""

from collections.abc import Iterator
from typing import Any

import numpy as np

from nnfs_spec.domains import Case, Domain, Values
from nnfs_spec.generate.values import FINITE_FAMILIES, UNIT_FAMILIES, Families, Family, array_of

ROWS = (64, 300, 17, 1, 128)
COLUMNS = (3, 10, 2, 40, 5, 1, 128)
MOST_PRODUCTS = 2**12
"""A batch has no more entries than this, counted over all its sizes: of many rows it has few columns."""

STREAM = 3
"""Tells these draws from those of the sweep, which begin with the same seed."""


def families_of(domain: Domain) -> dict[str, Family]:
    """Return the families that the real numbers of ``domain`` are drawn from, by their names."""
    of_unit = any(argument.values is Values.UNIT for argument in domain.arguments)
    families = UNIT_FAMILIES if of_unit else FINITE_FAMILIES
    return {family.__name__.strip("_").replace("_", " "): family for family in families}


def family_batches(domain: Domain, dtype: np.dtype[Any], name: str, seed: int, count: int) -> Iterator[Case]:
    """Yield ``count`` cases of ``domain`` in ``dtype`` whose real numbers all come from the family called ``name``."""
    known = families_of(domain)
    only, place = Families((known[name],), (known[name],)), list(known).index(name)
    for turn in range(count):
        rng = np.random.default_rng([seed, turn, dtype.itemsize, STREAM, place])
        sizes = _sizes(domain, turn)
        arrays = {argument.name: array_of(argument, sizes, dtype, rng, 0, only) for argument in domain.arguments}
        yield Case(domain, dtype, arrays)


def _sizes(domain: Domain, turn: int) -> dict[str, int]:
    sizes: dict[str, int] = {}
    left = MOST_PRODUCTS
    for place, symbol in enumerate(domain.symbols):
        plan = ROWS if symbol == "N" else COLUMNS
        sizes[symbol] = min(plan[(turn * (1 + place) + place) % len(plan)], left)
        left = max(1, left // sizes[symbol])
    return sizes
