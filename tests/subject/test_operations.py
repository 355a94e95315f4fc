"""The table of operations, and that every other table has a row for each of them."""

from collections.abc import Collection, Mapping
from typing import get_args

import pytest

from nnfs_spec import oracle
from nnfs_spec.adapters.load import reference_implementations
from nnfs_spec.adapters.recognition import candidates, names
from nnfs_spec.diagnosis import experiments_for, inputs
from nnfs_spec.domains import ORDINARY
from nnfs_spec.engine import worked_example
from nnfs_spec.mutants import MUTANTS
from nnfs_spec.properties import PROPERTIES
from nnfs_spec.subject.operations import BATCH_OPERATIONS, DRAWN, OPERATIONS, SINGLE_CALLS, Operation
from nnfs_spec.subject.protocol import Call, result_shape
from tests.tools.vectors.catalogue import CATALOGUE
from tests.tools.vectors.expected import KNOWN, VALUES

TABLES: Mapping[str, tuple[Collection[str], Collection[str]]] = {
    "subject/operations.py OPERATIONS": (OPERATIONS, get_args(Operation)),
    "adapters/load.py reference_implementations": (reference_implementations(), OPERATIONS),
    "adapters/recognition/names.py CORES": (names.CORES, OPERATIONS),
    "adapters/recognition/names.py AFFIXES": (names.AFFIXES, OPERATIONS),
    "adapters/recognition/candidates.py GIVES": (candidates.GIVES, OPERATIONS),
    "oracle/__init__.py EXACT": (oracle.EXACT, {*OPERATIONS} - DRAWN),
    "mutants": ({mutant.operation for mutant in MUTANTS.values()}, OPERATIONS),
    "engine/worked_example.py WRITERS": (worked_example.WRITERS, BATCH_OPERATIONS),
    "diagnosis/inputs.py ORDINARY": (inputs.ORDINARY, BATCH_OPERATIONS),
    "diagnosis/inputs.py RESULTS": (inputs.RESULTS, BATCH_OPERATIONS),
    "diagnosis/experiments_for.py LAPSES": (experiments_for.LAPSES, BATCH_OPERATIONS),
    "tests/tools/vectors/catalogue CATALOGUE": (CATALOGUE, SINGLE_CALLS),
    "tests/tools/vectors/expected.py VALUES": (VALUES, BATCH_OPERATIONS),
    "tests/tools/vectors/expected.py KNOWN": (KNOWN, DRAWN),
}
"""Every table by operation, with the operations that it must have a row for."""


def missing(rows: Collection[str], operations: Collection[str]) -> list[str]:
    """Return the operations that a table has no row for."""
    return sorted({*operations} - {*rows})


@pytest.mark.parametrize("table", TABLES)
def test_a_table_has_a_row_for_every_operation(table: str) -> None:
    """A missing row would fail later, with a KeyError that names no file."""
    assert missing(*TABLES[table]) == [], f"{table} has no row for these operations"


def test_a_missing_row_is_noticed() -> None:
    """The check above can fail."""
    assert missing({"relu": 1}, ("relu", "sigmoid")) == ["sigmoid"]


@pytest.mark.parametrize("clause", [f"GEN-{i}" for i in range(1, 9)])
def test_the_general_clauses_speak_of_every_function_of_a_batch(clause: str) -> None:
    """They leave out only those whose record says so."""
    exempt = {
        "GEN-3": {name for name in BATCH_OPERATIONS if not OPERATIONS[name].row_wise},
        "GEN-5": {name for name in BATCH_OPERATIONS if not OPERATIONS[name].keeps_dtype},
        "GEN-7": {name for name in BATCH_OPERATIONS if not OPERATIONS[name].row_wise},
        "GEN-8": {name for name in BATCH_OPERATIONS if OPERATIONS[name].any_shape},
    }
    tried = {domain.operation for domain in PROPERTIES[clause].domains}
    assert tried == {*BATCH_OPERATIONS} - exempt.get(clause, set())


@pytest.mark.parametrize("operation", [name for name in OPERATIONS if OPERATIONS[name].trials])
def test_the_shape_of_a_result_follows_from_the_arguments(operation: Operation) -> None:
    """In the symbols of the record: four rows of three inputs to five neurons, five rows of three classes."""
    shapes = {result_shape(Call(operation, given)) for given in OPERATIONS[operation].trials}
    of_labels: dict[str, tuple[int, ...]] = {"sample_losses": (5,), "loss": (), "accuracy": ()}
    assert shapes == {{"dense": (4, 5), "relu": (4, 3), "softmax": (4, 3), **of_labels}[operation]}


def test_every_domain_of_a_batch_is_tried_in_both_dtypes() -> None:
    """The entries of the first argument are real numbers."""
    assert [domain.operation for domain in ORDINARY] == [*BATCH_OPERATIONS]
    assert {len(domain.dtypes) for domain in ORDINARY} == {2}
