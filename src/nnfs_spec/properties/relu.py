"""The properties of spec/relu.md."""

import numpy as np

from nnfs_spec.domains import RELU, RELU_PAIR, RELU_ZERO, Case
from nnfs_spec.oracle import exact
from nnfs_spec.properties.finding import Finding, equal, fact, holds, within
from nnfs_spec.properties.registry import states
from nnfs_spec.subject.protocol import Call, Probe


@states("RELU-1", RELU, at_every_size=True, root=1)
def is_the_larger_of_zero_and_x(subject: Probe, case: Case) -> Finding:
    """Every entry is max(0, x)."""
    got = subject.ask("relu", case["inputs"])
    return within(got, exact("relu", case.arguments), "the larger of 0 and x")


@states("RELU-2", RELU)
def is_never_negative(subject: Probe, case: Case) -> Finding:
    """No entry is below zero."""
    got = subject.ask("relu", case["inputs"])
    return holds(got >= 0, got, np.zeros_like(got), "entries of at least 0")


@states("RELU-3", RELU)
def passes_positive_entries_unchanged(subject: Probe, case: Case) -> Finding:
    """What is positive comes out as it went in."""
    x = case["inputs"]
    got = subject.ask("relu", x)
    return holds((x <= 0) | (got == x), got, x, "positive entries unchanged", examined=np.any(x > 0, axis=1))


@states("RELU-4", RELU)
def twice_is_once(subject: Probe, case: Case) -> Finding:
    """A second pass changes nothing."""
    once = subject.ask("relu", case["inputs"])
    return equal(subject.ask("relu", once), once, "the result of the first pass")


@states("RELU-5", RELU_PAIR)
def is_monotone(subject: Probe, case: Case) -> Finding:
    """Larger in, never smaller out."""
    x, other = case["inputs"], case["others"]
    low = subject.ask("relu", np.minimum(x, other))
    high = subject.ask("relu", np.maximum(x, other))
    return holds(high >= low, high, low, "at least the result of the smaller input")


@states("RELU-6", RELU_ZERO)
def of_zero_is_zero(subject: Probe, case: Case) -> Finding:
    """Zeros of both signs give a zero of either sign."""
    got = subject.ask("relu", case["inputs"])
    return equal(got, np.zeros_like(got), "zero")


@states("RELU-7", RELU, root=0)
def keeps_the_shape(subject: Probe, case: Case) -> Finding:
    """The result has the shape of the input."""
    (answer,) = subject.answers(Call("relu", case.arguments))
    (got,) = answer.results
    shape = case["inputs"].shape
    return fact(got.shape == shape, np.array(got.shape), np.array(shape), f"shape {shape}")
