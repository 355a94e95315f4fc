"""Mistakes in accumulators as other people would make them."""

from math import fsum
from typing import Any

import numpy as np

from nnfs_spec import loss, sample_losses
from nnfs_spec.arrays import Array
from nnfs_spec.subject.stream import streamed
from tests.tools.disguises.registry import disguises


class _Meter:
    """What the accumulators here have in common: a list of losses, and a list of what was right."""

    def __init__(self) -> None:
        self.losses: list[float] = []
        self.right: list[bool] = []

    def add(self, y_pred: Array, y_true: Array) -> None:
        """Add the rows of a chunk."""
        self.losses += sample_losses(y_pred, y_true).tolist()
        self.right += self.judged(y_pred, y_true)

    def judged(self, y_pred: Array, y_true: Array) -> list[bool]:
        """Return which rows are right."""
        classes = y_true if y_true.ndim == 1 else y_true.argmax(axis=1)
        return [bool(row.argmax() == target) for row, target in zip(y_pred, classes, strict=True)]

    def merge(self, other: Any) -> None:
        """Add all rows of another one."""
        self.losses, self.right = self.losses + other.losses, self.right + other.right

    @property
    def loss(self) -> float:
        """The mean loss."""
        return fsum(self.losses) / len(self.losses)

    @property
    def accuracy(self) -> float:
        """The share of rows that are right."""
        return sum(self.right) / len(self.right)

    @property
    def rows(self) -> int:
        """How many rows there are."""
        return len(self.right)

    def __call__(self, y_pred: Array, y_true: Array, chunk: Array, part: Array) -> Array:
        """Stream rows through new objects."""
        return streamed(type(self), y_pred, y_true, chunk, part)


@disguises("stream-averaging-means")
class AverageMeter(_Meter):
    """A list with the loss of each batch."""

    def add(self, y_pred: Array, y_true: Array) -> None:
        """Append the loss of a chunk."""
        if y_pred.size:
            self.losses.append(float(loss(y_pred, y_true)))
        self.right += self.judged(y_pred, y_true)


@disguises("stream-averaging-shares")
class EpochAccuracy(_Meter):
    """A list with the accuracy of each batch."""

    def __init__(self) -> None:
        super().__init__()
        self.epochs: list[float] = []

    def add(self, y_pred: Array, y_true: Array) -> None:
        """Append the accuracy of a chunk."""
        super().add(y_pred, y_true)
        if y_pred.size:
            self.epochs.append(float(np.mean(self.judged(y_pred, y_true))))

    def merge(self, other: Any) -> None:
        """Append those of another one."""
        super().merge(other)
        self.epochs.extend(other.epochs)

    @property
    def accuracy(self) -> float:
        """The mean accuracy."""
        return fsum(self.epochs) / len(self.epochs)


@disguises("stream-replaced-by-a-merge")
class Snapshot(_Meter):
    """Takes the state of the other one as a snapshot to go on from."""

    def merge(self, other: Any) -> None:
        """Go on from there."""
        if other.rows:
            self.losses, self.right = other.losses, other.right


@disguises("stream-adding-up-to-the-first-wrong-row")
class Rows(_Meter):
    """Adds row by row."""

    def add(self, y_pred: Array, y_true: Array) -> None:
        """Add the rows of a chunk, one after the other."""
        for i in range(len(y_pred)):
            super().add(y_pred[[i]], y_true[[i]])
