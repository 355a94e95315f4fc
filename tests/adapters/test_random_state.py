"""Generators that a target keeps for itself are seeded like the global ones."""

import random
from pathlib import Path

import numpy as np
import pytest

from nnfs_spec import check
from nnfs_spec.adapters.load import load
from nnfs_spec.adapters.random_state import generators_in, seed_all
from nnfs_spec.subject.protocol import Answer, count_call

LAYER = """
class Layer_Dense:
    {inside}
    def __init__(self, n_inputs, n_neurons):
        self.weights = {draw}
        self.biases = np.zeros((1, n_neurons))

    def forward(self, inputs):
        self.output = inputs @ self.weights + self.biases
"""

DRAWS = {
    "a Generator": ("rng = np.random.default_rng(42)", "pass", "rng.normal(0, 0.1, (n_inputs, n_neurons))"),
    "a RandomState": ("RNG = np.random.RandomState(1)", "pass", "RNG.normal(0, 0.1, (n_inputs, n_neurons))"),
    "the class's own": ("", "rng = np.random.default_rng()", "self.rng.random((n_inputs, n_neurons))"),
    "another module's": ("from chance import draw", "pass", "draw((n_inputs, n_neurons))"),
    "Python's": (
        "import random",
        "pass",
        "np.array([[random.gauss(0, 0.1) for _ in range(n_neurons)] for _ in range(n_inputs)])",
    ),
}


@pytest.mark.parametrize(("before", "inside", "draw"), DRAWS.values(), ids=DRAWS)
def test_a_layer_may_draw_from_any_generator_that_it_keeps(before: str, inside: str, draw: str, tmp_path: Path) -> None:
    """DENSE-8 leaves the choice of the generator to the implementation, so a seed reaches whichever it keeps."""
    chance = "import numpy as np\nrng = np.random.default_rng(7)\ndef draw(shape): return rng.random(shape)\n"
    (tmp_path / "chance.py").write_text(chance)
    path = tmp_path / "layer.py"
    path.write_text(f"import numpy as np\n{before}\n{LAYER.format(inside=inside, draw=draw)}")
    (clause,) = check(str(path), clauses=["DENSE-8"], budget="quick").clauses
    assert clause.status == "pass"
    outcomes = load(str(path)).run([count_call("layer", 9, 9, 3), count_call("layer", 9, 9, 3)])
    first, again = (outcome.results[0] for outcome in outcomes if isinstance(outcome, Answer))
    assert np.array_equal(first, again)


def test_a_generator_made_anew_for_every_layer_cannot_be_seeded(tmp_path: Path) -> None:
    """Nothing keeps it, so no seed reaches it."""
    path = tmp_path / "layer.py"
    draw = "np.random.default_rng().random((n_inputs, n_neurons))"
    path.write_text(f"import numpy as np\n{LAYER.format(inside='pass', draw=draw)}")
    (clause,) = check(str(path), clauses=["DENSE-13"], budget="quick").clauses
    assert clause.status == "fail"


def test_each_generator_is_found_once_and_seeded_by_its_own_kind() -> None:
    """Two names for one generator are one; every kind starts from the seed."""

    class Keeper:
        own = np.random.RandomState(5)

    one, other = np.random.Generator(np.random.Philox(1)), random.Random(2)
    found = generators_in([{"one": one, "same": one, "number": 3}, {"other": other, "Keeper": Keeper}])
    assert found == [one, other, Keeper.own]
    seed_all(found, 11)
    drawn = one.random(), other.random(), Keeper.own.random_sample()
    seed_all(found, 11)
    assert drawn == (one.random(), other.random(), Keeper.own.random_sample())
