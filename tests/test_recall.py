"""A subject is asked once where several clauses ask the same, and always where it matters."""

import numpy as np

from nnfs_spec.adapters.live import LiveSubject
from nnfs_spec.arrays import Array
from nnfs_spec.engine.recall import KEPT, Recall
from nnfs_spec.subject import ALL, Account, Call

calls: list[Array] = []


def counted(x: Array) -> Array:
    """Return ``x`` unchanged and note that it came."""
    calls.append(x)
    return x


def recalling() -> Recall:
    """Return a subject that counts, behind a recall, with nothing counted yet."""
    calls.clear()
    return Recall(LiveSubject("counts", {"relu": lambda: counted}, Account(problems=("a note",))))


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
    subject.run([Call("relu", (x,), "F")])
    assert len(calls) == 2


def test_sessions_and_new_objects_are_never_remembered() -> None:
    """They are about what happens between calls."""
    subject, x = recalling(), np.ones((1, 1))
    for session in ([Call("relu", (x,))] * 2, [Call("relu", (x,), fresh=True)]):
        for _ in range(2):
            subject.run(session)
    assert len(calls) == 6


def test_only_the_latest_answers_are_kept() -> None:
    """So that memory stays bounded."""
    subject, x = recalling(), np.ones((1, 1))
    subject.run([Call("relu", (x,))])
    for _ in range(KEPT):
        subject.run([Call("relu", (np.ones((1, 1)),))])
    subject.run([Call("relu", (x,))])
    assert len(calls) == KEPT + 2


def test_the_rest_is_the_subjects_own() -> None:
    """Its name, its operations, its reach, its account."""
    subject = recalling()
    assert (subject.name, subject.operations, subject.reach) == ("counts", frozenset({"relu"}), ALL)
    assert subject.account() == Account(problems=("a note",))
