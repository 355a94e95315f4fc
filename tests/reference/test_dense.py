"""The reference of spec/dense.md: results, types and errors."""

from typing import Any

import numpy as np
import pytest

from nnfs_spec import Layer_Dense, SpecError, SpecTypeError, SpecValueError, check, dense


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (
            ([[1.0, 2.0]], np.ones((3, 4)), np.ones(4)),
            "dense: weights.shape is (3, 4) but must be (2, n) to match inputs.shape (1, 2) [DENSE-9]",
        ),
        (
            (np.ones((5, 2)), np.ones((2, 4)), np.ones((4, 1))),
            "dense: biases.shape is (4, 1) but must be (1, 4) or (4,) [DENSE-5]",
        ),
        (
            (np.ones((5, 2)), np.ones((2, 4)), np.ones(3)),
            "dense: biases.shape is (3,) but must be (1, 4) or (4,) [DENSE-5]",
        ),
        (
            (np.ones((5, 2), np.float32), np.ones((2, 4)), np.ones(4)),
            "dense: weights.dtype is float64 but must be float32, as inputs.dtype [GEN-5]",
        ),
        (
            (np.ones((5, 2)), np.ones((2, 4)), np.ones(4, np.float32)),
            "dense: biases.dtype is float32 but must be float64, as inputs.dtype [GEN-5]",
        ),
        (
            (np.ones((5, 2)), [[1.0, np.inf], [0.0, 0.0]], np.ones(2)),
            "dense: weights[0, 1] is inf but must be finite [GEN-6]",
        ),
        ((np.ones((5, 2)), np.ones((2, 2)), [0.0, np.nan]), "dense: biases[1] is nan but must be finite [GEN-6]"),
        (
            ([1.0, 2.0], np.ones((2, 4)), np.ones(4)),
            "dense: inputs.shape is (2,) but must be (N, C) with C >= 1 [GEN-8]",
        ),
        (
            ([[1, 2, 3, 2.5], [2.0, 5.0, -1.0, 2.0], [-1.5, 2.7, 3.3, -0, 8]], np.ones((4, 1)), [0.0]),
            "dense: inputs is ragged but must be rows of one length [GEN-8]",
        ),
    ],
)
def test_bad_arguments_are_named(arguments: tuple[Any, Any, Any], message: str) -> None:
    """What arrived, what should have, and which clause."""
    with pytest.raises(SpecError) as caught:
        dense(*arguments)
    assert str(caught.value) == message


def test_an_error_keeps_its_comparison_as_fields() -> None:
    """For programs that read it."""
    with pytest.raises(SpecValueError) as caught:
        dense(np.ones((1, 2)), np.ones((3, 4)), np.ones(4))
    error = caught.value
    fields = (error.operation, error.argument, error.got, error.expected, error.clause)
    assert fields == ("dense", "weights.shape", "(3, 4)", "(2, n) to match inputs.shape (1, 2)", "DENSE-9")


@pytest.mark.parametrize(
    ("sizes", "kind", "message"),
    [
        ((0, 3), SpecValueError, "Layer_Dense: n_inputs is 0 but must be a whole number of at least 1 [DENSE-10]"),
        ((2, -1), SpecValueError, "Layer_Dense: n_neurons is -1 but must be a whole number of at least 1 [DENSE-10]"),
        ((2.0, 3), SpecTypeError, "Layer_Dense: n_inputs is 2.0 but must be a whole number of at least 1 [DENSE-10]"),
        (
            (2, True),
            SpecTypeError,
            "Layer_Dense: n_neurons is True but must be a whole number of at least 1 [DENSE-10]",
        ),
    ],
)
def test_a_layer_needs_whole_sizes(sizes: tuple[Any, Any], kind: type[SpecError], message: str) -> None:
    """At least one input and one neuron."""
    with pytest.raises(kind) as caught:
        Layer_Dense(*sizes)
    assert str(caught.value) == message


def test_a_bias_vector_and_a_bias_row_are_the_same() -> None:
    """Shapes (n,) and (1, n)."""
    x, w = np.ones((2, 3)), np.ones((3, 2))
    assert (dense(x, w, np.array([1.0, 2.0])) == dense(x, w, np.array([[1.0, 2.0]]))).all()


def test_weight_is_another_name_of_weights() -> None:
    """The seed's spelling: the same array, for reading and for writing."""
    layer = Layer_Dense(2, 3)
    assert layer.weight is layer.weights
    layer.weight = np.ones((2, 3))
    assert layer.weights is layer.weight
    assert layer.forward([[1.0, 2.0]]).tolist() == [[3.0, 3.0, 3.0]]
    assert layer.output.tolist() == [[3.0, 3.0, 3.0]]


def test_the_global_generator_governs_new_layers() -> None:
    """As learners expect of np.random.seed."""
    np.random.seed(7)
    expected = 0.10 * np.random.rand(2, 3)
    np.random.seed(7)
    assert (Layer_Dense(2, 3).weights == expected).all()


def test_a_generator_of_ones_own_may_be_given() -> None:
    """Then the global one is left alone."""
    first = Layer_Dense(2, 3, rng=np.random.default_rng(1)).weights
    again = Layer_Dense(2, 3, rng=np.random.default_rng(1)).weights
    assert (first == again).all()


def test_the_inputs_decide_the_dtype_of_a_layer() -> None:
    """float32 in, float32 out, though new weights are float64."""
    assert Layer_Dense(2, 3).forward(np.ones((1, 2), np.float32)).dtype == np.float32


def test_weights_beyond_float32_are_named_when_the_inputs_are_float32() -> None:
    """Rather than warned of."""
    layer = Layer_Dense(1, 1)
    layer.weights = np.array([[1e300]])
    with pytest.raises(SpecValueError) as caught:
        layer.forward(np.ones((1, 1), np.float32))
    assert str(caught.value) == "dense: weights[0, 0] is inf but must be finite [GEN-6]"


def test_a_course_layer_as_a_class_keeps_every_clause() -> None:
    """The classes are checked besides the functions."""
    assert check({"Layer_Dense": Layer_Dense}, budget="quick", level="should").verdict == "conformant"
