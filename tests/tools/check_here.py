"""One check of a subject in this process, its options given by name."""

from collections.abc import Sequence
from typing import Any

from nnfs_spec.checking.api import check_subject
from nnfs_spec.engine.events import Report
from nnfs_spec.engine.options import CheckOptions
from nnfs_spec.subject.protocol import Subject

RUN = ("plan_helper", "exhaustive_helper", "checkpoint", "listen")
"""What a run is given beside the options."""


def check_here(subject: Subject, *, clauses: Sequence[str] = (), **more: Any) -> Report:
    """Check ``subject``; ``more`` are options of the check and what its run is given."""
    given = {name: more.pop(name) for name in RUN if name in more}
    return check_subject(subject, CheckOptions(clauses=tuple(clauses), **more), **given)
