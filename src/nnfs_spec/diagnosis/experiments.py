"""The kinds of experiments: which calls they make, and what they see in the outcomes."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

import numpy as np

from nnfs_spec.diagnosis.observation import (
    Observation,
    Part,
    Reading,
    equal,
    measured,
    reading,
    refused,
    result_of,
)
from nnfs_spec.oracle import Enclosure, exact
from nnfs_spec.properties.accuracy import rounded
from nnfs_spec.subject.protocol import Answer, Call, Outcome, numbers_of, result_shape

NUMBERS = "numbers"
"""The aspect of results on ordinary arguments; whoever errs here may err elsewhere in consequence."""

RIGHT = "as it should be"


class Experiment(Protocol):
    """Sessions of calls, each for one ``aspect`` of an operation; all experiments of an aspect go together."""

    @property
    def aspect(self) -> str:
        """What it is about: numbers, or the clause of a lapse."""
        ...

    @property
    def sessions(self) -> Sequence[Sequence[Call]]:
        """The calls to make, session by session."""
        ...

    def observe(self, outcomes: Sequence[Outcome]) -> Observation:
        """Return what the outcomes of all calls show. Raises BrokeDownError."""
        ...


@dataclass(frozen=True, eq=False)
class Result:
    """The result of one call on arguments in the domain."""

    call: Call
    aspect: str = NUMBERS

    @property
    def sessions(self) -> Sequence[Sequence[Call]]:
        """One call, on a new object."""
        return [[self.call]]

    @cached_property
    def _exact(self) -> Enclosure:
        return exact(self.call.operation, self.call.arguments)

    def observe(self, outcomes: Sequence[Outcome]) -> Observation:
        """See the numbers, beside the exact ones."""
        (outcome,), call, shape, enclosure = outcomes, self.call, result_shape(self.call), self._exact
        dtype = call.arguments[0].dtype
        values = numbers_of(outcome)
        if values is None:
            return Observation(False, (result_of(outcome, dtype),), formed=False)
        values = values.reshape(()) if shape == () and values.size == 1 else values
        if values.shape != shape:
            return Observation(False, (reading(values, dtype),), formed=False)
        right = enclosure.share_of_bound(np.broadcast_to(values, enclosure.hi.shape)) <= 1
        if call.operation == "accuracy":  # a share may come in any floating-point type
            right = values == rounded(float(enclosure.hi[0]), values)
        return Observation(bool(np.all(right)), (measured(values.reshape(enclosure.hi.shape), enclosure, dtype),))


@dataclass(frozen=True, eq=False)
class SameNumbers:
    """Calls that must give what other calls give: ``pairs`` of positions, the one to judge and its model.

    Which of them do not is ``by_chance`` where calls are made at the same time: then only whether any does not is seen.
    """

    aspect: str
    sessions: Sequence[Sequence[Call]]
    pairs: Sequence[tuple[int, int]]
    dtype: np.dtype[np.floating] | None = None
    by_chance: bool = False

    @cached_property
    def _bounds(self) -> Sequence[float]:
        models = [self._calls[model] for _, model in self.pairs]
        return [2 * float(exact(call.operation, call.arguments).bound.max(initial=0.0)) for call in models]

    @property
    def _calls(self) -> Sequence[Call]:
        return [call for session in self.sessions for call in session]

    def observe(self, outcomes: Sequence[Outcome]) -> Observation:
        """See the numbers of the calls to judge; right are those near their models, whatever these are."""
        calls = self._calls
        parts: list[Part] = []
        right = True
        for (judged, model), bound in zip(self.pairs, self._bounds, strict=True):
            part, wanted = (result_of(outcomes[i], calls[model].arguments[0].dtype) for i in (judged, model))
            right = right and _same(part, wanted, bound)
            parts.append(part)
            result = numbers_of(outcomes[judged])
            if self.dtype is not None and result is not None:
                right = right and result.dtype == self.dtype
                parts.append(str(result.dtype))
        return Observation(right, (f"all alike: {right}",) if self.by_chance else tuple(parts))


def _same(part: Part, model: Part, bound: float) -> bool:
    if not isinstance(part, Reading) or not isinstance(model, Reading):
        return part == model
    if part.values.shape != model.values.shape:
        return False
    with np.errstate(invalid="ignore"):
        near = np.abs(part.values - model.values) <= bound
    return bool(np.all(near | equal(part.values, model.values)))


@dataclass(frozen=True, eq=False)
class Kept:
    """Whether results and arguments stay as they were: the first call of a session, looked at again at its end."""

    aspect: str
    sessions: Sequence[Sequence[Call]]

    def observe(self, outcomes: Sequence[Outcome]) -> Observation:
        """See the first result at the end of the session and the arguments after the call, where they changed."""
        first, call = outcomes[0], self.sessions[0][0]
        if not isinstance(first, Answer):
            return Observation(True, (refused(first),))
        befores, afters = (*first.results, *call.arguments), (*first.kept, *first.after)
        changed = [not np.array_equal(a, b, equal_nan=True) for a, b in zip(befores, afters, strict=True)]
        dtype = call.arguments[0].dtype
        parts = [
            reading(after, dtype if dtype.kind == "f" else np.dtype(np.float64)) if other else RIGHT
            for after, other in zip(afters, changed, strict=True)
        ]
        return Observation(not any(changed), tuple(parts))


@dataclass(frozen=True, eq=False)
class OwnMemory:
    """Whether the result of a watched call has memory of its own."""

    aspect: str
    sessions: Sequence[Sequence[Call]]

    def observe(self, outcomes: Sequence[Outcome]) -> Observation:
        """See whether the result shares memory with an argument."""
        (first,) = outcomes
        shared = isinstance(first, Answer) and first.shared
        return Observation(not shared, ("the memory of an argument" if shared else RIGHT,))


@dataclass(frozen=True, eq=False)
class Undisturbed:
    """Whether a watched call leaves the global state of its process as it was."""

    aspect: str
    sessions: Sequence[Sequence[Call]]

    def observe(self, outcomes: Sequence[Outcome]) -> Observation:
        """See what it has changed."""
        (first,) = outcomes
        disturbed = first.disturbed if isinstance(first, Answer) else ()
        return Observation(not disturbed, (", ".join(disturbed) or RIGHT,))


@dataclass(frozen=True, eq=False)
class Dtypes:
    """The dtypes of the results of several calls."""

    aspect: str
    calls: Sequence[Call]

    @property
    def sessions(self) -> Sequence[Sequence[Call]]:
        """One session of all calls."""
        return [self.calls]

    def observe(self, outcomes: Sequence[Outcome]) -> Observation:
        """See the names of the dtypes; right is that of the first argument."""
        seen = [
            str(outcome.results[0].dtype) if isinstance(outcome, Answer) else refused(outcome) for outcome in outcomes
        ]
        right = [str(call.arguments[0].dtype) for call in self.calls]
        return Observation(seen == right, tuple(seen))


@dataclass(frozen=True, eq=False)
class SameBits:
    """Two calls whose results must be the same, bit for bit."""

    aspect: str
    calls: Sequence[Call]

    @cached_property
    def _bound(self) -> float:
        return 2 * float(exact(self.calls[0].operation, self.calls[0].arguments).bound.max(initial=0.0))

    @property
    def sessions(self) -> Sequence[Sequence[Call]]:
        """One session of both calls."""
        return [self.calls]

    def observe(self, outcomes: Sequence[Outcome]) -> Observation:
        """See whether they are, or whether more than the rounding differs."""
        dtype = self.calls[0].arguments[0].dtype
        first, second = (result_of(outcome, dtype) for outcome in outcomes)
        if not _same(second, first, self._bound):
            return Observation(False, ("other numbers",))
        one, another = (numbers_of(outcome) for outcome in outcomes)
        same = one is None or another is None or np.array_equal(one, another)
        return Observation(same, ("the same bits" if same else "other bits",))


@dataclass(frozen=True, eq=False)
class Refused:
    """Calls that must raise an exception."""

    aspect: str
    calls: Sequence[Call]

    @property
    def sessions(self) -> Sequence[Sequence[Call]]:
        """One session for each call."""
        return [[call] for call in self.calls]

    def observe(self, outcomes: Sequence[Outcome]) -> Observation:
        """See what they answer instead."""
        parts = [
            result_of(outcome, np.dtype(np.float64)) if isinstance(outcome, Answer) else refused(outcome) and RIGHT
            for outcome in outcomes
        ]
        return Observation(all(part == RIGHT for part in parts), tuple(parts))


@dataclass(frozen=True, eq=False)
class Shown:
    """Calls with a NaN or infinity in an argument, and the place of the result that must show it, if not refused."""

    aspect: str
    calls: Sequence[Call]
    places: Sequence[tuple[int | slice, ...]]
    limits: Sequence[float]
    """For each call, a number that may stand in the place of what is not finite, or NaN for none."""

    @property
    def sessions(self) -> Sequence[Sequence[Call]]:
        """One session for each call."""
        return [[call] for call in self.calls]

    def observe(self, outcomes: Sequence[Outcome]) -> Observation:
        """See the numbers that stand where something that is not finite should."""
        parts: list[Part] = []
        for call, outcome, place, limit in zip(self.calls, outcomes, self.places, self.limits, strict=True):
            numbers = numbers_of(outcome)
            if numbers is None or numbers.shape != result_shape(call):
                parts.append(RIGHT if not isinstance(outcome, Answer) and refused(outcome) else "another shape")
                continue
            seen = np.atleast_1d(numbers[place])
            shows = not np.isfinite(seen).all() or seen[-1] == limit
            parts.append(RIGHT if shows else reading(seen, call.arguments[0].dtype))
        return Observation(all(part == RIGHT for part in parts), tuple(parts))


@dataclass(frozen=True, eq=False)
class Empty:
    """A batch of no rows, which must give no rows."""

    aspect: str
    call: Call

    @property
    def sessions(self) -> Sequence[Sequence[Call]]:
        """One call."""
        return [[self.call]]

    def observe(self, outcomes: Sequence[Outcome]) -> Observation:
        """See the shape of the result."""
        (outcome,) = outcomes
        if not isinstance(outcome, Answer):
            return Observation(False, (refused(outcome),))
        shape = outcome.results[0].shape
        return Observation(shape == result_shape(self.call), (f"shape {shape}",))


@dataclass(frozen=True, eq=False)
class AsAxis:
    """Calls with 0 and 7 as arrays without dimensions: of an axis, the first alone will do."""

    calls: Sequence[Call]
    aspect: str = NUMBERS

    @property
    def sessions(self) -> Sequence[Sequence[Call]]:
        """One session for each call."""
        return [[call] for call in self.calls]

    def observe(self, outcomes: Sequence[Outcome]) -> Observation:
        """See whether the first was taken, and the second was not."""
        taken = [isinstance(outcome, Answer) or not refused(outcome) for outcome in outcomes]
        wrong = taken == [True, False]
        return Observation(not wrong, ("an axis" if wrong else RIGHT,), formed=False)
