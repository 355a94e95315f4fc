"""From what people have to a subject: files, modules, objects in hand; and a process that keeps harm away."""

import os
import signal
import struct
import subprocess
import sys
import time
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest

import nnfs_spec
from nnfs_spec import check
from nnfs_spec.adapters import child
from nnfs_spec.adapters.course import implementations_in
from nnfs_spec.adapters.isolated import IsolatedSubject, TargetError
from nnfs_spec.adapters.live import LiveSubject
from nnfs_spec.adapters.load import load
from nnfs_spec.adapters.source import load_file
from nnfs_spec.adapters.wire import WireError, decode, encode
from nnfs_spec.arrays import Array
from nnfs_spec.subject import LAYOUTS, Answer, Breakdown, Call, Outcome, Refusal, lay_out

SEED = Path(__file__).parent / "targets" / "seed.py"
ROW = np.array([[-1.0, 2.0]])
RELU = Call("relu", (ROW,))


def write(folder: Path, text: str) -> str:
    """Write a target and return its path."""
    path = folder / "target.py"
    path.write_text("import os, time\nimport numpy as np\n" + text, encoding="utf-8")
    return str(path)


def run_relu(target: str, timeout: float = 5.0) -> Outcome:
    """Return the outcome of one call of relu."""
    with IsolatedSubject(target, timeout) as subject:
        return subject.run([RELU])[0]


def test_the_seeds_code_is_found_without_running_it(capsys: pytest.CaptureFixture[str]) -> None:
    """Its definitions are taken, its prints, its training data and its broken cells are not."""
    names, notes = load_file(SEED)
    assert sorted(implementations_in(names)) == ["dense", "layer", "loss", "relu", "sample_losses", "softmax"]
    assert notes == ["32 statements that are no definitions were not run"]
    assert capsys.readouterr().out == ""


def test_functions_and_modules_are_found() -> None:
    """Our own package is a module like any other."""
    assert load("nnfs_spec").operations == load("reference").operations
    assert "relu" in load("nnfs_spec.reference.relu").operations


def test_names_imported_from_elsewhere_are_not_under_check(tmp_path: Path) -> None:
    """A file that imports spiral_data does not have it."""
    names, _ = load_file(Path(write(tmp_path, "from nnfs_spec import softmax\ndef relu(x): return x\n")))
    assert list(implementations_in(names)) == ["relu"]


def test_a_missing_import_stands_in_until_it_is_used(tmp_path: Path) -> None:
    """And then says what is missing."""
    text = "import no_such_module as plt\nfrom no_such import thing\ndef relu(x): return plt.plot(x)\n"
    target = write(tmp_path, text + "def softmax(x): return thing(x)\n")
    with IsolatedSubject(target) as subject:
        assert subject.notes == (
            "line 3: No module named 'no_such_module'",
            "line 4: No module named 'no_such'",
        )
        assert subject.run([RELU, Call("softmax", (ROW,))]) == [
            Refusal("ModuleNotFoundError", "no_such_module was needed for 'plot' but No module named 'no_such_module'"),
            Refusal("ModuleNotFoundError", "thing was called but No module named 'no_such'"),
        ]


def test_constants_may_be_computed(tmp_path: Path) -> None:
    """From other constants, by functions that do nothing else; what trains or reads files is left out."""
    text = """
DTYPE = np.float64
LOW, HIGH = float("1e-7"), 1 - np.finfo(DTYPE).eps
RNG = np.random.default_rng(0)
WEIGHTS = np.random.randn(2, 3)
DATA = open("no such file")
LAST = [np.exp(1.0), -abs(-2)][-1]
FIRST = (lambda: 1)()
def relu(x): return (LOW, HIGH, RNG)
"""
    names, notes = load_file(Path(write(tmp_path, text)))
    assert list(implementations_in(names)) == ["relu"]
    low, high, _ = names["relu"](0)
    assert (low, high) == (1e-7, 1 - 2.0**-52)
    assert notes == ["4 statements that are no definitions were not run"]


@pytest.mark.parametrize("shape", ["n_neurons", "(1, n_neurons)"])
def test_biases_are_given_in_the_shape_that_the_layer_makes(tmp_path: Path, shape: str) -> None:
    """A layer with a vector of biases may count on it."""
    text = f"""
class Layer_Dense:
    def __init__(self, n_inputs, n_neurons):
        self.weights, self.biases = np.ones((n_inputs, n_neurons)), np.zeros({shape})
        self.shape = self.biases.shape
    def forward(self, inputs):
        assert self.biases.shape == self.shape
        return inputs @ self.weights + self.biases
"""
    report = check(write(tmp_path, text), clauses=["DENSE-1"], budget="quick")
    assert report.verdict == "conformant"


def test_definitions_may_be_chosen_between(tmp_path: Path) -> None:
    """In a try or an if that holds nothing else; a docstring is no statement to leave out."""
    text = """
"A docstring."
try:
    import no_such_module as xp
except ImportError:
    xp = np
if True:
    relu = lambda x: xp.maximum(0, x)
else:
    pass
try:
    print("not a definition")
finally:
    pass
"""
    names, notes = load_file(Path(write(tmp_path, text)))
    assert names["relu"](np.array([-1.0])) == 0
    assert notes == ["1 statements that are no definitions were not run"]


def test_imports_from_the_future_hold_for_the_whole_file(tmp_path: Path) -> None:
    """Though its statements are run one by one."""
    path = tmp_path / "target.py"
    text = "\ufefffrom __future__ import annotations\ndef relu(x) -> NotDefinedYet: return x\n"
    path.write_text(text, encoding="utf-8")
    names, notes = load_file(path)
    assert (list(names), notes) == (["relu"], [])


def test_a_loss_class_without_calculate_has_no_batch_loss() -> None:
    """It is unsupported, rather than an error."""

    class Loss_CategoricalCrossEntropy:
        def forward(self, y_pred: Any, y_true: Any) -> Any:
            return y_pred

    found = implementations_in({"Loss_CategoricalCrossEntropy": Loss_CategoricalCrossEntropy})
    assert list(found) == ["sample_losses"]


def test_an_array_that_cannot_be_read_is_a_breakdown() -> None:
    """Whatever its conversion raises; a long message is cut."""

    class OnDevice:
        def __array__(self, *arguments: Any, **keywords: Any) -> Any:
            raise RuntimeError("cannot convert " * 100)

    def relu(x: Array) -> OnDevice:
        return OnDevice()

    (outcome,) = LiveSubject("device", {"relu": lambda: relu}).run([RELU])
    assert isinstance(outcome, Breakdown)
    assert outcome.message.startswith("returned what is no array: cannot convert cannot")
    assert len(outcome.message) < 400


def test_a_terminated_checker_ends_its_child(tmp_path: Path) -> None:
    """SIGTERM leaves no process behind."""
    noted = tmp_path / "pid"
    text = f"def relu(x):\n    open({str(noted)!r}, 'w').write(str(os.getpid()))\n    time.sleep(100)\n"
    command = [sys.executable, "-m", "nnfs_spec", "check", write(tmp_path, text), "--timeout", "60"]
    checker = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    while not (noted.exists() and noted.read_text()):
        time.sleep(0.05)
    checker.terminate()
    assert checker.wait(timeout=30) == 128 + signal.SIGTERM
    with pytest.raises(ProcessLookupError):
        os.kill(int(noted.read_text()), 0)


def test_a_definition_that_fails_is_noted(tmp_path: Path) -> None:
    """The others are still found."""
    names, notes = load_file(Path(write(tmp_path, "class A(unknown): pass\nLIMIT = other\ndef relu(x): return x\n")))
    assert list(implementations_in(names)) == ["relu"]
    assert notes == [
        "line 3: not defined: NameError: name 'unknown' is not defined",
        "line 4: not defined: NameError: name 'other' is not defined",
    ]


def test_a_file_beside_the_target_can_be_imported(tmp_path: Path) -> None:
    """As learners split their code; but it cannot take the place of NumPy."""
    (tmp_path / "sibling.py").write_text("def relu(x): return x * (x > 0)\n", encoding="utf-8")
    (tmp_path / "numpy.py").write_text("raise SystemExit\n", encoding="utf-8")
    target = write(tmp_path, "import sibling\ndef relu(x): return sibling.relu(x)\n")
    assert isinstance(run_relu(target), Answer)


@pytest.mark.parametrize(
    ("target", "message"),
    [
        ("missing.py", "missing.py: FileNotFoundError: [Errno 2] No such file or directory: 'missing.py'"),
        ("no.such.module", "no.such.module: ModuleNotFoundError: No module named 'no'"),
        ("json", "json: LookupError: none of the operations was found under the course's names; see nnfs-spec check"),
        ("./folder", "./folder: LookupError: this is no .py file, no module, no mutant:NAME and not reference"),
        ("mutant:none", "mutant:none: LookupError: there is no mutant named 'none'; nnfs-spec mutants lists them"),
    ],
)
def test_a_target_that_cannot_be_loaded_says_why(target: str, message: str) -> None:
    """In one line."""
    with pytest.raises(TargetError) as caught:
        IsolatedSubject(target)
    assert str(caught.value).startswith(message)


def test_a_file_that_is_no_python_says_why(tmp_path: Path) -> None:
    """With the line."""
    with pytest.raises(TargetError, match=r"SyntaxError: .*line 3"):
        IsolatedSubject(write(tmp_path, "def relu(x) return x\n"))


def test_a_target_that_ends_its_process_while_loading_says_so(tmp_path: Path) -> None:
    """Even by a way that Python does not notice."""
    with pytest.raises(TargetError, match=r"ended its process with status 7 while being loaded"):
        IsolatedSubject(write(tmp_path, "class Broken:\n    os._exit(7)\n"))


def test_a_target_that_takes_for_ever_to_load_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """And its process with it."""
    monkeypatch.setattr("nnfs_spec.adapters.isolated.START_SECONDS", 0.5)
    with pytest.raises(TargetError, match=r"loading took longer than 0.5 s"):
        IsolatedSubject(write(tmp_path, "class Slow:\n    time.sleep(100)\n"))


@pytest.mark.parametrize(
    ("body", "outcome"),
    [
        ("time.sleep(100)", Breakdown("took longer than 1 s")),
        ("os._exit(0)", Breakdown("ended its process with status 0")),
        ("os.kill(os.getpid(), 11)", Breakdown("ended its process with signal 11")),
        ("os.closerange(3, 1000)", Breakdown("ended its process with status 1")),
        ("raise KeyError('x')", Refusal("KeyError", "'x'")),
        ("raise SystemExit(3)", Refusal("SystemExit", "3")),
        ("raise KeyboardInterrupt", Refusal("KeyboardInterrupt", "")),
        ("return None", Breakdown("returned what is no array: NoneType of dtype object")),
        ("return 'word'", Breakdown("returned what is no array: str of dtype <U4")),
        ("return [[1], [2, 3]]", Breakdown("returned what is no array: ")),
    ],
)
def test_whatever_a_subject_does_becomes_an_outcome(tmp_path: Path, body: str, outcome: Outcome) -> None:
    """The checker goes on."""
    got = run_relu(write(tmp_path, f"def relu(x):\n    {body}\n"), timeout=1.0)
    assert type(got) is type(outcome)
    assert isinstance(got, Breakdown | Refusal)
    assert isinstance(outcome, Breakdown | Refusal)
    assert got.message.startswith(outcome.message)


def test_after_a_crash_the_process_is_started_anew(tmp_path: Path) -> None:
    """The next session gets its answer."""
    text = "def relu(x):\n    if x.shape == (1, 1): os._exit(1)\n    return np.maximum(0, x)\n"
    with IsolatedSubject(write(tmp_path, text)) as subject:
        crash, fine = subject.run([Call("relu", (np.ones((1, 1)),))]), subject.run([RELU])
    assert isinstance(crash[0], Breakdown)
    assert isinstance(fine[0], Answer)
    assert fine[0].results[0].tolist() == [[0.0, 2.0]]


def test_an_operation_that_hangs_is_not_waited_for_again_and_again(tmp_path: Path) -> None:
    """Two timeouts are enough; other operations are still called."""
    target = write(tmp_path, "def relu(x): time.sleep(100)\ndef softmax(x): return x\n")
    with IsolatedSubject(target, timeout=0.2) as subject:
        messages = [
            outcome.message for _ in range(3) for outcome in subject.run([RELU]) if isinstance(outcome, Breakdown)
        ]
        assert isinstance(subject.run([Call("softmax", (ROW,))])[0], Answer)
    again = "took longer than 0.2 s before; it is not called again"
    assert messages == ["took longer than 0.2 s", "took longer than 0.2 s", again]


def test_a_subject_that_forks_cannot_answer_twice(tmp_path: Path) -> None:
    """The copy's answer does not pass for that of the next call."""
    text = "def relu(x):\n    os.fork()\n    return x\ndef softmax(x): return x + 1\n"
    with IsolatedSubject(write(tmp_path, text), timeout=2.0) as subject:
        subject.run([RELU])
        time.sleep(0.3)
        outcome = subject.run([Call("softmax", (ROW,))])[0]
        assert isinstance(outcome, Breakdown)
        assert outcome.message in ("broke the stream of answers", "took longer than 2 s")


def test_a_process_that_ended_between_sessions_is_noticed(tmp_path: Path) -> None:
    """Its input is closed when the next session comes."""
    text = "import threading\ndef relu(x):\n    threading.Timer(0.05, os._exit, [4]).start()\n    return x\n"
    with IsolatedSubject(write(tmp_path, text)) as subject:
        assert isinstance(subject.run([RELU])[0], Answer)
        time.sleep(0.5)
        assert subject.run([RELU]) == [Breakdown("ended its process with status 4")]


@pytest.mark.parametrize("garbage", ["b'\\xff' * 100", "b'\\x02' + bytes(15) + b'{{'"])
def test_a_subject_that_writes_into_the_answers_is_cut_off(tmp_path: Path, garbage: str) -> None:
    """However large a frame it promises."""
    text = f"import sys\ndef relu(x):\n    os.write(int(sys.argv[1]), {garbage})\n    time.sleep(100)\n"
    assert run_relu(write(tmp_path, text)) == Breakdown("broke the stream of answers")


def test_what_a_subject_prints_and_reads_harms_nothing(tmp_path: Path) -> None:
    """Its output goes nowhere, its input is empty."""
    text = "def relu(x):\n    print('noise' * 10_000_000)\n    assert not os.read(0, 1)\n    return np.maximum(0, x)\n"
    assert isinstance(run_relu(write(tmp_path, text)), Answer)


def test_closing_twice_is_harmless() -> None:
    """As leaving a context manager after an error would."""
    subject = IsolatedSubject("reference")
    subject.close()
    subject.close()


def test_the_two_ends_of_a_session_agree_on_everything() -> None:
    """Results, kept results, arguments after the call, layouts, in the child as in this process."""
    calls = [Call("relu", (ROW,), layout) for layout in LAYOUTS] + [Call("softmax", (ROW,), fresh=True)]
    local = load("reference").run(calls)
    with IsolatedSubject("reference") as subject:
        remote = subject.run(calls)
    for here, there in zip(local, remote, strict=True):
        assert isinstance(here, Answer)
        assert isinstance(there, Answer)
        for side in ("results", "kept", "after"):
            pairs = zip(getattr(here, side), getattr(there, side), strict=True)
            assert all(a.dtype == b.dtype and np.array_equal(a, b) for a, b in pairs)


def test_a_result_that_is_overwritten_later_shows() -> None:
    """It is read at once and again at the end of the session."""
    buffer = np.zeros((1, 2))

    def relu(x: Any) -> Any:
        return np.maximum(0, x, out=buffer)

    first, _ = LiveSubject("buffer", {"relu": lambda: relu}).run([RELU, Call("relu", (ROW + 5,))])
    assert isinstance(first, Answer)
    assert first.results[0].tolist() == [[0.0, 2.0]]
    assert first.kept[0].tolist() == [[4.0, 7.0]]


def test_a_new_object_is_made_only_when_asked_for() -> None:
    """State between calls must show."""

    class Counter:
        def __init__(self) -> None:
            self.calls = 0

        def __call__(self, x: Any) -> Any:
            self.calls += 1
            return np.full_like(x, self.calls)

    outcomes = LiveSubject("counter", {"relu": Counter}).run([RELU, RELU, Call("relu", (ROW,), fresh=True)])
    counts = [outcome.results[0][0, 0] for outcome in outcomes if isinstance(outcome, Answer)]
    assert counts == [1, 2, 1]


def test_a_layer_needs_weights_and_a_pair_two_results() -> None:
    """Else the call breaks down with the reason."""

    class Layer_Dense:
        def __init__(self, n_inputs: int, n_neurons: int) -> None:
            self.matrix = np.zeros((n_inputs, n_neurons))

    def spiral_data(samples: int, classes: int) -> tuple[int, int, int]:
        return 1, 2, 3

    names = {"Layer_Dense": Layer_Dense, "spiral_data": spiral_data}
    counts = tuple(map(np.asarray, (2, 3, 0)))
    outcomes = load_names(names).run([Call("layer", counts), Call("spiral_data", counts)])
    assert outcomes == [
        Refusal("AttributeError", "Layer_Dense has none of the attributes weights, weight"),
        Breakdown("returned 3 results, but must return 2"),
    ]


def load_names(names: dict[str, Any]) -> LiveSubject:
    """Return a subject over names in hand."""
    return LiveSubject("names", implementations_in(names))


@pytest.mark.parametrize("layout", LAYOUTS)
def test_every_layout_holds_the_same_numbers(layout: Any) -> None:
    """Only the memory differs, and never the caller's."""
    array = np.arange(6.0).reshape(2, 3)
    laid = lay_out(array, layout)
    assert np.array_equal(laid, array)
    assert not np.shares_memory(laid, array)
    assert laid.flags.c_contiguous == (layout in ("C", "readonly"))
    assert laid.flags.writeable == (layout != "readonly")
    assert lay_out(np.asarray(3.0), layout) == 3.0


def read_from(data: bytes) -> Any:
    """Return a reader of exactly n bytes."""
    rest = [data]

    def read(n: int) -> bytes:
        part, rest[0] = rest[0][:n], rest[0][n:]
        if len(part) < n:
            raise WireError("the stream ended")
        return part

    return read


def test_frames_carry_any_array_exactly() -> None:
    """Of every dtype and shape, empty ones too."""
    arrays: list[Array] = [np.array([[1.5, np.nan]], np.float32), np.ones((0, 3)), np.asarray(7), np.array([True])]
    header, got = decode(read_from(encode({"a": 1}, arrays)))
    assert header == {"a": 1}
    assert all(np.array_equal(a, b, equal_nan=a.dtype.kind == "f") for a, b in zip(arrays, got, strict=True))
    assert [a.dtype for a in got] == [a.dtype for a in arrays]


@pytest.mark.parametrize("text", [b"{", b"[]", b'{"arrays": [{}]}', b'{"arrays": [{"dtype": "<f8", "shape": [9]}]}'])
def test_a_frame_that_cannot_be_read_says_so(text: bytes) -> None:
    """Whatever a subject writes into the stream."""
    with pytest.raises(WireError, match="a frame that cannot be read"):
        decode(read_from(struct.pack("<QQ", len(text), 0) + text))


def test_objects_in_hand_can_be_checked() -> None:
    """A module, a class, a function, a dict of them."""
    module = ModuleType("mine")
    module.relu = nnfs_spec.relu  # type: ignore[attr-defined]  # a module made for the occasion
    for target in (module, nnfs_spec.relu, {"relu": nnfs_spec.relu}, nnfs_spec.Activation_ReLU):
        report = check(target, clauses=["RELU-1"], budget="quick")
        assert (report.verdict, report.supported) == ("conformant", ("relu",))


def test_a_path_can_be_checked_from_python() -> None:
    """In a process of its own."""
    report = check(str(SEED), clauses=["RELU-1", "ACC-1"], budget="quick")
    assert [result.status for result in report.clauses] == ["pass", "unsupported"]


def test_objects_without_operations_are_refused() -> None:
    """Rather than reported as passing."""
    with pytest.raises(LookupError, match="none of the operations was found"):
        check({"sum": sum})


def test_the_child_ends_when_its_input_does(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """So that no process outlives the checker."""
    done = subprocess.run(
        [sys.executable, "-m", child.__name__, "2", "reference"],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=60,
    )
    assert done.returncode == 0
    header, _ = decode(read_from(done.stderr))
    assert header["operations"] == sorted(load("reference").operations)
