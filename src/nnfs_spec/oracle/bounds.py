"""The bounds of the clauses, each stated once: the oracle, in whatever arithmetic, and the properties evaluate these.

The chapters of spec/ derive them. A number is a float, an array, a fraction or a ball; ``u`` is the unit roundoff of
the dtype that is judged.
"""

from typing import Any


def dense(n_inputs: int, size: Any, u: Any, smallest_subnormal: Any) -> Any:
    """Return the bound of DENSE-1 for a sum of magnitudes ``size``."""
    return (n_inputs + 2) * u * size + n_inputs * smallest_subnormal


def row_sum(classes: int, u: Any) -> Any:
    """Return the bound of SOFTMAX-1."""
    return (classes + 8) * u


def softmax_steps(classes: int, ln_classes: Any, distance: Any) -> Any:
    """Return the bound of SOFTMAX-4 relative to the exact value, in units of u, at a distance from the largest logit.

    That is also how far an honest softmax moves the loss of its result.
    """
    return 2 * distance + (classes + 4 + 2 * ln_classes)


def softmax(steps: Any, q: Any, u: Any, smallest_normal: Any) -> Any:
    """Return the bound of SOFTMAX-4 for the exact value ``q``."""
    return steps * q * u + 2 * smallest_normal


def sample_loss(value: Any, u: Any) -> Any:
    """Return the bound of LOSS-1."""
    return (8 * value + 1.5) * u


def mean_loss(rows: int, value: Any, u: Any) -> Any:
    """Return the bound of LOSS-8 for the exact mean ``value``."""
    return ((rows + 10) * value + 1.5) * u


def streamed_loss(rows: int, joined: int, mean: Any, largest: Any, u: Any) -> Any:
    """Return the bound of STREAM-1 for rows of this mean loss, none of which loses more than ``largest``.

    ``joined`` counts chunks and merges. A sum or a weighted mean needs the first term, a running mean the second.
    """
    return ((rows + 3 * joined + 10) * mean + (rows / 2 + 4 * joined) * largest + 1.5) * u


def radius(value: Any, u: Any) -> Any:
    """Return the bound of DATA-2 at the exact radius ``value``."""
    return 8 * u * value
