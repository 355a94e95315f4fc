"""What is tried on streams: rows in chunks and parts of unlike sizes, so that whatever is averaged shows."""

from collections.abc import Iterator

import numpy as np

from nnfs_spec.arrays import Array
from nnfs_spec.diagnosis.experiments import Experiment, Refused, Result, SameNumbers
from nnfs_spec.diagnosis.inputs import DOUBLE, SINGLE, Generator, ordinary_scores
from nnfs_spec.properties.labels import one_hot
from nnfs_spec.subject.protocol import Call
from nnfs_spec.subject.stream import AGAIN, COPIED

CLASSES = 3
SIZES = (7, 1, 4)
"""Rows of each chunk, and of each part."""


def experiments(rng: Generator) -> Iterator[Experiment]:
    """Yield the experiments: on chunks, on merges, then those on lapses."""
    rows = sum(SIZES) + 1
    scores, labels = ordinary_scores(rng, rows, CLASSES)
    p = 1 / (1 + np.exp(-scores))
    split, whole = np.repeat([0, 1, 2, 3], (*SIZES, 1)), np.zeros(rows, np.intp)
    plain = _stream(p, labels, split, whole)
    yield Result(plain)
    yield Result(_stream(p, one_hot(labels, CLASSES, DOUBLE), split, whole))
    yield Result(_stream(p.astype(SINGLE), labels, split, whole))
    yield Result(_stream(p, labels, np.arange(rows), whole))
    certain = one_hot(labels, CLASSES, DOUBLE)
    certain[-1] = np.roll(certain[-1], 1)
    yield Result(_stream(certain, labels, split, whole))
    yield Result(_stream(p, labels, whole, split))
    yield Result(_stream(p, labels, np.arange(rows), split))
    yield Result(_stream(p, labels, 2 * split + 1, whole), "STREAM-4")
    yield Result(_stream(p, labels, whole, 2 * split), "STREAM-4")
    yield Result(_stream(p, labels, whole, 2 * split + 1), "STREAM-4")
    yield SameNumbers("STREAM-11", [[plain], [_stream(p, labels, COPIED - split, whole)]], [(1, 0)])
    yield from _merged_twice(p, labels)
    yield from _refused(plain)


def _stream(y_pred: Array, y_true: Array, chunk: Array, part: Array) -> Call:
    return Call("stream", (y_pred, y_true, chunk, part), fresh=True)


def _merged_twice(p: Array, labels: Array) -> Iterator[Experiment]:
    """Yield four accumulators of the same rows, of which the fourth is the second once more."""
    rows, part = (np.tile(p, (4, 1)), np.tile(labels, 4)), np.repeat(np.arange(4), len(p))
    chunk = np.zeros_like(part)
    calls = _stream(*rows, chunk, part), _stream(*rows, np.where(part == 3, AGAIN, chunk), part)
    yield SameNumbers("STREAM-10", [[call] for call in calls], [(1, 0)])


def _refused(plain: Call) -> Iterator[Experiment]:
    """Yield chunks of a good and a bad row: offered, so that it shows what they leave, and added."""
    p, labels, split, whole = plain.arguments
    both = np.array([0, 1])
    no_class, beyond = labels[both].copy(), p[both].copy()
    no_class[1], beyond[1] = CLASSES, 2.0
    for kind, chunk in {"labels": (p[both], no_class), "predictions": (beyond, labels[both])}.items():
        rows = zip((p, labels, split), (*chunk, split[both]), strict=True)
        y_pred, y_true, number = (np.concatenate(pair) for pair in rows)
        offered, added = (_stream(y_pred, y_true, number, np.append(whole, [part, part])) for part in (-1, 0))
        if kind == "labels":
            yield SameNumbers("STREAM-5", [[plain], [offered]], [(1, 0)])
        yield Refused(f"STREAM-6, {kind}", [added])
    yield Refused("STREAM-7", [_stream(p[:0], labels[:0], split[:0], whole[:0])])
