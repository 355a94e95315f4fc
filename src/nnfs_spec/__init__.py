"""The executable specification of the forward pass of "Neural Networks from Scratch"."""

from nnfs_spec.checking.api import check
from nnfs_spec.errors import OutputNotReadyError, SpecError, SpecTypeError, SpecValueError
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

__all__ = [
    "Accumulator",
    "Activation_ReLU",
    "Activation_Softmax",
    "Layer_Dense",
    "Loss",
    "Loss_CategoricalCrossEntropy",
    "Loss_CategoricalCrossentropy",
    "OutputNotReadyError",
    "SpecError",
    "SpecTypeError",
    "SpecValueError",
    "accuracy",
    "check",
    "dense",
    "loss",
    "relu",
    "sample_losses",
    "softmax",
    "spiral_data",
]
