"""Prints what would steer a terminal, and bytes that are no text."""

import os

import numpy as np


def relu(inputs):
    os.write(1, b"\x1b[2J\x1b]0;title\x07\xff")
    return np.maximum(0, inputs)
