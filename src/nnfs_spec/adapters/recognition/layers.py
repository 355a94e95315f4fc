"""Layers as operations: how one is made, how its forward pass is called, and which of its possible forms works."""

from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass, replace
from typing import Any

from nnfs_spec.adapters.live import Implementation
from nnfs_spec.adapters.recognition.names import normalised
from nnfs_spec.adapters.recognition.objects import USUAL, Place, as_called, attributes_of, forward_methods, seen_place
from nnfs_spec.adapters.recognition.parameters import (
    LayerCalls,
    New,
    Parameters,
    new_parameters,
    parameters_of,
    shape_of,
)
from nnfs_spec.adapters.recognition.signatures import (
    TRAINING,
    Plan,
    UnfitError,
    plans,
)
from nnfs_spec.adapters.recognition.trials import WEIGHED, Raised, Tried, Trier, Way, copies
from nnfs_spec.arrays import Array
from nnfs_spec.subject import roles
from nnfs_spec.subject.operations import OPERATIONS
from nnfs_spec.subject.trial_arguments import N_INPUTS, N_NEURONS


@dataclass(frozen=True)
class LayerForm:
    """A layer in one form: as the operation ``dense``, and ``new`` as ``layer`` where new ones can be made.

    ``sized`` tells whether its new parameters have the sizes that were asked for.
    """

    dense: Tried
    new: Implementation | None
    sized: bool


@dataclass(frozen=True)
class _Making:
    """One way to make a layer, and the way to call it."""

    title: str
    told: str
    new: New
    method: str
    forward: Plan

    def call(self, layer: Any, inputs: Array) -> Any:
        """Call the forward pass."""
        return self.forward.call(getattr(layer, self.method), (inputs,))


def layer_form(title: str, kind: type[Any], trier: Trier, instance: Any = None) -> LayerForm:
    """Return the form of a layer that works best in a trial call. Raises UnfitError where there is none.

    The names of the constructor's parameters decide which is the number of inputs; if they do not tell, the shapes
    of the weights and biases that it makes. Weights are taken as turned only where the layer itself makes them so and
    its forward pass wants them so.
    """
    method = forward_methods(kind)[0]
    try:
        (forward, *_) = plans(as_called(kind, method), (roles.INPUTS,))
    except UnfitError as reason:
        raise UnfitError(f"has `{method}`, which {reason}") from None
    if instance is not None:
        making = _Making(title, "a copy of the object", lambda n_inputs, n_neurons: deepcopy(instance), method, forward)
        return _best([replace(form, new=None) for form in _forms(making, trier, (False, True))])
    given = _given_parameters(title, kind, method, forward, trier)
    if given is not None:
        return given
    found: list[LayerForm] = []
    for plan in plans(kind, OPERATIONS["layer"].roles, _constructor_values):
        making = _Making(title, plan.told(("n_inputs", "n_neurons")), _constructing(kind, plan), method, forward)
        found += _forms(making, trier)
    return _best(found)


def _best(forms: list[LayerForm]) -> LayerForm:
    return max(forms, key=lambda form: (form.sized, form.dense.fit))


def _forms(making: _Making, trier: Trier, turns: tuple[bool, ...] = ()) -> list[LayerForm]:
    """Return the forms of a layer that is made in one way; ``turns`` says whether to take its weights as turned."""
    made = trier.run(lambda: making.new(N_INPUTS, N_NEURONS))
    if isinstance(made, Raised):
        return [_form(making, None, USUAL, False, trier)]
    try:
        known = parameters_of(made, N_INPUTS, N_NEURONS)
    except AttributeError as problem:
        raise UnfitError(f"can be made, but {problem}") from None
    possible = [replace(known, turned=turned) for turned in turns or ((True, False) if known.turned else (False,))]
    return [_form(making, one, _seen(making, one, trier), _has_sizes(made, one), trier) for one in possible]


def _form(making: _Making, known: Parameters | None, place: Place, sized: bool, trier: Trier) -> LayerForm:
    told = (
        f"took `{making.title}.{making.method}`",
        making.told,
        making.forward.told(("inputs",)),
        *(known.told if known else ()),
        place.told,
    )
    way = Way(tuple(filter(None, told)), lambda: LayerCalls(making.new, making.call, place, known))
    return LayerForm(trier.best([way], (WEIGHED,)), lambda: new_parameters(making.new, known), sized)


def _seen(making: _Making, known: Parameters, trier: Trier) -> Place:
    """Return where the result lies after a call on a layer that has its parameters set."""
    inputs, weights, biases = copies(WEIGHED)
    made = making.new(N_INPUTS, N_NEURONS)

    def calls() -> tuple[Mapping[str, Any], Any]:
        known.put(made, weights, biases)
        return attributes_of(made), making.call(made, inputs)

    called = trier.run(calls)
    if isinstance(called, Raised):
        return USUAL
    before, returned = called
    return seen_place(made, before, returned, (inputs, weights, weights.T, biases), WEIGHED.shape, trier)


def _has_sizes(made: Any, known: Parameters) -> bool:
    weights = shape_of(getattr(made, known.weights))
    right = weights in ((N_INPUTS, N_NEURONS), (N_NEURONS, N_INPUTS))
    forms = ((1, N_NEURONS), (N_NEURONS,), (N_NEURONS, 1))
    return right and (known.biases is None or shape_of(getattr(made, known.biases)) in forms)


def _constructing(kind: type[Any], plan: Plan) -> New:
    return lambda n_inputs, n_neurons: plan.call(kind, (n_inputs, n_neurons))


def _given_parameters(title: str, kind: type[Any], method: str, forward: Plan, trier: Trier) -> LayerForm | None:
    """Return the form of a layer that is made with its weights and biases, where its constructor names them so."""
    try:
        (plan, *others) = plans(kind, (roles.WEIGHTS, roles.BIASES), _constructor_values)
    except UnfitError:
        return None
    if others or not plan.named:
        return None
    inputs, weights, biases = copies(WEIGHED)
    made = trier.run(lambda: plan.call(kind, (weights, biases)))
    place = USUAL
    if not isinstance(made, Raised):
        before = attributes_of(made)
        returned = trier.run(lambda: forward.call(getattr(made, method), (inputs,)))
        if not isinstance(returned, Raised):
            place = seen_place(made, before, returned, (inputs, weights, biases), WEIGHED.shape, trier)

    def dense(inputs: Array, weights: Array, biases: Array) -> Any:
        layer = plan.call(kind, (weights, biases))
        return place.read(layer, forward.call(getattr(layer, method), (inputs,)))

    told = (f"took `{title}.{method}`", "made with its weights and biases", place.told)
    return LayerForm(trier.best([Way(tuple(filter(None, told)), lambda: dense)], (WEIGHED,)), None, True)


def identity(x: Any) -> Any:
    """Return what is given, as the activation of a layer that has none."""
    return x


def _constructor_values(name: str) -> tuple[Any, ...]:
    """Return what a constructor can be given for a parameter besides the sizes."""
    plain = normalised(name)
    if "activ" in plain:
        return None, "linear", identity
    if plain in TRAINING:
        return (False,)
    others: dict[str, tuple[Any, ...]] = {"name": ("layer",), "learningrate": (0.0,), "lr": (0.0,), "usebias": (True,)}
    return others.get(plain, ())
