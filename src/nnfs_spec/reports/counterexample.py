"""A counterexample as lines: a snippet that can be pasted into Python, then what came out and what should have."""

import numpy as np

from nnfs_spec.arrays import Array
from nnfs_spec.engine.events import ClauseResult, Counterexample
from nnfs_spec.engine.row_at_fault import excess_of, row_at_fault
from nnfs_spec.reports.escaping import block, inline, is_long, literal, plain
from nnfs_spec.subject.layouts import statements
from nnfs_spec.subject.operations import OPERATIONS
from nnfs_spec.subject.protocol import CodeLine, CodeLines

WITH_ROWS = frozenset({"inputs", "others", "shift", "y_pred", "y_true"})
"""The arguments whose first axis is the rows of the result."""

MOST_ASSIGNED = 8
"""Of a long array, so many entries that differ from the rest are assigned one by one."""

MOST_SHOWN = 4
"""Of a wide row of a result, so many of the worst entries are shown."""

_INDENT = " " * 12


def describe(shown: Counterexample) -> list[str]:
    """Return the lines of a counterexample; of an array that is too long to show, the entries that matter."""
    row = row_at_fault(shown.got, shown.expected, shown.bound)
    lines = _call_told(shown, row)
    if shown.got is not None and shown.expected is not None and shown.bound is not None:
        got, expected, bound = _compared(shown.got, shown.expected, shown.bound, row)
        lines += [f"  got       {got}", f"  expected  {expected}"]
        lines += [f"  allowed   {bound}"] if shown.bound.any() else []
    heading = "  rule      " if shown.got is not None else "  "
    lines.append(heading + block(shown.message, " " * len(heading)))
    for name, said in (("row", shown.arithmetic), ("remark", shown.remark)):
        lines += [f"  {name:<10}{block(said, _INDENT)}"] if said is not None else []
    return [*lines, *(f"  {name:<10}{told}" for name, told in code_told(shown.code))]


def _call_told(shown: Counterexample, row: int | None) -> list[str]:
    """Return the lines that make the call at fault, as far as it is known and its arguments are not too long."""
    if shown.call is None:
        lines = [line for name, array in shown.inputs.items() for line in _assigned(name, array, row)]
        return [*lines, f"  {shown.operation}({', '.join(shown.inputs)})"] if _is_whole_call(shown) else lines
    names, lines = OPERATIONS[shown.call.operation].argument_names, list[str]()
    for name, array in zip(names, shown.call.arguments, strict=True):
        lines += _assigned(name, array, row)
        lines += [f"  {line}" for line in statements(name, array, shown.call.layout)]
    return [*lines, f"  {shown.call.operation}({', '.join(names)})"]


def code_told(code: CodeLines) -> list[tuple[str, str]]:
    """Return where the operation is defined and which line ran last, if that is another, as words."""
    told = [("defined", code.defined), ("ran last", code.last if code.last != code.defined else None)]
    return [(name, f"{place_of(one)}: {inline(one.text.strip())}") for name, one in told if one is not None]


def place_of(one: CodeLine) -> str:
    """Return file and line."""
    return f"{inline(one.file)}:{one.line}"


def title_of(result: ClauseResult) -> str:
    """Return the title of a clause; where a call gave no result, that, since the title speaks of results."""
    return f"a call gave no result ({result.title})" if result.status == "error" else result.title


def happened(shown: Counterexample) -> str:
    """Return what happened in one line: the exception, or what came out beside what should have."""
    if shown.got is None or shown.expected is None or shown.bound is None:
        return shown.message
    got, expected, _ = _compared(
        shown.got, shown.expected, shown.bound, row_at_fault(shown.got, shown.expected, shown.bound)
    )
    return f"{shown.operation} gave {got} where {expected} is right; the rule: {shown.message}"


def _assigned(name: str, array: Array, row: int | None) -> list[str]:
    """Return the lines that make an argument, or a comment where it is too long for that."""
    if not is_long(array):
        return [f"  {name} = {literal(array)}"]
    values, counts = np.unique(array, return_counts=True)
    usual = values[counts.argmax()]
    others = np.argwhere(array != usual)
    if len(others) <= MOST_ASSIGNED and not np.isnan(usual):
        made = f"  {name} = np.full({array.shape}, {plain(usual)}, dtype=np.{array.dtype})"
        places = [tuple(map(int, place)) for place in others]
        return [made, *(f"  {name}[{', '.join(map(str, place))}] = {plain(array[place])}" for place in places)]
    told = f"  # {name}: {array.dtype} of shape {array.shape}, {array.size:,} entries"
    if row is None or name not in WITH_ROWS or row >= len(array) or is_long(array[row]):
        return [told]
    return [f"{told}; the row at fault:", f"  {name}[{row}] = {literal(array[row])}"]


def _compared(got: Array, expected: Array, bound: Array, row: int | None) -> tuple[str, str, str]:
    """Return the result, the exact one and the allowed difference as text, so that the first two differ."""
    got_text, expected_text = _values(got, row, got, expected, bound), _values(expected, row, got, expected, bound)
    if got_text == expected_text and got.dtype.kind == "f":
        double = got.astype(np.float64)
        got_text = _values(double, row, got, expected, bound)
        expected_text = _values(expected.astype(np.float64), row, got, expected, bound)
    told = f" ({got.dtype})" if got.dtype.kind in "biuf" and expected.dtype.kind in "biuf" else ""
    return got_text + told, expected_text, _allowed(bound, row, got, expected)


def _allowed(bound: Array, row: int | None, got: Array, expected: Array) -> str:
    """Return the allowed difference, once where it is the same for every entry shown."""
    if bound.min() == bound.max():
        return f"{float(bound.flat[0]):.3g} more or less"
    rounded = np.array([float(f"{entry:.3g}") for entry in bound.ravel()]).reshape(bound.shape)
    return f"{_values(rounded, row, got, expected, bound)} more or less"


def _values(array: Array, row: int | None, got: Array, expected: Array, bound: Array) -> str:
    """Return the entries of ``array``: all of them, those of the row at fault, or its worst ones."""
    if row is None or not is_long(array):
        return plain(array)
    if not is_long(array[row]):
        return f"row {row}: {plain(array[row])}"
    excess = excess_of(got, expected, bound)
    assert excess is not None  # or there were no row at fault
    worst = sorted(
        int(place) for place in np.argsort(-excess[row], kind="stable")[:MOST_SHOWN] if excess[row][place] > 0
    )
    return ", ".join(f"[{row}, {place}] {plain(array[row][place])}" for place in worst) or f"<shape {array.shape}>"


def _is_whole_call(shown: Counterexample) -> bool:
    """Return whether the inputs are one call's arguments; with more arrays, the clause makes several calls."""
    return tuple(shown.inputs) == OPERATIONS[shown.operation].argument_names
