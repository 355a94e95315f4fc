"""Reads the counterexamples of a JSON report back, exact to the bit. The file may come from anybody: all is checked."""

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NoReturn, cast

import numpy as np

from nnfs_spec.arrays import Array
from nnfs_spec.reports.json_report import FORMAT, MOST_ENTRIES

DTYPES = {
    str(np.dtype(name)): np.dtype(name) for name in ("bool", "i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8", "f4", "f8")
}
MOST_DIMENSIONS = 2
_WORDS = {"NaN": math.nan, "Infinity": math.inf, "-Infinity": -math.inf}


class RecordedError(Exception):
    """A file is no report of this kit: what arrived, and what should have."""


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
    """Return what the JSON report ``text`` records. Raises RecordedError."""
    try:
        told = json.loads(text, parse_constant=_refuse_constant)
    except (ValueError, RecursionError) as broken:
        raise RecordedError(f"this is no JSON: {broken}") from broken
    report = _object("the report", told)
    if report.get("format") != FORMAT:
        raise RecordedError(f"format is {_short(report.get('format'))} but must be {FORMAT}")
    target = _text("target", report.get("target"))
    inputs: dict[str, Inputs] = {}
    for i, one in enumerate(_list("clauses", report.get("clauses"))):
        clause = _object(f"clauses[{i}]", one)
        id = _text(f"clauses[{i}].id", clause.get("id"))
        if clause.get("counterexample") is not None:
            place = f"clauses[{i}].counterexample"
            shown = _object(place, clause["counterexample"])
            operation = _text(f"{place}.operation", shown.get("operation"))
            inputs[id] = Inputs(operation, _arrays(f"{place}.inputs", shown.get("inputs")))
    return Recorded(target, inputs)


def _arrays(place: str, told: object) -> Mapping[str, Array] | None:
    described = {name: _object(f"{place}.{name}", one) for name, one in _object(place, told).items()}
    if any(one.get("values", "") is None for one in described.values()):
        return None
    return {name: _array(f"{place}.{name}", one) for name, one in described.items()}


def _array(place: str, told: Mapping[str, object]) -> Array:
    name = told.get("dtype")
    dtype = DTYPES.get(name) if isinstance(name, str) else None
    if dtype is None:
        raise _refusal(f"{place}.dtype", name, f"one of {', '.join(DTYPES)}")
    shape: list[int] = []
    for size in _list(f"{place}.shape", told.get("shape")):
        if type(size) is not int or size < 0:
            raise _refusal(f"{place}.shape", told["shape"], "whole numbers of at least 0")
        shape.append(size)
    if len(shape) > MOST_DIMENSIONS or math.prod(shape) > MOST_ENTRIES:
        raise _refusal(f"{place}.shape", shape, f"at most {MOST_DIMENSIONS} sizes and {MOST_ENTRIES} entries")
    entries: list[bool | int | float] = []
    _collect(f"{place}.values", told.get("values"), shape, dtype, entries)
    return np.array(entries, dtype=dtype).reshape(shape)


def _collect(
    place: str, told: object, shape: list[int], dtype: np.dtype[Any], entries: list[bool | int | float]
) -> None:
    """Append the entries of nested lists to ``entries``, each checked."""
    if not shape:
        entries.append(_entry(place, told, dtype))
        return
    values = _list(place, told)
    if len(values) != shape[0]:
        raise RecordedError(f"{place} has {len(values)} entries but must have {shape[0]}")
    for i, one in enumerate(values):
        _collect(f"{place}[{i}]", one, shape[1:], dtype, entries)


def _entry(place: str, told: object, dtype: np.dtype[Any]) -> bool | int | float:
    match dtype.kind, told:
        case "b", bool():
            return told
        case (("i" | "u"), int()) if not isinstance(told, bool) and _holds(np.iinfo(dtype), told):
            return told
        case "f", str() if told in _WORDS:
            return _WORDS[told]
        case "f", int() | float() if not isinstance(told, bool) and _is_finite(told, dtype):
            return float(told)
        case _:
            raise _refusal(place, told, f"a value of {dtype}")


def _holds(limits: np.iinfo[Any], told: int) -> bool:
    return limits.min <= told <= limits.max


def _is_finite(told: float, dtype: np.dtype[Any]) -> bool:
    """Tell whether a number is finite once it is rounded to ``dtype``."""
    try:
        with np.errstate(over="ignore"):
            return bool(np.isfinite(dtype.type(float(told))))
    except OverflowError:
        return False


def _object(place: str, told: object) -> dict[str, object]:
    if not isinstance(told, dict):
        raise _refusal(place, told, "an object")
    return cast("dict[str, object]", told)


def _list(place: str, told: object) -> list[object]:
    if not isinstance(told, list):
        raise _refusal(place, told, "a list")
    return cast("list[object]", told)


def _text(place: str, told: object) -> str:
    if not isinstance(told, str) or not told:
        raise _refusal(place, told, "text")
    return told


def _refusal(place: str, told: object, wanted: str) -> RecordedError:
    return RecordedError(f"{place} is {_short(told)} but must be {wanted}")


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no number of JSON")


def _short(told: object) -> str:
    shown = repr(told)
    return shown if len(shown) <= 60 else f"{shown[:60]}..."
