"""Compiles the Coq sources, puts both formats into each theorem, and asks on which axioms they rest."""

import re
import shutil
from pathlib import Path

from spec.proofs.formats import FORMATS
from spec.proofs.running import Ran, ran

SOURCES = ("Chains.v", "Ieee.v", "Claims.v")
HERE = Path(__file__).parent

ALLOWED = {
    "ClassicalDedekindReals.sig_forall_dec",
    "ClassicalDedekindReals.sig_not_dec",
    "FunctionalExtensionality.functional_extensionality_dep",
    "Classical_Prop.classic",
}
"""The axioms of Coq's own real numbers and of the classical logic that goes with them; no theorem may use another."""

_THEOREM = re.compile(r"^Theorem (\w+)", re.MULTILINE)
_FORMAT_WORD = {"float32": "32", "float64": "64"}


def theorems() -> list[tuple[str, str]]:
    """Return the names and dtypes of all claims. A claim whose name ends in its format is in that alone."""
    names = _THEOREM.findall((HERE / "Claims.v").read_text(encoding="utf-8"))
    pairs = [(name, form.dtype) for name in names for form in FORMATS]
    return [
        (name, dtype)
        for name, dtype in pairs
        if not name.endswith(("_32", "_64")) or name.endswith(_FORMAT_WORD[dtype])
    ]


def clause_of(theorem: str) -> tuple[str, ...]:
    """Return the clause in the name of a theorem, as DENSE-1 in ``DENSE_1_fused``; none for those of sums alone."""
    chapter, number, *_ = theorem.split("_")
    return () if chapter == "IEEE" else (f"{chapter}-{number}",)


def questions() -> str:
    """Return a Coq file that puts the formats into every claim and asks once on which axioms all of them rest."""
    lines = ["From NNFS Require Import Chains Ieee Claims."]
    told: list[str] = []
    for name, dtype in theorems():
        word = _FORMAT_WORD[dtype]
        told.append(name if name.endswith(f"_{word}") else f"{name}_{word}")
        if told[-1] != name:
            lines.append(f"Definition {told[-1]} := {name} binary{word}.")
    return "\n".join([*lines, f"Definition all := ({', '.join(told)}).", "Print Assumptions all."]) + "\n"


def axioms(printed: str) -> set[str]:
    """Return the names of the axioms that Coq printed, or a word of surprise if it printed something else."""
    if "Closed under the global context" in printed:
        return set()
    heading, _, body = printed.partition("Axioms:\n")
    found = re.findall(r"^([\w.]+)(?= :| *$)", body, re.MULTILINE)
    return set(found) if found and not heading.strip() else {"something unknown"}


def proved(folder: Path, limit: int) -> tuple[dict[tuple[str, str], str], dict[str, Ran]]:
    """Compile everything in a folder; return the answer for each claim, and how each file fared."""
    folder.mkdir(parents=True, exist_ok=True)
    for source in SOURCES:
        shutil.copy(HERE / source, folder / source)
    (folder / "Questions.v").write_text(questions(), encoding="utf-8")
    runs: dict[str, Ran] = {}
    for source in (*SOURCES, "Questions.v"):
        runs[source] = ran(["coqc", "-q", "-Q", str(folder), "NNFS", str(folder / source)], limit, folder)
        if runs[source].code != 0:
            return dict.fromkeys(theorems(), f"{source} failed"), runs
    surplus = sorted(axioms(runs["Questions.v"].out) - ALLOWED)
    return dict.fromkeys(theorems(), f"rests on {', '.join(surplus)}" if surplus else "proved"), runs
