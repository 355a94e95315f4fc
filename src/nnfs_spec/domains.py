"""What inputs the clauses speak of, declared once as data; every engine makes its inputs from here."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, assert_never

import numpy as np

from nnfs_spec.arrays import Array
from nnfs_spec.subject.layouts import RANGES
from nnfs_spec.subject.operations import BATCH_OPERATIONS, OPERATIONS, Argument, Operation, Shape, Values

DTYPES: tuple[np.dtype[Any], ...] = (np.dtype(np.float32), np.dtype(np.float64))

WHOLE_LIMIT = 64
"""Products of whole numbers up to this sum up exactly in float32, over as many inputs as any engine plans."""

CHUNKS, PARTS = 48, 4
"""A batch is split into so many chunks, and its chunks among so many accumulators, at most."""

MOST_LAYOUTS = 4
"""Memory layouts of one case, at most."""

GRID_STEP, GRID_LIMIT = 0.125, 2**20
"""The grid: multiples of the step up to limit·step; sums of two are exact in float32."""


UNTYPED = frozenset(
    {
        *(Values.LABEL, Values.NO_LABEL, Values.ORDER, Values.COUNT, Values.LARGE_COUNT, Values.NO_COUNT),
        *(Values.SEED, Values.CHUNK, Values.PART, Values.LAYOUT),
    }
)


@dataclass(frozen=True)
class Domain:
    """The cases that a clause speaks of. ``least`` and ``most`` bound symbols, ``apart`` names two that must differ."""

    operation: Operation
    arguments: tuple[Argument, ...]
    least: Mapping[str, int] = field(default_factory=dict[str, int])
    most: Mapping[str, int] = field(default_factory=dict[str, int])
    apart: tuple[str, str] | None = None

    def __hash__(self) -> int:
        """Domains that say the same are one domain, so that its cases are made once for all clauses."""
        return hash((self.operation, self.arguments))

    @property
    def symbols(self) -> tuple[str, ...]:
        """The symbols of the shapes, in the order of their first use."""
        used = (size for argument in self.arguments for size in argument.shape if isinstance(size, str))
        return tuple(dict.fromkeys(used))

    @property
    def dtypes(self) -> tuple[np.dtype[Any], ...]:
        """The dtypes in which its cases come: one of them where no entry is a real number."""
        typed = any(argument.values not in UNTYPED for argument in self.arguments)
        return DTYPES if typed else DTYPES[1:]


@dataclass(frozen=True, eq=False)
class Case:
    """One member of a domain, in one dtype."""

    domain: Domain
    dtype: np.dtype[Any]
    arrays: Mapping[str, Array]

    def __getitem__(self, name: str) -> Array:
        return self.arrays[name]

    def number(self, name: str) -> int:
        """Return an argument that is a single whole number."""
        return int(self.arrays[name].reshape(-1)[0])

    @property
    def arguments(self) -> tuple[Array, ...]:
        """The arguments of the domain's operation, in its order."""
        return tuple(self.arrays[name] for name in OPERATIONS[self.domain.operation].argument_names)

    def size(self, symbol: str) -> int:
        """Return what ``symbol`` stands for in this case."""
        argument = next(argument for argument in self.domain.arguments if symbol in argument.shape)
        return int(self.arrays[argument.name].shape[argument.shape.index(symbol)])

    def replace(self, name: str, array: Array) -> "Case":
        """Return the case with another array under ``name``."""
        return Case(self.domain, self.dtype, {**self.arrays, name: array})

    def take(self, symbol: str, keep: Array) -> "Case":
        """Return the case with only the places ``keep`` along every axis called ``symbol``; labels move along."""
        taken: dict[str, Array] = {}
        for argument in self.domain.arguments:
            array = self.arrays[argument.name]
            for axis, size in enumerate(argument.shape):
                array = np.take(array, keep, axis=axis) if size == symbol else array
            if symbol == "C" and argument.values in (Values.LABEL, Values.ORDER):
                array = np.searchsorted(keep, array)
            taken[argument.name] = array
        return Case(self.domain, self.dtype, taken)

    def belongs(self) -> bool:
        """Tell whether the case lies in its domain: its sizes, its shapes and the values of its entries."""
        sizes: dict[str, int] = {}
        for argument in self.domain.arguments:
            shape = self.arrays[argument.name].shape
            if len(shape) != len(argument.shape):
                return False
            for size, found in zip(argument.shape, shape, strict=True):
                if found != (sizes.setdefault(size, found) if isinstance(size, str) else size):
                    return False
        least, most, apart = self.domain.least, self.domain.most, self.domain.apart
        fits = all(least.get(s, 1) <= n <= most.get(s, n) for s, n in sizes.items())
        fits = fits and (apart is None or sizes[apart[0]] != sizes[apart[1]])
        return fits and all(_has(a.values, self.arrays[a.name], sizes.get("C", 0)) for a in self.domain.arguments)


def _has(values: Values, array: Array, classes: int) -> bool:
    """Tell whether every entry of ``array`` is one of ``values``."""
    match values:
        case Values.FINITE:
            good = np.isfinite(array)
        case Values.UNIT:
            good = (array >= 0) & (array <= 1)
        case Values.WHOLE:
            good = (array == np.trunc(array)) & (np.abs(array) <= WHOLE_LIMIT)
        case Values.GRID:
            steps = array / GRID_STEP
            good = (steps == np.trunc(steps)) & (np.abs(steps) <= GRID_LIMIT)
        case Values.ZERO:
            good = array == 0
        case Values.EQUAL:
            good = np.isfinite(array) & (array == array[:, :1])
        case Values.TIED:
            good = (array == -1) | (array == 0) | (array == 1)
        case Values.DISC:
            good = np.hypot(array[:, 0], array[:, 1]) <= 1
        case Values.NONFINITE:
            good = ~np.isfinite(array)
        case Values.BEYOND_UNIT:
            good = np.isfinite(array) & ((array < 0) | (array > 1))
        case Values.LABEL:
            good = (array >= 0) & (array < classes)
        case Values.ONE_HOT:
            good = ((array == 0) | (array == 1)) & (array.sum(axis=1, keepdims=True) == 1)
        case Values.NO_LABEL:
            good = (array < 0) | (array >= classes)
        case Values.ORDER:
            good = np.sort(array) == np.arange(classes)
        case Values.COUNT:
            good = (array >= 1) & (array <= 8)
        case Values.LARGE_COUNT:
            good = (array >= 64) & (array <= 256)
        case Values.NO_COUNT:
            good = array < 1
        case Values.SEED:
            good = (array >= 0) & (array < 2**31)
        case Values.CHUNK:
            good = (array >= 0) & (array < CHUNKS)
        case Values.PART:
            good = (array >= 0) & (array < PARTS)
        case Values.LAYOUT:
            good = (array >= 0) & (array < RANGES)
        case _ as never:
            assert_never(never)
    return bool(np.all(good))


def forms_of(operation: Operation) -> tuple[Domain, ...]:
    """Return the ordinary domains of an operation: one, or with sparse and with one-hot labels."""
    definition = OPERATIONS[operation]
    ordinary = Domain(operation, definition.arguments)
    return (ordinary, _with(ordinary, Values.LABEL, Values.ONE_HOT, ("N", "C"))) if definition.one_hot else (ordinary,)


def in_layouts_of(domain: Domain) -> Domain:
    """Return ``domain`` with up to four memory layouts in which its arguments shall lie."""
    layouts = Argument("layouts", ("L", len(RANGES)), Values.LAYOUT)
    return replace(domain, arguments=(*domain.arguments, layouts), most={**domain.most, "L": MOST_LAYOUTS})


def whole(domain: Domain) -> Domain:
    """Return a domain with whole numbers in the place of any finite ones."""
    return _with(domain, Values.FINITE, Values.WHOLE)


def without_rows(domain: Domain) -> Domain:
    """Return a domain whose batches have no rows."""
    return replace(domain, **_NO_ROWS)


def with_special(domain: Domain) -> Domain:
    """Return a domain that also gives a number that is not finite, to be put into an argument."""
    return replace(domain, arguments=(*domain.arguments, Argument("special", (1,), Values.NONFINITE)))


def _with(domain: Domain, old: Values, new: Values, shape: Shape | None = None) -> Domain:
    changed = (Argument(one.name, shape or one.shape, new) if one.values is old else one for one in domain.arguments)
    return replace(domain, arguments=tuple(changed))


def _dense(inputs: Values, others: Values) -> Domain:
    first, *rest = OPERATIONS["dense"].arguments
    return Domain("dense", (replace(first, values=inputs), *(replace(one, values=others) for one in rest)))


def _rows(operation: Operation, values: Values, *more: Argument, **kwargs: Any) -> Domain:
    return Domain(operation, (Argument("inputs", ("N", "C"), values), *more), **kwargs)


def _labelled(operation: Operation, values: Values, labels: Values, *more: Argument, **kwargs: Any) -> Domain:
    shape = ("N", "C") if labels is Values.ONE_HOT else ("N",)
    arguments = (Argument("y_pred", ("N", "C"), values), Argument("y_true", shape, labels), *more)
    return Domain(operation, arguments, **kwargs)


def _counts(operation: Operation, values: Values) -> Domain:
    *counts, seed = OPERATIONS[operation].arguments
    return Domain(operation, (*(replace(count, values=values) for count in counts), seed))


_NO_ROWS: dict[str, Any] = {"least": {"N": 0}, "most": {"N": 0}}
_TWO_CLASSES: dict[str, Any] = {"least": {"C": 2}}

DENSE = _dense(Values.FINITE, Values.FINITE)
DENSE_WHOLE = _dense(Values.WHOLE, Values.WHOLE)
DENSE_ZERO = _dense(Values.ZERO, Values.FINITE)
DENSE_WIDTHS = Domain(
    "dense",
    (
        Argument("inputs", ("N", "J"), Values.WHOLE),
        Argument("weights", ("K", "M"), Values.WHOLE),
        Argument("biases", (1, "M"), Values.WHOLE),
    ),
    apart=("J", "K"),
)

LAYER = _counts("layer", Values.COUNT)
LAYER_LARGE = _counts("layer", Values.LARGE_COUNT)
LAYER_NO_COUNT = _counts("layer", Values.NO_COUNT)

RELU = _rows("relu", Values.FINITE)
RELU_WHOLE = _rows("relu", Values.WHOLE)
RELU_ZERO = _rows("relu", Values.ZERO)
RELU_PAIR = _rows("relu", Values.FINITE, Argument("others", ("N", "C"), Values.FINITE))
RELU_SPECIALS = _rows("relu", Values.NONFINITE, most={"C": 1})

SOFTMAX = _rows("softmax", Values.FINITE)
SOFTMAX_WHOLE = _rows("softmax", Values.WHOLE)
SOFTMAX_TIED = _rows("softmax", Values.TIED)
SOFTMAX_EQUAL = _rows("softmax", Values.EQUAL)
SOFTMAX_GRID = _rows("softmax", Values.GRID, Argument("shift", ("N", 1), Values.GRID))
SOFTMAX_ORDER = _rows("softmax", Values.FINITE, Argument("order", ("C",), Values.ORDER))
SOFTMAX_ORDER_WHOLE = _rows("softmax", Values.WHOLE, Argument("order", ("C",), Values.ORDER))
SOFTMAX_TWO = _rows("softmax", Values.FINITE, least={"C": 2}, most={"C": 2})
SOFTMAX_TWO_WHOLE = _rows("softmax", Values.WHOLE, least={"C": 2}, most={"C": 2})

LOGITS = _labelled("sample_losses", Values.WHOLE, Values.LABEL)

LOSSES = _labelled("sample_losses", Values.UNIT, Values.LABEL)
LOSSES_ONE_HOT = _labelled("sample_losses", Values.UNIT, Values.ONE_HOT)
LOSSES_PAIR = _labelled("sample_losses", Values.UNIT, Values.LABEL, Argument("others", ("N", "C"), Values.UNIT))
LOSSES_TWO_CLASSES = _labelled("sample_losses", Values.UNIT, Values.LABEL, **_TWO_CLASSES)
LOSSES_NO_LABEL = _labelled("sample_losses", Values.UNIT, Values.NO_LABEL)
LOSSES_BEYOND = _labelled("sample_losses", Values.UNIT, Values.LABEL, Argument("beyond", (1,), Values.BEYOND_UNIT))

LOSS = _labelled("loss", Values.UNIT, Values.LABEL)
LOSS_ONE_HOT = _labelled("loss", Values.UNIT, Values.ONE_HOT)
LOSS_EMPTY = _labelled("loss", Values.UNIT, Values.LABEL, **_NO_ROWS)

ACCURACY = _labelled("accuracy", Values.FINITE, Values.LABEL)
ACCURACY_WHOLE = _labelled("accuracy", Values.WHOLE, Values.LABEL)
ACCURACY_TIED = _labelled("accuracy", Values.TIED, Values.LABEL)
ACCURACY_TWO_CLASSES = _labelled("accuracy", Values.FINITE, Values.LABEL, **_TWO_CLASSES)
ACCURACY_NO_LABEL = _labelled("accuracy", Values.UNIT, Values.NO_LABEL)
ACCURACY_EMPTY = _labelled("accuracy", Values.FINITE, Values.LABEL, **_NO_ROWS)

NETWORK = Domain(
    "dense",
    (
        Argument("inputs", ("N", 2), Values.WHOLE),
        Argument("weights", (2, "K"), Values.WHOLE),
        Argument("biases", (1, "K"), Values.WHOLE),
        Argument("weights2", ("K", "C"), Values.WHOLE),
        Argument("biases2", (1, "C"), Values.WHOLE),
    ),
    least={"C": 2},
    most={"K": 24},
)
NETWORK_NEW = Domain(
    "layer",
    (
        Argument("inputs", ("N", 2), Values.DISC),
        Argument("n_neurons", (), Values.COUNT),
        Argument("classes", (), Values.COUNT),
        Argument("seed", (), Values.SEED),
    ),
)

_SPLIT = (Argument("chunk", ("N",), Values.CHUNK), Argument("part", ("N",), Values.PART))

STREAM = _labelled("stream", Values.UNIT, Values.LABEL, *_SPLIT)
STREAM_ONE_HOT = _labelled("stream", Values.UNIT, Values.ONE_HOT, *_SPLIT)
STREAM_TWO_CLASSES = _labelled("stream", Values.UNIT, Values.LABEL, *_SPLIT, **_TWO_CLASSES)
STREAM_EMPTY = _labelled("stream", Values.UNIT, Values.LABEL, *_SPLIT, **_NO_ROWS)

SPIRAL = _counts("spiral_data", Values.COUNT)
SPIRAL_LARGE = _counts("spiral_data", Values.LARGE_COUNT)
SPIRAL_NO_COUNT = _counts("spiral_data", Values.NO_COUNT)

ORDINARY = tuple(forms_of(operation)[0] for operation in BATCH_OPERATIONS)
"""The ordinary domain of every function of a batch, with sparse labels."""
