"""The benchmark of speed, but for the speed: what it counts, in which order it measures, what it says of figures."""

from collections.abc import Callable
from typing import Any
from unittest.mock import Mock

import numpy as np
import pytest

from nnfs_spec import fast
from nnfs_spec.adapters.peers.library import Library
from nnfs_spec.adapters.peers.registry import library
from nnfs_spec.arrays import Array
from tests.tools.benchmarks.speed.cells import DTYPES, ENTRYWISE, Cell, Work, arguments, cells, work
from tests.tools.benchmarks.speed.figures import Ratio, quickest, ratio, reached, spread
from tests.tools.benchmarks.speed.measure import measured
from tests.tools.benchmarks.speed.memory import peak
from tests.tools.benchmarks.speed.record import Measured, Record, Run, run_from, to_json
from tests.tools.benchmarks.speed.roof import BLOCK, COPY, EXP, MATMUL, SIDE, roofs
from tests.tools.benchmarks.speed.subjects import FAST, INTO, REFERENCE, ours, theirs
from tests.tools.benchmarks.speed.table import behind, limits, memory, page, slow
from tests.tools.benchmarks.speed.timing import Effort, repeats, rounds, timed

SMALL = [Cell(operation, (40, 3), dtype) for operation in (*ENTRYWISE, "forward") for dtype in DTYPES]


class Clock:
    """A clock that work moves on."""

    def __init__(self) -> None:
        self.now = 0.0
        self.done: list[str] = []

    def __call__(self) -> float:
        """Return the seconds so far."""
        return self.now

    def work(self, name: str, seconds: float) -> Callable[[], None]:
        """Return work that takes so long."""

        def run() -> None:
            self.now += seconds
            self.done.append(name)

        return run


def relu_of(*rounds_of: dict[str, float], rows: int = 10_000) -> Measured:
    """Return a cell with these rounds, copying being its limit."""
    return Measured(Cell("relu", (rows, 10), "float64"), [{COPY: 1.0, **each} for each in rounds_of], (COPY,))


def test_the_spread_is_the_median_and_the_quartiles() -> None:
    """Of the ratios of each round, not the ratio of medians."""
    assert spread([5.0, 1.0, 2.0, 4.0, 3.0]) == Ratio(3.0, 2.0, 4.0)
    seconds = [{"a": 1.0, "b": 2.0}, {"a": 30.0, "b": 10.0}, {"a": 4.0, "b": 4.0}]
    assert ratio(seconds, "a", "b") == Ratio(1.0, 0.75, 2.0)
    assert str(Ratio(1.0, 0.75, 2.0)) == "1.00 (0.75 to 2.00)"


def test_the_quickest_has_the_least_median() -> None:
    """One lucky round does not make it."""
    seconds = [{"a": 2.0, "b": 0.1}, {"a": 2.0, "b": 3.0}, {"a": 2.0, "b": 3.0}]
    assert quickest(seconds, ["a", "b"]) == "a"


def test_the_roof_is_the_limit_that_takes_longest() -> None:
    """And the share of it is what is left between."""
    seconds = [{"a": one, "copy": copy, "exp": 2.0} for one, copy in ((4.0, 1.0), (4.0, 3.0), (8.0, 1.0))]
    assert reached(seconds, "a", ["copy", "exp"]) == (Ratio(0.5, 0.375, 0.5), "exp")


def test_every_round_measures_everybody_once_in_an_order_of_its_own() -> None:
    """In calls enough to last; of short ones, one more goes before."""
    clock = Clock()
    subjects = {"long": clock.work("long", 3.0), "short": clock.work("short", 0.5), "other": clock.work("other", 3.0)}
    found = rounds(subjects, Effort(20, 2.0), 0.0, clock)
    assert found == [{"long": 3.0, "short": 0.5, "other": 3.0}] * 20
    assert [list(each) for each in found] == [list(subjects)] * 20
    after_calibration = clock.done[6:]
    assert after_calibration.count("long") == 20
    assert after_calibration.count("short") == 20 * 5
    orders = {tuple(name for name in after_calibration[i : i + 7] if name != "short") for i in range(0, 140, 7)}
    assert orders == {("long", "other"), ("other", "long")}


def test_a_call_is_repeated_until_it_lasts() -> None:
    """The first call is not counted, nor the first of short ones when it is timed."""
    clock = Clock()
    assert repeats(clock.work("a", 0.25), 1.0, clock) == 4
    assert repeats(clock.work("a", 5.0), 1.0, clock) == 1
    clock.done.clear()
    assert timed(clock.work("a", 0.25), 4, 0.0, clock) == 0.25
    assert len(clock.done) == 5
    assert timed(clock.work("b", 5.0), 1, 0.0, clock) == 5.0
    assert clock.done.count("b") == 1


@pytest.mark.parametrize("quick", [True, False])
def test_the_cells_are_all_operations_in_both_dtypes(quick: bool) -> None:
    """None twice; the quick ones are some of the others."""
    listed = list(cells(quick))
    assert len(set(listed)) == len(listed) == (2 * (6 * 3 + 3) if quick else 2 * (6 * 5 + 4))
    assert {cell.function for cell in listed} == {"relu", "softmax", "accuracy", "sample_losses", "dense", "forward"}
    assert set(listed) <= set(cells(False))


@pytest.mark.parametrize("cell", SMALL, ids=lambda cell: cell.name)
def test_the_least_work_reads_every_argument_and_writes_the_result(cell: Cell) -> None:
    """But for the parameters of a network, which are few."""
    given = arguments(cell)
    function: Callable[..., Any] = getattr(fast, cell.function)
    arrays: list[Array] = [one for one in given if not isinstance(one, list)]
    result = np.asarray(function(*given))
    biases = result.shape[-1] * result.itemsize if cell.operation == "dense" else 0
    written = 0 if cell.operation == "accuracy" else result.nbytes
    assert work(cell).moved == sum(one.nbytes for one in arrays) + written - biases
    assert all(one.dtype in (cell.dtype, np.int64) for one in arrays)


def test_the_least_work_counts_exponentials_and_products() -> None:
    """A logarithm for each row, an exponential for each entry, each input times each neuron."""
    assert work(Cell("softmax", (5, 3), "float32")) == Work(2 * 15 * 4, 15, 0)
    assert work(Cell("sample_losses sparse", (5, 3), "float32")).exponentials == 5
    assert work(Cell("dense", (5, 3), "float32")).products == 5 * 64 * 3
    assert work(Cell("forward", (5, 3), "float64")) == Work(5 * 5 * 8, 15, 5 * (2 * 64 + 64 * 3))


@pytest.mark.parametrize("cell", SMALL, ids=lambda cell: cell.name)
def test_everybody_computes_the_same(cell: Cell) -> None:
    """Ours to the bit where ``out=`` is given, and in shape and dtype the reference and plain NumPy."""
    given = arguments(cell)
    mine = {name: np.asarray(run()) for name, run in ours(cell, given, 2).items()}
    (plain,) = (np.asarray(run()) for run in theirs(cell, given, {"plain": library("plain")}).values())
    assert mine.keys() == ({FAST, REFERENCE} if cell.operation == "accuracy" else {FAST, INTO, REFERENCE})
    assert all(one.shape == plain.shape and one.dtype == plain.dtype for one in mine.values())
    assert len({one.tobytes() for name, one in mine.items() if name != REFERENCE}) == 1


def test_a_peer_without_the_operation_is_not_measured() -> None:
    """And libraries take their arguments before."""
    take = Mock(side_effect=np.array)
    lacking = Library({"softmax": library("plain").functions["softmax"]}, take=take)
    cell = Cell("softmax", (4, 3), "float64")
    assert theirs(SMALL[0], arguments(SMALL[0]), {"lacking": lacking}) == {}
    assert (list(theirs(cell, arguments(cell), {"lacking": lacking})), take.call_count) == (["lacking"], 1)


def test_the_limits_are_the_work_that_there_is(monkeypatch: pytest.MonkeyPatch) -> None:
    """Shared by threads, to the last number."""
    done: dict[str, int] = {"exp": 0, "matmul": 0, "copyto": 0}

    def counted(name: str) -> Callable[..., None]:
        def run(first: Array, *others: Array, out: Array | None = None) -> None:
            done[name] += first.size

        return run

    for name in done:
        monkeypatch.setattr(np, name, counted(name))
    for threads in (1, 3):
        done.update(dict.fromkeys(done, 0))
        limits_of = roofs(Work(20_001, BLOCK * 7 + 5, SIDE**3 * 2 + SIDE**2 * 9), "float32", threads)
        assert list(limits_of) == [COPY, EXP, MATMUL]
        for limit in limits_of.values():
            limit()
        assert (done["copyto"], done["exp"]) == (10_000, BLOCK * 7 + 5)
        assert abs(done["matmul"] * SIDE - (SIDE**3 * 2 + SIDE**2 * 9)) <= threads * SIDE**2
    assert list(roofs(Work(8, 0, 0), "float32", 1)) == [COPY]


def test_a_cell_is_measured_and_kept() -> None:
    """All that the table needs comes back from JSON as it was."""
    one = measured(Cell("softmax", (40, 3), "float32"), {"plain": library("plain")}, 1, Effort(2, 0.0))
    assert one.names == [FAST, REFERENCE, INTO, "plain"]
    assert one.roofs == (COPY, EXP)
    assert all(seconds > 0 for each in one.seconds for seconds in each.values())
    told = Run(1, (one,))
    assert run_from(to_json(told)) == told


def test_the_peak_is_what_a_call_needs_beyond_what_there_is() -> None:
    """To the size of the bookkeeping."""
    kept = np.ones(10_000)
    assert kept.nbytes <= peak(lambda: kept + 1) < 2 * kept.nbytes
    assert peak(lambda: None) < kept.nbytes


def test_who_leads_and_who_is_slow_is_said() -> None:
    """By how much, the farthest first; small batches are not held against the reference."""
    lead = relu_of(*[{"fast": 2.0, "reference": 1.6, "plain": 1.0, "torch": 4.0}] * 2)
    lost = relu_of(*[{"fast": 2.0, "reference": 1.4, "plain": 1.0, "torch": 0.5}] * 2, rows=300)
    held = relu_of(*[{"fast": 0.5, "reference": 1.4, "plain": 1.0, "torch": 1.0}] * 2)
    assert behind([lead, lost, held]) == [
        "- relu, 300 x 10, float64: 4.00 (4.00 to 4.00) of torch",
        "- relu, 10000 x 10, float64: 2.00 (2.00 to 2.00) of plain",
    ]
    assert slow([lead, lost, held]) == ["- relu, 10000 x 10, float64: 1.60 (1.60 to 1.60)"]


def test_the_page_shows_every_cell_and_what_the_limits_amount_to() -> None:
    """A peer that lacks an operation leaves its place empty; what is not installed is named."""
    first = relu_of(*[{"fast": 2.0, "fast, out=": 1.0, "reference": 3.0, "plain": 2.0, "torch": 4.0}] * 2)
    amounts = [{"fast": 2.0, "reference": 3.0, "plain": 2.0, COPY: 0.001, EXP: 0.001, MATMUL: 0.001}] * 2
    last = Measured(Cell("forward", (10_000, 3), "float64"), amounts, (COPY, EXP, MATMUL))
    peaks = {"fast": 3 * 2**20, "plain": 101 * 2**20, "result": 2**20}
    told = page(Record(True, {"cores": "2"}, {"numpy": "2"}, {"jax": ["jax"]}, peaks, (Run(1, (first, last)),)))
    assert "\ncores 2.\n\nnumpy 2.\n\nNot installed: jax (needs jax).\n" in told
    assert "\n| cell | fast | fast, out= | reference | torch | leader | roof |\n|---|---|---|---|---|---|---|\n" in told
    assert (
        "| relu, 10000 x 10, float64 | 1.00 (1.00 to 1.00) | 0.50 | 1.50 | 2.00 | 1.00 (1.00 to 1.00) of plain"
        " | 0.50, 1.00 of copy |\n" in told
    )
    assert "| forward, 10000 x 3, float64 | 1.00 (1.00 to 1.00) |  | 1.50 |  |" in told
    assert "\nA peer leads fast:\n\nnowhere.\n" in told
    assert limits(Run(1, (last,))) == [
        "Limits in float64: copying 0.4 GB/s read and written, 0.03 billion exponentials a second,"
        " 6 GFLOP/s of products."
    ]
    assert memory(peaks).endswith("result of 1 MiB, fast needs 2.00 MiB and plain 100 MiB, which is 2.00 %.")
