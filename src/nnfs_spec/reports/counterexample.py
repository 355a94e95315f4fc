"""A counterexample as lines: a snippet that can be pasted into Python, then what came out and what should have."""

import numpy as np

from nnfs_spec.arrays import Array
from nnfs_spec.engine.events import Counterexample
from nnfs_spec.reports.escaping import block, is_long, literal, plain
from nnfs_spec.subject.operations import OPERATIONS

WITH_ROWS = frozenset({"inputs", "others", "shift", "y_pred", "y_true"})
"""The arguments whose first axis is the rows of the result."""

_INDENT = " " * 12


def describe(shown: Counterexample) -> list[str]:
    """Return the lines of a counterexample; of what is too long to show, the row at fault."""
    row = row_at_fault(shown)
    lines = [line for name, array in shown.inputs.items() for line in _assigned(name, array, row)]
    if _is_whole_call(shown):
        lines.append(f"  {shown.operation}({', '.join(shown.inputs)})")
    if shown.got is not None and shown.expected is not None and shown.bound is not None:
        lines += [f"  got       {_values(shown.got, row)}", f"  expected  {_values(shown.expected, row)}"]
        lines += [f"  bound     {_values(shown.bound, row)}"] if shown.bound.any() else []
    heading = "  wanted    " if shown.got is not None else "  "
    lines.append(heading + block(shown.message, " " * len(heading)))
    for name, said in (("row", shown.arithmetic), ("remark", shown.remark)):
        lines += [f"  {name:<10}{block(said, _INDENT)}"] if said is not None else []
    return lines


def row_at_fault(shown: Counterexample) -> int | None:
    """Return the row of the result that exceeds its bound by most; None where the result has no rows to compare."""
    got, expected, bound = shown.got, shown.expected, shown.bound
    if got is None or expected is None or bound is None:
        return None
    if any(array.dtype.kind not in "biuf" for array in (got, expected)) or got.shape != expected.shape:
        return None
    if got.size == 0 or got.ndim == 0 or bound.shape not in ((), got.shape):
        return None
    with np.errstate(all="ignore"):
        excess = np.abs(got.astype(np.float64) - expected.astype(np.float64)) - bound
    agrees = (got == expected) | (np.isnan(got) & np.isnan(expected))
    excess = np.where(agrees, -np.inf, excess)  # NaN counts as the largest
    return int(excess.reshape(len(excess), -1).max(axis=1).argmax())


def _assigned(name: str, array: Array, row: int | None) -> list[str]:
    if not is_long(array):
        return [f"  {name} = {literal(array)}"]
    told = f"  # {name}: {array.dtype} of shape {array.shape}, {array.size:,} entries"
    if row is None or name not in WITH_ROWS or is_long(array[row]):
        return [told]
    return [f"{told}; the row at fault:", f"  {name}[{row}] = {literal(array[row])}"]


def _values(array: Array, row: int | None) -> str:
    if row is None or not is_long(array) or is_long(array[row]):
        return plain(array)
    return f"row {row}: {plain(array[row])}"


def _is_whole_call(shown: Counterexample) -> bool:
    """Tell whether the inputs are one call's arguments; where there are more arrays, the clause makes several calls."""
    return tuple(shown.inputs) == OPERATIONS[shown.operation].argument_names
