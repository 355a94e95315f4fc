"""Softmax over the classes of each row (spec/softmax.md)."""

from typing import Any, overload

import numpy as np

from nnfs_spec.arrays import Given, Matrix, Real, Size, Wholes
from nnfs_spec.reference.arguments import real_matrix
from nnfs_spec.reference.output import Output


@overload
def softmax(inputs: Given[Size, Real]) -> Matrix[Real]: ...
@overload
def softmax(inputs: Wholes) -> Matrix[np.float64]: ...
@np.errstate(all="ignore")
def softmax(inputs: object) -> Matrix[Any]:
    """Return e^(z - max z) divided by its sum, row by row: the probabilities of the classes.

    Shapes: logits (N, C) to probabilities (N, C). Dtypes: float32 to float32; float64, whole numbers and nested
    lists to float64. Raises SpecValueError for another shape (GEN-8) or a NaN or infinity (GEN-6), SpecTypeError
    for another dtype (GEN-5). Clauses SOFTMAX-1 to SOFTMAX-11; source: the seed's Activation_Softmax.
    """
    logits = real_matrix("softmax", "inputs", inputs)
    exponentials = np.exp(logits - logits.max(axis=1, keepdims=True))  # of a spread that overflows, e^-inf = 0
    probabilities: Matrix[Any] = exponentials / exponentials.sum(axis=1, keepdims=True)
    return probabilities


class Activation_Softmax(Output):
    """The course's class over ``softmax``. Clauses SOFTMAX-1 to SOFTMAX-11."""

    clause = "SOFTMAX-11"

    @overload
    def forward(self, inputs: Given[Size, Real]) -> Matrix[Real]: ...
    @overload
    def forward(self, inputs: Wholes) -> Matrix[np.float64]: ...
    def forward(self, inputs: Any) -> Matrix[Any]:
        """Store ``softmax(inputs)`` in ``output`` and return it. Shapes, dtypes and errors are those of ``softmax``."""
        self._output = softmax(inputs)
        return self._output
