"""Accuracy: the share of rows that are right (spec/accuracy.md)."""

from functools import partial
from typing import Any

import numpy as np

from nnfs_spec.arrays import Labels, Numbers
from nnfs_spec.fast import native
from nnfs_spec.fast.fallback import fall_back, plain_matrix
from nnfs_spec.reference.accuracy import accuracy as plain_accuracy
from nnfs_spec.reference.arguments import count, in_memory, label_indices, matrix_form


def accuracy(y_pred: Numbers, y_true: Labels, *, workers: int = 1) -> np.float64:
    """Return the share of rows whose largest entry, the first of tied ones, stands at the target class.

    Shapes, dtypes and errors are those of ``nnfs_spec.accuracy``, and so are the results' bits. At most ``workers``
    threads share the rows, a whole number of at least 1 (GEN-8). Clauses ACC-1 to ACC-8; source: the seed's
    "Calculating Accuracy".
    """
    share = native.kernels.accuracy(y_pred, y_true, workers)
    return _accuracy(y_pred, y_true, workers) if share is None else np.float64(share)


def _accuracy(y_pred: Any, y_true: Any, workers: object) -> np.float64:
    def attempt() -> np.float64 | None:
        in_memory("accuracy", "y_pred", y_pred)
        in_memory("accuracy", "y_true", y_true)
        scores = matrix_form("accuracy", "y_pred", y_pred)
        labels = label_indices("accuracy", "y_true", y_true, scores.shape)
        threads = count("accuracy", "workers", workers, "GEN-8")
        share = native.kernels.accuracy(plain_matrix(scores), labels, threads)
        return None if share is None else np.float64(share)

    found: np.float64 = fall_back(attempt, partial(plain_accuracy, y_pred, y_true))
    return found
