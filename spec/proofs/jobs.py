"""Lists what there is to prove or to refute, by which program, and runs it."""

import hashlib
import sys
from dataclasses import dataclass
from pathlib import Path

from spec.proofs import coq, gappa, smtlib
from spec.proofs.formats import FORMATS
from spec.proofs.goals import GOALS
from spec.proofs.running import ran

ROOT = Path(__file__).parents[2]
BUILD = ROOT / "build" / "proofs"
HERE = Path(__file__).parent
SOLVERS = ("bitwuzla", "z3")
ENUMERATION = "softmax-every-pair"


@dataclass(frozen=True)
class Job:
    """One question to one program: what it is about, the file it reads, and the answer that is claimed."""

    name: str
    clauses: tuple[str, ...]
    dtype: str
    method: str
    program: str
    expected: str
    file: str
    text: str

    @property
    def key(self) -> tuple[str, str, str, str]:
        """Return what tells this job from all others."""
        return self.name, self.dtype, self.program, self.expected

    @property
    def digest(self) -> str:
        """Return a hash of what is asked, so that a record of another question is noticed."""
        return hashlib.sha256(self.text.encode()).hexdigest()[:16]


@dataclass(frozen=True)
class Answer:
    """What a program answered, and after how many seconds of processor time."""

    answer: str
    seconds: float


def jobs() -> list[Job]:
    """Return all jobs, in the order in which they are run."""
    found: list[Job] = []
    for form in FORMATS:
        for goal in GOALS:
            for false in (False, True):
                text = smtlib.written(goal, form, false=false)
                file = f"{goal.name}-{form.dtype}{'-false' if false else ''}.smt2"
                expected = "sat" if false else "unsat"
                about = (goal.name, goal.clauses, form.dtype, "SMT")
                found += [Job(*about, solver, expected, file, text) for solver in SOLVERS]
        for chain in gappa.chains():
            text, file = gappa.written(chain, form), f"{chain.name}-{form.dtype}.g"
            found.append(
                Job(chain.name, chain.clauses, form.dtype, "interval arithmetic", "gappa", "proved", file, text)
            )
    sources = "".join((HERE / source).read_text(encoding="utf-8") for source in coq.SOURCES)
    for name, dtype in coq.theorems():
        about = (name, coq.clause_of(name), dtype, "proof assistant")
        found.append(Job(*about, "coqc", "proved", "Claims.v", f"{name} {sources}"))
    script = (HERE / "exhaustive_softmax.py").read_text(encoding="utf-8")
    clauses = tuple(f"SOFTMAX-{number}" for number in (1, 2, 3, 4, 7, 9, 10))
    about = (ENUMERATION, clauses, "float32", "enumeration")
    return [*found, Job(*about, "numpy", "held", "exhaustive_softmax.py", script)]


def answer(job: Job, limit: int, processes: int) -> Answer:
    """Ask the program of a job; those of Coq are asked together, by ``coq.proved``."""
    BUILD.mkdir(parents=True, exist_ok=True)
    path = BUILD / job.file
    path.write_text(job.text, encoding="utf-8")
    if job.program == "gappa":
        done = ran(["gappa", str(path)], limit)
        return Answer("proved" if done.code == 0 else "no answer", done.seconds)
    if job.program == "numpy":
        done = ran([sys.executable, "-m", "spec.proofs.exhaustive_softmax", "--processes", str(processes)], 3600)
        print(done.out, end="", flush=True)
        return Answer("held" if done.code == 0 else "failed", done.seconds)
    done = ran([sys.executable, "-m", "spec.proofs.solve", job.program, str(path)], limit)
    told = done.out.partition("\n")[0]  # bitwuzla complains below an answer that is not the one that the file expects
    if told not in ("sat", "unsat", "unknown") and done.code >= 0:
        raise RuntimeError(f"{job.program} on {job.file}: {done.out or f'exit code {done.code}'}")
    return Answer(told if told in ("sat", "unsat") else "no answer", done.seconds)
