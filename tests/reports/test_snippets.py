"""What a report prints of a counterexample, pasted into Python, makes the call that failed and shows the fault."""

import json
from collections.abc import Callable
from typing import Any

import jsonschema
import numpy as np
import pytest

import nnfs_spec
from nnfs_spec import check
from nnfs_spec.arrays import Array
from nnfs_spec.clauses import spec_folder
from nnfs_spec.engine.events import Counterexample
from nnfs_spec.reports.counterexample import describe
from nnfs_spec.reports.escaping import plain
from nnfs_spec.reports.json_report import to_dict, to_json
from nnfs_spec.subject.operations import Operation

SCHEMA = json.loads((spec_folder() / "schemas" / "report.json").read_text(encoding="utf-8"))
AFTER_THE_CALL = ("got ", "rule ", "relu raised")


def failing(operation: Operation, function: Callable[..., Any], clause: str) -> Counterexample:
    """Return the counterexample of a clause that a function breaks."""
    report = check({operation: function}, clauses=[clause], budget="quick", level="should")
    (result,) = report.clauses
    assert result.status in ("fail", "error")
    assert result.counterexample is not None
    jsonschema.validate(json.loads(to_json(report)), SCHEMA)
    told = to_dict(report)["clauses"][0]["counterexample"]["call"]
    assert (told is None) == (result.counterexample.call is None)
    return result.counterexample


def pasted(shown: Counterexample, **functions: Callable[..., Any]) -> tuple[Any, dict[str, Any]]:
    """Run the lines that are printed up to the call; return its result, and the names that there are then."""
    lines = [line.strip() for line in describe(shown)]
    end = next(place for place, line in enumerate(lines) if line.startswith(AFTER_THE_CALL))
    *made, call = lines[:end]
    names: dict[str, Any] = {"np": np, **functions}
    exec("\n".join(made), names)
    return eval(call, names), names


def transposed(x: Array) -> Array:
    """Err in Fortran order."""
    return np.maximum(0, x) + (1 if x.flags.f_contiguous and not x.flags.c_contiguous else 0)


def reversed_rows(x: Array) -> Array:
    """Err where the rows are turned round."""
    return np.maximum(0, x) + (1 if x.strides[0] < 0 else 0)


def repeated(x: Array) -> Array:
    """Err where one row stands for all."""
    return np.maximum(0, x) + (1 if len(x) > 1 and x.strides[0] == 0 else 0)


def unaligned(x: Array) -> Array:
    """Err where the machine cannot read the numbers."""
    return np.maximum(0, x) + (0 if x.flags.aligned else 1)


def swapped(x: Array) -> Array:
    """Read the bytes in the wrong order."""
    return np.maximum(0, x.view(x.dtype.newbyteorder("=")))


@pytest.mark.parametrize("relu", [transposed, reversed_rows, repeated, unaligned, swapped])
def test_the_layout_is_part_of_what_is_pasted(relu: Callable[[Array], Array]) -> None:
    """And the result is the wrong one that is printed."""
    shown = failing("relu", relu, "GEN-4")
    assert shown.got is not None
    result, names = pasted(shown, relu=relu)
    assert plain(result) == plain(shown.got)
    assert plain(relu(names["inputs"])) != plain(nnfs_spec.relu(names["inputs"]))


def test_an_exception_comes_again() -> None:
    """With the arrays that were refused."""

    def relu(x: Array) -> Array:
        x[...] = x
        return np.maximum(0, x)

    shown = failing("relu", relu, "GEN-4")
    assert shown.got is None
    with pytest.raises(ValueError, match="read-only"):
        pasted(shown, relu=relu)


def test_an_argument_is_changed_again() -> None:
    """Where it lies as printed."""

    def relu(x: Array) -> Array:
        if x.strides[-1] < 0 and x.flags.writeable:
            x[...] = 7
        return np.maximum(0, x)

    shown = failing("relu", relu, "GEN-1")
    _, names = pasted(shown, relu=relu)
    assert set(names["inputs"].ravel().tolist()) == {7.0}


def test_the_dtype_is_part_of_what_is_pasted() -> None:
    """Whole numbers are shown as such."""

    def relu(x: Array) -> Array:
        return np.zeros_like(x) if x.dtype.kind in "iu" else np.maximum(0, x)

    shown = failing("relu", relu, "GEN-5")
    result, names = pasted(shown, relu=relu)
    assert names["inputs"].dtype.kind in "iu"
    assert result.dtype.kind in "iu"


def test_what_is_not_finite_is_shown() -> None:
    """In the place where it was laundered."""

    def relu(x: Array) -> Array:
        shown: Array = np.maximum(0, np.nan_to_num(x))
        return shown

    result, names = pasted(failing("relu", relu, "GEN-6"), relu=relu)
    assert not np.isfinite(names["inputs"]).all()
    assert np.isfinite(result).all()


def softmax(x: Array) -> Array:
    """Take arrays of any dimensions."""
    shares = np.exp(x - x.max(axis=-1, keepdims=True))
    return np.asarray(shares / shares.sum(axis=-1, keepdims=True))


def sample_losses(p: Array, y: Array) -> Array:
    """Take labels and predictions of any kind."""
    at = p[np.arange(len(p)), y.argmax(axis=1) if y.ndim == 2 else y.astype(int)]
    return np.asarray(-np.log(np.clip(at, 1e-7, 1 - 1e-7)))


@pytest.mark.parametrize(
    ("operation", "function", "clause"),
    [
        ("softmax", softmax, "GEN-8"),
        ("sample_losses", sample_losses, "LOSS-11"),
        ("sample_losses", sample_losses, "LOSS-12"),
        ("sample_losses", sample_losses, "LOSS-13"),
    ],
)
def test_what_should_have_been_refused_is_what_is_pasted(
    operation: Operation, function: Callable[..., Array], clause: str
) -> None:
    """The reference refuses these very arguments."""
    shown = failing(operation, function, clause)
    result, names = pasted(shown, **{operation: function})
    assert shown.got is not None
    assert plain(np.asarray(result)) == plain(shown.got)
    refused = [names[name] for name in ("inputs", "y_pred", "y_true") if name in names]
    with pytest.raises(nnfs_spec.SpecError):
        getattr(nnfs_spec, operation)(*refused)


def test_the_call_of_a_clause_that_changes_the_arguments_is_shown() -> None:
    """Rows in another order, of which the result is shown."""

    def loss(p: Array, y: Array) -> Any:
        return nnfs_spec.sample_losses(p, y)[0]

    shown = failing("loss", loss, "LOSS-16")
    result, _ = pasted(shown, loss=loss)
    assert shown.call is not None
    assert shown.got is not None
    assert float(result) == float(shown.got[0])


def test_biases_without_rows_are_not_written_out() -> None:
    """Where the call at fault has them so, there is no arithmetic."""

    def dense(x: Array, w: Array, b: Array) -> Array:
        return np.asarray(x @ w + b + (1 if b.ndim == 1 else 0))

    shown = failing("dense", dense, "DENSE-5")
    assert shown.call is not None
    assert shown.arithmetic is None
    result, names = pasted(shown, dense=dense)
    assert names["biases"].ndim == 1
    assert (result == names["biases"] + 1).all()
