"""The file in which a run through complete sets keeps how far it is, so that it can be interrupted and taken up."""

import hashlib
import json
import platform
import time
from collections.abc import Sequence
from dataclasses import fields
from pathlib import Path
from typing import Any

import numpy as np

from nnfs_spec.adapters.options import Loading, to_text
from nnfs_spec.engine.clause_state import PartialState
from nnfs_spec.engine.exhaustive import Passage
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

FORMAT = 1
SECONDS = 2.0
"""How often the file is written."""


class CheckpointError(Exception):
    """A file is no state of this very run."""


class CheckpointFile:
    """Records passages in ``path``; a run resumes another only if ``run`` is the same. Raises CheckpointError."""

    def __init__(self, path: Path, run: dict[str, Any]) -> None:
        self._path = path
        self._run = run
        self._begun: list[Passage] = []
        self._passages: list[dict[str, Any]] = []
        self._written = time.monotonic()
        if path.exists():
            self._begun = self._read()

    def begun(self) -> Sequence[Passage]:
        """Return the passages of the run that is taken up; none where this is the first."""
        return self._begun

    def keep(self, passages: Sequence[Passage]) -> None:
        """Note the passages as they stand now, and write them from time to time.

        They are noted between two blocks: what an interrupted block has met by then must not be counted twice.
        """
        self._passages = [one.to_dict() for one in passages]
        if time.monotonic() - self._written >= SECONDS:
            self.flush()

    def flush(self) -> None:
        """Write what was noted last, whole or not at all."""
        if self._passages:
            told = {"format": FORMAT, "run": self._run, "passages": self._passages}
            write_whole(self._path, json.dumps(told) + "\n")
            self._written = time.monotonic()

    def remove(self) -> None:
        """Remove the file: the run has come to its end."""
        self._passages = []
        self._path.unlink(missing_ok=True)

    def _read(self) -> list[Passage]:
        try:
            told = a_form("the state", parsed(read_text(self._path)), ("format", "run", "passages"))
            the_format(told, FORMAT)
            listed = enumerate(a_list("passages", told["passages"]))
            passages = [_passage(f"passages[{i}]", one) for i, one in listed]
        except ReadingError as broken:
            raise CheckpointError(f"this is no state of a run: {broken}") from broken
        if told["run"] != self._run:
            raise CheckpointError("this is the state of another run: another target, clause, setting or version")
        return passages


def _passage(place: str, told: object) -> Passage:
    form = a_form(place, told, ("done", "tallies"))
    listed = enumerate(a_list(f"{place}.tallies", form["tallies"]))
    return Passage(
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
    )


def run_of(target: str, loading: Loading, clauses: Sequence[str], budget: str, seed: int) -> dict[str, Any]:
    """Return what tells one run from another: what is checked, its bytes where it is a file, and all versions."""
    path = Path(target).expanduser()
    return {
        "target": target,
        "content": hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else None,
        "loading": to_text(loading),
        "clauses": list(clauses),
        "budget": budget,
        "seed": seed,
        "versions": [__version__, SPEC_VERSION, np.__version__, platform.python_version()],
    }
