"""``nnfs_spec.check``: the kit as one function. Its imports wait until it is called, so that importing stays quick."""

from collections.abc import Mapping, Sequence
from contextlib import ExitStack, closing
from dataclasses import replace
from os import PathLike, fspath
from types import ModuleType
from typing import TYPE_CHECKING, Any, cast

import numpy as np

from nnfs_spec.engine.budget import BUDGETS, BudgetName
from nnfs_spec.engine.options import CheckOptions, Level
from nnfs_spec.subject.operations import OPERATIONS, operations_named

if TYPE_CHECKING:
    from nnfs_spec.adapters.isolated import IsolatedSubject
    from nnfs_spec.adapters.options import Loading
    from nnfs_spec.engine.clause_state import Helper
    from nnfs_spec.engine.events import ClauseResult, Diagnosis, Errors, Listener, Report, Unmet
    from nnfs_spec.engine.exhaustive import Checkpoint, ExhaustiveHelper
    from nnfs_spec.reports import notebook
    from nnfs_spec.subject.protocol import Account, Sandbox, Subject

MOST_NAMES = 4
"""Of the names of objects, so many stand in the report."""


def check(
    *targets: Any,
    level: Level = "must",
    budget: BudgetName = "default",
    seed: int = 0,
    clauses: Sequence[str] = (),
    timeout: float = 10.0,
    run_all: bool = False,
    mapping: Sequence[str] = (),
    max_time: float | None = None,
    require: Sequence[str] = (),
    sandbox: "Sandbox" = "none",
) -> "notebook.Report":
    """Check an implementation against the specification and return the report, which shows itself in a notebook.

    ``targets`` is what ``nnfs-spec check`` takes, as a string, which runs in a process of its own with ``timeout``
    seconds for each session of calls; or objects (modules, classes, functions, layers, a dict or list of these), which
    run in this process. ``run_all`` executes every statement of a source, not only definitions; ``mapping`` holds
    entries such as "softmax=my_function" that say what to take for an operation. After ``max_time`` seconds nothing
    more is tried. An operation of ``require`` that is not checked makes the verdict nonconformant. ``sandbox`` is what
    the process of a string lives in; "auto" is bubblewrap where it can be had.

    Raises TargetError where a string cannot be loaded, LookupError where nothing is recognised, TypeError where an
    object has no name to be recognised by, ValueError where ``require`` names what is no operation.
    """
    options = CheckOptions(
        level=level,
        budget=budget,
        seed=seed,
        clauses=tuple(clauses),
        timeout=timeout,
        run_all=run_all,
        mapping=tuple(mapping),
        max_time=max_time,
        require=operations_named(require),
        sandbox=sandbox,
    )
    return check_targets(targets, options)


def check_targets(targets: Sequence[Any], options: CheckOptions) -> "notebook.Report":
    """Check what ``check`` takes, with these options."""
    from nnfs_spec.adapters.load import live_subject
    from nnfs_spec.reports.notebook import ProgressInNotebook, Report

    with closing(ProgressInNotebook()) as progress:
        match targets:
            case (str(target),):
                from nnfs_spec.adapters.isolated import IsolatedSubject  # here: objects are checked on Windows, too

                subject = IsolatedSubject(target, options.timeout, loading_of(options), wait=False)
                report = check_isolated(subject, options, listen=progress)
            case _:
                names = _names_of(targets)
                in_hand = live_subject(names, _title(targets, names), mapping=options.mapping)
                report = check_subject(in_hand, options, listen=progress)
                repeated = tuple(
                    replace(one, replay=_call_of_check(targets, one.id, options)) for one in report.clauses
                )
                report = replace(report, clauses=repeated)
    return Report.of(report)


def check_one(path: str | PathLike[str], options: CheckOptions | None = None) -> "Report":
    """Check what stands at ``path``, or any one target of ``nnfs-spec check``, and return the report.

    Options and report are plain data, so that it runs in the worker of any ``concurrent.futures.Executor``, also in a
    daemonic process or in a thread: the target has a process of its own. Raises TargetError where it cannot be loaded.
    """
    from nnfs_spec.adapters.isolated import IsolatedSubject

    options = options or CheckOptions()
    with IsolatedSubject(fspath(path), options.timeout, loading_of(options)) as subject:
        return check_subject(subject, options)


def check_isolated(
    subject: "IsolatedSubject",
    options: CheckOptions,
    *,
    checkpoint: "Checkpoint | None" = None,
    listen: "Listener" = lambda event: None,
) -> "Report":
    """Check a subject in a process of its own; with more than a quick budget a helper takes a share.

    A subject that writes a trace has no helper, so that the trace is complete. Raises TargetError where the target
    cannot be loaded.
    """
    from nnfs_spec.checking.helper import ExhaustiveHelper, PlanHelper

    plan_helper = exhaustive_helper = None
    with ExitStack() as running:
        if options.budget != "quick" and not subject.traced:
            plan_helper = running.enter_context(PlanHelper(subject.target, options))
            if BUDGETS[options.budget].complete:
                exhaustive_helper = running.enter_context(ExhaustiveHelper(subject.target, options))
        running.enter_context(subject)
        return check_subject(
            subject,
            options,
            plan_helper=plan_helper,
            exhaustive_helper=exhaustive_helper,
            checkpoint=checkpoint,
            listen=listen,
        )


@np.errstate(divide="warn", over="warn", under="ignore", invalid="warn")
def check_subject(
    subject: "Subject",
    options: CheckOptions,
    *,
    plan_helper: "Helper | None" = None,
    exhaustive_helper: "ExhaustiveHelper | None" = None,
    checkpoint: "Checkpoint | None" = None,
    listen: "Listener" = lambda event: None,
) -> "Report":
    """Run the clauses on ``subject``, diagnose what failed, and return the report.

    The events are those of the run, then those of the measurement with ``errors``, then Finished. Raises KeyError for
    an unknown clause. The same subject and options give the same report, unless time runs out.
    """
    from nnfs_spec.checking.required import checked_operations, refused_operations, unmet_requirements
    from nnfs_spec.engine.events import Finished, Report, verdict_of
    from nnfs_spec.engine.run import run_clauses

    run = run_clauses(
        subject,
        options,
        plan_helper=plan_helper,
        exhaustive_helper=exhaustive_helper,
        checkpoint=checkpoint,
        listen=listen,
    )
    diagnosis = _diagnosis(subject, run.results, options.seed)
    errors = _errors(subject, options.seed, listen) if options.errors else None
    account = subject.account()
    cut_short = bool(run.cut_short)
    unmet = unmet_requirements(subject, account, run.results, options.require, cut_short=cut_short)
    report = Report(
        subject.name,
        options.seed,
        options.budget,
        options.level,
        verdict_of(run.results, options.level, cut_short=cut_short, unmet=bool(unmet)),
        tuple(sorted(subject.operations)),
        _with_curve(subject, _with_code(subject, run.results)),
        diagnosis,
        account.taken,
        _not_told_above(account, unmet) + _nothing_counts(run.results, options.level),
        account.output,
        errors,
        run.cut_short,
        unmet,
        checked_operations(subject, run.results),
        refused_operations(subject, account),
        account.notices,
        account.isolation,
    )
    listen(Finished(report))
    return report


def loading_of(options: CheckOptions) -> "Loading":
    """Return the options that concern the loading of a target."""
    from nnfs_spec.adapters.options import Loading

    return Loading(options.run_all, options.mapping, options.sandbox)


def _diagnosis(subject: "Subject", results: "Sequence[ClauseResult]", seed: int) -> "tuple[Diagnosis, ...]":
    if not any(result.status in ("fail", "error") for result in results):
        return ()
    from nnfs_spec.diagnosis.diagnose import diagnose  # deferred: imports every mutant

    return diagnose(subject, results, seed)


def _with_code(subject: "Subject", results: "Sequence[ClauseResult]") -> "tuple[ClauseResult, ...]":
    """Return the results, each counterexample with the lines of the subject's source that its call ran."""
    from nnfs_spec.subject.protocol import Call, Followed

    if not isinstance(subject, Followed):
        return tuple(results)
    found: list[ClauseResult] = []
    for result in results:
        shown = result.counterexample
        names = () if shown is None else OPERATIONS[shown.operation].argument_names
        if shown is not None and (shown.call is not None or all(name in shown.inputs for name in names)):
            call = shown.call or Call(shown.operation, tuple(shown.inputs[name] for name in names))
            result = replace(result, counterexample=replace(shown, code=subject.code_lines(call)))
        found.append(result)
    return tuple(found)


def _with_curve(subject: "Subject", results: "Sequence[ClauseResult]") -> "tuple[ClauseResult, ...]":
    """Return the results, those of a wrong ReLU with what the subject gives from -4 to 4, to be drawn."""
    from nnfs_spec.subject.protocol import Probe, SubjectError

    failed = [(one.id, one.counterexample) for one in results if one.status == "fail"]
    wrong = {id: shown for id, shown in failed if shown is not None and shown.operation == "relu"}
    if not wrong:
        return tuple(results)
    inputs = np.linspace(-4.0, 4.0, 33)
    try:
        outputs = Probe(subject).ask("relu", inputs[:, np.newaxis])[:, 0].astype(np.float64)
    except SubjectError:  # then there is nothing to draw, and what is wrong is told anyway
        return tuple(results)
    curve = inputs, outputs
    return tuple(
        replace(one, counterexample=replace(wrong[one.id], curve=curve)) if one.id in wrong else one for one in results
    )


def _errors(subject: "Subject", seed: int, listen: "Listener") -> "tuple[Errors, ...]":
    from nnfs_spec.engine.accuracy import by_operation, measure  # deferred: most checks need none of it

    return by_operation(measure(subject, seed=seed, listen=listen))


def _not_told_above(account: "Account", unmet: "Sequence[Unmet]") -> tuple[str, ...]:
    """Return the problems without the reasons why required operations were not checked, which stand by the verdict."""
    missing = {str(one.operation) for one in unmet}
    reasons = {reason for operation, reason in account.lacking if operation in missing}

    def is_above(problem: str) -> bool:
        operations, _, reason = problem.partition(": ")
        return reason in reasons and set(operations.split(", ")) <= missing

    return tuple(problem for problem in account.problems if not is_above(problem))


def _nothing_counts(results: "Sequence[ClauseResult]", level: Level) -> tuple[str, ...]:
    """Return why the verdict says nothing about the subject, where only advice was asked for."""
    if any(result.counts_at(level) for result in results):
        return ()
    return (f"no clause that was asked for counts at level {level}: at level should advice counts, too",)


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


def _title(targets: Sequence[Any], names: Mapping[str, Any]) -> str:
    """Return what the report calls these objects: a module by its name, others by theirs."""
    match targets:
        case (ModuleType() as module,):
            return module.__name__
        case ({"__name__": str(module_name)},):  # globals()
            return module_name
        case _:
            shown = [name for name in names if not name.startswith("_")]
            more = f" and {len(shown) - MOST_NAMES} more" if len(shown) > MOST_NAMES else ""
            return ", ".join(shown[:MOST_NAMES]) + more


def _call_of_check(targets: Sequence[Any], id: str, options: CheckOptions) -> str:
    """Return the call of ``check`` that checks one clause of these objects again."""
    asked = [f"clauses=[{id!r}]", f"budget={options.budget!r}", f"seed={options.seed}"]
    asked += [f"level={options.level!r}"] if options.level != "must" else []
    asked += [f"mapping={list(options.mapping)!r}"] if options.mapping else []
    return f"nnfs_spec.check({', '.join([*map(_expression, targets), *asked])})"


def _expression(target: Any) -> str:
    """Return an object as one would write it in a call; what has no name of its own goes by that of its class."""
    if isinstance(target, dict):
        entries = cast("dict[str, Any]", target)
        if "__name__" in entries:
            return "globals()"
        if len(entries) > MOST_NAMES:
            return "{...}"
        return f"{{{', '.join(f'{name!r}: {_expression_named(value, name)}' for name, value in entries.items())}}}"
    if isinstance(target, list | tuple):
        return f"[{', '.join(map(_expression, cast('Sequence[Any]', target)))}]"
    return _expression_named(target, type(target).__name__)


def _expression_named(value: Any, otherwise: str) -> str:
    own = getattr(value, "__name__", otherwise)
    return own if isinstance(own, str) and own.replace(".", "_").isidentifier() else otherwise
