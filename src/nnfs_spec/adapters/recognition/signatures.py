"""How a callable is given its arguments: by the names that it declares for them, else in the usual order."""

import inspect
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import permutations, product
from typing import Any

from nnfs_spec.adapters.recognition.names import normalised
from nnfs_spec.subject.roles import TRUE, Role

TRAINING = frozenset({"training", "istraining", "train", "trainmode", "istrain", "trainingmode"})

_MANY = (inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD)


@dataclass(frozen=True)
class Plan:
    """``order`` says which argument of the operation each place gets; ``extra`` is given besides, by name.

    ``named`` tells that every argument was known by its name, and ``guessed`` that ``extra`` holds mere guesses.
    """

    order: tuple[int, ...]
    names: tuple[str, ...] = ()
    extra: Mapping[str, Any] = field(default_factory=dict[str, Any])
    named: bool = False
    guessed: bool = False

    @property
    def sure(self) -> bool:
        """Whether nothing is guessed: every argument is known by its name, or there is one only."""
        return not self.guessed and (self.named or len(self.order) < 2)

    @property
    def usual(self) -> bool:
        """Whether the arguments go in the specification's order with nothing besides."""
        return self.order == tuple(range(len(self.order))) and not self.names and not self.extra

    def call(self, function: Callable[..., Any], arguments: Sequence[Any]) -> Any:
        """Call ``function`` with the operation's arguments."""
        given = [arguments[i] for i in self.order]
        if self.names:
            return function(**dict(zip(self.names, given, strict=True)), **self.extra)
        return function(*given, **self.extra)

    def told(self, roles: Sequence[str]) -> str:
        """Return in words what is unusual; nothing where nothing is."""
        words: list[str] = []
        if self.order != tuple(range(len(self.order))):
            words.append(f"takes ({', '.join(roles[i] for i in self.order)})")
        words += [f"{name}={value!r}" for name, value in self.extra.items() if not callable(value)]
        words += [f"{name}=identity" for name, value in self.extra.items() if callable(value)]
        return "; ".join(words)


class UnfitError(Exception):
    """A callable cannot be given the arguments of an operation; the message says why."""


class LackingError(UnfitError):
    """A callable lacks something that is no fault of its own, such as a statement that was not run."""


def plans(
    function: Callable[..., Any],
    roles: Sequence[Role],
    fill: Callable[[str], Sequence[Any]] = lambda name: (False,) if normalised(name) in TRAINING else (),
) -> list[Plan]:
    """Return the ways to give ``function`` as many arguments as ``roles``, the likeliest first.

    Where declared names tell which argument is which, there is no other way; else every order that the names
    allow, the specification's first. ``fill`` gives values for a parameter that is required besides, if it can.
    Raises UnfitError where there is none.
    """
    try:
        parameters = list(inspect.signature(function).parameters.values())
    except (ValueError, TypeError):  # written in C: it does not tell
        return [Plan(tuple(range(len(roles))))]
    positional = [one for one in parameters if one.kind in (one.POSITIONAL_ONLY, one.POSITIONAL_OR_KEYWORD)]
    if len(positional) < len(roles):
        by_keyword = [one for one in parameters if one.kind is one.KEYWORD_ONLY]
        positional += [one for one in by_keyword if any(normalised(one.name) in role for role in roles)]
    roled = _by_name(positional, roles)
    places = sorted(roled) if roled and len(roled) == len(roles) else list(range(len(roles)))
    if places and places[-1] >= len(positional):
        if not any(one.kind is one.VAR_POSITIONAL for one in parameters):
            raise UnfitError(f"takes {_counted(len(positional))}, not {len(roles)}")
        return [Plan(tuple(range(len(roles))))]
    taken = [positional[place] for place in places]
    in_place = places == list(range(len(places))) and all(one.kind is not one.KEYWORD_ONLY for one in taken)
    names = () if in_place else tuple(one.name for one in taken)
    besides = [one for one in parameters if one not in taken and one.kind not in _MANY and one.default is one.empty]
    extras = _fillings([one.name for one in besides], fill)
    orders = [
        order
        for order in permutations(range(len(roles)))
        if all(roled.get(place, order[i]) == order[i] for i, place in enumerate(places))
    ]
    guessed = any(normalised(one.name) not in TRAINING for one in besides)
    return [
        Plan(order, names, extra, _all_named(taken, [roles[i] for i in order]), guessed)
        for order in orders
        for extra in extras
    ]


def takes_logits(function: Callable[..., Any]) -> bool:
    """Tell whether a callable names one of its parameters logits."""
    try:
        return any(normalised(name) in ("logits", "logit") for name in inspect.signature(function).parameters)
    except (ValueError, TypeError):
        return False


def _all_named(parameters: Sequence[inspect.Parameter], roles: Sequence[Role]) -> bool:
    return all(
        normalised(one.name) in role or (role is TRUE and one.name.lower() == "y")
        for one, role in zip(parameters, roles, strict=True)
    )


def _by_name(positional: Sequence[inspect.Parameter], roles: Sequence[Role]) -> dict[int, int]:
    """Return, for every parameter whose name tells, the place of its role.

    A name that two parameters share a role by tells nothing. ``y`` is the truth, unless another one is.
    """
    found: dict[int, int] = {}
    for i, role in enumerate(roles):
        those = [place for place, one in enumerate(positional) if normalised(one.name) in role and place not in found]
        if len(those) == 1:
            found |= dict.fromkeys(those, i)
    if TRUE in roles and roles.index(TRUE) not in found.values():
        called_y = [place for place, one in enumerate(positional) if one.name.lower() == "y"]
        found |= dict.fromkeys(called_y, roles.index(TRUE))
    return found


def _fillings(names: Sequence[str], fill: Callable[[str], Sequence[Any]]) -> list[dict[str, Any]]:
    values = [fill(name) for name in names]
    for name, possible in zip(names, values, strict=True):
        if not possible:
            raise UnfitError(f"needs `{name}` besides")
    return [dict(zip(names, chosen, strict=True)) for chosen in product(*values)]


def _counted(number: int) -> str:
    return {0: "no argument", 1: "1 argument"}.get(number, f"{number} arguments")
