"""Peaks of memory, which NumPy tells tracemalloc of: those of the forward pass, result included."""

import tracemalloc
from collections.abc import Callable

from nnfs_spec.adapters.peers import plain
from nnfs_spec.fast import forward
from tests.tools.benchmarks.speed.cells import NETWORK, Cell, arguments

CELL = Cell("forward", (1_000_000, NETWORK[-1]), "float64")


def peak(work: Callable[[], object]) -> int:
    """Return the bytes that a call needs beyond what there is before it."""
    tracemalloc.start()
    try:
        before, _ = tracemalloc.get_traced_memory()
        work()
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    return most - before


def peaks() -> dict[str, int]:
    """Return the peaks of the fast twin and of plain NumPy, and the bytes of the result, which both include."""
    inputs, layers = arguments(CELL)
    result = forward(inputs, layers).nbytes
    return {
        "fast": peak(lambda: forward(inputs, layers)),
        "plain": peak(lambda: plain.LIBRARY.functions["forward"](inputs, layers)),
        "result": result,
    }
