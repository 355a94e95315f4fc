"""Accuracy, mistaken."""

from typing import Any

import numpy as np

from nnfs_spec.arrays import Array
from tests.tools.disguises.registry import disguises


def targets(y: Array) -> list[int]:
    """Return classes for either form of labels."""
    return [int(k) for k in (np.argmax(y, axis=1) if y.ndim == 2 else y)]


def guesses(scores: Array) -> list[int]:
    """Return the first of the largest scores of each row."""
    return [row.index(max(row)) for row in scores.tolist()]


@disguises(
    "accuracy-with-the-last-of-ties",
    "accuracy-with-labels-of-no-class",
    "accuracy-with-soft-labels",
    "accuracy-overlooking-nan",
)
def later_wins(scores: Array, y: Array) -> Any:
    """Compare with >=."""
    right = 0
    for row, k in zip(scores.tolist(), targets(y), strict=True):
        best = 0
        for j, v in enumerate(row):
            if v >= row[best]:
                best = j
        right += best == k
    return right / len(scores)


@disguises("accuracy-of-the-least-likely-class")
def smallest(scores: Array, y: Array) -> Any:
    """Take the smallest."""
    found = [row.index(min(row)) for row in scores.tolist()]
    return sum(a == b for a, b in zip(found, targets(y), strict=True)) / len(scores)


@disguises("accuracy-in-percent")
def percent(scores: Array, y: Array) -> Any:
    """Multiply by a hundred."""
    return sum(a == b for a, b in zip(guesses(scores), targets(y), strict=True)) / len(scores) * 100


@disguises("accuracy-is-the-count", "accuracy-of-nothing-is-zero")
def count(scores: Array, y: Array) -> int:
    """Count."""
    return sum(a == b for a, b in zip(guesses(scores), targets(y), strict=True))


@disguises("accuracy-is-the-error-rate")
def errors(scores: Array, y: Array) -> Any:
    """Count the wrong ones."""
    return sum(a != b for a, b in zip(guesses(scores), targets(y), strict=True)) / len(scores)


@disguises("accuracy-above-one-half")
def half(scores: Array, y: Array) -> Any:
    """Ask for a majority."""
    return sum(row[k] > 0.5 for row, k in zip(scores.tolist(), targets(y), strict=True)) / len(scores)


@disguises("accuracy-within-the-top-two", "accuracy-with-labels-of-no-class")
def top_two(scores: Array, y: Array) -> Any:
    """Look at the two best."""
    right = 0
    for row, k in zip(scores.tolist(), targets(y), strict=True):
        order = sorted(range(len(row)), key=lambda j: -row[j])
        right += k in order[:2]
    return right / len(scores)


@disguises("accuracy-averaged-by-class")
def balanced(scores: Array, y: Array) -> Any:
    """Average the recalls."""
    found, wanted = np.array(guesses(scores)), np.array(targets(y))
    recalls: list[float] = []
    for k in sorted(set(wanted.tolist())):
        right: Array = found[wanted == k] == k
        recalls.append(float(np.mean(right)))
    return sum(recalls) / len(recalls)


@disguises("accuracy-counting-every-tie-as-right", "accuracy-with-soft-labels")
def generous(scores: Array, y: Array) -> Any:
    """Accept whatever reaches the maximum."""
    return sum(row[k] == max(row) for row, k in zip(scores.tolist(), targets(y), strict=True)) / len(scores)


@disguises(
    "accuracy-comparing-classes-with-rows",
    "accuracy-with-labels-of-no-class",
    "accuracy-with-labels-in-a-column",
    "accuracy-of-nothing-is-nan",
)
def direct(scores: Array, y: Array) -> Any:
    """Compare with the labels as they are."""
    right: Array = np.argmax(scores, axis=1) == y
    return float(np.mean(right))


@disguises("accuracy-rounded-to-two-decimals")
def displayed(scores: Array, y: Array) -> Any:
    """Round for display."""
    return round(sum(a == b for a, b in zip(guesses(scores), targets(y), strict=True)) / len(scores), 2)


@disguises("accuracy-along-the-wrong-axis")
def across(scores: Array, y: Array) -> Any:
    """Take the best row of each class."""
    if y.ndim == 2:
        y = y.argmax(1)
    right: Array = scores.argmax(axis=0) == y
    return sum(right) / len(y)
