"""Reads Python source into cells: a file is one cell, a notebook has many."""

import ast
import json
import linecache
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

NOTEBOOK = ".ipynb"

PYTHON_CELL_MAGICS = frozenset({"%%capture", "%%prun", "%%time", "%%timeit"})
"""Cell magics after which comes Python."""

_TOO_DEEP = (RecursionError, MemoryError)
"""What Python's parser raises for what is nested without end."""

_MAGIC = re.compile(r"^(\s*)(?:[%!?]|\w+\s*=\s*[%!]|\S.*\?\s*$)")


@dataclass(frozen=True)
class Cell:
    """The statements of a cell; ``place`` goes before the number of a line, such as "cell 3 ".

    ``file`` is what the code is called when it is compiled, under which ``linecache`` has its lines.
    """

    place: str
    tree: ast.Module
    file: str


def read_cells(path: Path, place: str = "") -> tuple[list[Cell], list[str]]:
    """Return the cells of a Python file or a notebook, and notes on what of them is no Python.

    Raises OSError where it cannot be read, SyntaxError where a file is no Python, ValueError where a notebook is none.
    """
    if path.suffix != NOTEBOOK:
        try:
            return [Cell(place, ast.parse(path.read_bytes(), filename=str(path)), str(path.absolute()))], []
        except _TOO_DEEP as nested:
            raise ValueError(f"this is nested too deeply to be read as Python: {nested}") from None
    cells: list[Cell] = []
    notes: list[str] = []
    for number, source in _code_cells(path):
        here = f"{place}cell {number} "
        text, dropped = _without_magics(source)
        file = f"{path.absolute()}, cell {number}"
        try:
            cells.append(Cell(here, ast.parse(text, filename=f"{path}, cell {number}"), file))
        except (SyntaxError, ValueError, *_TOO_DEEP) as wrong:
            line, told = (wrong.lineno, wrong.msg) if isinstance(wrong, SyntaxError) else (1, str(wrong))
            notes.append(f"{here}line {line}: the cell is no Python and was left out: {told}")
            continue
        linecache.cache[file] = len(text), None, text.splitlines(keepends=True), file
        if dropped:
            notes.append(f"{here}{lines(dropped)}: for IPython, not run")
    return cells, notes


def _code_cells(path: Path) -> list[tuple[int, str]]:
    """Return number and source of the code cells, counted from 1 among all cells."""
    try:
        notebook: Any = json.loads(path.read_text(encoding="utf-8-sig"))
        sheets: list[Any] = [notebook] if "cells" in notebook else notebook["worksheets"]
        return [
            (number, "".join(cell.get("source", cell.get("input", ""))))
            for number, cell in enumerate((cell for sheet in sheets for cell in sheet["cells"]), start=1)
            if cell["cell_type"] == "code"
        ]
    except (ValueError, KeyError, IndexError, TypeError, AttributeError, RecursionError) as wrong:
        raise ValueError(
            f"this is no notebook: {type(wrong).__name__}: {wrong}; a notebook is JSON with a list of cells"
        ) from None


def _without_magics(source: str) -> tuple[str, list[int]]:
    """Return a cell with IPython's lines replaced by ``pass``, and the numbers of these lines."""
    try:
        ast.parse(source)
    except (SyntaxError, ValueError, *_TOO_DEEP):
        pass
    else:
        return source, []
    text = source.splitlines()
    cell_magic = next((line.split()[0] for line in text if line.strip()), "")
    if cell_magic.startswith("%%") and cell_magic not in PYTHON_CELL_MAGICS:
        return "", list(range(1, len(text) + 1))
    dropped = [number for number, line in enumerate(text, start=1) if _MAGIC.match(line)]
    kept = [_MAGIC.sub(r"\1pass #", line) if number in dropped else line for number, line in enumerate(text, start=1)]
    return "\n".join(kept), dropped


def lines(numbers: list[int]) -> str:
    """Return numbers of lines as words: "line 3", "lines 3, 7-9"."""
    runs: list[list[int]] = []
    for number in sorted(set(numbers)):
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    told = ", ".join(str(run[0]) if len(run) == 1 else f"{run[0]}-{run[-1]}" for run in runs)
    return f"{'line' if len(runs) == 1 and len(runs[0]) == 1 else 'lines'} {told}"
