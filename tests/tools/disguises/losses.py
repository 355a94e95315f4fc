"""The losses, mistaken."""

import math
from typing import Any

import numpy as np

from nnfs_spec.arrays import Array
from tests.tools.disguises.registry import disguises


def picked(p: Array, y: Array) -> list[float]:
    """Return the probability of each target."""
    classes = y.argmax(axis=1) if y.ndim == 2 else y
    return [float(row[int(k)]) for row, k in zip(p, classes, strict=True)]


def clipped(v: float) -> float:
    """Return a probability within the ends."""
    return min(max(v, 1e-7), 1 - 1e-7)


@disguises("loss-without-the-minus", "loss-always-in-double")
def sign_lost(p: Array, y: Array) -> list[float]:
    """Forget the minus."""
    return [math.log(clipped(v)) for v in picked(p, y)]


@disguises("loss-with-the-decimal-logarithm", "loss-always-in-double")
def decimal(p: Array, y: Array) -> list[float]:
    """Use base ten."""
    return [-math.log(clipped(v), 10) for v in picked(p, y)]


@disguises("loss-in-bits", "loss-always-in-double")
def bits(p: Array, y: Array) -> list[float]:
    """Use base two."""
    return [-math.log2(clipped(v)) for v in picked(p, y)]


@disguises("loss-is-the-squared-error", "loss-always-in-double")
def squared(p: Array, y: Array) -> list[float]:
    """Square the distance from one."""
    return [(clipped(v) - 1) ** 2 for v in picked(p, y)]


@disguises("loss-without-clipping", "loss-always-in-double", "loss-with-negative-labels", "loss-with-soft-labels")
def unclipped(p: Array, y: Array) -> Any:
    """Trust the probabilities."""
    hot = np.eye(p.shape[1])[y] if y.ndim == 1 else y
    return -np.log((p * hot).sum(axis=1))


@disguises("loss-without-clipping", "loss-always-in-double", "loss-with-negative-labels", "loss-with-truncated-labels")
def unclipped_loop(p: Array, y: Array) -> list[float]:
    """Trust the probabilities, one by one."""
    return [-math.log(v) for v in picked(p, y)]


@disguises(
    "loss-clipped-below-only",
    "loss-always-in-double",
    "loss-with-negative-labels",
    "loss-with-truncated-labels",
    "loss-of-any-numbers",
)
def guarded_below(p: Array, y: Array) -> list[float]:
    """Guard against zero."""
    return [-math.log(max(v, 1e-7)) for v in picked(p, y)]


@disguises("loss-with-a-small-number-added", "loss-always-in-double")
def epsilon(p: Array, y: Array) -> list[float]:
    """Add an epsilon."""
    return [-math.log(v + 1e-7) for v in picked(p, y)]


@disguises("loss-clipped-at-1e-15", "loss-always-in-double", "loss-with-negative-labels", "loss-with-truncated-labels")
def tiny_clip(p: Array, y: Array) -> list[float]:
    """Clip as scikit-learn once did."""
    eps = 1e-15
    return [-math.log(min(max(v, eps), 1 - eps)) for v in picked(p, y)]


@disguises("loss-averaged-over-classes", "loss-with-negative-labels", "loss-of-any-numbers")
def mean_for_sum(p: Array, y: Array) -> Any:
    """Take the mean of the one-hot products."""
    safe = np.clip(p, 1e-7, 1 - 1e-7)
    if y.ndim == 2:
        return np.mean(-np.log(safe) * y, axis=1)
    return -np.log(safe[np.arange(len(p)), y])


@disguises("loss-of-every-label-in-every-row")
def all_labels(p: Array, y: Array) -> Any:
    """Index the columns only."""
    if y.ndim == 2:
        y = np.argmax(y, axis=1)
    safe = np.clip(p, 1e-7, 1 - 1e-7)
    return np.mean(-np.log(safe[:, y]), axis=1)


@disguises("loss-of-the-likeliest-class", "loss-always-in-double")
def confident(p: Array, y: Array) -> list[float]:
    """Look at the largest probability."""
    return [-math.log(clipped(max(row))) for row in p.tolist()]


@disguises("loss-of-renormalised-predictions", "loss-always-in-double")
def normalises(p: Array, y: Array) -> list[float]:
    """Make the rows sum to one first."""
    safe = np.clip(p, 1e-7, 1 - 1e-7)
    shares = safe / np.sum(safe, axis=1)[:, None]
    return [-math.log(clipped(v)) for v in picked(shares, y)]


@disguises("loss-with-binary-terms", "loss-always-in-double")
def binary(p: Array, y: Array) -> list[float]:
    """Add a term for every class that is not the target."""
    classes = y.argmax(axis=1) if y.ndim == 2 else y
    out: list[float] = []
    for row, k in zip(p.tolist(), classes.tolist(), strict=True):
        terms = [-math.log(clipped(v) if j == k else 1 - clipped(v)) for j, v in enumerate(row)]
        out.append(sum(terms))
    return out


@disguises("loss-is-focal", "loss-always-in-double")
def focal(p: Array, y: Array) -> list[float]:
    """Weigh the easy ones less."""
    return [-math.log(clipped(v)) * (1 - clipped(v)) ** 2 for v in picked(p, y)]


@disguises("loss-averaged-too-early", "loss-always-in-double")
def early_mean(p: Array, y: Array) -> Any:
    """Return one number."""
    losses = [-math.log(clipped(v)) for v in picked(p, y)]
    return sum(losses) / len(losses)


@disguises("loss-in-a-column", "loss-always-in-double")
def column(p: Array, y: Array) -> Any:
    """Keep the axis of the sum."""
    hot = np.eye(p.shape[1])[y] if y.ndim == 1 else y
    return -np.log(np.sum(np.clip(p, 1e-7, 1 - 1e-7) * hot, axis=1, keepdims=True))


@disguises("loss-with-negative-labels", "loss-with-soft-labels", "loss-of-any-numbers")
def plain(p: Array, y: Array) -> Any:
    """The course's own code, which is right but for what it lets through."""
    safe = np.clip(p, 1e-7, 1 - 1e-7)
    confidences = safe[range(len(p)), y] if len(y.shape) == 1 else np.sum(safe * y, axis=1)
    return -np.log(confidences)


@disguises("loss-rounded-to-four-decimals", "loss-always-in-double")
def displayed(p: Array, y: Array) -> list[float]:
    """Round for display."""
    return [round(-math.log(clipped(v)), 4) for v in picked(p, y)]


@disguises("loss-with-labels-from-one", "loss-always-in-double")
def counted_from_one(p: Array, y: Array) -> list[float]:
    """Subtract one from sparse labels."""
    if y.ndim == 1:
        return [-math.log(clipped(float(p[i][int(k) - 1]))) for i, k in enumerate(y)]
    return [-math.log(clipped(v)) for v in picked(p, y)]


@disguises("batch-loss-is-the-sum", "batch-loss-as-a-python-float", "batch-loss-of-nothing-is-zero")
def total(p: Array, y: Array) -> Any:
    """Add up."""
    return math.fsum(-math.log(clipped(v)) for v in picked(p, y))


@disguises("batch-loss-is-the-median", "batch-loss-as-a-python-float")
def middle(p: Array, y: Array) -> Any:
    """Take the middle."""
    losses = sorted(-math.log(clipped(v)) for v in picked(p, y))
    half = len(losses) // 2
    return losses[half] if len(losses) % 2 else (losses[half - 1] + losses[half]) / 2


@disguises("batch-loss-of-the-mean-confidence", "batch-loss-as-a-python-float")
def mean_first(p: Array, y: Array) -> Any:
    """Average the confidences."""
    confidences = [clipped(v) for v in picked(p, y)]
    return -math.log(sum(confidences) / len(confidences))


@disguises("batch-loss-divided-by-one-less", "batch-loss-as-a-python-float", "batch-loss-of-nothing-is-zero")
def unbiased(p: Array, y: Array) -> Any:
    """Divide by N - 1."""
    losses = [-math.log(clipped(v)) for v in picked(p, y)]
    return sum(losses) / max(1, len(losses) - 1)


@disguises("batch-loss-without-the-last-sample", "batch-loss-as-a-python-float")
def short_loop(p: Array, y: Array) -> Any:
    """Stop before the last sample."""
    losses = [-math.log(clipped(v)) for v in picked(p, y)]
    counted = losses[: max(1, len(losses) - 1)]
    return sum(counted) / len(counted)


@disguises("batch-loss-running-on", "batch-loss-as-a-python-float")
class Running:
    """Average over all batches so far."""

    def __init__(self) -> None:
        self.losses: list[float] = []

    def __call__(self, p: Array, y: Array) -> Any:
        """Add this batch."""
        self.losses += [-math.log(clipped(v)) for v in picked(p, y)]
        return sum(self.losses) / len(self.losses)
