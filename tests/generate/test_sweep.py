"""The plan of the sweep: that it reaches every size, and that mistakes of one size do not slip through."""

from collections.abc import Callable
from typing import Any, TypeAlias

import numpy as np
import pytest

import nnfs_spec
from nnfs_spec.adapters.live import LiveSubject
from nnfs_spec.arrays import Array
from nnfs_spec.domains import Case, Domain
from nnfs_spec.generate.sweep import (
    EVERY_N,
    EVERY_SQUARE,
    EVERY_WIDTH,
    LARGE_N,
    SIZES,
    WIDTHS,
    large_batch,
    sized_batch,
    sized_turns,
    wide_batch,
    wide_sizes,
)
from nnfs_spec.properties import PROPERTIES
from tests.tools.check_here import check_here

pytestmark = pytest.mark.gate

SIZED = [tested.at_every_size for tested in PROPERTIES.values() if tested.at_every_size is not None]
FLOAT64 = np.dtype(np.float64)


def planned(domain: Domain, dtype: np.dtype[Any] = FLOAT64) -> list[Case]:
    """Return the whole plan of sizes."""
    return [sized_batch(domain, dtype, 0, turn) for turn in range(SIZES)]


def test_every_operation_with_a_value_is_tried_at_every_size() -> None:
    """By the clause that states the value."""
    assert {domain.operation for domain in SIZED} == {
        "dense",
        "relu",
        "softmax",
        "sample_losses",
        "loss",
        "accuracy",
    }


@pytest.mark.parametrize("domain", SIZED, ids=lambda domain: domain.operation)
def test_the_plan_reaches_every_size(domain: Domain) -> None:
    """Every number of rows to 600, every width to 128, every square to 40, and each case belongs to the domain."""
    cases = planned(domain)
    assert all(case.belongs() for case in cases)
    assert {case.size("N") for case in cases} >= set(range(1, EVERY_N + 1))
    for symbol in domain.symbols:
        if symbol != "N":
            assert {case.size(symbol) for case in cases} >= set(range(1, EVERY_WIDTH + 1))
    squares = {case.size("N") for case in cases if len({case.size(symbol) for symbol in domain.symbols}) == 1}
    assert squares >= set(range(1, EVERY_SQUARE + 1))


@pytest.mark.parametrize("domain", SIZED, ids=lambda domain: domain.operation)
def test_the_large_batch_has_a_hundred_thousand_rows(domain: Domain) -> None:
    """And belongs to the domain, at every turn."""
    for turn in range(3):
        case = large_batch(domain, FLOAT64, 0, turn)
        assert case.belongs()
        assert case.size("N") == LARGE_N > 100_000


@pytest.mark.parametrize("domain", SIZED, ids=lambda domain: domain.operation)
def test_the_plan_reaches_large_widths(domain: Domain) -> None:
    """Each in turn, both sides of a layer, with the highest label; and squares of up to four million products."""
    cases = [wide_batch(domain, FLOAT64, 0, turn) for turn in range(len(wide_sizes(domain)))]
    assert all(case.belongs() for case in cases)
    for symbol in domain.symbols:
        assert symbol == "N" or {case.size(symbol) for case in cases if case.size("N") == 2} >= set(WIDTHS)
    squares = {case.size("N") for case in cases if len({case.size(symbol) for symbol in domain.symbols}) == 1}
    assert max(squares) == (257 if len(domain.symbols) == 2 else 129)
    if "y_true" in cases[0].arrays and cases[0]["y_true"].ndim == 1:
        assert {int(case["y_true"][-1]) for case in cases} >= {width - 1 for width in WIDTHS}


@pytest.mark.parametrize(("seed", "stride"), [(0, 1), (5, 32), (31, 32), (3, 7)])
def test_strides_take_their_share_of_the_sizes(seed: int, stride: int) -> None:
    """The seed says which, and all of them together take every size once."""
    assert list(sized_turns(seed, stride)) == [turn for turn in range(SIZES) if turn % stride == seed % stride]


Condition: TypeAlias = Callable[[tuple[Array, ...]], bool]


def wrong_at(right: Callable[..., Any], condition: Condition) -> LiveSubject:
    """Return a subject whose results are a hundredth too large on the arguments that meet a condition."""
    operation = right.__name__

    def wrong(*arguments: Array) -> Array:
        result: Array = right(*arguments)
        return result * 1.01 + 0.01 if condition(arguments) else result

    return LiveSubject(operation, {operation: lambda: wrong})


MISTAKES: list[tuple[str, Callable[..., Any], Condition]] = [
    ("SOFTMAX-4", nnfs_spec.softmax, lambda a: a[0].shape[1] == 6),
    ("SOFTMAX-4", nnfs_spec.softmax, lambda a: 14 <= a[0].shape[1] <= 15),
    ("SOFTMAX-4", nnfs_spec.softmax, lambda a: len(a[0]) == 100),
    ("SOFTMAX-4", nnfs_spec.softmax, lambda a: len(a[0]) > 2048),
    ("SOFTMAX-4", nnfs_spec.softmax, lambda a: a[0].shape == (31, 31)),
    ("DENSE-1", nnfs_spec.dense, lambda a: a[1].shape[0] == 20),
    ("DENSE-1", nnfs_spec.dense, lambda a: a[1].shape[1] == 64),
    ("DENSE-1", nnfs_spec.dense, lambda a: len(a[0]) == 256),
    ("LOSS-1", nnfs_spec.sample_losses, lambda a: a[0].shape[1] == 6),
    ("LOSS-2", nnfs_spec.sample_losses, lambda a: a[1].ndim == 2 and a[0].shape[1] == 12),
    ("LOSS-8", nnfs_spec.loss, lambda a: len(a[0]) == 32),
    ("ACC-1", nnfs_spec.accuracy, lambda a: a[0].shape[1] == 6),
    ("RELU-1", nnfs_spec.relu, lambda a: a[0].size > 300_000),
    ("RELU-1", nnfs_spec.relu, lambda a: a[0].shape == (256, 256)),
    ("SOFTMAX-4", nnfs_spec.softmax, lambda a: a[0].shape[1] > 2**16),
    ("DENSE-1", nnfs_spec.dense, lambda a: a[1].shape[0] == 784),
    ("DENSE-1", nnfs_spec.dense, lambda a: a[1].shape[1] == 1000),
    ("LOSS-1", nnfs_spec.sample_losses, lambda a: bool((a[1] > 2**15).any())),
    ("ACC-1", nnfs_spec.accuracy, lambda a: a[0].shape[1] == 2**12 + 1),
]
"""A clause, the right function, and the arguments for which it is made wrong."""


@pytest.mark.parametrize(("clause", "right", "condition"), MISTAKES)
def test_a_mistake_of_one_size_does_not_slip_through(
    clause: str, right: Callable[..., Any], condition: Condition
) -> None:
    """The default budget finds it."""
    assert check_here(wrong_at(right, condition), clauses=[clause]).clauses[0].status == "fail"


def test_a_mistake_of_one_size_keeps_that_size() -> None:
    """The counterexample is as large as it has to be, and says so."""
    shown = (
        check_here(wrong_at(nnfs_spec.relu, lambda a: len(a[0]) >= 77), clauses=["RELU-1"]).clauses[0].counterexample
    )
    assert shown is not None
    assert shown.inputs["inputs"].shape == (77, 1)
    assert shown.remark == "no batch of fewer than 77 rows was found to show it"
