"""Cases that the fast twin is given, and what its results must be."""

from collections.abc import Callable, Iterator
from typing import Any, TypeAlias

import numpy as np
import pytest

from nnfs_spec import fast
from nnfs_spec.domains import (
    ACCURACY,
    ACCURACY_TIED,
    DENSE,
    DENSE_WHOLE,
    DTYPES,
    LOSS,
    LOSS_ONE_HOT,
    LOSSES,
    LOSSES_ONE_HOT,
    RELU,
    SOFTMAX,
    Case,
    Domain,
)
from nnfs_spec.engine.budget import BUDGETS, BudgetName
from nnfs_spec.generate.sweep import batches, large_batch, sized_batch, sized_turns
from nnfs_spec.oracle import exact
from nnfs_spec.properties.finding import within

Function: TypeAlias = Callable[..., Any]

DOMAINS = (RELU, SOFTMAX, LOSSES, LOSSES_ONE_HOT, LOSS, LOSS_ONE_HOT, ACCURACY, ACCURACY_TIED, DENSE, DENSE_WHOLE)
OF_ALL = pytest.mark.parametrize(
    ("domain", "dtype"),
    [(domain, dtype) for domain in DOMAINS for dtype in DTYPES],
    ids=lambda one: f"{one.operation}-{DOMAINS.index(one)}" if isinstance(one, Domain) else str(one),
)


def function(module: Any, case: Case) -> Function:
    """Return the function of ``module`` that a case is about."""
    found: Function = getattr(module, case.domain.operation)
    return found


def same(got: Any, expected: Any) -> bool:
    """Tell whether two results have one type, one dtype, one shape and the same bits."""
    one, other = np.asarray(got), np.asarray(expected)
    alike = type(got) is type(expected) and one.dtype == other.dtype and one.shape == other.shape
    return alike and one.tobytes() == other.tobytes()


def agrees(case: Case, got: Any = None) -> bool:
    """Tell whether the fast result of a case, or ``got``, is within the bound of the exact one, of its dtype and shape.

    What overflows in dense warns as it does in the reference, and is nothing to compare.
    """
    with np.errstate(all="ignore"):
        result = np.asarray(function(fast, case)(*case.arguments) if got is None else got)
        wanted = exact(case.domain.operation, case.arguments)
    dtype = np.float64 if case.domain.operation == "accuracy" else case.dtype
    alike = result.dtype == dtype and result.size == wanted.hi.size
    return alike and not within(result.reshape(wanted.hi.shape), wanted, "").violating.any()


def plan(domain: Domain, dtype: np.dtype[Any], budget: BudgetName) -> Iterator[Case]:
    """Yield the sweep's whole plan of a budget for one domain in one dtype."""
    chosen = BUDGETS[budget]
    yield from batches(domain, dtype, 0, chosen.batches)
    for turn in sized_turns(0, chosen.stride):
        yield sized_batch(domain, dtype, 0, turn)
    for turn in range(chosen.large):
        yield large_batch(domain, dtype, 0, turn)
