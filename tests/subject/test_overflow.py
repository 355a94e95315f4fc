"""What may overflow is told from what merely is large."""

import math
from collections.abc import Callable

import numpy as np
import pytest

from nnfs_spec.adapters.live import LiveSubject
from nnfs_spec.arrays import Array
from nnfs_spec.subject.operations import Operation
from nnfs_spec.subject.overflow import may_overflow
from tests.tools.check_here import check_here

LARGEST = float(np.finfo(np.float64).max)


@pytest.mark.parametrize(
    ("operation", "arguments", "told"),
    [
        ("dense", ([[1.0, 1.0]], [[LARGEST], [LARGEST]], [[0.0]]), True),
        ("dense", ([[1.0, 1.0]], [[LARGEST], [-LARGEST]], [[0.0]]), True),
        ("dense", ([[1.0, 1.0]], [[LARGEST], [0.0]], [[0.0]]), True),
        ("dense", ([[1.0, 1.0]], [[LARGEST / 4], [LARGEST / 4]], [[LARGEST / 4]]), False),
        ("dense", ([[0.0, 1.0]], [[1.0], [2.0]], [[3.0]]), False),
        ("dense", ([[2, 3]], [[2**62], [2**62]], [[0]]), False),
        ("dense", ([[1.0]], [[LARGEST], [LARGEST]], [[0.0]]), False),
        ("dense", ([[1.0, 1.0]], [LARGEST, LARGEST], [[0.0]]), False),
        ("relu", ([[LARGEST]],), False),
    ],
)
def test_it_is_about_sums_beyond_the_largest_number(
    operation: Operation, arguments: tuple[object, ...], told: bool
) -> None:
    """With the roundings of the sum; whole numbers, other operations and other shapes have none."""
    assert may_overflow(operation, tuple(map(np.asarray, arguments))) is told


def fsum(inputs: Array, weights: Array, biases: Array) -> Array:
    """A right dense layer whose sums raise where they overflow."""
    rows = [
        [math.fsum(row * column) + bias for column, bias in zip(weights.T, biases[0], strict=True)] for row in inputs
    ]
    return np.array(rows, np.result_type(inputs, weights, biases)).reshape(len(inputs), weights.shape[1])


def refusing(inputs: Array, weights: Array, biases: Array) -> Array:
    """A wrong one, which raises where numbers are large but no sum is."""
    if np.abs(weights).max() > 1e100:
        raise OverflowError("too large")
    return fsum(inputs, weights, biases)


@pytest.mark.parametrize(("dense", "verdict"), [(fsum, "conformant"), (refusing, "nonconformant")])
def test_an_exception_is_no_fault_where_sums_overflow(dense: Callable[..., Array], verdict: str) -> None:
    """Elsewhere it is."""
    report = check_here(LiveSubject("sums", {"dense": lambda: dense}), clauses=("DENSE-1", "DENSE-2"), budget="quick")
    assert report.verdict == verdict
