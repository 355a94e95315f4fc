"""Leaves temporary files behind, some of them in a folder that is locked."""

import os
import tempfile

import numpy as np


def relu(inputs):
    tempfile.mkstemp()
    folder = tempfile.mkdtemp()
    tempfile.mkstemp(dir=folder)
    os.chmod(folder, 0o500)
    return np.maximum(0, inputs)
