"""What judging costs: rows a second for each operation, beside the bare cost of making the inputs and the calls.

Run by ``make rates``. Both are measured in one run in one process, on the reference, and the ratio is what counts.
"""

import time
from collections.abc import Callable, Sequence
from statistics import median

from rich.console import Console
from rich.table import Table

from nnfs_spec.adapters.load import load
from nnfs_spec.clauses import all_clauses
from nnfs_spec.engine.budget import BUDGETS
from nnfs_spec.engine.plan import steps, units_of
from nnfs_spec.engine.root_cause import in_root_cause_order
from nnfs_spec.properties import PROPERTIES
from nnfs_spec.subject.protocol import Call, Outcome, Subject
from tests.tools.check_here import check_here

ROUNDS = 3
OPERATIONS = ("dense", "relu", "softmax", "sample_losses", "loss", "accuracy")


class Timed:
    """A subject with one operation of another, that counts its calls and the time they take."""

    def __init__(self, subject: Subject, operation: str) -> None:
        self._subject = subject
        self.name = operation
        self.operations = frozenset({operation})
        self.account = subject.account
        self.reach = subject.reach
        self.calls = 0
        self.seconds = 0.0

    def run(self, session: Sequence[Call]) -> Sequence[Outcome]:
        """Make the calls."""
        start = time.process_time()
        outcomes = self._subject.run(session)
        self.seconds += time.process_time() - start
        self.calls += len(session)
        return outcomes


def seconds(work: Callable[[], object]) -> float:
    """Return how long ``work`` takes on the clock of the processor."""
    start = time.process_time()
    work()
    return time.process_time() - start


def clauses_about(operation: str) -> list[str]:
    """Return the clauses that have a domain of ``operation``."""
    return [id for id in all_clauses() if any(domain.operation == operation for domain in PROPERTIES[id].domains)]


def generate(operation: str) -> None:
    """Make every case of the plan and do nothing with it."""
    units = units_of(frozenset({operation}), in_root_cause_order(clauses_about(operation)))
    for step in steps(units, BUDGETS["default"], 0):
        step.show(lambda case: None)


def measured(operation: str) -> tuple[int, int, float, float]:
    """Return rows examined, calls made, the bare seconds of inputs and calls, and the seconds of the whole check."""
    subject = Timed(load("reference"), operation)
    start = time.process_time()
    report = check_here(subject, clauses=clauses_about(operation))
    whole = time.process_time() - start
    bare = subject.seconds + seconds(lambda: generate(operation))
    return sum(result.cases for result in report.clauses), subject.calls, bare, whole


def main() -> None:
    """Print the table."""
    table = Table(box=None)
    for name in ("operation", "rows examined", "calls", "rows a second", "bare, s", "checked, s", "ratio"):
        table.add_column(name, justify="left" if name == "operation" else "right")
    for operation in OPERATIONS:
        rounds = [measured(operation) for _ in range(ROUNDS)]
        rows, calls = rounds[0][:2]
        bare, whole = median(one for _, _, one, _ in rounds), median(one for _, _, _, one in rounds)
        ratio = median(whole / bare for _, _, bare, whole in rounds)
        figures = f"{rows:,}", f"{calls:,}", f"{rows / whole:,.0f}", f"{bare:.2f}", f"{whole:.2f}", f"{ratio:.2f}"
        table.add_row(operation, *figures)
    Console().print(table)


if __name__ == "__main__":
    main()
