"""SciPy: it has softmax and x·ln y; dense, ReLU and accuracy it leaves to NumPy."""

from typing import Any

import numpy as np
from scipy import special

from nnfs_spec.adapters.peers.library import Library, named
from nnfs_spec.arrays import Array


def softmax(inputs: Array) -> Any:
    """Return softmax along the classes."""
    return special.softmax(inputs, axis=1)


def sample_losses(y_pred: Array, y_true: Array) -> Any:
    """Return -sum t·ln p over the classes, t being one-hot."""
    clipped = np.clip(y_pred, 1e-7, 1 - 1e-7)
    classes = np.arange(int(y_pred.shape[1]))
    one_hot = y_true if y_true.ndim == 2 else np.equal(y_true[:, None], classes)
    return -special.xlogy(one_hot.astype(y_pred.dtype), clipped).sum(axis=1)


def loss(y_pred: Array, y_true: Array) -> Any:
    """Return the mean of the sample losses."""
    return sample_losses(y_pred, y_true).mean()


LIBRARY = Library(named(softmax, sample_losses, loss))
