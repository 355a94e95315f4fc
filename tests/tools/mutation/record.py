"""What the last run of each module found, kept in record.json, and what must hold of it."""

import hashlib
import json
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, TypeAlias

from nnfs_spec.support.files import write_whole
from tests.tools.mutation.mutations import PACKAGE
from tests.tools.mutation.rooms import FLOOR, LENIENT, STRICT, is_strict, modules_of

HERE = Path(__file__).parent
RECORD, SURVIVORS = HERE / "record.json", HERE / "survivors.toml"
MOST_ENTRIES = 20
LEAST_WORDS = 5

Change: TypeAlias = tuple[str, str]
"""A line, and what it became."""


@dataclass(frozen=True)
class Counts:
    """One module: its digest, and of its ``mutations`` how many were tried, with what outcome.

    ``seconds`` is what the tests cost without a mutation, ``spent`` what trying cost, both in processor time.
    """

    digest: str
    mutations: int
    tried: int
    killed: int
    survived: int
    timed_out: int
    seconds: float
    spent: float
    survivors: tuple[Change, ...]


Record: TypeAlias = Mapping[str, Counts]


Place: TypeAlias = tuple[str, str, tuple[str, ...]]
"""A module, a line of it, and what that line became in its survivors."""


@dataclass(frozen=True)
class Argued:
    """Survivors that no test can tell from the original, and the one reason why not."""

    why: str
    at: tuple[Place, ...]


def digest_of(module: str, package: Path = PACKAGE) -> str:
    """Return a digest of a module as it stands in a copy of the package."""
    return hashlib.sha256((package / module).read_bytes()).hexdigest()[:16]


def read_record() -> dict[str, Counts]:
    """Return what record.json holds, by module; nothing where there is no such file yet."""
    if not RECORD.exists():
        return {}
    modules: dict[str, dict[str, Any]] = json.loads(RECORD.read_text(encoding="utf-8"))["modules"]
    for kept in modules.values():
        kept["survivors"] = tuple((line, becomes) for line, becomes in kept["survivors"])
    return {name: Counts(**kept) for name, kept in modules.items()}


def write_record(record: Record, tool: str) -> None:
    """Write record.json, modules by name."""
    modules = {name: asdict(record[name]) for name in sorted(record)}
    write_whole(RECORD, json.dumps({"tool": tool, "modules": modules}, indent=1, ensure_ascii=False) + "\n")


def read_argued() -> list[Argued]:
    """Return the entries of survivors.toml."""
    entries: list[dict[str, Any]] = tomllib.loads(SURVIVORS.read_text(encoding="utf-8"))["equivalent"]
    return [
        Argued(one["why"], tuple((at["module"], at["line"], tuple(at["becomes"])) for at in one["at"]))
        for one in entries
    ]


def stale(record: Record) -> list[str]:
    """Return the modules that are not recorded, or that were changed since."""
    return [m for m in modules_of(*FLOOR) if m not in record or record[m].digest != digest_of(m)]


def table(record: Record) -> list[str]:
    """Return a line for each room that was tried: its mutations, those tried, what became of them, and the minutes."""
    lines: list[str] = []
    for room in (*STRICT, *LENIENT):
        here = [kept for name, kept in record.items() if name.startswith(f"{room}/")]
        counts = [(kept.mutations, kept.tried, kept.killed, kept.timed_out, kept.survived, kept.spent) for kept in here]
        if counts:
            *figures, spent = map(sum, zip(*counts, strict=True))
            lines.append(f"| {room}/ | {' | '.join(f'{figure:,}' for figure in figures)} | {spent / 60:.0f} |")
    return lines


def unargued(module: str, survivors: Sequence[Change], argued: Sequence[Argued]) -> list[Change]:
    """Return those survivors of a module that no entry argues."""
    known = {(line, new) for one in argued for name, line, becomes in one.at if name == module for new in becomes}
    return [change for change in survivors if change not in known]


def wrong_with(record: Record, argued: Sequence[Argued]) -> list[str]:
    """Return, in words, what a record does not keep of what the gate demands; nothing where all is well."""
    wrong = [
        f"{name}: {kept.killed} + {kept.survived} + {kept.timed_out} of {kept.tried} tried, {kept.mutations} there are"
        for name, kept in record.items()
        if kept.killed + kept.survived + kept.timed_out != kept.tried
        or not 0 < kept.tried <= kept.mutations
        or kept.survived != len(kept.survivors)
    ]
    wrong += [f"{name} was never tried" for name in modules_of(*STRICT) if is_strict(name) and name not in record]
    for room in (*STRICT, *LENIENT):
        here = [kept for name, kept in record.items() if name.startswith(f"{room}/")]
        tried, survived = sum(kept.tried for kept in here), sum(kept.survived for kept in here)
        if tried < FLOOR.get(room, 0):
            wrong.append(f"{room}: {tried} mutations tried, but at least {FLOOR[room]} must be")
        if room in LENIENT and survived > LENIENT[room] * tried:
            wrong.append(f"{room}: {survived} of {tried} survived, more than {LENIENT[room]:.0%}")
    for name, kept in record.items():
        if is_strict(name):
            wrong += [f"{name}: {line} -> {new} survived" for line, new in unargued(name, kept.survivors, argued)]
            if kept.tried < kept.mutations:
                wrong.append(f"{name}: {kept.tried} of {kept.mutations} mutations tried, but all must be")
    return wrong + _wrong_with_arguments(record, argued)


def _wrong_with_arguments(record: Record, argued: Sequence[Argued]) -> list[str]:
    wrong = [f"{len(argued)} entries, but fewer than {MOST_ENTRIES} must do"] if len(argued) >= MOST_ENTRIES else []
    for one in argued:
        if len(one.why.split()) < LEAST_WORDS:
            wrong.append(f"{one.why}: this is no argument")
        for module, line, becomes in one.at:
            survivors = record[module].survivors if module in record else ()
            dead = [new for new in becomes if (line, new) not in survivors]
            wrong += [f"{module}: {line} -> {new} is argued, but does not survive" for new in dead]
    return wrong
