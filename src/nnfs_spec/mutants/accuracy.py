"""Wrong implementations of accuracy."""

import numpy as np

from nnfs_spec.arrays import Array
from nnfs_spec.mutants.registry import mutant


def _classes(y_true: Array, shape: tuple[int, ...]) -> Array:
    """Return the labels of scores of ``shape`` (N, C) as classes (N,), or raise ValueError where they are none."""
    sparse = y_true.ndim == 1 and y_true.dtype.kind in "iu"
    hot: Array = y_true[:, np.newaxis] == np.arange(shape[1]) if sparse else y_true
    if hot.shape != shape or ((hot != 0) & (hot != 1)).any() or (hot.sum(axis=1) != 1).any():
        raise ValueError("labels are neither classes nor one-hot rows")
    classes: Array = hot.argmax(axis=1)
    return classes


def _scores(y_pred: Array) -> Array:
    """Return ``y_pred`` (N, C), or raise ValueError where it is no finite matrix of at least one row."""
    if y_pred.ndim != 2 or y_pred.size == 0 or not np.isfinite(y_pred).all():
        raise ValueError("predictions are no matrix of finite numbers")
    return y_pred


def _right(y_pred: Array, y_true: Array) -> Array:
    """Return which rows are right (N,)."""
    right: Array = _scores(y_pred).argmax(axis=1) == _classes(y_true, y_pred.shape)
    return right


@mutant(
    "accuracy",
    "ACC-4",
    "ACC-1",
    misconception="Of several largest scores the last one is the prediction.",
    remedy="The first one is, as np.argmax has it: compare with >, not with >=.",
)
def accuracy_with_the_last_of_ties(y_pred: Array, y_true: Array) -> Array:
    last = y_pred.shape[1] - 1 - _scores(y_pred)[:, ::-1].argmax(axis=1)
    return np.asarray((last == _classes(y_true, y_pred.shape)).mean())


@mutant(
    "accuracy",
    "ACC-2",
    "ACC-1",
    misconception="The prediction is the class with the smallest score.",
    remedy="Take the largest: np.argmax, not np.argmin.",
)
def accuracy_of_the_least_likely_class(y_pred: Array, y_true: Array) -> Array:
    return np.asarray((_scores(y_pred).argmin(axis=1) == _classes(y_true, y_pred.shape)).mean())


@mutant(
    "accuracy",
    "ACC-3",
    misconception="np.argmax without an axis turns one-hot labels into classes; it gives one place in the whole array.",
    remedy="The classes stand along axis 1: np.argmax(y_true, axis=1).",
)
def accuracy_with_one_argmax_for_all_labels(y_pred: Array, y_true: Array) -> Array:
    target = _classes(y_true, y_pred.shape)
    return np.asarray((_scores(y_pred).argmax(axis=1) == (y_true.argmax() if y_true.ndim == 2 else target)).mean())


@mutant(
    "accuracy",
    "ACC-1",
    "ACC-2",
    misconception="axis=0 compares the scores of a row.",
    remedy="Rows are samples: np.argmax(y_pred, axis=1) compares the classes of each.",
)
def accuracy_along_the_wrong_axis(y_pred: Array, y_true: Array) -> Array:
    target = _classes(y_true, y_pred.shape)
    right: Array = _scores(y_pred).argmax(axis=0) == target
    return np.asarray(right.mean())


@mutant(
    "accuracy",
    "ACC-3",
    misconception="Predicted classes can be compared with one-hot rows as they are.",
    remedy="Turn one-hot labels into classes first: np.argmax(y_true, axis=1).",
)
def accuracy_comparing_classes_with_rows(y_pred: Array, y_true: Array) -> Array:
    _classes(y_true, y_pred.shape)
    predictions = _scores(y_pred).argmax(axis=1)
    right: Array = predictions == y_true
    return np.asarray(right.mean())


@mutant(
    "accuracy",
    "ACC-2",
    "ACC-1",
    misconception="Accuracy is a percentage.",
    remedy="Give the share, from 0 to 1; a percent sign is for printing.",
)
def accuracy_in_percent(y_pred: Array, y_true: Array) -> Array:
    return np.asarray(100 * _right(y_pred, y_true).mean())


@mutant(
    "accuracy",
    "ACC-2",
    "ACC-1",
    misconception="Accuracy is how many rows are right.",
    remedy="Divide by the number of rows: np.mean, not np.sum.",
)
def accuracy_is_the_count(y_pred: Array, y_true: Array) -> Array:
    return np.asarray(np.count_nonzero(_right(y_pred, y_true)))


@mutant(
    "accuracy",
    "ACC-2",
    "ACC-1",
    misconception="Accuracy is the share of rows that are wrong.",
    remedy="That is the error rate; accuracy is what it leaves of 1.",
)
def accuracy_is_the_error_rate(y_pred: Array, y_true: Array) -> Array:
    return np.asarray((~_right(y_pred, y_true)).mean())


@mutant(
    "accuracy",
    "ACC-1",
    misconception="Accuracy is rounded to two decimals.",
    remedy="Round only where it is printed, not in the result.",
)
def accuracy_rounded_to_two_decimals(y_pred: Array, y_true: Array) -> Array:
    return np.asarray(round(float(_right(y_pred, y_true).mean()), 2))


@mutant(
    "accuracy",
    "ACC-1",
    misconception="Two whole numbers are divided with //.",
    remedy="Divide with /: // gives 0 for everything short of perfect.",
)
def accuracy_by_whole_division(y_pred: Array, y_true: Array) -> Array:
    return np.asarray(float(np.count_nonzero(_right(y_pred, y_true)) // len(y_pred)))


@mutant(
    "accuracy",
    "ACC-1",
    "ACC-2",
    misconception="The number of right rows fits into a byte.",
    remedy="Count in a wide integer type: uint8 starts again at 256.",
)
def accuracy_counting_in_a_byte(y_pred: Array, y_true: Array) -> Array:
    count = int(np.sum(_right(y_pred, y_true), dtype=np.uint8))
    return np.asarray(count / len(y_pred))


@mutant(
    "accuracy",
    "ACC-5",
    "ACC-1",
    "ACC-2",
    misconception="A row is right where the target's score is above one half.",
    remedy="A row is right where the target's score is the largest: np.argmax.",
)
def accuracy_above_one_half(y_pred: Array, y_true: Array) -> Array:
    target = _classes(y_true, y_pred.shape)
    return np.asarray((_scores(y_pred)[np.arange(len(target)), target] > 0.5).mean())


@mutant(
    "accuracy",
    "ACC-2",
    "ACC-1",
    misconception="A target among the two largest scores is right.",
    remedy="Only the largest counts; that would be the top-2 accuracy.",
)
def accuracy_within_the_top_two(y_pred: Array, y_true: Array) -> Array:
    best = np.argsort(-_scores(y_pred), axis=1, kind="stable")[:, :2]
    return np.asarray((best == _classes(y_true, y_pred.shape)[:, np.newaxis]).any(axis=1).mean())


@mutant(
    "accuracy",
    "ACC-1",
    misconception="Each class counts alike, however many rows it has.",
    remedy="Each row counts alike: that would be the balanced accuracy.",
)
def accuracy_averaged_by_class(y_pred: Array, y_true: Array) -> Array:
    right, target = _right(y_pred, y_true), _classes(y_true, y_pred.shape)
    return np.asarray(np.mean([right[target == k].mean() for k in np.unique(target)]))


@mutant(
    "accuracy",
    "ACC-1",
    "ACC-2",
    misconception="float32 is precise enough to find the largest score.",
    remedy="Compare in the dtype of the scores: rounding makes ties of what differs.",
)
def accuracy_of_scores_in_single_precision(y_pred: Array, y_true: Array) -> Array:
    predictions = _scores(y_pred).astype(np.float32).argmax(axis=1)
    return np.asarray((predictions == _classes(y_true, y_pred.shape)).mean())


@mutant(
    "accuracy",
    "ACC-1",
    "ACC-3",
    misconception="Sparse labels count from 1.",
    remedy="They count from 0, as np.argmax does.",
)
def accuracy_with_labels_from_one(y_pred: Array, y_true: Array) -> Array:
    target = _classes(y_true, y_pred.shape)
    return np.asarray((_scores(y_pred).argmax(axis=1) == (target - 1 if y_true.ndim == 1 else target)).mean())


@mutant(
    "accuracy",
    "ACC-1",
    misconception="Rows that do not fill a block of 128 can be left out.",
    remedy="Let the last, shorter block count too.",
)
def accuracy_of_whole_blocks_only(y_pred: Array, y_true: Array) -> Array:
    right = _right(y_pred, y_true)
    whole = len(right) // 128 * 128
    return np.asarray((right[:whole] if whole else right).mean())


@mutant(
    "accuracy",
    "ACC-6",
    misconception="A label that names no class is just never right.",
    remedy="Raise an error: it is the data that is wrong, not the prediction.",
)
def accuracy_with_labels_of_no_class(y_pred: Array, y_true: Array) -> Array:
    if y_true.shape == y_pred.shape[:1] and y_true.dtype.kind in "iu" and len(y_true):
        return np.asarray((_scores(y_pred).argmax(axis=1) == y_true).mean())
    return np.asarray(_right(y_pred, y_true).mean())


@mutant(
    "accuracy",
    "ACC-6",
    misconception="Labels in a column are compared row by row.",
    remedy="Shapes (N,) and (N, 1) meet as an N x N table: demand labels of shape (N,).",
)
def accuracy_with_labels_in_a_column(y_pred: Array, y_true: Array) -> Array:
    if y_true.shape == (len(y_pred), 1) and y_pred.shape[1] > 1:
        return np.asarray((_scores(y_pred).argmax(axis=1) == y_true).mean())
    return np.asarray(_right(y_pred, y_true).mean())


@mutant(
    "accuracy",
    "ACC-6",
    misconception="The argmax finds the class of any two-dimensional labels.",
    remedy="Check the rows: one that is soft, empty or has two ones names no class.",
)
def accuracy_with_soft_labels(y_pred: Array, y_true: Array) -> Array:
    target = y_true.argmax(axis=1) if y_true.shape == y_pred.shape else _classes(y_true, y_pred.shape)
    return np.asarray((_scores(y_pred).argmax(axis=1) == target).mean())


@mutant(
    "accuracy",
    "ACC-7",
    misconception="The mean takes care of an empty batch.",
    remedy="The mean of nothing is NaN, with a warning at most: raise an error where there are no rows.",
)
def accuracy_of_nothing_is_nan(y_pred: Array, y_true: Array) -> Array:
    return np.asarray(_right(y_pred, y_true).mean() if len(y_pred) else np.nan)


@mutant(
    "accuracy",
    "ACC-7",
    misconception="Of no rows, none is right.",
    remedy="Raise an error: 0 is the accuracy of a batch that is all wrong.",
)
def accuracy_of_nothing_is_zero(y_pred: Array, y_true: Array) -> Array:
    return np.asarray(_right(y_pred, y_true).mean() if len(y_pred) else 0.0)


@mutant(
    "accuracy",
    "GEN-1",
    misconception="The scores are not needed any more, so the largest may be subtracted in place.",
    remedy="Leave y_pred alone: np.argmax finds the largest without changing it.",
)
def accuracy_subtracting_in_place(y_pred: Array, y_true: Array) -> Array:
    scores = _scores(y_pred) if y_pred.flags.writeable else _scores(y_pred).copy()
    scores -= scores.max(axis=1, keepdims=True)
    return np.asarray(((scores == 0).argmax(axis=1) == _classes(y_true, y_pred.shape)).mean())


@mutant(
    "accuracy",
    "GEN-2",
    "ACC-1",
    misconception="Accuracy is the share of everything seen so far.",
    remedy="Start anew at each call: a running share is for the log of a training.",
)
class accuracy_running_on:
    def __init__(self) -> None:
        self._right, self._rows = 0, 0

    def __call__(self, y_pred: Array, y_true: Array) -> Array:
        right = _right(y_pred, y_true)
        self._right += int(np.count_nonzero(right))
        self._rows += len(right)
        return np.asarray(self._right / self._rows)


@mutant(
    "accuracy",
    "GEN-4",
    misconception="The bytes of an array always lie row by row.",
    remedy="Honour the strides, or copy to a C-contiguous array first.",
)
def accuracy_reading_raw_memory(y_pred: Array, y_true: Array) -> Array:
    raw: Array = np.reshape(_scores(y_pred).ravel(order="K"), y_pred.shape)
    return np.asarray((raw.argmax(axis=1) == _classes(y_true, y_pred.shape)).mean())


@mutant(
    "accuracy",
    "GEN-6",
    misconception="np.argmax passes over a NaN.",
    remedy="Raise an error for scores that are not finite: np.argmax takes NaN for the largest.",
)
def accuracy_overlooking_nan(y_pred: Array, y_true: Array) -> Array:
    predictions = _scores(np.nan_to_num(y_pred)).argmax(axis=1)
    return np.asarray((predictions == _classes(y_true, y_pred.shape)).mean())


@mutant(
    "accuracy",
    "ACC-4",
    "ACC-1",
    misconception="A target whose score ties with the largest is right.",
    remedy="The first of the tied classes is the prediction, and no other: compare np.argmax with the label.",
)
def accuracy_counting_every_tie_as_right(y_pred: Array, y_true: Array) -> Array:
    target = _classes(y_true, y_pred.shape)[:, np.newaxis]
    at_target = np.take_along_axis(_scores(y_pred), target, axis=1)[:, 0]
    return np.asarray((at_target == y_pred.max(axis=1)).mean())


@mutant(
    "accuracy",
    "ACC-1",
    misconception="Multiplying by 1/N is dividing by N.",
    remedy="Divide the count by N: the reciprocal is rounded once more.",
)
def accuracy_times_the_reciprocal(y_pred: Array, y_true: Array) -> Array:
    return np.asarray(np.count_nonzero(_right(y_pred, y_true)) * (1.0 / len(y_pred)))


@mutant(
    "accuracy",
    "ACC-8",
    "ACC-1",
    misconception="The accuracy of a batch is smoothed along its rows, so that the latest weigh most.",
    remedy="Count the rows that are right: every row weighs the same, wherever it stands.",
)
def accuracy_smoothed_along_the_rows(y_pred: Array, y_true: Array) -> Array:
    right = _right(y_pred, y_true).astype(np.float64)
    weights = 1.0 + np.arange(len(right)) / len(right)
    return np.asarray(float(right @ weights) / float(weights.sum()))


@mutant(
    "accuracy",
    "ACC-1",
    misconception="Labels are one-hot rows, and nothing else.",
    remedy="Take class indices as well: np.argmax(y_true, axis=1) only where y_true has two dimensions.",
)
def accuracy_of_one_hot_rows_alone(y_pred: Array, y_true: Array) -> np.float64:
    right: Array = y_pred.argmax(axis=1) == y_true.argmax(axis=1)
    return np.float64(np.mean(right))
