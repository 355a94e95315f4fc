"""A class that accumulates loss and accuracy, as the operation ``stream``."""

from collections.abc import Callable
from functools import partial
from typing import Any

from nnfs_spec.adapters.live import Implementation
from nnfs_spec.adapters.recognition.objects import made_without_arguments
from nnfs_spec.adapters.recognition.signatures import UnfitError
from nnfs_spec.adapters.recognition.trials import Way
from nnfs_spec.subject.stream import Accumulating, streamed

NEEDED = ("add", "merge")
"""The methods; ``loss``, ``accuracy`` and ``rows`` may be attributes that an object gets when it is made."""


def accumulator_way(title: str, kind: type[Any]) -> Way:
    """Return the way to stream rows through objects of a class. Raises UnfitError where it is no accumulator."""
    missing = [name for name in NEEDED if not hasattr(kind, name)]
    if missing:
        raise UnfitError(f"accumulates nothing: it has no method {' and no method '.join(missing)}")
    return Way((f"`{title}`",), accumulating(made_without_arguments(kind)))


def accumulating(new: Callable[[], Accumulating]) -> Implementation:
    """Return the implementation of ``stream`` on accumulators that ``new`` makes."""
    return lambda: partial(streamed, new)
