"""What it costs to check an executable: values a second each way, and the time of a default verdict.

``python -m tests.tools.benchmarks.ports`` builds the port in C twice, one that speaks text alone and one that takes
bytes, too. Rates are of one call of many rows, with what the port itself takes; a verdict is what ``nnfs-spec check``
gives.
"""

import sys
import tempfile
import time
from pathlib import Path

import numpy as np
from rich.console import Console
from rich.table import Table

from nnfs_spec.adapters.isolated import IsolatedSubject
from nnfs_spec.checking.api import check_isolated
from nnfs_spec.engine.options import CheckOptions
from nnfs_spec.subject.protocol import Call
from tests.ports.building import LANGUAGES, built

FRAMINGS = {"text": "echo", "binary": "echo binary"}
ROWS, COLUMNS, ROUNDS = 100_000, 10, 3


def rate(target: str) -> float:
    """Return how many values a second go to the port and come back, at the best of a few rounds."""
    call = Call("relu", (np.random.default_rng(0).normal(size=(ROWS, COLUMNS)),))
    seconds: list[float] = []
    with IsolatedSubject(target, timeout=60.0) as subject:
        for _ in range(ROUNDS):
            start = time.perf_counter()
            subject.run([call])
            seconds.append(time.perf_counter() - start)
    return ROWS * COLUMNS / min(seconds)


def verdict(target: str) -> tuple[str, float]:
    """Return the verdict of the default budget, and the seconds that it took."""
    start = time.perf_counter()
    report = check_isolated(IsolatedSubject(target, wait=False), CheckOptions())
    return report.verdict, time.perf_counter() - start


def main() -> int:
    """Print the table."""
    table = Table(box=None)
    for name in ("framing", "verdict"):
        table.add_column(name)
    for name in ("seconds", "values a second"):
        table.add_column(name, justify="right")
    for framing, features in FRAMINGS.items():
        with tempfile.TemporaryDirectory() as folder:
            target = built("c", LANGUAGES["c"], Path(folder), [f'-DFEATURES="{features}"'])
            found, seconds = verdict(target)
            table.add_row(framing, found, f"{seconds:.1f}", f"{rate(target):,.0f}")
    Console().print(table)
    return 0


if __name__ == "__main__":
    sys.exit(main())
