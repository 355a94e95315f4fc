"""Tells which statements, though they are not run, would change what a target's functions and classes do."""

import ast
import dis
from collections.abc import Iterator, Mapping, MutableMapping, MutableSequence, MutableSet, Sequence
from types import CodeType, FunctionType
from typing import Any

import numpy as np

CONTAINERS = (MutableMapping, MutableSequence, MutableSet, np.ndarray)


def changed_by(statement: ast.stmt, names: Mapping[str, Any], used: frozenset[str], modules: set[str]) -> list[str]:
    """Return what a statement would change: classes and functions of ``modules``, and what they use.

    ``names`` are those of the statement's module, and ``used`` those that its functions read.
    """
    found = [name for name in _changed_names(statement) if _matters(name, names, used, modules)]
    return list(dict.fromkeys(found + _set_by_calls(statement, names, used, modules)))


def _matters(name: str, names: Mapping[str, Any], used: frozenset[str], modules: set[str]) -> bool:
    value = names.get(name)
    if isinstance(value, type | FunctionType):
        return value.__module__ in modules
    return name in used and (isinstance(value, CONTAINERS) or type(value).__module__ in modules)


def _changed_names(statement: ast.stmt) -> Iterator[str]:
    """Return the names whose items or attributes a statement sets or deletes, or whose methods it calls for nothing."""
    meant: dict[str, set[str]] = {}
    for node in ast.walk(statement):
        match node:
            case ast.For(target=ast.Name(id=name), iter=iterated):
                meant.setdefault(name, set()).update(one.id for one in ast.walk(iterated) if isinstance(one, ast.Name))
            case ast.Assign(targets=[ast.Name(id=name)], value=ast.Name(id=other)):
                meant.setdefault(name, set()).add(other)
            case _:
                pass
    for node in ast.walk(statement):
        match node:
            case ast.Attribute(ctx=ast.Store() | ast.Del()) | ast.Subscript(ctx=ast.Store() | ast.Del()):
                root = _root(node)
            case ast.Call(func=ast.Name(id="setattr" | "delattr"), args=[first, *_]):
                root = _root(first)
            case ast.Expr(value=ast.Call(func=ast.Attribute(value=holder))):
                root = _root(holder)
            case _:
                root = None
        if root is not None:
            yield from meant.get(root, {root})


def _root(node: ast.expr) -> str | None:
    while isinstance(node, ast.Attribute | ast.Subscript):
        node = node.value
    return node.id if isinstance(node, ast.Name) else None


def _set_by_calls(statement: ast.stmt, names: Mapping[str, Any], used: frozenset[str], modules: set[str]) -> list[str]:
    """Return the global variables that the functions set which a statement calls."""
    functions = [node.func for node in ast.walk(statement) if isinstance(node, ast.Call)]
    called = [names.get(function.id) for function in functions if isinstance(function, ast.Name)]
    codes = [one.__code__ for one in called if isinstance(one, FunctionType) and one.__module__ in modules]
    return [name for code in codes for name in _globals_in(code, "STORE_GLOBAL") if name in used]


def names_used(statements: Sequence[ast.stmt]) -> frozenset[str]:
    """Return the global variables that the functions among ``statements`` read, those in classes included."""
    defining: list[ast.stmt] = [one for one in statements if isinstance(one, ast.FunctionDef | ast.ClassDef)]
    code = compile(ast.Module(defining, []), "", "exec", dont_inherit=True)
    return frozenset(name for inner in _constants(code) for name in _globals_in(inner, "LOAD_GLOBAL"))


def _globals_in(code: CodeType, operation: str) -> Iterator[str]:
    for instruction in dis.get_instructions(code):
        if instruction.opname == operation:
            yield str(instruction.argval)
    for inner in _constants(code):
        yield from _globals_in(inner, operation)


def _constants(code: CodeType) -> Iterator[CodeType]:
    return (constant for constant in code.co_consts if isinstance(constant, CodeType))
