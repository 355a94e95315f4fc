"""One case tried again: what it is a case of, and what is said of it."""

from typing import Any

import numpy as np
import pytest

from nnfs_spec.adapters.live import LiveSubject
from nnfs_spec.adapters.load import load
from nnfs_spec.arrays import Array
from nnfs_spec.domains import LAYER, LOSSES, RELU, RELU_SPECIALS, Case, Domain
from nnfs_spec.engine.replay import case_of, try_again
from nnfs_spec.properties import PROPERTIES


def case(domain: Domain, **inputs: Any) -> Case:
    """Return a case of a domain."""
    return Case(domain, np.dtype(np.float64), {name: np.asarray(value) for name, value in inputs.items()})


def test_what_comes_of_trying_again_is_told_truthfully() -> None:
    """An exception is an error, a clause that speaks of no row is not exercised, a missing operation unsupported."""

    def refuse(x: Array) -> Array:
        raise ValueError("oh")

    ones = case(PROPERTIES["RELU-1"].domains[0], inputs=[[1.0]])
    error = try_again(LiveSubject("r", {"relu": lambda: refuse}), "RELU-1", ones, "again")
    assert (error.status, error.replay, error.level, error.title) == ("error", "again", "MUST", "The larger of 0 and x")
    assert error.counterexample is not None
    assert error.counterexample.message == "relu raised ValueError: oh"
    minus = case(PROPERTIES["RELU-3"].domains[0], inputs=[[-1.0]])
    assert try_again(load("reference"), "RELU-3", minus, "").status == "not-exercised"
    unsupported = try_again(LiveSubject("none", {}), "RELU-1", ones, "")
    assert (unsupported.status, unsupported.cases, unsupported.counterexample) == ("unsupported", 0, None)


@pytest.mark.parametrize(
    ("id", "operation", "inputs", "given"),
    [
        ("RELU-1", "softmax", {"inputs": np.ones((1, 1))}, "inputs: float64 of shape (1, 1)"),
        ("RELU-1", "relu", {"x": np.ones((1, 1))}, "x: float64 of shape (1, 1)"),
        ("RELU-1", "relu", {"inputs": np.ones(1)}, "inputs: float64 of shape (1,)"),
        ("RELU-1", "relu", {"inputs": np.ones((1, 1), np.int64)}, "inputs: int64 of shape (1, 1)"),
        ("RELU-1", "relu", {"inputs": np.full((1, 1), np.nan)}, "inputs: float64 of shape (1, 1)"),
        ("RELU-1", "relu", {}, "none"),
        (
            "LOSS-1",
            "sample_losses",
            {"y_pred": np.ones((1, 2)), "y_true": np.zeros(1)},
            "y_pred: float64 of shape (1, 2), y_true: float64 of shape (1,)",
        ),
    ],
)
def test_inputs_that_lie_in_no_domain_are_refused(
    id: str, operation: str, inputs: dict[str, Array], given: str
) -> None:
    """Another operation, other names, other shapes, kinds or values."""
    with pytest.raises(LookupError) as caught:
        case_of(id, operation, inputs)
    assert str(caught.value) == f"the inputs of {operation} ({given}) lie in no domain of {id}"


@pytest.mark.parametrize(
    ("id", "domain", "dtype", "inputs"),
    [
        ("RELU-1", RELU, "float32", {"inputs": np.ones((1, 1), np.float32)}),
        ("GEN-6", RELU_SPECIALS, "float64", {"inputs": np.full((2, 1), np.nan)}),
        ("LOSS-1", LOSSES, "float32", {"y_pred": np.ones((1, 2), np.float32), "y_true": np.zeros(1, np.int64)}),
        ("DENSE-6", LAYER, "float64", {name: np.array(1) for name in ("n_inputs", "n_neurons", "seed")}),
    ],
)
def test_inputs_are_a_case_of_the_first_domain_that_has_them(
    id: str, domain: Domain, dtype: str, inputs: dict[str, Array]
) -> None:
    """Of the operation, in the dtype of its real numbers; of those that are tried as a whole, too."""
    found = case_of(id, domain.operation, inputs)
    assert (found.domain, found.dtype.name, dict(found.arrays)) == (domain, dtype, inputs)


def test_a_wrong_result_fails_and_a_right_one_passes() -> None:
    """Each shows the case, and how many of its rows were examined."""

    def negative(x: Array) -> Array:
        return -x

    for subject, status in ((LiveSubject("negative", {"relu": lambda: negative}), "fail"), (load("reference"), "pass")):
        result = try_again(subject, "RELU-1", case(RELU, inputs=[[1.0], [2.0]]), "")
        assert (result.status, result.cases) == (status, 2)
        assert result.counterexample is not None
        assert result.counterexample.inputs["inputs"].tolist() == [[1.0], [2.0]]
