"""Experiments on what is drawn at random: new layers and spirals, of which no single number is right."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from nnfs_spec.arrays import Array
from nnfs_spec.diagnosis.experiments import NUMBERS
from nnfs_spec.diagnosis.observation import Observation, Part, Spread, reading, refused, same_numbers
from nnfs_spec.properties.data import DEVIATION, FAR, TURNS, differences_of_normal, most_beyond
from nnfs_spec.properties.dense import (
    SCALE,
    differences_of_uniform,
    distance_bound,
    distribution_distance,
    normal_distribution,
    widest_gap,
)
from nnfs_spec.subject.operations import Operation
from nnfs_spec.subject.protocol import GO_ON, Answer, Call, Outcome, count_call

DOUBLE = np.dtype(np.float64)
SMALL = ((3, 5), (5, 3), (1, 4), (4, 1), (1, 1))
MANY_WEIGHTS, MANY_BIASES = (100, 90), (2, 2000)
OTHER_SIZE = (90, 100)
MANY_POINTS, ARMS, BEGINNING = 4000, 3, 250
"""Points of an arm, enough to tell noise of deviation 0.25 from 0.2, and its beginning, which turns but little."""

LARGEST_ANGLE = TURNS * 4 * ARMS


def _fresh(operation: Operation, first: int, second: int, seed: int) -> Call:
    call = count_call(operation, first, second, seed)
    return Call(call.operation, call.arguments, fresh=True)


def _pair(outcome: Outcome) -> tuple[Array, Array] | None:
    """Return the two results of real numbers, or None. Raises BrokeDownError."""
    if not isinstance(outcome, Answer):
        refused(outcome)
        return None
    if len(outcome.results) != 2 or any(result.dtype.kind not in "iuf" for result in outcome.results):
        return None
    return outcome.results[0].astype(np.float64), outcome.results[1].astype(np.float64)


def _drawn(one: Array, other: Array, scale: float = 1.0) -> Part:
    """Return what was made twice, from two seeds: a spread of numbers where they differ, else the numbers."""
    seen = reading(one, DOUBLE, scale)
    if same_numbers(reading(other, DOUBLE, scale), seen):
        return seen
    return Spread(np.unique(np.concatenate([one.reshape(-1), other.reshape(-1)])))


@dataclass(frozen=True, eq=False)
class NewLayers:
    """New layers: their shapes, how their numbers are spread, and which of them are alike."""

    seed: int
    aspect: str = NUMBERS

    @property
    def sessions(self) -> Sequence[Sequence[Call]]:
        """Small layers, then large ones from two seeds, then some one after another."""
        seed, other = self.seed, self.seed + 1
        small = [[_fresh("layer", *size, seed)] for size in SMALL]
        large = [[_fresh("layer", *size, s)] for size in (MANY_WEIGHTS, MANY_BIASES) for s in (seed, other)]
        following = [
            _fresh("layer", *MANY_WEIGHTS, seed),
            count_call("layer", *MANY_WEIGHTS, GO_ON),
            count_call("layer", *MANY_WEIGHTS, other),
            count_call("layer", *OTHER_SIZE, GO_ON),
            count_call("layer", *MANY_WEIGHTS, seed),
        ]
        return [*small, *large, following]

    def observe(self, outcomes: Sequence[Outcome]) -> Observation:
        """See facts in words, and the spread of many weights and biases."""
        pairs = [_pair(outcome) for outcome in outcomes]
        if None in pairs:
            return Observation(False, tuple("no layer" if pair is None else "a layer" for pair in pairs), formed=False)
        made = [pair for pair in pairs if pair is not None]
        small, (first, again, wide, wider), following = made[: len(SMALL)], made[len(SMALL) : -5], made[-5:]
        parts: list[Part] = [_form(*size, *pair) for size, pair in zip(SMALL, small, strict=True)]
        parts += [_drawn(first[0], again[0]), _drawn(wide[0], wider[0]), _drawn(wide[1], wider[1])]
        parts += _likenesses(*(weights.reshape(-1) for weights, _ in following))
        parts += _draws_in_words(first[0], outcomes[1 - len(following)])
        known = [*(_right_form(*size) for size in SMALL), *RIGHT_LIKENESSES, *RIGHT_DRAWS]
        right = [part for part in parts if isinstance(part, str)] == known
        tenth = np.clip(np.sort(first[0].reshape(-1)) / 0.10, 0.0, 1.0)
        spread = distribution_distance(tenth) <= distance_bound(tenth.size)
        return Observation(right and spread and not wide[1].any(), tuple(parts))


RIGHT_DRAWS = ("kept: True", "below a tenth: True", "up to a tenth: True", "neighbours: True", "all neurons: True")


def _draws_in_words(weights: Array, second: Outcome) -> list[str]:
    """Say what a layer and its weights hold to: DENSE-8, DENSE-14, DENSE-11 at its upper end, DENSE-15 and DENSE-16."""
    shares = np.clip(np.atleast_2d(weights) / SCALE, 0.0, 1.0)
    if (shares == shares[:, :1]).all():
        return []  # so few numbers tell nothing of a draw
    apart = np.sort(differences_of_uniform(shares))
    told = {
        "kept": isinstance(second, Answer) and np.array_equal(second.kept[0], second.results[0], equal_nan=True),
        "below a tenth": bool((weights <= SCALE).all()),
        "up to a tenth": bool(shares.max() >= 1 - widest_gap(shares.size)),
        "neighbours": distribution_distance(apart) <= distance_bound(apart.size),
        "all neurons": np.unique(shares, axis=1).shape == shares.shape,
    }
    return [f"{what}: {holds}" for what, holds in told.items()]


RIGHT_LIKENESSES = ("next: other", "another seed: other", "another size: other", "same seed: same", "neurons: other")


def _likenesses(first: Array, following: Array, seeded: Array, sized: Array, again: Array) -> list[str]:
    """Say which of the layers made one after another are alike."""
    columns = first.reshape(-1, MANY_WEIGHTS[1]) if first.size % MANY_WEIGHTS[1] == 0 else first[:, np.newaxis]
    alike = {
        "next": np.array_equal(first, following, equal_nan=True),
        "another seed": np.array_equal(first, seeded, equal_nan=True),
        "another size": np.array_equal(first[:50], sized[:50], equal_nan=True),
        "same seed": np.array_equal(first, again, equal_nan=True),
        "neurons": bool((columns == columns[:, :1]).all()),
    }
    return [f"{what}: {'same' if same else 'other'}" for what, same in alike.items()]


def _form(n_inputs: int, n_neurons: int, weights: Array, biases: Array) -> str:
    flat = "a row" if biases.shape == (n_neurons,) else biases.shape
    form = "a row" if biases.shape == (1, n_neurons) else flat
    return f"weights {weights.shape}, finite {np.isfinite(weights).all()}, biases {form}, any {biases.any()}"


def _right_form(n_inputs: int, n_neurons: int) -> str:
    return _form(n_inputs, n_neurons, np.zeros((n_inputs, n_neurons)), np.zeros(n_neurons))


@dataclass(frozen=True, eq=False)
class BiasRow:
    """Whether the biases of a new layer are a row."""

    seed: int
    aspect: str = "DENSE-12"

    @property
    def sessions(self) -> Sequence[Sequence[Call]]:
        """A layer of three inputs and five neurons."""
        return [[_fresh("layer", 3, 5, self.seed)]]

    def observe(self, outcomes: Sequence[Outcome]) -> Observation:
        """See the shape."""
        pair = _pair(outcomes[0])
        shape = "no layer" if pair is None else str(pair[1].shape)
        return Observation(shape == "(1, 5)", (shape,))


@dataclass(frozen=True, eq=False)
class Spirals:
    """Spirals: shapes, labels, radii, and the angles less the even steps."""

    seed: int
    aspect: str = NUMBERS

    @property
    def sessions(self) -> Sequence[Sequence[Call]]:
        """Small spirals, and a large one, from two seeds."""
        sizes = ((6, 3), (3, 2), (5, 1), (1, 2), (1, 1), (MANY_POINTS, ARMS))
        return [[_fresh("spiral_data", *size, s)] for size in sizes for s in (self.seed, self.seed + 1)]

    def observe(self, outcomes: Sequence[Outcome]) -> Observation:
        """See the numbers that do not depend on the seed, and the spread of those that do."""
        pairs = [_pair(outcome) for outcome in outcomes]
        made = [pair for pair in pairs if pair is not None and pair[0].ndim == 2 and pair[0].shape[1:] == (2,)]
        if len(made) < len(pairs):
            words = tuple("no spiral" if pair is None else f"points {pair[0].shape}" for pair in pairs)
            return Observation(False, words, formed=False)
        parts: list[Part] = []
        for (points, labels), (others, other_labels) in zip(made[::2], made[1::2], strict=True):
            parts.append(_drawn(labels, other_labels))
            parts.append(_drawn(_radii(points), _radii(others)))
        points, others = made[-2][0], made[-1][0]
        right = all(self._is_right(*pair, call) for pair, (call,) in zip(made, self.sessions, strict=True))
        if len(points) == len(others) == MANY_POINTS * ARMS:
            noise, other_noise = _noise(points), _noise(others)
            parts += [_drawn(one, other, LARGEST_ANGLE) for one, other in zip(noise, other_noise, strict=True)]
            starts = noise[:, 1:BEGINNING], other_noise[:, 1:BEGINNING]
            parts += [_drawn(one, other, LARGEST_ANGLE) for one, other in zip(*starts, strict=True)]
            parts.append(_drawn(noise.reshape(-1), other_noise.reshape(-1), LARGEST_ANGLE))
            parts.append("one noise" if np.allclose(noise[:, 1:], noise[0, 1:]) else "a noise for each arm")
            spread = np.sort(noise[:, 1:].reshape(-1)) / (TURNS * DEVIATION)
            distance = distribution_distance(normal_distribution(spread))
            right = right and distance <= distance_bound(spread.size) and parts[-1] == "a noise for each arm"
            parts += (held := _noise_in_words(noise[:, 1:] / (TURNS * DEVIATION)))
            right = right and held == RIGHT_NOISE
        return Observation(right, tuple(parts))

    @staticmethod
    def _is_right(points: Array, labels: Array, call: Call) -> bool:
        samples, classes, _ = map(int, call.arguments)
        if points.shape != (samples * classes, 2) or not np.array_equal(labels, np.repeat(np.arange(classes), samples)):
            return False
        expected = reading(np.tile(np.linspace(0.0, 1.0, samples), classes), DOUBLE)
        return bool((np.abs(_radii(points) - expected.values) <= expected.limit).all())


@dataclass(frozen=True, eq=False)
class WholeLabels:
    """Whether the labels of a spiral have an integer type."""

    seed: int
    aspect: str = "DATA-7"

    @property
    def sessions(self) -> Sequence[Sequence[Call]]:
        """A spiral of two classes."""
        return [[_fresh("spiral_data", 3, 2, self.seed)]]

    def observe(self, outcomes: Sequence[Outcome]) -> Observation:
        """See the type."""
        (outcome,) = outcomes
        whole = _pair(outcome) is not None and isinstance(outcome, Answer) and outcome.results[1].dtype.kind in "iu"
        return Observation(whole, (f"whole labels: {whole}",))


RIGHT_NOISE = ["neighbours: True", "far aside: False"]


def _noise_in_words(noise: Array) -> list[str]:
    """Say whether the noise of neighbours is independent (DATA-5), and whether points lie far aside (DATA-6)."""
    apart = normal_distribution(np.sort(differences_of_normal(noise)))
    independent = distribution_distance(apart) <= distance_bound(apart.size)
    aside = np.count_nonzero(np.abs(noise) > FAR) > most_beyond(noise.size)
    return [f"neighbours: {independent}", f"far aside: {aside}"]


def _radii(points: Array) -> Array:
    return np.hypot(points[:, 0], points[:, 1])


def _noise(points: Array) -> Array:
    """Return the angle of every point less its even step (arms, samples), between -pi and pi."""
    steps = np.stack([np.linspace(4 * k, 4 * (k + 1), MANY_POINTS) for k in range(ARMS)])
    angles = np.arctan2(points[:, 0], points[:, 1]).reshape(ARMS, MANY_POINTS)
    noise: Array = np.remainder(angles - TURNS * steps + np.pi, 2 * np.pi) - np.pi
    return noise
