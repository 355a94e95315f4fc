"""A subject is asked once where several clauses ask the same, and always where it matters."""

import numpy as np

from nnfs_spec.adapters.live import LiveSubject
from nnfs_spec.arrays import Array
from nnfs_spec.engine.call_cache import KEPT, CallCache
from nnfs_spec.subject.layouts import NAMED
from nnfs_spec.subject.protocol import ALL, Account, Answer, Breakdown, Call

calls: list[Array] = []


def counted(x: Array) -> Array:
    """Return ``x`` unchanged and note that it came."""
    calls.append(x)
    return x


def breaking(x: Array) -> Array | None:
    """Return ``x`` if it is a single row, else nothing."""
    calls.append(x)
    return x if len(x) == 1 else None


def recalling() -> CallCache:
    """Return a subject that counts, behind a cache, with nothing counted yet."""
    calls.clear()
    return CallCache(LiveSubject("counts", {"relu": lambda: counted}, Account(problems=("a note",))))


def test_the_same_arrays_are_asked_about_once() -> None:
    """The very same objects, not equal ones."""
    subject, x = recalling(), np.ones((1, 1))
    first, again = (subject.run([Call("relu", (x,))])[0] for _ in range(2))
    assert first is again
    subject.run([Call("relu", (x.copy(),))])
    assert len(calls) == 2


def test_another_layout_is_another_call() -> None:
    """It may give another result."""
    subject, x = recalling(), np.ones((1, 1))
    subject.run([Call("relu", (x,))])
    subject.run([Call("relu", (x,), NAMED["F"])])
    assert len(calls) == 2


def test_calls_on_new_objects_are_never_remembered() -> None:
    """They are about what a new object does."""
    subject, x = recalling(), np.ones((1, 1))
    for _ in range(2):
        subject.run([Call("relu", (x,), fresh=True)])
    assert len(calls) == 2


def test_only_the_very_sessions_of_a_moment_ago_are_remembered() -> None:
    """Two of them; equal calls are made again, as they are about what happens between calls."""
    subject, x = recalling(), np.ones((1, 1))
    sessions = [[Call("relu", (x,)), Call("relu", (x,))] for _ in range(3)]
    for number in (0, 1, 0, 1):
        subject.run(sessions[number])
    assert len(calls) == 4
    subject.run(sessions[2])
    subject.run(sessions[0])
    assert len(calls) == 8


def test_only_the_latest_answers_are_kept() -> None:
    """So that memory stays bounded."""
    subject, x = recalling(), np.ones((1, 1))
    subject.run([Call("relu", (x,))])
    for _ in range(KEPT):
        subject.run([Call("relu", (np.ones((1, 1)),))])
    subject.run([Call("relu", (x,))])
    assert len(calls) == KEPT + 2


def test_what_was_asked_ahead_is_not_asked_again() -> None:
    """Until something else is asked ahead."""
    subject, x, y = recalling(), np.ones((1, 1)), np.ones((2, 1))
    subject.ask_ahead([Call("relu", (x,)), Call("relu", (y,))])
    assert [len(array) for array in calls] == [1, 2]
    for array in (x, y):
        (outcome,) = subject.run([Call("relu", (array,))])
        assert isinstance(outcome, Answer)
        assert outcome.results[0].shape == array.shape
    assert len(calls) == 2
    subject.ask_ahead([])
    subject.run([Call("relu", (x,))])
    assert len(calls) == 3


def test_where_a_subject_breaks_down_nothing_is_known_ahead() -> None:
    """Each call is made again by itself, so that it shows at which."""
    subject, x, y = CallCache(LiveSubject("breaks", {"relu": lambda: breaking})), np.ones((1, 1)), np.ones((2, 1))
    calls.clear()
    subject.ask_ahead([Call("relu", (x,)), Call("relu", (y,))])
    outcomes = [subject.run([Call("relu", (array,))])[0] for array in (x, y)]
    assert [type(outcome) for outcome in outcomes] == [Answer, Breakdown]
    assert len(calls) == 4


def test_the_rest_is_the_subjects_own() -> None:
    """Its name, its operations, its reach, its account."""
    subject = recalling()
    assert (subject.name, subject.operations, subject.reach) == ("counts", frozenset({"relu"}), ALL)
    assert subject.account() == Account(problems=("a note",))
