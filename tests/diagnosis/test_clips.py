"""The clip of a loss, and what is added in its place, are read off the results and said."""

from collections.abc import Callable
from typing import Any, TypeAlias

import numpy as np
import pytest

from nnfs_spec.adapters.live import LiveSubject
from nnfs_spec.arrays import Array
from nnfs_spec.diagnosis.clips import mutants_with_its_clip
from nnfs_spec.diagnosis.diagnose import diagnose
from nnfs_spec.engine.events import ClauseResult

FAILED = [ClauseResult("LOSS-1", "MUST", "", "fail", 1, None, None, "")]


def subject(losses: Callable[[Array], Any]) -> LiveSubject:
    """Return a subject whose sample losses are a function of the target's probability."""

    def sample_losses(p: Array, y: Array) -> Any:
        return losses(p[np.arange(len(p)), y] if y.ndim == 1 else np.sum(p * y, axis=1))

    return LiveSubject("losses", {"sample_losses": lambda: sample_losses})


Losses: TypeAlias = Callable[[Array], Any]

SAID: list[tuple[Losses, str, str]] = [
    (lambda p: -np.log(np.clip(p, 1e-12, 1 - 1e-12)), "loss-clipped-elsewhere", "such as 1e-12,"),
    (lambda p: -np.log(np.clip(p, 0.0025, 1 - 0.0025)), "loss-clipped-elsewhere", "such as 0.0025,"),
    (lambda p: -np.log(np.maximum(p, 1e-5)), "loss-clipped-elsewhere", "such as 1e-05,"),
    (lambda p: -np.log(p + 1e-9), "loss-with-a-small-number-added", "Adding 1e-09 keeps"),
    (lambda p: -np.log(p + np.finfo(np.float64).eps), "loss-with-a-small-number-added", "Adding 2.22045e-16 keeps"),
    (lambda p: -np.log(p + 0.00123456), "loss-with-a-small-number-added", "Adding 0.00123456 keeps"),
]


@pytest.mark.parametrize(("losses", "mutant", "said"), SAID)
def test_the_number_is_said(losses: Callable[[Array], Any], mutant: str, said: str) -> None:
    """Whatever it is."""
    (found,) = diagnose(subject(losses), FAILED, 0)
    assert found.mutant == mutant
    assert said in found.misconception
    assert found.explains == ("LOSS-1",)


OTHERWISE: list[Losses] = [
    lambda p: -np.log(np.clip(p, 1e-12, 1 - 1e-6)),
    lambda p: -np.log(np.clip(p, 1e-12, 1 - 1e-12)) * np.where(p > 0.9, 2, 1),
    lambda p: 1.0 - p,
    lambda p: np.full(len(p), np.nan),
]


@pytest.mark.parametrize("losses", OTHERWISE)
def test_what_is_more_than_another_clip_is_not_said_to_be_one(losses: Callable[[Array], Any]) -> None:
    """All numbers must agree."""
    assert diagnose(subject(losses), FAILED, 0) == ()


UNREADABLE: list[Losses] = [lambda p: np.zeros((2, 2)), lambda p: np.zeros(len(p)) - 3, lambda p: p / 0]


@pytest.mark.parametrize("losses", UNREADABLE)
def test_where_nothing_can_be_read_there_is_no_clip(losses: Callable[[Array], Any]) -> None:
    """Of several numbers, of a number beyond 1, and of none."""
    assert list(mutants_with_its_clip(subject(losses), "sample_losses")) == []
