"""The edge of every property of streams: the rows that it asks for, chunk by chunk, and what it does not let pass."""

from collections.abc import Callable
from math import log
from typing import Any

import numpy as np
import pytest

from nnfs_spec import Accumulator, domains
from nnfs_spec.arrays import Array
from nnfs_spec.properties.labels import malformed_labels
from nnfs_spec.subject.protocol import Call
from nnfs_spec.subject.stream import streamed
from tests.tools.judging import calls_of, judge

U = 2.0**-53
P = [[0.5, 0.25, 0.25], [0.25, 0.5, 0.25], [0.125, 0.125, 0.75], [0.5, 0.5, 0.0], [0.0, 0.75, 0.25]]
Y = [0, 1, 1, 2, 1]
CASE = {"y_pred": P, "y_true": Y, "chunk": [3, 1, 3, 0, 0], "part": [2, 0, 0, 2, 3]}
"""Five rows in three of four parts, with chunks left out."""

CHUNK, PART = [1, 0, 1, 0, 0], [1, 0, 0, 1, 2]
"""The same without the gaps, so that each part has all the chunks up to its last one."""

ADDED = [2, 1, 2, 0, 0]
"""The same chunks in one part, whatever the parts were."""


def stream(*arguments: Array) -> Array:
    """Stream rows through the accumulator of the reference."""
    return streamed(Accumulator, *arguments)


def giving(*results: float) -> Callable[..., Array]:
    """Return a stream that always gives these three numbers."""
    return lambda *arguments: np.array(results)


def raising(*arguments: Array) -> Array:
    """Refuse everything."""
    raise ValueError("no")


def lists(calls: list[Call]) -> list[str]:
    """Return the arguments of calls, written out, so that a NaN is one."""
    return [repr([argument.tolist() for argument in call.arguments]) for call in calls]


@pytest.mark.parametrize(
    ("clause", "splits"),
    [
        ("STREAM-1", [(ADDED, [0] * 5), ([0, 1, 2, 3, 4], [0] * 5)]),
        ("STREAM-2", [(ADDED, [0] * 5), ([0, 1, 2, 3, 4], [0] * 5)]),
        ("STREAM-3", [(CHUNK, PART)] * 2 + [(CHUNK, [1, 2, 2, 1, 0])] * 2),
        ("STREAM-4", [(CHUNK, PART), ([2, 0, 2, 0, 0], [2, 0, 0, 2, 4]), ([3, 1, 3, 1, 1], [3, 1, 1, 3, 5])]),
    ],
)
def test_rows_are_split_as_the_clause_says(clause: str, splits: list[tuple[list[int], list[int]]]) -> None:
    """Into one part without gaps, and row by row; into all, in both orders; and with gaps between, and before."""
    calls = calls_of(clause, domains.STREAM, CASE, stream=stream)
    assert lists(calls) == [repr([P, Y, chunk, part]) for chunk, part in splits]
    assert not judge(clause, domains.STREAM, CASE, stream=stream).violating.any()


def test_a_bad_row_is_offered_after_a_good_one() -> None:
    """STREAM-5: as the second of two in the first row's chunk, added to see it refused, and then offered."""
    calls = calls_of("STREAM-5", domains.STREAM, CASE, stream=stream)
    no_class = [[*P, P[0], P[0]], [*Y, 0, 3]]
    beyond = [[*P, P[0], [2.0, 2.0, 2.0]], [*Y, 0, 0]]
    chunk = [*CHUNK, 1, 1]
    assert lists(calls) == [
        repr([P, Y, CHUNK, PART]),
        *(repr([*rows, chunk, [*PART, *part]]) for rows in (no_class, beyond) for part in ([1, 1], [-2, -2])),
    ]


def test_what_the_loss_refuses_is_tried_at_both_ends() -> None:
    """STREAM-6: every form that has a label for each row; then a label and an entry of the first and the last row."""
    calls = calls_of("STREAM-6", domains.STREAM_TWO_CLASSES, CASE, stream=raising)
    forms = [form.tolist() for form in malformed_labels(np.array(Y), 3) if len(form) == 5]
    assert len(forms) == 8
    assert lists(calls) == [
        *(repr([P, form, CHUNK, PART]) for form in forms),
        repr([P, [-1, 1, 1, 2, 1], CHUNK, PART]),
        repr([[[-1.0, 0.25, 0.25], *P[1:]], Y, CHUNK, PART]),
        repr([P, [0, 1, 1, 2, 3], CHUNK, PART]),
        repr([[*P[:4], [0.0, float("nan"), 0.25]], Y, CHUNK, PART]),
    ]


TWO = {"y_pred": [[0.5, 0.5]] * 3, "y_true": [0, 1, 1], "chunk": [0, 1, 1], "part": [0, 0, 1]}
"""Three rows that lose ln 2 each, one of which is right; in one part two chunks, in two parts three."""


def bound(joins: int) -> float:
    """Return the bound of the loss of these rows, in units of u: the mean is the largest, and both are ln 2."""
    return (13 + 3 * joins) * log(2) + (3 / 2 + 4 * joins) * log(2) + 1.5


@pytest.mark.parametrize(("clause", "joins"), [("STREAM-1", 2), ("STREAM-3", 4)])
@pytest.mark.parametrize("beyond", [False, True])
@pytest.mark.parametrize("sign", [-1, 1])
def test_the_loss_of_a_stream_has_the_bound_of_its_clause(clause: str, joins: int, beyond: bool, sign: int) -> None:
    """And is one number."""
    steps = int(bound(joins)) + 2 * beyond
    found = judge(clause, domains.STREAM, TWO, stream=giving(log(2) + sign * steps * U, 1 / 3, 3.0))
    assert found.violating.any() == beyond
    assert found.worst == pytest.approx(steps / bound(joins), abs=0.03)  # ln 2 is rounded
    assert found.bound.tolist() == pytest.approx([bound(joins) * U], rel=1e-9, abs=0)
    assert found.expected.tolist() == [log(2)]
    assert found.got.shape == (1,)
    assert found.cases == (1 if beyond else 2 if clause == "STREAM-1" else 4)


@pytest.mark.parametrize("clause", ["STREAM-2", "STREAM-3"])
@pytest.mark.parametrize(
    ("share", "violating"),
    [(1 / 3, False), (float(np.float32(1 / 3)), False), (np.nextafter(1 / 3, 1), True), (2 / 3, True)],
)
def test_the_accuracy_of_a_stream_is_rounded_once(clause: str, share: float, violating: bool) -> None:
    """In double or in single precision."""
    found = judge(clause, domains.STREAM, TWO, stream=giving(log(2), share, 3.0))
    assert found.violating.any() == violating
    if violating or clause == "STREAM-2":
        assert (found.got.tolist(), found.expected.tolist()) == ([share], [1 / 3])


@pytest.mark.parametrize(("rows", "violating"), [(3.0, False), (4.0, True)])
def test_the_number_of_rows_of_a_stream_is_exact(rows: float, violating: bool) -> None:
    """STREAM-8 asks for it with one accumulator and with all of them."""
    found = judge("STREAM-8", domains.STREAM, TWO, stream=giving(log(2), 1 / 3, rows))
    assert found.violating.any() == violating
    assert (found.got.tolist(), found.expected.tolist()) == ([rows], [3.0])


@pytest.mark.parametrize(("first", "joins"), [(0, 7), (1, 11)])
@pytest.mark.parametrize("beyond", [False, True])
def test_chunks_of_no_rows_may_move_the_loss_by_both_bounds(first: int, joins: int, beyond: bool) -> None:
    """STREAM-4: those of the joins with them and without."""
    both = bound(4) + bound(joins)
    steps = int(both) + beyond

    def straying(p: Array, y: Array, chunk: Array, part: Array) -> Array:
        strays = part.max() == 2 + first and chunk.min() == first
        return np.array([log(2) + steps * U * strays, 1 / 3, 3.0])

    found = judge("STREAM-4", domains.STREAM, TWO, stream=straying)
    assert found.violating.any() == beyond
    assert found.worst == pytest.approx(steps / both)
    assert found.demand.endswith(f"2·chunk + {first} and 2·part + {first}")


def test_one_accumulator_has_nothing_to_merge() -> None:
    """STREAM-3 does not speak of it."""
    found = judge("STREAM-3", domains.STREAM, {**TWO, "part": [3, 3, 3]}, stream=stream)
    assert (found.cases, found.share.tolist(), found.got.tolist()) == (0, [0.0], [0.0])
    assert found.demand == "accumulators to be merged"


class Taking(Accumulator):
    """An accumulator that refuses no chunk, and adds of a bad one what is good."""

    def add(self, y_pred: Any, y_true: Any) -> None:
        """Add the rows that the reference takes."""
        good = (y_true < y_pred.shape[1]) & (y_pred <= 1).all(axis=1)
        super().add(y_pred[good], y_true[good])


class Counting(Accumulator):
    """An accumulator that refuses a bad chunk, and keeps its good rows."""

    def add(self, y_pred: Any, y_true: Any) -> None:
        """Add the rows that the reference takes, and then all or nothing."""
        good = (y_true < y_pred.shape[1]) & (y_pred <= 1).all(axis=1)
        super().add(y_pred[good], y_true[good])
        super().add(y_pred[~good], y_true[~good])


@pytest.mark.parametrize(
    ("made", "cases", "violating"), [(Accumulator, 6, False), (Taking, 0, False), (Counting, 3, True)]
)
def test_a_refused_chunk_is_compared_where_it_is_refused(made: type[Accumulator], cases: int, violating: bool) -> None:
    """STREAM-5 does not speak of an accumulator that takes it."""
    found = judge("STREAM-5", domains.STREAM, CASE, stream=lambda *arguments: streamed(made, *arguments))
    assert (found.cases, bool(found.violating.any())) == (cases, violating)
    assert found.demand == "what there is without the refused chunk: row 0 twice, the second time labelled 3"


def test_no_rows_are_asked_for_as_they_stand() -> None:
    """STREAM-7: and whatever is answered is wrong."""
    none = np.zeros(0, np.int64)
    case: dict[str, Any] = {"y_pred": np.zeros((0, 2)), "y_true": none, "chunk": none, "part": none}
    assert lists(calls_of("STREAM-7", domains.STREAM_EMPTY, case, stream=raising)) == ["[[], [], [], []]"]
    assert not judge("STREAM-7", domains.STREAM_EMPTY, case, stream=raising).violating.any()
    assert judge("STREAM-7", domains.STREAM_EMPTY, case, stream=giving(0.0, 0.0, 0.0)).violating.all()


def test_the_second_of_four_parts_is_merged_again() -> None:
    """STREAM-10, with the same rows in each."""
    calls = calls_of("STREAM-10", domains.STREAM, CASE, stream=stream)
    chunk, part = [0] * 15 + [-1] * 5, [number for number in range(4) for _ in Y]
    assert lists(calls) == [repr([P * 4, Y * 4, chunk, part])] * 3


@pytest.mark.parametrize("by", [(1e-9, 0, 0), (0, 1e-9, 0), (0, 0, 1)])
def test_all_three_numbers_of_a_second_merge_count(by: tuple[float, float, float]) -> None:
    """STREAM-10: loss, accuracy and rows."""
    found = judge("STREAM-10", domains.STREAM, CASE, stream=lambda *given: stream(*given) + np.array(by))
    assert found.violating.any()


def test_a_copy_is_made_before_every_chunk() -> None:
    """STREAM-11: and the bits are those without copies."""
    calls = calls_of("STREAM-11", domains.STREAM, CASE, stream=stream)
    assert lists(calls) == [repr([P, Y, chunk, [0] * 5]) for chunk in (ADDED, [-2 - one for one in ADDED])]
