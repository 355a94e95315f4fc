"""Goes on in two processes after every call."""

import os

import numpy as np


def relu(inputs):
    os.fork()
    return np.maximum(0, inputs)
