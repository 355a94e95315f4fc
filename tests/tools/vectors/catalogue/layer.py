"""Cases of a new layer: what is known of it, whatever the generator draws."""

from typing import Any

import numpy as np

from tests.tools.vectors.cases import SEED, Source


def cases(dtype: str) -> list[Source]:
    """Return the cases; a layer has no dtype of its own."""
    return [
        _case("course-hidden-layer", 2, 3, "DENSE-6", "DENSE-7", source=SEED),
        _case("more-inputs-than-neurons", 5, 2, "DENSE-6", "DENSE-7"),
        _case("one-input", 1, 4, "DENSE-6", "DENSE-7"),
        _case("one-neuron", 4, 1, "DENSE-6", "DENSE-7"),
        _case("uniform-draw", 30, 20, "DENSE-11", "DENSE-12", "DENSE-14", level="SHOULD", flags=["draw"]),
        _case("no-inputs", 0, 3, "DENSE-10", level="SHOULD", flags=["no-size"], error="value"),
        _case("no-neurons", 2, 0, "DENSE-10", level="SHOULD", flags=["no-size"], error="value"),
        _case("fewer-than-none", 2, -3, "DENSE-10", level="SHOULD", flags=["no-size"], error="value"),
    ]


def _case(name: str, n_inputs: int, n_neurons: int, *clauses: str, source: str = "chosen", **more: Any) -> Source:
    counts = {"n_inputs": n_inputs, "n_neurons": n_neurons, "seed": 1}
    return Source(name, clauses, {key: np.asarray(n, np.int64) for key, n in counts.items()}, source, **more)
