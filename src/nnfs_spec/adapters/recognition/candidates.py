"""Finds what has a name that means an operation: functions, classes, what is nested in classes, objects in hand."""

import inspect
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from nnfs_spec.adapters.recognition.names import Family, Meaning, meaning_of
from nnfs_spec.adapters.recognition.objects import as_called, made_without_arguments
from nnfs_spec.subject.operations import OPERATIONS, Operation

GIVES: Mapping[Family, tuple[Operation, ...]] = {
    **{operation: (operation, *definition.gives) for operation, definition in OPERATIONS.items()},
    "cross_entropy": ("sample_losses", "loss"),
    "fused": ("softmax",),
}
"""The operations that can be found in what bears a name; the first that its name promises, where it is exact."""


@dataclass(frozen=True)
class Candidate:
    """Something whose name means an operation; ``only`` is the one that the user asked to take it for."""

    name: str
    value: Any
    meaning: Meaning
    only: Operation | None = None

    @property
    def gives(self) -> tuple[Operation, ...]:
        """The operations to be looked for in it."""
        both = GIVES[self.meaning.family]
        return both if self.only is None else tuple(one for one in both if one == self.only or one == "layer")

    @property
    def order(self) -> tuple[bool, bool, int, bool]:
        """The surest names first; where names are equally sure, functions before classes, fused classes last."""
        fused = self.meaning.family == "fused"
        return fused, self.meaning.weak, self.meaning.rank, isinstance(self.value, type)


def candidates(names: Mapping[str, Any]) -> list[Candidate]:
    """Return what has a name that means an operation, the surest first; base classes of others are less sure."""
    found: list[Candidate] = []
    bases = {base for value in names.values() if isinstance(value, type) for base in value.__mro__[1:]}
    for name, value in names.items():
        meaning = meaning_of(name) if callable(value) or hasattr(value, "forward") else None
        if meaning is not None:
            found.append(
                Candidate(
                    name, value, replace(meaning, weak=meaning.weak or (isinstance(value, type) and value in bases))
                )
            )
        elif isinstance(value, type):
            found += _inside(name, value)
    return sorted(found, key=lambda candidate: candidate.order)


def _inside(title: str, kind: type[Any]) -> Iterator[Candidate]:
    """Return the classes and methods in a class that means nothing itself, which may be a mere name for them.

    Methods are taken only where they work, since the class may as well be a whole network.
    """
    for name, value in vars(kind).items():
        meaning = meaning_of(name)
        if meaning is None:
            continue
        if isinstance(value, type | staticmethod):
            yield Candidate(f"{title}.{name}", getattr(kind, name), meaning)
        elif inspect.isfunction(value):
            yield Candidate(f"{title}.{name}", Method(kind, name), replace(meaning, weak=True))


class Method:
    """A method as a function: every call is made on a new object."""

    def __init__(self, kind: type[Any], name: str) -> None:
        self._kind = kind
        self._name = name
        self.__signature__ = inspect.signature(as_called(kind, name))

    def __call__(self, *arguments: Any, **keywords: Any) -> Any:
        """Call the method. Raises UnfitError where objects are not made without arguments."""
        method: Callable[..., Any] = getattr(made_without_arguments(self._kind)(), self._name)
        return method(*arguments, **keywords)
