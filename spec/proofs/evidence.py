"""Says for each clause what speaks for it, from the record of the last run and from the tables below."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nnfs_spec.clauses import all_clauses
from spec.proofs import coq, gappa
from spec.proofs.goals import GOALS
from spec.proofs.jobs import ENUMERATION
from spec.proofs.record import Line, recorded

EVIDENCE = Path(__file__).parent / "evidence.json"
MACHINE, HAND, SAMPLED = "machine-checked for all values", "proved by hand", "sampled"

FILES = {
    "SMT": "spec/proofs/goals.py",
    "interval arithmetic": "spec/proofs/gappa.py",
    "proof assistant": "spec/proofs/Claims.v",
    "enumeration": "spec/proofs/exhaustive_softmax.py",
}

PARTLY = {
    ("LOSS-1", "SMT"): "only that both orders of the clip give the same bits",
    ("LOSS-2", "SMT"): "only the sum over the one-hot row, before the logarithm",
    ("LOSS-3", "SMT"): "the sum before the logarithm; both label forms have to take the same logarithm",
    ("LOSS-4", "SMT"): "only the clip, not the logarithm",
    ("LOSS-5", "SMT"): "only the clip, not the logarithm",
    (
        "SOFTMAX-2",
        "SMT",
    ): "the forms that divide by the sum or multiply by its reciprocal; steps of an induction over C",
    ("SOFTMAX-3", "SMT"): "the forms that divide by the sum; steps of an induction over C",
    ("SOFTMAX-1", "interval arithmetic"): "only that the sum and the quotient round as counted",
    ("SOFTMAX-4", "interval arithmetic"): "only the sum and the quotient, of exponentials as they were computed",
    ("DENSE-1", "interval arithmetic"): "the sum from left to right; the bound where it is largest, not entry by entry",
    ("SOFTMAX-1", "proof assistant"): (
        "the forms that divide by the sum or multiply by its reciprocal; whatever the exponentials, added in any order;"
        " C up to 1/u"
    ),
    ("SOFTMAX-2", "proof assistant"): "the form that divides by the sum; every C, added in any order",
    ("SOFTMAX-4", "proof assistant"): "only the sum and the quotient, of exponentials as they were computed; every C",
    ("SOFTMAX-5", "proof assistant"): "only the exponents",
    ("SOFTMAX-7", "proof assistant"): "only the subtraction and the division, not the exponential",
    ("SOFTMAX-8", "proof assistant"): "the form that divides by the sum, where e^0 is 1; C up to 1/u",
    ("LOSS-8", "proof assistant"): (
        "the first bound, for a sum in any order over N; losses of at least u^2; N up to half of 1/u; without overflow"
    ),
    ("ACC-2", "proof assistant"): "the quotient of two counts",
    ("DENSE-1", "proof assistant"): (
        "K up to 1/u, in any order, without overflow; fused in one chain, and in several up to (K + 1)^2 u = 4"
    ),
    ("DENSE-3", "proof assistant"): "rounded products and a sum in any order, every K",
    (
        "DENSE-4",
        "proof assistant",
    ): "rounded products and a sum in any order, every K; equal, whatever the sign of zero",
}
"""How far a method reaches for a clause, where it is less than the whole of it, or where a model is assumed."""

LEMMAS = {
    ("DENSE-1", "interval arithmetic"),
    ("LOSS-1", "SMT"),
    ("LOSS-2", "SMT"),
    ("LOSS-4", "SMT"),
    ("LOSS-5", "SMT"),
    ("SOFTMAX-1", "interval arithmetic"),
    ("SOFTMAX-4", "interval arithmetic"),
    ("SOFTMAX-4", "proof assistant"),
    ("SOFTMAX-5", "proof assistant"),
    ("SOFTMAX-7", "proof assistant"),
}
"""Evidence of a step of a clause's derivation, which alone does not decide the kind of the clause's evidence."""

BY_HAND = (
    *("GEN-3", "GEN-4"),
    *("DENSE-1", "DENSE-3", "DENSE-4", "DENSE-5"),
    *(f"RELU-{number}" for number in range(1, 7)),
    *(f"SOFTMAX-{number}" for number in range(1, 11)),
    *("LOSS-1", "LOSS-2", "LOSS-3", "LOSS-4", "LOSS-5", "LOSS-6", "LOSS-10"),
    *("ACC-1", "ACC-2", "ACC-3", "ACC-4", "ACC-5"),
    *("NET-1", "NET-2"),
    *("DATA-2", "STREAM-2"),
)
"""The clauses whose chapter derives that honest code keeps them. Left out are derivations with a known gap: LOSS-8 (the
error of a mean, which Claims.v proves in another way), NET-3 and NET-4 (they rest on LOSS-8), STREAM-1, 3 and 4 (they
speak of sums and weighted means, and not of a running mean)."""

HAND_LIMITS = {
    "GEN-3": "results that are within their value bounds",
    "GEN-4": "results that are within their value bounds",
    **{f"SOFTMAX-{number}": "as SOFTMAX-4" for number in (5, 6, 7, 8, 9, 10)},
    "ACC-5": "as SOFTMAX-4",
    "NET-1": "as SOFTMAX-4",
    "NET-2": "as SOFTMAX-4",
    "SOFTMAX-1": "the forms that divide; not e^((z - m) - ln s)",
    "SOFTMAX-2": "exponentials that are not negative, and the forms that the derivation names",
    "SOFTMAX-4": "exp within the errors that the chapter admits; for the form with a logarithm, log within one ulp",
    "LOSS-1": "log within four ulp",
    "LOSS-2": "log within four ulp",
    "LOSS-3": "one logarithm for both label forms",
    "LOSS-4": "log within four ulp",
    "LOSS-5": "log within four ulp",
    "LOSS-6": "log within four ulp",
    "LOSS-10": "log within four ulp",
}

COMPLETE_SETS = (
    (("RELU-1", "RELU-2", "RELU-3"), 4_278_190_080, "every finite float32, by the reference", ""),
    (("LOSS-1", "LOSS-2"), 1_065_353_218, "every float32 in [0, 1] as the only class, by the reference", ""),
    (("GEN-6",), 16_777_216, "relu: every float32 that is not finite, by the reference", " --level should"),
)
"""What ``--budget exhaustive`` goes through, as spec/conformance.md says; its softmax is part of the enumeration."""


@dataclass(frozen=True)
class Part:
    """One piece of evidence, and whether it reaches the clause itself or a step of its derivation only."""

    kind: str
    files: list[str]
    command: str
    dtypes: list[str]
    restrictions: str
    goals: list[str]
    whole: bool


def _restriction(clause: str, method: str, goals: list[str]) -> str:
    """Return how far the goals of a method reach for a clause."""
    own = {goal.name: goal.restriction for goal in GOALS}
    reached = sorted({own[name] for name in goals if own.get(name)})
    if method == "interval arithmetic":
        sizes = sorted(chain.size for chain in gappa.chains() if chain.name in goals)
        letter, values = ("K", "numbers in [-1, 1]") if clause == "DENSE-1" else ("C", "exponentials in [2^-100, 1]")
        reached = [f"{letter} = {', '.join(str(size) for size in sorted(set(sizes)))}; {values}"]
    return "; ".join([*reached, *filter(None, [PARTLY.get((clause, method), "")])])


def _by_machine(clause: str, lines: list[Line]) -> list[Part]:
    """Return what the record holds for a clause, one part for each method."""
    parts: list[Part] = []
    for method, file in FILES.items():
        mine = [one for one in lines if one.method == method and clause in one.clauses and one.expected != "sat"]
        if not mine:
            continue
        goals = list(dict.fromkeys(one.name for one in mine))
        dtypes = list(dict.fromkeys(one.dtype for one in mine))
        whole = (clause, method) not in LEMMAS
        if goals == [ENUMERATION]:
            kind = "exhaustive over 2,139,095,041 inputs"
            command = "python -m spec.proofs.exhaustive_softmax"
            reach = "C = 2, the reference's formula: every difference of two finite logits, and so every pair"
        else:
            kind, command = MACHINE, "make proofs"
            reach = _restriction(clause, method, goals)
        files = [file, *(f"spec/proofs/{source}" for source in coq.SOURCES[:2] if method == "proof assistant")]
        parts.append(Part(kind, files, command, dtypes, reach, goals, whole))
    return parts


def parts(clause: str, chapter: str, lines: list[Line]) -> list[Part]:
    """Return everything that speaks for a clause."""
    found = _by_machine(clause, lines)
    both = ["float32", "float64"]
    for clauses, count, what, level in COMPLETE_SETS:
        if clause in clauses:
            command = f"nnfs-spec check reference --budget exhaustive --clause {clause}{level}"
            kind = f"exhaustive over {count:,} inputs"
            found.append(Part(kind, ["spec/conformance.md"], command, ["float32"], what, [], clause != "GEN-6"))
    page = f"spec/{chapter}.md"
    if clause in BY_HAND:
        found.append(Part(HAND, [page], f"nnfs-spec explain {clause}", both, HAND_LIMITS.get(clause, ""), [], True))
    command = f"nnfs-spec check TARGET --clause {clause} --budget thorough"
    return [*found, Part(SAMPLED, [page], command, both, "the target and the inputs that are tried", [], True)]


def kind(found: list[Part]) -> str:
    """Return the strongest kind among the parts that reach the clause itself."""
    order = (MACHINE, "exhaustive", HAND, SAMPLED)
    return min(
        (part.kind for part in found if part.whole), key=lambda one: [one.startswith(way) for way in order].index(True)
    )


def written() -> str:
    """Return evidence.json as the record and the tables have it."""
    lines = list(recorded().values())
    told: dict[str, Any] = {}
    for id, clause in all_clauses().items():
        found = parts(id, clause.chapter, lines)
        told[id] = {"kind": kind(found), "evidence": [_told(part) for part in found]}
    return json.dumps(told, indent=1) + "\n"


def _told(part: Part) -> dict[str, Any]:
    return {
        "kind": part.kind,
        "reach": "the clause" if part.whole else "a step of its derivation",
        "files": part.files,
        "command": part.command,
        "dtypes": part.dtypes,
        "restrictions": part.restrictions,
        "goals": part.goals,
    }
