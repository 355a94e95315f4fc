"""Wrong implementations of softmax."""

import numpy as np

from nnfs_spec.arrays import Array
from nnfs_spec.mutants.registry import mutant


def _logits(inputs: Array) -> Array:
    """Return ``inputs`` in floating point. Raises ValueError where they are no matrix with columns."""
    if inputs.ndim != 2 or inputs.shape[1] == 0:
        raise ValueError(f"the logits have shape {inputs.shape}")
    return inputs if inputs.dtype.kind == "f" else inputs.astype(np.float64)


def _shares(exponentials: Array) -> Array:
    """Return each entry's share of its row."""
    shares: Array = exponentials / exponentials.sum(axis=1, keepdims=True)
    return shares


def _right(inputs: Array) -> Array:
    """Return the softmax of each row, without an error."""
    z = _logits(inputs)
    return _shares(np.exp(z - z.max(axis=1, keepdims=True)))


@mutant(
    "softmax",
    "SOFTMAX-1",
    "SOFTMAX-8",
    "GEN-3",
    misconception="axis=0 runs along a row, so that each column is normalised instead.",
    remedy="The classes stand along axis 1: max and sum take axis=1.",
)
def softmax_over_the_batch(inputs: Array) -> Array:
    z = _logits(inputs)
    exponentials = np.exp(z - z.max(axis=0, keepdims=True))
    return np.asarray(exponentials / exponentials.sum(axis=0, keepdims=True))


@mutant(
    "softmax",
    "SOFTMAX-1",
    "SOFTMAX-8",
    "GEN-3",
    misconception="Each row has its maximum, but the sum runs down the columns, over the batch.",
    remedy="The sum runs along the row, as the maximum does: axis=1, keepdims=True.",
)
def softmax_summed_over_the_batch(inputs: Array) -> Array:
    z = _logits(inputs)
    exponentials = np.exp(z - z.max(axis=1, keepdims=True))
    return np.asarray(exponentials / exponentials.sum(axis=0, keepdims=True))


@mutant(
    "softmax",
    "SOFTMAX-1",
    "SOFTMAX-4",
    misconception="A small number in the denominator makes the division stable.",
    remedy="Leave it out: once the maximum is subtracted, the sum is at least 1.",
)
def softmax_with_a_small_number_in_the_denominator(inputs: Array) -> Array:
    z = _logits(inputs)
    exponentials = np.exp(z - z.max(axis=1, keepdims=True))
    return np.asarray(exponentials / (exponentials.sum(axis=1, keepdims=True) + 1e-8))


@mutant(
    "softmax",
    "SOFTMAX-3",
    "SOFTMAX-9",
    "GEN-3",
    misconception="One maximum will do for the whole batch; the exponentials of a row far below it all become 0.",
    remedy="Take the maximum of each row: inputs.max(axis=1, keepdims=True), not inputs.max().",
)
def softmax_shifted_by_the_batch_maximum(inputs: Array) -> Array:
    z = _logits(inputs)
    return _shares(np.exp(z - z.max()))


@mutant(
    "softmax",
    "SOFTMAX-1",
    "SOFTMAX-8",
    "GEN-3",
    misconception="The probabilities of the whole batch sum to one.",
    remedy="Every row sums to one: exponentials.sum(axis=1, keepdims=True), not exponentials.sum().",
)
def softmax_divided_by_the_batch_sum(inputs: Array) -> Array:
    z = _logits(inputs)
    exponentials = np.exp(z - z.max(axis=1, keepdims=True))
    return np.asarray(exponentials / exponentials.sum())


@mutant(
    "softmax",
    "SOFTMAX-1",
    "SOFTMAX-8",
    "GEN-3",
    misconception="np.max and np.sum without an axis work row by row; they take the whole batch as one row.",
    remedy="The classes stand along axis 1: both take axis=1, keepdims=True.",
)
def softmax_of_the_whole_batch(inputs: Array) -> Array:
    z = _logits(inputs)
    exponentials = np.exp(z - z.max())
    return np.asarray(exponentials / exponentials.sum())


@mutant(
    "softmax",
    "SOFTMAX-3",
    "SOFTMAX-1",
    "GEN-3",
    misconception="Exponentials over their sum are a softmax; nothing has to be shifted, and no row summed by itself.",
    remedy="Subtract inputs.max(axis=1, keepdims=True) first, and divide by the sums of axis=1, keepdims=True.",
)
def softmax_of_the_whole_batch_without_shift(inputs: Array) -> Array:
    exponentials = np.exp(_logits(inputs))
    return np.asarray(exponentials / exponentials.sum())


@mutant(
    "softmax",
    "SOFTMAX-1",
    "GEN-3",
    "SOFTMAX-10",
    misconception="Sums of shape (N,) divide the rows; on a square batch NumPy divides the columns by them.",
    remedy="Keep the axis: exponentials.sum(axis=1, keepdims=True).",
)
def softmax_with_sums_across_square_batches(inputs: Array) -> Array:
    z = _logits(inputs)
    exponentials = np.exp(z - z.max(axis=1, keepdims=True))
    sums = exponentials.sum(axis=1)
    return np.asarray(exponentials / (sums if sums.shape == z.shape[1:] else sums[:, np.newaxis]))


@mutant(
    "softmax",
    "SOFTMAX-9",
    "SOFTMAX-3",
    "GEN-3",
    misconception="Maxima of shape (N,) shift the rows; on a square batch NumPy shifts the columns by them.",
    remedy="Keep the axis: inputs.max(axis=1, keepdims=True).",
)
def softmax_with_maxima_across_square_batches(inputs: Array) -> Array:
    z = _logits(inputs)
    largest = z.max(axis=1)
    return _shares(np.exp(z - (largest if largest.shape == z.shape[1:] else largest[:, np.newaxis])))


@mutant(
    "softmax",
    "SOFTMAX-11",
    "SOFTMAX-1",
    "GEN-3",
    misconception="NumPy finds the axis along which maxima and sums of shape (N,) belong.",
    remedy="Keep the axis in both: max and sum take keepdims=True.",
)
def softmax_without_keepdims(inputs: Array) -> Array:
    z = _logits(inputs)
    exponentials = np.exp(z - z.max(axis=1))
    return np.asarray(exponentials / exponentials.sum(axis=1))


@mutant(
    "softmax",
    "SOFTMAX-3",
    "SOFTMAX-9",
    "SOFTMAX-5",
    misconception="The search for the maximum may start at 0, though all logits of a row can be negative.",
    remedy="Start the maximum at the first logit, or use inputs.max(axis=1, keepdims=True).",
)
def softmax_with_a_maximum_of_at_least_zero(inputs: Array) -> Array:
    z = _logits(inputs)
    return _shares(np.exp(z - z.max(axis=1, keepdims=True, initial=0.0)))


@mutant(
    "softmax",
    "SOFTMAX-3",
    "SOFTMAX-9",
    "SOFTMAX-8",
    misconception="-99999 is less than every logit, so the search for the maximum may start there.",
    remedy="Start at the first logit or at minus infinity: no number is small enough.",
)
def softmax_with_a_maximum_started_at_minus_99999(inputs: Array) -> Array:
    z = _logits(inputs)
    return _shares(np.exp(z - z.max(axis=1, keepdims=True, initial=-99999.0)))


@mutant(
    "softmax",
    "SOFTMAX-3",
    "SOFTMAX-9",
    "SOFTMAX-8",
    "SOFTMAX-5",
    misconception="The formula can be computed as it is written; beyond 709 (88 in float32) the exponential overflows.",
    remedy="Subtract the maximum of each row before np.exp.",
)
def softmax_without_the_shift(inputs: Array) -> Array:
    return _shares(np.exp(_logits(inputs)))


@mutant(
    "softmax",
    "SOFTMAX-3",
    "SOFTMAX-6",
    misconception="Any logit will do for the shift, such as the first of the row.",
    remedy="Subtract the largest, so that no exponent is above 0.",
)
def softmax_shifted_by_the_first_logit(inputs: Array) -> Array:
    z = _logits(inputs)
    return _shares(np.exp(z - z[:, :1]))


@mutant(
    "softmax",
    "SOFTMAX-5",
    "SOFTMAX-4",
    "SOFTMAX-10",
    misconception="Dividing by the maximum tames large logits as well as subtracting it.",
    remedy="Subtract: only differences of logits leave the probabilities as they are.",
)
def softmax_divided_by_the_maximum(inputs: Array) -> Array:
    z = _logits(inputs)
    largest = np.abs(z).max(axis=1, keepdims=True)
    return _shares(np.exp(z / np.where(largest == 0, 1, largest).astype(z.dtype)))


@mutant(
    "softmax",
    "SOFTMAX-4",
    "SOFTMAX-1",
    "SOFTMAX-8",
    misconception="exp(z - logsumexp(z)) never overflows, so it is accurate; it rounds at the size of the logits.",
    remedy="Subtract the maximum first and never add it back: the logarithm of the sum comes off z - max.",
)
def softmax_from_the_log_of_the_sum(inputs: Array) -> Array:
    z = _logits(inputs)
    return np.asarray(np.exp(z - np.logaddexp.reduce(z, axis=1, keepdims=True)))


@mutant(
    "softmax",
    "SOFTMAX-4",
    "SOFTMAX-10",
    misconception="2.718 is close enough to e.",
    remedy="Use np.exp, or math.e to all its digits.",
)
def softmax_with_e_cut_short(inputs: Array) -> Array:
    z = _logits(inputs)
    return _shares(np.power(z.dtype.type(2.718), z - z.max(axis=1, keepdims=True)))


@mutant(
    "softmax",
    "SOFTMAX-4",
    "SOFTMAX-10",
    misconception="The base of the powers does not matter, since they are normalised.",
    remedy="The base is e: np.exp, not np.exp2 (which needs exponents divided by ln 2).",
)
def softmax_to_base_two(inputs: Array) -> Array:
    z = _logits(inputs)
    return _shares(np.exp2(z - z.max(axis=1, keepdims=True)))


@mutant(
    "softmax",
    "SOFTMAX-4",
    "SOFTMAX-2",
    misconception="Four terms of its series are the exponential; far from 0 they are not even positive.",
    remedy="Use np.exp, which is accurate for every number.",
)
def softmax_by_a_short_series(inputs: Array) -> Array:
    z = _logits(inputs)
    d = np.maximum(z - z.max(axis=1, keepdims=True), -1e4)
    return _shares(1 + d + d**2 / 2 + d**3 / 6)


@mutant(
    "softmax",
    "SOFTMAX-8",
    "SOFTMAX-1",
    "SOFTMAX-4",
    misconception="The divisor needs a small number against division by zero; after the shift it is at least 1.",
    remedy="Divide by the sum alone.",
)
def softmax_with_a_padded_divisor(inputs: Array) -> Array:
    z = _logits(inputs)
    exponentials = np.exp(z - z.max(axis=1, keepdims=True))
    return np.asarray(exponentials / (exponentials.sum(axis=1, keepdims=True) + 1e-7))


@mutant(
    "softmax",
    "SOFTMAX-4",
    "SOFTMAX-1",
    "SOFTMAX-10",
    misconception="Single precision is enough inside, as long as the result is float64.",
    remedy="Compute in the dtype of the logits.",
)
def softmax_in_single_precision(inputs: Array) -> Array:
    z = _logits(inputs)
    exponentials = np.exp((z - z.max(axis=1, keepdims=True)).astype(np.float32))
    return _shares(exponentials).astype(z.dtype)


@mutant(
    "softmax",
    "SOFTMAX-4",
    "SOFTMAX-10",
    misconception="Exponentials between 0 and 1 can be held in half precision.",
    remedy="Keep the exponentials in the dtype of the logits.",
)
def softmax_of_half_precision_exponentials(inputs: Array) -> Array:
    z = _logits(inputs)
    return _shares(np.exp(z - z.max(axis=1, keepdims=True)).astype(np.float16).astype(z.dtype))


@mutant(
    "softmax",
    "SOFTMAX-4",
    "SOFTMAX-10",
    misconception="A probability below 1e-30 is as good as 0.",
    remedy="Leave small probabilities as they are: their logarithm is wanted next.",
)
def softmax_flushing_small_results(inputs: Array) -> Array:
    p = _right(inputs)
    return np.where(p < 1e-30, p.dtype.type(0), p)


@mutant(
    "softmax",
    "SOFTMAX-8",
    "SOFTMAX-1",
    "SOFTMAX-4",
    misconception="Softmax keeps the probabilities off 0 and 1, for the logarithm's sake.",
    remedy="Clipping belongs to the loss; softmax may give 0 and 1.",
)
def softmax_clipping_its_result(inputs: Array) -> Array:
    return np.clip(_right(inputs), 1e-7, 1 - 1e-7)


@mutant(
    "softmax",
    "SOFTMAX-5",
    "SOFTMAX-4",
    "SOFTMAX-10",
    misconception="Logits may be clipped against overflow; all those beyond the limit then count as equal.",
    remedy="Subtract the maximum of each row instead of clipping.",
)
def softmax_clipping_the_logits(inputs: Array) -> Array:
    return _right(np.clip(_logits(inputs), -50, 50))


@mutant(
    "softmax",
    "SOFTMAX-1",
    "SOFTMAX-4",
    misconception="Numbers rounded for display are still the result.",
    remedy="Round when printing, never in the computation.",
)
def softmax_rounding_to_seven_places(inputs: Array) -> Array:
    return np.round(_right(inputs), 7)


@mutant(
    "softmax",
    "SOFTMAX-1",
    "SOFTMAX-4",
    misconception="Normalising is dividing by the number of classes.",
    remedy="Divide by the sum of the row's exponentials.",
)
def softmax_divided_by_the_number_of_classes(inputs: Array) -> Array:
    z = _logits(inputs)
    return np.asarray(np.exp(z - z.max(axis=1, keepdims=True)) / z.shape[1])


@mutant(
    "softmax",
    "SOFTMAX-2",
    "SOFTMAX-4",
    "SOFTMAX-6",
    misconception="The last probability is what the others leave of 1; rounding makes that inaccurate or negative.",
    remedy="Compute the last class like the others.",
)
def softmax_leaving_the_last_class_the_rest(inputs: Array) -> Array:
    p = _right(inputs)
    p[:, -1] = 1 - p[:, :-1].sum(axis=1)
    return p


@mutant(
    "softmax",
    "SOFTMAX-9",
    "SOFTMAX-7",
    "SOFTMAX-10",
    "SOFTMAX-4",
    misconception="The exponents are the maximum minus the logits.",
    remedy="Subtract the other way round: inputs minus their maximum.",
)
def softmax_with_the_sign_turned(inputs: Array) -> Array:
    z = -_logits(inputs)
    return _shares(np.exp(z - z.max(axis=1, keepdims=True)))


@mutant(
    "softmax",
    "SOFTMAX-7",
    "SOFTMAX-9",
    "SOFTMAX-10",
    "SOFTMAX-4",
    misconception="The sign of a logit does not count, only its size.",
    remedy="Use the logits with their signs: a negative one means less probable.",
)
def softmax_of_absolute_logits(inputs: Array) -> Array:
    z: Array = np.abs(_logits(inputs))
    return _right(z)


@mutant(
    "softmax",
    "SOFTMAX-8",
    "SOFTMAX-7",
    "SOFTMAX-4",
    misconception="The largest logit takes all of the probability.",
    remedy="Softmax is the soft form: exponentials over their sum, not the one-hot row of argmax.",
)
def softmax_all_for_the_largest(inputs: Array) -> Array:
    z = _logits(inputs)
    p = np.zeros_like(z)
    p[np.arange(len(z)), z.argmax(axis=1)] = 1
    return p


@mutant(
    "softmax",
    "SOFTMAX-7",
    "SOFTMAX-8",
    "SOFTMAX-6",
    "SOFTMAX-4",
    misconception="Ties must be broken, in favour of the first class.",
    remedy="Equal logits have equal probabilities; a tie is broken by argmax, if at all.",
)
def softmax_breaking_ties(inputs: Array) -> Array:
    z = _logits(inputs)
    d = z - z.max(axis=1, keepdims=True)
    return _right(d - np.arange(z.shape[1], dtype=z.dtype) * z.dtype.type(1e-4))


@mutant(
    "softmax",
    "SOFTMAX-6",
    "SOFTMAX-7",
    "SOFTMAX-4",
    misconception="The probabilities may be returned in rising order.",
    remedy="Leave the classes in their order: entry i belongs to class i.",
)
def softmax_in_rising_order(inputs: Array) -> Array:
    return np.sort(_right(inputs), axis=1)


@mutant(
    "softmax",
    "SOFTMAX-1",
    "SOFTMAX-8",
    "SOFTMAX-10",
    misconception="Softmax is the sigmoid of every logit by itself.",
    remedy="The classes share one probability: divide each exponential by the sum of its row.",
)
def softmax_is_a_sigmoid(inputs: Array) -> Array:
    return np.asarray(1 / (1 + np.exp(-_logits(inputs))))


@mutant(
    "softmax",
    "SOFTMAX-2",
    "SOFTMAX-1",
    "SOFTMAX-8",
    misconception="Softmax gives logarithms of probabilities, as log-softmax does.",
    remedy="Return the probabilities; the loss takes the logarithm.",
)
def softmax_is_its_logarithm(inputs: Array) -> Array:
    z = _logits(inputs)
    d = z - z.max(axis=1, keepdims=True)
    return np.asarray(d - np.log(np.exp(d).sum(axis=1, keepdims=True)))


@mutant(
    "softmax",
    "SOFTMAX-8",
    "SOFTMAX-1",
    "SOFTMAX-2",
    misconception="A single class needs no normalising: its exponential is the result.",
    remedy="Treat one class like several: its share of the sum is exactly 1.",
)
def softmax_of_one_class_unnormalised(inputs: Array) -> Array:
    z = _logits(inputs)
    return np.asarray(np.exp(z)) if z.shape[1] == 1 else _right(z)


@mutant(
    "softmax",
    "SOFTMAX-11",
    misconception="A result of one row, or of one class, may lose a dimension.",
    remedy="Keep two dimensions: no squeeze.",
)
def softmax_squeezing(inputs: Array) -> Array:
    return _right(inputs).squeeze()


@mutant(
    "softmax",
    "GEN-1",
    misconception="The logits are not needed any more, so the maximum may be subtracted in place.",
    remedy="Subtract into a new array: inputs - inputs.max(...), not inputs -= inputs.max(...).",
)
def softmax_in_place(inputs: Array) -> Array:
    z = _logits(inputs)
    if z.flags.writeable:
        z -= z.max(axis=1, keepdims=True)
    return _right(z)


@mutant(
    "softmax",
    "GEN-10",
    misconception="One buffer can hold every result.",
    remedy="Return a new array at each call, or a caller who kept the last result loses it.",
)
class softmax_reusing_its_buffer:
    def __init__(self) -> None:
        self._buffer: Array = np.empty(0)

    def __call__(self, inputs: Array) -> Array:
        z = _logits(inputs)
        if self._buffer.size < z.size or self._buffer.dtype != z.dtype:
            self._buffer = np.empty(2 * z.size, dtype=z.dtype)
        result = self._buffer[: z.size].reshape(z.shape)
        result[:] = _right(z)
        return result


@mutant(
    "softmax",
    "GEN-2",
    "GEN-3",
    misconception="The maxima found so far need no reset before the next batch.",
    remedy="Take the maximum of the rows at hand, anew at each call.",
)
class softmax_with_maxima_of_earlier_batches:
    def __init__(self) -> None:
        self._maxima: Array = np.empty((0, 1))

    def __call__(self, inputs: Array) -> Array:
        z = _logits(inputs)
        largest = z.max(axis=1, keepdims=True)
        known = min(len(z), len(self._maxima))
        largest[:known] = np.maximum(largest[:known], self._maxima[:known])
        self._maxima = np.concatenate([largest, self._maxima[len(z) :]])
        return _shares(np.exp(z - largest))


@mutant(
    "softmax",
    "GEN-3",
    "SOFTMAX-3",
    "SOFTMAX-9",
    "SOFTMAX-4",
    misconception="A large batch may be worked off in blocks of 256 rows with one maximum for each block.",
    remedy="The maximum belongs to a row, however the batch is cut.",
)
def softmax_with_a_maximum_for_each_block(inputs: Array) -> Array:
    z = _logits(inputs)
    largest = z.max(axis=1, keepdims=True)
    if len(z) > 256:
        for start in range(0, len(z), 256):
            block = largest[start : start + 256]
            block[:] = block.max()
    return _shares(np.exp(z - largest))


@mutant(
    "softmax",
    "GEN-4",
    misconception="The bytes of an array always lie row by row.",
    remedy="Honour the strides, or copy to a C-contiguous array first.",
)
def softmax_reading_raw_memory(inputs: Array) -> Array:
    by_columns = inputs.flags.f_contiguous and not inputs.flags.c_contiguous
    return _right(inputs.T.reshape(inputs.shape) if by_columns else inputs)


@mutant(
    "softmax",
    "GEN-5",
    misconception="One floating-point type is as good as another for the result.",
    remedy="Return the dtype of the logits: float32 for float32.",
)
def softmax_always_in_double(inputs: Array) -> Array:
    return _right(inputs.astype(np.float64))


@mutant(
    "softmax",
    "GEN-5",
    misconception="Whole numbers can be subtracted as they are; unsigned ones wrap around below 0.",
    remedy="Convert whole numbers to float64 before subtracting the maximum.",
)
def softmax_wrapping_unsigned_numbers(inputs: Array) -> Array:
    shifted = inputs - inputs.max(axis=1, keepdims=True)
    return _shares(np.exp(_logits(shifted)))


@mutant(
    "softmax",
    "GEN-6",
    misconception="A NaN may be replaced by 0, to keep the network running.",
    remedy="Let NaN through, or raise: a made-up number hides where things went wrong.",
)
def softmax_hiding_nan(inputs: Array) -> Array:
    return np.nan_to_num(_right(inputs))


@mutant(
    "softmax",
    "GEN-13",
    "GEN-5",
    misconception="An array like the inputs can hold the result; of whole numbers it keeps no fraction.",
    remedy="Make the result an array of floating-point numbers: np.zeros(inputs.shape), not np.zeros_like(inputs).",
)
def softmax_stored_as_whole_numbers(inputs: Array) -> Array:
    stored = np.zeros_like(inputs)
    stored[:] = _right(inputs)
    return stored


@mutant(
    "softmax",
    "GEN-6",
    misconception="A row without a number above minus infinity is masked as a whole, and its shares are 0.",
    remedy="Look for NaN first: np.fmax drops it, and a mask beside it hides that the network has exploded.",
)
def softmax_taking_nan_for_a_mask(inputs: Array) -> Array:
    z = _logits(inputs)
    largest = np.fmax.reduce(z, axis=1, keepdims=True)
    return np.where(largest == -np.inf, 0.0, _shares(np.exp(z - largest))).astype(z.dtype)


@mutant(
    "softmax",
    "GEN-7",
    misconception="A batch has at least one row to stack.",
    remedy="Let an empty batch through: no rows in, no rows out.",
)
def softmax_needing_rows(inputs: Array) -> Array:
    return np.stack([_right(row[np.newaxis])[0] for row in _logits(inputs)])


@mutant(
    "softmax",
    "GEN-8",
    misconception="Vectors and stacks of matrices are welcome: the last axis has the classes.",
    remedy="Refuse what has not two dimensions, rows and classes, or a forgotten dimension goes unnoticed.",
)
def softmax_of_any_dimensions(inputs: Array) -> Array:
    z = inputs if inputs.dtype.kind == "f" else inputs.astype(np.float64)
    exponentials = np.exp(z - z.max(axis=-1, keepdims=True))
    return np.asarray(exponentials / exponentials.sum(axis=-1, keepdims=True))


@mutant(
    "softmax",
    "SOFTMAX-9",
    "SOFTMAX-1",
    "SOFTMAX-4",
    misconception="Adding 1 to the sum keeps it from being zero.",
    remedy="Divide by the plain sum: the largest logit alone already contributes e^0 = 1.",
)
def softmax_with_one_more_in_the_sum(inputs: Array) -> Array:
    z = _logits(inputs)
    e = np.exp(z - z.max(axis=1, keepdims=True))
    p: Array = e / (e.sum(axis=1, keepdims=True) + 1)
    return p


@mutant(
    "softmax",
    "GEN-11",
    misconception="NumPy's warnings are in the way, so they are switched off.",
    remedy="Switch them off for a few lines, by `with np.errstate(...)`: np.seterr is for the whole program.",
)
def softmax_silencing_numpy(inputs: Array) -> Array:
    np.seterr(all="ignore")
    return _right(inputs)


@mutant(
    "softmax",
    "SOFTMAX-2",
    "SOFTMAX-3",
    misconception="The maximum can be subtracted after the exponential as well.",
    remedy="Subtract it inside: np.exp(inputs - inputs.max(axis=1, keepdims=True)).",
)
def softmax_shifted_after_the_exponential(inputs: Array) -> Array:
    z = _logits(inputs)
    return _shares(np.exp(z) - z.max(axis=1, keepdims=True))


@mutant(
    "softmax",
    "SOFTMAX-4",
    misconception="Half precision is enough for probabilities.",
    remedy="Compute in the dtype of the logits: float16 has eleven bits.",
)
def softmax_in_half_precision(inputs: Array) -> Array:
    z = _logits(inputs)
    half = z.astype(np.float16)
    e = np.exp(half - half.max(axis=1, keepdims=True))
    p: Array = e / e.sum(axis=1, keepdims=True)
    return p.astype(z.dtype)
