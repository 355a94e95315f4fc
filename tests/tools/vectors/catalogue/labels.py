"""Labels that the operations with labels share: in all their forms, and in none of them."""

from collections.abc import Iterator, Sequence

import numpy as np

from nnfs_spec.arrays import Array
from tests.tools.vectors.cases import Source

WIDTHS = ("int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64")


def sparse(*labels: int, dtype: str = "int64") -> Array:
    """Return sparse labels."""
    return np.array(labels, dtype)


def one_hot(labels: Array, classes: int, dtype: str = "float64") -> Array:
    """Return the same labels as rows with a single 1."""
    hot: Array = np.equal(labels[:, np.newaxis], np.arange(classes)).astype(dtype)
    return hot


def beyond() -> Iterator[tuple[str, Array]]:
    """Return sparse labels for two rows of three classes, one of which names no class."""
    yield "negative-label", sparse(0, -1)
    yield "negative-first-label", sparse(-2, 0)
    yield "label-beyond-the-classes", sparse(0, 3)


def malformed() -> Iterator[tuple[str, str, Array]]:
    """Return labels for two rows of three classes in no known form: a name, the category of the error, the labels."""
    yield "fraction-as-label", "label", np.array([0.5, 1.0])
    yield "float-labels", "label", np.array([0.0, 1.0])
    yield "labels-of-bool", "label", np.array([False, True])
    yield "labels-in-a-column", "label", np.array([[0], [1]])
    yield "one-label-too-many", "shape", sparse(0, 1, 2)
    yield "one-label-too-few", "shape", sparse(1)
    yield "one-hot-row-too-many", "shape", np.eye(3)
    yield "two-ones", "label", np.array([[1.0, 1.0, 0.0], [0.0, 0.0, 1.0]])
    yield "no-one", "label", np.array([[0.0, 0.0, 0.0], [0.0, 0.0, 1.0]])
    yield "soft-labels", "label", np.array([[0.9, 0.1, 0.0], [0.0, 0.0, 1.0]])


def refused(name: str, y_pred: Array, y_true: Array, error: str, clause: str, unless: Sequence[int] = ()) -> Source:
    """Return a case of predictions and labels that must end in an error, unless some entry of the result shows it."""
    kinds = {"GEN-6": "not-finite", "GEN-8": "form", "LOSS-13": "no-probability"}
    flag = "no-rows" if name == "no-rows" else kinds.get(clause, "no-label")
    arrays = {"y_pred": y_pred, "y_true": y_true}
    return Source(name, (clause,), arrays, "chosen", [flag], "SHOULD", error=error, unless_not_finite=unless)
