"""Finds the operations among the names of a target, and tells how each is called."""

import inspect
from collections.abc import Callable, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any, TypeAlias

import numpy as np

from nnfs_spec.adapters.convert import to_array
from nnfs_spec.adapters.live import Implementation, UnusableError
from nnfs_spec.adapters.recognition import fork as forked
from nnfs_spec.adapters.recognition.accumulators import accumulator_way
from nnfs_spec.adapters.recognition.candidates import GIVES, Candidate, Method, candidates
from nnfs_spec.adapters.recognition.functions import function_ways, softmax_in_columns
from nnfs_spec.adapters.recognition.layers import LayerForm, layer_form
from nnfs_spec.adapters.recognition.losses import accuracy_form, best_form, fused_softmax, loss_forms
from nnfs_spec.adapters.recognition.names import Family, meaning_of
from nnfs_spec.adapters.recognition.objects import Making, making_of, method_ways
from nnfs_spec.adapters.recognition.signatures import LackingError, UnfitError, takes_logits
from nnfs_spec.adapters.recognition.trials import (
    BATCH,
    EXAMPLES,
    SINGLE,
    Example,
    Fit,
    Raised,
    Tried,
    Trier,
    Way,
    copies,
)
from nnfs_spec.arrays import Array
from nnfs_spec.subject.operations import OPERATIONS, Operation
from nnfs_spec.subject.roles import Role

Where: TypeAlias = Callable[[str, Any], str]
"""Tells in which line something is defined, such as "line 7", by its name and itself; nothing where that is unknown."""

COLUMNS_DECIDE: tuple[Operation, ...] = ("dense", "sample_losses")
"""The operations whose shapes tell whether samples stand in columns."""


@dataclass
class Recognised:
    """What was found: an implementation of each operation, what was taken for it, and what could not be used.

    ``lacking`` holds reasons why something was not taken for an operation, which matter if nothing else was, and
    ``passed_over`` what was found besides, and why it is not checked. ``single`` are the operations whose results are
    float32 whatever comes in, ``untried`` those that were taken without a trial call, ``withheld`` those for which the
    user named something that cannot be called here: nothing else is taken for them.
    """

    implementations: dict[str, Implementation] = field(default_factory=dict[str, Implementation])
    taken: dict[Operation, str] = field(default_factory=dict[Operation, str])
    problems: list[str] = field(default_factory=list[str])
    lacking: list[tuple[Operation, str]] = field(default_factory=list[tuple[Operation, str]])
    passed_over: dict[str, tuple[Candidate, str]] = field(default_factory=dict[str, tuple[Candidate, str]])
    ways: dict[Operation, Way] = field(default_factory=dict[Operation, Way])
    owners: dict[Operation, Candidate] = field(default_factory=dict[Operation, Candidate])
    single: set[str] = field(default_factory=set[str])
    untried: set[str] = field(default_factory=set[str])
    withheld: set[Operation] = field(default_factory=set[Operation])

    def add(self, operation: Operation, way: Way, raised: Raised | None = None, owner: Candidate | None = None) -> bool:
        """Take a way for an operation, and tell so, if nothing was taken for it yet."""
        if operation in self.implementations:
            return False
        self.implementations[operation] = way.make
        self.ways[operation] = way
        if owner is not None:
            self.owners[operation] = owner
        if way.told:
            trouble = (f"in a trial call it raised {raised}",) if raised and raised.message else ()
            self.taken[operation] = f"{operation}: {'; '.join((*way.told, *trouble))}"
        return True

    def pass_over(self, candidate: Candidate, why: str) -> None:
        """Note that something that was found is not checked; the first reason is told."""
        self.passed_over.setdefault(candidate.name, (candidate, why))

    def tell(self, where: Where) -> None:
        """Write down as problems what is lacking and what was passed over."""
        for operation, reason in self.lacking:
            if operation not in self.implementations:
                self.problems.append(f"{operation}: {reason}")
        for name, (candidate, why) in self.passed_over.items():
            if not self._is_base_of_taken(candidate.value):
                line = where(name, candidate.value)
                self.problems.append(f"also found, not checked: `{name}`{f', {line}' if line else ''}: {why}")

    def _is_base_of_taken(self, value: Any) -> bool:
        """Tell whether something is a base of a class that was taken, and is checked through it."""
        kinds = [owner.value for owner in self.owners.values() if isinstance(owner.value, type)]
        return isinstance(value, type) and any(value in kind.__mro__[1:] for kind in kinds)


def recognise(
    names: Mapping[str, Any],
    broken: Mapping[str, str] | None = None,
    trier: Trier | None = None,
    guarded: bool = False,
    mapping: Sequence[Candidate] = (),
    undefined: Mapping[str, str] | None = None,
    where: Where = lambda name, value: "",
) -> Recognised:
    """Return what ``names`` has of each operation.

    ``broken`` says of names that could not be defined why; what they would have been is an operation that breaks down.
    ``undefined`` says so of names that only lack what was not run, which are not checked. ``guarded`` makes the trials
    in a copy of the process first, where they can do no harm: all at once, and, if that copy ends or hangs, those of
    each name. ``mapping`` comes before all names. Raises LookupError where what it names cannot be called as its
    operation.
    """
    trier = trier or Trier()
    if guarded and forked.survives(lambda: recognise(names, trier=trier, mapping=mapping)):
        guarded = False
    known = [*mapping, *candidates(names)]
    found = _examined(known, trier, guarded, where)
    if not trier.columns and any(found.ways[one].columns for one in COLUMNS_DECIDE if one in found.ways):
        trier.columns = True
        found = _examined(known, trier, guarded, where)
    for name, problem in (broken or {}).items():
        for operation in _strong_meaning(name):
            found.add(operation, Way((f"`{name}` could not be defined",), _unusable(problem)))
    for name, problem in (undefined or {}).items():
        reason = f"`{name}` could not be defined: {problem}"
        found.lacking.extend((operation, reason) for operation in _strong_meaning(name))
    _turn_softmax(found, trier)
    found.tell(where)
    return found


def _examined(known: Sequence[Candidate], trier: Trier, guarded: bool, where: Where) -> Recognised:
    """Return what candidates give. Raises LookupError where one that the user named cannot be called so."""
    found = Recognised()
    for candidate in known:
        try:
            examine(candidate, found, _careful(candidate, trier, found) if guarded else trier)
        except UnfitError as unfit:
            if candidate.only is not None and not isinstance(unfit, LackingError):
                raise LookupError(f"--map {candidate.only}: `{candidate.name}` {unfit}") from None
            found.withheld |= set() if candidate.only is None else set(candidate.gives)
            if all(operation in found.implementations for operation in candidate.gives[:1]):
                found.pass_over(candidate, str(unfit))
            line = where(candidate.name, candidate.value)
            named = f"`{candidate.name}`{f', {line},' if line else ''}"
            found.lacking.extend((operation, f"{named} {unfit}") for operation in candidate.gives)
    return found


def _strong_meaning(name: str) -> tuple[Operation, ...]:
    meaning = meaning_of(name)
    return GIVES[meaning.family] if meaning and not meaning.weak else ()


def _turn_softmax(found: Recognised, trier: Trier) -> None:
    """Give softmax its samples in columns where the other operations have them so, unless it has its own in rows."""
    way = found.ways.get("softmax")
    others = [found.owners[one].name for one in COLUMNS_DECIDE if one in found.owners and found.ways[one].columns]
    if way is None or not others or way.columns or "softmax" in found.untried:
        return
    turned = replace(softmax_in_columns(way), told=(*way.told, f"samples in columns, as `{others[0]}` has them"))
    off, turned_off = (_off_one(trier.run(partial(_result, one, BATCH))) for one in (way, turned))
    if turned_off < off:
        del found.implementations["softmax"]
        found.add("softmax", turned, owner=found.owners["softmax"])


def _result(way: Way, example: Example) -> Array:
    return to_array(way.make()(*copies(example)))


def _off_one(result: Array | Raised) -> float:
    """Return by how much the sums of rows differ from one at most."""
    if isinstance(result, Raised):
        return float("inf")
    sums: Array = np.sum(result, axis=-1)
    return float(np.abs(sums - 1).max())


def implementations_in(names: Mapping[str, Any]) -> dict[str, Implementation]:
    """Return what ``names`` has of each operation; where there is both a function and a class, the function."""
    return recognise(names).implementations


def plain_functions(names: Mapping[str, Any]) -> dict[str, Implementation]:
    """Return the operations among ``names`` that are functions of the specification's form; nothing is tried."""
    return {name: _function(names[name]) for name in OPERATIONS if name in names}


def examine(candidate: Candidate, found: Recognised, trier: Trier) -> None:
    """Add what a candidate gives of its operations. Raises UnfitError where it gives none."""
    given: dict[Operation, Tried]
    given, layer = _forms(candidate, trier, found)
    if candidate.meaning.family == "fused" and candidate.only is None:
        found.pass_over(
            candidate, "its loss is one of logits, which no clause speaks of; only its softmax can be checked"
        )
    if candidate.meaning.weak and trier.calling and not (layer and layer.sized):
        working: dict[Operation, Tried] = {
            operation: tried for operation, tried in given.items() if _works(candidate, operation, tried)
        }
        if not working:
            raise UnfitError(_idle(given))
        given = working
    for operation, tried in given.items():
        raised = tried.raised if tried.fit is Fit.RAISED else None
        if raised is not None and raised.lacks:
            raise LackingError(f"cannot be called here: {raised.with_line}")
        if trier.calling and candidate.only is None and not tried.way.sure and tried.fit is not Fit.FITS:
            raise UnfitError(_guessed(operation, tried))
        if operation not in candidate.gives:
            continue
        if operation in found.withheld:
            found.pass_over(candidate, f"--map names something else for {operation}")
            continue
        if not found.add(operation, tried.way, raised, candidate):
            found.pass_over(candidate, f"{operation} is `{_name_of(found, operation)}`")
            continue
        found.untried |= set() if trier.calling else {operation}
        found.single |= {operation} if tried.single and OPERATIONS[operation].keeps_dtype else set()
    if layer is not None and layer.new is not None and "dense" in given:
        told = () if found.implementations["dense"] is layer.dense.way.make else (f"`{candidate.name}`",)
        found.add("layer", Way(told, layer.new), owner=candidate)


def _works(candidate: Candidate, operation: Operation, tried: Tried) -> bool:
    """Tell whether what has a weak name works: a function called loss, which may be any, with both forms of labels."""
    any_loss = candidate.meaning.family == "loss" and not isinstance(candidate.value, type)
    return (min if any_loss or isinstance(candidate.value, Method) else max)(tried.fits) is Fit.FITS


def _idle(given: Mapping[Operation, Tried]) -> str:
    """Return why what has a weak name is not taken: what its trial calls came to."""
    said = "has the name of a base class or of something else, and does not work in a trial call"
    if any(tried.fit is Fit.FITS for tried in given.values()):
        said += " with both forms of labels"
    raised = next((tried.raised for tried in given.values() if tried.raised is not None), None)
    return f"{said}: it raised {raised.with_line}" if raised is not None else said


def _name_of(found: Recognised, operation: Operation) -> str:
    return found.owners[operation].name if operation in found.owners else operation


def _guessed(operation: Operation, tried: Tried) -> str:
    """Return why an operation is not checked whose form is a guess that does not fit."""
    shapes = " and ".join(str(argument.shape) for argument in EXAMPLES[operation][0].arguments)
    raised = tried.raised.with_line if tried.fit is Fit.RAISED and tried.raised is not None else ""
    came = f"raised {raised}" if raised else f"gave no result of shape {EXAMPLES[operation][0].shape}"
    return (
        f"is not checked, since how to call it is a guess: with arrays of {shapes} it {came}; "
        f"--map {operation}=NAME says what to take"
    )


def _forms(candidate: Candidate, trier: Trier, found: Recognised) -> tuple[dict[Operation, Tried], LayerForm | None]:
    name, value, family = candidate.name, candidate.value, candidate.meaning.family
    if isinstance(value, Method):
        return _method_forms(name, value, family, trier), None
    if not isinstance(value, type) and not hasattr(value, "forward"):
        return _function_forms(candidate, trier), None
    kind: type[Any] = value if isinstance(value, type) else type(value)
    if inspect.isabstract(kind):
        raise UnfitError(f"is abstract: a subclass must define {', '.join(sorted(kind.__abstractmethods__))}")
    if family == "dense":
        form = layer_form(name, kind, trier, None if isinstance(value, type) else value)
        return {"dense": form.dense}, form
    making = making_of(kind) if isinstance(value, type) else Making(lambda: deepcopy(value))
    if family == "spiral_data":
        raise UnfitError("is a class, but spiral data come from a function")
    if family == "stream":
        return {"stream": Tried(accumulator_way(name, kind), (Fit.RAN,))}, None
    given = _class_forms(name, kind, making, family, trier, found)
    if making.unmade and not any(tried.fit is Fit.FITS for tried in given.values()):
        raise UnfitError(making.unmade)
    return given, None


def _class_forms(
    name: str, kind: type[Any], making: Making, family: Family, trier: Trier, found: Recognised
) -> dict[Operation, Tried]:
    try:
        if family == "fused":
            return {"softmax": fused_softmax(name, kind, making, trier)}
        if family == "cross_entropy" or OPERATIONS[family].reads_target_only:
            given, reasons = loss_forms(name, kind, making, trier)
            found.lacking += reasons
            return given
        if family == "accuracy":
            return {"accuracy": accuracy_form(name, kind, making, trier)}
        ways = method_ways(making, kind, name, _roles(family), EXAMPLES[family], trier)
        return {family: _rowwise(ways, family, trier)}
    except UnfitError as unfit:
        raise UnfitError(making.unmade or str(unfit)) from None


def _method_forms(title: str, method: Method, family: Family, trier: Trier) -> dict[Operation, Tried]:
    """Return what a method gives that stands for an operation by itself."""
    making, kind, outer = making_of(method.kind), method.kind, title.removesuffix(f".{method.name}")
    if family == "fused" or family == "stream":  # so that it is known to be an operation
        raise UnfitError("is a method, but is looked for among classes")
    if family == "spiral_data":
        ways = function_ways(family, title, getattr(making.new(), method.name))
        return {family: Tried(replace(ways[0], sure=True), (Fit.RAN,))}
    if family == "cross_entropy" or OPERATIONS[family].roles == OPERATIONS["loss"].roles:
        several: tuple[Operation, ...] = GIVES[family] if family == "cross_entropy" else (family,)
        tried = {one: best_form(one, outer, kind, making, method.name, trier) for one in several}
        best = max(several, key=lambda one: tried[one].fits)
        return {best: tried[best]}
    ways = method_ways(making, kind, outer, _roles(family), EXAMPLES[family], trier, [method.name])
    return {family: _rowwise(ways, family, trier)}


def _roles(operation: Operation) -> dict[str, Role]:
    """Return the arguments of an operation and how people name them."""
    definition = OPERATIONS[operation]
    return dict(zip(definition.argument_names, definition.roles, strict=True))


def _function_forms(candidate: Candidate, trier: Trier) -> dict[Operation, Tried]:
    name, function, family = candidate.name, candidate.value, candidate.meaning.family
    if family == "spiral_data":
        return {family: Tried(replace(function_ways(family, name, function)[0], sure=True), (Fit.RAN,))}
    if family == "stream":
        raise UnfitError("is a function, but rows are streamed through objects of a class")
    if family == "fused":
        raise UnfitError("is a function of logits and labels at once, and gives no probabilities")
    losses = family == "cross_entropy" or OPERATIONS[family].reads_target_only
    if losses and takes_logits(function):
        raise UnfitError("takes logits, but the specification's losses take probabilities")
    if family == "cross_entropy":
        tried = {one: trier.best(function_ways(one, name, function), EXAMPLES[one]) for one in GIVES[family]}
        form: Operation = "loss" if tried["loss"].fit is Fit.FITS else "sample_losses"
        return {form: tried[form]}
    return {family: _rowwise(function_ways(family, name, function), family, trier)}


def _rowwise(ways: Sequence[Way], family: Operation, trier: Trier) -> Tried:
    """Return the best way. Raises UnfitError for what works on one row or number at a time and on no batch."""
    tried = trier.best(ways, EXAMPLES[family])
    if tried.fit is not Fit.FITS:
        for what, example in SINGLE.get(family, {}).items():
            alone = what == "rows" or tried.fit is Fit.RAISED
            if alone and trier.best(ways, (example,)).fit is Fit.FITS:
                came = f"raised {tried.raised}" if tried.fit is Fit.RAISED else "gave a result of another shape"
                raise UnfitError(f"works on single {what} only; on a batch it {came}")
    return tried


def _careful(candidate: Candidate, trier: Trier, found: Recognised) -> Trier:
    """Return a trier that calls nothing if the trials of a candidate end the process or do not end."""
    if forked.survives(lambda: examine(candidate, Recognised(), trier)):
        return trier
    found.problems.append(
        f"{candidate.gives[0]}: `{candidate.name}` was taken without a trial: "
        f"a trial call ended its process, forked, closed a pipe or took longer than {forked.SECONDS:g} s"
    )
    return trier.quiet()


def _function(function: Callable[..., Any]) -> Implementation:
    return lambda: function


def _unusable(problem: str) -> Implementation:
    def make() -> Callable[..., Any]:
        raise UnusableError(problem)

    return make
