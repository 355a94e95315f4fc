"""What is measured: an operation on a shape in a dtype, with its arguments, and the least work that it takes."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np

from nnfs_spec.arrays import Array

SHAPES = ((300, 3), (10_000, 10), (100_000, 3), (4096, 1000), (1_000_000, 10))
QUICK_SHAPES = ((300, 3), (10_000, 10), (4096, 1000))
ROWS, QUICK_ROWS = (300, 10_000, 100_000, 1_000_000), (300, 10_000, 100_000)
INPUTS = 64
NETWORK = (2, 64, 3)
ENTRYWISE = ("relu", "softmax", "accuracy", "sample_losses sparse", "sample_losses one-hot", "dense")
DTYPES = ("float64", "float32")


@dataclass(frozen=True)
class Cell:
    """One line of the table. ``shape`` is that of the result of softmax; dense has 64 inputs, forward 2-64-3."""

    operation: str
    shape: tuple[int, int]
    dtype: str

    @property
    def function(self) -> str:
        """The name of the function that computes it."""
        return self.operation.partition(" ")[0]

    @property
    def name(self) -> str:
        """How the table calls it."""
        return f"{self.operation}, {self.shape[0]} x {self.shape[1]}, {self.dtype}"


@dataclass(frozen=True)
class Work:
    """The least that an operation must do: bytes in and out, exponentials or logarithms, and multiplications."""

    moved: int
    exponentials: int
    products: int


def cells(quick: bool) -> Iterator[Cell]:
    """Yield the lines of the table."""
    for dtype in DTYPES:
        for operation in ENTRYWISE:
            for shape in QUICK_SHAPES if quick else SHAPES:
                yield Cell(operation, shape, dtype)
        for rows in QUICK_ROWS if quick else ROWS:
            yield Cell("forward", (rows, NETWORK[-1]), dtype)


def arguments(cell: Cell) -> tuple[Any, ...]:
    """Return the arguments: logits of a normal draw, their probabilities, labels drawn evenly; always the same."""
    (rows, classes), rng = cell.shape, np.random.default_rng(0)
    match cell.operation:
        case "forward":
            inputs = rng.standard_normal((rows, NETWORK[0])).astype(cell.dtype)
            return inputs, layers(cell.dtype)
        case "dense":
            shapes = (rows, INPUTS), (INPUTS, classes), (1, classes)
            return tuple(rng.standard_normal(shape).astype(cell.dtype) for shape in shapes)
        case "relu" | "softmax":
            return (rng.standard_normal((rows, classes)).astype(cell.dtype),)
        case _:
            weights = rng.random((rows, classes)) + 0.01
            p = (weights / weights.sum(axis=1, keepdims=True)).astype(cell.dtype)
            labels = rng.integers(0, classes, rows)
            return p, np.eye(classes, dtype=cell.dtype)[labels] if cell.operation.endswith("one-hot") else labels


def layers(dtype: str) -> list[tuple[Array, Array]]:
    """Return the weights and biases of the network."""
    rng = np.random.default_rng(1)
    drawn: list[tuple[Array, Array]] = []
    for inputs, neurons in pairwise(NETWORK):
        weights = 0.1 * rng.standard_normal((inputs, neurons))
        drawn.append((weights.astype(dtype), np.zeros((1, neurons), dtype)))
    return drawn


def work(cell: Cell) -> Work:
    """Return the least work, every argument read once, since the checks look at each, and the result written once."""
    rows, classes = cell.shape
    size = np.dtype(cell.dtype).itemsize
    entries = rows * classes
    match cell.operation:
        case "relu":
            return Work(2 * entries * size, 0, 0)
        case "softmax":
            return Work(2 * entries * size, entries, 0)
        case "accuracy":
            return Work(entries * size + rows * 8, 0, 0)
        case "sample_losses sparse":
            return Work(entries * size + rows * (8 + size), rows, 0)
        case "sample_losses one-hot":
            return Work(2 * entries * size + rows * size, rows, 0)
        case "dense":
            return Work((rows * INPUTS + INPUTS * classes + entries) * size, 0, rows * INPUTS * classes)
        case _:
            products = rows * sum(inputs * neurons for inputs, neurons in pairwise(NETWORK))
            return Work(rows * (NETWORK[0] + NETWORK[-1]) * size, entries, products)
