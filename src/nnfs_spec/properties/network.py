"""The properties of spec/network.md: the operations composed."""

import numpy as np

from nnfs_spec.arrays import Array, unit_roundoff
from nnfs_spec.domains import NETWORK, NETWORK_NEW, Case
from nnfs_spec.oracle import exact
from nnfs_spec.properties.finding import Finding, all_of, near, within
from nnfs_spec.properties.registry import states
from nnfs_spec.subject.protocol import MalformedError, Probe, count_call


def forward(subject: Probe, inputs: Array, *layers: tuple[Array, Array]) -> Array:
    """Return dense, relu, dense, ..., softmax of ``inputs`` through the subject's own operations."""
    *hidden, last = layers
    for layer in hidden:
        inputs = subject.ask("relu", subject.ask("dense", inputs, *layer))
    return subject.ask("softmax", subject.ask("dense", inputs, *last))


def _layers(case: Case) -> tuple[tuple[Array, Array], tuple[Array, Array]]:
    return (case["weights"], case["biases"]), (case["weights2"], case["biases2"])


@states("NET-1", NETWORK)
def composed_operations_are_the_network(subject: Probe, case: Case) -> Finding:
    """With whole-number weights the logits are exact, so the result is the exact softmax of them within its bound."""
    hidden = np.maximum(case["inputs"] @ case["weights"] + case["biases"], 0)
    logits = (hidden @ case["weights2"] + case["biases2"]).astype(case.dtype)
    got = forward(subject, case["inputs"], *_layers(case))
    return within(got, exact("softmax", (logits,)), "the exact softmax of the exact logits")


@states("NET-2", NETWORK)
def the_origin_is_predicted_uniformly(subject: Probe, case: Case) -> Finding:
    """With zero biases the origin, where each spiral arm starts, gets 1/C for every class."""
    origin = np.zeros_like(case["inputs"])
    layers = [(weights, np.zeros_like(biases)) for weights, biases in _layers(case)]
    got = forward(subject, origin, *layers)
    return near(got, *_uniform(got, case), "1/C for every class")


@states("NET-3", NETWORK)
def a_dead_network_answers_everything_alike(subject: Probe, case: Case) -> Finding:
    """With no hidden sum above zero every row is the softmax of the output biases: uniform where those are zero."""
    inputs = np.abs(case["inputs"])
    (weights, biases), (weights2, biases2) = _layers(case)
    dead = -np.abs(weights), -np.abs(biases)
    got = forward(subject, inputs, dead, (weights2, biases2))
    alike = np.broadcast_to(biases2, got.shape)
    uniform = forward(subject, inputs, dead, (weights2, np.zeros_like(biases2)))
    findings = [
        within(got, exact("softmax", (alike,)), "the softmax of the output biases, in every row"),
        near(uniform, *_uniform(uniform, case), "1/C for every class"),
    ]
    if subject.supports("loss"):
        labels = np.arange(len(got)) % got.shape[1]
        lost = subject.ask("loss", uniform, labels).reshape(1)
        findings.append(near(lost, np.log([got.shape[1]]), _chance_bound(len(got), got.shape[1], 0.0, case), "ln C"))
    return all_of(*findings)


@states("NET-4", NETWORK_NEW)
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


def _uniform(got: Array, case: Case) -> tuple[Array, float]:
    """Return 1/C in the shape of ``got``, and the bound of SOFTMAX-8."""
    classes = got.shape[1]
    steps = classes + 4 + 2 * float(np.log(classes))
    bound = steps * unit_roundoff(case.dtype) / classes  # 2·tiny is less than its last bit
    return np.full(got.shape, 1 / classes), bound


def _chance_bound(rows: int, classes: int, spread: float, case: Case) -> float:
    """Return how far rounding alone moves the loss of a guess: LOSS-8 on top of SOFTMAX-4 (derived at NET-4)."""
    chance = float(np.log(classes)) + spread
    softmax = classes + 4 + 2 * spread + 2 * float(np.log(classes))
    return ((rows + 10) * chance + 1.5 + softmax) * unit_roundoff(case.dtype)
