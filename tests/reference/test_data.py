"""The reference of spec/data.md: results, types and errors."""

from typing import Any

import nnfs.datasets
import numpy as np
import pytest

from nnfs_spec import SpecError, SpecTypeError, SpecValueError, check, spiral_data


@pytest.mark.parametrize("counts", [(1, 1), (100, 3), (7, 5)])
def test_one_seed_draws_what_the_nnfs_package_draws(counts: tuple[int, int]) -> None:
    """Bit for bit, points and labels."""
    np.random.seed(11)
    expected = nnfs.datasets.spiral_data(*counts)
    np.random.seed(11)
    points, labels = spiral_data(*counts)
    assert (points == expected[0]).all()
    assert (labels == expected[1]).all()
    assert (points.dtype, labels.dtype) == (expected[0].dtype, expected[1].dtype)


@pytest.mark.parametrize("clause", ["DATA-1", "DATA-2", "DATA-3"])
def test_the_nnfs_package_keeps_the_clauses(clause: str) -> None:
    """Its own function, as a subject like any other."""
    report = check({"spiral_data": nnfs.datasets.spiral_data}, clauses=[clause])
    assert [result.status for result in report.clauses] == ["pass"]


@pytest.mark.parametrize(
    ("counts", "kind", "message"),
    [
        ((0, 3), SpecValueError, "spiral_data: samples is 0 but must be a whole number of at least 1 [DATA-4]"),
        ((3, 0), SpecValueError, "spiral_data: classes is 0 but must be a whole number of at least 1 [DATA-4]"),
        ((3, 257), SpecValueError, "spiral_data: classes is 257 but must be at most 256 [DATA-4]"),
        ((3, "3"), SpecTypeError, "spiral_data: classes is '3' but must be a whole number of at least 1 [DATA-4]"),
    ],
)
def test_bad_counts_are_named(counts: tuple[Any, Any], kind: type[SpecError], message: str) -> None:
    """What arrived, what should have, and which clause."""
    with pytest.raises(kind) as caught:
        spiral_data(*counts)
    assert str(caught.value) == message


def test_a_generator_of_ones_own_may_be_given() -> None:
    """The same one draws the same points."""
    first, _ = spiral_data(5, 2, rng=np.random.default_rng(1))
    again, _ = spiral_data(5, 2, rng=np.random.default_rng(1))
    assert (first == again).all()


def test_as_many_classes_as_labels_tell_apart() -> None:
    """256 and no more."""
    _, labels = spiral_data(1, 256)
    assert labels.tolist() == list(range(256))
