"""The dense layer (spec/dense.md)."""

from typing import Any, TypeAlias, TypeVar, overload

import numpy as np

from nnfs_spec.arrays import Doubles, Given, Matrix, Real, Single, Size, Vector, WholeMatrix, Wholes, WholeVector
from nnfs_spec.errors import SpecValueError
from nnfs_spec.reference.arguments import bias_row, count, one_dtype, real_matrix
from nnfs_spec.reference.output import Output

Double: TypeAlias = Matrix[np.float64]
DoubleBiases: TypeAlias = WholeMatrix | WholeVector | Double | Vector[np.float64]

Weights = TypeVar("Weights", bound=WholeMatrix | Double)
Biases = TypeVar("Biases", bound=DoubleBiases)
WeightsSize = TypeVar("WeightsSize", bound=tuple[int, int])
BiasesSize = TypeVar("BiasesSize", bound=tuple[int, int] | tuple[int])
SingleBiases: TypeAlias = np.ndarray[BiasesSize, np.dtype[Single]]


@overload
def dense(
    inputs: Given[Size, Single], weights: Given[WeightsSize, Single], biases: SingleBiases[BiasesSize, Single]
) -> Matrix[Single]: ...
@overload
def dense(inputs: Doubles, weights: Weights, biases: Biases) -> Double: ...
@np.errstate(under="ignore")  # an overflow is outside DENSE-1, and is reported as the caller asked
def dense(inputs: object, weights: object, biases: object) -> Matrix[Any]:
    """Return x·w + b: every row of ``inputs`` weighted and summed, the biases added once.

    Shapes: inputs (N, K), weights (K, n_neurons), biases (1, n_neurons) or (n_neurons,), to (N, n_neurons).
    Dtypes: all float32 to float32; float64, whole numbers and nested lists to float64. Raises SpecValueError for
    widths that do not match (DENSE-9, DENSE-5), another shape (GEN-8), a NaN or infinity (GEN-6), SpecTypeError
    for another or a mixed dtype (GEN-5). Clauses DENSE-1 to DENSE-5 and DENSE-9; source: the seed's Layer_Dense.
    """
    x = real_matrix("dense", "inputs", inputs)
    w = real_matrix("dense", "weights", weights)
    if w.shape[0] != x.shape[1]:
        expected = f"({x.shape[1]}, n) to match inputs.shape {x.shape}"
        raise SpecValueError("dense", "weights.shape", str(w.shape), expected, "DENSE-9")
    b = bias_row("dense", "biases", biases, w.shape[1])
    one_dtype("dense", inputs=x, weights=w, biases=b)
    return x @ w + b


class Layer_Dense(Output):
    """The course's layer: ``weights`` (n_inputs, n_neurons) and ``biases`` (1, n_neurons) over ``dense``.

    A new layer draws its weights as 0.10 times a uniform draw from [0, 1), from NumPy's global generator unless
    ``rng`` is given, and starts with zero biases, both float64. Raises SpecValueError or SpecTypeError for counts
    that are not whole numbers of at least 1 (DENSE-10). Clauses DENSE-6 to DENSE-12; source: the seed's Layer_Dense.
    """

    clause = "DENSE-2"

    def __init__(self, n_inputs: int, n_neurons: int, *, rng: np.random.Generator | None = None) -> None:
        shape = (
            count("Layer_Dense", "n_inputs", n_inputs, "DENSE-10"),
            count("Layer_Dense", "n_neurons", n_neurons, "DENSE-10"),
        )
        draw = np.random.rand(*shape) if rng is None else rng.random(shape)
        self.weights: Matrix[Any] = 0.10 * draw
        self.biases: Matrix[Any] = np.zeros((1, n_neurons), dtype=np.float64)

    @property
    def weight(self) -> Matrix[Any]:
        """The seed's spelling of ``weights``: the same array."""
        return self.weights

    @weight.setter
    def weight(self, value: Matrix[Any]) -> None:
        self.weights = value

    @overload
    def forward(self, inputs: Given[Size, Real]) -> Matrix[Real]: ...
    @overload
    def forward(self, inputs: Wholes) -> Matrix[np.float64]: ...
    def forward(self, inputs: Any) -> Matrix[Any]:
        """Store x·w + b in ``output`` and return it, in the dtype of the inputs (GEN-5), to which weights are rounded.

        Shapes, dtypes and errors are those of ``dense``.
        """
        x = real_matrix("dense", "inputs", inputs)
        weights = real_matrix("dense", "weights", self.weights)
        biases = bias_row("dense", "biases", self.biases, weights.shape[1])
        with np.errstate(all="ignore"):  # a number that does not fit becomes infinite, and dense refuses it
            weights, biases = weights.astype(x.dtype), biases.astype(x.dtype)
        self._output = dense(x, weights, biases)
        return self._output
