"""Compares a subject with one mutant after another, experiment by experiment."""

import warnings
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import islice
from typing import Any

import numpy as np

from nnfs_spec.arrays import Array
from nnfs_spec.diagnosis.experiments import NUMBERS, Experiment
from nnfs_spec.diagnosis.observation import Observation, alike
from nnfs_spec.errors import SpecValueError
from nnfs_spec.mutants import Mutant
from nnfs_spec.subject.layouts import lay_out, share_memory
from nnfs_spec.subject.operations import DRAWN, Operation
from nnfs_spec.subject.protocol import GO_ON, OVERWRITTEN, Answer, Call, Lacking, Outcome, Refusal, Runs, run_sessions
from nnfs_spec.subject.surroundings import Surroundings, at_once

GRAVEST = ({NUMBERS}, {"GEN-1", "GEN-2", "GEN-4", "GEN-9", "GEN-10", "GEN-11", "GEN-12"})
"""Aspects in which an error brings others along, gravest first: numbers, then what an object keeps or overwrites."""


@dataclass(frozen=True)
class Match:
    """A mutant that a subject behaves like: the aspects in which both err alike, and those in which only one does."""

    mutant: Mutant
    shared: frozenset[str]
    apart: frozenset[str]


class Comparison:
    """What the experiments on one operation show of a subject, to be held against mutants.

    Raises BrokeDownError where the subject gives neither a result nor an exception.
    """

    def __init__(self, subject: Runs, operation: Operation, planned: Sequence[Experiment]) -> None:
        self._operation: Operation = operation
        told = run_sessions(subject, [session for one in planned for session in one.sessions])
        sights = ((one, sight_of(one, islice(told, len(one.sessions)))) for one in planned)
        seen = [(one, sight) for one, sight in sights if sight is not None]
        self._planned = [one for one, _ in seen]
        self._seen = [sight for _, sight in seen]
        numbers = (sight for one, sight in seen if one.aspect == NUMBERS)
        self._formed = any(sight.formed for sight in numbers)
        self._order = sorted(range(len(seen)), key=lambda position: self._seen[position].right)

    def errs_in(self) -> frozenset[str]:
        """Return the aspects in which the subject is not right."""
        return frozenset(one.aspect for one, sight in zip(self._planned, self._seen, strict=True) if not sight.right)

    def match(self, mutant: Mutant) -> Match | None:
        """Return in what the subject behaves like ``mutant``; None where it does not.

        A mutant that errs in its numbers must agree in all of them, another in every aspect in which it errs; but what
        never gives a result of the right form has no lapses to speak of.
        """
        bench = MutantRunner(mutant, self._operation)
        errs: set[str] = set()
        differs: set[str] = set()
        both: set[str] = set()
        for position in self._order:
            experiment, seen = self._planned[position], self._seen[position]
            if seen.right and not both:
                return None
            wrong = sight_of(experiment, map(bench.run, experiment.sessions))
            assert wrong is not None, "a mutant takes every call"
            if not wrong.right:
                errs.add(experiment.aspect)
            if not alike(seen, wrong):
                differs.add(experiment.aspect)
            elif not seen.right and not wrong.right:
                both.add(experiment.aspect)
            if NUMBERS in errs & differs:
                return None
        if not errs or not _about(errs) <= both - differs or not (self._formed or NUMBERS in errs):
            return None
        return Match(mutant, frozenset(errs & both - differs), frozenset(errs & differs))


def _about(errs: set[str]) -> set[str]:
    """Return what a mutant that errs in these aspects is about; in the others it errs in consequence."""
    return next((group & errs for group in GRAVEST if group & errs), errs)


def sight_of(experiment: Experiment, told: Iterable[Sequence[Outcome]]) -> Observation | None:
    """Return what an experiment showed; None where it could not be made. Raises BrokeDownError."""
    outcomes = [outcome for session in told for outcome in session]
    return None if any(isinstance(outcome, Lacking) for outcome in outcomes) else experiment.observe(outcomes)


class MutantRunner:
    """Runs one operation of a mutant: its own, or ``loss``, which is the mean of a mutant of the sample losses."""

    def __init__(self, mutant: Mutant, operation: Operation) -> None:
        self._mutant = mutant
        self._is_mean = operation != mutant.operation
        self._made = self._make()

    def run(self, session: Sequence[Call]) -> Sequence[Outcome]:
        """Make the calls in order; what the mutant raises is a refusal."""
        together = all(call.together for call in session)
        made = at_once([partial(self._call, call) for call in session]) if together else list(map(self._call, session))
        return [
            one
            if isinstance(one, Refusal)
            else Answer(one[0], tuple(np.array(raw) for raw in one[1]), one[2], share_memory(one[1], one[2]), one[3])
            for one in made
        ]

    def _make(self) -> Callable[..., Any]:
        made = self._mutant.make()
        return _mean_of(made) if self._is_mean else made

    def _call(
        self, call: Call
    ) -> Refusal | tuple[tuple[Array, ...], tuple[Array, ...], tuple[Array, ...], tuple[str, ...]]:
        """Return copies of the results, the results themselves, the arguments after the call, and what it disturbed."""
        made = self._made = self._make() if call.fresh else self._made
        arguments = tuple(lay_out(argument, call.layout) for argument in call.arguments)
        try:
            with np.errstate(all="warn" if call.watched else "ignore"), warnings.catch_warnings():
                warnings.simplefilter("ignore")
                surroundings = Surroundings() if call.watched else None
                results = self._results(call, arguments, made)
                disturbed = () if surroundings is None else surroundings.undo()
        except Exception as raised:
            return Refusal(type(raised).__name__, str(raised))
        given = tuple(np.array(result) for result in results)
        for result in results if call.overwritten else ():
            if result.flags.writeable:
                result[...] = OVERWRITTEN
        return given, results, arguments, disturbed

    def _results(self, call: Call, arguments: tuple[Array, ...], made: Callable[..., Any]) -> tuple[Array, ...]:
        if call.operation not in DRAWN:
            return (np.asarray(made(*arguments)),)
        *counts, seed = map(int, arguments)
        if seed != GO_ON:
            np.random.seed(seed)
        return tuple(map(np.asarray, made(*counts)))


def _mean_of(sample_losses: Callable[[Array, Array], Array]) -> Callable[[Array, Array], Array]:
    def mean(y_pred: Array, y_true: Array) -> Array:
        if len(y_pred) == 0:
            raise SpecValueError("loss", "len(y_pred)", "0", "at least 1", "LOSS-14")
        return np.asarray(np.mean(sample_losses(y_pred, y_true)))

    return mean
