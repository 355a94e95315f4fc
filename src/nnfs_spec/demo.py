"""The seed's walk-through: a network of two layers on the spiral data, its loss and its accuracy."""

import numpy as np

from nnfs_spec.reference.accuracy import accuracy
from nnfs_spec.reference.data import spiral_data
from nnfs_spec.reference.dense import Layer_Dense
from nnfs_spec.reference.loss import Loss_CategoricalCrossEntropy
from nnfs_spec.reference.relu import Activation_ReLU
from nnfs_spec.reference.softmax import Activation_Softmax

SAMPLES, CLASSES, HIDDEN = 100, 3, 3


def walk_through(seed: int = 0) -> list[str]:
    """Return what the walk-through prints, line by line; the same seed gives the same lines. Clauses NET-1 to NET-4."""
    rng = np.random.default_rng(seed)
    points, labels = spiral_data(SAMPLES, CLASSES, rng=rng)
    dense1, dense2 = Layer_Dense(2, HIDDEN, rng=rng), Layer_Dense(HIDDEN, CLASSES, rng=rng)
    hidden = Activation_ReLU().forward(dense1.forward(points))
    predictions = Activation_Softmax().forward(dense2.forward(hidden))
    lost = Loss_CategoricalCrossEntropy().calculate(predictions, labels)
    return [
        f"spiral data    points {points.shape}, labels {labels.shape}",
        f"hidden layer   {hidden.shape}",
        f"predictions    {predictions.shape}, the first five:",
        *(f"               {row}" for row in predictions[:5]),
        f"loss           {lost:.6f}, beside ln 3 = {np.log(CLASSES):.6f}: the network guesses",
        f"accuracy       {accuracy(predictions, labels):.4f}",
    ]
