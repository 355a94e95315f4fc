"""Complete sets of inputs: every member is tried, block after block, so that a clean run of one is a proof.

A set is what its ranges of bit patterns say, and nothing is drawn; the blocks of a set hold each of its inputs once.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from nnfs_spec.arrays import Array
from nnfs_spec.domains import LOSSES, LOSSES_ONE_HOT, RELU, RELU_SPECIALS, SOFTMAX_TWO, Case, Domain

FLOAT32 = np.dtype(np.float32)

MINUS, INFINITY, ONE = 0x80000000, 0x7F800000, 0x3F800000
"""As patterns of float32: the bit of the sign, infinity, and 1."""

WIDE, NARROW, FEW, FIRSTS = 2**18, 2**17, 2**11, 16
"""Inputs of a block: of wide rows, of rows of one entry, of those tried one by one; first logits of a block."""

COLUMNS = 256
DROPPED_BITS = 3


@dataclass(frozen=True)
class CompleteSet:
    """``name`` says what it is complete of; ``block`` makes the case of each number below ``blocks``.

    The ``clauses`` are those that a clean run proves over all ``inputs``.
    """

    name: str
    inputs: int
    domain: Domain
    clauses: tuple[str, ...]
    blocks: int
    block: Callable[[int], Case]


@dataclass(frozen=True)
class Patterns:
    """The float32 numbers whose bit patterns lie in ``ranges``, in blocks of ``size``."""

    ranges: tuple[range, ...]
    size: int

    @property
    def inputs(self) -> int:
        """How many there are."""
        return sum(map(len, self.ranges))

    @property
    def blocks(self) -> int:
        """How many blocks hold them; a block lies in one range."""
        return sum(-(-len(patterns) // self.size) for patterns in self.ranges)

    def block(self, number: int) -> Array:
        """Return the numbers of one block, shape (n,)."""
        for patterns in self.ranges:
            blocks = -(-len(patterns) // self.size)
            if number < blocks:
                some = patterns[number * self.size : (number + 1) * self.size]
                numbers: Array = np.arange(some.start, some.stop, dtype=np.uint32).view(FLOAT32)
                return numbers
            number -= blocks
        raise IndexError("there is no such block")


FINITE = (range(INFINITY), range(MINUS, MINUS + INFINITY))
SPECIAL = (range(INFINITY, MINUS), range(MINUS + INFINITY, 2**32))
UNIT = (range(ONE + 1), range(MINUS, MINUS + 1))
"""Every finite number; every other; every number from 0 to 1, and negative zero."""


def relu_set(patterns: Patterns) -> CompleteSet:
    """Return the set of ReLU's finite inputs; a block whose length allows it has wide rows, which are quicker."""

    def block(number: int) -> Case:
        numbers = patterns.block(number)
        columns = COLUMNS if len(numbers) % COLUMNS == 0 else 1
        return Case(RELU, FLOAT32, {"inputs": numbers.reshape(-1, columns)})

    name = "every finite float32"
    return CompleteSet(name, patterns.inputs, RELU, ("RELU-1", "RELU-2", "RELU-3"), patterns.blocks, block)


def special_set(patterns: Patterns) -> CompleteSet:
    """Return the set of ReLU's inputs that are not finite."""

    def block(number: int) -> Case:
        return Case(RELU_SPECIALS, FLOAT32, {"inputs": patterns.block(number).reshape(-1, 1)})

    name = "every float32 that is not finite, in relu"
    return CompleteSet(name, patterns.inputs, RELU_SPECIALS, ("GEN-6",), patterns.blocks, block)


def loss_set(patterns: Patterns, *, one_hot: bool) -> CompleteSet:
    """Return the set of probabilities of the only class, with sparse or with one-hot labels."""

    def block(number: int) -> Case:
        p = patterns.block(number).reshape(-1, 1)
        labels = np.ones((len(p), 1), FLOAT32) if one_hot else np.zeros(len(p), np.int64)
        return Case(domain, FLOAT32, {"y_pred": p, "y_true": labels})

    domain, clause = (LOSSES_ONE_HOT, "LOSS-2") if one_hot else (LOSSES, "LOSS-1")
    name = f"every float32 in [0, 1] as the only class, with {'one-hot' if one_hot else 'sparse'} labels"
    return CompleteSet(name, patterns.inputs, domain, (clause,), patterns.blocks, block)


def short_halves(dropped: int = DROPPED_BITS) -> Array:
    """Return every finite float16 whose last ``dropped`` bits are 0, as float32: both zeros, subnormals, all sizes."""
    halves = np.arange(0, 2**16, 2**dropped, dtype=np.uint16).view(np.float16)
    numbers: Array = halves[np.isfinite(halves)].astype(FLOAT32)
    return numbers


def softmax_set(numbers: Array, name: str, firsts: int = FIRSTS) -> CompleteSet:
    """Return the set of every pair of ``numbers``, in both orders, as two logits."""

    def block(number: int) -> Case:
        first = numbers[number * firsts : (number + 1) * firsts]
        pairs = np.stack([np.repeat(first, len(numbers)), np.tile(numbers, len(first))], axis=1)
        return Case(SOFTMAX_TWO, FLOAT32, {"inputs": pairs})

    clauses = ("SOFTMAX-1", "SOFTMAX-2", "SOFTMAX-3", "SOFTMAX-4", "SOFTMAX-10")
    return CompleteSet(name, len(numbers) ** 2, SOFTMAX_TWO, clauses, -(-len(numbers) // firsts), block)


def complete_sets() -> Sequence[CompleteSet]:
    """Return all of them, in the order in which they are tried."""
    pairs = "every pair of finite float16 numbers whose last three bits are 0, as float32"
    return (
        relu_set(Patterns(FINITE, WIDE)),
        loss_set(Patterns(UNIT, NARROW), one_hot=False),
        loss_set(Patterns(UNIT, NARROW), one_hot=True),
        softmax_set(short_halves(), pairs),
        special_set(Patterns(SPECIAL, FEW)),
    )
