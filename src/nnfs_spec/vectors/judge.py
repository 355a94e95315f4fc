"""Compares answers with what the vectors expect: limits only, no arithmetic, so that any language can do the same."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias, assert_never

import numpy as np

from nnfs_spec.arrays import Array
from nnfs_spec.vectors.answers import Error, Given, Results, Unsupported
from nnfs_spec.vectors.files import Expected, Refused, Vector

Status: TypeAlias = Literal["pass", "fail", "error", "unsupported", "missing"]

DTYPE_CLAUSE, ARGUMENTS_CLAUSE = "GEN-5", "GEN-1"


@dataclass(frozen=True)
class Judgement:
    """What came of one case; ``message`` says what is wrong with the answer."""

    vector: Vector
    status: Status
    message: str = ""

    @property
    def bad(self) -> bool:
        """Whether the case shows that a clause is broken."""
        return self.status in ("fail", "error")


def judge(vectors: Sequence[Vector], answers: Mapping[str, Given]) -> list[Judgement]:
    """Return what comes of every case."""
    return [_judged(vector, answers.get(vector.id), answers) for vector in vectors]


def _judged(vector: Vector, given: Given | None, answers: Mapping[str, Given]) -> Judgement:
    refused = isinstance(vector.expected, Refused)
    match given:
        case None:
            return Judgement(vector, "missing", "no answer")
        case Unsupported(message):
            return Judgement(vector, "unsupported", message)
        case Error(message):
            return Judgement(vector, "pass") if refused else Judgement(vector, "error", f"ended in an error: {message}")
        case Results():
            problem = _problem(given, vector, answers)
            return Judgement(vector, "fail" if problem else "pass", problem)
        case _ as never:
            assert_never(never)


def _problem(given: Results, vector: Vector, answers: Mapping[str, Given]) -> str:
    """Return what is wrong with results, if anything."""
    if isinstance(vector.expected, Refused):
        problem = _not_refused(given, vector.expected)
    else:
        problem = _unlike(given, vector.expected, vector) or _unlike_before(given, vector, answers)
    if given.changed and not problem:
        return f"changed {' and '.join(given.changed)} [{ARGUMENTS_CLAUSE}]"
    return problem


def _not_refused(given: Results, refused: Refused) -> str:
    numbers = given.arrays[0].reshape(-1)
    for place in refused.unless_not_finite:
        if place < numbers.size and not np.isfinite(numbers[place]):
            return ""
    return f"gave {_shown(given.arrays[0])} but must end in an error"


def _unlike(given: Results, expected: Sequence[Expected], vector: Vector) -> str:
    """Return how results differ from those that are expected, if they do."""
    if len(given.arrays) != len(expected):
        return f"gave {len(given.arrays)} results but must give {len(expected)}"
    for got, wanted in zip(given.arrays, expected, strict=True):
        if problem := _unlike_one(got, wanted, asks_dtype=DTYPE_CLAUSE in vector.clauses and given.typed):
            return problem
    return ""


def _unlike_one(got: Array, wanted: Expected, *, asks_dtype: bool) -> str:
    if got.shape not in wanted.shapes:
        return f"{wanted.name} has shape {got.shape} but must have {' or '.join(map(str, wanted.shapes))}"
    if asks_dtype and got.dtype != wanted.dtype:
        return f"{wanted.name} has dtype {got.dtype} but must have {wanted.dtype}"
    numbers = got.astype(np.float64).reshape(wanted.low.shape)
    inside = (wanted.low <= numbers) & (numbers <= wanted.high)
    if inside.all():
        return ""
    place = tuple(int(i) for i in np.argwhere(~inside)[0])
    low, high = float(wanted.low[place]), float(wanted.high[place])
    limits = f"be {low!r}" if low == high else f"lie between {low!r} and {high!r}"
    return f"{wanted.name}[{', '.join(map(str, place))}] is {float(numbers[place])!r} but must {limits}"


def _unlike_before(given: Results, vector: Vector, answers: Mapping[str, Given]) -> str:
    """Return how results differ from those of the case that must have given the same, where it has given any."""
    before = None if vector.same_as is None else answers.get(vector.same_as)
    if not isinstance(before, Results):
        return ""
    for one, other in zip(given.arrays, before.arrays, strict=False):
        if one.dtype == other.dtype and one.tobytes() != other.tobytes():
            return f"gave other bits than {vector.same_as}, on the same arrays"
    return ""


def _shown(array: Array) -> str:
    text = str(array.tolist())
    return text if len(text) <= 60 else f"{text[:60]}..."
