"""Ties every property to its clause and to the domains on which it runs."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, TypeAlias

from nnfs_spec.domains import Case, Domain
from nnfs_spec.properties.finding import Finding
from nnfs_spec.subject.protocol import Probe

Judge: TypeAlias = Callable[[Probe, Case], Finding]

Scope: TypeAlias = Literal["one operation", "every operation", "network"]
"""What a clause speaks of."""

Role: TypeAlias = Literal["same bits", "arguments unchanged", "any layout"]
"""What sets a clause apart in the search for causes.

A failure that does not show again breaks "same bits". What writes to its arguments breaks "arguments unchanged", and
"any layout", too, where they are read-only.
"""


@dataclass(frozen=True)
class Property:
    """The executable form of a clause: ``judge`` on every case of ``domains``.

    ``at_every_size`` is the domain of which every planned size is tried, for the clauses that state a value;
    ``completely`` are domains that are tried as a whole or not at all. ``about_dtypes`` tells that it is tried in
    every dtype, also where all else is judged in float32 alone. Of the clauses of a chapter, those with a ``root``
    are the first to be looked for as the cause of a failure, from 0 on.
    """

    clause: str
    domains: tuple[Domain, ...]
    judge: Judge
    at_every_size: Domain | None = None
    completely: tuple[Domain, ...] = ()
    about_dtypes: bool = False
    scope: Scope = "one operation"
    root: int | None = None
    role: Role | None = None


PROPERTIES: dict[str, Property] = {}


def states(
    clause: str,
    *domains: Domain,
    at_every_size: bool = False,
    completely: tuple[Domain, ...] = (),
    about_dtypes: bool = False,
    scope: Scope = "one operation",
    root: int | None = None,
    role: Role | None = None,
) -> Callable[[Judge], Judge]:
    """Register the decorated function as the property of ``clause`` on ``domains``, the first one at every size."""

    def register(judge: Judge) -> Judge:
        if clause in PROPERTIES:
            raise ValueError(f"{clause} has two properties: {PROPERTIES[clause].judge.__name__}, {judge.__name__}")
        sized = domains[0] if at_every_size else None
        PROPERTIES[clause] = Property(clause, domains, judge, sized, completely, about_dtypes, scope, root, role)
        return judge

    return register
