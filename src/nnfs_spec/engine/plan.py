"""What is tried, and in which order: a little of everything first, so that a run may be ended at any time."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeAlias

import numpy as np

from nnfs_spec.domains import NETWORK, NETWORK_NEW, Case, Domain
from nnfs_spec.engine.budget import Budget
from nnfs_spec.engine.clause_state import ClauseState
from nnfs_spec.generate.sweep import batches, large_batch, sized_batch, sized_turns, wide_batch, wide_sizes
from nnfs_spec.subject.operations import BATCH_OPERATIONS
from nnfs_spec.subject.protocol import ALL, Reach

TOGETHER = 16
"""Sizes that one step tries, so that the subject can be asked about all of them at once."""


@dataclass(frozen=True)
class Unit:
    """One domain in one dtype, with the clauses that speak of it, and those of them that are tried at every size."""

    domain: Domain
    dtype: np.dtype[Any]
    concerned: Sequence[ClauseState]
    sized: Sequence[ClauseState]


Visit: TypeAlias = Callable[[Case], None]


@dataclass(frozen=True)
class Step:
    """A part of the plan: ``show`` makes its cases and hands each to its visitor, for the clauses ``concerned``.

    Where ``apart``, a second process may take the step as well as this one, and its cases are small and many. Where
    ``known``, its cases do not depend on what became of others, so that they can be judged together.
    """

    concerned: Sequence[ClauseState]
    show: Callable[[Visit], None]
    apart: bool = False
    known: bool = False


def units_of(operations: frozenset[str], states: Sequence[ClauseState], reach: Reach = ALL) -> list[Unit]:
    """Return every domain that a subject of these operations can be asked about, in each dtype that it takes."""
    concerned: dict[Domain, list[ClauseState]] = {}
    for state in states:
        for domain in state.tested.domains:
            if domain.operation in operations and state.clause.id not in reach.unseen:
                concerned.setdefault(domain, []).append(state)
    return [
        Unit(domain, dtype, those, [state for state in those if state.tested.at_every_size == domain])
        for domain, all_of_them in concerned.items()
        for dtype in domain.dtypes
        if (those := _judged(all_of_them, domain, dtype.name, reach))
    ]


def _judged(states: Sequence[ClauseState], domain: Domain, dtype: str, reach: Reach) -> list[ClauseState]:
    """Return the clauses that are tried in a dtype: all where that is the only one, else those that can be judged."""
    if len(domain.dtypes) == 1:
        return list(states)
    composed = BATCH_OPERATIONS if domain in (NETWORK, NETWORK_NEW) else (domain.operation,)
    return [
        state
        for state in states
        if reach.judges(composed, dtype) or (dtype in reach.dtypes and state.tested.about_dtypes)
    ]


def steps(units: Sequence[Unit], budget: Budget, seed: int) -> list[Step]:
    """Return the plan: the families of values, the sizes, the large batches, then the search among small cases."""
    with_sizes = [unit for unit in units if unit.sized]
    plan = _in_turns(units, [batches(unit.domain, unit.dtype, seed, budget.batches) for unit in units], budget.batches)
    at_sizes = [
        Unit(unit.domain, unit.dtype, unit.concerned if budget.every_clause else unit.sized, ()) for unit in with_sizes
    ]
    turns = sized_turns(seed, budget.stride)
    for first in range(0, len(turns), TOGETHER):
        some = turns[first : first + TOGETHER]
        plan += [
            Step(unit.concerned, partial(_show_sized, unit, seed, some), apart=True, known=True) for unit in at_sizes
        ]
    for unit in at_sizes:
        wide = range(seed % budget.wide, len(wide_sizes(unit.domain)), budget.wide) if budget.wide else range(0)
        for first in range(0, len(wide), TOGETHER):
            some = wide[first : first + TOGETHER]
            plan.append(Step(unit.concerned, partial(_show_wide, unit, seed, some), apart=True, known=True))
    for turn in range(budget.large):
        plan += [Step(_of_the_operation(unit), partial(_show_large, unit, seed, turn)) for unit in with_sizes]
    if budget.examples:
        plan += [Step(unit.concerned, partial(_search, unit, budget.examples, seed)) for unit in units]
    return plan


def _of_the_operation(unit: Unit) -> list[ClauseState]:
    """Return the clauses of a unit's own operation: those of all operations call so often that large batches cost."""
    return [state for state in unit.concerned if state.tested.scope != "every operation"]


def _in_turns(units: Sequence[Unit], streams: Sequence[Iterator[Case]], turns: int) -> list[Step]:
    """Return steps that take one case of every unit after the other, ``turns`` times."""
    once = [
        Step(unit.concerned, partial(_show_next, stream), known=True)
        for unit, stream in zip(units, streams, strict=True)
    ]
    return once * turns


def _show_next(stream: Iterator[Case], visit: Visit) -> None:
    visit(next(stream))


def _show_sized(unit: Unit, seed: int, turns: range, visit: Visit) -> None:
    for turn in turns:
        visit(sized_batch(unit.domain, unit.dtype, seed, turn))


def _show_wide(unit: Unit, seed: int, turns: range, visit: Visit) -> None:
    for turn in turns:
        visit(wide_batch(unit.domain, unit.dtype, seed, turn))


def _show_large(unit: Unit, seed: int, turn: int, visit: Visit) -> None:
    visit(large_batch(unit.domain, unit.dtype, seed, turn))


def _search(unit: Unit, examples: int, seed: int, visit: Visit) -> None:
    from nnfs_spec.generate.search import explore  # takes half a second to import, and small budgets do without

    explore(unit.domain, unit.dtype, visit, examples, seed)
