"""Reads the clip of a loss, or the number that is added in its place, off what the loss is of the probability 0."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from nnfs_spec.mutants import MUTANTS, Mutant
from nnfs_spec.mutants.loss import clipped_between, with_addend
from nnfs_spec.subject.operations import Operation
from nnfs_spec.subject.protocol import Call, Runs, numbers_of

NEAR = 1e-4
"""Relative distance within which a number that people write is taken for the one that was read."""


def mutants_with_its_clip(subject: Runs, operation: Operation) -> Sequence[Mutant]:
    """Return mutants of the sample losses that clip or add what a subject seems to; none where it has neither."""
    call = Call(operation, (np.array([[0.0, 0.25]]), np.array([0])), fresh=True)
    numbers = numbers_of(subject.run([call])[0])
    if numbers is None or numbers.size != 1:
        return []
    small = _written(float(np.exp(-float(numbers.reshape(-1)[0]))))
    if not 0 < small < 1:
        return []
    clipped, added = MUTANTS["loss-clipped-elsewhere"], MUTANTS["loss-with-a-small-number-added"]
    said = f"Any small number will do for the clip, such as {small:g}, which the loss of probability 0 shows."
    return [
        replace(clipped, misconception=said, code=clipped_between(small, 1 - small)),
        replace(clipped, misconception=said, code=clipped_between(small, 1.0)),
        replace(
            added,
            misconception=f"Adding {small:g} keeps the logarithm finite as well as clipping at 1e-7 does.",
            code=with_addend(small),
            killed_by=clipped.killed_by,
        ),
    ]


def _written(number: float) -> float:
    """Return the number that somebody wrote: of one digit or of three, or the precision of a dtype; else what it is."""
    precisions = (float(np.finfo(dtype).eps) for dtype in (np.float32, np.float64))
    likely = (float(f"{number:.0e}"), float(f"{number:.2e}"), *precisions)
    return next((one for one in likely if abs(one - number) <= NEAR * number), number)
