"""Runs the definitions among the statements of a source, and keeps what there is to tell of the others."""

import __future__

import ast
from collections.abc import Sequence
from types import ModuleType

from nnfs_spec.adapters.source.cells import Cell, lines
from nnfs_spec.adapters.source.missing_module import MissingModule, while_defining
from nnfs_spec.adapters.source.statements import (
    bound_name,
    imports_in,
    is_definition,
    names_bound_by,
    one_by_one,
    spread_out,
)

NOT_RUN = "would define it, but only definitions are run; --run-all runs everything"
MAIN_PROGRAM = "would define it, but belongs to the main program, which is not run"


class Definitions:
    """Runs the statements of sources, and keeps what there is to tell of them."""

    def __init__(self, run_all: bool = False) -> None:
        self.notes: list[str] = []
        self.broken: dict[str, str] = {}
        self.modules: set[str] = set()
        self._run_all = run_all
        self._absent: dict[str, str] = {}

    def run(self, cells: Sequence[Cell], module: ModuleType) -> None:
        """Run cells in a module: their definitions, or all statements but those of a main program."""
        future = 0
        for cell in cells:
            skipped: list[tuple[ast.stmt, str]] = []
            for statement, of_main_program in spread_out(cell.tree.body):
                if of_main_program and (isinstance(statement, ast.Raise) or not is_definition(statement)):
                    skipped.append((statement, MAIN_PROGRAM))
                    continue
                if not self._run_all and not is_definition(statement):
                    skipped.append((statement, NOT_RUN))
                    continue
                future |= _future_flags(statement)
                for one in one_by_one(statement):
                    self._execute(one, cell.place, module, future)
            self._note_skipped(skipped, cell.place)

    def explain(self, error: BaseException) -> str:
        """Return the message of an exception; for a name that is not there, which line would have defined it."""
        absent = self._absent.get(error.name or "") if isinstance(error, NameError) else None
        return f"{error} ({absent})" if absent else str(error)

    def _execute(self, statement: ast.stmt, place: str, module: ModuleType, future: int) -> None:
        code = compile(ast.Module([statement], []), str(module.__file__), "exec", flags=future, dont_inherit=True)
        where = f"{place}line {statement.lineno}"
        try:
            if is_definition(statement):
                with while_defining():
                    exec(code, vars(module))
            else:
                exec(code, vars(module))
        except BaseException as problem:
            self._note_failure(statement, where, module, problem)
            return
        if isinstance(statement, ast.FunctionDef | ast.ClassDef):
            self.broken.pop(statement.name, None)
            made = vars(module)[statement.name]
            if isinstance(made, MissingModule):
                self._note_absence(statement, where, made.lack())

    def _note_failure(self, statement: ast.stmt, where: str, module: ModuleType, problem: BaseException) -> None:
        imported = list(imports_in(statement)) if not isinstance(statement, ast.FunctionDef | ast.ClassDef) else []
        if imported and isinstance(problem, ImportError):
            reason = str(problem)
            self.notes.append(f"{where}: {reason}")
        else:
            reason = f"{type(problem).__name__}: {self.explain(problem)}"
            self._break(statement, where, reason)
        for alias in imported:
            vars(module).setdefault(bound_name(alias), MissingModule(alias.name, reason))

    def _break(self, statement: ast.stmt, where: str, reason: str) -> None:
        said = self._note_absence(statement, where, reason)
        if isinstance(statement, ast.FunctionDef | ast.ClassDef):
            self.broken[statement.name] = said

    def _note_absence(self, statement: ast.stmt, where: str, reason: str) -> str:
        said = f"{where}: {'not defined' if is_definition(statement) else 'stopped'}: {reason}"
        self.notes.append(said)
        for name, _ in names_bound_by(statement):
            self._absent[name] = f"{where} should have defined it, but {reason}"
        return said

    def _note_skipped(self, skipped: Sequence[tuple[ast.stmt, str]], place: str) -> None:
        if not skipped:
            return
        covered = [number for one, _ in skipped for number in range(one.lineno, (one.end_lineno or one.lineno) + 1)]
        counted = (
            "1 statement that is no definition was"
            if len(skipped) == 1
            else (f"{len(skipped)} statements that are no definitions were")
        )
        self.notes.append(f"{place}{lines(covered)}: {counted} not run")
        for statement, advice in skipped:
            for name, line in names_bound_by(statement):
                self._absent.setdefault(name, f"{place}line {line} {advice}")


def _future_flags(statement: ast.stmt) -> int:
    """Return what a ``from __future__ import`` switches on for the statements after it."""
    if not isinstance(statement, ast.ImportFrom) or statement.module != "__future__":
        return 0
    return sum(getattr(__future__, alias.name).compiler_flag for alias in statement.names)
