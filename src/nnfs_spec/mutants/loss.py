"""Wrong implementations of the sample losses and of their mean."""

from collections.abc import Callable

import numpy as np

from nnfs_spec.arrays import Array
from nnfs_spec.mutants.registry import mutant


def _targets(y_true: Array, shape: tuple[int, ...]) -> Array:
    """Return the labels of predictions of ``shape`` (N, C) as classes (N,), or raise ValueError where they are none."""
    sparse = y_true.ndim == 1 and y_true.dtype.kind in "iu"
    hot: Array = y_true[:, np.newaxis] == np.arange(shape[1]) if sparse else y_true
    if hot.shape != shape or ((hot != 0) & (hot != 1)).any() or (hot.sum(axis=1) != 1).any():
        raise ValueError("labels are neither classes nor one-hot rows")
    classes: Array = hot.argmax(axis=1)
    return classes


def _probabilities(y_pred: Array) -> Array:
    """Return ``y_pred`` (N, C), or raise ValueError where it is no matrix of probabilities."""
    if y_pred.ndim != 2 or y_pred.shape[1] == 0 or not ((y_pred >= 0) & (y_pred <= 1)).all():
        raise ValueError("predictions are no matrix of numbers from 0 to 1")
    return y_pred if y_pred.dtype.kind == "f" else y_pred.astype(np.float64)


def _confidences(y_pred: Array, y_true: Array) -> Array:
    """Return the probability of each row's target, not clipped yet."""
    p = _probabilities(y_pred)
    picked: Array = p[np.arange(len(p)), _targets(y_true, p.shape)]
    return picked


def _clipped(p: Array) -> Array:
    return np.clip(p, 1e-7, 1 - 1e-7)


def _minus_log(p: Array) -> Array:
    negative: Array = -np.log(p)
    return negative


def _losses(y_pred: Array, y_true: Array) -> Array:
    """Return the sample losses of a batch of at least one row."""
    if len(y_pred) == 0:
        raise ValueError("there is no mean of no losses")
    return _minus_log(_clipped(_confidences(y_pred, y_true)))


@mutant(
    "sample_losses",
    "LOSS-4",
    "LOSS-5",
    "LOSS-1",
    misconception="The loss is the logarithm of the confidence.",
    remedy="It is minus the logarithm, which is positive since the logarithm of a probability is not.",
)
def loss_without_the_minus(y_pred: Array, y_true: Array) -> Array:
    return -_minus_log(_clipped(_confidences(y_pred, y_true)))


@mutant(
    "sample_losses",
    "LOSS-10",
    "LOSS-1",
    "LOSS-2",
    misconception="The logarithm of the formula is the decimal one.",
    remedy="Take the natural logarithm, of base e: np.log, not np.log10.",
)
def loss_with_the_decimal_logarithm(y_pred: Array, y_true: Array) -> Array:
    losses: Array = -np.log10(_clipped(_confidences(y_pred, y_true)))
    return losses


@mutant(
    "sample_losses",
    "LOSS-10",
    "NET-5",
    "NET-6",
    "NET-4",
    "LOSS-1",
    misconception="A loss is measured in bits.",
    remedy="Take the natural logarithm, np.log, so that guessing loses ln C and not log2 C.",
)
def loss_in_bits(y_pred: Array, y_true: Array) -> Array:
    losses: Array = -np.log2(_clipped(_confidences(y_pred, y_true)))
    return losses


@mutant(
    "sample_losses",
    "LOSS-10",
    "LOSS-1",
    misconception="The loss is the squared distance of the target's probability from 1.",
    remedy="That is the squared error of regression; take -np.log of the probability.",
)
def loss_is_the_squared_error(y_pred: Array, y_true: Array) -> Array:
    losses: Array = np.square(1 - _clipped(_confidences(y_pred, y_true)))
    return losses


@mutant(
    "sample_losses",
    "LOSS-5",
    "LOSS-1",
    "LOSS-4",
    misconception="The logarithm is weighted by the predicted probability, as in an entropy.",
    remedy="In a cross-entropy the weights are the labels, not the predictions: -np.log(p).",
)
def loss_weighted_by_its_own_probability(y_pred: Array, y_true: Array) -> Array:
    p = _clipped(_confidences(y_pred, y_true))
    return p * _minus_log(p)


@mutant(
    "sample_losses",
    "LOSS-1",
    "LOSS-10",
    misconception="Samples that are right already should count less, as in a focal loss.",
    remedy="Leave out the factor (1 - p)**2.",
)
def loss_is_focal(y_pred: Array, y_true: Array) -> Array:
    p = _clipped(_confidences(y_pred, y_true))
    focal: Array = (1 - p) ** 2 * _minus_log(p)
    return focal


@mutant(
    "sample_losses",
    "LOSS-4",
    "LOSS-1",
    "LOSS-2",
    misconception="A softmax never gives exactly 0 or 1, so its logarithm is always finite.",
    remedy="It does, by underflow and by rounding: clip to [1e-7, 1 - 1e-7] before the logarithm.",
)
def loss_without_clipping(y_pred: Array, y_true: Array) -> Array:
    return _minus_log(_confidences(y_pred, y_true))


@mutant(
    "sample_losses",
    "LOSS-4",
    "LOSS-1",
    misconception="Only 0 is a danger to the logarithm, so only the lower end needs a clip.",
    remedy="Clip both ends: at the upper one too, the loss stays above 0.",
)
def loss_clipped_below_only(y_pred: Array, y_true: Array) -> Array:
    p = _confidences(y_pred, y_true)
    return _minus_log(np.maximum(p, p.dtype.type(1e-7)))


@mutant(
    "sample_losses",
    "LOSS-4",
    "LOSS-1",
    misconception="A probability must be kept from reaching 1, and 0 looks after itself.",
    remedy="Clip both ends: the logarithm of 0 is minus infinity.",
)
def loss_clipped_above_only(y_pred: Array, y_true: Array) -> Array:
    p = _confidences(y_pred, y_true)
    return _minus_log(np.minimum(p, p.dtype.type(1 - 1e-7)))


@mutant(
    "sample_losses",
    "LOSS-3",
    "LOSS-1",
    misconception="The clip belongs to the branch for one-hot labels.",
    remedy="Clip y_pred before the labels are looked at, so that both branches use it.",
)
def loss_clipped_for_one_hot_labels_only(y_pred: Array, y_true: Array) -> Array:
    p = _confidences(y_pred, y_true)
    return _minus_log(_clipped(p) if y_true.ndim == 2 else p)


@mutant(
    "sample_losses",
    "LOSS-3",
    "LOSS-2",
    misconception="The clip belongs to the branch for sparse labels.",
    remedy="Clip y_pred before the labels are looked at, so that both branches use it.",
)
def loss_clipped_for_sparse_labels_only(y_pred: Array, y_true: Array) -> Array:
    p = _confidences(y_pred, y_true)
    return _minus_log(_clipped(p) if y_true.ndim == 1 else p)


@mutant(
    "sample_losses",
    "LOSS-4",
    "LOSS-1",
    misconception="Any tiny number will do for the clip, such as 1e-15.",
    remedy="Clip at 1e-7: 1 - 1e-15 is 1 in float32, so that the upper end is none.",
)
def loss_clipped_at_1e_15(y_pred: Array, y_true: Array) -> Array:
    return _minus_log(np.clip(_confidences(y_pred, y_true), 1e-15, 1 - 1e-15))


@mutant(
    "sample_losses",
    "LOSS-4",
    "LOSS-1",
    misconception="The ends of the clip are 1e-8 and 1 - 1e-8.",
    remedy="They are 1e-7 and 1 - 1e-7.",
)
def loss_clipped_at_1e_8(y_pred: Array, y_true: Array) -> Array:
    return _minus_log(np.clip(_confidences(y_pred, y_true), 1e-8, 1 - 1e-8))


@mutant(
    "sample_losses",
    "LOSS-1",
    "LOSS-2",
    misconception="The ends of the clip may be kept as float32 numbers.",
    remedy="Round 1e-7 and 1 - 1e-7 to the dtype of the predictions, not to float32 first.",
)
def loss_clipped_at_ends_of_single_precision(y_pred: Array, y_true: Array) -> Array:
    ends = np.array([1e-7, 1 - 1e-7], dtype=np.float32)
    p = _confidences(y_pred, y_true)
    return _minus_log(np.clip(p, *ends.astype(p.dtype)))


@mutant(
    "sample_losses",
    "LOSS-4",
    "LOSS-1",
    misconception="Adding 1e-7 keeps the logarithm finite as well as clipping does.",
    remedy="Clip instead: the sum moves every probability, and beyond 1 it makes the loss negative.",
)
def loss_with_a_small_number_added(y_pred: Array, y_true: Array) -> Array:
    p = _confidences(y_pred, y_true)
    return _minus_log(p + p.dtype.type(1e-7))


@mutant(
    "sample_losses",
    "LOSS-2",
    "LOSS-4",
    misconception="One-hot labels blot out whatever the logarithm gives for the other classes.",
    remedy="0 times minus infinity is NaN: clip the probabilities first, or pick the target's before the logarithm.",
)
def loss_multiplying_infinite_logarithms(y_pred: Array, y_true: Array) -> Array:
    if y_true.ndim == 1:
        return _minus_log(_clipped(_confidences(y_pred, y_true)))
    _targets(y_true, y_pred.shape)
    p = _probabilities(y_pred)
    ends = _minus_log(_clipped(np.array([1.0, 0.0], dtype=p.dtype)))
    losses: Array = np.sum(y_true.astype(p.dtype) * _minus_log(p), axis=1)
    return losses.clip(*ends)


@mutant(
    "sample_losses",
    "LOSS-2",
    "LOSS-3",
    misconception="The mean over a row of one-hot products is the loss of the row.",
    remedy="Sum over the classes: np.mean divides by C as well.",
)
def loss_averaged_over_classes(y_pred: Array, y_true: Array) -> Array:
    losses = _minus_log(_clipped(_confidences(y_pred, y_true)))
    return losses / y_pred.shape[1] if y_true.ndim == 2 else losses


@mutant(
    "sample_losses",
    "LOSS-2",
    "LOSS-3",
    misconception="To read one-hot labels, take the argmax of the predictions.",
    remedy="Take the argmax of the labels: np.argmax(y_true, axis=1).",
)
def loss_with_the_argmax_of_the_predictions(y_pred: Array, y_true: Array) -> Array:
    p = _confidences(y_pred, y_true)
    return _minus_log(_clipped(_probabilities(y_pred).max(axis=1) if y_true.ndim == 2 else p))


@mutant(
    "sample_losses",
    "LOSS-1",
    "LOSS-3",
    misconception="Labels with as many entries as there are classes are one-hot.",
    remedy="Tell the forms apart by y_true.ndim: with as many samples as classes, sparse labels have that length too.",
)
def loss_telling_label_forms_by_length(y_pred: Array, y_true: Array) -> Array:
    p = _confidences(y_pred, y_true)
    if y_true.ndim == 1 and len(y_true) == y_pred.shape[1]:
        p = np.sum(_probabilities(y_pred) * y_true.astype(p.dtype), axis=1)
    return _minus_log(_clipped(p))


@mutant(
    "sample_losses",
    "LOSS-1",
    "GEN-3",
    misconception="y_pred[:, y_true] picks one probability from each row.",
    remedy="It picks N from each; pair the rows with the labels: y_pred[np.arange(N), y_true].",
)
def loss_of_every_label_in_every_row(y_pred: Array, y_true: Array) -> Array:
    p = _probabilities(y_pred)
    losses: Array = _minus_log(_clipped(p[:, _targets(y_true, p.shape)])).mean(axis=1)
    return losses


@mutant(
    "sample_losses",
    "LOSS-1",
    "LOSS-6",
    "LOSS-3",
    misconception="Sparse labels count from 1.",
    remedy="They count from 0, as array positions do: no y_true - 1.",
)
def loss_with_labels_from_one(y_pred: Array, y_true: Array) -> Array:
    p = _probabilities(y_pred)
    target = _targets(y_true, p.shape)
    return _minus_log(_clipped(p[np.arange(len(p)), target - 1 if y_true.ndim == 1 else target]))


@mutant(
    "sample_losses",
    "LOSS-6",
    "LOSS-1",
    misconception="The loss looks at the class that the network believes in most.",
    remedy="It looks at the class that the label names, however unlikely the network thinks it.",
)
def loss_of_the_likeliest_class(y_pred: Array, y_true: Array) -> Array:
    _targets(y_true, y_pred.shape)
    return _minus_log(_clipped(_probabilities(y_pred).max(axis=1)))


@mutant(
    "sample_losses",
    "LOSS-6",
    "LOSS-1",
    misconception="Predictions must be made to sum to one before the loss is taken.",
    remedy="Take them as they are: only the target's probability matters.",
)
def loss_of_renormalised_predictions(y_pred: Array, y_true: Array) -> Array:
    p = _clipped(_probabilities(y_pred))
    return _minus_log(_clipped(_confidences(p / p.sum(axis=1, keepdims=True), y_true)))


@mutant(
    "sample_losses",
    "LOSS-6",
    "LOSS-1",
    misconception="Every class adds a binary cross-entropy of its own.",
    remedy="That is for labels that do not exclude each other; here only the target's logarithm counts.",
)
def loss_with_binary_terms(y_pred: Array, y_true: Array) -> Array:
    p = _clipped(_probabilities(y_pred))
    right = _confidences(p, y_true)
    losses: Array = _minus_log(right) + _minus_log(1 - p).sum(axis=1) - _minus_log(1 - right)
    return losses


@mutant(
    "sample_losses",
    "LOSS-6",
    "LOSS-1",
    misconception="A tenth of every label should be spread over all classes.",
    remedy="Label smoothing is a device of training; the loss itself uses the labels as they are.",
)
def loss_with_smoothed_labels(y_pred: Array, y_true: Array) -> Array:
    each = _minus_log(_clipped(_probabilities(y_pred)))
    target = _targets(y_true, y_pred.shape)
    losses: Array = 0.9 * each[np.arange(len(each)), target] + 0.1 * each.mean(axis=1)
    return losses


@mutant(
    "sample_losses",
    "LOSS-1",
    "LOSS-10",
    misconception="float32 is precise enough inside, whatever comes in.",
    remedy="Compute in the dtype of the predictions.",
)
def loss_in_single_precision(y_pred: Array, y_true: Array) -> Array:
    p = _confidences(y_pred, y_true)
    return _minus_log(_clipped(p.astype(np.float32))).astype(p.dtype)


@mutant(
    "sample_losses",
    "LOSS-1",
    "LOSS-4",
    misconception="A loss is rounded to four decimals.",
    remedy="Round only where it is printed, not in the result.",
)
def loss_rounded_to_four_decimals(y_pred: Array, y_true: Array) -> Array:
    return np.round(_minus_log(_clipped(_confidences(y_pred, y_true))), 4)


@mutant(
    "sample_losses",
    "GEN-5",
    misconception="A loss is always a float64 number.",
    remedy="Return the dtype of the predictions: float32 for float32.",
)
def loss_always_in_double(y_pred: Array, y_true: Array) -> Array:
    return _minus_log(_clipped(_confidences(y_pred, y_true))).astype(np.float64)


@mutant(
    "sample_losses",
    "LOSS-7",
    misconception="The losses of a batch are averaged as soon as they are there.",
    remedy="Return one loss for each sample; the mean is taken by calculate.",
)
def loss_averaged_too_early(y_pred: Array, y_true: Array) -> Array:
    losses = _minus_log(_clipped(_confidences(y_pred, y_true)))
    return losses if len(losses) == 0 else np.asarray(losses.mean())


@mutant(
    "sample_losses",
    "LOSS-7",
    misconception="The sum over the classes keeps its axis.",
    remedy="Drop keepdims=True: the losses have shape (N,), not (N, 1).",
)
def loss_in_a_column(y_pred: Array, y_true: Array) -> Array:
    losses = _minus_log(_clipped(_confidences(y_pred, y_true)))
    return losses[:, np.newaxis] if len(losses) else losses


@mutant(
    "sample_losses",
    "LOSS-9",
    misconception="Row times C plus label may be computed in the integer type of the labels.",
    remedy="Compute positions in np.intp: uint8 labels wrap around at 256.",
)
def loss_with_positions_that_overflow(y_pred: Array, y_true: Array) -> Array:
    p = _probabilities(y_pred)
    target = _targets(y_true, p.shape)
    kind = y_true.dtype if y_true.ndim == 1 else target.dtype
    position = np.arange(len(p)).astype(kind) * np.asarray(p.shape[1]).astype(kind) + target.astype(kind)
    return _minus_log(_clipped(p.ravel()[position % p.size if p.size else position]))


@mutant(
    "sample_losses",
    "LOSS-9",
    misconception="Labels have to be int64.",
    remedy="Take every integer type: spiral_data gives uint8.",
)
def loss_refusing_narrow_labels(y_pred: Array, y_true: Array) -> Array:
    if y_true.ndim == 1 and y_true.dtype != np.int64:
        raise TypeError(f"expected labels of int64, got {y_true.dtype}")
    return _minus_log(_clipped(_confidences(y_pred, y_true)))


@mutant(
    "sample_losses",
    "LOSS-11",
    misconception="An index error will report every bad label.",
    remedy="Check for labels below 0: Python counts them from the end and reads another class.",
)
def loss_with_negative_labels(y_pred: Array, y_true: Array) -> Array:
    if y_true.ndim == 1 and y_true.dtype.kind == "i":
        from_the_end = (y_true < 0) & (y_true >= -y_pred.shape[1])
        y_true = np.where(from_the_end, y_true.astype(np.int64) + y_pred.shape[1], y_true)
    return _minus_log(_clipped(_confidences(y_pred, y_true)))


@mutant(
    "sample_losses",
    "LOSS-11",
    misconception="A label beyond the last class means the last class.",
    remedy="Raise an error: a clamped label blames a class for another's data.",
)
def loss_with_clamped_labels(y_pred: Array, y_true: Array) -> Array:
    if y_true.ndim == 1 and y_true.dtype.kind in "iu":
        y_true = np.clip(y_true, 0, y_pred.shape[1] - 1)
    return _minus_log(_clipped(_confidences(y_pred, y_true)))


@mutant(
    "sample_losses",
    "LOSS-11",
    misconception="Labels wrap around, so that class C is class 0 again.",
    remedy="Raise an error for a label of C or more.",
)
def loss_with_labels_modulo_classes(y_pred: Array, y_true: Array) -> Array:
    if y_true.ndim == 1 and y_true.dtype.kind in "iu":
        y_true = y_true.astype(np.int64) % y_pred.shape[1]
    return _minus_log(_clipped(_confidences(y_pred, y_true)))


@mutant(
    "sample_losses",
    "LOSS-11",
    misconception="A sample whose label names no class loses nothing.",
    remedy="Raise an error: a loss of 0 looks like a perfect prediction.",
)
def loss_ignoring_unknown_labels(y_pred: Array, y_true: Array) -> Array:
    if y_true.ndim == 2 or y_true.dtype.kind not in "iu":
        return _minus_log(_clipped(_confidences(y_pred, y_true)))
    known = (y_true >= 0) & (y_true < y_pred.shape[1])
    losses = _minus_log(_clipped(_confidences(y_pred, np.where(known, y_true, 0))))
    return np.where(known, losses, losses.dtype.type(0))


@mutant(
    "sample_losses",
    "LOSS-12",
    misconception="A sum over y_pred * y_true takes care of every one-hot row.",
    remedy="Check the rows: one that is soft, empty or has two ones gives the logarithm of something else.",
)
def loss_with_soft_labels(y_pred: Array, y_true: Array) -> Array:
    if y_true.ndim == 1:
        return _minus_log(_clipped(_confidences(y_pred, y_true)))
    p = _probabilities(y_pred)
    if y_true.shape != p.shape:
        raise ValueError("labels and predictions differ in shape")
    return _minus_log(_clipped(np.sum(p * y_true.astype(p.dtype), axis=1)))


@mutant(
    "sample_losses",
    "LOSS-12",
    misconception="Labels in a column pick one probability from each row.",
    remedy="Labels of shape (N, 1) meet the rows as an N x N table: demand shape (N,).",
)
def loss_with_labels_in_a_column(y_pred: Array, y_true: Array) -> Array:
    p = _probabilities(y_pred)
    if y_true.shape == (len(p), 1) and p.shape[1] > 1:
        return _minus_log(_clipped(p[np.arange(len(p)), y_true]))
    return _minus_log(_clipped(_confidences(p, y_true)))


@mutant(
    "sample_losses",
    "LOSS-12",
    misconception="Labels that are no whole numbers can be cut down to some.",
    remedy="Raise an error: class 1.5 is neither class 1 nor class 2.",
)
def loss_with_truncated_labels(y_pred: Array, y_true: Array) -> Array:
    labels = y_true.astype(np.int64) if y_true.ndim == 1 else y_true
    return _minus_log(_clipped(_confidences(y_pred, labels)))


@mutant(
    "sample_losses",
    "LOSS-12",
    misconception="zip pairs predictions with labels, so their numbers must agree.",
    remedy="zip stops at the shorter one without a word: compare the lengths first.",
)
def loss_dropping_surplus_labels(y_pred: Array, y_true: Array) -> Array:
    return _minus_log(_clipped(_confidences(y_pred, y_true[: len(y_pred)])))


@mutant(
    "sample_losses",
    "LOSS-13",
    misconception="The clip makes a probability of any number.",
    remedy="Raise an error for predictions outside [0, 1]: these are logits, or something else went wrong.",
)
def loss_of_any_numbers(y_pred: Array, y_true: Array) -> Array:
    if not np.isfinite(y_pred).all():
        raise ValueError("predictions are not finite")
    return _minus_log(_clipped(_confidences(np.clip(y_pred, 0, 1), y_true)))


@mutant(
    "sample_losses",
    "GEN-6",
    misconception="A NaN or infinity is best replaced, so that training goes on.",
    remedy="Raise an error or let it show: a replaced NaN hides where it came from.",
)
def loss_replacing_nan(y_pred: Array, y_true: Array) -> Array:
    mended = np.nan_to_num(y_pred, nan=0.0, posinf=1.0, neginf=0.0)
    return _minus_log(_clipped(_confidences(mended, y_true)))


@mutant(
    "sample_losses",
    "GEN-7",
    misconception="A batch without rows is an error.",
    remedy="Only its mean is one: no rows have no losses, shape (0,).",
)
def loss_needing_rows(y_pred: Array, y_true: Array) -> Array:
    if len(y_pred) == 0:
        raise ValueError("expected at least one sample")
    return _minus_log(_clipped(_confidences(y_pred, y_true)))


@mutant(
    "sample_losses",
    "GEN-8",
    misconception="A single prediction may come without its batch.",
    remedy="Demand two dimensions: one sample is a batch of one row.",
)
def loss_of_a_single_prediction(y_pred: Array, y_true: Array) -> Array:
    return _minus_log(_clipped(_confidences(np.atleast_2d(y_pred), y_true)))


@mutant(
    "sample_losses",
    "GEN-1",
    misconception="The predictions may be clipped where they are.",
    remedy="Clip into a new array: no out=y_pred, the caller still reads it.",
)
def loss_clipping_in_place(y_pred: Array, y_true: Array) -> Array:
    _confidences(y_pred, y_true)
    if y_pred.flags.writeable and y_pred.dtype.kind == "f":
        np.clip(y_pred, 1e-7, 1 - 1e-7, out=y_pred)
    return _minus_log(_clipped(_confidences(y_pred, y_true)))


@mutant(
    "sample_losses",
    "GEN-10",
    misconception="One buffer can hold the losses of every batch.",
    remedy="Return a new array at each call, or a caller who kept the last losses loses them.",
)
class loss_reusing_its_buffer:
    def __init__(self) -> None:
        self._buffers: dict[str, Array] = {}

    def __call__(self, y_pred: Array, y_true: Array) -> Array:
        p = _clipped(_confidences(y_pred, y_true))
        buffer = self._buffers.get(p.dtype.str)
        if buffer is None or len(buffer) < len(p):
            buffer = self._buffers[p.dtype.str] = np.empty(2 * len(p), dtype=p.dtype)
        buffer[: len(p)] = _minus_log(p)
        return buffer[: len(p)]


@mutant(
    "sample_losses",
    "GEN-2",
    "LOSS-1",
    misconception="Batches of one size share their labels, so these need reading only once.",
    remedy="Read the labels of each call: the next batch has others.",
)
class loss_remembering_labels:
    def __init__(self) -> None:
        self._targets: dict[tuple[int, ...], Array] = {}

    def __call__(self, y_pred: Array, y_true: Array) -> Array:
        p = _probabilities(y_pred)
        target = self._targets.setdefault(p.shape, _targets(y_true, p.shape))
        return _minus_log(_clipped(p[np.arange(len(p)), target]))


@mutant(
    "sample_losses",
    "GEN-3",
    "LOSS-1",
    misconception="A batch may be worked off in blocks of 256 rows, the remainder left at 0.",
    remedy="Treat the last, shorter block like the others.",
)
def loss_of_whole_blocks_only(y_pred: Array, y_true: Array) -> Array:
    losses = _minus_log(_clipped(_confidences(y_pred, y_true)))
    if len(losses) > 256:
        losses[len(losses) // 256 * 256 :] = 0
    return losses


@mutant(
    "sample_losses",
    "GEN-4",
    misconception="The probability of row n and class c lies n * C + c places from the first one in memory.",
    remedy="Honour the strides, or copy to a C-contiguous array first.",
)
def loss_reading_raw_memory(y_pred: Array, y_true: Array) -> Array:
    p = _probabilities(y_pred)
    position = np.arange(len(p)) * p.shape[1] + _targets(y_true, p.shape)
    return _minus_log(_clipped(p.ravel(order="K")[position]))


@mutant(
    "loss",
    "LOSS-8",
    misconception="The loss of a batch is the sum of the losses of its samples.",
    remedy="Take their mean, or larger batches lose more.",
)
def batch_loss_is_the_sum(y_pred: Array, y_true: Array) -> Array:
    return np.asarray(_losses(y_pred, y_true).sum())


@mutant(
    "loss",
    "LOSS-8",
    misconception="The loss of a batch is the loss of its middle sample.",
    remedy="Take the mean, not the median: every sample counts.",
)
def batch_loss_is_the_median(y_pred: Array, y_true: Array) -> Array:
    return np.asarray(np.median(_losses(y_pred, y_true)))


@mutant(
    "loss",
    "LOSS-8",
    misconception="Losses are averaged like deviations: squared first, the root taken last.",
    remedy="Take the plain mean.",
)
def batch_loss_is_the_root_mean_square(y_pred: Array, y_true: Array) -> Array:
    return np.asarray(np.sqrt(np.square(_losses(y_pred, y_true)).mean()))


@mutant(
    "loss",
    "LOSS-8",
    misconception="The mean may be taken of the confidences, before the logarithm.",
    remedy="Take the logarithm of each sample first: the mean of logarithms is not the logarithm of a mean.",
)
def batch_loss_of_the_mean_confidence(y_pred: Array, y_true: Array) -> Array:
    confidences = np.exp(-_losses(y_pred, y_true))
    return np.asarray(-np.log(confidences.mean()))


@mutant(
    "loss",
    "LOSS-8",
    misconception="A mean divides by the number of entries in y_pred.",
    remedy="Divide by the number of samples, N, not by N times C.",
)
def batch_loss_divided_by_all_entries(y_pred: Array, y_true: Array) -> Array:
    return np.asarray(_losses(y_pred, y_true).mean() / y_pred.dtype.type(y_pred.shape[1]))


@mutant(
    "loss",
    "LOSS-8",
    misconception="A mean over a sample of the data divides by N - 1.",
    remedy="That is for the variance; divide by N.",
)
def batch_loss_divided_by_one_less(y_pred: Array, y_true: Array) -> Array:
    losses = _losses(y_pred, y_true)
    return np.asarray(losses.sum() / losses.dtype.type(max(len(losses) - 1, 1)))


@mutant(
    "loss",
    "LOSS-8",
    misconception="Each class counts alike, however many samples it has.",
    remedy="Each sample counts alike: take the mean of all losses, not of the means of the classes.",
)
def batch_loss_averaged_by_class(y_pred: Array, y_true: Array) -> Array:
    losses, target = _losses(y_pred, y_true), _targets(y_true, y_pred.shape)
    return np.asarray(np.mean([losses[target == k].mean() for k in np.unique(target)], dtype=losses.dtype))


@mutant(
    "loss",
    "LOSS-8",
    misconception="A range over the samples ends at N - 1.",
    remedy="The end of a range is left out already: range(N) covers every sample.",
)
def batch_loss_without_the_last_sample(y_pred: Array, y_true: Array) -> Array:
    losses = _losses(y_pred, y_true)
    return np.asarray((losses[:-1] if len(losses) > 1 else losses).mean())


@mutant(
    "loss",
    "LOSS-8",
    misconception="Samples that do not fill a block of 128 can be left out.",
    remedy="Let the last, shorter block count too.",
)
def batch_loss_of_whole_blocks_only(y_pred: Array, y_true: Array) -> Array:
    losses = _losses(y_pred, y_true)
    whole = len(losses) // 128 * 128
    return np.asarray((losses[:whole] if whole else losses).mean())


@mutant(
    "loss",
    "LOSS-8",
    misconception="The losses may be added up in half precision.",
    remedy="Add them up in their own dtype: float16 keeps three decimals.",
)
def batch_loss_in_half_precision(y_pred: Array, y_true: Array) -> Array:
    losses = _losses(y_pred, y_true)
    return np.asarray(np.add.reduce(losses, dtype=np.float16) / np.float16(len(losses))).astype(losses.dtype)


@mutant(
    "loss",
    "GEN-5",
    misconception="A single number is best returned as a Python float.",
    remedy="Return the mean as it is: a float32 batch has a float32 loss.",
)
def batch_loss_as_a_python_float(y_pred: Array, y_true: Array) -> float:
    return float(_losses(y_pred, y_true).mean())


@mutant(
    "loss",
    "GEN-2",
    "LOSS-8",
    misconception="The loss of a batch is the mean of everything seen so far.",
    remedy="Start anew at each call: a running mean is for the log of a training.",
)
class batch_loss_running_on:
    def __init__(self) -> None:
        self._total, self._rows = 0.0, 0

    def __call__(self, y_pred: Array, y_true: Array) -> Array:
        losses = _losses(y_pred, y_true)
        self._total += float(losses.sum(dtype=np.float64))
        self._rows += len(losses)
        return np.asarray(self._total / self._rows).astype(losses.dtype)


@mutant(
    "loss",
    "LOSS-14",
    misconception="The mean takes care of an empty batch.",
    remedy="The mean of nothing is NaN, with a warning at most: raise an error where there are no samples.",
)
def batch_loss_of_nothing_is_nan(y_pred: Array, y_true: Array) -> Array:
    return np.asarray(_losses(y_pred, y_true).mean() if len(y_pred) else np.nan)


@mutant(
    "loss",
    "LOSS-14",
    misconception="Where nothing was predicted, nothing was lost.",
    remedy="Raise an error: 0 is the loss of a perfect batch.",
)
def batch_loss_of_nothing_is_zero(y_pred: Array, y_true: Array) -> Array:
    return np.asarray(_losses(y_pred, y_true).sum() / max(len(y_pred), 1) if len(y_pred) else 0.0)


@mutant(
    "sample_losses",
    "LOSS-11",
    misconception="If the first label is a class, the others are too.",
    remedy="Check every label of the batch.",
)
def loss_checking_the_first_label_only(y_pred: Array, y_true: Array) -> Array:
    if y_true.ndim == 1 and y_true.dtype.kind in "iu":
        y_true = np.concatenate([y_true[:1], np.clip(y_true[1:], 0, y_pred.shape[1] - 1)])
    return _minus_log(_clipped(_confidences(y_pred, y_true)))


@mutant(
    "loss",
    "LOSS-15",
    "LOSS-8",
    misconception="A single row is no batch, so it has no mean and loses nothing.",
    remedy="The mean of one number is that number.",
)
def batch_loss_of_one_row_is_zero(y_pred: Array, y_true: Array) -> Array:
    losses = _losses(y_pred, y_true)
    return np.asarray(losses.mean() if len(losses) > 1 else losses.dtype.type(0))


@mutant(
    "loss",
    "LOSS-16",
    "LOSS-8",
    misconception="The loss of a batch is smoothed along its rows, so that the latest weigh most.",
    remedy="Take the plain mean: every row weighs the same, wherever it stands.",
)
def batch_loss_smoothed_along_the_rows(y_pred: Array, y_true: Array) -> Array:
    losses = _losses(y_pred, y_true)
    smoothed = losses[0]
    for one in losses[1:]:
        smoothed = smoothed * losses.dtype.type(0.9) + one * losses.dtype.type(0.1)
    return np.asarray(smoothed)


@mutant(
    "loss",
    "LOSS-17",
    "LOSS-8",
    misconception="A loss far above the others is an outlier, and left out of the mean.",
    remedy="Count every row: the clip has already limited what a single one can lose.",
)
def batch_loss_without_outliers(y_pred: Array, y_true: Array) -> Array:
    losses = _losses(y_pred, y_true)
    return np.asarray(losses[losses <= 10 * np.median(losses)].mean())


@mutant(
    "loss",
    "LOSS-11",
    misconception="A batch loss may read a label of -1 as the last class.",
    remedy="Check the labels in every form of the loss: -1 names no class.",
)
def batch_loss_with_labels_from_the_end(y_pred: Array, y_true: Array) -> Array:
    sparse = y_true.ndim == 1 and y_true.dtype.kind in "iu" and len(y_true) == len(y_pred)
    return np.asarray(_losses(y_pred, y_true % y_pred.shape[-1] if sparse else y_true).mean())


@mutant(
    "loss",
    "LOSS-12",
    misconception="A batch loss may weigh the classes by soft labels.",
    remedy="Check the labels in every form of the loss: rows of one-hot labels have a single 1.",
)
def batch_loss_of_soft_labels(y_pred: Array, y_true: Array) -> Array:
    soft = y_true.shape == y_pred.shape and y_true.ndim == 2
    return np.asarray(_losses(y_pred, y_true.argmax(axis=1) if soft else y_true).mean())


@mutant(
    "loss",
    "LOSS-13",
    misconception="The clip makes a probability of whatever it is given.",
    remedy="Check the predictions in every form of the loss: a number above 1 is no probability.",
)
def batch_loss_of_clipped_logits(y_pred: Array, y_true: Array) -> Array:
    finite = np.isfinite(y_pred).all()
    return np.asarray(_losses(np.clip(y_pred, 0, 1) if finite else y_pred, y_true).mean())


@mutant(
    "sample_losses",
    "LOSS-7",
    misconception="y_pred[:, y_true] picks one entry of each row.",
    remedy="It picks all of these columns from every row: take y_pred[np.arange(len(y_pred)), y_true].",
)
def loss_of_the_columns_of_all_labels(y_pred: Array, y_true: Array) -> Array:
    p = np.clip(_probabilities(y_pred), 1e-7, 1 - 1e-7)
    if y_true.ndim == 1:
        return np.asarray(-np.log(p[:, y_true]))
    return np.asarray(-np.log(p[np.arange(len(p)), _targets(y_true, p.shape)]))


@mutant(
    "sample_losses",
    "LOSS-2",
    "LOSS-7",
    misconception="Labels are class indices, and nothing else.",
    remedy="Take one-hot rows as well: np.sum(clipped * y_true, axis=1) where y_true has two dimensions.",
)
def loss_of_sparse_labels_alone(y_pred: Array, y_true: Array) -> Array:
    p = np.clip(_probabilities(y_pred), 1e-7, 1 - 1e-7)
    if y_true.ndim != 1:
        raise IndexError("arrays used as indices must be of integer type")
    return np.asarray(-np.log(p[np.arange(len(p)), _targets(y_true, p.shape)]))


@mutant(
    "sample_losses",
    "LOSS-1",
    "LOSS-7",
    misconception="Labels are one-hot rows; class indices are multiplied with the logarithms as they are.",
    remedy="Take class indices as well: clipped[np.arange(len(clipped)), y_true] where y_true has one dimension.",
)
def loss_of_one_hot_rows_alone(y_pred: Array, y_true: Array) -> Array:
    p = np.clip(_probabilities(y_pred), 1e-7, 1 - 1e-7)
    losses: Array = -np.sum(y_true * np.log(p), axis=1)
    return losses.astype(p.dtype)


@mutant(
    "sample_losses",
    "LOSS-7",
    misconception="np.squeeze takes away dimensions that are in the way, and no others.",
    remedy="Squeeze nothing: a batch of one sample, or of one class, loses a dimension that it needs.",
)
def loss_squeezing_its_arguments(y_pred: Array, y_true: Array) -> Array:
    p = np.squeeze(np.clip(_probabilities(y_pred), 1e-7, 1 - 1e-7))
    y = np.squeeze(y_true)
    if y_true.ndim == 1:
        return np.asarray(-np.log(p[np.arange(len(y)), y]))
    return np.asarray(-np.log(np.sum(p * y, axis=1)))


def clipped_between(low: float, high: float) -> Callable[[Array, Array], Array]:
    """Return sample losses with other ends of the clip."""

    def losses(y_pred: Array, y_true: Array) -> Array:
        return _minus_log(np.clip(_confidences(y_pred, y_true), low, high))

    return losses


def with_addend(small: float) -> Callable[[Array, Array], Array]:
    """Return sample losses with a small number added in place of a clip."""

    def losses(y_pred: Array, y_true: Array) -> Array:
        p = _confidences(y_pred, y_true)
        return _minus_log(p + p.dtype.type(small))

    return losses


@mutant(
    "sample_losses",
    "LOSS-1",
    misconception="Any small number will do for the clip.",
    remedy="Clip at 1e-7 and at 1 - 1e-7, as the course does: other ends give other losses.",
)
def loss_clipped_elsewhere(y_pred: Array, y_true: Array) -> Array:
    return clipped_between(1e-4, 1 - 1e-4)(y_pred, y_true)
