"""Keeps every file open and every thread alive."""

import os
import threading
import time

import numpy as np

KEPT = []


def relu(inputs):
    if len(KEPT) < 20:
        KEPT.append(open(os.devnull))
        threading.Thread(target=time.sleep, args=[1000]).start()
    return np.maximum(0, inputs)
