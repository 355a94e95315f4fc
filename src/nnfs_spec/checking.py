"""``nnfs_spec.check``: the kit as one function. Its imports wait until it is called, so that importing stays quick."""

from collections.abc import Mapping, Sequence
from types import ModuleType
from typing import TYPE_CHECKING, Any, Literal, cast

if TYPE_CHECKING:
    from nnfs_spec.engine.events import Report


def check(
    target: Any,
    *,
    level: Literal["must", "should"] = "must",
    budget: Literal["quick", "default", "thorough"] = "default",
    seed: int = 0,
    clauses: Sequence[str] = (),
    timeout: float = 10.0,
) -> "Report":
    """Check an implementation against the specification and return the report.

    ``target`` is what ``nnfs-spec check`` takes, as a string, which runs in a process of its own with ``timeout``
    seconds for each session of calls; or objects in hand (a module, a class, a function, a dict of them), which run
    in this process. Raises TargetError where a string cannot be loaded, LookupError where nothing is recognised.
    """
    from nnfs_spec.adapters.isolated import IsolatedSubject
    from nnfs_spec.adapters.load import live_subject
    from nnfs_spec.engine.run import check_subject

    if isinstance(target, str):
        with IsolatedSubject(target, timeout) as subject:
            return check_subject(subject, level=level, budget=budget, seed=seed, only=clauses, problems=subject.notes)
    return check_subject(live_subject(_names(target)), level=level, budget=budget, seed=seed, only=clauses)


def _names(target: Any) -> Mapping[str, Any]:
    if isinstance(target, ModuleType):
        return vars(target)
    return cast("dict[str, Any]", target) if isinstance(target, dict) else {target.__name__: target}
