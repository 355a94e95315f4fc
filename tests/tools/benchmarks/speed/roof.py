"""What the machine allows: copying, exponentials and multiplications at their quickest, as work to be timed.

An operation cannot take less time than copying as many bytes as it must read and write, or than as many exponentials
(or multiplications) on numbers in the cache. These are timed in the same rounds as the operation, as often as it needs.
"""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import cache

import numpy as np

from nnfs_spec.arrays import Array
from tests.tools.benchmarks.speed.cells import Work

BLOCK = 2**13
"""Numbers of a block that stays in a second-level cache."""

SIDE = 256
"""Rows and columns of matrices that do."""

COPY, EXP, MATMUL = "copy", "exp", "matmul"


def roofs(work: Work, dtype: str, workers: int) -> dict[str, Callable[[], object]]:
    """Return the limits that apply, as calls that do the least work, shared by ``workers`` threads."""
    found = {COPY: _copying(work.moved // 2, workers)}
    if work.exponentials:
        found[EXP] = _repeating(_exponentials(dtype), work.exponentials, BLOCK, workers)
    if work.products:
        found[MATMUL] = _repeating(_products(dtype), work.products, SIDE**3, workers)
    return found


def _copying(size: int, workers: int) -> Callable[[], object]:
    source: Array = np.ones(max(size, workers), np.uint8)
    room = np.empty_like(source)
    edges = [len(source) * i // workers for i in range(workers + 1)]

    def part(i: int) -> None:
        np.copyto(room[edges[i] : edges[i + 1]], source[edges[i] : edges[i + 1]])

    return _shared(part, workers)


def _repeating(
    block: Callable[[], Callable[[float], None]], amount: int, each: int, workers: int
) -> Callable[[], object]:
    whole, rest = divmod(amount, workers)
    shares = [whole + (i < rest) for i in range(workers)]
    blocks = [block() for _ in range(workers)]

    def part(i: int) -> None:
        for _ in range(shares[i] // each):
            blocks[i](1.0)
        blocks[i](shares[i] % each / each)

    return _shared(part, workers)


def _exponentials(dtype: str) -> Callable[[], Callable[[float], None]]:
    def block() -> Callable[[float], None]:
        source: Array = np.linspace(-5, 0, BLOCK).astype(dtype)
        room = np.empty_like(source)

        def run(share: float) -> None:
            count = round(share * BLOCK)
            np.exp(source[:count], out=room[:count])

        return run

    return block


def _products(dtype: str) -> Callable[[], Callable[[float], None]]:
    def block() -> Callable[[float], None]:
        left: Array = np.ones((SIDE, SIDE), dtype)
        room = np.empty_like(left)

        def run(share: float) -> None:
            count = round(share * SIDE)
            np.matmul(left[:count], left, out=room[:count])

        return run

    return block


def _shared(part: Callable[[int], None], workers: int) -> Callable[[], object]:
    if workers == 1:
        return lambda: part(0)
    threads = _pool(workers)
    return lambda: list(threads.map(part, range(workers)))


@cache
def _pool(workers: int) -> ThreadPoolExecutor:
    return ThreadPoolExecutor(workers)
