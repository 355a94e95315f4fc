"""Judges subjects made of functions by one clause, for tests that look at what a property says."""

from collections.abc import Callable
from typing import Any

import numpy as np

from nnfs_spec.adapters.live import LiveSubject
from nnfs_spec.domains import Case, Domain
from nnfs_spec.properties import PROPERTIES, Finding
from nnfs_spec.subject import Probe

FLOAT64 = np.dtype(np.float64)


def judge(clause: str, domain: Domain, arrays: dict[str, Any], **operations: Callable[..., Any]) -> Finding:
    """Judge a subject made of functions by one clause on one float64 case."""
    named = {name: np.asarray(array) for name, array in arrays.items()}
    subject = LiveSubject("made up", {name: always(function) for name, function in operations.items()})
    return PROPERTIES[clause].judge(Probe(subject), Case(domain, FLOAT64, named))


def always(function: Callable[..., Any]) -> Callable[[], Callable[..., Any]]:
    """Return what makes ``function``, as a subject wants it."""
    return lambda: function
