"""The options of a check: one record, passed whole from the command line to the engine and to helper processes."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Literal, TypeAlias

from nnfs_spec.engine.budget import BudgetName
from nnfs_spec.subject.operations import Operation
from nnfs_spec.subject.protocol import Sandbox

Level: TypeAlias = Literal["must", "should"]


@dataclass(frozen=True, kw_only=True)
class CheckOptions:
    """How targets are checked; every field has the default of the command line.

    ``level`` says whether broken advice counts, ``clauses`` which are checked (all, where it is empty). A session of
    calls may take ``timeout`` seconds; after ``max_time`` seconds nothing more is tried. ``run_all`` executes every
    statement of a source, and ``mapping`` says what to take for an operation, as in ``softmax=my_function``. With
    ``errors`` the accuracy is measured, too. ``sandbox`` says what holds a target back that runs in a process. An
    operation of ``require`` that is not checked is a failure.
    """

    level: Level = "must"
    budget: BudgetName = "default"
    seed: int = 0
    clauses: tuple[str, ...] = ()
    timeout: float = 10.0
    run_all: bool = False
    mapping: tuple[str, ...] = ()
    max_time: float | None = None
    errors: bool = False
    sandbox: Sandbox = "none"
    require: tuple[Operation, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """Return the options as JSON has them."""
        return asdict(self)

    @classmethod
    def from_dict(cls, read: Mapping[str, Any]) -> "CheckOptions":
        """Return what ``to_dict`` wrote."""
        several = {name: tuple(read[name]) for name in ("clauses", "mapping", "require")}
        fields: dict[str, Any] = {**read, **several}
        return cls(**fields)
