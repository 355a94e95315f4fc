"""The properties of spec/network.md: the operations composed."""

from dataclasses import replace

import numpy as np

from nnfs_spec.arrays import Array, unit_roundoff
from nnfs_spec.domains import LOGITS, NETWORK, NETWORK_NEW, Case
from nnfs_spec.oracle import bounds, exact
from nnfs_spec.oracle.loss import clip_ends, negative_log
from nnfs_spec.properties.finding import Finding, near, within
from nnfs_spec.properties.registry import states
from nnfs_spec.properties.softmax import uniform_bound
from nnfs_spec.subject.protocol import MalformedError, Probe, count_call

UNIFORM = "1/C for every class"

LARGE_POWER = 100
"""Weights of the origin are multiplied by this power of two: they are finite, and zero times them is zero."""

EIGHTHS = 8
"""Whole numbers up to 64 are divided by it, so that most probabilities lie between the ends of the clip."""


def forward(subject: Probe, inputs: Array, *layers: tuple[Array, Array]) -> Array:
    """Return dense, relu, dense, ..., softmax of ``inputs`` through the subject's own operations."""
    *hidden, last = layers
    for layer in hidden:
        inputs = subject.ask("relu", subject.ask("dense", inputs, *layer))
    return subject.ask("softmax", subject.ask("dense", inputs, *last))


def _layers(case: Case) -> tuple[tuple[Array, Array], tuple[Array, Array]]:
    return (case["weights"], case["biases"]), (case["weights2"], case["biases2"])


@states("NET-1", NETWORK, scope="network")
def composed_operations_are_the_network(subject: Probe, case: Case) -> Finding:
    """With whole-number weights the logits are exact, so the result is the exact softmax of them within its bound."""
    hidden = np.maximum(case["inputs"] @ case["weights"] + case["biases"], 0)
    logits = (hidden @ case["weights2"] + case["biases2"]).astype(case.dtype)
    got = forward(subject, case["inputs"], *_layers(case))
    return within(got, exact("softmax", (logits,)), "the exact softmax of the exact logits")


@states("NET-2", NETWORK, scope="network")
def the_origin_is_predicted_uniformly(subject: Probe, case: Case) -> Finding:
    """With zero biases the origin, where each spiral arm starts, gets 1/C for every class."""
    origin = np.copysign(np.zeros_like(case["inputs"]), case["inputs"])
    layers = [(np.ldexp(weights, LARGE_POWER), np.zeros_like(biases)) for weights, biases in _layers(case)]
    got = forward(subject, origin, *layers)
    return near(got, np.full(got.shape, 1 / got.shape[1]), uniform_bound(got.shape[1], case.dtype), UNIFORM)


@states("NET-3", NETWORK, scope="network")
def a_dead_network_answers_everything_alike(subject: Probe, case: Case) -> Finding:
    """With no hidden sum above zero every row is the softmax of the output biases."""
    got = _dead(subject, case, case["biases2"])
    alike = np.broadcast_to(case["biases2"], got.shape)
    return within(got, exact("softmax", (alike,)), "the softmax of the output biases, in every row")


def _dead(subject: Probe, case: Case, biases2: Array) -> Array:
    """Return what a network answers in which no hidden sum is above zero."""
    (weights, biases), (weights2, _) = _layers(case)
    return forward(subject, np.abs(case["inputs"]), (-np.abs(weights), -np.abs(biases)), (weights2, biases2))


@states("NET-5", NETWORK)
def a_dead_network_loses_ln_c(subject: Probe, case: Case) -> Finding:
    """With zero output biases besides, every class has 1/C, and the loss is that of guessing."""
    uniform = _dead(subject, case, np.zeros_like(case["biases2"]))
    rows, classes = uniform.shape
    lost = subject.ask("loss", uniform, np.arange(len(uniform)) % int(classes)).reshape(1)
    return near(lost, np.log([classes]), _chance_bound(rows, classes, 0.0, case), "ln C")


@states("NET-6", LOGITS)
def the_loss_of_softmax_is_the_log_of_the_sum_less_the_logit(subject: Probe, case: Case) -> Finding:
    """Softmax and loss together give ln of the sum of exponentials less the target's logit, as far as the clip lets."""
    z, labels = case["y_pred"] / EIGHTHS, case["y_true"]
    q, u = exact("softmax", (z,)), unit_roundoff(case.dtype)
    at_target = np.arange(len(z)), labels
    distance = z.max(axis=1) - z[at_target]
    exactly = negative_log(np.clip(q.hi[at_target], *clip_ends(case.dtype)), case.dtype)
    moved = bounds.softmax_steps(z.shape[1], np.log(z.shape[1]), distance) * u
    radius = exactly.radius + q.radius[at_target] / q.hi[at_target]
    expected = replace(exactly, radius=radius, bound=exactly.bound + moved / (1 - moved))
    return within(subject.ask("sample_losses", subject.ask("softmax", z), labels), expected, "ln Σ exp z less z_t")


@states("NET-4", NETWORK_NEW, scope="network")
def a_new_network_guesses(subject: Probe, case: Case) -> Finding:
    """A new network loses ln C on points of the unit disc, within the largest possible spread of its logits."""
    points, hidden, classes = case["inputs"], case.number("n_neurons"), case.number("classes") + 1
    seed = case.number("seed")
    layers = [_new_layer(subject, case, 2, hidden, seed), _new_layer(subject, case, hidden, classes, seed + 1)]
    reach = np.sqrt((layers[0][0].astype(np.float64) ** 2).sum(axis=0))
    spread = float(reach @ np.ptp(layers[1][0].astype(np.float64), axis=1))
    largest = float(reach @ np.abs(layers[1][0].astype(np.float64)).max(axis=1))
    rounding = 2 * (hidden + 6) * unit_roundoff(case.dtype) * largest
    labels = np.arange(len(points)) % classes
    got = subject.ask("loss", forward(subject, points, *layers), labels).reshape(1)
    bound = spread + rounding + _chance_bound(len(points), classes, spread, case)
    return near(got, np.log([classes]), bound, "ln C, within the spread of the logits")


def _new_layer(subject: Probe, case: Case, n_inputs: int, n_neurons: int, seed: int) -> tuple[Array, Array]:
    """Return a new layer of the subject, in the dtype of the case and the shapes of DENSE-6 and DENSE-7."""
    weights, biases = subject.pair("layer", n_inputs, n_neurons, seed)
    if weights.shape != (n_inputs, n_neurons) or biases.size != n_neurons:
        call = count_call("layer", n_inputs, n_neurons, seed)
        raise MalformedError(call, f"returned weights {weights.shape} and biases {biases.shape}")
    return weights.astype(case.dtype), biases.reshape(1, n_neurons).astype(case.dtype)


def _chance_bound(rows: int, classes: int, spread: float, case: Case) -> float:
    """Return how far rounding alone moves the loss of a guess: LOSS-8 on top of SOFTMAX-4 (derived at NET-4)."""
    ln_classes, u = float(np.log(classes)), unit_roundoff(case.dtype)
    steps = bounds.softmax_steps(classes, ln_classes, spread)
    return float(bounds.mean_loss(rows, ln_classes + spread, u) + steps * u)
