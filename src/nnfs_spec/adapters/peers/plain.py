"""Plain NumPy: the formulas of the seed, as it writes them."""

from typing import Any

import numpy as np

from nnfs_spec.adapters.peers.library import Library, named, network
from nnfs_spec.arrays import Array


def dense(inputs: Array, weights: Array, biases: Array) -> Any:
    """Return the seed's Layer_Dense."""
    return np.dot(inputs, weights) + biases


def relu(inputs: Array) -> Any:
    """Return the seed's Activation_ReLU."""
    return np.maximum(0, inputs)


def softmax(inputs: Array) -> Any:
    """Return the seed's Activation_Softmax."""
    exp_values = np.exp(inputs - np.max(inputs, axis=1, keepdims=True))
    return exp_values / np.sum(exp_values, axis=1, keepdims=True)


def sample_losses(y_pred: Array, y_true: Array) -> Array:
    """Return the seed's Loss_CategoricalCrossEntropy."""
    clipped = np.clip(y_pred, 1e-7, 1 - 1e-7)
    one_hot = len(y_true.shape) == 2
    confidences: Array = np.sum(clipped * y_true, axis=1) if one_hot else clipped[range(len(y_pred)), y_true]
    return -np.log(confidences)


def loss(y_pred: Array, y_true: Array) -> Any:
    """Return the mean of the sample losses."""
    return np.mean(sample_losses(y_pred, y_true))


def accuracy(y_pred: Array, y_true: Array) -> Any:
    """Return the share of right rows; one-hot labels, which the seed has none of here, become classes."""
    classes: Array = np.argmax(y_true, axis=1) if len(y_true.shape) == 2 else y_true
    right: Array = np.argmax(y_pred, axis=1) == classes
    return np.mean(right)


LIBRARY = Library(
    {**named(dense, relu, softmax, sample_losses, loss, accuracy), "forward": network(dense, relu, softmax)}
)
