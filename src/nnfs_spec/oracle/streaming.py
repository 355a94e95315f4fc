"""Exact loss, accuracy and number of rows of a stream (spec/streaming.md, STREAM-1 and STREAM-2)."""

import numpy as np

from nnfs_spec.arrays import Array, unit_roundoff
from nnfs_spec.oracle import bounds
from nnfs_spec.oracle.accuracy import accuracy
from nnfs_spec.oracle.enclosure import Enclosure, joined
from nnfs_spec.oracle.loss import loss, sample_losses


def stream(y_pred: Array, y_true: Array, chunk: Array, part: Array) -> Enclosure:
    """Return the exact loss, accuracy and number of rows, shape (3,), the first with the bound of STREAM-1."""
    mean, share, zero = loss(y_pred, y_true), accuracy(y_pred, y_true), np.zeros(1)
    largest = sample_losses(y_pred, y_true).hi.max(initial=0.0)
    u = unit_roundoff(y_pred.dtype)
    bound = bounds.streamed_loss(len(y_pred), joins(chunk, part), mean.hi, largest, u)
    return joined(
        [
            Enclosure(mean.hi, mean.lo, mean.radius, bound),
            share,
            Enclosure(np.array([float(len(y_pred))]), zero, zero, zero),
        ]
    )


def joins(chunk: Array, part: Array) -> int:
    """Return M, how many chunks are added, those of no rows included, and how many accumulators are merged."""
    parts = 1 + int(part.max(initial=0))
    return parts - 1 + sum(1 + int(chunk[part == k].max(initial=0)) for k in range(parts))
