"""Exact softmax (spec/softmax.md, SOFTMAX-4) and the logistic sigmoid (SOFTMAX-10)."""

import numpy as np

from nnfs_spec.arrays import Array, smallest_normal, unit_roundoff
from nnfs_spec.oracle import bounds
from nnfs_spec.oracle import double_double as pairs
from nnfs_spec.oracle import float64 as doubles
from nnfs_spec.oracle.double_double import Doubles, Pair
from nnfs_spec.oracle.enclosure import Enclosure, joined

LEAST_EXPONENT = -750.0
"""Below it an exponential is taken as 0, being less than 2^-1082."""

ABSOLUTE_ERROR = 2.0**-1068
"""Error of an entry besides the relative one: exponentials below the normal numbers are rounded, and then divided."""


BLOCK = 2**14
"""Entries held at a time: rows are taken in blocks so that every intermediate stays in the cache."""


def softmax(inputs: Array) -> Enclosure:
    """Return the exact softmax of each row of ``inputs`` (N, C), with the bound of SOFTMAX-4."""
    rows = max(1, BLOCK // max(1, inputs.shape[1]))
    blocks = [_block(inputs[start : start + rows]) for start in range(0, max(1, len(inputs)), rows)]
    return joined(blocks)


def _block(inputs: Array) -> Enclosure:
    logits = inputs.astype(np.float64)
    if inputs.dtype == np.float32:
        return _in_doubles(logits, inputs)
    distance = _distance_from_largest(logits)
    exponentials = _exp_or_zero(distance)
    hi, lo = pairs.divide(exponentials, _column(pairs.sum_rows(exponentials)))
    return Enclosure(hi, lo, _radius(hi, logits.shape[1]), _bound(hi, distance[0], inputs))


def _in_doubles(logits: Doubles, inputs: Array) -> Enclosure:
    """Return the softmax of float32 logits, for which float64 is exact enough."""
    distance = logits - logits.max(axis=1, keepdims=True)
    exponentials = doubles.exp(np.maximum(distance, LEAST_EXPONENT))
    q = exponentials / exponentials.sum(axis=1, keepdims=True)
    radius = q * ((2 * logits.shape[1] + 16 - distance) * 2.0**-52) + ABSOLUTE_ERROR
    return Enclosure(q, np.zeros_like(q), radius, _bound(q, distance, inputs))


def sigmoid(inputs: Array) -> Enclosure:
    """Return, for rows of two logits, the logistic sigmoid of (z0 - z1, z1 - z0), with the bound of SOFTMAX-4."""
    rows = BLOCK // 2
    blocks = [_sigmoid(inputs[start : start + rows]) for start in range(0, max(1, len(inputs)), rows)]
    return joined(blocks)


def _sigmoid(inputs: Array) -> Enclosure:
    logits = inputs.astype(np.float64)
    difference = _difference(logits[:, ::-1], logits)
    # 1 / (1 + e^d) = e^-d / (1 + e^-d): the one for d < 0, the other for d > 0, and no exponential overflows.
    falling = _exp_or_zero(_only(difference, difference[0] < 0))
    rising = _exp_or_zero(pairs.negate(_only(difference, difference[0] > 0)))
    hi, lo = pairs.divide(rising, pairs.add(falling, rising))
    distance = _distance_from_largest(logits)
    return Enclosure(hi, lo, _radius(hi, 2), _bound(hi, distance[0], inputs))


def _distance_from_largest(logits: Doubles) -> Pair:
    return _difference(logits, logits.max(axis=1, keepdims=True))


def _difference(a: Doubles, b: Doubles) -> Pair:
    """Return a - b exactly where it does not overflow, else a signed infinity, with NaN for its low part."""
    with np.errstate(over="ignore", invalid="ignore"):
        return pairs.two_sum(a, -b)


def _exp_or_zero(a: Pair) -> Pair:
    near = a[0] >= LEAST_EXPONENT
    if near.all():
        return pairs.exp(a)
    hi, lo = pairs.exp((np.where(near, a[0], 0.0), np.where(near, a[1], 0.0)))
    return np.where(near, hi, 0.0), np.where(near, lo, 0.0)


def _only(a: Pair, where: np.ndarray[tuple[int, ...], np.dtype[np.bool_]]) -> Pair:
    return np.where(where, a[0], 0.0), np.where(where, a[1], 0.0)


def _column(a: Pair) -> Pair:
    return a[0][:, np.newaxis], a[1][:, np.newaxis]


def _radius(q: Doubles, classes: int) -> Doubles:
    return q * (4 * pairs.EXP_ERROR + classes * 2.0**-102) + ABSOLUTE_ERROR


def _bound(q: Doubles, distance: Doubles, inputs: Array) -> Doubles:
    classes = inputs.shape[1]
    steps = bounds.softmax_steps(classes, np.log(classes), np.abs(distance))
    finite = np.minimum(steps, np.finfo(np.float64).max)  # where they are infinite, q is 0
    bound: Doubles = bounds.softmax(finite, q, unit_roundoff(inputs.dtype), smallest_normal(inputs.dtype))
    return bound
