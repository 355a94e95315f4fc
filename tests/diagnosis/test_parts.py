"""A known mistake on a part of the domain is told as such, with the part; where two are alike, none is."""

from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

import numpy as np
import pytest

import nnfs_spec
from nnfs_spec.adapters.live import LiveSubject
from nnfs_spec.arrays import Array
from nnfs_spec.diagnosis.diagnose import diagnose
from nnfs_spec.diagnosis.parts import match_on_a_part
from nnfs_spec.engine.events import ClauseResult, Counterexample
from nnfs_spec.mutants import MUTANTS
from nnfs_spec.subject.protocol import Breakdown, Outcome
from tests.tools.check_here import check_here

RIGHT: Mapping[str, Callable[..., Any]] = {
    "dense": nnfs_spec.dense,
    "relu": nnfs_spec.relu,
    "softmax": nnfs_spec.softmax,
    "sample_losses": nnfs_spec.sample_losses,
    "accuracy": nnfs_spec.accuracy,
}


def partly(mutant: str, holds: Callable[[tuple[Array, ...]], bool]) -> LiveSubject:
    """Return a subject that is a mutant where ``holds`` says so, and else the reference."""
    operation = MUTANTS[mutant].operation

    def code(*arguments: Array) -> Any:
        return MUTANTS[mutant].code(*arguments) if holds(arguments) else RIGHT[operation](*arguments)

    return LiveSubject("partly", {operation: lambda: code})


def by_columns(arguments: tuple[Array, ...]) -> bool:
    """Tell whether the first argument lies in Fortran order."""
    return arguments[0].flags.f_contiguous and not arguments[0].flags.c_contiguous


Holds: TypeAlias = Callable[[tuple[Array, ...]], bool]

TOLD: list[tuple[str, str, Holds, str]] = [
    ("softmax-without-the-shift", "SOFTMAX-3", lambda a: a[0].dtype == np.float32, "in float32"),
    ("relu-leaky", "RELU-1", lambda a: a[0].dtype == np.float64, "in float64"),
    ("loss-in-bits", "LOSS-1", lambda a: a[1].ndim == 1, "for sparse labels"),
    ("accuracy-is-the-error-rate", "ACC-3", lambda a: a[1].ndim == 2, "for one-hot labels"),
    ("softmax-over-the-batch", "GEN-4", by_columns, "in Fortran order"),
    (
        "dense-without-biases",
        "GEN-4",
        lambda a: not a[0].flags.c_contiguous,
        "where the arguments do not lie in C order",
    ),
    ("relu-leaky", "RELU-1", lambda a: len(a[0]) > 19, "with 20 rows or more"),
    ("relu-is-the-absolute-value", "RELU-1", lambda a: len(a[0]) == 33, "with exactly 33 rows"),
    ("dense-with-biases-twice", "DENSE-1", lambda a: a[1].shape[0] >= 40, "with 40 columns or more"),
]


@pytest.mark.parametrize(("mutant", "clause", "holds", "only"), TOLD)
def test_a_mistake_on_a_part_is_told_with_the_part(
    mutant: str, clause: str, holds: Callable[[tuple[Array, ...]], bool], only: str
) -> None:
    """As the check finds it; the clause that it explains is the one that is broken."""
    report = check_here(partly(mutant, holds), budget="default" if "exactly" in only else "quick", clauses=[clause])
    assert [(found.mutant, found.only, found.explains) for found in report.diagnosis] == [(mutant, only, (clause,))]


def broken(clause: str, **inputs: Any) -> ClauseResult:
    """Return the result of a clause that these arguments break."""
    arrays = {name: np.array(value) for name, value in inputs.items()}
    nothing = np.zeros(1)
    shown = Counterexample("relu", arrays, nothing, nothing, None, "") if inputs else None
    return ClauseResult(clause, "MUST", "", "fail", 1, None, shown, "")


NO_PARTS: list[Holds] = [
    lambda a: a[0].dtype == np.float32 and a[0].shape[1] == 3,
    lambda a: a[0].size % 2 == 0,
]


@pytest.mark.parametrize("holds", NO_PARTS)
def test_a_mistake_that_fits_no_part_is_not_guessed_at(holds: Callable[[tuple[Array, ...]], bool]) -> None:
    """Neither is one on a part of a part."""
    assert diagnose(partly("relu-leaky", holds), [broken("RELU-1")], 0) == ()


def test_a_part_explains_only_what_the_mistake_breaks() -> None:
    """A leaky relu breaks no shape."""
    assert diagnose(partly("relu-leaky", lambda a: a[0].dtype == np.float32), [broken("RELU-7")], 0) == ()


def test_a_mean_beside_its_losses_and_new_layers_have_no_parts() -> None:
    """The losses are looked at themselves, and a layer is made of two whole numbers."""
    losses = MUTANTS["loss-in-bits"].code

    def loss(p: Array, y: Array) -> Any:
        return losses(p, y).mean()

    both = LiveSubject("both", {"sample_losses": lambda: losses, "loss": lambda: loss})
    assert {found.operation for found in diagnose(both, [broken("LOSS-1"), broken("LOSS-8")], 0)} == {"sample_losses"}
    assert match_on_a_part(both, "layer", list(MUTANTS.values()), [], 0) is None


def test_what_breaks_down_has_no_parts() -> None:
    """Then nothing is compared."""

    class Broken(LiveSubject):
        def run(self, session: Any) -> list[Outcome]:
            return [Breakdown("crashed") for _ in session]

    assert diagnose(Broken("broken", {"relu": lambda: np.abs}), [broken("RELU-1")], 0) == ()


def test_a_mutant_with_a_memory_of_its_own_is_not_asked() -> None:
    """What it answers depends on more than the call."""
    kinds = [mutant for mutant in MUTANTS.values() if isinstance(mutant.code, type) and mutant.operation == "relu"]
    assert kinds
    subject = partly("relu-leaky", lambda a: a[0].dtype == np.float32)
    assert match_on_a_part(subject, "relu", kinds, [broken("RELU-1", inputs=[1.0])], 0) is None


def test_two_that_are_alike_are_not_told() -> None:
    """Nobody can tell which was meant."""
    leaky = MUTANTS["relu-leaky"]
    subject = partly("relu-leaky", lambda a: a[0].dtype == np.float32)
    assert match_on_a_part(subject, "relu", [leaky], [], 0) is not None
    assert match_on_a_part(subject, "relu", [leaky, leaky], [], 0) is None
