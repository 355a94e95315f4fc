"""Exponentials and logarithms in ball arithmetic, with as many bits as a decision takes; needs python-flint.

A ball is a number with a certified radius, so a comparison of two is answered only where every number in them agrees.
"""

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple, TypeVar

import flint
import numpy as np

from nnfs_spec.arrays import Array, smallest_normal, unit_roundoff
from nnfs_spec.oracle import bounds
from nnfs_spec.oracle.enclosure import Question
from nnfs_spec.oracle.loss import clip_ends, targets_of

Told = TypeVar("Told", bool, float)

PRECISIONS = (128, 256, 512, 1024)
"""Bits, until a question is decided. A value that two numbers have in common is not decided by any of them."""


class Ball(NamedTuple):
    """The exact value of an entry, and the bound of its clause."""

    value: flint.arb
    bound: flint.arb


def told(
    question: Question, row: int, columns: Sequence[int], tell: Callable[[Ball, int], Told | None]
) -> list[Told | None]:
    """Return what ``tell`` says of each entry and its place, asked with growing precision until all are told."""
    answers: list[Told | None] = [None] * len(columns)
    for bits in PRECISIONS:
        with flint.ctx.workprec(bits):
            answers = [tell(one, place) for place, one in enumerate(_entries(question, row, columns))]
        if None not in answers:
            break
    return answers


def _entries(question: Question, row: int, columns: Sequence[int]) -> list[Ball]:
    match question.operation:
        case "softmax":
            (inputs,) = question.arguments
            return softmax(inputs, row, columns)
        case "sample_losses":
            y_pred, y_true = question.arguments
            return [sample_loss(y_pred, y_true, row)]
        case _:
            y_pred, y_true = question.arguments
            return [loss(y_pred, y_true)]


def softmax(inputs: Array, row: int, columns: Sequence[int]) -> list[Ball]:
    """Return entries of the softmax of ``inputs`` (N, C) by SOFTMAX-4."""
    logits, dtype = [flint.arb(float(z)) for z in inputs[row]], inputs.dtype
    largest = flint.arb(float(inputs[row].max()))
    exponentials = [(z - largest).exp() for z in logits]
    total, classes = sum(exponentials, flint.arb(0)), len(logits)
    found: list[Ball] = []
    for column in columns:
        share = exponentials[column] / total
        steps = bounds.softmax_steps(classes, flint.arb(classes).log(), largest - logits[column])
        found.append(Ball(share, bounds.softmax(steps, share, unit_roundoff(dtype), smallest_normal(dtype))))
    return found


def sample_loss(y_pred: Array, y_true: Array, row: int) -> Ball:
    """Return one of the losses of ``y_pred`` (N, C) by LOSS-1."""
    (value,) = _negative_log(y_pred[[row]], y_true[[row]])
    return Ball(value, bounds.sample_loss(value, unit_roundoff(y_pred.dtype)))


def loss(y_pred: Array, y_true: Array) -> Ball:
    """Return the mean of the losses of ``y_pred`` (N, C) by LOSS-8."""
    each = _negative_log(y_pred, y_true)
    value = sum(each, flint.arb(0)) / len(each)
    return Ball(value, bounds.mean_loss(len(each), value, unit_roundoff(y_pred.dtype)))


def holds(one: Ball, got: float) -> bool | None:
    """Tell whether ``got`` is within the bound of the exact value; None where more bits are needed."""
    error = abs(flint.arb(got) - one.value)
    if error <= one.bound:
        return True
    return None if error.overlaps(one.bound) else False


def distance(one: Ball, got: float, unit: float) -> float | None:
    """Return how far ``got`` is from the exact value, in multiples of ``unit``; None where more bits are needed."""
    multiple = abs(flint.arb(got) - one.value) / unit
    return float(multiple) if float(multiple.rad()) <= 2.0**-40 * max(1.0, float(multiple)) else None


def _negative_log(y_pred: Array, y_true: Array) -> list[flint.arb]:
    picked: np.ndarray[Any, Any] = y_pred[np.arange(len(y_pred)), targets_of(y_true)]
    clipped = np.clip(picked.astype(np.float64), *clip_ends(y_pred.dtype))
    return [-flint.arb(float(confidence)).log() for confidence in clipped]
