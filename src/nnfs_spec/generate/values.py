"""The values of the sweep: for every kind that a domain declares, families that break implementations.

The families are the adversaries: special numbers of the dtype, all its exponents, near ties at a few ulps, large
spreads and offsets, subnormals and signed zeros, one special among ordinary values, and the constants of the clauses.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, TypeAlias, assert_never

import numpy as np

from nnfs_spec.arrays import Array
from nnfs_spec.domains import CHUNKS, GRID_LIMIT, GRID_STEP, PARTS, WHOLE_LIMIT, Case, Domain
from nnfs_spec.subject.layouts import RANGES
from nnfs_spec.subject.operations import Argument, Values

Family: TypeAlias = Callable[[np.random.Generator, tuple[int, ...], np.dtype[Any]], Array]


def array_of(
    argument: Argument,
    sizes: dict[str, int],
    dtype: np.dtype[Any],
    rng: np.random.Generator,
    turn: int,
    families: "Families",
) -> Array:
    """Return an array for ``argument`` of these sizes; its family is the one whose turn it is."""
    shape = tuple(sizes[size] if isinstance(size, str) else size for size in argument.shape)
    classes = sizes.get("C", 1)
    match argument.values:
        case Values.FINITE:
            return families.finite[turn % len(families.finite)](rng, shape, dtype)
        case Values.UNIT:
            return families.unit[turn % len(families.unit)](rng, shape, dtype)
        case Values.WHOLE:
            return rng.integers(-WHOLE_LIMIT, WHOLE_LIMIT + 1, shape).astype(dtype)
        case Values.GRID:
            return (rng.integers(-GRID_LIMIT, GRID_LIMIT + 1, shape) * GRID_STEP).astype(dtype)
        case Values.ZERO:
            return rng.choice(np.array([0.0, -0.0]), shape).astype(dtype)
        case Values.EQUAL:
            family = families.finite[turn % len(families.finite)]
            return np.repeat(family(rng, (shape[0], 1), dtype), shape[1], axis=1)
        case Values.TIED:
            return rng.integers(-1, 2, shape).astype(dtype)
        case Values.DISC:
            radius, angle = rng.uniform(0, 1 - 1e-6, shape[:1]), rng.uniform(0, 2 * np.pi, shape[:1])
            return np.stack([radius * np.cos(angle), radius * np.sin(angle)], axis=1).astype(dtype)
        case Values.NONFINITE:
            return rng.choice(np.array([np.nan, np.inf, -np.inf]), shape).astype(dtype)
        case Values.BEYOND_UNIT:
            return (rng.choice(np.array([-1.0, 1.0]), shape) * (1 + 10.0 ** rng.uniform(-5, 5, shape))).astype(dtype)
        case Values.LABEL:
            return rng.integers(0, classes, shape)
        case Values.ONE_HOT:
            return np.equal(np.arange(classes), rng.integers(0, classes, (shape[0], 1))).astype(dtype)
        case Values.NO_LABEL:
            return rng.choice(np.array([-1, -classes, -classes - 1, classes, 2 * classes]), shape)
        case Values.ORDER:
            return rng.permutation(shape[0])
        case Values.COUNT:
            return np.asarray(rng.integers(1, 9))
        case Values.LARGE_COUNT:
            return np.asarray(100 if turn < 2 else rng.integers(200, 257) if turn % 8 == 3 else rng.integers(64, 129))
        case Values.NO_COUNT:
            return np.asarray(rng.integers(-3, 1))
        case Values.SEED:
            return np.asarray(rng.integers(0, 2**31 - 1))
        case Values.CHUNK:
            many = CHUNKS if shape[0] >= CHUNKS and turn % 2 else PARTS
            return rng.choice(many, shape, p=rng.dirichlet(np.full(many, 0.5)))
        case Values.PART:
            return rng.choice(PARTS, shape, p=rng.dirichlet(np.full(PARTS, 0.5)))  # of most uneven sizes
        case Values.LAYOUT:
            return _layouts(rng, shape[0], turn)
        case _ as never:
            assert_never(never)


def _layouts(rng: np.random.Generator, count: int, turn: int) -> Array:
    """Return recipes that differ from C order in one choice, each choice in its turn, and in about half of them."""
    choices, places = np.arange(len(RANGES)), np.arange(count)[:, np.newaxis]
    one = (2 * turn + places // 2) % len(RANGES) == choices
    some = rng.random((count, len(RANGES))) < HALF
    drawn: Array = rng.integers(1, RANGES, (count, len(RANGES))) * np.where(places % 2 == 0, one, some)
    return drawn


HALF = 0.5
"""The share of its choices in which a recipe that is drawn at random differs from C order."""


def _cast(values: Array, dtype: np.dtype[Any]) -> Array:
    largest = float(np.finfo(dtype).max)
    cast: Array = np.clip(values, -largest, largest).astype(dtype)
    return cast


def _specials(dtype: np.dtype[Any]) -> Array:
    finfo = np.finfo(dtype)
    powers = [float(finfo.smallest_subnormal), float(finfo.smallest_normal), float(finfo.eps), 1e-7, 0.25, 0.5]
    sizes = [1.0, 1 + float(finfo.eps), 6.0, 88.0, 89.0, 104.0, 709.0, 710.0, 746.0, 1e4, 99999.0, float(finfo.max)]
    return np.array([0.0, -0.0, *powers, *sizes, *(-p for p in powers), *(-s for s in sizes)]).astype(dtype)


def _ordinary(rng: np.random.Generator, shape: tuple[int, ...], dtype: np.dtype[Any]) -> Array:
    return rng.standard_normal(shape).astype(dtype)


def _spread(rng: np.random.Generator, shape: tuple[int, ...], dtype: np.dtype[Any]) -> Array:
    return _cast(rng.standard_normal(shape) * 10.0 ** rng.uniform(0, 3, shape[:1] + (1,) * (len(shape) - 1)), dtype)


def _every_exponent(rng: np.random.Generator, shape: tuple[int, ...], dtype: np.dtype[Any]) -> Array:
    finfo = np.finfo(dtype)
    exponents = rng.integers(int(finfo.minexp) - int(finfo.nmant), int(finfo.maxexp), shape)
    return _cast(np.ldexp(rng.uniform(-1, 1, shape), exponents), dtype)


def _special(rng: np.random.Generator, shape: tuple[int, ...], dtype: np.dtype[Any]) -> Array:
    chosen: Array = rng.choice(_specials(dtype), shape)
    return chosen


def _one_special(rng: np.random.Generator, shape: tuple[int, ...], dtype: np.dtype[Any]) -> Array:
    values = _ordinary(rng, shape, dtype)
    at = (np.arange(shape[0]), rng.integers(0, shape[1], shape[0]))
    values[at] = rng.choice(_specials(dtype), shape[0])
    return values


def _near_ties(rng: np.random.Generator, shape: tuple[int, ...], dtype: np.dtype[Any]) -> Array:
    row = rng.standard_normal((shape[0], 1)) * 10
    return _cast(row * (1 + rng.integers(-3, 4, shape) * float(np.finfo(dtype).eps)), dtype)


def _offset(rng: np.random.Generator, shape: tuple[int, ...], dtype: np.dtype[Any]) -> Array:
    away = rng.choice(np.array([-1e5, -1000.0, 1000.0, 1e5]), (shape[0], 1))
    return _cast(rng.standard_normal(shape) + away, dtype)


def _huge_negative(rng: np.random.Generator, shape: tuple[int, ...], dtype: np.dtype[Any]) -> Array:
    return _cast(-float(np.finfo(dtype).max) * rng.uniform(0.5, 1, shape), dtype)


def _huge_positive(rng: np.random.Generator, shape: tuple[int, ...], dtype: np.dtype[Any]) -> Array:
    return -_huge_negative(rng, shape, dtype)


def _subnormal(rng: np.random.Generator, shape: tuple[int, ...], dtype: np.dtype[Any]) -> Array:
    return _cast(rng.integers(-5, 6, shape) * float(np.finfo(dtype).smallest_subnormal), dtype)


def _sorted(rng: np.random.Generator, shape: tuple[int, ...], dtype: np.dtype[Any]) -> Array:
    return np.sort(rng.standard_normal(shape) * 3, axis=-1)[..., :: int(rng.choice([-1, 1]))].astype(dtype)


def _zero_rows(rng: np.random.Generator, shape: tuple[int, ...], dtype: np.dtype[Any]) -> Array:
    return np.where(rng.random((shape[0], 1)) < 0.5, 0.0, rng.standard_normal(shape)).astype(dtype)


def _whole(rng: np.random.Generator, shape: tuple[int, ...], dtype: np.dtype[Any]) -> Array:
    return rng.integers(-9, 10, shape).astype(dtype)


def _distances(rng: np.random.Generator, shape: tuple[int, ...], dtype: np.dtype[Any]) -> Array:
    below = rng.uniform(0, rng.choice(np.array([30.0, 110.0, 760.0])), shape)
    below[:, :1] = 0.0
    return _cast(rng.permuted(-below, axis=-1) + rng.integers(-9, 10), dtype)


FINITE_FAMILIES: tuple[Family, ...] = (
    _ordinary,
    _spread,
    _special,
    _near_ties,
    _every_exponent,
    _offset,
    _one_special,
    _huge_negative,
    _sorted,
    _zero_rows,
    _subnormal,
    _whole,
    _huge_positive,
    _distances,
)


def _uniform(rng: np.random.Generator, shape: tuple[int, ...], dtype: np.dtype[Any]) -> Array:
    return rng.random(shape).astype(dtype)


def _near_ends(rng: np.random.Generator, shape: tuple[int, ...], dtype: np.dtype[Any]) -> Array:
    small = 10.0 ** rng.uniform(-12, 0, shape)
    return np.where(rng.random(shape) < 0.5, small, 1 - small).astype(dtype)


def _unit_special(rng: np.random.Generator, shape: tuple[int, ...], dtype: np.dtype[Any]) -> Array:
    ends = np.array([0.0, 1.0, 1e-7, 1 - 1e-7, 0.25, 0.5, 1e-8, 1e-6, 2e-7, 1e-15]).astype(dtype)
    around = np.concatenate([ends, np.nextafter(ends, dtype.type(0.5))])
    chosen: Array = rng.choice(around, shape)
    return chosen


def _simplex(rng: np.random.Generator, shape: tuple[int, ...], dtype: np.dtype[Any]) -> Array:
    return rng.dirichlet(np.ones(shape[1]), shape[0]).astype(dtype)


UNIT_FAMILIES: tuple[Family, ...] = (_uniform, _near_ends, _unit_special, _simplex)


@dataclass(frozen=True)
class Families:
    """Which families take turns, among the finite numbers and among those of the unit interval."""

    finite: tuple[Family, ...]
    unit: tuple[Family, ...]


ADVERSARIAL = Families(FINITE_FAMILIES, UNIT_FAMILIES)
ORDINARY = Families((_ordinary, _spread), (_uniform, _simplex))
"""Values among which hardly any mistake hides, for the batches that are there for their sizes."""


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
