"""``nnfs_spec.check``: the kit as one function. Its imports wait until it is called, so that importing stays quick."""

from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from types import ModuleType
from typing import TYPE_CHECKING, Any, Literal, TypedDict, cast

if TYPE_CHECKING:
    from nnfs_spec.adapters.isolated import IsolatedSubject
    from nnfs_spec.checking.helper import ExhaustiveHelper
    from nnfs_spec.engine.clause_state import Helper
    from nnfs_spec.engine.events import Listener, Report
    from nnfs_spec.engine.exhaustive import Checkpoint


def check_isolated(
    subject: "IsolatedSubject",
    *,
    level: str,
    budget: str,
    seed: int,
    only: Sequence[str],
    max_time: float | None,
    listen: "Listener",
    checkpoint: "Checkpoint | None" = None,
    errors: bool = False,
) -> "Report":
    """Check a subject in a process of its own; with more than a quick budget a second one takes a share.

    Where the subject writes a trace of what it is told and answers there is no second one, so that it is all of it.

    Raises TargetError where the target cannot be loaded.
    """
    from nnfs_spec.checking.helper import ExhaustiveHelper, PlanHelper
    from nnfs_spec.engine.budget import BUDGETS
    from nnfs_spec.engine.run import check_subject

    plan: _Plan = {"budget": budget, "seed": seed, "only": only, "max_time": max_time}
    second: _Second = {"plan_helper": None, "exhaustive_helper": None, "checkpoint": checkpoint}
    target, timeout, loading = subject.target, subject.timeout, subject.loading
    with ExitStack() as running:
        if budget != "quick" and not subject.traced:
            second["plan_helper"] = running.enter_context(PlanHelper(target, timeout, loading, **plan))
            if BUDGETS[budget].complete:
                exhaustive_helper = ExhaustiveHelper(target, timeout, loading, only=only, max_time=max_time)
                second["exhaustive_helper"] = running.enter_context(exhaustive_helper)
        running.enter_context(subject)
        return check_subject(subject, level=level, errors=errors, listen=listen, **second, **plan)


class _Second(TypedDict):
    plan_helper: "Helper | None"
    exhaustive_helper: "ExhaustiveHelper | None"
    checkpoint: "Checkpoint | None"


class _Plan(TypedDict):
    budget: str
    seed: int
    only: Sequence[str]
    max_time: float | None


def check(
    *targets: Any,
    level: Literal["must", "should"] = "must",
    budget: Literal["quick", "default", "thorough", "exhaustive"] = "default",
    seed: int = 0,
    clauses: Sequence[str] = (),
    timeout: float = 10.0,
    run_all: bool = False,
    mapping: Sequence[str] = (),
    max_time: float | None = None,
) -> "Report":
    """Check an implementation against the specification and return the report, which draws itself in a notebook.

    ``targets`` is what ``nnfs-spec check`` takes, as a string, which runs in a process of its own with ``timeout``
    seconds for each session of calls; or objects in hand (modules, classes, functions, layers, a dict or list of
    these), which run in this process. ``run_all`` executes every statement of a source, not only definitions;
    ``mapping`` holds entries such as "softmax=my_function" that say what to take for an operation. After ``max_time``
    seconds nothing more is tried.

    Raises TargetError where a string cannot be loaded, LookupError where nothing is recognised, TypeError where an
    object has no name to be recognised by.
    """
    from nnfs_spec.adapters.isolated import IsolatedSubject
    from nnfs_spec.adapters.load import live_subject
    from nnfs_spec.adapters.options import Loading
    from nnfs_spec.engine.run import check_subject
    from nnfs_spec.reports.notebook import ShownReport

    plan: _Plan = {"budget": budget, "seed": seed, "only": clauses, "max_time": max_time}
    match targets:
        case (str(target),):
            subject = IsolatedSubject(target, timeout, Loading(run_all, tuple(mapping)), wait=False)
            report = check_isolated(subject, level=level, listen=lambda event: None, **plan)
        case _:
            report = check_subject(live_subject(_names_of(targets), mapping=mapping), level=level, **plan)
    return ShownReport.of(report)


def _names_of(targets: Sequence[Any]) -> dict[str, Any]:
    """Return every object under the name that it is recognised by."""
    names: dict[str, Any] = {}
    for target in targets:
        names |= _names(target)
    return names


def _names(target: Any) -> Mapping[str, Any]:
    if isinstance(target, str):
        raise TypeError(f"check: {target!r} is a string among several targets, but must be alone or an object")
    if isinstance(target, ModuleType):
        return vars(target)
    if isinstance(target, dict):
        return cast("dict[str, Any]", target)
    if isinstance(target, list | tuple):
        return _names_of(cast("Sequence[Any]", target))
    own = getattr(target, "__name__", None)
    name = type(target).__name__ if own is None and hasattr(target, "forward") else own
    if not isinstance(name, str) or not name.isidentifier():
        raise TypeError(
            f"check: {type(target).__name__} {name or 'without a name'} arrived, but a name must tell the operation; "
            "give a dict such as {'relu': ...}"
        )
    return {name: target}
