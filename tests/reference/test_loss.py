"""The reference of spec/loss.md: results, types and errors."""

from typing import Any

import numpy as np
import pytest

from nnfs_spec import (
    Loss,
    Loss_CategoricalCrossEntropy,
    Loss_CategoricalCrossentropy,
    SpecError,
    SpecTypeError,
    SpecValueError,
    loss,
    sample_losses,
)

HALVES = [[0.5, 0.5]]


@pytest.mark.parametrize(
    ("y_pred", "y_true", "kind", "message"),
    [
        (HALVES, [-1], SpecValueError, "sample_losses: y_true[0] is -1 but must be a class from 0 to 1 [LOSS-11]"),
        (HALVES * 2, [0, 2], SpecValueError, "sample_losses: y_true[1] is 2 but must be a class from 0 to 1 [LOSS-11]"),
        (
            HALVES,
            [1.0],
            SpecTypeError,
            "sample_losses: y_true.dtype is float64 but must be integers or one-hot rows [LOSS-12]",
        ),
        (
            HALVES,
            [1.5],
            SpecTypeError,
            "sample_losses: y_true.dtype is float64 but must be integers or one-hot rows [LOSS-12]",
        ),
        (
            HALVES,
            [True],
            SpecTypeError,
            "sample_losses: y_true.dtype is bool but must be integers or one-hot rows [LOSS-12]",
        ),
        (
            HALVES,
            [[True, False]],
            SpecTypeError,
            "sample_losses: y_true.dtype is bool but must be real numbers, one-hot [LOSS-12]",
        ),
        (
            HALVES * 3,
            [[0], [1], [0]],
            SpecValueError,
            "sample_losses: y_true.shape is (3, 1) but must be (3,) or (3, 2), as the predictions [LOSS-12]",
        ),
        (
            HALVES * 3,
            [0],
            SpecValueError,
            "sample_losses: y_true.shape is (1,) but must be (3,) or (3, 2), as the predictions [LOSS-12]",
        ),
        (
            HALVES * 3,
            [0, 1],
            SpecValueError,
            "sample_losses: y_true.shape is (2,) but must be (3,) or (3, 2), as the predictions [LOSS-12]",
        ),
        (
            HALVES * 3,
            [0, 1, 0, 1],
            SpecValueError,
            "sample_losses: y_true.shape is (4,) but must be (3,) or (3, 2), as the predictions [LOSS-12]",
        ),
        (
            HALVES,
            [[1], [0, 1]],
            SpecValueError,
            "sample_losses: y_true is ragged but must be rows of one length [LOSS-12]",
        ),
        (
            HALVES,
            [[1, 1]],
            SpecValueError,
            "sample_losses: y_true[0] is [1, 1] but must be one-hot: exactly one 1, else 0 [LOSS-12]",
        ),
        (
            HALVES,
            [[0, 0]],
            SpecValueError,
            "sample_losses: y_true[0] is [0, 0] but must be one-hot: exactly one 1, else 0 [LOSS-12]",
        ),
        (
            HALVES,
            [[0.9, 0.1]],
            SpecValueError,
            "sample_losses: y_true[0] is [0.9, 0.1] but must be one-hot: exactly one 1, else 0 [LOSS-12]",
        ),
        (
            HALVES,
            [[1.0, 0.1]],
            SpecValueError,
            "sample_losses: y_true[0] is [1.0, 0.1] but must be one-hot: exactly one 1, else 0 [LOSS-12]",
        ),
        ([[1.5, 0.5]], [0], SpecValueError, "sample_losses: y_pred[0, 0] is 1.5 but must be in [0, 1] [LOSS-13]"),
        ([[0.5, -0.25]], [0], SpecValueError, "sample_losses: y_pred[0, 1] is -0.25 but must be in [0, 1] [LOSS-13]"),
        ([[0.5, np.nan]], [0], SpecValueError, "sample_losses: y_pred[0, 1] is nan but must be finite [GEN-6]"),
    ],
)
def test_bad_arguments_are_named(y_pred: Any, y_true: Any, kind: type[SpecError], message: str) -> None:
    """What arrived, what should have, and which clause."""
    with pytest.raises(kind) as caught:
        sample_losses(y_pred, y_true)
    assert str(caught.value) == message


@pytest.mark.parametrize(
    ("calculate", "message"),
    [
        (loss, "loss: len(y_pred) is 0 but must be at least 1 [LOSS-14]"),
        (Loss_CategoricalCrossEntropy().calculate, "loss: len(y_pred) is 0 but must be at least 1 [LOSS-14]"),
    ],
)
def test_the_mean_over_nothing_is_an_error(calculate: Any, message: str) -> None:
    """Rather than NaN with a warning."""
    with pytest.raises(SpecValueError) as caught:
        calculate(np.ones((0, 2)), np.ones(0, np.int64))
    assert str(caught.value) == message


def test_the_batch_loss_names_itself() -> None:
    """Not the function that it is built on."""
    with pytest.raises(SpecValueError) as caught:
        loss(HALVES, [2])
    assert str(caught.value) == "loss: y_true[0] is 2 but must be a class from 0 to 1 [LOSS-11]"


def test_no_rows_have_no_losses() -> None:
    """With labels of either form."""
    assert sample_losses(np.ones((0, 2)), np.ones(0, np.int64)).shape == (0,)
    assert sample_losses(np.ones((0, 2)), np.ones((0, 2))).shape == (0,)


def test_the_predictions_decide_the_dtype() -> None:
    """A float64 one-hot array does not widen the losses of float32 predictions."""
    p = np.array(HALVES, dtype=np.float32)
    assert sample_losses(p, np.array([[1.0, 0.0]])).dtype == np.float32
    assert type(loss(p, [0])) is np.float32
    assert type(loss(HALVES, [0])) is np.float64


def test_rows_need_not_sum_to_one() -> None:
    """Predictions are taken as they are."""
    assert sample_losses([[0.5, 0.0]], [0]).tolist() == sample_losses(HALVES, [0]).tolist()


def test_a_certain_wrong_prediction_loses_what_the_clip_leaves() -> None:
    """-ln of the lower end of the clip."""
    assert sample_losses([[0.0, 1.0]], [0]).tolist() == [-np.log(1e-7)]


def test_the_class_and_the_functions_agree() -> None:
    """Under both spellings of the course."""
    assert Loss_CategoricalCrossentropy is Loss_CategoricalCrossEntropy
    p, y = np.array([[0.7, 0.2, 0.1], [0.1, 0.5, 0.4]]), np.array([0, 1])
    made = Loss_CategoricalCrossEntropy()
    assert (made.forward(p, y) == sample_losses(p, y)).all()
    assert made.calculate(p, y) == loss(p, y)


def test_a_loss_of_ones_own_can_be_derived() -> None:
    """``calculate`` is the mean of whatever ``forward`` gives."""

    class Nothing(Loss):
        def forward(self, y_pred: Any, y_true: Any) -> Any:
            return np.ones(0)

    class Constant(Loss):
        def forward(self, y_pred: Any, y_true: Any) -> Any:
            return np.array([1.0, 2.0])

    assert Constant().calculate([[0.5], [0.5]], [0, 0]) == 1.5
    with pytest.raises(SpecValueError) as caught:
        Nothing().calculate([], [])
    assert str(caught.value) == "loss: len(output) is 0 but must be at least 1 [LOSS-14]"


def test_the_parent_of_losses_has_no_loss_of_its_own() -> None:
    """It must be told one loss per row."""
    parent: Any = Loss
    with pytest.raises(TypeError, match="abstract"):
        parent()
