"""Ties every property to its clause and to the domains on which it runs."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from nnfs_spec.domains import Case, Domain
from nnfs_spec.properties.finding import Finding
from nnfs_spec.subject.protocol import Probe

Judge: TypeAlias = Callable[[Probe, Case], Finding]


@dataclass(frozen=True)
class Property:
    """The executable form of a clause: ``judge`` on every case of ``domains``.

    ``at_every_size`` is the domain of which every planned size is tried, for the clauses that state a value;
    ``completely`` are domains that are tried as a whole or not at all. ``about_dtypes`` tells that it is tried in
    every dtype, also where all else is judged in float32 alone.
    """

    clause: str
    domains: tuple[Domain, ...]
    judge: Judge
    at_every_size: Domain | None = None
    completely: tuple[Domain, ...] = ()
    about_dtypes: bool = False


PROPERTIES: dict[str, Property] = {}


def states(
    clause: str,
    *domains: Domain,
    at_every_size: bool = False,
    completely: tuple[Domain, ...] = (),
    about_dtypes: bool = False,
) -> Callable[[Judge], Judge]:
    """Register the decorated function as the property of ``clause`` on ``domains``, the first one at every size."""

    def register(judge: Judge) -> Judge:
        if clause in PROPERTIES:
            raise ValueError(f"{clause} has two properties: {PROPERTIES[clause].judge.__name__}, {judge.__name__}")
        PROPERTIES[clause] = Property(
            clause, domains, judge, domains[0] if at_every_size else None, completely, about_dtypes
        )
        return judge

    return register
