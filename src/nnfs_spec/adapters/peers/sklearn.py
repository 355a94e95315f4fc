"""scikit-learn: softmax, the mean loss and accuracy; layers and losses of single samples it does not offer."""

from typing import Any

import numpy as np
from sklearn.metrics import accuracy_score, log_loss
from sklearn.utils import extmath

from nnfs_spec.adapters.peers.library import Library, named
from nnfs_spec.arrays import Array


def classes_of(y_true: Array) -> Array:
    """Return sparse labels."""
    return y_true.argmax(axis=1) if y_true.ndim == 2 else y_true


def softmax(inputs: Array) -> Any:
    """Return softmax along the classes."""
    return extmath.softmax(inputs)


def loss(y_pred: Array, y_true: Array) -> Any:
    """Return the mean loss; clipped before, since log_loss clips at the machine epsilon."""
    clipped = np.clip(y_pred, 1e-7, 1 - 1e-7)
    labels = np.arange(int(y_pred.shape[1]))
    return log_loss(classes_of(y_true), clipped, labels=labels)


def accuracy(y_pred: Array, y_true: Array) -> Any:
    """Return the share of right rows."""
    return accuracy_score(classes_of(y_true), y_pred.argmax(axis=1))


LIBRARY = Library(named(softmax, loss, accuracy))
