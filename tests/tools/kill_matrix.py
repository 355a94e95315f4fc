"""Writes spec/kill-matrix.md from the rows of the kill matrix."""

from collections.abc import Sequence
from statistics import median

from nnfs_spec.checking.kill_matrix import BATCHES, ENGINES, EXAMPLES, Engine, Row
from nnfs_spec.clauses import spec_folder

PAGE = spec_folder() / "kill-matrix.md"

INTRODUCTION = f"""# The kill matrix

A mutant is a wrong implementation, kept to show that the clauses notice it. Each names the clauses that must, and here
is whether they do, each by its own property and nothing else, for every engine that makes inputs:

- **sweep**: batches of adversarial values, at most {BATCHES} of each domain and dtype, as in the default budget;
- **search**: small cases from Hypothesis, at most {EXAMPLES} of each domain and dtype, as in the thorough budget;
- **vectors**: the frozen cases of [vectors/](vectors/README.md), in their order.

A number is that of the first case that shows the mistake; `-` means that none does. Domains and dtypes take turns, so
a clause with four of them has its second batch of the first one as its fifth case. `nnfs-spec mutants --matrix`
computes the matrix again and tells the seconds, too.

**Every mutant is killed by the sweep alone, by every clause that it names.** The tests hold this, and every number of
the sweep and the vectors. Those of the search depend on the version of Hypothesis and are not compared.
[vectors/](vectors/README.md) says what no fixed input can show.

"""


def page(rows: Sequence[Row]) -> str:
    """Return the page. Rows that lack an engine leave its cells empty."""
    lines = ["| engine | mutants killed | pairs of mutant and clause | cases to the first kill: median | most |"]
    lines += ["|---|---|---|---|---|", *(_summary(engine, rows) for engine in ENGINES)]
    lines += ["", "## Mutants by clauses", "", f"| mutant | clause | {' | '.join(ENGINES)} |", "|---|---|---|---|---|"]
    for row in rows:
        cells = " | ".join(_cell(row, engine) for engine in ENGINES)
        lines.append(f"| {row.mutant.name} | {row.clause} | {cells} |")
    return f"<!-- written by make generated -->\n{INTRODUCTION}" + "\n".join(lines) + "\n"


def _summary(engine: Engine, rows: Sequence[Row]) -> str:
    cases = [kill.case for row in rows if (kill := row.kills.get(engine)) is not None]
    killed = len({row.mutant.name for row in rows if row.kills.get(engine) is not None})
    mutants = len({row.mutant.name for row in rows})
    shares = f"{killed} of {mutants} | {len(cases)} of {len(rows)}"
    return f"| {engine} | {shares} | {median(cases):g} | {max(cases)} |" if cases else f"| {engine} | | | | |"


def _cell(row: Row, engine: Engine) -> str:
    if engine not in row.kills:
        return ""
    kill = row.kills[engine]
    return "-" if kill is None else str(kill.case)
