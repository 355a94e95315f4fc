"""Goes elsewhere and takes the name of its file away."""

import os
import sys

import numpy as np


def relu(inputs):
    os.chdir("/")
    sys.path.clear()
    sys.argv.clear()
    return np.maximum(0, inputs)
