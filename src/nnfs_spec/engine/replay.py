"""Tries exactly one counterexample again: its case is made from its inputs, then judged as in a check."""

from collections.abc import Mapping

from nnfs_spec.arrays import Array
from nnfs_spec.clauses import all_clauses
from nnfs_spec.domains import UNTYPED, Case, Domain
from nnfs_spec.engine.events import ClauseResult, Status
from nnfs_spec.engine.trial import attempt
from nnfs_spec.engine.worked_example import counterexample_of
from nnfs_spec.properties import PROPERTIES
from nnfs_spec.subject.operations import Argument
from nnfs_spec.subject.protocol import Subject, UnsupportedError


def case_of(clause: str, operation: str, inputs: Mapping[str, Array]) -> Case:
    """Return the case of ``clause`` that has these inputs. Raises LookupError where they lie in none of its domains.

    Where they lie in several, the first serves: a property judges by the inputs.
    """
    for domain in (*PROPERTIES[clause].domains, *PROPERTIES[clause].completely):
        if domain.operation == operation and _fits(domain, inputs):
            typed = (inputs[argument.name].dtype for argument in domain.arguments if argument.values not in UNTYPED)
            case = Case(domain, next(typed, domain.dtypes[0]), inputs)
            if case.belongs():
                return case
    given = ", ".join(f"{name}: {array.dtype} of shape {array.shape}" for name, array in inputs.items())
    raise LookupError(f"the inputs of {operation} ({given or 'none'}) lie in no domain of {clause}")


def try_again(subject: Subject, clause: str, case: Case, replay: str) -> ClauseResult:
    """Judge ``subject`` on one case. The result shows the case whatever came of it, but where it is unsupported."""
    told = all_clauses()[clause]
    try:
        trial = attempt(PROPERTIES[clause], subject, case)
    except UnsupportedError:
        return ClauseResult(clause, told.level, told.title, "unsupported", 0, None, None, replay)
    status: Status = "pass" if trial.rows else "not-exercised"
    if trial.bad:
        status = "error" if trial.status == "error" else "fail"
    shown = counterexample_of(trial)
    undecided = trial.undecided
    return ClauseResult(clause, told.level, told.title, status, trial.rows, None, shown, replay, undecided=undecided)


def _fits(domain: Domain, inputs: Mapping[str, Array]) -> bool:
    arguments = domain.arguments
    return [argument.name for argument in arguments] == list(inputs) and all(_is_kind(a, inputs) for a in arguments)


def _is_kind(argument: Argument, inputs: Mapping[str, Array]) -> bool:
    """Tell whether an argument holds numbers of the kind that its values are."""
    return inputs[argument.name].dtype.kind in ("iu" if argument.values in UNTYPED else "f")
