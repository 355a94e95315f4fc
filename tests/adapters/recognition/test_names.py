"""Names and signatures: what a spelling means, and which parameter is which argument."""

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest

from nnfs_spec.adapters.recognition.names import distance, meaning_of, slips
from nnfs_spec.adapters.recognition.signatures import UnfitError, plans
from nnfs_spec.subject.roles import BIASES, INPUTS, PREDICTED, TRUE


@pytest.mark.parametrize(
    ("names", "family"),
    [
        (
            "dense Layer_Dense LayerDense DenseLayer Dense Dense1 Layer_Dense_v2 layer Layer FullyConnected Linear",
            "dense",
        ),
        ("relu Activation_ReLU ActivationReLU ActivationRelu ReLU Relu reluActivation RELU_Function", "relu"),
        ("softmax Activation_Softmax ActivationSoftmax SoftMax Softmax stable_softmax soft_max Softmax2", "softmax"),
        ("Loss_CategoricalCrossentropy Loss_CategoricalCrossEntropy LossCategoricalCrossentropy CCE", "cross_entropy"),
        (
            "CategoricalCrossEntropy Categorical_Cross_Entropy_Loss cross_entropy CrossEntropyLoss cce_loss",
            "cross_entropy",
        ),
        ("Accuracy_Categorical Accuracy CategoricalAccuracy accuracy compute_accuracy accuracy_score", "accuracy"),
        ("spiral_data create_data generate_spiral_data make_spiral", "spiral_data"),
        ("sample_losses compute_sample_losses", "sample_losses"),
        ("loss Loss", "loss"),
        ("Activation_Softmax_Loss_CategoricalCrossentropy SoftmaxWithLoss softmax_cross_entropy", "fused"),
        ("Activaton_ReLU Acitvation_Softmax LayreDense Categorical_Crossentopy Loss_CategoricalCrossentrophy", None),
        ("Sofmax Softmaxx Accurracy spiraldate Affinne Affime Softmbx Dxnselaqer densalayor", None),
    ],
)
def test_a_name_means_an_operation_in_every_spelling(names: str, family: str | None) -> None:
    """Case, underscores and numbers at the end do not matter, nor a slip of the pen in a long name."""
    for name in names.split():
        meaning = meaning_of(name)
        assert meaning is not None, name
        assert meaning.family == family or family is None, name
        assert (meaning.rank > 1) == (family is None), name


@pytest.mark.parametrize(
    "names",
    [
        "ELU Activation_ELU SELU GELU LeakyReLU leaky_relu Activation_Sigmoid tanh softmin log_softmax "
        "Activation_Softmin",
        "Layer_Dropout Layer_Input Layers sense Tense Loss_BinaryCrossentropy BCE MSE Loss_MeanSquaredError",
        "Accuracy_Regression relu_backward softmax_derivative train Model Optimizer_SGD x y X i _ __init__ losses a1",
        "Activation_Linear Activation_Gelu Activaton_Selu Activation_Telu",
        "Densee afine layrdxnse dxnsxlayxr Loss_BCE Categorcal",
    ],
)
def test_other_names_mean_nothing(names: str) -> None:
    """Nor do misspelt ones that are as near to something else."""
    for name in names.split():
        assert meaning_of(name) is None, name


def test_the_surer_a_name_the_smaller_its_rank() -> None:
    """The course's own names first, then other spellings, then misspellings; base classes are weak."""
    ranks = [meaning_of(name) for name in ("Layer_Dense", "Dense", "LayerDens", "Activaton_Sofmax", "Layer")]
    assert [(one.weak, one.rank) for one in ranks if one] == [(False, 0), (False, 1), (False, 2), (False, 3), (True, 1)]


def test_a_long_name_may_be_misspelt() -> None:
    """By a letter from six letters on, by two from ten on."""
    assert [slips("x" * length) for length in (1, 5, 6, 9, 10, 30)] == [0, 0, 1, 1, 2, 2]


@pytest.mark.parametrize(
    ("one", "other", "steps"),
    [
        ("", "", 0),
        ("a", "", 1),
        ("ab", "ba", 1),
        ("abc", "abd", 1),
        ("kitten", "sitting", 3),
        ("ca", "abc", 3),
        ("bcabaca", "bca", 4),
    ],
)
def test_the_distance_counts_letters(one: str, other: str, steps: int) -> None:
    """Inserted, dropped, changed, or swapped with their neighbour; the same in both directions."""
    assert distance(one, other) == distance(other, one) == steps


def pair(*arguments: Any, **keywords: Any) -> Any:
    """Return what arrived."""
    return arguments, keywords


def usual(y_pred: Any, y_true: Any) -> Any:
    return y_pred, y_true


def swapped(y_true: Any, y_pred: Any) -> Any:
    return y_pred, y_true


def half_named(one: Any, y_hat: Any) -> Any:
    return y_hat, one


def only_y(y: Any, other: Any) -> Any:
    return other, y


def y_and_t(y: Any, t: Any) -> Any:
    return y, t


def by_name(model: Any = None, *, weight: int = 1, y_pred: Any = None, y_true: Any = None) -> Any:
    return y_pred, y_true


def with_more(scale: float = 1.0, y_true: Any = None, y_pred: Any = None) -> Any:
    return y_pred, y_true


def same_role(predictions: Any, outputs: Any) -> Any:
    return predictions, outputs


def three(y_pred: Any, y_true: Any, y: Any = None) -> Any:
    return y_pred, y_true


def far_away(one: Any, two: Any, y_true: Any = None) -> Any:
    return one, two


@pytest.mark.parametrize("function", [usual, swapped, half_named, only_y, y_and_t, with_more, three, pair])
def test_declared_names_tell_which_argument_is_which(function: Callable[..., Any]) -> None:
    """Both, one of them, or ``y`` beside something else; a function that declares none gets the usual order."""
    (plan,) = plans(function, (PREDICTED, TRUE))
    got = plan.call(function, ("predicted", "truth"))
    assert got == (("predicted", "truth") if function is not pair else (("predicted", "truth"), {}))


@pytest.mark.parametrize("function", [same_role, far_away])
def test_names_that_do_not_tell_leave_both_orders(function: Callable[..., Any]) -> None:
    """The usual one first."""
    assert [plan.order for plan in plans(function, (PREDICTED, TRUE))] == [(0, 1), (1, 0)]


def test_a_function_written_in_c_gets_the_usual_order() -> None:
    """It may not tell its parameters."""
    (plan,) = plans(max, (PREDICTED, TRUE))
    assert plan.usual
    (plan,) = plans(type, (INPUTS,))
    assert plan.usual


def test_parameters_that_must_be_given_by_name_are_given_so() -> None:
    """Where their names tell what they are; others are no places for arguments."""
    (plan,) = plans(by_name, (PREDICTED, TRUE))
    assert plan.call(by_name, ("predicted", "truth")) == ("predicted", "truth")
    with pytest.raises(UnfitError, match="takes 1 argument, not 2"):
        plans(by_name, (INPUTS, BIASES))


def test_what_is_unusual_is_told() -> None:
    """Another order, and what is given besides."""
    (plan,) = plans(partial(swapped), (PREDICTED, TRUE))
    assert plan.told(("y_pred", "y_true")) == "takes (y_true, y_pred)"
    assert not plan.usual
