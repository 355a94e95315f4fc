"""spec/relu.md: its properties on the reference, its mutants, its errors."""

import numpy as np
import pytest

from nnfs_spec import Activation_ReLU, OutputNotReadyError, relu
from nnfs_spec.domains import Case
from tests.support import assert_holds, assert_killed, for_every_case_of, kills_of


@for_every_case_of("RELU-1")
def test_every_entry_is_the_larger_of_zero_and_x(case: Case) -> None:
    """Exactly max(0, x)."""
    assert_holds("RELU-1", case)


@for_every_case_of("RELU-2")
def test_no_entry_is_negative(case: Case) -> None:
    """Not activated means zero."""
    assert_holds("RELU-2", case)


@for_every_case_of("RELU-3")
def test_positive_entries_pass_unchanged(case: Case) -> None:
    """The smallest subnormal included."""
    assert_holds("RELU-3", case)


@for_every_case_of("RELU-4")
def test_twice_is_once(case: Case) -> None:
    """ReLU is idempotent."""
    assert_holds("RELU-4", case)


@for_every_case_of("RELU-5")
def test_a_larger_input_never_gives_a_smaller_result(case: Case) -> None:
    """ReLU is monotone."""
    assert_holds("RELU-5", case)


@for_every_case_of("RELU-6")
def test_zero_of_either_sign_gives_zero(case: Case) -> None:
    """The sign of the result is free."""
    assert_holds("RELU-6", case)


@for_every_case_of("RELU-7")
def test_the_shape_stays(case: Case) -> None:
    """(N, C) to (N, C)."""
    assert_holds("RELU-7", case)


@pytest.mark.parametrize(("mutant", "clause"), kills_of("relu"))
def test_each_wrong_relu_is_noticed_by_the_clauses_it_names(mutant: str, clause: str) -> None:
    """Each clause on its own."""
    assert_killed(mutant, clause)


def test_the_result_never_shares_memory_with_the_input() -> None:
    """Not even where nothing changes."""
    x = np.array([[1.0, 2.0]])
    assert not np.shares_memory(relu(x), x)


def test_the_class_keeps_its_output() -> None:
    """``output`` is what ``forward`` returned."""
    activation = Activation_ReLU()
    returned = activation.forward([[-1.0, 1.0]])
    assert activation.output is returned
    assert returned.tolist() == [[0.0, 1.0]]


def test_reading_the_output_too_early_says_so() -> None:
    """And counts as a missing attribute."""
    with pytest.raises(OutputNotReadyError) as caught:
        _ = Activation_ReLU().output
    assert str(caught.value) == (
        "Activation_ReLU: output is not there yet but must be read after forward(inputs) [RELU-7]"
    )
