"""Runs the definitions among the statements of a source, and keeps what there is to tell of the others."""

import __future__

import ast
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from types import ModuleType
from typing import Any

from nnfs_spec.adapters.source.cells import Cell, lines
from nnfs_spec.adapters.source.effects import changed_by, names_used
from nnfs_spec.adapters.source.kit_use import uses_in_source
from nnfs_spec.adapters.source.missing_module import MissingModule, while_defining
from nnfs_spec.adapters.source.statements import (
    bound_name,
    imports_in,
    is_definition,
    made_by_call,
    makes_function,
    names_bound_by,
    one_by_one,
    spread_out,
)

NOT_RUN = "would define it, but only definitions are run; --run-all runs everything"
MAIN_PROGRAM = "would define it, but belongs to the main program, which is not run"
NOT_MADE = "would define it, but it took too long or ended its process when it was run by itself"
MOST_CHARACTERS = 60


@dataclass(frozen=True)
class Skipped:
    """A statement of ``module`` that was not run, where it stands, what names it would bind, and why it was not run."""

    statement: ast.stmt
    cell: Cell
    module: ModuleType
    future: int
    advice: str

    def where(self, name: str) -> str:
        """Return the line in which the statement binds a name."""
        return next(f"{self.cell.place}line {line}" for bound, line in names_bound_by(self.statement) if bound == name)


class Definitions:
    """Runs the statements of sources, and keeps what there is to tell of them.

    ``survives`` tries an action where it can do no harm, and tells whether it came to its end.
    """

    def __init__(self, run_all: bool = False, survives: Callable[[Callable[[], object]], bool] | None = None) -> None:
        self.notes: list[str] = []
        self.broken: dict[str, str] = {}
        self.lacking: dict[str, str] = {}
        self.modules: set[str] = set()
        self.made: set[str] = set()
        self._lines: dict[str, str] = {}
        self._left: list[tuple[str, list[Skipped]]] = []
        self._run_later: list[ast.stmt] = []
        self.changes: list[str] = []
        self.kit_uses: dict[str, str] = {}
        self._run_all = run_all
        self._survives = survives or _without_trying
        self._absent: dict[str, str] = {}
        self._skipped: dict[str, list[Skipped]] = {}

    def run(self, cells: Sequence[Cell], module: ModuleType) -> None:
        """Run cells in a module: their definitions, or all statements but those of a main program."""
        future = 0
        skipped: list[Skipped] = []
        for cell in cells:
            here: list[Skipped] = []
            for statement, of_main_program in spread_out(cell.tree.body):
                defines = is_definition(statement, vars(module))
                future |= _future_flags(statement)
                advice = MAIN_PROGRAM if of_main_program else NOT_RUN
                one = Skipped(statement, cell, module, future, advice)
                ends = of_main_program and isinstance(statement, ast.Raise)
                if ends or (not defines and (of_main_program or not self._run_all)):
                    self._skip(one, here)
                else:
                    for part in one_by_one(statement):
                        if not self._execute(part, cell, module, future):
                            self._skip(one, here)
            self._left.append((cell.place, here))
            skipped += here
        self._note_changes(skipped, names_used([statement for cell in cells for statement in cell.tree.body]))
        self.kit_uses |= {name: where for name, where in uses_in_source(cells).items() if name not in self.kit_uses}

    def skipped(self) -> list[str]:
        """Return which lines have not been run so far, cell by cell."""
        return [
            _told(place, those) for place, here in self._left if (those := [one for one in here if not self._ran(one)])
        ]

    def _ran(self, one: Skipped) -> bool:
        return any(one.statement is other for other in self._run_later)

    def where(self, name: str, value: Any) -> str:
        """Return the line in which something is defined, by itself or else by the name that it has in its module."""
        owner = getattr(value, "kind", None)  # of a method that stands for itself
        kind = value if owner is None else owner
        own = (
            f"{getattr(kind, '__module__', '')}.{getattr(kind, '__qualname__', '')}{f'.{value.name}' if owner else ''}"
        )
        return self._lines.get(own) or self._lines.get(name, "")

    def _note_lines(self, statement: ast.stmt, place: str, outer: str = "") -> None:
        """Remember where functions and classes, those in classes included, and other names are defined."""
        if isinstance(statement, ast.FunctionDef | ast.ClassDef):
            self._lines[outer + statement.name] = f"{place}line {statement.lineno}"
            for one in statement.body if isinstance(statement, ast.ClassDef) else ():
                self._note_lines(one, place, f"{outer}{statement.name}.")
        else:
            self._lines |= {name: f"{place}line {line}" for name, line in names_bound_by(statement)}

    def explain(self, error: BaseException) -> str:
        """Return the message of an exception; for a name that is not there, which line would have defined it."""
        name = _missing_name(error)
        absent = self._absent.get(name or "") if isinstance(error, NameError) else None
        if name and not absent and (skipped := self._of(name, error)):
            absent = f"{skipped.where(name)} {skipped.advice}"
        return f"{error} ({absent})" if absent else str(error)

    def caused(self, error: BaseException) -> bool:
        """Tell whether an exception comes of a statement that was not run, and is no fault of the target's."""
        name = _missing_name(error)
        return name is not None and self._of(name, error) is not None

    def supply(self, error: BaseException) -> bool:
        """Run the assignment after all that binds a name whose lack raised ``error``; tell whether it is there now."""
        name = _missing_name(error)
        skipped = self._of(name, error) if name is not None else None
        return name is not None and skipped is not None and self._make(name, skipped)

    def make_functions(self, wanted: Callable[[str], bool]) -> None:
        """Run the assignments after all that make functions of ``wanted`` names, such as ``relu = jit(_relu)``."""
        for name, those in list(self._skipped.items()):
            if those and wanted(name) and makes_function(those[-1].statement, vars(those[-1].module), self.modules):
                self._make(name, those[-1])

    def _make(self, name: str, skipped: Skipped) -> bool:
        if not isinstance(skipped.statement, ast.Assign | ast.AnnAssign) or skipped.advice == NOT_MADE:
            return False
        self._skipped[name].remove(skipped)  # while it is run, so that it does not wait for itself
        made = self._survives(lambda: self._run_after_all(skipped)) and self._run_after_all(skipped)
        if made:
            return True
        advice = skipped.advice if skipped.advice == MAIN_PROGRAM else NOT_MADE
        self._skipped[name].append(replace(skipped, advice=advice))
        return False

    def _run_after_all(self, skipped: Skipped) -> bool:
        code = _compiled(skipped.statement, skipped.cell, skipped.future)
        while True:
            try:
                exec(code, vars(skipped.module))
            except BaseException as problem:
                if not self.supply(problem):
                    return False
            else:
                self.made.update(made_by_call(skipped.statement))
                self._note_lines(skipped.statement, skipped.cell.place)
                self._run_later.append(skipped.statement)
                return True

    def _of(self, name: str | None, error: BaseException) -> Skipped | None:
        """Return the statement that would bind a name where it is missing: in the module that raised the error."""
        those = self._skipped.get(name or "", [])
        namespace = _namespace_of(error)
        own = [one for one in those if vars(one.module) is namespace or one.module is getattr(error, "obj", None)]
        return own[-1] if own else None

    def _skip(self, one: Skipped, here: list[Skipped]) -> None:
        here.append(one)
        for name, _ in names_bound_by(one.statement):
            self._skipped.setdefault(name, []).append(one)

    def _execute(self, statement: ast.stmt, cell: Cell, module: ModuleType, future: int) -> bool:
        """Run a statement; tell whether it may stay as it is, rather than wait for what was not run itself."""
        code = _compiled(statement, cell, future)
        where = f"{cell.place}line {statement.lineno}"
        defines = is_definition(statement, vars(module))
        while True:
            try:
                if defines:
                    with while_defining():
                        exec(code, vars(module))
                else:
                    exec(code, vars(module))
            except BaseException as problem:
                if self.supply(problem):
                    continue
                if _waits(statement, problem) or (_binds_values(statement) and self.caused(problem)):
                    return False
                self._note_failure(statement, where, module, problem)
                return True
            break
        self.made.update(made_by_call(statement))
        self._note_lines(statement, cell.place)
        self._note_lines(statement, cell.place, f"{module.__name__}.")
        if isinstance(statement, ast.FunctionDef | ast.ClassDef):
            self.broken.pop(statement.name, None)
            self.lacking.pop(statement.name, None)
            made = vars(module)[statement.name]
            if isinstance(made, MissingModule):
                self._note_absence(statement, where, made.lack())
        return True

    def _note_failure(self, statement: ast.stmt, where: str, module: ModuleType, problem: BaseException) -> None:
        imported = list(imports_in(statement)) if not isinstance(statement, ast.FunctionDef | ast.ClassDef) else []
        if imported and isinstance(problem, ImportError):
            reason = str(problem)
            self.notes.append(f"{where}: {reason}")
        else:
            reason = f"{type(problem).__name__}: {self.explain(problem)}"
            self._break(statement, where, reason, self.caused(problem))
        for alias in imported:
            vars(module).setdefault(bound_name(alias), MissingModule(alias.name, reason))

    def _break(self, statement: ast.stmt, where: str, reason: str, left_out: bool) -> None:
        said = self._note_absence(statement, where, reason)
        if isinstance(statement, ast.FunctionDef | ast.ClassDef):
            (self.lacking if left_out else self.broken)[statement.name] = said

    def _note_absence(self, statement: ast.stmt, where: str, reason: str) -> str:
        said = f"{where}: {'stopped' if _acts(statement) else 'not defined'}: {reason}"
        self.notes.append(said)
        for name, _ in names_bound_by(statement):
            self._absent[name] = f"{where} should have defined it, but {reason}"
        return said

    def _note_changes(self, skipped: Sequence[Skipped], used: frozenset[str]) -> None:
        """Say which statements were not run though they change what is checked."""
        for one in skipped:
            changed = changed_by(one.statement, vars(one.module), used, self.modules)
            if changed:
                what = " and ".join(f"`{name}`" for name in changed)
                begins = ast.unparse(one.statement).splitlines()[0]
                shown = begins if len(begins) <= MOST_CHARACTERS else f"{begins[:MOST_CHARACTERS]}..."
                self.changes.append(
                    f"{one.cell.place}line {one.statement.lineno}: `{shown}` was not run, though it changes {what}, "
                    f"which is checked or used by what is checked; --run-all runs everything"
                )


def _told(place: str, skipped: Sequence[Skipped]) -> str:
    """Return which lines were not run."""
    whole = [one.statement for one in skipped]
    covered = [number for one in whole for number in range(one.lineno, (one.end_lineno or one.lineno) + 1)]
    many = f"{len(skipped)} statements that are no definitions were"
    return f"{place}{lines(covered)}: {'1 statement that is no definition was' if len(skipped) == 1 else many} not run"


def _without_trying(action: Callable[[], object]) -> bool:
    return True


def _binds_values(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.Assign | ast.AnnAssign | ast.AugAssign | ast.If | ast.Try)


def _waits(statement: ast.stmt, problem: BaseException) -> bool:
    """Tell whether a statement is a step of a script, about a name that is not there: it is as if it were not run."""
    called = any(isinstance(node, ast.Call) for node in ast.walk(statement))
    return _binds_values(statement) and called and isinstance(problem, NameError)


def _acts(statement: ast.stmt) -> bool:
    """Tell whether a statement does something rather than bind a name."""
    return not any(names_bound_by(statement)) and not isinstance(statement, ast.Raise)


def _compiled(statement: ast.stmt, cell: Cell, future: int) -> Any:
    return compile(ast.Module([statement], []), cell.file, "exec", flags=future, dont_inherit=True)


def _missing_name(error: BaseException) -> str | None:
    """Return the name that a namespace lacked: a global variable, an attribute of a module, or a name to import."""
    match error:
        case UnboundLocalError():
            return None
        case NameError(name=str(name)):
            return name
        case AttributeError(name=str(name), obj=ModuleType()):
            return name
        case ImportError(name=str(module)) if module in sys.modules:
            return str(error).split("'")[1] if str(error).startswith("cannot import name '") else None
        case _:
            return None


def _namespace_of(error: BaseException) -> Mapping[str, Any] | None:
    """Return the namespace in which an exception was raised, or that of the module that lacks a name to import."""
    if isinstance(error, ImportError):
        return vars(sys.modules[error.name or ""])
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    return None if trace is None else trace.tb_frame.f_globals


def _future_flags(statement: ast.stmt) -> int:
    """Return what a ``from __future__ import`` switches on for the statements after it."""
    if not isinstance(statement, ast.ImportFrom) or statement.module != "__future__":
        return 0
    return sum(getattr(__future__, alias.name).compiler_flag for alias in statement.names)
