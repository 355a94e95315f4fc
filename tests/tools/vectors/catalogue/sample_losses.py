"""Cases of the losses of single samples; sparse labels and one-hot ones."""

from typing import Any

import numpy as np

from nnfs_spec.arrays import Array
from tests.tools.vectors.cases import SEED, Source, drawn, rows
from tests.tools.vectors.catalogue.labels import WIDTHS, beyond, malformed, one_hot, refused, sparse
from tests.tools.vectors.catalogue.numbers import INFINITY, NAN, after, smallest

COURSE = ([0.7, 0.2, 0.1], [0.1, 0.5, 0.4], [0.02, 0.9, 0.08])


def cases(dtype: str) -> list[Source]:
    """Return the cases in one dtype."""
    course, targets = rows(*COURSE, dtype=dtype), sparse(0, 1, 1)
    batch = drawn("losses-ordinary", (4, 3), 0.0, 1.0, dtype)
    labels = sparse(2, 0, 1, 2)
    ends = rows([0.0, 1.0], [1.0, 0.0], [0.5, 0.5], dtype=dtype)
    at_ends = [sparse(0, 0, 0), sparse(1, 1, 1)]
    low, high = (float(np.dtype(dtype).type(end)) for end in (1e-7, 1 - 1e-7))
    clip = rows(
        *([p, 0.5] for end in (low, high) for p in (after(end, dtype, -1), end, after(end, dtype, 1))),
        [1e-8, 0.5],
        [1e-12, 0.5],
        [smallest(dtype), 0.5],
        [1e-6, 0.5],
        [1e-3, 0.5],
        dtype=dtype,
    )
    clipped = sparse(*[0] * len(clip))
    two = rows([0.6, 0.3, 0.1], [0.2, 0.2, 0.6], dtype=dtype)
    four = rows([0.1, 0.2, 0.3, 0.4], [0.4, 0.3, 0.2, 0.1], dtype=dtype)
    return [
        _case("course-example", rows(COURSE[0], dtype=dtype), one_hot(sparse(0), 3), source=SEED),
        _case("course-batch", course, targets, source=SEED),
        _case("course-batch-one-hot", course, one_hot(targets, 3), "LOSS-3", source=SEED, same_as="course-batch"),
        _case("ordinary", batch, labels, "LOSS-6"),
        _case("ordinary-one-hot", batch, one_hot(labels, 3), "LOSS-3", "LOSS-6", same_as="ordinary"),
        _case("ordinary-one-hot-whole", batch, one_hot(labels, 3, "int64"), "LOSS-3", same_as="ordinary"),
        _case("ordinary-other-labels", batch, sparse(0, 1, 2, 0), "LOSS-6", flags=["again"]),
        _case("zero-and-one", ends, at_ends[0], "LOSS-4", flags=["clip"]),
        _case(
            "zero-and-one-one-hot",
            ends,
            one_hot(at_ends[0], 2),
            "LOSS-4",
            "LOSS-3",
            flags=["clip"],
            same_as="zero-and-one",
        ),
        _case("one-and-zero", ends, at_ends[1], "LOSS-4", flags=["clip"]),
        _case("one-and-zero-one-hot", ends, one_hot(at_ends[1], 2), "LOSS-4", flags=["clip"], same_as="one-and-zero"),
        _case("around-the-clip", clip, clipped, "LOSS-4", flags=["clip"]),
        _case(
            "around-the-clip-one-hot", clip, one_hot(clipped, 2), "LOSS-4", flags=["clip"], same_as="around-the-clip"
        ),
        _case(
            "infinite-elsewhere", rows([0.0, 1.0, 0.0], dtype=dtype), one_hot(sparse(1), 3), "LOSS-4", flags=["clip"]
        ),
        _case("uniform", np.full((3, 3), 1 / 3, dtype), sparse(0, 1, 2), "LOSS-10", flags=["logarithm"]),
        _case("uniform-ten", np.full((2, 10), 0.1, dtype), sparse(9, 0), "LOSS-10", flags=["logarithm"]),
        _case("half", rows([0.5, 0.5], dtype=dtype), sparse(1), "LOSS-10", flags=["logarithm"]),
        _case(
            "falling-confidence",
            rows(*([p, 0.5] for p in (0.99, 0.9, 0.5, 0.37, 0.1, 0.01)), dtype=dtype),
            sparse(*[0] * 6),
            "LOSS-5",
            flags=["sign"],
        ),
        _case(
            "sure-and-right",
            rows([0.9999, 0.0001], [0.99999, 0.00001], dtype=dtype),
            sparse(0, 0),
            flags=["small-losses"],
        ),
        _case(
            "rows-that-do-not-sum-to-one",
            rows([0.9, 0.9, 0.9], [0.1, 0.2, 0.1], dtype=dtype),
            sparse(1, 1),
            "LOSS-6",
            flags=["renormalised"],
        ),
        _case("likeliest-is-not-the-target", four, sparse(0, 3), "LOSS-6", flags=["target"]),
        _case(
            "likeliest-is-not-the-target-one-hot",
            four,
            one_hot(sparse(0, 3), 4),
            "LOSS-6",
            flags=["target"],
            same_as="likeliest-is-not-the-target",
        ),
        _case("as-many-labels-as-classes", two[:, :2], sparse(1, 0), flags=["label-form"]),
        _case("labels-of-zeros-and-ones", course, sparse(1, 0, 0), flags=["label-form"]),
        _case("one-row", rows([0.3, 0.7], dtype=dtype), sparse(1), "LOSS-7", flags=["one-row"]),
        _case("one-class", rows([0.4], [1.0], dtype=dtype), sparse(0, 0), "LOSS-7", flags=["one-row"]),
        *(
            _case(
                f"labels-of-{width}",
                np.tile(four, (10, 1)),
                sparse(*[3, 0, 1, 2] * 5, dtype=width),
                "LOSS-9",
                flags=["label-type"],
                times=15,
            )
            for width in WIDTHS
        ),
        *(
            _case(f"one-hot-of-{kind}", four, one_hot(sparse(2, 1), 4, kind), "LOSS-3", flags=["label-type"])
            for kind in ("uint8", "int32", "float32")
        ),
        _case("300-rows", course, targets, "GEN-3", flags=["many-rows"], times=100),
        _case("fortran-order", course, targets, "GEN-4", flags=["layout"], layout="F"),
        _case("strided", course, targets, "GEN-4", flags=["layout"], layout="strided"),
        _case("reversed", course, targets, "GEN-4", flags=["layout"], layout="reversed"),
        _case("ordinary-again", batch, labels, "GEN-2", flags=["again"], same_as="ordinary"),
        _case("keeps-dtype", two, sparse(0, 1), "GEN-5", flags=["dtype"], level="SHOULD"),
        _case("no-rows", two[:0], sparse(), "GEN-7", flags=["no-rows"], level="SHOULD"),
        refused("nan", rows([0.5, NAN], dtype=dtype), sparse(1), "value", "GEN-6", [0]),
        refused("infinity", rows([0.5, INFINITY], dtype=dtype), sparse(1), "value", "GEN-6", [0]),
        refused("vector", two[0], sparse(1), "shape", "GEN-8"),
        refused("no-classes", two[:, :0], sparse(0, 0), "shape", "GEN-8"),
        *(refused(name, two, wrong, "label", "LOSS-11") for name, wrong in beyond()),
        *(refused(name, two, wrong, error, "LOSS-12") for name, error, wrong in malformed()),
        refused("above-one", rows([0.5, 1.5], dtype=dtype), sparse(1), "value", "LOSS-13"),
        refused("below-zero", rows([0.5, -0.5], dtype=dtype), sparse(1), "value", "LOSS-13"),
        refused("above-one-elsewhere", rows([0.5, 1.5], dtype=dtype), sparse(0), "value", "LOSS-13"),
    ]


def _case(name: str, y_pred: Array, y_true: Array, *clauses: str, source: str = "chosen", **more: Any) -> Source:
    value = "LOSS-1" if y_true.ndim == 1 else "LOSS-2"
    return Source(name, (value, *clauses), {"y_pred": y_pred, "y_true": y_true}, source, **more)
