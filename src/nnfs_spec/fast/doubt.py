"""When a tile holds what it should not, the reference is asked: so the errors, and their order, are its own."""

from collections.abc import Callable
from typing import Any

from nnfs_spec.arrays import Array
from nnfs_spec.errors import SpecError


class Doubt(Exception):
    """A cheap check met what may break a clause."""


def answer(quick: Callable[[], Any], plain: Callable[[], Any], out: Array | None = None) -> Any:
    """Return what ``quick`` computes; where it is in doubt, what ``plain``, the reference, says to the same arguments.

    Raises what ``plain`` raises, and where it raises nothing, the SpecError of ``quick``, which is about ``out`` or
    ``workers`` then.
    """
    try:
        return quick()
    except (Doubt, SpecError) as found:
        doubt = found
    result = plain()
    if isinstance(doubt, SpecError):
        raise doubt
    if out is None:
        return result
    out[...] = result
    return out
