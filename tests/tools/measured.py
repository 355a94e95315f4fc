"""Measures NumPy's float32 exponential and logarithm over every argument that softmax and the losses can give them.

``python -m tests.tools.measured`` prints the figures that spec/model.md quotes; with ``--kernels`` those that
spec/kernels.md quotes, and fails where a bound of that page does not hold. It takes a minute or two.
"""

import sys
from collections.abc import Callable
from functools import partial
from typing import NamedTuple

import numpy as np

from nnfs_spec.arrays import Array
from nnfs_spec.fast import native
from tests.tools.kernels import built

BLOCK = 2**19
U = 2.0**-24

EXP_UNITS, LOG_UNITS = 1.5, 2.6
"""The bounds of spec/kernels.md, in u of the exact value."""


class Worst(NamedTuple):
    """The largest error in ULP and in u of the exact value, over so many arguments; and how often order is not kept."""

    arguments: int
    ulps: float
    units: float
    falling: int


def worst(function: Callable[[Array], Array], first: float, last: float) -> Worst:
    """Measure ``function`` on every float32 from ``first`` to ``last``, of one sign, against float64."""
    low, high = sorted(int(np.float32(end).view(np.uint32)) for end in (first, last))
    ulps = units = 0.0
    falling = 0
    before: Array | None = None
    for start in range(low, high + 1, BLOCK):
        x = np.arange(start, min(start + BLOCK, high + 1), dtype=np.uint32).view(np.float32)
        got, exact = function(x), function(x.astype(np.float64))
        error = np.abs(got.astype(np.float64) - exact)
        _, exponent = np.frexp(np.abs(exact))
        ulps = max(ulps, float((error / np.ldexp(1.0, np.maximum(exponent, -125) - 24)).max()))
        normal = np.abs(exact) >= np.finfo(np.float32).smallest_normal
        units = max(units, float((error[normal] / np.abs(exact[normal])).max(initial=0.0)) / U)
        steps: Array = np.diff(got if before is None else np.concatenate([before, got]))
        falling += int(np.count_nonzero(steps > 0 if first < 0 else steps < 0))
        before = got[-1:]
    return Worst(high - low + 1, ulps, units, falling)


def numpys() -> None:
    """Print the figures of NumPy."""
    for name, function, first, last in (("exp", np.exp, -104.5, -0.0), ("log", np.log, 1e-7, 1 - 1e-7)):
        found = worst(function, first, last)
        print(
            f"{name}, {found.arguments:,} arguments from {first} to {last}: {found.ulps:.4f} ulp,"
            f" {found.units:.4f}u, {found.falling:,} neighbours out of order"
        )
    for first, last in ((1.0, 2.0), (2.0, float(np.exp(2)))):
        found = worst(np.log, np.nextafter(np.float32(first), np.float32(2)) if first == 1 else first, last)
        print(f"log, {found.arguments:,} arguments from {first:g} to {last:.4g}: {found.ulps:.4f} ulp")


def _row(function: native.ToArray, numbers: Array) -> Array:
    row: Array = np.asarray(function(numbers[None]))[0]
    return row


def of_kernels() -> None:
    """Print the figures of the kernels, and end with an error where one is beyond its bound."""
    kernels = native.load(built())
    for name, function, bound, ends in (
        ("exp", kernels.exp, EXP_UNITS, (-87.32999, -0.0)),  # the next number is 0
        ("log", kernels.log, LOG_UNITS, (1e-7, 1 - 1e-7)),
        ("log", kernels.log, LOG_UNITS, (1.0000001, 2.0**20)),
    ):
        first, last = (float(np.float32(end)) for end in ends)
        found = worst(partial(_row, function), first, last)
        told = f"{name}, {found.arguments:,} arguments from {first:.8g} to {last:.8g}"
        print(f"{told}: {found.ulps:.4f} ulp, {found.units:.4f}u, {found.falling:,} neighbours out of order")
        if not found.units <= bound:
            sys.exit(f"{name}: {found.units}u is beyond the bound, {bound}u")


def main() -> None:
    """Print the figures of NumPy or, if asked for, of the kernels."""
    if "--kernels" in sys.argv[1:]:
        of_kernels()
    else:
        numpys()


if __name__ == "__main__":
    main()
