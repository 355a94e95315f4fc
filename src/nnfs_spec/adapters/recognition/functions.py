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
        return [_dense_way(title, function, *form) for form in product(possible, _DENSE_FORMS, BIAS_FORMS)]
    ways = [Way(_told(title, plan, names), _maker(function, plan), plan.sure) for plan in possible]
    return with_other_forms(operation, ways)


def with_other_forms(operation: Operation, ways: Sequence[Way]) -> list[Way]:
    """Return ways to call an operation, and after them those that give it its arguments in another form."""
    classes = [by_classes(way) for way in ways] if operation == "accuracy" else []
    turnable = operation in ("sample_losses", "loss", "accuracy")
    return [*ways, *classes, *([in_columns(way) for way in ways] if turnable else [])]


def _told(title: str, plan: Plan, names: Sequence[str]) -> tuple[str, ...]:
    return tuple(filter(None, (f"`{title}`", plan.told(names))))


def _maker(function: Callable[..., Any], plan: Plan) -> Callable[[], Callable[..., Any]]:
    if plan.usual:
        return lambda: function
    return lambda: lambda *arguments: plan.call(function, arguments)


IN_COLUMNS = "samples in columns"

BIAS_FORMS: tuple[tuple[str, Callable[[Array], Array]], ...] = (
    ("", lambda biases: biases),
    ("biases of shape (n,)", lambda biases: biases.ravel()),
    ("biases of shape (n, 1)", lambda biases: biases.reshape(biases.size, 1)),
)
"""How biases can be wanted: as they are, a row; or else."""


_DENSE_FORMS = ((False, False), (True, False), (True, True))
"""Whether the weights stand as (n_neurons, n_inputs), and whether samples stand in columns."""


def _dense_way(
    title: str,
    function: Callable[..., Any],
    plan: Plan,
    form: tuple[bool, bool],
    biased: tuple[str, Callable[[Array], Array]],
) -> Way:
    (turned, columns), (said, formed) = form, biased
    told = _told(title, plan, OPERATIONS["dense"].argument_names)

    def dense(inputs: Array, weights: Array, biases: Array) -> Any:
        given = (inputs.T if columns else inputs, weights.T if turned else weights, formed(biases))
        result = plan.call(function, given)
        return np.transpose(result) if columns else result

    words = ("weights of shape (n_neurons, n_inputs)" if turned else "", said, IN_COLUMNS if columns else "")
    sure = plan.sure and not any(words)
    return Way((*told, *filter(None, words)), lambda: dense, sure, columns)


def by_classes(way: Way) -> Way:
    """Return the way that gives the class of the highest entry of each row in the place of the predictions."""

    def given_classes(function: Callable[..., Any]) -> Callable[..., Any]:
        def accuracy(y_pred: Array, y_true: Array) -> Any:
            return function(np.argmax(y_pred, axis=1), y_true)

        return accuracy

    return way.also("given the class of the highest entry, the first of tied ones", given_classes)


def in_columns(way: Way) -> Way:
    """Return the way that gives predictions, and one-hot labels, with one column for each sample."""

    def turned(function: Callable[..., Any]) -> Callable[..., Any]:
        def of_labels(y_pred: Array, y_true: Array) -> Any:
            return function(np.transpose(y_pred), np.transpose(y_true))

        return of_labels

    return way.also(IN_COLUMNS, turned, sure=False, columns=True)


def softmax_in_columns(way: Way) -> Way:
    """Return the way that gives the logits with one column for each sample, and turns the result back."""

    def turned(function: Callable[..., Any]) -> Callable[..., Any]:
        def softmax(inputs: Array) -> Any:
            return np.transpose(function(np.transpose(inputs)))

        return softmax

    return way.also(IN_COLUMNS, turned, columns=True)
