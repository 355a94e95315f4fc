"""Wrong implementations of the dense layer: of its weighted sum (dense) and of its making (layer)."""

import numpy as np

from nnfs_spec.arrays import Array
from nnfs_spec.mutants.registry import mutant


def _floating(array: Array) -> Array:
    return array if array.dtype.kind == "f" else array.astype(np.float64)


def _matrices(inputs: Array, weights: Array, biases: Array) -> tuple[Array, Array, Array]:
    """Return the arguments in floating point. Raises ValueError where they do not fit together."""
    if inputs.ndim != 2 or inputs.shape[1] != len(weights):
        raise ValueError(f"inputs of shape {inputs.shape} do not fit {weights.shape} weights")
    return _floating(inputs), _floating(weights), _floating(biases)


def _right(inputs: Array, weights: Array, biases: Array) -> Array:
    """Return x·w + b, without an error."""
    x, w, b = _matrices(inputs, weights, biases)
    return np.asarray(x @ w + b)


@mutant(
    "dense",
    "DENSE-4",
    "DENSE-5",
    "DENSE-1",
    misconception="Biases start at zero, so they need not be added.",
    remedy="Add the biases: inputs @ weights + biases. Training makes them other than zero.",
)
def dense_without_biases(inputs: Array, weights: Array, biases: Array) -> Array:
    x, w, _ = _matrices(inputs, weights, biases)
    return np.asarray(x @ w)


@mutant(
    "dense",
    "DENSE-5",
    "DENSE-4",
    "DENSE-1",
    misconception="The bias is a threshold, which is taken off the weighted sum.",
    remedy="Add the biases: a threshold of t is a bias of -t.",
)
def dense_subtracting_the_biases(inputs: Array, weights: Array, biases: Array) -> Array:
    x, w, b = _matrices(inputs, weights, biases)
    return np.asarray(x @ w - b)


@mutant(
    "dense",
    "DENSE-5",
    "DENSE-4",
    "DENSE-1",
    misconception="The biases go in with the product and once more at the end.",
    remedy="Add the biases once.",
)
def dense_with_biases_twice(inputs: Array, weights: Array, biases: Array) -> Array:
    x, w, b = _matrices(inputs, weights, biases)
    return np.asarray(x @ w + b + b)


@mutant(
    "dense",
    "DENSE-5",
    "DENSE-4",
    "GEN-3",
    "DENSE-1",
    misconception="The one row of biases belongs to the first row of the batch.",
    remedy="Every row has the biases added: broadcasting does it in inputs @ weights + biases.",
)
def dense_with_biases_for_the_first_row(inputs: Array, weights: Array, biases: Array) -> Array:
    x, w, b = _matrices(inputs, weights, biases)
    y = np.asarray(x @ w)
    y[:1] += b
    return y


@mutant(
    "dense",
    "DENSE-5",
    "DENSE-1",
    misconception="A layer whose biases are not all set has no biases: one zero among them drops the others.",
    remedy="Add the biases whatever their values.",
)
def dense_with_biases_only_if_all_are_set(inputs: Array, weights: Array, biases: Array) -> Array:
    x, w, b = _matrices(inputs, weights, biases)
    return np.asarray(x @ w + b if b.all() else x @ w)


@mutant(
    "dense",
    "DENSE-4",
    "DENSE-1",
    misconception="A neuron whose weighted sum is zero is silent, so it has no use for its bias.",
    remedy="Add the bias to every sum; a neuron that answers for zero input is what it is for.",
)
def dense_with_biases_only_beside_a_sum(inputs: Array, weights: Array, biases: Array) -> Array:
    x, w, b = _matrices(inputs, weights, biases)
    y = np.asarray(x @ w)
    return np.where(y == 0, y, y + b)


@mutant(
    "dense",
    "DENSE-1",
    "DENSE-3",
    misconception="The bias is added after the activation.",
    remedy="Add the biases to the sum and apply ReLU afterwards, outside of the layer.",
)
def dense_with_biases_after_relu(inputs: Array, weights: Array, biases: Array) -> Array:
    x, w, b = _matrices(inputs, weights, biases)
    return np.asarray(np.maximum(0, x @ w) + b)


@mutant(
    "dense",
    "DENSE-4",
    "DENSE-1",
    "DENSE-3",
    misconception="The layer applies the activation itself.",
    remedy="Return the bare sum, negative or not: ReLU is a step of its own.",
)
def dense_followed_by_relu(inputs: Array, weights: Array, biases: Array) -> Array:
    return np.maximum(0, _right(inputs, weights, biases))


@mutant(
    "dense",
    "DENSE-4",
    "DENSE-5",
    "DENSE-1",
    misconception="The bias is part of the weight, so it is added to the weights.",
    remedy="Add it after the product: inputs @ weights + biases, not inputs @ (weights + biases).",
)
def dense_with_biases_in_the_weights(inputs: Array, weights: Array, biases: Array) -> Array:
    x, w, b = _matrices(inputs, weights, biases)
    return np.asarray(x @ (w + b))


@mutant(
    "dense",
    "DENSE-5",
    "DENSE-4",
    "DENSE-1",
    misconception="The biases are a column, one for each sample, wherever that fits.",
    remedy="Keep biases of shape (1, n_neurons): one for each neuron, the same for every sample.",
)
def dense_with_biases_down_square_results(inputs: Array, weights: Array, biases: Array) -> Array:
    x, w, b = _matrices(inputs, weights, biases)
    return np.asarray(x @ w + (b.T if len(x) == w.shape[1] else b))


@mutant(
    "dense",
    "DENSE-1",
    "DENSE-3",
    misconception="A row of the weights belongs to a neuron; on a square layer the transpose fits as well.",
    remedy="weights has shape (n_inputs, n_neurons): no transpose.",
)
def dense_with_square_weights_transposed(inputs: Array, weights: Array, biases: Array) -> Array:
    square = weights.shape[0] == weights.shape[1]
    return _right(inputs, weights.T if square else weights, biases)


@mutant(
    "dense",
    "DENSE-1",
    "DENSE-3",
    misconception="The sum over the inputs ends before the last one.",
    remedy="Sum over all inputs: a range of n_inputs, not of n_inputs - 1.",
)
def dense_without_the_last_input(inputs: Array, weights: Array, biases: Array) -> Array:
    x, w, b = _matrices(inputs, weights, biases)
    return np.asarray(x[:, :-1] @ w[:-1] + b)


@mutant(
    "dense",
    "DENSE-1",
    "DENSE-3",
    misconception="A neuron averages its inputs.",
    remedy="Sum the products: dividing by n_inputs is not part of the layer.",
)
def dense_averaging(inputs: Array, weights: Array, biases: Array) -> Array:
    x, w, b = _matrices(inputs, weights, biases)
    return np.asarray(x @ w / x.shape[1] + b)


@mutant(
    "dense",
    "DENSE-1",
    "DENSE-3",
    misconception="A weight is a strength and has no sign.",
    remedy="Use the weights with their signs: a negative one holds its neuron back.",
)
def dense_with_weights_made_positive(inputs: Array, weights: Array, biases: Array) -> Array:
    return _right(inputs, np.abs(weights), biases)


@mutant(
    "dense",
    "DENSE-9",
    misconception="Inputs and weights are paired as far as both go.",
    remedy="Raise where the widths differ, as @ and np.dot do; zip cuts the longer one in silence.",
)
def dense_cutting_to_the_common_width(inputs: Array, weights: Array, biases: Array) -> Array:
    common = min(inputs.shape[1], len(weights)) if inputs.ndim == 2 and inputs.shape[1] else -1
    return _right(inputs[:, :common], weights[:common] if common > 0 else weights, biases)


@mutant(
    "dense",
    "DENSE-9",
    misconception="Inputs that are missing count as zero.",
    remedy="Raise where the widths differ: a missing input is an error in the data or in the layer.",
)
def dense_padding_with_zeros(inputs: Array, weights: Array, biases: Array) -> Array:
    missing = len(weights) - inputs.shape[1] if inputs.ndim == 2 and inputs.shape[1] else 0
    return _right(np.pad(inputs, ((0, 0), (0, missing))) if missing > 0 else inputs, weights, biases)


@mutant(
    "dense",
    "DENSE-9",
    misconception="A single input may be spread over all the weights, as broadcasting would.",
    remedy="Raise where the widths differ, even where one of them is 1.",
)
def dense_spreading_a_single_input(inputs: Array, weights: Array, biases: Array) -> Array:
    single = inputs.ndim == 2 and inputs.shape[1] == 1
    return _right(np.repeat(inputs, len(weights), axis=1) if single else inputs, weights, biases)


@mutant(
    "dense",
    "DENSE-1",
    misconception="Single precision is enough inside, as long as the result is float64.",
    remedy="Compute in the dtype of the arguments.",
)
def dense_in_single_precision(inputs: Array, weights: Array, biases: Array) -> Array:
    x, w, b = _matrices(inputs, weights, biases)
    return (x.astype(np.float32) @ w.astype(np.float32) + b.astype(np.float32)).astype(x.dtype)


@mutant(
    "dense",
    "DENSE-1",
    "DENSE-3",
    misconception="Half precision is enough for a sum; whole numbers above 2048 have no place in it.",
    remedy="Sum in the dtype of the arguments or a wider one.",
)
def dense_with_sums_in_half_precision(inputs: Array, weights: Array, biases: Array) -> Array:
    x, w, b = _matrices(inputs, weights, biases)
    return np.asarray((x @ w).astype(np.float16).astype(x.dtype) + b)


@mutant(
    "dense",
    "DENSE-4",
    "DENSE-1",
    misconception="The result may be cut to whole numbers.",
    remedy="Keep the fractions: no int() around the sum.",
)
def dense_cut_to_whole_numbers(inputs: Array, weights: Array, biases: Array) -> Array:
    return np.trunc(_right(inputs, weights, biases))


@mutant(
    "dense",
    "DENSE-4",
    "DENSE-1",
    misconception="Results below the normal numbers may be flushed to 0.",
    remedy="Turn off flush-to-zero: subnormal numbers are results like others.",
)
def dense_flushing_subnormals(inputs: Array, weights: Array, biases: Array) -> Array:
    y = _right(inputs, weights, biases)
    return np.where(np.abs(y) < np.finfo(y.dtype).smallest_normal, y.dtype.type(0), y)


@mutant(
    "dense",
    "DENSE-1",
    misconception="A product may be read off a table of squares, ((x + w)^2 - (x - w)^2) / 4, without loss.",
    remedy="Multiply: where x and w differ much in size their squares cancel and take the product's digits along.",
)
def dense_by_quarter_squares(inputs: Array, weights: Array, biases: Array) -> Array:
    x, w, b = _matrices(inputs, weights, biases)
    y = np.zeros((len(x), w.shape[1]), dtype=x.dtype)
    for k in range(x.shape[1]):
        y += (np.add.outer(x[:, k], w[k]) ** 2 - np.subtract.outer(x[:, k], w[k]) ** 2) / 4
    return np.asarray(y + b)


@mutant(
    "dense",
    "DENSE-1",
    "DENSE-3",
    misconception="Weights in eight bits, scaled by the largest of them, are as good as the weights.",
    remedy="Multiply by the weights as they are: quantising gives another, coarser layer.",
)
def dense_with_weights_in_eight_bits(inputs: Array, weights: Array, biases: Array) -> Array:
    x, w, b = _matrices(inputs, weights, biases)
    step = float(np.abs(w).max()) / 127 + float(np.finfo(w.dtype).smallest_normal)
    return np.asarray(x @ (np.round(w / step) * step) + b)


@mutant(
    "dense",
    "DENSE-2",
    misconception="A result of one row, or of one neuron, may lose a dimension.",
    remedy="Keep two dimensions: no squeeze.",
)
def dense_squeezing(inputs: Array, weights: Array, biases: Array) -> Array:
    return _right(inputs, weights, biases).squeeze()


@mutant(
    "dense",
    "DENSE-2",
    "DENSE-1",
    misconception="The result has a row for each neuron.",
    remedy="A row of the result belongs to a sample: inputs @ weights, not weights.T @ inputs.T.",
)
def dense_on_its_side(inputs: Array, weights: Array, biases: Array) -> Array:
    return _right(inputs, weights, biases).T


@mutant(
    "dense",
    "GEN-1",
    misconception="For a single row the biases' array may hold the sum, since it has the shape of the result.",
    remedy="Write to a new array: inputs @ weights + biases, not biases += inputs @ weights.",
)
def dense_adding_into_the_biases(inputs: Array, weights: Array, biases: Array) -> Array:
    x, w, b = _matrices(inputs, weights, biases)
    if len(x) == 1 and b.flags.writeable:
        b += x @ w
        return b.copy()
    return np.asarray(x @ w + b)


@mutant(
    "dense",
    "GEN-1",
    misconception="The inputs are used up once the sum is taken, so their memory may be cleared.",
    remedy="Leave the caller's arrays alone: they are not the layer's.",
)
def dense_clearing_its_inputs(inputs: Array, weights: Array, biases: Array) -> Array:
    y = _right(inputs, weights, biases)
    if inputs.flags.writeable:
        inputs.fill(0)
    return y


@mutant(
    "dense",
    "GEN-10",
    misconception="One buffer can hold every result.",
    remedy="Return a new array at each call, or a caller who kept the last result loses it.",
)
class dense_reusing_its_buffer:
    def __init__(self) -> None:
        self._buffer: Array = np.empty(0)

    def __call__(self, inputs: Array, weights: Array, biases: Array) -> Array:
        y = _right(inputs, weights, biases)
        if self._buffer.size < y.size or self._buffer.dtype != y.dtype:
            self._buffer = np.empty(2 * y.size, dtype=y.dtype)
        result = self._buffer[: y.size].reshape(y.shape)
        result[:] = y
        return result


@mutant(
    "dense",
    "GEN-2",
    "GEN-3",
    "DENSE-1",
    misconception="The array of sums need not be cleared before the next batch.",
    remedy="Start each call from zero: the result belongs to these inputs alone.",
)
class dense_adding_to_the_last_result:
    def __init__(self) -> None:
        self._sums: dict[tuple[object, ...], Array] = {}

    def __call__(self, inputs: Array, weights: Array, biases: Array) -> Array:
        y = _right(inputs, weights, biases)
        sums = self._sums.setdefault((y.shape, y.dtype), np.zeros_like(y))
        sums += y
        return sums.copy()


@mutant(
    "dense",
    "DENSE-5",
    "GEN-3",
    "GEN-2",
    misconception="Arguments of the same shapes as before have the same result.",
    remedy="Compute anew at each call, or look a result up by the values, not by the shapes.",
)
class dense_remembering_by_shape:
    def __init__(self) -> None:
        self._known: dict[tuple[object, ...], Array] = {}

    def __call__(self, inputs: Array, weights: Array, biases: Array) -> Array:
        y = _right(inputs, weights, biases)
        return self._known.setdefault((inputs.shape, weights.shape, y.dtype), y).copy()


@mutant(
    "dense",
    "GEN-3",
    "DENSE-5",
    "DENSE-1",
    misconception="A batch may be worked off in blocks of 256 rows; the rest that fills no block gets no biases.",
    remedy="Treat the last, shorter block like the others.",
)
def dense_with_biases_for_whole_blocks(inputs: Array, weights: Array, biases: Array) -> Array:
    x, w, b = _matrices(inputs, weights, biases)
    y = np.asarray(x @ w)
    y[: len(x) // 256 * 256 if len(x) > 256 else len(x)] += b
    return y


@mutant(
    "dense",
    "GEN-4",
    misconception="The bytes of an array always lie row by row.",
    remedy="Honour the strides, or copy to a C-contiguous array first.",
)
def dense_reading_raw_memory(inputs: Array, weights: Array, biases: Array) -> Array:
    by_columns = weights.flags.f_contiguous and not weights.flags.c_contiguous
    return _right(inputs, weights.T.reshape(weights.shape) if by_columns else weights, biases)


@mutant(
    "dense",
    "GEN-5",
    misconception="One floating-point type is as good as another for the result.",
    remedy="Return the dtype of the arguments: float32 for float32.",
)
def dense_always_in_double(inputs: Array, weights: Array, biases: Array) -> Array:
    return _right(inputs, weights, biases).astype(np.float64)


@mutant(
    "dense",
    "GEN-5",
    misconception="Whole numbers can be multiplied in their own type; eight bits wrap around at 256.",
    remedy="Convert whole numbers to float64 first.",
)
def dense_wrapping_whole_numbers(inputs: Array, weights: Array, biases: Array) -> Array:
    _matrices(inputs, weights, biases)
    return np.asarray(inputs @ weights + biases)


@mutant(
    "dense",
    "GEN-6",
    misconception="A NaN may be replaced by 0, to keep the network running.",
    remedy="Let NaN through, or raise: a made-up number hides where things went wrong.",
)
def dense_hiding_nan(inputs: Array, weights: Array, biases: Array) -> Array:
    y = _right(inputs, weights, biases)
    return np.where(np.isfinite(y), y, y.dtype.type(0))


@mutant(
    "dense",
    "GEN-7",
    misconception="A batch has at least one row to stack.",
    remedy="Let an empty batch through: no rows in, no rows out.",
)
def dense_needing_rows(inputs: Array, weights: Array, biases: Array) -> Array:
    x, w, b = _matrices(inputs, weights, biases)
    return np.stack([row @ w + b[0] for row in x])


@mutant(
    "dense",
    "GEN-8",
    misconception="np.dot fits whatever it is given: a single sample may come without its dimension.",
    remedy="Refuse what has not two dimensions, rows and inputs, or a forgotten dimension goes unnoticed.",
)
def dense_of_any_dimensions(inputs: Array, weights: Array, biases: Array) -> Array:
    return np.asarray(np.dot(_floating(inputs), _floating(weights)) + _floating(biases))


def _uniform(n_inputs: int, n_neurons: int) -> Array:
    """Return new weights of a right layer. Raises ValueError for counts below 1."""
    if min(n_inputs, n_neurons) < 1:
        raise ValueError(f"a layer of {n_inputs} inputs and {n_neurons} neurons")
    return np.asarray(0.10 * np.random.rand(n_inputs, n_neurons))


@mutant(
    "layer",
    "DENSE-8",
    misconception="Layers of one size can share their weights, as a default argument would.",
    remedy="Draw in the constructor, for each layer anew.",
)
class layer_sharing_weights:
    def __init__(self) -> None:
        self._drawn: dict[tuple[int, int], Array] = {}

    def __call__(self, n_inputs: int, n_neurons: int) -> tuple[Array, Array]:
        drawn = _uniform(n_inputs, n_neurons)
        return self._drawn.setdefault(drawn.shape, drawn), np.zeros((1, n_neurons))


@mutant(
    "layer",
    "DENSE-8",
    misconception="A layer seeds the generator itself, so that its weights come out the same every time.",
    remedy="Seed once, outside of the layers; seeded at each, they are all alike.",
)
def layer_seeding_the_generator(n_inputs: int, n_neurons: int) -> tuple[Array, Array]:
    np.random.seed(0)
    return _uniform(n_inputs, n_neurons), np.zeros((1, n_neurons))


@mutant(
    "layer",
    "DENSE-13",
    misconception="A generator of the layer's own, without a seed, makes the draw more random.",
    remedy="Draw from the generator that the caller can seed, or nobody can repeat the run.",
)
def layer_with_a_generator_of_its_own(n_inputs: int, n_neurons: int) -> tuple[Array, Array]:
    replaced = _uniform(n_inputs, n_neurons)
    return 0.10 * np.random.default_rng().random(out=np.empty_like(replaced)), np.zeros((1, n_neurons))


@mutant(
    "layer",
    "DENSE-6",
    "DENSE-8",
    "DENSE-11",
    misconception="Weights may start alike, since training changes them.",
    remedy="Draw them: neurons that start alike learn alike.",
)
def layer_with_constant_weights(n_inputs: int, n_neurons: int) -> tuple[Array, Array]:
    return np.full_like(_uniform(n_inputs, n_neurons), 0.10), np.zeros((1, n_neurons))


@mutant(
    "layer",
    "DENSE-6",
    "DENSE-8",
    "DENSE-11",
    misconception="Weights start at zero, like biases.",
    remedy="Draw the weights; only biases start at zero.",
)
def layer_with_weights_of_zero(n_inputs: int, n_neurons: int) -> tuple[Array, Array]:
    return np.zeros_like(_uniform(n_inputs, n_neurons)), np.zeros((1, n_neurons))


@mutant(
    "layer",
    "DENSE-11",
    "DENSE-6",
    "DENSE-15",
    "DENSE-16",
    misconception="One draw of weights will do for every neuron of the layer.",
    remedy="Draw n_inputs times n_neurons weights: neurons that start alike learn alike.",
)
def layer_of_equal_neurons(n_inputs: int, n_neurons: int) -> tuple[Array, Array]:
    drawn = _uniform(n_inputs, n_neurons)
    return np.repeat(drawn[:, :1], n_neurons, axis=1), np.zeros((1, n_neurons))


@mutant(
    "layer",
    "DENSE-6",
    misconception="The weights have a row for each neuron.",
    remedy="Their shape is (n_inputs, n_neurons), so that inputs @ weights needs no transpose.",
)
def layer_with_weights_on_their_side(n_inputs: int, n_neurons: int) -> tuple[Array, Array]:
    return _uniform(n_neurons, n_inputs), np.zeros((1, n_neurons))


@mutant(
    "layer",
    "DENSE-6",
    "DENSE-11",
    misconception="Each neuron's weights can be standardised; with one input their deviation is 0, and 0/0 is NaN.",
    remedy="Take the draw as it is, or guard the division.",
)
def layer_with_standardised_weights(n_inputs: int, n_neurons: int) -> tuple[Array, Array]:
    drawn = _uniform(n_inputs, n_neurons)
    return np.asarray((drawn - drawn.mean(axis=0)) / drawn.std(axis=0)), np.zeros((1, n_neurons))


@mutant(
    "layer",
    "DENSE-7",
    misconception="Biases are 1 to begin with.",
    remedy="New biases are zero: np.zeros((1, n_neurons)).",
)
def layer_with_biases_of_one(n_inputs: int, n_neurons: int) -> tuple[Array, Array]:
    return _uniform(n_inputs, n_neurons), np.ones((1, n_neurons))


@mutant(
    "layer",
    "DENSE-7",
    misconception="Biases are drawn like weights.",
    remedy="New biases are zero: np.zeros((1, n_neurons)).",
)
def layer_with_drawn_biases(n_inputs: int, n_neurons: int) -> tuple[Array, Array]:
    return _uniform(n_inputs, n_neurons), _uniform(1, n_neurons)


@mutant(
    "layer",
    "DENSE-7",
    "DENSE-12",
    misconception="There is a bias for each input.",
    remedy="There is a bias for each neuron: np.zeros((1, n_neurons)).",
)
def layer_with_a_bias_for_each_input(n_inputs: int, n_neurons: int) -> tuple[Array, Array]:
    return _uniform(n_inputs, n_neurons), np.zeros((1, n_inputs))


@mutant(
    "layer",
    "DENSE-7",
    "DENSE-12",
    misconception="The neurons of a layer share a single bias.",
    remedy="There is a bias for each neuron: np.zeros((1, n_neurons)).",
)
def layer_with_a_single_bias(n_inputs: int, n_neurons: int) -> tuple[Array, Array]:
    return _uniform(n_inputs, n_neurons), np.zeros((1, 1))


@mutant(
    "layer",
    "DENSE-12",
    misconception="The form of the biases does not matter.",
    remedy="Make them one row: np.zeros((1, n_neurons)), with double parentheses.",
)
def layer_with_flat_biases(n_inputs: int, n_neurons: int) -> tuple[Array, Array]:
    return _uniform(n_inputs, n_neurons), np.zeros(n_neurons)


@mutant(
    "layer",
    "DENSE-10",
    misconception="NumPy checks the sizes; in fact it makes arrays of no rows or no columns without a word.",
    remedy="Raise where n_inputs or n_neurons is below 1.",
)
def layer_without_a_check_of_its_size(n_inputs: int, n_neurons: int) -> tuple[Array, Array]:
    return np.asarray(0.10 * np.random.rand(n_inputs, n_neurons)), np.zeros((1, n_neurons))


@mutant(
    "layer",
    "DENSE-11",
    "DENSE-14",
    misconception="The draw is normal and of both signs, as in the course.",
    remedy="This specification draws from [0, 1): np.random.rand, not np.random.randn.",
)
def layer_with_a_signed_draw(n_inputs: int, n_neurons: int) -> tuple[Array, Array]:
    shape = _uniform(n_inputs, n_neurons).shape
    return 0.10 * np.random.randn(*shape), np.zeros((1, n_neurons))


@mutant(
    "layer",
    "DENSE-11",
    misconception="The weights are uniform around 0.",
    remedy="The draw is from [0, 1), so no weight is negative.",
)
def layer_with_a_draw_around_zero(n_inputs: int, n_neurons: int) -> tuple[Array, Array]:
    return 2 * _uniform(n_inputs, n_neurons) - 0.10, np.zeros((1, n_neurons))


@mutant(
    "layer",
    "DENSE-11",
    misconception="The weights are scaled by a hundredth.",
    remedy="Scale by a tenth: 0.10, not 0.01.",
)
def layer_scaled_by_a_hundredth(n_inputs: int, n_neurons: int) -> tuple[Array, Array]:
    return _uniform(n_inputs, n_neurons) / 10, np.zeros((1, n_neurons))


@mutant(
    "layer",
    "DENSE-11",
    misconception="The draw is used as it is.",
    remedy="Scale the draw by 0.10, which keeps the first outputs small.",
)
def layer_with_unscaled_weights(n_inputs: int, n_neurons: int) -> tuple[Array, Array]:
    return 10 * _uniform(n_inputs, n_neurons), np.zeros((1, n_neurons))


@mutant(
    "layer",
    "DENSE-11",
    misconception="The weights are divided by their sum, so that each neuron's add up to one.",
    remedy="Multiply the draw by 0.10: it is scaled, not normalised.",
)
def layer_with_normalised_weights(n_inputs: int, n_neurons: int) -> tuple[Array, Array]:
    drawn = _uniform(n_inputs, n_neurons)
    return np.asarray(drawn / drawn.sum(axis=0)), np.zeros((1, n_neurons))


@mutant(
    "layer",
    "DENSE-8",
    misconception="All layers of a network can be drawn into one array, layer after layer.",
    remedy="Make an array for each layer: the first one still needs its weights when the second is drawn.",
)
class layer_drawn_into_one_array:
    def __init__(self) -> None:
        self._room: dict[tuple[int, ...], Array] = {}

    def __call__(self, n_inputs: int, n_neurons: int) -> tuple[Array, Array]:
        drawn = _uniform(n_inputs, n_neurons)
        room = self._room.setdefault(drawn.shape, np.empty_like(drawn))
        room[...] = drawn
        return room, np.zeros((1, n_neurons))


@mutant(
    "layer",
    "DENSE-15",
    misconception="One random number is enough: multiples of the golden ratio spread from it evenly.",
    remedy="Draw every weight by itself: evenly spread is not independent.",
)
def layer_from_one_random_number(n_inputs: int, n_neurons: int) -> tuple[Array, Array]:
    start = _uniform(n_inputs, n_neurons)[0, 0] * 10
    steps = np.arange(n_inputs * n_neurons).reshape(n_inputs, n_neurons)
    return 0.10 * np.remainder(start + steps * 0.6180339887498949, 1.0), np.zeros((1, n_neurons))


@mutant(
    "layer",
    "DENSE-14",
    misconception="One weight may be far larger than the others, to wake the neuron up.",
    remedy="Scale all of them: 0.10 * np.random.rand(n_inputs, n_neurons).",
)
def layer_with_one_large_weight(n_inputs: int, n_neurons: int) -> tuple[Array, Array]:
    weights = _uniform(n_inputs, n_neurons)
    weights[-1, -1] = 1e6
    return weights, np.zeros((1, n_neurons))


@mutant(
    "layer",
    "DENSE-11",
    misconception="The factor is a matter of taste, if it is about a tenth.",
    remedy="Scale by 0.10.",
)
def layer_scaled_by_nearly_a_tenth(n_inputs: int, n_neurons: int) -> tuple[Array, Array]:
    return 0.978 * _uniform(n_inputs, n_neurons), np.zeros((1, n_neurons))


@mutant(
    "layer",
    "DENSE-16",
    misconception="Half of the neurons can be drawn, and the others be copies of them.",
    remedy="Draw the weights of every neuron: two that are alike learn alike.",
)
def layer_with_neurons_in_pairs(n_inputs: int, n_neurons: int) -> tuple[Array, Array]:
    weights = _uniform(n_inputs, n_neurons)
    half = n_neurons // 2
    weights[:, n_neurons - half :] = weights[:, :half]
    return weights, np.zeros((1, n_neurons))


@mutant(
    "dense",
    "DENSE-5",
    misconception="Biases are a row of two dimensions; what is flat is something else and left out.",
    remedy="Add biases of shape (n_neurons,) as well, or refuse them with an error.",
)
def dense_dropping_flat_biases(inputs: Array, weights: Array, biases: Array) -> Array:
    x, w, b = _matrices(inputs, weights, biases)
    return np.asarray(x @ w + b if b.ndim == 2 else x @ w)


@mutant(
    "dense",
    "DENSE-3",
    misconception="A neuron has 4096 inputs at most.",
    remedy="Go through all inputs in blocks, the last, shorter one included.",
)
def dense_of_at_most_4096_inputs(inputs: Array, weights: Array, biases: Array) -> Array:
    x, w, b = _matrices(inputs, weights, biases)
    return np.asarray(x[:, :4096] @ w[:4096] + b)


@mutant(
    "dense",
    "DENSE-4",
    misconception="A row of zeros among others is padding and stays zero.",
    remedy="Add the biases to every row: a row of zeros is an input like any other.",
)
def dense_taking_zeros_for_padding(inputs: Array, weights: Array, biases: Array) -> Array:
    y, empty = _right(inputs, weights, biases), ~inputs.any(axis=1)
    if inputs.any():
        y[empty] = 0
    return y


@mutant(
    "dense",
    "GEN-11",
    misconception="A forward pass is repeatable only if it seeds the generator.",
    remedy="Seed once, in the program: a forward pass draws nothing, and others draw from the same generator.",
)
def dense_seeding_the_generator(inputs: Array, weights: Array, biases: Array) -> Array:
    np.random.seed(0)
    return _right(inputs, weights, biases)


@mutant(
    "layer",
    "DENSE-17",
    misconception="Biases are zero in every layer, so one array of zeros will do for all.",
    remedy="Make them in the constructor, for each layer anew: training changes them in place.",
)
class layer_sharing_biases:
    def __init__(self) -> None:
        self._zeros: dict[int, Array] = {}

    def __call__(self, n_inputs: int, n_neurons: int) -> tuple[Array, Array]:
        biases = self._zeros.setdefault(n_neurons, np.zeros((1, n_neurons)))
        return _uniform(n_inputs, n_neurons), biases


@mutant(
    "dense",
    "DENSE-1",
    misconception="Half precision is enough for the factors.",
    remedy="Multiply in the dtype of the arguments: float16 has eleven bits and ends at 65504.",
)
def dense_in_half_precision(inputs: Array, weights: Array, biases: Array) -> Array:
    x, w, b = _matrices(inputs, weights, biases)
    return np.asarray((x.astype(np.float16) @ w.astype(np.float16)).astype(x.dtype) + b)


def _with_bits(array: Array, bits: int) -> Array:
    """Return float32 numbers rounded to so many bits, as the tensor units of a graphics card read them."""
    cut = np.uint32(24 - bits)
    whole = np.ascontiguousarray(array).view(np.uint32)
    half = (np.uint32(1) << (cut - np.uint32(1))) - np.uint32(1) + ((whole >> cut) & np.uint32(1))
    rounded: Array = ((whole + half) >> cut << cut).view(np.float32)
    return np.where(np.isfinite(array), rounded, array)


@mutant(
    "dense",
    "DENSE-1",
    misconception="TF32, the fast mode of a graphics card, is float32.",
    remedy="Switch it off, or say so: TF32 reads factors with eleven bits in place of 24.",
)
def dense_in_tf32(inputs: Array, weights: Array, biases: Array) -> Array:
    x, w, b = _matrices(inputs, weights, biases)
    return np.asarray(_with_bits(x, 11) @ _with_bits(w, 11) + b if x.dtype == np.float32 else x @ w + b)


@mutant(
    "dense",
    "DENSE-1",
    misconception="bfloat16 is as good as float32, since it reaches as far.",
    remedy="Multiply in the dtype of the arguments: bfloat16 has eight bits.",
)
def dense_in_bfloat16(inputs: Array, weights: Array, biases: Array) -> Array:
    x, w, b = _matrices(inputs, weights, biases)
    factors = (_with_bits(one.astype(np.float32), 8) for one in (x, w))
    return np.asarray(np.matmul(*factors).astype(x.dtype) + b)


@mutant(
    "dense",
    "DENSE-2",
    misconception="The weights stand before the inputs, as on paper, whatever their shapes are.",
    remedy="The samples stand in rows: np.dot(inputs, weights), with weights of shape (n_inputs, n_neurons).",
)
def dense_with_weights_before_inputs(inputs: Array, weights: Array, biases: Array) -> Array:
    return np.asarray(np.dot(_floating(weights), _floating(inputs)) + biases)
