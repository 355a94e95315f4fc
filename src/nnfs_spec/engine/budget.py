"""How much is tried: the budgets. It imports nothing else of the kit, so that a command knows their names at once."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias

BudgetName: TypeAlias = Literal["quick", "default", "thorough", "exhaustive"]


@dataclass(frozen=True)
class Budget:
    """How much to try of every clause, domain and dtype.

    ``batches`` of the families of values; each ``stride``-th of all sizes, for the clauses that state a value or, with
    ``every_clause``, for all of the domain; likewise each ``wide``-th of the large widths; ``large`` batches of many
    rows; ``examples`` of the search; and, if ``complete``, every input of the sets that are small enough to be tried
    completely.
    """

    batches: int
    stride: int
    large: int
    examples: int
    every_clause: bool = False
    complete: bool = False
    wide: int = 0


BUDGETS: Mapping[BudgetName, Budget] = {
    "quick": Budget(batches=9, stride=32, large=0, examples=0, wide=9),
    "default": Budget(batches=26, stride=1, large=1, examples=0, wide=1),
    "thorough": Budget(batches=200, stride=1, large=3, examples=150, every_clause=True, wide=1),
    "exhaustive": Budget(batches=26, stride=1, large=1, examples=0, complete=True, wide=1),
}
