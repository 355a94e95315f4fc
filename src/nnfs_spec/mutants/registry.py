"""Named wrong implementations: what was misunderstood, how to mend it, and which clauses must notice."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from nnfs_spec.subject.operations import Operation

Wrong = TypeVar("Wrong", bound=Callable[..., Any])


@dataclass(frozen=True)
class Mutant:
    """One wrong implementation of one operation; the other operations are the reference's.

    ``code`` is a function, or a class whose objects are called like one and keep state between calls.
    """

    name: str
    operation: Operation
    misconception: str
    remedy: str
    killed_by: tuple[str, ...]
    code: Callable[..., Any]

    def make(self) -> Callable[..., Any]:
        """Return a new object to call: a new instance of a class, or the function itself."""
        made: Callable[..., Any] = self.code() if isinstance(self.code, type) else self.code
        return made


MUTANTS: dict[str, Mutant] = {}


def mutant(operation: Operation, *killed_by: str, misconception: str, remedy: str) -> Callable[[Wrong], Wrong]:
    """Register the decorated function or class as a mutant of ``operation``, named as it is, with hyphens."""

    def register(code: Wrong) -> Wrong:
        name = code.__name__.replace("_", "-")
        if name in MUTANTS:
            raise ValueError(f"two mutants are named {name}")
        MUTANTS[name] = Mutant(name, operation, misconception, remedy, killed_by, code)
        return code

    return register
