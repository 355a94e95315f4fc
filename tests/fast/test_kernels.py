"""The compiled kernels: bits that depend on the numbers alone, exponentials and logarithms within their bounds."""

from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import Any

import numpy as np
import pytest

import nnfs_spec
from nnfs_spec import fast
from nnfs_spec.arrays import Array
from nnfs_spec.domains import DTYPES
from nnfs_spec.fast import native
from nnfs_spec.fast.native import Kernels
from nnfs_spec.oracle import bounds
from nnfs_spec.oracle.double_double import exp, log, single
from nnfs_spec.subject.layouts import NAMED, lay_out
from tests.fast.cases import DOMAINS, OF_ALL, function, plan, same
from tests.tools.measured import EXP_UNITS, LOG_UNITS, worst

OF_BOTH = pytest.mark.parametrize("dtype", DTYPES, ids=str)


@pytest.fixture(autouse=True)
def used(kernels: Kernels, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """Let the fast twin use the kernels, and the best instruction set again afterwards."""
    monkeypatch.setattr(native, "kernels", kernels)
    best = (kernels.levels() or [""])[-1]
    yield kernels
    kernels.use(best)


def by_rows(function_of: Callable[..., Any], *arrays: Any, others: tuple[Any, ...] = ()) -> Callable[..., Any]:
    """Return a call of a function on some rows of ``arrays``, all if none are named, and on ``others``."""

    def call(some: slice = slice(None), **options: Any) -> Any:
        return function_of(*(array[some] for array in arrays), *others, **options)

    return call


def calls(rows: int, classes: int, dtype: np.dtype[Any]) -> dict[str, Callable[..., Any]]:
    """Return calls of all kernels on a matrix that is drawn."""
    rng = np.random.default_rng(rows + classes)
    z = rng.normal(0, 9, (rows, classes)).astype(dtype)
    z[: rows // 3] = np.round(z[: rows // 3])  # ties
    p, labels = nnfs_spec.softmax(z), rng.integers(0, classes, rows)
    hot = np.eye(classes, dtype=dtype)[labels]
    layers = [
        (rng.normal(size=(k, m)).astype(dtype), rng.normal(size=m).astype(dtype))
        for k, m in pairwise((min(classes, 128), 5, 30, 4))
    ]
    x = np.ascontiguousarray(z[:, : layers[0][0].shape[0]])
    return {
        "relu": by_rows(fast.relu, z),
        "softmax": by_rows(fast.softmax, z),
        "sparse": by_rows(fast.sample_losses, p, labels),
        "one-hot": by_rows(fast.sample_losses, p, hot),
        "fused": by_rows(fast.softmax_losses, z, labels),
        "dense": by_rows(fast.dense, x, others=layers[0]),
        "forward": by_rows(fast.forward, x, others=(layers,)),
        "loss": by_rows(fast.loss, p, labels),
        "accuracy": by_rows(fast.accuracy, z, hot),
    }


SIZES = [(1, 1), (7, 2), (300, 3), (1500, 3), (70, 4), (500, 10), (100, 31), (100, 32), (90, 33), (40, 100), (20, 1003)]
OF_EVERY_SIZE = pytest.mark.parametrize(("rows", "classes"), SIZES)


@OF_BOTH
@OF_EVERY_SIZE
def test_the_instruction_set_changes_no_bit(used: Any, rows: int, classes: int, dtype: np.dtype[Any]) -> None:
    """All that this processor has give the same."""
    levels: list[str] = used.levels()
    for name, call in calls(rows, classes, dtype).items():
        found: list[Any] = []
        for level in levels:
            used.use(level)
            found.append(call())
        assert all(same(one, found[0]) for one in found), (name, levels)


def test_the_instruction_sets_can_be_told_apart(used: Any) -> None:
    """Each can be chosen, and no other."""
    levels: list[str] = used.levels()
    assert levels
    for level in levels:
        used.use(level)
        assert used.use(levels[0]) == level
    with pytest.raises(ValueError, match="'mmx' is no instruction set that this processor has"):
        used.use("mmx")


@OF_BOTH
@OF_EVERY_SIZE
def test_the_rest_of_the_batch_changes_no_bit(rows: int, classes: int, dtype: np.dtype[Any]) -> None:
    """A row alone, the first and the last ones, and all but the first have the bits that they have among all."""
    for name, call in calls(rows, classes, dtype).items():
        if name not in ("loss", "accuracy"):
            whole = call()
            for some in (slice(0, 1), slice(rows - 1, rows), slice(1, rows), slice(0, rows // 2)):
                assert same(call(some), whole[some]), (name, some)


@OF_BOTH
@OF_EVERY_SIZE
def test_out_changes_no_bit(rows: int, classes: int, dtype: np.dtype[Any]) -> None:
    """Nor what is in it before."""
    for name, call in calls(rows, classes, dtype).items():
        if name not in ("loss", "accuracy"):
            expected = call()
            out = np.full_like(expected, np.nan)
            assert call(out=out) is out
            assert same(out, expected), name


@OF_BOTH
@pytest.mark.parametrize(("rows", "classes"), [(5, 3), (60_000, 10), (9_000, 101)])
def test_threads_change_no_bit(rows: int, classes: int, dtype: np.dtype[Any]) -> None:
    """However many there are, also more than can be of use."""
    for name, call in calls(rows, classes, dtype).items():
        alone = call()
        assert all(same(call(workers=n), alone) for n in (2, 3, 1000, np.int64(2))), name


@pytest.mark.parametrize("layout", NAMED)
@OF_ALL
def test_the_memory_layout_changes_no_bit(domain: Any, dtype: np.dtype[Any], layout: str) -> None:
    """The entries are brought into one layout first."""
    for number, case in enumerate(plan(domain, dtype, "quick")):
        if number < 20:
            call = function(fast, case)
            with np.errstate(all="ignore"):
                got, expected = (
                    call(*(lay_out(argument, NAMED[layout]) for argument in case.arguments)),
                    call(*case.arguments),
                )
            if np.isfinite(expected).all():  # else it is the reference's
                assert same(got, expected)


@OF_BOTH
def test_arrays_that_are_not_aligned_or_of_another_byte_order_give_the_same(dtype: np.dtype[Any]) -> None:
    """They are copied."""
    x = np.random.default_rng(0).random((50, 3)).astype(dtype)
    shifted: Any = np.frombuffer(b"x" + x.tobytes(), np.uint8)[1:].view(dtype).reshape(x.shape)
    assert not shifted.flags.aligned
    labels = np.arange(50) % 3
    raw: Any = np.frombuffer(b"x" + labels.tobytes(), np.uint8)[1:].view(labels.dtype)
    for given in (shifted, x.astype(dtype.newbyteorder())):
        assert same(fast.softmax(given), fast.softmax(x))
        for target in (raw, labels.astype(">i8"), np.eye(3)[labels].astype(">f4")):
            assert same(fast.sample_losses(given, target), fast.sample_losses(x, labels))


@OF_BOTH
@pytest.mark.parametrize("classes", [1, 2, 3, 10, 33, 100, 3000])
def test_every_form_of_the_labels_gives_the_same_bits(used: Any, classes: int, dtype: np.dtype[Any]) -> None:
    """Sparse and one-hot, of every dtype, each by the kernel itself."""
    rng = np.random.default_rng(classes)
    p = nnfs_spec.softmax(rng.normal(size=(150, classes)).astype(dtype))
    labels = rng.integers(0, classes, len(p))
    expected = nnfs_spec.accuracy(p, labels), used.sample_losses(p, labels, None, 1)
    forms: list[Array] = [np.eye(classes)[labels].astype(letter) for letter in "efdbhilqBHILQ"]
    forms += [labels.astype(letter) for letter in "bhilqBHILQ" if classes - 1 <= np.iinfo(letter).max]
    forms.append(np.where(forms[2] == 0, -0.0, forms[2]))
    for form in forms:
        assert used.accuracy(p, form, 1) == expected[0]
        assert same(used.sample_losses(p, form, None, 1), expected[1])


@OF_BOTH
@pytest.mark.parametrize("classes", [2, 3, 32, 33, 200])
def test_the_fused_losses_are_within_the_bound_of_net_6(classes: int, dtype: np.dtype[Any]) -> None:
    """Of those of the exact softmax, near the ends of the clip and beyond them too."""
    rng, u = np.random.default_rng(classes), float(np.finfo(dtype).eps) / 2
    low, high = (float(dtype.type(end)) for end in (1e-7, 1 - 1e-7))
    for spread in (0.0, 1.0, 8.0, 30.0, 1e30):
        z = (rng.normal(size=(400, classes)) * spread).astype(dtype)
        labels = rng.integers(0, classes, len(z))
        wide = z.astype(np.longdouble)
        distance = (wide.max(axis=1, keepdims=True) - wide)[np.arange(len(z)), labels]
        total = np.exp(wide - wide.max(axis=1, keepdims=True)).sum(axis=1)
        value = np.clip(np.log(total) + distance, -np.log(np.longdouble(high)), -np.log(np.longdouble(low)))
        share = np.minimum(bounds.softmax_steps(classes, np.log(classes), np.minimum(distance, 20)) * u, 0.5)
        allowed = bounds.sample_loss(value, u) + share / (1 - share)
        assert (abs(fast.softmax_losses(z, labels) - value) <= allowed).all()


def bits_from(first: float, last: float, step: int) -> Array:
    """Return float32 numbers between two of one sign, each ``step``-th of all there are."""
    low, high = sorted(int(np.float32(end).view(np.uint32)) for end in (first, last))
    return np.arange(low, high, step, dtype=np.uint32).view(np.float32)


def test_exp_and_log_are_within_their_bounds_in_float32(used: Any) -> None:
    """A sample; ``python -m tests.tools.measured --kernels`` takes them all."""
    for function_of, exact, units, numbers in (
        (used.exp, np.exp, EXP_UNITS, bits_from(-87.33, -1e-9, 4_099)),
        (used.log, np.log, LOG_UNITS, bits_from(1e-7, 1 - 1e-7, 1_021)),
        (used.log, np.log, LOG_UNITS, bits_from(1.0000001, 2.0**20, 1_021)),
    ):
        got, value = function_of(numbers[None]), exact(numbers.astype(np.float64))
        assert (abs(got[0] - value) <= units * 2.0**-24 * abs(value)).all()


def test_exp_and_log_are_within_their_bounds_in_float64(used: Any) -> None:
    """Against pairs of numbers, on a draw and near the ends of each step."""
    rng = np.random.default_rng(0)
    x = np.concatenate([-rng.uniform(0, 708.39, 200_000), -rng.random(100_000), -np.arange(1, 2044) * np.log(2) / 2])
    near_one = 1 - 10 ** -rng.uniform(1, 15.9, 9999)
    p = np.concatenate([10 ** rng.uniform(-7, 6, 200_000), rng.uniform(0.7, 1.42, 200_000), near_one])
    for function_of, (high, low), units, numbers in (
        (used.exp, exp(single(x[x > -708.39])), EXP_UNITS, x[x > -708.39]),
        (used.log, log(p[p != 1])[0], LOG_UNITS, p[p != 1]),
    ):
        (got,) = function_of(numbers[None])
        assert (abs((got - high) - low) <= units * 2.0**-53 * abs(high)).all()


def test_exp_ends_in_zero_and_begins_at_one(used: Any) -> None:
    """Nothing lies below the numbers that have all their bits; e^0 is 1 exactly, as is the softmax of one class."""
    for dtype, end in ((np.float64, -708.39), (np.float32, -87.33)):
        least = np.asarray(end, dtype)
        x: Any = np.array([[0.0, -0.0, np.nextafter(least, np.zeros_like(least)), least, -1e30, -np.inf]], dtype)
        found = used.exp(x)
        assert found[0, :2].tolist() == [1, 1]
        assert found[0, 2] >= np.finfo(dtype).smallest_normal
        assert found[0, 3:].tolist() == [0, 0, 0]
        assert fast.softmax(x[:, :1]).tolist() == [[1]]


def test_an_error_beyond_the_bound_would_be_found(used: Any) -> None:
    """NumPy's float32 exponential is worse than two units."""
    assert worst(np.exp, -1.0, -0.5).units > EXP_UNITS
    assert worst(lambda x: np.asarray(used.exp(x[None]))[0], -1.0, -0.5).units <= EXP_UNITS


def test_kernels_refuse_what_they_do_not_take(used: Any) -> None:
    """With None, never an error or a crash, however odd the arguments."""
    x = np.full((4, 3), 0.5)
    odd: list[Any] = [
        None,
        1,
        "x",
        [],
        x[0],
        x[None],
        x[:0],
        x[:, :0],
        x.T,
        x > 0,
        x.astype(object),
        x.astype("M8[s]"),
        [x],
        (),
    ]
    labels = np.zeros(4, dtype=np.int64)
    for one in odd:
        for function_of in (used.relu, used.softmax):
            assert function_of(one, None, 1) is None
            assert function_of(x, one, 1) is None or one is None
            assert function_of(x, None, one) is None or one == 1
        for losses in (used.sample_losses, used.softmax_losses):
            assert losses(one, labels, None, 1) is None
            assert losses(x, one, None, 1) is None
        assert used.loss(one, labels, 1) is None
        assert used.accuracy(x, one, 1) is None
        assert used.dense(one, x.T.copy(), np.zeros(4), None, 1) is None
        assert used.dense(x, x.T.copy(), one, None, 1) is None
        assert used.forward(x, one, None, 1) is None
        assert used.forward(x, [(one, one)], None, 1) is None
        assert used.forward(x, [one], None, 1) is None
        assert used.exp(one) is None or one is None
        assert not used.finite(one)
        assert not used.add_row(x.copy(), one)
    for function_of in (used.relu, used.softmax, used.sample_losses, used.loss, used.dense, used.forward, used.add_row):
        assert not function_of()
    frozen = x.copy()
    frozen.flags.writeable = False
    assert used.relu(x, frozen, 1) is None
    assert used.relu(x, x, 1) is None
    assert used.relu(x, None, 10**30) is None


def test_labels_out_of_range_are_never_read(used: Any) -> None:
    """The largest and the least of every dtype, in the middle of many rows."""
    p = np.full((5000, 4), 0.25)
    for letter in "bhilqBHILQ":
        for wrong in (np.iinfo(letter).min, np.iinfo(letter).max, 4):
            labels = np.zeros(len(p), letter)
            labels[4000] = wrong
            expected = None if wrong else np.ndarray
            assert isinstance(used.sample_losses(p, labels, None, 2), expected or type(None))
            assert (used.accuracy(p, labels, 1) is None) == bool(wrong)


def test_all_domains_are_looked_at() -> None:
    """Every operation that the fast twin shares with the reference has one."""
    assert {domain.operation for domain in DOMAINS} == set(fast.__all__) - {"compiled", "forward", "softmax_losses"}
