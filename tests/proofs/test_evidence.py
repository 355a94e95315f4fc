"""What the fields Evidence claim: files that exist, and goals on record, which answers the questions asked now."""

import json
import re
from collections import defaultdict
from dataclasses import replace
from pathlib import Path

import pytest

from nnfs_spec.clauses import all_clauses
from spec.proofs import coq, evidence
from spec.proofs.__main__ import open_goals
from spec.proofs.jobs import jobs
from spec.proofs.record import RECORD, recorded
from tests import ROOT

LINES = list(recorded().values())


def test_the_fields_of_evidence_are_up_to_date() -> None:
    """They are what the record and the tables make of them."""
    assert evidence.stale() == []


@pytest.mark.parametrize("clause", all_clauses())
def test_what_is_claimed_exists_and_was_run(clause: str) -> None:
    """Its files are there, its goals were answered as claimed, and the strongest part reaches the whole clause."""
    answered = {line.name: line for line in LINES if line.answer == line.expected}
    parts = evidence.parts(clause, LINES)
    assert parts[0].whole
    assert parts[0].rank == min(part.rank for part in parts if part.whole)
    for part in parts:
        assert part.command
        assert all((ROOT / file).is_file() for file in part.files)
        assert all(clause in answered[goal].clauses for goal in part.goals)
        assert part.goals or not part.kind.startswith("machine")


@pytest.mark.parametrize("clause", all_clauses())
def test_the_field_names_what_was_run(clause: str) -> None:
    """Every file of spec/proofs that it links to has a goal of this clause on record, and no other file has one."""
    methods = {line.method for line in LINES if clause in line.clauses and line.answer == line.expected}
    linked = set(re.findall(r"\(proofs/([\w.]+)\)", all_clauses()[clause].fields["Evidence"]))
    assert linked == {Path(evidence.FILES[method]).name for method in methods}


def test_every_clause_that_is_proved_by_hand_has_a_derivation() -> None:
    """In the field Bound of its chapter."""
    assert all("*Derivation" in all_clauses()[clause].fields["Bound"] for clause in evidence.BY_HAND)


def test_the_record_answers_what_is_asked_now() -> None:
    """A description that was changed, and not run since, has another digest."""
    known = recorded()
    assert {job.key: job.digest for job in jobs()} == {key: line.digest for key, line in known.items()}


def test_the_record_holds_no_open_goal() -> None:
    """Every goal was answered by a program as claimed, and by none otherwise."""
    assert open_goals(list(recorded().values())) == []


def test_every_goal_for_the_solvers_has_a_false_companion() -> None:
    """It is refuted, in the same dtype."""
    expected: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
    for line in recorded().values():
        if line.method == "SMT":
            expected[line.name, line.dtype].add(line.expected)
    assert all(both == {"sat", "unsat"} for both in expected.values())


def test_two_solvers_agree_on_most() -> None:
    """Both answered at least nine of ten questions; where both did, they said the same, as no goal is open."""
    asked = [line for line in recorded().values() if line.method == "SMT"]
    missing = sum(line.answer == "no answer" for line in asked)
    assert missing * 20 < len(asked)


def test_the_record_names_the_versions() -> None:
    """Those of every program."""
    assert set(json.loads(RECORD.read_text(encoding="utf-8"))["versions"]) > {
        "bitwuzla",
        "z3",
        "gappa",
        "coq",
        "flocq",
        "numpy",
    }


@pytest.mark.parametrize("answer", ["sat", "no answer"])
def test_an_open_goal_is_noticed(answer: str) -> None:
    """Whether the answer is wrong or missing."""
    line = next(one for one in recorded().values() if one.expected == "unsat")
    assert len(open_goals([replace(line, answer=answer)])) == 1


def test_axioms_are_read_from_what_coq_prints() -> None:
    """Names at the beginning of a line, with the type behind them or below."""
    printed = "Axioms:\nClassical_Prop.classic : forall P : Prop, P \\/ ~ P\nsurplus\n  : False\n"
    assert coq.axioms(printed) == {"Classical_Prop.classic", "surplus"}
    assert coq.axioms("Closed under the global context\n") == set()
    assert coq.axioms("Error: no") - coq.ALLOWED
