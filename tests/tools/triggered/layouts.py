"""Triggers on how an argument lies in memory."""

from collections.abc import Callable, Mapping, Sequence

import numpy as np

from nnfs_spec.arrays import Array
from nnfs_spec.diagnosis.inputs import Arguments, Generator
from nnfs_spec.subject.operations import Operation
from tests.tools.triggered.trigger import Trigger, ordinary, sparse


def _laid(place: int, make: Callable[[Array], Array], given: Arguments) -> Arguments:
    return tuple(make(np.array(one)) if i == place else one for i, one in enumerate(given))


def _gaps(one: Array) -> Array:
    wide = np.full((one.shape[0], one.shape[1] + 3), 0.75, one.dtype)
    wide[:, : one.shape[1]] = one
    return wide[:, : one.shape[1]]


def _later(one: Array) -> Array:
    return np.concatenate([one[:1], one[:1], one])[2:]


def _read_only(one: Array) -> Array:
    one.flags.writeable = False
    return one


def _has_offset(one: Array) -> bool:
    base = one.base
    address: int = one.__array_interface__["data"][0]
    return isinstance(base, np.ndarray) and base.__array_interface__["data"][0] != address


LAYOUTS: Mapping[str, tuple[Callable[[Array], bool], Callable[[Array], Array]]] = {
    "in Fortran order": (lambda a: a.flags.f_contiguous and not a.flags.c_contiguous, np.asfortranarray),
    "with gaps between columns": (
        lambda a: a.ndim == 2 and a.strides[1] > a.itemsize and a.strides[0] > a.strides[1],
        lambda a: np.repeat(a, 2, axis=1)[:, ::2],
    ),
    "rows of a wider array": (
        lambda a: a.ndim == 2 and a.strides[1] == a.itemsize and a.strides[0] > a.itemsize * a.shape[1],
        _gaps,
    ),
    "every other row": (
        lambda a: a.ndim == 2 and a.strides[0] > a.itemsize * a.shape[1],
        lambda a: np.repeat(a, 2, axis=0)[::2],
    ),
    "rows reversed": (lambda a: a.strides[0] < 0, lambda a: a[::-1].copy()[::-1]),
    "columns reversed": (lambda a: a.ndim == 2 and a.strides[1] < 0, lambda a: a[:, ::-1].copy()[:, ::-1]),
    "one row for all": (
        lambda a: a.ndim == 2 and a.strides[0] == 0 and a.shape[0] > 1,
        lambda a: np.broadcast_to(a[:1], a.shape),
    ),
    "behind the beginning of its memory": (_has_offset, _later),
    "read-only": (lambda a: not a.flags.writeable, _read_only),
    "not in the machine's byte order": (
        lambda a: not a.dtype.isnative,
        lambda a: a.astype(a.dtype.newbyteorder()),
    ),
}


def layout(rng: Generator, operation: Operation) -> Trigger:
    """An argument that lies in memory in one way."""
    name = str(rng.choice(list(LAYOUTS)))
    has, make = LAYOUTS[name]
    place = 1 if operation == "dense" and rng.random() < 0.4 else 0
    rows = {"rows": 5, "width": 4, "neurons": 3}

    def witness(rng: Generator) -> Sequence[Arguments]:
        given = ordinary(operation, rng, **rows)
        if name == "one row for all":
            given = (np.repeat(given[place][:1], len(given[place]), axis=0) if place == 0 else given[0], *given[1:])
        return [_laid(place, make, given)]

    return Trigger(f"argument {place} {name}", lambda past, given: has(given[place]), witness)


def label_layout(rng: Generator, operation: Operation) -> Trigger:
    """Labels that lie in memory in one way."""
    ways: Mapping[str, tuple[Callable[[Array], bool], Callable[[Array], Array]]] = {
        "a column of a table": (lambda y: y.strides[0] > y.itemsize, lambda y: np.repeat(y, 3)[::3]),
        "reversed": (lambda y: y.strides[0] < 0, lambda y: y[::-1].copy()[::-1]),
        "behind the beginning of their memory": (_has_offset, _later),
        "one for all": (lambda y: y.strides[0] == 0, lambda y: np.broadcast_to(y[:1], y.shape)),
    }
    name = str(rng.choice(list(ways)))
    has, make = ways[name]

    def witness(rng: Generator) -> Sequence[Arguments]:
        given = sparse(operation, rng, 23, 3)
        return [_laid(1, make, (given[0], np.full_like(given[1], 1) if name == "one for all" else given[1]))]

    return Trigger(f"sparse labels {name}", lambda past, given: given[1].ndim == 1 and has(given[1]), witness)
