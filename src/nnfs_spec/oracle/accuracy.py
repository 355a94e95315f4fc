"""Exact accuracy (spec/accuracy.md, ACC-1)."""

import numpy as np

from nnfs_spec.arrays import Array
from nnfs_spec.oracle.enclosure import Enclosure
from nnfs_spec.oracle.loss import targets_of


def accuracy(y_pred: Array, y_true: Array) -> Enclosure:
    """Return k/N rounded to float64, shape (1,): a correctly rounded quotient, so the radius and the bound are 0."""
    right = np.count_nonzero(first_largest(y_pred) == targets_of(y_true))
    zero = np.zeros(1)
    return Enclosure(np.array([right / len(y_pred)]), zero, zero, zero)


def first_largest(y_pred: Array) -> Array:
    """Return, for each row of ``y_pred`` (N, C), the first position of its largest entry (ACC-4)."""
    at_largest: Array = np.equal(y_pred, y_pred.max(axis=1, keepdims=True))
    classes = int(y_pred.shape[1])
    first: Array = np.min(np.where(at_largest, np.arange(classes), classes), axis=1)
    return first
