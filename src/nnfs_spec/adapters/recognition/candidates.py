"""Finds what has a name that means an operation: functions, classes, what is nested in classes, objects in hand."""

import inspect
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from nnfs_spec.adapters.recognition.names import Family, Meaning, meaning_of
from nnfs_spec.adapters.recognition.objects import made_without_arguments
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
    def order(self) -> tuple[bool, bool, bool, int, bool]:
        """The surest names first, a module's own before nested ones, functions before classes, fused classes last."""
        fused, nested = self.meaning.family == "fused", "." in self.name
        return fused, self.meaning.weak, nested, self.meaning.rank, isinstance(self.value, type)


@dataclass(frozen=True)
class Method:
    """A method that stands for an operation by itself: each of its objects is made for it."""

    kind: type[Any]
    name: str

    def __call__(self, *arguments: Any) -> Any:
        """Call the method of a new object."""
        return getattr(made_without_arguments(self.kind)(), self.name)(*arguments)


def candidates(names: Mapping[str, Any]) -> list[Candidate]:
    """Return what has a name that means an operation, the surest first; base classes of others are less sure."""
    found: list[Candidate] = []
    bases = {base for value in names.values() if isinstance(value, type) for base in value.__mro__[1:]}
    for name, value in names.items():
        meaning = meaning_of(name) if callable(value) or hasattr(value, "forward") else None
        if meaning is not None:
            weak = meaning.weak or (isinstance(value, type) and value in bases)
            found.append(Candidate(name, value, replace(meaning, weak=weak)))
        if isinstance(value, type):
            found += _inside(name, value, GIVES[meaning.family] if meaning else ())
    return sorted(_each_once(found), key=lambda candidate: candidate.order)


def _each_once(found: Sequence[Candidate]) -> list[Candidate]:
    """Return the candidates without those that are another one under a second name."""
    known: dict[tuple[int, tuple[str, ...]], Candidate] = {}
    for candidate in sorted(found, key=lambda candidate: candidate.order):
        known.setdefault((id(candidate.value), candidate.gives), candidate)
    return list(known.values())


def _inside(title: str, kind: type[Any], own: Sequence[str]) -> Iterator[Candidate]:
    """Return the classes and methods in a class that mean something else than the class, of which ``own`` is told.

    Methods are taken only where they work, since the class may as well be a whole network.
    """
    for name, value in vars(kind).items():
        meaning = meaning_of(name)
        if meaning is None or set(GIVES[meaning.family]) & set(own):
            continue
        if isinstance(value, type | staticmethod | classmethod):
            yield Candidate(f"{title}.{name}", getattr(kind, name), meaning)
        elif inspect.isfunction(value):
            yield Candidate(f"{title}.{name}", Method(kind, name), replace(meaning, weak=True))


def inside(value: Any, names: Sequence[str]) -> Any:
    """Return what attributes of ``value`` name, one in the other: a method as one. Raises AttributeError."""
    for name in names[:-1]:
        value = getattr(value, name)
    found = getattr(value, names[-1])
    is_method = isinstance(value, type) and inspect.isfunction(inspect.getattr_static(value, names[-1]))
    return Method(value, names[-1]) if is_method else found
