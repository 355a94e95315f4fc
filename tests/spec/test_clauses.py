"""Every clause holds for the reference on every domain and dtype, and notices every mutant that names it.

The id of each test begins with the clause's id: ``pytest -k SOFTMAX-5-`` runs what belongs to SOFTMAX-5.
"""

from typing import Any

import hypothesis.strategies as st
import numpy as np
import pytest
from hypothesis import given

from nnfs_spec.adapters.load import load, mutant_subject
from nnfs_spec.domains import Domain
from nnfs_spec.engine.budget import BUDGETS
from nnfs_spec.engine.trial import attempt
from nnfs_spec.generate.search import cases
from nnfs_spec.generate.sweep import batches
from nnfs_spec.mutants import MUTANTS
from nnfs_spec.properties import PROPERTIES

DOMAINS = [
    pytest.param(clause, domain, dtype, id=f"{clause}-{domain.operation}-{place}-{dtype}")
    for clause, tested in PROPERTIES.items()
    for place, domain in enumerate(tested.domains)
    for dtype in domain.dtypes
]
KILLS = [
    pytest.param(clause, mutant, id=f"{clause}-{mutant}") for mutant in MUTANTS for clause in MUTANTS[mutant].killed_by
]


@pytest.mark.fuzz
@pytest.mark.parametrize(("clause", "domain", "dtype"), DOMAINS)
@given(data=st.data())
def test_the_reference_keeps(clause: str, domain: Domain, dtype: np.dtype[Any], data: st.DataObject) -> None:
    """On any case of the domain, the clause's property passes."""
    trial = attempt(PROPERTIES[clause], load("reference"), data.draw(cases(domain, dtype)))
    assert trial.status == "pass", trial.message


@pytest.mark.parametrize(("clause", "mutant"), KILLS)
def test_the_sweep_notices(clause: str, mutant: str) -> None:
    """The clause's property alone notices the mutant, within the batches of a default check."""
    tested, subject = PROPERTIES[clause], mutant_subject(MUTANTS[mutant])
    assert any(
        attempt(tested, subject, case).bad
        for domain in tested.domains
        for dtype in domain.dtypes
        for case in batches(domain, dtype, 0, BUDGETS["default"].batches)
    )
