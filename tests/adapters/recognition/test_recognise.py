"""In which form an operation is found: every shape that people write, without a process and without a clause."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import nnfs_spec
from nnfs_spec.adapters.live import UnusableError
from nnfs_spec.adapters.recognition.mapping import mapped
from nnfs_spec.adapters.recognition.objects import USUAL, forward_methods
from nnfs_spec.adapters.recognition.recognise import Recognised, recognise
from nnfs_spec.adapters.recognition.signatures import UnfitError
from nnfs_spec.adapters.recognition.trials import BATCH, PER_SAMPLE, ROW, WEIGHED, Fit, Raised, Trier
from nnfs_spec.adapters.source.importer import load_source
from nnfs_spec.arrays import Array
from nnfs_spec.subject.operations import OPERATIONS
from tests.tools.shapes import SHAPES, Shape

_RANDOM = np.random.default_rng(3)
_LOGITS = _RANDOM.normal(size=(4, 3))
_PROBABILITIES = nnfs_spec.softmax(_LOGITS)
_LABELS = np.array([2, 0, 1, 1])
ARGUMENTS: Mapping[str, tuple[Array, ...]] = {
    "dense": (_LOGITS, _RANDOM.normal(size=(3, 2)), np.array([[0.5, -1.0]])),
    "relu": (_LOGITS,),
    "softmax": (_LOGITS,),
    "sample_losses": (_PROBABILITIES, _LABELS),
    "loss": (_PROBABILITIES, _LABELS),
    "accuracy": (_PROBABILITIES, _LABELS),
}


def found_in(code: str, folder: Path) -> Recognised:
    """Return what is recognised in a source, tried in this process."""
    path = folder / "target.py"
    path.write_text(f"import numpy as np\n{code}", encoding="utf-8")
    loaded = load_source(path)
    return recognise(loaded.names, loaded.broken, Trier(BaseException, loaded.explain))


@pytest.mark.parametrize("shape", SHAPES, ids=lambda shape: shape.name)
def test_a_shape_is_told_and_called_as_it_wants_to_be(shape: Shape, tmp_path: Path) -> None:
    """Twice, since some keep what they were given; labels may be asked for in one of their forms only."""
    found = found_in(shape.code, tmp_path)
    told = tuple(one for one in shape.taken if "converted to NumPy" not in one)
    assert tuple(found.taken[one] for one in OPERATIONS if one in found.taken) == told
    for operation in ARGUMENTS.keys() & found.implementations.keys():
        called = found.implementations[operation]()
        right: Callable[..., Any] = getattr(nnfs_spec, operation)
        for factor in (1, 2):
            first, *rest = ARGUMENTS[operation]
            arguments = (first[::factor], *(label[::factor] if label is _LABELS else label for label in rest))
            got = np.asarray(called(*(argument.copy() for argument in arguments)))
            np.testing.assert_allclose(got.reshape(np.shape(right(*arguments))), right(*arguments), rtol=1e-6)


@pytest.mark.parametrize(
    ("code", "problem"),
    [
        (
            "def softmax(x):\n    e = [np.exp(float(v)) for v in x]\n    return np.array(e) / sum(e)\n",
            "softmax: `softmax` works on single rows only; on a batch it raised TypeError: "
            "only 0-dimensional arrays can be converted to Python scalars",
        ),
        (
            "class Softmax:\n    def forward(self): pass\n",
            "softmax: `Softmax` has `forward`, which takes no argument, not 1",
        ),
        (
            "class Softmax:\n    def forward(self, x, mask): pass\n",
            "softmax: `Softmax` has `forward`, which needs `mask` besides",
        ),
        ("class Softmax: pass\n", "softmax: `Softmax` has no method to call"),
        (
            "class Softmax:\n    def one(self, x): pass\n    def two(self, x): pass\n",
            "softmax: `Softmax` has several methods, `one`, `two`, none with a usual name such as `forward`",
        ),
        (
            "class Softmax:\n    def forward(self, x): pass\n",
            "softmax: `Softmax` has `forward`, which returns nothing and stores no array but its arguments",
        ),
        (
            "class Softmax:\n    def forward(self, x):\n        self.x, self.a, self.b = x, x + 1, x + 2\n",
            "softmax: `Softmax` has `forward`, which returns nothing and stores several arrays, `a`, `b`",
        ),
        (
            "class Softmax:\n    def __init__(self, size): pass\n    def forward(self, x): pass\n",
            "softmax: `Softmax` needs `size` besides",
        ),
        (
            "def softmax_loss(x, y): return 0.0\n",
            "softmax: `softmax_loss` is a function of logits and labels at once, and gives no probabilities",
        ),
        ("class Spiral: pass\n", "spiral_data: `Spiral` is a class, but spiral data come from a function"),
        (
            "class Accumulator:\n    def add(self, p, y): pass\n",
            "stream: `Accumulator` accumulates nothing: it has no method merge",
        ),
        (
            "class Accumulator: pass\n",
            "stream: `Accumulator` accumulates nothing: it has no method add and no method merge",
        ),
        (
            "class Accumulator:\n    def __init__(self, size): pass\n"
            "    def add(self, p, y): pass\n    def merge(self, other): pass\n",
            "stream: `Accumulator` needs `size` besides",
        ),
        (
            "def Accumulator(p, y): pass\n",
            "stream: `Accumulator` is a function, but rows are streamed through objects of a class",
        ),
        ("def create_data(): pass\n", "spiral_data: `create_data` takes no argument, not 2"),
        (
            "class Network:\n    def accuracy(self, X, y): return np.mean(self.predict(X) == y)\n",
            "accuracy: `Network.accuracy` has the name of a base class or of something else, "
            "and does not work in a trial call: it raised AttributeError: 'Network' object has no attribute 'predict', "
            "in line 3",
        ),
        ("def accuracy(model, X, y): pass\n", "accuracy: `accuracy` needs `model` besides"),
        (
            "class Loss:\n    def calculate(self, p, y): return np.mean(self.forward(p, y))\n",
            "loss: `Loss` has the name of a base class or of something else, and does not work in a trial call: it "
            "raised AttributeError: 'Loss' object has no attribute 'forward', in line 3",
        ),
        (
            "class Net:\n    def loss(self, p, y): return -np.sum(y * np.log(p))\n",
            "loss: `Net.loss` has the name of a base class or of something else, and does not work in a trial call "
            "with both forms of labels: it raised ValueError: operands could not be broadcast together with shapes "
            "(5,) (5,3) , in line 3",
        ),
        (
            "class CCE:\n    def forward(self, p, y): return 0.5\n",
            "sample_losses: `CCE.forward` gives one number for all samples",
        ),
        (
            "class CCE:\n    def forward(self, p): return p\n    def calculate(self, a, b, c): return 1.0\n",
            "loss: `CCE` has `calculate`, which needs `c` besides",
        ),
        (
            "class CCE:\n    def calculate(self): return 1.0\n",
            "loss: `CCE` has `calculate`, which takes no argument, not 2",
        ),
        (
            "class CCE:\n    def forward(self, p): return p\n",
            "sample_losses: `CCE` has `forward`, which takes 1 argument, not 2",
        ),
        (
            "class Dense:\n    def __init__(self, n_inputs, n_neurons): pass\n    def forward(self, x): return x\n",
            "dense: `Dense` can be made, but Dense keeps its weights under no usual name, such as weights or w",
        ),
        (
            "class Dense:\n    def __init__(self, units): self.w = np.ones((2, units))\n"
            "    def forward(self, x): return x\n",
            "dense: `Dense` takes 1 argument, not 2",
        ),
        (
            "import no_such\ndef softmax(x): return no_such.softmax(x)\n",
            "softmax: `softmax` cannot be called here: MissingLibraryError: no_such was needed for 'softmax' but "
            "No module named 'no_such', in line 3",
        ),
        ("class Dense:\n    def forward(self): pass\n", "dense: `Dense` has `forward`, which takes no argument, not 1"),
    ],
)
def test_what_cannot_be_inferred_is_told_with_the_reason(code: str, problem: str, tmp_path: Path) -> None:
    """And it is no operation."""
    found = found_in(code, tmp_path)
    assert problem in found.problems
    assert problem.partition(":")[0] not in found.implementations


@pytest.mark.parametrize(
    ("methods", "found"),
    [
        ("other forward call", ["forward", "call"]),
        ("other forwrad", ["forwrad"]),
        ("other fowardpas", ["fowardpas"]),
        ("other forwardpas", ["forwardpas"]),
        ("other backward", ["other"]),
        ("other __call__", ["__call__"]),
        ("forward __call__", ["forward", "__call__"]),
        ("cal other", None),
        ("fowadr other", None),
        ("backward get_params", None),
    ],
)
def test_the_forward_pass_has_a_usual_name_or_is_the_only_method(methods: str, found: list[str] | None) -> None:
    """A long name may be misspelt, by a letter or two; inherited methods count."""

    def method(self: object, x: Any) -> Any:
        return x

    kind = type("Derived", (type("Base", (), dict.fromkeys(methods.split(), method)),), {})
    if found is not None:
        assert forward_methods(kind) == found
        return
    with pytest.raises(UnfitError):
        forward_methods(kind)


def test_without_a_trial_a_result_is_what_is_returned_or_stored() -> None:
    """Under one of the usual names; the first where there is none."""

    class Stored:
        pass

    made: Any = Stored()
    assert USUAL.read(made, 3) == 3
    with pytest.raises(AttributeError, match="'output'"):
        USUAL.read(made, None)
    made.outputs = 2
    assert USUAL.read(made, None) == 2
    made.output = 1
    assert USUAL.read(made, None) == 1


FORWARD_ONLY = "class CCE:\n    def forward(self, p, y): return -np.log(p[range(len(p)), y])\n"
LAYER = """
class Layer:
    def __init__(self, {arguments}): {made}
    def forward(self, x): {forward}
    def predict(self, x): return x
"""
MADE = "self.weights, self.biases = np.ones((n_inputs, n_neurons)), np.zeros({biases})"


@pytest.mark.parametrize(
    ("code", "told"),
    [
        (
            "class Softmax:\n    def forward(self, x): self.output, self.other = np.exp(x), x + 1\n",
            "softmax: `Softmax.forward`; its output is `.output`",
        ),
        (
            "class Softmax:\n    def forward(self, x): self.result = np.exp(x).sum()\n",
            "softmax: `Softmax.forward`; its output is `.result`",
        ),
        (
            "class Softmax:\n    def forward(self, x): self.largest, self.result = x.max(), np.exp(x)\n",
            "softmax: `Softmax.forward`; its output is `.result`",
        ),
        (
            "def dense(x, w, b): return (w.T @ x.T + b).T\n",
            "dense: `dense`; biases of shape (n, 1)",
        ),
        (
            "class CCE:\n    ready = False\n    def reset(self): self.ready = True\n"
            "    def forward(self, p, y): return {True: p[:, 0]}[self.ready]\n",
            "sample_losses: `CCE.forward`; in a trial call it raised KeyError: False",
        ),
        (
            "class CCE:\n    def calculate(self, p, y): return {1: 0.5}[p.ndim]\n",
            "loss: `CCE.calculate`; in a trial call it raised KeyError: 2",
        ),
        (
            "class SoftmaxWithLoss:\n    def forward(self, x, t): self.output = np.exp(x)\n"
            "    def predict(self, x, t): return x\n",
            "softmax: `SoftmaxWithLoss.forward`; its output is `.output`; given labels besides",
        ),
        (
            "class Accuracy:\n    def forward(self, p, y): return 0.5\n    def calculate(self, p, y): return 0.5\n",
            "accuracy: `Accuracy.calculate`; returns its output",
        ),
        (
            "class CCE:\n    def forward(self, p, y): raise KeyError(y.ndim)\n",
            "sample_losses: `CCE.forward`; in a trial call it raised KeyError: 1",
        ),
        (
            f"{FORWARD_ONLY}    def call(self, p, y): return p[:, 0]\n",
            "sample_losses: `CCE.forward`; returns its output",
        ),
        (
            f"{FORWARD_ONLY}    def calculate(self, p, y): return 1.0\n    def calc(self, p, y): return 2.0\n",
            "loss: `CCE.calculate`; returns its output",
        ),
        (
            LAYER.format(arguments="weights, biases", made="pass", forward="raise KeyError('x')"),
            "dense: `Layer.forward`; made with its weights and biases; in a trial call it raised KeyError: 'x'",
        ),
        (
            LAYER.format(
                arguments="n_inputs, n_neurons, lr, use_bias, learning_rate",
                made=MADE.format(biases="n_neurons"),
                forward="return x @ self.weights + self.biases",
            ),
            "dense: `Layer.forward`; lr=0.0; use_bias=True; learning_rate=0.0; weights attribute `weights`; "
            "biases attribute `biases` of shape (n,); returns its output",
        ),
        (
            LAYER.format(
                arguments="n_inputs, n_neurons",
                made=MADE.format(biases="(n_neurons, 1)"),
                forward="raise KeyError('x')",
            ),
            "dense: `Layer.forward`; weights attribute `weights`; biases attribute `biases` of shape (n, 1); "
            "in a trial call it raised KeyError: 'x'",
        ),
        (
            LAYER.format(
                arguments="a, b",
                made="self.w, self.b = np.ones((b, a)), np.zeros((1, b))",
                forward="return x @ self.w + self.b",
            ),
            "dense: `Layer.forward`; weights attribute `w`; biases attribute `b`; returns its output",
        ),
    ],
)
def test_what_is_taken_is_told(code: str, told: str, tmp_path: Path) -> None:
    """Of several methods that could be meant, the likeliest."""
    assert told in found_in(code, tmp_path).taken.values()


def test_a_layer_that_is_not_even_made_may_be_something_else(tmp_path: Path) -> None:
    """Where its name is that of a base class."""
    code = LAYER.format(arguments="n_inputs, n_neurons", made="raise KeyError('x')", forward="return x")
    assert found_in(code, tmp_path).taken == {}


def test_what_could_not_be_defined_is_an_operation_that_breaks_down() -> None:
    """Where its name leaves no doubt."""
    broken = {"Activation_ReLU": "line 3: no", "Layer": "line 4: no", "other": "line 5: no"}
    found = recognise({}, broken)
    assert found.taken == {"relu": "relu: `Activation_ReLU` could not be defined"}
    with pytest.raises(UnusableError, match=r"^line 3: no$"):
        found.implementations["relu"]()


class Called:
    """Functions that note that they were called, and what the trials in a copy of the process came to."""

    def __init__(self, *survives: bool) -> None:
        self.names: list[str] = []
        self.asked = 0
        self._survives = list(survives)

    def relu(self, x: Array) -> Array:
        """Note it."""
        self.names.append("relu")
        return x

    def softmax(self, x: Array) -> Array:
        """Note it."""
        self.names.append("softmax")
        return x

    def survives(self, action: Callable[[], object]) -> bool:
        """Say what was said beforehand, as if ``action`` had been tried."""
        self.asked += 1
        return self._survives.pop(0)


@pytest.mark.parametrize(
    ("guarded", "survives", "asked", "called"),
    [
        (False, (), 0, ["relu", "softmax"]),
        (True, (True,), 1, ["relu", "softmax"]),
        (True, (False, False, True), 3, ["softmax"]),
    ],
)
def test_what_may_do_harm_is_tried_in_a_copy_first(
    guarded: bool, survives: tuple[bool, ...], asked: int, called: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """All at once; name by name where that does not survive. What does harm is not called here."""
    functions = Called(*survives)
    monkeypatch.setattr("nnfs_spec.adapters.recognition.fork.survives", functions.survives)
    names = {"relu": functions.relu, "softmax": functions.softmax}
    found = recognise(names, guarded=guarded) if guarded else recognise(names)
    assert (functions.asked, functions.names) == (asked, called)
    assert list(found.implementations) == ["relu", "softmax"]
    assert [problem.partition(":")[0] for problem in found.problems] == ["relu"] * (len(called) == 1)


def test_what_is_not_to_be_called_is_not_called() -> None:
    """By order of who asks."""
    functions = Called()
    assert list(recognise({"relu": functions.relu}, trier=Trier(calling=False)).implementations) == ["relu"]
    assert functions.names == []


def test_a_second_form_of_an_operation_hides_no_other(tmp_path: Path) -> None:
    """It is passed over."""
    classes = "".join(
        f"class Activation_{name}:\n    def forward(self, x): return np.exp(x)\n" for name in ("ReLU", "Softmax")
    )
    found = found_in(f"def relu(x): return x\n{classes}", tmp_path)
    assert list(found.taken) == ["relu", "softmax"]
    assert found.taken["relu"] == "relu: `relu`"


@pytest.mark.parametrize("turned", [False, True])
def test_only_a_class_makes_new_layers(turned: bool) -> None:
    """A layer in hand is the one that there is; which way its weights stand, a call tells."""

    class Layer_Dense:
        def __init__(self) -> None:
            self.weights, self.biases = np.ones((2, 2)), np.zeros((1, 2))

        def forward(self, x: Array) -> Array:
            result: Array = x @ (self.weights.T if turned else self.weights) + self.biases
            return result

    found = recognise({"Layer_Dense": Layer_Dense()})
    assert list(found.implementations) == ["dense"]
    assert ("`weights` of shape (n_neurons, n_inputs);" in found.taken["dense"]) == turned


def test_softmax_itself_comes_before_softmax_and_loss_in_one(tmp_path: Path) -> None:
    """In whatever order they are defined."""
    fused = "class SoftmaxWithLoss:\n    def forward(self, x, t): self.output = np.exp(x)\n"
    found = found_in(f"{fused}class Softmax:\n    def forward(self, x): return np.exp(x)\n", tmp_path)
    assert found.taken["softmax"] == "softmax: `Softmax.forward`; returns its output"


def test_spiral_data_are_asked_for_in_the_usual_order(tmp_path: Path) -> None:
    """Where no name tells another."""
    assert found_in("def create_data(a, b): pass\n", tmp_path).taken["spiral_data"] == "spiral_data: `create_data`"


def test_examples_tell_every_axis_from_the_others() -> None:
    """And are of the kind that an operation is made for: probabilities, and labels of every class."""
    assert len({*WEIGHED.arguments[0].shape, *WEIGHED.arguments[1].shape}) == 3
    assert len({*BATCH.shape}) == 2
    assert ROW.arguments[0].ndim == 1
    (probabilities, labels), (same, one_hot) = (example.arguments for example in PER_SAMPLE)
    assert probabilities is same
    assert probabilities.shape[0] != probabilities.shape[1]
    assert np.all(probabilities > 0)
    np.testing.assert_allclose(probabilities.sum(axis=1), 1)
    assert set(labels.tolist()) == set(range(probabilities.shape[1]))
    assert np.array_equal(one_hot, np.eye(probabilities.shape[1])[labels])


def test_a_result_fits_by_its_shape_alone() -> None:
    """What is one number may lie in an array; what is none of the right shape is better than an exception."""
    trier = Trier()
    assert [trier.fit(value, ()) for value in (1.0, [[1.0]], [1.0, 2.0], [], "a")] == [
        *(Fit.FITS, Fit.FITS, Fit.RAN, Fit.RAN, Fit.RAISED)
    ]
    assert trier.fit([1.0], (1, 1)) is Fit.RAN
    assert Fit.RAISED < Fit.RAN < Fit.FITS
    assert Trier(calling=False).run(lambda: 1) == Raised("", lacks=False)


def test_a_mapping_needs_no_witness() -> None:
    """What the user names is taken, though it does not work in a trial."""

    def mine(x: Array) -> Array:
        raise KeyError("x")

    names = {"mine": mine, "relu": np.abs}
    found = recognise(names, mapping=mapped(["relu=mine"], names))
    assert found.taken == {"relu": "relu: `mine`; in a trial call it raised KeyError: 'x'"}


@pytest.mark.parametrize(
    ("entry", "message"),
    [
        ("relu", "--map relu: this must be OPERATION=NAME, =CLASS.METHOD or =MODULE:NAME"),
        ("relu=", "--map relu=: this must be OPERATION=NAME, =CLASS.METHOD or =MODULE:NAME"),
        (
            "sigmoid=f",
            "--map sigmoid=f: there is no operation 'sigmoid'; there are dense, relu, softmax, sample_losses, loss, "
            "accuracy, spiral_data, stream",
        ),
        ("relu=none", "--map relu=none: there is no function or class 'none'; there are f, relu"),
        ("relu=no_such:f", "--map relu=no_such:f: ModuleNotFoundError: No module named 'no_such'"),
        (
            "relu=nnfs_spec.version:f",
            "--map relu=nnfs_spec.version:f: there is no function or class 'f'; there are none",
        ),
        ("relu=f", "--map relu: `f` takes no argument, not 1"),
    ],
)
def test_a_mapping_that_names_nothing_says_what_there_is(entry: str, message: str) -> None:
    """Wrong spelling of the entry, the operation, the module or the name, and what cannot be called so."""

    def f() -> None: ...

    def relu(x: Array) -> Array:
        return x

    names = {"f": f, "relu": relu, "_hidden": relu, "number": 3}
    with pytest.raises(LookupError) as caught:
        recognise(names, mapping=mapped([entry], names))
    assert caught.value.args == (message,)
