"""What the tests of every chapter share."""

import numpy as np

from nnfs_spec.arrays import Array
from nnfs_spec.engine.budget import BUDGETS
from nnfs_spec.engine.trial import attempt
from nnfs_spec.generate.sweep import batches
from nnfs_spec.properties import PROPERTIES
from nnfs_spec.subject.protocol import Subject

SWEEP = BUDGETS["default"].batches
"""Batches that a mutant must not survive."""


def sweep_kills(subject: Subject, clause: str, count: int = SWEEP) -> bool:
    """Tell whether the property of ``clause`` alone notices ``subject`` within ``count`` batches of each domain."""
    tested = PROPERTIES[clause]
    return any(
        attempt(tested, subject, case).bad
        for domain in tested.domains
        for dtype in domain.dtypes
        for case in batches(domain, dtype, 0, count)
    )


def relu_beyond(x: Array) -> Array:
    """Return ReLU, each positive entry two numbers too large."""
    right = np.maximum(x, 0)
    beyond = np.nextafter(np.nextafter(right, np.inf), np.inf)
    return np.where(right > 0, beyond, 0)
