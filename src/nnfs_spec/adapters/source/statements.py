"""Tells the statements that only define from those that run on: print, plot, train, read files."""

import ast
from collections.abc import Iterator, Sequence

COMPUTING_BUILTINS = frozenset({"abs", "bool", "float", "int", "max", "min", "pow", "round", "str", "tuple"})
COMPUTING_FUNCTIONS = frozenset(
    {"array", "dtype", "exp", "finfo", "float32", "float64", "int32", "int64", "log", "log2", "nextafter", "sqrt"}
)
GENERATORS = frozenset({"RandomState", "default_rng"})
"""What a constant may call: it computes a number or makes a generator, and does nothing else."""

ASKING_BUILTINS = frozenset({"callable", "hasattr", "isinstance", "issubclass", "len"})
"""What a condition may call besides."""

GENERICS = frozenset(
    {"Annotated", "Callable", "ClassVar", "Final", "Iterable", "Iterator", "Literal", "Mapping", "Optional", "Sequence"}
    | {"Dict", "List", "Set", "Tuple", "Type", "Union", "dict", "frozenset", "list", "set", "tuple", "type"}
)
"""What may be subscripted: that makes a type."""


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
        case ast.If(test=test, body=body, orelse=orelse):
            return _is_condition(test) and all(map(is_definition, [*body, *orelse]))
        case ast.Assign(targets=targets, value=value):
            return all(map(_is_name, targets)) and _is_constant(value)
        case ast.AnnAssign(annotation=ast.Name(id="TypeAlias") | ast.Attribute(attr="TypeAlias"), value=ast.expr()):
            return True
        case ast.AnnAssign(target=target, value=ast.expr() as value) | ast.AugAssign(target=target, value=value):
            return _is_name(target) and _is_constant(value)
        case _:
            return False


def _is_name(target: ast.expr) -> bool:
    """Tell whether an assignment goes to a name, an attribute of a name, or several of these."""
    match target:
        case ast.Name() | ast.Attribute(value=ast.Name()):
            return True
        case ast.Tuple(elts=elements) | ast.List(elts=elements):
            return all(map(_is_name, elements))
        case _:
            return False


_CONSTANTS = (
    *(ast.Constant, ast.List, ast.Tuple, ast.Dict, ast.Set, ast.UnaryOp, ast.BinOp, ast.Name, ast.Attribute),
    *(ast.operator, ast.unaryop, ast.expr_context, ast.keyword),
)
_CONDITIONS = (*_CONSTANTS, ast.Compare, ast.BoolOp, ast.cmpop, ast.boolop)


def _is_constant(value: ast.expr) -> bool:
    """Tell whether an expression is made of literals, names, attributes, arithmetic and calls that only compute."""
    if isinstance(value, ast.Lambda):
        return True
    return all(_is_plain(node, _CONSTANTS) for node in ast.walk(value))


def _is_plain(node: ast.AST, kinds: tuple[type[ast.AST], ...]) -> bool:
    match node:
        case ast.Call():
            return _only_computes(node)
        case ast.Subscript(value=ast.Name(id=name)):
            return name in GENERICS
        case ast.Subscript(value=ast.Attribute(value=ast.Name(id="np" | "numpy" | "typing" | "npt"))):
            return True
        case _:
            return isinstance(node, kinds)


def _is_condition(test: ast.expr) -> bool:
    """Tell whether an expression is a constant, or asks about constants and changes nothing."""
    return all(
        (isinstance(node, ast.Call) and _only_asks(node)) or _is_plain(node, _CONDITIONS) for node in ast.walk(test)
    )


def _only_asks(call: ast.Call) -> bool:
    return isinstance(call.func, ast.Name) and call.func.id in ASKING_BUILTINS


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
