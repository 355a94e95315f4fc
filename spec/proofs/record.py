"""The record of the last run: what was asked, what each program answered, and the versions of the programs."""

import importlib.metadata
import json
import platform
import re
import subprocess
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from spec.proofs.jobs import Answer, Job

RECORD = Path(__file__).parent / "record.json"


@dataclass(frozen=True)
class Line:
    """One job with its answer, as it stands in the record."""

    name: str
    clauses: list[str]
    dtype: str
    method: str
    program: str
    expected: str
    answer: str
    seconds: float
    digest: str

    @property
    def key(self) -> tuple[str, str, str, str]:
        """Return the key of the job that this line is about."""
        return self.name, self.dtype, self.program, self.expected


def line(job: Job, told: Answer) -> Line:
    """Return the line of a job that was run."""
    about = (job.name, list(job.clauses), job.dtype, job.method, job.program, job.expected)
    return Line(*about, told.answer, told.seconds, job.digest)


def recorded(path: Path = RECORD) -> dict[tuple[str, str, str, str], Line]:
    """Return the lines of the record by key; none if there is no record."""
    if not path.exists():
        return {}
    lines: list[dict[str, Any]] = json.loads(path.read_text(encoding="utf-8"))["goals"]
    found = [Line(**fields) for fields in lines]
    return {one.key: one for one in found}


def _first_number(command: list[str]) -> str:
    printed = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True).stdout
    match = re.search(r"\d+(\.\d+)+", printed)
    return match.group() if match else "unknown"


def versions() -> dict[str, str]:
    """Return the versions of all programs that take part."""
    where = subprocess.run(["coqc", "-where"], capture_output=True, text=True, timeout=60, check=True).stdout.strip()
    flocq = (Path(where) / "user-contrib" / "Flocq" / "Version.v").read_text(encoding="utf-8")
    number = re.search(r'"(\d+(?:\.\d+)+)"', flocq)
    return {
        "bitwuzla": importlib.metadata.version("bitwuzla"),
        "z3": importlib.metadata.version("z3-solver"),
        "gappa": _first_number(["gappa", "--version"]),
        "coq": _first_number(["coqc", "--version"]),
        "flocq": number.group(1) if number else "unknown",
        "numpy": importlib.metadata.version("numpy"),
        "python": platform.python_version(),
        "machine": platform.machine(),
    }


def write(lines: list[Line], of: dict[str, str]) -> None:
    """Write the record anew."""
    goals = ",\n".join("  " + json.dumps(asdict(one)) for one in lines)
    head = json.dumps(of, indent=1).replace("\n", "\n ")
    RECORD.write_text(f'{{\n "versions": {head},\n "goals": [\n{goals}\n ]\n}}\n', encoding="utf-8")
