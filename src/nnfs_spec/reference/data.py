"""The spiral data (spec/data.md)."""

import numpy as np

from nnfs_spec.arrays import Matrix, Vector
from nnfs_spec.errors import SpecValueError
from nnfs_spec.reference.arguments import count

MOST_CLASSES = 256
"""As many as uint8, the dtype of the labels, can tell apart."""


@np.errstate(all="ignore")
def spiral_data(
    samples: int, classes: int, *, rng: np.random.Generator | None = None
) -> tuple[Matrix[np.float64], np.ndarray[tuple[int], np.dtype[np.uint8]]]:
    """Return points on ``classes`` spiral arms of ``samples`` points each, and their classes.

    Shapes: points (samples·classes, 2) float64 in the unit disc, labels (samples·classes,) uint8. The noise of the
    angles comes from NumPy's global generator, in the order of the nnfs package, unless ``rng`` is given. Raises
    SpecValueError or SpecTypeError for counts that are not whole numbers of at least 1, or more than 256 classes
    (DATA-4). Clauses DATA-1 to DATA-4; source: the seed's "Training Spiral Data" and the nnfs package.
    """
    samples = count("spiral_data", "samples", samples, "DATA-4")
    classes = count("spiral_data", "classes", classes, "DATA-4")
    if classes > MOST_CLASSES:
        raise SpecValueError("spiral_data", "classes", str(classes), f"at most {MOST_CLASSES}", "DATA-4")
    normal = np.random.standard_normal if rng is None else rng.standard_normal
    radius = np.linspace(0.0, 1.0, samples)
    arms = [_arm(radius, np.linspace(4 * k, 4 * (k + 1), samples) + 0.2 * normal(samples)) for k in range(classes)]
    return np.concatenate(arms), np.repeat(np.arange(classes, dtype=np.uint8), samples)


def _arm(radius: Vector[np.float64], t: Vector[np.float64]) -> Matrix[np.float64]:
    return np.stack([radius * np.sin(2.5 * t), radius * np.cos(2.5 * t)], axis=1)
