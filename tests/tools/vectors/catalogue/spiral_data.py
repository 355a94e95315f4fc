"""Cases of the spiral: what is known of it, whatever the generator draws."""

from typing import Any

import numpy as np

from tests.tools.vectors.cases import SEED, Source


def cases(dtype: str) -> list[Source]:
    """Return the cases; a spiral has no dtype of its own."""
    return [
        _case("course-spiral", 100, 3, "DATA-1", "DATA-2", source=SEED),
        _case("one-class", 7, 1, "DATA-1", "DATA-2"),
        _case("two-points-in-an-arm", 2, 5, "DATA-1", "DATA-2"),
        _case("one-point-in-an-arm", 1, 3, "DATA-1", "DATA-2"),
        _case("no-samples", 0, 3, "DATA-4", level="SHOULD", flags=["no-size"], error="value"),
        _case("no-classes", 5, 0, "DATA-4", level="SHOULD", flags=["no-size"], error="value"),
        _case("fewer-than-none", -1, 2, "DATA-4", level="SHOULD", flags=["no-size"], error="value"),
    ]


def _case(name: str, samples: int, classes: int, *clauses: str, source: str = "chosen", **more: Any) -> Source:
    counts = {"samples": samples, "classes": classes, "seed": 1}
    return Source(name, clauses, {key: np.asarray(n, np.int64) for key, n in counts.items()}, source, **more)
