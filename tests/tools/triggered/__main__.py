"""Draws triggered mutants by seed, checks them at each budget, and writes spec/triggered.md."""

import argparse

from nnfs_spec.engine.budget import BudgetName
from tests.tools.triggered.measure import Share, shares
from tests.tools.triggered.page import PAGE, overall, page


def main() -> None:
    """Print the share found by kind of trigger, and what slipped; write the page where all budgets were asked for."""
    parser = argparse.ArgumentParser(prog="python -m tests.tools.triggered", description=__doc__)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--count", type=int, default=12)
    parser.add_argument("--budget", choices=["quick", "default", "thorough"], help="this one alone; writes no page")
    given = parser.parse_args()
    found: list[Share] = []
    asked: list[BudgetName] = [given.budget] if given.budget else ["quick", "default"]
    for budget in asked:
        for share in shares(budget, given.count, given.seed):
            found.append(share)
            print(f"{budget:8} {share.kind:20} {share.found:5.0%}", *share.slipped, sep="\n         ", flush=True)
        print(f"{budget:8} {'all':20} {overall(found, budget):5.0%}", flush=True)
    if not given.budget:
        PAGE.write_text(page(found, given.seed), encoding="utf-8")


if __name__ == "__main__":
    main()
