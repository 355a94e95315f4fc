"""Asks for a hundred gigabytes."""

import numpy as np


def relu(inputs):
    return np.ones((100_000, 131_072)).sum() + inputs
