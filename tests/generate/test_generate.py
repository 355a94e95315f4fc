"""Both engines make only members of the domains, and the reduction stays inside them too."""

import hypothesis.strategies as st
import numpy as np
import pytest
from hypothesis import given

from nnfs_spec import domains
from nnfs_spec.domains import Case, Domain
from nnfs_spec.generate.search import cases, explore
from nnfs_spec.generate.sweep import batches
from nnfs_spec.properties import PROPERTIES
from nnfs_spec.subject.operations import Values

DOMAINS = {name: value for name, value in vars(domains).items() if isinstance(value, Domain)} | {
    f"{one.clause} {domain.operation}": domain
    for one in PROPERTIES.values()
    for domain in one.domains
    if one.clause in ("GEN-6", "GEN-7")
}
FLOAT64 = np.dtype(np.float64)


@pytest.mark.parametrize("name", DOMAINS)
def test_the_sweep_stays_inside_the_domain(name: str) -> None:
    """Every planned batch, in every dtype."""
    for dtype in DOMAINS[name].dtypes:
        assert all(case.belongs() for case in batches(DOMAINS[name], dtype, 1, 40))


@pytest.mark.parametrize("name", DOMAINS)
@given(data=st.data())
def test_the_search_stays_inside_the_domain(name: str, data: st.DataObject) -> None:
    """Every example, in every dtype."""
    for dtype in DOMAINS[name].dtypes:
        assert data.draw(cases(DOMAINS[name], dtype)).belongs()


def test_the_same_seed_makes_the_same_batches() -> None:
    """Bit for bit."""
    first, again = ([case["inputs"] for case in batches(domains.SOFTMAX, FLOAT64, 7, 20)] for _ in range(2))
    assert all(np.array_equal(a, b) for a, b in zip(first, again, strict=True))


def test_another_seed_makes_other_batches() -> None:
    """Or the seed would be for nothing."""
    first, other = (next(iter(batches(domains.SOFTMAX, FLOAT64, seed, 1)))["inputs"] for seed in (1, 2))
    assert not np.array_equal(first, other)


OUTSIDE = {
    Values.FINITE: np.inf,
    Values.UNIT: 1.5,
    Values.WHOLE: 0.5,
    Values.GRID: 0.1,
    Values.ZERO: 1.0,
    Values.TIED: 2.0,
    Values.DISC: 1.0,
    Values.NONFINITE: 0.0,
    Values.BEYOND_UNIT: 0.5,
    Values.LABEL: -1,
    Values.ONE_HOT: 0.0,
    Values.NO_LABEL: 0,
    Values.ORDER: 0,
    Values.COUNT: 9,
    Values.LARGE_COUNT: 1,
    Values.NO_COUNT: 1,
    Values.SEED: -1,
    Values.CHUNK: 48,
    Values.PART: 4,
    Values.LAYOUT: -1,
}
"""For each kind of values one that, everywhere in an argument, is none of them."""


@pytest.mark.parametrize(
    ("name", "argument"),
    [(name, i) for name, domain in DOMAINS.items() for i in range(len(domain.arguments)) if domain.most.get("N") != 0],
)
def test_a_value_outside_the_declared_ones_does_not_belong(name: str, argument: int) -> None:
    """For each argument of each domain that has rows."""
    case = max(batches(DOMAINS[name], FLOAT64, 0, 20), key=lambda case: sum(a.size for a in case.arrays.values()))
    declared = DOMAINS[name].arguments[argument]
    shape: tuple[int, ...] = case[declared.name].shape
    if declared.values is Values.EQUAL:
        spoilt = np.tile(np.arange(shape[1]), (shape[0], 1))
    else:
        spoilt = np.full(shape, OUTSIDE[declared.values])
    assert case.belongs()
    assert not case.replace(declared.name, spoilt).belongs()


def softmax_case(rows: list[list[float]]) -> Case:
    """Return a case of softmax on float64 logits."""
    return Case(domains.SOFTMAX, FLOAT64, {"inputs": np.array(rows)})


def test_some_streams_come_in_forty_chunks() -> None:
    """And some spirals have hundreds of classes."""
    streams = [len(np.unique(case["chunk"])) for case in batches(domains.STREAM, FLOAT64, 0, 26)]
    assert max(streams) >= 40 > 4 >= min(streams)
    assert max(case.number("classes") for case in batches(domains.SPIRAL_LARGE, FLOAT64, 0, 9)) >= 200


def test_sizes_and_shapes_outside_the_domain_do_not_belong() -> None:
    """No rows where there must be some, another number of dimensions, equal widths where they must differ."""
    assert not Case(domains.SOFTMAX, FLOAT64, {"inputs": np.ones((0, 2))}).belongs()
    assert not Case(domains.SOFTMAX, FLOAT64, {"inputs": np.ones(2)}).belongs()
    assert not Case(domains.LOSSES, FLOAT64, {"y_pred": np.ones((2, 2)), "y_true": np.array([0])}).belongs()
    assert not Case(domains.SOFTMAX_TWO, FLOAT64, {"inputs": np.ones((1, 3))}).belongs()
    same = {"inputs": np.ones((1, 2)), "weights": np.ones((2, 1)), "biases": np.ones((1, 1))}
    assert not Case(domains.DENSE_WIDTHS, FLOAT64, same).belongs()
    assert Case(domains.DENSE_WIDTHS, FLOAT64, {**same, "inputs": np.ones((1, 3))}).belongs()


def test_taking_columns_moves_the_labels_along() -> None:
    """A label keeps pointing to its class."""
    arrays = {"y_pred": np.array([[0.1, 0.2, 0.7]]), "y_true": np.array([2])}
    taken = Case(domains.LOSSES, FLOAT64, arrays).take("C", np.array([0, 2]))
    assert taken["y_pred"].tolist() == [[0.1, 0.7]]
    assert taken["y_true"].tolist() == [1]


def explored(seed: int, examples: int = 20) -> list[Case]:
    """Return what the search visits."""
    visited: list[Case] = []
    explore(domains.SOFTMAX, FLOAT64, visited.append, examples, seed)
    return visited


def test_the_search_visits_as_many_cases_as_it_was_told() -> None:
    """Hypothesis counts them."""
    assert len(explored(0)) == 20


def test_the_same_seed_visits_the_same_cases() -> None:
    """Bit for bit, and another seed others."""
    first, again, other = ([case["inputs"].tolist() for case in explored(seed)] for seed in (1, 1, 2))
    assert first == again
    assert first != other
