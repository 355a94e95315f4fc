"""A subject over callables in this process."""

import warnings
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any, Protocol, TypeAlias

import numpy as np

from nnfs_spec.adapters.convert import foreign_type, to_array
from nnfs_spec.adapters.random_state import Generator, seed_all
from nnfs_spec.arrays import Array
from nnfs_spec.subject.operations import DRAWN
from nnfs_spec.subject.protocol import (
    ALL,
    GO_ON,
    Account,
    Answer,
    Breakdown,
    Call,
    Lacking,
    Outcome,
    Reach,
    Refusal,
    lay_out,
)
from nnfs_spec.support.files import anonymise

Implementation: TypeAlias = Callable[[], Callable[..., Any]]
"""Makes a new object to call an operation on; for a plain function, returns that function."""

MOST_CHARACTERS = 300


class UnusableError(Exception):
    """An operation was recognised but is not there to be called: no refusal of the subject's, but a breakdown."""


class Omissions(Protocol):
    """What an adapter left out of a target, such as statements that were not run."""

    def supply(self, error: BaseException) -> bool:
        """Make what an exception misses, and tell whether that was possible."""
        ...

    def caused(self, error: BaseException) -> bool:
        """Tell whether an exception comes of what was left out, and is no fault of the target's."""
        ...


class _NoneOmitted:
    def supply(self, error: BaseException) -> bool:
        return False

    def caused(self, error: BaseException) -> bool:
        return False


NONE_OMITTED = _NoneOmitted()


class LiveSubject:
    """Calls implementations where they are. What they raise becomes a Refusal; nothing keeps them from doing harm.

    ``explain`` gives the message of an exception, with what the adapter knows of its cause. ``generators`` are those
    that the implementations draw from besides the global ones: a seed is for all of them. ``omissions`` is what the
    adapter left out, for which the subject is not blamed.
    """

    caught: type[BaseException] = Exception
    """What counts as an exception of the subject; in a process of its own, whatever it raises."""

    def __init__(
        self,
        name: str,
        implementations: Mapping[str, Implementation],
        account: Account | None = None,
        explain: Callable[[BaseException], str] = str,
        generators: Sequence[Generator] = (),
        omissions: Omissions = NONE_OMITTED,
        reach: Reach = ALL,
    ) -> None:
        self.name = name
        self._reach = reach
        self._errors = np.geterr()
        self._omissions = omissions
        self._generators = generators
        self._account = account or Account()
        self._explain = explain
        self._implementations = implementations
        self._objects: dict[str, Callable[..., Any]] = {}
        self._converted: set[tuple[str, str]] = set()

    @property
    def operations(self) -> frozenset[str]:
        """The operations that there are implementations of."""
        return frozenset(self._implementations)

    @property
    def reach(self) -> Reach:
        """Everything, of what is in this process, but that some operations compute in float32 alone."""
        return self._reach

    def run(self, session: Sequence[Call]) -> Sequence[Outcome]:
        """Make the calls in order; results are read at once and again at the end of the session."""
        made = [self._make(call) for call in session]
        outcomes: list[Outcome] = []
        for outcome in made:
            if isinstance(outcome, Refusal | Breakdown | Lacking):
                outcomes.append(outcome)
            else:
                outcomes.append(self._answer(*outcome))
        return outcomes

    def _answer(
        self, values: tuple[Any, ...], results: tuple[Array, ...], arguments: tuple[Array, ...]
    ) -> Answer | Breakdown:
        try:
            kept = tuple(np.array(to_array(one), copy=True) for one in values)
        except self.caught as unreadable:
            return Breakdown(f"returned what could not be read a second time: {short(str(unreadable))}")
        return Answer(results, kept, arguments)

    def account(self) -> Account:
        """Return what was noted when the subject was made, and which results had to be converted so far."""
        converted = tuple(
            f"{operation}: results are {kind}, converted to NumPy" for operation, kind in sorted(self._converted)
        )
        problems = tuple(map(anonymise, self._account.problems))
        return replace(self._account, taken=self._account.taken + converted, problems=problems)

    def _make(
        self, call: Call
    ) -> Refusal | Breakdown | Lacking | tuple[tuple[Any, ...], tuple[Array, ...], tuple[Array, ...]]:
        arguments = tuple(lay_out(argument, call.layout) for argument in call.arguments)
        try:
            with self._own_errors(), warnings.catch_warnings():
                warnings.simplefilter("ignore")
                value = self._call(call, arguments)
        except UnusableError as unusable:
            return Breakdown(str(unusable))
        except self.caught as refusal:
            if self._omissions.supply(refusal):
                return self._make(call)
            if self._omissions.caused(refusal):
                return Lacking(short(self._explain(refusal)))
            return Refusal(type(refusal).__name__, short(self._explain(refusal)))
        try:
            values = tuple(value) if call.operation in DRAWN else (value,)
            results = tuple(np.array(to_array(one), copy=True) for one in values)
        except self.caught as unreadable:
            return Breakdown(f"returned what is no array: {short(str(unreadable))}")
        if call.operation in DRAWN and len(results) != 2:
            return Breakdown(f"returned {len(results)} results, but must return 2")
        self._converted |= {(call.operation, kind) for kind in map(foreign_type, values) if kind is not None}
        return values, results, arguments

    def _own_errors(self) -> np.errstate:
        """Return NumPy's error state as it was when the subject was made: exceptions are raised, nothing is printed."""
        return np.errstate(**quiet(self._errors))

    def _call(self, call: Call, arguments: tuple[Array, ...]) -> Any:
        if call.fresh or call.operation not in self._objects:
            self._objects[call.operation] = self._implementations[call.operation]()
        implementation = self._objects[call.operation]
        if call.operation not in DRAWN:
            return implementation(*arguments)
        *counts, seed = map(int, arguments)
        if seed != GO_ON:
            seed_all(self._generators, seed)
        return implementation(*counts)


def quiet(errors: Mapping[str, Any]) -> dict[str, Any]:
    """Return an error state of NumPy without what it would warn of or print."""
    return {kind: "raise" if how == "raise" else "ignore" for kind, how in errors.items()}


def short(message: str) -> str:
    """Return a message, of whatever length it is, as a line or two."""
    message = anonymise(message)
    return message if len(message) <= MOST_CHARACTERS else f"{message[:MOST_CHARACTERS]}..."
