"""The rectified linear unit (spec/relu.md)."""

from typing import Any, overload

import numpy as np

from nnfs_spec.arrays import Given, Matrix, Real, Size, Wholes
from nnfs_spec.reference.arguments import real_matrix
from nnfs_spec.reference.output import Output


@overload
def relu(inputs: Given[Size, Real]) -> Matrix[Real]: ...
@overload
def relu(inputs: Wholes) -> Matrix[np.float64]: ...
@np.errstate(all="ignore")
def relu(inputs: object) -> Matrix[Any]:
    """Return max(0, x) for every entry of ``inputs``.

    Shapes: (N, C) to (N, C). Dtypes: float32 to float32; float64, whole numbers and nested lists to float64.
    Raises SpecValueError for another shape (GEN-8) or a NaN or infinity (GEN-6), SpecTypeError for another
    dtype (GEN-5). Clauses RELU-1 to RELU-7; source: the seed's Activation_ReLU.
    """
    rectified: Matrix[Any] = np.maximum(0, real_matrix("relu", "inputs", inputs))
    return rectified


class Activation_ReLU(Output):
    """The course's class over ``relu``. Clauses RELU-1 to RELU-7."""

    clause = "RELU-7"

    @overload
    def forward(self, inputs: Given[Size, Real]) -> Matrix[Real]: ...
    @overload
    def forward(self, inputs: Wholes) -> Matrix[np.float64]: ...
    def forward(self, inputs: Any) -> Matrix[Any]:
        """Store ``relu(inputs)`` in ``output`` and return it. Shapes, dtypes and errors are those of ``relu``."""
        self._output = relu(inputs)
        return self._output
