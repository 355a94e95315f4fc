"""Collects the disguises."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from nnfs_spec.mutants import MUTANTS

Code = TypeVar("Code", bound=Callable[..., Any])


@dataclass(frozen=True)
class Disguise:
    """Somebody's ``code`` of an operation, and the mutants that make ``mistakes`` which it makes; none for others.

    ``lapses`` are mutants whose mistake it makes besides, as who writes no checks does.
    """

    operation: str
    code: Callable[..., Any]
    mistakes: tuple[str, ...]
    lapses: tuple[str, ...]

    def make(self) -> Callable[..., Any]:
        """Return a new object to call: a new instance of a class, or the function itself."""
        made: Callable[..., Any] = self.code() if isinstance(self.code, type) else self.code
        return made


DISGUISES: list[Disguise] = []
PAIRS: list[Disguise] = []
OTHERS: list[Disguise] = []
AFTERWARDS: list[Disguise] = []


def disguises(mutant: str, *lapses: str) -> Callable[[Code], Code]:
    """Register the decorated function or class as a disguise of ``mutant``."""
    return _register(DISGUISES, MUTANTS[mutant].operation, (mutant,), lapses)


def pair(first: str, second: str, *lapses: str) -> Callable[[Code], Code]:
    """Register a function that makes the mistakes of two mutants of one operation."""
    return _register(PAIRS, MUTANTS[first].operation, (first, second), lapses)


def other(operation: str, *lapses: str) -> Callable[[Code], Code]:
    """Register a function whose mistake is none of a mutant."""
    return _register(OTHERS, operation, (), lapses)


def later(operation: str, mutant: str | None, *lapses: str) -> Callable[[Code], Code]:
    """Register a function that was written afterwards, as a disguise of ``mutant`` or of none."""
    return _register(AFTERWARDS, operation, () if mutant is None else (mutant,), lapses)


def _register(
    among: list[Disguise], operation: str, mistakes: tuple[str, ...], lapses: tuple[str, ...]
) -> Callable[[Code], Code]:
    def register(code: Code) -> Code:
        among.append(Disguise(operation, code, mistakes, lapses))
        return code

    return register
