"""The kill matrix: every mutant is killed by the sweep alone, by every clause that it names, as its page says."""

import re
from functools import cache

import pytest
from click.testing import CliRunner

from nnfs_spec.adapters.load import load
from nnfs_spec.checking.kill_matrix import ENGINES, Matrix, Row, first_kill, swept
from nnfs_spec.cli import main
from nnfs_spec.mutants import MUTANTS
from tests.tools.kill_matrix import PAGE, page

SEARCH = re.compile(r"^(\| [\w-]+ \| [A-Z]+-\d+ \| [\d-]+ \|) [\d-]* +(?=\|)|^\| search .*$", re.MULTILINE)
"""What the search gives, which differs between versions of Hypothesis."""

PAIRS = [(mutant.name, clause) for mutant in MUTANTS.values() for clause in mutant.killed_by]


def compared(text: str) -> str:
    """Return a page without what is not compared."""
    return SEARCH.sub(lambda found: f"{found[1] or ''} *", text)


@cache
def computed() -> tuple[Row, ...]:
    """Return the matrix without the search, which takes most of the time."""
    return tuple(Matrix(["sweep", "vectors"]).rows())


@pytest.mark.gate
def test_the_page_says_what_the_engines_find() -> None:
    """Case by case; ``make generated`` writes it."""
    assert compared(PAGE.read_text(encoding="utf-8")) == compared(page(computed())), "run make generated"


@pytest.mark.gate
def test_every_mutant_is_killed_by_the_sweep_alone_by_every_clause_that_it_names() -> None:
    """As the page claims."""
    killed = [(row.mutant.name, row.clause) for row in computed() if row.kills["sweep"] is not None]
    assert killed == PAIRS
    assert f"| sweep | {len(MUTANTS)} of {len(MUTANTS)} | {len(PAIRS)} of {len(PAIRS)} |" in page(computed())


def test_the_search_alone_kills_most_mutants() -> None:
    """The page tells by which case, as it was when it was written; nine in ten must be killed by it at all."""
    text = PAGE.read_text(encoding="utf-8")
    told = re.findall(r"^\| ([\w-]+) \| ([A-Z]+-\d+) \| [\d-]+ \| ([\d-]+) \|", text, re.MULTILINE)
    assert [(mutant, clause) for mutant, clause, _ in told] == PAIRS
    assert len({mutant for mutant, _, case in told if case != "-"}) >= 0.9 * len(MUTANTS)


def test_the_reference_is_killed_by_nothing() -> None:
    """The engines can find nothing, too."""
    for clause in ("RELU-1", "GEN-1", "LOSS-9"):
        assert first_kill(load("reference"), clause, swept(clause)) is None


def test_the_command_prints_the_matrix_with_its_seconds(monkeypatch: pytest.MonkeyPatch) -> None:
    """A row for each mutant and clause, with all engines."""
    names = ("layer-sharing-weights", "relu-leaky")
    some = {name: MUTANTS[name] for name in names}
    for module in ("checking.kill_matrix", "cli.browse"):
        monkeypatch.setattr(f"nnfs_spec.{module}.MUTANTS", some)
    done = CliRunner().invoke(main, ["mutants", "--matrix"])
    head, *lines = done.output.splitlines()
    assert head.split() == ["mutant", "clause", *ENGINES]
    assert [tuple(line.split()[:2]) for line in lines] == [pair for pair in PAIRS if pair[0] in names]
    assert re.fullmatch(r"layer-sharing-weights +DENSE-8 +1 in [\d.]+ s +\d+ in [\d.]+ s +-", lines[0])
    assert re.fullmatch(r"relu-leaky +RELU-2 +\d+ in [\d.]+ s +\d+ in [\d.]+ s +\d+ in [\d.]+ s", lines[-1])


def test_a_number_that_is_wrong_would_be_noticed() -> None:
    """Though the column of the search is not compared."""
    line = "| relu-leaky | RELU-1 | 1 | 2 | 3 |"
    assert compared(line) == compared(line.replace("| 2 |", "| - |")) == "| relu-leaky | RELU-1 | 1 | *| 3 |"
    for other in (line.replace("| 1 |", "| 2 |"), line.replace("| 3 |", "| 4 |"), line.replace("leaky", "lossy")):
        assert compared(other) != compared(line)
