"""Hypothesis strategies for every domain, and the search among small cases.

Strategies are plain ``arrays`` over plain elements: they shrink best, and volume is the sweep's work.
"""

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from random import Random
from typing import Any, assert_never

import hypothesis.strategies as st
import numpy as np
from hypothesis import Phase, find, settings
from hypothesis.errors import NoSuchExample
from hypothesis.extra.numpy import arrays

from nnfs_spec.arrays import Array
from nnfs_spec.domains import CHUNKS, GRID_LIMIT, GRID_STEP, PARTS, WHOLE_LIMIT, Case, Domain
from nnfs_spec.subject.layouts import RANGES
from nnfs_spec.subject.operations import Argument, Values

MOST_ROWS, MOST_COLUMNS = 4, 5


@st.composite
def cases(draw: st.DrawFn, domain: Domain, dtype: np.dtype[Any]) -> Case:
    """Return cases of ``domain`` in ``dtype``, of a few rows and columns."""
    sizes: dict[str, int] = {}
    for symbol in domain.symbols:
        least = domain.least.get(symbol, 1)
        usual = MOST_ROWS if symbol == "N" else MOST_COLUMNS
        sizes[symbol] = draw(st.integers(least, max(least, min(usual, domain.most.get(symbol, usual)))))
    if domain.apart:
        one, other = domain.apart
        sizes[other] += sizes[other] >= sizes[one] and sizes[other] == sizes[one]
    drawn = {argument.name: draw(_argument(argument, sizes, dtype)) for argument in domain.arguments}
    return Case(domain, dtype, drawn)


@st.composite
def arguments_of(
    draw: st.DrawFn, arguments: Sequence[Argument], dtype: np.dtype[Any], ranges: Mapping[str, tuple[int, int]]
) -> tuple[Array, ...]:
    """Return arrays for ``arguments`` in ``dtype``; ``ranges`` gives the least and the most of every symbol."""
    sizes = {symbol: draw(st.integers(least, most)) for symbol, (least, most) in ranges.items()}
    return tuple(draw(_argument(argument, sizes, dtype)) for argument in arguments)


def _argument(argument: Argument, sizes: dict[str, int], dtype: np.dtype[Any]) -> st.SearchStrategy[Array]:
    shape = tuple(sizes[size] if isinstance(size, str) else size for size in argument.shape)
    width: Any = dtype.itemsize * 8
    finite = st.floats(width=width, allow_nan=False, allow_infinity=False)
    labels = st.integers(0, sizes.get("C", 1) - 1)
    match argument.values:
        case Values.FINITE:
            return arrays(dtype, shape, elements=finite)
        case Values.UNIT:
            return arrays(dtype, shape, elements=st.floats(0, 1, width=width) | st.sampled_from(_notable(dtype)))
        case Values.WHOLE:
            return arrays(dtype, shape, elements=st.integers(-WHOLE_LIMIT, WHOLE_LIMIT))
        case Values.GRID:
            multiples = arrays(dtype, shape, elements=st.integers(-GRID_LIMIT, GRID_LIMIT))
            return multiples.map(lambda k: (k * GRID_STEP).astype(dtype))
        case Values.ZERO:
            return arrays(dtype, shape, elements=st.sampled_from([0.0, -0.0]))
        case Values.EQUAL:
            return arrays(dtype, (shape[0], 1), elements=finite).map(lambda column: np.repeat(column, shape[1], axis=1))
        case Values.TIED:
            return arrays(dtype, shape, elements=st.integers(-1, 1))
        case Values.DISC:
            return arrays(dtype, shape, elements=st.floats(-0.6875, 0.6875, width=width))
        case Values.NONFINITE:
            return arrays(dtype, shape, elements=st.sampled_from([np.nan, np.inf, -np.inf]))
        case Values.BEYOND_UNIT:
            beyond = st.floats(max_value=0, exclude_max=True, width=width, allow_infinity=False) | st.floats(
                min_value=1, exclude_min=True, width=width, allow_infinity=False
            )
            return arrays(dtype, shape, elements=beyond)
        case Values.LABEL:
            return arrays(np.int64, shape, elements=labels)
        case Values.ONE_HOT:
            sparse = arrays(np.int64, shape[:1], elements=labels)
            return sparse.map(lambda y: np.equal(np.arange(shape[1]), y[:, np.newaxis]).astype(dtype))
        case Values.NO_LABEL:
            classes = sizes["C"]
            outside = st.integers(-classes - 1, -1) | st.integers(classes, 2 * classes + 1)
            return arrays(np.int64, shape, elements=outside)
        case Values.ORDER:
            return st.permutations(range(shape[0])).map(np.array)
        case Values.COUNT:
            return st.integers(1, 8).map(np.asarray)
        case Values.LARGE_COUNT:
            return st.integers(64, 128).map(np.asarray)
        case Values.NO_COUNT:
            return st.integers(-3, 0).map(np.asarray)
        case Values.SEED:
            return st.integers(0, 2**31 - 2).map(np.asarray)
        case Values.CHUNK:
            return arrays(np.int64, shape, elements=st.integers(0, CHUNKS - 1))
        case Values.PART:
            return arrays(np.int64, shape, elements=st.integers(0, PARTS - 1))
        case Values.LAYOUT:
            recipe = st.tuples(*(st.integers(0, choices - 1) for choices in RANGES))
            return st.lists(recipe, min_size=shape[0], max_size=shape[0]).map(np.array)
        case _ as never:
            assert_never(never)


def _notable(dtype: np.dtype[Any]) -> list[float]:
    """Return what plain numbers in [0, 1] seldom meet: negative zero, and the clips of LOSS-1 with their neighbours."""
    clips = np.array([1e-7, 1 - 1e-7], dtype)
    below, above = np.nextafter(clips, dtype.type(0)), np.nextafter(clips, dtype.type(1))
    return [-0.0, *map(float, [*clips, *below, *above])]


def explore(domain: Domain, dtype: np.dtype[Any], visit: Callable[[Case], None], examples: int, seed: int) -> None:
    """Call ``visit`` with up to ``examples`` cases of ``domain``; the same seed visits the same cases.

    Nothing is shrunk here: one case serves every clause of the domain, and the engine reduces each failure by itself.
    """

    def never(case: Case) -> bool:
        visit(case)
        return False

    chosen = settings(max_examples=examples, database=None, deadline=None, phases=(Phase.generate,))
    with suppress(NoSuchExample):  # always, since nothing is looked for
        find(cases(domain, dtype), never, settings=chosen, random=Random(seed))
