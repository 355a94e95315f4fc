"""The fast twin as users meet it: values within the bounds, the reference's errors, ``out=`` and ``workers=``."""

import subprocess
import sys
from collections.abc import Callable
from itertools import pairwise, product
from typing import Any, TypeAlias
from unittest.mock import Mock

import numpy as np
import pytest

import nnfs_spec
from nnfs_spec import SpecError, SpecTypeError, SpecValueError, check, fast
from nnfs_spec.domains import DTYPES, Case
from nnfs_spec.fast import native
from nnfs_spec.fast.forward import plain_forward
from nnfs_spec.generate.sweep import large_batch
from tests.fast.cases import DOMAINS, OF_ALL, agrees, plan, same
from tests.tools.kernels import built

Function: TypeAlias = Callable[..., Any]

pytestmark = pytest.mark.usefixtures("either_way")


@OF_ALL
def test_the_values_are_within_the_bounds(domain: Any, dtype: np.dtype[Any]) -> None:
    """On every thing that the quick budget plans, and on one large batch."""
    assert all(agrees(case) for case in plan(domain, dtype, "quick"))
    assert agrees(large_batch(domain, dtype, 0))


@pytest.mark.gate
@OF_ALL
def test_the_values_are_within_the_bounds_at_every_size(domain: Any, dtype: np.dtype[Any]) -> None:
    """On everything that the thorough budget plans."""
    assert all(agrees(case) for case in plan(domain, dtype, "thorough"))


def test_a_wrong_value_would_be_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    """The comparison can fail, by value, by dtype and by shape."""
    case = large_batch(DOMAINS[1], DTYPES[1], 0)
    right = nnfs_spec.softmax(case["inputs"])
    for wrong in (right + 1e-9, right.astype(np.float32), right[:-1]):
        monkeypatch.setattr(fast, "softmax", Mock(return_value=wrong))
        assert not agrees(case)


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


def composed_losses(logits: Any, y_true: Any) -> Any:
    """Return what ``softmax_losses`` is fused of."""
    return nnfs_spec.sample_losses(nnfs_spec.softmax(logits), y_true)


PLAIN: dict[str, Function] = {"forward": plain_forward, "softmax_losses": composed_losses}


def plain(operation: str) -> Function:
    """Return the reference's way to compute the same."""
    found: Function = PLAIN.get(operation) or getattr(nnfs_spec, operation)
    return found


@pytest.mark.parametrize(("operation", "arguments", "message"), BAD, ids=[message for _, _, message in BAD])
def test_errors_are_the_references(operation: str, arguments: tuple[Any, ...], message: str) -> None:
    """The same kind, the same message, whatever the threads, and what else is wrong."""
    expected = refusal(plain(operation), *arguments)
    assert str(expected) == message
    for options in ({}, {"workers": 2}, {"workers": 0}):
        got = refusal(getattr(fast, operation), *arguments, **options)
        assert (type(got), str(got)) == (type(expected), message)


class Subclass(np.ndarray[Any, Any]):
    """An array of another kind, as memory maps are."""


def matrices() -> list[Any]:
    """Return predictions of every kind, most of which are refused."""
    good = np.full((4, 3), 0.25)
    ruined = [good.copy() for _ in range(6)]
    for matrix, number in zip(ruined, (NAN, INF, -INF, 1.5, -0.25, -0.0), strict=True):
        matrix[3, 1] = number
    other: list[Any] = [
        good.astype("f"), np.asfortranarray(good), good.tolist(), good[:0], good[:, :0], good[0], good[None],
        [[0, 1]] * 4,
        good.astype(np.float16), good.astype(complex), good > 0, good.astype(object), good.astype(np.int8),
        np.ma.masked_array(good, good > 1), [[0.5], [0.5, 0.5]], None, "text", good.astype(">f8"), np.ones((4, 1)),
        good.astype(np.longdouble), good.view(Subclass), np.broadcast_to(good[:1], (4, 3)),
    ]  # fmt: skip
    return [good, *ruined, *other]


def labels() -> list[Any]:
    """Return labels of every kind for them, most of which are refused."""
    sparse, hot = np.array([0, 2, 1, 0]), np.eye(3)[[0, 2, 1, 0]]
    ruined = [hot.copy() for _ in range(5)]
    for matrix, number in zip(ruined, (0.0, 0.5, NAN, -1.0, -0.0), strict=True):
        matrix[2, 1 if number else 2] = number
    twice, none = hot.copy(), hot.copy()
    twice[1], none[3] = 1, 0
    other: list[Any] = [
        sparse.astype(np.uint8), sparse + 1, sparse - 1, sparse.astype(float), sparse > 0, sparse[:3], sparse.tolist(),
        hot.astype("f"), hot.astype(np.float16), hot.astype(np.longdouble), hot.astype(np.int16), hot > 0,
        hot.tolist(),
        np.asfortranarray(hot), hot[:3], hot.T, sparse[:, None], np.ma.masked_array(sparse, sparse > 1), None,
        [[1], [1, 0]],
        sparse.astype(">i8"), hot.astype(">f4"), 2 * hot, sparse.astype(np.uint64) + 2**63, twice, none,
    ]  # fmt: skip
    return [sparse, hot, *ruined, *other]


def outcome(call: Function, *arguments: Any) -> tuple[Any, ...]:
    """Return what is to agree: kind and text of an error, or type, dtype and shape of a result."""
    try:
        result: Any = call(*arguments)
    except SpecError as error:
        return type(error), str(error)
    return isinstance(result, np.ndarray), str(result.dtype), str(result.shape)


@pytest.mark.parametrize("operation", ["relu", "softmax", "sample_losses", "loss", "accuracy", "softmax_losses"])
def test_everything_else_is_refused_as_the_reference_refuses_it(operation: str) -> None:
    """All predictions with all labels: which of two wrong arguments is named, too."""
    alone = operation in ("relu", "softmax")
    for predictions, *targets in product(matrices(), *([] if alone else [labels()])):
        expected = outcome(plain(operation), predictions, *targets)
        assert outcome(getattr(fast, operation), predictions, *targets) == expected, (predictions, targets)


def test_layers_are_refused_as_the_reference_refuses_them() -> None:
    """Weights and biases of every kind, alone and in a network."""
    weights = [*matrices(), *(getattr(matrix, "T", None) for matrix in matrices())]
    for inputs, given, biases in product((np.ones((4, 3)), np.ones((4, 3), "f"), [[1, 2, 3]]), weights, matrices()[:6]):
        width: int = (*getattr(given, "shape", ()), 3, 3)[1]
        for row in (biases, np.zeros(width), np.zeros((1, width), "f")):
            assert outcome(fast.dense, inputs, given, row) == outcome(nnfs_spec.dense, inputs, given, row)
            layers = [(given, row)]
            assert outcome(fast.forward, inputs, layers) == outcome(plain_forward, inputs, layers)


CALLS: dict[str, tuple[Any, ...]] = {
    "dense": (ONES, ONES.T, np.zeros(2)),
    "relu": (ONES,),
    "softmax": (ONES,),
    "sample_losses": (ONES, np.array([0, 2])),
    "softmax_losses": (ONES, np.array([0, 2])),
    "forward": (ONES, [(ONES.T, np.zeros(2))]),
}
"""The operations that give arrays, and small arguments; the results are of shape (2, 2), (2, 3) or (2,)."""

SHAPE_CLAUSE = {
    "dense": "DENSE-2",
    "relu": "RELU-7",
    "softmax": "SOFTMAX-11",
    "sample_losses": "LOSS-7",
    "softmax_losses": "LOSS-7",
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


@pytest.mark.parametrize("module", [nnfs_spec, fast])
def test_the_check_of_what_is_finite_raises_nothing_of_its_own(module: Any) -> None:
    """Squares may be too small or too large, and of a signalling NaN there is none."""
    with np.errstate(all="raise"):
        for number in (1e-200, 1e200):
            assert module.relu(np.array([[number]])).tolist() == [[number]]
        signalling = np.array([[0x7FA00000]], np.uint32).view(np.float32)
        assert "[GEN-6]" in str(refusal(module.relu, signalling))


@pytest.mark.parametrize("dtype", DTYPES)
def test_forward_is_the_functions_composed(dtype: np.dtype[Any]) -> None:
    """Within the bounds where the layers have nothing to round; and through layers of every width."""
    rng = np.random.default_rng(0)
    widths = (2, 7, 1, 5, 150, 150, 3)
    layers = [
        (rng.integers(-2, 3, (k, m)).astype(dtype), rng.integers(-2, 3, m).astype(dtype)) for k, m in pairwise(widths)
    ]
    x = rng.integers(-3, 4, (2000, 2)).astype(dtype)
    for depth in range(1, 7):
        for inputs in (x, x[:7], x[:0], np.asfortranarray(x)):
            got = fast.forward(inputs, layers[:depth], workers=2)
            logits = inputs.astype(np.float64)
            for number, (weights, biases) in enumerate(layers[:depth]):
                logits = np.dot(logits if number == 0 else np.maximum(logits, 0), weights.astype(np.float64)) + biases
            if len(inputs) and abs(logits).max() * 64 < 1 / np.finfo(dtype).eps:  # else the sums are rounded
                assert agrees(Case(DOMAINS[1], dtype, {"inputs": logits.astype(dtype)}), got)
            assert got.dtype == dtype


@pytest.mark.parametrize(("weight", "bias"), [(1e200, 0.0), (1.0, 1.7e308), (1e-300, 1e308), (1e308, 1e308)])
def test_forward_looks_where_numbers_could_overflow(weight: float, bias: float) -> None:
    """And where they do not, gives what the functions give."""
    x = np.array([[0.0, 1e150], [-0.0, 1.0]])
    layers = [(np.array([[weight], [0.0]]), np.array([[bias]])), (np.array([[0.0, 1e-300]]), np.zeros((1, 2)))]
    assert same(fast.forward(x, layers), plain_forward(x, layers))
    wide = [(np.full((2, 200), weight), np.full(200, bias)), (np.full((200, 200), weight), np.zeros(200))]
    assert outcome(fast.forward, x + 1, wide) == outcome(plain_forward, x + 1, wide)


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
            fast.loss(p, y), fast.accuracy(p, y), fast.forward(z, [(w, b), (w, b)], workers=2),
            fast.softmax_losses(z, y)]
before = everything()
nnfs.init()
print([a.tobytes() == b.tobytes() and a.dtype == b.dtype for a, b in zip(before, everything(), strict=True)])
"""


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let new processes use what ``either_way`` uses here."""
    monkeypatch.setenv(native.VARIABLE, "" if native.kernels is native.NONE else str(built()))


@pytest.mark.usefixtures("environment")
def test_nnfs_init_changes_nothing() -> None:
    """It replaces np.dot, np.zeros, np.eye and np.random.randn, none of which is used."""
    done = subprocess.run([sys.executable, "-c", AFTER_INIT], capture_output=True, text=True, timeout=60, check=True)
    assert done.stdout == f"{[True] * 9}\n"


@pytest.mark.usefixtures("environment")
def test_the_kit_certifies_it() -> None:
    """As any other package, advice included."""
    report = check("nnfs_spec.fast", level="should", budget="quick" if native.kernels is native.NONE else "default")
    assert report.verdict == "conformant"
    assert report.supported == ("accuracy", "dense", "loss", "relu", "sample_losses", "softmax")
    assert {result.status for result in report.clauses} == {"pass", "unsupported"}


def test_importing_the_package_leaves_it_alone() -> None:
    """Nor does it need anything besides NumPy."""
    code = "import sys, nnfs_spec; print('nnfs_spec.fast' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True)
    assert done.stdout == "False\n"
