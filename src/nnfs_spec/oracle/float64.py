"""The exponential and the logarithm in single float64 numbers: exact enough, and quick, where float32 is judged.

Nothing is left to the platform: the table is that of pairs.py, and the errors are derived in spec/conformance.md.
"""

import numpy as np

from nnfs_spec.oracle.double_double import POWERS, STEP_FIRST, STEP_REST, Doubles, scaled, split_steps


def exp(a: Doubles) -> Doubles:
    """Return e^a within 2^-51 relatively and 2^-1074 absolutely, for a in [-750, 700].

    The steps are those of ``pairs.exp`` without the low parts.
    """
    k = np.rint(a * (1 / STEP_FIRST))
    r = (a - k * STEP_FIRST) - k * STEP_REST
    grown = r + r * r * (1 / 2 + r * (1 / 6))
    m, j = split_steps(k)
    power = POWERS[0][j]
    return scaled(power + power * grown, m)


def log(p: Doubles) -> tuple[Doubles, Doubles]:
    """Return ln p and an absolute error bound, for p between 1e-290 and 1e290, by the Newton step of ``pairs.log``."""
    guess = np.log(p)
    t = p * exp(-guess) - 1.0
    return guess + t, t * t + 2.0**-49 + np.abs(guess) * 2.0**-52
