"""The properties of spec/data.md."""

import numpy as np

from nnfs_spec.arrays import Array, unit_roundoff
from nnfs_spec.domains import SPIRAL, SPIRAL_LARGE, SPIRAL_NO_COUNT, Case
from nnfs_spec.properties.dense import fits, normal_distribution
from nnfs_spec.properties.finding import Finding, fact, near
from nnfs_spec.properties.refusals import refuses
from nnfs_spec.properties.registry import states
from nnfs_spec.subject.protocol import MalformedError, Probe, count_call

DEVIATION = 0.2
TURNS = 2.5


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


@states("DATA-2", SPIRAL, SPIRAL_LARGE)
def radii_run_evenly_to_one(subject: Probe, case: Case) -> Finding:
    """In each block the radii run evenly from 0 to 1, so every point lies in the unit disc."""
    samples, classes, points = _points(subject, case)
    radii = np.hypot(points[:, 0].astype(np.float64), points[:, 1].astype(np.float64))
    expected = np.tile(np.linspace(0.0, 1.0, samples), classes)
    bound = 8 * unit_roundoff(points.dtype) * expected
    return near(radii, expected, bound, "radii evenly from 0 to 1 in each block")


@states("DATA-3", SPIRAL_LARGE)
def angles_are_even_with_normal_noise(subject: Probe, case: Case) -> Finding:
    """The angles over 2.5, less the even steps, pass a goodness-of-fit test for normal noise of deviation 0.2."""
    samples, classes, points = _points(subject, case)
    steps = np.concatenate([np.linspace(4 * k, 4 * (k + 1), samples) for k in range(classes)])
    angles = np.arctan2(points[:, 0], points[:, 1]).astype(np.float64)
    ahead = angles - TURNS * steps
    turns = np.arctan2(np.sin(ahead), np.cos(ahead))  # between -pi and pi
    noise = (turns / TURNS / DEVIATION)[np.hypot(points[:, 0], points[:, 1]) != 0]
    return fits(normal_distribution(np.sort(noise)), "normal noise of deviation 0.2")


@states("DATA-4", SPIRAL_NO_COUNT)
def no_samples_or_classes_are_refused(subject: Probe, case: Case) -> Finding:
    """Fewer than one sample or class is an error."""
    samples, classes, seed = (case.number(name) for name in ("samples", "classes", "seed"))
    return refuses(subject, count_call("spiral_data", samples, 2, seed), count_call("spiral_data", 2, classes, seed))
