"""Nothing dangles: clauses, properties, mutants and tests point at each other, in every direction."""

import re
from pathlib import Path

import pytest

from nnfs_spec.clauses import CHAPTERS, ClauseFormatError, all_clauses, read_chapter, spec_folder
from nnfs_spec.domains import RELU
from nnfs_spec.mutants import MUTANTS
from nnfs_spec.mutants.registry import mutant
from nnfs_spec.properties import PROPERTIES
from nnfs_spec.properties.registry import states
from nnfs_spec.subject.operations import OPERATIONS
from tests import ROOT

ID = re.compile(r"\b(?:GEN|DENSE|RELU|SOFTMAX|LOSS|ACC|NET|DATA|STREAM)-[0-9]+\b")
TEXTS = [ROOT / "README.md", ROOT / "Makefile", ROOT / "pyproject.toml", ROOT / ".ci" / "run"] + [
    path
    for folder in ("spec", "src", "tests")
    for path in sorted((ROOT / folder).rglob("*"))
    if path.suffix in (".py", ".md", ".pyi", ".json") and path.name != Path(__file__).name
]


def test_every_clause_has_a_property_and_every_property_a_clause() -> None:
    """In both directions."""
    assert sorted(PROPERTIES) == sorted(all_clauses())


@pytest.mark.parametrize("clause", all_clauses())
def test_every_clause_has_a_mutant(clause: str) -> None:
    """Which tests/spec/test_clauses.py shows it to kill on its own."""
    assert any(clause in mutant.killed_by for mutant in MUTANTS.values())


def test_every_mutant_names_clauses_that_exist() -> None:
    """At least one, none twice."""
    for name, wrong in MUTANTS.items():
        assert wrong.killed_by, name
        assert len(set(wrong.killed_by)) == len(wrong.killed_by), name
        assert set(wrong.killed_by) <= set(all_clauses()), name


def test_there_are_enough_mutants_over_all_operations() -> None:
    """At least eighty, and of every operation some."""
    assert len(MUTANTS) >= 80
    assert {wrong.operation for wrong in MUTANTS.values()} == set(OPERATIONS)


def test_a_property_stands_in_the_module_of_its_chapter() -> None:
    """So a clause of spec/relu.md is found in properties/relu.py."""
    for id, clause in all_clauses().items():
        assert PROPERTIES[id].judge.__module__ == f"nnfs_spec.properties.{clause.chapter}"


def test_ids_of_a_chapter_are_numbered_without_gaps() -> None:
    """Ids are permanent, so a gap would be a lost clause."""
    for chapter in CHAPTERS:
        numbers = [int(id.rpartition("-")[2]) for id, clause in all_clauses().items() if clause.chapter == chapter]
        assert numbers == list(range(1, len(numbers) + 1)), chapter


@pytest.mark.parametrize("path", TEXTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_id_dangles(path: Path) -> None:
    """Whatever looks like the id of a clause is one."""
    assert set(ID.findall(path.read_text(encoding="utf-8"))) <= set(all_clauses())


def test_a_clause_cannot_have_two_properties() -> None:
    """The second is refused."""
    with pytest.raises(ValueError, match=r"RELU-1 has two properties"):
        states("RELU-1", RELU)(PROPERTIES["RELU-2"].judge)


def test_two_mutants_cannot_share_a_name() -> None:
    """The second is refused."""
    with pytest.raises(ValueError, match=r"two mutants are named relu-inverted"):
        mutant("relu", misconception="", remedy="")(MUTANTS["relu-inverted"].code)


RELU_CHAPTER = (spec_folder() / "relu.md").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("find", "put", "message"),
    [
        ("## RELU-2 (MUST): Never", "## RELU-2 MUST Never", "a second-level heading must read '## ID (LEVEL): title'"),
        ("## RELU-2 (MUST)", "## RELU-2 (MAY)", "RELU-2 has level MAY and fields Formula, Domain"),
        ("**Why.** ReLU is", "ReLU is", "RELU-1 has level MUST and fields Formula, Domain, Bound, Source"),
        ("Every entry of the result MUST equal", "Every entry equals", "the sentence of RELU-1 must say MUST"),
        (">>> relu([[-1.5, 0.5, 2.0]])", "relu", "RELU-1 has no executable example under Inside"),
        ("**Evidence.** Machine", "**Evidence.** Believed", "the evidence of RELU-1 must begin with one of: "),
    ],
)
def test_a_chapter_that_breaks_the_grammar_is_refused(find: str, put: str, message: str) -> None:
    """With the place and what is wrong."""
    assert find in RELU_CHAPTER
    with pytest.raises(ClauseFormatError) as caught:
        read_chapter("relu", RELU_CHAPTER.replace(find, put, 1))
    assert message in str(caught.value)


def test_a_clause_may_not_stand_twice(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """An id means one clause."""
    for chapter in CHAPTERS:
        (tmp_path / f"{chapter}.md").write_text(RELU_CHAPTER, encoding="utf-8")
    monkeypatch.setattr("nnfs_spec.clauses.spec_folder", lambda: tmp_path)
    with pytest.raises(ClauseFormatError, match=r"spec/dense.md: RELU-1 stands twice"):
        all_clauses.__wrapped__()
