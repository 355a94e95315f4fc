"""The kill matrix: by which case each engine shows that a mutant breaks a clause which it names."""

import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import chain, zip_longest
from typing import Any, Literal, TypeAlias, get_args

import numpy as np

from nnfs_spec.adapters.load import mutant_subject
from nnfs_spec.domains import Case, Domain
from nnfs_spec.engine.budget import BUDGETS
from nnfs_spec.engine.trial import attempt
from nnfs_spec.generate.search import explore
from nnfs_spec.generate.sweep import batches
from nnfs_spec.mutants import MUTANTS, Mutant
from nnfs_spec.properties import PROPERTIES
from nnfs_spec.subject.protocol import Subject
from nnfs_spec.vectors.answers import answers_of
from nnfs_spec.vectors.files import all_files
from nnfs_spec.vectors.judge import judge

Engine: TypeAlias = Literal["sweep", "search", "vectors"]
ENGINES: tuple[Engine, ...] = get_args(Engine)

BATCHES, EXAMPLES = BUDGETS["default"].batches, BUDGETS["thorough"].examples
"""The most that the sweep and the search show of each domain and dtype."""

SEED = 0


@dataclass(frozen=True)
class Kill:
    """The number of the first case that shows the mistake, counted from 1, and the seconds until it was judged."""

    case: int
    seconds: float


@dataclass(frozen=True)
class Row:
    """A mutant, a clause that it names, and by which case each engine that was asked notices; None where none does."""

    mutant: Mutant
    clause: str
    kills: Mapping[Engine, Kill | None]


class Matrix:
    """Computes rows for some engines; the cases of the search are made once and shown to every mutant."""

    def __init__(self, engines: Sequence[Engine] = ENGINES) -> None:
        self._engines = engines
        self._searched: dict[tuple[Domain, str], list[Case]] = {}

    def rows(self) -> Iterator[Row]:
        """Yield a row for each mutant and clause, as soon as it is known."""
        for mutant in MUTANTS.values():
            find: dict[Engine, Callable[[str], Kill | None]] = {
                "sweep": partial(_by_sweep, mutant),
                "search": partial(self._by_search, mutant),
                "vectors": _by_vectors(mutant),
            }
            for clause in mutant.killed_by:
                yield Row(mutant, clause, {engine: find[engine](clause) for engine in self._engines})

    def _by_search(self, mutant: Mutant, clause: str) -> Kill | None:
        return first_kill(mutant_subject(mutant), clause, self._examples(clause))

    def _examples(self, clause: str) -> Iterator[Case]:
        """Return the cases of the search, one of each domain and dtype after the other."""
        return _in_turns([self._of_domain(domain, dtype) for domain, dtype in _domains(clause)])

    def _of_domain(self, domain: Domain, dtype: np.dtype[Any]) -> list[Case]:
        key = (domain, dtype.name)
        if key not in self._searched:
            self._searched[key] = []
            explore(domain, dtype, self._searched[key].append, EXAMPLES, SEED)
        return self._searched[key]


def first_kill(subject: Subject, clause: str, cases: Iterable[Case]) -> Kill | None:
    """Return the first case on which the property of ``clause`` alone notices ``subject``."""
    start = time.perf_counter()
    for number, case in enumerate(cases, start=1):
        if attempt(PROPERTIES[clause], subject, case).bad:
            return Kill(number, time.perf_counter() - start)
    return None


def _by_sweep(mutant: Mutant, clause: str) -> Kill | None:
    return first_kill(mutant_subject(mutant), clause, swept(clause))


def swept(clause: str) -> Iterator[Case]:
    """Return the batches of the sweep, one of each domain and dtype after the other."""
    return _in_turns([batches(domain, dtype, SEED, BATCHES) for domain, dtype in _domains(clause)])


def _domains(clause: str) -> list[tuple[Domain, np.dtype[Any]]]:
    return [(domain, dtype) for domain in PROPERTIES[clause].domains for dtype in domain.dtypes]


def _in_turns(streams: Iterable[Iterable[Case]]) -> Iterator[Case]:
    return (case for case in chain.from_iterable(zip_longest(*streams)) if case is not None)


def _by_vectors(mutant: Mutant) -> Callable[[str], Kill | None]:
    """Have the mutant answer the vectors of its operation; return what finds the first that shows a broken clause.

    A mutant of the sample losses brings their mean along. The seconds are those of all answers.
    """
    operations = {mutant.operation, "loss" if mutant.operation == "sample_losses" else mutant.operation}
    files = [file for file in all_files() if file.vectors[0].operation in operations]
    start = time.perf_counter()
    subject = mutant_subject(mutant)
    judged = [one for file in files for one in judge(file.vectors, answers_of(subject, file.vectors))]
    seconds = time.perf_counter() - start

    def first(clause: str) -> Kill | None:
        for number, one in enumerate(judged, start=1):
            if one.bad and (clause in one.vector.clauses or one.message.endswith(f"[{clause}]")):
                return Kill(number, seconds)
        return None

    return first
