"""The text of each file of spec/vectors/, made from the catalogue: the same catalogue, the same bytes."""

import json
from collections.abc import Sequence
from typing import Any

import numpy as np

from nnfs_spec.arrays import Array
from nnfs_spec.subject.operations import OPERATIONS, Operation
from nnfs_spec.vectors.answers import decimals
from nnfs_spec.vectors.files import FORMAT, bits_of, hash_of
from nnfs_spec.version import SPEC_VERSION
from tests.tools.vectors.balls import Entry
from tests.tools.vectors.cases import Source
from tests.tools.vectors.catalogue import CATALOGUE, DTYPES
from tests.tools.vectors.catalogue.notes import NOTES
from tests.tools.vectors.expected import KNOWN, VALUES, computed_in

PROVENANCE = (
    "Written by make generated from tests/tools/vectors/catalogue; not edited by hand. Expected values are enclosed by "
    "ball arithmetic (python-flint) until they round one way only, exact where they are fractions; no implementation "
    "of the operation has any part in them."
)
SCALAR = [[], [1], [1, 1]]


def texts() -> dict[str, str]:
    """Return the text of every file by its name."""
    return {f"{op}-{dtype}.json": text_of(op, dtype) for op in CATALOGUE for dtype in DTYPES[op]}


def text_of(operation: Operation, dtype: str) -> str:
    """Return the text of one file: a line for each case, so that a change shows as the case that it changes."""
    sources = CATALOGUE[operation](dtype)
    flags = sorted({flag for source in sources for flag in source.flags})
    told: dict[str, Any] = {
        "format": FORMAT,
        "spec_version": SPEC_VERSION,
        "operation": operation,
        "dtype": dtype,
        "provenance": PROVENANCE,
        "sha256": "",
        "notes": {flag: dict(zip(("catches", "causes"), NOTES[flag], strict=True)) for flag in flags},
    }
    head = json.dumps(told, indent=2, allow_nan=False).removesuffix("\n}")
    cases = ",\n".join("    " + json.dumps(_case(operation, dtype, source), allow_nan=False) for source in sources)
    text = f'{head},\n  "cases": [\n{cases}\n  ]\n}}\n'
    return text.replace('"sha256": ""', f'"sha256": "{hash_of(text)}"', 1)


def _case(operation: Operation, dtype: str, source: Source) -> dict[str, Any]:
    prefix = f"{operation}-{dtype}-"
    names = OPERATIONS[operation].argument_names
    assert list(source.arrays) == list(names), source.name
    return {
        "id": prefix + source.name,
        "level": source.level,
        "clauses": list(source.clauses),
        "flags": list(source.flags),
        "source": source.source,
        "layout": source.layout,
        "arguments": [
            _argument(name, array, source.times if name in source.by_row else 1)
            for name, array in source.arrays.items()
        ],
        "expected": _expected(operation, source),
        "same_as": None if source.same_as is None else prefix + source.same_as,
    }


def _argument(name: str, array: Array, times: int) -> dict[str, Any]:
    shape = [len(array) * times, *array.shape[1:]] if array.ndim else []
    return {
        "name": name,
        "dtype": str(array.dtype),
        "shape": shape,
        "values": decimals(array),
        "bits": list(bits_of(array)),
    }


def _expected(operation: Operation, source: Source) -> dict[str, Any]:
    if source.error is not None:
        return {"error": source.error, "unless_not_finite": list(source.unless_not_finite)}
    if operation in KNOWN:
        parts = KNOWN[operation](source)
        return {"results": [_result(name, part, _pair_shapes(name, source)) for name, part in parts.items()]}
    kept = "float64" if operation == "accuracy" else computed_in(source)
    return {"results": [_result("result", VALUES[operation](source), _shapes(operation, source), kept)]}


def _shapes(operation: Operation, source: Source) -> list[list[int]]:
    """Return the shapes that a result may have."""
    rows, columns = next(iter(source.arrays.values())).shape
    match operation:
        case "dense":
            return [[rows * source.times, source.arrays["weights"].shape[1]]]
        case "relu" | "softmax":
            return [[rows * source.times, columns]]
        case "sample_losses":
            return [[rows * source.times]]
        case _:
            return SCALAR


def _pair_shapes(name: str, source: Source) -> list[list[int]]:
    """Return the shapes that a part of a layer or a spiral may have; flat biases are DENSE-12's business."""
    first, second, _ = (int(array) for array in source.arrays.values())
    flat = [] if "DENSE-12" in source.clauses else [[second]]
    return {
        "weights": [[first, second]],
        "biases": [[1, second], *flat],
        "points": [[first * second, 2]],
        "labels": [[first * second]],
    }[name]


def _result(name: str, entries: Sequence[Entry], shapes: list[list[int]], dtype: str = "float64") -> dict[str, Any]:
    columns = [np.array(column, np.float64) for column in zip(*entries, strict=True)] or [np.zeros(0)] * 4
    values, bounds, low, high = columns
    rounded = values.astype(dtype)
    return {
        "name": name,
        "dtype": dtype,
        "shapes": shapes,
        "values": decimals(rounded),
        "bits": list(bits_of(rounded)),
        "bounds": decimals(bounds),
        "low": decimals(low),
        "high": decimals(high),
    }
