"""Returns a column."""

import numpy as np


def relu(inputs):
    return np.maximum(0, inputs).reshape(-1, 1)
