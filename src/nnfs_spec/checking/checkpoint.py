"""The file that records the progress of an exhaustive run, so that it can be interrupted and resumed."""

import hashlib
import json
import platform
import time
from collections.abc import Sequence
from dataclasses import fields
from pathlib import Path
from typing import Any

import numpy as np

from nnfs_spec.adapters.options import to_text
from nnfs_spec.checking.api import loading_of
from nnfs_spec.engine.clause_state import PartialState
from nnfs_spec.engine.exhaustive import Share
from nnfs_spec.engine.options import CheckOptions
from nnfs_spec.support.files import write_whole
from nnfs_spec.support.json_input import (
    DTYPES,
    ReadingError,
    a_count,
    a_form,
    a_list,
    a_text,
    an_entry,
    parsed,
    read_text,
    the_format,
)
from nnfs_spec.version import SPEC_VERSION, __version__

FORMAT = 2
SECONDS = 2.0
"""How often the file is written."""


class CheckpointError(Exception):
    """A file is not the state of this run."""


class CheckpointFile:
    """Records shares in ``path``; a run resumes another only if ``run`` is the same. Raises CheckpointError."""

    def __init__(self, path: Path, run: dict[str, Any]) -> None:
        self._path = path
        self._run = run
        self._begun: list[Share] = []
        self._shares: list[dict[str, Any]] = []
        self._written = time.monotonic()
        if path.exists():
            self._begun = self._read()

    def begun(self) -> Sequence[Share]:
        """Return the shares of the run that is resumed; none if this run is the first."""
        return self._begun

    def keep(self, shares: Sequence[Share]) -> None:
        """Copy the shares as they are now, and write them from time to time.

        They are copied between two blocks: what an interrupted block has found so far must not be counted twice.
        """
        self._shares = [one.to_dict() for one in shares]
        if time.monotonic() - self._written >= SECONDS:
            self.flush()

    def flush(self) -> None:
        """Write the latest copy, whole or not at all."""
        if self._shares:
            told = {"format": FORMAT, "run": self._run, "shares": self._shares}
            write_whole(self._path, json.dumps(told) + "\n")
            self._written = time.monotonic()

    def remove(self) -> None:
        """Remove the file of a run that is finished."""
        self._shares = []
        self._path.unlink(missing_ok=True)

    def _read(self) -> list[Share]:
        try:
            told = a_form("the state", parsed(read_text(self._path)), ("format", "run", "shares"))
            the_format(told, FORMAT)
            listed = enumerate(a_list("shares", told["shares"]))
            shares = [_share(f"shares[{i}]", one) for i, one in listed]
        except ReadingError as broken:
            raise CheckpointError(f"this is no state of a run: {broken}") from broken
        if told["run"] != self._run:
            raise CheckpointError("this is the state of another run: another target, clause, setting or version")
        return shares


def _share(place: str, told: object) -> Share:
    form = a_form(place, told, ("done", "partial_states"))
    listed = enumerate(a_list(f"{place}.partial_states", form["partial_states"]))
    return Share(
        a_count(f"{place}.done", form["done"]),
        [_partial_state(f"{place}.partial_states[{i}]", one) for i, one in listed],
    )


def _partial_state(place: str, told: object) -> PartialState:
    form = a_form(place, told, [field.name for field in fields(PartialState)])
    return PartialState(
        a_text(f"{place}.clause", form["clause"]),
        bool(an_entry(f"{place}.tried", form["tried"], DTYPES["bool"])),
        a_count(f"{place}.cases", form["cases"]),
        float(an_entry(f"{place}.worst", form["worst"], DTYPES["float64"])),
        [a_count(f"{place}.failing", one) for one in a_list(f"{place}.failing", form["failing"])],
        a_count(f"{place}.passed", form["passed"]),
        a_count(f"{place}.undecided", form["undecided"]),
    )


def run_of(target: str, options: CheckOptions) -> dict[str, Any]:
    """Return what tells one run from another: what is checked, its bytes where it is a file, and all versions."""
    path = Path(target).expanduser()
    return {
        "target": target,
        "content": hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else None,
        "loading": to_text(loading_of(options)),
        "clauses": list(options.clauses),
        "budget": options.budget,
        "seed": options.seed,
        "versions": [__version__, SPEC_VERSION, np.__version__, platform.python_version()],
    }
