"""Memory of large arrays, which the C library takes from the system anew each time, unless told otherwise."""

import numpy as np

LARGEST = 2**25 - 2**16
"""Bytes; of a larger array that is freed glibc learns nothing."""


def keep_freed() -> None:
    """Have arrays take memory that others left: once a large one was freed, glibc keeps what is smaller.

    Pages that are new to a process take longer than what is computed on them: blocks of complete sets take 0.55 to 0.8
    of the time. Helper it changes nothing.
    """
    np.empty(LARGEST, np.uint8)
