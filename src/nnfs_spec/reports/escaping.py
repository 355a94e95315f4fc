"""Values as text: exact, copyable into Python, and safe to print whatever a subject put into them."""

import numpy as np

from nnfs_spec.arrays import Array

MOST_ENTRIES = 40


def printable(text: str) -> str:
    """Return ``text`` with every control character written as an escape, so that it cannot steer a terminal.

    What is escaped includes every character that XML forbids.
    """
    return "".join(c if c.isprintable() or c == "\n" else c.encode("unicode_escape").decode("ascii") for c in text)


def inline(text: str) -> str:
    """Return ``text`` printable on one line, so that it cannot pass for a line of the report."""
    return printable(text).replace("\n", "\\n")


def block(text: str, indent: str) -> str:
    """Return ``text`` printable, its lines after the first indented and marked, so that no program obeys them.

    Those that read commands in the output of a build pass over the spaces before them.
    """
    return printable(text).replace("\n", f"\n{indent}| ")


def is_long(array: Array) -> bool:
    """Tell whether ``array`` has more entries than are shown."""
    return array.size > MOST_ENTRIES


def literal(array: Array) -> str:
    """Return a Python expression for ``array``, exact to the bit for its dtype, long ones cut with a note."""
    if array.dtype.kind == "U":
        return inline(str(array))
    if is_long(array):
        return f"<{array.dtype} of shape {array.shape}, {array.size} entries: too long to show>"
    return (
        f"np.array({_nested(array)}, dtype=np.{array.dtype})"
        if array.size
        else f"np.empty({array.shape}, dtype=np.{array.dtype})"
    )


def plain(array: Array) -> str:
    """Return the entries of ``array`` alone, as nested lists of shortest decimals."""
    if array.dtype.kind == "U":
        return inline(str(array))
    if is_long(array):
        return f"<shape {array.shape}>"
    return _nested(array)


def _nested(array: Array) -> str:
    if array.ndim == 0:
        return _entry(array)
    return f"[{', '.join(map(_nested, array))}]"


def _entry(entry: Array) -> str:
    value = entry[()]
    if np.isnan(value) or np.isinf(value):
        return {"nan": "np.nan", "inf": "np.inf", "-inf": "-np.inf"}[str(value)]
    return str(value)
