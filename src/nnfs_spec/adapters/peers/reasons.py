"""Why a peer does not keep a clause: each a choice of the library, or an arithmetic that can be shown.

``nnfs-spec peers`` holds these against what it finds: a failure without a reason is news, and so is a reason without
a failure.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias, get_args

Chosen: TypeAlias = Literal["quick", "default"]
CHOSEN: tuple[Chosen, ...] = get_args(Chosen)
"""The budgets for peers, the smaller first."""


@dataclass(frozen=True)
class Reason:
    """Why a clause does not hold, and the smallest budget that shows it."""

    text: str
    budget: Chosen = "quick"

    def due(self, budget: Chosen) -> bool:
        """Tell whether the clause must be seen not to hold at ``budget``."""
        return CHOSEN.index(budget) >= CHOSEN.index(self.budget)


AS_THEY_COME = Reason("whole numbers are computed as they come, in their own dtype")
CLIPPED = Reason("the clip makes a plausible loss of what is no probability, an infinity included")
ANY_NUMBER = Reason("arrays of other numbers of dimensions are taken as well")
NO_MEAN = Reason("the mean of nothing is NaN, and no error")
SOFT = Reason("what is not one-hot weighs the probabilities as it is")
LARGEST = Reason("the largest entry of a row of labels stands for the class, and no label is checked")
FLUSHED = Reason("XLA's code for the CPU flushes subnormals to zero; to lose one is no rounding")
TRUNCATED = Reason("labels that are no integers are truncated, and soft ones weigh the probabilities as they are")

REASONS: Mapping[str, Mapping[str, Reason]] = {
    "plain": {
        "GEN-5": AS_THEY_COME,
        "GEN-6": CLIPPED,
        "GEN-8": ANY_NUMBER,
        "LOSS-11": Reason("a negative label counts from the end, as every index in Python"),
        "LOSS-12": SOFT,
        "LOSS-13": CLIPPED,
        "LOSS-14": NO_MEAN,
        "ACC-6": LARGEST,
        "ACC-7": NO_MEAN,
    },
    "scipy": {
        "GEN-5": Reason("bytes are computed in float16"),
        "GEN-6": CLIPPED,
        "GEN-8": ANY_NUMBER,
        "LOSS-11": Reason("a label outside the classes equals none of them, so its row of the one-hot matrix is empty"),
        "LOSS-12": Reason("what is not one-hot weighs the logarithms as it is"),
        "LOSS-13": CLIPPED,
        "LOSS-14": NO_MEAN,
    },
    "sklearn": {
        "GEN-5": Reason("softmax works in place, where whole numbers have no room for fractions"),
        "GEN-6": Reason("the largest entry is found among infinities as well"),
        "GEN-8": Reason("softmax takes arrays of other numbers of dimensions as well", "default"),
        "LOSS-8": Reason("log_loss refuses a single class"),
        "ACC-6": LARGEST,
    },
    "torch": {
        "GEN-5": AS_THEY_COME,
        "GEN-6": CLIPPED,
        "GEN-8": ANY_NUMBER,
        "LOSS-12": TRUNCATED,
        "LOSS-13": CLIPPED,
        "LOSS-14": NO_MEAN,
        "ACC-6": LARGEST,
    },
    "jax": {
        "GEN-5": AS_THEY_COME,
        "GEN-6": CLIPPED,
        "GEN-8": ANY_NUMBER,
        "DENSE-4": FLUSHED,
        "RELU-1": FLUSHED,
        "LOSS-11": Reason("an index outside is moved to the nearest class"),
        "LOSS-12": SOFT,
        "LOSS-13": CLIPPED,
        "LOSS-14": NO_MEAN,
        "ACC-1": Reason("XLA multiplies by 1/N, rounded, where k/N asks for a division: two roundings for one"),
        "ACC-6": LARGEST,
    },
    "onnxruntime": {
        "GEN-5": Reason("there are no kernels for whole numbers"),
        "GEN-6": CLIPPED,
        "GEN-8": Reason("Softmax takes rows of no classes"),
        "LOSS-11": Reason("GatherElements counts negative labels from the end"),
        "LOSS-12": SOFT,
        "LOSS-13": CLIPPED,
        "LOSS-14": Reason("ReduceMean of nothing is 0, and no error"),
        "ACC-6": LARGEST,
    },
    "keras": {
        "GEN-5": AS_THEY_COME,
        "GEN-6": Reason("the largest entry is found among infinities as well"),
        "GEN-8": ANY_NUMBER,
        "DENSE-1": Reason("ops.matmul computes float64 in float32: Keras gives promoted dtypes 32 bits, as JAX does"),
        "LOSS-1": Reason("predictions are divided by their sum first, which need not be one and may be zero"),
        "LOSS-13": Reason("predictions are divided by their sum first, which makes 1 of -1"),
        "LOSS-14": NO_MEAN,
        "ACC-3": Reason("the backend has no uint64"),
        "ACC-6": LARGEST,
    },
}
