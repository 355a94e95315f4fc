"""What a property says of a case is measured row by row, and the worst of it is told."""

import numpy as np
import pytest

from nnfs_spec import domains
from nnfs_spec.adapters.live import LiveSubject
from nnfs_spec.arrays import Array
from nnfs_spec.oracle import Enclosure, exact
from nnfs_spec.properties import PROPERTIES, Finding
from nnfs_spec.properties.finding import all_of, equal, fact, holds, near, same_bits, within
from nnfs_spec.properties.labels import malformed_labels, one_hot
from nnfs_spec.properties.refusals import refuses
from nnfs_spec.subject.protocol import Call, Probe

NOTHING = np.zeros(1)


def finding(share: list[float], examined: list[bool]) -> Finding:
    """Return a finding of which only these two matter."""
    return Finding(np.array(share), np.array(examined), NOTHING, NOTHING, NOTHING, "something")


def test_a_row_violates_beyond_its_whole_bound_where_it_was_examined() -> None:
    """NaN is beyond every bound."""
    found = finding([0.0, 1.0, 1.5, np.nan, 1.5], [True, True, True, True, False])
    assert found.violating.tolist() == [False, False, True, True, False]
    assert found.cases == 4
    assert found.worst == np.inf


def test_the_worst_share_is_the_largest_that_was_examined() -> None:
    """And 0 where none was."""
    assert finding([0.25, 0.5, 0.75], [True, True, False]).worst == 0.5
    assert finding([0.5], [False]).worst == 0.0


def test_a_row_is_as_good_as_its_worst_entry() -> None:
    """Rows first, whatever comes after them; a scalar is one row, and a row of no entries is right."""
    for got, shares in [
        (np.array([[1.0, 3.0], [2.0, 0.0], [0.0, 0.0]]), [3.0, 2.0, 0.0]),
        (np.array([[1.0], [2.0]]), [1.0, 2.0]),
        (np.array([1.0, 2.0]), [1.0, 2.0]),
        (np.array(2.0), [2.0]),
        (np.arange(8.0).reshape(2, 2, 2), [3.0, 7.0]),
        (np.zeros((2, 0)), [0.0, 0.0]),
    ]:
        found = near(got, np.zeros_like(got), 1.0, "zero")
        assert found.share.tolist() == shares
        assert found.examined.tolist() == [True] * len(shares)


def test_rows_under_infinite_bounds_alone_are_not_examined() -> None:
    """One finite bound is enough to be; what else was left out stays out."""
    zero = np.zeros((3, 2))
    enclosure = Enclosure(zero, zero, zero, np.array([[np.inf, 1.0], [np.inf, np.inf], [1.0, 1.0]]))
    got = np.full((3, 2), 0.5)
    assert within(got, enclosure, "zero").examined.tolist() == [True, False, True]
    chosen = within(got, enclosure, "zero", np.array([True, True, False]))
    assert chosen.examined.tolist() == [True, False, False]
    assert chosen.share.tolist() == [0.5, 0.0, 0.5]


def test_undecided_rows_are_counted_and_not_among_those_examined() -> None:
    """Of those that the clause speaks of: twice the smallest normal number, at a tie that no precision breaks."""
    z = np.array([[0.0, -1e308], [0.0, -1e308], [0.0, 0.0], [0.0, 0.0]])
    got = np.array([[1.0, 2 * 2.0**-1022], [1.0, 2 * 2.0**-1022], [0.5, 0.5], [0.5, 0.5]])
    found = within(got, exact("softmax", (z,)), "the exact softmax", np.array([True, False, True, False]))
    assert found.examined.tolist() == [False, False, True, False]
    assert found.undecided == 1
    assert within(got, exact("softmax", (z,)), "the exact softmax").undecided == 2
    assert all_of(found, found).undecided == 2


def test_a_result_of_one_entry_is_held_against_each() -> None:
    """And the centre is told whole."""
    one = np.ones(3)
    found = within(np.array(1.5), Enclosure(one, one / 4, 0 * one, one), "one and a quarter")
    assert found.share.tolist() == [0.25] * 3
    assert found.expected.tolist() == [1.25] * 3


def test_infinities_and_nan_agree_with_themselves_alone() -> None:
    """There is no difference between two infinities to measure."""
    wanted = np.array([np.inf, -np.inf, np.nan, np.inf, np.nan, 1.0, 1.0])
    got = np.array([np.inf, -np.inf, np.nan, 5.0, 1.0, np.nan, 1.5])
    found = near(got, wanted, 1.0, "the same")
    assert found.share.tolist() == [0.0, 0.0, 0.0, np.inf, np.inf, np.inf, 0.5]
    assert (found.got is got, found.expected.tolist()[:2]) == (True, [np.inf, -np.inf])


def test_bits_are_compared_with_dtype_and_shape() -> None:
    """A zero has a sign, a NaN is itself, and a truth value more than one bit."""
    for kind in ("f2", "f4", "f8"):
        zeros = np.array([0.0, -0.0, np.nan], kind)
        assert same_bits(zeros, np.array([0.0, 0.0, np.nan], kind), "zeros").violating.tolist() == [False, True, False]
    truths = np.array([1, 2], np.uint8).view(np.bool_)
    assert same_bits(truths, np.array([True, True]), "true").violating.tolist() == [False, True]
    assert same_bits(np.array([1j]), np.array([2j]), "wide").violating.all()
    assert not same_bits(np.array([1j]), np.array([1j]), "wide").violating.any()


@pytest.mark.parametrize("got", [np.ones(2, np.float32), np.ones((2, 1)), np.ones((1, 2), np.float32)])
def test_another_dtype_or_shape_has_no_bits_to_compare(got: Array) -> None:
    """It is told instead."""
    found = same_bits(got, np.ones(2), "ones")
    assert found.violating.tolist() == [True]
    assert found.demand == "ones, of dtype float64 and shape (2,)"


def test_conditions_hold_or_do_not() -> None:
    """Entry by entry, for rows that were examined, or of the case as a whole."""
    got, examined = np.array([[1.0, 1.0], [1.0, 2.0], [2.0, 2.0]]), np.array([True, True, False])
    assert holds(got == 1, got, got, "one").share.tolist() == [0.0, np.inf, np.inf]
    assert holds(got == 1, got, got, "one", examined).violating.tolist() == [False, True, False]
    assert equal(np.array([0.0, -0.0, 1.0]), np.zeros(3), "zero", None).violating.tolist() == [False, False, True]
    assert fact(True, got, got, "so").share.tolist() == [0.0]
    assert fact(False, got, got, "so").violating.tolist() == [True]
    assert (fact(True, got, got, "so").cases, fact(True, got, got, "so").undecided) == (1, 0)
    assert fact(True, got, got, "so").bound.tolist() == 0.0


def test_of_several_findings_the_worst_is_told_and_what_they_examined_adds_up() -> None:
    """Unless it violates the clause: then it stands for itself."""
    good, better = finding([0.5, 0.25], [True, True]), finding([0.125], [True])
    together = all_of(better, good)
    assert (together.share.tolist(), together.cases) == ([0.125, 0.5, 0.25], 3)
    assert together.got is good.got
    bad = finding([2.0], [True])
    assert all_of(good, bad, better) is bad
    assert all_of(good) is good


def test_forms_that_are_no_labels() -> None:
    """Halves, other types, rows that are not one-hot in each way, and each wrong length."""
    forms = malformed_labels(np.array([1, 0, 2]), 3)
    hot = [[0.0, 1.0, 0.0], [1.0, 0.0, 0.0]]
    assert [(form.dtype.kind, form.tolist()) for form in forms] == [
        ("f", [1.5, 0.5, 2.5]),
        ("f", [1.0, 0.0, 2.0]),
        ("b", [True, False, True]),
        ("f", [*hot, [1 / 3, 1 / 3, 1 / 3]]),
        ("f", [*hot, [0.0, 0.0, 0.0]]),
        ("f", [*hot, [1.0, 1.0, 0.0]]),
        ("i", [[1], [0], [2]]),
        ("i", [1, 0, 2, 1]),
        ("i", [1, 0]),
        ("i", [1]),
        ("f", [[0.0, 1.0], [1.0, 0.0], [0.0, 0.0]]),
    ]
    assert [form.tolist() for form in malformed_labels(np.array([1, 0]), 2)][-3:-1] == [[1], [1]]
    assert [form.tolist() for form in malformed_labels(np.array([1]), 2)][-2:] == [[], [[0.0]]]
    assert one_hot(np.array([1, 0]), 2, np.dtype(np.uint8)).tolist() == [[0, 1], [1, 0]]


def refusing(*rows: int) -> Probe:
    """Return a subject whose relu refuses batches of so many rows, and answers others with two results in a row."""

    def relu(x: Array) -> Array:
        if len(x) in rows:
            raise ValueError("no")
        return x + 0.5

    return Probe(LiveSubject("made up", {"relu": lambda: relu}))


def test_the_first_call_that_was_answered_is_told() -> None:
    """With what came; every call is a case."""
    calls = [Call("relu", (np.full((n, 1), float(n)),)) for n in (1, 2, 3)]
    found = refuses(refusing(1), *calls)
    assert found.violating.tolist() == [False, True, True]
    assert found.demand == "an error for relu of float64 [[2.0], [2.0]]"
    assert found.got.tolist() == [[2.5], [2.5]]
    refused = refuses(refusing(1, 2, 3), *calls)
    assert not refused.violating.any()
    assert (refused.cases, refused.demand) == (3, "an error")
    assert refused.got.tolist() == "an error"


def test_every_size_is_tried_of_the_clauses_that_state_a_value() -> None:
    """On the first of their domains."""
    tried = {clause: one.at_every_size for clause, one in PROPERTIES.items() if one.at_every_size is not None}
    assert tried == {
        "DENSE-1": domains.DENSE,
        "RELU-1": domains.RELU,
        "SOFTMAX-4": domains.SOFTMAX,
        "LOSS-1": domains.LOSSES,
        "LOSS-2": domains.LOSSES_ONE_HOT,
        "LOSS-8": domains.LOSS,
        "LOSS-17": domains.LOSS,
        "ACC-1": domains.ACCURACY,
    }


SINGLE = (domains.DENSE, domains.RELU, domains.SOFTMAX, domains.LOSSES, domains.LOSSES_ONE_HOT)
EVERY = (*SINGLE, domains.LOSS, domains.LOSS_ONE_HOT, domains.ACCURACY)
BOTH_FORMS = (domains.LOSSES, domains.LOSSES_ONE_HOT)
STREAMS = (domains.STREAM, domains.STREAM_ONE_HOT)
LOGITS = (domains.SOFTMAX, domains.SOFTMAX_WHOLE)
SPIRALS = (domains.SPIRAL, domains.SPIRAL_LARGE)


def test_clauses_of_several_kinds_of_cases_are_tried_on_each() -> None:
    """Every operation that the page names, both label forms, whole numbers beside all, large counts beside small."""
    tried = {clause: (*one.domains, *one.completely) for clause, one in PROPERTIES.items()}
    assert {clause: kinds for clause, kinds in tried.items() if len(kinds) > 1} == {
        "DENSE-1": (domains.DENSE, domains.DENSE_WHOLE),
        **dict.fromkeys(("SOFTMAX-1", "SOFTMAX-2", "SOFTMAX-4", "SOFTMAX-9"), LOGITS),
        "SOFTMAX-6": (domains.SOFTMAX_ORDER, domains.SOFTMAX_ORDER_WHOLE),
        "SOFTMAX-7": (*LOGITS, domains.SOFTMAX_TIED),
        "SOFTMAX-10": (domains.SOFTMAX_TWO, domains.SOFTMAX_TWO_WHOLE),
        **dict.fromkeys(("LOSS-4", "LOSS-7"), BOTH_FORMS),
        **dict.fromkeys(("LOSS-8", "LOSS-15", "LOSS-16", "LOSS-17"), (domains.LOSS, domains.LOSS_ONE_HOT)),
        "ACC-1": (domains.ACCURACY, domains.ACCURACY_WHOLE),
        "ACC-6": (domains.ACCURACY_NO_LABEL, domains.ACCURACY_TWO_CLASSES),
        "ACC-8": (domains.ACCURACY, domains.ACCURACY_TIED),
        "DENSE-14": (domains.LAYER, domains.LAYER_LARGE),
        **dict.fromkeys(("DATA-1", "DATA-2"), SPIRALS),
        **dict.fromkeys(("STREAM-1", "STREAM-2", "STREAM-3", "STREAM-8", "STREAM-9"), STREAMS),
        **dict.fromkeys(("GEN-2", "GEN-10", "GEN-12"), EVERY),
        **dict.fromkeys(("GEN-1", "GEN-4", "GEN-9", "GEN-11"), tuple(map(domains.in_layouts_of, EVERY))),
        "GEN-3": SINGLE,
        "GEN-5": (domains.DENSE_WHOLE, domains.RELU_WHOLE, domains.SOFTMAX_WHOLE, domains.LOSSES, domains.LOSS),
        "GEN-6": (
            *map(domains.with_special, (domains.DENSE_WHOLE, domains.RELU_WHOLE, domains.SOFTMAX_WHOLE)),
            *map(domains.with_special, (domains.LOSSES, domains.LOSS, domains.ACCURACY_WHOLE)),
            domains.RELU_SPECIALS,
        ),
        "GEN-7": tuple(map(domains.without_rows, (domains.DENSE, domains.RELU, domains.SOFTMAX, domains.LOSSES))),
        "GEN-13": (domains.DENSE_WHOLE, domains.RELU_WHOLE, domains.SOFTMAX_WHOLE),
        "GEN-8": (domains.DENSE_WHOLE, domains.SOFTMAX_WHOLE, domains.LOSSES, domains.LOSS, domains.ACCURACY_WHOLE),
    }


def test_of_several_results_the_first_is_told() -> None:
    """Where a call that must be refused gives two."""

    def layer(n_inputs: int, n_neurons: int) -> tuple[Array, Array]:
        return np.full((n_inputs, n_neurons), 7.0), np.zeros((1, n_neurons))

    probe = Probe(LiveSubject("made up", {"layer": lambda: layer}))
    found = refuses(probe, Call("layer", (np.asarray(1), np.asarray(2), np.asarray(0))))
    assert found.got.tolist() == [[7.0, 7.0]]
