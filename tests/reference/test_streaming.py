"""The reference of spec/streaming.md: results, types and errors, its memory."""

import os
import pickle
import struct
import tracemalloc
from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any
from unittest.mock import Mock

import hypothesis.strategies as st
import numpy as np
import pytest
from hypothesis import given

from nnfs_spec import Accumulator, SpecError, SpecTypeError, SpecValueError, accuracy, sample_losses
from nnfs_spec.reference.npy_file import NpyFile, open_npy


def random_rows(rows: int, classes: int = 3, dtype: Any = np.float64, seed: int = 0) -> tuple[Any, Any]:
    """Return probabilities (rows, classes), some of them 0 and 1, and sparse labels."""
    rng = np.random.default_rng(seed)
    p = rng.random((rows, classes)).astype(dtype)
    p[::7, 0], p[::11, 1] = 0, 1
    return p, rng.integers(0, classes, rows)


def accumulated(*chunks: tuple[Any, Any]) -> Accumulator:
    """Return an accumulator of chunks."""
    made = Accumulator()
    for chunk in chunks:
        made.add(*chunk)
    return made


def state(made: Accumulator) -> tuple[Any, ...]:
    """Return all that an accumulator tells of rows that it has."""
    return made.loss, made.accuracy, made.rows, made.loss.dtype


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("rows", [1, 2, 1000])
def test_one_chunk_has_the_loss_and_the_accuracy_of_the_batch(rows: int, dtype: Any) -> None:
    """The mean is that of exact fractions, rounded once; the type is that of ``loss``."""
    p, labels = random_rows(rows, dtype=dtype)
    made = accumulated((p, labels))
    exact = sum(map(Fraction, sample_losses(p, labels).astype(np.float64).tolist())) / rows
    assert made.loss == dtype(float(exact))
    assert type(made.loss) is dtype
    assert made.accuracy == accuracy(p, labels)
    assert type(made.accuracy) is np.float64
    assert made.rows == rows


@pytest.mark.parametrize("entry", [0.0, 1e-7, np.nextafter(1e-7, 1), 1 - 1e-7, 1.0])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_the_ends_of_the_clip_are_summed_exactly(entry: float, dtype: Any) -> None:
    """The smallest loss and the largest are multiples of the unit of the sum, in both dtypes."""
    p = np.array([[entry, 0.5]] * 3, dtype)
    made = accumulated((p[:1], [0]), (p, [0, 0, 0]))
    assert made.loss == sample_losses(p, [0, 0, 0])[0]


@pytest.mark.parametrize("p", [1 - 2e-7, 1 - 1e-7, 0.99, 1e-7])
def test_every_bit_of_a_loss_is_summed(p: float) -> None:
    """Of many small losses and of many large ones, whose last bits are worth 2^-76 and more."""
    y_pred = np.full((999, 1), p)
    for _ in range(3):
        y_pred[::3] = np.nextafter(y_pred[::3], 0)
        losses = sample_losses(y_pred, np.zeros(999, np.int64))
        total = sum(map(Fraction, losses.tolist()))
        assert accumulated((y_pred, np.zeros(999, np.int64))).loss == float(total / 999)
        assert accumulated((y_pred[:1], [0])).loss == losses[0]


@given(data=st.data())
def test_no_order_of_chunks_and_merges_changes_a_bit(data: st.DataObject) -> None:
    """Nor any grouping: the merges are those of a random tree."""
    p, labels = random_rows(60, seed=1)
    chunks = [(p[start : start + size], labels[start : start + size]) for start, size in ((0, 1), (1, 29), (30, 30))]
    expected = state(accumulated(*chunks))
    parts = [accumulated(chunks[i]) for i in data.draw(st.permutations(range(3)))]
    while len(parts) > 1:
        one = parts.pop(data.draw(st.integers(0, len(parts) - 1)))
        parts[data.draw(st.integers(0, len(parts) - 1))].merge(one)
    assert state(parts[0]) == expected


def test_what_is_merged_stays_as_it_is() -> None:
    """Also where an accumulator is merged into itself, which counts every row twice."""
    p, labels = random_rows(20)
    one, other = accumulated((p[:5], labels[:5])), accumulated((p[5:], labels[5:]))
    before = state(other)
    one.merge(other)
    assert state(other) == before
    other.merge(other)
    assert (other.rows, other.loss) == (2 * before[2], before[0])


def test_a_chunk_stays_as_it_was() -> None:
    """Nothing is written to it, and nothing of it is kept."""
    p, labels = random_rows(20)
    hot = np.eye(3)[labels]
    before = p.copy(), hot.copy()
    made = accumulated((p, hot))
    assert np.array_equal(p, before[0])
    assert np.array_equal(hot, before[1])
    told = state(made)
    p[...], hot[...] = 0.5, 0
    assert state(made) == told


def test_a_copy_is_handed_from_process_to_process() -> None:
    """It holds a few numbers, and is merged as the original is."""
    made = accumulated(random_rows(1000))
    sent = pickle.dumps(made)
    assert len(sent) < 500
    assert state(pickle.loads(sent)) == state(made)


def test_labels_of_both_forms_may_be_mixed() -> None:
    """Chunk by chunk, and lists and arrays, too."""
    p, labels = random_rows(20)
    mixed = accumulated((p[:9], np.eye(3)[labels[:9]]), (p[9:].tolist(), labels[9:].tolist()))
    assert state(mixed) == state(accumulated((p[:9], labels[:9]), (p[9:], labels[9:])))


def test_a_chunk_of_no_rows_decides_nothing() -> None:
    """Neither the dtype nor the number of classes of the rows that come later, and so does an empty accumulator."""
    p, labels = random_rows(5, dtype=np.float32)
    made = accumulated((np.zeros((0, 7)), np.zeros(0, np.int64)))
    made.merge(accumulated((np.zeros((0, 9)), np.zeros(0, np.int64))))
    made.add(p, labels)
    made.merge(Accumulator())
    assert state(made) == state(accumulated((p, labels)))
    taken_over = Accumulator()
    taken_over.merge(made)
    assert state(taken_over) == state(made)


P, Y = np.array([[0.7, 0.2, 0.1], [0.1, 0.5, 0.4]]), [0, 1]


@pytest.mark.parametrize(
    ("y_pred", "y_true", "kind", "message"),
    [
        (P, [0, 3], SpecValueError, "y_true[1] is 3 but must be a class from 0 to 2 [LOSS-11]"),
        (P, [0.0, 1.0], SpecTypeError, "y_true.dtype is float64 but must be integers or one-hot rows [LOSS-12]"),
        (P, [0], SpecValueError, "y_true.shape is (1,) but must be (2,) or (2, 3), as the predictions [LOSS-12]"),
        (
            P,
            [[1, 0, 0], [1, 1, 0]],
            SpecValueError,
            "y_true[1] is [1, 1, 0] but must be one-hot: exactly one 1, else 0 [LOSS-12]",
        ),
        (P * 2, Y, SpecValueError, "y_pred[0, 0] is 1.4 but must be in [0, 1] [LOSS-13]"),
        (P * np.nan, Y, SpecValueError, "y_pred[0, 0] is nan but must be finite [GEN-6]"),
        (P[0], Y, SpecValueError, "y_pred.shape is (3,) but must be (N, C) with C >= 1 [GEN-8]"),
        (P[:, :2], Y, SpecValueError, "y_pred is of 2 classes but must be of 3 classes, as the rows so far [STREAM-1]"),
        (
            P.astype(np.float32),
            Y,
            SpecTypeError,
            "y_pred is of float32 but must be of float64, as the rows so far [GEN-5]",
        ),
        (
            P[:0, :2],
            Y[:0],
            SpecValueError,
            "y_pred is of 2 classes but must be of 3 classes, as the rows so far [STREAM-1]",
        ),
    ],
)
def test_a_bad_chunk_is_named_and_changes_nothing(
    y_pred: Any, y_true: Any, kind: type[SpecError], message: str
) -> None:
    """What arrived, what should have, and which clause, as ``loss`` says it."""
    made = accumulated((P, Y))
    before = state(made)
    with pytest.raises(kind) as caught:
        made.add(y_pred, y_true)
    assert str(caught.value) == f"Accumulator.add: {message}"
    assert state(made) == before


@pytest.mark.parametrize(
    ("other", "kind", "message"),
    [
        (
            accumulated((P[:, :2], Y)),
            SpecValueError,
            "other is of 2 classes but must be of 3 classes, as the rows so far [STREAM-3]",
        ),
        (
            accumulated((P.astype(np.float32), Y)),
            SpecTypeError,
            "other is of float32 but must be of float64, as the rows so far [GEN-5]",
        ),
        (1.5, SpecTypeError, "other is a float but must be an Accumulator [STREAM-3]"),
    ],
)
def test_what_cannot_be_merged_is_named_and_changes_nothing(other: Any, kind: type[SpecError], message: str) -> None:
    """What arrived, what should have, and which clause."""
    made = accumulated((P, Y))
    before = state(made)
    with pytest.raises(kind) as caught:
        made.merge(other)
    assert str(caught.value) == f"Accumulator.merge: {message}"
    assert state(made) == before


def test_no_rows_have_neither_mean() -> None:
    """Each of them says so, under the clause of its own chapter."""
    with pytest.raises(SpecValueError) as caught:
        _ = Accumulator().loss
    assert str(caught.value) == "Accumulator.loss: rows is 0 but must be at least 1 [LOSS-14]"
    with pytest.raises(SpecValueError) as caught:
        _ = Accumulator().accuracy
    assert str(caught.value) == "Accumulator.accuracy: rows is 0 but must be at least 1 [ACC-7]"


def saved(folder: Path, **arrays: Any) -> list[Path]:
    """Write each array to a .npy file of its name, and return the paths."""
    for name, array in arrays.items():
        np.save(folder / f"{name}.npy", array)
    return [folder / f"{name}.npy" for name in arrays]


@pytest.mark.parametrize("chunk_rows", [1, 7, 50, 1000])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_files_are_read_chunk_by_chunk(tmp_path: Path, dtype: Any, chunk_rows: int) -> None:
    """With labels of both forms, and in both orders of memory."""
    p, labels = random_rows(50, dtype=dtype)
    files = saved(tmp_path, p=p, turned=np.asfortranarray(p), sparse=labels.astype(np.uint8), hot=np.eye(3)[labels])
    chunks = [slice(start, start + chunk_rows) for start in range(0, 50, chunk_rows)]
    expected = state(accumulated(*[(p[chunk], labels[chunk]) for chunk in chunks]))
    for predictions in files[:2]:
        for truth in files[2:]:
            assert state(Accumulator.from_npy(predictions, str(truth), chunk_rows=chunk_rows)) == expected


def test_a_file_without_rows_gives_an_accumulator_without_rows(tmp_path: Path) -> None:
    """Which is an error when it is read, and not before."""
    assert Accumulator.from_npy(*saved(tmp_path, p=P[:0], y=np.zeros(0, np.int64))).rows == 0


def test_a_file_is_read_in_chunks_of_65536_rows(tmp_path: Path) -> None:
    """Unless another number is given."""
    labels = np.zeros(2**16 + 1, np.int64)
    labels[2**16 - 1] = -1
    predictions, truth = saved(tmp_path, p=np.ones((len(labels), 1)), y=labels)
    with pytest.raises(SpecValueError) as caught:
        Accumulator.from_npy(predictions, truth)
    assert caught.value.__notes__ == [f"in a chunk of {predictions} that begins with row 0 and ends before row 65536"]


def test_a_bad_row_of_a_file_is_told_with_its_chunk(tmp_path: Path) -> None:
    """The error counts from the beginning of the chunk, and a note says where that is."""
    p, labels = random_rows(50)
    labels[48] = -1
    predictions, truth = saved(tmp_path, p=p, y=labels)
    with pytest.raises(SpecValueError) as caught:
        Accumulator.from_npy(predictions, truth, chunk_rows=15)
    assert str(caught.value) == "Accumulator.add: y_true[3] is -1 but must be a class from 0 to 2 [LOSS-11]"
    assert caught.value.__notes__ == [f"in a chunk of {predictions} that begins with row 45 and ends before row 50"]


@pytest.mark.parametrize(
    ("predictions", "labels", "message"),
    [
        (P, np.zeros(3, np.int64), "y_true.shape is (3,) but must be (2,) or (2, 3), as the predictions [LOSS-12]"),
        (P[0], np.zeros(3, np.int64), "y_pred.shape is (3,) but must be (N, C) with C >= 1 [GEN-8]"),
        (P.astype(np.float16), np.array(Y), "y_pred.dtype is float16 but must be float32, float64 or whole numbers"),
    ],
)
def test_files_of_another_form_are_refused_before_a_row_is_read(
    tmp_path: Path, predictions: Any, labels: Any, message: str
) -> None:
    """As a whole, so that the sizes are those of the files."""
    with pytest.raises(SpecError) as caught:
        Accumulator.from_npy(*saved(tmp_path, p=predictions, y=labels))
    assert str(caught.value).startswith(f"Accumulator.from_npy: {message}")


def test_what_is_no_file_of_numbers_is_named(tmp_path: Path) -> None:
    """The file and what is wrong with it: text, a folder, a file cut short, and none at all."""
    (predictions,) = saved(tmp_path, p=P)
    text, cut = tmp_path / "text.npy", tmp_path / "cut.npy"
    text.write_text("0, 1, 2\n" * 9, encoding="utf-8")
    cut.write_bytes(predictions.read_bytes()[:-8])
    with pytest.raises(SpecValueError) as caught:
        Accumulator.from_npy(predictions, text)
    assert str(caught.value).startswith(f"Accumulator.from_npy: labels is {text}, of which NumPy says: ")
    assert str(caught.value).endswith("; but must be a .npy file of numbers [GEN-8]")
    for wrong, what in ((cut, "which is shorter than its header says"), (tmp_path, "which is not a regular file,")):
        with pytest.raises(SpecValueError) as caught:
            Accumulator.from_npy(predictions, wrong)
        message = f"Accumulator.from_npy: labels is {wrong}, {what} but must be a .npy file of numbers [GEN-8]"
        assert str(caught.value) == message
    with pytest.raises(FileNotFoundError):
        Accumulator.from_npy(predictions, tmp_path / "none.npy")


def with_header(path: Path, header: str, version: tuple[int, int] = (1, 0)) -> Path:
    """Write a .npy file of a header and 48 bytes."""
    text = header.encode("latin1").ljust(117) + b"\n"
    length = struct.pack("<H" if version == (1, 0) else "<I", len(text))
    path.write_bytes(b"\x93NUMPY" + bytes(version) + length + text + bytes(48))
    return path


@pytest.mark.parametrize(
    "header",
    [
        "{" * 60,
        "(" * 5000,
        "-" * 9000 + "1",
        "{[]: 1}",
        "1\n  2\n 3",
        "{'descr': '<f8', 'fortran_order': False, 'shape': (-2, 3), }",
        f"{{'descr': '<f8', 'fortran_order': False, 'shape': (0, {10**30}), }}",
        "{'descr': ('<f8', (3,)), 'fortran_order': False, 'shape': (2, 3), }",
    ],
)
def test_a_header_that_cannot_be_parsed_is_named(tmp_path: Path, header: str) -> None:
    """Whatever the parser of Python raises for it."""
    wrong = with_header(tmp_path / "wrong.npy", header)
    with pytest.raises(SpecValueError) as caught:
        Accumulator.from_npy(wrong, wrong)
    assert str(caught.value).startswith(f"Accumulator.from_npy: predictions is {wrong}, of which NumPy says: ")


def test_a_header_that_says_more_than_there_is_is_named(tmp_path: Path) -> None:
    """Before any memory is taken for it."""
    wrong = with_header(tmp_path / "p.npy", f"{{'descr': '<f8', 'fortran_order': False, 'shape': ({2**40}, 3), }}")
    with pytest.raises(SpecValueError, match=r"p\.npy, which is shorter than its header says but must be"):
        Accumulator.from_npy(wrong, wrong)


@pytest.mark.parametrize("version", [(1, 0), (2, 0), (3, 0)])
def test_every_version_of_the_format_is_read(tmp_path: Path, version: tuple[int, int]) -> None:
    """Their headers differ in length and encoding alone."""
    header = "{'descr': '<f8', 'fortran_order': False, 'shape': (2, 3), }"
    zeros = with_header(tmp_path / "zeros.npy", header, version)
    assert Accumulator.from_npy(zeros, *saved(tmp_path, y=np.array(Y))).rows == 2


def test_pipes_and_devices_are_refused(tmp_path: Path) -> None:
    """They could be read for ever."""
    pipe = tmp_path / "pipe.npy"
    os.mkfifo(pipe)
    for wrong in (pipe, Path("/dev/zero")):
        with pytest.raises(SpecValueError) as caught:
            Accumulator.from_npy(wrong, wrong)
        message = f"predictions is {wrong}, which is not a regular file, but must be a .npy file of numbers [GEN-8]"
        assert str(caught.value) == f"Accumulator.from_npy: {message}"


def test_a_file_that_is_cut_short_while_it_is_read_is_an_error(tmp_path: Path) -> None:
    """And does not end the process."""
    (path,) = saved(tmp_path, p=np.ones((100_000, 2)))
    with open_npy("Accumulator.from_npy", "predictions", path) as file:
        assert file.rows(0, 1).tolist() == [[1.0, 1.0]]
        os.truncate(path, 200)
        with pytest.raises(SpecValueError) as caught:
            file.rows(50_000, 100_000)
    got = f"{path}, which was cut short while it was read"
    message = f"Accumulator.from_npy: predictions is {got} but must be a .npy file of numbers [GEN-8]"
    assert str(caught.value) == message


def test_an_error_of_the_system_stays_what_it_is(tmp_path: Path) -> None:
    """A failing disk does not make a wrong header."""
    (path,) = saved(tmp_path, p=P)
    with open(path, "rb") as file, pytest.raises(OSError, match="failing"):
        NpyFile(Mock(wraps=file, read=Mock(side_effect=OSError("failing"))), "Accumulator.from_npy", "predictions")


@pytest.mark.parametrize(("chunk_rows", "kind"), [(0, SpecValueError), (2.5, SpecTypeError)])
def test_a_chunk_of_a_file_has_rows(tmp_path: Path, chunk_rows: Any, kind: type[SpecError]) -> None:
    """Or nothing would ever be read."""
    with pytest.raises(kind) as caught:
        Accumulator.from_npy(*saved(tmp_path, p=P, y=np.array(Y)), chunk_rows=chunk_rows)
    assert str(caught.value) == (
        f"Accumulator.from_npy: chunk_rows is {chunk_rows} but must be a whole number of at least 1 [GEN-8]"
    )


def peak(files: Sequence[Path], chunk_rows: int) -> int:
    """Return the most bytes that streaming two files allocates at a time."""
    tracemalloc.start()
    Accumulator.from_npy(*files, chunk_rows=chunk_rows)
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return most


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("hot", [False, True])
def test_no_more_than_a_chunk_is_held_at_a_time(tmp_path: Path, dtype: Any, hot: bool) -> None:
    """However many chunks a file has."""
    rows, classes, many = 4096, 20, 16
    p, labels = random_rows(many * rows, classes, dtype)
    truth = np.eye(classes, dtype=np.uint8)[labels] if hot else labels
    few = saved(tmp_path, few=p[: 2 * rows], few_labels=truth[: 2 * rows])
    all_of_them = saved(tmp_path, p=p, y=truth)
    of_few, of_many = peak(few, rows), peak(all_of_them, rows)
    assert of_many < 1.1 * of_few
    assert of_many < 2 * p[:rows].nbytes + truth[:rows].nbytes
    assert peak(all_of_them, many * rows) > 4 * of_many
