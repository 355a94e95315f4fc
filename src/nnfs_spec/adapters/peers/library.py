"""What is seen of a library: its operations over arrays of its own, and the way to these."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from nnfs_spec.arrays import Array


def as_it_is(value: Any) -> Any:
    """Return ``value``: for libraries that take NumPy's arrays, and those that have computed when they return."""
    return value


@dataclass(frozen=True)
class Library:
    """The operations that a library has, by name, ``forward`` through a list of layers among them.

    ``take`` makes an argument of an array, ``wait`` returns when a result is there to be read.
    """

    functions: Mapping[str, Callable[..., Any]]
    take: Callable[[Array], Any] = as_it_is
    wait: Callable[[Any], Any] = as_it_is


def named(*functions: Callable[..., Any]) -> dict[str, Callable[..., Any]]:
    """Return functions by their names."""
    return {function.__name__: function for function in functions}


def network(
    dense: Callable[..., Any], relu: Callable[..., Any], softmax: Callable[..., Any]
) -> Callable[[Any, Sequence[tuple[Any, Any]]], Any]:
    """Return ``forward(inputs, layers)``, dense, ReLU, dense, ..., softmax, of a library's own functions."""

    def forward(inputs: Any, layers: Sequence[tuple[Any, Any]]) -> Any:
        for weights, biases in layers[:-1]:
            inputs = relu(dense(inputs, weights, biases))
        return softmax(dense(inputs, *layers[-1]))

    return forward
