"""From the name of a target to a subject."""

import importlib
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from importlib.machinery import PathFinder
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

import nnfs_spec
from nnfs_spec.adapters.live import Implementation, LiveSubject
from nnfs_spec.adapters.options import DEFINITIONS, MUTANT, PEER, REFERENCE, Loading, is_named
from nnfs_spec.adapters.peers.registry import library
from nnfs_spec.adapters.random_state import Generator, generators_in
from nnfs_spec.adapters.recognition import fork
from nnfs_spec.adapters.recognition.accumulators import accumulating
from nnfs_spec.adapters.recognition.mapping import mapped
from nnfs_spec.adapters.recognition.names import meaning_of
from nnfs_spec.adapters.recognition.recognise import Recognised, plain_functions, recognise
from nnfs_spec.adapters.recognition.trials import Trier
from nnfs_spec.adapters.source.cells import NOTEBOOK
from nnfs_spec.adapters.source.definitions import Definitions
from nnfs_spec.adapters.source.importer import Loaded, load_source
from nnfs_spec.adapters.source.kit_use import uses_in_objects
from nnfs_spec.arrays import Array
from nnfs_spec.reference.arguments import some_rows
from nnfs_spec.subject.operations import OPERATIONS, is_operation
from nnfs_spec.subject.protocol import Account, Reach

if TYPE_CHECKING:
    from nnfs_spec.mutants import Mutant

MOST_NOTES = 5


@np.errstate()  # a target may set another error state of NumPy, which is its own alone
def load(target: str, loading: Loading = DEFINITIONS) -> LiveSubject:
    """Return the subject that ``target`` names.

    That is ``reference``, ``mutant:NAME``, ``peer:NAME``, a path to a .py file, a notebook or a folder, or a module.
    Raises LookupError where it has none of the operations, there is no such mutant or peer, or the mapping names
    nothing, and what reading, parsing or importing raises.
    """
    if is_named(target) and loading.mapping:
        raise LookupError(f"--map {loading.mapping[0]}: {target} is what it is; only files and modules can be mapped")
    if target == REFERENCE:
        return LiveSubject(target, reference_implementations())
    if target.startswith(MUTANT):
        return mutant_subject(find_mutant(target.removeprefix(MUTANT)))
    if target.startswith(PEER):
        return peer_subject(target.removeprefix(PEER))
    loaded = _loaded(target, loading.run_all)
    trier = Trier(BaseException, loaded.explain, omissions=loaded.definitions)
    wanted = mapped(loading.mapping, loaded.everything)
    found = recognise(
        loaded.names,
        loaded.broken,
        trier,
        guarded=True,
        mapping=wanted,
        undefined=loaded.lacking,
        where=loaded.definitions.where,
    )
    generators = generators_in(loaded.namespaces())
    return _subject(target, found, loaded, generators)


def live_subject(names: Mapping[str, Any], target: str = "objects in hand", mapping: Sequence[str] = ()) -> LiveSubject:
    """Return a subject over the operations among ``names``. Raises LookupError where there are none."""
    found = recognise(names, mapping=mapped(mapping, names))
    return _subject(target, found, Loaded(names, names, {}, Definitions()), generators_in([names]))


def _subject(target: str, found: Recognised, loaded: Loaded, generators: Sequence[Generator]) -> LiveSubject:
    problems = (*loaded.notes, *found.problems)
    if not loaded.definitions.modules:  # no source was read
        owners = [getattr(owner.value, "kind", owner.value) for owner in found.owners.values()]
        loaded.definitions.kit_uses |= uses_in_objects(owners)
    if not found.implementations:
        noted = "".join(f"; {problem}" for problem in problems[:MOST_NOTES])
        raise LookupError(
            f"none of the operations was found under the course's names; see nnfs-spec check --help{noted}"
        )
    taken = tuple(found.taken[operation] for operation in OPERATIONS if operation in found.taken)
    single = [
        f"{operation}: results are float32 whatever comes in, and are judged in float32"
        for operation in OPERATIONS
        if operation in found.single
    ]
    lacking = tuple((operation, why) for operation, why in found.lacking if operation not in found.implementations)
    account = Account(
        taken=taken, problems=each_once([*problems, *single]), lacking=lacking, notices=tuple(loaded.notices)
    )
    reach = Reach(single=frozenset(found.single))
    return LiveSubject(target, found.implementations, account, loaded.explain, generators, loaded.definitions, reach)


def each_once(problems: Sequence[str]) -> tuple[str, ...]:
    """Return problems such as "loss: it has no method", those of several operations with one reason as one."""
    reasons: dict[str, dict[str, None]] = {}
    for problem in problems:
        operation, _, reason = problem.partition(": ")
        if is_operation(operation):
            reasons.setdefault(reason, {})[operation] = None
        else:
            reasons.setdefault(problem, {})
    return tuple(f"{', '.join(of)}: {reason}" if of else reason for reason, of in reasons.items())


def reference_implementations() -> dict[str, Implementation]:
    """Return the reference's operations; its functions are called as they are."""
    found = plain_functions(vars(nnfs_spec))
    found["layer"] = lambda: _new_parameters
    found["stream"] = accumulating(nnfs_spec.Accumulator)
    return found


def _new_parameters(n_inputs: int, n_neurons: int) -> tuple[Array, Array]:
    layer = nnfs_spec.Layer_Dense(n_inputs, n_neurons)
    return layer.weights, layer.biases


def _loaded(target: str, run_all: bool) -> Loaded:
    path = Path(os.path.expanduser(target))
    if target.endswith((".py", NOTEBOOK)) or path.is_dir():
        return _from_source(path, run_all)
    parts = target.split(".")
    if not all(map(str.isidentifier, parts)):
        kinds = "no .py or .ipynb file, no folder, no module, no mutant:NAME, no peer:NAME and not reference"
        raise LookupError(f"this is {kinds}")
    here = Path(*parts)
    if PathFinder.find_spec(parts[0]) is None and parts[0] not in sys.stdlib_module_names:
        for path in (here.with_suffix(".py"), here):
            if path.exists():
                return _from_source(path, run_all)
    return _installed(target)


def _from_source(path: Path, run_all: bool) -> Loaded:
    if path.exists() and not path.is_file() and not path.is_dir():
        raise LookupError("this is neither a plain file nor a folder")
    return load_source(path, run_all, fork.survives, lambda name: meaning_of(name) is not None)


def _installed(target: str) -> Loaded:
    """Return what an installed module holds of its own; it is imported as it is, since other modules may need that."""
    module = importlib.import_module(target)
    package = target.partition(".")[0]
    names = {
        name: value
        for name, value in vars(module).items()
        if not name.startswith("_") and str(getattr(value, "__module__", "")).partition(".")[0] == package
    }
    return Loaded(names, vars(module), {}, Definitions())


def find_mutant(name: str) -> "Mutant":
    """Return the mutant of that name. Raises LookupError where there is none."""
    from nnfs_spec.mutants import MUTANTS  # here, so that a process that loads a file starts sooner

    if name not in MUTANTS:
        raise LookupError(f"there is no mutant named {name!r}; nnfs-spec mutants lists them")
    return MUTANTS[name]


def mutant_subject(mutant: "Mutant") -> LiveSubject:
    """Return the reference with the mutant's operation in the place of its own.

    A mutant of the sample losses brings their mean along, as the course's classes do.
    """
    found = reference_implementations() | {mutant.operation: mutant.make}
    if mutant.operation == "sample_losses":
        found["loss"] = _mean_of(mutant)
    return LiveSubject(MUTANT + mutant.name, found)


def peer_subject(name: str) -> LiveSubject:
    """Return a library as a subject, over arrays of its own. Raises LookupError where it is not there."""
    given = library(name)

    def over_arrays(function: Callable[..., Any]) -> Callable[..., Any]:
        return lambda *arguments: given.wait(function(*map(given.take, arguments)))

    return LiveSubject(
        PEER + name, plain_functions({name: over_arrays(function) for name, function in given.functions.items()})
    )


def _mean_of(mutant: "Mutant") -> Implementation:
    def make() -> Callable[[Array, Array], Any]:
        sample_losses = mutant.make()

        def loss(y_pred: Array, y_true: Array) -> Any:
            some_rows("loss", "y_pred", len(y_pred), "LOSS-14")
            return sample_losses(y_pred, y_true).mean()

        return loss

    return make
