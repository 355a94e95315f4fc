"""Classes of losses and accuracies: which method gives one number for each sample and which gives one in all."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from nnfs_spec.adapters.live import Implementation
from nnfs_spec.adapters.recognition.functions import by_classes
from nnfs_spec.adapters.recognition.names import normalised
from nnfs_spec.adapters.recognition.objects import as_called, forward_methods, method_way, public_methods
from nnfs_spec.adapters.recognition.signatures import Plan, UnfitError, plans
from nnfs_spec.adapters.recognition.trials import EXAMPLES, IN_ALL, PER_SAMPLE, Example, Fit, Tried, Trier, Way
from nnfs_spec.arrays import Array
from nnfs_spec.subject.operations import OPERATIONS, Operation
from nnfs_spec.subject.roles import INPUTS, PREDICTED, TRUE

CALCULATE = ("calculate", "calculateloss", "calculateaccuracy", "computeloss", "meanloss", "calc")
FORWARD = ("forward", "samplelosses", "loss", "compute", "call", "forwardpass")
BEFOREHAND = ("newpass", "reset", "resetstate", "resetstates", "init", "clear")
"""Methods without arguments that may have to be called first, as in the course's later chapters."""

_NAMES = OPERATIONS["loss"].argument_names
New = Callable[[], Any]


def loss_forms(
    title: str, kind: type[Any], new: New, trier: Trier
) -> tuple[dict[Operation, Tried], list[tuple[Operation, str]]]:
    """Return what a loss class gives of sample_losses and loss, and the reasons for what it does not.

    Its ``calculate`` is the loss, however it does. Its ``forward`` is the sample losses; only where a trial call gives
    a single number, it is the loss instead. Raises UnfitError where there is no method at all.
    """
    found: dict[Operation, Tried] = {}
    reasons: list[tuple[Operation, str]] = []
    calculate = [name for name in public_methods(kind) if normalised(name) in CALCULATE][:1]
    forward = [name for name in forward_methods(kind, (*FORWARD, *CALCULATE)) if name not in calculate][:1]
    for name in forward:
        try:
            per_sample, in_all = (_best(title, kind, new, name, both, trier) for both in (PER_SAMPLE, IN_ALL))
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
            found["loss"] = _best(title, kind, new, name, IN_ALL, trier, calculated=True)
        except UnfitError as unfit:
            reasons.append(("loss", f"`{title}` {unfit}"))
    return found, reasons


def accuracy_form(title: str, kind: type[Any], new: New, trier: Trier) -> Tried:
    """Return the form of an accuracy class that works best. Raises UnfitError where there is none."""
    method = forward_methods(kind, (*CALCULATE, "accuracy", "compute", "call", "forward"))[0]
    return _best(title, kind, new, method, EXAMPLES["accuracy"], trier, calculated=True, classes=True)


def fused_softmax(title: str, kind: type[Any], new: New, trier: Trier) -> Tried:
    """Return softmax as it is found in a class that also takes the labels and returns the loss.

    Its loss is of logits, so it is not the operation ``loss``. Raises UnfitError where it stores no output.
    """
    method = forward_methods(kind)[0]
    (batch,) = EXAMPLES["softmax"]
    (logits,) = batch.arguments
    labelled = Example((logits, _some_labels(logits)), batch.shape)
    (plan, *_) = plans(as_called(kind, method), (INPUTS, TRUE))
    way = method_way(new, title, method, plan, (labelled,), trier, ("inputs", "labels"), stored=True)

    def make() -> Callable[..., Any]:
        function = way.make()

        def unlabelled(inputs: Array) -> Any:
            return function(inputs, _some_labels(inputs))

        return unlabelled

    return trier.best([Way((*way.told, "given labels besides"), make)], (batch,))


def _some_labels(inputs: Array) -> Array:
    return np.zeros(len(inputs), dtype=np.int64)


def _best(
    title: str,
    kind: type[Any],
    new: New,
    method: str,
    examples: Sequence[Example],
    trier: Trier,
    calculated: bool = False,
    classes: bool = False,
) -> Tried:
    """Return the way to call a method with predictions and labels that fits best.

    What is ``calculated`` may need a method without arguments, or the forward pass, to be called before; ``classes``
    may be wanted in the place of probabilities.
    """
    ways: list[Way] = []
    refused: UnfitError | None = None
    try:
        for plan in plans(as_called(kind, method), (PREDICTED, TRUE)):
            ways.append(method_way(new, title, method, plan, examples, trier, _NAMES))
            ways += _after_beforehand(title, kind, new, method, plan) if calculated else []
    except UnfitError as reason:
        refused = UnfitError(f"has `{method}`, which {reason}")
    ways += _after_forward(title, kind, new, method) if calculated else []
    if not ways:
        assert refused is not None
        raise refused
    return trier.best(ways + [by_classes(way) for way in ways] if classes else ways, examples)


def _after_beforehand(title: str, kind: type[Any], new: New, method: str, plan: Plan) -> list[Way]:
    def maker(first: str) -> Implementation:
        def make() -> Callable[..., Any]:
            made = new()
            getattr(made, first)()
            return lambda *arguments: plan.call(getattr(made, method), arguments)

        return make

    firsts = [name for name in public_methods(kind) if normalised(name) in BEFOREHAND]
    told = tuple(filter(None, (f"took `{title}.{method}`", plan.told(_NAMES))))
    return [Way((*told, f"called after `{first}`"), maker(first)) for first in firsts]


def _after_forward(title: str, kind: type[Any], new: New, method: str) -> list[Way]:
    if method == "forward" or "forward" not in public_methods(kind):
        return []
    try:
        forward = plans(as_called(kind, "forward"), (PREDICTED, TRUE))
    except UnfitError:
        return []
    return [_calculated_after(title, new, method, plan, own) for plan in forward for own in _own_plans(kind, method)]


def _own_plans(kind: type[Any], method: str) -> list[Plan]:
    """Return how a method is called after the forward pass: without arguments if it can be, else with the same."""
    called = as_called(kind, method)
    try:
        return plans(called, ())
    except UnfitError:
        return plans(called, (PREDICTED, TRUE))


def _calculated_after(title: str, new: New, method: str, forward: Plan, own: Plan) -> Way:
    def make() -> Callable[..., Any]:
        made = new()

        def calculate(*arguments: Any) -> Any:
            forward.call(made.forward, arguments)
            return own.call(getattr(made, method), arguments)

        return calculate

    told = (f"took `{title}.{method}`", forward.told(_NAMES), "called after `forward`")
    return Way(tuple(filter(None, told)), make)
