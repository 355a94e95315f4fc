"""Measured errors as a picture: for each operation and family the worst error and the mean; needs matplotlib."""

# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false
# matplotlib leaves the types of its keyword arguments open

from collections.abc import Sequence
from io import BytesIO
from math import isfinite
from pathlib import Path

from matplotlib import rc_context
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from nnfs_spec.engine.events import Accuracy, Errors
from nnfs_spec.reports.escaping import inline
from nnfs_spec.support.files import write_whole

COLOURS = {"float32": "tab:orange", "float64": "tab:blue"}
OFFSETS = {"float32": -0.15, "float64": 0.15}
TICKS = ("0", "0.1", "1", "10", "100")
FAR_TICKS = ("0", "1", "1000", "1e6", "1e9", "1e12", "1e15")
LINEAR = 0.1
"""Below so many ULP the scale is linear, so that 0 has a place."""

MANY, MOST_TITLE = 2000.0, 80
FIXED = {"png": {"Software": None}, "svg": {"Date": None}, "pdf": {"CreationDate": None}}
"""What a file would say of the moment and the program, left out: the same figures, the same bytes."""


def write_picture(accuracy: Accuracy, path: Path) -> None:
    """Write the picture to ``path``, in the form that its suffix names: one of those in FIXED."""
    write_figure(drawn(accuracy), path)


def write_figure(figure: Figure, path: Path) -> None:
    """Write a figure to ``path``, in the form that its suffix names: one of those in FIXED."""
    form = path.suffix[1:].lower()
    content = BytesIO()
    with rc_context({"svg.hashsalt": "nnfs-spec"}):
        figure.savefig(content, format=form, dpi=120, metadata=FIXED[form])
    write_whole(path, content.getvalue())


def drawn(accuracy: Accuracy) -> Figure:
    """Return the figure: a panel for each operation, a line in it for each family."""
    operations = list(dict.fromkeys(one.operation for one in accuracy.errors))
    rows = -(-len(operations) // 2)
    figure = Figure(figsize=(11, 1 + 3.2 * rows), layout="constrained")
    target = inline(accuracy.target)
    title = target if len(target) <= MOST_TITLE else f"{target[:MOST_TITLE]}..."
    figure.suptitle(f"Errors of {title} against exact values, in ULP").set_parse_math(False)
    for place, operation in enumerate(operations):
        axes = figure.add_subplot(rows, 2, place + 1)
        _draw(axes, operation, [one for one in accuracy.errors if one.operation == operation])
        if place == 0:
            handles, labels = axes.get_legend_handles_labels()
            figure.legend(handles, labels, loc="outside lower center", ncols=len(labels))
    return figure


def _draw(axes: Axes, operation: str, errors: Sequence[Errors]) -> None:
    families = list(dict.fromkeys(one.family or "" for one in errors))
    most = 1.0
    for dtype, colour in COLOURS.items():
        measured = [
            (families.index(one.family or "") + OFFSETS[dtype], one.worst, one.mean)
            for one in errors
            if one.dtype == dtype and one.worst is not None and one.mean is not None and isfinite(one.worst)
        ]
        most = max([most, *(worst for _, worst, _ in measured)])
        places = [place for place, _, _ in measured]
        axes.plot([worst for _, worst, _ in measured], places, "o", color=colour, label=f"{dtype}, worst")
        axes.plot([mean for _, _, mean in measured], places, "|", color=colour, markersize=9, label=f"{dtype}, mean")
    for one in errors:
        if one.worst is not None and not isfinite(one.worst):
            place = families.index(one.family or "") + OFFSETS[one.dtype]
            _note(axes, place, f"{one.dtype}: no number")
    axes.set_title(operation)
    axes.set_xscale("symlog", linthresh=LINEAR)
    ticks = [tick for tick in (TICKS if most <= MANY else FAR_TICKS) if float(tick) <= most]
    axes.set_xticks(list(map(float, ticks)), ticks)
    axes.set_xlim(-LINEAR / 4, 2 * most)
    axes.set_yticks(range(len(families)), families)
    axes.set_ylim(len(families) - 0.5, -0.5)
    axes.grid(axis="x", alpha=0.3)


def _note(axes: Axes, place: float, text: str) -> None:
    axes.annotate(text, (0.98, place), xycoords=("axes fraction", "data"), ha="right", va="center", fontsize=7)
