"""The course's own scripts run against our classes, and patched NumPy changes no answer of ours."""

import ast
import subprocess
import sys
from importlib.metadata import files
from pathlib import Path

import pytest

from tests import ROOT

SEED = ROOT / "tests" / "targets" / "seed.py"
CLASSES = "from nnfs_spec import Activation_ReLU, Activation_Softmax, Layer_Dense, Loss, Loss_CategoricalCrossEntropy\n"


def run(source: str) -> list[str]:
    """Run a script in a process of its own, since it may patch NumPy, and return the lines it prints."""
    done = subprocess.run([sys.executable, "-c", source], capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


def with_our_classes(source: str) -> str:
    """Return a script whose classes are imported from here instead of defined."""
    tree = ast.parse(source)
    tree.body = [statement for statement in tree.body if not isinstance(statement, ast.ClassDef)]
    return CLASSES + ast.unparse(tree)


def tutorial(name: str) -> str:
    """Return a script that the nnfs package ships."""
    shipped = files("nnfs")
    assert shipped is not None
    path = next(file for file in shipped if file.name == name)
    return Path(str(path.locate())).read_text(encoding="utf-8")


@pytest.mark.parametrize(("name", "columns", "rows"), [("004.py", 2, 3), ("005.py", 5, 300)])
def test_a_tutorial_of_the_course_runs_on_our_classes(name: str, columns: int, rows: int) -> None:
    """It prints as many rows and numbers as with its own classes; row by row, so that none is left out."""
    source = tutorial(name).replace("print(", "print(*")
    for script in (source, with_our_classes(source)):
        printed = " ".join(run(script))
        assert printed.count("[") == rows
        assert len(printed.replace("[", " ").replace("]", " ").split()) == rows * columns


def test_the_seeds_walk_through_runs_on_our_classes() -> None:
    """All but the cell that the seed itself could not run, and with its figures."""
    lines = SEED.read_text(encoding="utf-8").replace("y_pred_clipped = np.clip(y_pred, 1e-7, 1-1e-7)\n\n\n", "")
    printed = run(with_our_classes(lines))
    assert printed.count("Categorical Cross-Entropy Loss: 0.35667494393873245") == 2
    assert printed[1].strip("[] ").split() == ["0.33333333"] * 3
    assert "[0.7 0.5 0.9]" in printed
    assert "0.38506088005216804" in printed
    assert printed[-2].startswith("Loss: 1.09")
    assert printed[-1] == "acc: 1.0"


ANSWERS = """
import numpy as np
import nnfs_spec as ns

def answers():
    np.random.seed(5)
    rng = np.random.default_rng(5)
    layer = ns.Layer_Dense(3, 4)
    points, labels = ns.spiral_data(10, 3)
    x = rng.standard_normal((30, 3))
    out = [layer.weights, layer.biases, points, labels]
    for dtype in (np.float32, np.float64):
        z = layer.forward(x.astype(dtype))
        p = ns.Activation_Softmax().forward(z)
        out += [z, ns.relu(z), p, ns.sample_losses(p, labels), ns.sample_losses(p, np.identity(4)[labels])]
        out += [ns.loss(p, labels), ns.accuracy(p, labels), ns.dense(x, layer.weights, layer.biases)]
    return [np.asarray(one) for one in out]

"""


def test_patched_numpy_changes_no_answer() -> None:
    """``nnfs.init()`` replaces np.dot, np.zeros, np.eye and np.random.randn; ours stay what they were, bit for bit."""
    check = """
before = answers()
import nnfs
nnfs.init()
assert np.zeros(1).dtype == np.float32
after = answers()
print(*(a.dtype == b.dtype and a.tobytes() == b.tobytes() for a, b in zip(before, after, strict=True)))
"""
    assert set(run(ANSWERS + check)[0].split()) == {"True"}
