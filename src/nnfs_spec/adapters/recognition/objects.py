"""Objects with a method to call: which method, how it is called, and where its result lies."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from types import MethodType
from typing import Any

import numpy as np

from nnfs_spec.adapters.convert import to_array
from nnfs_spec.adapters.live import UnusableError
from nnfs_spec.adapters.recognition.names import distance, normalised, slips, words_of
from nnfs_spec.adapters.recognition.signatures import Plan, UnfitError, plans
from nnfs_spec.adapters.recognition.trials import Example, Raised, Trier, Way, copies
from nnfs_spec.arrays import Array
from nnfs_spec.subject.roles import Role

FORWARD = ("forward", "call", "activate", "apply", "compute", "predict", "forwardpass", "feedforward", "propagate")
OUTPUTS = ("output", "outputs")
BEFORE_ACTIVATION = ("z", "linear", "preactivation", "weightedsum", "netinput", "net")
"""The attributes in which a layer that activates keeps its weighted sum."""

New = Callable[[], Any]

_OTHER_MATTERS = (
    *("backward", "back", "grad", "deriv", "update", "optimi", "train", "fit", "get", "set", "save", "load", "plot"),
    *("show", "print", "reset", "init", "clear", "new", "regular", "remember", "summary", "zero", "prime", "d_"),
)
"""Beginnings of names of methods that are not the forward pass."""


@dataclass(frozen=True)
class Place:
    """Where the result of a method lies, and how that is told."""

    told: str
    read: Callable[[Any, Any], Any]


_ABSENT = object()


def _returned_or_stored(made: Any, returned: Any) -> Any:
    if returned is not None:
        return returned
    return getattr(made, next((name for name in OUTPUTS if hasattr(made, name)), OUTPUTS[0]))


RETURNED = Place("returns its output", lambda made, returned: returned)
AS_RETURNED = Place("", lambda made, returned: returned)
USUAL = Place("", _returned_or_stored)
"""Where the course's classes leave it: assumed where no trial call came to its end."""


def attribute(name: str) -> Place:
    """Return the place of a result that is stored under ``name``."""
    return Place(f"its output is `.{name}`", lambda made, returned: getattr(made, name))


def attributes_of(made: Any) -> dict[str, Any]:
    """Return the attributes that an object itself has."""
    held: dict[str, Any] = dict(getattr(made, "__dict__", {}))
    slots = [slot for kind in type(made).__mro__ for slot in getattr(kind, "__slots__", ())]
    return held | {slot: getattr(made, slot) for slot in slots if hasattr(made, slot)}


def public_methods(kind: type[Any]) -> list[str]:
    """Return the names of the methods of a class, its own before inherited ones, in the order of definition."""
    names = [name for base in kind.__mro__[:-1] for name, value in vars(base).items() if _is_method(value)]
    return [name for name in dict.fromkeys(names) if not name.startswith("_")]


def _is_method(value: Any) -> bool:
    return callable(getattr(value, "__func__", value))


def forward_methods(kind: type[Any], wanted: Sequence[str] = FORWARD) -> list[str]:
    """Return the methods that can be the forward pass, the likeliest first.

    These are those under a usual name, correct or misspelt, then ``__call__``, then the only other public one. Raises
    UnfitError where there is none.
    """
    public = public_methods(kind)
    named = [name for usual in wanted for name in public if normalised(name) == usual]
    forward = [name for name in public if FORWARD[0] in words_of(name) and name not in named]
    named += [name for name in forward if not normalised(name).startswith(_OTHER_MATTERS)]
    named += [name for name in public if name not in named and any(_nearly(name, usual) for usual in wanted)]
    if any("__call__" in vars(base) for base in kind.__mro__[:-1]):
        named.append("__call__")
    others = [name for name in public if not normalised(name).startswith(_OTHER_MATTERS) and name not in named]
    if not named and len(others) > 1:
        raise UnfitError(f"has several methods, {_listed(others)}, none with a usual name such as `forward`")
    found = named or others
    if not found:
        raise UnfitError("has no method to call")
    return found


def _nearly(name: str, usual: str) -> bool:
    return distance(normalised(name), usual) <= slips(usual)


def _listed(names: Sequence[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def method_way(
    new: Callable[[], Any],
    title: str,
    method: str,
    plan: Plan,
    examples: Sequence[Example],
    trier: Trier,
    roles: Sequence[str],
    stored: bool = False,
) -> Way:
    """Return the way that calls ``method`` of a new object by ``plan``; where its result lies is seen from a call.

    ``stored`` asks for an attribute whatever the method returns. Raises UnfitError where no place can be told.
    """
    place = place_of(new, method, plan, examples, trier, stored)

    def make() -> Callable[..., Any]:
        made = new()
        return lambda *arguments: place.read(made, plan.call(getattr(made, method), arguments))

    told = (f"`{title}.{method}`", plan.told(roles), place.told)
    return Way(tuple(filter(None, told)), make, plan.sure)


def place_of(
    new: Callable[[], Any], method: str, plan: Plan, examples: Sequence[Example], trier: Trier, stored: bool
) -> Place:
    """Return where the result of a method lies, as the first trial call shows that comes to its end."""
    for example in examples:
        arguments = copies(example)
        made = trier.run(new)
        before = attributes_of(made)
        returned = made if isinstance(made, Raised) else trier.run(partial(_call, made, method, plan, arguments))
        if not isinstance(returned, Raised):
            return seen_place(made, before, None if stored else returned, arguments, example.shape, trier)
    return USUAL


def _call(made: Any, method: str, plan: Plan, arguments: Sequence[Array]) -> Any:
    return plan.call(getattr(made, method), arguments)


def seen_place(
    made: Any,
    before: Mapping[str, Any],
    returned: Any,
    arguments: Sequence[Array],
    shape: tuple[int, ...],
    trier: Trier,
) -> Place:
    """Return where a result lies after a call: returned, or stored under a usual name or by the call alone.

    Attributes that merely hold an argument do not count. Raises UnfitError where nothing is stored, or several arrays
    of the right shape.
    """
    if returned is not None and returned is not made:
        return _agreeing(made, before, returned, arguments, trier)
    for name in OUTPUTS:
        if trier.run(partial(hasattr, made, name)) is True:
            return attribute(name)
    arrays: dict[str, Array] = {}
    for name, value in attributes_of(made).items():
        array = trier.run(partial(to_array, value))
        if before.get(name, _ABSENT) is value or isinstance(array, Raised):
            continue
        if not any(np.array_equal(array, argument) for argument in arguments):
            arrays[name] = array
    fitting = [name for name, array in arrays.items() if array.shape == shape] or list(arrays)
    known = [name for name in fitting if normalised(name) in BEFORE_ACTIVATION]
    if len(fitting) == 1 or len(known) == 1:
        return attribute((known if len(known) == 1 else fitting).pop())
    if fitting:
        raise UnfitError(f"returns nothing and stores several arrays, {_listed(fitting)}")
    raise UnfitError("returns nothing and stores no array but its arguments")


def _agreeing(made: Any, before: Mapping[str, Any], returned: Any, arguments: Sequence[Array], trier: Trier) -> Place:
    """Return that the result is returned; where the call leaves one under a usual name too, both must be the same."""
    result = trier.run(partial(to_array, returned))
    for name in OUTPUTS:
        stored = attributes_of(made).get(name, _ABSENT)
        kept = trier.run(partial(to_array, stored))
        if isinstance(kept, Raised) or isinstance(result, Raised) or before.get(name, _ABSENT) is stored:
            continue
        if kept.shape == result.shape and not any(np.array_equal(kept, argument) for argument in arguments):
            return replace(RETURNED, read=partial(_returned_if_stored, name))
    return RETURNED


def _returned_if_stored(name: str, made: Any, returned: Any) -> Any:
    """Return a result. Raises UnusableError where the object keeps another one."""
    result, kept = to_array(returned), to_array(getattr(made, name))
    if not np.array_equal(result, kept.astype(result.dtype), equal_nan=True):
        raise UnusableError(f"returned one result and left another in `.{name}`")
    return returned


def made_without_arguments(kind: type[Any]) -> New:
    """Return what makes an object of a class. Raises UnfitError where that takes arguments."""
    (plan,) = plans(kind, ())
    return lambda: plan.call(kind, ())


@dataclass(frozen=True)
class Making:
    """How objects of a class are made; ``unmade`` says why its constructor is not called, where it is not."""

    new: New
    unmade: str = ""

    @property
    def told(self) -> tuple[str, ...]:
        """What is unusual, in words."""
        return (f"made without its constructor, which {self.unmade}",) if self.unmade else ()


def making_of(kind: type[Any]) -> Making:
    """Return how objects of a class are made: as they are, or by no constructor where that takes arguments."""
    try:
        return Making(made_without_arguments(kind))
    except UnfitError as unfit:
        return Making(lambda: object.__new__(kind), str(unfit))


def method_ways(
    making: Making,
    kind: type[Any],
    title: str,
    roles: Mapping[str, Role],
    examples: Sequence[Example],
    trier: Trier,
    methods: Sequence[str] = (),
) -> list[Way]:
    """Return the ways to call the likeliest method, or the first of ``methods``, that takes an operation's arguments.

    Raises UnfitError where there is none.
    """
    refused: UnfitError | None = None
    for method in methods or forward_methods(kind):
        try:
            possible = plans(as_called(kind, method), list(roles.values()))
            ways = [method_way(making.new, title, method, plan, examples, trier, list(roles)) for plan in possible]
        except UnfitError as reason:
            refused = refused or UnfitError(f"has `{method}`, which {reason}")
        else:
            return [replace(way, told=(way.told[0], *making.told, *way.told[1:])) for way in ways]
    assert refused is not None
    raise refused


def as_called(kind: type[Any], method: str) -> Callable[..., Any]:
    """Return a method as it would be called on an object, before there is one."""
    raw = next(vars(base)[method] for base in kind.__mro__ if method in vars(base))
    bound: Callable[..., Any] = getattr(kind, method)
    return bound if isinstance(raw, staticmethod | classmethod) else MethodType(raw, kind)
