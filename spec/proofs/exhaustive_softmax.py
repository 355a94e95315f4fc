"""Softmax of two classes for every pair of finite float32 logits: ``python -m spec.proofs.exhaustive_softmax``.

The seed's formula subtracts the larger logit, so one exponent is 0 and the other is -d, where d = fl(|z1 - z2|): the
rounded difference, as negation rounds nothing. e^0 is 1. So the result is 1 / (1 + e) for the larger logit and
e / (1 + e) for the smaller, with e the computed exponential of -d, and depends on the pair through d alone. There are
2,139,095,041 values of d: every float32 from 0 to the largest, and infinity, where the difference overflows. To try
each of them is to try all pairs, which are the square of 4,278,190,080.

A result is judged against the exact softmax of every pair behind d. The exact distances D that round to d fill an
interval. The two exact probabilities 1 / (1 + e^-D) and e^-D / (1 + e^-D) are monotone in D, so the error is largest
at an end of the interval. The bound is taken at the end where it is least. Neighbours with the same e have the same
result, and are judged together as one longer interval.

The exact values are computed in float64, with relative errors below 10^-15. A bound is relative and at least
6 * 2^-24, so a share of it is wrong by less than 10^-8; a share above 0.999999 counts as a failure.

Two things are taken for granted: that NumPy's exponential of a number does not depend on the number's place in an
array, and that the sum of two numbers is their rounded sum. The reference itself is called on random pairs, of all
magnitudes, to see that both hold; each must give the very bits that its d stands for.
"""

import argparse
import math
import sys
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]
Doubles = npt.NDArray[np.float64]

U, TINY = 2.0**-24, 2.0**-126
INFINITY = 0x7F800000
"""The bits of infinity; those of the other distances lie below."""

BLOCK = 1 << 22
UNITS = 2 + 4
"""C + 4, the units of roundoff that SOFTMAX-1 and SOFTMAX-4 allow for two classes."""

MOST = 1 - 1e-6


@dataclass
class Tally:
    """What was judged: how many distances, the largest shares of the bounds, and the first distances that failed."""

    judged: int = 0
    shares: dict[str, tuple[float, float]] = field(default_factory=dict[str, tuple[float, float]])
    failed: dict[str, float] = field(default_factory=dict[str, float])

    def add(self, other: "Tally") -> None:
        """Take in what another tally holds."""
        self.judged += other.judged
        for clause, share in other.shares.items():
            self.shares[clause] = max(self.shares.get(clause, (0.0, 0.0)), share)
        self.failed = {**other.failed, **self.failed}


def probabilities(d: Floats) -> tuple[Floats, Floats, Floats]:
    """Return the computed exponentials of -d, and the probabilities of the larger and of the smaller logit."""
    e: Floats = np.exp(-d)
    s: Floats = np.add(np.float32(1), e)
    large: Floats = np.divide(np.float32(1), s)
    small: Floats = np.divide(e, s)
    return e, large, small


def _softmax(distance: Doubles) -> tuple[Doubles, Doubles]:
    e = np.exp(-distance)
    return 1 / (1 + e), e / (1 + e)


def judged(start: int, stop: int, units: int = UNITS) -> Tally:
    """Return the tally of the distances whose bits lie in a range; ``units`` puts another number in place of C + 4."""
    bits = np.arange(max(start - 1, 0), min(stop + 1, INFINITY + 1), dtype=np.uint32)
    around = bits.view(np.float32).astype(np.float64)
    around[around == math.inf] = 2.0**128
    middles = (around[:-1] + around[1:]) / 2
    low = np.concatenate([[0.0], middles]) if start == 0 else middles
    high = middles if stop <= INFINITY else np.concatenate([middles, [2.0**129]])
    d = np.arange(start, stop, dtype=np.uint32).view(np.float32)
    low, high = low[: len(d)], high[-len(d) :]
    with np.errstate(under="ignore"):
        e, large, small = probabilities(d)
        firsts = np.concatenate([[0], np.flatnonzero(e[1:] != e[:-1]) + 1])
        lasts = np.concatenate([firsts[1:], [len(d)]]) - 1
        return _tally(d, large[firsts], small[firsts], firsts, low[firsts], high[lasts], units)


def _tally(
    d: Floats, large: Floats, small: Floats, firsts: npt.NDArray[np.intp], low: Doubles, high: Doubles, units: int
) -> Tally:
    """Judge runs of distances: their two probabilities, and the ends of the exact distances behind them."""
    p, q = large.astype(np.float64), small.astype(np.float64)
    p_low, q_high = _softmax(low)
    p_high, q_low = _softmax(high)
    relative = units + 2 * math.log(2)
    for_large = relative * U * p_low + 2 * TINY
    for_small = (relative + 2 * low) * U * q_low + 2 * TINY
    shares = {
        "SOFTMAX-1": np.abs((p - 1) + q) / (units * U),
        "SOFTMAX-4": np.maximum(
            np.maximum(np.abs(p - p_low), np.abs(p - p_high)) / for_large,
            np.maximum(np.abs(q - q_low), np.abs(q - q_high)) / for_small,
        ),
    }
    wrong = {name: ~(share <= MOST) for name, share in shares.items()}
    wrong["SOFTMAX-2"] = ~((p >= 0) & (p <= 1) & (q >= 0) & (q <= 1))
    wrong["SOFTMAX-3"] = ~(np.isfinite(p) & np.isfinite(q))
    wrong["SOFTMAX-7"] = ~(p >= q)
    wrong["SOFTMAX-9"] = ~(p >= 0.5)
    found = Tally(len(d))
    for name, share in shares.items():
        worst = int(np.argmax(share))
        found.shares[name] = (float(share[worst]), float(d[firsts[worst]]))
    for name, which in wrong.items():
        if which.any():
            found.failed[name] = float(d[firsts[int(np.argmax(which))]])
    return found


def _blocks() -> Iterator[tuple[int, int]]:
    for start in range(0, INFINITY + 1, BLOCK):
        yield start, min(start + BLOCK, INFINITY + 1)


def _judged_block(block: tuple[int, int]) -> Tally:
    return judged(*block)


def strays(count: int, seed: int = 0) -> int:
    """Return how many of ``count`` random pairs the reference gives other bits than their distance stands for."""
    from nnfs_spec import softmax

    random = np.random.default_rng(seed)
    any_bits = random.integers(0, 2**32, size=(count, 2), dtype=np.uint32).view(np.float32)
    near = any_bits.copy()
    with np.errstate(invalid="ignore"):  # some of these bits are a NaN
        near[:, 1] = near[:, 0] + random.normal(scale=30, size=count).astype(np.float32)
    pairs = np.concatenate([any_bits, near, random.normal(scale=30, size=(count, 2)).astype(np.float32)])
    pairs = pairs[np.isfinite(pairs).all(axis=1)]
    with np.errstate(over="ignore", under="ignore"):
        result: Floats = softmax(pairs)
        _, large, small = probabilities(np.abs(pairs[:, 0] - pairs[:, 1]))
    first_is_larger = pairs[:, 0] >= pairs[:, 1]
    expected = np.where(first_is_larger[:, None], np.stack([large, small], axis=1), np.stack([small, large], axis=1))
    return int((result != expected).any(axis=1).sum())


def main() -> int:
    """Judge all distances and print the tally; the exit code tells whether all held."""
    parser = argparse.ArgumentParser(description="Softmax of every pair of finite float32 logits.")
    parser.add_argument("--processes", type=int, default=2)
    whole = Tally()
    with ProcessPoolExecutor(parser.parse_args().processes) as pool:
        for found in pool.map(_judged_block, _blocks(), chunksize=4):
            whole.add(found)
    stray = strays(1_000_000)
    print(f"distances {whole.judged:,}")
    for clause, (share, distance) in sorted(whole.shares.items()):
        print(f"{clause}: at most {share:.6f} of the bound, at d = {distance!r}")
    for clause, distance in sorted(whole.failed.items()):
        print(f"{clause}: FAILED at d = {distance!r}")
    print(f"random pairs with other bits: {stray}")
    return int(bool(whole.failed) or stray > 0 or whole.judged != INFINITY + 1)


if __name__ == "__main__":
    sys.exit(main())
