"""Where a layer keeps its weights and biases: by their names, else by their shapes."""

from typing import Any

import numpy as np
import pytest

from nnfs_spec.adapters.recognition.objects import RETURNED
from nnfs_spec.adapters.recognition.parameters import LayerCalls, Parameters, new_parameters, parameters_of
from nnfs_spec.adapters.recognition.signatures import plans
from nnfs_spec.subject.roles import N_INPUTS, N_NEURONS


class Kept:
    """An object with the attributes that it is given."""

    w: Any
    b: Any

    def __init__(self, **attributes: Any) -> None:
        vars(self).update(attributes)


@pytest.mark.parametrize(
    ("layer", "found"),
    [
        (Kept(weights=np.ones((3, 2)), biases=np.ones((1, 2))), Parameters("weights", "biases", False, "row")),
        (Kept(w=np.ones((2, 3)), b=np.ones(2)), Parameters("w", "b", True, "vector")),
        (Kept(one=np.ones((3, 2)), other=np.ones((2, 1))), Parameters("one", "other", False, "column")),
        (Kept(one=np.ones((2, 3)), other=np.ones((2, 1)), last=np.ones(9)), Parameters("one", "other", True, "column")),
        (Kept(w=np.ones((3, 2)), one=np.ones(2), other=np.ones(2)), Parameters("w", None, False, "row")),
        (Kept(w=np.ones((3, 2)), ragged=[[0, 0], [0]], other=np.ones(2)), Parameters("w", "other", False, "vector")),
    ],
)
def test_parameters_are_found_by_name_or_by_shape(layer: Any, found: Parameters) -> None:
    """Where only one array has the shape; weights may stand turned, and biases as a row, a vector or a column."""
    assert parameters_of(layer, 3, 2) == found


@pytest.mark.parametrize(("n", "form"), [(1, "row"), (2, "column")])
def test_a_single_bias_is_a_row(n: int, form: str) -> None:
    """Which is a column as well; square weights are not turned."""
    found = parameters_of(Kept(w=np.ones((n, n)), b=np.ones((n, 1))), n, n)
    assert (found.form, found.turned) == (form, False)


def test_parameters_are_given_and_read_in_the_form_in_which_they_are_kept() -> None:
    """Weights turned back; a column comes as a vector."""
    layer, weights, biases = Kept(), np.arange(6.0).reshape(3, 2), np.array([[7.0, 8.0]])
    Parameters("w", "b", True, "column").put(layer, weights, biases)
    assert (layer.w.tolist(), layer.b.tolist()) == (weights.T.tolist(), [[7.0], [8.0]])
    got = Parameters("w", "b", True, "column").of(layer)
    assert (got[0].tolist(), got[1].tolist()) == (weights.tolist(), [7.0, 8.0])
    Parameters("w", "b", False, "vector").put(layer, weights, biases)
    assert layer.b.tolist() == [7.0, 8.0]


def test_a_layer_is_made_once_for_each_size() -> None:
    """And gets its parameters at each call."""
    made: list[tuple[int, int]] = []

    def new(n_inputs: int, n_neurons: int) -> Any:
        made.append((n_inputs, n_neurons))
        return Kept(w=np.zeros((n_inputs, n_neurons)), b=np.zeros(n_neurons))

    calls = LayerCalls(new, lambda layer, inputs: inputs @ layer.w + layer.b, RETURNED, None)
    for size in (2, 2, 3):
        assert calls(np.ones((1, size)), np.ones((size, 1)), np.ones((1, 1))).tolist() == [[size + 1]]
    assert made == [(2, 1), (3, 1)]


@pytest.mark.parametrize("known", [None, Parameters("w", "b", True, "column")])
def test_a_new_layer_gives_the_parameters_that_it_makes(known: Parameters | None) -> None:
    """Where they are known to lie, or else are found."""

    def new(n_inputs: int, n_neurons: int) -> Any:
        return Kept(w=np.full((n_neurons, n_inputs), 2.0), b=np.full((n_neurons, 1), 3.0))

    weights, biases = new_parameters(new, known)(3, 2)
    assert (weights.tolist(), biases.tolist()) == ([[2.0, 2.0]] * 3, [3.0, 3.0])


def test_what_takes_any_arguments_names_none() -> None:
    """So that it is not taken for a constructor of weights and biases."""

    def anything(*arguments: Any) -> Any:
        return arguments

    def sized(n_inputs: int, n_neurons: int) -> Any:
        return n_inputs, n_neurons

    (plan,) = plans(anything, (N_INPUTS, N_NEURONS))
    assert not plan.named
    (plan,) = plans(sized, (N_INPUTS, N_NEURONS))
    assert plan.named
