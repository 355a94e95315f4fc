"""Known mistakes by what people see."""

import pytest

from nnfs_spec.diagnosis.symptoms import MOST_MISTAKES, SYMPTOMS, clauses_like, mistakes_like, symptom_of, words_in
from nnfs_spec.mutants import MUTANTS


@pytest.mark.parametrize(
    ("text", "mistake", "clause"),
    [
        ("softmax nan", "softmax-without-the-shift", "SOFTMAX-3"),
        ("RuntimeWarning: overflow encountered in exp", "softmax-without-the-shift", "SOFTMAX-3"),
        ("softmax gives 0", "softmax-shifted-by-the-batch-maximum", "SOFTMAX-3"),
        ("softmax rows don't sum to 1", "softmax-over-the-batch", "SOFTMAX-1"),
        ("loss is nan", "loss-without-clipping", "LOSS-4"),
        ("my loss is infinite", "loss-without-clipping", "LOSS-4"),
        ("negative loss", "loss-without-the-minus", "LOSS-4"),
        ("accuracy always a third", "accuracy-along-the-wrong-axis", "ACC-1"),
        ("accuracy 0.33", "accuracy-along-the-wrong-axis", "ACC-1"),
        ("ReLU gives negative numbers", "relu-leaky", "RELU-1"),
        ("leaky", "relu-leaky", "RELU-1"),
    ],
)
def test_a_mistake_is_found_by_its_symptom(text: str, mistake: str, clause: str) -> None:
    """First of a few, with the clause that it breaks."""
    found = mistakes_like(text)
    assert found[0].name == mistake
    assert len(found) <= MOST_MISTAKES
    assert clauses_like(text, found)[0].id == clause


@pytest.mark.parametrize("text", ["", "the of my", "xyzzy"])
def test_nothing_is_found_by_what_says_nothing(text: str) -> None:
    assert mistakes_like(text) == []
    assert clauses_like(text, []) == []


def test_a_clause_is_found_by_its_words_alone() -> None:
    assert clauses_like("classes in another order", [])[0].id == "SOFTMAX-6"


def test_every_symptom_names_known_mistakes() -> None:
    """And is found by its own words."""
    assert {name for names in SYMPTOMS.values() for name in names} <= set(MUTANTS)
    for symptom, names in SYMPTOMS.items():
        assert mistakes_like(symptom)[0].name in names
    assert symptom_of("relu-leaky") == "relu gives negative numbers"
    assert symptom_of("relu-is-swish") is None


def test_words_are_taken_in_one_form() -> None:
    assert words_in("The rows are all Infinity, 0 or 0.33") == {"rows", "inf", "zero", "third"}
