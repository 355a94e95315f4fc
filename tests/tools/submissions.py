"""The mutants as the files that people hand in: each a whole course file with one operation wrong.

``python -m tests.tools.submissions FOLDER`` writes them, to grade a folder of realistic size.
"""

import ast
import inspect
import sys
from pathlib import Path

from nnfs_spec.mutants import MUTANTS, Mutant
from nnfs_spec.subject.operations import OPERATIONS

RIGHT = {
    "dense": """
def dense(inputs, weights, biases):
    if inputs.shape[1] != weights.shape[0]:
        raise ValueError("the widths differ")
    return inputs @ weights + biases
""",
    "relu": """
def relu(inputs):
    return np.maximum(0, inputs)
""",
    "softmax": """
def softmax(inputs):
    exponentials = np.exp(inputs - inputs.max(axis=1, keepdims=True))
    return exponentials / exponentials.sum(axis=1, keepdims=True)
""",
    "sample_losses": """
def sample_losses(y_pred, y_true):
    clipped = np.clip(y_pred, 1e-7, 1 - 1e-7)
    if y_true.ndim == 2:
        return -np.log((clipped * y_true).sum(axis=1))
    return -np.log(clipped[np.arange(len(clipped)), y_true])
""",
    "loss": """
def loss(y_pred, y_true):
    return sample_losses(y_pred, y_true).mean()
""",
    "accuracy": """
def accuracy(y_pred, y_true):
    labels = y_true.argmax(axis=1) if y_true.ndim == 2 else y_true
    return np.mean(y_pred.argmax(axis=1) == labels)
""",
    "layer": """
class Layer_Dense:
    def __init__(self, n_inputs, n_neurons):
        self.weights = 0.10 * np.random.rand(n_inputs, n_neurons)
        self.biases = np.zeros((1, n_neurons))

    def forward(self, inputs):
        self.output = dense(inputs, self.weights, self.biases)
""",
}
"""A plain and right course file, operation by operation."""

LAYER = """
class Layer_Dense:
    def __init__(self, n_inputs, n_neurons):
        self.weights, self.biases = layer(n_inputs, n_neurons)

    def forward(self, inputs):
        self.output = dense(inputs, self.weights, self.biases)
"""


def source_of(mutant: Mutant) -> str:
    """Return a course file that has the mutant in the place of its operation."""
    module = ast.parse(inspect.getsource(sys.modules[mutant.code.__module__]))
    kept = [node for node in module.body if _is_needed(node, mutant)]
    parts = [ast.unparse(ast.Module(kept, [])), _stand_in(mutant)]
    parts += [text for operation, text in RIGHT.items() if operation != mutant.operation]
    if mutant.operation == "layer":
        parts.append(LAYER)
    return "\n".join(parts)


def _is_needed(node: ast.stmt, mutant: Mutant) -> bool:
    """Tell whether a statement of the mutant's module belongs to it: its own code, and whatever is no mutant."""
    if isinstance(node, ast.ImportFrom):
        return node.module != "nnfs_spec.mutants.registry"
    if isinstance(node, ast.FunctionDef | ast.ClassDef) and node.decorator_list:
        mine = node.name == mutant.code.__name__
        if mine:
            node.decorator_list = []
        return mine
    return True


def _stand_in(mutant: Mutant) -> str:
    name = mutant.code.__name__
    if mutant.operation == "stream":
        return f"Accumulator = {name}\n"
    arguments = ", ".join(one for one in OPERATIONS[mutant.operation].argument_names if one != "seed")
    head = f"def {mutant.operation}({arguments}):\n"
    if not isinstance(mutant.code, type):
        return f"{head}    return {name}({arguments})\n"
    made = f"_made = []\n\n{head}    if not _made:\n        _made.append({name}())\n"
    return f"{made}    return _made[0]({arguments})\n"


def write_submissions(folder: Path) -> list[Path]:
    """Write every mutant as a file of ``folder`` and return the paths."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = [folder / f"{name}.py" for name in MUTANTS]
    for path, mutant in zip(paths, MUTANTS.values(), strict=True):
        path.write_text(f"import numpy as np\n{source_of(mutant)}", encoding="utf-8")
    return paths


if __name__ == "__main__":
    write_submissions(Path(sys.argv[1]))
