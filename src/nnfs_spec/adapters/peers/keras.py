"""Keras on torch, since its other backends compile for every shape; results are tensors."""

import os
from typing import Any

import numpy as np

os.environ["KERAS_BACKEND"] = "torch"  # is read when Keras is imported

import keras
from keras import ops

from nnfs_spec.adapters.peers.library import Library, named, network
from nnfs_spec.arrays import Array


def tensor(array: Array) -> Any:
    """Return a copy as a tensor."""
    return ops.convert_to_tensor(np.array(array))


def dense(inputs: Any, weights: Any, biases: Any) -> Any:
    """Return what the layer Dense computes."""
    return ops.add(ops.matmul(inputs, weights), biases)


def relu(inputs: Any) -> Any:
    """Return relu."""
    return ops.relu(inputs)


def softmax(inputs: Any) -> Any:
    """Return softmax along the classes."""
    return ops.softmax(inputs, axis=-1)


def sample_losses(y_pred: Any, y_true: Any) -> Any:
    """Return the loss that is meant for the form of the labels."""
    if len(y_true.shape) == 2:
        return keras.losses.categorical_crossentropy(y_true, y_pred)
    return keras.losses.sparse_categorical_crossentropy(y_true, y_pred)


def loss(y_pred: Any, y_true: Any) -> Any:
    """Return the mean of the sample losses."""
    return ops.mean(sample_losses(y_pred, y_true))


def accuracy(y_pred: Any, y_true: Any) -> Any:
    """Return the mean of the metric that is meant for the form of the labels."""
    if len(y_true.shape) == 2:
        return ops.mean(keras.metrics.categorical_accuracy(y_true, y_pred))
    return ops.mean(keras.metrics.sparse_categorical_accuracy(y_true, y_pred))


LIBRARY = Library(
    {**named(dense, relu, softmax, sample_losses, loss, accuracy), "forward": network(dense, relu, softmax)},
    take=tensor,
)
