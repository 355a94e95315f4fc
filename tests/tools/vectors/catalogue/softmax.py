"""Cases of softmax."""

from typing import Any

import numpy as np

from nnfs_spec.arrays import Array
from tests.tools.vectors.cases import SEED, Source, drawn, rows, whole
from tests.tools.vectors.catalogue.numbers import INFINITY, NAN, after, largest, smallest


def cases(dtype: str) -> list[Source]:
    """Return the cases in one dtype."""
    batch = drawn("softmax-ordinary", (4, 3), -3.0, 3.0, dtype)
    most = largest(dtype)
    overflow = 100.0 if dtype == "float32" else 800.0
    wild = rows([0.0, 1.0], [1000.0, 1001.0], [-1000.0, -1002.0], dtype=dtype)
    step = after(1.0, dtype)
    return [
        _case("course-logits", rows([1.0, 2.0, 3.0], dtype=dtype), "SOFTMAX-1", source=SEED),
        _case("ordinary", batch, "SOFTMAX-1", "SOFTMAX-2"),
        _case("other-ordinary", drawn("softmax-other", (4, 3), -3.0, 3.0, dtype), "SOFTMAX-1", flags=["again"]),
        _case("square", drawn("softmax-square", (3, 3), -4.0, 4.0, dtype), "GEN-3", flags=["wrong-axis"]),
        _case("two-by-two", rows([0.0, 1.0], [5.0, 0.0], dtype=dtype), "GEN-3", flags=["wrong-axis"]),
        _case("one-class", rows([-5.0], [0.0], [90.0], dtype=dtype), "SOFTMAX-8", flags=["one-class"]),
        _case("equal-logits", rows([2.5] * 5, [-7.0] * 5, [0.0] * 5, dtype=dtype), "SOFTMAX-8", flags=["equal"]),
        _case(
            "equal-and-huge", rows([most] * 3, [-most] * 3, dtype=dtype), "SOFTMAX-8", "SOFTMAX-3", flags=["overflow"]
        ),
        _case("two-classes", rows([0.0, 1.0], [2.0, -3.0], [0.1, 0.1], dtype=dtype), "SOFTMAX-10"),
        _case(
            "beyond-the-exponential",
            rows([overflow, overflow - 1.0, 0.0], [0.0, overflow, overflow], dtype=dtype),
            "SOFTMAX-3",
            flags=["overflow"],
        ),
        _case("all-hugely-negative", rows([-1e5, -1e5 - 1, -1e5 - 2], dtype=dtype), "SOFTMAX-3", flags=["underflow"]),
        _case("below-minus-99999", rows([-2e5, -2e5 + 1], [-3e5, -4e5], dtype=dtype), "SOFTMAX-3", flags=["underflow"]),
        _case(
            "ends-of-the-range",
            rows([most, -most, 0.0], [-most, most, most], dtype=dtype),
            "SOFTMAX-3",
            flags=["overflow"],
        ),
        _case("rows-far-apart", wild, "GEN-3", "SOFTMAX-3", "SOFTMAX-9", flags=["batch-maximum"]),
        _case(
            "first-is-least",
            rows([-overflow, overflow], [-overflow, 0.0], dtype=dtype),
            "SOFTMAX-3",
            flags=["overflow"],
        ),
        _case("shifted", rows([1001.0, 1002.0, 1003.0], dtype=dtype), "SOFTMAX-5", flags=["shift"]),
        _case("shifted-down", rows([-1001.0, -1000.0, -999.0], dtype=dtype), "SOFTMAX-5", flags=["shift"]),
        _case("small-shares", rows([0.0, -40.0, -70.0, -85.0], dtype=dtype), flags=["small-shares"]),
        _case("vanishing-shares", rows([0.0, -120.0, -760.0], dtype=dtype), "SOFTMAX-2", flags=["small-shares"]),
        _case("near-ties", rows([1.0, step, step], [step, 1.0, 1.0], dtype=dtype), "SOFTMAX-7", flags=["ties"]),
        _case("ties", rows([1.0, 1.0, 0.0], [0.0, 1.0, 1.0], dtype=dtype), "SOFTMAX-7", flags=["ties"]),
        _case("falling", rows([3.0, 1.0, -2.0, -4.0], dtype=dtype), "SOFTMAX-6", flags=["order"]),
        _case("falling-permuted", rows([-2.0, 3.0, -4.0, 1.0], dtype=dtype), "SOFTMAX-6", flags=["order"]),
        _case("confident", rows([20.0, 0.0], [0.0, 40.0], dtype=dtype), "SOFTMAX-9", flags=["clip"]),
        _case("negative-only", rows([-3.0, -1.0, -2.0], dtype=dtype), "SOFTMAX-9", flags=["sign"]),
        _case("subnormal-logits", rows([smallest(dtype), 0.0, -smallest(dtype)], dtype=dtype), "SOFTMAX-8"),
        _case("ten-classes", drawn("softmax-ten", (3, 10), -9.0, 9.0, dtype), "SOFTMAX-1"),
        _case("many-classes", drawn("softmax-many", (2, 40), -5.0, 5.0, dtype), "SOFTMAX-1"),
        _case("small-and-many", rows([0.0] + [-12.0] * 30, dtype=dtype), "SOFTMAX-1", flags=["small-shares"]),
        _case("300-rows", wild, "GEN-3", "SOFTMAX-3", flags=["many-rows"], times=100),
        _case("fortran-order", whole("softmax-layout", (3, 4), -9, 9, dtype), "GEN-4", flags=["layout"], layout="F"),
        _case("strided", whole("softmax-layout", (3, 4), -9, 9, dtype), "GEN-4", flags=["layout"], layout="strided"),
        _case("reversed", whole("softmax-layout", (3, 4), -9, 9, dtype), "GEN-4", flags=["layout"], layout="reversed"),
        _case("one-row", rows([0.5, -0.5], dtype=dtype), "SOFTMAX-11", flags=["one-row"]),
        _case("ordinary-again", batch, "GEN-2", flags=["again"], same_as="ordinary"),
        _case("keeps-dtype", rows([-1.0, 2.0], dtype=dtype), "GEN-5", flags=["dtype"], level="SHOULD"),
        _case("no-rows", np.zeros((0, 3), dtype), "GEN-7", flags=["no-rows"], level="SHOULD"),
        _refused("nan", rows([1.0, NAN, 2.0], dtype=dtype), "value", "GEN-6", [0, 1, 2]),
        _refused("nan-beside-a-mask", rows([-INFINITY, NAN], dtype=dtype), "value", "GEN-6", [0, 1]),
        _refused("infinity", rows([1.0, INFINITY, 2.0], dtype=dtype), "value", "GEN-6", [0, 1, 2]),
        _refused("vector", np.array([1.0, 2.0], dtype), "shape", "GEN-8"),
        _refused("stack", np.ones((2, 2, 2), dtype), "shape", "GEN-8"),
        _refused("no-classes", np.zeros((2, 0), dtype), "shape", "GEN-8"),
        *(_of_float64() if dtype == "float64" else ()),
    ]


def _of_float64() -> list[Source]:
    signed, unsigned = np.array([[-3, 0, 3]], np.int64), np.array([[3, 0, 5]], np.uint8)
    return [
        _case("whole-numbers", signed, "GEN-5", flags=["integers"], level="SHOULD"),
        _case("unsigned-bytes", unsigned, "GEN-5", flags=["integers"], level="SHOULD"),
    ]


def _case(name: str, inputs: Array, *clauses: str, source: str = "chosen", **more: Any) -> Source:
    return Source(name, ("SOFTMAX-4", *clauses), {"inputs": inputs}, source, **more)


def _refused(name: str, inputs: Array, error: str, clause: str, unless: list[int] | None = None) -> Source:
    flags = ["not-finite" if clause == "GEN-6" else "form"]
    return Source(
        name, (clause,), {"inputs": inputs}, "chosen", flags, "SHOULD", error=error, unless_not_finite=unless or ()
    )
