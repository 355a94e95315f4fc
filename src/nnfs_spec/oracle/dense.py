"""Exact x·w + b (spec/dense.md, DENSE-1)."""

import numpy as np

from nnfs_spec.arrays import Array, smallest_subnormal, unit_roundoff
from nnfs_spec.oracle import bounds
from nnfs_spec.oracle import double_double as pairs
from nnfs_spec.oracle.double_double import Doubles, Pair
from nnfs_spec.oracle.enclosure import Enclosure

LEAST_SCALE = -1200
"""Sums are held as multiples of a power of two; this is the least power, far below every subnormal."""

PLAIN_EXPONENT = 400
"""Numbers between 2^-400 and 2^400, and zeros, are multiplied and summed as they are: nothing leaves the range."""

BLOCK = 2**16
"""Products held at a time: rows are taken in blocks so that they stay in the cache."""


def dense(inputs: Array, weights: Array, biases: Array) -> Enclosure:
    """Return the exact inputs (N, K) · weights (K, M) + biases (1, M), with the bound of DENSE-1.

    Where a product or a sum could overflow in the dtype, the clause claims nothing: the bound is infinite.
    """
    x, w, b = (argument.astype(np.float64) for argument in (inputs, weights, biases))
    if inputs.dtype == np.float32:
        hi, lo, radius, size = _products_of_singles(x, w, b)
    else:
        enclose = _plain_sums if all(map(_is_plain, (x, w, b))) else _scaled_sums
        rows = max(1, BLOCK // max(1, w.size))
        blocks = [enclose(x[start : start + rows], w, b) for start in range(0, max(1, len(x)), rows)]
        hi, lo, radius, size = map(np.concatenate, zip(*blocks, strict=True))
    n_inputs, finfo = x.shape[1], np.finfo(inputs.dtype)
    bound = bounds.dense(n_inputs, size, unit_roundoff(inputs.dtype), smallest_subnormal(inputs.dtype))
    claimed = size + bound <= float(finfo.max)
    if claimed.all():
        return Enclosure(hi, lo, radius, bound)
    hi, lo, radius = (np.where(claimed, part, 0.0) for part in (hi, lo, radius))
    return Enclosure(hi, lo, radius, np.where(claimed, bound, np.inf))


def _is_plain(numbers: Doubles) -> bool:
    sizes = np.abs(numbers)
    least = np.min(sizes, where=sizes > 0, initial=np.inf)
    return bool(least >= 2.0**-PLAIN_EXPONENT and sizes.max(initial=0.0) <= 2.0**PLAIN_EXPONENT)


def _products_of_singles(x: Doubles, w: Doubles, b: Doubles) -> tuple[Doubles, Doubles, Doubles, Doubles]:
    """Return the sums of float32 numbers: in float64 each product is exact, and only the additions round."""
    size = _size(x, w, b)
    value = np.einsum("nk,km->nm", x, w) + b
    return value, np.zeros_like(value), size * (len(w) + 2) * 2.0**-52, size


def _plain_sums(x: Doubles, w: Doubles, b: Doubles) -> tuple[Doubles, Doubles, Doubles, Doubles]:
    """Return the sums of exact products as pairs, their radius, and the sums of absolute values."""
    hi, lo = pairs.two_product(x.T[:, :, np.newaxis], w[:, np.newaxis, :])
    summed = pairs.add(pairs.sum_first((hi, lo)), pairs.single(np.broadcast_to(b, hi.shape[1:])))
    size = _size(x, w, b)
    return *summed, size * (len(w) + 2) * 2.0**-102, size


def _size(x: Doubles, w: Doubles, b: Doubles) -> Doubles:
    """Return the sums of absolute values, enlarged so that rounding makes none too small."""
    sums: Doubles = np.einsum("nk,km->nm", np.abs(x), np.abs(w)) + np.abs(b)
    return sums * (1 + (len(w) + 2) * 2.0**-52)


def _scaled_sums(x: Doubles, w: Doubles, b: Doubles) -> tuple[Doubles, Doubles, Doubles, Doubles]:
    """Return the same where powers of two are kept apart, so that no product overflows or underflows."""
    n_inputs = x.shape[1]
    mantissa, exponent = _terms(x, w, b)
    scale = np.maximum(np.where(mantissa[0] == 0, LEAST_SCALE, exponent).max(axis=-1), LEAST_SCALE)
    shift = np.maximum(exponent - scale[..., np.newaxis], -1000)
    scaled = np.ldexp(mantissa[0], shift), np.ldexp(mantissa[1], shift)
    hi, lo = pairs.sum_rows(scaled)
    magnitude = np.abs(scaled[0]).sum(axis=-1) * (1 + (n_inputs + 2) * 2.0**-52)
    with np.errstate(over="ignore", under="ignore"):
        radius = np.ldexp(magnitude * (n_inputs + 2) * 2.0**-102, scale) + smallest_subnormal(np.dtype(np.float64))
        return np.ldexp(hi, scale), np.ldexp(lo, scale), radius, np.ldexp(magnitude, scale)


def _terms(x: Doubles, w: Doubles, b: Doubles) -> tuple[Pair, np.ndarray[tuple[int, ...], np.dtype[np.int64]]]:
    """Return the K products and the bias of every entry, (N, M, K + 1): exact pairs below 1 times powers of two."""
    x_part, x_exponent = np.frexp(x)
    w_part, w_exponent = np.frexp(w.T)
    b_part, b_exponent = np.frexp(b.ravel())
    shape = (len(x), w.shape[1], x.shape[1] + 1)
    hi, lo = np.empty(shape), np.empty(shape)
    exponent = np.empty(shape, dtype=np.int64)
    hi[..., :-1], lo[..., :-1] = pairs.two_product(x_part[:, np.newaxis, :], w_part[np.newaxis, :, :])
    exponent[..., :-1] = x_exponent[:, np.newaxis, :] + w_exponent[np.newaxis, :, :]
    hi[..., -1], lo[..., -1], exponent[..., -1] = b_part, 0.0, b_exponent
    return (hi, lo), exponent
