"""How rows are streamed through an accumulator, and how a target offers one."""

from math import log
from threading import Lock
from typing import Any

import numpy as np
import pytest

import nnfs_spec
from nnfs_spec import Accumulator, SpecValueError
from nnfs_spec.adapters.load import live_subject
from nnfs_spec.clauses import all_clauses
from nnfs_spec.oracle import exact
from nnfs_spec.oracle.streaming import joins
from nnfs_spec.subject.stream import streamed
from tests.tools.check_here import check_here


class Recorder:
    """An accumulator that writes down what is done with it, and refuses labels of 9."""

    def __init__(self) -> None:
        self.seen: list[Any] = []
        self.loss, self.accuracy, self.rows = 0.0, 0.0, 0

    def add(self, y_pred: Any, y_true: Any) -> None:
        """Write down a chunk."""
        if 9 in y_true:
            raise ValueError("there is no class 9")
        self.seen.append(y_true.tolist())
        self.rows += len(y_true)
        self.kept = y_pred

    def merge(self, other: "Recorder") -> None:
        """Write down what the other one has seen."""
        self.seen.append(other.seen)
        self.rows += other.rows


def recorded(y: Any, chunk: Any, part: Any) -> list[Any]:
    """Return what the accumulator that is left has seen of labels that are streamed."""
    made: list[Recorder] = []

    def new() -> Recorder:
        made.append(Recorder())
        return made[-1]

    answer = streamed(new, np.ones((len(y), 2)), np.array(y), np.array(chunk), np.array(part))
    assert answer.tolist() == [0.0, 0.0, float(made[0].rows)]
    assert all((one.kept == 0.5).all() for one in made)
    return made[0].seen


def test_chunks_come_in_the_order_of_their_numbers_and_gaps_are_empty() -> None:
    """Rows of one number together, in their own order."""
    assert recorded([1, 2, 3, 4], [2, 0, 2, 0], [0, 0, 0, 0]) == [[2, 4], [], [1, 3]]


def test_neighbours_are_merged_until_one_is_left() -> None:
    """Three parts, one of which has no rows, then five."""
    assert recorded([1, 2], [0, 0], [0, 2]) == [[1], [[]], [[2]]]
    tree = recorded([0, 1, 2, 3, 4], [0] * 5, [0, 1, 2, 3, 4])
    assert tree == [[0], [[1]], [[2], [[3]]], [[4]]]


def test_an_offered_chunk_may_be_refused_and_no_other() -> None:
    """It comes after the chunk of its number."""
    assert recorded([1, 9, 2, 3], [0, 0, 1, 1], [0, -1, 0, -1]) == [[1], [2], [3]]
    with pytest.raises(ValueError, match="there is no class 9"):
        recorded([1, 9], [0, 0], [0, 0])


def test_of_no_rows_neither_mean_may_be_given() -> None:
    """Whichever of them is refused, the other one shows."""

    class Both(Recorder):
        pass

    class Loss(Recorder):
        accuracy: Any = property(lambda self: 1 / 0, lambda self, value: None)

    class Accuracy(Recorder):
        loss: Any = property(lambda self: 1 / 0, lambda self, value: None)

    nothing = (np.ones((0, 2)), np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros(0, np.int64))
    for kind, given in ((Both, [True, False]), (Loss, [True, False]), (Accuracy, [False, True])):
        assert np.isfinite(streamed(kind, *nothing)[:2]).tolist() == given
    with pytest.raises(SpecValueError):
        streamed(Accumulator, *nothing)


def test_the_bound_is_the_one_of_the_clause() -> None:
    """Of STREAM-1, M being the chunks, gaps among them, and the merges."""
    p, y = np.array([[0.5, 0.5]] * 3), np.array([0, 1, 0])
    split = (([0, 0, 0], [0, 0, 0], 1), ([0, 1, 2], [0, 0, 0], 3), ([0, 3, 0], [0, 0, 2], 4 + 1 + 1 + 2))
    for chunk, part, count in split:
        enclosure = exact("stream", (p, y, np.array(chunk), np.array(part)))
        bound = ((13 + 3 * count) * log(2) + (3 / 2 + 4 * count) * log(2) + 1.5) * 2.0**-53
        assert enclosure.bound.tolist() == pytest.approx([bound, 0, 0], rel=1e-9, abs=0)
        assert enclosure.hi.tolist() == [log(2), 2 / 3, 3.0]


@pytest.mark.parametrize(
    ("chunk", "part", "count"),
    [([], [], 1), ([0], [0], 1), ([2], [0], 3), ([0, 0], [1, 1], 1 + 1 + 1), ([1, 0, 4], [2, 0, 0], 5 + 1 + 2 + 2)],
)
def test_chunks_and_merges_are_counted(chunk: list[int], part: list[int], count: int) -> None:
    """Each accumulator has a chunk at least, and there is a merge less than there are accumulators."""
    assert joins(np.array(chunk, np.int64), np.array(part, np.int64)) == count


@pytest.mark.parametrize("clause", [clause for clause in all_clauses() if clause.startswith("STREAM-")])
def test_a_target_with_an_accumulator_is_judged_by_it(clause: str) -> None:
    """Under its name or by --map; without one the clause is unsupported and changes no verdict."""
    mine = type("Mine", (Accumulator,), {})
    for target, mapping in (({"Accumulator": mine}, ()), ({"Mine": mine}, ("stream=Mine",))):
        report = check_here(live_subject(target, mapping=mapping), clauses=[clause], budget="quick", level="should")
        assert (report.verdict, report.supported) == ("conformant", ("stream",))
        assert report.taken == (f"stream: `{next(iter(target))}`",)
    without = live_subject({"relu": nnfs_spec.relu})
    report = check_here(without, clauses=["RELU-1", clause], budget="quick", level="should")
    assert report.verdict == "conformant"
    assert {result.id: result.status for result in report.clauses} == {"RELU-1": "pass", clause: "unsupported"}


class Trusting(Recorder):
    """An accumulator that takes whatever it is given."""

    def add(self, y_pred: Any, y_true: Any) -> None:
        """Count the rows."""
        self.rows += len(y_true)


def test_what_is_never_refused_has_no_state_to_keep() -> None:
    """That clause says nothing of it then, and another one that it should be refused."""
    report = check_here(live_subject({"Accumulator": Trusting}), clauses=["STREAM-5", "STREAM-6"], budget="quick")
    assert {result.id: result.status for result in report.clauses} == {"STREAM-5": "not-exercised", "STREAM-6": "fail"}


class Sums(Accumulator):
    """Losses and rows, added up in the dtype of the predictions."""

    def __init__(self) -> None:
        super().__init__()
        self.mean: Any = 0

    def add(self, y_pred: Any, y_true: Any) -> None:
        """Add the losses of a chunk."""
        super().add(y_pred, y_true)
        self.mean = self.mean + nnfs_spec.sample_losses(y_pred, y_true).sum()

    def merge(self, other: Any) -> None:
        """Add the losses of another one."""
        super().merge(other)
        self.mean = self.mean + other.mean

    @property
    def loss(self) -> Any:
        """The sum over the rows."""
        return super().loss and self.mean / self.mean.dtype.type(self.rows)


class Means(Sums):
    """The mean of the chunks so far, weighted with each further one in the dtype of the predictions."""

    def add(self, y_pred: Any, y_true: Any) -> None:
        """Weigh the mean of a chunk."""
        before = self.rows
        Accumulator.add(self, y_pred, y_true)
        if len(y_pred):
            self.weigh(before, len(y_pred), nnfs_spec.loss(y_pred, y_true))

    def merge(self, other: Any) -> None:
        """Weigh the mean of another one."""
        before = self.rows
        Accumulator.merge(self, other)
        if other.rows:
            self.weigh(before, other.rows, other.mean)

    def weigh(self, before: int, rows: int, mean: Any) -> None:
        """Take the weighted mean of two."""
        number = mean.dtype.type
        self.mean = (number(self.mean) * number(before) + mean * number(rows)) / number(before + rows)

    @property
    def loss(self) -> Any:
        """The mean itself."""
        return super().loss and self.mean


@pytest.mark.parametrize("kind", [Sums, Means])
def test_plain_sums_and_means_keep_the_bound(kind: type[Any]) -> None:
    """They need not be exact, as the reference's are, nor more precise than the predictions."""
    clauses = [clause for clause in all_clauses() if clause.startswith("STREAM-")]
    report = check_here(live_subject({"Accumulator": kind}), clauses=clauses, level="should")
    assert {result.id: result.status for result in report.clauses} == dict.fromkeys(clauses, "pass")
    assert all(result.worst is not None and result.worst < 0.5 for result in report.clauses)


def test_a_part_can_be_merged_again() -> None:
    """The fourth part is the second, with the rows that it has; rows that stand for it are not added."""
    assert recorded([1, 2, 3, 2], [0, 0, 0, -1], [0, 1, 2, 3]) == [[1], [[2]], [[3], [[2]]]]


def test_before_a_chunk_a_copy_can_take_over() -> None:
    """The original is given the rows, too, and forgotten."""
    made: list[Recorder] = []

    def new() -> Recorder:
        made.append(Recorder())
        return made[-1]

    labels, chunk = np.array([1, 2, 3]), np.array([0, -3, 2])
    assert streamed(new, np.ones((3, 2)), labels, chunk, np.zeros(3, np.intp))[2] == 3
    assert [one.seen for one in made] == [[[1], [2]]]


def test_what_has_no_copy_goes_on_itself() -> None:
    """An accumulator that holds a lock."""

    class Locked(Recorder):
        def __init__(self) -> None:
            super().__init__()
            self.lock = Lock()

    answer = streamed(Locked, np.ones((2, 2)), np.array([1, 2]), np.array([-2, -3]), np.zeros(2, np.intp))
    assert answer[2] == 2
