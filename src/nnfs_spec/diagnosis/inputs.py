"""Arguments in the domains of the operations, small and chosen: each list tells mutants apart that another does not.

Where a mutant's error is one of rounding, they are such that every program of the same formula rounds alike.
"""

from collections.abc import Callable, Mapping
from typing import TypeAlias

import numpy as np

from nnfs_spec.arrays import Array
from nnfs_spec.properties.labels import one_hot
from nnfs_spec.subject.operations import Operation

Arguments: TypeAlias = tuple[Array, ...]
Generator: TypeAlias = np.random.Generator
Ordinary: TypeAlias = Callable[[Generator, int, int], Arguments]

DOUBLE, SINGLE = np.dtype(np.float64), np.dtype(np.float32)
BLOCK = 400
"""Rows that fill neither blocks of 128 nor of 256, and overflow a count in eight bits."""


def floats(arguments: Arguments, dtype: np.dtype[np.floating]) -> Arguments:
    """Return ``arguments`` with their floating-point numbers in ``dtype``, labels as they are."""
    return tuple(one.astype(dtype) if one.dtype.kind == "f" else one for one in arguments)


def ordinary_dense(rng: Generator, n: int, k: int, m: int = 2) -> Arguments:
    """Return inputs (n, k), weights (k, m) and biases (1, m) of moderate size, none of them zero."""
    return rng.normal(0, 2, (n, k)), rng.normal(0, 1, (k, m)), rng.normal(0, 2, (1, m))


def ordinary_rows(rng: Generator, n: int, c: int) -> Arguments:
    """Return a matrix (n, c) of numbers of moderate size."""
    return (rng.normal(0, 3, (n, c)),)


def ordinary_probabilities(rng: Generator, n: int, c: int) -> Arguments:
    """Return probabilities (n, c), away from the ends and with rows that do not sum to one, and sparse labels."""
    labels: Array = (np.arange(n) * 2 + 1) % c
    return rng.uniform(0.05, 0.95, (n, c)), labels


def ordinary_scores(rng: Generator, n: int, c: int) -> Arguments:
    """Return scores (n, c) and sparse labels, two in three of which name the largest score."""
    scores = rng.normal(0, 3, (n, c))
    best: Array = scores.argmax(axis=1)
    labels: Array = np.where(np.arange(n) % 3 == 1, (best + 1) % c, best)
    return scores, labels


ORDINARY: Mapping[Operation, Ordinary] = {
    "dense": ordinary_dense,
    "relu": ordinary_rows,
    "softmax": ordinary_rows,
    "sample_losses": ordinary_probabilities,
    "loss": ordinary_probabilities,
    "accuracy": ordinary_scores,
}


def _dense(rng: Generator) -> list[Arguments]:
    sizes = ((4, 3, 2), (3, 3, 3), (2, 3, 2), (1, 3, 4), (4, 1, 3), (3, 4, 1), (1, 1, 1), (BLOCK, 2, 3))
    planned = [ordinary_dense(rng, *size) for size in sizes]
    x, w, b = ordinary_dense(rng, 4, 3, 2)
    nothing, silent = np.zeros_like(x), np.where(np.arange(4)[:, np.newaxis] == 1, 0.0, x)
    one_unset = b * [[1.0, 0.0]]
    large = np.array([[2.0**30]]), np.array([[2.0**-30]]), np.array([[1.0]])
    many = np.ones((1, 5000)), np.full((5000, 1), 0.125), np.array([[1.0]])
    beyond_single = np.array([[1e300]]), np.array([[1e-300]]), np.array([[0.25]])
    below_normal = np.array([[1e-300]]), np.array([[1e-10, 1.0]]), np.zeros((1, 2))
    return [
        *planned,
        floats(planned[0], SINGLE),
        (np.abs(x), w, b),
        (nothing, w, b),
        (silent, w, b),
        (x, w, one_unset),
        large,
        beyond_single,
        below_normal,
        many,
    ]


def _relu(rng: Generator) -> list[Arguments]:
    sizes = ((4, 3), (3, 3), (1, 4), (4, 1), (1, 1), (BLOCK, 2))
    planned = [ordinary_rows(rng, *size) for size in sizes]
    ends = np.array([[0.0, -0.0, 1e-7, -1e-7], [6.5, 50.0, -20.0, 1.0], [1e-12, 1e-310, -1e-310, 0.5]])
    return [*planned, floats(planned[0], SINGLE), (ends,), (-np.abs(planned[0][0]),)]


def _softmax(rng: Generator) -> list[Arguments]:
    sizes = ((4, 3), (3, 3), (2, 2), (1, 4), (5, 1), (1, 1), (BLOCK, 2))
    planned = [ordinary_rows(rng, *size) for size in sizes]
    extremes: tuple[list[list[float]], ...] = (
        [[800.0, 800.0]],
        [[-800.0, -800.0]],
        [[800.0, 0.0], [0.5, 1.0]],
        [[0.0, 800.0]],
        [[1e4, 1e4], [0.5, 1.0]],
        [[-2e5, -2e5]],
        [[-120.0, -120.5, -121.0]],
        [[60.0, 20.0, -60.0]],
        [[20.0, 0.0, -60.0], [0.0, 0.0, 0.0]],
        [[1.0, 1.0, 0.0], [0.0, 2.0, 2.0]],
        [[700.0]],
    )
    return [
        *planned,
        floats(planned[0], SINGLE),
        *((np.array(rows),) for rows in extremes),
        *(
            (np.tile(ordinary_rows(rng, 1, 2)[0] + away, (BLOCK, 1)) * np.linspace(1, 2, BLOCK)[:, np.newaxis],)
            for away in (-500.0,)
        ),
    ]


def _labelled(rng: Generator, ordinary: Ordinary, *sizes: tuple[int, int]) -> list[Arguments]:
    """Return predictions of each size with sparse labels, and again with one-hot ones."""
    sparse = [ordinary(rng, *size) for size in sizes]
    return [given for pair in ((one, _hot(one)) for one in sparse) for given in pair]


def _hot(arguments: Arguments) -> Arguments:
    predictions, labels = arguments
    return predictions, one_hot(labels, predictions.shape[1], DOUBLE)


def _sample_losses(rng: Generator) -> list[Arguments]:
    planned = _labelled(rng, ordinary_probabilities, (4, 3), (3, 3), (2, 2), (1, 4), (3, 1), (1, 1), (BLOCK, 3))
    first = np.array([0.0, 1.0, 1e-8, 3e-8, 1e-16, 1 - 1e-8, 1 - 1e-16, 5e-7, 0.5])
    at_ends = [(np.stack([first, np.full(9, 0.25), 1 - first], axis=1), np.zeros(9, dtype=np.int64))]
    none_elsewhere = [(np.array([[0.5, 0.0, 0.5], [0.25, 0.5, 0.0]]), np.array([0, 1]))]
    ends = [(np.array([[p, 0.25]]), np.array([0])) for p in (0.0, 1.0, 1e-8, 1 - 1e-8)]
    edges = [*at_ends, *none_elsewhere, *ends]
    return [*planned, floats(planned[0], SINGLE), *edges, *map(_hot, edges)]


def _loss(rng: Generator) -> list[Arguments]:
    p, _ = ordinary_probabilities(rng, 6, 3)
    uneven = p, np.array([0, 0, 0, 0, 1, 2])
    outweighed = one_hot(np.repeat([0, 1], (8, 1)), 2, DOUBLE), np.zeros(9, dtype=np.int64)
    return [
        *_sample_losses(rng),
        outweighed,
        uneven,
        _hot(uneven),
        *_labelled(rng, ordinary_probabilities, (7, 3), (130, 2)),
    ]


def _accuracy(rng: Generator) -> list[Arguments]:
    planned = _labelled(rng, ordinary_scores, (4, 3), (3, 3), (7, 4), (2, 2), (1, 4), (1, 1), (BLOCK, 3))
    tied = np.array([[1.0, 1.0, 0.0], [0.0, 2.0, 2.0], [3.0, 3.0, 3.0], [0.0, 1.0, 0.5]])
    near = np.array([[1.0, 1 + 1e-12], [1 + 1e-12, 1.0], [0.0, 1.0]])
    p, labels = ordinary_probabilities(rng, 9, 3)
    all_right = rng.normal(0, 3, (49, 3))
    uneven = rng.normal(0, 3, (10, 3))
    best: Array = uneven.argmax(axis=1)
    wrong_once: Array = np.where(np.arange(10) == 0, (best + 1) % 3, best)
    more: list[Arguments] = [
        (tied, np.array([0, 1, 0, 1])),
        (tied, np.array([1, 2, 2, 1])),
        (near, np.array([1, 0, 1])),
        (near, np.array([0, 0, 1])),
        (p / p.sum(axis=1, keepdims=True), labels),
        (np.where(one_hot(p.argmax(axis=1), 3, DOUBLE) > 0, 0.4, 0.3), p.argmax(axis=1)),
        (all_right, all_right.argmax(axis=1)),
        (uneven, wrong_once),
    ]
    return [*planned, *more]


RESULTS: Mapping[Operation, Callable[[Generator], list[Arguments]]] = {
    "dense": _dense,
    "relu": _relu,
    "softmax": _softmax,
    "sample_losses": _sample_losses,
    "loss": _loss,
    "accuracy": _accuracy,
}
"""For each operation, the arguments on which its numbers are looked at."""
