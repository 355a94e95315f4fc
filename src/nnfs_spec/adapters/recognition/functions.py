"""Functions as operations: which parameter is which argument, and in which form an argument is wanted."""

from collections.abc import Callable, Sequence
from itertools import product
from typing import Any

import numpy as np

from nnfs_spec.adapters.recognition.signatures import Plan, plans
from nnfs_spec.adapters.recognition.trials import Way
from nnfs_spec.arrays import Array
from nnfs_spec.subject.operations import OPERATIONS, Operation


def function_ways(operation: Operation, title: str, function: Callable[..., Any]) -> list[Way]:
    """Return the ways to call a function as an operation. Raises UnfitError where there is none."""
    names = OPERATIONS[operation].argument_names
    possible = plans(function, OPERATIONS[operation].roles)
    if operation == "dense":
        return [_dense_way(title, function, *form) for form in product(possible, (False, True), BIAS_FORMS)]
    ways = [Way(_told(title, plan, names), _maker(function, plan)) for plan in possible]
    return ways if operation != "accuracy" else ways + [by_classes(way) for way in ways]


def _told(title: str, plan: Plan, names: Sequence[str]) -> tuple[str, ...]:
    return tuple(filter(None, (f"took `{title}`", plan.told(names))))


def _maker(function: Callable[..., Any], plan: Plan) -> Callable[[], Callable[..., Any]]:
    if plan.usual:
        return lambda: function
    return lambda: lambda *arguments: plan.call(function, arguments)


BIAS_FORMS: tuple[tuple[str, Callable[[Array], Array]], ...] = (
    ("", lambda biases: biases),
    ("biases of shape (n,)", lambda biases: biases.ravel()),
    ("biases of shape (n, 1)", lambda biases: biases.reshape(biases.size, 1)),
)
"""How biases can be wanted: as they are, a row; or else."""


def _dense_way(
    title: str, function: Callable[..., Any], plan: Plan, transposed: bool, biased: tuple[str, Callable[[Array], Array]]
) -> Way:
    said, formed = biased
    told = _told(title, plan, OPERATIONS["dense"].argument_names)

    def dense(inputs: Array, weights: Array, biases: Array) -> Any:
        return plan.call(function, (inputs, weights.T if transposed else weights, formed(biases)))

    words = ("weights of shape (n_neurons, n_inputs)" if transposed else "", said)
    return Way((*told, *filter(None, words)), lambda: dense)


def by_classes(way: Way) -> Way:
    """Return the way that gives the class of the highest entry of each row in the place of the predictions."""

    def make() -> Callable[..., Any]:
        function = way.make()

        def of_classes(y_pred: Array, y_true: Array) -> Any:
            return function(np.argmax(y_pred, axis=1), y_true)

        return of_classes

    return Way((*way.told, "given the class of the highest entry, the first of tied ones"), make)
