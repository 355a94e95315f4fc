"""The generated parts of the repository: ``make generated`` writes them, a test compares them byte for byte."""

from collections.abc import Callable
from pathlib import Path

from nnfs_spec.clauses import index_table

ROOT = Path(__file__).parents[1]
START, END = "<!-- index: written by make generated -->\n", "<!-- end of index -->\n"


def spec_readme() -> str:
    """Return spec/README.md with its index of clauses made anew."""
    before, _, rest = (ROOT / "spec" / "README.md").read_text(encoding="utf-8").partition(START)
    _, _, after = rest.partition(END)
    return f"{before}{START}\n{index_table()}\n\n{END}{after}"


GENERATED: dict[Path, Callable[[], str]] = {ROOT / "spec" / "README.md": spec_readme}


def main() -> None:
    """Write every generated file."""
    for path, text in GENERATED.items():
        path.write_text(text(), encoding="utf-8")


if __name__ == "__main__":
    main()
