"""The vectors in other forms: JSON as they are, CSV with a line for each entry, .npz with an array for each name."""

import csv
import io
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np

from nnfs_spec.arrays import Array
from nnfs_spec.clauses import spec_folder
from nnfs_spec.subject.operations import OPERATIONS
from nnfs_spec.support.files import write_whole
from nnfs_spec.vectors.answers import decimals
from nnfs_spec.vectors.files import Refused, Vector, VectorFile, all_files, bits_of

COLUMNS = ("case", "level", "clauses", "part", "name", "dtype", "shape", "index", "value", "bits", "low", "high")


def as_json(file: VectorFile) -> bytes:
    """Return the file as it is."""
    return (spec_folder() / "vectors" / f"{file.name}.json").read_bytes()


def as_csv(file: VectorFile) -> bytes:
    """Return one line for each entry of each argument and result, and one for each error that is right."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    for vector in file.vectors:
        head = (vector.id, vector.level, " ".join(vector.clauses))
        for line in _lines(vector):
            writer.writerow((*head, *line))
    return text.getvalue().encode("utf-8")


def as_npz(file: VectorFile) -> bytes:
    """Return an archive of arrays without pickles: ``case/argument``, and ``case/result/values``, ``low`` and ``high``.

    A case that must end in an error has no results.
    """
    arrays: dict[str, Array] = {}
    for vector in file.vectors:
        for name, argument in zip(OPERATIONS[vector.operation].argument_names, vector.arguments, strict=True):
            arrays[f"{vector.id}/{name}"] = argument
        if not isinstance(vector.expected, Refused):
            for one in vector.expected:
                ends = {"values": one.values, "low": one.low, "high": one.high}
                arrays |= {f"{vector.id}/{one.name}/{end}": array for end, array in ends.items()}
    archive = io.BytesIO()
    save: Callable[..., None] = np.savez  # its types take the names of arrays for its own options
    save(archive, **arrays)
    return archive.getvalue()


FORMS: dict[str, Callable[[VectorFile], bytes]] = {"json": as_json, "csv": as_csv, "npz": as_npz}


def export(folder: Path, form: str) -> list[Path]:
    """Write every file to ``folder`` in a form, each whole or not at all, and return their paths."""
    folder.mkdir(parents=True, exist_ok=True)
    written: list[Path] = []
    for file in all_files():
        path = folder / f"{file.name}.{form}"
        write_whole(path, FORMS[form](file))
        written.append(path)
    return written


def _lines(vector: Vector) -> Iterator[tuple[Any, ...]]:
    for name, argument in zip(OPERATIONS[vector.operation].argument_names, vector.arguments, strict=True):
        nothing = [""] * argument.size
        yield from _entries("argument", name, argument, argument.shape, nothing, nothing)
    if isinstance(vector.expected, Refused):
        places = " ".join(map(str, vector.expected.unless_not_finite))
        yield ("error", vector.expected.category, "", "", places, "", "", "", "")
        return
    for one in vector.expected:
        yield from _entries("result", one.name, one.values, one.shapes[0], decimals(one.low), decimals(one.high))


def _entries(
    part: str, name: str, array: Array, shape: tuple[int, ...], low: list[Any], high: list[Any]
) -> Iterator[tuple[Any, ...]]:
    sizes = " ".join(map(str, shape))
    for index, entry in enumerate(zip(decimals(array), bits_of(array), low, high, strict=True)):
        yield (part, name, str(array.dtype), sizes, index, *entry)
