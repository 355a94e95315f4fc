"""Wrong implementations of ReLU."""

import time
from operator import index
from typing import ClassVar

import numpy as np

from nnfs_spec.arrays import Array
from nnfs_spec.mutants.registry import mutant


@mutant(
    "relu",
    "RELU-1",
    "RELU-2",
    "RELU-3",
    misconception="ReLU keeps the smaller of 0 and x.",
    remedy="Take the larger: np.maximum(0, inputs).",
)
def relu_inverted(inputs: Array) -> Array:
    return np.minimum(0, inputs)


@mutant(
    "relu",
    "RELU-1",
    "RELU-2",
    misconception="A little of every negative number passes, as in a leaky ReLU.",
    remedy="Negative numbers become exactly 0: np.maximum(0, inputs).",
)
def relu_leaky(inputs: Array) -> Array:
    return np.where(inputs > 0, inputs, inputs.dtype.type(0.01) * inputs)


@mutant(
    "relu",
    "RELU-1",
    "RELU-3",
    misconception="Activations stop at 6, as in ReLU6.",
    remedy="There is no upper end: drop the cap.",
)
def relu_capped_at_six(inputs: Array) -> Array:
    return np.clip(inputs, 0, 6)


@mutant(
    "relu",
    "RELU-1",
    "RELU-5",
    misconception="Negative numbers become positive.",
    remedy="Negative numbers become 0: np.maximum(0, inputs), not np.abs(inputs).",
)
def relu_is_the_absolute_value(inputs: Array) -> Array:
    return np.abs(inputs)


@mutant(
    "relu",
    "RELU-1",
    "RELU-7",
    misconception="np.max compares with 0; it really takes the largest entry of the whole array.",
    remedy="Compare entry by entry: np.maximum(0, inputs), not np.max.",
)
def relu_with_max_for_maximum(inputs: Array) -> Array:
    return np.asarray(max(0.0, float(inputs.max(initial=0.0))))


@mutant(
    "relu",
    "RELU-1",
    "RELU-4",
    "RELU-6",
    misconception="A smooth curve such as softplus is a ReLU.",
    remedy="ReLU has a corner at 0: np.maximum(0, inputs).",
)
def relu_is_softplus(inputs: Array) -> Array:
    return np.logaddexp(0, inputs).astype(inputs.dtype)


@mutant(
    "relu",
    "RELU-1",
    "RELU-3",
    misconception="Numbers that are nearly 0 count as 0.",
    remedy="Compare with exactly 0: every positive number passes.",
)
def relu_with_a_threshold(inputs: Array) -> Array:
    return np.where(inputs > 1e-6, inputs, inputs.dtype.type(0))


@mutant(
    "relu",
    "RELU-1",
    "RELU-3",
    misconception="Subnormal numbers may be flushed to 0.",
    remedy="Turn off flush-to-zero, or compare instead of multiplying.",
)
def relu_flushing_subnormals(inputs: Array) -> Array:
    normal = np.asarray(inputs >= np.finfo(inputs.dtype).smallest_normal)
    return np.where(normal, inputs, inputs.dtype.type(0))


@mutant(
    "relu",
    "RELU-1",
    "RELU-3",
    misconception="A derivative is an activation: what is positive becomes 1.",
    remedy="Positive numbers pass as they are; the step is only the slope of ReLU.",
)
def relu_is_its_derivative(inputs: Array) -> Array:
    return (inputs > 0).astype(inputs.dtype)


@mutant(
    "relu",
    "GEN-1",
    misconception="The input is not needed any more, so negative entries may be overwritten in it.",
    remedy="Write to a new array: np.maximum(0, inputs), not inputs[inputs < 0] = 0.",
)
def relu_in_place(inputs: Array) -> Array:
    if inputs.flags.writeable:
        inputs[inputs < 0] = 0
        return inputs.copy()
    return np.maximum(0, inputs)


@mutant(
    "relu",
    "GEN-10",
    misconception="One buffer can hold every result.",
    remedy="Return a new array at each call, or a caller who kept the last result loses it.",
)
class relu_reusing_its_buffer:
    def __init__(self) -> None:
        self._buffers: dict[tuple[int, str], Array] = {}

    def __call__(self, inputs: Array) -> Array:
        columns = inputs.shape[1]
        buffer = self._buffers.setdefault((columns, inputs.dtype.str), np.zeros((4096, columns), inputs.dtype))
        result = buffer[: len(inputs)]
        np.maximum(0, inputs, out=result, casting="same_kind")
        return result


@mutant(
    "relu",
    "GEN-3",
    "RELU-1",
    misconception="A batch may be worked off in blocks of 256 rows, the remainder left as it is.",
    remedy="Treat the last, shorter block like the others.",
)
def relu_of_whole_blocks_only(inputs: Array) -> Array:
    result = inputs.copy()
    whole = len(inputs) // 256 * 256 if len(inputs) > 256 else len(inputs)
    result[:whole] = np.maximum(0, inputs[:whole])
    return result


@mutant(
    "relu",
    "GEN-4",
    misconception="The bytes of an array always lie row by row.",
    remedy="Honour the strides, or copy to a C-contiguous array first.",
)
def relu_reading_raw_memory(inputs: Array) -> Array:
    raw = inputs if inputs.flags.c_contiguous or not inputs.flags.f_contiguous else inputs.T.reshape(inputs.shape)
    return np.maximum(0, raw)


@mutant(
    "relu",
    "GEN-5",
    misconception="One floating-point type is as good as another for the result.",
    remedy="Return the dtype of the input: float32 for float32.",
)
def relu_always_in_double(inputs: Array) -> Array:
    return np.maximum(0, inputs.astype(np.float64))


@mutant(
    "relu",
    "GEN-6",
    misconception="A NaN is just another number that is not positive.",
    remedy="Let NaN through, or raise: np.maximum does the first, inputs > 0 hides it.",
)
def relu_hiding_nan(inputs: Array) -> Array:
    return np.nan_to_num(np.maximum(0, inputs))


@mutant(
    "relu",
    "GEN-7",
    misconception="A batch has at least one row.",
    remedy="Let an empty batch through: no rows in, no rows out.",
)
def relu_needing_rows(inputs: Array) -> Array:
    first: Array = inputs[0]
    return np.vstack([np.maximum(0, first), np.maximum(0, inputs[1:])])


@mutant(
    "relu",
    "RELU-6",
    "RELU-1",
    misconception="Zero counts as activated and needs a small positive value.",
    remedy="ReLU of 0 is 0.",
)
def relu_lifting_zero(inputs: Array) -> Array:
    return np.where(inputs == 0, np.finfo(inputs.dtype).smallest_normal, np.maximum(0, inputs)).astype(inputs.dtype)


@mutant(
    "relu",
    "RELU-7",
    misconception="A result of one row may lose its batch dimension.",
    remedy="Keep two dimensions: no squeeze.",
)
def relu_squeezing(inputs: Array) -> Array:
    return np.maximum(0, inputs).squeeze()


@mutant(
    "relu",
    "RELU-5",
    "RELU-1",
    misconception="Swish, x times its sigmoid, is a ReLU.",
    remedy="Drop the sigmoid: np.maximum(0, inputs).",
)
def relu_is_swish(inputs: Array) -> Array:
    swish: Array = inputs / (1 + np.exp(-inputs))
    return swish.astype(inputs.dtype)


@mutant(
    "relu",
    "GEN-6",
    misconception="An infinity is the largest finite number.",
    remedy="Let infinity through, or raise: a cap hides that something has overflowed.",
)
def relu_capping_infinity(inputs: Array) -> Array:
    return np.minimum(np.maximum(0, inputs), np.finfo(inputs.dtype).max if inputs.dtype.kind == "f" else 2**62)


@mutant(
    "relu",
    "GEN-9",
    misconception="Where nothing is negative there is nothing to do, so the input is the result.",
    remedy="Return a new array at each call: np.maximum(0, inputs).",
)
def relu_returning_its_argument(inputs: Array) -> Array:
    return inputs if bool((inputs >= 0).all()) else np.maximum(0, inputs)


@mutant(
    "relu",
    "GEN-10",
    "GEN-2",
    misconception="A result that was computed once can be handed out again.",
    remedy="Return a copy of what is kept: whoever writes into a result must not change another.",
)
class relu_handing_out_its_cache:
    def __init__(self) -> None:
        self._known: dict[tuple[bytes, str, int], Array] = {}

    def __call__(self, inputs: Array) -> Array:
        key = inputs.tobytes(), inputs.dtype.str, len(inputs)
        return self._known.setdefault(key, np.maximum(0, inputs))


@mutant(
    "relu",
    "GEN-4",
    misconception="Rows whose entries lie side by side follow one another without a gap.",
    remedy="Honour the step between rows, too: a batch may be part of a wider array.",
)
def relu_of_rows_without_gaps(inputs: Array) -> Array:
    n, columns = inputs.shape
    if inputs.size and inputs.strides[1] == inputs.itemsize and inputs.strides[0] > columns * inputs.itemsize:
        inputs = np.lib.stride_tricks.as_strided(inputs, (n, columns), (columns * inputs.itemsize, inputs.itemsize))
    return np.maximum(0.0, inputs)


@mutant(
    "relu",
    "GEN-4",
    misconception="An array begins where its memory begins.",
    remedy="Begin at the array's own first entry: a batch may be the last rows of a longer one.",
)
def relu_from_the_start_of_the_memory(inputs: Array) -> Array:
    whole = inputs.base
    if isinstance(whole, np.ndarray) and whole.dtype == inputs.dtype and inputs.flags.c_contiguous:
        inputs = whole.ravel()[: inputs.size].reshape(inputs.shape)
    return np.maximum(0.0, inputs)


@mutant(
    "relu",
    "GEN-12",
    misconception="One buffer will do for all objects, since a call is over before the next begins.",
    remedy="Compute in arrays of the call's own: two threads may be in it at the same time.",
)
class relu_through_a_buffer_of_all:
    _buffer: ClassVar[list[Array]] = []

    def __call__(self, inputs: Array) -> Array:
        self._buffer[:] = [inputs.astype(np.result_type(inputs, np.float32))]
        time.sleep(0.005)  # as a long computation would, it lets other threads in
        return np.maximum(0, self._buffer[0])


@mutant(
    "relu",
    "RELU-7",
    misconception="np.max compares its two arguments; its second one is really the axis.",
    remedy="Compare entry by entry: np.maximum(0, inputs), not np.max(0, inputs).",
)
def relu_with_the_array_for_an_axis(inputs: Array) -> Array:
    axis = index(inputs)  # of an array without dimensions alone
    return np.asarray(np.max(np.zeros(()), axis=axis))
