"""The fast twin: the reference's functions, computed one tile of rows at a time, in NumPy alone.

For the same arguments it gives the reference's results, bit for bit where they are C-contiguous (``dense`` and
``forward`` within the bound of DENSE-1, as BLAS rounds by the size of a batch), and the reference's errors. Beyond the
result it allocates a few tiles, however many rows there are. Gains in the comments are ratios of times on one core with
AVX-512, NumPy 2.4, a million rows of ten classes in float64, unless they say otherwise.
"""

from nnfs_spec.fast.accuracy import accuracy
from nnfs_spec.fast.dense import dense
from nnfs_spec.fast.forward import forward
from nnfs_spec.fast.loss import loss, sample_losses
from nnfs_spec.fast.relu import relu
from nnfs_spec.fast.softmax import softmax

__all__ = ["accuracy", "dense", "forward", "loss", "relu", "sample_losses", "softmax"]
