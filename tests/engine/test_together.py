"""Judging together gives what judging one after the other gives."""

from collections.abc import Sequence

import numpy as np
import pytest

import nnfs_spec
from nnfs_spec.adapters.live import LiveSubject
from nnfs_spec.adapters.load import load
from nnfs_spec.arrays import Array
from nnfs_spec.domains import NETWORK
from nnfs_spec.engine.clause_state import ClauseState
from nnfs_spec.engine.options import CheckOptions
from nnfs_spec.engine.run import run_helper_steps
from nnfs_spec.engine.together import judge_together
from nnfs_spec.engine.trial import tried
from nnfs_spec.generate.sweep import sized_batch
from nnfs_spec.mutants import MUTANTS
from nnfs_spec.reports.json_report import to_json
from nnfs_spec.subject.protocol import Account, Batching, Breakdown, Call, CodeLines, Outcome, Reach
from tests.tools.check_here import check_here


class InMessages:
    """A subject that takes many sessions in one message, as one in another process does, and counts the messages."""

    batching = True

    def __init__(self, subject: LiveSubject, broken: str = "", refuses: bool = False) -> None:
        self._subject = subject
        self._broken = broken
        self._refuses = refuses
        self.alone = 0
        self.messages: list[int] = []

    @property
    def name(self) -> str:
        """The name of the subject."""
        return self._subject.name

    @property
    def operations(self) -> frozenset[str]:
        """Its operations."""
        return self._subject.operations

    @property
    def reach(self) -> Reach:
        """Its reach."""
        return self._subject.reach

    def account(self) -> Account:
        """Its account."""
        return self._subject.account()

    def code_lines(self, call: Call) -> CodeLines:
        """Its lines."""
        return self._subject.code_lines(call)

    def run(self, session: Sequence[Call]) -> Sequence[Outcome]:
        """Run a session that comes alone."""
        self.alone += 1
        return self._subject.run(session)

    def run_all(self, sessions: Sequence[Sequence[Call]]) -> Sequence[Sequence[Outcome]]:
        """Run a message, but for operations that break down in messages."""
        self.messages.append(len(sessions))
        if self._refuses:
            return ()
        return [
            [Breakdown("lost")] * len(session)
            if any(call.operation == self._broken for call in session)
            else self._subject.run(session)
            for session in sessions
        ]


FIRST = {mutant.operation: mutant.name for mutant in reversed(MUTANTS.values())}
"""One mutant of each operation."""

TARGETS = ["reference", *(f"mutant:{name}" for name in FIRST.values())]


@pytest.mark.parametrize("target", TARGETS)
def test_the_report_is_the_same_to_the_byte(target: str) -> None:
    """With far fewer messages than sessions."""
    together = InMessages(load(target))
    assert isinstance(together, Batching)
    report = to_json(check_here(together, budget="quick"))
    assert report == to_json(check_here(load(target), budget="quick"))
    assert len(together.messages) * 5 < sum(together.messages)


def test_helper_steps_are_the_same() -> None:
    """Of the sizes that a second process tries."""
    options = CheckOptions(budget="quick", clauses=("RELU-1", "RELU-2", "GEN-1"))
    one, other = (run_helper_steps(subject, options) for subject in (InMessages(load("reference")), load("reference")))
    assert [vars(state) for state in one.partial_states] == [vars(state) for state in other.partial_states]


@pytest.mark.parametrize("lost", [{"broken": "relu"}, {"refuses": True}])
def test_what_is_lost_in_a_message_is_tried_alone(lost: dict[str, str | bool]) -> None:
    """And passes there."""
    together = InMessages(load("reference"), str(lost.get("broken", "")), bool(lost.get("refuses")))
    report = check_here(together, clauses=("RELU-1", "SOFTMAX-1"), budget="quick")
    assert report.verdict == "conformant"
    assert together.messages
    assert together.alone > 0


def test_large_cases_are_tried_alone() -> None:
    """They cost more than a message does."""
    together = InMessages(load("reference"))
    assert check_here(together, clauses=("RELU-1",), budget="default").verdict == "conformant"
    assert together.alone > 0


def test_an_exception_of_a_property_is_a_finding() -> None:
    """As it is alone."""
    one, other = (LiveSubject("wrong", {"relu": lambda: _text}) for _ in range(2))
    assert to_json(check_here(InMessages(one), budget="quick")) == to_json(check_here(other, budget="quick"))


def _text(x: Array) -> Array:
    return np.full(x.shape, "text")


def test_a_clause_that_needs_another_operation_has_no_trial() -> None:
    """As where it is tried by itself."""
    subject = InMessages(LiveSubject("dense", {"dense": lambda: nnfs_spec.dense}))
    case = sized_batch(NETWORK, np.dtype(np.float64), 0, 0)
    (judged,) = judge_together([(case, [ClauseState.of("NET-1")])], subject)
    assert judged.trial is None
    assert tried(judged.state.tested, subject, case) is None
