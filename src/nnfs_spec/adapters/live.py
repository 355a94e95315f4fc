"""A subject over callables in this process."""

import warnings
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeAlias

import numpy as np

from nnfs_spec.arrays import Array
from nnfs_spec.subject import GO_ON, Answer, Breakdown, Call, Outcome, Refusal, lay_out

Implementation: TypeAlias = Callable[[], Callable[..., Any]]
"""Makes a new object to call an operation on; for a plain function, returns that function."""

MOST_CHARACTERS = 300

COUNTED = frozenset({"layer", "spiral_data"})
"""The operations whose arguments are whole numbers, the last one a seed of NumPy's global generator."""


class LiveSubject:
    """Calls implementations where they are. What they raise becomes a Refusal; nothing keeps them from doing harm."""

    caught: type[BaseException] = Exception
    """What counts as an exception of the subject; in a process of its own, whatever it raises."""

    def __init__(self, name: str, implementations: Mapping[str, Implementation], notes: Sequence[str] = ()) -> None:
        self.name = name
        self.notes = tuple(notes)
        self._implementations = implementations
        self._objects: dict[str, Callable[..., Any]] = {}

    @property
    def operations(self) -> frozenset[str]:
        """The operations that there are implementations of."""
        return frozenset(self._implementations)

    def run(self, session: Sequence[Call]) -> Sequence[Outcome]:
        """Make the calls in order; results are read at once and again at the end of the session."""
        made = [self._make(call) for call in session]
        outcomes: list[Outcome] = []
        for outcome in made:
            if isinstance(outcome, Refusal | Breakdown):
                outcomes.append(outcome)
            else:
                raw, results, arguments = outcome
                kept = tuple(np.array(one, copy=True) for one in raw)
                outcomes.append(Answer(results, kept, arguments))
        return outcomes

    def _make(self, call: Call) -> Refusal | Breakdown | tuple[tuple[Array, ...], tuple[Array, ...], tuple[Array, ...]]:
        arguments = tuple(lay_out(argument, call.layout) for argument in call.arguments)
        try:
            with np.errstate(all="ignore"), warnings.catch_warnings():
                warnings.simplefilter("ignore")
                value = self._call(call, arguments)
        except self.caught as refusal:
            return Refusal(type(refusal).__name__, _short(refusal))
        try:
            raw = tuple(map(_readable, value if call.operation in COUNTED else (value,)))
        except self.caught as unreadable:
            return Breakdown(f"returned what is no array: {_short(unreadable)}")
        if call.operation in COUNTED and len(raw) != 2:
            return Breakdown(f"returned {len(raw)} results, but must return 2")
        return raw, tuple(np.array(one, copy=True) for one in raw), arguments

    def _call(self, call: Call, arguments: tuple[Array, ...]) -> Any:
        if call.fresh or call.operation not in self._objects:
            self._objects[call.operation] = self._implementations[call.operation]()
        implementation = self._objects[call.operation]
        if call.operation not in COUNTED:
            return implementation(*arguments)
        *counts, seed = map(int, arguments)
        if seed != GO_ON:
            np.random.seed(seed)
        return implementation(*counts)


def _short(raised: BaseException) -> str:
    """Return the message of an exception, of whatever length it is, as a line or two."""
    message = str(raised)
    return message if len(message) <= MOST_CHARACTERS else f"{message[:MOST_CHARACTERS]}..."


def _readable(value: Any) -> Array:
    array = np.asarray(value)
    if array.dtype.kind not in "biufc":
        raise TypeError(f"{type(value).__name__} of dtype {array.dtype}")
    return array
