"""Classes of losses and accuracies: which method gives one number for each sample and which gives one in all."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from nnfs_spec.adapters.live import Implementation
from nnfs_spec.adapters.recognition.functions import with_other_forms
from nnfs_spec.adapters.recognition.names import normalised, words_of
from nnfs_spec.adapters.recognition.objects import (
    AS_RETURNED,
    Making,
    New,
    Place,
    as_called,
    attribute,
    attributes_of,
    forward_methods,
    method_way,
    public_methods,
)
from nnfs_spec.adapters.recognition.signatures import Plan, UnfitError, plans
from nnfs_spec.adapters.recognition.trials import EXAMPLES, IN_ALL, Example, Fit, Raised, Tried, Trier, Way, copies
from nnfs_spec.arrays import Array
from nnfs_spec.subject.operations import OPERATIONS, Operation
from nnfs_spec.subject.roles import INPUTS, PREDICTED, TRUE

CALCULATE = ("calculate", "calculateloss", "calculateaccuracy", "computeloss", "meanloss", "calc")
FORWARD = ("forward", "samplelosses", "loss", "compute", "call", "forwardpass")
BEFOREHAND = ("newpass", "reset", "resetstate", "resetstates", "init", "clear")
"""Methods without arguments that may have to be called first, as in the course's later chapters."""

_NAMES = OPERATIONS["loss"].argument_names


def loss_forms(
    title: str, kind: type[Any], making: Making, trier: Trier
) -> tuple[dict[Operation, Tried], list[tuple[Operation, str]]]:
    """Return what a loss class gives of sample_losses and loss, and the reasons for what it does not.

    Its ``calculate`` is the loss, however it does. Its ``forward`` is the sample losses; only where a trial call gives
    a single number, it is the loss instead. Raises UnfitError where there is no method at all.
    """
    found: dict[Operation, Tried] = {}
    reasons: list[tuple[Operation, str]] = []
    calculate = [name for name in public_methods(kind) if normalised(name) in CALCULATE or _is_mean(name)][:1]
    forward = [name for name in forward_methods(kind, (*FORWARD, *CALCULATE)) if name not in calculate][:1]
    for name in forward:
        try:
            per_sample = best_form("sample_losses", title, kind, making, name, trier)
            in_all = best_form("loss", title, kind, making, name, trier)
        except UnfitError as unfit:
            reasons.append(("sample_losses", f"`{title}` {unfit}"))
        else:
            if per_sample.fit is not Fit.FITS and in_all.fit is Fit.FITS:
                reasons.append(("sample_losses", f"`{title}.{name}` gives one number for all samples"))
                found["loss"] = in_all
            else:
                found["sample_losses"] = per_sample
    for name in calculate:
        try:
            found["loss"] = best_form("loss", title, kind, making, name, trier, calculated=True)
        except UnfitError as unfit:
            reasons.append(("loss", f"`{title}` {unfit}"))
    return found, reasons


def _is_mean(name: str) -> bool:
    """Tell whether a method is called the mean loss, as ``calculate_avg_loss`` is."""
    return "loss" in words_of(name) and bool({"mean", "avg", "average"} & set(words_of(name)))


def accuracy_form(title: str, kind: type[Any], making: Making, trier: Trier) -> Tried:
    """Return the form of an accuracy class that works best. Raises UnfitError where there is none."""
    method = forward_methods(kind, (*CALCULATE, "accuracy", "compute", "call", "forward"))[0]
    return best_form("accuracy", title, kind, making, method, trier, calculated=True)


def fused_softmax(title: str, kind: type[Any], making: Making, trier: Trier) -> Tried:
    """Return softmax as it is found in a class that also takes the labels and returns the loss.

    Its loss is of logits, so it is not the operation ``loss``. Raises UnfitError where it stores no output.
    """
    method = forward_methods(kind)[0]
    (batch,) = EXAMPLES["softmax"]
    (logits,) = batch.arguments
    labelled = Example((logits, _some_labels(logits)), batch.shape)
    (plan, *_) = plans(as_called(kind, method), (INPUTS, TRUE))
    try:
        way = method_way(making.new, title, method, plan, (labelled,), trier, ("inputs", "labels"), stored=True)
    except UnfitError:
        raise UnfitError("gives a loss of logits, which no clause speaks of, and keeps no probabilities") from None

    def labelling(function: Callable[..., Any]) -> Callable[..., Any]:
        def softmax(inputs: Array) -> Any:
            return function(inputs, _some_labels(inputs))

        return softmax

    return trier.best([way.also("given labels besides", labelling)], (batch,))


def _some_labels(inputs: Array) -> Array:
    return np.zeros(len(inputs), dtype=np.int64)


def best_form(
    operation: Operation,
    title: str,
    kind: type[Any],
    making: Making,
    method: str,
    trier: Trier,
    calculated: bool = False,
) -> Tried:
    """Return the way to call a method with predictions and labels that fits best.

    What is ``calculated`` may need a method without arguments, or the forward pass, to be called before.
    """
    new, examples = making.new, EXAMPLES[operation]
    ways: list[Way] = []
    refused: UnfitError | None = None
    try:
        for plan in plans(as_called(kind, method), (PREDICTED, TRUE)):
            ways.append(method_way(new, title, method, plan, examples, trier, _NAMES))
            ways += _after_beforehand(title, kind, new, method, plan) if calculated else []
    except UnfitError as reason:
        refused = UnfitError(f"has `{method}`, which {reason}")
    ways += _after_forward(title, kind, new, method, trier) if calculated else []
    if not ways:
        assert refused is not None
        raise refused
    made = [replace(way, told=(way.told[0], *making.told, *way.told[1:])) for way in ways]
    return trier.best(with_other_forms(operation, made), examples)


def _after_beforehand(title: str, kind: type[Any], new: New, method: str, plan: Plan) -> list[Way]:
    def maker(first: str) -> Implementation:
        def make() -> Callable[..., Any]:
            made = new()
            getattr(made, first)()
            return lambda *arguments: plan.call(getattr(made, method), arguments)

        return make

    firsts = [name for name in public_methods(kind) if normalised(name) in BEFOREHAND]
    told = tuple(filter(None, (f"`{title}.{method}`", plan.told(_NAMES))))
    return [Way((*told, f"called after `{first}`"), maker(first), plan.sure) for first in firsts]


def _after_forward(title: str, kind: type[Any], new: New, method: str, trier: Trier) -> list[Way]:
    if method == "forward" or "forward" not in public_methods(kind):
        return []
    try:
        forward = plans(as_called(kind, "forward"), (PREDICTED, TRUE))
    except UnfitError:
        return []
    return [
        _calculated_after(title, new, method, plan, own, trier) for plan in forward for own in _own_plans(kind, method)
    ]


def _own_plans(kind: type[Any], method: str) -> list[Plan]:
    """Return how a method is called after the forward pass: without arguments if it can be, else with the same."""
    called = as_called(kind, method)
    try:
        return plans(called, ())
    except UnfitError:
        return plans(called, (PREDICTED, TRUE))


def _calculated_after(title: str, new: New, method: str, forward: Plan, own: Plan, trier: Trier) -> Way:
    def both(made: Any, arguments: Sequence[Any]) -> Any:
        forward.call(made.forward, arguments)
        return own.call(getattr(made, method), arguments)

    place = _place_after(new, both, trier)

    def make() -> Callable[..., Any]:
        made = new()
        return lambda *arguments: place.read(made, both(made, arguments))

    told = (f"`{title}.{method}`", forward.told(_NAMES), "called after `forward`", place.told)
    return Way(tuple(filter(None, told)), make, forward.sure)


def _place_after(new: New, both: Callable[[Any, Sequence[Any]], Any], trier: Trier) -> Place:
    """Return where the mean lies after both methods were called: returned, or in the one number that they store."""
    arguments = copies(IN_ALL[0])
    made = trier.run(new)
    returned = made if isinstance(made, Raised) else trier.run(lambda: both(made, arguments))
    if returned is not None:
        return AS_RETURNED
    single = [name for name, value in attributes_of(made).items() if np.ndim(value) == 0 and trier.is_number(value)]
    return attribute(single.pop()) if len(single) == 1 else AS_RETURNED
