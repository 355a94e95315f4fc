"""Finds the operations among the names of a target, and tells how each is called."""

from collections.abc import Callable, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any

from nnfs_spec.adapters.live import Implementation, UnusableError
from nnfs_spec.adapters.recognition import fork as forked
from nnfs_spec.adapters.recognition.accumulators import accumulator_way
from nnfs_spec.adapters.recognition.candidates import GIVES, Candidate, candidates
from nnfs_spec.adapters.recognition.functions import function_ways
from nnfs_spec.adapters.recognition.layers import LayerForm, layer_form
from nnfs_spec.adapters.recognition.losses import accuracy_form, fused_softmax, loss_forms
from nnfs_spec.adapters.recognition.names import meaning_of
from nnfs_spec.adapters.recognition.objects import made_without_arguments, method_ways
from nnfs_spec.adapters.recognition.signatures import UnfitError
from nnfs_spec.adapters.recognition.trials import EXAMPLES, ROW, Fit, Raised, Tried, Trier, Way
from nnfs_spec.subject.operations import OPERATIONS, Operation


@dataclass
class Recognised:
    """What was found: an implementation of each operation, what was taken for it, and what could not be used.

    ``lacking`` holds reasons why something was not taken for an operation, which matter if nothing else was.
    """

    implementations: dict[str, Implementation] = field(default_factory=dict[str, Implementation])
    taken: dict[Operation, str] = field(default_factory=dict[Operation, str])
    problems: list[str] = field(default_factory=list[str])
    lacking: list[tuple[Operation, str]] = field(default_factory=list[tuple[Operation, str]])

    def add(self, operation: Operation, way: Way, raised: Raised | None = None) -> None:
        """Take a way for an operation that nothing was taken for yet."""
        if operation in self.implementations:
            return
        self.implementations[operation] = way.make
        if way.told:
            trouble = (f"in a trial call it raised {raised}",) if raised and raised.message else ()
            self.taken[operation] = f"{operation}: {'; '.join((*way.told, *trouble))}"


def recognise(
    names: Mapping[str, Any],
    broken: Mapping[str, str] | None = None,
    trier: Trier | None = None,
    guarded: bool = False,
    mapping: Sequence[Candidate] = (),
) -> Recognised:
    """Return what ``names`` has of each operation.

    ``broken`` says of names that could not be defined why; what they would have been is an operation that breaks down.
    ``guarded`` makes the trials in a copy of the process first, where they can do no harm: all at once, and, if that
    copy ends or hangs, those of each name. ``mapping`` comes before all
    names. Raises LookupError where what it names cannot be called as its operation.
    """
    trier = trier or Trier()
    if guarded and forked.survives(lambda: recognise(names, trier=trier, mapping=mapping)):
        guarded = False
    found = Recognised()
    for candidate in (*mapping, *candidates(names)):
        if all(operation in found.implementations for operation in candidate.gives):
            continue
        try:
            examine(candidate, found, _careful(candidate, trier, found) if guarded else trier)
        except UnfitError as unfit:
            if candidate.only is not None:
                raise LookupError(f"--map {candidate.only}: `{candidate.name}` {unfit}") from None
            found.lacking += [(operation, f"`{candidate.name}` {unfit}") for operation in candidate.gives]
    for name, problem in (broken or {}).items():
        meaning = meaning_of(name)
        for operation in GIVES[meaning.family] if meaning and not meaning.weak else ():
            found.add(operation, Way((f"`{name}` could not be defined",), _unusable(problem)))
    for operation, reason in found.lacking:
        if operation not in found.implementations:
            found.problems.append(f"{operation}: {reason}")
    return found


def implementations_in(names: Mapping[str, Any]) -> dict[str, Implementation]:
    """Return what ``names`` has of each operation; where there is both a function and a class, the function."""
    return recognise(names).implementations


def plain_functions(names: Mapping[str, Any]) -> dict[str, Implementation]:
    """Return the operations among ``names`` that are functions of the specification's form; nothing is tried."""
    return {name: _function(names[name]) for name in OPERATIONS if name in names}


def examine(candidate: Candidate, found: Recognised, trier: Trier) -> None:
    """Add what a candidate gives of its operations. Raises UnfitError where it gives none."""
    given, layer = _forms(candidate, trier, found)
    if candidate.meaning.weak and trier.calling and not (layer and layer.sized):
        given = {operation: tried for operation, tried in given.items() if tried.fit is Fit.FITS}
        if not given:
            raise UnfitError("has the name of a base class or of something else, and does not work in a trial call")
    for operation, tried in given.items():
        raised = tried.raised if tried.fit is Fit.RAISED else None
        if raised is not None and raised.lacks:
            raise UnfitError(f"cannot be called here: {raised}")
        if operation in candidate.gives:
            found.add(operation, tried.way, raised)
    if layer is not None and layer.new is not None and "dense" in given:
        told = () if found.implementations["dense"] is layer.dense.way.make else (f"took `{candidate.name}`",)
        found.add("layer", Way(told, layer.new))


def _forms(candidate: Candidate, trier: Trier, found: Recognised) -> tuple[dict[Operation, Tried], LayerForm | None]:
    name, value, family = candidate.name, candidate.value, candidate.meaning.family
    if not isinstance(value, type) and not hasattr(value, "forward"):
        return _function_forms(candidate, trier), None
    kind: type[Any] = value if isinstance(value, type) else type(value)
    if family == "dense":
        form = layer_form(name, kind, trier, None if isinstance(value, type) else value)
        return {"dense": form.dense}, form
    new = made_without_arguments(kind) if isinstance(value, type) else lambda: deepcopy(value)
    if family == "fused":
        return {"softmax": fused_softmax(name, kind, new, trier)}, None
    if family == "cross_entropy" or OPERATIONS[family].reads_target_only:
        given, reasons = loss_forms(name, kind, new, trier)
        found.lacking += reasons
        return given, None
    if family == "accuracy":
        return {"accuracy": accuracy_form(name, kind, new, trier)}, None
    if family == "spiral_data":
        raise UnfitError("is a class, but spiral data come from a function")
    if family == "stream":
        return {"stream": Tried(accumulator_way(name, kind), (Fit.RAN,))}, None
    definition = OPERATIONS[family]
    roles = dict(zip(definition.argument_names, definition.roles, strict=True))
    ways = method_ways(new, kind, name, roles, EXAMPLES[family], trier)
    return {family: _rowwise(ways, family, trier)}, None


def _function_forms(candidate: Candidate, trier: Trier) -> dict[Operation, Tried]:
    name, function, family = candidate.name, candidate.value, candidate.meaning.family
    if family == "spiral_data":
        return {family: Tried(function_ways(family, name, function)[0], (Fit.RAN,))}
    if family == "stream":
        raise UnfitError("is a function, but rows are streamed through objects of a class")
    if family == "fused":
        raise UnfitError("is a function of logits and labels at once, and gives no probabilities")
    if family == "cross_entropy":
        tried = {one: trier.best(function_ways(one, name, function), EXAMPLES[one]) for one in GIVES[family]}
        form: Operation = "loss" if tried["loss"].fit is Fit.FITS else "sample_losses"
        return {form: tried[form]}
    return {family: _rowwise(function_ways(family, name, function), family, trier)}


def _rowwise(ways: Sequence[Way], family: Operation, trier: Trier) -> Tried:
    """Return the best way. Raises UnfitError for an activation that works on one row at a time and on no batch."""
    tried = trier.best(ways, EXAMPLES[family])
    single = len(OPERATIONS[family].arguments) == 1 and tried.fit is Fit.RAISED
    if single and trier.best(ways, (ROW,)).fit is Fit.FITS:
        raise UnfitError(f"works on single rows only; on a batch it raised {tried.raised}")
    return tried


def _careful(candidate: Candidate, trier: Trier, found: Recognised) -> Trier:
    """Return a trier that calls nothing if the trials of a candidate end the process or do not end."""
    if forked.survives(lambda: examine(candidate, Recognised(), trier)):
        return trier
    found.problems.append(
        f"{candidate.gives[0]}: `{candidate.name}` was taken without a trial: "
        f"a trial call ended its process, forked, closed a pipe or took longer than {forked.SECONDS:g} s"
    )
    return Trier(calling=False)


def _function(function: Callable[..., Any]) -> Implementation:
    return lambda: function


def _unusable(problem: str) -> Implementation:
    def make() -> Callable[..., Any]:
        raise UnusableError(problem)

    return make
