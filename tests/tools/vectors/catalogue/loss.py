"""Cases of the loss of a batch."""

from typing import Any

import numpy as np

from nnfs_spec.arrays import Array
from tests.tools.vectors.cases import SEED, Source, drawn, rows
from tests.tools.vectors.catalogue.labels import beyond, malformed, one_hot, refused, sparse
from tests.tools.vectors.catalogue.numbers import INFINITY, NAN
from tests.tools.vectors.catalogue.sample_losses import COURSE


def cases(dtype: str) -> list[Source]:
    """Return the cases in one dtype."""
    course, targets = rows(*COURSE, dtype=dtype), sparse(0, 1, 1)
    batch, labels = drawn("loss-ordinary", (5, 3), 0.0, 1.0, dtype), sparse(2, 0, 1, 2, 1)
    uneven, right = rows([0.9, 0.1], [0.8, 0.2], [0.3, 0.7], [0.6, 0.4], dtype=dtype), sparse(0, 0, 0, 1)
    ends = rows([0.0, 1.0], [1.0, 0.0], [0.5, 0.5], dtype=dtype)
    certain = rows(*[[1.0, 0.0]] * 8, [0.0, 1.0], dtype=dtype)
    two = rows([0.6, 0.3, 0.1], [0.2, 0.2, 0.6], dtype=dtype)
    return [
        _case("course-batch", course, targets, source=SEED),
        _case("course-batch-one-hot", course, one_hot(targets, 3), "LOSS-3", source=SEED),
        _case("ordinary", batch, labels),
        _case("ordinary-one-hot", batch, one_hot(labels, 3)),
        _case("backwards", batch[::-1].copy(), labels[::-1].copy(), "LOSS-16", flags=["order"]),
        _case("classes-of-uneven-size", uneven, right, flags=["mean"]),
        _case("one-row", rows([0.3, 0.7], dtype=dtype), sparse(1), "LOSS-15", flags=["mean"]),
        _case("one-row-outweighs-the-others", certain, sparse(*[0] * 9), "LOSS-17", flags=["mean"]),
        _case("two-rows", rows([0.3, 0.7], [0.9, 0.1], dtype=dtype), sparse(1, 1), flags=["mean"]),
        _case("zero-and-one", ends, sparse(0, 0, 0), "LOSS-4", flags=["clip"]),
        _case("one-and-zero-one-hot", ends, one_hot(sparse(1, 1, 1), 2), "LOSS-4", flags=["clip"]),
        _case("uniform", np.full((3, 3), 1 / 3, dtype), sparse(0, 1, 2), "LOSS-10", flags=["logarithm"]),
        _case("300-rows", course, targets, flags=["many-rows"], times=100),
        _case("301-rows", rows([0.25, 0.75], dtype=dtype), sparse(0), flags=["many-rows"], times=301),
        _case("fortran-order", course, targets, "GEN-4", flags=["layout"], layout="F"),
        _case("ordinary-again", batch, labels, "GEN-2", flags=["again"], same_as="ordinary"),
        _case("labels-of-uint8", batch, labels.astype(np.uint8), "LOSS-9", flags=["label-type"], same_as="ordinary"),
        _case("keeps-dtype", two, sparse(0, 1), "GEN-5", flags=["dtype"], level="SHOULD"),
        refused("no-rows", two[:0], sparse(), "value", "LOSS-14"),
        refused("above-one", rows([0.5, 1.5], dtype=dtype), sparse(1), "value", "LOSS-13"),
        refused("below-zero", rows([0.5, -0.5], dtype=dtype), sparse(1), "value", "LOSS-13"),
        refused("nan", rows([0.5, NAN], dtype=dtype), sparse(1), "value", "GEN-6", [0]),
        refused("infinity", rows([0.5, INFINITY], dtype=dtype), sparse(1), "value", "GEN-6", [0]),
        refused("vector", two[0], sparse(1), "shape", "GEN-8"),
        *(refused(name, two, wrong, "label", "LOSS-11") for name, wrong in beyond()),
        *(refused(name, two, wrong, error, "LOSS-12") for name, error, wrong in malformed()),
    ]


def _case(name: str, y_pred: Array, y_true: Array, *clauses: str, source: str = "chosen", **more: Any) -> Source:
    return Source(name, ("LOSS-8", *clauses), {"y_pred": y_pred, "y_true": y_true}, source, **more)
