"""Loss and accuracy of more rows than fit in memory (spec/streaming.md)."""

from os import PathLike
from typing import Any

import numpy as np

from nnfs_spec.arrays import Labels, Numbers
from nnfs_spec.errors import SpecError, SpecTypeError, SpecValueError
from nnfs_spec.reference.arguments import count, label_form, label_indices, matrix_form, probabilities, real_dtype
from nnfs_spec.reference.loss import clipped_losses
from nnfs_spec.reference.npy_file import open_npy

BITS = 76
"""Every loss is a multiple of 2^-76: it is at least 2^-24, so the last of its 53 bits is worth at least that."""


class Accumulator:
    """The loss and the accuracy of rows that are added chunk by chunk, and of other accumulators that are merged.

    It holds whole numbers alone: the rows, how many of them are right, and the sum of their losses in units of 2^-76.
    So nothing but each row's loss is rounded before ``loss`` and ``accuracy`` are read, neither depends on the order of
    chunks and merges in any bit, and a copy is quickly handed from one process to another. The chunks have one number
    of classes (STREAM-1) and one dtype (GEN-5); of a chunk nothing is kept. Clauses STREAM-1 to STREAM-9; source:
    follows from the seed's Loss.calculate and "Calculating Accuracy".
    """

    def __init__(self) -> None:
        self._rows = 0
        self._right = 0
        self._total = 0
        self._classes = 0
        self._dtype: np.dtype[Any] = np.dtype(np.float64)

    @np.errstate(all="ignore")
    def add(self, y_pred: Numbers, y_true: Labels) -> None:
        """Add the rows of a chunk. Shapes: y_pred (n, C) with n >= 0, y_true sparse (n,) or one-hot (n, C).

        Dtypes and errors are those of ``loss`` but for no rows; besides, SpecValueError for another number of classes
        (STREAM-1) and SpecTypeError for another dtype (GEN-5) than those of the rows so far. After an error the
        accumulator is as it was before (STREAM-5).
        """
        operation = "Accumulator.add"
        p = probabilities(operation, "y_pred", y_pred)
        target = label_indices(operation, "y_true", y_true, p.shape)
        classes, dtype = p.shape[1], real_dtype(p)
        self._require_alike(operation, "y_pred", classes, dtype, "STREAM-1")
        right = int(np.count_nonzero(p.argmax(axis=1) == target))
        total = sum(int(loss * 2.0**BITS) for loss in clipped_losses(p, target).tolist())
        self._take(len(p), right, total, classes, dtype)

    def merge(self, other: "Accumulator") -> None:
        """Add all rows that were added to ``other``, which stays as it is.

        Raises SpecTypeError for what is no Accumulator (STREAM-3) or one of another dtype (GEN-5), SpecValueError for
        another number of classes (STREAM-3); after an error the accumulator is as it was before.
        """
        operation = "Accumulator.merge"
        _require_accumulator(operation, "other", other)
        if other._rows:
            self._require_alike(operation, "other", other._classes, other._dtype, "STREAM-3")
        self._take(other._rows, other._right, other._total, other._classes, other._dtype)

    def __add__(self, other: "Accumulator") -> "Accumulator":
        """Return a new accumulator of the rows of both. Errors are those of ``merge``."""
        made = Accumulator()
        made.merge(self)
        made.merge(other)
        return made

    def __radd__(self, other: int) -> "Accumulator":
        """Return a copy: 0 is what ``sum`` begins with."""
        if other != 0:
            raise SpecTypeError("Accumulator.__radd__", "other", repr(other), "an Accumulator", "STREAM-3")
        return self + Accumulator()

    @property
    def rows(self) -> int:
        """How many rows there are so far."""
        return self._rows

    @property
    def loss(self) -> np.float32 | np.float64:
        """The mean loss of all rows so far, rounded once to the dtype of the chunks. Unit: nats.

        Raises SpecValueError where there are no rows (LOSS-14).
        """
        self._require_rows("Accumulator.loss", "LOSS-14")
        mean: np.float32 | np.float64 = self._dtype.type(self._total / (self._rows << BITS))
        return mean

    @property
    def accuracy(self) -> np.float64:
        """The share of all rows so far whose largest entry, the first of tied ones, stands at the target class.

        Raises SpecValueError where there are no rows (ACC-7).
        """
        self._require_rows("Accumulator.accuracy", "ACC-7")
        return np.float64(self._right / self._rows)

    @classmethod
    def from_npy(
        cls, predictions: str | PathLike[str], labels: str | PathLike[str], *, chunk_rows: int = 2**16
    ) -> "Accumulator":
        """Return an accumulator of the rows of two .npy files, read a chunk at a time.

        Shapes: ``predictions`` holds (N, C), ``labels`` (N,) or (N, C). Errors are those of ``add``, with a note of
        the rows that the chunk began and ended with; besides, SpecValueError for what is no .npy file of numbers and
        for ``chunk_rows`` below 1 (GEN-8), and OSError for what cannot be read.
        """
        operation = "Accumulator.from_npy"
        step = count(operation, "chunk_rows", chunk_rows, "GEN-8")
        made = cls()
        with open_npy(operation, "predictions", predictions) as y_pred, open_npy(operation, "labels", labels) as y_true:
            shape = matrix_form(operation, "y_pred", y_pred.form).shape
            label_form(operation, "y_true", y_true.form, shape)
            for start in range(0, shape[0], step):
                stop = min(start + step, shape[0])
                try:
                    made.add(y_pred.rows(start, stop), y_true.rows(start, stop))
                except SpecError as error:
                    chunk = f"that begins with row {start} and ends before row {stop}"
                    error.add_note(f"in a chunk of {predictions} {chunk}")
                    raise
        return made

    def _take(self, rows: int, right: int, total: int, classes: int, dtype: np.dtype[Any]) -> None:
        """Add what is counted of some rows, if there are any; all of them are alike in classes and dtype."""
        if rows:
            self._classes, self._dtype = classes, dtype
        self._rows += rows
        self._right += right
        self._total += total

    def _require_alike(self, operation: str, argument: str, classes: int, dtype: np.dtype[Any], clause: str) -> None:
        """Require the number of classes and the dtype of the rows so far, if there are any."""
        if self._classes and classes != self._classes:
            expected = f"of {self._classes} classes, as the rows so far"
            raise SpecValueError(operation, argument, f"of {classes} classes", expected, clause)
        if self._classes and dtype != self._dtype:
            expected = f"of {self._dtype}, as the rows so far"
            raise SpecTypeError(operation, argument, f"of {dtype}", expected, "GEN-5")

    def _require_rows(self, operation: str, clause: str) -> None:
        if not self._rows:
            raise SpecValueError(operation, "rows", "0", "at least 1", clause)


def _require_accumulator(operation: str, argument: str, value: object) -> None:
    if not isinstance(value, Accumulator):
        raise SpecTypeError(operation, argument, f"a {type(value).__name__}", "an Accumulator", "STREAM-3")
