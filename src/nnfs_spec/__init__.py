"""The executable specification of the forward pass of "Neural Networks from Scratch"."""

from typing import TYPE_CHECKING

import nnfs_spec.support.start as _start  # first, so that Ctrl-C is heeded while the rest is imported
from nnfs_spec.checking.api import check, check_one
from nnfs_spec.engine.options import CheckOptions
from nnfs_spec.errors import OutputNotReadyError, SpecError, SpecTypeError, SpecValueError
from nnfs_spec.grading.api import grade
from nnfs_spec.reference.accuracy import accuracy
from nnfs_spec.reference.data import spiral_data
from nnfs_spec.reference.dense import Layer_Dense, dense
from nnfs_spec.reference.loss import (
    Loss,
    Loss_CategoricalCrossEntropy,
    Loss_CategoricalCrossentropy,
    loss,
    sample_losses,
)
from nnfs_spec.reference.relu import Activation_ReLU, relu
from nnfs_spec.reference.softmax import Activation_Softmax, softmax
from nnfs_spec.reference.streaming import Accumulator

del _start

if TYPE_CHECKING:
    from nnfs_spec.reports.notebook import Report
else:  # the type checkers need not know of it: they would take any name for an attribute

    def __getattr__(name: str) -> type:
        """Return ``Report``, whose import waits until it is asked for: the functions need NumPy alone."""
        if name == "Report":
            from nnfs_spec.reports.notebook import Report

            return Report
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


__all__ = [
    "Accumulator",
    "Activation_ReLU",
    "Activation_Softmax",
    "CheckOptions",
    "Layer_Dense",
    "Loss",
    "Loss_CategoricalCrossEntropy",
    "Loss_CategoricalCrossentropy",
    "OutputNotReadyError",
    "Report",
    "SpecError",
    "SpecTypeError",
    "SpecValueError",
    "accuracy",
    "check",
    "check_one",
    "dense",
    "grade",
    "loss",
    "relu",
    "sample_losses",
    "softmax",
    "spiral_data",
]
