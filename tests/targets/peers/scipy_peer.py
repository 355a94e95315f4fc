"""The forward pass in the words of SciPy."""

import numpy as np
from scipy.special import softmax as scipy_softmax
from scipy.special import xlogy


def dense(inputs, weights, biases):
    return np.dot(inputs, weights) + biases


def relu(inputs):
    return np.maximum(inputs, 0)


def softmax(inputs):
    return scipy_softmax(inputs, axis=1)


def sample_losses(y_pred, y_true):
    clipped = np.clip(y_pred, 1e-7, 1 - 1e-7)
    one_hot = y_true if y_true.ndim == 2 else np.equal(y_true[:, None], np.arange(y_pred.shape[1]))
    return -xlogy(one_hot.astype(y_pred.dtype), clipped).sum(axis=1)


def loss(y_pred, y_true):
    return sample_losses(y_pred, y_true).mean()


def accuracy(y_pred, y_true):
    classes = y_true.argmax(axis=1) if y_true.ndim == 2 else y_true
    return np.mean(y_pred.argmax(axis=1) == classes)
