"""Following a call through the target's own code."""

import linecache
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import nnfs_spec
from nnfs_spec.adapters.code_lines import MOST_CHARACTERS, CodeFollower
from nnfs_spec.adapters.load import live_subject, load
from nnfs_spec.subject.protocol import NO_LINES, Call, CodeLine, CodeLines, count_call

ROW = np.array([[-1.0, 2.0]])
RELU = Call("relu", (ROW,))

SOURCE = """\
import functools
import helper
import numpy as np

def loud(function):
    @functools.wraps(function)
    def louder(x):
        return function(x)
    return louder

@loud
@loud
def relu(x):
    if x[0, 0] < 0:
        return helper.slope(x)
    return x

class Layer_Dense:
    def __init__(self, n_inputs, n_neurons):
        self.weights = np.random.rand(n_inputs, n_neurons)
        self.biases = np.zeros((1, n_neurons))

    def forward(self, inputs):
        self.output = inputs @ self.weights + self.biases
        raise SystemExit("no")

softmax = np.vectorize(lambda x: x, signature="(n,c)->(n,c)")

class Accumulator:
    def __init__(self):
        self.rows = 0
    def add(self, y_pred, y_true):
        self.rows += len(y_pred)
    def merge(self, other):
        self.rows += other.rows
    @property
    def loss(self):
        return 0.0
    @property
    def accuracy(self):
        return 0.0
"""


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """Write a source and one that it imports."""
    (tmp_path / "helper.py").write_text("import numpy as np\n\ndef slope(x):\n    return np.where(x > 0, x, 0.1 * x)\n")
    path = tmp_path / "homework.py"
    path.write_text(SOURCE)
    return path


def lines_of(path: Path, call: Call) -> list[tuple[str, int] | None]:
    """Return where an operation is defined and what ran last, by file and line."""
    subject = load(str(path))
    subject.caught = BaseException
    found = subject.code_lines(call)
    return [None if one is None else (Path(one.file).name, one.line) for one in (found.defined, found.last)]


DENSE = Call("dense", (np.ones((2, 3)), np.ones((3, 4)), np.ones((1, 4))))
STREAM = Call("stream", (np.full((1, 2), 0.5), np.array([1]), np.array([0]), np.array([0])))


@pytest.mark.parametrize(
    ("call", "lines"),
    [
        (RELU, [("homework.py", 7), ("helper.py", 4)]),
        (DENSE, [("homework.py", 23), ("homework.py", 25)]),
        (count_call("layer", 3, 4, 0), [("homework.py", 19), ("homework.py", 21)]),
        (Call("softmax", (ROW,)), [("homework.py", 27), ("homework.py", 27)]),
        (STREAM, [("homework.py", 30), ("homework.py", 41)]),
    ],
    ids=lambda value: value.operation if isinstance(value, Call) else "",
)
def test_a_call_is_followed_into_the_files_of_the_target(source: Path, call: Call, lines: Any) -> None:
    """Past NumPy, through decorators and lambdas; of a layer the forward pass, of an accumulator its beginning."""
    assert lines_of(source, call) == lines


def test_a_notebook_is_told_by_cells(tmp_path: Path) -> None:
    path = tmp_path / "homework.ipynb"
    cell = '{"cell_type": "code", "source": ["%%time\\n", "def relu(x):\\n", "    return x\\n"]}'
    path.write_text(f'{{"cells": [{{"cell_type": "markdown", "source": []}}, {cell}]}}')
    assert lines_of(path, RELU) == [("homework.ipynb, cell 2", 2), ("homework.ipynb, cell 2", 3)]


def test_a_long_line_is_cut(tmp_path: Path) -> None:
    path = tmp_path / "wide.py"
    path.write_text(f"def relu(x):\n    return x  # {'-' * 500}\n")
    last = load(str(path)).code_lines(RELU).last
    assert last is not None
    assert last.text == f"    return x  # {'-' * 500}"[:MOST_CHARACTERS] + "..."


def test_code_without_a_source_has_no_lines() -> None:
    """Such as compiled code, and the package's own."""
    namespace: dict[str, Callable[..., Any]] = {}
    exec("def relu(x): return x", namespace)
    for function in (namespace["relu"], np.abs, nnfs_spec.relu):
        assert live_subject({"relu": function}).code_lines(RELU) == NO_LINES


def relu_of_this_file(x: Any) -> Any:
    """Return what is given."""
    return x


def test_a_tracer_that_was_there_is_there_again() -> None:
    """Even where the call fails; and what runs beside the call is not followed."""

    def tracer(*arguments: object) -> None:
        """See nothing."""

    before = sys.gettrace()
    sys.settrace(tracer)
    try:
        follower = CodeFollower()
        with pytest.raises(ZeroDivisionError), follower.following():
            relu_of_this_file(1 / 0)
        assert sys.gettrace() is tracer
    finally:
        sys.settrace(before)
    assert follower.lines() == NO_LINES
    first = relu_of_this_file.__code__.co_firstlineno
    defined = CodeLine("tests/adapters/test_code_lines.py", first, linecache.getline(__file__, first).rstrip())
    last = CodeLine(defined.file, first + 2, "    return x")
    assert live_subject({"relu": relu_of_this_file}).code_lines(RELU) == CodeLines(defined, last)
