"""Accuracy: the share of rows that are right (spec/accuracy.md)."""

import numpy as np

from nnfs_spec.arrays import Labels, Numbers
from nnfs_spec.reference.arguments import in_memory, label_indices, real_matrix, some_rows


@np.errstate(all="ignore")
def accuracy(y_pred: Numbers, y_true: Labels) -> np.float64:
    """Return the share of rows whose largest entry, the first of tied ones, stands at the target class.

    Shapes: y_pred (N, C) with N >= 1, any finite scores, y_true sparse (N,) or one-hot (N, C), to a float64 scalar
    in [0, 1]. Raises SpecValueError for labels outside the classes (LOSS-11), of another form or length (LOSS-12),
    no rows (ACC-7), another shape (GEN-8), a NaN or infinity (GEN-6); SpecTypeError for another dtype (GEN-5,
    LOSS-12) or a lazy array (GEN-8). Clauses ACC-1 to ACC-8; source: the seed's "Calculating Accuracy".
    """
    in_memory("accuracy", "y_pred", y_pred)
    in_memory("accuracy", "y_true", y_true)
    scores = real_matrix("accuracy", "y_pred", y_pred)
    target = label_indices("accuracy", "y_true", y_true, scores.shape)
    some_rows("accuracy", "y_pred", len(scores), "ACC-7")
    return np.mean(scores.argmax(axis=1) == target, dtype=np.float64)
