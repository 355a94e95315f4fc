"""A subject over callables in this process: what becomes of what they return, raise and draw."""

import random
import warnings
from collections.abc import Callable
from dataclasses import replace
from threading import Barrier
from typing import Any

import numpy as np
import pytest

from nnfs_spec.adapters.live import LiveSubject, UnusableError, short
from nnfs_spec.adapters.load import load
from nnfs_spec.adapters.options import Loading
from nnfs_spec.arrays import Array
from nnfs_spec.mutants import MUTANTS
from nnfs_spec.subject.operations import Operation
from nnfs_spec.subject.protocol import ALL, GO_ON, Account, Answer, Breakdown, Call, Outcome, Refusal, count_call
from nnfs_spec.subject.surroundings import Surroundings

ROW = np.array([[-1.0, 2.0]])
RELU = Call("relu", (ROW,))


def subject_of(function: Callable[..., Any], operation: str = "relu", **more: Any) -> LiveSubject:
    """Return a subject of one function."""
    return LiveSubject("made", {operation: lambda: function}, **more)


def result(outcome: Outcome) -> Any:
    """Return the first result of an answer as a list."""
    assert isinstance(outcome, Answer), outcome
    return outcome.results[0].tolist()


def as_list(x: Array) -> Any:
    """Return an array as a list."""
    return x.tolist()


def same(x: Array) -> Array:
    """Return what is given."""
    return x


def broken(x: Array) -> Any:
    """Divide by zero."""
    return 1 / 0


def returned(values: Any) -> Callable[..., Any]:
    """Return a function that returns what is given."""
    return lambda *arguments: values


def test_a_call_is_answered_with_copies() -> None:
    """Of its result, of the same read later, and of what became of its arguments."""
    kept: list[Array] = []

    def relu(x: Array) -> Array:
        for earlier in kept:
            earlier[...] = 7
        x += 1
        kept.append(x)
        return x

    subject = subject_of(relu)
    first, last = subject.run([RELU, RELU])
    assert isinstance(first, Answer)
    assert (subject.name, subject.operations, subject.reach) == ("made", frozenset({"relu"}), ALL)
    assert (result(first), first.kept[0].tolist(), first.after[0].tolist()) == ([[0, 3]], [[7, 7]], [[7, 7]])
    assert result(last) == [[0, 3]]
    assert ROW.tolist() == [[-1, 2]]


def test_what_was_read_at_the_end_of_a_session_stays() -> None:
    """Though the next session writes into the same memory."""
    memory = np.zeros((1, 2))

    def relu(x: Array) -> Array:
        memory[...] = x
        return memory

    subject = subject_of(relu)
    (first,) = subject.run([RELU])
    subject.run([Call("relu", (ROW + 1,))])
    assert isinstance(first, Answer)
    assert first.kept[0].tolist() == ROW.tolist()


@pytest.mark.parametrize(
    ("outcome", "problem"),
    [
        (Refusal("KeyError", "'x'"), KeyError("x")),
        (Refusal("ValueError", "y" * 300), ValueError("y" * 300)),
        (Refusal("ValueError", f"{'y' * 300}..."), ValueError("y" * 301)),
        (Breakdown("it is not there"), UnusableError("it is not there")),
    ],
)
def test_what_is_raised_is_an_outcome(outcome: Outcome, problem: Exception) -> None:
    """A refusal, but for what was never there; of a long message the beginning."""

    def relu(x: Array) -> Array:
        raise problem

    assert list(subject_of(relu).run([RELU])) == [outcome]


def test_what_is_known_of_an_exception_is_told() -> None:
    """By whom the subject was made."""
    subject = subject_of(broken, explain="it raised {}".format)
    assert subject.run([RELU]) == [Refusal("ZeroDivisionError", "it raised division by zero")]


@pytest.mark.parametrize(
    ("operation", "values", "message"),
    [
        ("relu", "text", "returned what is no array: str of dtype <U4"),
        ("layer", 3, "returned what is no array: 'int' object is not iterable"),
        ("layer", (ROW,), "returned 1 results, but must return 2"),
        ("spiral_data", (ROW,) * 3, "returned 3 results, but must return 2"),
    ],
)
def test_what_is_no_result_is_a_breakdown(operation: Operation, values: Any, message: str) -> None:
    """It says what came."""
    call = RELU if operation == "relu" else count_call(operation, 2, 3, 0)
    assert subject_of(returned(values), operation).run([call]) == [Breakdown(message)]


def test_a_result_must_be_readable_twice() -> None:
    """Such as one that a library has taken back meanwhile."""

    class Once:
        times = 0

        def __array__(self, dtype: Any = None, copy: Any = None) -> Array:
            self.times += 1
            if self.times > 1:
                raise ValueError("gone")
            return ROW

    (outcome,) = subject_of(returned(Once())).run([RELU])
    assert outcome == Breakdown("returned what could not be read a second time: gone")


def test_objects_are_made_anew_on_request() -> None:
    """Else the same one is called again."""
    made: list[int] = []

    def make() -> Callable[..., Any]:
        number = len(made)
        made.append(number)
        return returned(np.array([number]))

    subject = LiveSubject("made", {"relu": make})
    fresh = Call("relu", (ROW,), fresh=True)
    assert [result(one) for one in subject.run([RELU, RELU, fresh, RELU])] == [[0], [0], [1], [1]]


def test_a_seed_reaches_every_generator() -> None:
    """The global ones and the target's own; without one, they go on."""
    own = np.random.default_rng(5)

    def layer(n_inputs: int, n_neurons: int) -> tuple[Any, Any]:
        assert (n_inputs, n_neurons) == (2, 3)
        return np.array([np.random.random(), random.random(), own.random()]), np.zeros(1)

    subject = subject_of(layer, "layer", generators=[own])
    seeded, more = count_call("layer", 2, 3, 9), count_call("layer", 2, 3, GO_ON)
    one, two, again, other = map(result, subject.run([seeded, more, seeded, more]))
    assert (one, two) == (again, other)
    assert not set(one) & set(two)
    np.random.seed(9)
    random.seed(9)
    assert one == [np.random.random(), random.random(), np.random.default_rng(9).random()]


def test_what_had_to_be_converted_is_in_the_account() -> None:
    """Besides what was told before."""
    subject = subject_of(as_list, account=Account(("relu: `f`",), ("a note",)))
    assert subject.account() == Account(("relu: `f`",), ("a note",))
    subject.run([RELU])
    assert subject.account().taken == ("relu: `f`", "relu: results are list, converted to NumPy")
    plain = subject_of(same)
    plain.run([RELU])
    assert plain.account() == Account()


def test_neither_numpy_nor_python_warns_of_a_subject() -> None:
    """Its warnings are its own."""

    def relu(x: Array) -> Array:

        warnings.warn("beware", stacklevel=1)
        return np.log(x) / 0

    (outcome,) = subject_of(relu).run([RELU])
    assert isinstance(outcome, Answer)


def test_a_message_is_shown_in_part() -> None:
    """Three hundred characters of it."""
    assert short("x" * 300) == "x" * 300
    assert short("x" * 301) == f"{'x' * 300}..."


@pytest.mark.parametrize("operation", ["relu", "sample_losses"])
def test_a_mutant_is_the_reference_but_for_its_operation(operation: str) -> None:
    """A mutant of the sample losses brings their mean along."""
    name = next(name for name, mutant in MUTANTS.items() if mutant.operation == operation)
    subject, right = load(f"mutant:{name}"), load("reference")
    assert (subject.name, subject.operations) == (f"mutant:{name}", right.operations)
    loss = Call("loss", (np.array([[0.5, 0.5], [0.25, 0.75]]), np.array([1, 0])))
    losses = Call("sample_losses", loss.arguments)
    one, several, wanted = (result(outcome) for outcome in [*subject.run([loss, losses]), *right.run([loss])])
    assert one == (wanted if operation == "relu" else np.mean(several))


def test_a_peer_is_called_by_its_name() -> None:
    """And has the functions of its library."""
    subject = load("peer:plain")
    assert subject.name == "peer:plain"
    assert result(subject.run([RELU])[0]) == [[0, 2]]


def test_what_ships_with_the_kit_is_not_mapped() -> None:
    """It is what it is."""
    message = r"^--map relu=f: reference is what it is; only files and modules can be mapped$"
    with pytest.raises(LookupError, match=message):
        load("reference", Loading(mapping=("relu=f",)))


def test_what_a_watched_call_disturbs_is_told_and_undone() -> None:
    """Every time, though it does the same again; of other calls nothing is told."""

    def relu(x: Array) -> Array:
        np.seterr(all="ignore")
        np.random.seed(0)
        return x

    watched = Call("relu", (ROW,), watched=True)
    before = Surroundings()
    outcomes = subject_of(relu).run([watched, watched])
    disturbed = [outcome.disturbed for outcome in outcomes if isinstance(outcome, Answer)]
    assert disturbed == [("NumPy's error handling", "NumPy's random numbers")] * 2
    assert before.undo() == ()
    (other,) = subject_of(same).run([RELU])
    assert isinstance(other, Answer)
    assert other.disturbed == ()


def test_calls_together_run_at_once_on_objects_of_their_own() -> None:
    """Between calls that are made one after the other."""
    gate, made = Barrier(2), iter(range(9))

    def new() -> Callable[..., Any]:
        number = next(made)

        def relu(x: Array) -> Array:
            if number in (1, 2):
                gate.wait(5)
            return x + number

        return relu

    fresh = Call("relu", (ROW,), fresh=True)
    together = replace(fresh, together=True)
    outcomes = LiveSubject("made", {"relu": new}).run([fresh, together, together, fresh])
    numbers = [result(outcome)[0][0] + 1 for outcome in outcomes]
    assert sorted(numbers) == [0, 1, 2, 3]
    assert (numbers[0], numbers[3]) == (0, 3)
