"""Wrong implementations of single operations that show best in the network as a whole."""

import numpy as np

from nnfs_spec.arrays import Array
from nnfs_spec.mutants.registry import mutant


def _matrix(numbers: Array) -> Array:
    """Return ``numbers``, whole ones in float64, or raise ValueError where they are no matrix."""
    if numbers.ndim != 2 or numbers.shape[1] == 0:
        raise ValueError("expected a matrix with columns")
    return numbers if numbers.dtype.kind == "f" else numbers.astype(np.float64)


def _product(inputs: Array, weights: Array) -> Array:
    product: Array = _matrix(inputs) @ _matrix(weights)
    return product


def _exponentials(inputs: Array) -> Array:
    exponentials: Array = np.exp(inputs - inputs.max(axis=1, keepdims=True))
    return exponentials


def _softmax(inputs: Array) -> Array:
    exponentials = _exponentials(inputs)
    probabilities: Array = exponentials / exponentials.sum(axis=1, keepdims=True)
    return probabilities


@mutant(
    "dense",
    "NET-3",
    "DENSE-4",
    misconception="Where every input is zero there is nothing to compute, and the answer is zero.",
    remedy="Add the biases all the same: of zero inputs, they are the answer.",
)
def network_passing_zeros_through(inputs: Array, weights: Array, biases: Array) -> Array:
    sums = _product(inputs, weights)
    return sums + biases if inputs.any() else sums


@mutant(
    "dense",
    "NET-1",
    "NET-3",
    "DENSE-1",
    misconception="A layer behind a ReLU needs no biases, since its inputs are not negative.",
    remedy="Every layer adds its biases, the output layer too.",
)
def network_without_output_biases(inputs: Array, weights: Array, biases: Array) -> Array:
    sums = _product(inputs, weights)
    return sums if (inputs >= 0).all() else sums + biases


@mutant(
    "dense",
    "NET-1",
    "DENSE-1",
    misconception="Layers of one size are one layer, so its weights need storing only once.",
    remedy="Use the weights of this layer, not those of the first one that had the same shape.",
)
class network_of_shared_weights:
    def __init__(self) -> None:
        self._weights: dict[tuple[object, ...], Array] = {}

    def __call__(self, inputs: Array, weights: Array, biases: Array) -> Array:
        stored = self._weights.setdefault((weights.shape, weights.dtype), weights.copy())
        sums: Array = inputs @ stored + biases
        return sums


@mutant(
    "relu",
    "NET-2",
    "NET-3",
    "NET-5",
    "RELU-1",
    misconception="A neuron must never die, so at least 0.001 always passes.",
    remedy="Let it be 0: a dead network is a matter for the biases, not for the ReLU.",
)
def network_that_cannot_die(inputs: Array) -> Array:
    sums = _matrix(inputs)
    alive: Array = np.maximum(sums, sums.dtype.type(0.001))
    return alive


@mutant(
    "relu",
    "NET-1",
    "NET-3",
    "RELU-1",
    misconception="Two dense layers make a network, whatever stands between them.",
    remedy="Put a ReLU between them: without it two layers are no more than one.",
)
def network_without_activation(inputs: Array) -> Array:
    return _matrix(inputs).copy()


@mutant(
    "softmax",
    "NET-1",
    "NET-3",
    "SOFTMAX-4",
    misconception="Every dense layer is followed by a ReLU, the last one too.",
    remedy="Hand the logits to softmax as they are: negative ones mean something.",
)
def network_with_relu_on_its_logits(inputs: Array) -> Array:
    return _softmax(np.maximum(0, _matrix(inputs)))


@mutant(
    "softmax",
    "NET-1",
    "NET-6",
    "SOFTMAX-4",
    misconception="Logits are divided by a temperature of 2 first.",
    remedy="Take the logits as they are, which is a temperature of 1.",
)
def network_at_temperature_two(inputs: Array) -> Array:
    return _softmax(_matrix(inputs) / 2)


@mutant(
    "softmax",
    "NET-2",
    "NET-3",
    "NET-5",
    "SOFTMAX-8",
    "SOFTMAX-1",
    misconception="A small number under the fraction guards against dividing by zero.",
    remedy="Leave it out: the sum is at least 1, because the largest exponential is e^0.",
)
def network_guarding_its_division(inputs: Array) -> Array:
    exponentials = _exponentials(_matrix(inputs))
    probabilities: Array = exponentials / (exponentials.sum(axis=1, keepdims=True) + exponentials.dtype.type(1e-3))
    return probabilities


@mutant(
    "layer",
    "NET-4",
    "DENSE-7",
    misconception="A new layer draws its biases as it draws its weights.",
    remedy="Start with zero biases: np.zeros((1, n_neurons)).",
)
def network_of_drawn_biases(n_inputs: int, n_neurons: int) -> tuple[Array, Array]:
    if min(n_inputs, n_neurons) < 1:
        raise ValueError("a layer needs at least one input and one neuron")
    return 0.10 * np.random.rand(n_inputs, n_neurons), np.random.randn(1, n_neurons)
