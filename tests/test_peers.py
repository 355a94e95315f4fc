"""Other people's libraries under check: what does not hold for them is explained, so the bounds raise no false alarm.

The libraries come with the extra ``peers``, which the gate does not install; a library that is not there is skipped.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path

import pytest

from nnfs_spec import check
from nnfs_spec.clauses import all_clauses
from nnfs_spec.testing import Budget

PEERS = Path(__file__).parent / "targets" / "peers"
OPERATIONS = ("accuracy", "dense", "loss", "relu", "sample_losses", "softmax")

FLUSHED = "XLA's code for the CPU flushes subnormals to zero; the bound counts them, and to lose one is no rounding"
RECIPROCAL = "XLA multiplies by 1/N, rounded, where k/N asks for a division: two roundings, and 49/49 comes out below 1"
CLIPPED = "the clip turns an infinite probability into a plausible loss, and one outside [0, 1] too"
NO_MEAN = "the mean of nothing is NaN, or 0 in ONNX Runtime, and no error"
SOFT = "the largest entry of a row stands for the class, whether or not the row is one-hot"
ADVICE = {
    "GEN-5": "whole numbers are computed as they come, or have no kernel",
    "GEN-6": CLIPPED,
    "GEN-8": "other numbers of dimensions, or rows of no classes, are taken as well",
    "LOSS-12": SOFT,
    "LOSS-13": CLIPPED,
    "LOSS-14": NO_MEAN,
    "ACC-6": SOFT,
}


@dataclass(frozen=True)
class Peer:
    """What has to be installed, and why which clauses do not hold; those of ``rare`` only at some budgets."""

    modules: tuple[str, ...]
    explained: Mapping[str, str]
    rare: Mapping[str, str] = field(default_factory=dict[str, str])
    budget: Budget = "default"


EXPLAINED = {
    "scipy": Peer(
        ("scipy",),
        {
            **ADVICE,
            "GEN-6": "NumPy multiplies by a matrix of one entry through axpy, which leaves NaN out if that entry is 0",
            "LOSS-11": "a label outside the classes equals none of them, so its row of the one-hot matrix is empty",
            "LOSS-12": "what is no one-hot row weighs the logarithms as it is",
        },
    ),
    "torch": Peer(("torch",), ADVICE),
    "onnxruntime": Peer(
        ("onnxruntime", "onnx"), {**ADVICE, "LOSS-11": "GatherElements counts negative labels from the end"}
    ),
    "jax": Peer(
        ("jax",),
        {**ADVICE, "RELU-1": FLUSHED, "LOSS-11": "an index outside is moved to the nearest class"},
        {
            **dict.fromkeys(("RELU-3", "DENSE-1", "DENSE-4"), FLUSHED),
            **dict.fromkeys(("ACC-1", "ACC-2", "ACC-4"), RECIPROCAL),
        },
        budget="quick",  # every shape is compiled anew
    ),
}


@pytest.mark.peers
@pytest.mark.parametrize("name", EXPLAINED)
def test_a_peer_breaks_no_clause_without_an_explanation(name: str) -> None:
    """In a process of its own; advice included, as the explanation of each is a derivation or a choice."""
    peer = EXPLAINED[name]
    if missing := [module for module in peer.modules if find_spec(module) is None]:
        pytest.skip(f"{', '.join(missing)} is not installed")
    report = check(str(PEERS / f"{name}_peer.py"), level="should", budget=peer.budget, timeout=60.0)
    assert report.supported == OPERATIONS
    broken = {result.id for result in report.clauses if result.status in ("fail", "error")}
    blocked = {result.id for result in report.clauses if result.status == "blocked"}
    assert broken <= peer.explained.keys() | peer.rare.keys()
    assert peer.explained.keys() <= broken | blocked  # where a rare one fails, it may stand for another
    assert {result.status for result in report.clauses} <= {"pass", "fail", "error", "blocked", "unsupported"}


@pytest.mark.parametrize("name", EXPLAINED)
def test_an_explanation_is_of_a_clause_that_there_is(name: str) -> None:
    """Wherever the libraries are installed or not."""
    peer = EXPLAINED[name]
    assert peer.explained.keys() | peer.rare.keys() <= all_clauses().keys()
    assert (PEERS / f"{name}_peer.py").is_file()
