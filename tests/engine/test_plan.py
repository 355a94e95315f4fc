"""The plan: which clauses see which cases, in which order, and how much of it there is in each budget."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest

from nnfs_spec.clauses import spec_folder
from nnfs_spec.domains import RELU, SPIRAL, Case
from nnfs_spec.engine.budget import BUDGETS, Budget
from nnfs_spec.engine.clause_state import ClauseState
from nnfs_spec.engine.plan import Step, steps, units_of
from nnfs_spec.generate.sweep import LARGE_N, batches, large_batch, sized_batch, sized_turns, wide_batch
from nnfs_spec.properties import PROPERTIES
from nnfs_spec.subject.protocol import ALL, Reach

CLAUSES = ("RELU-1", "RELU-7", "GEN-2")
RELUS = frozenset({"relu"})
BOTH: tuple[np.dtype[Any], ...] = (np.dtype(np.float32), np.dtype(np.float64))


@dataclass(frozen=True)
class Taken:
    """What a step of the plan of relu shows to which clauses."""

    clauses: tuple[str, ...]
    apart: bool
    cases: tuple[tuple[str, bytes], ...]


def told(cases: list[Case]) -> tuple[tuple[str, bytes], ...]:
    """Return cases of relu so that they can be compared."""
    return tuple((case.dtype.name, case["inputs"].tobytes()) for case in cases)


def taken(step: Step) -> Taken:
    """Take a step."""
    cases: list[Case] = []
    step.show(cases.append)
    return Taken(tuple(state.clause.id for state in step.concerned), step.apart, told(cases))


def plan_of(budget: Budget, seed: int = 7, reach: Reach = ALL) -> list[Step]:
    """Return the plan for relu and a few clauses."""
    return steps(
        [u for u in units_of(RELUS, list(map(ClauseState.of, CLAUSES)), reach) if u.domain is RELU], budget, seed
    )


@pytest.mark.parametrize(
    ("operations", "reach", "expected"),
    [
        (RELUS, ALL, [("relu", "float32", CLAUSES, ("RELU-1",)), ("relu", "float64", CLAUSES, ("RELU-1",))]),
        (RELUS, Reach(frozenset({"float32"})), [("relu", "float32", CLAUSES, ("RELU-1",))]),
        (
            RELUS,
            Reach(frozenset({"float64"}), frozenset({"RELU-7"})),
            [("relu", "float64", ("RELU-1", "GEN-2"), ("RELU-1",))],
        ),
        (frozenset[str](), ALL, []),
        (frozenset({"spiral_data"}), Reach(frozenset({"float32"})), [("spiral_data", "float64", ("DATA-1",), ())]),
    ],
)
def test_a_domain_is_tried_in_each_dtype_that_the_subject_takes(
    operations: frozenset[str], reach: Reach, expected: list[tuple[str, str, tuple[str, ...], tuple[str, ...]]]
) -> None:
    """By the clauses that speak of it and that the adapter can see; one without real numbers is in any case."""
    units = units_of(operations, [ClauseState.of(id) for id in (*CLAUSES, "DATA-1")], reach)
    assert [
        (
            unit.domain.operation,
            unit.dtype.name,
            *(tuple(one.clause.id for one in ones) for ones in (unit.concerned, unit.sized)),
        )
        for unit in units
        if unit.domain in (RELU, SPIRAL)
    ] == expected


def test_the_families_come_first_in_turns() -> None:
    """One batch of each unit, then the next of each; every clause sees them."""
    plan = plan_of(Budget(batches=3, stride=10**6, large=0, examples=0), seed=10**6 - 1)
    planned = zip(*(batches(RELU, dtype, 10**6 - 1, 3) for dtype in BOTH), strict=True)
    assert list(map(taken, plan)) == [Taken(CLAUSES, False, told([case])) for turn in planned for case in turn]


@pytest.mark.parametrize(("every_clause", "clauses"), [(False, ("RELU-1",)), (True, CLAUSES)])
def test_every_size_of_a_stride_comes_once(every_clause: bool, clauses: tuple[str, ...]) -> None:
    """Several in a step that may be taken apart, for those clauses that state a value unless all are asked for."""
    plan = plan_of(Budget(batches=0, stride=9, large=0, examples=0, every_clause=every_clause))
    steps_taken = list(map(taken, plan))
    assert {(step.clauses, step.apart) for step in steps_taken} == {(clauses, True)}
    for i, dtype in enumerate(BOTH):
        sizes = [sized_batch(RELU, dtype, 7, turn) for turn in sized_turns(7, 9)]
        assert tuple(case for step in steps_taken[i::2] for case in step.cases) == told(sizes)


@pytest.mark.parametrize(("every_clause", "clauses"), [(False, ("RELU-1",)), (True, CLAUSES)])
def test_each_large_width_of_a_stride_comes_once(every_clause: bool, clauses: tuple[str, ...]) -> None:
    """For the clauses that state a value unless all are asked for."""
    budget = Budget(batches=0, stride=10**6, large=0, examples=0, wide=9, every_clause=every_clause)
    steps_taken = list(map(taken, plan_of(budget, seed=10**6 - 1)))
    expected = [
        Taken(clauses, True, told([wide_batch(RELU, dtype, 10**6 - 1, turn) for turn in (0, 9, 18, 27)]))
        for dtype in BOTH
    ]
    assert steps_taken == expected


def test_large_batches_are_for_the_clauses_of_the_operation() -> None:
    """Each in each dtype, after all else that is planned; those of all operations call too often."""
    plan = plan_of(Budget(batches=0, stride=10**6, large=2, examples=0), seed=10**6 - 1)
    cases = [large_batch(RELU, dtype, 10**6 - 1, turn) for turn in range(2) for dtype in BOTH]
    assert list(map(taken, plan)) == [Taken(("RELU-1", "RELU-7"), False, told([case])) for case in cases]


def test_the_search_comes_last() -> None:
    """With as many examples as the budget says, in each dtype, for every clause."""
    plan = list(map(taken, plan_of(Budget(batches=1, stride=320, large=1, examples=4))))
    assert [len(step.cases) for step in plan] == [1, 1, 2, 2, 1, 1, 4, 4]
    assert [(step.clauses, {dtype for dtype, _ in step.cases}) for step in plan[-2:]] == [
        (CLAUSES, {"float32"}),
        (CLAUSES, {"float64"}),
    ]
    assert [step.apart for step in plan] == [False, False, True, True, *[False] * 4]


def test_nothing_of_what_may_be_left_out_is_in_the_default_of_a_budget() -> None:
    """Every clause at every size, and complete sets, are asked for by name."""
    asked = {name: (budget.every_clause, budget.complete) for name, budget in BUDGETS.items()}
    assert asked == {
        "quick": (False, False),
        "default": (False, False),
        "thorough": (True, False),
        "exhaustive": (False, True),
    }


def test_budgets_grow() -> None:
    """Each tries more than the one before."""
    states = [ClauseState.of(clause) for clause in PROPERTIES]
    units = units_of(RELUS, states)
    quick, default, thorough, exhaustive = (len(steps(units, budget, 0)) for budget in BUDGETS.values())
    assert quick < default == exhaustive < thorough


def test_the_budgets_are_those_of_the_specification() -> None:
    """The table of conformance.md, cell by cell."""
    text = (spec_folder() / "conformance.md").read_text(encoding="utf-8")
    budgets = BUDGETS.values()
    strides = {32: "every 32nd", 9: "every 9th", 1: "all"}
    rows = {
        "batches": [str(budget.batches) for budget in budgets],
        "sizes": [strides[budget.stride] for budget in budgets],
        "widths of two rows to 4,097": [strides[budget.wide] for budget in budgets],
        f"a batch of {LARGE_N:,} rows": [str(budget.large or "no") for budget in budgets],
        "examples": [str(budget.examples or "no") for budget in budgets],
    }
    for start, cells in rows.items():
        (line,) = (line for line in text.splitlines() if line.startswith(f"| {start}"))
        assert [cell.strip() for cell in line.strip("|").split("|")[1:]] == cells
