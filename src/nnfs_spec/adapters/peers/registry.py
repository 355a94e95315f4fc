"""The peers: which libraries there are, what each needs, and whether it is installed. None is imported here."""

from collections.abc import Mapping
from dataclasses import dataclass
from importlib import import_module
from importlib.metadata import version
from importlib.util import find_spec
from typing import cast

from nnfs_spec.adapters.peers.library import Library
from nnfs_spec.adapters.peers.reasons import Chosen


@dataclass(frozen=True)
class Peer:
    """A library as a peer: what people call it, and the modules that it needs by the names of their distributions.

    ``most`` is the largest budget that it is given.
    """

    title: str
    needs: Mapping[str, str]
    most: Chosen = "default"


PEERS = {
    "plain": Peer("plain NumPy", {"numpy": "numpy"}),
    "scipy": Peer("SciPy", {"scipy": "scipy"}),
    "sklearn": Peer("scikit-learn", {"scikit-learn": "sklearn"}),
    "torch": Peer("torch", {"torch": "torch"}),
    "jax": Peer("JAX", {"jax": "jax", "jaxlib": "jaxlib"}, "quick"),  # compiles for every shape,
    "onnxruntime": Peer("ONNX Runtime", {"onnxruntime": "onnxruntime", "onnx": "onnx"}),
    "keras": Peer("Keras", {"keras": "keras", "torch": "torch"}),
}


def missing(name: str) -> list[str]:
    """Return the distributions that a peer needs and that are not installed."""
    return [distribution for distribution, module in PEERS[name].needs.items() if find_spec(module) is None]


def versions(name: str) -> dict[str, str]:
    """Return the version of each distribution that an installed peer needs."""
    return {distribution: version(distribution) for distribution in PEERS[name].needs}


def library(name: str) -> Library:
    """Import a peer. Raises LookupError where there is none of that name, or it is not installed."""
    if name not in PEERS:
        raise LookupError(f"there is no peer named {name!r}; there are {', '.join(PEERS)}")
    if lacking := missing(name):
        raise LookupError(f"{PEERS[name].title} needs {', '.join(lacking)}, not installed; the extra peers has all")
    return cast("Library", import_module(f"nnfs_spec.adapters.peers.{name}").LIBRARY)
