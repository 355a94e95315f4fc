"""Clipped categorical cross-entropy (spec/loss.md)."""

from functools import partial
from typing import Any, overload

import numpy as np

from nnfs_spec.arrays import AnyMatrix, Array, Doubles, Given, Labels, Real, Single, Size, Vector, Wholes
from nnfs_spec.fast import native
from nnfs_spec.fast.fallback import fall_back, plain_matrix, require_room
from nnfs_spec.reference.arguments import count, in_memory, label_indices, matrix_form, real_dtype
from nnfs_spec.reference.loss import loss as plain_loss
from nnfs_spec.reference.loss import sample_losses as plain_sample_losses
from nnfs_spec.reference.softmax import softmax as plain_softmax


@overload
def sample_losses(
    y_pred: Given[Size, Single], y_true: Labels, *, out: Vector[Single] | None = None, workers: int = 1
) -> Vector[Single]: ...
@overload
def sample_losses(
    y_pred: Doubles, y_true: Labels, *, out: Vector[np.float64] | None = None, workers: int = 1
) -> Vector[np.float64]: ...
def sample_losses(y_pred: Any, y_true: Any, *, out: Any = None, workers: int = 1) -> Any:
    """Return -ln of the clipped probability of each row's target class.

    Shapes, dtypes, unit and errors are those of ``nnfs_spec.sample_losses``. The result is written to ``out``, if
    given, which must be a C-contiguous array of its shape (LOSS-7) and dtype (GEN-5) apart from the arguments (GEN-1);
    after an error its contents mean nothing. At most ``workers`` threads share the rows, a whole number of at least 1
    (GEN-8). Clauses LOSS-1 to LOSS-13; source: the seed's Loss_CategoricalCrossEntropy.forward.
    """
    result = native.kernels.sample_losses(y_pred, y_true, out, workers)
    return _sample_losses(y_pred, y_true, out, workers) if result is None else result


def _sample_losses(y_pred: Any, y_true: Any, out: Any, workers: object) -> Any:
    def attempt() -> Array | None:
        p = matrix_form("sample_losses", "y_pred", y_pred)
        labels = _labels("sample_losses", p, y_true, out)
        threads = count("sample_losses", "workers", workers, "GEN-8")
        return native.kernels.sample_losses(plain_matrix(p), labels, out, threads)

    return fall_back(attempt, partial(plain_sample_losses, y_pred, y_true), out)


@overload
def softmax_losses(
    logits: Given[Size, Single], y_true: Labels, *, out: Vector[Single] | None = None, workers: int = 1
) -> Vector[Single]: ...
@overload
def softmax_losses(
    logits: Doubles, y_true: Labels, *, out: Vector[np.float64] | None = None, workers: int = 1
) -> Vector[np.float64]: ...
def softmax_losses(logits: Any, y_true: Any, *, out: Any = None, workers: int = 1) -> Any:
    """Return the sample losses of the softmax of ``logits``, whose probabilities are never held.

    Shapes: logits (N, C), y_true sparse (N,) or one-hot (N, C), to (N,). Dtypes, errors and the clip are those of
    ``nnfs_spec.sample_losses(nnfs_spec.softmax(logits), y_true)``; the values agree with it within the bound of NET-6.
    ``out`` and ``workers`` are those of ``sample_losses``. Clause NET-6; source: the seed's cells 7 and 23.
    """
    result = native.kernels.softmax_losses(logits, y_true, out, workers)
    return _softmax_losses(logits, y_true, out, workers) if result is None else result


def _softmax_losses(logits: Any, y_true: Any, out: Any, workers: object) -> Any:
    def attempt() -> Array | None:
        z = matrix_form("softmax", "inputs", logits)
        labels = _labels("softmax_losses", z, y_true, out)
        threads = count("softmax_losses", "workers", workers, "GEN-8")
        return native.kernels.softmax_losses(plain_matrix(z), labels, out, threads)

    return fall_back(attempt, lambda: plain_sample_losses(plain_softmax(logits), y_true), out)


def _labels(operation: str, rows: AnyMatrix, y_true: Any, out: Any) -> Array:
    """Return the labels as indices, apart from which, and from the rows, ``out`` has room for the losses."""
    labels = label_indices(operation, "y_true", y_true, rows.shape)
    require_room(operation, out, rows.shape[:1], real_dtype(rows), "LOSS-7", rows, y_true)
    return labels


@overload
def loss(y_pred: Given[Size, Real], y_true: Labels, *, workers: int = 1) -> Real: ...
@overload
def loss(y_pred: Wholes, y_true: Labels, *, workers: int = 1) -> np.float64: ...
def loss(y_pred: Any, y_true: Any, *, workers: int = 1) -> Any:
    """Return the mean of ``sample_losses`` over the batch, added in float64 and rounded once.

    Shapes, dtypes, unit and errors are those of ``nnfs_spec.loss``. The losses are never held in full. At most
    ``workers`` threads share the rows, a whole number of at least 1 (GEN-8). Clauses LOSS-8, LOSS-10 and LOSS-14;
    source: the seed's Loss.calculate.
    """
    mean = native.kernels.loss(y_pred, y_true, workers)
    return _loss(y_pred, y_true, workers) if mean is None else y_pred.dtype.type(mean)


def _loss(y_pred: Any, y_true: Any, workers: object) -> Any:
    def attempt() -> Any:
        in_memory("loss", "y_pred", y_pred)
        in_memory("loss", "y_true", y_true)
        p = matrix_form("loss", "y_pred", y_pred)
        labels = label_indices("loss", "y_true", y_true, p.shape)
        mean = native.kernels.loss(plain_matrix(p), labels, count("loss", "workers", workers, "GEN-8"))
        return None if mean is None else real_dtype(p).type(mean)

    return fall_back(attempt, partial(plain_loss, y_pred, y_true))
