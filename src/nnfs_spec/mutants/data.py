"""Wrong implementations of the spiral data."""

from typing import TypeAlias

import numpy as np

from nnfs_spec.arrays import Array
from nnfs_spec.mutants.registry import mutant

Spiral: TypeAlias = tuple[Array, Array]


def _require_counts(samples: int, classes: int) -> None:
    if min(samples, classes) < 1:
        raise ValueError("a spiral needs at least one sample and one class")


def _steps(samples: int, classes: int) -> Array:
    """Return t (classes, samples), which runs evenly from 4k to 4(k + 1) in arm k."""
    _require_counts(samples, classes)
    return np.stack([np.linspace(4 * k, 4 * (k + 1), samples) for k in range(classes)])


def _noise(samples: int, classes: int) -> Array:
    return 0.2 * np.random.randn(classes, samples)


def _angles(samples: int, classes: int) -> Array:
    angles: Array = 2.5 * (_steps(samples, classes) + _noise(samples, classes))
    return angles


def _points(radii: Array, angles: Array) -> Array:
    """Return points (classes * samples, 2) from angles (classes, samples) and radii that broadcast to them."""
    return np.stack([radii * np.sin(angles), radii * np.cos(angles)], axis=-1).reshape(-1, 2)


def _labels(samples: int, classes: int) -> Array:
    return np.repeat(np.arange(classes, dtype=np.uint8), samples)


@mutant(
    "spiral_data",
    "DATA-1",
    misconception="samples counts the points of all arms together.",
    remedy="Draw that many points for each class.",
)
def spiral_of_shared_samples(samples: int, classes: int) -> Spiral:
    _require_counts(samples, classes)
    each = max(samples // classes, 1)
    return _points(np.linspace(0.0, 1.0, each), _angles(each, classes)), _labels(each, classes)


@mutant(
    "spiral_data",
    "DATA-1",
    misconception="Labels are dealt out in turn: 0, 1, 2, 0, 1, 2.",
    remedy="They come in blocks, as the points do: np.repeat, not np.tile.",
)
def spiral_with_labels_in_turn(samples: int, classes: int) -> Spiral:
    points = _points(np.linspace(0.0, 1.0, samples), _angles(samples, classes))
    return points, np.tile(np.arange(classes, dtype=np.uint8), samples)


@mutant(
    "spiral_data",
    "DATA-1",
    misconception="The first class is class 1.",
    remedy="It is class 0, as array positions are counted.",
)
def spiral_with_labels_from_one(samples: int, classes: int) -> Spiral:
    points = _points(np.linspace(0.0, 1.0, samples), _angles(samples, classes))
    return points, _labels(samples, classes) + np.uint8(1)


@mutant(
    "spiral_data",
    "DATA-1",
    misconception="Labels come as one-hot rows.",
    remedy="They come as class numbers, shape (samples * classes,).",
)
def spiral_with_one_hot_labels(samples: int, classes: int) -> Spiral:
    points = _points(np.linspace(0.0, 1.0, samples), _angles(samples, classes))
    return points, np.repeat(np.eye(classes, dtype=np.uint8), samples, axis=0)


@mutant(
    "spiral_data",
    "DATA-1",
    "DATA-2",
    misconception="Data must be shuffled before anybody sees them.",
    remedy="Keep the classes in blocks and the radii in order; shuffling is for training.",
)
def spiral_shuffled(samples: int, classes: int) -> Spiral:
    points = _points(np.linspace(0.0, 1.0, samples), _angles(samples, classes))
    order = np.random.permutation(len(points))
    return points[order], _labels(samples, classes)[order]


@mutant(
    "spiral_data",
    "DATA-2",
    misconception="A range leaves out its end, so the last radius falls short of 1.",
    remedy="Let the radii reach 1: np.linspace(0.0, 1, samples).",
)
def spiral_falling_short(samples: int, classes: int) -> Spiral:
    angles = _angles(samples, classes)
    return _points(np.arange(samples) / samples, angles), _labels(samples, classes)


@mutant(
    "spiral_data",
    "DATA-2",
    misconception="The first point of an arm has a radius already.",
    remedy="Start each arm at the origin: the radii run from 0, not from 1 / samples.",
)
def spiral_without_the_origin(samples: int, classes: int) -> Spiral:
    angles = _angles(samples, classes)
    return _points(np.linspace(1 / samples, 1.0, samples), angles), _labels(samples, classes)


@mutant(
    "spiral_data",
    "DATA-2",
    misconception="Points should fill the disc evenly, which takes the root of the radius.",
    remedy="The radii run evenly, not the areas: no square root.",
)
def spiral_spread_over_the_area(samples: int, classes: int) -> Spiral:
    angles = _angles(samples, classes)
    return _points(np.sqrt(np.linspace(0.0, 1.0, samples)), angles), _labels(samples, classes)


@mutant(
    "spiral_data",
    "DATA-2",
    misconception="The radius grows with the square of the step.",
    remedy="It grows evenly: no square.",
)
def spiral_crowded_at_the_centre(samples: int, classes: int) -> Spiral:
    angles = _angles(samples, classes)
    return _points(np.square(np.linspace(0.0, 1.0, samples)), angles), _labels(samples, classes)


@mutant(
    "spiral_data",
    "DATA-2",
    "DATA-3",
    misconception="The noise moves points outwards and inwards.",
    remedy="Add it to the angle, before the factor 2.5, and leave the radius alone.",
)
def spiral_with_noisy_radii(samples: int, classes: int) -> Spiral:
    radii = np.linspace(0.0, 1.0, samples) + _noise(samples, classes)
    return _points(radii, 2.5 * _steps(samples, classes)), _labels(samples, classes)


@mutant(
    "spiral_data",
    "DATA-3",
    misconception="A spiral has no noise.",
    remedy="Add np.random.randn(samples) * 0.2 to the steps of each arm.",
)
def spiral_without_noise(samples: int, classes: int) -> Spiral:
    radius = np.linspace(0.0, 1.0, samples)
    return _points(radius, 2.5 * _steps(samples, classes)), _labels(samples, classes)


@mutant(
    "spiral_data",
    "DATA-3",
    misconception="0.2 is the variance of the noise.",
    remedy="It is the deviation: multiply by 0.2, not by its root.",
)
def spiral_with_noise_of_variance_a_fifth(samples: int, classes: int) -> Spiral:
    angles = 2.5 * (_steps(samples, classes) + np.sqrt(0.2) * np.random.randn(classes, samples))
    return _points(np.linspace(0.0, 1.0, samples), angles), _labels(samples, classes)


@mutant(
    "spiral_data",
    "DATA-3",
    misconception="The noise has deviation 0.1.",
    remedy="Its deviation is 0.2.",
)
def spiral_with_half_the_noise(samples: int, classes: int) -> Spiral:
    angles = 2.5 * (_steps(samples, classes) + 0.1 * np.random.randn(classes, samples))
    return _points(np.linspace(0.0, 1.0, samples), angles), _labels(samples, classes)


@mutant(
    "spiral_data",
    "DATA-3",
    misconception="np.random.rand and np.random.randn draw the same kind of noise.",
    remedy="Draw with randn: rand is uniform and never negative.",
)
def spiral_with_uniform_noise(samples: int, classes: int) -> Spiral:
    angles = 2.5 * (_steps(samples, classes) + 0.2 * np.random.rand(classes, samples))
    return _points(np.linspace(0.0, 1.0, samples), angles), _labels(samples, classes)


@mutant(
    "spiral_data",
    "DATA-3",
    misconception="The noise is added last, after the factor 2.5.",
    remedy="Multiply the sum of step and noise: 2.5 * (t + noise).",
)
def spiral_with_noise_added_last(samples: int, classes: int) -> Spiral:
    angles = 2.5 * _steps(samples, classes) + _noise(samples, classes)
    return _points(np.linspace(0.0, 1.0, samples), angles), _labels(samples, classes)


@mutant(
    "spiral_data",
    "DATA-3",
    misconception="All arms may share one draw of noise.",
    remedy="Draw anew for each arm.",
)
def spiral_with_one_noise_for_all_arms(samples: int, classes: int) -> Spiral:
    angles = 2.5 * (_steps(samples, classes) + _noise(samples, 1))
    return _points(np.linspace(0.0, 1.0, samples), angles), _labels(samples, classes)


@mutant(
    "spiral_data",
    "DATA-3",
    misconception="The steps are the angles, in radians.",
    remedy="Multiply step and noise by 2.5.",
)
def spiral_without_the_factor(samples: int, classes: int) -> Spiral:
    angles = _steps(samples, classes) + _noise(samples, classes)
    return _points(np.linspace(0.0, 1.0, samples), angles), _labels(samples, classes)


@mutant(
    "spiral_data",
    "DATA-3",
    misconception="The steps count full turns.",
    remedy="The factor is 2.5, not two pi.",
)
def spiral_in_full_turns(samples: int, classes: int) -> Spiral:
    angles = 2 * np.pi * (_steps(samples, classes) + _noise(samples, classes))
    return _points(np.linspace(0.0, 1.0, samples), angles), _labels(samples, classes)


@mutant(
    "spiral_data",
    "DATA-3",
    misconception="Every arm starts at the same angle.",
    remedy="Start arm k at step 4k, or the arms lie on top of each other.",
)
def spiral_of_arms_upon_each_other(samples: int, classes: int) -> Spiral:
    _require_counts(samples, classes)
    angles = 2.5 * (_steps(samples, 1) + _noise(samples, classes))
    return _points(np.linspace(0.0, 1.0, samples), angles), _labels(samples, classes)


@mutant(
    "spiral_data",
    "DATA-3",
    misconception="Arms are spread evenly over one full turn.",
    remedy="Arm k begins at step 4k, an angle of 10k radians, whatever the number of classes.",
)
def spiral_of_arms_spread_evenly(samples: int, classes: int) -> Spiral:
    starts = 2 * np.pi * np.arange(classes)[:, np.newaxis] / max(classes, 1)
    _require_counts(samples, classes)
    angles = starts + 2.5 * (_steps(samples, 1) + _noise(samples, classes))
    return _points(np.linspace(0.0, 1.0, samples), angles), _labels(samples, classes)


@mutant(
    "spiral_data",
    "DATA-3",
    misconception="x is the cosine and y the sine, as on the unit circle.",
    remedy="x is the sine and y the cosine here; exchanged, the arms wind the other way.",
)
def spiral_mirrored(samples: int, classes: int) -> Spiral:
    points = _points(np.linspace(0.0, 1.0, samples), _angles(samples, classes))
    return points[:, ::-1], _labels(samples, classes)


@mutant(
    "spiral_data",
    "DATA-4",
    misconception="An empty spiral is a spiral.",
    remedy="Raise an error for fewer than one sample or class.",
)
def spiral_of_nothing(samples: int, classes: int) -> Spiral:
    if classes == 0 or samples == 0:
        return np.zeros((0, 2)), np.zeros(0, dtype=np.uint8)
    return _points(np.linspace(0.0, 1.0, samples), _angles(samples, classes)), _labels(samples, classes)


@mutant(
    "spiral_data",
    "DATA-4",
    misconception="A count below 1 was meant to be 1.",
    remedy="Raise an error: a wrong count is a mistake of the caller.",
)
def spiral_of_at_least_one(samples: int, classes: int) -> Spiral:
    samples, classes = max(samples, 1), max(classes, 1)
    return _points(np.linspace(0.0, 1.0, samples), _angles(samples, classes)), _labels(samples, classes)


@mutant(
    "spiral_data",
    "DATA-7",
    misconception="Labels are numbers like the coordinates.",
    remedy="Give class numbers an integer type: they are counted and index arrays.",
)
def spiral_with_float_labels(samples: int, classes: int) -> Spiral:
    points = _points(np.linspace(0.0, 1.0, samples), _angles(samples, classes))
    return points, _labels(samples, classes).astype(np.float64)


@mutant(
    "spiral_data",
    "DATA-5",
    misconception="The noise may be sorted, so that each arm bends smoothly.",
    remedy="Take the draws as they come: every point has noise of its own.",
)
def spiral_with_sorted_noise(samples: int, classes: int) -> Spiral:
    angles = 2.5 * (_steps(samples, classes) + np.sort(_noise(samples, classes), axis=1))
    return _points(np.linspace(0.0, 1.0, samples), angles), _labels(samples, classes)


@mutant(
    "spiral_data",
    "DATA-6",
    misconception="A few points may lie on the opposite side, as they do in measured data.",
    remedy="Draw the noise from the normal distribution alone.",
)
def spiral_with_points_opposite(samples: int, classes: int) -> Spiral:
    angles = _angles(samples, classes)
    angles.reshape(-1)[::40] += np.pi
    return _points(np.linspace(0.0, 1.0, samples), angles), _labels(samples, classes)
