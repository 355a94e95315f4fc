"""The report as JSON, by the schema in spec/schemas/report.json."""

import json
import math
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np

from nnfs_spec.arrays import Array
from nnfs_spec.engine.events import ULP_EDGES, ClauseResult, Counterexample, Errors, Report
from nnfs_spec.subject.operations import OPERATIONS
from nnfs_spec.subject.protocol import Call
from nnfs_spec.support.files import write_whole
from nnfs_spec.version import SPEC_VERSION, __version__

FORMAT = 2

MOST_ENTRIES = 1_000_000
"""The values of an array with more entries are left out: null."""


def to_json(report: Report) -> str:
    """Return ``report`` as JSON text: the same report, the same bytes."""
    return json.dumps(to_dict(report), indent=2, allow_nan=False) + "\n"


def to_line(report: Report) -> str:
    """Return ``report`` as one line of JSON, without its end."""
    return json.dumps(to_dict(report), allow_nan=False)


def write_json(report: Report, path: Path) -> None:
    """Write ``report`` to ``path``, whole or not at all."""
    write_whole(path, to_json(report))


def to_dict(report: Report) -> dict[str, Any]:
    """Return ``report`` in the form of the schema."""
    return {
        "format": FORMAT,
        "spec_version": SPEC_VERSION,
        "kit_version": __version__,
        "target": report.target,
        "seed": report.seed,
        "budget": report.budget,
        "level": report.level,
        "verdict": report.verdict,
        "cut_short": list(report.cut_short),
        "unmet": [asdict(one) for one in report.unmet],
        "notices": list(report.notices),
        "counts": report.counts,
        "supported": list(report.supported),
        "checked": sorted(report.checked),
        "refused": sorted(report.refused),
        "clauses": [_clause(result) for result in report.clauses],
        "diagnosis": [asdict(diagnosis) for diagnosis in report.diagnosis],
        "taken": list(report.taken),
        "problems": list(report.problems),
        "output": report.output,
        "isolation": None if report.isolation is None else asdict(report.isolation),
        "errors": None if report.errors is None else [errors_told(one) for one in report.errors],
    }


def errors_told(errors: Errors) -> dict[str, Any]:
    """Return the errors of one operation and dtype, and of one family if it is not of all."""
    figures = {"worst_share": errors.share, "worst_ulps": errors.worst, "mean_ulps": errors.mean}
    return {
        "operation": errors.operation,
        "dtype": errors.dtype,
        **({} if errors.family is None else {"family": errors.family}),
        "entries": errors.entries,
        "undecided": errors.undecided,
        "unanswered": errors.unanswered,
        **{name: None if figure is None else values(np.asarray(figure)) for name, figure in figures.items()},
        "histogram": [
            {"up_to": edge, "entries": count} for edge, count in zip((*ULP_EDGES, None), errors.histogram, strict=True)
        ],
    }


def _clause(result: ClauseResult) -> dict[str, Any]:
    return {
        "id": result.id,
        "level": result.level,
        "title": result.title,
        "status": result.status,
        "cases": result.cases,
        "undecided": result.undecided,
        "worst": result.worst,
        "counterexample": _counterexample(result.counterexample) if result.counterexample else None,
        "replay": result.replay,
        "blocked_by": result.blocked_by,
        "known": result.known,
        "proof": asdict(result.proof) if result.proof else None,
    }


def _counterexample(shown: Counterexample) -> dict[str, Any]:
    compared = {"got": shown.got, "expected": shown.expected, "bound": shown.bound}
    keep = all(array is not None and array.size <= MOST_ENTRIES for array in compared.values())
    return {
        "operation": shown.operation,
        "inputs": {name: _array(array) for name, array in shown.inputs.items()},
        "call": shown.call and _call(shown.call),
        **{name: values(array) if array is not None and keep else None for name, array in compared.items()},
        "message": shown.message,
        "arithmetic": shown.arithmetic,
        "remark": shown.remark,
        **{name: None if line is None else asdict(line) for name, line in vars(shown.code).items()},
    }


def _call(call: Call) -> dict[str, Any]:
    names = OPERATIONS[call.operation].argument_names
    arguments = {name: _array(array) for name, array in zip(names, call.arguments, strict=True)}
    return {"operation": call.operation, "arguments": arguments, "layout": str(call.layout)}


def _array(array: Array) -> dict[str, Any]:
    told = values(array) if array.size <= MOST_ENTRIES else None
    return {"dtype": str(array.dtype), "shape": list(array.shape), "values": told}


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
