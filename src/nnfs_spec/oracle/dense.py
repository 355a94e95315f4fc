"""Exact x·w + b (spec/dense.md, DENSE-1)."""

import numpy as np

from nnfs_spec.arrays import Array, smallest_subnormal, unit_roundoff
from nnfs_spec.oracle import pairs
from nnfs_spec.oracle.enclosure import Enclosure
from nnfs_spec.oracle.pairs import Doubles, Pair

LEAST_SCALE = -1200
"""Sums are held as multiples of a power of two; this is the least power, far below every subnormal."""

BLOCK = 2**20
"""Products held at a time: rows are taken in blocks so that memory stays bounded."""


def dense(inputs: Array, weights: Array, biases: Array) -> Enclosure:
    """Return the exact inputs (N, K) · weights (K, M) + biases (1, M), with the bound of DENSE-1.

    Where a product or a sum could overflow in the dtype, the clause claims nothing: the bound is infinite.
    """
    rows = max(1, BLOCK // max(1, weights.size))
    blocks = [_block(inputs[start : start + rows], weights, biases) for start in range(0, max(1, len(inputs)), rows)]
    parts = [np.concatenate(part) for part in zip(*blocks, strict=True)]
    return Enclosure(*parts)


def _block(inputs: Array, weights: Array, biases: Array) -> tuple[Doubles, Doubles, Doubles, Doubles]:
    n_inputs = inputs.shape[1]
    mantissa, exponent = _terms(inputs.astype(np.float64), weights.astype(np.float64), biases.astype(np.float64))
    scale = np.maximum(np.where(mantissa[0] == 0, LEAST_SCALE, exponent).max(axis=-1), LEAST_SCALE)
    shift = np.maximum(exponent - scale[..., np.newaxis], -1000)
    scaled = np.ldexp(mantissa[0], shift), np.ldexp(mantissa[1], shift)
    hi, lo = pairs.sum_rows(scaled)
    magnitude = np.abs(scaled[0]).sum(axis=-1) * (1 + (n_inputs + 2) * 2.0**-52)
    finfo = np.finfo(inputs.dtype)
    tiniest = smallest_subnormal(inputs.dtype)
    with np.errstate(over="ignore", under="ignore"):
        size = np.ldexp(magnitude, scale)
        bound = (n_inputs + 2) * unit_roundoff(inputs.dtype) * size + n_inputs * tiniest
        radius = np.ldexp(magnitude * (n_inputs + 2) * 2.0**-102, scale) + smallest_subnormal(np.dtype(np.float64))
        value = np.ldexp(hi, scale), np.ldexp(lo, scale)
    claimed = size + bound <= float(finfo.max)
    return (
        np.where(claimed, value[0], 0.0),
        np.where(claimed, value[1], 0.0),
        np.where(claimed, radius, 0.0),
        np.where(claimed, bound, np.inf),
    )


def _terms(x: Doubles, w: Doubles, b: Doubles) -> tuple[Pair, np.ndarray[tuple[int, ...], np.dtype[np.int64]]]:
    """Return the K products and the bias of every entry, (N, M, K + 1): exact pairs below 1 times powers of two."""
    x_part, x_exponent = np.frexp(x)
    w_part, w_exponent = np.frexp(w.T)
    b_part, b_exponent = np.frexp(b.reshape(-1))
    shape = (len(x), w.shape[1], x.shape[1] + 1)
    hi, lo = np.empty(shape), np.empty(shape)
    exponent = np.empty(shape, dtype=np.int64)
    hi[..., :-1], lo[..., :-1] = pairs.two_product(x_part[:, np.newaxis, :], w_part[np.newaxis, :, :])
    exponent[..., :-1] = x_exponent[:, np.newaxis, :] + w_exponent[np.newaxis, :, :]
    hi[..., -1], lo[..., -1], exponent[..., -1] = b_part, 0.0, b_exponent
    return (hi, lo), exponent
