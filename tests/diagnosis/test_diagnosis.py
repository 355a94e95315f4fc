"""What is made of failures: how often the diagnosis is right, absent or wrong, and what it does with odd subjects.

The rates stand here as assertions. To be strict with the diagnosis, every clause about an operation is taken to have
failed, so that it may name whatever it finds.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest

import nnfs_spec
from nnfs_spec.adapters.live import Implementation, LiveSubject
from nnfs_spec.adapters.load import load, mutant_subject
from nnfs_spec.adapters.recognition.recognise import implementations_in
from nnfs_spec.arrays import Array
from nnfs_spec.clauses import all_clauses
from nnfs_spec.diagnosis.diagnose import diagnose
from nnfs_spec.engine.events import ClauseResult
from nnfs_spec.mutants import MUTANTS, Mutant
from nnfs_spec.properties import PROPERTIES
from nnfs_spec.subject.protocol import Breakdown, Call, Subject
from tests.tools.check_here import check_here
from tests.tools.disguises import AFTERWARDS, DISGUISES, OTHERS, PAIRS, Disguise

pytestmark = pytest.mark.gate

REFERENCE = implementations_in(vars(nnfs_spec))


def failed(clauses: Iterable[str]) -> list[ClauseResult]:
    """Return results in which these clauses failed."""
    return [ClauseResult(clause, "MUST", "", "fail", 1, None, None, "") for clause in clauses]


def named(subject: Subject, clauses: Iterable[str] = tuple(all_clauses()), seed: int = 0) -> list[str]:
    """Return the names of the mutants in the diagnosis of a subject that fails ``clauses``."""
    return [found.mutant for found in diagnose(subject, failed(clauses), seed)]


def with_code(operation: str, make: Implementation) -> LiveSubject:
    """Return the reference with another implementation of one operation, without the mean of other sample losses."""
    others = {name: made for name, made in REFERENCE.items() if (operation, name) != ("sample_losses", "loss")}
    return LiveSubject("in disguise", {**others, operation: make})


def function(operation: str, code: Callable[..., Any]) -> LiveSubject:
    """Return a subject of one function alone."""
    return LiveSubject("a function", {operation: lambda: code})


def named_of(disguise: Disguise) -> list[str]:
    """Return the names in the diagnosis of somebody's code, if every clause about its operation failed."""
    about = [
        clause
        for clause, tested in PROPERTIES.items()
        if not clause.startswith("NET-") and disguise.operation in {domain.operation for domain in tested.domains}
    ]
    return named(with_code(disguise.operation, disguise.make), about)


@dataclass
class Rates:
    """How many diagnoses were right (named the mistake and nothing false), absent, or wrong (named something false)."""

    right: int = 0
    absent: int = 0
    wrong: int = 0

    def take(self, found: list[str], mistakes: Iterable[str], lapses: Iterable[str] = ()) -> None:
        """Count one diagnosis; naming lapses that the code has besides is neither right nor wrong."""
        if not {*found} <= {*mistakes, *lapses}:
            self.wrong += 1
        elif {*found} & {*mistakes}:
            self.right += 1
        else:
            self.absent += 1


@pytest.mark.parametrize("operation", sorted({mutant.operation for mutant in MUTANTS.values()}))
def test_every_mutant_is_diagnosed_as_itself(operation: str) -> None:
    """All of them right, none absent, none wrong, and no other beside it."""
    for name, mutant in MUTANTS.items():
        if mutant.operation == operation:
            assert named(mutant_subject(mutant), mutant.killed_by) == [name]


def test_disguised_mutants_are_recognised() -> None:
    """Rewritten in loops, with math for NumPy, as lists, by other formulas, by people who check no argument."""
    rates = Rates()
    for disguise in DISGUISES:
        rates.take(named_of(disguise), disguise.mistakes, disguise.lapses)
    assert len(DISGUISES) == 108
    assert rates == Rates(right=103, absent=5, wrong=0)


def test_other_mistakes_are_not_guessed_at() -> None:
    """What no mutant does has no diagnosis, but for lapses that it has besides."""
    rates = Rates()
    for disguise in OTHERS:
        rates.take(named_of(disguise), disguise.mistakes, disguise.lapses)
    assert len(OTHERS) == 30
    assert rates == Rates(right=0, absent=30, wrong=0)


def test_code_written_afterwards_fares_no_worse() -> None:
    """The inputs were chosen with the other disguises in hand; these were first shown to them when they stood."""
    known, unknown = Rates(), Rates()
    for disguise in AFTERWARDS:
        rates = known if disguise.mistakes else unknown
        rates.take(named_of(disguise), disguise.mistakes, disguise.lapses)
    assert known == Rates(right=15, absent=1, wrong=0)
    assert unknown == Rates(right=0, absent=16, wrong=0)


def test_two_mistakes_in_one_operation_mostly_have_no_diagnosis() -> None:
    """Right where at least one of them is named: one that leaves the numbers alone does not hide the other."""
    rates = Rates()
    for disguise in PAIRS:
        rates.take(named_of(disguise), disguise.mistakes, disguise.lapses)
    assert len(PAIRS) == 20
    assert rates == Rates(right=6, absent=14, wrong=0)


def test_mistakes_in_two_operations_are_both_found() -> None:
    """Each by itself."""
    mutants = list(MUTANTS.values())
    found = 0
    for place, first in enumerate(mutants[::4]):
        second = next(other for other in mutants[place * 7 % len(mutants) :] + mutants if _apart(first, other))
        both: dict[str, Implementation] = {first.operation: first.make, second.operation: second.make}
        subject = LiveSubject("two mistakes", {**REFERENCE, **both})
        assert sorted(named(subject, (*first.killed_by, *second.killed_by))) == sorted([first.name, second.name])
        found += 1
    assert found == len(mutants[::4]) > 60


def _apart(first: Mutant, second: Mutant) -> bool:
    """Tell whether two mutants are of operations of which neither is made from the other."""
    of_losses = {"sample_losses", "loss"}
    return first.operation != second.operation and not {first.operation, second.operation} <= of_losses


@pytest.mark.parametrize("name", ["relu-leaky", "softmax-over-the-batch", "loss-in-bits", "accuracy-in-percent"])
def test_results_in_another_form_do_not_hide_a_mistake(name: str) -> None:
    """Lists, Fortran order, and float64 inside."""
    mutant = MUTANTS[name]
    for form in (_as_list, _as_columns, _in_double):
        assert name in named(with_code(mutant.operation, _with(form, mutant)))


def _with(form: Callable[[Callable[..., Any]], Callable[..., Any]], mutant: Mutant) -> Implementation:
    return lambda: form(mutant.make())


def _as_list(code: Callable[..., Any]) -> Callable[..., Any]:
    return lambda *given: np.asarray(code(*given)).tolist()


def _as_columns(code: Callable[..., Any]) -> Callable[..., Any]:
    return lambda *given: np.asfortranarray(code(*given))


def _in_double(code: Callable[..., Any]) -> Callable[..., Any]:
    def run(first: Array, *others: Array) -> Array:
        result = np.asarray(code(first.astype(np.float64), *others))
        return result.astype(first.dtype) if first.dtype.kind == "f" else result

    return run


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_reference_has_no_diagnosis(seed: int) -> None:
    """Even if every clause were said to have failed."""
    assert named(load("reference"), seed=seed) == []


def test_where_nothing_failed_nothing_is_compared() -> None:
    """The subject is not even called."""
    assert diagnose(function("relu", _never), [], 0) == ()


def _never(*arguments: Any) -> Any:
    raise AssertionError("it was called")


def test_a_failed_check_leads_to_a_sentence() -> None:
    """From the report of the engine, with what was misunderstood and how to mend it."""
    subject = mutant_subject(MUTANTS["relu-leaky"])
    report = check_here(subject, budget="quick", clauses=["RELU-1", "SOFTMAX-1"])
    (found,) = diagnose(subject, report.clauses, report.seed)
    assert (found.mutant, found.operation) == ("relu-leaky", "relu")
    assert found.misconception == "A little of every negative number passes, as in a leaky ReLU."
    assert found.remedy == "Negative numbers become exactly 0: np.maximum(0, inputs)."


def test_a_clause_about_the_network_leads_to_its_operations() -> None:
    """Whichever of them errs."""
    assert named(mutant_subject(MUTANTS["softmax-to-base-two"]), ["NET-1"]) == ["softmax-to-base-two"]


def test_a_lapse_is_told_only_where_its_clause_failed() -> None:
    """Advice that the check did not ask for is not given."""
    subject = mutant_subject(MUTANTS["relu-always-in-double"])
    assert named(subject, ["RELU-1"]) == []
    assert named(subject, ["GEN-5"]) == ["relu-always-in-double"]


def test_what_explains_a_broken_must_comes_first() -> None:
    """Advice follows, though its operation stands first."""
    lapsing = MUTANTS["dense-always-in-double"], MUTANTS["relu-leaky"]
    subject = LiveSubject("two", {**REFERENCE, **{mutant.operation: mutant.make for mutant in lapsing}})
    advice = [ClauseResult("GEN-5", "SHOULD", "", "fail", 1, None, None, "")]
    found = diagnose(subject, [*advice, *failed(["RELU-1"])], 0)
    assert [one.mutant for one in found] == ["relu-leaky", "dense-always-in-double"]


def test_a_refusal_of_no_rows_tells_nothing_beside_wrong_numbers() -> None:
    """One maximum for everything: that there is no maximum of nothing is not the mistake."""
    (both,) = (disguise for disguise in PAIRS if disguise.code.__name__ == "one_maximum_and_no_sum")
    assert named_of(both) == []


def test_a_consequence_is_not_told_besides() -> None:
    """The maximum of the whole array needs rows, and comes in double: that is one mistake, not three."""
    assert named(mutant_subject(MUTANTS["relu-with-max-for-maximum"])) == ["relu-with-max-for-maximum"]


def test_the_larger_of_two_lapses_includes_the_smaller() -> None:
    """Who cuts to the common width also takes what is too narrow."""
    cutting = MUTANTS["dense-cutting-to-the-common-width"]
    assert named(mutant_subject(cutting)) == ["dense-cutting-to-the-common-width"]


@pytest.mark.parametrize(
    "name", ["loss-in-bits", "loss-averaged-too-early", "loss-always-in-double", "loss-of-any-numbers"]
)
def test_a_mistake_in_the_sample_losses_is_told_once(name: str) -> None:
    """Though their mean shows it too."""
    assert named(mutant_subject(MUTANTS[name])) == [name]


def test_losses_that_come_as_a_mean_alone_are_compared_by_it() -> None:
    """A subject may have no sample losses to show."""
    code = MUTANTS["loss-in-bits"].make()
    assert named(function("loss", _mean_of(code)), ["LOSS-8"]) == ["loss-in-bits"]


def test_a_mean_of_nothing_is_no_matter_of_the_sample_losses() -> None:
    """None of their mutants is named for it."""
    only = function("loss", _mean_of(nnfs_spec.sample_losses))
    assert named(only) == ["batch-loss-of-nothing-is-nan"]


def test_sample_losses_without_a_mean_are_compared_themselves() -> None:
    """And the mean is left alone."""
    assert named(function("sample_losses", MUTANTS["loss-in-bits"].make())) == ["loss-in-bits"]


def test_both_a_wrong_loss_and_a_wrong_mean_are_found() -> None:
    """Where the one is not made of the other."""
    both = {"sample_losses": MUTANTS["loss-in-bits"].make, "loss": MUTANTS["batch-loss-is-the-sum"].make}
    assert named(LiveSubject("two", {**REFERENCE, **both})) == ["loss-in-bits", "batch-loss-is-the-sum"]


def test_losses_without_a_clip_and_their_mean_are_one_mistake() -> None:
    """Infinite though they are, or none at all, where Python's own logarithm raises."""
    for code in (disguise.make() for disguise in DISGUISES if disguise.mistakes == ("loss-without-clipping",)):
        losses = {"sample_losses": _itself(code), "loss": _itself(_mean_of(code))}
        assert named(LiveSubject("unclipped", losses), ["LOSS-1", "LOSS-8"]) == ["loss-without-clipping"]


def test_the_type_of_labels_is_held_against_a_subject_only_where_it_was_seen() -> None:
    """A pipe shows numbers without their type, so DATA-7 is not exercised there, and fails nobody."""
    code = MUTANTS["spiral-with-float-labels"].make()
    assert named(function("spiral_data", code), ["DATA-1", "DATA-7"]) == ["spiral-with-float-labels"]
    assert named(function("spiral_data", code), ["DATA-1"]) == []


def _itself(code: Callable[..., Any]) -> Implementation:
    return lambda: code


def _mean_of(code: Callable[..., Any]) -> Callable[..., Any]:
    def mean(p: Array, y: Array) -> Any:
        return np.asarray(code(p, y)).mean()

    return mean


def test_mutants_that_nothing_tells_apart_are_named_together_but_no_more_than_three(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Those that name the failed clauses best."""
    leaky = MUTANTS["relu-leaky"]
    for name, killed_by in (("b", ("RELU-1",)), ("c", ("RELU-1",)), ("d", ("RELU-1",)), ("e", ("RELU-1",))):
        twin = Mutant(name, "relu", "Another.", "Another.", killed_by, leaky.code)
        monkeypatch.setitem(MUTANTS, name, twin)
    assert named(mutant_subject(leaky), ["RELU-1"]) == ["b", "c", "d"]
    assert named(mutant_subject(leaky), ["RELU-1", "RELU-2"]) == ["relu-leaky", "b", "c"]


class Silent:
    """A subject that breaks down at every call."""

    name = "silent"

    def __init__(self, operation: str) -> None:
        self.operations = frozenset({operation})

    def run(self, session: list[Call]) -> list[Breakdown]:
        """Break down."""
        return [Breakdown("gone") for _ in session]

    def account(self) -> Any:
        """Tell nothing."""
        return None


@pytest.mark.parametrize("operation", ["relu", "layer", "loss"])
def test_a_subject_that_breaks_down_has_no_diagnosis(operation: str) -> None:
    """There is nothing to compare, and every further call may cost a timeout."""
    assert named(Silent(operation)) == []  # type: ignore[arg-type]


NONSENSE: list[tuple[str, Callable[[Any], Any] | Callable[[Any, Any], Any]]] = [
    ("relu", lambda x: np.maximum(x, 0) + 0j),
    ("relu", lambda x: "0"),
    ("relu", lambda x: np.zeros((2, 2, 2))),
    ("softmax", _never),
    ("loss", lambda p, y: np.zeros(3)),
    ("loss", lambda p, y: 1j),
    ("sample_losses", lambda p, y: 1j),
    ("accuracy", lambda p, y: np.zeros(2)),
    ("layer", lambda k, m: (np.zeros((k, m)), np.zeros((1, m)) + 0j)),
    ("layer", lambda k, m: (np.zeros(7), np.zeros((1, m)))),
    ("layer", _never),
    ("spiral_data", lambda n, c: (np.zeros((n * c, 3)), np.zeros(n * c))),
    ("spiral_data", lambda n, c: (np.zeros((4, 2)), np.zeros(4, dtype=np.int64))),
    ("spiral_data", _never),
]


@pytest.mark.parametrize(("operation", "code"), NONSENSE)
def test_nonsense_has_no_diagnosis(operation: str, code: Callable[..., Any]) -> None:
    """Other shapes, complex numbers, nothing but exceptions."""
    assert named(function(operation, code)) == []


def test_a_column_for_one_form_of_labels_is_that_mistake_on_a_part_of_the_domain() -> None:
    """And no matter of the bits that both forms of labels should have in common."""

    def losses(p: Array, y: Array) -> Any:
        right = nnfs_spec.sample_losses(p, y)
        return right[:, np.newaxis] if y.ndim == 2 else right

    subject = function("sample_losses", losses)
    (found,) = diagnose(subject, check_here(subject, budget="quick").clauses, 0)
    assert (found.mutant, found.only) == ("loss-in-a-column", "for one-hot labels")


def test_what_is_not_refused_is_told_whatever_the_numbers_are() -> None:
    """Zeros for points and too few labels, and none of either where none are asked for."""

    def zeros(samples: int, classes: int) -> tuple[Array, Array]:
        return np.zeros((samples * classes, 2)), np.zeros(3, dtype=np.int64)

    assert named(function("spiral_data", zeros)) == ["spiral-of-nothing"]


def test_a_disguise_names_a_mutant_and_lapses_that_exist() -> None:
    """At least forty disguises, over all operations."""
    every: list[Disguise] = [*DISGUISES, *PAIRS, *OTHERS, *AFTERWARDS]
    assert all({*disguise.mistakes, *disguise.lapses} <= {*MUTANTS} for disguise in every)
    assert {disguise.operation for disguise in DISGUISES} == {mutant.operation for mutant in MUTANTS.values()}
