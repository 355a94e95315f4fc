"""Clipped categorical cross-entropy (spec/loss.md)."""

from abc import ABC, abstractmethod
from typing import Any, overload

import numpy as np

from nnfs_spec.arrays import AnyMatrix, AnyVector, Given, Labels, Real, Size, Vector, Wholes
from nnfs_spec.reference.arguments import in_memory, label_indices, probabilities, some_rows

CLIP = 1e-7
"""Confidences are clipped to [CLIP, 1 - CLIP], both ends rounded to the dtype in use."""


@overload
def sample_losses(y_pred: Given[Size, Real], y_true: Labels) -> Vector[Real]: ...
@overload
def sample_losses(y_pred: Wholes, y_true: Labels) -> Vector[np.float64]: ...
@np.errstate(all="ignore")
def sample_losses(y_pred: object, y_true: object) -> Vector[Any]:
    """Return -ln of the clipped probability of each row's target class.

    Shapes: y_pred (N, C), y_true sparse (N,) or one-hot (N, C), to (N,). Dtypes: float32 predictions to float32;
    float64, whole numbers and nested lists to float64; the labels' dtype does not matter. Unit: nats. Raises
    SpecValueError for predictions outside [0, 1] (LOSS-13), labels outside the classes (LOSS-11), labels of another
    form or length (LOSS-12), another shape (GEN-8), a NaN or infinity (GEN-6); SpecTypeError for another dtype
    (GEN-5, LOSS-12). Clauses LOSS-1 to LOSS-13; source: the seed's Loss_CategoricalCrossEntropy.forward.
    """
    return _sample_losses("sample_losses", y_pred, y_true)


def _sample_losses(operation: str, y_pred: object, y_true: object) -> Vector[Any]:
    p = probabilities(operation, "y_pred", y_pred)
    return clipped_losses(p, label_indices(operation, "y_true", y_true, p.shape))


def clipped_losses(p: AnyMatrix, target: AnyVector) -> Vector[Any]:
    """Return -ln of the clipped probability of each row's target, for arguments that were checked."""
    confidences = p[np.arange(len(p)), target]
    losses: Vector[Any] = -np.log(np.clip(confidences, CLIP, 1 - CLIP))
    return losses


@overload
def loss(y_pred: Given[Size, Real], y_true: Labels) -> Real: ...
@overload
def loss(y_pred: Wholes, y_true: Labels) -> np.float64: ...
@np.errstate(all="ignore")
def loss(y_pred: Any, y_true: Any) -> Any:
    """Return the mean of ``sample_losses`` over the batch.

    Shapes: y_pred (N, C) with N >= 1, y_true sparse (N,) or one-hot (N, C), to a scalar. Dtypes, unit and errors
    are those of ``sample_losses``; besides, SpecValueError for no rows (LOSS-14) and SpecTypeError for a lazy
    array (GEN-8). Clauses LOSS-8, LOSS-10 and
    LOSS-14; source: the seed's Loss.calculate.
    """
    in_memory("loss", "y_pred", y_pred)
    in_memory("loss", "y_true", y_true)
    losses = _sample_losses("loss", y_pred, y_true)
    some_rows("loss", "y_pred", len(losses), "LOSS-14")
    return losses.mean()


class Loss(ABC):
    """The course's parent of losses: ``calculate`` is the mean of what ``forward`` returns. Clauses LOSS-8, LOSS-14."""

    @abstractmethod
    def forward(self, y_pred: Any, y_true: Any) -> Vector[Any]:
        """Return one loss per row of ``y_pred``, shape (N,)."""

    def calculate(self, output: Any, y: Any) -> Any:
        """Return the mean loss of a batch. Shapes: output (N, C), y (N,) or (N, C), to a scalar.

        Raises what ``forward`` raises, and SpecValueError for no rows (LOSS-14).
        """
        losses = self.forward(output, y)
        some_rows("loss", "output", len(losses), "LOSS-14")
        return losses.mean()


class Loss_CategoricalCrossEntropy(Loss):
    """The course's class over ``sample_losses``. Clauses LOSS-1 to LOSS-14."""

    @overload
    def forward(self, y_pred: Given[Size, Real], y_true: Labels) -> Vector[Real]: ...
    @overload
    def forward(self, y_pred: Wholes, y_true: Labels) -> Vector[np.float64]: ...
    def forward(self, y_pred: Any, y_true: Any) -> Vector[Any]:
        """Return ``sample_losses(y_pred, y_true)``, with its shapes, dtypes and errors."""
        return sample_losses(y_pred, y_true)

    @overload
    def calculate(self, output: Given[Size, Real], y: Labels) -> Real: ...
    @overload
    def calculate(self, output: Wholes, y: Labels) -> np.float64: ...
    def calculate(self, output: Any, y: Any) -> Any:
        """Return ``loss(output, y)``, with its shapes, dtypes and errors."""
        return loss(output, y)


Loss_CategoricalCrossentropy = Loss_CategoricalCrossEntropy
