"""Layers as operations: how one is made, how its forward pass is called, and which of its possible forms works."""

import inspect
from collections.abc import Callable, Mapping
from copy import deepcopy
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import numpy as np

from nnfs_spec.adapters.live import Implementation
from nnfs_spec.adapters.recognition.functions import IN_COLUMNS
from nnfs_spec.adapters.recognition.names import normalised, words_of
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
from nnfs_spec.adapters.recognition.trials import WEIGHED, Fit, Raised, Tried, Trier, Way, copies
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
    sure: bool = False
    lazy: bool = False
    columns: bool = False

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
    refused: UnfitError | None = None
    found: list[LayerForm] = []
    try:
        for plan in plans(kind, OPERATIONS["layer"].roles, _constructor_values):
            told = plan.told(("n_inputs", "n_neurons"))
            found += _forms(_Making(title, told, _constructing(kind, plan), method, forward, plan.sure), trier)
    except UnfitError as unfit:
        refused = unfit
    if refused is not None or _best(found).dense.fit is not Fit.FITS:
        found += [form for form in _sized_by_neurons(title, kind, method, forward, trier) if form.dense.fit is Fit.FITS]
    if refused is not None and not found:
        raise refused
    return _best(found)


def _sized_by_neurons(title: str, kind: type[Any], method: str, forward: Plan, trier: Trier) -> list[LayerForm]:
    """Return the forms of a layer that is made with its number of neurons, and told its inputs by a call."""
    try:
        (plan, *_) = plans(kind, (roles.N_NEURONS,), _constructor_values)
        new = _constructing(kind, plan)
        making = _Making(title, "made with n_neurons alone", lambda k, n: new(n), method, forward)
        return _forms(making, trier)
    except UnfitError:
        return []


def _best(forms: list[LayerForm]) -> LayerForm:
    return max(forms, key=lambda form: (form.sized, form.dense.fit))


def _forms(making: _Making, trier: Trier, turns: tuple[bool, ...] = ()) -> list[LayerForm]:
    """Return the forms of a layer that is made in one way; ``turns`` says whether to take its weights as turned."""
    made = trier.run(lambda: making.new(N_INPUTS, N_NEURONS))
    if isinstance(made, Raised):
        return [_form(making, None, USUAL, False, trier, made)]
    try:
        known = parameters_of(made, N_INPUTS, N_NEURONS)
    except AttributeError as problem:
        if not making.lazy:
            try:
                return _forms(_called_once(making), trier, turns)
            except UnfitError:
                pass
        raise UnfitError(f"can be made, but {problem}") from None
    possible = [replace(known, turned=turned) for turned in turns or ((True, False) if known.turned else (False,))]
    if known.joined:
        possible = [_with_its_biases(making, known, trier)]
    ways = [(making, one) for one in possible]
    if known.turned or turns:
        ways.append((replace(making, columns=True), replace(known, turned=True)))
    return [_form(way, one, _seen(way, one, trier), _has_sizes(made, one), trier) for way, one in ways]


def _called_once(making: _Making) -> _Making:
    """Return the way to make a layer that makes its weights at its first call."""

    def new(n_inputs: int, n_neurons: int) -> Any:
        made = making.new(n_inputs, n_neurons)
        making.call(made, np.zeros((1, n_inputs)))
        return made

    told = "; ".join(filter(None, (making.told, "its weights are made at its first call")))
    return replace(making, told=told, new=new, lazy=True, sure=False)


def _with_its_biases(making: _Making, known: Parameters, trier: Trier) -> Parameters:
    """Return which row of the weights are the biases: what zeros give, since that is all that they can give.

    Raises UnfitError where it is neither the first nor the last.
    """
    inputs, weights, biases = copies(WEIGHED)
    biases -= 2  # so that no row of the weights is like them
    for joined in (replace(known, joined="last"), replace(known, joined="first")):
        call = LayerCalls(making.new, making.call, _seen(making, joined, trier), joined)
        given = trier.run(partial(call, np.zeros_like(inputs), weights, biases))
        if trier.fit(given, WEIGHED.shape) is Fit.FITS and np.array_equal(
            given, np.broadcast_to(biases, WEIGHED.shape)
        ):
            return joined
    raise UnfitError(f"keeps its biases in `{known.weights}`, and which row they are cannot be told from what it gives")


def _form(
    making: _Making,
    known: Parameters | None,
    place: Place,
    sized: bool,
    trier: Trier,
    unmade: Raised | None = None,
) -> LayerForm:
    told = (
        f"`{making.title}.{making.method}`",
        making.told,
        making.forward.told(("inputs",)),
        *(known.told if known else ()),
        place.told,
        IN_COLUMNS if making.columns else "",
    )
    sure = making.sure and making.forward.sure and not making.columns and (known is None or known.usual)
    way = Way(
        tuple(filter(None, told)),
        lambda: LayerCalls(making.new, making.call, place, known, making.columns),
        sure,
        making.columns,
    )
    dense = trier.best([way], (WEIGHED,)) if unmade is None else Tried(way, (Fit.RAISED,), unmade)
    joined = known is not None and bool(known.joined)  # then nobody can tell new biases from new weights
    return LayerForm(dense, None if joined else lambda: new_parameters(making.new, known), sized)


def _seen(making: _Making, known: Parameters, trier: Trier) -> Place:
    """Return where the result lies after a call on a layer that has its parameters set."""
    inputs, weights, biases = copies(WEIGHED)
    made = making.new(N_INPUTS, N_NEURONS)

    given = inputs.T if making.columns else inputs

    def calls() -> tuple[Mapping[str, Any], Any]:
        known.put(made, weights, biases)
        return attributes_of(made), making.call(made, given)

    called = trier.run(calls)
    if isinstance(called, Raised):
        return USUAL
    before, returned = called
    shape = WEIGHED.shape[::-1] if making.columns else WEIGHED.shape
    return seen_place(made, before, returned, (given, weights, weights.T, biases), shape, trier)


def _has_sizes(made: Any, known: Parameters) -> bool:
    weights = shape_of(getattr(made, known.weights))
    rows = N_INPUTS + bool(known.joined)
    right = weights in ((rows, N_NEURONS), (N_NEURONS, rows))
    forms = ((1, N_NEURONS), (N_NEURONS,), (N_NEURONS, 1))
    return right and (known.biases is None or shape_of(getattr(made, known.biases)) in forms)


def _constructing(kind: type[Any], plan: Plan) -> Callable[..., Any]:
    seeded = _seeded(kind)

    def new(*arguments: Any) -> Any:
        given = {name: draw() for name, draw in seeded.items()}
        return plan.call(lambda *those, **more: kind(*those, **(more | given)), arguments)

    return new


def _seeded(kind: type[Any]) -> dict[str, Callable[[], Any]]:
    """Return what to give a constructor that draws from no generator that can be seeded unless it is given one.

    A seed or a generator, drawn from the global one, which is seeded. One that has a seed by default keeps it.
    """
    parameters = inspect.signature(kind).parameters.values()
    without = [
        one
        for one in parameters
        if one.default is None or one.default is one.empty or "FACTORY" in type(one.default).__name__
    ]
    return {one.name: _SOURCES[normalised(one.name)] for one in without if normalised(one.name) in _SOURCES}


def _draw() -> int:
    return np.random.randint(2**31)


_SOURCES: Mapping[str, Callable[[], Any]] = {
    **dict.fromkeys(("seed", "randomseed", "randomstate"), _draw),
    **dict.fromkeys(("rng", "generator", "randomgenerator"), lambda: np.random.default_rng(_draw())),
}
"""What a constructor can be given to draw from, by the name of the parameter."""


class _Drawn:
    """Stands for what is drawn anew for each layer."""

    def __repr__(self) -> str:
        return "drawn"


def _given_parameters(title: str, kind: type[Any], method: str, forward: Plan, trier: Trier) -> LayerForm | None:
    """Return the form of a layer that is made with its weights and biases, where its constructor names them so."""
    try:
        (plan, *others) = plans(kind, (roles.WEIGHTS, roles.BIASES), _constructor_values)
    except UnfitError:
        return None
    if others or not plan.named:
        return None
    new = _constructing(kind, plan)
    inputs, weights, biases = copies(WEIGHED)
    made = trier.run(lambda: new(weights, biases))
    place = USUAL
    if not isinstance(made, Raised):
        before = attributes_of(made)
        returned = trier.run(lambda: forward.call(getattr(made, method), (inputs,)))
        if not isinstance(returned, Raised):
            place = seen_place(made, before, returned, (inputs, weights, biases), WEIGHED.shape, trier)

    def dense(inputs: Array, weights: Array, biases: Array) -> Any:
        layer = new(weights, biases)
        return place.read(layer, forward.call(getattr(layer, method), (inputs,)))

    told = (f"`{title}.{method}`", "made with its weights and biases", place.told)
    return LayerForm(trier.best([Way(tuple(filter(None, told)), lambda: dense)], (WEIGHED,)), None, True)


def identity(x: Any) -> Any:
    """Return what is given, as the activation of a layer that has none."""
    return x


def _constructor_values(name: str) -> tuple[Any, ...]:
    """Return what a constructor can be given for a parameter besides the sizes: guesses, but for what training is."""
    plain, words = normalised(name), words_of(name)
    if plain in _SOURCES:
        return (_Drawn(),)
    if "activ" in plain or "act" in words:
        return None, "linear", identity
    if plain in TRAINING:
        return (False,)
    if words and words[0] in ("is", "use", "has", "with"):
        return ("bias" in words, "bias" not in words)
    others: dict[str, tuple[Any, ...]] = {"name": ("layer",), "learningrate": (0.0,), "lr": (0.0,)}
    return others.get(plain, (None, 0.0))
