"""The generators of random numbers that a target keeps for itself, so that a seed reaches them, too."""

import random
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, TypeAlias

import numpy as np

Generator: TypeAlias = np.random.Generator | np.random.RandomState | random.Random


def generators_in(namespaces: Iterable[Mapping[str, Any]]) -> list[Generator]:
    """Return the generators that stand in namespaces or in the classes there, each of them once."""
    found: dict[int, Generator] = {}
    for value in _values(namespaces):
        if isinstance(value, Generator):
            found.setdefault(id(value), value)
    return list(found.values())


def _values(namespaces: Iterable[Mapping[str, Any]]) -> Iterator[Any]:
    for names in namespaces:
        for value in list(names.values()):
            yield value
            if isinstance(value, type):
                yield from vars(value).values()


def seed_all(generators: Sequence[Generator], seed: int) -> None:
    """Seed the global generators of NumPy and of Python, and those of a target."""
    np.random.seed(seed)
    random.seed(seed)
    for generator in generators:
        if isinstance(generator, np.random.Generator):
            kind = type(generator.bit_generator)
            generator.bit_generator.state = kind(seed).state
        else:
            generator.seed(seed)
