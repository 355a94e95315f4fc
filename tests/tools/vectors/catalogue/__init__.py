"""The catalogue of cases, one file for each operation. A name is for ever; new cases go to the end."""

from collections.abc import Callable, Sequence

from tests.tools.vectors.cases import Source
from tests.tools.vectors.catalogue import accuracy, dense, layer, loss, relu, sample_losses, softmax, spiral_data

CATALOGUE: dict[str, Callable[[str], Sequence[Source]]] = {
    "dense": dense.cases,
    "relu": relu.cases,
    "softmax": softmax.cases,
    "sample_losses": sample_losses.cases,
    "loss": loss.cases,
    "accuracy": accuracy.cases,
    "layer": layer.cases,
    "spiral_data": spiral_data.cases,
}

DTYPES = dict.fromkeys(CATALOGUE, ("float32", "float64")) | {
    "layer": ("float64",),
    "spiral_data": ("float64",),
}
"""The files of each operation; those that only count are written once."""
