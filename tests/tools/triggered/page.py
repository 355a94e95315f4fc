"""Writes spec/triggered.md from the shares that were found."""

from collections.abc import Mapping, Sequence

from nnfs_spec.clauses import spec_folder
from tests.tools.triggered.measure import Share

PAGE = spec_folder() / "triggered.md"

INTRODUCTION = """# Triggered mutants

A known mistake seldom stands in the open. Here each is made only under a condition: in batches above some size, in one
memory layout, after another call, beside one value. Mistake and condition are drawn at random by a seed, and each pair
was seen to be wrong on arguments within the domain before it was counted. The table shows the share of them that a
check finds, by the kind of condition and the budget.

"""


def page(found: Sequence[Share], seed: int) -> str:
    """Return the page: a row for each kind, a column for each budget."""
    budgets, kinds = (list(dict.fromkeys(names)) for names in ([s.budget for s in found], [s.kind for s in found]))
    cells: Mapping[tuple[str, str], Share] = {(share.kind, share.budget): share for share in found}
    each = found[0].tried
    lines = [
        f"Seed {seed}, {each} mutants of each kind; `make triggered SEED={seed} COUNT={each}` draws them again.",
        "",
    ]
    lines += [f"| condition | {' | '.join(budgets)} |", f"|---|{'---|' * len(budgets)}"]
    for kind in kinds:
        lines.append(f"| {kind} | {' | '.join(f'{cells[kind, budget].found:.0%}' for budget in budgets)} |")
    lines.append(f"| **all** | {' | '.join(f'{overall(found, budget):.0%}' for budget in budgets)} |")
    slipped = [f"- {name}" for share in found if share.budget == budgets[-1] for name in share.slipped]
    lines += ["", f"What slipped at the {budgets[-1]} budget:", "", *(slipped or ["- nothing"])]
    return f"<!-- written by make triggered -->\n{INTRODUCTION}" + "\n".join(lines) + "\n"


def overall(found: Sequence[Share], budget: str) -> float:
    """Return the share of all mutants that a budget finds."""
    of_budget = [share for share in found if share.budget == budget]
    return 1 - sum(len(share.slipped) for share in of_budget) / sum(share.tried for share in of_budget)
