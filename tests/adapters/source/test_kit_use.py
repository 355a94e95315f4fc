"""Targets that take their results from the kit itself: the report says so, by their source or by what they are."""

import ast
from collections.abc import Callable
from functools import partial
from types import CellType, FunctionType
from typing import Any

import numpy as np
import pytest

import nnfs_spec
from nnfs_spec import check, fast
from nnfs_spec.adapters.source.cells import Cell
from nnfs_spec.adapters.source.kit_use import kit_used, uses_in_objects, uses_in_source
from nnfs_spec.arrays import Array


def uses(*sources: str) -> dict[str, str]:
    """Return what cells use of the kit."""
    cells = [Cell(f"cell {number} ", ast.parse(text), "a.ipynb") for number, text in enumerate(sources, 1)]
    return uses_in_source(cells)


@pytest.mark.parametrize(
    ("source", "used"),
    [
        ("import nnfs_spec\nnnfs_spec.relu([[1]])\nnnfs_spec.relu([[2]])", {"nnfs_spec.relu": "cell 1 line 2"}),
        ("import nnfs_spec as kit\ndef f(x): return kit.fast.dense(x)", {"nnfs_spec.fast": "cell 1 line 2"}),
        ("import nnfs_spec.fast\nnnfs_spec.fast.relu", {"nnfs_spec.fast": "cell 1 line 2"}),
        ("import numpy, nnfs_spec.fast as quick", {"nnfs_spec.fast": "cell 1 line 1"}),
        ("from nnfs_spec import relu, check", {"nnfs_spec.relu": "cell 1 line 1"}),
        ("from nnfs_spec.reference.dense import dense", {"nnfs_spec.reference.dense": "cell 1 line 1"}),
        ("from nnfs_spec import *", {"nnfs_spec.*": "cell 1 line 1"}),
        ("import importlib\nimportlib.import_module('nnfs_spec.fast')", {"nnfs_spec.fast": "cell 1 line 2"}),
        ("import nnfs_spec\nnnfs_spec.check('a.py')\nfrom nnfs_spec.testing import parametrize_with_clauses", {}),
        ("from nnfs_spec import strategies\nfrom . import relu\nimport numpy as np\nprint('nnfs_spec is right')", {}),
        ("import nnfs_spec_target\nnnfs_spec_target.relu", {}),
    ],
)
def test_the_source_shows_what_is_used_of_the_kit(source: str, used: dict[str, str]) -> None:
    """Where it first stands; what only checks or draws inputs is no use of its results."""
    found = uses(source)
    assert set(found.values()) == set(used.values())
    assert all(name.startswith(one) for name, one in zip(found, used, strict=True))


def test_an_import_in_one_cell_serves_the_others() -> None:
    """As in a notebook."""
    assert uses("import nnfs_spec as kit", "kit.relu") == {"nnfs_spec.relu": "cell 2 line 1"}


def through(function: Callable[[Array], Any]) -> Callable[[Array], Any]:
    """Return a function that calls another, which it has in its closure."""
    return lambda x: function(x)


def asks(x: Array) -> Array:
    """Ask the kit."""
    return nnfs_spec.relu(x)


def asks_fast(x: Array) -> Array:
    """Ask its fast twin."""
    return fast.relu(x)


def asks_later(x: Array) -> Array:
    """Import it when called."""
    from nnfs_spec.reference import relu

    return relu.relu(x)


def asks_inside(x: Array) -> Array:
    """Ask the kit in a function of its own."""

    def inner() -> Array:
        return nnfs_spec.softmax(x)

    return inner()


class Asks:
    """A layer that asks another function of its module."""

    def forward(self, inputs: Array) -> None:
        """Ask."""
        self.output = asks(inputs)


class AsksToo(Asks):
    """Asks by its base."""


def alone(x: Array) -> Array:
    """Ask nobody of the kit, though it checks itself."""
    assert callable(check)
    return np.maximum(0, x)


@pytest.mark.parametrize(
    ("value", "used"),
    [
        (nnfs_spec.relu, ["nnfs_spec.relu"]),
        (asks, ["nnfs_spec.relu"]),
        (asks_fast, ["nnfs_spec.fast"]),
        (asks_later, ["nnfs_spec.reference"]),
        (through(asks), ["nnfs_spec.relu"]),
        (asks_inside, ["nnfs_spec.softmax"]),
        (partial(asks), ["nnfs_spec.relu"]),
        (Asks, ["nnfs_spec.relu"]),
        (AsksToo(), ["nnfs_spec.relu"]),
        (Asks().forward, ["nnfs_spec.relu"]),
        (alone, []),
        (through(alone), []),
        (np.maximum, []),
        (3, []),
    ],
)
def test_objects_show_what_they_use_of_the_kit(value: Any, used: list[str]) -> None:
    """By the global variables of their functions, however they are reached."""
    assert list(uses_in_objects([value, value])) == used


def test_an_empty_closure_is_passed_over() -> None:
    """As of a function that was deleted again."""

    inner = through(asks).__code__
    kept = FunctionType(inner, {}, "kept", None, (CellType(),))
    assert uses_in_objects([kept]) == {}


def test_the_report_says_above_the_verdict_that_the_kit_checks_itself() -> None:
    """For objects as for sources."""
    said = "the target takes results from nnfs_spec itself (`nnfs_spec.relu`): there the kit checks its own code"
    report = check({"relu": asks}, clauses=["RELU-1"], budget="quick")
    assert report.notices == (said,)
    told = " ".join(str(report).split())
    assert told.index(f"notice: {said}") < told.index("conformant")
    assert check({"relu": alone}, clauses=["RELU-1"], budget="quick").notices == ()
    assert kit_used({"nnfs_spec.relu": "line 2"})[0].startswith(
        "the target takes results from nnfs_spec itself (`nnfs_spec.relu`, line 2)"
    )
