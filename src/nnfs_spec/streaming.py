"""Loss and accuracy of more rows than fit in memory: of a lazy array, of .npy files, or of chunks as they come.

Every chunk has an accumulator of its own, and these are added in a tree. An accumulator holds whole numbers alone, so
the result has the same bits for every partition into chunks, every order and any number of workers.
"""

from collections.abc import Iterable
from os import PathLike, fspath
from pathlib import Path
from typing import Any, TypeAlias, TypeGuard

import numpy as np

from nnfs_spec.errors import SpecTypeError, SpecValueError
from nnfs_spec.reference.streaming import Accumulator

__all__ = ["Accumulator", "accumulate", "accuracy", "loss"]

Paths: TypeAlias = str | PathLike[str]

BRANCHES = 16
"""How many accumulators of a lazy array are added at a time."""

CHUNK_ROWS = 2**16


def loss(y_pred: Any, y_true: Any = None, *, chunk_rows: int = CHUNK_ROWS) -> np.float32 | np.float64:
    """Return the mean loss of all rows that ``accumulate`` takes. Unit: nats. Raises what it and STREAM-5 name."""
    return accumulate(y_pred, y_true, chunk_rows=chunk_rows).loss


def accuracy(y_pred: Any, y_true: Any = None, *, chunk_rows: int = CHUNK_ROWS) -> np.float64:
    """Return the share of all rows that ``accumulate`` takes whose largest entry stands at the target class."""
    return accumulate(y_pred, y_true, chunk_rows=chunk_rows).accuracy


def accumulate(y_pred: Any, y_true: Any = None, *, chunk_rows: int = CHUNK_ROWS) -> Accumulator:
    """Return an accumulator of all rows of one of these:

    - a ``dask.array`` (N, C) with labels (N,) or (N, C), lazy or not, computed by Dask's scheduler or cluster;
    - two .npy files, or two folders with .npy files of the same names, read ``chunk_rows`` rows at a time;
    - without ``y_true``, an iterable of pairs (predictions, labels), each a chunk.

    Errors are those of ``Accumulator.add`` and ``Accumulator.from_npy``; besides, SpecValueError for labels of another
    number of rows and for folders that do not match, and SpecTypeError for anything else (GEN-8).
    """
    if hasattr(y_pred, "to_delayed"):
        return _of_lazy(y_pred, y_true)
    if _is_path(y_pred) and _is_path(y_true):
        return _added(Accumulator.from_npy(*pair, chunk_rows=chunk_rows) for pair in _files(y_pred, y_true))
    if y_true is None and _are_chunks(y_pred):
        return _added(_of_chunk(*pair) for pair in y_pred)
    kinds = f"{type(y_pred).__name__} and {type(y_true).__name__}"
    expected = "a dask array and labels, two paths, or an iterable of chunks alone"
    raise SpecTypeError("accumulate", "y_pred and y_true", kinds, expected, "GEN-8")


def _is_path(value: object) -> TypeGuard[Paths]:
    return isinstance(value, str | PathLike)


def _are_chunks(value: object) -> TypeGuard[Iterable[tuple[Any, Any]]]:
    return isinstance(value, Iterable) and not isinstance(value, str | PathLike | np.ndarray)


def _of_chunk(y_pred: Any, y_true: Any) -> Accumulator:
    made = Accumulator()
    made.add(y_pred, y_true)
    return made


def _added(parts: Iterable[Accumulator]) -> Accumulator:
    return sum(parts) + Accumulator()


def _of_lazy(y_pred: Any, y_true: Any) -> Accumulator:
    """Return the accumulator of a dask array, whose rows stay where they are: only accumulators travel."""
    from dask import array, delayed

    labels = y_true if hasattr(y_true, "to_delayed") else array.from_array(np.asarray(y_true))
    if y_pred.ndim != 2 or labels.ndim not in (1, 2) or len(y_pred) != len(labels):
        got, expected = f"{y_pred.shape} and {labels.shape}", "(N, C), and (N,) or (N, C)"
        raise SpecValueError("accumulate", "the shapes of y_pred and y_true", got, expected, "LOSS-12")
    predictions = y_pred.rechunk({1: -1})
    labels = labels.rechunk((predictions.chunks[0], *((-1,) * (labels.ndim - 1))))
    pairs = zip(predictions.to_delayed().ravel(), labels.to_delayed().ravel(), strict=True)
    parts: list[Any] = [delayed(_of_chunk)(p, y) for p, y in pairs]
    while len(parts) > 1:
        parts = [delayed(_added)(parts[i : i + BRANCHES]) for i in range(0, len(parts), BRANCHES)]
    made: Accumulator = parts[0].compute()
    return made


def _files(y_pred: Paths, y_true: Paths) -> list[tuple[Path, Path]]:
    """Return the pairs of files that two paths stand for, in the order of their names."""
    predictions, labels = Path(fspath(y_pred)), Path(fspath(y_true))
    if not predictions.is_dir():
        return [(predictions, labels)]
    names, others = ({path.name for path in folder.glob("*.npy")} for folder in (predictions, labels))
    if names != others or not names:
        odd = min(names ^ others, default="none")
        expected = "the same .npy files in both folders, and at least one"
        raise SpecValueError("accumulate", f"files of {predictions} and {labels}", f"unlike: {odd}", expected, "GEN-8")
    return [(predictions / name, labels / name) for name in sorted(names)]
