"""What always holds, in plain Hypothesis: the reference is called, the strategies draw, and NumPy compares.

The strategies draw everything that is allowed: subnormals, both zeros, ties, and numbers up to 1.8e308. Where a
result is rounded, the allowed error counts roundings of half an ``eps`` each; spec/ derives it for each clause.
"""

import numpy as np
from hypothesis import example, given
from hypothesis import strategies as st

from nnfs_spec import Accumulator, accuracy, dense, loss, relu, sample_losses, softmax, spiral_data
from nnfs_spec.strategies import inputs, labelled, layers, logits

Matrix = np.ndarray[tuple[int, int], np.dtype[np.float64]]
Labelled = tuple[Matrix, np.ndarray[tuple[int], np.dtype[np.int64]]]
EPS = np.finfo(np.float64).eps


@given(logits())
def test_softmax_rows_sum_to_one(z: Matrix) -> None:
    classes = z.shape[1]
    assert (abs(softmax(z).sum(axis=1) - 1) <= (classes + 4) * EPS).all()  # SOFTMAX-1, and as much for this sum


@given(logits())
@example(np.array([[1000.0, 1000.0], [1e308, -1e308]]))
def test_softmax_survives_large_inputs(z: Matrix) -> None:
    assert np.isfinite(softmax(z)).all()


@given(inputs())
def test_relu_is_never_negative(x: Matrix) -> None:
    assert (relu(x) >= 0).all()


@given(labelled())
@example((np.array([[0.0, 1.0]]), np.array([0])))
def test_the_loss_stays_finite_after_clipping(pair: Labelled) -> None:
    y_pred, y_true = pair
    assert np.isfinite(loss(y_pred, y_true))


@given(labelled())
def test_sparse_and_one_hot_labels_give_equal_loss(pair: Labelled) -> None:
    y_pred, sparse = pair
    one_hot = np.eye(y_pred.shape[1])[sparse]
    assert (sample_losses(y_pred, sparse) == sample_losses(y_pred, one_hot)).all()


@given(layers(n_inputs=3), st.integers(1, 5))
def test_a_dense_layer_gives_its_biases_for_zero_inputs(layer: tuple[Matrix, Matrix], samples: int) -> None:
    weights, biases = layer
    assert (dense(np.zeros((samples, 3)), weights, biases) == biases).all()


@given(labelled())
def test_accuracy_is_the_share_of_rows_whose_largest_entry_is_the_target(pair: Labelled) -> None:
    y_pred, y_true = pair
    assert accuracy(y_pred, y_true) == np.mean(y_pred.argmax(axis=1) == y_true)


@given(inputs(columns=2), layers(n_inputs=2, n_neurons=3), st.integers(1, 4))
def test_a_network_whose_neurons_are_all_dead_gives_every_class_the_same(
    x: Matrix, layer: tuple[Matrix, Matrix], classes: int
) -> None:
    dead = relu(dense(x, np.zeros((2, 3)), -abs(layer[1])))
    predictions = softmax(dense(dead, np.ones((3, classes)), np.zeros((1, classes))))
    assert (predictions == predictions[0, 0]).all()


@given(st.integers(1, 50), st.integers(1, 5))
def test_spiral_points_lie_in_the_unit_disc_in_one_block_for_each_class(samples: int, classes: int) -> None:
    points, labels = spiral_data(samples, classes)
    assert (np.hypot(*points.T) <= 1 + 4 * EPS).all()
    assert (labels == np.repeat(np.arange(classes), samples)).all()


@given(labelled(rows=(2, 8)))
def test_chunks_are_scored_as_the_whole_batch(pair: Labelled) -> None:
    y_pred, y_true = pair
    first, rest, both = Accumulator(), Accumulator(), Accumulator()
    first.add(y_pred[:1], y_true[:1])
    rest.add(y_pred[1:], y_true[1:])
    both.merge(rest)
    both.merge(first)
    first.merge(rest)
    assert first.accuracy == accuracy(y_pred, y_true)
    assert first.loss == both.loss  # no order of merges changes a bit
