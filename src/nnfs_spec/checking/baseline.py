"""A baseline: the failures of a target that are known, so that a run fails on news only.

The file is TOML: ``format = 2``, then one ``[[known]]`` for each clause with ``clause``, ``counterexample``,
``failure``, ``reason`` and, if there is one, ``issue``. ``failure`` is the kind of failure, so that a worse one on the
same input is news; entries of format 1 have none, and match any. An update keeps comments and order.
"""

import hashlib
import math
import re
import tomllib
from collections.abc import Mapping, MutableSequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, cast

import numpy as np
import tomlkit

from nnfs_spec.clauses import all_clauses
from nnfs_spec.engine.events import ClauseResult, Counterexample, Report, verdict_of
from nnfs_spec.support.json_input import short

FORMAT = 2
OLD_FORMAT = 1
UNEXPLAINED = "not yet explained"
HEADER = "Known failures, for nnfs-spec check --baseline. --update-baseline writes them; reasons and issues are yours."

_FINGERPRINT = re.compile(r"[0-9a-f]{16}\Z")
_KEYS = {"clause", "counterexample", "failure", "reason", "issue"}
_OPTIONAL = {"failure", "issue"}
_FAILED = ("fail", "error")


class BaselineError(Exception):
    """A baseline cannot be read: what arrived, and what should have."""


@dataclass(frozen=True)
class Entry:
    """A known failure: which clause, on which counterexample, why, and where it is being worked on."""

    clause: str
    counterexample: str
    reason: str
    issue: str = ""
    failure: str = ""

    @property
    def told(self) -> str:
        """The reason and the issue in one line."""
        return f"{self.reason} ({self.issue})" if self.issue else self.reason


def fingerprint(shown: Counterexample) -> str:
    """Return 16 hexadecimal digits that tell the input of a counterexample from any other, on every machine."""
    digest = hashlib.sha256(shown.operation.encode())
    for name, array in sorted(shown.inputs.items()):
        little = np.ascontiguousarray(array, dtype=array.dtype.newbyteorder("<"))
        digest.update(f"\n{name} {array.dtype.kind}{array.dtype.itemsize} {array.shape}\n".encode())
        digest.update(little.tobytes())
    return digest.hexdigest()[:16]


def failure_kind(shown: Counterexample) -> str:
    """Return what kind of failure a counterexample shows: an exception, no number, or how far a value is off.

    The distance of a value is rounded up to a power of a thousand, so that only a much worse result is news.
    """
    if shown.got is None or shown.expected is None:
        return shown.message.split(":")[0]
    got, expected = shown.got, shown.expected
    if got.dtype.kind not in "biuf" or expected.dtype.kind not in "biuf" or got.shape != expected.shape:
        return "another kind of result"
    if (np.isnan(got) & ~np.isnan(expected)).any():
        return "NaN"
    if (np.isinf(got) & (got != expected)).any():
        return "infinity"
    with np.errstate(all="ignore"):
        distance = np.abs(got.astype(np.float64) - expected.astype(np.float64)).max(initial=0.0)
    return f"off by up to 1e{3 * math.ceil(math.log10(distance) / 3)}" if 0 < distance < math.inf else "another value"


def read_baseline(text: str) -> dict[str, Entry]:
    """Return the entries of a baseline by clause. Raises BaselineError."""
    try:
        document = tomllib.loads(text)
    except (ValueError, RecursionError) as broken:  # numbers of too many digits are no errors of TOML
        raise BaselineError(f"this is no TOML: {broken}") from broken
    if set(document) - {"format", "known"}:
        raise BaselineError(f"the keys are {_listed(document)} but must be format, known")
    if document.get("format") not in (OLD_FORMAT, FORMAT):
        raise BaselineError(f"format is {short(document.get('format'))} but must be {OLD_FORMAT} or {FORMAT}")
    known: object = document.get("known", [])
    if not isinstance(known, list):
        raise BaselineError(f"known is {short(known)} but must be an array of tables, each under [[known]]")
    entries: dict[str, Entry] = {}
    for i, table in enumerate(cast("list[object]", known)):
        entry = _read_entry(f"known[{i}]", table)
        if entry.clause in entries:
            raise BaselineError(f"known[{i}].clause is {entry.clause}, which an entry before it has already")
        entries[entry.clause] = entry
    return entries


def judge_by_baseline(report: Report, entries: Mapping[str, Entry], source: str, update: str) -> Report:
    """Return ``report`` as seen beside the known failures of the file ``source``.

    A clause that fails as recorded is an expected failure. A stale entry (the clause fails on another input) and a
    repaired one (it passes) make the target nonconformant, whatever the level of the clause; the report then names
    ``update``, the command that brings the file up to date.
    """
    results: list[ClauseResult] = []
    notes: list[str] = []
    outdated = False
    for result in report.clauses:
        entry = entries.get(result.id)
        if entry is None:
            results.append(result)
        elif result.status in _FAILED:
            found, kind = _fingerprint_of(result)
            if found == entry.counterexample and entry.failure in ("", kind):
                results.append(replace(result, status="expected-fail", known=entry.told))
            else:
                outdated = True
                results.append(result)
                recorded = f"counterexample {found}, {kind}; recorded is {entry.counterexample}"
                recorded += f", {entry.failure}" if entry.failure else ""
                notes.append(f"{source} is stale: {result.id} fails in another way ({recorded})")
        elif result.status == "pass":
            outdated = True
            results.append(replace(result, status="unexpected-pass", known=entry.told))
            notes.append(f"{source} is out of date: {result.id} passes and is recorded as failing")
        else:
            results.append(result)
            notes.append(f"{source}: the entry of {result.id} says nothing of this run ({result.status})")
    missing = [id for id in entries if id not in {result.id for result in results}]
    notes += [f"{source}: the entry of {id} says nothing of this run (not asked for)" for id in missing]
    notes += [f"to update {source}: {update}"] if outdated else []
    failed = outdated or bool(report.unmet)
    verdict = verdict_of(results, report.level, cut_short=bool(report.cut_short), unmet=failed)
    return replace(report, clauses=tuple(results), verdict=verdict, problems=(*report.problems, *notes))


def updated_baseline(text: str | None, report: Report) -> str:
    """Return the baseline ``text``, or a new one for None, with the failures of ``report``.

    Recorded is what fails and counts at the level of the check. Entries that the run says nothing of stay as they
    are, and so do the reasons and issues of those that still fail. Raises BaselineError.
    """
    if text is None:
        text = f"# {HEADER}\nformat = {FORMAT}\n\n"
    entries = read_baseline(text)
    document = tomlkit.parse(text)
    if "known" not in document:
        document.add("known", tomlkit.aot())
    tables = cast("MutableSequence[dict[str, str]]", document["known"])
    repaired = {result.id for result in report.clauses if result.status == "pass"}
    for i in reversed(range(len(tables))):
        if tables[i]["clause"] in repaired:
            del tables[i]
    place = {table["clause"]: i for i, table in enumerate(tables)}
    for result in report.clauses:
        if result.status not in _FAILED:
            continue
        if result.id in entries:
            table = tables[place[result.id]]
            table["counterexample"], table["failure"] = _fingerprint_of(result)
        elif result.counts_at(report.level):
            found, kind = _fingerprint_of(result)
            new = {"clause": result.id, "counterexample": found, "failure": kind, "reason": UNEXPLAINED}
            tables.append(new)
    document["format"] = FORMAT
    if not tables:
        document.remove("known")
    return tomlkit.dumps(document).rstrip() + "\n"


def read_text(path: Path) -> str:
    """Return the text of the baseline at ``path``. Raises BaselineError."""
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as problem:
        raise BaselineError(f"cannot be read: {problem}") from problem


def _fingerprint_of(result: ClauseResult) -> tuple[str, str]:
    """Return what tells the input of a failure from others, and the kind of the failure."""
    assert result.counterexample is not None, f"{result.id} is {result.status} without a counterexample"
    return fingerprint(result.counterexample), failure_kind(result.counterexample)


def _read_entry(place: str, table: object) -> Entry:
    if not isinstance(table, dict):
        raise BaselineError(f"{place} is {short(table)} but must be a table")
    given = cast("dict[str, Any]", table)
    if set(given) | _OPTIONAL != _KEYS:
        raise BaselineError(
            f"{place} has the keys {_listed(given)} but must have clause, counterexample, failure, reason"
            " and may have issue"
        )
    for key, value in given.items():
        if not isinstance(value, str):
            raise BaselineError(f"{place}.{key} is {short(value)} but must be text")
    if given["clause"] not in all_clauses():
        raise BaselineError(f"{place}.clause is {given['clause']!r} but must be the id of a clause")
    if not _FINGERPRINT.match(given["counterexample"]):
        raise BaselineError(f"{place}.counterexample is {given['counterexample']!r} but must be 16 hexadecimal digits")
    if not given["reason"].strip():
        raise BaselineError(f"{place}.reason is {given['reason']!r} but must say why the clause may fail")
    return Entry(**given)


def _listed(names: Mapping[str, Any]) -> str:
    return ", ".join(sorted(names)) or "none"
