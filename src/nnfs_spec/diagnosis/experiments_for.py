"""What is tried on each operation: small inputs, chosen so that the mutants can be told apart."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import TypeAlias

import numpy as np

from nnfs_spec.arrays import Array
from nnfs_spec.diagnosis import random_experiments as draws
from nnfs_spec.diagnosis import stream_experiments as streams
from nnfs_spec.diagnosis.experiments import (
    AsAxis,
    Dtypes,
    Empty,
    Experiment,
    Kept,
    OwnMemory,
    Refused,
    Result,
    SameBits,
    SameNumbers,
    Shown,
    Undisturbed,
)
from nnfs_spec.diagnosis.inputs import DOUBLE, ORDINARY, RESULTS, SINGLE, Arguments, Generator, floats
from nnfs_spec.properties.labels import LABEL_DTYPES, one_hot
from nnfs_spec.subject.layouts import NAMED, Layout
from nnfs_spec.subject.operations import OPERATIONS, Operation
from nnfs_spec.subject.protocol import GO_ON, Call, count_call

Planned: TypeAlias = Iterator[Experiment]


SLICED, BEHIND = Layout(after=(0, 3)), Layout(before=(2, 0))
"""Rows of a wider array, and the last rows of a longer one."""

DIAGNOSED = (*NAMED.values(), SLICED, BEHIND)
"""The memory layouts that experiments are made in."""


def experiments(operation: Operation, seed: int) -> list[Experiment]:
    """Return the experiments on ``operation``: first those on its numbers, then those on lapses."""
    if operation == "layer":
        layers = count_call(operation, 2, 3, seed), replace(count_call(operation, 2, 3, GO_ON), overwritten=True)
        refused = _no_counts("DENSE-10", operation, seed)
        return [draws.NewLayers(seed), draws.BiasRow(seed), Kept("DENSE-17", [layers]), refused]
    if operation == "spiral_data":
        return [draws.Spirals(seed), draws.WholeLabels(seed), _no_counts("DATA-4", operation, seed)]
    if operation == "stream":
        return list(streams.experiments(np.random.default_rng(seed)))
    rng = np.random.default_rng(seed)
    numbers: list[Experiment] = [Result(_fresh(operation, given)) for given in RESULTS[operation](rng)]
    if operation == "relu":
        numbers.append(AsAxis([_fresh(operation, (np.array(number),)) for number in (0, 7)]))
    return [*numbers, *_memory(operation, rng), *LAPSES[operation](operation, rng)]


def _fresh(operation: Operation, arguments: Arguments) -> Call:
    return Call(operation, arguments, fresh=True)


def _watched(operation: Operation, arguments: Arguments) -> Call:
    return Call(operation, arguments, fresh=True, watched=True)


def _no_counts(clause: str, operation: Operation, seed: int) -> Experiment:
    counts = ((0, 2), (-1, 2), (2, 0), (2, -1))
    return Refused(clause, [count_call(operation, *count, seed) for count in counts])


def _memory(operation: Operation, rng: Generator) -> Planned:
    """Yield what is tried on every operation of arrays: whether it writes to them, remembers, or reads past strides."""
    given, others, single = (ORDINARY[operation](rng, rows, 3) for rows in (12, 12, 1))
    if others[-1].dtype.kind == "i":
        others = others[0], np.roll(given[1], 1)
    call, other, then = _fresh(operation, given), _fresh(operation, others), Call(operation, others)
    yield Kept("GEN-1", [[_watched(operation, given)]])
    yield Kept("GEN-1", [[_watched(operation, single)]])
    yield Kept("GEN-10", [[call, then]])
    yield Kept("GEN-10", [[call, Call(operation, given, overwritten=True)]])
    positive = (np.abs(given[0]), *given[1:])
    yield OwnMemory("GEN-9", [[_watched(operation, positive)]])
    yield Undisturbed("GEN-11", [[_watched(operation, given)]])
    threads = [replace(one, together=True) for one in (call, other, call, other)]
    yield SameNumbers("GEN-12", [[call], [other], threads], [(2, 0), (3, 1), (4, 0), (5, 1)], by_chance=True)
    yield SameNumbers("GEN-2", [[call], [other], [call, then, Call(operation, given)]], [(2, 0), (3, 1), (4, 0)])
    if operation == "softmax":
        high, low = (given[0] + 1000,), (others[0] - 1000,)
        yield SameNumbers(
            "GEN-2", [[_fresh(operation, low)], [_fresh(operation, high), Call(operation, low)]], [(2, 0)]
        )
    if operation in ("sample_losses", "loss"):
        yield Kept("GEN-1", [[_watched(operation, (np.eye(3), np.array([0, 2, 1])))]])
    for layout in DIAGNOSED:
        yield SameNumbers("GEN-4", [[call], [Call(operation, given, layout, fresh=True)]], [(1, 0)])


def _dtypes(operation: Operation, rng: Generator) -> Experiment:
    given = ORDINARY[operation](rng, 4, 3)
    return Dtypes("GEN-5", [_fresh(operation, floats(given, dtype)) for dtype in (SINGLE, DOUBLE)])


def _whole_numbers(operation: Operation, arguments: Arguments) -> Experiment:
    """Return calls with whole numbers, which must give what the same numbers give as float64."""
    unsigned = tuple(map(np.abs, arguments))
    sessions = [
        [_fresh(operation, tuple(one.astype(dtype) for one in numbers))]
        for numbers in (arguments, unsigned)
        for dtype in (np.float64, np.int64 if numbers is arguments else np.uint8)
    ]
    return SameNumbers("GEN-5 for whole numbers", sessions, [(1, 0), (3, 2)], DOUBLE)


def _forms(operation: Operation, arguments: Arguments) -> Experiment:
    """Return calls with a first argument that is not two-dimensional or has no columns."""
    first, *others = arguments
    wrong: tuple[Array, ...] = (first[0], np.stack([first, first]), first[:, :0])
    return Refused("GEN-8", [_fresh(operation, (form, *others)) for form in wrong])


def _spoilt(operation: Operation, rng: Generator) -> Experiment:
    """Return calls with a NaN or an infinity in the first argument, where the result depends on it."""
    given = ORDINARY[operation](rng, ROWS, 3)
    row = 2
    columns = [int(given[1][row])] if OPERATIONS[operation].reads_target_only else [0, -1]
    place: tuple[int | slice, ...] = (row,) if OPERATIONS[operation].row_wise else ()
    limit = 0.0 if OPERATIONS[operation].zero_at_minus_infinity else np.nan
    calls: list[Call] = []
    limits: list[float] = []
    for column in columns:
        for special in SPECIAL:
            first = given[0].copy()
            first[row, column] = special
            calls.append(_fresh(operation, (first, *given[1:])))
            limits.append(limit if special == -np.inf else np.nan)
    places = [(*place, column) if limit == 0 else place for column in columns for _ in SPECIAL]
    if not OPERATIONS[operation].reads_target_only:
        masked = given[0].copy()
        masked[row], masked[row, -1] = -np.inf, np.nan
        calls.append(_fresh(operation, (masked, *given[1:])))
        limits.append(np.nan)
        places.append(place)
    return Shown("GEN-6", calls, places, limits)


SPECIAL = (np.nan, np.inf, -np.inf)
ROWS = 23
"""Rows of a case whose result is one number for all of them: no other mistake hits on the same share by chance."""


def _dense(operation: Operation, rng: Generator) -> Planned:
    whole = np.array([[3, -2], [20, 11]]), np.array([[30, 1], [-25, 4]]), np.array([[7, -9]])
    x, w, b = ORDINARY[operation](rng, 4, 3)
    yield _dtypes(operation, rng)
    yield _whole_numbers(operation, whole)
    yield _spoilt(operation, rng)
    yield Empty("GEN-7", _fresh(operation, (x[:0], w, b)))
    yield _forms(operation, (x, w, b))
    widths = {"wide": x[:, [0, 1, 2, 0]], "narrow": x[:, :2], "single": x[:, :1]}
    for name, inputs in widths.items():
        yield Refused(f"DENSE-9, {name} inputs", [_fresh(operation, (inputs, w, b))])
    flat = _fresh(operation, (x, w, b.ravel()))
    yield SameNumbers("DENSE-5, flat biases", [[_fresh(operation, (x, w, b))], [flat]], [(1, 0)])
    yield Refused("DENSE-9, single weights", [_fresh(operation, (x, w[:1], b))])


def _rows(operation: Operation, rng: Generator) -> Planned:
    (x,) = ORDINARY[operation](rng, 4, 3)
    yield _dtypes(operation, rng)
    yield _whole_numbers(operation, (np.array([[3, -2, 0], [5, 11, 4]]),))
    yield _spoilt(operation, rng)
    yield Empty("GEN-7", _fresh(operation, (x[:0],)))
    if operation == "softmax":
        yield _forms(operation, (x,))


def _sample_losses(operation: Operation, rng: Generator) -> Planned:
    p, labels = ORDINARY[operation](rng, 4, 3)
    yield _dtypes(operation, rng)
    yield _spoilt(operation, rng)
    yield Empty("GEN-7", _fresh(operation, (p[:0], labels[:0])))
    yield _forms(operation, (p, labels))
    yield _forms(operation, (p[:1], labels[:1]))
    yield from _label_types(operation, rng)
    yield from _label_forms(operation, rng)
    many = ORDINARY[operation](rng, 40, 3)
    hot = one_hot(many[1], 3, DOUBLE)
    yield SameBits("LOSS-3", [_fresh(operation, many), _fresh(operation, (many[0], hot))])
    yield from _bad_labels("LOSS-11", operation, p)
    yield _no_probabilities(operation, p, labels)


def _label_types(operation: Operation, rng: Generator) -> Planned:
    """Yield labels of every integer type, of so many rows and classes that positions overflow the narrow ones."""
    p, labels = ORDINARY[operation](rng, 60, 5)
    sessions = [[_fresh(operation, (p, labels.astype(dtype)))] for dtype in (np.dtype(np.int64), *LABEL_DTYPES)]
    yield SameNumbers("LOSS-9", sessions, [(i + 1, 0) for i in range(len(LABEL_DTYPES))])


def _label_forms(operation: Operation, rng: Generator) -> Planned:
    """Yield labels that are neither classes nor one-hot rows; each kind is a lapse of its own."""
    clause = "ACC-6" if operation == "accuracy" else "LOSS-12"
    p, labels = ORDINARY[operation](rng, ROWS, 3)
    soft = one_hot(labels, 3, DOUBLE)
    soft[1], two = (0.25, 0.25, 0.5), soft.copy()
    two[1] = 1.0, 1.0, 0.0
    kinds: Mapping[str, tuple[Array, ...]] = {
        "soft": (soft, two),
        "column": (labels[:, np.newaxis],),
        "not whole": (labels + 0.25, labels.astype(np.float64)),
        "too many": (np.concatenate([labels, labels[:1]]),),
        "too few": (labels[:-1],),
    }
    for kind, forms in kinds.items():
        yield Refused(f"{clause}, {kind}", [_fresh(operation, (p, form)) for form in forms])


def _bad_labels(clause: str, operation: Operation, predictions: Array) -> Planned:
    """Yield labels outside of the classes, among proper ones."""
    labels = predictions.argmax(axis=1)
    calls: list[Call] = []
    for row, label in ((0, -1), (3, -2), (0, 3), (3, 4), (3, -4)):
        wrong = labels.copy()
        wrong[row] = label
        calls.append(_fresh(operation, (predictions, wrong)))
    yield Refused(clause, calls)


def _loss(operation: Operation, rng: Generator) -> Planned:
    p, labels = ORDINARY[operation](rng, 4, 3)
    yield _dtypes(operation, rng)
    yield _spoilt(operation, rng)
    yield _forms(operation, (p, labels))
    yield Refused("LOSS-14", [_fresh(operation, (p[:0], labels[:0]))])
    yield from _label_forms(operation, rng)
    yield from _bad_labels("LOSS-11", operation, p)
    yield _no_probabilities(operation, p, labels)


def _no_probabilities(operation: Operation, p: Array, labels: Array) -> Experiment:
    """Return calls with a number above 1 in a class that is not the target's, and one below 0 at the target."""
    elsewhere, at_target = p.copy(), p.copy()
    elsewhere[0, (labels[0] + 1) % 3], at_target[0, labels[0]] = 1.5, -0.5
    return Refused("LOSS-13", [_fresh(operation, (beyond, labels)) for beyond in (elsewhere, at_target)])


def _accuracy(operation: Operation, rng: Generator) -> Planned:
    scores, labels = ORDINARY[operation](rng, ROWS, 3)
    yield _spoilt(operation, rng)
    yield _forms(operation, (scores, labels))
    yield from _label_forms(operation, rng)
    yield from _bad_labels("ACC-6", operation, scores)
    yield Refused("ACC-7", [_fresh(operation, (scores[:0], labels[:0]))])


LAPSES: Mapping[Operation, Callable[[Operation, Generator], Planned]] = {
    "dense": _dense,
    "relu": _rows,
    "softmax": _rows,
    "sample_losses": _sample_losses,
    "loss": _loss,
    "accuracy": _accuracy,
}
"""For each operation, the experiments on what can be wrong beside its numbers."""
