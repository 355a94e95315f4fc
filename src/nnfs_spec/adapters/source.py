"""Loads a Python file by its definitions: imports, functions, classes and constants, and nothing that runs on.

Three in four course files print, plot, train or read files when they are imported; the definitions alone are what is
to be checked.
"""

import __future__

import ast
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

MODULE_NAME = "nnfs_spec_target"
"""What the file is called as a module, so that its own name cannot shadow another."""


COMPUTING_BUILTINS = frozenset({"abs", "bool", "float", "int", "max", "min", "pow", "round", "str", "tuple"})
COMPUTING_FUNCTIONS = frozenset(
    {"array", "dtype", "exp", "finfo", "float32", "float64", "int32", "int64", "log", "log2", "nextafter", "sqrt"}
)
GENERATORS = frozenset({"RandomState", "default_rng"})
"""What a constant may call: it computes a number or makes a generator, and does nothing else."""


class MissingModule:
    """Stands in for a module that cannot be imported, and says so when it is used."""

    def __init__(self, name: str, reason: str) -> None:
        self._name = name
        self._reason = reason

    def __getattr__(self, attribute: str) -> Any:
        raise ModuleNotFoundError(f"{self._name} was needed for {attribute!r} but {self._reason}")

    def __call__(self, *arguments: Any, **keywords: Any) -> Any:
        """Say which module is missing."""
        raise ModuleNotFoundError(f"{self._name} was called but {self._reason}")


def load_file(path: Path) -> tuple[dict[str, Any], list[str]]:
    """Return the names that the definitions of a Python file make, and notes on what was left out.

    Raises OSError or SyntaxError where the file cannot be read as Python.
    """
    tree = ast.parse(path.read_bytes(), filename=str(path))
    module = ModuleType(MODULE_NAME)
    module.__file__ = str(path)
    sys.modules[MODULE_NAME] = module
    sys.path.append(str(path.parent))  # last, so that a file beside it cannot take the place of NumPy
    notes: list[str] = []
    left_out = future = 0
    for statement in tree.body:
        if not is_definition(statement):
            left_out += 1
            continue
        future |= _future_flags(statement)
        code = compile(ast.Module([statement], []), str(path), "exec", flags=future, dont_inherit=True)
        try:
            exec(code, vars(module))
        except ImportError as missing:
            notes.append(f"line {statement.lineno}: {missing}")
            _stand_in(statement, module, str(missing))
        except Exception as problem:
            notes.append(f"line {statement.lineno}: not defined: {type(problem).__name__}: {problem}")
    if left_out:
        notes.append(f"{left_out} statements that are no definitions were not run")
    return _own_names(module), notes


def _future_flags(statement: ast.stmt) -> int:
    """Return what a ``from __future__ import`` switches on for the statements after it."""
    if not isinstance(statement, ast.ImportFrom) or statement.module != "__future__":
        return 0
    return sum(getattr(__future__, alias.name).compiler_flag for alias in statement.names)


def is_definition(statement: ast.stmt) -> bool:
    """Tell whether a statement only defines: an import, a function, a class, a constant, or a choice of them."""
    match statement:
        case ast.Import() | ast.ImportFrom() | ast.FunctionDef() | ast.ClassDef() | ast.Pass() | ast.Raise():
            return True
        case ast.Expr(value=ast.Constant()):  # a docstring
            return True
        case ast.Try(body=body, handlers=handlers, orelse=orelse, finalbody=finalbody):
            inside = [*body, *orelse, *finalbody, *(inner for handler in handlers for inner in handler.body)]
            return all(map(is_definition, inside))
        case ast.If(body=body, orelse=orelse):
            return all(map(is_definition, [*body, *orelse]))
        case ast.Assign(value=value) | ast.AnnAssign(value=ast.expr() as value):
            return _is_constant(value)
        case _:
            return False


def _is_constant(value: ast.expr) -> bool:
    """Tell whether an expression is made of literals, names, attributes, arithmetic and calls that only compute."""
    allowed = (ast.Constant, ast.List, ast.Tuple, ast.Dict, ast.Set, ast.UnaryOp, ast.BinOp, ast.Name, ast.Attribute)
    inner = (*allowed, ast.operator, ast.unaryop, ast.expr_context, ast.keyword)
    if isinstance(value, ast.Lambda):
        return True
    nodes = list(ast.walk(value))
    return all(_only_computes(node) if isinstance(node, ast.Call) else isinstance(node, inner) for node in nodes)


def _only_computes(call: ast.Call) -> bool:
    match call.func:
        case ast.Name(id=name):
            return name in COMPUTING_BUILTINS
        case ast.Attribute(value=ast.Name(id="np" | "numpy" | "math"), attr=name):
            return name in COMPUTING_FUNCTIONS
        case ast.Attribute(value=ast.Attribute(value=ast.Name(id="np" | "numpy"), attr="random"), attr=name):
            return name in GENERATORS
        case _:
            return False


def _stand_in(statement: ast.stmt, module: ModuleType, reason: str) -> None:
    for alias in statement.names if isinstance(statement, ast.Import | ast.ImportFrom) else ():
        name = alias.asname or alias.name.partition(".")[0]
        setattr(module, name, MissingModule(alias.name, reason))


def _own_names(module: ModuleType) -> dict[str, Any]:
    """Return the public names that are the file's own: what it imported from elsewhere is not under check."""
    own = {name: value for name, value in vars(module).items() if not name.startswith("_")}
    return {name: value for name, value in own.items() if getattr(value, "__module__", "") == module.__name__}
