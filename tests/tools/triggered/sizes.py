"""Triggers on the numbers of rows, columns and neurons."""

from collections.abc import Callable, Mapping, Sequence

import numpy as np

from nnfs_spec.diagnosis.inputs import Arguments, Generator, ordinary_dense
from nnfs_spec.subject.operations import Operation
from tests.tools.triggered.trigger import Trigger, ordinary


def rows_of(given: Arguments) -> int:
    """Return the number of rows."""
    return len(given[0])


def width_of(given: Arguments) -> int:
    """Return the number of columns; none where the argument is no matrix."""
    return given[0].shape[1] if given[0].ndim == 2 else 0


def log_uniform(rng: Generator, least: int, most: int) -> int:
    """Return a number of which every size is as likely as another."""
    return round(float(2 ** rng.uniform(np.log2(least), np.log2(most))))


def _natural(rng: Generator, most: int) -> int:
    """Return a size that people write down: a small one, a round one, or a power of two and its neighbours."""
    powers = [2**k + d for k in range(2, 13) for d in (-1, 0, 1)]
    pool = [*range(1, 65), *powers, 10, 20, 50, 100, 150, 200, 300, 500, 784, 1000]
    return int(rng.choice([size for size in pool if size <= most]))


def _sized(text: str, fires: Callable[[int], bool], size: int, which: str, operation: Operation) -> Trigger:
    """Return a trigger on one of the sizes, and a witness of that ``size``."""
    sizes: Mapping[str, Callable[[Arguments], int]] = {"rows": rows_of, "width": width_of, "neurons": _neurons}
    measure = sizes[which]

    def witness(rng: Generator) -> Sequence[Arguments]:
        other = {"rows": 2} if which != "rows" and size > 64 else {"width": 3} if size > 64 else {}
        return [ordinary(operation, rng, **{**other, which: size})]

    return Trigger(text, lambda past, given: fires(measure(given)), witness)


def _neurons(given: Arguments) -> int:
    neurons: int = given[1].shape[-1]
    return neurons


def rows_above(rng: Generator, operation: Operation) -> Trigger:
    """More rows than some number up to 2^16."""
    k = log_uniform(rng, 1, 2**16)
    return _sized(f"more than {k} rows", lambda n: n > k, k + 1 + k // 8, "rows", operation)


def rows_below(rng: Generator, operation: Operation) -> Trigger:
    """Fewer rows than some number."""
    k = log_uniform(rng, 2, 200)
    return _sized(f"fewer than {k} rows", lambda n: n < k, k - 1, "rows", operation)


def rows_equal(rng: Generator, operation: Operation) -> Trigger:
    """One number of rows."""
    k = _natural(rng, 1025)
    return _sized(f"exactly {k} rows", lambda n: n == k, k, "rows", operation)


def rows_in_blocks(rng: Generator, operation: Operation) -> Trigger:
    """Rows that fill no whole number of blocks, or one, or a power of two."""
    block = int(2 ** rng.integers(1, 10))
    match int(rng.integers(3)):
        case 0:
            return _sized(
                f"more than {block} rows and no multiple of it",
                lambda n: n > block and n % block > 0,
                block + 1,
                "rows",
                operation,
            )
        case 1:
            return _sized(f"a multiple of {block} rows", lambda n: n % block == 0, block, "rows", operation)
        case _:
            return _sized(
                "rows a power of two from 4", lambda n: n >= 4 and n & (n - 1) == 0, max(4, block), "rows", operation
            )


def width_above(rng: Generator, operation: Operation) -> Trigger:
    """Wider than some number up to 1000."""
    k = log_uniform(rng, 1, 1000)
    which = "neurons" if operation == "dense" and rng.random() < 0.4 else "width"
    return _sized(f"{which} above {k}", lambda n: n > k, k + 1 + k // 8, which, operation)


def width_equal(rng: Generator, operation: Operation) -> Trigger:
    """One width."""
    k = _natural(rng, 1025)
    which = "neurons" if operation == "dense" and rng.random() < 0.4 else "width"
    return _sized(f"{which} exactly {k}", lambda n: n == k, k, which, operation)


def width_in_blocks(rng: Generator, operation: Operation) -> Trigger:
    """A width that fills no whole number of blocks, or an odd one, or no power of two."""
    block = int(2 ** rng.integers(1, 8))
    match int(rng.integers(3)):
        case 0:
            return _sized(
                f"width above {block} and no multiple of it",
                lambda n: n > block and n % block > 0,
                block + 1,
                "width",
                operation,
            )
        case 1:
            return _sized(f"width a multiple of {block}", lambda n: n % block == 0, block, "width", operation)
        case _:
            return _sized(
                f"width above {block} and odd", lambda n: n > block and n % 2 == 1, block | 1 + 2, "width", operation
            )


def square(rng: Generator, operation: Operation) -> Trigger:
    """As many rows as columns, from some size on; of a dense layer also as many inputs as neurons."""
    k = int(rng.choice([1, 2, 3, 5, 8, 16, 40]))
    n = max(2, k + int(rng.integers(0, 4)))
    if operation == "dense" and rng.random() < 0.5:
        return Trigger(
            f"inputs and neurons alike, at least {k}",
            lambda past, given: given[1].shape[0] == given[1].shape[1] >= k,
            lambda rng: [ordinary_dense(rng, 5, n, n)],
        )
    return Trigger(
        f"rows and columns alike, at least {k}",
        lambda past, given: rows_of(given) == width_of(given) >= k,
        lambda rng: [ordinary(operation, rng, n, n)],
    )
