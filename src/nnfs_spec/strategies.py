"""Hypothesis strategies for people's own tests, built from the domains that the clauses speak of.

Sizes are a number or a range (least, most), both included. Values come from everything that the domain allows:
subnormals, zeros of both signs, the largest finite numbers, ties. Arrays are small and shrink well; for volume there
is the sweep of ``nnfs_spec.check``.
"""

from collections.abc import Sequence
from operator import index
from typing import Any, Literal, SupportsIndex, TypeAlias, TypeVar, cast, overload

import hypothesis.strategies as st
import numpy as np

from nnfs_spec import domains
from nnfs_spec.arrays import AnyMatrix, Array, Matrix, Real
from nnfs_spec.domains import Domain
from nnfs_spec.errors import SpecTypeError, SpecValueError
from nnfs_spec.generate.search import MOST_COLUMNS, MOST_ROWS, arguments_of
from nnfs_spec.subject.operations import Argument

__all__ = ["inputs", "labelled", "labels", "layers", "logits", "one_hot", "probabilities"]

Whole = TypeVar("Whole", bound=np.integer[Any])
"""An integer type of labels: LOSS-9 says that none of them matters."""

Size: TypeAlias = SupportsIndex | tuple[SupportsIndex, SupportsIndex]
RealType: TypeAlias = type[Real] | np.dtype[Real]
WholeType: TypeAlias = type[Whole] | np.dtype[Whole]
IntegerVector: TypeAlias = np.ndarray[tuple[int], np.dtype[Whole]]
Layer: TypeAlias = tuple[Matrix[Real], Matrix[Real]]
Values: TypeAlias = Literal["finite", "whole"]
LogitValues: TypeAlias = Literal["finite", "whole", "tied", "equal"]
Form: TypeAlias = Literal["sparse", "one-hot"]

_LEAST = {"N": (0, "GEN-7"), "C": (1, "GEN-8"), "K": (1, "DENSE-10"), "M": (1, "DENSE-10")}
_ROWS, _COLUMNS = (1, MOST_ROWS), (1, MOST_COLUMNS)
_INPUTS = {"finite": domains.RELU, "whole": domains.RELU_WHOLE}
_LOGITS = {
    "finite": domains.SOFTMAX,
    "whole": domains.SOFTMAX_WHOLE,
    "tied": domains.SOFTMAX_TIED,
    "equal": domains.SOFTMAX_EQUAL,
}
_LAYERS = {"finite": domains.DENSE, "whole": domains.DENSE_WHOLE}
_LABELLED = {"sparse": domains.LOSSES, "one-hot": domains.LOSSES_ONE_HOT}


@overload
def inputs(rows: Size = ..., columns: Size = ..., *, values: Values = ...) -> st.SearchStrategy[Matrix[np.float64]]: ...
@overload
def inputs(
    rows: Size = ..., columns: Size = ..., *, values: Values = ..., dtype: RealType[Real]
) -> st.SearchStrategy[Matrix[Real]]: ...
def inputs(
    rows: Size = _ROWS, columns: Size = _COLUMNS, *, values: Values = "finite", dtype: RealType[Any] = np.float64
) -> st.SearchStrategy[Any]:
    """Return inputs of a layer or an activation: matrices (rows, columns) of ``dtype``, float32 or float64.

    ``values`` is "finite" for every finite number (DENSE-1, RELU-1) or "whole" for whole numbers up to 64, of which
    sums and products are exact (DENSE-3).
    """
    domain = _choice("inputs", "values", values, _INPUTS)
    return _first(domain.arguments[:1], dtype, "inputs", {"N": ("rows", rows), "C": ("columns", columns)})


@overload
def logits(
    rows: Size = ..., classes: Size = ..., *, values: LogitValues = ...
) -> st.SearchStrategy[Matrix[np.float64]]: ...
@overload
def logits(
    rows: Size = ..., classes: Size = ..., *, values: LogitValues = ..., dtype: RealType[Real]
) -> st.SearchStrategy[Matrix[Real]]: ...
def logits(
    rows: Size = _ROWS, classes: Size = _COLUMNS, *, values: LogitValues = "finite", dtype: RealType[Any] = np.float64
) -> st.SearchStrategy[Any]:
    """Return logits: matrices (rows, classes) of ``dtype``, float32 or float64.

    ``values`` is "finite" for every finite number (SOFTMAX-3, SOFTMAX-4), "whole" for whole numbers up to 64, "tied"
    for rows of -1, 0 and 1 (SOFTMAX-7, ACC-4), or "equal" for rows of one number (SOFTMAX-8).
    """
    domain = _choice("logits", "values", values, _LOGITS)
    return _first(domain.arguments[:1], dtype, "logits", {"N": ("rows", rows), "C": ("classes", classes)})


@overload
def probabilities(
    rows: Size = ..., classes: Size = ..., *, normalised: bool = ...
) -> st.SearchStrategy[Matrix[np.float64]]: ...
@overload
def probabilities(
    rows: Size = ..., classes: Size = ..., *, normalised: bool = ..., dtype: RealType[Real]
) -> st.SearchStrategy[Matrix[Real]]: ...
def probabilities(
    rows: Size = _ROWS, classes: Size = _COLUMNS, *, normalised: bool = False, dtype: RealType[Any] = np.float64
) -> st.SearchStrategy[Any]:
    """Return predictions: matrices (rows, classes) of ``dtype``, float32 or float64, every entry in [0, 1] (LOSS-13).

    The loss takes rows of any sum (LOSS-6). With ``normalised`` each row sums to one as closely as SOFTMAX-1 asks of
    a softmax.
    """
    drawn = _first(
        domains.LOSSES.arguments[:1], dtype, "probabilities", {"N": ("rows", rows), "C": ("classes", classes)}
    )
    return drawn.map(_normalise) if normalised else drawn


@overload
def labels(rows: Size = ..., classes: Size = ...) -> st.SearchStrategy[IntegerVector[np.int64]]: ...
@overload
def labels(
    rows: Size = ..., classes: Size = ..., *, dtype: WholeType[Whole]
) -> st.SearchStrategy[IntegerVector[Whole]]: ...
def labels(rows: Size = _ROWS, classes: Size = _COLUMNS, *, dtype: WholeType[Any] = np.int64) -> st.SearchStrategy[Any]:
    """Return sparse labels: vectors (rows,) of class indices from 0 to classes - 1 (LOSS-11).

    ``dtype`` is any integer type that holds them (LOSS-9). For predictions that go with them see ``labelled``.
    """
    chosen = np.dtype(dtype)
    if chosen.kind not in "iu":
        raise SpecTypeError("labels", "dtype", str(chosen), "an integer type", "LOSS-12")
    ranges = _ranges("labels", {"N": ("rows", rows), "C": ("classes", classes)})
    held, most = int(np.iinfo(chosen).max) + 1, ranges["C"][1]
    if most > held:
        raise SpecValueError("labels", "classes", str(most), f"at most {held}, for labels in {chosen}", "LOSS-9")
    drawn = arguments_of(domains.LOSSES.arguments[1:], np.dtype(np.float64), ranges)
    return drawn.map(lambda arrays: arrays[0].astype(chosen))


@overload
def one_hot(rows: Size = ..., classes: Size = ...) -> st.SearchStrategy[Matrix[np.float64]]: ...
@overload
def one_hot(rows: Size = ..., classes: Size = ..., *, dtype: RealType[Real]) -> st.SearchStrategy[Matrix[Real]]: ...
def one_hot(
    rows: Size = _ROWS, classes: Size = _COLUMNS, *, dtype: RealType[Any] = np.float64
) -> st.SearchStrategy[Any]:
    """Return one-hot labels: matrices (rows, classes) of ``dtype``, float32 or float64, a single 1 in each row."""
    ranges = {"N": ("rows", rows), "C": ("classes", classes)}
    return _first(domains.LOSSES_ONE_HOT.arguments[1:], dtype, "one_hot", ranges)


@overload
def labelled(
    rows: Size = ..., classes: Size = ..., *, form: Literal["sparse"] = ..., normalised: bool = ...
) -> st.SearchStrategy[tuple[Matrix[np.float64], IntegerVector[np.int64]]]: ...
@overload
def labelled(
    rows: Size = ...,
    classes: Size = ...,
    *,
    form: Literal["sparse"] = ...,
    normalised: bool = ...,
    dtype: RealType[Real],
) -> st.SearchStrategy[tuple[Matrix[Real], IntegerVector[np.int64]]]: ...
@overload
def labelled(
    rows: Size = ..., classes: Size = ..., *, form: Literal["one-hot"], normalised: bool = ...
) -> st.SearchStrategy[tuple[Matrix[np.float64], Matrix[np.float64]]]: ...
@overload
def labelled(
    rows: Size = ..., classes: Size = ..., *, form: Literal["one-hot"], normalised: bool = ..., dtype: RealType[Real]
) -> st.SearchStrategy[tuple[Matrix[Real], Matrix[Real]]]: ...
def labelled(
    rows: Size = _ROWS,
    classes: Size = _COLUMNS,
    *,
    form: Form = "sparse",
    normalised: bool = False,
    dtype: RealType[Any] = np.float64,
) -> st.SearchStrategy[Any]:
    """Return predictions with labels of the same rows and classes, the arguments of the loss (LOSS-1, LOSS-2).

    They are pairs (y_pred, y_true): ``probabilities`` of ``dtype``, and labels in the ``form`` "sparse", int64, or
    "one-hot", of ``dtype``.
    """
    domain = _choice("labelled", "form", form, _LABELLED)
    ranges = _ranges("labelled", {"N": ("rows", rows), "C": ("classes", classes)})
    drawn = arguments_of(domain.arguments, _real("labelled", dtype), ranges)
    return drawn.map(lambda pair: (_normalise(pair[0]), pair[1])) if normalised else drawn


@overload
def layers(
    n_inputs: Size = ..., n_neurons: Size = ..., *, values: Values = ...
) -> st.SearchStrategy[Layer[np.float64]]: ...
@overload
def layers(
    n_inputs: Size = ..., n_neurons: Size = ..., *, values: Values = ..., dtype: RealType[Real]
) -> st.SearchStrategy[Layer[Real]]: ...
def layers(
    n_inputs: Size = _COLUMNS,
    n_neurons: Size = _COLUMNS,
    *,
    values: Values = "finite",
    dtype: RealType[Any] = np.float64,
) -> st.SearchStrategy[Any]:
    """Return dense layers: pairs of weights (n_inputs, n_neurons) and biases (1, n_neurons), both of ``dtype``.

    ``values`` is as for ``inputs``; those of as many columns as ``n_inputs`` go with them.
    """
    domain = _choice("layers", "values", values, _LAYERS)
    ranges = _ranges("layers", {"K": ("n_inputs", n_inputs), "M": ("n_neurons", n_neurons)})
    return arguments_of(domain.arguments[1:], _real("layers", dtype), ranges)


def _first(
    arguments: Sequence[Argument], dtype: RealType[Any], operation: str, sizes: dict[str, tuple[str, Size]]
) -> st.SearchStrategy[Array]:
    drawn = arguments_of(arguments, _real(operation, dtype), _ranges(operation, sizes))
    return drawn.map(lambda arrays: arrays[0])


def _real(operation: str, dtype: RealType[Any]) -> np.dtype[Any]:
    chosen = np.dtype(dtype)
    if chosen.type not in (np.float32, np.float64):
        raise SpecTypeError(operation, "dtype", str(chosen), "float32 or float64", "GEN-5")
    return chosen


def _choice(operation: str, argument: str, value: str, choices: dict[str, Domain]) -> Domain:
    if value not in choices:
        raise ValueError(f"{operation}: {argument} is {value!r} but must be one of {', '.join(choices)}")
    return choices[value]


def _ranges(operation: str, sizes: dict[str, tuple[str, Size]]) -> dict[str, tuple[int, int]]:
    return {symbol: _range(operation, argument, size, symbol) for symbol, (argument, size) in sizes.items()}


def _range(operation: str, argument: str, size: Size, symbol: str) -> tuple[int, int]:
    """Return the least and the most of a size: rows from none on, everything else from one."""
    least, clause = _LEAST[symbol]
    expected = f"a whole number of at least {least}, or two of them, the least and the most"
    ends = cast("tuple[Any, ...]", size if isinstance(size, tuple) else (size, size))
    if len(ends) != 2 or not all(isinstance(end, SupportsIndex) and not isinstance(end, bool) for end in ends):
        raise SpecTypeError(operation, argument, repr(size), expected, clause)
    first, last = map(index, ends)
    if not least <= first <= last:
        raise SpecValueError(operation, argument, repr(size), expected, clause)
    return first, last


def _normalise(weights: AnyMatrix) -> Array:
    """Return each row over its sum, rounded once to its own dtype; a row of zeros becomes uniform."""
    wide = weights.astype(np.float64)
    wide = np.where(wide.any(axis=1, keepdims=True), wide, 1.0)
    rounded: Array = (wide / wide.sum(axis=1, keepdims=True)).astype(weights.dtype)
    return rounded
