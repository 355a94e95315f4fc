"""Computes in its argument."""

import numpy as np


def relu(inputs):
    inputs *= inputs > 0
    return inputs.copy()
