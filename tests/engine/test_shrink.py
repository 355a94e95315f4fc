"""From a failing case to the smallest one: what is tried on the way, and where the way ends."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from nnfs_spec.domains import DENSE, LAYER, LOSSES, SOFTMAX, SOFTMAX_TWO, Case, Domain, without_rows
from nnfs_spec.engine import shrink
from nnfs_spec.engine.shrink import CANDIDATE, reduce_case

FLOAT64 = np.dtype(np.float64)


def case_of(rows: Any, domain: Domain = SOFTMAX) -> Case:
    """Return a case of float64 logits."""
    return Case(domain, FLOAT64, {"inputs": np.array(rows, FLOAT64)})


def reduced(start: Case, fails: Callable[[Case], bool]) -> tuple[Case, list[Case]]:
    """Return the smallest case, and all that were tried on the way to it."""
    tried: list[Case] = []

    def noted(case: Case) -> bool:
        tried.append(case)
        return fails(case)

    return reduce_case(start, noted), tried


def test_a_failing_batch_shrinks_to_its_smallest_part() -> None:
    """Two rows, two columns, zeros wherever they do not matter."""
    rng = np.random.default_rng(0)
    inputs = rng.standard_normal((300, 7))
    inputs[123, 4], inputs[200, 1] = 50.0, -60.0
    start = case_of(inputs.tolist())
    smallest = reduce_case(start, lambda case: bool(case["inputs"].max() > 40 and case["inputs"].min() < -50))
    assert smallest["inputs"].tolist() == [[0.0, 41.0], [-51.0, 0.0]]


def test_a_failure_that_needs_many_rows_keeps_the_fewest() -> None:
    """Here a batch of more than 256."""
    smallest = reduce_case(case_of([[1.5]] * 600), lambda case: case.size("N") > 256)
    assert smallest["inputs"].shape == (257, 1)
    assert not smallest["inputs"].any()


@pytest.mark.parametrize(
    ("needed", "sizes"),
    [
        (0, [4, 2, 1]),
        (7, [4, 6, 7, 4, 2, 1]),
        (4, [4, 6, 5, 3, 2, 1]),
    ],
)
def test_rows_are_dropped_at_the_ends_by_bisection(needed: int, sizes: list[int]) -> None:
    """The shortest beginning first, then the shortest end of that."""
    rows = np.zeros((8, 1))
    rows[needed] = 1
    smallest, tried = reduced(case_of(rows), lambda case: bool(case["inputs"].any()))
    assert smallest["inputs"].tolist() == [[1.0]]
    assert [case.size("N") for case in tried[: len(sizes)]] == sizes
    assert [case["inputs"].tolist() for case in tried[len(sizes) :]] == [[[0.0]]] * (len(tried) - len(sizes))


def test_then_runs_are_dropped_from_the_middle() -> None:
    """Neither end can be spared: three rows at a time, then single ones, each from where the last was kept."""
    rows = np.array([[1.0], [0.0], [0.0], [1.0], [0.0], [1.0]])
    smallest, tried = reduced(case_of(rows), lambda case: np.count_nonzero(case["inputs"]) == 3)
    assert smallest["inputs"].tolist() == [[1.0]] * 3
    told = ["".join(str(int(entry)) for entry in case["inputs"][:, 0]) for case in tried]
    assert told[:4] == ["100", "10010", "101", "00101"]
    assert told[4:6] == ["101", "100"]
    assert told[6:13] == ["00101", "10101", "1101", "101", "111", "11", "000"]


def test_no_try_is_wasted(monkeypatch: pytest.MonkeyPatch) -> None:
    """Here the rows can be dropped by eleven tries, and what these cost is enough."""
    rows = np.array([[1.0], [0.0], [0.0], [1.0], [0.0], [1.0]])
    tries = ("100", "10010", "101", "00101", "101", "100", "00101", "10101", "1101", "101", "111")
    monkeypatch.setattr(shrink, "MOST_WORK", sum(CANDIDATE + len(tried) for tried in tries))
    smallest, tried = reduced(case_of(rows), lambda case: np.count_nonzero(case["inputs"]) == 3)
    assert (smallest.size("N"), len(tried)) == (3, 11)


@pytest.mark.parametrize(("rows", "left"), [(512, 2), (513, 513)])
def test_of_very_many_rows_no_single_ones_are_dropped(rows: int, left: int) -> None:
    """It would take as many tries: the two at the ends keep what is between them."""
    inputs = np.zeros((rows, 1))
    inputs[[0, -1]] = 1
    smallest, _ = reduced(case_of(inputs), lambda case: np.count_nonzero(case["inputs"]) == 2)
    assert smallest.size("N") == left


def test_a_reduction_ends_after_a_number_of_tries(monkeypatch: pytest.MonkeyPatch) -> None:
    """Large cases are tried less often."""
    monkeypatch.setattr(shrink, "MOST_WORK", 100 * CANDIDATE)
    _, tried = reduced(case_of(np.zeros((512, 1))), lambda case: False)
    assert 90 < len(tried) < 100


def test_a_large_label_becomes_the_smallest_that_fails() -> None:
    """Here a kernel reads labels as bytes."""
    arrays = {"y_pred": np.full((1, 600), 0.25), "y_true": np.array([555])}
    found, _ = reduced(Case(LOSSES, FLOAT64, arrays), lambda case: bool(case["y_true"][0] > 255))
    assert found["y_true"].tolist() == [256]


def test_sixty_four_entries_end_minimal() -> None:
    """None of them can be made smaller on its own."""
    start = np.arange(64.0).reshape(8, 8) + 1000.5
    found, tried = reduced(case_of(start), lambda case: case["inputs"].shape == (8, 8) and case["inputs"].min() > 3)
    assert found["inputs"].tolist() == [[4.0] * 8] * 8
    assert len(tried) < 2_000


@pytest.mark.parametrize(("work", "left"), [(0, 1), (-1, 2)])
def test_a_reduction_ends_where_the_next_try_would_be_too_much_work(
    work: int, left: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """To the entry: half of two rows is one candidate, with one entry."""
    monkeypatch.setattr(shrink, "MOST_WORK", CANDIDATE + 1 + work)
    smallest, _ = reduced(case_of([[0.0], [0.0]]), lambda case: True)
    assert smallest.size("N") == left


ENTRIES: list[tuple[float, Callable[[float], bool], float]] = [
    (37.25, lambda x: True, 0.0),
    (37.25, lambda x: x > 0, 1.0),
    (-37.25, lambda x: x < 0, -1.0),
    (0.37, lambda x: 0 < x < 1, 0.5),
    (37.25, lambda x: x > 1, 2.0),
    (37.25, lambda x: x > 2, 3.0),
    (99999.0, lambda x: x > 88.72, 89.0),
    (-1e300, lambda x: x < -709.5, -710.0),
    (0.37, lambda x: 0.3 < x < 0.45, 0.4),
    (0.375, lambda x: x == 0.375, 0.375),
]
"""What stands there, for which values the case fails, and what is found."""


@pytest.mark.parametrize(("start", "fails", "smallest"), ENTRIES)
def test_an_entry_becomes_as_simple_as_it_can(start: float, fails: Callable[[float], bool], smallest: float) -> None:
    """One of a few numbers, else a whole one, else one with a single digit."""
    found, _ = reduced(case_of([[start]]), lambda case: fails(float(case["inputs"][0, 0])))
    assert found["inputs"].tolist() == [[smallest]]


@pytest.mark.parametrize(
    ("columns", "entries"),
    [(64, [1.0, -1.0, *[0.0] * 62]), (65, [37.0, -37.0, *[0.0] * 63])],
)
def test_single_entries_of_a_large_array_are_left_alone(columns: int, entries: list[float]) -> None:
    """Only all of them together are made simpler."""
    inputs = np.zeros((1, columns))
    inputs[0, :2] = 37.25, -37.25

    def fails(case: Case) -> bool:
        return case.size("C") == columns and bool(case["inputs"][0, 0] > 0 > case["inputs"][0, 1])

    assert reduced(case_of(inputs), fails)[0]["inputs"].tolist() == [entries]


@pytest.mark.parametrize(
    ("start", "low", "high", "entry"), [(0.37, 0.3, 0.45, 0.4), (1.37, 0.5, 3.0, 1.0), (37.37, 2.5, 40.0, 37.0)]
)
def test_a_large_array_is_made_simpler_as_a_whole(start: float, low: float, high: float, entry: float) -> None:
    """Ones, whole numbers, or numbers of one digit, whichever comes first."""

    def fails(case: Case) -> bool:
        return case.size("C") == 65 and bool(((low < case["inputs"]) & (case["inputs"] < high)).all())

    assert reduced(case_of([[start] * 65]), fails)[0]["inputs"].tolist() == [[entry] * 65]


def test_ones_are_simpler_than_anything_else_but_zeros() -> None:
    """Than -1, too."""
    smallest, _ = reduced(case_of([[-1.0] * 65]), lambda case: case.size("C") == 65 and bool(case["inputs"].all()))
    assert smallest["inputs"].tolist() == [[1.0] * 65]


def test_a_search_does_not_go_in_circles() -> None:
    """Ones are no simpler than zeros and ones; it ends soon, at what cannot be made simpler."""
    smallest, tried = reduced(
        case_of([[5.0, 7.0, -3.0]]), lambda case: case.size("C") == 3 and case["inputs"].sum() >= 1
    )
    assert smallest["inputs"].tolist() == [[0.0, 0.0, 1.0]]
    assert len(tried) < 40


def test_every_case_that_is_tried_belongs_to_its_domain() -> None:
    """Here two columns are kept, and no row is left out where there is none."""
    smallest, tried = reduced(case_of([[5.0, 7.0]] * 3, SOFTMAX_TWO), lambda case: True)
    assert smallest["inputs"].tolist() == [[0.0, 0.0]]
    assert all(case.belongs() for case in tried)
    nothing = {"inputs": np.ones((0, 2)), "weights": np.ones((2, 2)), "biases": np.ones((1, 2))}
    smallest, _ = reduced(Case(without_rows(DENSE), FLOAT64, nothing), lambda case: True)
    assert [smallest[name].tolist() for name in nothing] == [[], [[0.0]], [[0.0]]]


def test_labels_are_made_simpler_and_seeds_are_not() -> None:
    """A label is 0 where it can be; another seed would be another case altogether."""
    arrays = {"y_pred": np.array([[0.25, 0.5, 0.25]]), "y_true": np.array([2])}
    found, _ = reduced(Case(LOSSES, FLOAT64, arrays), lambda case: case.size("C") == 3)
    assert (found["y_pred"].tolist(), found["y_true"].tolist()) == ([[0.0] * 3], [0])
    counts = {name: np.array(7) for name in ("n_inputs", "n_neurons", "seed")}
    found, _ = reduced(Case(LAYER, FLOAT64, counts), lambda case: True)
    assert [int(found[name]) for name in counts] == [1, 1, 7]
