"""Who is measured: calls without arguments, each with the arguments that its library wants, converted beforehand."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, TypeAlias, cast

import numpy as np

import nnfs_spec
from nnfs_spec import fast
from nnfs_spec.adapters.peers.library import Library, network
from nnfs_spec.arrays import Array
from tests.tools.benchmarks.speed.cells import Cell

Work: TypeAlias = Callable[[], Any]

FAST, INTO, REFERENCE, PLAIN = "fast", "fast, out=", "reference", "plain"
OURS = (FAST, INTO, REFERENCE)


def ours(cell: Cell, given: tuple[Any, ...], workers: int) -> dict[str, Work]:
    """Return the fast twin, the same with room for its result made beforehand, and the reference, checks included."""
    function: Callable[..., Any] = getattr(fast, cell.function)
    composed = network(nnfs_spec.dense, nnfs_spec.relu, nnfs_spec.softmax)
    plain: Callable[..., Any] = composed if cell.function == "forward" else getattr(nnfs_spec, cell.function)
    found: dict[str, Work] = {FAST: partial(function, *given, workers=workers), REFERENCE: partial(plain, *given)}
    if cell.function != "accuracy":
        room: Array = np.empty_like(np.asarray(function(*given)))
        found[INTO] = partial(function, *given, workers=workers, out=room)
    return found


def theirs(cell: Cell, given: tuple[Any, ...], libraries: Mapping[str, Library]) -> dict[str, Work]:
    """Return the peers that have the operation; their arguments are converted now, and results left as they are."""
    return {
        name: _call(library, cell.function, given)
        for name, library in libraries.items()
        if cell.function in library.functions
    }


def _call(library: Library, name: str, given: tuple[Any, ...]) -> Work:
    function, wait = library.functions[name], library.wait
    taken = tuple(_taken(library, argument) for argument in given)
    return lambda: wait(function(*taken))


def _taken(library: Library, argument: Any) -> Any:
    if isinstance(argument, list):
        pairs = cast("list[tuple[Array, Array]]", argument)
        return [(library.take(weights), library.take(biases)) for weights, biases in pairs]
    return library.take(argument)
