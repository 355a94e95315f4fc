"""What stands for an operation by order of the user: ``softmax=my_function``, ``relu=Class.method``."""

import importlib
from collections.abc import Mapping, Sequence
from typing import Any

from nnfs_spec.adapters.recognition.candidates import Candidate, inside
from nnfs_spec.adapters.recognition.names import Meaning, exactly
from nnfs_spec.subject.operations import OPERATIONS, Operation, is_operation

MAPPABLE: Mapping[Operation, Meaning] = {
    operation: exactly(definition.names[0]) for operation, definition in OPERATIONS.items() if definition.names
}
"""What a name can be mapped to; a layer comes with the class that dense is mapped to."""


def mapped(entries: Sequence[str], names: Mapping[str, Any]) -> list[Candidate]:
    """Return what the entries name. Raises LookupError where one is not understood or names nothing."""
    return [_entry(entry, names) for entry in entries]


def _entry(entry: str, names: Mapping[str, Any]) -> Candidate:
    operation, equals, target = entry.partition("=")
    if not equals or not target:
        raise LookupError(f"--map {entry}: this must be OPERATION=NAME, =CLASS.METHOD or =MODULE:NAME")
    if not is_operation(operation) or operation not in MAPPABLE:
        raise LookupError(f"--map {entry}: there is no operation {operation!r}; there are {', '.join(MAPPABLE)}")
    module, _, name = target.rpartition(":")
    if module:
        try:
            names = vars(importlib.import_module(module))
        except Exception as problem:
            raise LookupError(f"--map {entry}: {type(problem).__name__}: {problem}") from None
    outer, *inner = name.split(".")
    try:
        found = inside(names[outer], inner) if inner else names[outer]
    except (KeyError, AttributeError):
        found = None
    if not callable(found):
        holder: object = names.get(outer)
        held: Mapping[str, Any] = vars(holder) if inner and isinstance(holder, type) else names
        public = sorted(key for key, value in held.items() if callable(value) and not key.startswith("_"))
        raise LookupError(
            f"--map {entry}: there is no function or class {name!r}; there are {', '.join(public) or 'none'}"
        )
    return Candidate(name, found, MAPPABLE[operation], only=operation)
