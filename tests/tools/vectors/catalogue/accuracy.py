"""Cases of accuracy."""

from typing import Any

import numpy as np

from nnfs_spec.arrays import Array
from tests.tools.vectors.cases import SEED, Source, drawn, rows
from tests.tools.vectors.catalogue.labels import WIDTHS, beyond, malformed, one_hot, refused, sparse
from tests.tools.vectors.catalogue.numbers import NAN, after, largest
from tests.tools.vectors.catalogue.sample_losses import COURSE


def cases(dtype: str) -> list[Source]:
    """Return the cases in one dtype."""
    course, targets = rows(*COURSE, dtype=dtype), sparse(0, 1, 1)
    batch, labels = drawn("accuracy-ordinary", (7, 4), -2.0, 2.0, dtype), sparse(0, 1, 2, 3, 0, 1, 2)
    right = batch.argmax(axis=1).astype(np.int64)
    tied = rows([1, 1, 0], [0, 2, 2], [3, 3, 3], dtype=dtype)
    uneven = rows([2, 1], [3, 0], [0, 5], dtype=dtype)
    step = after(1.0, dtype)
    two = rows([0.6, 0.3, 0.1], [0.2, 0.2, 0.6], dtype=dtype)
    most = largest(dtype)
    return [
        _case("course-batch", course, targets, "ACC-2", source=SEED),
        _case("course-batch-one-hot", course, one_hot(targets, 3), "ACC-3", source=SEED),
        _case("ordinary", batch, labels),
        _case("ordinary-one-hot", batch, one_hot(labels, 4), "ACC-3"),
        _case("all-right", batch, right, "ACC-2", flags=["share"]),
        _case("all-right-one-hot", batch, one_hot(right, 4, "int64"), "ACC-2", "ACC-3", flags=["share"]),
        _case("all-wrong", batch, (right + 1) % 4, "ACC-2", flags=["share"]),
        _case("one-of-three", uneven, sparse(0, 1, 0), flags=["share"]),
        _case("two-of-three", uneven, sparse(0, 1, 1), flags=["share"]),
        _case("first-of-ties", tied, sparse(0, 1, 0), "ACC-4", flags=["ties"]),
        _case("last-of-ties", tied, sparse(1, 2, 2), "ACC-4", flags=["ties"]),
        _case("first-of-ties-one-hot", tied, one_hot(sparse(0, 1, 0), 3), "ACC-4", flags=["ties"]),
        _case(
            "logits", rows([4.0, 1.0, 0.1], [-3.0, -1.0, -2.0], dtype=dtype), sparse(0, 1), "ACC-5", flags=["scores"]
        ),
        _case(
            "below-one-half",
            rows([0.4, 0.3, 0.3], [0.2, 0.35, 0.45], dtype=dtype),
            sparse(0, 2),
            "ACC-5",
            flags=["scores"],
        ),
        _case("above-one-half-and-wrong", rows([5.0, 6.0, 7.0], dtype=dtype), sparse(0), "ACC-5", flags=["scores"]),
        _case("near-ties", rows([1.0, step], [step, 1.0], dtype=dtype), sparse(1, 0), flags=["precision"]),
        _case(
            "huge-scores", rows([most, -most, 0.0], [-most, -most, -1.0], dtype=dtype), sparse(0, 2), flags=["large"]
        ),
        _case("one-row", rows([0.3, 0.7], dtype=dtype), sparse(1), flags=["one-row"]),
        _case("one-class", rows([0.3], [0.7], dtype=dtype), sparse(0, 0), flags=["one-row"]),
        _case("300-rows", uneven, sparse(0, 1, 0), flags=["many-rows"], times=100),
        _case("301-rows-all-right", rows([0.3, 0.7], dtype=dtype), sparse(1), "ACC-2", flags=["many-rows"], times=301),
        _case("49-rows", rows([1, 0], *[[0, 1]] * 48, dtype=dtype), sparse(*[0] * 49), flags=["share"]),
        *(_case(f"labels-of-{w}", uneven, sparse(0, 1, 0, dtype=w), flags=["label-type"], times=100) for w in WIDTHS),
        _case("fortran-order", batch, labels, "GEN-4", flags=["layout"], layout="F"),
        _case("strided", batch, labels, "GEN-4", flags=["layout"], layout="strided"),
        _case("ordinary-again", batch, labels, "GEN-2", flags=["again"], same_as="ordinary"),
        refused("no-rows", two[:0], sparse(), "value", "ACC-7"),
        refused("nan", rows([0.5, NAN], dtype=dtype), sparse(1), "value", "GEN-6", [0]),
        refused("vector", two[0], sparse(1), "shape", "GEN-8"),
        *(refused(name, two, wrong, "label", "ACC-6") for name, wrong in beyond()),
        *(refused(name, two, wrong, error, "ACC-6") for name, error, wrong in malformed()),
    ]


def _case(name: str, y_pred: Array, y_true: Array, *clauses: str, source: str = "chosen", **more: Any) -> Source:
    return Source(name, ("ACC-1", *clauses), {"y_pred": y_pred, "y_true": y_true}, source, **more)
