"""The catalogue of cases, one file for each operation. A name is for ever; new cases go to the end."""

from collections.abc import Callable, Mapping, Sequence

from nnfs_spec.subject.operations import DRAWN, Operation
from tests.tools.vectors.cases import Source
from tests.tools.vectors.catalogue import accuracy, dense, layer, loss, relu, sample_losses, softmax, spiral_data

CATALOGUE: Mapping[Operation, Callable[[str], Sequence[Source]]] = {
    "dense": dense.cases,
    "relu": relu.cases,
    "softmax": softmax.cases,
    "sample_losses": sample_losses.cases,
    "loss": loss.cases,
    "accuracy": accuracy.cases,
    "layer": layer.cases,
    "spiral_data": spiral_data.cases,
}

DTYPES: Mapping[Operation, tuple[str, ...]] = {
    operation: ("float64",) if operation in DRAWN else ("float32", "float64") for operation in CATALOGUE
}
"""The files of each operation; those that only count are written once."""
