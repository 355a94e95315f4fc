"""Reads the counterexamples of a JSON report back, exact to the bit. The file may come from anybody: all is checked."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from nnfs_spec.arrays import Array
from nnfs_spec.reports.json_report import MOST_ENTRIES
from nnfs_spec.support.json_input import (
    ReadingError,
    a_dtype,
    a_list,
    a_shape,
    a_text,
    an_entry,
    an_object,
    parsed,
    the_format,
)

READ_FORMATS = (1, 2)
"""Counterexamples stand in both in the same form."""

MOST_DIMENSIONS = 2


@dataclass(frozen=True, eq=False)
class Inputs:
    """The operation of a counterexample and its arguments by name; None where the report leaves out their values."""

    operation: str
    arrays: Mapping[str, Array] | None


@dataclass(frozen=True, eq=False)
class Recorded:
    """What a report records: the target, and the inputs of each counterexample by clause."""

    target: str
    inputs: Mapping[str, Inputs]


def read_recorded(text: str) -> Recorded:
    """Return what the JSON report ``text`` records. Raises ReadingError."""
    report = an_object("the report", parsed(text))
    the_format(report, *READ_FORMATS)
    target = a_text("target", report.get("target"))
    inputs: dict[str, Inputs] = {}
    for i, one in enumerate(a_list("clauses", report.get("clauses"))):
        clause = an_object(f"clauses[{i}]", one)
        id = a_text(f"clauses[{i}].id", clause.get("id"))
        if clause.get("counterexample") is not None:
            place = f"clauses[{i}].counterexample"
            shown = an_object(place, clause["counterexample"])
            operation = a_text(f"{place}.operation", shown.get("operation"))
            inputs[id] = Inputs(operation, _arrays(f"{place}.inputs", shown.get("inputs")))
    return Recorded(target, inputs)


def _arrays(place: str, told: object) -> Mapping[str, Array] | None:
    described = {name: an_object(f"{place}.{name}", one) for name, one in an_object(place, told).items()}
    if any(one.get("values", "") is None for one in described.values()):
        return None
    return {name: _array(f"{place}.{name}", one) for name, one in described.items()}


def _array(place: str, told: Mapping[str, object]) -> Array:
    dtype = a_dtype(f"{place}.dtype", told.get("dtype"))
    shape = a_shape(f"{place}.shape", told.get("shape"), MOST_DIMENSIONS, MOST_ENTRIES)
    entries: list[bool | int | float] = []
    _collect(f"{place}.values", told.get("values"), shape, dtype, entries)
    return np.array(entries, dtype=dtype).reshape(shape)


def _collect(
    place: str, told: object, shape: tuple[int, ...], dtype: np.dtype[Any], entries: list[bool | int | float]
) -> None:
    """Append the entries of nested lists to ``entries``, each checked."""
    if not shape:
        entries.append(an_entry(place, told, dtype))
        return
    values = a_list(place, told)
    if len(values) != shape[0]:
        raise ReadingError(f"{place} has {len(values)} entries but must have {shape[0]}")
    for i, one in enumerate(values):
        _collect(f"{place}[{i}]", one, shape[1:], dtype, entries)
