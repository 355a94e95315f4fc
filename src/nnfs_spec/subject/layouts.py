"""How the arrays of a call lie in memory: a recipe, its short text, and the arrays that it makes."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cache
from itertools import product
from typing import Any, Literal, Self

import numpy as np

from nnfs_spec.arrays import Array

FOREIGN, FOREIGN_WHOLE = 0.75, 0
"""What the places hold that belong to no entry: a probability, and a class."""

ROW_STEPS = (1, -1, 2, -2, 3, 0)
COLUMN_STEPS = (1, -1, 2, -2, 3)
MOST_PLACES = 3
"""A drawn recipe has at most so many foreign places before the first entry of an axis, and after the last."""

RANGES = (2, len(ROW_STEPS), len(COLUMN_STEPS), *(MOST_PLACES + 1,) * 4, 2, 2, 2)
"""A recipe as whole numbers from 0: so many choices has each of them. All 0 is an array in C order."""


@dataclass(frozen=True)
class Layout:
    """A recipe, first for the rows of a matrix, then for its columns; a vector follows the recipe of the rows.

    An entry lies ``steps`` places after the one before it, or before it where the step is negative. Where the step is
    0, all entries of the axis are one, if they are alike; else it counts as 1. ``before`` and ``after`` are foreign
    places on either side of the axis. A vector whose step is above 1 is a column of a table.
    """

    order: Literal["C", "F"] = "C"
    steps: tuple[int, int] = (1, 1)
    before: tuple[int, int] = (0, 0)
    after: tuple[int, int] = (0, 0)
    unaligned: bool = False
    swapped: bool = False
    readonly: bool = False

    @property
    def foreign(self) -> bool:
        """Whether the machine cannot read the entries as they lie: libraries may refuse them, but not misread them."""
        return self.unaligned or self.swapped

    @property
    def repeats(self) -> bool:
        """Whether one row stands for all of them."""
        return self.steps[0] == 0

    @classmethod
    def drawn(cls, numbers: Array) -> Self:
        """Return the recipe that whole numbers tell, each below its number of ``RANGES``."""
        order, row, column, *rest = map(int, numbers)
        before, after, flags = (rest[0], rest[1]), (rest[2], rest[3]), map(bool, rest[4:])
        return cls("F" if order else "C", (ROW_STEPS[row], COLUMN_STEPS[column]), before, after, *flags)

    def __str__(self) -> str:
        """Return the name of the recipe, or what it does otherwise than C order: ``F steps=2,-1 swapped``."""
        return _text(self)


NAMED: dict[str, Layout] = {
    "C": Layout(),
    "F": Layout(order="F"),
    "strided": Layout(steps=(2, 2)),
    "reversed": Layout(steps=(-1, -1)),
    "readonly": Layout(readonly=True),
}
"""The recipes that have a name."""

C_ORDER = NAMED["C"]

_PAIRS, _FLAGS = ("steps", "before", "after"), ("unaligned", "swapped", "readonly")
_RECIPE = re.compile(
    "(?P<order>[CF])"
    + "".join(rf"(?: {name}=(?P<{name}>-?\d,-?\d))?" for name in _PAIRS)
    + "".join(f"(?P<{name}> {name})?" for name in _FLAGS)
)


@cache
def _text(layout: Layout) -> str:
    for name, known in NAMED.items():
        if known == layout:
            return name
    pairs = {name: getattr(layout, name) for name in _PAIRS}
    words = [f"{name}={one},{other}" for name, (one, other) in pairs.items() if (one, other) != getattr(C_ORDER, name)]
    flags = [name for name in _FLAGS if getattr(layout, name)]
    return " ".join([layout.order, *words, *flags])


@cache
def layout_of(text: str) -> Layout:
    """Return the recipe of a text that ``str`` of one has written. Raises ValueError for any other."""
    if text in NAMED:
        return NAMED[text]
    match = _RECIPE.fullmatch(text)
    if match is None:
        raise ValueError(f"{text!r} is no memory layout")
    fields: dict[str, Any] = {name: told for name, told in match.groupdict().items() if told is not None}
    for name, told in fields.items():
        if name != "order":
            fields[name] = tuple(map(int, told.split(","))) if "," in told else True
    return Layout(**fields)


def lay_out(array: Array, layout: Layout) -> Array:
    """Return a copy of ``array`` that lies in memory as ``layout`` says."""
    if layout == C_ORDER or array.ndim == 0:
        return np.array(array, order="C")
    if _is_column(array, layout):
        return lay_out(array[:, np.newaxis], _table_of(layout))[:, 0]
    plan = _Plan.of(array, layout)
    whole = _memory(plan.shape, array.dtype, layout)
    laid = whole[tuple(slice(start, end) for start, end in plan.inner)][tuple(slice(None, None, s) for s in plan.steps)]
    laid[...] = array[tuple(slice(None, size) for size in plan.sizes)]
    if plan.sizes != array.shape:
        return np.broadcast_to(laid, array.shape)
    laid.flags.writeable = not layout.readonly
    return laid


def statements(name: str, array: Array, layout: Layout) -> list[str]:
    """Return what a user types to lay ``array``, which has this name, out in memory as ``lay_out`` does."""
    if layout == C_ORDER or array.ndim == 0:
        return []
    if layout == NAMED["F"]:
        return [f"{name} = np.asfortranarray({name})"]
    if _is_column(array, layout):
        table = statements(name, array[:, np.newaxis], _table_of(layout))
        return [f"{name} = {name}[:, np.newaxis]", *table, f"{name} = {name}[:, 0]"]
    plan = _Plan.of(array, layout)
    foreign, kind = _foreign(array.dtype), f"np.{array.dtype}"
    dtype = f"np.dtype({kind}).newbyteorder()" if layout.swapped else kind
    order = ', order="F"' if layout.order == "F" else ""
    lines = [f"memory = np.full({plan.shape}, {foreign}, dtype={dtype}{order})"]
    if layout.unaligned:
        bytes_ = "np.empty(memory.nbytes + 1, np.uint8).data"
        lines += [f"memory = np.ndarray(memory.shape, memory.dtype, {bytes_}, 1{order})", f"memory[...] = {foreign}"]
    if plan.shape != tuple(end - start for start, end in plan.inner):
        lines.append(f"memory = memory[{', '.join(f'{start}:{end}' for start, end in plan.inner)}]")
    if set(plan.steps) != {1}:
        lines.append(f"memory = memory[{', '.join(f'::{step}' for step in plan.steps)}]")
    if plan.sizes != array.shape:
        part = ", ".join(f":{size}" for size in plan.sizes)
        return [*lines, f"memory[...] = {name}[{part}]", f"{name} = np.broadcast_to(memory, {array.shape})"]
    lines += [f"memory[...] = {name}", f"{name} = memory"]
    return [*lines, f"{name}.flags.writeable = False"] if layout.readonly else lines


@dataclass(frozen=True)
class _Plan:
    """How memory of a ``shape`` holds an array: ``inner`` is where it begins and ends along each axis.

    Of an axis that repeats one entry, ``sizes`` is 1.
    """

    shape: tuple[int, ...]
    inner: tuple[tuple[int, int], ...]
    steps: tuple[int, ...]
    sizes: tuple[int, ...]

    @classmethod
    def of(cls, array: Array, layout: Layout) -> Self:
        """Return the plan for an array."""
        axes = range(array.ndim)
        steps = [_of_axis(layout.steps, axis, 1) or int(not _alike(array, axis)) for axis in axes]
        sizes = [size if step else 1 for size, step in zip(array.shape, steps, strict=True)]
        spans = [max(0, 1 + (size - 1) * abs(step)) for size, step in zip(sizes, steps, strict=True)]
        before = [_of_axis(layout.before, axis, 0) for axis in axes]
        after = [_of_axis(layout.after, axis, 0) for axis in axes]
        shape = tuple(sum(part) for part in zip(before, spans, after, strict=True))
        inner = tuple((start, start + span) for start, span in zip(before, spans, strict=True))
        return cls(shape, inner, tuple(step or 1 for step in steps), tuple(sizes))


def _of_axis(pair: tuple[int, int], axis: int, other: int) -> int:
    return pair[axis] if axis < len(pair) else other


def _alike(array: Array, axis: int) -> bool:
    """Tell whether all entries of an axis have the same bits."""
    if not array.size:
        return False
    bits = np.ascontiguousarray(array).view(f"u{array.itemsize}")
    return bool((bits == bits.take([0], axis=axis)).all())


def _is_column(array: Array, layout: Layout) -> bool:
    """Tell whether a vector is laid out as a column of a table."""
    return array.ndim == 1 and abs(layout.steps[0]) > 1


def _table_of(layout: Layout) -> Layout:
    """Return the layout of a table, the first column of which is a vector in ``layout``."""
    step, first, last = layout.steps[0], layout.before[0], layout.after[0]
    return replace(layout, steps=(1 if step > 0 else -1, 1), before=(first, 0), after=(last, abs(step) - 1))


def _foreign(dtype: np.dtype[Any]) -> float:
    return FOREIGN if dtype.kind == "f" else FOREIGN_WHOLE


def _memory(shape: tuple[int, ...], dtype: np.dtype[Any], layout: Layout) -> Array:
    """Return an array of foreign numbers in the order, the byte order and at the place that ``layout`` says."""
    dtype = dtype.newbyteorder() if layout.swapped else dtype
    memory: Array = np.empty(shape, dtype, layout.order)
    if layout.unaligned:
        memory = np.ndarray(shape, dtype, np.empty(memory.nbytes + 1, np.uint8).data, 1, order=layout.order)
    memory[...] = _foreign(dtype)
    return memory


def in_plain_order(array: Array) -> Array:
    """Return the entries in the byte order of the machine."""
    return array if array.dtype.isnative else array.astype(array.dtype.newbyteorder("="))


def share_memory(some: Iterable[Array], others: Iterable[Array]) -> bool:
    """Tell whether the memory of any of some arrays overlaps that of any of the others."""
    return any(np.may_share_memory(one, other) for one, other in product(some, others))
