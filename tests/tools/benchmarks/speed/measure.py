"""Measures all cells with as many threads as the environment and the affinity of this process allow.

``python -m tests.tools.benchmarks.speed.measure THREADS FILE [--quick]`` is what ``__main__`` calls, in a process for
each setting: libraries take the number of their threads when they are loaded.
"""

import sys
import time
import warnings
from pathlib import Path

from nnfs_spec.adapters.peers.library import Library
from nnfs_spec.adapters.peers.registry import PEERS, library, missing
from nnfs_spec.support.files import write_whole
from tests.tools.benchmarks.speed.cells import Cell, arguments, cells, work
from tests.tools.benchmarks.speed.record import Measured, Run, to_json
from tests.tools.benchmarks.speed.roof import roofs
from tests.tools.benchmarks.speed.subjects import ours, theirs
from tests.tools.benchmarks.speed.timing import FULL, PAUSE, QUICK, Effort, rounds
from tests.tools.kernels import use


def measured(cell: Cell, libraries: dict[str, Library], threads: int, effort: Effort) -> Measured:
    """Return the seconds of everybody on one cell."""
    given = arguments(cell)
    limits = roofs(work(cell), cell.dtype, threads)
    subjects = {**ours(cell, given, threads), **theirs(cell, given, libraries), **limits}
    pause = PAUSE if threads > 1 else 0.0
    return Measured(cell, rounds(subjects, effort, pause, time.perf_counter), tuple(limits))


def main() -> None:
    """Measure, and write what was found to the file."""
    threads, path, quick = int(sys.argv[1]), Path(sys.argv[2]), "--quick" in sys.argv[3:]
    use()
    warnings.simplefilter("ignore")  # scikit-learn warns of sums in float32
    libraries = {name: library(name) for name in PEERS if not missing(name)}
    found: list[Measured] = []
    todo = list(cells(quick))
    for number, cell in enumerate(todo, 1):
        print(f"threads {threads}: {number} of {len(todo)}, {cell.name}", file=sys.stderr, flush=True)
        found.append(measured(cell, libraries, threads, QUICK if quick else FULL))
    write_whole(path, to_json(Run(threads, tuple(found))))


if __name__ == "__main__":
    main()
