"""Every mutant, handed in as a file of its own, is found nonconformant by a clause that it names."""

from pathlib import Path

import pytest

from nnfs_spec.adapters.load import load
from nnfs_spec.mutants import MUTANTS, Mutant
from tests.tools.check_here import check_here
from tests.tools.submissions import RIGHT, source_of

OTHER_CONVENTIONS = {"dense-with-weights-before-inputs": "samples in columns"}
"""Mutants that are right code as a file, since the adapter infers another convention and says so."""

pytestmark = pytest.mark.gate


def test_the_right_file_conforms(tmp_path: Path) -> None:
    """What is around the mutant breaks no clause that counts."""
    path = tmp_path / "right.py"
    path.write_text("import numpy as np\n" + "\n".join(RIGHT.values()), encoding="utf-8")
    assert check_here(load(str(path)), budget="quick").verdict == "conformant"


@pytest.mark.parametrize("mutant", MUTANTS.values(), ids=lambda mutant: mutant.name)
def test_a_mutant_handed_in_as_a_file_is_found(mutant: Mutant, tmp_path: Path) -> None:
    """By its source alone, through the adapters, with the quick budget or else the default one."""
    path = tmp_path / "submission.py"
    path.write_text(f"import numpy as np\n{source_of(mutant)}", encoding="utf-8")
    statuses: set[str] = set()
    for budget in ("quick", "default"):
        report = check_here(load(str(path)), level="should", budget=budget, clauses=mutant.killed_by)
        statuses = {result.status for result in report.clauses}
        if statuses & {"fail", "error"}:
            break
    if mutant.name in OTHER_CONVENTIONS:
        assert OTHER_CONVENTIONS[mutant.name] in " ".join(report.taken)
    else:
        assert statuses & {"fail", "error"}, statuses
