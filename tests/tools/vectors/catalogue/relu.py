"""Cases of relu."""

from typing import Any

import numpy as np

from nnfs_spec.arrays import Array
from tests.tools.vectors.cases import SEED, Source, drawn, rows, whole
from tests.tools.vectors.catalogue.numbers import INFINITY, NAN, largest, smallest, tiny


def cases(dtype: str) -> list[Source]:
    """Return the cases in one dtype."""
    edges = (smallest(dtype), tiny(dtype) / 2, tiny(dtype), largest(dtype))
    batch = drawn("relu-ordinary", (4, 5), -2.0, 2.0, dtype)
    return [
        _case("course-batch", rows([1, 2, 3, 2.5], [2, 5, -1, 2], [-1.5, 2.7, 3.3, -0.8], dtype=dtype), source=SEED),
        _case("ordinary", batch, "RELU-2", "RELU-3"),
        _case("zeros", rows([0.0, -0.0, 1.0], dtype=dtype), "RELU-6", flags=["zero"]),
        _case(
            "smallest-and-largest", rows(edges, [-edge for edge in edges], dtype=dtype), "RELU-3", flags=["subnormal"]
        ),
        _case("all-negative", rows([-1.0, -2.0], [-0.5, -1e-3], dtype=dtype), "RELU-2", flags=["negative"]),
        _case("beyond-six", rows([5.5, 6.0, 7.0, 600.0], dtype=dtype), "RELU-3", flags=["large"]),
        _case("nearly-zero", rows([1e-3, 1e-5, 1e-8, 1e-12, -1e-12], dtype=dtype), "RELU-3", flags=["threshold"]),
        _case("its-own-result", np.maximum(batch, 0), "RELU-4"),
        _case("rising", rows([-3.0, -1.3, -1.2, -0.1, 0.0, 0.1, 1.2, 3.0], dtype=dtype), "RELU-5", flags=["monotone"]),
        _case("one-entry", rows([-7.0], dtype=dtype), "RELU-7", flags=["one-row"]),
        _case("one-row", rows([2.0, -2.0, 0.5], dtype=dtype), "RELU-7", flags=["one-row"]),
        _case("one-column", rows([2.0], [-2.0], dtype=dtype), "RELU-7", flags=["one-row"]),
        _case("300-rows", drawn("relu-300", (3, 2), -1.0, 1.0, dtype), "GEN-3", flags=["many-rows"], times=100),
        _case("fortran-order", whole("relu-layout", (3, 4), -9, 9, dtype), "GEN-4", flags=["layout"], layout="F"),
        _case("strided", whole("relu-layout", (3, 4), -9, 9, dtype), "GEN-4", flags=["layout"], layout="strided"),
        _case("reversed", whole("relu-layout", (3, 4), -9, 9, dtype), "GEN-4", flags=["layout"], layout="reversed"),
        _case("ordinary-again", batch, "GEN-2", flags=["again"], same_as="ordinary"),
        _case("keeps-dtype", rows([-1.0, 2.0], dtype=dtype), "GEN-5", flags=["dtype"], level="SHOULD"),
        _case("no-rows", np.zeros((0, 3), dtype), "GEN-7", flags=["no-rows"], level="SHOULD"),
        _refused("nan", rows([1.0, NAN, 2.0], dtype=dtype), "value", "GEN-6", [1]),
        _refused("infinity", rows([1.0, 2.0, INFINITY], dtype=dtype), "value", "GEN-6", [2]),
        *(_of_float64() if dtype == "float64" else ()),
    ]


def _of_float64() -> list[Source]:
    numbers = np.array([[-3, 0, 3]], np.int64)
    return [_case("whole-numbers", numbers, "GEN-5", flags=["integers"], level="SHOULD")]


def _case(name: str, inputs: Array, *clauses: str, source: str = "chosen", **more: Any) -> Source:
    return Source(name, ("RELU-1", *clauses), {"inputs": inputs}, source, **more)


def _refused(name: str, inputs: Array, error: str, clause: str, unless: list[int]) -> Source:
    return Source(
        name, (clause,), {"inputs": inputs}, "chosen", ["not-finite"], "SHOULD", error=error, unless_not_finite=unless
    )
