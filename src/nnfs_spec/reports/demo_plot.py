"""The walk-through as a picture: the spiral on what the network decides, and what each point loses."""

# pyright: reportUnknownMemberType=false
# matplotlib leaves the types of its keyword arguments open

from dataclasses import dataclass

from matplotlib.figure import Figure

from nnfs_spec.arrays import Array

COLOURS = ("tab:blue", "tab:orange", "tab:green")


@dataclass(frozen=True, eq=False)
class Walk:
    """A network on the spiral: points (N, 2) with labels and losses (N,), and its decisions on a grid of side (M,)."""

    points: Array
    labels: Array
    losses: Array
    side: Array
    decisions: Array


def drawn(walk: Walk) -> Figure:
    """Return the figure: on the left the classes that the network decides for, on the right the losses."""
    figure = Figure(figsize=(10, 4.6), layout="constrained")
    decided, lost = figure.subplots(1, 2, sharex=True, sharey=True)
    edges = [place - 0.5 for place in range(len(COLOURS) + 1)]
    decided.contourf(walk.side, walk.side, walk.decisions, levels=edges, colors=COLOURS, alpha=0.25)
    for place, colour in enumerate(COLOURS):
        here = walk.labels == place
        decided.scatter(*walk.points[here].T, s=10, color=colour, label=f"class {place}")
    decided.set_title("the spiral, and what the new network decides")
    decided.legend(loc="upper right")
    shown = lost.scatter(*walk.points.T, s=10, c=walk.losses, cmap="viridis")
    lost.set_title(f"what each point loses, {float(walk.losses.mean()):.4f} in the mean")
    figure.colorbar(shown, ax=lost, label="loss")
    for axes in (decided, lost):
        axes.set_aspect("equal")
    return figure
