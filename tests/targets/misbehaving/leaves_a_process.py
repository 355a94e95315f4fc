"""Leaves a process behind that belongs to no group and no parent any more."""

import os
import time

import numpy as np


def relu(inputs):
    if os.fork() == 0:
        os.setsid()
        if os.fork() == 0:
            time.sleep(1000)
        os._exit(0)
    return np.maximum(0, inputs)
