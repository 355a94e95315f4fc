"""What the tests of every chapter share."""

from collections.abc import Callable
from typing import TypeAlias

import hypothesis.strategies as st
import numpy as np
import pytest
from hypothesis import given

from nnfs_spec.adapters.load import load, mutant_subject
from nnfs_spec.arrays import Array
from nnfs_spec.domains import Case
from nnfs_spec.engine.budget import BUDGETS
from nnfs_spec.engine.trial import attempt
from nnfs_spec.generate.search import cases
from nnfs_spec.generate.sweep import batches
from nnfs_spec.mutants import MUTANTS
from nnfs_spec.properties import PROPERTIES
from nnfs_spec.subject.protocol import Subject

SWEEP = BUDGETS["default"].batches
"""Batches that a mutant must not survive."""

CaseTest: TypeAlias = Callable[[Case], None]


def for_every_case_of(clause: str) -> Callable[[CaseTest], Callable[..., None]]:
    """Run a test on Hypothesis' cases of each domain and dtype of the clause's property."""
    planned = [(domain, dtype) for domain in PROPERTIES[clause].domains for dtype in domain.dtypes]
    names = [f"{domain.operation}-{i}-{dtype}" for i, (domain, dtype) in enumerate(planned)]

    def decorate(test: CaseTest) -> Callable[..., None]:
        @pytest.mark.fuzz
        @pytest.mark.parametrize("strategy", [cases(*one) for one in planned], ids=names)
        @given(data=st.data())
        def run(strategy: st.SearchStrategy[Case], data: st.DataObject) -> None:
            test(data.draw(strategy))

        named: Callable[..., None] = run
        named.__name__, named.__doc__ = test.__name__, test.__doc__
        return named

    return decorate


def assert_holds(clause: str, case: Case) -> None:
    """Require that the reference keeps ``clause`` on ``case``."""
    trial = attempt(PROPERTIES[clause], load("reference"), case)
    assert trial.status == "pass", trial.message


def kills_of(module: str) -> list[tuple[str, str]]:
    """Return every pair of a mutant that stands in mutants/``module``.py and a clause that it names."""
    here = [mutant for mutant in MUTANTS.values() if mutant.code.__module__ == f"nnfs_spec.mutants.{module}"]
    return [(mutant.name, clause) for mutant in here for clause in mutant.killed_by]


def sweep_kills(subject: Subject, clause: str, count: int = SWEEP) -> bool:
    """Tell whether the property of ``clause`` alone notices ``subject`` within ``count`` batches of each domain."""
    tested = PROPERTIES[clause]
    return any(
        attempt(tested, subject, case).bad
        for domain in tested.domains
        for dtype in domain.dtypes
        for case in batches(domain, dtype, 0, count)
    )


def assert_killed(mutant: str, clause: str) -> None:
    """Require that ``clause`` notices ``mutant``, by its own property and nothing else."""
    assert sweep_kills(mutant_subject(MUTANTS[mutant]), clause), f"{mutant} survives {clause}"


def relu_beyond(x: Array) -> Array:
    """Return ReLU, each positive entry two numbers too large."""
    right = np.maximum(x, 0)
    beyond = np.nextafter(np.nextafter(right, np.inf), np.inf)
    return np.where(right > 0, beyond, 0)
