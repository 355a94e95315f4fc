"""Says for each clause what speaks for it, from the record of the last run and from the tables below.

``page`` writes it into the field Evidence of every clause of a chapter.
"""

import textwrap
from dataclasses import dataclass
from pathlib import Path

from nnfs_spec.clauses import CHAPTERS, all_clauses, read_chapter
from spec.proofs import coq, gappa
from spec.proofs.goals import GOALS
from spec.proofs.jobs import ENUMERATION
from spec.proofs.record import Line, recorded

SPEC = Path(__file__).parents[1]
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
    ("LOSS-3", "SMT"): "only the sum before the logarithm",
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
        "only the mean of the computed losses, a sum in any order over N; N up to half of 1/u; without overflow"
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
    ("LOSS-3", "SMT"),
    ("LOSS-4", "SMT"),
    ("LOSS-5", "SMT"),
    ("LOSS-8", "proof assistant"),
    ("SOFTMAX-1", "interval arithmetic"),
    ("SOFTMAX-4", "interval arithmetic"),
    ("SOFTMAX-4", "proof assistant"),
    ("SOFTMAX-5", "proof assistant"),
    ("SOFTMAX-7", "proof assistant"),
}
"""Evidence of a step of a clause's derivation, which alone does not decide the kind of the clause's evidence."""

BY_HAND = (
    *("GEN-3", "GEN-4"),
    *("DENSE-1", "DENSE-3", "DENSE-4", "DENSE-5", "DENSE-11", "DENSE-14", "DENSE-15"),
    *(f"RELU-{number}" for number in range(1, 7)),
    *(f"SOFTMAX-{number}" for number in range(1, 11)),
    *("LOSS-1", "LOSS-2", "LOSS-3", "LOSS-4", "LOSS-5", "LOSS-6", "LOSS-8", "LOSS-10", "LOSS-15", "LOSS-16", "LOSS-17"),
    *("ACC-1", "ACC-2", "ACC-3", "ACC-4", "ACC-5", "ACC-8"),
    *("NET-1", "NET-2", "NET-3", "NET-4", "NET-5", "NET-6"),
    *("DATA-2", "DATA-3", "DATA-5", "DATA-6"),
    *("STREAM-1", "STREAM-2", "STREAM-3", "STREAM-4", "STREAM-9"),
)
"""The clauses whose chapter derives that honest code keeps them."""

HAND_LIMITS = {
    "GEN-3": "results that are within their value bounds",
    "GEN-4": "results that are within their value bounds",
    **{f"SOFTMAX-{number}": "as SOFTMAX-4" for number in (5, 6, 7, 8, 9, 10)},
    "ACC-5": "as SOFTMAX-4",
    "NET-1": "as SOFTMAX-4",
    "NET-2": "as SOFTMAX-4",
    "SOFTMAX-1": "for the form e^((z - m) - ln s), exp and log within one ulp",
    "SOFTMAX-2": "exponentials that are not negative, and the forms that the derivation names",
    "SOFTMAX-4": "exp within the errors that the chapter admits; for the form with a logarithm, log within one ulp",
    "LOSS-1": "log within four ulp",
    "LOSS-2": "log within four ulp",
    "LOSS-3": "log within four ulp",
    "LOSS-4": "log within four ulp",
    "LOSS-5": "log within four ulp",
    "LOSS-6": "log within four ulp",
    "LOSS-10": "log within four ulp",
}

NOT_PROVED = {
    "SOFTMAX-4": "the exponential, and what its error does to the sum; the form with a logarithm",
    **{f"SOFTMAX-{number}": "the exponential, as of SOFTMAX-4" for number in (5, 7)},
    "SOFTMAX-9": "three classes and more, and float64",
    "SOFTMAX-10": "float64",
    **{f"LOSS-{number}": "the logarithm" for number in (1, 2, 3, 4, 5)},
    "LOSS-8": "the logarithm; the mean as a product with a rounded 1/N",
}
"""What a machine has not proved of a clause of which it has proved a step, or of which it has tried a set of inputs."""

COMPLETE_SETS = (
    (("RELU-1", "RELU-2", "RELU-3"), 4_278_190_080, "every finite float32, by the reference", ""),
    (("LOSS-1", "LOSS-2"), 1_065_353_218, "every float32 in [0, 1] as the only class, by the reference", ""),
    (
        ("SOFTMAX-1", "SOFTMAX-2", "SOFTMAX-3", "SOFTMAX-4", "SOFTMAX-10"),
        62_980_096,
        "pairs of logits with the numbers of float16 whose last three bits are 0, by the reference",
        "",
    ),
    (("GEN-6",), 16_777_216, "`relu` of every float32 that is not finite, by the reference", " --level should"),
)
"""What ``--budget exhaustive`` goes through, as spec/conformance.md says."""

ORDER = (MACHINE, "exhaustive", HAND, SAMPLED)
"""The kinds, the strongest first."""


@dataclass(frozen=True)
class Part:
    """One piece of evidence, and whether it reaches the clause itself or a step of its derivation only."""

    kind: str
    files: tuple[str, ...]
    command: str
    restrictions: str = ""
    goals: tuple[str, ...] = ()
    whole: bool = True

    @property
    def rank(self) -> int:
        """The place of its kind among the kinds."""
        return [self.kind.startswith(way) for way in ORDER].index(True)

    @property
    def text(self) -> str:
        """The sentence about it in the field Evidence."""
        if self.kind == HAND:
            return f"Proved by hand, in the derivation{self.restrictions and ': '}{self.restrictions}."
        if self.kind == SAMPLED:
            return f"Sampled with `{self.command}`."
        link = f"[{Path(self.files[0]).name}]({self.files[0].removeprefix('spec/')}), `{self.command}`"
        told = f"{self.kind[0].upper()}{self.kind[1:]} ({link if self.goals else f'`{self.command}`'})"
        told = told if self.whole else f"In part {told[0].lower()}{told[1:]}"
        return f"{told}{self.restrictions and ': '}{self.restrictions}."


def _restriction(clause: str, method: str, goals: tuple[str, ...], dtypes: list[str]) -> str:
    """Return how far the goals of a method reach for a clause."""
    own = {goal.name: goal.restriction for goal in GOALS}
    reached = sorted({own[name] for name in goals if own.get(name)})
    if method == "interval arithmetic":
        sizes = sorted({chain.size for chain in gappa.chains() if chain.name in goals})
        letter, values = ("K", "numbers in [-1, 1]") if clause == "DENSE-1" else ("C", "exponentials in [2^-100, 1]")
        assert sizes == list(range(sizes[0], sizes[-1] + 1))
        reached = [f"{letter} = {sizes[0]} to {sizes[-1]}; {values}"]
    alone = [f"{dtype} alone" for dtype in dtypes if len(dtypes) == 1]
    return "; ".join([*reached, *alone, *filter(None, [PARTLY.get((clause, method), "")])])


def _by_machine(clause: str, lines: list[Line]) -> list[Part]:
    """Return what the record holds for a clause, one part for each method."""
    found: list[Part] = []
    for method, file in FILES.items():
        mine = [one for one in lines if one.method == method and clause in one.clauses and one.expected != "sat"]
        if not mine:
            continue
        goals = tuple(dict.fromkeys(one.name for one in mine))
        if goals == (ENUMERATION,):
            command = "python -m spec.proofs.exhaustive_softmax"
            reach = "C = 2, the seed's formula: every difference of two finite float32 logits, and so every pair"
            whole = clause == "SOFTMAX-10"  # which speaks of two classes
            found.append(Part("exhaustive over 2,139,095,041 inputs", (file,), command, reach, goals, whole))
            continue
        reach = _restriction(clause, method, goals, list(dict.fromkeys(one.dtype for one in mine)))
        files = (file, *(f"spec/proofs/{source}" for source in coq.SOURCES[:2] if method == "proof assistant"))
        found.append(Part(MACHINE, files, "make proofs", reach, goals, (clause, method) not in LEMMAS))
    return found


def parts(clause: str, lines: list[Line]) -> list[Part]:
    """Return everything that speaks for a clause: first what reaches the clause itself, the strongest first."""
    about = all_clauses()[clause]
    found = _by_machine(clause, lines)
    for clauses, count, what, level in COMPLETE_SETS:
        if clause in clauses:
            command = f"nnfs-spec check reference --budget exhaustive --clause {clause}{level}"
            whole = clause.startswith("RELU")
            found.append(Part(f"exhaustive over {count:,} inputs", ("spec/conformance.md",), command, what, (), whole))
    page = f"spec/{about.chapter}.md"
    if clause in BY_HAND:
        found.append(Part(HAND, (page,), f"nnfs-spec explain {clause}", HAND_LIMITS.get(clause, "")))
    level = " --level should" if about.level == "SHOULD" else ""
    found.append(Part(SAMPLED, (page,), f"nnfs-spec check reference{level} --clause {clause}"))
    return sorted(found, key=lambda part: (not part.whole, part.rank))


def field(clause: str, lines: list[Line]) -> str:
    """Return the text of the field Evidence: a sentence for each part, and what a machine has not proved."""
    found = parts(clause, lines)
    strongest, *others = found
    told = [part.text for part in (strongest, *sorted(others, key=lambda part: part.kind == SAMPLED))]
    if clause in NOT_PROVED:
        told.append(f"Not proved by machine: {NOT_PROVED[clause]}.")
    elif strongest.kind == HAND:
        told.append("Nothing of it is proved by machine.")
    elif strongest.kind == SAMPLED and not others:
        told.append("Nothing of it is proved.")
    lines_of_page = textwrap.wrap(
        f"**Evidence.** {' '.join(told)}", 120, break_long_words=False, break_on_hyphens=False
    )
    return "\n".join(lines_of_page)


def page(chapter: str) -> str:
    """Return a chapter with the fields Evidence as the record and the tables have them."""
    lines = list(recorded().values())
    text = (SPEC / f"{chapter}.md").read_text(encoding="utf-8")
    for clause in read_chapter(chapter, text):
        told = clause.text.replace(f"**Evidence.** {clause.fields['Evidence']}", field(clause.id, lines))
        text = text.replace(clause.text, told)
    return text


def stale() -> list[str]:
    """Return the chapters whose fields Evidence are not as the record and the tables have them."""
    return [chapter for chapter in CHAPTERS if (SPEC / f"{chapter}.md").read_text(encoding="utf-8") != page(chapter)]
