"""A subject over callables in this process."""

import warnings
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from functools import partial
from itertools import groupby
from typing import Any, Protocol, TypeAlias

import numpy as np

from nnfs_spec.adapters.code_lines import CodeFollower
from nnfs_spec.adapters.convert import foreign_type, to_array
from nnfs_spec.adapters.random_state import Generator, seed_all
from nnfs_spec.arrays import Array
from nnfs_spec.subject.layouts import in_plain_order, lay_out, share_memory
from nnfs_spec.subject.operations import DRAWN, OPERATIONS
from nnfs_spec.subject.protocol import (
    ALL,
    GO_ON,
    OVERWRITTEN,
    Account,
    Answer,
    Breakdown,
    Call,
    CodeLines,
    Lacking,
    Outcome,
    Reach,
    Refusal,
)
from nnfs_spec.subject.surroundings import Surroundings, at_once
from nnfs_spec.support.files import anonymise

Implementation: TypeAlias = Callable[[], Callable[..., Any]]
"""Makes a new object to call an operation on; for a plain function, returns that function."""

Made: TypeAlias = tuple[tuple[Any, ...], tuple[Array, ...], tuple[Array, ...], tuple[str, ...]]
"""What a call returned, the same read as arrays, its arguments as they lie in memory, and what it disturbed."""

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
        made: list[Refusal | Breakdown | Lacking | Made] = []
        before: tuple[Array, ...] = ()
        for together, calls in groupby(session, key=_is_together):
            if together:
                made += at_once([partial(self._make, call, laid_out(call)) for call in calls])
                continue
            for call in calls:
                before = _refilled(before, call) if call.refilled else laid_out(call)
                made.append(self._make(call, before))
        pairs = zip(session, made, strict=True)
        return [
            one if isinstance(one, Refusal | Breakdown | Lacking) else self._answer(call, one) for call, one in pairs
        ]

    def _answer(self, call: Call, made: Made) -> Answer | Breakdown:
        values, results, arguments, disturbed = made
        try:
            again = [to_array(one) for one in values]
            kept = tuple(np.array(one, copy=True) for one in again)
        except self.caught as unreadable:
            return Breakdown(f"returned what could not be read a second time: {short(str(unreadable))}")
        shared = call.watched and share_memory(again, arguments)
        return Answer(results, kept, tuple(map(in_plain_order, arguments)), shared, disturbed)

    def account(self) -> Account:
        """Return what was noted when the subject was made, and which results had to be converted so far."""
        converted = tuple(
            f"{operation}: results are {kind}, converted to NumPy" for operation, kind in sorted(self._converted)
        )
        problems = tuple(map(anonymise, self._account.problems))
        return replace(self._account, taken=self._account.taken + converted, problems=problems)

    def code_lines(self, call: Call) -> CodeLines:
        """Make a call again and return the lines of the subject's own code that it ran, whatever came of it."""
        follower = CodeFollower()
        with suppress(self.caught), self._own_errors(call.watched), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with follower.following():
                self._call(call, laid_out(call))
        return follower.lines(first=OPERATIONS[call.operation].kind == "streamed")

    def _make(self, call: Call, arguments: tuple[Array, ...]) -> Refusal | Breakdown | Lacking | Made:
        try:
            with self._own_errors(call.watched), warnings.catch_warnings():
                warnings.simplefilter("ignore")
                value, disturbed = self._call(call, arguments)
        except UnusableError as unusable:
            return Breakdown(str(unusable))
        except self.caught as refusal:
            if self._omissions.supply(refusal):
                return self._make(call, laid_out(call))
            if self._omissions.caused(refusal):
                return Lacking(short(self._explain(refusal)))
            message = short(self._explain(refusal) + self._asked_for(refusal))
            return Refusal(type(refusal).__name__, message, call.watched and _changed(call.arguments, arguments))
        try:
            values = tuple(value) if call.operation in DRAWN else (value,)
            given = [to_array(one) for one in values]
            results = tuple(np.array(one, copy=True) for one in given)
        except self.caught as unreadable:
            return Breakdown(f"returned what is no array: {short(str(unreadable))}")
        if call.operation in DRAWN and len(results) != 2:
            return Breakdown(f"returned {len(results)} results, but must return 2")
        self._converted |= {(call.operation, kind) for kind in map(foreign_type, values) if kind is not None}
        if call.overwritten:
            for one in given:
                if one.flags.writeable:
                    one[...] = OVERWRITTEN
        return values, results, arguments, disturbed

    def _own_errors(self, watched: bool) -> np.errstate:
        """Return NumPy's error state as it was when the subject was made: exceptions are raised, nothing is printed.

        Of a watched call it is to show whether it switches warnings off: they are on, though nobody hears them.
        """
        return np.errstate(**quiet(self._errors, "warn" if watched else "ignore"))

    def _asked_for(self, refusal: BaseException) -> str:
        """Return that NumPy raises since the target told it to, where it does."""
        kinds = [kind for kind, how in self._errors.items() if how == "raise"]
        asked = isinstance(refusal, FloatingPointError) and kinds
        return f" (the target itself tells np.seterr to raise for {', '.join(kinds)})" if asked else ""

    def _call(self, call: Call, arguments: tuple[Array, ...]) -> tuple[Any, tuple[str, ...]]:
        """Return what a call gives, and the global state that it has changed if it is watched."""
        implementation = self._objects.get(call.operation)
        if call.fresh or implementation is None:
            implementation = self._objects[call.operation] = self._implementations[call.operation]()
        if call.operation not in DRAWN:
            surroundings = Surroundings() if call.watched else None
            value = implementation(*arguments)
            return value, () if surroundings is None else surroundings.undo()
        *counts, seed = map(int, arguments)
        if seed != GO_ON:
            seed_all(self._generators, seed)
        return implementation(*counts), ()


def _changed(before: Sequence[Array], arguments: Sequence[Array]) -> bool:
    """Tell whether any bit of the arguments is another than before the call."""
    after = map(in_plain_order, arguments)
    return any(one.tobytes() != other.tobytes() for one, other in zip(before, after, strict=True))


def _is_together(call: Call) -> bool:
    return call.together


def quiet(errors: Mapping[str, Any], otherwise: str = "ignore") -> dict[str, Any]:
    """Return an error state of NumPy with ``otherwise`` in place of what it would warn of or print."""
    return {kind: "raise" if how == "raise" else otherwise for kind, how in errors.items()}


def laid_out(call: Call) -> tuple[Array, ...]:
    """Return copies of the arguments of a call that lie in memory as it says."""
    return tuple(lay_out(argument, call.layout) for argument in call.arguments)


def _refilled(before: tuple[Array, ...], call: Call) -> tuple[Array, ...]:
    """Return the arrays of the call before, with the arguments of ``call`` written into those that they fit."""
    new = laid_out(call)
    if len(before) != len(new):
        return new
    return tuple(_written(old, one) if _fits(old, one) else one for old, one in zip(before, new, strict=True))


def _fits(old: Array, new: Array) -> bool:
    return old.shape == new.shape and old.dtype == new.dtype and old.flags.writeable


def _written(old: Array, new: Array) -> Array:
    old[...] = new
    return old


def short(message: str) -> str:
    """Return a message, of whatever length it is, as a line or two."""
    message = anonymise(message)
    return message if len(message) <= MOST_CHARACTERS else f"{message[:MOST_CHARACTERS]}..."
