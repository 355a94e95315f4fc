"""The row at fault written out, so that one can follow it with a pencil."""

from typing import Any

import numpy as np
import pytest

import nnfs_spec
from nnfs_spec.adapters.live import LiveSubject
from nnfs_spec.arrays import Array
from nnfs_spec.domains import ACCURACY, DENSE, LOSS, LOSSES, LOSSES_ONE_HOT, NETWORK, RELU, SOFTMAX, Case, Domain
from nnfs_spec.engine.trial import Trial
from nnfs_spec.engine.worked_example import work_out_row
from nnfs_spec.properties.finding import Finding, fact, holds
from tests.tools.check_here import check_here

HALF = [[0.5, 0.5]]
SIXTHS = " + ".join(["e^(1.0 - 1.0)"] * 6) + ", and each term over s is " + ", ".join([str(1 / 6)] * 6)
LOG_2 = "0.6931471805599453"


def trial_of(domain: Domain, *arguments: Any, finding: Finding | None = None) -> Trial:
    """Return a failed trial on a case of ``domain``."""
    arrays = {a.name: np.asarray(value) for a, value in zip(domain.arguments, arguments, strict=True)}
    wrong = finding if finding is not None else fact(False, np.zeros(1), np.zeros(1), "something else")
    return Trial(Case(domain, np.dtype(np.float64), arrays), "fail", wrong, "something else")


@pytest.mark.parametrize(
    ("domain", "arguments", "told"),
    [
        (DENSE, ([[1.0, -2.0]], [[3.0], [0.5]], [[-1.0]]), "row 0, neuron 0: 1.0·3.0 + (-2.0)·0.5 + (-1.0) = 1.0"),
        (RELU, ([[-1.0, 2.0]],), "row 0: max(0, -1.0) = 0.0, max(0, 2.0) = 2.0"),
        (
            SOFTMAX,
            ([[0.0, 0.0]],),
            "row 0: s = e^(0.0 - 0.0) + e^(0.0 - 0.0), and each term over s is 0.5, 0.5",
        ),
        (SOFTMAX, ([[-1.0]],), "row 0: s = e^(-1.0 - (-1.0)), and each term over s is 1.0"),
        (LOSSES, ([[0.0, 0.5]], [1]), "row 0: -ln(clip(0.5)) = 0.6931471805599453"),
        (LOSSES_ONE_HOT, ([[0.0, 0.5]], [[0.0, 1.0]]), "row 0: -ln(clip(0.5)) = 0.6931471805599453"),
        (LOSS, (HALF, [1]), "(0.6931471805599453) / 1 = 0.6931471805599453"),
        (
            ACCURACY,
            ([[0.1, 0.9]] * 2 + [[1.0, 0.0]], [1, 0, 0]),
            "largest at classes [1, 1, 0], labels [1, 0, 0]: 2 of 3 right",
        ),
        (DENSE, (np.ones((1, 6)), np.ones((6, 1)), [[0.0]]), f"row 0, neuron 0: {'1.0·1.0 + ' * 6}0.0 = 6.0"),
        (RELU, (np.ones((1, 6)),), f"row 0: {', '.join(['max(0, 1.0) = 1.0'] * 6)}"),
        (SOFTMAX, (np.ones((1, 6)),), f"row 0: s = {SIXTHS}"),
        (LOSS, (np.full((6, 1), 0.5), [0] * 6), f"({' + '.join([LOG_2] * 6)}) / 6 = {LOG_2}"),
        (ACCURACY, (np.ones((6, 1)), [0] * 6), f"largest at classes {[0] * 6}, labels {[0] * 6}: 6 of 6 right"),
        (DENSE, (np.ones((1, 7)), np.ones((7, 1)), [[0.0]]), None),
        (RELU, (np.ones((1, 7)),), None),
        (SOFTMAX, (np.ones((1, 7)),), None),
        (LOSS, (np.ones((7, 1)), [0] * 7), None),
        (ACCURACY, (np.ones((7, 1)), [0] * 7), None),
        (RELU, (np.ones((0, 2)),), None),
        (DENSE, (np.ones((0, 1)), [[1.0]], [[0.0]]), None),
        (SOFTMAX, ([[np.nan]],), None),
    ],
)
def test_the_row_is_written_out(domain: Domain, arguments: tuple[Any, ...], told: str | None) -> None:
    """Unless it has too many terms, or no value."""
    assert work_out_row(trial_of(domain, *arguments)) == told


def test_the_row_is_the_first_that_violates_the_clause() -> None:
    """And not merely the first."""
    got = np.array([[0.0], [5.0]])
    finding = holds(got == 0, got, np.zeros((2, 1)), "zero")
    assert work_out_row(trial_of(RELU, [[-1.0], [-2.0]], finding=finding)) == "row 1: max(0, -2.0) = 0.0"


@pytest.mark.parametrize(
    ("domain", "arguments", "told"),
    [
        (DENSE, ([[7.0], [1.0], [2.0]], [[3.0, 4.0]], [[0.0, 5.0]]), "row 1, neuron 0: 1.0·3.0 + 0.0 = 3.0"),
        (SOFTMAX, ([[7.0], [1.0], [2.0]],), "row 1: s = e^(1.0 - 1.0), and each term over s is 1.0"),
        (LOSSES, ([[1.0, 0.0], [0.5, 0.0], [0.25, 0.0]], [0, 0, 0]), "row 1: -ln(clip(0.5)) = 0.6931471805599453"),
    ],
)
def test_of_several_rows_that_violate_it_the_first_is_shown(
    domain: Domain, arguments: tuple[Any, ...], told: str
) -> None:
    """And of several neurons the first."""
    got = np.array([0.0, 5.0, 5.0])
    assert work_out_row(trial_of(domain, *arguments, finding=holds(got == 0, got, got, "zero"))) == told


@pytest.mark.parametrize("right", [[True] * 3, [False], [True] * 3 + [False]], ids=["none", "whole", "others"])
def test_a_finding_that_points_at_no_row_shows_the_first(right: list[bool]) -> None:
    """One that violates nothing, one about the batch as a whole, one about rows that are not those of the batch."""
    finding = holds(np.array(right), np.zeros(len(right)), np.zeros(len(right)), "zero")
    assert work_out_row(trial_of(RELU, [[1.0], [2.0], [3.0]], finding=finding)) == "row 0: max(0, 1.0) = 1.0"


def test_where_nothing_tells_rows_apart_the_first_that_violates_is_shown() -> None:
    """As where the result has another shape than the expected one."""
    finding = holds(np.array([True, False, False]), np.zeros(3), np.zeros((3, 1)), "zero")
    assert work_out_row(trial_of(RELU, [[1.0], [2.0], [3.0]], finding=finding)) == "row 1: max(0, 2.0) = 2.0"


def test_there_is_nothing_to_write_out_without_numbers() -> None:
    """Where an error was expected, no result came, or the operation has no such formula."""
    refused = fact(False, np.zeros(1), np.asarray("an error"), "an error")
    assert work_out_row(trial_of(RELU, [[1.0]], finding=refused)) is None
    nothing = trial_of(RELU, [[1.0]])
    assert work_out_row(Trial(nothing.case, "error", None, "relu raised")) is None
    layer = Domain("layer", NETWORK.arguments)
    weights = np.ones((2, 1)), np.ones((1, 1)), np.ones((1, 2)), np.ones((1, 2))
    assert work_out_row(trial_of(layer, np.ones((1, 2)), *weights)) is None


def test_a_counterexample_shows_the_arithmetic() -> None:
    """Of the reduced row."""

    def relu(x: Array) -> Array:
        return np.abs(x)

    shown = check_here(LiveSubject("abs", {"relu": lambda: relu}), clauses=["RELU-1"], budget="quick").clauses[0]
    assert shown.counterexample is not None
    assert shown.counterexample.arithmetic == "row 0: max(0, -1.0) = 0.0"


def test_an_accuracy_of_one_hot_labels_is_written_out_in_classes() -> None:
    """The call at fault may have another form of labels than the case."""

    def accuracy(y_pred: Array, y_true: Array) -> Array:
        right = nnfs_spec.accuracy(y_pred, y_true)
        return np.asarray(1 - right if y_true.ndim == 2 else right)

    subject = LiveSubject("one-hot", {"accuracy": lambda: accuracy})
    (result,) = check_here(subject, clauses=("ACC-3",), budget="quick").clauses
    assert result.counterexample is not None
    assert result.counterexample.arithmetic == "largest at classes [0], labels [0]: 1 of 1 right"
