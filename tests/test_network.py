"""spec/network.md: its properties on the reference, its mutants, its errors."""

import pytest

from nnfs_spec.cli.browse import walk_through
from nnfs_spec.domains import Case
from tests.support import assert_holds, assert_killed, for_every_case_of, kills_of


@for_every_case_of("NET-1")
def test_composed_operations_are_the_network(case: Case) -> None:
    """With whole-number weights the logits are exact, so the result is the exact softmax of them within its bound."""
    assert_holds("NET-1", case)


@for_every_case_of("NET-2")
def test_the_origin_is_predicted_uniformly(case: Case) -> None:
    """With zero biases the origin, where each spiral arm starts, gets 1/C for every class."""
    assert_holds("NET-2", case)


@for_every_case_of("NET-3")
def test_a_dead_network_answers_everything_alike(case: Case) -> None:
    """With no hidden sum above zero every row is the softmax of the output biases: uniform where those are zero."""
    assert_holds("NET-3", case)


@for_every_case_of("NET-4")
def test_a_new_network_guesses(case: Case) -> None:
    """A new network loses ln C on points of the unit disc, within the largest possible spread of its logits."""
    assert_holds("NET-4", case)


@pytest.mark.parametrize(("mutant", "clause"), kills_of("network"))
def test_each_mutant_is_noticed_by_the_clauses_it_names(mutant: str, clause: str) -> None:
    """Each clause on its own."""
    assert_killed(mutant, clause)


def test_the_walk_through_is_reproducible() -> None:
    """The same seed, the same lines."""
    assert walk_through(3) == walk_through(3)
    assert walk_through(3) != walk_through(4)


def test_the_walk_through_starts_uniformly() -> None:
    """The first point of the first arm is the origin."""
    assert walk_through()[3].split() == ["[0.33333333", "0.33333333", "0.33333333]"]
