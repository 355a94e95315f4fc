"""Cases of dense."""

from typing import Any

import numpy as np

from nnfs_spec.arrays import Array
from tests.tools.vectors.cases import Source, drawn, rows, whole
from tests.tools.vectors.catalogue.numbers import INFINITY, NAN, largest, smallest, tiny

_WHOLE: dict[str, Any] = {"flags": ["integers"], "level": "SHOULD", "exact": True}


def cases(dtype: str) -> list[Source]:
    """Return the cases in one dtype."""
    x = rows([1, 2, 3, 2.5], [2, 5, -1, 2], [-1.5, 2.7, 3.3, -0.8], dtype=dtype)
    w = drawn("dense-weights", (4, 3), -1.0, 1.0, dtype)
    b = rows([2.0, 3.0, 0.5], dtype=dtype)
    other = drawn("dense-other", (3, 4), -1.0, 1.0, dtype)
    small_x, small_w = whole("dense-x", (3, 2), -9, 9, dtype), whole("dense-w", (2, 4), -9, 9, dtype)
    small_b = rows([5, -7, 0, 9], dtype=dtype)
    square = whole("dense-square", (3, 3), -9, 9, dtype)
    beside = rows([0.0, 0.0], [1.0, 1.0], dtype=dtype)
    huge = largest(dtype) / 8
    least = smallest(dtype)
    layout = whole("dense-layout", (3, 2), -9, 9, dtype)
    return [
        _case("course-batch", x, w, b, source="the source text: its batch X; weights drawn"),
        _case("other-batch", other, w, b, flags=["again"]),
        _case("small-whole-numbers", small_x, small_w, small_b, "DENSE-3", exact=True),
        _case(
            "larger-whole-numbers", small_x * 7, small_w * 7, small_b, "DENSE-3", flags=["half-precision"], exact=True
        ),
        _case(
            "zero-input", np.zeros((2, 2), dtype), small_w, small_b, "DENSE-4", "DENSE-5", flags=["bias"], exact=True
        ),
        _case("zero-row-beside-another", beside, small_w, small_b, "DENSE-4", "DENSE-5", flags=["bias"], exact=True),
        _case("zero-weights", small_x, small_w * 0, small_b, "DENSE-5", flags=["bias"], exact=True),
        _case("zero-biases", small_x, small_w, small_b * 0, "DENSE-5", flags=["bias"], exact=True),
        _case(
            "one-zero-bias", small_x, small_w, rows([0, 1, 2, 3], dtype=dtype), "DENSE-5", flags=["bias"], exact=True
        ),
        _case("square-layer", square[:2], square, square[:1], "DENSE-3", flags=["transposed"], exact=True),
        _case(
            "square-result", square, square, rows([1, -2, 3], dtype=dtype), "DENSE-5", flags=["transposed"], exact=True
        ),
        _case(
            "negative-sums",
            rows([-3.0, 1.0], dtype=dtype),
            small_w,
            small_b * -1,
            "DENSE-3",
            flags=["sign"],
            exact=True,
        ),
        _case("one-input", rows([2.0], [-3.0], dtype=dtype), rows([1.5, -4.0], dtype=dtype), rows([1, 1], dtype=dtype)),
        _case("one-neuron", small_x, small_w[:, :1], small_b[:, :1], "DENSE-2", flags=["one-row"], exact=True),
        _case("one-row", small_x[:1], small_w, small_b, "DENSE-2", flags=["one-row"], exact=True),
        _case(
            "cancelling",
            rows([1e6, 1.0, -1e6], dtype=dtype),
            rows([1.0], [0.1], [1.0], dtype=dtype),
            rows([0.3], dtype=dtype),
        ),
        _case(
            "wide", drawn("dense-wide", (2, 64), -1.0, 1.0, dtype), drawn("dense-wide-w", (64, 3), -1.0, 1.0, dtype), b
        ),
        _case(
            "huge-but-no-overflow",
            rows([1.0, 1.0], dtype=dtype),
            rows([huge], [-huge], dtype=dtype),
            rows([huge], dtype=dtype),
            flags=["large"],
        ),
        _case(
            "subnormal-result",
            rows([least, tiny(dtype)], dtype=dtype),
            rows([1.0], [0.5], dtype=dtype),
            rows([least], dtype=dtype),
            flags=["subnormal"],
        ),
        _case(
            "subnormal-bias",
            np.zeros((1, 1), dtype),
            rows([1.0], dtype=dtype),
            rows([least], dtype=dtype),
            "DENSE-4",
            flags=["subnormal"],
            exact=True,
        ),
        _case(
            "fractions",
            rows([0.3, 0.7], dtype=dtype),
            rows([0.1, 2.0], [0.25, -1.0], dtype=dtype),
            rows([0.6, 0.4], dtype=dtype),
        ),
        _case(
            "weights-of-two-sizes",
            rows([1.0, 1.0], dtype=dtype),
            rows([1000.0, 0.001], [-1.0, 0.002], dtype=dtype),
            rows([0, 0], dtype=dtype),
            flags=["quantised"],
        ),
        _case("300-rows", small_x, small_w, small_b, "GEN-3", flags=["many-rows"], times=100, exact=True),
        _case("fortran-order", layout, small_w, small_b, "GEN-4", flags=["layout"], layout="F", exact=True),
        _case("strided", layout, small_w, small_b, "GEN-4", flags=["layout"], layout="strided", exact=True),
        _case("reversed", layout, small_w, small_b, "GEN-4", flags=["layout"], layout="reversed", exact=True),
        _case("course-batch-again", x, w, b, "GEN-2", flags=["again"], same_as="course-batch"),
        _case("keeps-dtype", small_x, small_w, small_b, "GEN-5", flags=["dtype"], level="SHOULD", exact=True),
        _case("no-rows", small_x[:0], small_w, small_b, "GEN-7", flags=["no-rows"], level="SHOULD"),
        _refused("wider-inputs", rows([1, 2, 3], dtype=dtype), small_w, small_b, "shape", "DENSE-9", level="MUST"),
        _refused("narrower-inputs", rows([1], [2], dtype=dtype), small_w, small_b, "shape", "DENSE-9", level="MUST"),
        _refused("nan", rows([1.0, NAN], dtype=dtype), small_w, small_b, "value", "GEN-6", range(4)),
        _refused(
            "infinite-weight",
            small_x[:1],
            rows([1.0, INFINITY], [1.0, 1.0], dtype=dtype),
            small_b[:, :2],
            "value",
            "GEN-6",
            [1],
        ),
        _refused("nan-bias", small_x[:1], small_w, rows([1, 2, 3, NAN], dtype=dtype), "value", "GEN-6", [3]),
        _refused("vector", np.array([1.0, 2.0], dtype), small_w, small_b, "shape", "GEN-8"),
        _refused("stack", np.ones((2, 2, 2), dtype), small_w, small_b, "shape", "GEN-8"),
        *(_of_float64(small_x, small_w, small_b) if dtype == "float64" else ()),
    ]


def _of_float64(x: Array, w: Array, b: Array) -> list[Source]:
    whole = _case("whole-numbers", _as(x, "int64"), _as(w, "int64"), _as(b, "int64"), "GEN-5", **_WHOLE)
    x, w, b = (np.abs(array * 7) for array in (x, w, b))
    return [whole, _case("unsigned-bytes", _as(x, "uint8"), _as(w, "uint8"), _as(b, "uint8"), "GEN-5", **_WHOLE)]


def _as(array: Array, dtype: str) -> Array:
    whole: Array = array.astype(dtype)
    return whole


def _case(name: str, x: Array, w: Array, b: Array, *clauses: str, source: str = "chosen", **more: Any) -> Source:
    return Source(name, ("DENSE-1", *clauses), {"inputs": x, "weights": w, "biases": b}, source, **more)


def _refused(
    name: str, x: Array, w: Array, b: Array, error: str, clause: str, unless: Any = (), level: str = "SHOULD"
) -> Source:
    flags = [{"GEN-6": "not-finite", "DENSE-9": "widths"}.get(clause, "form")]
    arrays = {"inputs": x, "weights": w, "biases": b}
    return Source(name, (clause,), arrays, "chosen", flags, level, error=error, unless_not_finite=tuple(unless))
