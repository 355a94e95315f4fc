"""mypy --strict and pyright strict accept every line, with exactly these types."""

from typing import Any, assert_type

import nnfs
import numpy as np
from nnfs.datasets import spiral_data as packaged_spiral_data
from numpy.typing import NDArray

from nnfs_spec import (
    Accumulator,
    Activation_ReLU,
    Activation_Softmax,
    Layer_Dense,
    Loss_CategoricalCrossEntropy,
    Report,
    accuracy,
    check,
    dense,
    fast,
    loss,
    relu,
    sample_losses,
    softmax,
    spiral_data,
)
from nnfs_spec.arrays import Matrix, Vector

single = np.ones((2, 3), dtype=np.float32)
double = np.ones((2, 3))
whole = np.ones((2, 3), dtype=np.int64)
nested: list[list[float]] = [[1.0, 2.0, 3.0], [4, 5, 6]]
single_weights, double_weights = np.ones((3, 4), dtype=np.float32), np.ones((3, 4))
single_biases, double_biases = np.ones((1, 4), dtype=np.float32), np.ones((1, 4))

assert_type(relu(single), Matrix[np.float32])
assert_type(relu(double), Matrix[np.float64])
assert_type(relu(whole), Matrix[np.float64])
assert_type(relu(nested), Matrix[np.float64])

assert_type(softmax(single), Matrix[np.float32])
assert_type(softmax(double), Matrix[np.float64])
assert_type(softmax(whole), Matrix[np.float64])
assert_type(softmax(nested), Matrix[np.float64])

assert_type(dense(single, single_weights, single_biases), Matrix[np.float32])
assert_type(dense(single, single_weights, np.ones(4, dtype=np.float32)), Matrix[np.float32])
assert_type(dense(double, double_weights, double_biases), Matrix[np.float64])
assert_type(dense(nested, double_weights, double_biases), Matrix[np.float64])
assert_type(dense(whole, whole, [0.0, 0.0, 0.0]), Matrix[np.float64])
assert_type(dense(double, double_weights, [0.0, 0.0, 0.0, 0.0]), Matrix[np.float64])
assert_type(dense(double, nested, double_biases), Matrix[np.float64])

assert_type(sample_losses(single, np.array([0, 1])), Vector[np.float32])
assert_type(sample_losses(double, [0, 1]), Vector[np.float64])
assert_type(sample_losses(nested, np.ones((2, 3))), Vector[np.float64])
assert_type(loss(single, [0, 1]), np.float32)
assert_type(loss(double, [[1, 0, 0], [0, 1, 0]]), np.float64)
assert_type(accuracy(single, np.array([0, 1], dtype=np.uint8)), np.float64)

total = Accumulator()
total.add(single, [0, 1])
total.add(double, np.array([[1, 0, 0], [0, 1, 0]]))
total.add(nested, [0, 1])
total.merge(Accumulator.from_npy("predictions.npy", "labels.npy", chunk_rows=1000))
assert_type(total.loss, np.float32 | np.float64)
assert_type(total.accuracy, np.float64)
assert_type(total.rows, int)

points, labels = spiral_data(100, 3)
assert_type(points, Matrix[np.float64])
assert_type(labels, np.ndarray[tuple[int], np.dtype[np.uint8]])

layer = Layer_Dense(2, 3)
assert_type(layer.forward(single), Matrix[np.float32])
assert_type(layer.forward(points), Matrix[np.float64])
assert_type(layer.output, np.ndarray[tuple[int, int], np.dtype[Any]])
assert_type(Activation_ReLU().forward(layer.forward(points)), Matrix[np.float64])
assert_type(Activation_Softmax().forward(nested), Matrix[np.float64])
assert_type(Loss_CategoricalCrossEntropy().calculate(softmax(single), labels), np.float32)
assert_type(Loss_CategoricalCrossEntropy().forward(softmax(double), labels), Vector[np.float64])

assert_type(fast.relu(single, out=single.copy()), Matrix[np.float32])
assert_type(fast.relu(double, workers=2), Matrix[np.float64])
assert_type(fast.relu(nested, out=double.copy()), Matrix[np.float64])
assert_type(fast.softmax(single), Matrix[np.float32])
assert_type(fast.softmax(whole), Matrix[np.float64])
assert_type(fast.dense(single, single_weights, single_biases), Matrix[np.float32])
assert_type(fast.dense(whole, whole, [0.0, 0.0, 0.0]), Matrix[np.float64])
assert_type(fast.dense(double, nested, double_biases), Matrix[np.float64])
assert_type(fast.sample_losses(single, np.array([0, 1])), Vector[np.float32])
assert_type(fast.sample_losses(nested, np.ones((2, 3))), Vector[np.float64])
assert_type(fast.softmax_losses(single, np.array([0, 1])), Vector[np.float32])
assert_type(fast.softmax_losses(nested, [[1, 0, 0], [0, 1, 0]]), Vector[np.float64])
assert_type(fast.loss(single, [0, 1]), np.float32)
assert_type(fast.loss(double, [[1, 0, 0], [0, 1, 0]], workers=2), np.float64)
assert_type(fast.accuracy(single, np.array([0, 1], dtype=np.uint8)), np.float64)
assert_type(fast.forward(single, [(single_weights, single_biases)]), Matrix[np.float32])
assert_type(fast.forward(double, [(double_weights, np.ones(4))]), Matrix[np.float64])
assert_type(fast.forward(nested, [(double_weights, double_biases)]), Matrix[np.float64])

assert_type(relu(np.ones((2, 3))), Matrix[np.float64])
assert_type(softmax(np.ones((2, 3), dtype=np.float32)), Matrix[np.float32])
assert_type(softmax(np.arange(6).reshape(2, 3)), Matrix[np.float64])
assert_type(dense(np.ones((2, 3)), np.ones((3, 4)), np.zeros(4)), Matrix[np.float64])
assert_type(dense([[1, 2]], [[3], [4]], [[5]]), Matrix[np.float64])
assert_type(loss(np.ones((2, 3)), np.arange(2)), np.float64)
assert_type(accuracy([[0.2, 0.8]], [1]), np.float64)


def keeps_what_is_not_known(reals: NDArray[np.floating[Any]]) -> None:
    """Numbers of some precision do not become float32."""
    assert_type(relu(reals), Matrix[np.floating[Any]])
    assert_type(softmax(reals), Matrix[np.floating[Any]])
    assert_type(dense(reals, reals, reals), Matrix[np.floating[Any]])
    assert_type(sample_losses(reals, [0, 1]), Vector[np.floating[Any]])
    assert_type(loss(reals, [0, 1]), np.floating[Any])
    assert_type(Layer_Dense(2, 3).forward(reals), Matrix[np.floating[Any]])
    assert_type(fast.softmax(reals), Matrix[np.floating[Any]])


relu(np.array([1.0, 2.0]))  # wrong, but of the type NDArray[Any] by NumPy's own stubs, so that nothing can reject it

nnfs.init()
assert_type(packaged_spiral_data(100, 3)[0], Matrix[np.float64])

assert_type(check("reference"), Report)
assert_type(check("reference")["RELU-1"].status == "pass", bool)
assert_type(check("reference").to_json(), str)
