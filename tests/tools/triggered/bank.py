"""Puts base mistakes behind triggers, and keeps what its witnesses show to be wrong."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from nnfs_spec.adapters.live import LiveSubject
from nnfs_spec.adapters.load import reference_implementations
from nnfs_spec.arrays import Array
from nnfs_spec.diagnosis.inputs import Arguments, Generator
from nnfs_spec.mutants import MUTANTS, Mutant
from nnfs_spec.oracle import exact
from nnfs_spec.properties.accuracy import rounded
from nnfs_spec.subject.operations import Operation
from nnfs_spec.subject.protocol import Call, result_shape
from tests.tools.triggered.kinds import KINDS
from tests.tools.triggered.trigger import Drawn, Past, Trigger

WITNESSES = 3
"""Sessions on each of which a mutant must be wrong to be counted."""

MOST_DRAWS = 200


@dataclass(frozen=True)
class Triggered:
    """A base mistake that is made where the trigger fires; elsewhere the reference answers."""

    base: Mutant
    kind: str
    trigger: Trigger

    @property
    def name(self) -> str:
        """What it does and when."""
        return f"{self.base.name}: {self.trigger.text}"

    def make(self) -> Callable[..., Any]:
        """Return a new object to call, which remembers its calls."""
        right, wrong = reference_implementations()[self.base.operation](), self.base.make()
        past = Past()

        def call(*given: Array) -> Any:
            nonlocal past
            fires = self.trigger.fires(past, given)
            past = Past(past.calls + 1, tuple(map(np.array, given)))
            return wrong(*given) if fires else right(*given)

        return call

    def subject(self) -> LiveSubject:
        """Return a subject of this one operation."""
        return LiveSubject(self.name, {self.base.operation: self.make})


def bank(kind: str, count: int, seed: int) -> Iterator[Triggered]:
    """Yield ``count`` mutants behind triggers of ``kind``; the same seed yields the same."""
    rng = np.random.default_rng([seed, list(KINDS).index(kind)])
    drawn, operations = KINDS[kind]
    for _ in range(count):
        yield _draw(rng, kind, drawn, operations)


def _draw(rng: Generator, kind: str, drawn: Drawn, operations: Sequence[Operation]) -> Triggered:
    for _ in range(MOST_DRAWS):
        operation = operations[int(rng.integers(len(operations)))]
        bases = [mutant for mutant in MUTANTS.values() if mutant.operation == operation]
        one = Triggered(bases[rng.integers(len(bases))], kind, drawn(rng, operation))
        if all(errs(one, one.trigger.witness(rng)) for _ in range(WITNESSES)):
            return one
    raise RuntimeError(f"{MOST_DRAWS} draws gave no mutant behind a trigger of kind {kind}")


def errs(one: Triggered, session: Sequence[Arguments]) -> bool:
    """Tell whether the last call of a session, within the domain, has a wrong result or changes its arguments."""
    code = one.make()
    with np.errstate(all="ignore"):
        try:
            for given in session[:-1]:
                code(*given)
            given = session[-1]
            before = tuple(map(np.array, given))
            result = np.asarray(code(*given))
        except Exception:  # a refusal of what the domain allows is an error as well, whatever it is
            return True
        changed = not all(map(np.array_equal, before, given))
        return changed or not _is_right(Call(one.base.operation, before), result)


def _is_right(call: Call, result: Array) -> bool:
    if result.shape != result_shape(call) or result.dtype.kind not in "iuf":
        return False
    if any(one.dtype.kind in "iu" for one in call.arguments[:1]):
        call = Call(call.operation, tuple(one.astype(np.float64) for one in call.arguments))
    native = tuple(one.astype(one.dtype.newbyteorder("=")) for one in call.arguments)
    enclosure = exact(call.operation, native)
    if call.operation == "accuracy":
        return bool(np.all(result == rounded(float(enclosure.hi[0]), result)))
    return bool((enclosure.share_of_bound(result.reshape(enclosure.hi.shape)) <= 1).all())
