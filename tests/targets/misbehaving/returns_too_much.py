"""Returns a view that takes no memory and an array that would take all."""

import numpy as np


def relu(inputs):
    return np.broadcast_to(np.float64(0), (100_000, 1_000_000))
