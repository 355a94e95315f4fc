"""What a run found, as it is written to JSON."""

import json
from dataclasses import asdict, dataclass
from typing import Any

from tests.tools.benchmarks.speed.cells import Cell


@dataclass(frozen=True)
class Measured:
    """A cell: the seconds of a call of each subject and of each limit, round by round."""

    cell: Cell
    seconds: list[dict[str, float]]
    roofs: tuple[str, ...]

    @property
    def names(self) -> list[str]:
        """The subjects, without the limits."""
        return [name for name in self.seconds[0] if name not in self.roofs]


@dataclass(frozen=True)
class Run:
    """All cells with one setting of threads, in one process."""

    threads: int
    cells: tuple[Measured, ...]


@dataclass(frozen=True)
class Record:
    """All runs, and what they ran on. ``missing`` says of peers that are not there what they need."""

    quick: bool
    machine: dict[str, str]
    versions: dict[str, str]
    missing: dict[str, list[str]]
    memory: dict[str, int]
    runs: tuple[Run, ...]


def to_json(what: Run | Record) -> str:
    """Return a run or a record as text."""
    return json.dumps(asdict(what), indent=1) + "\n"


def run_from(text: str) -> Run:
    """Return the run that ``to_json`` wrote."""
    told: Any = json.loads(text)
    return Run(told["threads"], tuple(map(_measured, told["cells"])))


def _measured(told: Any) -> Measured:
    cell = told["cell"]
    rows, classes = cell["shape"]
    return Measured(Cell(cell["operation"], (rows, classes), cell["dtype"]), told["seconds"], tuple(told["roofs"]))
