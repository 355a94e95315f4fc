"""Finds where a target takes its results from nnfs_spec itself, which then checks its own code."""

import ast
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import partial
from types import CodeType, FunctionType, MethodType, ModuleType
from typing import Any

import nnfs_spec
from nnfs_spec.adapters.source.cells import Cell

KIT = "nnfs_spec"
HARMLESS = frozenset(
    {"OutputNotReadyError", "Report", "SpecError", "SpecTypeError", "SpecValueError"}
    | {"__version__", "check", "errors", "strategies", "testing", "version"}
)
"""What of the kit computes no result."""


def kit_used(uses: Mapping[str, str]) -> list[str]:
    """Return a notice of what of the kit is used, and where if that is known; none where nothing is."""
    if not uses:
        return []
    told = "; ".join(f"`{name}`{where and f', {where}'}" for name, where in uses.items())
    return [f"the target takes results from nnfs_spec itself ({told}): there the kit checks its own code"]


def uses_in_source(cells: Sequence[Cell]) -> dict[str, str]:
    """Return what the statements of a source use of the kit, and in which line first."""
    bound = {name for cell in cells for node in ast.walk(cell.tree) for name in _bound_to_kit(node)}
    found: dict[str, str] = {}
    for cell in cells:
        for node in ast.walk(cell.tree):
            for name in _uses(node, bound):
                found.setdefault(name, f"{cell.place}line {getattr(node, 'lineno', 0)}")
    return found


def _bound_to_kit(node: ast.AST) -> Iterator[str]:
    """Return the names that an import binds to the package of the kit."""
    if isinstance(node, ast.Import):
        for alias in node.names:
            if alias.name == KIT or (_is_kit(alias.name) and alias.asname is None):
                yield alias.asname or KIT


def _uses(node: ast.AST, bound: set[str]) -> Iterator[str]:
    match node:
        case ast.Import(names=aliases):
            yield from (one.name for one in aliases if one.asname and _computes(one.name))
        case ast.ImportFrom(module=str(module), names=aliases, level=0) if _is_kit(module):
            yield from (name for one in aliases if _computes(name := f"{module}.{one.name}"))
        case ast.Attribute(value=ast.Name(id=name), attr=attribute) if name in bound and attribute not in HARMLESS:
            yield f"{KIT}.{attribute}"
        case ast.Call(args=[ast.Constant(value=str(name)), *_]) if _is_kit(name):
            yield name
        case _:
            pass


def _is_kit(module: str) -> bool:
    return module.partition(".")[0] == KIT


def _computes(name: str) -> bool:
    """Tell whether a dotted name is something of the kit that computes results."""
    return _is_kit(name) and name != KIT and name.split(".")[1] not in HARMLESS


def uses_in_objects(values: Iterable[Any]) -> dict[str, str]:
    """Return what objects use of the kit, by the global variables of their functions; where is not known."""
    pending, seen = list(values), set[int]()
    found: dict[str, str] = {}
    while pending:
        value = pending.pop(0)
        if id(value) in seen:
            continue
        seen.add(id(value))
        module, name = getattr(value, "__module__", None), getattr(value, "__name__", "")
        if isinstance(module, str) and _is_kit(module) and isinstance(value, FunctionType | type):
            found |= {} if name in HARMLESS else {f"{KIT}.{name}": ""}
        elif isinstance(value, FunctionType):
            found |= dict.fromkeys(_kit_in_code(value), "")
            pending += _reached_by(value)
        else:
            pending += _inside(value)
    return found


def _kit_in_code(function: FunctionType) -> Iterator[str]:
    """Return the attributes of the kit that a function may ask for, and the modules of it that it imports."""
    names = set(_names_in(function.__code__))
    held = [function.__globals__.get(name) for name in names]
    modules = {str(value.__name__) for value in held if isinstance(value, ModuleType)} | names
    if KIT in modules:
        yield from (f"{KIT}.{name}" for name in sorted(names & set(nnfs_spec.__all__) - HARMLESS))
    yield from (name for name in sorted(modules) if _computes(name))


def _names_in(code: CodeType) -> Iterator[str]:
    yield from code.co_names
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _names_in(constant)


def _reached_by(function: FunctionType) -> Iterator[Any]:
    """Return what a function's own code calls: functions and classes of its module or of the kit, and its closure."""
    for name in _names_in(function.__code__):
        value = function.__globals__.get(name)
        module = getattr(value, "__module__", None)
        if isinstance(value, FunctionType | type) and (module == function.__module__ or _is_kit(str(module))):
            yield value
    for cell in function.__closure__ or ():
        if cell != type(cell)():  # an empty one has no contents
            yield cell.cell_contents


def _inside(value: Any) -> Iterator[Any]:
    """Return what an object is made of that may be called."""
    if isinstance(value, type):
        for kind in value.__mro__[:-1]:
            yield from (getattr(one, "__func__", one) for one in vars(kind).values())
    elif isinstance(value, partial):
        yield value.func
    elif isinstance(value, MethodType):
        yield from (value.__func__, type(value.__self__))
    elif not isinstance(value, ModuleType) and type(value).__module__ != "builtins":
        yield type(value)
