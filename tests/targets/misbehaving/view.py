"""Returns a view of a buffer that the next call overwrites."""

import numpy as np


class Buffer:
    numbers = np.zeros(4_000_000)


def relu(inputs):
    view = Buffer.numbers[: inputs.size].reshape(inputs.shape)
    view[...] = np.maximum(0, inputs)
    return view
