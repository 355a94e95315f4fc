"""A report that shows itself: drawn in a notebook, as text where it is printed, in a sentence at the prompt."""

from dataclasses import fields

from nnfs_spec.engine.events import Report
from nnfs_spec.reports.html import to_fragment
from nnfs_spec.reports.terminal import to_text
from nnfs_spec.reports.wording import summary


class ShownReport(Report):
    """The report that ``nnfs_spec.check`` returns."""

    @classmethod
    def of(cls, report: Report) -> "ShownReport":
        """Return ``report`` as one that shows itself."""
        return cls(**{field.name: getattr(report, field.name) for field in fields(Report)})

    def __str__(self) -> str:
        return to_text(self)

    def __repr__(self) -> str:
        return f"<Report {summary(self)}>"

    def _repr_html_(self) -> str:
        return to_fragment(self)
