"""Reads JSON that anybody may have written: every part is checked, and refused with its place and what must stand."""

import json
import math
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, NoReturn, cast

import numpy as np

DTYPES = {
    str(np.dtype(name)): np.dtype(name) for name in ("bool", "i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8", "f4", "f8")
}
"""The dtypes that an array in a file may have, by name."""

WORDS = {"NaN": math.nan, "Infinity": math.inf, "-Infinity": -math.inf}
"""How what JSON has no number for is written."""


class ReadingError(Exception):
    """A file is not what it should be: what arrived, and what should have."""


def parsed(text: str) -> object:
    """Return what the JSON ``text`` says. Raises ReadingError."""
    try:
        return json.loads(text, parse_constant=_refuse_constant)
    except (ValueError, RecursionError) as broken:
        raise ReadingError(f"this is no JSON: {broken}") from broken


def read_text(path: Path) -> str:
    """Return the text of a file. Raises ReadingError."""
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as problem:
        raise ReadingError(f"this cannot be read: {problem}") from problem


def an_object(place: str, told: object) -> dict[str, object]:
    """Return ``told`` as an object. Raises ReadingError."""
    if not isinstance(told, dict):
        raise refusal(place, told, "an object")
    return cast("dict[str, object]", told)


def a_form(place: str, told: object, required: Iterable[str], optional: Iterable[str] = ()) -> dict[str, object]:
    """Return ``told`` as an object that has all the ``required`` fields, and no others but ``optional`` ones."""
    form, needed = an_object(place, told), list(required)
    if missing := [name for name in needed if name not in form]:
        raise ReadingError(f"{place} has no {' and no '.join(missing)}")
    if unknown := [name for name in form if name not in {*needed, *optional}]:
        raise ReadingError(f"{place} has the unknown field {short(unknown[0])}")
    return form


def a_list(place: str, told: object) -> list[object]:
    """Return ``told`` as a list. Raises ReadingError."""
    if not isinstance(told, list):
        raise refusal(place, told, "a list")
    return cast("list[object]", told)


def a_text(place: str, told: object) -> str:
    """Return ``told`` as a text that is not empty. Raises ReadingError."""
    if not isinstance(told, str) or not told:
        raise refusal(place, told, "text")
    return told


def texts(place: str, told: object) -> tuple[str, ...]:
    """Return ``told`` as texts. Raises ReadingError."""
    return tuple([a_text(f"{place}[{i}]", one) for i, one in enumerate(a_list(place, told))])


def a_count(place: str, told: object) -> int:
    """Return ``told`` as a whole number of at least 0. Raises ReadingError."""
    if type(told) is not int or told < 0:
        raise refusal(place, told, "a whole number of at least 0")
    return told


def a_dtype(place: str, told: object) -> np.dtype[Any]:
    """Return the dtype of that name. Raises ReadingError."""
    dtype = DTYPES.get(told) if isinstance(told, str) else None
    if dtype is None:
        raise refusal(place, told, f"one of {', '.join(DTYPES)}")
    return dtype


def a_shape(place: str, told: object, dimensions: int, entries: int) -> tuple[int, ...]:
    """Return ``told`` as a shape of at most so many ``dimensions`` and ``entries``. Raises ReadingError."""
    shape: list[int] = []
    for size in a_list(place, told):
        if type(size) is not int or size < 0:
            raise refusal(place, told, "whole numbers of at least 0")
        shape.append(size)
    if len(shape) > dimensions or max([*shape, math.prod(shape)]) > entries:
        raise refusal(place, shape, f"at most {dimensions} sizes and {entries} entries")
    return tuple(shape)


def an_entry(place: str, told: object, dtype: np.dtype[Any]) -> bool | int | float:
    """Return ``told`` as an entry of an array of ``dtype``. Raises ReadingError."""
    match dtype.kind, told:
        case "b", bool():
            return told
        case (("i" | "u"), int()) if not isinstance(told, bool) and _holds(np.iinfo(dtype), told):
            return told
        case "f", str() if told in WORDS:
            return WORDS[told]
        case "f", int() | float() if not isinstance(told, bool) and _is_finite(told, dtype):
            return float(told)
        case _:
            raise refusal(place, told, f"a value of {dtype}")


def refusal(place: str, told: object, wanted: str) -> ReadingError:
    """Return the error that says what stands at ``place`` and what must."""
    return ReadingError(f"{place} is {short(told)} but must be {wanted}")


def short(told: object) -> str:
    """Return ``told`` as it would be written in Python, cut where it is long."""
    try:
        shown = repr(told)
    except (RecursionError, ValueError):  # it can be read to a greater depth, or with more digits, than written
        return f"one of type {type(told).__name__} that is too deep or too long to be shown"
    return shown if len(shown) <= 60 else f"{shown[:60]}..."


def the_format(form: Mapping[str, object], *known: int) -> None:
    """Require that a file has a format that is ``known``. Raises ReadingError."""
    if form.get("format") not in known:
        raise ReadingError(f"format is {short(form.get('format'))} but must be {' or '.join(map(str, known))}")


def _holds(limits: np.iinfo[Any], told: int) -> bool:
    return limits.min <= told <= limits.max


def _is_finite(told: float, dtype: np.dtype[Any]) -> bool:
    """Tell whether a number is finite once it is rounded to ``dtype``."""
    try:
        with np.errstate(over="ignore"):
            return bool(np.isfinite(dtype.type(float(told))))
    except OverflowError:
        return False


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no number of JSON")
