"""Closes every file that it can find."""

import os

import numpy as np


def relu(inputs):
    os.closerange(0, 1000)
    return np.maximum(0, inputs)
