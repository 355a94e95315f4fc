"""The exact results of a case, from its arguments alone."""

from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any

import numpy as np

from nnfs_spec.arrays import Array
from nnfs_spec.subject.operations import Operation
from tests.tools.vectors import balls
from tests.tools.vectors.balls import SUBNORMAL, UNIT_ROUNDOFF, Entry
from tests.tools.vectors.cases import Source
from tests.tools.vectors.rounding import rounded

CLIP = Fraction(1e-7), Fraction(1 - 1e-7)


def computed_in(case: Source) -> str:
    """Return the dtype in which a case computes: that of its first argument, float64 for whole numbers."""
    first = next(iter(case.arrays.values()))
    return str(first.dtype) if first.dtype.kind == "f" else "float64"


def fractions(array: Array) -> list[list[Fraction]]:
    """Return the rows of a matrix as exact fractions."""
    return [[Fraction(number) for number in row] for row in array.tolist()]


def dense(case: Source) -> list[Entry]:
    """Return x·w + b by DENSE-1, or exactly where the case says so (DENSE-3, DENSE-4)."""
    dtype = computed_in(case)
    x, w, (b,) = (fractions(case.arrays[name]) for name in ("inputs", "weights", "biases"))
    width = len(w)
    found: list[Entry] = []
    for row in x:
        for j, bias in enumerate(b):
            products = [one * w[k][j] for k, one in enumerate(row)]
            size: Fraction = sum(map(abs, products), abs(bias))
            bound = (width + 2) * UNIT_ROUNDOFF[dtype] * size + width * SUBNORMAL[dtype]
            value: Fraction = sum(products, bias)
            found.append(balls.exactly(value, dtype) if case.exact else balls.within(value, bound, dtype))
    return found


def relu(case: Source) -> list[Entry]:
    """Return the larger of 0 and x (RELU-1)."""
    dtype = computed_in(case)
    return [balls.exactly(max(Fraction(0), x), dtype) for row in fractions(case.arrays["inputs"]) for x in row]


def softmax(case: Source) -> list[Entry]:
    """Return the softmax of each row (SOFTMAX-4)."""
    dtype = computed_in(case)
    return [entry for row in fractions(case.arrays["inputs"]) for entry in balls.softmax_row(row, dtype)]


def sample_losses(case: Source) -> list[Entry]:
    """Return the loss of each row (LOSS-1)."""
    return balls.losses(_confidences(case), computed_in(case))


def loss(case: Source) -> list[Entry]:
    """Return the mean of the losses (LOSS-8)."""
    return balls.mean_loss(_confidences(case), case.times, computed_in(case))


def accuracy(case: Source) -> list[Entry]:
    """Return the share of rows whose first largest entry stands at the target (ACC-1, ACC-4)."""
    y_pred = case.arrays["y_pred"].tolist()
    right = sum(row.index(max(row)) == target for row, target in zip(y_pred, _targets(case), strict=True))
    return [balls.exactly(Fraction(right, len(y_pred)), "float64")]


def layer(case: Source) -> Mapping[str, list[Entry]]:
    """Return what is known of a new layer: finite weights, a tenth of a draw from [0, 1) by DENSE-11; zero biases."""
    n_inputs, n_neurons, _ = (int(array) for array in case.arrays.values())
    drawn = Entry(0.05, 0.05, 0.0, 0.1) if "DENSE-11" in case.clauses else finite()
    return {"weights": [drawn] * (n_inputs * n_neurons), "biases": [balls.exactly(Fraction(0), "float64")] * n_neurons}


def spiral_data(case: Source) -> Mapping[str, list[Entry]]:
    """Return what is known of a spiral: points of the unit disc, the origin first in each arm; labels in blocks."""
    samples, classes, _ = (int(array) for array in case.arrays.values())
    origin, inside = balls.exactly(Fraction(0), "float64"), Entry(0.0, 1.0, -1.0, 1.0)
    arm = [origin] * 2 + [inside] * (2 * (samples - 1))
    labels = [balls.exactly(Fraction(label), "float64") for label in range(classes) for _ in range(samples)]
    return {"points": arm * classes, "labels": labels}


def finite() -> Entry:
    """Return an entry of which nothing is known but that it is finite."""
    most = float(np.finfo(np.float64).max)
    return Entry(0.0, most, -most, most)


def _targets(case: Source) -> list[int]:
    """Return the class of each row."""
    labels = case.arrays["y_true"]
    rows: list[Any] = labels.tolist()
    return [int(row) for row in rows] if labels.ndim == 1 else [row.index(1) for row in rows]


def _confidences(case: Source) -> list[Fraction]:
    """Return the clipped probability of each row's target; the ends of the clip are rounded to the dtype (LOSS-1)."""
    dtype = computed_in(case)
    least, most = (Fraction(rounded(end, dtype)) for end in CLIP)
    picked = (row[target] for row, target in zip(case.arrays["y_pred"].tolist(), _targets(case), strict=True))
    return [min(max(Fraction(p), least), most) for p in picked]


VALUES: Mapping[Operation, Callable[[Source], list[Entry]]] = {
    "dense": dense,
    "relu": relu,
    "softmax": softmax,
    "sample_losses": sample_losses,
    "loss": loss,
    "accuracy": accuracy,
}
"""The operations whose results follow from their arguments."""

KNOWN: Mapping[Operation, Callable[[Source], Mapping[str, list[Entry]]]] = {"layer": layer, "spiral_data": spiral_data}
"""The operations that draw: what is known of each of their results."""
