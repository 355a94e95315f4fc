"""The generated parts of the repository: ``make generated`` writes them, a test compares them byte for byte."""

import ast
import os
import platform
import re
import subprocess
import sys
from collections.abc import Callable
from functools import partial
from importlib.metadata import version
from pathlib import Path

import numpy as np

from nnfs_spec.adapters.load import load
from nnfs_spec.checking.kill_matrix import Matrix
from nnfs_spec.clauses import CHAPTERS, EVIDENCE, Clause, all_clauses
from nnfs_spec.engine.accuracy import by_operation, measure
from nnfs_spec.reports.accuracy_wording import figures_of
from spec.proofs import evidence
from tests import ROOT
from tests.tools import kill_matrix
from tests.tools.vectors.write import texts

START, END = "<!-- index: written by make generated -->\n", "<!-- end of index -->\n"
MEASURED = "<!-- accuracy of the reference: written by make generated -->\n"
END_OF_MEASURED = "<!-- end of accuracy -->\n"
CONSOLE = re.compile(r"^(`{3,})console\n\$ (nnfs-spec .+)\n(?:.*\n)*?\1$", re.MULTILINE)
FILE = re.compile(r"^<!-- file: (.+) -->\n```python\n(?:.*\n)*?```$", re.MULTILINE)
TESTS = re.compile(r"^<!-- tests: (\S+) (.+) -->\n```py\n(?:.*\n)*?```$", re.MULTILINE)


def spec_readme() -> str:
    """Return spec/README.md with its index of clauses made anew."""
    before, _, rest = (ROOT / "spec" / "README.md").read_text(encoding="utf-8").partition(START)
    _, _, after = rest.partition(END)
    return f"{before}{START}\n{index_table()}\n\n{END}{after}"


def index_table() -> str:
    """Return the table of all clauses that stands in spec/README.md."""
    rows = [f"| [{c.id}]({c.chapter}.md) | {c.level} | {c.title} | {kind(c)} |" for c in all_clauses().values()]
    return "\n".join(["| clause | level | title | evidence |", "|---|---|---|---|", *rows])


def kind(clause: Clause) -> str:
    """Return with which of the four kinds of evidence a clause begins."""
    (found,) = (one for one in EVIDENCE if clause.fields["Evidence"].startswith(one))
    return found.removesuffix(" over").lower()


def shown(path: Path) -> str:
    """Return a page with the output of its commands, and the files and tests that it quotes, made anew."""
    text = CONSOLE.sub(lambda block: f"{block[1]}console\n$ {block[2]}\n{output(block[2])}{block[1]}", path.read_text())
    text = FILE.sub(lambda block: f"<!-- file: {block[1]} -->\n```python\n{(ROOT / block[1]).read_text()}```", text)
    return TESTS.sub(lambda block: f"<!-- tests: {block[1]} {block[2]} -->\n```py\n{tests(*block.groups())}```", text)


def output(command: str) -> str:
    """Return what a command of a page prints, run in the checkout as a user would."""
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run(
        command.split(), cwd=ROOT, env={**os.environ, "PATH": path}, stdout=subprocess.PIPE, text=True, timeout=300
    )
    return "".join(f"{line.rstrip()}\n" for line in done.stdout.splitlines())


def tests(file: str, names: str) -> str:
    """Return the named functions of a file with their decorators, in the order of the file."""
    text = (ROOT / file).read_text(encoding="utf-8")
    wanted = [one for one in ast.parse(text).body if isinstance(one, ast.FunctionDef) and one.name in names.split()]
    lines = text.splitlines(keepends=True)
    return "\n\n".join("".join(lines[one.decorator_list[0].lineno - 1 : one.end_lineno]) for one in wanted)


def conformance() -> str:
    """Return spec/conformance.md with the errors of the reference measured anew, and what they were measured with."""
    text = (ROOT / "spec" / "conformance.md").read_text(encoding="utf-8")
    before, _, rest = text.partition(MEASURED)
    _, _, after = rest.partition(END_OF_MEASURED)
    rows = ["| operation | dtype | entries | worst share of the bound | worst error, ULP | mean error, ULP |"]
    rows.append("|---|---|---|---|---|---|")
    for one in by_operation(measure(load("reference"), seed=0)):
        rows.append(f"| {one.operation} | {one.dtype} | {one.entries:,} | {' | '.join(figures_of(one))} |")
    versions = f"NumPy {np.__version__}, python-flint {version('python-flint')}, {platform.machine()}"
    told = f"Measured with `nnfs-spec accuracy reference`, {versions}."
    return "\n".join([f"{before}{MEASURED}", *rows, "", told, "", f"{END_OF_MEASURED}{after}"])


SHOWING = (ROOT / "README.md", ROOT / "spec" / "checking.md", ROOT / "spec" / "ports.md")
"""The pages that show what commands print."""

GENERATED: dict[Path, Callable[[], str]] = {
    **{ROOT / "spec" / f"{chapter}.md": partial(evidence.page, chapter) for chapter in CHAPTERS},
    ROOT / "spec" / "README.md": spec_readme,
    ROOT / "spec" / "conformance.md": conformance,
    **{page: partial(shown, page) for page in SHOWING},
}
"""The pages; spec/kill-matrix.md and the files of spec/vectors/ are tested where their numbers are."""


def main() -> None:
    """Write every generated file, or those that are named alone."""
    named = [Path(one).resolve() for one in sys.argv[1:]]
    for path in named or GENERATED:
        path.write_text(GENERATED[path](), encoding="utf-8")
    if named:
        return
    kill_matrix.PAGE.write_text(kill_matrix.page(list(Matrix().rows())), encoding="utf-8")
    for name, file in texts().items():
        (ROOT / "spec" / "vectors" / name).write_text(file, encoding="utf-8")


if __name__ == "__main__":
    main()
