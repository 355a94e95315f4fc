"""Numbers larger than memory: the same bits, however they are cut into chunks."""

from collections.abc import Iterator
from importlib import import_module
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import nnfs_spec
from nnfs_spec import Accumulator, SpecTypeError, SpecValueError, streaming
from nnfs_spec.arrays import Array

RNG = np.random.default_rng(0)
LABELS: Array = RNG.integers(0, 3, 50)
ROWS: Array = nnfs_spec.softmax(RNG.normal(size=(50, 3)))
WHOLE = streaming.accumulate([(ROWS, LABELS)])


def chunks(cuts: list[int]) -> Iterator[tuple[Array, Array]]:
    """Yield the rows cut before each of these numbers."""
    for start, stop in zip([0, *cuts], [*cuts, len(ROWS)], strict=True):
        yield ROWS[start:stop], LABELS[start:stop]


@given(st.lists(st.integers(0, 50), max_size=9).map(sorted))
def test_every_partition_gives_the_same_bits(cuts: list[int]) -> None:
    """Those of one accumulator, and added in a tree as well."""
    assert streaming.loss(chunks(cuts)).tobytes() == WHOLE.loss.tobytes()
    assert streaming.accuracy(chunks(cuts)) == WHOLE.accuracy
    halves = [streaming.accumulate([pair]) for pair in chunks(cuts)]
    middle = len(halves) // 2
    tree = sum(halves[middle:]) + (sum(halves[:middle]) + Accumulator())
    assert (tree.loss.tobytes(), tree.rows) == (WHOLE.loss.tobytes(), 50)


def test_a_sum_leaves_its_parts_as_they_are() -> None:
    one, other = (streaming.accumulate([pair]) for pair in chunks([20]))
    both = one + other
    assert (one.rows, other.rows, both.rows) == (20, 30, 50)
    assert sum([one]) is not one


def test_nothing_else_can_be_added() -> None:
    one: Any = Accumulator()
    with pytest.raises(SpecTypeError, match=r"^Accumulator.merge: other is a int but must be an Accumulator"):
        sum([1], one)
    with pytest.raises(SpecTypeError, match=r"^Accumulator.__radd__: other is 1 but must be an Accumulator"):
        sum([one], 1)


def test_files_and_folders_of_files_are_read(tmp_path: Path) -> None:
    """Of .npy files of the same names in two folders."""
    for name, array in (("p", ROWS), ("y", LABELS)):
        (tmp_path / name).mkdir()
        for i, (start, stop) in enumerate(((0, 7), (7, 50))):
            np.save(tmp_path / name / f"part{i}.npy", array[start:stop])
        np.save(tmp_path / f"{name}.npy", array)
    assert streaming.loss(tmp_path / "p", str(tmp_path / "y"), chunk_rows=3) == WHOLE.loss
    assert streaming.accuracy(tmp_path / "p.npy", tmp_path / "y.npy") == WHOLE.accuracy
    (tmp_path / "y" / "part1.npy").unlink()
    with pytest.raises(SpecValueError, match=r"unlike: part1.npy but must be the same .npy files in both folders"):
        streaming.loss(tmp_path / "p", tmp_path / "y")
    for path in tmp_path.glob("*/*.npy"):
        path.unlink()
    with pytest.raises(SpecValueError, match=r"unlike: none but must be the same .npy files"):
        streaming.loss(tmp_path / "p", tmp_path / "y")


@pytest.mark.parametrize("arguments", [(ROWS,), (ROWS, LABELS), (3,), ("p.npy", None), ("p.npy", LABELS)])
def test_what_needs_no_streaming_is_refused(arguments: tuple[Any, ...]) -> None:
    """With what there is instead."""
    message = "but must be a dask array and labels, two paths, or an iterable of chunks alone"
    with pytest.raises(SpecTypeError, match=message):
        streaming.loss(*arguments)


class Blocks:
    """A dask array, as far as it is asked for."""

    def __init__(self, values: Array, chunks: tuple[Any, ...] = ()) -> None:
        self.values, self.ndim, self.shape = values, values.ndim, values.shape
        self.chunks = chunks or ((7, 13, *[2] * 15), (1, 2))

    def __len__(self) -> int:
        return len(self.values)

    def rechunk(self, wanted: Any) -> "Blocks":
        """Return it in other chunks."""
        return Blocks(self.values, self.chunks if isinstance(wanted, dict) else wanted)

    def to_delayed(self) -> Array:
        """Return its chunks of rows."""
        edges = np.cumsum((0, *self.chunks[0]))
        blocks = np.empty(len(edges) - 1, object)
        for i, (start, stop) in enumerate(pairwise(edges)):
            blocks[i] = self.values[start:stop]
        return blocks


class Later:
    """A call that is made when it is asked for."""

    def __init__(self, function: Any, arguments: Any) -> None:
        self._function, self._arguments = function, arguments

    def compute(self) -> Any:
        """Make the calls."""
        return self._function(*map(_computed, self._arguments))


def _computed(one: Any) -> Any:
    if isinstance(one, list):
        return [_computed(each) for each in one]  # pyright: ignore[reportUnknownVariableType]
    return one.compute() if isinstance(one, Later) else one


class Dask:
    """Stands for the library, which need not be there."""

    class array:
        """Stands for its module."""

        from_array = Blocks

    @staticmethod
    def delayed(function: Any) -> Any:
        """Return the function, to be called later."""

        def call(*arguments: Any) -> Later:
            return Later(function, arguments)

        return call


def test_a_lazy_array_is_computed_where_it_lies(monkeypatch: pytest.MonkeyPatch) -> None:
    """In a tree of accumulators; labels may be in memory."""
    monkeypatch.setitem(__import__("sys").modules, "dask", Dask)
    for labels in (LABELS, Blocks(LABELS), np.eye(3)[LABELS]):
        assert streaming.loss(Blocks(ROWS), labels) == WHOLE.loss
    with pytest.raises(SpecValueError, match=r"\(50, 3\) and \(49,\) but must be \(N, C\), and \(N,\) or \(N, C\)"):
        streaming.loss(Blocks(ROWS), LABELS[1:])


@pytest.mark.gate
def test_dask_gives_the_same_bits() -> None:
    """Where it is installed; the whole loss refuses its arrays and says who takes them."""
    pytest.importorskip("dask")
    array = import_module("dask.array")
    for rows in (50, 7, 1):
        lazy, labels = array.from_array(ROWS, chunks=(rows, 2)), array.from_array(LABELS, chunks=11)
        assert streaming.loss(lazy, labels).tobytes() == WHOLE.loss.tobytes()
        assert streaming.accuracy(lazy, LABELS) == WHOLE.accuracy
    with pytest.raises(SpecTypeError, match="a lazy Array but must be an array in memory, or be given to"):
        nnfs_spec.loss(array.from_array(ROWS), LABELS)
