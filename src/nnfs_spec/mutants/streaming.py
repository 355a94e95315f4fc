"""Wrong accumulators of loss and accuracy. Each is a class; called, it streams rows through new objects of itself."""

from typing import Any

import numpy as np

from nnfs_spec.arrays import Array
from nnfs_spec.mutants.registry import mutant
from nnfs_spec.subject.stream import streamed


def _targets(y_true: Array, shape: tuple[int, ...]) -> Array:
    """Return the labels of predictions of ``shape`` (n, C) as classes (n,), or raise ValueError where they are none."""
    sparse = y_true.ndim == 1 and y_true.dtype.kind in "iu"
    hot: Array = y_true[:, np.newaxis] == np.arange(shape[1]) if sparse else y_true
    if hot.shape != shape or ((hot != 0) & (hot != 1)).any() or (hot.sum(axis=1) != 1).any():
        raise ValueError("labels are neither classes nor one-hot rows")
    classes: Array = hot.argmax(axis=1)
    return classes


def _probabilities(y_pred: Array) -> Array:
    """Return ``y_pred`` (n, C), or raise ValueError where it is no matrix of probabilities."""
    if y_pred.ndim != 2 or not ((y_pred >= 0) & (y_pred <= 1)).all():
        raise ValueError("predictions are no matrix of numbers from 0 to 1")
    return y_pred


def _losses(y_pred: Array, y_true: Array) -> Array:
    """Return the losses of the rows of a chunk, in their own dtype."""
    p = _probabilities(y_pred)
    confidences = p[np.arange(len(p)), _targets(y_true, p.shape)]
    losses: Array = -np.log(np.clip(confidences, 1e-7, 1 - 1e-7))
    return losses


def _right(y_pred: Array, y_true: Array) -> Array:
    """Return which rows of a chunk are right (n,)."""
    right: Array = y_pred.argmax(axis=1) == _targets(y_true, y_pred.shape)
    return right


class _Sums:
    """What the mutants are wrong beside: sums in double precision."""

    def __init__(self) -> None:
        self.rows: Any = 0
        self.hits: Any = 0
        self.total: Any = 0.0

    def add(self, y_pred: Array, y_true: Array) -> None:
        losses = _losses(y_pred, y_true)
        self.total += losses.sum(dtype=np.float64)
        self.hits += np.count_nonzero(_right(y_pred, y_true))
        self.rows += len(losses)

    def merge(self, other: Any) -> None:
        self.total += other.total
        self.hits += other.hits
        self.rows += other.rows

    @property
    def loss(self) -> Any:
        return self._over_rows(self.total)

    @property
    def accuracy(self) -> Any:
        return self._over_rows(self.hits)

    def _over_rows(self, total: Any) -> Any:
        if self.rows == 0:
            raise ValueError("no rows were added")
        return total / self.rows

    def __call__(self, y_pred: Array, y_true: Array, chunk: Array, part: Array) -> Array:
        return streamed(type(self), y_pred, y_true, chunk, part)


class _Means(_Sums):
    """The same, kept as means: every chunk and every merge is a weighted mean of two."""

    def __init__(self) -> None:
        super().__init__()
        self.share: Any = 0.0

    def add(self, y_pred: Array, y_true: Array) -> None:
        losses, right = _losses(y_pred, y_true), _right(y_pred, y_true)
        if len(losses):
            self._weigh(len(losses), losses.mean(dtype=np.float64), right.mean())
            self.hits += np.count_nonzero(right)

    def merge(self, other: Any) -> None:
        if other.rows:
            self._weigh(other.rows, other.total, other.share)
            self.hits += other.hits

    def _weigh(self, rows: Any, mean: Any, share: Any) -> None:
        self.total = (self.total * self.rows + mean * rows) / (self.rows + rows)
        self.share = (self.share * self.rows + share * rows) / (self.rows + rows)
        self.rows += rows

    @property
    def loss(self) -> Any:
        self._over_rows(0)
        return self.total


@mutant(
    "stream",
    "STREAM-1",
    "STREAM-3",
    misconception="The loss of all chunks is the mean of their losses.",
    remedy="Weigh each chunk by its rows, or add up sums and rows: the last chunk is seldom as long as the others.",
)
class stream_averaging_means(_Means):
    def __init__(self) -> None:
        super().__init__()
        self.chunks = 0

    def add(self, y_pred: Array, y_true: Array) -> None:
        mean, chunks = self.total, self.chunks
        super().add(y_pred, y_true)
        if len(y_pred):
            self.total = (mean * chunks + _losses(y_pred, y_true).mean(dtype=np.float64)) / (chunks + 1)
            self.chunks += 1

    def merge(self, other: Any) -> None:
        mean, chunks = self.total, self.chunks
        super().merge(other)
        self.chunks += other.chunks
        self.total = (mean * chunks + other.total * other.chunks) / max(self.chunks, 1)


@mutant(
    "stream",
    "STREAM-2",
    misconception="The accuracy of all chunks is the mean of their accuracies.",
    remedy="Add up how many rows are right, and divide by the number of all rows.",
)
class stream_averaging_shares(_Sums):
    def __init__(self) -> None:
        super().__init__()
        self.shares: list[Any] = []

    def add(self, y_pred: Array, y_true: Array) -> None:
        super().add(y_pred, y_true)
        if len(y_pred):
            self.shares.append(_right(y_pred, y_true).mean())

    def merge(self, other: Any) -> None:
        super().merge(other)
        self.shares += other.shares

    @property
    def accuracy(self) -> Any:
        self._over_rows(0)
        return np.mean(self.shares)


@mutant(
    "stream",
    "STREAM-2",
    misconception="A share can be kept with four decimals, as it is printed.",
    remedy="Count: whole numbers are exact, and k/N is rounded once, by the division.",
)
class stream_with_a_rounded_share(_Means):
    def _weigh(self, rows: Any, mean: Any, share: Any) -> None:
        super()._weigh(rows, mean, share)
        self.share = round(self.share, 4)

    @property
    def accuracy(self) -> Any:
        self._over_rows(0)
        return self.share


@mutant(
    "stream",
    "STREAM-1",
    "STREAM-2",
    "STREAM-8",
    misconception="Every chunk starts anew.",
    remedy="Add to what there is: set the sums to zero once, where the accumulator is made.",
)
class stream_of_the_latest_chunk(_Sums):
    def add(self, y_pred: Array, y_true: Array) -> None:
        if len(y_pred):
            _Sums.__init__(self)
        super().add(y_pred, y_true)


@mutant(
    "stream",
    "STREAM-1",
    misconception="Chunks can be kept as they are, to be computed when the loss is read.",
    remedy="Compute at once, or copy: the caller reads the next chunk into the same memory.",
)
class stream_keeping_its_chunks(_Sums):
    def __init__(self) -> None:
        super().__init__()
        self.chunks: list[tuple[Array, Array]] = []

    def add(self, y_pred: Array, y_true: Array) -> None:
        super().add(y_pred, y_true)
        self.chunks.append((y_pred, y_true))

    def merge(self, other: Any) -> None:
        super().merge(other)
        self.chunks += other.chunks

    @property
    def loss(self) -> Any:
        return self._over_rows(sum(float(_losses(*chunk).sum()) for chunk in self.chunks))


@mutant(
    "stream",
    "STREAM-1",
    misconception="The sum of all losses may be kept in single precision.",
    remedy="Keep it in double precision or exactly: it grows with every chunk, and its rounding with it.",
)
class stream_summing_in_single_precision(_Sums):
    def add(self, y_pred: Array, y_true: Array) -> None:
        super().add(y_pred, y_true)
        self.total = np.float32(self.total)


@mutant(
    "stream",
    "STREAM-1",
    "STREAM-3",
    misconception="A running loss weighs the past with 0.9 and the new chunk with 0.1.",
    remedy="That is a curve to look at while training; the loss of a data set is the mean over all its rows.",
)
class stream_forgetting_slowly(_Means):
    def _weigh(self, rows: Any, mean: Any, share: Any) -> None:
        before, first = self.total, self.rows == 0
        super()._weigh(rows, mean, share)
        self.total = mean if first else 0.9 * before + 0.1 * mean


@mutant(
    "stream",
    "STREAM-3",
    misconception="Two accumulators are merged by taking the mean of their losses.",
    remedy="Add sums and rows: one of them may have many more rows than the other.",
)
class stream_merging_means(_Sums):
    def merge(self, other: Any) -> None:
        both = [one.total / one.rows for one in (self, other) if one.rows]
        super().merge(other)
        self.total = np.sum(both) / max(len(both), 1) * self.rows


@mutant(
    "stream",
    "STREAM-3",
    misconception="To merge is to take over what the other one has.",
    remedy="Add it to what there is: the rows of both count.",
)
class stream_replaced_by_a_merge(_Sums):
    def merge(self, other: Any) -> None:
        if other.rows:
            _Sums.__init__(self)
        super().merge(other)


@mutant(
    "stream",
    "STREAM-3",
    "STREAM-8",
    misconception="An accumulator that is merged counts as one chunk, that is as one row.",
    remedy="Add its rows: the sums of all of them were added, too.",
)
class stream_merging_without_rows(_Sums):
    def merge(self, other: Any) -> None:
        rows = self.rows
        super().merge(other)
        self.rows = rows + min(other.rows, 1)


@mutant(
    "stream",
    "STREAM-4",
    misconception="Every chunk has a mean.",
    remedy="One of no rows has none: 0/0 is NaN, and a NaN stays in the sum for ever. Leave such a chunk out.",
)
class stream_poisoned_by_an_empty_chunk(_Means):
    def add(self, y_pred: Array, y_true: Array) -> None:
        super().add(y_pred, y_true)
        if len(y_pred) == 0:
            self.total = np.nan


@mutant(
    "stream",
    "STREAM-4",
    misconception="A chunk without rows is an error, as a batch is.",
    remedy="Let it pass: a filter leaves such chunks, and they change nothing.",
)
class stream_refusing_an_empty_chunk(_Sums):
    def add(self, y_pred: Array, y_true: Array) -> None:
        if len(y_pred) == 0:
            raise ValueError("a chunk has at least one row")
        super().add(y_pred, y_true)


@mutant(
    "stream",
    "STREAM-4",
    misconception="Two means can always be weighed against each other.",
    remedy="Not where neither has any rows: an accumulator of none is merged by doing nothing.",
)
class stream_dividing_by_no_rows(_Sums):
    def merge(self, other: Any) -> None:
        mean = other.total / other.rows if other.rows else np.nan
        super().merge(other)
        if other.rows == 0:
            self.total += mean


@mutant(
    "stream",
    "STREAM-5",
    misconception="The rows may be counted first, and looked at afterwards.",
    remedy="Check the whole chunk before anything is changed: it may be refused, and the program may go on.",
)
class stream_counting_before_it_looks(_Sums):
    def add(self, y_pred: Array, y_true: Array) -> None:
        self.rows += len(y_pred)
        losses = _losses(y_pred, y_true)
        self.total += losses.sum(dtype=np.float64)
        self.hits += np.count_nonzero(_right(y_pred, y_true))


@mutant(
    "stream",
    "STREAM-5",
    misconception="Rows can be added one by one, up to the first that is wrong.",
    remedy="Check the whole chunk before anything is changed: half a chunk is neither counted nor left out.",
)
class stream_adding_up_to_the_first_wrong_row(_Sums):
    def add(self, y_pred: Array, y_true: Array) -> None:
        _targets(y_true[:0], (0, *y_pred.shape[1:]))
        for row in range(len(y_pred)):
            super().add(y_pred[row : row + 1], y_true[row : row + 1])


@mutant(
    "stream",
    "STREAM-6",
    misconception="A label that is none can be brought to the nearest class.",
    remedy="Raise an error: the loss of another class says nothing about the row.",
)
class stream_clipping_labels(_Sums):
    def add(self, y_pred: Array, y_true: Array) -> None:
        sparse = y_true.ndim == 1 and y_true.dtype.kind in "iu"
        super().add(y_pred, np.clip(y_true, 0, y_pred.shape[1] - 1) if sparse else y_true)


@mutant(
    "stream",
    "STREAM-6",
    misconception="What is added is a prediction, so it need not be looked at.",
    remedy="Raise an error for what lies outside [0, 1]: one NaN spoils the loss of all rows.",
)
class stream_taking_any_prediction(_Sums):
    def add(self, y_pred: Array, y_true: Array) -> None:
        super().add(np.nan_to_num(y_pred).clip(0, 1), y_true)


@mutant(
    "stream",
    "STREAM-7",
    misconception="Where no row was added, nothing was lost.",
    remedy="Raise an error: 0 is the loss of a perfect data set.",
)
class stream_of_nothing_loses_nothing(_Sums):
    @property
    def loss(self) -> Any:
        return self.total / max(self.rows, 1)


@mutant(
    "stream",
    "STREAM-7",
    misconception="Where no row was added, none is right.",
    remedy="Raise an error: 0 is the accuracy of a network that is always wrong.",
)
class stream_of_nothing_is_all_wrong(_Sums):
    @property
    def accuracy(self) -> Any:
        return self.hits / max(self.rows, 1)


@mutant(
    "stream",
    "STREAM-9",
    misconception="A chunk that loses far more than those before it is an outlier, and left out.",
    remedy="Count every row: the clip has already limited what a single one can lose.",
)
class stream_leaving_out_outliers(_Sums):
    def add(self, y_pred: Array, y_true: Array) -> None:
        total, rows = self.total, self.rows
        super().add(y_pred, y_true)
        if rows and self.total - total > 1000 * total * (self.rows - rows) / rows:
            self.total = total / rows * self.rows


@mutant(
    "stream",
    "STREAM-10",
    misconception="An accumulator that was merged into another is used up, and can be emptied.",
    remedy="Read the other one and leave it alone: it may be merged into a third, or go on.",
)
class stream_emptying_the_other(_Sums):
    def merge(self, other: Any) -> None:
        super().merge(other)
        _Sums.__init__(other)


@mutant(
    "stream",
    "STREAM-11",
    misconception="An accumulator is its own copy, since it is nothing but its sums.",
    remedy="Copy the sums: rows that are added to the original later are none of the copy's.",
)
class stream_that_is_its_own_copy(_Sums):
    def __deepcopy__(self, known: dict[int, Any]) -> Any:
        return self
