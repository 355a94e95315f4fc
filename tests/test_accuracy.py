"""spec/accuracy.md: its properties on the reference, its mutants, its errors."""

from typing import Any

import numpy as np
import pytest

from nnfs_spec import SpecError, SpecTypeError, SpecValueError, accuracy
from nnfs_spec.domains import Case
from tests.support import assert_holds, assert_killed, for_every_case_of, kills_of


@for_every_case_of("ACC-1")
def test_is_the_share_of_right_rows(case: Case) -> None:
    """Exactly k/N rounded to the dtype of the result."""
    assert_holds("ACC-1", case)


@for_every_case_of("ACC-2")
def test_all_right_is_one_and_all_wrong_is_zero(case: Case) -> None:
    """The share lies in [0, 1] and reaches both ends."""
    assert_holds("ACC-2", case)


@for_every_case_of("ACC-3")
def test_both_label_forms_agree(case: Case) -> None:
    """Sparse and one-hot labels of the same classes give equal accuracy."""
    assert_holds("ACC-3", case)


@for_every_case_of("ACC-4")
def test_of_tied_entries_the_first_counts(case: Case) -> None:
    """Where the largest entry occurs twice, the prediction is the first of them."""
    assert_holds("ACC-4", case)


@for_every_case_of("ACC-5")
def test_softmax_does_not_change_it(case: Case) -> None:
    """Where the largest logit stands out, accuracy may be taken of logits or of probabilities."""
    assert_holds("ACC-5", case)


@for_every_case_of("ACC-6")
def test_bad_labels_and_no_rows_are_refused(case: Case) -> None:
    """Labels outside the classes or of another form, and a share of no rows, are errors."""
    assert_holds("ACC-6", case)


@pytest.mark.parametrize(("mutant", "clause"), kills_of("accuracy"))
def test_each_mutant_is_noticed_by_the_clauses_it_names(mutant: str, clause: str) -> None:
    """Each clause on its own."""
    assert_killed(mutant, clause)


@pytest.mark.parametrize(
    ("y_pred", "y_true", "kind", "message"),
    [
        ([[0.5, 0.5]], [2], SpecValueError, "accuracy: y_true[0] is 2 but must be a class from 0 to 1 [LOSS-11]"),
        ([[0.5, 0.5]], [-1], SpecValueError, "accuracy: y_true[0] is -1 but must be a class from 0 to 1 [LOSS-11]"),
        (
            [[0.5, 0.5]],
            [0.0],
            SpecTypeError,
            "accuracy: y_true.dtype is float64 but must be integers or one-hot rows [LOSS-12]",
        ),
        (
            [[0.5, 0.5]],
            [[1, 1]],
            SpecValueError,
            "accuracy: y_true[0] is [1, 1] but must be one-hot: exactly one 1, else 0 [LOSS-12]",
        ),
        (
            np.ones((0, 2)),
            np.ones(0, np.int64),
            SpecValueError,
            "accuracy: len(y_pred) is 0 but must be at least 1 [ACC-6]",
        ),
        ([[np.nan, 0.5]], [0], SpecValueError, "accuracy: y_pred[0, 0] is nan but must be finite [GEN-6]"),
        ([0.5], [0], SpecValueError, "accuracy: y_pred.shape is (1,) but must be (N, C) with C >= 1 [GEN-8]"),
    ],
)
def test_bad_arguments_are_named(y_pred: Any, y_true: Any, kind: type[SpecError], message: str) -> None:
    """What arrived, what should have, and which clause."""
    with pytest.raises(kind) as caught:
        accuracy(y_pred, y_true)
    assert str(caught.value) == message


def test_the_seeds_predictions_are_all_right() -> None:
    """The figure that the seed prints."""
    assert accuracy([[0.7, 0.2, 0.1], [0.1, 0.5, 0.4], [0.02, 0.9, 0.08]], [0, 1, 1]) == 1.0
