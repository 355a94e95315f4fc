"""A file of answers to the vectors, as somebody's own runner writes it: read strictly, and written for any subject."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias, assert_never

import numpy as np

from nnfs_spec.arrays import Array
from nnfs_spec.subject.protocol import Answer, Breakdown, Lacking, Outcome, Refusal, Subject
from nnfs_spec.support.json_input import (
    DTYPES,
    ReadingError,
    a_dtype,
    a_form,
    a_list,
    a_shape,
    an_entry,
    an_object,
    parsed,
    refusal,
    the_format,
)
from nnfs_spec.vectors.files import MOST_DIMENSIONS, MOST_ENTRIES, Vector, all_vectors
from nnfs_spec.version import SPEC_VERSION

FORMAT = 1

FLOAT = np.dtype(np.float64)
"""How numbers are read whose dtype an answer does not state."""


@dataclass(frozen=True, eq=False)
class Results:
    """What a call gave. ``typed`` tells whether its dtypes were stated, ``changed`` which arguments it has changed."""

    arrays: tuple[Array, ...]
    typed: bool
    changed: tuple[str, ...] = ()


@dataclass(frozen=True)
class Error:
    """The call ended in an error."""

    message: str


@dataclass(frozen=True)
class Unsupported:
    """The call cannot be made at all."""

    message: str


Given: TypeAlias = Results | Error | Unsupported


def answers_of(subject: Subject, vectors: Sequence[Vector]) -> dict[str, Given]:
    """Return what ``subject`` answers to ``vectors``, made in order on one object, and read after the last of them."""
    known = [vector for vector in vectors if vector.operation in subject.operations]
    outcomes: Sequence[Outcome] = subject.run([vector.call for vector in known]) if known else ()
    if any(isinstance(outcome, Breakdown) for outcome in outcomes):  # one by one, so that it shows at which
        outcomes = [subject.run([vector.call])[0] for vector in known]
    given: dict[str, Given] = {vector.id: Unsupported(f"there is no {vector.operation}") for vector in vectors}
    return given | {vector.id: _given(vector, outcome) for vector, outcome in zip(known, outcomes, strict=True)}


def read_answers(text: str) -> dict[str, Given]:
    """Return what a file answers, by the id of the case. Raises ReadingError."""
    told = a_form("the file", parsed(text), ("format", "spec_version", "answers"))
    the_format(told, FORMAT)
    if told["spec_version"] != SPEC_VERSION:
        raise refusal("spec_version", told["spec_version"], SPEC_VERSION)
    known = all_vectors()
    given: dict[str, Given] = {}
    for id, one in an_object("answers", told["answers"]).items():
        if id not in known:
            raise ReadingError(f"answers has {id!r}, which is the id of no case")
        given[id] = _answer(f"answers[{id!r}]", one)
    return given


def write_answers(given: Mapping[str, Given]) -> str:
    """Return the text of a file of answers."""
    answers = {id: _told(one) for id, one in given.items()}
    return json.dumps({"format": FORMAT, "spec_version": SPEC_VERSION, "answers": answers}, allow_nan=False) + "\n"


def decimals(array: Array) -> list[Any]:
    """Return the entries of ``array``, row after row: numbers of JSON, and words for what it has no number for.

    A float32 is given as the float64 that equals it.
    """
    if array.dtype.kind != "f":
        return list(array.reshape(-1).tolist())
    return [number if np.isfinite(number) else _word(number) for number in array.reshape(-1).tolist()]


def _word(number: float) -> str:
    return "NaN" if np.isnan(number) else "Infinity" if number > 0 else "-Infinity"


def _given(vector: Vector, outcome: Outcome) -> Given:
    match outcome:
        case Answer(_, kept, after):
            if unknown := [str(array.dtype) for array in kept if str(array.dtype) not in DTYPES]:
                return Error(f"returned dtype {unknown[0]}")
            changed = [
                f"arguments[{i}]"
                for i, (before, now) in enumerate(zip(vector.arguments, after, strict=True))
                if before.tobytes() != now.tobytes()
            ]
            return Results(kept, True, tuple(changed))
        case Refusal(kind, message):
            return Error(f"{kind}: {message}")
        case Breakdown(message):
            return Error(message)
        case Lacking(message):
            return Unsupported(message)
        case _ as never:
            assert_never(never)


def _told(given: Given) -> dict[str, Any]:
    match given:
        case Error(message):
            return {"error": message}
        case Unsupported(message):
            return {"unsupported": message}
        case Results(arrays, _, changed):
            results = [{"dtype": str(a.dtype), "shape": list(a.shape), "values": decimals(a)} for a in arrays]
            return {"results": results, **({"changed": list(changed)} if changed else {})}
        case _ as never:
            assert_never(never)


def _answer(place: str, told: object) -> Given:
    form = an_object(place, told)
    for word, kind in (("error", Error), ("unsupported", Unsupported)):
        if word in form:
            return kind(_message(f"{place}.{word}", a_form(place, form, (word,))[word]))
    form = a_form(place, form, ("results",), ("changed",))
    listed = a_list(f"{place}.results", form["results"])
    if not listed:
        raise refusal(f"{place}.results", listed, "at least one result")
    results = [_result(f"{place}.results[{i}]", one) for i, one in enumerate(listed)]
    changed = [_message(f"{place}.changed", one) for one in a_list(f"{place}.changed", form.get("changed", []))]
    return Results(tuple(array for array, _ in results), all(typed for _, typed in results), tuple(changed))


def _result(place: str, told: object) -> tuple[Array, bool]:
    form = a_form(place, told, ("shape", "values"), ("dtype",))
    dtype = a_dtype(f"{place}.dtype", form["dtype"]) if "dtype" in form else FLOAT
    shape = a_shape(f"{place}.shape", form["shape"], MOST_DIMENSIONS, MOST_ENTRIES)
    values = a_list(f"{place}.values", form["values"])
    if len(values) != int(np.prod(shape)):
        raise ReadingError(f"{place}.values has {len(values)} entries but must have {int(np.prod(shape))}")
    entries = [an_entry(f"{place}.values[{i}]", one, dtype) for i, one in enumerate(values)]
    return np.array(entries, dtype=dtype).reshape(shape), "dtype" in form


def _message(place: str, told: object) -> str:
    if not isinstance(told, str):
        raise refusal(place, told, "text")
    return told
