"""The properties of spec/dense.md."""

from math import erf, log, sqrt

import numpy as np

from nnfs_spec.arrays import Array
from nnfs_spec.domains import (
    DENSE,
    DENSE_WHOLE,
    DENSE_WIDTHS,
    DENSE_ZERO,
    LAYER,
    LAYER_LARGE,
    LAYER_NO_COUNT,
    Case,
)
from nnfs_spec.oracle import exact
from nnfs_spec.properties.finding import Finding, equal, fact, near, within
from nnfs_spec.properties.refusals import refuses
from nnfs_spec.properties.registry import states
from nnfs_spec.subject.protocol import GO_ON, Call, Probe, count_call, pair_of

FALSE_ALARM_RATE = 1e-9
"""How often a goodness-of-fit test may reject a right generator."""


@states("DENSE-1", DENSE, DENSE_WHOLE, at_every_size=True)
def is_x_times_w_plus_b(subject: Probe, case: Case) -> Finding:
    """Every entry is within the value bound of the exact x·w + b."""
    return within(subject.ask("dense", *case.arguments), exact("dense", case.arguments), "the exact x·w + b")


@states("DENSE-2", DENSE)
def has_a_column_for_each_neuron(subject: Probe, case: Case) -> Finding:
    """The result has shape (N, n_neurons)."""
    (answer,) = subject.answers(Call("dense", case.arguments))
    (got,) = answer.results
    shape = (len(case["inputs"]), case["weights"].shape[1])
    return fact(got.shape == shape, np.array(got.shape), np.array(shape), f"shape {shape}")


@states("DENSE-3", DENSE_WHOLE)
def small_whole_numbers_are_exact(subject: Probe, case: Case) -> Finding:
    """Products and sums of small whole numbers have nothing to round."""
    x, w, b = (case[name].astype(np.int64) for name in ("inputs", "weights", "biases"))
    return equal(subject.ask("dense", *case.arguments), x @ w + b, "the exact whole number")


@states("DENSE-4", DENSE_ZERO)
def zero_input_gives_the_biases(subject: Probe, case: Case) -> Finding:
    """A row of zeros gives the biases, exactly."""
    got = subject.ask("dense", *case.arguments)
    return equal(got, np.broadcast_to(case["biases"], got.shape), "the biases")


@states("DENSE-5", DENSE_WHOLE)
def biases_are_added_once_to_every_row(subject: Probe, case: Case) -> Finding:
    """The result with biases differs from the one without by exactly the biases."""
    x, w, b = case.arguments
    without = subject.ask("dense", x, w, np.zeros_like(b))
    return equal(subject.ask("dense", x, w, b) - without, np.broadcast_to(b, without.shape), "the biases, once")


@states("DENSE-6", LAYER)
def new_weights_are_drawn(subject: Probe, case: Case) -> Finding:
    """New weights have shape (n_inputs, n_neurons), are finite, and not all alike."""
    shape = (case.number("n_inputs"), case.number("n_neurons"))
    weights, _ = subject.pair("layer", *shape, case.number("seed"))
    alike = weights.size > 1 and bool(weights.min() == weights.max())
    good = weights.shape == shape and bool(np.isfinite(weights).all()) and not alike
    return fact(good, weights, np.array(shape), f"weights of shape {shape}, finite, not all alike")


@states("DENSE-7", LAYER)
def new_biases_are_zero(subject: Probe, case: Case) -> Finding:
    """New biases are zero, one for each neuron."""
    n_neurons = case.number("n_neurons")
    _, biases = subject.pair("layer", case.number("n_inputs"), n_neurons, case.number("seed"))
    good = biases.shape in ((1, n_neurons), (n_neurons,)) and not biases.any()
    return fact(good, biases, np.zeros((1, n_neurons)), f"zeros of shape (1, {n_neurons}) or ({n_neurons},)")


@states("DENSE-8", LAYER_LARGE)
def new_layers_share_nothing(subject: Probe, case: Case) -> Finding:
    """The next layer draws other weights; the same seed draws the same."""
    sizes, seed = (case.number("n_inputs"), case.number("n_neurons")), case.number("seed")
    answers = subject.answers(*(count_call("layer", *sizes, s) for s in (seed, GO_ON, seed)))
    first, following, again = (pair_of(answer)[0] for answer in answers)
    good = bool((first != following).any()) and np.array_equal(first, again)
    return fact(good, following, again, "other weights for the next layer, the same for the same seed")


@states("DENSE-9", DENSE_WIDTHS)
def another_width_is_refused(subject: Probe, case: Case) -> Finding:
    """Inputs whose width is not n_inputs are an error."""
    return refuses(subject, Call("dense", case.arguments))


@states("DENSE-10", LAYER_NO_COUNT)
def an_empty_layer_is_refused(subject: Probe, case: Case) -> Finding:
    """A layer without inputs or without neurons is an error."""
    no_inputs, no_neurons, seed = (case.number(name) for name in ("n_inputs", "n_neurons", "seed"))
    return refuses(subject, count_call("layer", no_inputs, 2, seed), count_call("layer", 2, no_neurons, seed))


@states("DENSE-11", LAYER_LARGE)
def new_weights_are_a_tenth_of_a_uniform_draw(subject: Probe, case: Case) -> Finding:
    """Weights times ten pass a goodness-of-fit test for the uniform distribution on [0, 1)."""
    sizes, seed = (case.number("n_inputs"), case.number("n_neurons")), case.number("seed")
    draws = np.sort(subject.pair("layer", *sizes, seed)[0].ravel().astype(np.float64)) / 0.10
    variant = " (these look like the course's signed normal draw, a recorded variant)" if _is_signed(draws) else ""
    return fits(np.clip(draws, 0.0, 1.0), f"weights distributed as 0.10 times a uniform draw from [0, 1){variant}")


def _is_signed(draws: Array) -> bool:
    """Tell whether ``draws``, sorted, fit a normal distribution around 0 of their own deviation."""
    with np.errstate(invalid="ignore"):  # draws that are all 0 fit nothing
        scaled = draws / np.sqrt(np.mean(draws**2))
    return not fits(normal_distribution(scaled), "a normal distribution").violating.any()


def fits(shares: Array, demand: str) -> Finding:
    """Judge whether ``shares``, sorted, are near enough to the uniform distribution on [0, 1] to be drawn from it."""
    distance = distribution_distance(shares)
    return near(np.asarray([distance]), np.zeros(1), distance_bound(len(shares)), demand)


def normal_distribution(draws: Array) -> Array:
    """Return the share of a standard normal distribution below each of ``draws``."""
    return np.array([0.5 * (1 + erf(x / sqrt(2))) for x in draws.tolist()])


def distribution_distance(shares: Array) -> float:
    """Return the Kolmogorov-Smirnov distance of n sorted shares from the uniform distribution on [0, 1]."""
    steps = np.arange(len(shares) + 1) / len(shares)
    return float(max(np.max(steps[1:] - shares), np.max(shares - steps[:-1])))


def distance_bound(n: int) -> float:
    """Return the distance that n right draws exceed with probability FALSE_ALARM_RATE at most.

    Source: Dvoretzky, Kiefer and Wolfowitz, with the constant of Massart.
    """
    return sqrt(log(2 / FALSE_ALARM_RATE) / (2 * n))


@states("DENSE-12", LAYER)
def new_biases_are_a_row(subject: Probe, case: Case) -> Finding:
    """New biases have shape (1, n_neurons)."""
    n_neurons = case.number("n_neurons")
    _, biases = subject.pair("layer", case.number("n_inputs"), n_neurons, case.number("seed"))
    return fact(biases.shape == (1, n_neurons), np.array(biases.shape), np.array((1, n_neurons)), "one row of biases")
