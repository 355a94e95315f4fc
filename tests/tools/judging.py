"""Judges subjects made of functions by one clause, for tests that look at what a property says."""

from collections.abc import Callable
from typing import Any

import numpy as np

from nnfs_spec.adapters.live import LiveSubject
from nnfs_spec.domains import Case, Domain
from nnfs_spec.properties import PROPERTIES, Finding
from nnfs_spec.subject.protocol import Call, Probe

FLOAT64 = np.dtype(np.float64)


def judge(clause: str, domain: Domain, arrays: dict[str, Any], **operations: Callable[..., Any]) -> Finding:
    """Judge a subject made of functions by one clause on one float64 case."""
    return PROPERTIES[clause].judge(probe(**operations), case_of(domain, arrays))


def calls_of(clause: str, domain: Domain, arrays: dict[str, Any], **operations: Callable[..., Any]) -> list[Call]:
    """Return every call that a clause makes to a subject made of functions, on one float64 case."""
    asked = probe(**operations)
    PROPERTIES[clause].judge(asked, case_of(domain, arrays))
    return asked.asked


def probe(**operations: Callable[..., Any]) -> Probe:
    """Return a probe of a subject made of functions."""
    return Probe(LiveSubject("made up", {name: always(function) for name, function in operations.items()}))


def case_of(domain: Domain, arrays: dict[str, Any], dtype: np.dtype[Any] = FLOAT64) -> Case:
    """Return a case of these arrays, as they are."""
    return Case(domain, dtype, {name: np.asarray(array) for name, array in arrays.items()})


def always(function: Callable[..., Any]) -> Callable[[], Callable[..., Any]]:
    """Return what makes ``function``, as a subject wants it."""
    return lambda: function
