"""Where a layer keeps its weights and biases, and how it is called as a function of them."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

import numpy as np

from nnfs_spec.adapters.recognition.names import normalised
from nnfs_spec.adapters.recognition.objects import Place, attributes_of
from nnfs_spec.arrays import Array
from nnfs_spec.subject.roles import BIASES, WEIGHTS, Role

New: TypeAlias = Callable[[int, int], Any]
"""Makes a layer of so many inputs and neurons."""

BiasForm: TypeAlias = Literal["row", "vector", "column"]

Joined: TypeAlias = Literal["", "first", "last"]
"""Which row of the weights the biases are, where a layer keeps both in one array."""

_FORM_TOLD: dict[BiasForm, str] = {"row": "", "vector": " of shape (n,)", "column": " of shape (n, 1)"}


@dataclass(frozen=True)
class Parameters:
    """Where a layer keeps its weights and biases, and whether its weights stand as (n_neurons, n_inputs).

    ``listed`` are the names of what it keeps as lists, and not as arrays.
    """

    weights: str
    biases: str | None
    turned: bool
    form: BiasForm
    joined: Joined = ""
    listed: frozenset[str] = frozenset()

    @property
    def usual(self) -> bool:
        """Whether both are kept under usual names and as the course keeps them, or nearly so."""
        named = normalised(self.weights) in WEIGHTS and (self.biases is None or normalised(self.biases) in BIASES)
        return named and not self.turned and not self.joined

    @property
    def told(self) -> tuple[str, ...]:
        """What is kept where, in words."""
        weights = f"weights attribute `{self.weights}`{' of shape (n_neurons, n_inputs)' if self.turned else ''}"
        if self.joined:
            return (f"{weights}, whose {self.joined} row are the biases",)
        listed = ", a list" if self.biases in self.listed else ""
        return (
            weights,
            f"biases attribute `{self.biases}`{_FORM_TOLD[self.form]}{listed}" if self.biases else "no biases",
        )

    def put(self, layer: Any, weights: Array, biases: Array) -> None:
        """Give a layer its parameters, in the form in which it keeps them."""
        if self.joined:
            row = biases.reshape(1, -1)
            weights = np.vstack([weights, row] if self.joined == "last" else [row, weights])
        self._set(layer, self.weights, weights.T if self.turned else weights)
        if self.biases is not None:
            n = biases.size
            shapes: dict[BiasForm, tuple[int, ...]] = {"row": biases.shape, "vector": (n,), "column": (n, 1)}
            self._set(layer, self.biases, biases.reshape(shapes[self.form]))

    def _set(self, layer: Any, name: str, value: Array) -> None:
        setattr(layer, name, value.tolist() if name in self.listed else value)

    def of(self, layer: Any) -> tuple[Any, Any]:
        """Return the parameters of a layer, its weights as (n_inputs, n_neurons). Raises AttributeError without biases.

        A column of biases comes as a vector: it is not the row that the specification advises.
        """
        if self.joined:
            both = np.transpose(getattr(layer, self.weights)) if self.turned else getattr(layer, self.weights)
            return (both[:-1], both[-1:]) if self.joined == "last" else (both[1:], both[:1])
        if self.biases is None:
            raise AttributeError(f"{type(layer).__name__} keeps no biases")
        weights, biases = getattr(layer, self.weights), getattr(layer, self.biases)
        return np.transpose(weights) if self.turned else weights, (
            np.ravel(biases) if self.form == "column" else biases
        )


def parameters_of(layer: Any, n_inputs: int, n_neurons: int) -> Parameters:
    """Return where a layer keeps its parameters: under a usual name, or in the only array of the shape.

    Raises AttributeError where it has no weights. A layer may have no biases: then nothing can be done for it.
    """
    weights = _attribute(layer, WEIGHTS, ((n_inputs, n_neurons), (n_neurons, n_inputs)))
    if weights is None:
        raise AttributeError(f"{type(layer).__name__} keeps its weights under no usual name, such as weights or w")
    biases = _attribute(layer, BIASES, ((1, n_neurons), (n_neurons,), (n_neurons, 1)))
    shape = shape_of(getattr(layer, weights))
    if shape == ():
        raise AttributeError(f"{type(layer).__name__} has no weights in `{weights}` when it has been made")
    turned = n_inputs != n_neurons and shape in ((n_neurons, n_inputs), (n_neurons, n_inputs + 1))
    joined: Joined = "last" if shape in ((n_inputs + 1, n_neurons), (n_neurons, n_inputs + 1)) else ""
    form = _bias_form(getattr(layer, biases)) if biases else "row"
    held = {name for name in (weights, biases) if name is not None and isinstance(getattr(layer, name), list)}
    return Parameters(weights, biases, turned, form, "" if biases else joined, frozenset(held))


def _bias_form(biases: Any) -> BiasForm:
    match shape_of(biases):
        case (_,):
            return "vector"
        case (n, 1) if n != 1:
            return "column"
        case _:
            return "row"


def _attribute(layer: Any, role: Role, shapes: tuple[tuple[int, ...], ...]) -> str | None:
    held = attributes_of(layer)
    names = [name for name in dict.fromkeys([*held, *sorted(role)]) if hasattr(layer, name)]
    for name in names:
        if normalised(name.removeprefix(f"_{type(layer).__name__}")) in role:
            return name
    shaped = [name for name, value in held.items() if shape_of(value) in shapes]
    return shaped.pop() if len(shaped) == 1 else None


def shape_of(value: Any) -> tuple[int, ...] | None:
    """Return the shape of what is or could be an array; None for ragged lists."""
    try:
        shape: tuple[int, ...] = np.shape(value)
    except ValueError:
        return None
    return shape


class LayerCalls:
    """Calls a layer as a function: one layer object for each size, its weights and biases set at each call."""

    def __init__(
        self,
        new: New,
        call: Callable[[Any, Array], Any],
        place: Place,
        parameters: Parameters | None,
        columns: bool = False,
    ) -> None:
        self._new = new
        self._call = call
        self._place = place
        self._parameters = parameters
        self._columns = columns
        self._made: dict[tuple[int, ...], tuple[Any, Parameters]] = {}

    def __call__(self, inputs: Array, weights: Array, biases: Array) -> Any:
        """Return the layer's result for ``inputs``."""
        size = weights.shape
        if size not in self._made:
            made = self._new(*size)
            self._made[size] = made, self._parameters or parameters_of(made, *size)
        made, parameters = self._made[size]
        parameters.put(made, weights, biases)
        result = self._place.read(made, self._call(made, inputs.T if self._columns else inputs))
        return np.transpose(result) if self._columns else result


def new_parameters(new: New, parameters: Parameters | None) -> Callable[[int, int], tuple[Any, Any]]:
    """Return the operation ``layer``: it makes one and gives its weights and biases."""

    def layer(n_inputs: int, n_neurons: int) -> tuple[Any, Any]:
        made = new(n_inputs, n_neurons)
        return (parameters or parameters_of(made, n_inputs, n_neurons)).of(made)

    return layer
