"""The reference of spec/accuracy.md: results, types and errors."""

from typing import Any

import numpy as np
import pytest

from nnfs_spec import SpecError, SpecTypeError, SpecValueError, accuracy


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
            "accuracy: len(y_pred) is 0 but must be at least 1 [ACC-7]",
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
