"""The mutations of a module: cosmic-ray's operators, less those that tell nothing, at the places that behave."""

import ast
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import cosmic_ray.plugins
from cosmic_ray.ast import ast_nodes, get_ast
from cosmic_ray.mutating import mutate_code

from tests import ROOT

if TYPE_CHECKING:
    from cosmic_ray.ast import Node  # parso's, under a name that only the stubs have

PACKAGE = ROOT / "src" / "nnfs_spec"

ARITHMETIC = {
    "Add": ("Sub", "Mul"),
    "Sub": ("Add", "Mul"),
    "Mul": ("Div", "Add"),
    "Div": ("Mul", "Sub"),
    "FloorDiv": ("Mul", "Mod"),
    "Mod": ("FloorDiv", "Add"),
    "Pow": ("Mul", "Div"),
    "LShift": ("RShift",),
    "RShift": ("LShift",),
    "BitAnd": ("BitOr",),
    "BitOr": ("BitAnd",),
    "BitXor": ("BitOr",),
}
"""What an operator becomes: its neighbours. The rest of cosmic-ray's table is mostly no operation of floats at all."""

COMPARISONS = {
    "Eq": ("NotEq",),
    "NotEq": ("Eq",),
    "Lt": ("LtE", "NotEq", "GtE"),
    "LtE": ("Lt", "Eq", "Gt"),
    "Gt": ("GtE", "NotEq", "LtE"),
    "GtE": ("Gt", "Eq", "Lt"),
    "Is": ("IsNot",),
    "IsNot": ("Is",),
}
"""What a comparison becomes: those that differ from it at one of below, equal and above, and its opposite."""

UNARY = ("USub_UAdd", "Delete_USub", "Invert_USub", "Delete_Invert", "Delete_Not")

OTHERS = (
    "AddNot",
    "ReplaceTrueWithFalse",
    "ReplaceFalseWithTrue",
    "ReplaceAndWithOr",
    "ReplaceOrWithAnd",
    "ReplaceBreakWithContinue",
    "ReplaceContinueWithBreak",
    "ExceptionReplacer",
    "NumberReplacer",
    "RemoveDecorator",
    "ZeroIterationForLoop",
)

OPERATORS = (
    *(f"ReplaceBinaryOperator_{old}_{new}" for old, news in ARITHMETIC.items() for new in news),
    *(f"ReplaceComparisonOperator_{old}_{new}" for old, news in COMPARISONS.items() for new in news),
    *(f"ReplaceUnaryOperator_{change}" for change in UNARY),
    *OTHERS,
)


@dataclass(frozen=True)
class Mutation:
    """One change of one line of a module: ``line``, at ``number``, ``becomes`` another; ``source`` is all of it."""

    module: str
    number: int
    line: str
    becomes: str
    source: str


def path_of(module: str) -> Path:
    """Return the path of a module that is named as ``oracle/double_double.py``."""
    return PACKAGE / module


def mutations_of(module: str, code: str) -> Iterator[Mutation]:
    """Yield every mutation of a module, in an order that its content decides, so that the first n are a sample."""
    before, seen, tree = code.splitlines(), {code}, ast.dump(ast.parse(code))
    nodes = list(ast_nodes(get_ast(code)))
    operators = {name: cosmic_ray.plugins.get_operator(f"core/{name}")() for name in OPERATORS}
    positions = {
        (name, occurrence): node.start_pos[0] - 1
        for name, operator in operators.items()
        for occurrence, node in enumerate(node for node in nodes for _ in operator.mutation_positions(node))
        if not tells_nothing(node)
    }
    for name, occurrence in sorted(positions, key=lambda one: hashlib.sha256(f"{code}\n{one}".encode()).hexdigest()):
        source = mutate_code(code, operators[name], occurrence)
        if source is None or source in seen or not _differs(source, tree):
            continue
        seen.add(source)
        if name == "RemoveDecorator":  # the lines that follow move up, and tell nothing
            number, after = positions[name, occurrence], ""
        else:
            number, after = next(
                (i, new) for i, (old, new) in enumerate(zip(before, source.splitlines(), strict=False)) if old != new
            )
        yield Mutation(module, number + 1, before[number].strip(), _tidy(after), source)


def _tidy(line: str) -> str:
    """Return a line without the blanks that cosmic-ray puts before a number."""
    return " ".join(line.split())


def _differs(source: str, tree: str) -> bool:
    """Tell whether a source is Python, and not the same in other words, such as a large number and one added to it."""
    try:
        return ast.dump(ast.parse(source)) != tree
    except SyntaxError:
        return False


def tells_nothing(node: "Node") -> bool:
    """Tell whether a change here is one of types, of a text, of a guard, or one that is not safe to make.

    Annotations, aliases of types, overloads, what is imported for them alone and what dataclasses freeze are held by
    the type checkers; texts by their own tests; ``strict=True`` of zip never shows in a right program; and a wrong
    number beside a signal may end processes that are not ours. Exceptions with a dotted name, or unpacked from a tuple,
    are none that cosmic-ray can replace.
    """
    if node.type == "except_clause" and set(".*") & set(node.get_code()):
        return True
    if node.type == "if_stmt" and node.children[1].get_code(include_prefix=False) == "TYPE_CHECKING":
        return True
    child, parent = node, node.parent
    while parent is not None:
        first = parent.children[0].get_code(include_prefix=False)
        if (
            parent.type == "fstring"
            or (parent.type == "decorated" and first.startswith("@overload"))
            or (parent.type == "tfpdef" and child is not parent.children[0])
            or (parent.type == "annassign" and (child is parent.children[1] or _is_alias(parent.children[1])))
            or (parent.type == "funcdef" and child.get_previous_sibling() is not None and _is_arrow(child))
            or (parent.type == "parameters" and child.type == "operator")
            or (parent.type == "argument" and first == "strict")
            or (parent.type == "decorator" and "dataclass" in parent.get_code())
            or (parent.type == "simple_stmt" and any(word in parent.get_code() for word in UNSAFE))
        ):
            return True
        child, parent = parent, parent.parent
    return False


UNSAFE = ("kill(", "killpg(", "rmtree(", "unlink(")
"""Calls that may end or remove what is not ours."""


def _is_alias(annotation: "Node") -> bool:
    return annotation.get_code(include_prefix=False) == "TypeAlias"


def _is_arrow(node: "Node") -> bool:
    before = node.get_previous_sibling()
    return before is not None and before.get_code(include_prefix=False) == "->"
