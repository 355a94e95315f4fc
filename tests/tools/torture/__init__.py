"""Tortures the checker: drawn combinations of environment, target, signal and moment, each in a sandbox of its own.

``make torture`` runs them. Of each it is required that no code ran where it must not, that nothing of the user's was
harmed, that the run ended with a truthful code, and that nothing was left behind.
"""

import json
import random
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from tests import ROOT
from tests.tools.torture.trial import ENVIRONMENTS, HABITS, SIGNALS, Combination

SECONDS = 240
"""Within which a run must have ended: every target calls for a few seconds at most."""


@dataclass(frozen=True)
class Outcome:
    """What came of a combination: nothing, if all promises were kept."""

    combination: Combination
    broken: tuple[str, ...]


def draw(seed: int, count: int) -> list[Combination]:
    """Return combinations; the same seed gives the same ones, and the first few of many are those of few."""
    return list(_drawn(random.Random(seed), count))


def _drawn(rng: random.Random, count: int) -> Iterator[Combination]:
    for _ in range(count):
        yield Combination(
            environment=rng.choice(list(ENVIRONMENTS)),
            habit=rng.choice(list(HABITS)),
            signal=rng.choice(list(SIGNALS)),
            moment=round(rng.uniform(0.0, 3.0), 2),
            sandbox=rng.choice(["none", "auto"]),
            many=rng.random() < 0.3,
        )


def torture(combination: Combination) -> Outcome:
    """Run one combination in a world of its own, and return which promises it broke."""
    command = [
        *("bwrap", "--ro-bind", "/", "/", "--dev", "/dev", "--proc", "/proc", "--tmpfs", "/tmp", "--tmpfs", "/run"),
        *(word for path in _needed() for word in ("--ro-bind", path, path)),
        *("--unshare-pid", "--unshare-net", "--unshare-ipc", "--die-with-parent", "--chdir", str(ROOT)),
        *(sys.executable, "-m", "tests.tools.torture.trial", json.dumps(asdict(combination))),
    ]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=SECONDS, check=False)
    except subprocess.TimeoutExpired:
        return Outcome(combination, ("it did not end",))
    if done.returncode != 0:
        return Outcome(combination, (f"the trial itself failed: {done.stderr[-500:]}",))
    return Outcome(combination, tuple(json.loads(done.stdout.splitlines()[-1])))


def _needed() -> list[str]:
    """Return what is to be seen again of what lies in the temporary folder."""
    paths = (Path(sys.prefix), Path(sys.base_prefix), ROOT)
    return sorted({str(path) for path in paths if path.is_relative_to("/tmp")})
