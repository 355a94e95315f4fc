"""The files of spec/vectors/: one for each operation and dtype. Unknown fields, formats and versions are refused."""

import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from nnfs_spec.arrays import Array
from nnfs_spec.clauses import LEVELS, spec_folder
from nnfs_spec.subject.layouts import NAMED
from nnfs_spec.subject.operations import OPERATIONS, SINGLE_CALLS, Operation, is_operation
from nnfs_spec.subject.protocol import Call
from nnfs_spec.support.json_input import (
    ReadingError,
    a_dtype,
    a_form,
    a_list,
    a_shape,
    a_text,
    an_entry,
    an_object,
    parsed,
    read_text,
    refusal,
    texts,
    the_format,
)
from nnfs_spec.version import SPEC_VERSION

FORMAT = 1
MOST_DIMENSIONS, MOST_ENTRIES = 3, 2_000_000
CATEGORIES = ("shape", "label", "value")

FILE_FIELDS = ("format", "spec_version", "operation", "dtype", "provenance", "sha256", "notes", "cases")
CASE_FIELDS = ("id", "level", "clauses", "flags", "source", "layout", "arguments", "expected", "same_as")
ARRAY_FIELDS = ("name", "dtype", "shape", "values", "bits")
RESULT_FIELDS = ("name", "dtype", "shapes", "values", "bits", "bounds", "low", "high")

_HASH = re.compile(rb'"sha256": "[0-9a-f]*"')


@dataclass(frozen=True)
class Note:
    """What a flag stands for: the bug that its cases catch, and what that bug causes."""

    catches: str
    causes: str


@dataclass(frozen=True, eq=False)
class Expected:
    """One result: the shapes that it may have, and, entry by entry, the exact value rounded once and its limits.

    A result conforms where ``low`` <= entry <= ``high`` for every entry, compared as float64. ``bounds`` says how far
    from the exact value that is. ``dtype`` is what the result should have, and must where GEN-5 is asked about.
    """

    name: str
    dtype: np.dtype[Any]
    shapes: tuple[tuple[int, ...], ...]
    values: Array
    bounds: Array
    low: Array
    high: Array


@dataclass(frozen=True, eq=False)
class Refused:
    """An error is right: of this category, where errors have any.

    A result is right, too, if one of its entries ``unless_not_finite``, counted row after row, is NaN or infinite.
    """

    category: str
    unless_not_finite: tuple[int, ...]


@dataclass(frozen=True, eq=False)
class Vector:
    """One case: a call, and what it must give. ``same_as`` names a case that must have given the same bits."""

    id: str
    operation: Operation
    level: str
    clauses: tuple[str, ...]
    flags: tuple[str, ...]
    source: str
    layout: str
    arguments: tuple[Array, ...]
    expected: tuple[Expected, ...] | Refused
    same_as: str | None

    @property
    def call(self) -> Call:
        """The call that it asks for."""
        return Call(self.operation, self.arguments, NAMED[self.layout], watched=True)


@dataclass(frozen=True, eq=False)
class VectorFile:
    """One file, with the notes on its flags."""

    name: str
    sha256: str
    notes: Mapping[str, Note]
    vectors: tuple[Vector, ...]


@cache
def all_files() -> tuple[VectorFile, ...]:
    """Return every file of spec/vectors/, in the order of the operations."""
    folder = spec_folder() / "vectors"
    paths = sorted(
        folder.glob("*.json"), key=lambda path: (SINGLE_CALLS.index(path.stem.rpartition("-")[0]), path.name)
    )
    return tuple(map(read_file, paths))


def all_vectors() -> dict[str, Vector]:
    """Return every case by its id."""
    return {vector.id: vector for file in all_files() for vector in file.vectors}


def read_file(path: Path) -> VectorFile:
    """Return what the file at ``path`` holds. Raises ReadingError, which names it."""
    try:
        return read_vectors(path.stem, read_text(path))
    except ReadingError as problem:
        raise ReadingError(f"{path.name}: {problem}") from None


def read_vectors(name: str, text: str) -> VectorFile:
    """Return what a file holds. Raises ReadingError."""
    told = a_form("the file", parsed(text), FILE_FIELDS)
    the_format(told, FORMAT)
    if told["spec_version"] != SPEC_VERSION:
        raise refusal("spec_version", told["spec_version"], SPEC_VERSION)
    digest = hash_of(text)
    if told["sha256"] != digest:
        raise refusal("sha256", told["sha256"], f"{digest}, the hash of the text without it")
    operation = a_text("operation", told["operation"])
    if not is_operation(operation) or operation not in SINGLE_CALLS:
        raise refusal("operation", operation, f"one of {', '.join(SINGLE_CALLS)}")
    notes = {flag: _note(f"notes.{flag}", note) for flag, note in an_object("notes", told["notes"]).items()}
    vectors = [_vector(f"cases[{i}]", one, operation) for i, one in enumerate(a_list("cases", told["cases"]))]
    _require_known(vectors, notes)
    return VectorFile(name, digest, notes, tuple(vectors))


def hash_of(text: str) -> str:
    """Return the SHA-256 of the text of a file whose own sha256 is taken out, so that nothing is written anew."""
    return hashlib.sha256(_HASH.sub(rb'"sha256": ""', text.encode("utf-8"), count=1)).hexdigest()


def bits_of(array: Array) -> Iterator[str]:
    """Return every entry of ``array`` as the hexadecimal digits of its bits, the most significant first."""
    data, size = array.astype(array.dtype.newbyteorder(">")).tobytes(), array.itemsize
    return (data[start : start + size].hex() for start in range(0, len(data), size))


def _require_known(vectors: list[Vector], notes: Mapping[str, Note]) -> None:
    """Require that ids are given once, and that flags and other cases are named only where they stand in the file."""
    seen: set[str] = set()
    for vector in vectors:
        if vector.id in seen:
            raise ReadingError(f"{vector.id} stands twice")
        if unknown := [flag for flag in vector.flags if flag not in notes]:
            raise ReadingError(f"{vector.id} has the flag {unknown[0]}, of which the notes say nothing")
        if vector.same_as is not None and vector.same_as not in seen:
            raise ReadingError(f"{vector.id} must give the same as {vector.same_as}, which does not stand before it")
        seen.add(vector.id)


def _note(place: str, told: object) -> Note:
    form = a_form(place, told, ("catches", "causes"))
    return Note(a_text(f"{place}.catches", form["catches"]), a_text(f"{place}.causes", form["causes"]))


def _vector(place: str, told: object, operation: Operation) -> Vector:
    form = a_form(place, told, CASE_FIELDS)
    level, layout, same_as = form["level"], form["layout"], form["same_as"]
    if level not in LEVELS:
        raise refusal(f"{place}.level", level, f"one of {', '.join(LEVELS)}")
    if not isinstance(layout, str) or layout not in NAMED:
        raise refusal(f"{place}.layout", layout, f"one of {', '.join(NAMED)}")
    listed = a_list(f"{place}.arguments", form["arguments"])
    arguments = [_argument(f"{place}.arguments[{i}]", one) for i, one in enumerate(listed)]
    names, expected = [name for name, _ in arguments], OPERATIONS[operation].argument_names
    if names != list(expected):
        raise refusal(f"{place}.arguments", names, ", ".join(expected))
    return Vector(
        a_text(f"{place}.id", form["id"]),
        operation,
        level,
        texts(f"{place}.clauses", form["clauses"]),
        texts(f"{place}.flags", form["flags"]),
        a_text(f"{place}.source", form["source"]),
        layout,
        tuple(array for _, array in arguments),
        _expected(f"{place}.expected", form["expected"]),
        None if same_as is None else a_text(f"{place}.same_as", same_as),
    )


def _argument(place: str, told: object) -> tuple[str, Array]:
    form = a_form(place, told, ARRAY_FIELDS)
    dtype = a_dtype(f"{place}.dtype", form["dtype"])
    shape = a_shape(f"{place}.shape", form["shape"], MOST_DIMENSIONS, MOST_ENTRIES)
    values = _entries(f"{place}.values", form["values"], dtype)
    _require_bits(f"{place}.bits", form["bits"], values)
    return a_text(f"{place}.name", form["name"]), _repeated(f"{place}.values", values, shape)


def _expected(place: str, told: object) -> tuple[Expected, ...] | Refused:
    form = an_object(place, told)
    if "results" in form:
        results = a_list(f"{place}.results", a_form(place, form, ("results",))["results"])
        return tuple([_result(f"{place}.results[{i}]", one) for i, one in enumerate(results)])
    refused = a_form(place, form, ("error", "unless_not_finite"))
    if refused["error"] not in CATEGORIES:
        raise refusal(f"{place}.error", refused["error"], f"one of {', '.join(CATEGORIES)}")
    places = a_list(f"{place}.unless_not_finite", refused["unless_not_finite"])
    return Refused(refused["error"], tuple([_whole(f"{place}.unless_not_finite", one) for one in places]))


def _result(place: str, told: object) -> Expected:
    form = a_form(place, told, RESULT_FIELDS)
    dtype = a_dtype(f"{place}.dtype", form["dtype"])
    listed = a_list(f"{place}.shapes", form["shapes"])
    shapes = tuple([a_shape(f"{place}.shapes[{i}]", s, MOST_DIMENSIONS, MOST_ENTRIES) for i, s in enumerate(listed)])
    if not shapes:
        raise refusal(f"{place}.shapes", listed, "at least one shape")
    double = np.dtype(np.float64)
    kinds = {"values": dtype, "bounds": double, "low": double, "high": double}
    ends = {name: _entries(f"{place}.{name}", form[name], kind) for name, kind in kinds.items()}
    _require_bits(f"{place}.bits", form["bits"], ends["values"])
    whole = {name: _repeated(f"{place}.{name}", array, shapes[0]) for name, array in ends.items()}
    return Expected(a_text(f"{place}.name", form["name"]), dtype, shapes, **whole)


def _entries(place: str, told: object, dtype: np.dtype[Any]) -> Array:
    entries = [an_entry(f"{place}[{i}]", one, dtype) for i, one in enumerate(a_list(place, told))]
    array: Array = np.array(entries, dtype=dtype)
    return array


def _require_bits(place: str, told: object, values: Array) -> None:
    if told != (bits := list(bits_of(values))):
        raise refusal(place, told, f"the bits of the values, {bits[:4]}...")


def _repeated(place: str, values: Array, shape: tuple[int, ...]) -> Array:
    """Return ``values``, again and again, until ``shape`` is filled."""
    count = int(np.prod(shape))
    if len(values) > count or (count and not (len(values) and count % len(values) == 0)):
        raise ReadingError(f"{place} has {len(values)} entries but must have {count}, or a divisor of it")
    array: Array = np.tile(values, count // len(values) if count else 1).reshape(shape)
    array.flags.writeable = False
    return array


def _whole(place: str, told: object) -> int:
    if type(told) is not int or told < 0:
        raise refusal(place, told, "whole numbers of at least 0")
    return told
