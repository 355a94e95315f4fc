"""Measures how accurate a subject is: its errors in ULP by operation, dtype and family of inputs."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from nnfs_spec.domains import ORDINARY, Case, Domain
from nnfs_spec.engine.events import ULP_EDGES, Accuracy, Errors, Listener, Progressed
from nnfs_spec.generate.values import families_of, family_batches
from nnfs_spec.oracle import exact
from nnfs_spec.oracle.ulps import measure as measure_entries
from nnfs_spec.subject.operations import OPERATIONS, Operation
from nnfs_spec.subject.protocol import Probe, Subject, SubjectError

BATCHES = 10
"""Batches of each family, unless more or fewer are asked for."""

DOUBLE = np.dtype(np.float64)


@dataclass(eq=False)
class _Cell:
    """What is known of one operation, dtype and family while it is measured."""

    domain: Domain
    dtype: np.dtype[Any]
    family: str
    unanswered: int = 0
    undecided: int = 0
    shares: list[float] = field(default_factory=list[float])
    ulps: list[np.ndarray[Any, np.dtype[np.float64]]] = field(
        default_factory=list[np.ndarray[Any, np.dtype[np.float64]]]
    )

    def take(self, subject: Subject, case: Case) -> None:
        """Ask for one batch and measure what comes."""
        operation = self.domain.operation
        try:
            got = Probe(subject).ask(operation, *case.arguments)
        except SubjectError:
            self.unanswered += 1
            return
        enclosure = exact(operation, case.arguments)
        entries = np.broadcast_to(got, enclosure.hi.shape)
        measured = measure_entries(
            enclosure, entries, self.dtype if OPERATIONS[self.domain.operation].keeps_dtype else DOUBLE
        )
        self.undecided += measured.unknown
        self.shares.append(float(enclosure.share_of_bound(entries).max()))
        self.ulps.append(measured.ulps)

    def errors(self) -> Errors:
        """Return what came of all batches."""
        ulps = np.concatenate([np.empty(0), *self.ulps])
        bins = np.bincount(np.searchsorted(ULP_EDGES, ulps, side="left"), minlength=len(ULP_EDGES) + 1)
        return Errors(
            self.domain.operation,
            self.dtype.name,
            self.family,
            len(ulps),
            self.undecided,
            self.unanswered,
            max(self.shares) if ulps.size else None,
            float(ulps.max()) if ulps.size else None,
            float(ulps.mean()) if ulps.size else None,
            tuple(bins.tolist()),
        )


def measure_subject(
    subject: Subject, *, seed: int, batches: int = BATCHES, listen: Listener = lambda event: None
) -> Accuracy:
    """Measure ``subject`` and return what came of it, with what its adapter has to tell."""
    errors = measure(subject, seed=seed, batches=batches, listen=listen)
    account = subject.account()
    return Accuracy(subject.name, seed, batches, errors, account.taken, account.problems, account.output)


def measure(
    subject: Subject, *, seed: int, batches: int = BATCHES, listen: Listener = lambda event: None
) -> tuple[Errors, ...]:
    """Return the errors of every operation that ``subject`` has, by dtype and family; the same seed, the same inputs.

    Nothing is judged: a batch that the subject refuses, or answers in another shape, counts as unanswered.
    """
    cells = list(_cells(subject))
    found: list[Errors] = []
    for done, cell in enumerate(cells):
        told = f"{cell.domain.operation} {cell.dtype} {cell.family}"
        listen(Progressed(done, len(cells), told, sum(errors.entries for errors in found)))
        for case in family_batches(cell.domain, cell.dtype, cell.family, seed, batches):
            cell.take(subject, case)
        found.append(cell.errors())
    return tuple(found)


def by_operation(errors: Sequence[Errors]) -> tuple[Errors, ...]:
    """Return the errors of all families together, for each operation and dtype."""
    groups: dict[tuple[Operation, str], list[Errors]] = {}
    for one in errors:
        groups.setdefault((one.operation, one.dtype), []).append(one)
    return tuple(_together(*key, group) for key, group in groups.items())


def _cells(subject: Subject) -> Iterator[_Cell]:
    for domain in ORDINARY:
        for dtype in domain.dtypes if domain.operation in subject.operations else ():
            if subject.reach.judges((domain.operation,), dtype.name):
                for family in families_of(domain):
                    yield _Cell(domain, dtype, family)


def _together(operation: Operation, dtype: str, group: Sequence[Errors]) -> Errors:
    entries = sum(one.entries for one in group)
    total = sum(one.mean * one.entries for one in group if one.mean is not None)
    return Errors(
        operation,
        dtype,
        None,
        entries,
        sum(one.undecided for one in group),
        sum(one.unanswered for one in group),
        max((one.share for one in group if one.share is not None), default=None),
        max((one.worst for one in group if one.worst is not None), default=None),
        total / entries if entries else None,
        tuple(map(sum, zip(*(one.histogram for one in group), strict=True))),
    )
