"""Prints sixty megabytes in its first call, and goes on printing in every other."""

import numpy as np


class Printed:
    times = 10_000_000


def relu(inputs):
    print("noise " * Printed.times)
    Printed.times = 10
    return np.maximum(0, inputs)
