"""The generated parts of the repository: ``make generated`` writes them, a test compares them byte for byte."""

import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from nnfs_spec.clauses import index_table
from tests.vectors.write import texts

ROOT = Path(__file__).parents[1]
START, END = "<!-- index: written by make generated -->\n", "<!-- end of index -->\n"
CONSOLE = re.compile(r"^(`{3,})console\n\$ (nnfs-spec .+)\n(?:.*\n)*?\1$", re.MULTILINE)
FILE = re.compile(r"^<!-- file: (.+) -->\n```python\n(?:.*\n)*?```$", re.MULTILINE)


def spec_readme() -> str:
    """Return spec/README.md with its index of clauses made anew."""
    before, _, rest = (ROOT / "spec" / "README.md").read_text(encoding="utf-8").partition(START)
    _, _, after = rest.partition(END)
    return f"{before}{START}\n{index_table()}\n\n{END}{after}"


def readme() -> str:
    """Return README.md with the output of its commands and the files it shows made anew."""
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    text = CONSOLE.sub(lambda block: f"{block[1]}console\n$ {block[2]}\n{output(block[2])}{block[1]}", text)
    return FILE.sub(lambda block: f"<!-- file: {block[1]} -->\n```python\n{(ROOT / block[1]).read_text()}```", text)


def output(command: str) -> str:
    """Return what a command of the README prints, run in the checkout as a user would."""
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run(
        command.split(), cwd=ROOT, env={**os.environ, "PATH": path}, stdout=subprocess.PIPE, text=True, timeout=300
    )
    return "".join(f"{line.rstrip()}\n" for line in done.stdout.splitlines())


GENERATED: dict[Path, Callable[[], str]] = {ROOT / "spec" / "README.md": spec_readme, ROOT / "README.md": readme}
"""The pages; the files of spec/vectors/ are tested where their numbers are."""


def main() -> None:
    """Write every generated file."""
    for path, text in GENERATED.items():
        path.write_text(text(), encoding="utf-8")
    for name, file in texts().items():
        (ROOT / "spec" / "vectors" / name).write_text(file, encoding="utf-8")


if __name__ == "__main__":
    main()
