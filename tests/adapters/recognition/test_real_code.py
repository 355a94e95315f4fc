"""Code as strangers write it: what is taken, what is told, and what is said not to be checked."""

from pathlib import Path

import numpy as np
import pytest

from nnfs_spec.adapters.load import load
from nnfs_spec.adapters.options import Loading
from nnfs_spec.subject.protocol import Answer, Breakdown, Call, Refusal, count_call

STABLE = "e = np.exp(x - x.max(axis=1, keepdims=True)); return e / e.sum(axis=1, keepdims=True)"


def loaded(folder: Path, code: str, *mapping: str) -> tuple[tuple[str, ...], str]:
    """Return what was taken from code that begins by importing NumPy, and what is noted of it in one text."""
    path = folder / "target.py"
    path.write_text(f"import numpy as np\n{code}", encoding="utf-8")
    account = load(str(path), Loading(mapping=mapping)).account()
    return account.taken, "\n".join((*account.notices, *account.problems))


TAKEN = {
    "a logger": (
        "import logging\nlog = logging.getLogger(__name__)\n"
        "class ReLU:\n    def forward(self, x):\n        log.debug('x')\n        return np.maximum(0, x)\n",
        ("relu: `ReLU.forward`; returns its output",),
    ),
    "type variables and generic bases": (
        "from typing import Generic, NewType, TypeVar\nT = TypeVar('T')\nBatch = NewType('Batch', np.ndarray)\n"
        "class Base(Generic[T]): pass\nclass ReLU(Base[T]):\n"
        "    def __call__(self, x): return Batch(np.maximum(0, x))\n",
        ("relu: `ReLU.__call__`; returns its output",),
    ),
    "partials": (
        "from functools import partial\nrelu = partial(np.maximum, 0)\n",
        ("relu: `relu`",),
    ),
    "a decorator that is called": (
        "def jit(f): return f\ndef _relu(x): return np.maximum(0, x)\nrelu = jit(_relu)\n",
        ("relu: `relu`",),
    ),
    "a function that is made by a function": (
        "def make_relu(): return lambda x: np.maximum(0, x)\nrelu = make_relu()\n",
        ("relu: `relu`",),
    ),
    "a table by comprehension, and a set": (
        "seen = set()\nLOW = {k: k * 0.0 for k in range(3)}\n"
        "def relu(x):\n    seen.add(1)\n    return np.maximum(LOW[0], x)\n",
        ("relu: `relu`",),
    ),
    "words before and after the name": (
        f"def calc_relu_fn(x): return np.maximum(0, x)\ndef apply_softmax(x): {STABLE}\n"
        "class Act_Dense:\n    def __init__(self, n_inputs, n_neurons):\n"
        "        self.weights, self.biases = np.ones((n_inputs, n_neurons)), np.zeros((1, n_neurons))\n"
        "    def forward(self, x, training): self.output = x @ self.weights + self.biases\n",
        (
            "dense: `Act_Dense.forward`; training=False; weights attribute `weights`; biases attribute `biases`; "
            "its output is `.output`",
            "relu: `calc_relu_fn`",
            "softmax: `apply_softmax`",
        ),
    ),
    "class methods": (
        "class Functions:\n    @classmethod\n    def relu(cls, x): return np.maximum(0, x)\n",
        ("relu: `Functions.relu`",),
    ),
    "a constructor whose arguments no method needs": (
        "class Net:\n    def __init__(self, size, rate): self.size = size\n"
        "    def relu(self, x): return np.maximum(0, x)\n",
        ("relu: `Net.relu`; made without its constructor, which needs `size` besides; returns its output",),
    ),
    "one class with everything, and a flag": (
        "class Layer:\n    def __init__(self, n_inputs, n_neurons, is_last):\n"
        "        self.weights, self.biases = np.ones((n_inputs, n_neurons)), np.zeros((1, n_neurons))\n"
        "        self.is_last = is_last\n"
        "    def forward(self, x):\n        self.z = x @ self.weights + self.biases\n"
        "        self.a = self.relu(self.z)\n"
        "    def relu(self, x): return np.maximum(0, x)\n",
        (
            "dense: `Layer.forward`; is_last=False; weights attribute `weights`; biases attribute `biases`; "
            "its output is `.z`",
            "relu: `Layer.relu`; made without its constructor, which needs `n_inputs` besides; returns its output",
        ),
    ),
    "the mean in an attribute": (
        "class CCE:\n    def forward(self, p, y): self.output = p[:, 0] + 0 * y.max()\n"
        "    def calculate_avg_loss(self, p, y):\n        self.forward(p, y)\n"
        "        self.avg = np.mean(self.output)\n",
        (
            "sample_losses: `CCE.forward`; its output is `.output`",
            "loss: `CCE.calculate_avg_loss`; called after `forward`; its output is `.avg`",
        ),
    ),
    "arguments by keyword only": (
        "def accuracy(*, y_pred, y_true): \n"
        "    return np.mean(y_pred.argmax(axis=1) == y_true.reshape(len(y_pred), -1).max(1))\n",
        ("accuracy: `accuracy`",),
    ),
    "weights that the first call makes": (
        "class FC:\n    def __init__(self, n_out): self.w, self.b, self.n = None, np.zeros((1, n_out)), n_out\n"
        "    def __call__(self, x):\n        if self.w is None: self.w = np.ones((self.n, x.shape[1]))\n"
        "        return x @ self.w.T + self.b\n",
        (
            "dense: `FC.__call__`; made with n_neurons alone; its weights are made at its first call; weights "
            "attribute `w` of shape (n_neurons, n_inputs); biases attribute `b`; returns its output",
        ),
    ),
    "biases in the first row of the weights": (
        "class Dense:\n    def __init__(self, n_inputs, n_neurons): self.w = np.ones((n_inputs + 1, n_neurons))\n"
        "    def forward(self, x): return np.hstack([np.ones((len(x), 1)), x]) @ self.w\n",
        ("dense: `Dense.forward`; weights attribute `w`, whose first row are the biases; returns its output",),
    ),
    "biases in a list": (
        "class Dense:\n    def __init__(self, n_inputs, n_neurons):\n"
        "        self.w, self.b = np.ones((n_inputs, n_neurons)), [0.0] * n_neurons\n"
        "    def forward(self, x):\n        assert isinstance(self.b, list)\n"
        "        return x @ self.w + np.array(self.b)\n",
        (
            "dense: `Dense.forward`; weights attribute `w`; biases attribute `b` of shape (n,), a list; "
            "returns its output",
        ),
    ),
    "samples in columns": (
        "class Dense:\n    def __init__(self, n_inputs, n_neurons):\n"
        "        self.w, self.b = np.ones((n_neurons, n_inputs)), np.zeros((n_neurons, 1))\n"
        "    def forward(self, x): return self.w @ x + self.b\n"
        "class Softmax:\n    def forward(self, z):\n        e = np.exp(z - z.max(axis=0))\n"
        "        return e / e.sum(axis=0)\n",
        (
            "dense: `Dense.forward`; weights attribute `w` of shape (n_neurons, n_inputs); biases attribute `b` "
            "of shape (n, 1); returns its output; samples in columns",
            "softmax: `Softmax.forward`; returns its output; samples in columns, as `Dense` has them",
        ),
    ),
}


@pytest.mark.parametrize("kind", TAKEN)
def test_what_is_taken_is_told_and_nothing_is_noted(kind: str, tmp_path: Path) -> None:
    """Every part of the form that was inferred stands in the report."""
    code, taken = TAKEN[kind]
    assert loaded(tmp_path, code) == (taken, "")


RELU = "def relu(x): return np.maximum(0, x)\n"

NOTED = {
    "a nested function beside the module's own": (
        "class Old:\n    @staticmethod\n    def relu(x): return x\n" + RELU,
        "also found, not checked: `Old.relu`, line 4: relu is `relu`",
    ),
    "two of a kind": (
        "def relu1(x): return np.maximum(0, x)\ndef relu2(x): return x\n",
        "also found, not checked: `relu2`, line 3: relu is `relu1`",
    ),
    "softmax and loss in one class": (
        f"{RELU}class Softmax_Loss:\n    def forward(self, x, y):\n        self.output = np.exp(x)\n"
        "        return 0.0\n",
        "also found, not checked: `Softmax_Loss`, line 3: its loss is one of logits, which no clause speaks of; "
        "only its softmax can be checked",
    ),
    "a matrix type of its own": (
        f"{RELU}class Softmax:\n    def forward(self, x): return x.map(np.exp)\n",
        "softmax: `Softmax`, line 3, cannot be called here: AttributeError: 'numpy.ndarray' object has no attribute "
        "'map', in line 4",
    ),
    "an abstract base": (
        f"from abc import ABC, abstractmethod\n{RELU}class Softmax(ABC):\n"
        "    @abstractmethod\n    def forward(self, x): ...\n",
        "softmax: `Softmax`, line 4, is abstract: a subclass must define forward",
    ),
    "a method to be written": (
        f"{RELU}class Softmax:\n    def forward(self, x): raise NotImplementedError\n",
        "softmax: `Softmax`, line 3, cannot be called here: NotImplementedError: , in line 4",
    ),
    "a loss of logits": (
        f"{RELU}def cross_entropy(logits, labels): return 0.0\n",
        "sample_losses, loss: `cross_entropy`, line 3, takes logits, but the specification's losses take probabilities",
    ),
    "one number at a time": (
        f"{RELU}def softmax(x): return 1.0 if x.sum() > 0 else 0.0\ndef ReLU(x): return 0 if x < 0 else x\n",
        "also found, not checked: `ReLU`, line 4: works on single numbers only; on a batch it raised ValueError: The "
        "truth value of an array with more than one element is ambiguous. Use a.any() or a.all()",
    ),
    "a form that is a guess": (
        f"{RELU}def dense(a, b, c): raise KeyError('x')\n",
        "dense, layer: `dense`, line 3, is not checked, since how to call it is a guess: with arrays of (4, 3) and "
        "(3, 5) and (1, 5) it raised KeyError: 'x', in line 3; --map dense=NAME says what to take",
    ),
    "float32 whatever comes in": (
        "def relu(x): return np.maximum(0, np.asarray(x, np.float32))\n",
        "relu: results are float32 whatever comes in, and are judged in float32",
    ),
    "an item that is set": (
        "OPTIONS = {'low': 0}\ndef relu(x): return np.maximum(OPTIONS['low'], x)\nOPTIONS['low'] = -1\n",
        "line 4: `OPTIONS['low'] = -1` was not run, though it changes `OPTIONS`, which is checked or used by what is "
        "checked; --run-all runs everything",
    ),
    "a method that a loop replaces": (
        "class ReLU:\n    def forward(self, x): return np.maximum(0, x)\n"
        "for kind in (ReLU,):\n    kind.forward = lambda self, x: x\n",
        "line 4: `for kind in (ReLU,):` was not run, though it changes `ReLU`, which is checked or used by what is "
        "checked; --run-all runs everything",
    ),
    "a global variable that a call sets": (
        "LOW = 0\ndef relu(x): return np.maximum(LOW, x)\ndef lower():\n    global LOW\n    LOW = -1\nlower()\n",
        "line 7: `lower()` was not run, though it changes `LOW`, which is checked or used by what is checked; "
        "--run-all runs everything",
    ),
}


@pytest.mark.parametrize("kind", NOTED)
def test_what_is_not_checked_is_noted_with_its_line(kind: str, tmp_path: Path) -> None:
    """And with the reason."""
    code, note = NOTED[kind]
    assert note in loaded(tmp_path, code)[1].splitlines()


def test_a_method_can_be_named_for_an_operation(tmp_path: Path) -> None:
    """By its class."""
    code = f"{RELU}class Net:\n    def fire(self, x): return np.maximum(0, x)\n"
    taken, _ = loaded(tmp_path, code, "relu=Net.fire")
    assert taken == ("relu: `Net.fire`; returns its output",)
    with pytest.raises(LookupError, match=r"there is no function or class 'Net.water'; there are fire"):
        loaded(tmp_path, code, "relu=Net.water")


@pytest.mark.parametrize("named", ["seed", "rng"])
def test_a_layer_that_draws_from_a_generator_of_its_own_is_given_a_seed(named: str, tmp_path: Path) -> None:
    """Drawn from the global generator, so that the same seed gives the same layer."""
    code = f"""
class Dense:
    def __init__(self, n_inputs, n_neurons, {named}=None):
        self.w, self.b = np.random.default_rng({named}).random((n_inputs, n_neurons)), np.zeros((1, n_neurons))
    def forward(self, x): return x @ self.w + self.b
"""
    path = tmp_path / "target.py"
    path.write_text(f"import numpy as np\n{code}", encoding="utf-8")
    outcomes = load(str(path)).run([count_call("layer", 2, 3, seed) for seed in (5, 5, 6)])
    first, again, other = [outcome.results[0] for outcome in outcomes if isinstance(outcome, Answer)]
    assert np.array_equal(first, again)
    assert not np.array_equal(first, other)


@pytest.mark.parametrize("target", ["loss", "loss/cce.py"])
def test_a_package_may_have_a_module_of_its_own_name(target: str, tmp_path: Path) -> None:
    """The package is meant where its own name is imported."""
    package = tmp_path / "loss"
    package.mkdir()
    (package / "__init__.py").write_text("from loss.cce import CCE\n", encoding="utf-8")
    (package / "loss.py").write_text("class Loss:\n    def calculate(self, p, y): return self.forward(p, y).mean()\n")
    code = "from loss.loss import Loss\nclass CCE(Loss):\n    def forward(self, p, y): return p[:, 0] + 0 * y.max()\n"
    (package / "cce.py").write_text(code, encoding="utf-8")
    assert load(str(tmp_path / target)).operations == {"sample_losses", "loss"}


def test_the_targets_own_error_state_holds(tmp_path: Path) -> None:
    """What NumPy is told to raise is raised."""
    code = "np.seterr(all='raise')\ndef relu(x): return np.maximum(0, x) * np.exp(-1e9)\n"
    taken, _ = loaded(tmp_path, code)
    assert taken == ("relu: `relu`; in a trial call it raised FloatingPointError: underflow encountered in exp",)
    (refused,) = load(str(tmp_path / "target.py")).run([Call("relu", (np.ones((1, 1)),))])
    assert refused == Refusal(
        "FloatingPointError",
        "underflow encountered in exp (the target itself tells np.seterr to raise for divide, over, under, invalid)",
    )


def test_one_result_is_returned_and_another_one_left(tmp_path: Path) -> None:
    """Then nobody can say which is meant: what holds an argument, or is as it was before the call, is none."""
    code = """
class ReLU:
    outputs = None
    def __init__(self): self.outputs = np.ones((4, 3))
    def forward(self, x):
        self.output = LEFT
        return np.maximum(0, x)
"""
    x = np.array([[-1.0, 1.0]])
    for left, agree in (("x", True), ("np.maximum(0, x)", True), ("np.abs(x)", False), ("'kept'", True)):
        loaded(tmp_path, code.replace("LEFT", left))
        (outcome,) = load(str(tmp_path / "target.py")).run([Call("relu", (x,))])
        assert outcome == Breakdown("returned one result and left another in `.output`") or agree
        assert isinstance(outcome, Answer) == agree
