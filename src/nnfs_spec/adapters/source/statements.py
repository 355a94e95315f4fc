"""Tells the statements that only define from those that run on: print, plot, train, read files."""

import ast
import builtins
from collections.abc import Container, Iterator, Mapping, Sequence
from types import CodeType, FunctionType, ModuleType
from typing import Any

import numpy as np

ACTING_BUILTINS = frozenset(
    {"__import__", "breakpoint", "compile", "delattr", "eval", "exec", "exit", "globals", "help", "input", "locals"}
    | {"open", "print", "quit", "setattr", "vars"}
)
"""The builtins that do more than make a value."""

VALUE_LIBRARIES = frozenset(
    {"abc", "array", "bisect", "builtins", "cmath", "collections", "contextlib", "contextvars", "copy", "dataclasses"}
    | {"datetime", "decimal", "enum", "fractions", "functools", "heapq", "inspect", "itertools", "logging", "math"}
    | {"numbers", "numpy", "operator", "re", "statistics", "string", "struct", "textwrap", "threading", "types"}
    | {"typing", "typing_extensions", "weakref"}
)
"""The libraries whose calls make values and neither wait, read, print nor start anything."""

READING_OR_WRITING = ("load", "save", "fromfile", "genfromtxt", "memmap", "open_memmap")
"""How the names of NumPy's functions begin that are about files."""

SETTINGS = (np.seterr, np.seterrcall)
"""Calls that say how NumPy computes: they are run though they make no value."""

_UNKNOWN = object()


def is_definition(statement: ast.stmt, names: Mapping[str, Any]) -> bool:
    """Tell whether a statement only defines: an import, a function, a class, a value, or a choice of them.

    ``names`` are those that are there when the statement is reached.
    """
    match statement:
        case ast.Import() | ast.ImportFrom() | ast.FunctionDef() | ast.ClassDef() | ast.Pass() | ast.Raise():
            return True
        case ast.Expr(value=ast.Constant()):  # a docstring
            return True
        case ast.Expr(value=ast.Call(func=function)):
            return resolved(function, names) in SETTINGS
        case ast.Try(body=body, handlers=handlers, orelse=orelse, finalbody=finalbody):
            inside = [*body, *orelse, *finalbody, *(inner for handler in handlers for inner in handler.body)]
            return all(is_definition(one, names) for one in inside)
        case ast.If(test=test, body=body, orelse=orelse):
            return makes_value(test, names) and all(is_definition(one, names) for one in [*body, *orelse])
        case ast.Assign(targets=targets, value=value):
            return all(map(_is_name, targets)) and (makes_value(value, names) or _is_setting(value, names))
        case ast.AnnAssign(annotation=ast.Name(id="TypeAlias") | ast.Attribute(attr="TypeAlias"), value=ast.expr()):
            return True
        case ast.AnnAssign(target=target, value=ast.expr() as value) | ast.AugAssign(target=target, value=value):
            return _is_name(target) and makes_value(value, names)
        case _:
            return is_type_alias(statement)


def is_type_alias(statement: ast.stmt) -> bool:
    """Tell whether a statement is ``type X = ...``, which Python has from 3.12 on."""
    return type(statement).__name__ == "TypeAlias"


def _is_name(target: ast.expr) -> bool:
    """Tell whether an assignment goes to a name, an attribute of a name, or several of these."""
    match target:
        case ast.Name() | ast.Attribute(value=ast.Name()):
            return True
        case ast.Tuple(elts=elements) | ast.List(elts=elements):
            return all(map(_is_name, elements))
        case _:
            return False


def _is_setting(value: ast.expr, names: Mapping[str, Any]) -> bool:
    return isinstance(value, ast.Call) and resolved(value.func, names) in SETTINGS


def makes_value(value: ast.expr, names: Mapping[str, Any]) -> bool:
    """Tell whether an expression only makes a value: all that it calls is of libraries that do nothing else."""
    pending: list[ast.AST] = [value]
    while pending:
        node = pending.pop()
        match node:
            case ast.Lambda():  # what is in it runs when it is called
                continue
            case ast.Await() | ast.Yield() | ast.YieldFrom() | ast.NamedExpr():
                return False
            case ast.Call(func=function) if not _only_makes(function, names):
                return False
            case ast.Subscript(value=ast.Attribute(value=ast.Name(id="sys" | "os"))):  # the command, the environment
                return False
            case _:
                pending += ast.iter_child_nodes(node)
    return True


def _only_makes(function: ast.expr, names: Mapping[str, Any]) -> bool:
    called = resolved(function, names)
    if called is not _UNKNOWN:
        name = str(getattr(called, "__name__", ""))
        library = _library_of(called)
        acts = name in ACTING_BUILTINS if library == "builtins" else name.startswith(READING_OR_WRITING)
        return library in VALUE_LIBRARIES and not acts
    match function:
        case ast.Attribute(value=ast.Name(id=name)) if name in names:
            return not isinstance(names[name], ModuleType) and _library_of(type(names[name])) in VALUE_LIBRARIES
        case ast.Attribute(value=ast.Name(id=name)):
            return False
        case ast.Attribute() | ast.Call():  # of a value that is looked at by itself
            return True
        case _:
            return False


def resolved(function: ast.expr, names: Mapping[str, Any]) -> Any:
    """Return the object that an expression names, by attributes of modules and classes only, or _UNKNOWN."""
    match function:
        case ast.Name(id=name):
            return names.get(name, getattr(builtins, name, _UNKNOWN))
        case ast.Attribute(value=value, attr=attribute):
            holder = resolved(value, names)
            return getattr(holder, attribute, _UNKNOWN) if isinstance(holder, ModuleType | type) else _UNKNOWN
        case _:
            return _UNKNOWN


def _library_of(called: Any) -> str:
    if isinstance(called, np.ufunc):
        return "numpy"
    module = getattr(called, "__module__", None) or getattr(getattr(called, "__self__", None), "__name__", "")
    return str(module).partition(".")[0].removeprefix("_")


def spread_out(body: Sequence[ast.stmt]) -> Iterator[tuple[ast.stmt, bool]]:
    """Return the statements of a module, those of the main program in the place of its ``if``, and which are those."""
    for statement in body:
        match statement:
            case ast.If(ast.Compare(ast.Name("__name__"), [ast.Eq()], [ast.Constant("__main__")]), inside, []):
                yield from ((one, True) for one in inside)
            case _:
                yield statement, False


def names_bound_by(statement: ast.stmt) -> Iterator[tuple[str, int]]:
    """Return every name that a statement of a module would bind there, and the line."""
    pending: list[ast.AST] = [statement]
    while pending:
        node = pending.pop(0)
        match node:
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
                yield name, node.lineno
            case ast.Lambda() | ast.ListComp() | ast.SetComp() | ast.DictComp() | ast.GeneratorExp():
                pass
            case ast.Name(id=name, ctx=ast.Store()):
                yield name, node.lineno
            case ast.Import(names=aliases) | ast.ImportFrom(names=aliases):
                yield from ((bound_name(alias), node.lineno) for alias in aliases)
            case _:
                pending += ast.iter_child_nodes(node)


def bound_name(alias: ast.alias) -> str:
    """Return the name that one import binds."""
    return alias.asname or alias.name.partition(".")[0]


def made_by_call(statement: ast.stmt) -> list[str]:
    """Return the names that an assignment binds to what a call gives, such as ``relu = partial(np.maximum, 0)``."""
    match statement:
        case ast.Assign(targets=targets, value=ast.Call()):
            return [target.id for target in targets if isinstance(target, ast.Name)]
        case ast.AnnAssign(target=ast.Name(id=name), value=ast.Call()):
            return [name]
        case _:
            return []


def makes_function(statement: ast.stmt, names: Mapping[str, Any], modules: Container[str]) -> bool:
    """Tell whether an assignment makes a function by code of ``modules``: by what is seen before it is run.

    It calls a decorator with a function, calls a function that defines others, or takes a method of a new object.
    """
    match statement:
        case ast.Assign(targets=[ast.Name()]) | ast.AnnAssign(target=ast.Name()):
            value = statement.value
        case _:
            return False
    match value:
        case ast.Call(func=function, args=arguments, keywords=keywords):
            given = [*arguments, *(keyword.value for keyword in keywords)]
            return any(_is_function(one, names) for one in given) or _defines_others(resolved(function, names), modules)
        case ast.Attribute(value=ast.Call(func=function)):
            made = resolved(function, names)
            return isinstance(made, type) and made.__module__ in modules
        case _:
            return False


def _is_function(value: ast.expr, names: Mapping[str, Any]) -> bool:
    if isinstance(value, ast.Lambda):
        return True
    found = resolved(value, names)
    return callable(found) and not isinstance(found, type)


def _defines_others(called: Any, modules: Container[str]) -> bool:
    own = isinstance(called, FunctionType) and called.__module__ in modules
    return own and any(isinstance(constant, CodeType) for constant in called.__code__.co_consts)


def one_by_one(statement: ast.stmt) -> Sequence[ast.stmt]:
    """Return an import of several names as several imports, so that one that fails costs the others nothing."""
    match statement:
        case ast.Import(names=aliases):
            return [ast.copy_location(ast.Import([alias]), statement) for alias in aliases]
        case ast.ImportFrom(module=module, names=aliases, level=level):
            return [ast.copy_location(ast.ImportFrom(module, [alias], level), statement) for alias in aliases]
        case _:
            return [statement]


def imports_in(statement: ast.stmt) -> Iterator[ast.alias]:
    """Return the imports in a statement of a module, also those inside an if or a try."""
    for node in ast.walk(statement):
        if isinstance(node, ast.Import | ast.ImportFrom):
            yield from node.names
