"""Mutants are wrong in one way only: whatever they do, every property can judge it."""

import pytest

from nnfs_spec.adapters.load import mutant_subject
from nnfs_spec.engine.trial import tried
from nnfs_spec.generate.sweep import batches
from nnfs_spec.mutants import MUTANTS
from nnfs_spec.properties import PROPERTIES

pytestmark = pytest.mark.gate


@pytest.mark.parametrize("name", MUTANTS)
def test_every_property_can_judge_every_mutant_of_its_operation(name: str) -> None:
    """Right or wrong, but never beyond what the kit can tell."""
    mutant = MUTANTS[name]
    subject = mutant_subject(mutant)
    for tested in PROPERTIES.values():
        for domain in tested.domains:
            if domain.operation == mutant.operation:
                for case in batches(domain, domain.dtypes[-1], 0, 2):
                    trial = tried(tested, subject, case)
                    assert trial is None or not trial.message.startswith("cannot be judged")


@pytest.mark.parametrize("name", MUTANTS)
def test_every_mutant_says_what_is_misunderstood_and_how_to_mend_it(name: str) -> None:
    """In a sentence each."""
    mutant = MUTANTS[name]
    for sentence in (mutant.misconception, mutant.remedy):
        assert sentence.endswith("."), sentence
        assert len(sentence.split()) >= 3, sentence
