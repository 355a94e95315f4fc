"""The fast twin: the reference's results, bit for bit, and its errors, in little memory and by several threads."""

import subprocess
import sys
import tracemalloc
from collections.abc import Callable, Iterator
from functools import partial
from itertools import pairwise
from typing import Any, TypeAlias
from unittest.mock import Mock

import numpy as np
import pytest

import nnfs_spec
from nnfs_spec import SpecError, SpecTypeError, SpecValueError, check, fast
from nnfs_spec.arrays import Array
from nnfs_spec.domains import (
    ACCURACY,
    ACCURACY_TIED,
    DENSE,
    DENSE_WHOLE,
    DTYPES,
    LOSS,
    LOSS_ONE_HOT,
    LOSSES,
    LOSSES_ONE_HOT,
    NETWORK,
    RELU,
    SOFTMAX,
    Case,
    Domain,
)
from nnfs_spec.engine.budget import BUDGETS, BudgetName
from nnfs_spec.fast import tiles
from nnfs_spec.fast.doubt import Doubt, answer
from nnfs_spec.fast.forward import plain_forward
from nnfs_spec.fast.loss import LEAF
from nnfs_spec.fast.softmax import LONG
from nnfs_spec.fast.tiles import TILE_BYTES, shared, spans
from nnfs_spec.generate.sweep import batches, large_batch, sized_batch, sized_turns
from nnfs_spec.oracle import exact
from nnfs_spec.properties.finding import within
from nnfs_spec.subject.layouts import NAMED, lay_out

Function: TypeAlias = Callable[..., Any]

EXACT = (RELU, SOFTMAX, LOSSES, LOSSES_ONE_HOT, LOSS, LOSS_ONE_HOT, ACCURACY, ACCURACY_TIED)
DOMAINS = (*EXACT, DENSE, DENSE_WHOLE)
OF_ALL = pytest.mark.parametrize(
    ("domain", "dtype"),
    [(domain, dtype) for domain in DOMAINS for dtype in DTYPES],
    ids=lambda one: f"{one.operation}-{DOMAINS.index(one)}" if isinstance(one, Domain) else str(one),
)


def function(module: Any, case: Case) -> Function:
    """Return the function of ``module`` that a case is about."""
    found: Function = getattr(module, case.domain.operation)
    return found


def same(got: Any, expected: Any) -> bool:
    """Tell whether two results have one type, one dtype, one shape and the same bits."""
    one, other = np.asarray(got), np.asarray(expected)
    alike = type(got) is type(expected) and one.dtype == other.dtype and one.shape == other.shape
    return alike and one.tobytes() == other.tobytes()


def agrees(case: Case, layout: str = "C", **options: Any) -> bool:
    """Tell whether the fast result is the reference's for C-contiguous arguments; dense may use the bound of DENSE-1.

    What overflows in dense warns in both, and is nothing to compare.
    """
    with np.errstate(all="ignore"):
        got = function(fast, case)(*(lay_out(argument, NAMED[layout]) for argument in case.arguments), **options)
        if case.domain.operation != "dense":
            return same(got, function(nnfs_spec, case)(*case.arguments))
    return got.dtype == case.dtype and not within(got, exact("dense", case.arguments), "").violating.any()


def plan(domain: Domain, dtype: np.dtype[Any], budget: BudgetName) -> Iterator[Case]:
    """Yield the sweep's whole plan of a budget for one domain in one dtype."""
    chosen = BUDGETS[budget]
    yield from batches(domain, dtype, 0, chosen.batches)
    for turn in sized_turns(0, chosen.stride):
        yield sized_batch(domain, dtype, 0, turn)
    for turn in range(chosen.large):
        yield large_batch(domain, dtype, 0, turn)


@OF_ALL
def test_the_results_are_the_references(domain: Domain, dtype: np.dtype[Any]) -> None:
    """On every thing that the quick budget plans, and on one large batch."""
    assert all(agrees(case) for case in plan(domain, dtype, "quick"))
    assert agrees(large_batch(domain, dtype, 0))


@pytest.mark.gate
@OF_ALL
def test_the_results_are_the_references_at_every_size(domain: Domain, dtype: np.dtype[Any]) -> None:
    """On everything that the thorough budget plans."""
    assert all(agrees(case) for case in plan(domain, dtype, "thorough"))


@pytest.mark.parametrize("layout", NAMED)
@OF_ALL
def test_the_memory_layout_changes_no_bit(domain: Domain, dtype: np.dtype[Any], layout: str) -> None:
    """Tiles are brought into one layout, so the result is that of C-contiguous arguments."""
    assert all(agrees(case, layout) for case in batches(domain, dtype, 0, 30))


@OF_ALL
def test_threads_change_no_bit(domain: Domain, dtype: np.dtype[Any], monkeypatch: pytest.MonkeyPatch) -> None:
    """However many there are, also more than tiles, and however little each has to do."""
    monkeypatch.setattr(tiles, "LEAST", 1)
    case = large_batch(domain, dtype, 0)
    alone = function(fast, case)(*case.arguments)
    assert all(same(function(fast, case)(*case.arguments, workers=n), alone) for n in (1, 2, 3, 1000))


def test_a_wrong_bit_would_be_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    """The comparison can fail, by value and by type."""
    case = sized_batch(RELU, DTYPES[1], 0, 5)
    right = nnfs_spec.relu(case["inputs"])
    for wrong in (np.nextafter(right, np.inf), right.astype(np.float32), right[:-1], right.tolist()):
        monkeypatch.setattr(fast, "relu", Mock(return_value=wrong))
        assert not agrees(case)


@pytest.mark.parametrize("rows", [1, 128, LEAF - 1, LEAF, LEAF + 1, 3 * LEAF + 77, 200_001])
@pytest.mark.parametrize("dtype", DTYPES)
def test_the_mean_is_added_as_numpy_adds(rows: int, dtype: np.dtype[Any]) -> None:
    """Where runs are halved, and around there, with rows so long that a tile holds few of them as well."""
    rng = np.random.default_rng(rows)
    for classes in (2, 40):
        p, labels = rng.random((rows, classes)).astype(dtype), rng.integers(0, classes, rows)
        assert same(fast.loss(p, labels), nnfs_spec.loss(p, labels))


@pytest.mark.parametrize("classes", [1, 7, 8, 9, 15, 16, 17, 23, 24, 25, 129])
def test_whole_numbers_and_lists_are_taken(classes: int) -> None:
    """As the reference takes them: in float64, small integers of either sign too."""
    rng = np.random.default_rng(classes)
    for dtype in map(np.dtype, ("int64", "uint8", "int8")):
        z: Any = rng.integers(0, 100, (9000, classes)).astype(dtype)
        assert same(fast.softmax(z), nnfs_spec.softmax(z))
        assert same(fast.relu(z), nnfs_spec.relu(z))
        labels: Any = rng.integers(0, min(classes, 100), len(z)).astype(dtype)
        assert same(fast.accuracy(z, labels), nnfs_spec.accuracy(z, labels))
    assert same(fast.softmax([[1, 2.5]]), nnfs_spec.softmax([[1, 2.5]]))
    assert same(fast.dense([[1, 2]], [[3], [4]], [5]), nnfs_spec.dense([[1, 2]], [[3], [4]], [5]))


def test_negative_zeros_are_probabilities() -> None:
    """Though as bits they lie beyond one."""
    p = np.array([[-0.0, 1.0]])
    assert same(fast.sample_losses(p, [0]), nnfs_spec.sample_losses(p, [0]))


def layers_of(case: Case) -> list[tuple[Array, Array]]:
    """Return the two layers of a case of the network."""
    return [(case["weights"], case["biases"]), (case["weights2"], case["biases2"])]


@pytest.mark.parametrize("classes", [LONG - 1, LONG, 1000])
@pytest.mark.parametrize("dtype", DTYPES)
def test_long_rows_have_the_same_bits(classes: int, dtype: np.dtype[Any]) -> None:
    """Where NumPy is kept from its buffer."""
    z = np.random.default_rng(0).normal(0, 9, (700, classes)).astype(dtype)
    assert same(fast.softmax(z, workers=2), nnfs_spec.softmax(z))


ASTRAY = ([0, 0, 0], [1, 1, 0], [1, 0.5, 0], [0, 0, 0.5], [-1, 0, 2], [np.nan, 1, 0], [0, np.inf, 1], [1e308, 1e308, 1])
"""Rows that are not one-hot; the product with 0, 1, 2 points to a 1 in some, and out of the row in others."""


@pytest.mark.parametrize("row", ASTRAY)
def test_rows_that_are_not_one_hot_are_found(row: list[float]) -> None:
    """Also where another row makes up for the number of entries that are not 0."""
    p = np.full((3, 3), 1 / 3)
    for other in ([0, 0, 0], [1, 1, 0], [0, 1, 0]):
        for rows in ([row, [1, 0, 0], other], [other, [1, 0, 0], row]):
            labels = np.array(rows)
            if set(row) <= {-1, 0, 1, 2}:  # whole numbers are looked at in another way
                labels = labels.astype(np.int8)
            errors = [refusal(module.sample_losses, p, labels) for module in (fast, nnfs_spec)]
            assert str(errors[0]) == str(errors[1])
            assert "[LOSS-12]" in str(errors[0])


@pytest.mark.parametrize("dtype", DTYPES)
def test_forward_is_the_functions_composed(dtype: np.dtype[Any]) -> None:
    """Bit for bit where the layers have nothing to round, whatever the order of the sums."""
    for case in plan(NETWORK, dtype, "default"):
        composed = plain_forward(case["inputs"], layers_of(case))
        assert same(fast.forward(case["inputs"], layers_of(case), workers=2), composed)


def test_forward_takes_any_number_of_layers_of_any_width() -> None:
    """One, six, a wide last one, large ones, whole numbers, one-dimensional biases, no rows."""
    rng = np.random.default_rng(0)
    widths = (2, 7, 1, 5, 400, 400, 3)
    layers = [(rng.integers(-2, 3, (k, m)), rng.integers(-2, 3, m)) for k, m in pairwise(widths)]
    assert max(weights.nbytes for weights, _ in layers) > TILE_BYTES
    x = rng.integers(-3, 4, (2000, 2))
    for depth in range(1, 7):
        assert same(fast.forward(x, layers[:depth]), plain_forward(x, layers[:depth]))
    assert same(fast.forward(x[:0], layers), plain_forward(x[:0], layers))


@pytest.mark.parametrize(("weight", "bias"), [(1e200, 0.0), (1.0, 1.7e308), (1e-300, 1e308), (1e308, 1e308)])
def test_forward_looks_where_numbers_could_overflow(weight: float, bias: float) -> None:
    """And where they do not, gives what the functions give."""
    x = np.array([[0.0, 1e150], [-0.0, 1.0]])
    layers = [(np.array([[weight], [0.0]]), np.array([[bias]])), (np.array([[0.0, 1e-300]]), np.zeros((1, 2)))]
    assert same(fast.forward(x, layers), plain_forward(x, layers))


AFTER_INIT = """
import nnfs
import numpy as np
from nnfs_spec import fast
rng = np.random.default_rng(0)
z, y = rng.normal(size=(5000, 9)), rng.integers(0, 9, 5000)
w, b = rng.normal(size=(9, 9)), rng.normal(size=9)
p = fast.softmax(z)
def everything():
    hot = np.equal(np.arange(9), y[:, None]).astype(float)
    return [fast.dense(z, w, b), fast.relu(z), fast.softmax(z), fast.sample_losses(p, y), fast.sample_losses(p, hot),
            fast.loss(p, y), fast.accuracy(p, y), fast.forward(z, [(w, b), (w, b)], workers=2)]
before = everything()
nnfs.init()
print([a.tobytes() == b.tobytes() and a.dtype == b.dtype for a, b in zip(before, everything(), strict=True)])
"""


def test_nnfs_init_changes_nothing() -> None:
    """It replaces np.dot, np.zeros, np.eye and np.random.randn, none of which is used."""
    done = subprocess.run([sys.executable, "-c", AFTER_INIT], capture_output=True, text=True, timeout=60, check=True)
    assert done.stdout == f"{[True] * 8}\n"


NAN, INF = np.nan, np.inf
HALVES = [[0.5, 0.5]] * 3
ONES = np.ones((2, 3))
FAR = np.ones((40_000, 2))
FAR[39_999, 1] = NAN
LABELS = np.zeros(40_000, dtype=np.int8)
LABELS[30_000] = -1
HOT = np.tile([1.0, 0.0], (40_000, 1))
HOT[20_000:20_002] = [[1, 1], [0, 0]]
SOFT = np.tile([1.0, 0.0], (40_000, 1))
SOFT[7] = [1, 0.5]
FORM = "must be (N, C) with C >= 1 [GEN-8]"

BAD: list[tuple[str, tuple[Any, ...], str]] = [
    ("relu", ([1.0, 2.0],), f"relu: inputs.shape is (2,) but {FORM}"),
    ("relu", ([[[1.0]]],), f"relu: inputs.shape is (1, 1, 1) but {FORM}"),
    ("relu", (np.ones((3, 0)),), f"relu: inputs.shape is (3, 0) but {FORM}"),
    ("relu", ([[1.0], [1.0, 2.0]],), "relu: inputs is ragged but must be rows of one length [GEN-8]"),
    ("relu", (FAR,), "relu: inputs[39999, 1] is nan but must be finite [GEN-6]"),
    ("relu", ([[1.0, INF]],), "relu: inputs[0, 1] is inf but must be finite [GEN-6]"),
    ("relu", ([[-INF, 1.0]],), "relu: inputs[0, 0] is -inf but must be finite [GEN-6]"),
    ("relu", (np.array([[-NAN, 1.0]]),), "relu: inputs[0, 0] is nan but must be finite [GEN-6]"),
    ("relu", ([[1j]],), "relu: inputs.dtype is complex128 but must be float32, float64 or whole numbers [GEN-5]"),
    ("relu", ([[True]],), "relu: inputs.dtype is bool but must be float32, float64 or whole numbers [GEN-5]"),
    (
        "relu",
        (np.ones((1, 1), np.float16),),
        "relu: inputs.dtype is float16 but must be float32, float64 or whole numbers [GEN-5]",
    ),
    ("relu", (np.ma.array(ONES),), "relu: inputs is a masked array but must be an array without a mask [GEN-8]"),
    ("softmax", ([1.0],), f"softmax: inputs.shape is (1,) but {FORM}"),
    ("softmax", (FAR,), "softmax: inputs[39999, 1] is nan but must be finite [GEN-6]"),
    ("softmax", ([[INF, 0.0]],), "softmax: inputs[0, 0] is inf but must be finite [GEN-6]"),
    ("softmax", ([[-INF, 0.0]],), "softmax: inputs[0, 0] is -inf but must be finite [GEN-6]"),
    ("softmax", ([[0.0] * 40 + [-INF]],), "softmax: inputs[0, 40] is -inf but must be finite [GEN-6]"),
    ("softmax", ([[0.0] * 40 + [NAN]],), "softmax: inputs[0, 40] is nan but must be finite [GEN-6]"),
    (
        "dense",
        (ONES, ONES, [0.0]),
        "dense: weights.shape is (2, 3) but must be (3, n) to match inputs.shape (2, 3) [DENSE-9]",
    ),
    ("dense", (ONES, ONES.T, [0.0]), "dense: biases.shape is (1,) but must be (1, 2) or (2,) [DENSE-5]"),
    (
        "dense",
        (ONES, ONES.T.astype("f"), [0.0, 0.0]),
        "dense: weights.dtype is float32 but must be float64, as inputs.dtype [GEN-5]",
    ),
    (
        "dense",
        (ONES, ONES.T, np.zeros(2, "f")),
        "dense: biases.dtype is float32 but must be float64, as inputs.dtype [GEN-5]",
    ),
    ("dense", (FAR, [[1.0], [NAN]], [0.0]), "dense: inputs[39999, 1] is nan but must be finite [GEN-6]"),
    ("dense", ([[1.0, 0.0]], [[1.0], [NAN]], [INF]), "dense: weights[1, 0] is nan but must be finite [GEN-6]"),
    ("dense", ([[1.0, 0.0]], [[1.0], [0.0]], [INF]), "dense: biases[0] is inf but must be finite [GEN-6]"),
    ("sample_losses", ([[1.5, 0.5]], [0]), "sample_losses: y_pred[0, 0] is 1.5 but must be in [0, 1] [LOSS-13]"),
    ("sample_losses", ([[0.5, -0.25]], [0]), "sample_losses: y_pred[0, 1] is -0.25 but must be in [0, 1] [LOSS-13]"),
    ("sample_losses", (FAR, LABELS[:5]), "sample_losses: y_pred[39999, 1] is nan but must be finite [GEN-6]"),
    (
        "sample_losses",
        (FAR[:-1], LABELS[:-1]),
        "sample_losses: y_true[30000] is -1 but must be a class from 0 to 1 [LOSS-11]",
    ),
    ("sample_losses", (HALVES, [0, 2, 0]), "sample_losses: y_true[1] is 2 but must be a class from 0 to 1 [LOSS-11]"),
    (
        "sample_losses",
        (HALVES, [0.0, 1.0, 0.0]),
        "sample_losses: y_true.dtype is float64 but must be integers or one-hot rows [LOSS-12]",
    ),
    (
        "sample_losses",
        (HALVES, [True] * 3),
        "sample_losses: y_true.dtype is bool but must be integers or one-hot rows [LOSS-12]",
    ),
    (
        "sample_losses",
        (HALVES, [[True, False]] * 3),
        "sample_losses: y_true.dtype is bool but must be real numbers, one-hot [LOSS-12]",
    ),
    (
        "sample_losses",
        (HALVES, [0]),
        "sample_losses: y_true.shape is (1,) but must be (3,) or (3, 2), as the predictions [LOSS-12]",
    ),
    (
        "sample_losses",
        (HALVES, [[0], [1], [0]]),
        "sample_losses: y_true.shape is (3, 1) but must be (3,) or (3, 2), as the predictions [LOSS-12]",
    ),
    (
        "sample_losses",
        (HALVES, [[0], [1, 0]]),
        "sample_losses: y_true is ragged but must be rows of one length [LOSS-12]",
    ),
    (
        "sample_losses",
        (HOT, HOT),
        "sample_losses: y_true[20000] is [1.0, 1.0] but must be one-hot: exactly one 1, else 0 [LOSS-12]",
    ),
    (
        "sample_losses",
        (SOFT, SOFT),
        "sample_losses: y_true[7] is [1.0, 0.5] but must be one-hot: exactly one 1, else 0 [LOSS-12]",
    ),
    (
        "sample_losses",
        (HALVES, [[1, 0], [0, 0], [0, 1]]),
        "sample_losses: y_true[1] is [0, 0] but must be one-hot: exactly one 1, else 0 [LOSS-12]",
    ),
    (
        "sample_losses",
        (HALVES, [[1, 0], [NAN, 1], [0, 1]]),
        "sample_losses: y_true[1] is [nan, 1.0] but must be one-hot: exactly one 1, else 0 [LOSS-12]",
    ),
    ("loss", (HALVES, [0, 2, 0]), "loss: y_true[1] is 2 but must be a class from 0 to 1 [LOSS-11]"),
    ("loss", (np.ones((0, 2)), []), "loss: len(y_pred) is 0 but must be at least 1 [LOSS-14]"),
    ("loss", (FAR, LABELS), "loss: y_pred[39999, 1] is nan but must be finite [GEN-6]"),
    ("accuracy", (HALVES, [0, 2, 0]), "accuracy: y_true[1] is 2 but must be a class from 0 to 1 [LOSS-11]"),
    ("accuracy", (np.ones((0, 2)), []), "accuracy: len(y_pred) is 0 but must be at least 1 [ACC-7]"),
    ("accuracy", (FAR, LABELS), "accuracy: y_pred[39999, 1] is nan but must be finite [GEN-6]"),
    ("accuracy", ([[0.0] * 40 + [-INF]], [0]), "accuracy: y_pred[0, 40] is -inf but must be finite [GEN-6]"),
    ("accuracy", ([[0.0] * 40 + [INF]], [0]), "accuracy: y_pred[0, 40] is inf but must be finite [GEN-6]"),
    ("forward", (ONES, []), "forward: len(layers) is 0 but must be at least 1 [NET-1]"),
    (
        "forward",
        ([[1.0]], [([[1e200]], [0.0]), ([[1e200]], [0.0])]),
        "softmax: inputs[0, 0] is inf but must be finite [GEN-6]",
    ),
    (
        "forward",
        ([[1e200]], [([[1e200]], [0.0]), ([[1.0]], [0.0])]),
        "relu: inputs[0, 0] is inf but must be finite [GEN-6]",
    ),
    (
        "forward",
        ([[1e200]], [([[-1e200]], [0.0]), ([[1.0]], [0.0])]),
        "relu: inputs[0, 0] is -inf but must be finite [GEN-6]",
    ),
    ("forward", (FAR, [(ONES.T, [0.0, 0.0])]), "dense: inputs[39999, 1] is nan but must be finite [GEN-6]"),
    (
        "forward",
        (ONES, [(ONES.T, [0.0, 0.0]), (ONES.T, [0.0, 0.0])]),
        "dense: weights.shape is (3, 2) but must be (2, n) to match inputs.shape (2, 2) [DENSE-9]",
    ),
]
"""An operation, arguments that it refuses, and the whole message."""


def refusal(wrong: Function, *arguments: Any, **options: Any) -> SpecError:
    """Return what a call raises."""
    with np.errstate(all="ignore"), pytest.raises(SpecError) as caught:
        wrong(*arguments, **options)
    return caught.value


@pytest.mark.parametrize(("operation", "arguments", "message"), BAD, ids=[message for _, _, message in BAD])
def test_errors_are_the_references(operation: str, arguments: tuple[Any, ...], message: str) -> None:
    """The same kind, the same message, whatever the tile, the threads, and what else is wrong."""
    plain = plain_forward if operation == "forward" else getattr(nnfs_spec, operation)
    expected = refusal(plain, *arguments)
    assert str(expected) == message
    for options in ({}, {"workers": 2}, {"workers": 0}):
        got = refusal(getattr(fast, operation), *arguments, **options)
        assert (type(got), str(got)) == (type(expected), message)


CALLS: dict[str, tuple[Any, ...]] = {
    "dense": (ONES, ONES.T, np.zeros(2)),
    "relu": (ONES,),
    "softmax": (ONES,),
    "sample_losses": (ONES, np.array([0, 2])),
    "forward": (ONES, [(ONES.T, np.zeros(2))]),
}
"""The operations that give arrays, and small arguments; the results are of shape (2, 2), (2, 3) or (2,)."""

SHAPE_CLAUSE = {
    "dense": "DENSE-2",
    "relu": "RELU-7",
    "softmax": "SOFTMAX-11",
    "sample_losses": "LOSS-7",
    "forward": "SOFTMAX-11",
}


@pytest.mark.parametrize("operation", CALLS)
def test_a_result_can_be_written_to_out(operation: str) -> None:
    """Which is returned, and holds what a new array would."""
    call = getattr(fast, operation)
    expected = call(*CALLS[operation])
    out = np.full_like(expected, 7)
    assert call(*CALLS[operation], out=out) is out
    assert same(out, expected)


@pytest.mark.parametrize("operation", CALLS)
def test_an_out_that_does_not_fit_is_an_error(operation: str) -> None:
    """What arrived, what should have, and which clause."""
    call, arguments = getattr(fast, operation), CALLS[operation]
    shape = call(*arguments).shape
    columns = (*shape[:-1], 2 * shape[-1])
    frozen = np.ones(shape)
    frozen.flags.writeable = False
    wrong: list[tuple[Any, type[SpecError], str]] = [
        ([0.0], SpecTypeError, "out is a list but must be an array or None [GEN-8]"),
        (np.ones(shape, "f"), SpecTypeError, "out.dtype is float32 but must be float64, as the result [GEN-5]"),
        (
            np.ones((5, 5)),
            SpecValueError,
            f"out.shape is (5, 5) but must be {shape}, as the result [{SHAPE_CLAUSE[operation]}]",
        ),
        (np.ones(columns)[..., ::2], SpecValueError, "out is not C-contiguous but must be C-contiguous [GEN-4]"),
        (frozen, SpecValueError, "out is read-only but must be writable [GEN-8]"),
    ]
    for out, kind, message in wrong:
        got = refusal(call, *arguments, out=out)
        assert (type(got), str(got)) == (kind, f"{operation}: {message}")


def test_an_out_in_the_memory_of_an_argument_is_an_error() -> None:
    """Arguments stay as they were."""
    x, memory = np.ones((2, 2)), np.ones((4, 2))
    message = "out is in the memory of an argument but must be apart from the arguments [GEN-1]"
    assert str(refusal(fast.relu, x, out=x)) == f"relu: {message}"
    assert str(refusal(fast.softmax, memory[:2], out=memory[1:3])) == f"softmax: {message}"
    assert str(refusal(fast.dense, ONES[:, :2], x, [0.0, 0.0], out=x)) == f"dense: {message}"
    assert str(refusal(fast.forward, ONES[:, :2], [(x, [0.0, 0.0])], out=x)) == f"forward: {message}"
    assert str(refusal(fast.sample_losses, memory, [0] * 4, out=memory.reshape(-1)[:4])) == f"sample_losses: {message}"


@pytest.mark.parametrize("operation", [*CALLS, "loss", "accuracy"])
@pytest.mark.parametrize(
    ("workers", "kind"), [(0, SpecValueError), (-1, SpecValueError), (1.0, SpecTypeError), (True, SpecTypeError)]
)
def test_workers_are_counted_in_whole_numbers(operation: str, workers: Any, kind: type[SpecError]) -> None:
    """At least one."""
    arguments = CALLS.get(operation, CALLS["sample_losses"])
    got = refusal(getattr(fast, operation), *arguments, workers=workers)
    message = f"{operation}: workers is {workers!r} but must be a whole number of at least 1 [GEN-8]"
    assert (type(got), str(got)) == (kind, message)


def test_a_thread_has_tiles_enough() -> None:
    """Fewer are started where there is less to do, and none where there is too little for two; each tile has one."""
    for number, workers, threads in ((0, 2, 1), (15, 2, 1), (16, 2, 2), (16, 9, 2), (50, 3, 3)):
        parts = shared("softmax", spans(number, 1), workers, list)
        assert len(parts) == threads
        assert sorted(span.start for part in parts for span in part) == list(range(number))


@pytest.mark.parametrize("workers", [1, 2])
def test_numpy_buffers_as_before_afterwards(workers: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is set for long rows ends with the call, also where it ends with an error."""
    monkeypatch.setattr(tiles, "LEAST", 1)
    layers = [(np.ones((2, 500)), np.zeros(500))]
    for call, width in ((fast.softmax, 500), (partial(fast.forward, layers=layers), 2)):
        x, before = np.zeros((2000, width)), np.getbufsize()
        call(x, workers=workers)
        x[-1, 0] = np.inf
        with pytest.raises(SpecValueError):
            call(x, workers=workers)
        assert np.getbufsize() == before


def test_threads_warn_as_the_caller_asked() -> None:
    """The caller's error state holds in them."""
    for asked in ("raise", "ignore"):
        with np.errstate(over=asked):
            assert shared("softmax", spans(16, 1), 2, lambda mine: np.geterr()["over"]) == [asked, asked]


@pytest.mark.parametrize("module", [nnfs_spec, fast])
def test_the_check_of_what_is_finite_raises_nothing_of_its_own(module: Any) -> None:
    """Squares may be too small or too large, and of a signalling NaN there is none."""
    with np.errstate(all="raise"):
        for number in (1e-200, 1e200):
            assert module.relu(np.array([[number]])).tolist() == [[number]]
        signalling = np.array([[0x7FA00000]], np.uint32).view(np.float32)
        assert "[GEN-6]" in str(refusal(module.relu, signalling))


def test_where_only_the_tiles_are_in_doubt_the_reference_answers() -> None:
    """BLAS may round a tile and a batch differently, and one of them past the largest number."""

    def doubtful() -> Array:
        raise Doubt

    out = np.zeros(2)
    assert answer(doubtful, lambda: ONES) is ONES
    assert answer(doubtful, lambda: np.ones(2), out) is out
    assert out.tolist() == [1.0, 1.0]


ROWS = 200_000
MANY = np.random.default_rng(0).normal(size=(ROWS, 10))
UNIT = nnfs_spec.softmax(MANY)
TARGET = np.zeros(ROWS, dtype=np.int64)
ONE_HOT = np.tile(np.eye(10)[0], (ROWS, 1))
NETWORK_LAYERS = [(np.ones((10, 64)), np.zeros(64)), (np.ones((64, 3)), np.zeros(3))]

HUNGRY: list[tuple[str, tuple[Any, ...]]] = [
    ("dense", (MANY, np.ones((10, 3)), np.zeros(3))),
    ("relu", (MANY,)),
    ("softmax", (MANY,)),
    ("sample_losses", (UNIT, TARGET)),
    ("sample_losses", (UNIT, ONE_HOT)),
    ("loss", (UNIT, TARGET)),
    ("accuracy", (UNIT, ONE_HOT)),
    ("forward", (MANY, NETWORK_LAYERS)),
]


def peak_of(call: Callable[[], Any]) -> tuple[int, Any]:
    """Return the most bytes that a call held at a time, its result included, and the result."""
    tracemalloc.start()
    try:
        result = call()
        return tracemalloc.get_traced_memory()[1], result
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize(("operation", "arguments"), HUNGRY)
def test_nothing_but_tiles_is_held_beside_the_result(operation: str, arguments: tuple[Any, ...]) -> None:
    """A few tiles, however many rows there are; also of matrices that lie otherwise in memory, and whole numbers."""
    turned = (np.asfortranarray(arguments[0]), *arguments[1:])
    for given in (arguments, turned, ((arguments[0] > 0).astype(np.int8), *arguments[1:])):
        peak, result = peak_of(partial(getattr(fast, operation), *given))
        assert peak <= result.nbytes + 3 * TILE_BYTES


@pytest.mark.parametrize(("operation", "arguments"), HUNGRY)
def test_many_tiles_can_be_shared(operation: str, arguments: tuple[Any, ...]) -> None:
    """By threads that take them as they come."""
    call = partial(getattr(fast, operation), *arguments)
    assert same(call(workers=3), call())


def test_a_network_of_a_million_rows_needs_a_twentieth_of_the_plain_memory() -> None:
    """2 to 64 to 3, in float64, the result included."""
    x, layers = np.ones((1_000_000, 2)), [(np.ones((2, 64)), np.zeros(64)), (np.ones((64, 3)), np.zeros(3))]

    def plain() -> Array:
        z = np.maximum(0, x @ layers[0][0] + layers[0][1]) @ layers[1][0] + layers[1][1]
        e = np.exp(z - np.max(z, axis=1, keepdims=True))
        result: Array = e / np.sum(e, axis=1, keepdims=True)
        return result

    assert peak_of(lambda: fast.forward(x, layers))[0] < 0.05 * peak_of(plain)[0]


def test_the_kit_certifies_it() -> None:
    """As any other package, advice included."""
    report = check("nnfs_spec.fast", level="should")
    assert report.verdict == "conformant"
    assert report.supported == ("accuracy", "dense", "loss", "relu", "sample_losses", "softmax")
    assert {result.status for result in report.clauses} == {"pass", "unsupported"}


def test_importing_the_package_leaves_it_alone() -> None:
    """Nor does it need anything besides NumPy."""
    code = "import sys, nnfs_spec; print('nnfs_spec.fast' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True)
    assert done.stdout == "False\n"
