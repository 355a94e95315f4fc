"""Arguments of trial calls, in which no two lengths are the same, so that a shape tells which axis is which."""

import numpy as np

from nnfs_spec.arrays import Array


def _numbers(*shape: int) -> Array:
    numbers: Array = np.sin(np.arange(1.0, 1.0 + np.prod(shape))).reshape(shape)
    return numbers


N_INPUTS, ROWS, N_NEURONS = range(3, 6)
SAMPLES, N_CLASSES = N_NEURONS, N_INPUTS

_PROBABILITIES = np.abs(_numbers(SAMPLES, N_CLASSES)) / np.abs(_numbers(SAMPLES, N_CLASSES)).sum(axis=1, keepdims=True)
_LABELS = np.arange(SAMPLES) % N_CLASSES
_ONE_HOT = (np.arange(N_CLASSES) == _LABELS[:, np.newaxis]).astype(np.int64)

ROW = (_numbers(N_INPUTS),)
BATCH = (_numbers(ROWS, N_INPUTS),)
WEIGHED = (_numbers(ROWS, N_INPUTS), _numbers(N_INPUTS, N_NEURONS), _numbers(1, N_NEURONS))
LABELLED = ((_PROBABILITIES, _LABELS), (_PROBABILITIES, _ONE_HOT))
"""With class indices and with one-hot labels; the first counts more."""
