"""Ties every property to its clause and to the domains on which it runs."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from nnfs_spec.domains import Case, Domain
from nnfs_spec.properties.finding import Finding
from nnfs_spec.subject import Probe

Judge: TypeAlias = Callable[[Probe, Case], Finding]


@dataclass(frozen=True)
class Property:
    """The executable form of a clause: ``judge`` on every case of ``domains``."""

    clause: str
    domains: tuple[Domain, ...]
    judge: Judge


PROPERTIES: dict[str, Property] = {}


def states(clause: str, *domains: Domain) -> Callable[[Judge], Judge]:
    """Register the decorated function as the property of ``clause`` on ``domains``."""

    def register(judge: Judge) -> Judge:
        if clause in PROPERTIES:
            raise ValueError(f"{clause} has two properties: {PROPERTIES[clause].judge.__name__}, {judge.__name__}")
        PROPERTIES[clause] = Property(clause, domains, judge)
        return judge

    return register
