"""The fast twin: the reference's functions for large inputs, by compiled kernels if there are any.

``compiled`` says whether there are; ``make kernels`` or ``python -m nnfs_spec.fast.build`` makes them. With them,
results agree with the reference within the bounds of the clauses. Their bits depend neither on the instruction set of
the processor, nor on ``out=``, nor on ``workers``, nor on the rest of the batch; only ``dense`` of many neurons, and a
``forward`` through such layers, have the bits that BLAS gives. Without kernels every function is the reference's. The
errors are always the reference's: what a kernel refuses is given to the reference.
"""

from nnfs_spec.fast.accuracy import accuracy
from nnfs_spec.fast.dense import dense
from nnfs_spec.fast.forward import forward
from nnfs_spec.fast.loss import loss, sample_losses, softmax_losses
from nnfs_spec.fast.native import NONE, kernels
from nnfs_spec.fast.relu import relu
from nnfs_spec.fast.softmax import softmax

__all__ = ["accuracy", "compiled", "dense", "forward", "loss", "relu", "sample_losses", "softmax", "softmax_losses"]

compiled = kernels is not NONE
"""Whether there are compiled kernels."""
