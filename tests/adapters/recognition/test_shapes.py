"""The shapes in which people write the operations: each is recognised and told, and none passes for another."""

from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest

import nnfs_spec
from nnfs_spec import check
from nnfs_spec.adapters.live import LiveSubject
from nnfs_spec.adapters.load import load
from nnfs_spec.adapters.options import Loading
from nnfs_spec.adapters.recognition.recognise import implementations_in, recognise
from nnfs_spec.adapters.recognition.trials import Trier
from nnfs_spec.subject.protocol import Answer, Breakdown, Call, Outcome, Refusal
from tests.tools.check_here import check_here
from tests.tools.shapes import SHAPES, WRONG_PORTS, Shape, WrongPort, layer

pytestmark = pytest.mark.gate

ROW = np.array([[-1.0, 2.0]])
RELU = Call("relu", (ROW,))


def written(folder: Path, code: str, name: str = "target.py") -> str:
    """Write a target and return its path."""
    path = folder / name
    path.write_text(f"import numpy as np\n{code}", encoding="utf-8")
    return str(path)


nameless: Callable[[Any], Any] = lambda x: x  # noqa: E731  # a function without a name of its own


def problems_of(folder: Path, code: str) -> tuple[str, ...]:
    """Return the problems of a target that has a working relu besides."""
    return load(written(folder, f"{code}\ndef relu(x): return np.maximum(0, x)\n")).account().problems


@pytest.mark.parametrize("shape", SHAPES, ids=lambda shape: shape.name)
def test_a_right_port_is_recognised_in_any_shape(shape: Shape, tmp_path: Path) -> None:
    """The report says what was taken and how it is called, and the clauses hold."""
    report = check_here(load(written(tmp_path, shape.code)), budget="quick", clauses=shape.clauses)
    assert report.taken == shape.taken
    assert [(result.id, result.status) for result in report.clauses] == [(id, "pass") for id in shape.clauses]


@pytest.mark.parametrize("port", WRONG_PORTS, ids=lambda port: port.name)
def test_a_wrong_port_stays_wrong_in_any_shape(port: WrongPort, tmp_path: Path) -> None:
    """No form is inferred by which it would be right."""
    report = check_here(load(written(tmp_path, port.code)), budget="quick", clauses=port.clauses)
    statuses = {result.status for result in report.clauses}
    assert statuses & {"fail", "error"}
    assert statuses <= {"fail", "error", "blocked"}


def test_shapes_are_many_and_their_names_differ() -> None:
    """So that each can be told from the others."""
    assert len({shape.name for shape in SHAPES}) == len(SHAPES) >= 30
    assert len({port.name for port in WRONG_PORTS}) == len(WRONG_PORTS) >= 20


def test_reasons_do_not_matter_where_something_else_was_found(tmp_path: Path) -> None:
    """A base class beside the loss itself is no problem."""
    code = "class Softmax: pass\nclass Sofmax:\n    def forward(self, x): return np.exp(x)\n"
    assert problems_of(tmp_path, code) == ()


def test_a_base_class_is_taken_only_where_it_works(tmp_path: Path) -> None:
    """A class that computes something else may inherit from it; where nothing does, it is an error by itself."""
    code = "class Accuracy:\n    def calculate(self, p, y): return np.mean(self.compare(p, y))\n"
    more = "class Accuracy_Regression(Accuracy):\n    def compare(self, p, y): return p == y\n"
    assert load(written(tmp_path, code)).operations == {"accuracy"}
    assert problems_of(tmp_path, code + more) == (
        "accuracy: `Accuracy`, line 2, has the name of a base class or of something else, and does not work in a "
        "trial call: it raised AttributeError: 'Accuracy' object has no attribute 'compare', in line 3",
    )


def test_a_layer_with_weights_is_no_base_class(tmp_path: Path) -> None:
    """However it is called, and though its forward pass raises an exception."""
    code = layer("", "", title="Layer", body="return np.dot(self.weights, inputs) + self.biases").code
    assert load(written(tmp_path, code)).operations == {"dense", "layer"}


def test_a_layer_without_biases_is_no_source_of_new_biases(tmp_path: Path) -> None:
    """The operation raises an exception that says so."""
    code = """
class Dense:
    def __init__(self, n_inputs, n_neurons): self.weights = np.ones((n_inputs, n_neurons))
    def forward(self, x): return x @ self.weights
"""
    (outcome,) = load(written(tmp_path, code)).run([layer_call()])
    assert outcome == Refusal("AttributeError", "Dense keeps no biases")


def test_a_layer_beside_a_dense_function_makes_new_layers(tmp_path: Path) -> None:
    """And the report says that it was taken for that."""
    code = """
def dense(inputs, weights, biases): return inputs @ weights + biases
class Layer_Dense:
    def __init__(self, n_inputs, n_neurons):
        self.w, self.b = np.ones((n_inputs, n_neurons)), [[0, 0], [0]]
    def forward(self, x): return x @ self.w
"""
    subject = load(written(tmp_path, code))
    assert subject.account().taken == ("dense: `dense`", "layer: `Layer_Dense`")


@pytest.mark.parametrize("turned", [False, True])
def test_a_dense_function_may_want_its_biases_as_a_column(turned: bool, tmp_path: Path) -> None:
    """With its weights either way."""
    weights, turning = ("weights.T", " (n_neurons, n_inputs)") if turned else ("weights", "")
    code = f"def dense(x, weights, b):\n    assert b.shape == (5, 1)\n    return x @ {weights} + b.T\n"
    told = (f"weights of shape{turning}",) if turned else ()
    subject = load(written(tmp_path, code))
    assert subject.account().taken == ("; ".join(("dense: `dense`", *told, "biases of shape (n, 1)")),)
    (outcome,) = subject.run([Call("dense", (np.eye(3), np.ones((3, 5)), np.arange(5.0)[np.newaxis]))])
    assert result_of(outcome) == [[1, 2, 3, 4, 5]] * 3


def test_a_layer_that_cannot_be_made_is_an_error_of_dense(tmp_path: Path) -> None:
    """Since its constructor takes what a layer's takes."""
    code = """
class Layer_Dense:
    def __init__(self, n_inputs, n_neurons): self.weights = np.zeros(n_inputs, n_neurons)
    def forward(self, x): return x
class LayerDense:
    def __init__(self, weights, biases): self.weights = undefined
    def forward(self, x): return x
"""
    subject = load(written(tmp_path, code))
    message = "Cannot interpret '5' as a data type"
    assert subject.account().taken == (f"dense: `Layer_Dense.forward`; in a trial call it raised TypeError: {message}",)
    arguments = (np.ones((2, 3)), np.ones((3, 5)), np.ones((1, 5)))
    assert subject.run([Call("dense", arguments), layer_call()]) == [
        Refusal("TypeError", message),
        Refusal("TypeError", message.replace("5", "3")),
    ]


def test_a_layer_made_with_broken_parameters_is_an_error_of_dense(tmp_path: Path) -> None:
    """Be it while it is made or when it is called."""
    for body in ("self.w = undefined", "pass"):
        code = f"""
class LayerDense:
    def __init__(self, weights, biases): {body}
    def forward(self, x): return undefined
"""
        (taken,) = load(written(tmp_path, code)).account().taken
        assert taken == (
            "dense: `LayerDense.forward`; made with its weights and biases; "
            "in a trial call it raised NameError: name 'undefined' is not defined"
        )


def test_a_loss_class_without_calculate_has_no_batch_loss() -> None:
    """It is unsupported, rather than an error."""

    class Loss_CategoricalCrossEntropy:
        def forward(self, y_pred: Any, y_true: Any) -> Any:
            return -np.log(y_pred.max(axis=1))

    found = implementations_in({"Loss_CategoricalCrossEntropy": Loss_CategoricalCrossEntropy})
    assert list(found) == ["sample_losses"]


@pytest.mark.parametrize(
    "body", ["os._exit(0)", "time.sleep(100)", "os.kill(os.getpid(), 9)", "os.closerange(3, 1000)", "os.fork()"]
)
def test_what_ends_or_hangs_in_a_trial_is_taken_without_one(
    body: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Then its calls tell; and the other operations are tried all the same."""
    monkeypatch.setattr("nnfs_spec.adapters.recognition.fork.SECONDS", 0.5)
    code = f"import os, time\nclass SoftMax:\n    def forward(self, x):\n        {body}\ndef ReLU(x): return x\n"
    account = load(written(tmp_path, code)).account()
    assert account.taken == ("relu: `ReLU`", "softmax: `SoftMax.forward`")
    assert account.problems == (
        "softmax: `SoftMax` was taken without a trial: a trial call ended its process, forked, closed a pipe "
        "or took longer than 0.5 s",
    )


def test_without_a_trial_a_result_is_looked_for_where_the_course_leaves_it() -> None:
    """Returned, or under ``output``."""

    class Activation_ReLU:
        def forward(self, x: Any) -> None:
            self.outputs = np.maximum(0, x)

    class Layer_Dense:
        def __init__(self, n_inputs: int, n_neurons: int) -> None:
            self.weights, self.biases = np.ones((n_inputs, n_neurons)), np.zeros(n_neurons)

        def forward(self, x: Any) -> Any:
            return x @ self.weights + self.biases

    class Softmax:
        def forward(self, x: Any) -> None:
            self.other = x

    names = {"Activation_ReLU": Activation_ReLU, "Layer_Dense": Layer_Dense, "Softmax": Softmax}
    found = recognise(names, trier=Trier(calling=False)).implementations
    subject = LiveSubject("untried", found)
    dense = Call("dense", (np.ones((1, 2)), np.ones((2, 2)), np.ones((1, 2))))
    relu, dense_result, softmax = subject.run([RELU, dense, Call("softmax", (ROW,))])
    assert result_of(relu) == [[0, 2]]
    assert result_of(dense_result) == [[3, 3]]
    assert softmax == Refusal("AttributeError", "'Softmax' object has no attribute 'output'")
    assert isinstance(subject.run([layer_call()])[0], Answer)


@pytest.mark.parametrize(
    ("entry", "taken"),
    [
        ("relu=rectify", "relu: `rectify`"),
        ("relu=helpers:positive", "relu: `positive`"),
        ("relu=_Rectifier", "relu: `_Rectifier.go`; returns its output"),
    ],
)
def test_a_mapping_says_what_to_take(entry: str, taken: str, tmp_path: Path) -> None:
    """Before anything that has the usual name."""
    written(tmp_path, "def positive(x): return np.maximum(0, x)\n", "helpers.py")
    code = """
def relu(x): return x
def rectify(x): return np.maximum(0, x)
class _Rectifier:
    def go(self, x): return np.maximum(0, x)
"""
    subject = load(written(tmp_path, code), Loading(mapping=(entry,)))
    assert subject.account().taken == (taken,)
    assert result_of(subject.run([RELU])[0]) == [[0, 2]]


@pytest.mark.parametrize("entry", ["sample_losses=Cost", "loss=Cost"])
def test_a_mapping_is_for_one_operation(entry: str, tmp_path: Path) -> None:
    """Though a class of losses has both; a layer brings new layers along."""
    code = """
class Cost:
    def forward(self, p, y): return -np.log(p.max(axis=1))
    def calculate(self, p, y): return np.mean(self.forward(p, y))
class Mine:
    def __init__(self, n_inputs, n_neurons):
        self.w, self.b = np.ones((n_inputs, n_neurons)), np.zeros((1, n_neurons))
    def forward(self, x): return x @ self.w + self.b
"""
    subject = load(written(tmp_path, code), Loading(mapping=(entry, "dense=Mine")))
    assert subject.operations == {entry.partition("=")[0], "dense", "layer"}


@pytest.mark.parametrize("target", ["reference", "mutant:relu-leaky"])
def test_what_ships_with_the_kit_cannot_be_mapped(target: str) -> None:
    """It is what it is."""
    message = f"--map relu=f: {target} is what it is; only files and modules can be mapped"
    with pytest.raises(LookupError) as caught:
        load(target, Loading(mapping=("relu=f",)))
    assert caught.value.args == (message,)


def test_objects_in_hand_can_be_checked() -> None:
    """A module, a class, a function, a dict or list of them, several at once; an object that has a forward pass."""
    module = ModuleType("mine")
    vars(module)["relu"] = nnfs_spec.relu
    relu: Callable[..., Any] = nnfs_spec.relu
    for target in (module, relu, {"relu": relu}, nnfs_spec.Activation_ReLU, [relu], nnfs_spec.Activation_ReLU()):
        report = check(target, clauses=["RELU-1"], budget="quick")
        assert (report.verdict, report.supported) == ("conformant", ("relu",))
    report = check(relu, nnfs_spec.Activation_Softmax, clauses=["RELU-1", "SOFTMAX-1"], budget="quick")
    assert (report.verdict, report.supported) == ("conformant", ("relu", "softmax"))
    assert check({"mine": relu}, mapping=["relu=mine"], clauses=["RELU-1"], budget="quick").verdict == "conformant"


@pytest.mark.parametrize("turned", [False, True])
def test_a_layer_in_hand_can_be_checked(turned: bool) -> None:
    """A copy of it is given the weights and biases of every case."""

    class Layer_Dense:
        def __init__(self) -> None:
            self.weights, self.biases = np.ones((3, 2) if turned else (2, 3)), np.zeros(3)

        def forward(self, inputs: Any) -> None:
            assert self.biases.ndim == 1
            self.output = inputs @ (self.weights.T if turned else self.weights) + self.biases

    mine = Layer_Dense()
    report = check(mine, clauses=["DENSE-1"], budget="quick")
    form = " of shape (n_neurons, n_inputs)" if turned else ""
    assert (report.verdict, report.supported) == ("conformant", ("dense",))
    assert report.taken == (
        f"dense: `Layer_Dense.forward`; a copy of the object; weights attribute `weights`{form}; "
        "biases attribute `biases` of shape (n,); its output is `.output`",
    )
    assert np.all(mine.weights == 1)


@pytest.mark.parametrize(
    ("targets", "message"),
    [
        ((nameless,), "check: function <lambda> arrived, but a name must tell the operation; give a dict such as "),
        ((3,), "check: int without a name arrived, but a name must tell the operation; give a dict such as "),
        (("reference", "reference"), "check: 'reference' is a string among several targets, but must be alone"),
    ],
)
def test_objects_without_a_name_are_refused(targets: tuple[Any, ...], message: str) -> None:
    """With the way to give them one."""
    with pytest.raises(TypeError) as caught:
        check(*targets)
    assert str(caught.value).startswith(message)


def test_objects_without_operations_are_refused() -> None:
    """Rather than reported as passing."""
    with pytest.raises(LookupError, match="none of the operations was found"):
        check({"sum": sum})


def test_an_exception_of_an_object_in_hand_that_is_no_error_goes_through() -> None:
    """Only in a process of its own is an interruption the subject's."""

    def ReLU(x: Any) -> Any:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        check(ReLU)


def result_of(outcome: Outcome) -> Any:
    """Return the first result of an answer as a list."""
    assert isinstance(outcome, Answer), outcome
    return outcome.results[0].tolist()


def layer_call() -> Call:
    """Return a call for a new layer of two inputs and three neurons."""
    return Call("layer", (np.asarray(2), np.asarray(3), np.asarray(0)))


def test_what_could_not_be_defined_breaks_down(tmp_path: Path) -> None:
    """So that the clauses of its operations are errors, and never left out."""
    code = "class Activation_Softmax(Missing): pass\nclass Layer(Missing): pass\nclass Other(Missing): pass\n"
    subject = load(written(tmp_path, f"{code}def relu(x): return np.maximum(0, x)\n"))
    problem = "line 2: not defined: NameError: name 'Missing' is not defined"
    assert subject.operations == {"relu", "softmax"}
    assert subject.account().taken == ("relu: `relu`", "softmax: `Activation_Softmax` could not be defined")
    assert subject.account().problems[0] == problem
    assert subject.run([Call("softmax", (ROW,))]) == [Breakdown(problem)]
    assert check_here(subject, budget="quick", clauses=["SOFTMAX-1"]).clauses[0].status == "error"
