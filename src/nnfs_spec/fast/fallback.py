"""The second road: arguments that a kernel does not take as they are, and the reference for what it refuses."""

from collections.abc import Callable
from typing import Any, cast

import numpy as np

from nnfs_spec.arrays import AnyMatrix, Array
from nnfs_spec.errors import SpecError, SpecTypeError, SpecValueError
from nnfs_spec.reference.arguments import real_dtype


def fall_back(attempt: Callable[[], Any], plain: Callable[[], Any], out: Array | None = None) -> Any:
    """Return what ``attempt`` computes; where that is None or an error, what ``plain``, the reference, answers.

    Raises what ``plain`` raises, and where it raises nothing, the SpecError of ``attempt``, which is about ``out`` or
    ``workers`` then.
    """
    problem: SpecError | None = None
    try:
        result = attempt()
    except SpecError as found:
        result, problem = None, found
    if result is not None:
        return result
    result = plain()
    if problem is not None:
        raise problem
    if out is None:
        return result
    out[...] = result
    return out


def plain_matrix(numbers: AnyMatrix) -> AnyMatrix:
    """Return a matrix as kernels take it: C-contiguous, aligned, float32 or float64 of the machine's byte order."""
    return np.require(numbers, real_dtype(numbers), ["C", "A"])


def require_room(
    operation: str, out: Any, shape: tuple[int, ...], dtype: np.dtype[Any], clause: str, *arguments: object
) -> None:
    """Require that a result of ``shape`` and ``dtype`` can be written to ``out``, if that is given.

    Raises SpecTypeError for an ``out`` that is no array or of another dtype (GEN-5), SpecValueError for one of another
    shape (``clause``), not C-contiguous (GEN-4), not writable, or that overlaps an argument (GEN-1).
    """
    if out is None:
        return
    if not isinstance(out, np.ndarray):
        raise SpecTypeError(operation, "out", f"a {type(out).__name__}", "an array or None", "GEN-8")
    given = cast("Array", out)
    if given.dtype != dtype:
        raise SpecTypeError(operation, "out.dtype", str(given.dtype), f"{dtype}, as the result", "GEN-5")
    if given.shape != shape:
        raise SpecValueError(operation, "out.shape", str(given.shape), f"{shape}, as the result", clause)
    if not given.flags.c_contiguous:
        raise SpecValueError(operation, "out", "not C-contiguous", "C-contiguous", "GEN-4")
    if not given.flags.writeable:
        raise SpecValueError(operation, "out", "read-only", "writable", "GEN-8")
    if any(np.may_share_memory(given, np.asarray(argument)) for argument in arguments):
        raise SpecValueError(operation, "out", "in the memory of an argument", "apart from the arguments", "GEN-1")
