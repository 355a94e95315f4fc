"""Finds the operations among the names of a module: plain functions, and classes under the course's names."""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from nnfs_spec.adapters.live import Implementation
from nnfs_spec.arrays import Array

FUNCTIONS = ("dense", "relu", "softmax", "sample_losses", "loss", "accuracy", "spiral_data")
LAYER = "Layer_Dense"
ACTIVATIONS = {"relu": "Activation_ReLU", "softmax": "Activation_Softmax"}
LOSSES = ("Loss_CategoricalCrossEntropy", "Loss_CategoricalCrossentropy")
WEIGHTS = ("weights", "weight")


def implementations_in(names: Mapping[str, Any]) -> dict[str, Implementation]:
    """Return what ``names`` has of each operation; where there is both a function and a class, the function."""
    found: dict[str, Implementation] = {}
    if isinstance(names.get(LAYER), type):
        found["dense"] = lambda: LayerCalls(names[LAYER])
        found["layer"] = _new_layer(names[LAYER])
    for operation, name in ACTIVATIONS.items():
        if isinstance(names.get(name), type):
            found[operation] = _forward_of(names[name])
    for name in LOSSES:
        for operation, method in (("sample_losses", "forward"), ("loss", "calculate")):
            if isinstance(names.get(name), type) and hasattr(names[name], method):
                found[operation] = _method(names[name], method)
    for operation in FUNCTIONS:
        if callable(names.get(operation)):
            found[operation] = _function(names[operation])
    return found


def _function(function: Callable[..., Any]) -> Implementation:
    return lambda: function


def _method(made: type[Any], name: str) -> Implementation:
    return lambda: getattr(made(), name)


def _new_layer(layer: type[Any]) -> Implementation:
    def new(n_inputs: int, n_neurons: int) -> tuple[Any, Any]:
        return _parameters(layer(n_inputs, n_neurons))

    return lambda: new


def _forward_of(activation: type[Any]) -> Implementation:
    def make() -> Callable[[Array], Any]:
        made = activation()
        return lambda inputs: _result(made, made.forward(inputs))

    return make


class LayerCalls:
    """Calls a course layer as a function: one layer object for each size, its weights and biases set at each call.

    Biases are given in the shape that the layer itself made, a row or a vector.
    """

    def __init__(self, layer: type[Any]) -> None:
        self._layer = layer
        self._made: dict[tuple[int, int], tuple[Any, tuple[int, ...]]] = {}

    def __call__(self, inputs: Array, weights: Array, biases: Array) -> Any:
        """Return the layer's result for ``inputs``."""
        size = weights.shape
        if size not in self._made:
            made = self._layer(*size)
            self._made[size] = made, np.shape(made.biases)
        made, shape = self._made[size]
        setattr(made, _weights_name(made), weights)
        made.biases = biases.reshape(shape) if shape == (size[1],) else biases
        return _result(made, made.forward(inputs))


def _result(made: Any, returned: Any) -> Any:
    return made.output if returned is None else returned


def _weights_name(layer: Any) -> str:
    for name in WEIGHTS:
        if hasattr(layer, name):
            return name
    raise AttributeError(f"{type(layer).__name__} has none of the attributes {', '.join(WEIGHTS)}")


def _parameters(layer: Any) -> tuple[Any, Any]:
    return getattr(layer, _weights_name(layer)), layer.biases
