"""The record as a page of Markdown: for each setting of threads a table, what leads, and how near the roof is."""

from collections.abc import Sequence
from statistics import median

from tests.tools.benchmarks.speed.cells import work
from tests.tools.benchmarks.speed.figures import Ratio, quickest, ratio, reached
from tests.tools.benchmarks.speed.record import Measured, Record, Run
from tests.tools.benchmarks.speed.roof import COPY, EXP, MATMUL
from tests.tools.benchmarks.speed.subjects import FAST, INTO, OURS, PLAIN, REFERENCE

LARGE = 10_000
"""Rows from which on the reference is held to the plain formulas."""

ALLOWED = {"relu": 1.5}
OTHERWISE = 1.25
"""How long the reference may take beside the plain formula."""


def page(record: Record) -> str:
    """Return the whole page."""
    form = "quick form" if record.quick else "full form"
    lines = [
        f"# Speed, {form}",
        "",
        ", ".join(f"{name} {value}" for name, value in record.machine.items()) + ".",
        "",
        ", ".join(f"{name} {version}" for name, version in record.versions.items()) + ".",
        "",
        *(f"Not installed: {name} (needs {', '.join(needs)})." for name, needs in record.missing.items()),
        "",
        "Times beside the plain formulas of the seed, below 1 is less: medians of ratios that are taken within a",
        "round, with quartiles where two numbers follow. Checks of arguments are included for fast and reference; the",
        "others have none. `leader` is fast beside the quickest of the others. `roof` is the share that fast, and",
        "fast with `out=`, reach of the limit named: copying as many bytes, or as many exponentials or products in the",
        "cache.",
    ]
    for run in record.runs:
        lines += ["", *_section(run)]
    lines += ["", "## Memory", "", memory(record.memory)]
    return "\n".join(lines) + "\n"


def memory(peaks: dict[str, int]) -> str:
    """Return in a sentence what the forward pass needs at most, beyond its result."""
    extra = {name: peaks[name] - peaks["result"] for name in (FAST, PLAIN)}
    share = 100 * extra[FAST] / extra[PLAIN]
    return (
        f"Forward of 1,000,000 x 2 through 64 to 3, float64: beyond the result of {peaks['result'] / 2**20:.0f} MiB,"
        f" fast needs {extra[FAST] / 2**20:.2f} MiB and plain {extra[PLAIN] / 2**20:.0f} MiB, which is {share:.2f} %."
    )


def _section(run: Run) -> list[str]:
    peers = list(dict.fromkeys(name for one in run.cells for name in one.names if name not in (*OURS, PLAIN)))
    header = ["cell", FAST, INTO, REFERENCE, *peers, "leader", "roof"]
    return [
        f"## Threads: {run.threads}",
        "",
        *limits(run),
        "",
        f"| {' | '.join(header)} |",
        f"|{'---|' * len(header)}",
        *(f"| {' | '.join(row(one, peers))} |" for one in run.cells),
        "",
        "A peer leads fast:",
        "",
        *(behind(run.cells) or ["nowhere."]),
        "",
        f"From {LARGE} rows on the reference takes more than {OTHERWISE} of plain (relu {ALLOWED['relu']}):",
        "",
        *(slow(run.cells) or ["nowhere."]),
    ]


def row(one: Measured, peers: Sequence[str]) -> list[str]:
    """Return the entries of one line."""
    beside = {name: ratio(one.seconds, name, PLAIN) for name in one.names}
    lead, leader = leading(one)
    shares = [reached(one.seconds, name, one.roofs) for name in (FAST, INTO) if name in one.names]
    return [
        one.cell.name,
        str(beside[FAST]),
        *(f"{beside[name].median:.2f}" if name in beside else "" for name in (INTO, REFERENCE, *peers)),
        f"{lead} of {leader}",
        f"{', '.join(f'{share.median:.2f}' for share, _ in shares)} of {shares[0][1]}",
    ]


def leading(one: Measured) -> tuple[Ratio, str]:
    """Return how long fast takes beside the quickest of the others, and who that is."""
    leader = quickest(one.seconds, [name for name in one.names if name not in OURS])
    return ratio(one.seconds, FAST, leader), leader


def behind(cells: Sequence[Measured]) -> list[str]:
    """Return a line for each cell where another one is quicker than fast, by how much, the farthest first."""
    found = [(*leading(one), one.cell.name) for one in cells]
    late = sorted((one for one in found if one[0].median > 1), key=lambda one: -one[0].median)
    return [f"- {name}: {lead} of {leader}" for lead, leader, name in late]


def slow(cells: Sequence[Measured]) -> list[str]:
    """Return a line for each cell where the reference takes more time than it may."""
    lines: list[str] = []
    for one in cells:
        taken = ratio(one.seconds, REFERENCE, PLAIN)
        if one.cell.shape[0] >= LARGE and taken.median > ALLOWED.get(one.cell.operation, OTHERWISE):
            lines.append(f"- {one.cell.name}: {taken}")
    return lines


def limits(run: Run) -> list[str]:
    """Return what the limits amount to, each on the cell that works it hardest, in each dtype."""
    lines: list[str] = []
    for dtype in dict.fromkeys(one.cell.dtype for one in run.cells):
        ones = [one for one in run.cells if one.cell.dtype == dtype]
        told = [
            f"copying {_rate(ones, COPY):.1f} GB/s read and written",
            f"{_rate(ones, EXP):.2f} billion exponentials a second",
            f"{2 * _rate(ones, MATMUL):.0f} GFLOP/s of products",
        ]
        lines.append(f"Limits in {dtype}: {', '.join(told)}.")
    return lines


def _rate(cells: Sequence[Measured], limit: str) -> float:
    """Return billions a second."""
    amounts = [(_amount(one, limit), one) for one in cells if limit in one.roofs]
    amount, hardest = max(amounts, key=lambda pair: pair[0])
    return amount / median(each[limit] for each in hardest.seconds) / 1e9


def _amount(one: Measured, limit: str) -> int:
    least = work(one.cell)
    return {COPY: least.moved, EXP: least.exponentials, MATMUL: least.products}[limit]
