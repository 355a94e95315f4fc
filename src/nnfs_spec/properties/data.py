"""The properties of spec/data.md."""

from math import erfc, sqrt

import numpy as np

from nnfs_spec.arrays import Array, unit_roundoff
from nnfs_spec.domains import SPIRAL, SPIRAL_LARGE, SPIRAL_NO_COUNT, Case
from nnfs_spec.oracle import bounds
from nnfs_spec.properties.dense import FALSE_ALARM_RATE, fits, normal_distribution
from nnfs_spec.properties.finding import Finding, all_of, fact, near
from nnfs_spec.properties.refusals import refuses
from nnfs_spec.properties.registry import states
from nnfs_spec.subject.protocol import MalformedError, Probe, count_call

DEVIATION = 0.2
TURNS = 2.5

FAR = 4.5
"""Deviations beyond which one draw in 147,000 lies; a point on the opposite side lies there nine times in ten."""


def _points(subject: Probe, case: Case) -> tuple[int, int, Array]:
    """Return samples, classes and the points, in the shape that DATA-1 demands."""
    samples, classes, seed = (case.number(name) for name in ("samples", "classes", "seed"))
    points, _ = subject.pair("spiral_data", samples, classes, seed)
    if points.shape != (samples * classes, 2):
        call = count_call("spiral_data", samples, classes, seed)
        raise MalformedError(call, f"returned points of shape {points.shape}, but must return {(samples * classes, 2)}")
    return samples, classes, points


@states("DATA-1", SPIRAL, SPIRAL_LARGE)
def classes_come_in_equal_blocks_in_order(subject: Probe, case: Case) -> Finding:
    """samples·classes points in the plane, labelled block by block."""
    samples, classes, seed = (case.number(name) for name in ("samples", "classes", "seed"))
    points, labels = subject.pair("spiral_data", samples, classes, seed)
    expected = np.repeat(np.arange(classes), samples)
    good = points.shape == (samples * classes, 2) and labels.shape == expected.shape
    same = good and bool((labels == expected).all())
    return fact(same, labels, expected, f"points of shape {(samples * classes, 2)}, labelled in equal blocks in order")


@states("DATA-7", SPIRAL)
def labels_are_integers(subject: Probe, case: Case) -> Finding:
    """The labels have an integer type."""
    _, labels = subject.pair("spiral_data", *(case.number(name) for name in ("samples", "classes", "seed")))
    return fact(labels.dtype.kind in "iu", np.asarray(str(labels.dtype)), np.asarray("int64"), "labels of integer type")


@states("DATA-2", SPIRAL, SPIRAL_LARGE)
def radii_run_evenly_to_one(subject: Probe, case: Case) -> Finding:
    """In each block the radii run evenly from 0 to 1, so every point lies in the unit disc."""
    samples, classes, points = _points(subject, case)
    radii = np.hypot(points[:, 0].astype(np.float64), points[:, 1].astype(np.float64))
    expected = np.tile(np.linspace(0.0, 1.0, samples), classes)
    bound = bounds.radius(expected, unit_roundoff(points.dtype))
    return near(radii, expected, bound, "radii evenly from 0 to 1 in each block")


@states("DATA-3", SPIRAL_LARGE)
def angles_are_even_with_normal_noise(subject: Probe, case: Case) -> Finding:
    """The angles over 2.5, less the even steps, pass a goodness-of-fit test for normal noise of deviation 0.2."""
    noise = _noise(subject, case)
    return fits(normal_distribution(np.sort(noise.ravel())), "normal noise of deviation 0.2")


def _noise(subject: Probe, case: Case) -> Array:
    """Return the noise in units of its deviation (classes, samples - 1): the first point of an arm has no angle."""
    samples, classes, points = _points(subject, case)
    steps = np.concatenate([np.linspace(4 * k, 4 * (k + 1), samples) for k in range(classes)])
    angles = np.arctan2(points[:, 0], points[:, 1]).astype(np.float64)
    ahead = angles - TURNS * steps
    turns = np.arctan2(np.sin(ahead), np.cos(ahead))  # between -pi and pi
    return (turns / TURNS / DEVIATION).reshape(classes, samples)[:, 1:]


@states("DATA-4", SPIRAL_NO_COUNT)
def no_samples_or_classes_are_refused(subject: Probe, case: Case) -> Finding:
    """Fewer than one sample or class is an error."""
    samples, classes, seed = (case.number(name) for name in ("samples", "classes", "seed"))
    return refuses(subject, count_call("spiral_data", samples, 2, seed), count_call("spiral_data", 2, classes, seed))


@states("DATA-5", SPIRAL_LARGE)
def noise_is_independent(subject: Probe, case: Case) -> Finding:
    """The noise of points beside each other, along the arm and across arms, differs as two independent draws do."""
    noise = _noise(subject, case)
    return all_of(
        *(
            fits(normal_distribution(np.sort(differences_of_normal(pairs))), f"independent noise of neighbours {place}")
            for pairs, place in ((noise, "along the arm"), (noise.T, "on two arms"))
        )
    )


@states("DATA-6", SPIRAL_LARGE)
def hardly_any_point_lies_far_aside(subject: Probe, case: Case) -> Finding:
    """Of points whose noise is beyond 4.5 deviations there are no more than chance allows."""
    noise = _noise(subject, case)
    beyond = int(np.count_nonzero(np.abs(noise) > FAR))
    most = most_beyond(noise.size)
    return fact(beyond <= most, np.array(beyond), np.array(most), f"at most {most} points beyond {FAR} deviations")


def differences_of_normal(draws: Array) -> Array:
    """Return the difference of each two neighbours over its deviation: independent pairs, each used once."""
    even = draws.shape[1] // 2 * 2
    apart: Array = (draws[:, 1:even:2] - draws[:, :even:2]) / np.sqrt(2)
    return apart.ravel()


def most_beyond(n: int) -> int:
    """Return how many of n normal draws lie beyond FAR, but for a probability of FALSE_ALARM_RATE.

    More than k do with probability (n·p)^(k + 1)/(k + 1)! at most, where p is the probability of one.
    """
    mean, most, rate = n * erfc(FAR / sqrt(2)), 0, n * erfc(FAR / sqrt(2))
    while rate > FALSE_ALARM_RATE:
        most += 1
        rate *= mean / (most + 1)
    return most
