"""Returns no numbers."""

import numpy as np


def relu(inputs):
    return np.full_like(inputs, np.nan)
