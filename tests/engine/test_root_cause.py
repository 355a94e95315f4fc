"""Which of the earlier clauses explains a failure, one condition at a time."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any, get_args

import numpy as np
import pytest

from nnfs_spec.adapters.live import LiveSubject
from nnfs_spec.arrays import Array
from nnfs_spec.clauses import all_clauses
from nnfs_spec.domains import (
    LAYER,
    LOSS,
    LOSSES,
    LOSSES_ONE_HOT,
    RELU,
    SOFTMAX,
    SOFTMAX_GRID,
    SOFTMAX_TWO,
    SPIRAL,
    Case,
)
from nnfs_spec.engine.clause_state import ClauseState
from nnfs_spec.engine.root_cause import MOST_CALLS, case_of, is_mean_of_samples, rank, root_cause
from nnfs_spec.engine.trial import Trial
from nnfs_spec.properties import PROPERTIES, Finding
from nnfs_spec.properties.finding import fact
from nnfs_spec.properties.registry import Role
from nnfs_spec.subject.protocol import Call, Probe, count_call

FLOAT64 = np.dtype(np.float64)
BAD, GOOD = np.array([[-1.0]]), np.array([[1.0]])
CASE = Case(RELU, FLOAT64, {"inputs": BAD})
ELSEWHERE = Case(SOFTMAX, FLOAT64, {"inputs": BAD})
LABELLED = np.array([[0.5, 0.5]]), np.array([0])
BATCH = Case(LOSS, FLOAT64, {"y_pred": LABELLED[0], "y_true": LABELLED[1]})


def leaky(x: Array) -> Array:
    """Return ReLU that is wrong below 0."""
    return np.where(x > 0, x, x / 2)


SUBJECT = LiveSubject("leaky", {"relu": lambda: leaky})


def failed(
    case: Case = CASE, *asked: Call, status: str = "fail", message: str = "oh", repeatable: bool = True
) -> Trial:
    """Return a trial that failed."""
    return Trial(case, status, None, message, repeatable, asked)


def failing(id: str, failure: Trial | None = None) -> ClauseState:
    """Return a clause that failed."""
    state = ClauseState.of(id)
    state.failure = failure or failed()
    return state


def blamed(id: str, trial: Trial, *earlier: ClauseState, subject: LiveSubject = SUBJECT) -> str | None:
    """Return the clause that explains the failure of another."""
    cause = root_cause(ClauseState.of(id), trial, earlier, subject)
    return cause.clause.id if cause else None


def test_the_roots_of_a_chapter_are_counted_from_zero() -> None:
    """No two clauses of a chapter have the same place, and none speaks of several operations."""
    places: dict[str, list[int]] = {}
    for id, tested in PROPERTIES.items():
        if tested.root is not None:
            places.setdefault(all_clauses()[id].chapter, []).append(tested.root)
            assert tested.scope == "one operation"
    assert {chapter: sorted(roots) for chapter, roots in places.items()} == {
        "dense": [0, 1],
        "relu": [0, 1],
        "softmax": [0, 1, 2, 3, 4],
        "loss": [0, 1, 2],
        "accuracy": [0],
    }


def test_every_role_is_played_by_one_clause() -> None:
    """Two clauses of one role would both be looked for."""
    roles = [tested.role for tested in PROPERTIES.values() if tested.role is not None]
    assert sorted(roles) == sorted(get_args(Role))


@pytest.mark.parametrize(
    ("id", "place"),
    [
        ("DENSE-2", (0, False, False, 1, 0)),
        ("RELU-1", (0, False, False, 2, 1)),
        ("RELU-2", (0, False, True, 0, 0)),
        ("DENSE-10", (0, True, True, 0, 0)),
        ("GEN-2", (1, False, True, 0, 0)),
        ("GEN-5", (1, True, True, 0, 0)),
        ("NET-1", (2, False, True, 0, 0)),
    ],
)
def test_a_clause_has_a_place_in_the_order_of_causes(id: str, place: tuple[int, bool, bool, int, int]) -> None:
    """Chapters of all operations last, in each chapter what must be before advice, and roots before the rest."""
    assert rank(ClauseState.of(id)) == place


def test_the_first_clause_that_fails_on_the_case_explains_it() -> None:
    """Not one that holds there, nor one that never failed or that the failure itself explains."""
    first, second = failing("RELU-7"), failing("RELU-1")
    assert blamed("RELU-2", failed(), first, second, failing("RELU-3")) == "RELU-1"
    assert blamed("RELU-2", failed(), first, ClauseState.of("RELU-1")) is None
    assert blamed("RELU-2", failed()) is None
    assert blamed("RELU-2", failed(ELSEWHERE), second) is None
    second.explained_by = "RELU-2"
    assert blamed("RELU-2", failed(), first, second) is None


def test_a_clause_that_fails_on_a_call_explains_it() -> None:
    """On one of those that the failing property made, but for very many."""
    bad, good = Call("relu", (BAD,)), Call("relu", (GOOD,))
    for asked in ([bad], [good, bad], [bad, good], [*[good] * (MOST_CALLS - 1), bad]):
        assert blamed("NET-1", failed(ELSEWHERE, *asked), failing("RELU-1")) == "RELU-1"
    for asked in ([], [good], [Call("softmax", (BAD,))], [*[good] * MOST_CALLS, bad]):
        assert blamed("NET-1", failed(ELSEWHERE, *asked), failing("RELU-1")) is None
    none = LiveSubject("none", {"softmax": lambda: leaky})
    assert blamed("NET-1", failed(ELSEWHERE, bad), failing("RELU-1"), subject=none) is None


def always_fails(subject: Probe, case: Case) -> Finding:
    """Hold for nothing."""
    return fact(False, np.zeros(1), np.ones(1), "something else")


@pytest.mark.parametrize(
    ("other", "own", "explained"),
    [
        ("RELU-1", "RELU-2", True),
        ("RELU-1", "DENSE-10", True),
        ("DENSE-10", "RELU-2", False),
        ("DENSE-10", "LOSS-11", True),
        ("GEN-2", "RELU-2", False),
        ("GEN-1", "NET-1", False),
    ],
)
def test_advice_and_what_is_common_to_all_explain_no_clause_that_must_hold(
    other: str, own: str, explained: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Even where they fail on the same case."""
    monkeypatch.setitem(PROPERTIES, other, replace(PROPERTIES[other], domains=(RELU,), judge=always_fails))
    assert blamed(own, failed(), failing(other)) == (other if explained else None)


@pytest.mark.parametrize(
    ("own", "status", "message", "other", "explained"),
    [
        ("GEN-4", "error", "assignment destination is read-only", "GEN-1", True),
        ("GEN-4", "error", "assignment destination is read-only", "GEN-2", False),
        ("GEN-4", "error", "oh", "GEN-1", False),
        ("GEN-4", "fail", "assignment destination is read-only", "GEN-1", False),
        ("GEN-3", "error", "assignment destination is read-only", "GEN-1", False),
    ],
)
def test_an_argument_that_is_written_to_explains_a_refusal_of_one_that_is_read_only(
    own: str, status: str, message: str, other: str, explained: bool
) -> None:
    """And nothing else."""
    trial = failed(status=status, message=message)
    assert blamed(own, trial, failing(other)) == (other if explained else None)
    assert blamed(own, trial, ClauseState.of(other)) is None


def test_a_breakdown_is_explained_by_one_in_the_same_words() -> None:
    """Whether that is itself explained or not; the subject is not asked."""

    def asked(x: Array) -> Array:
        raise AssertionError

    subject = LiveSubject("relu", {"relu": lambda: asked})
    broken = failed(status="error", message="crashed", repeatable=False)
    explained = ClauseState.of("RELU-1")
    explained.explain(broken, "RELU-7")
    for other, cause in (
        (failing("RELU-1", broken), "RELU-1"),
        (explained, "RELU-1"),
        (failing("RELU-1", failed(status="error", message="crashed")), None),
        (failing("RELU-1", failed(status="error", message="hung", repeatable=False)), None),
    ):
        assert blamed("RELU-2", broken, other, subject=subject) == cause


def refusing(p: Array, y: Array) -> Array:
    """Give no losses."""
    raise IndexError("sparse labels only")


def wrong_losses(p: Array, y: Array) -> Array:
    """Return losses that are none."""
    return np.full(len(p), -1.0)


LOSS_CALL, OTHER_CALL = Call("loss", LABELLED), Call("relu", (GOOD,))


@pytest.mark.parametrize(
    ("sample_losses", "status", "asked", "explained"),
    [
        (refusing, "error", [LOSS_CALL], True),
        (refusing, "error", [OTHER_CALL, OTHER_CALL, LOSS_CALL], True),
        (refusing, "fail", [LOSS_CALL], False),
        (refusing, "error", [], False),
        (refusing, "error", [LOSS_CALL, OTHER_CALL], False),
        (wrong_losses, "error", [LOSS_CALL], False),
        (None, "error", [LOSS_CALL], False),
    ],
)
def test_a_batch_has_no_loss_where_its_samples_have_none(
    sample_losses: Callable[..., Array] | None, status: str, asked: list[Call], explained: bool
) -> None:
    """The last call was for the loss of a batch, and its samples are refused; a wrong one is no reason."""
    subject = LiveSubject("losses", {"sample_losses": lambda: sample_losses} if sample_losses else {})
    trial = failed(BATCH, *asked, status=status)
    assert blamed("LOSS-8", trial, failing("LOSS-7"), subject=subject) == ("LOSS-7" if explained else None)


@pytest.mark.parametrize(
    ("loss", "explained"),
    [(lambda: np.array(-1.0), True), (lambda: np.array(-2.0), False), (lambda: np.array([-1.0, -1.0]), False)],
)
def test_the_mean_of_wrong_losses_is_wrong_as_they_are(loss: Callable[[], Array], explained: bool) -> None:
    """What is not their mean errs by itself."""

    def batch_loss(p: Array, y: Array) -> Array:
        return loss()

    subject = LiveSubject("losses", {"sample_losses": lambda: wrong_losses, "loss": lambda: batch_loss})
    trial = failed(BATCH, LOSS_CALL)
    assert blamed("LOSS-8", trial, failing("LOSS-1"), subject=subject) == ("LOSS-1" if explained else None)


@pytest.mark.parametrize(("sample", "batch", "same"), [(np.inf, np.nan, True), (np.inf, 1.0, False)])
def test_no_finite_mean_is_the_mean_of_losses_that_are_not_finite(sample: float, batch: float, same: bool) -> None:
    """Whichever of the numbers that are none it is."""

    def sample_losses(p: Array, y: Array) -> Array:
        return np.full(len(p), sample)

    def loss(p: Array, y: Array) -> Array:
        return np.array(batch)

    subject = LiveSubject("losses", {"sample_losses": lambda: sample_losses, "loss": lambda: loss})
    assert is_mean_of_samples(subject, LOSS_CALL) == same


z = np.array([[1.0, 2.0]])


@pytest.mark.parametrize(
    ("call", "domain", "belongs"),
    [
        (Call("softmax", (z,)), SOFTMAX, True),
        (Call("softmax", (z,)), SOFTMAX_TWO, True),
        (Call("softmax", (z,)), SOFTMAX_GRID, False),
        (Call("softmax", (np.array([[np.nan, 1.0]]),)), SOFTMAX, False),
        (Call("softmax", (z.astype(np.int64),)), SOFTMAX, False),
        (Call("relu", (z,)), SOFTMAX, False),
        (Call("sample_losses", (z / 2, np.array([0]))), LOSSES, True),
        (Call("sample_losses", (z / 2, np.array([0]))), LOSSES_ONE_HOT, False),
        (Call("sample_losses", (z / 2, np.array([[0, 1]]))), LOSSES, True),
        (Call("sample_losses", (z / 2, np.array([[0, 1]]))), LOSSES_ONE_HOT, True),
        (Call("sample_losses", (z / 2, np.array([[[0, 1]]]))), LOSSES, False),
        (Call("loss", (z / 2, np.array([0]))), LOSSES, False),
        (count_call("layer", 2, 3, 0), LAYER, True),
        (count_call("spiral_data", 2, 300, 0), SPIRAL, False),
    ],
)
def test_a_call_is_seen_as_a_case(call: Call, domain: Any, belongs: bool) -> None:
    """Where the domain has its arguments, and they belong to it."""
    case = case_of(call, domain)
    assert (case is not None) == belongs


def test_a_call_with_one_hot_labels_is_a_case_of_their_classes() -> None:
    """Row by row, in the dtype of its probabilities."""
    one_hot = np.array([[0, 1], [1, 0], [0, 1]])
    case = case_of(Call("sample_losses", (np.full((3, 2), 0.5, np.float32), one_hot)), LOSSES)
    assert case is not None
    assert (case["y_true"].tolist(), case.dtype.name) == ([1, 0, 1], "float32")
