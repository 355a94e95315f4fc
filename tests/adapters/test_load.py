"""From what people have to a subject: files, modules, objects in hand; and a process that keeps harm away."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from nnfs_spec.adapters.isolated import IsolatedSubject, TargetError
from nnfs_spec.adapters.live import LiveSubject
from nnfs_spec.adapters.recognition.recognise import implementations_in
from nnfs_spec.subject.protocol import Answer, Breakdown, Call, Outcome, Refusal
from tests import ROOT

SEED = ROOT / "tests" / "targets" / "seed.py"
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


@pytest.mark.parametrize(
    ("target", "message"),
    [
        ("missing.py", "missing.py: FileNotFoundError: [Errno 2] No such file or directory: 'missing.py'"),
        ("no.such.module", "no.such.module: ModuleNotFoundError: No module named 'no'"),
        ("json", "json: LookupError: none of the operations was found under the course's names; see nnfs-spec check"),
        ("./folder", "./folder: LookupError: this is no .py or .ipynb file, no folder, no module, no mutant:NAME"),
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
def test_whatever_a_subject_does_becomes_an_outcome(
    tmp_path: Path, body: str, outcome: Outcome, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The checker goes on."""
    monkeypatch.setattr("nnfs_spec.adapters.process.parent.GRACE_SECONDS", 60.0)  # a busy machine is long about an exit
    got = run_relu(write(tmp_path, f"def relu(x):\n    {body}\n"), timeout=1.0)
    assert type(got) is type(outcome)
    assert isinstance(got, Breakdown | Refusal)
    assert isinstance(outcome, Breakdown | Refusal)
    assert got.message.startswith(outcome.message)


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
    """Else it is no layer, and the call breaks down with the reason."""

    class Layer_Dense:
        def __init__(self, n_inputs: int, n_neurons: int) -> None:
            pass

    def spiral_data(samples: int, classes: int) -> tuple[int, int, int]:
        return 1, 2, 3

    names = {"Layer_Dense": Layer_Dense, "spiral_data": spiral_data}
    counts = tuple(map(np.asarray, (2, 3, 0)))
    subject = load_names(names)
    assert subject.operations == {"spiral_data"}
    assert subject.run([Call("spiral_data", counts)]) == [Breakdown("returned 3 results, but must return 2")]


def load_names(names: dict[str, Any]) -> LiveSubject:
    """Return a subject over names in hand."""
    return LiveSubject("names", implementations_in(names))
