"""Finds known mistakes and clauses by what people see, such as "softmax nan" or "loss always the same"."""

import re
from collections.abc import Mapping

from nnfs_spec.clauses import Clause, all_clauses
from nnfs_spec.mutants import MUTANTS, Mutant

SYMPTOMS: Mapping[str, tuple[str, ...]] = {
    "softmax gives nan or inf: overflow encountered in exp": (
        "softmax-without-the-shift",
        "softmax-of-the-whole-batch-without-shift",
    ),
    "softmax gives zero: a whole row of zeros, or nan from zero by zero": (
        "softmax-shifted-by-the-batch-maximum",
        "softmax-of-the-whole-batch",
    ),
    "softmax rows do not sum to one, the columns do, or the whole batch does": (
        "softmax-over-the-batch",
        "softmax-of-the-whole-batch",
        "softmax-divided-by-the-batch-sum",
    ),
    "softmax cannot broadcast: shapes do not match in the division": ("softmax-without-keepdims",),
    "softmax probabilities are negative or above one": ("softmax-is-its-logarithm", "softmax-divided-by-the-maximum"),
    "loss is nan or inf: divide by zero encountered in log": (
        "loss-without-clipping",
        "loss-clipped-above-only",
        "loss-multiplying-infinite-logarithms",
    ),
    "loss is negative, or minus zero, or exactly zero": ("loss-without-the-minus", "loss-clipped-below-only"),
    "loss grows with the size of the batch, too large": ("batch-loss-is-the-sum",),
    "loss too small, divided by the number of classes": (
        "loss-averaged-over-classes",
        "batch-loss-divided-by-all-entries",
    ),
    "loss differs between one-hot and sparse labels": (
        "loss-with-the-argmax-of-the-predictions",
        "loss-telling-label-forms-by-length",
        "loss-clipped-for-one-hot-labels-only",
        "loss-clipped-for-sparse-labels-only",
    ),
    "loss has the shape of a matrix, wrong shape, one number for each pair of rows": (
        "loss-of-every-label-in-every-row",
        "loss-in-a-column",
    ),
    "loss is one number where each sample should have its own": ("loss-averaged-too-early",),
    "index error: label index out of bounds": ("loss-with-labels-from-one", "loss-with-negative-labels"),
    "loss always the same, ln 3 or 1.0986: the network does not learn": (
        "layer-with-weights-of-zero",
        "layer-of-equal-neurons",
    ),
    "accuracy always a third, as if it guessed": (
        "accuracy-along-the-wrong-axis",
        "accuracy-comparing-classes-with-rows",
        "layer-with-weights-of-zero",
    ),
    "accuracy is zero, or far too low": ("accuracy-with-labels-from-one", "accuracy-of-the-least-likely-class"),
    "accuracy above one, or a hundred": ("accuracy-in-percent", "accuracy-is-the-count"),
    "accuracy only zero or one": ("accuracy-by-whole-division",),
    "relu gives negative numbers": ("relu-leaky", "relu-inverted"),
    "relu gives a single number, wrong shape": ("relu-with-max-for-maximum",),
    "relu gives only zero and one": ("relu-is-its-derivative",),
    "dense shapes are not aligned, cannot broadcast": ("layer-with-weights-on-their-side", "dense-on-its-side"),
    "dense output is the same without biases, biases have no effect": ("dense-without-biases",),
    "every neuron gives the same output": ("layer-of-equal-neurons", "layer-with-constant-weights"),
    "two layers have the same weights": ("layer-sharing-weights", "layer-seeding-the-generator"),
    "the input array changes after a call, overwritten in place": (
        "relu-in-place",
        "softmax-in-place",
        "loss-clipping-in-place",
    ),
    "an earlier result changes after the next call": (
        "relu-reusing-its-buffer",
        "softmax-reusing-its-buffer",
        "dense-reusing-its-buffer",
    ),
    "float32 in, float64 out: wrong dtype": ("relu-always-in-double", "softmax-always-in-double"),
    "spiral arms lie upon each other": ("spiral-of-arms-upon-each-other",),
    "spiral points lie on a smooth curve, no noise": ("spiral-without-noise",),
}
"""What people see, and the known mistakes that it may come of."""

MOST_MISTAKES, MOST_CLAUSES = 5, 3
SEEN = 3
"""A word of a symptom counts as much as so many words of the other texts."""

_SAME: dict[str, str] = {
    **dict.fromkeys(("infinity", "infinite", "infs"), "inf"),
    **dict.fromkeys(("nans", "invalid"), "nan"),
    **dict.fromkeys(("0", "zeros", "zeroes"), "zero"),
    **dict.fromkeys(("1", "ones"), "one"),
    **dict.fromkeys(("33", "333", "0.33", "0.333", "thirds"), "third"),
    **dict.fromkeys(("probability",), "probabilities"),
    **dict.fromkeys(("constant", "identical", "equal"), "same"),
    **dict.fromkeys(("row",), "rows"),
    **dict.fromkeys(("add", "adds"), "sum"),
}
_EMPTY = frozenset(
    (
        *("a", "all", "an", "and", "are", "as", "at", "be", "by", "do", "does", "for", "from", "gives", "has", "have"),
        *("i", "in", "is", "it", "its", "my", "not", "of", "or", "the", "to"),
    )
)


def words_in(text: str) -> frozenset[str]:
    """Return the words of a text that mean something, each in one form."""
    found: list[str] = re.findall(r"[a-z]+[0-9]*|[0-9]+(?:\.[0-9]+)?", text.lower())
    return frozenset(_SAME.get(word, word) for word in found) - _EMPTY


def symptom_of(mutant: str) -> str | None:
    """Return what people see of a known mistake, or None where no symptom names it."""
    return next((symptom for symptom, names in SYMPTOMS.items() if mutant in names), None)


def mistakes_like(text: str) -> list[Mutant]:
    """Return the known mistakes that a description fits best, best first; none where no word fits."""
    asked = words_in(text)
    scores: dict[str, float] = {}
    for mutant in MUTANTS.values():
        told = words_in(f"{mutant.name} {mutant.operation} {mutant.misconception} {mutant.remedy}")
        scores[mutant.name] = len(asked & told) / len(asked or {""})
    places = ((symptom, name) for symptom, names in SYMPTOMS.items() for name in names)
    for place, (symptom, name) in enumerate(places):  # of equals the one that is named first
        fits = SEEN * len(asked & words_in(symptom)) ** 2 / len(asked or {""})
        scores[name] = max(scores[name], fits - place / 1000)
    best = sorted(scores, key=lambda name: -scores[name])[:MOST_MISTAKES]
    least = max(scores.values()) / 2
    return [MUTANTS[name] for name in best if scores[name] > 0 and scores[name] >= least]


def clauses_like(text: str, mistakes: list[Mutant]) -> list[Clause]:
    """Return the clauses that a description speaks of: those that the mistakes break, then those that say the words."""
    asked, known = words_in(text), all_clauses()
    broken = list(dict.fromkeys(mutant.killed_by[0] for mutant in mistakes))
    scores = {id: len(asked & words_in(f"{one.title} {one.sentence} {one.chapter}")) for id, one in known.items()}
    said = sorted((id for id, score in scores.items() if score), key=lambda id: -scores[id])
    return [known[id] for id in dict.fromkeys([*broken, *said])][:MOST_CLAUSES]
