"""Label forms, good and bad, for the clauses of loss and accuracy."""

from typing import Any

import numpy as np

from nnfs_spec.arrays import Array

LABEL_DTYPES: tuple[np.dtype[Any], ...] = tuple(np.dtype(f"{kind}{size}") for kind in "iu" for size in (1, 2, 4, 8))
"""Every integer type of labels."""

ONE_HOT_DTYPES: tuple[np.dtype[Any], ...] = tuple(map(np.dtype, (np.uint8, np.int64, np.float32, np.float64)))
"""Types of one-hot arrays: the narrowest and the widest integers, and both floating-point dtypes."""


def one_hot(labels: Array, classes: int, dtype: np.dtype[Any]) -> Array:
    """Return sparse ``labels`` (N,) as one-hot rows (N, C)."""
    hot: Array = np.equal(np.arange(classes), labels[:, np.newaxis]).astype(dtype)
    return hot


def one_wrong_each(wrong: Array) -> list[Array]:
    """Return labels of which one is taken from ``wrong`` and the others are 0: the first, the middle and the last."""
    rows = len(wrong)
    return [np.where(np.arange(rows) == row, wrong, 0) for row in sorted({0, rows // 2, rows - 1})]


def malformed_labels(labels: Array, classes: int) -> tuple[Array, ...]:
    """Return forms of ``labels`` (N,) that are no labels for N predictions of C >= 2 classes (LOSS-12)."""
    hot = one_hot(labels, classes, np.dtype(np.float64))
    soft, none, two = hot.copy(), hot.copy(), hot.copy()
    soft[-1], none[-1], two[-1] = 1 / classes, 0.0, 0.0
    two[-1, :2] = 1.0
    return (
        labels + 0.5,
        labels.astype(np.float64),
        labels.astype(np.bool_),
        soft,
        none,
        two,
        labels[:, np.newaxis],
        np.concatenate([labels, labels[:1]]),
        labels[:-1],
        *[labels[:1]][: len(labels) - 1],  # which of one prediction is no wrong label
        hot[:, :-1],
    )
