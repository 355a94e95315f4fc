"""Triggered mutants: what composes them is right, and a check finds enough of them."""

from dataclasses import replace

import numpy as np
import pytest

from nnfs_spec.mutants import MUTANTS
from tests.tools.check_here import check_here
from tests.tools.triggered.bank import Triggered, bank, errs
from tests.tools.triggered.kinds import KINDS
from tests.tools.triggered.measure import Share, is_found, shares
from tests.tools.triggered.page import page
from tests.tools.triggered.trigger import Trigger

RELU = MUTANTS["relu-inverted"]
X = np.array([[1.0, -2.0]])


def behind(fires: bool) -> Triggered:
    """Return a wrong ReLU behind a trigger that always or never fires."""
    return Triggered(RELU, "value", Trigger("any call", lambda past, given: fires, lambda rng: [(X,)]))


def test_a_trigger_decides_between_the_mistake_and_the_reference() -> None:
    """Where it does not fire the result is right."""
    assert behind(True).make()(X).tolist() == [[0.0, -2.0]]
    assert behind(False).make()(X).tolist() == [[1.0, 0.0]]


def test_each_object_counts_its_own_calls() -> None:
    """The second call of an object is its second, whatever others were called before."""
    second = Trigger("call 2", lambda past, given: past.calls == 1, lambda rng: [(X,), (X,)])
    one = Triggered(RELU, "later call", second)
    first, other = one.make(), one.make()
    assert [code(X).tolist() for code in (first, other, first)] == [[[1.0, 0.0]], [[1.0, 0.0]], [[0.0, -2.0]]]


def test_a_witness_tells_what_is_wrong_from_what_is_right() -> None:
    """Wrong numbers, an overwritten argument and an exception are; the reference's result is not."""
    always = behind(True)
    assert errs(always, [(X,)])
    assert not errs(behind(False), [(X,)])
    assert errs(replace(always, base=MUTANTS["relu-in-place"]), [(X.copy(),)])
    assert errs(replace(always, base=MUTANTS["relu-needing-rows"]), [(X[:0],)])


def test_the_same_seed_draws_the_same_mutants() -> None:
    """Of every kind, and another seed draws others."""
    for kind in KINDS:
        first, again, other = ([one.name for one in bank(kind, 3, seed)] for seed in (0, 0, 1))
        assert first == again != other


def test_a_mutant_is_found_where_a_check_ends_nonconformant() -> None:
    """The measure stops at the first failure, and must say what the whole check says."""
    for one in (behind(True), behind(False)):
        nonconformant = check_here(one.subject(), budget="quick").verdict == "nonconformant"
        assert is_found(one, "quick", 0) == nonconformant


def test_the_page_tells_the_share_of_each_kind_and_what_slipped() -> None:
    """And how to draw the same mutants again."""
    found = [Share("square", "quick", 4, ("a", "b")), Share("square", "default", 4, ("b",))]
    text = page(found, 7)
    assert "Seed 7, 4 mutants of each kind; `make triggered SEED=7 COUNT=4` draws them again." in text
    assert "| square | 50% | 75% |\n| **all** | 50% | 75% |" in text
    assert text.endswith("What slipped at the default budget:\n\n- b\n")


@pytest.mark.gate
def test_a_quick_check_finds_most_of_a_small_sample() -> None:
    """spec/triggered.md shows a larger one; this is the floor below which no change may lead."""
    found = list(shares("quick", 2, 0))
    assert sum(share.tried - len(share.slipped) for share in found) >= 29, found
    assert sum(share.tried for share in found) == 38
