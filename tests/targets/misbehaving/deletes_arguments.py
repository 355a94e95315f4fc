"""Leaves nothing of its argument."""

import numpy as np


def relu(inputs):
    result = np.maximum(0, inputs)
    inputs.resize((0, 0), refcheck=False)
    return result
