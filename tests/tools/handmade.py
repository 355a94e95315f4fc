"""Reports made by hand, for the tests of their forms."""

from typing import Any

import numpy as np

from nnfs_spec.engine.events import ClauseResult, Counterexample, Diagnosis, Report, Status, Verdict
from nnfs_spec.subject.protocol import CodeLine, CodeLines

LEAKY = Counterexample(
    "relu",
    {"inputs": np.array([[-1.0]], np.float32)},
    np.array([[-0.01]], np.float32),
    np.array([[0.0]], np.float32),
    np.asarray(0.0),
    "entries of at least 0",
    code=CodeLines(CodeLine("t.py", 3, "def relu(x):"), CodeLine("t.py", 5, "    return np.where(x > 0, x, 0.01 * x)")),
)
"""A result that broke a clause."""

SHOUTING = Counterexample("relu", {"inputs": np.array([[0.0]])}, None, None, None, "relu raised ValueError: oh")
"""A call that gave no result."""

MISUNDERSTOOD = Diagnosis(
    "relu-leaky", "relu", "A slope below 0 does no harm.", "Cut off: np.maximum(0, x).", ("RELU-2",)
)


def clause(
    id: str = "RELU-2",
    status: Status = "pass",
    counterexample: Counterexample | None = None,
    level: str = "MUST",
    **others: Any,
) -> ClauseResult:
    """Return how one clause fared."""
    cases = 0 if status in ("unsupported", "not-exercised") else 1234
    replay = f"nnfs-spec check t.py --clause {id} --budget quick --seed 0"
    return ClauseResult(id, level, f"title of {id}", status, cases, None, counterexample, replay, **others)


def failing(
    id: str = "RELU-2", counterexample: Counterexample = LEAKY, level: str = "MUST", **others: Any
) -> ClauseResult:
    """Return a clause that fails, or that is an error where the counterexample has no result."""
    return clause(id, "error" if counterexample.got is None else "fail", counterexample, level, **others)


def report(
    *results: ClauseResult,
    target: str = "t.py",
    level: str = "must",
    verdict: Verdict = "nonconformant",
    diagnosis: tuple[Diagnosis, ...] = (),
    taken: tuple[str, ...] = (),
    problems: tuple[str, ...] = (),
    output: str = "",
    **others: Any,
) -> Report:
    """Return a report of these clauses."""
    given = (results, diagnosis, taken, problems, output)
    return Report(target, 0, "quick", level, verdict, ("relu",), *given, **others)


CUT_SHORT = report(
    clause("RELU-1"),
    clause("RELU-2", "not-exercised"),
    verdict="incomplete",
    cut_short=("stopped after 3 s, as asked: 1 of 6 steps were taken",),
)
"""A run whose time was up before it was complete."""

MISLEADING = report(
    clause("RELU-1"), verdict="conformant", notices=("line 4: `lower()` was not run, though it changes `LOW`",)
)
"""A run whose verdict may not be what it seems."""

EVERYTHING = report(
    failing("RELU-2"),
    failing("RELU-5", SHOUTING),
    failing("RELU-6", SHOUTING),
    failing("GEN-6", level="SHOULD"),
    clause("RELU-1", "blocked", blocked_by="RELU-2"),
    clause("RELU-3", "expected-fail", LEAKY, known="a slope on purpose (https://example.org/7)"),
    clause("RELU-4", "unexpected-pass", known="not yet explained"),
    clause("RELU-7"),
    clause("GEN-7", "not-exercised"),
    clause("ACC-1", "unsupported"),
    diagnosis=(MISUNDERSTOOD,),
    taken=("relu: ReLU.forward",),
    problems=("3 statements were not run",),
    output="hello\nworld\n",
)
"""One clause of every status, and something in every other field."""

HOSTILE = "</script><b>\x1b[2J|`<!--]]>&\ud800\n# x"
"""What a subject may put into any text of its own."""

ATTACKED = report(
    failing("RELU-2", Counterexample("relu", {"inputs": np.ones((1, 1))}, None, None, None, HOSTILE, HOSTILE, HOSTILE)),
    clause("RELU-3", "expected-fail", LEAKY, known=HOSTILE),
    target=HOSTILE,
    diagnosis=(Diagnosis("m", "relu", HOSTILE, HOSTILE),),
    taken=(HOSTILE,),
    problems=(HOSTILE,),
    output=HOSTILE,
)
"""A report whose every text is hostile."""
