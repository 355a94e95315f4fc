"""The properties of spec/softmax.md."""

from dataclasses import replace
from math import log
from typing import Any

import numpy as np

from nnfs_spec.arrays import Array, smallest_normal, unit_roundoff
from nnfs_spec.domains import (
    SOFTMAX,
    SOFTMAX_EQUAL,
    SOFTMAX_GRID,
    SOFTMAX_ORDER,
    SOFTMAX_ORDER_WHOLE,
    SOFTMAX_TIED,
    SOFTMAX_TWO,
    SOFTMAX_TWO_WHOLE,
    SOFTMAX_WHOLE,
    Case,
)
from nnfs_spec.oracle import Question, bounds, exact
from nnfs_spec.oracle.double_double import single, sum_rows
from nnfs_spec.oracle.softmax import sigmoid
from nnfs_spec.properties.finding import Finding, all_of, fact, holds, near, within
from nnfs_spec.properties.registry import states
from nnfs_spec.subject.protocol import Call, Probe


@states("SOFTMAX-1", SOFTMAX, SOFTMAX_WHOLE, root=2)
def rows_sum_to_one(subject: Probe, case: Case) -> Finding:
    """The exact sum of each row is one within the bound."""
    p = subject.ask("softmax", case["inputs"]).astype(np.float64)
    hi, lo = sum_rows(single(p))
    bound = bounds.row_sum(p.shape[1], unit_roundoff(case.dtype))
    difference = near((hi - 1) + lo, np.zeros_like(hi), bound, "rows whose sum is 1 within the bound")
    return replace(difference, got=hi, expected=np.ones_like(hi))


@states("SOFTMAX-2", SOFTMAX, SOFTMAX_WHOLE, root=3)
def entries_are_probabilities(subject: Probe, case: Case) -> Finding:
    """Every entry lies in [0, 1]."""
    p = subject.ask("softmax", case["inputs"])
    return holds((p >= 0) & (p <= 1), p, np.clip(p, 0, 1), "entries in [0, 1]")


@states("SOFTMAX-3", SOFTMAX, root=1)
def finite_rows_stay_finite(subject: Probe, case: Case) -> Finding:
    """No finite row gives a NaN or an infinity."""
    p = subject.ask("softmax", case["inputs"])
    return holds(np.isfinite(p), p, exact("softmax", case.arguments).hi, "finite entries")


@states("SOFTMAX-4", SOFTMAX, SOFTMAX_WHOLE, at_every_size=True, root=4)
def entries_are_accurate(subject: Probe, case: Case) -> Finding:
    """Every entry is within the value bound of the exact softmax."""
    return within(subject.ask("softmax", case["inputs"]), exact("softmax", case.arguments), "the exact softmax")


@states("SOFTMAX-5", SOFTMAX_GRID)
def a_shift_of_the_row_changes_nothing(subject: Probe, case: Case) -> Finding:
    """Adding one number to a row, the sums being exact, leaves the result within the two value bounds."""
    z, shift = case["inputs"], case["shift"]
    bound = 2 * exact("softmax", (z,)).bound
    shifted = subject.ask("softmax", z + shift)
    return near(shifted, subject.ask("softmax", z), bound, "the result of the row before the shift")


@states("SOFTMAX-6", SOFTMAX_ORDER, SOFTMAX_ORDER_WHOLE)
def permuting_classes_permutes_the_result(subject: Probe, case: Case) -> Finding:
    """The classes have no order: renaming them renames the probabilities."""
    z, order = case["inputs"], case["order"]
    bound = 2 * exact("softmax", (z,)).bound[:, order]
    permuted = subject.ask("softmax", z[:, order])
    return near(permuted, subject.ask("softmax", z)[:, order], bound, "the same result, permuted")


@states("SOFTMAX-7", SOFTMAX, SOFTMAX_WHOLE, SOFTMAX_TIED)
def order_is_kept(subject: Probe, case: Case) -> Finding:
    """Beyond the bounds a larger logit never has the smaller probability, and equal logits have equal ones."""
    z, p = case["inputs"], subject.ask("softmax", case["inputs"]).astype(np.float64)
    bound = exact("softmax", case.arguments).bound
    backwards = slice(None, None, -1)
    return all_of(
        _ordered(z, p, bound),
        _ordered(z[:, backwards], p[:, backwards], bound[:, backwards]),
    )


def _ordered(z: Array, p: Array, bound: Array) -> Finding:
    """Sort each row, ties as they stand, and hold every entry against the largest one below it."""
    order = np.argsort(z, axis=1, kind="stable")
    p, bound = np.take_along_axis(p, order, axis=1), np.take_along_axis(bound, order, axis=1)
    certain = np.maximum.accumulate(p - bound, axis=1)
    deficit = np.maximum(certain - p, 0.0)
    found = near(deficit, np.zeros_like(p), bound, "probabilities, in the order of the logits, that never fall")
    return replace(found, got=p, expected=np.maximum.accumulate(p, axis=1))


@states("SOFTMAX-8", SOFTMAX_EQUAL)
def equal_logits_share_equally(subject: Probe, case: Case) -> Finding:
    """One class has probability one, exactly; C equal logits have 1/C each."""
    p = subject.ask("softmax", case["inputs"])
    bound = 0.0 if p.shape[1] == 1 else uniform_bound(p.shape[1], case.dtype)
    return near(p, np.full(p.shape, 1 / p.shape[1]), bound, "1/C in every entry")


def uniform_bound(classes: int, dtype: np.dtype[Any]) -> float:
    """Return the bound of SOFTMAX-4 for C equal logits, which SOFTMAX-8, SOFTMAX-9 and NET-2 share."""
    steps = bounds.softmax_steps(classes, log(classes), 0.0)
    return float(bounds.softmax(steps, 1 / classes, unit_roundoff(dtype), smallest_normal(dtype)))


@states("SOFTMAX-9", SOFTMAX, SOFTMAX_WHOLE)
def the_largest_logit_gets_at_least_its_share(subject: Probe, case: Case) -> Finding:
    """The probability of the largest logit is at least 1/C."""
    z, p = case["inputs"], subject.ask("softmax", case["inputs"]).astype(np.float64)
    at_largest = z == z.max(axis=1, keepdims=True)
    deficit = np.where(at_largest, np.maximum(1 / p.shape[1] - p, 0.0), 0.0)
    bound = uniform_bound(p.shape[1], case.dtype)
    found = near(deficit, np.zeros_like(p), bound, "at least 1/C at the largest logit")
    return replace(found, got=p, expected=np.full_like(p, 1 / p.shape[1]))


@states("SOFTMAX-10", SOFTMAX_TWO, SOFTMAX_TWO_WHOLE)
def two_classes_are_a_sigmoid(subject: Probe, case: Case) -> Finding:
    """With two classes the result is the logistic sigmoid of the difference of the logits."""
    with np.errstate(over="ignore", under="ignore"):
        expected = sigmoid(case["inputs"])
    expected = replace(expected, question=Question("softmax", case.arguments, case.dtype))  # the same, by SOFTMAX-10
    return within(subject.ask("softmax", case["inputs"]), expected, "the logistic sigmoid of the difference")


@states("SOFTMAX-11", SOFTMAX, root=0)
def keeps_the_shape(subject: Probe, case: Case) -> Finding:
    """The result has the shape of the logits."""
    (answer,) = subject.answers(Call("softmax", case.arguments))
    (got,) = answer.results
    shape = case["inputs"].shape
    return fact(got.shape == shape, np.array(got.shape), np.array(shape), f"shape {shape}")
