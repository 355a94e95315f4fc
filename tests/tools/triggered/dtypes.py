"""Triggers on the dtype of an argument and on the form of labels."""

from collections.abc import Sequence

import numpy as np

from nnfs_spec.diagnosis.inputs import DOUBLE, SINGLE, Arguments, Generator, floats
from nnfs_spec.properties.labels import one_hot
from nnfs_spec.subject.operations import Operation
from tests.tools.triggered.trigger import Trigger, ordinary, relabelled, sparse


def dtype(rng: Generator, operation: Operation) -> Trigger:
    """One dtype of the numbers."""
    if operation in ("dense", "relu", "softmax") and rng.random() < 0.4:
        kind = rng.choice(["i", "u"])

        def whole(rng: Generator) -> Sequence[Arguments]:
            numbers = [np.round(np.abs(one) * 3 + 1) for one in ordinary(operation, rng)]
            return [tuple(one.astype(np.int64 if kind == "i" else np.uint8) for one in numbers)]

        return Trigger(f"whole numbers of kind {kind}", lambda past, given: given[0].dtype.kind == kind, whole)
    wanted = SINGLE if rng.random() < 0.5 else DOUBLE
    return Trigger(
        f"numbers of {wanted}",
        lambda past, given: given[0].dtype == wanted,
        lambda rng: [floats(ordinary(operation, rng), wanted)],
    )


def label_dtype(rng: Generator, operation: Operation) -> Trigger:
    """One dtype or form of the labels."""
    if rng.random() < 0.3:
        return Trigger(
            "one-hot labels",
            lambda past, given: given[1].ndim == 2,
            lambda rng: [_hot(sparse(operation, rng, 23, 4))],
        )
    wanted = np.dtype(str(rng.choice(["i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8"])))
    return Trigger(
        f"sparse labels of {wanted}",
        lambda past, given: given[1].ndim == 1 and given[1].dtype == wanted,
        lambda rng: [relabelled(sparse(operation, rng, 23, 4), lambda y: y.astype(wanted))],
    )


def _hot(given: Arguments) -> Arguments:
    return given[0], one_hot(given[1], given[0].shape[1], DOUBLE)
