"""The report as JSON, by the schema in spec/schemas/report.json."""

import json
import math
import os
from pathlib import Path
from typing import Any

from nnfs_spec.arrays import Array
from nnfs_spec.engine.events import ClauseResult, Counterexample, Report
from nnfs_spec.version import SPEC_VERSION, __version__

FORMAT = 1


def to_json(report: Report) -> str:
    """Return ``report`` as JSON text: the same report, the same bytes."""
    return json.dumps(to_dict(report), indent=2, allow_nan=False) + "\n"


def write_json(report: Report, path: Path) -> None:
    """Write ``report`` to ``path``: to a temporary name first, so that no half-written file is ever found there."""
    unfinished = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        unfinished.write_text(to_json(report), encoding="utf-8")
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)


def to_dict(report: Report) -> dict[str, Any]:
    """Return ``report`` in the form of the schema."""
    return {
        "format": FORMAT,
        "spec_version": SPEC_VERSION,
        "kit_version": __version__,
        "target": report.target,
        "seed": report.seed,
        "budget": report.budget,
        "verdict": report.verdict,
        "counts": report.counts,
        "supported": list(report.supported),
        "clauses": [_clause(result) for result in report.clauses],
        "diagnosis": [],
        "problems": list(report.problems),
    }


def _clause(result: ClauseResult) -> dict[str, Any]:
    return {
        "id": result.id,
        "level": result.level,
        "title": result.title,
        "status": result.status,
        "cases": result.cases,
        "worst": result.worst,
        "counterexample": _counterexample(result.counterexample) if result.counterexample else None,
        "replay": result.replay,
    }


def _counterexample(shown: Counterexample) -> dict[str, Any]:
    return {
        "inputs": {
            name: {"dtype": str(array.dtype), "shape": list(array.shape), "values": values(array)}
            for name, array in shown.inputs.items()
        },
        "got": None if shown.got is None else values(shown.got),
        "expected": None if shown.expected is None else values(shown.expected),
        "bound": None if shown.bound is None else values(shown.bound),
        "message": shown.message,
    }


def values(array: Array) -> Any:
    """Return the entries of ``array`` as nested lists: shortest decimals, and strings for what JSON cannot say."""
    if array.ndim:
        return [values(entry) for entry in array]
    entry = array[()]
    if array.dtype.kind == "c":
        return str(entry)
    if array.dtype.kind != "f":
        return entry.item()
    decimal = float(str(entry))  # the shortest one that gives the same number in its own dtype
    if math.isnan(decimal):
        return "NaN"
    if math.isinf(decimal):
        return "Infinity" if decimal > 0 else "-Infinity"
    return decimal
