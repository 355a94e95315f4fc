"""Going through complete sets, step by step: what is tried, noted, told and kept, and what is taken up again."""

from collections.abc import Callable, Iterator, Sequence
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from nnfs_spec.adapters.live import LiveSubject
from nnfs_spec.arrays import Array
from nnfs_spec.domains import RELU, Case
from nnfs_spec.engine.clause_state import MOST_PASSED_OVER, ClauseState, PartialState
from nnfs_spec.engine.events import Event, Progressed, Proof
from nnfs_spec.engine.exhaustive import Block, Share, blocks_of, proofs, try_all_blocks, try_blocks
from nnfs_spec.engine.trial import Trial
from nnfs_spec.generate.exhaustive import CompleteSet
from nnfs_spec.subject.protocol import ALL, Reach

BOTH = ("RELU-1", "RELU-7")


def block_of(number: int) -> Case:
    """Return two rows that tell the number of their block."""
    return Case(RELU, np.dtype(np.float32), {"inputs": np.full((2, 1), number, np.float32)})


def set_of(blocks: int, *clauses: str) -> CompleteSet:
    """Return a set of blocks of two rows."""
    return CompleteSet(f"set of {blocks}", 2 * blocks, RELU, clauses, blocks, block_of)


def blocks(count: int, *clauses: str) -> list[Block]:
    """Return the blocks of a set, for RELU-1 and RELU-7 if not for others."""
    return [Block(set_of(count, *clauses), number, clauses or BOTH) for number in range(count)]


def states() -> dict[str, ClauseState]:
    """Return what is known of two clauses: nothing."""
    return {id: ClauseState.of(id) for id in BOTH}


class Relu:
    """ReLU that is wrong in some blocks, and notes of which it is asked."""

    def __init__(self, *wrong: int) -> None:
        self.asked: list[int] = []
        self._wrong = wrong

    def __call__(self, x: Array) -> Array:
        """Note the block."""
        self.asked.append(int(x[0, 0]))
        return x + 1 if x[0, 0] in self._wrong else x

    @property
    def subject(self) -> LiveSubject:
        """As one that can be checked."""
        return LiveSubject("relu", {"relu": lambda: self})


def known_of(shares: Sequence[Share]) -> list[tuple[int, list[tuple[str, int, int, list[int]]]]]:
    """Return how far shares are, and what each clause met."""
    return [(one.done, [(t.clause, t.cases, t.passed, t.failing) for t in one.partial_states]) for one in shares]


@pytest.mark.parametrize(
    ("operations", "clauses", "reach", "found"),
    [
        ({"relu"}, BOTH, ALL, [(3, 0, BOTH), (3, 1, BOTH), (3, 2, BOTH), (1, 0, ("RELU-1",))]),
        ({"relu"}, ("RELU-7",), ALL, [(3, i, ("RELU-7",)) for i in range(3)]),
        ({"relu"}, BOTH, Reach(unseen=frozenset({"RELU-1"})), [(3, i, ("RELU-7",)) for i in range(3)]),
        ({"relu"}, ("GEN-2",), ALL, []),
        ({"softmax"}, BOTH, ALL, []),
        ({"relu"}, BOTH, Reach(frozenset({"float64"})), []),
    ],
)
def test_the_blocks_are_those_that_can_be_asked_about(
    operations: set[str], clauses: tuple[str, ...], reach: Reach, found: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of float32, an operation at hand, and clauses that are asked for and can be seen."""
    sets = set_of(3, *BOTH), set_of(1, "RELU-1")
    monkeypatch.setattr("nnfs_spec.engine.exhaustive.complete_sets", lambda: sets)
    planned = blocks_of(frozenset(operations), clauses, reach)
    assert [(block.of.blocks, block.number, block.clauses) for block in planned] == found


def test_each_block_is_told_tried_and_counted() -> None:
    """From where a share stands, and only those of the share."""
    heard: list[Event] = []
    relu, share = Relu(5), Share(1)
    shares = try_blocks(relu.subject, states(), blocks(8), share, range(1, 8, 2), listen=heard.append)
    assert [one.done for one in shares] == [2, 3, 4]
    assert sorted(set(relu.asked)) == [3, 5, 7]
    assert heard == [Progressed(1, 4, "RELU-1", 0), Progressed(2, 4, "RELU-1", 3), Progressed(3, 4, "RELU-1", 4)]
    assert known_of([share]) == [(4, [("RELU-1", 4, 2, [5]), ("RELU-7", 3, 3, [])])]


def test_a_clause_is_given_up_after_many_failures() -> None:
    """Or where it failed before all this; then a block that no other clause wants is not even made."""
    relu, share, known = Relu(*range(20)), Share(), states()
    known["RELU-7"].failure = Trial(block_of(0), "fail", None, "")
    for _ in try_blocks(relu.subject, known, blocks(20), share, range(20)):
        pass
    assert relu.asked == list(range(MOST_PASSED_OVER))
    assert known_of([share]) == [(20, [("RELU-1", 0, 0, list(range(MOST_PASSED_OVER))), ("RELU-7", 0, 0, [])])]


@pytest.mark.parametrize(("end", "done"), [(None, 4), (0.5, 0), (3.0, 2), (3.5, 3), (9.0, 4)])
def test_no_block_is_begun_when_time_is_up(end: float | None, done: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Not even at the very moment."""
    clock: Iterator[float] = iter([1.0, 2.0, 3.0, 4.0])
    monkeypatch.setattr("nnfs_spec.engine.exhaustive.time", SimpleNamespace(monotonic=lambda: next(clock)))
    share = Share()
    assert len(list(try_blocks(Relu().subject, states(), blocks(4), share, range(4), end))) == done
    assert share.done == done


class Noted:
    """A checkpoint that gives what it was made with, and notes what it is to keep."""

    def __init__(self, *begun: Share) -> None:
        self._begun = begun
        self.kept: list[list[int]] = []

    def begun(self) -> Sequence[Share]:
        """Return what it was made with."""
        return self._begun

    def keep(self, shares: Sequence[Share]) -> None:
        """Note how far they are."""
        self.kept.append([share.done for share in shares])


class Second:
    """A exhaustive_helper that tells what it is made to tell."""

    def __init__(self, latest: Sequence[Share | None], finish: Share | None) -> None:
        self._latest = iter(latest)
        self._finish = finish
        self.started: list[Share] = []

    def start(self, share: Share) -> None:
        """Note where it begins."""
        self.started.append(share)

    def latest(self) -> Share | None:
        """Return the next."""
        return next(self._latest)

    def finish(self) -> Share | None:
        """Return how it ended."""
        return self._finish


def through_all(relu: Relu, checkpoint: Noted, exhaustive_helper: Second | None = None, count: int = 5) -> list[Share]:
    """Go through some blocks without a limit of time."""
    return try_all_blocks(
        relu.subject,
        states(),
        blocks(count),
        end=None,
        checkpoint=checkpoint,
        exhaustive_helper=exhaustive_helper,
        listen=lambda event: None,
    )


def test_alone_every_block_is_tried_and_kept() -> None:
    """After each block, and at the end."""
    relu, checkpoint = Relu(), Noted()
    shares = through_all(relu, checkpoint)
    assert sorted(set(relu.asked)) == [0, 1, 2, 3, 4]
    assert checkpoint.kept == [[1], [2], [3], [4], [5], [5]]
    assert known_of(shares) == [(5, [("RELU-1", 10, 5, []), ("RELU-7", 5, 5, [])])]


def test_a_companion_takes_every_other_block() -> None:
    """What it told last is kept beside one's own, and what it ends with is returned."""
    relu, checkpoint, whole = Relu(), Noted(), Share(2)
    second = Second([None, Share(1), None], whole)
    mine, other = through_all(relu, checkpoint, second)
    assert sorted(set(relu.asked)) == [0, 2, 4]
    assert checkpoint.kept == [[1, 0], [2, 1], [3, 1], [3, 2]]
    assert (mine.done, other) == (3, whole)
    assert [one.done for one in second.started] == [0]


@pytest.mark.parametrize(("last", "left"), [(None, [3, 5]), (Share(2), [5])])
def test_the_blocks_of_a_companion_that_died_are_tried_here(last: Share | None, left: list[int]) -> None:
    """From where it was when it told last."""
    relu, checkpoint = Relu(), Noted()
    mine, other = through_all(relu, checkpoint, Second([None, Share(1), None, last], None), count=6)
    assert sorted(set(relu.asked)) == sorted([0, 2, 4, *left])
    assert checkpoint.kept[3:] == [*([3, done] for done in range(4 - len(left), 4)), [3, 3]]
    assert (mine.done, other.done) == (3, 3)


def tallied(done: int, *failing: int, clauses: Sequence[str] = BOTH) -> Callable[[], Share]:
    """Return what makes a share in which each clause failed in some blocks."""
    return lambda: Share(done, [PartialState(clause, True, failing=list(failing)) for clause in clauses])


@pytest.mark.parametrize(
    ("begun", "tried"),
    [
        ([tallied(2)], [2, 3, 4]),
        ([tallied(0)], [0, 1, 2, 3, 4]),
        ([tallied(5)], []),
        ([tallied(4, 0, 1, 2, 3, 4, clauses=["RELU-1"])], [4]),
        ([tallied(4, 4)], [4]),
        ([tallied(-1)], [0, 1, 2, 3, 4]),
        ([tallied(6)], [0, 1, 2, 3, 4]),
        ([tallied(4, 5)], [0, 1, 2, 3, 4]),
        ([tallied(4, -1)], [0, 1, 2, 3, 4]),
        ([tallied(4, clauses=["RELU-1", "ACC-1"])], [0, 1, 2, 3, 4]),
        ([tallied(1), tallied(1)], [0, 1, 2, 3, 4]),
    ],
)
def test_what_was_kept_is_taken_up_if_it_can_be_that_of_this_run(
    begun: list[Callable[[], Share]], tried: list[int]
) -> None:
    """As many shares, no more blocks than there are, and no other clauses or numbers."""
    relu = Relu()
    (share,) = through_all(relu, Noted(*(make() for make in begun)))
    assert sorted(set(relu.asked)) == tried
    assert share.done == 5


@pytest.mark.parametrize(
    ("begun", "mine", "started"),
    [((2, 2), [4], 2), ((2, 0), [4], 0), ((3, 2), [], 2), ((2, 3), [0, 2, 4], 0), ((4, 2), [0, 2, 4], 0)],
)
def test_both_shares_are_taken_up_or_none(begun: tuple[int, int], mine: list[int], started: int) -> None:
    """Of five blocks three are one's own, and two the exhaustive_helper's."""
    relu, second = Relu(), Second([None] * 3, Share(2))
    through_all(relu, Noted(*map(Share, begun)), second)
    assert sorted(set(relu.asked)) == mine
    assert [one.done for one in second.started] == [started]


def test_a_passage_is_told_and_read_again() -> None:
    """With what each clause met."""
    told = tallied(3, 1, 2)().to_dict()
    again = Share.from_dict(told)
    assert isinstance(again, Share)
    assert again.to_dict() == told
    assert known_of([again]) == [(3, [("RELU-1", 0, 0, [1, 2]), ("RELU-7", 0, 0, [1, 2])])]


def test_a_proof_needs_every_block_of_the_set() -> None:
    """Of all shares together, and of each clause for itself."""
    three, one = set_of(3, *BOTH), set_of(1, "GEN-6")
    planned = [*(Block(three, number, BOTH) for number in range(3)), Block(one, 0, ("GEN-6",))]
    shares = [
        Share(2, [PartialState("RELU-1", passed=2), PartialState("RELU-7", passed=2)]),
        Share(1, [PartialState("RELU-1", passed=1)]),
    ]
    assert proofs(planned, shares) == {"RELU-1": Proof(6, "set of 3")}
    assert proofs(planned, []) == {}
    assert proofs(planned, [Share(1, [PartialState("GEN-6", passed=1)])]) == {"GEN-6": Proof(2, "set of 1")}
