"""Exact clipped cross-entropy (spec/loss.md, LOSS-1) and its mean (LOSS-8)."""

from typing import Any

import numpy as np

from nnfs_spec.arrays import Array, unit_roundoff
from nnfs_spec.oracle import bounds
from nnfs_spec.oracle import double_double as pairs
from nnfs_spec.oracle import float64 as doubles
from nnfs_spec.oracle.double_double import Doubles
from nnfs_spec.oracle.enclosure import Enclosure, Question, joined

BLOCK = 2**14
"""Logarithms taken at a time, so that every intermediate stays in the cache."""


def clip_ends(dtype: np.dtype[Any]) -> tuple[float, float]:
    """Return fl(1e-7) and fl(1 - 1e-7), the ends of the clip in ``dtype``."""
    return float(dtype.type(1e-7)), float(dtype.type(1 - 1e-7))


def targets_of(y_true: Array) -> Array:
    """Return sparse (N,) or one-hot (N, C) labels as class indices (N,)."""
    return (y_true if y_true.ndim == 1 else y_true.argmax(axis=1)).astype(np.intp)


def sample_losses(y_pred: Array, y_true: Array) -> Enclosure:
    """Return the exact -ln of the clipped probability of each row's target (N,), with the bound of LOSS-1."""
    confidences = y_pred[np.arange(len(y_pred)), targets_of(y_true)].astype(np.float64)
    return negative_log(np.clip(confidences, *clip_ends(y_pred.dtype)), y_pred.dtype)


def negative_log(confidences: Doubles, dtype: np.dtype[Any]) -> Enclosure:
    """Return the exact -ln of probabilities above 0, with the bound that LOSS-1 sets for a loss of that size."""
    starts = range(0, max(1, len(confidences)), BLOCK)
    return joined([_negative_log(confidences[start : start + BLOCK], dtype) for start in starts])


def _negative_log(confidences: Doubles, dtype: np.dtype[Any]) -> Enclosure:
    if len(confidences) > 1 and (confidences == confidences[0]).all():  # many at once are clipped to one number
        one = _negative_log(confidences[:1], dtype)
        parts = (np.repeat(part, len(confidences)) for part in (one.hi, one.lo, one.radius, one.bound))
        return Enclosure(*parts)
    if dtype == np.float32:
        single, radius = doubles.log(confidences)
        return Enclosure(-single, np.zeros_like(single), radius, loss_bound(-single, dtype))
    value, radius = pairs.log(confidences)
    hi, lo = pairs.negate(value)
    return Enclosure(hi, lo, radius, loss_bound(hi, dtype))


def loss_bound(value: Doubles, dtype: np.dtype[Any]) -> Doubles:
    """Return the bound of LOSS-1 in ``dtype``."""
    bound: Doubles = bounds.sample_loss(value, unit_roundoff(dtype))
    return bound


def mean(values: Array, dtype: np.dtype[Any]) -> Enclosure:
    """Return the exact mean of ``values`` (N,), shape (1,), with a relative bound of (N + 2)·u, u of ``dtype``."""
    n = len(values)
    doubles = values.astype(np.float64)
    hi, lo = pairs.divide(pairs.total(doubles), pairs.single(np.full(1, float(n))))
    magnitude = np.abs(doubles).mean(keepdims=True)
    bound = (n + 2) * unit_roundoff(dtype) * magnitude
    return Enclosure(hi, lo, magnitude * n * 2.0**-99, bound, question=Question("mean", (values,), dtype))


def loss(y_pred: Array, y_true: Array) -> Enclosure:
    """Return the exact mean loss of a batch, shape (1,), with the bound of LOSS-8."""
    each = sample_losses(y_pred, y_true)
    n = len(y_pred)
    hi, lo = pairs.divide(pairs.total(np.concatenate([each.hi, each.lo])), pairs.single(np.full(1, float(n))))
    radius = each.radius.mean() + hi * n * 2.0**-99
    return Enclosure(hi, lo, radius, bounds.mean_loss(n, hi, unit_roundoff(y_pred.dtype)))
