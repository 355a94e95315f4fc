"""Runs a mutant on the calls that the subject was given."""

import warnings
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from nnfs_spec.arrays import Array, some_rows
from nnfs_spec.mutants import Mutant
from nnfs_spec.subject import ARGUMENTS, GO_ON, Answer, Call, Outcome, Refusal, lay_out


class Bench:
    """Runs one operation of a mutant: its own, or ``loss``, which is the mean of a mutant of the sample losses."""

    def __init__(self, mutant: Mutant, operation: str) -> None:
        self._mutant = mutant
        self._is_mean = operation != mutant.operation
        self._made = self._make()

    def run(self, session: Sequence[Call]) -> Sequence[Outcome]:
        """Make the calls in order; what the mutant raises is a refusal."""
        made = [self._call(call) for call in session]
        return [
            one if isinstance(one, Refusal) else Answer(one[0], tuple(np.array(raw) for raw in one[1]), one[2])
            for one in made
        ]

    def _make(self) -> Callable[..., Any]:
        made = self._mutant.make()
        return _mean_of(made) if self._is_mean else made

    def _call(self, call: Call) -> Refusal | tuple[tuple[Array, ...], tuple[Array, ...], tuple[Array, ...]]:
        """Return copies of the results, the results themselves, and the arguments after the call."""
        if call.fresh:
            self._made = self._make()
        arguments = tuple(lay_out(argument, call.layout) for argument in call.arguments)
        try:
            with np.errstate(all="ignore"), warnings.catch_warnings():
                warnings.simplefilter("ignore")
                results = self._results(call, arguments)
        except Exception as raised:
            return Refusal(type(raised).__name__, str(raised))
        return tuple(np.array(result) for result in results), results, arguments

    def _results(self, call: Call, arguments: tuple[Array, ...]) -> tuple[Array, ...]:
        if "seed" not in ARGUMENTS[call.operation]:
            return (np.asarray(self._made(*arguments)),)
        *counts, seed = map(int, arguments)
        if seed != GO_ON:
            np.random.seed(seed)
        return tuple(map(np.asarray, self._made(*counts)))


def _mean_of(sample_losses: Callable[[Array, Array], Array]) -> Callable[[Array, Array], Array]:
    def mean(y_pred: Array, y_true: Array) -> Array:
        some_rows("loss", "y_pred", len(y_pred), "LOSS-14")  # the mean itself is right
        return np.asarray(np.mean(sample_losses(y_pred, y_true)))

    return mean
