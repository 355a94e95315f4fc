"""Honest code that 1.0 refused passes, and wrong code that it passed fails, at the sizes where the difference shows."""

import math
from collections import deque
from typing import Any

import numpy as np
import pytest

import nnfs_spec
from nnfs_spec import domains
from nnfs_spec.arrays import Array
from nnfs_spec.generate.sweep import large_batch
from nnfs_spec.properties import PROPERTIES
from nnfs_spec.subject.stream import streamed
from tests.tools.judging import judge

FLOAT32 = np.dtype(np.float32)


class Running:
    """A running mean: by chunks, or row by row."""

    by_rows = False

    def __init__(self) -> None:
        self.loss: Any = np.float32(0)
        self.accuracy: Any = np.float32(0)
        self.rows = 0

    def add(self, y_pred: Array, y_true: Array) -> None:
        """Move the mean towards that of the chunk."""
        losses = nnfs_spec.sample_losses(y_pred, y_true)
        for chunk in losses[:, np.newaxis] if self.by_rows else [losses]:
            if len(chunk):
                self._move(chunk.mean(), len(chunk))

    def merge(self, other: "Running") -> None:
        """Move the mean towards that of the other one."""
        if other.rows:
            self._move(other.loss, other.rows)

    def _move(self, mean: Any, rows: int) -> None:
        self.rows += rows
        self.loss += (mean - self.loss) * np.float32(rows) / np.float32(self.rows)


class RowByRow(Running):
    """A running mean that takes each row for a chunk."""

    by_rows = True


@pytest.mark.parametrize("kind", [Running, RowByRow])
@pytest.mark.parametrize("good", [1.0, 0.9985427856445312, 0.9, 0.5])
@pytest.mark.parametrize("clause", ["STREAM-1", "STREAM-3", "STREAM-9"])
def test_a_running_mean_is_admitted(kind: type[Running], good: float, clause: str) -> None:
    """Where one row loses 16.1 and three hundred lose little, in two chunks and in two accumulators."""

    def stream(y_pred: Array, y_true: Array, chunk: Array, part: Array) -> Array:
        counts = streamed(nnfs_spec.Accumulator, y_pred.copy(), y_true.copy(), chunk, part)
        return np.array([streamed(kind, y_pred, y_true, chunk, part)[0], *counts[1:]])

    p = np.full((301, 1), good, np.float32)
    p[0] = 0
    second = (np.arange(301) > 0).astype(np.intp)
    case = {"y_pred": p, "y_true": np.zeros(301, np.intp), "chunk": second, "part": second}
    found = judge(clause, domains.STREAM, case, stream=stream)
    assert not found.violating.any()
    assert found.cases > 0


def test_two_logarithms_are_admitted() -> None:
    """One in each branch for the labels, where they round apart."""

    def sample_losses(p: Array, y: Array) -> Array:
        if y.ndim == 1:
            return nnfs_spec.sample_losses(p, y)
        picked = np.clip((p * y).sum(axis=1), 1e-7, 1 - 1e-7)
        return np.array([-math.log(one) for one in picked.tolist()], p.dtype)

    p = np.random.default_rng(0).random((3609, 2), np.float32)
    labels = np.zeros(3609, np.intp)
    hot = np.tile(np.array([1, 0], np.float32), (3609, 1))
    assert (sample_losses(p, labels) != sample_losses(p, hot)).any()
    found = judge("LOSS-3", domains.LOSSES, {"y_pred": p, "y_true": labels}, sample_losses=sample_losses)
    assert not found.violating.any()


@pytest.mark.parametrize(("left", "clauses"), [(0, set[str]()), (150, {"LOSS-17"})])
def test_rows_that_are_never_read_among_a_hundred_thousand_are_noticed(left: int, clauses: set[str]) -> None:
    """LOSS-8 allows 0.6 % in float32, which hides 150 average rows; LOSS-17 looks at rows that outweigh the others."""

    def loss(p: Array, y: Array) -> Array:
        read = len(p) - left
        return np.asarray(nnfs_spec.sample_losses(p[:read], y[:read]).mean(dtype=np.float64), np.float32)

    case = large_batch(domains.LOSS, FLOAT32, 0)
    arrays = {"y_pred": case["y_pred"], "y_true": case["y_true"]}
    failed = {one for one in ("LOSS-8", "LOSS-17") if judge(one, domains.LOSS, arrays, loss=loss).violating.any()}
    assert failed == clauses
    assert PROPERTIES["LOSS-17"].at_every_size is domains.LOSS


class Window(nnfs_spec.Accumulator):
    """Keeps the latest hundred chunks."""

    def __init__(self) -> None:
        super().__init__()
        self.latest = deque[tuple[Array, Array]](maxlen=100)

    def add(self, y_pred: Any, y_true: Any) -> None:
        """Begin anew, and add what is kept."""
        self.latest.append((y_pred.copy(), y_true.copy()))
        super().__init__()
        for chunk in self.latest:
            super().add(*chunk)


@pytest.mark.parametrize("clause", ["STREAM-1", "STREAM-2", "STREAM-8"])
def test_a_window_of_chunks_is_found(clause: str) -> None:
    """Among more chunks than it holds, the first of which was right and lost little."""
    p = np.full((120, 2), 0.5)
    p[:20] = [1.0, 0.0]
    zeros = np.zeros(120, np.intp)
    labels = np.where(np.arange(120) < 20, 0, 1)
    case = {"y_pred": p, "y_true": labels, "chunk": zeros, "part": zeros}
    assert judge(clause, domains.STREAM, case, stream=lambda *given: streamed(Window, *given)).violating.any()


@pytest.mark.parametrize(("clause", "ndim", "dtype"), [("LOSS-3", 2, np.uint8), ("LOSS-9", 1, np.int16)])
def test_a_batch_loss_that_reads_one_type_of_labels_wrong_is_found(clause: str, ndim: int, dtype: type) -> None:
    """Though its sample losses are right."""

    def loss(p: Array, y: Array) -> Any:
        return 0.1 if (y.ndim, y.dtype) == (ndim, np.dtype(dtype)) else nnfs_spec.loss(p, y)

    case = {"y_pred": np.full((4, 2), 0.5), "y_true": np.array([0, 1, 1, 0])}
    right = {"sample_losses": nnfs_spec.sample_losses}
    assert judge(clause, domains.LOSSES, case, **right, loss=loss).violating.any()
    assert not judge(clause, domains.LOSSES, case, **right, loss=nnfs_spec.loss).violating.any()
