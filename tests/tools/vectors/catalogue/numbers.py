"""Numbers that several operations are tried on."""

import numpy as np

INFINITY, NAN = float("inf"), float("nan")


def largest(dtype: str) -> float:
    """Return the largest finite number."""
    return float(np.finfo(dtype).max)


def smallest(dtype: str) -> float:
    """Return the smallest number above zero, a subnormal."""
    return float(np.finfo(dtype).smallest_subnormal)


def tiny(dtype: str) -> float:
    """Return the smallest normal number."""
    return float(np.finfo(dtype).smallest_normal)


def after(number: float, dtype: str, steps: int = 1) -> float:
    """Return the number that lies ``steps`` numbers of the dtype above, or below where it is negative."""
    kind = np.dtype(dtype).type
    towards = kind(INFINITY if steps > 0 else -INFINITY)
    found = kind(number)
    for _ in range(abs(steps)):
        found = np.nextafter(found, towards)
    return float(found)
