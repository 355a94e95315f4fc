"""The report that ``nnfs_spec.check`` returns, which shows itself, and the progress of a check in a notebook."""

import sys
import time
from dataclasses import fields
from html import escape
from typing import Protocol, cast

from nnfs_spec.clauses import all_clauses
from nnfs_spec.engine import events
from nnfs_spec.engine.events import ClauseResult, Counterexample, Event, Finished, Progressed
from nnfs_spec.reports.html import to_fragment
from nnfs_spec.reports.json_report import to_json
from nnfs_spec.reports.terminal import to_text
from nnfs_spec.reports.wording import summary

SECONDS_BETWEEN = 0.2
"""The least time between two pictures of the progress."""


class UnknownClauseError(KeyError):
    """A report was asked about a clause that it does not have."""

    def __str__(self) -> str:
        return str(self.args[0])


class Report(events.Report):
    """The outcome of ``nnfs_spec.check``: drawn in a notebook, as text where it is printed, by clause where it is read.

    ``report["SOFTMAX-3"]`` is the result of a clause. Raises UnknownClauseError, which is a KeyError, where the clause
    was not checked.
    """

    @classmethod
    def of(cls, report: events.Report) -> "Report":
        """Return ``report`` as one that shows itself."""
        return cls(**{field.name: getattr(report, field.name) for field in fields(events.Report)})

    def __getitem__(self, id: str) -> ClauseResult:
        by_id = {result.id: result for result in self.clauses}
        wanted = str(id).upper()
        if wanted in by_id:
            return by_id[wanted]
        if wanted in all_clauses():
            raise UnknownClauseError(f"{wanted} was not checked; this report has {', '.join(by_id)}")
        raise UnknownClauseError(f"there is no clause {id!r}; nnfs-spec clauses lists them")

    def counterexample(self, id: str) -> Counterexample | None:
        """Return the smallest input found on which a clause fails, or None where it does not fail.

        Raises UnknownClauseError where the clause was not checked.
        """
        return self[id].counterexample

    def to_json(self) -> str:
        """Return the report as JSON text, by the schema in spec/schemas/report.json."""
        return to_json(self)

    def __str__(self) -> str:
        return to_text(self)

    def __repr__(self) -> str:
        return f"<Report {summary(self)}>"

    def _repr_html_(self) -> str:
        return to_fragment(self)


class _Handle(Protocol):
    def update(self, shown: object) -> None: ...


class _Shell(Protocol):
    def get_ipython(self) -> object: ...


class _Display(Protocol):
    def display(self, shown: object, *, display_id: bool) -> _Handle: ...


class _Bar:
    """How far a check is, for a notebook; without a total, nothing."""

    def __init__(self, event: Progressed | None = None) -> None:
        self._event = event

    def __repr__(self) -> str:
        if self._event is None:
            return ""
        return f"{self._event.done} of {self._event.total}: {self._event.clause}"

    def _repr_html_(self) -> str:
        if self._event is None:
            return ""
        done, total = self._event.done, self._event.total
        return f'<label><progress value="{done}" max="{total}"></progress> {escape(repr(self))}</label>'


class ProgressInNotebook:
    """Shows below a notebook's cell how far a check is, and takes it away at the end; elsewhere it shows nothing."""

    def __init__(self) -> None:
        self._display = _display()
        self._handle: _Handle | None = None
        self._next = 0.0

    def __call__(self, event: Event) -> None:
        """Listen to one event of the engine."""
        if isinstance(event, Finished):
            self.close()
        elif isinstance(event, Progressed) and self._display is not None and time.monotonic() >= self._next:
            self._next = time.monotonic() + SECONDS_BETWEEN
            if self._handle is None:
                self._handle = self._display.display(_Bar(event), display_id=True)
            else:
                self._handle.update(_Bar(event))

    def close(self) -> None:
        """Take the progress away."""
        if self._handle is not None:
            self._handle.update(_Bar())
            self._handle = None


def _display() -> _Display | None:
    """Return what shows objects in the notebook that this process runs; None where it runs none.

    IPython is never imported: a notebook has done that.
    """
    shell, display = sys.modules.get("IPython"), sys.modules.get("IPython.display")
    if shell is None or display is None or not hasattr(cast("_Shell", shell).get_ipython(), "kernel"):
        return None
    return cast("_Display", display)
