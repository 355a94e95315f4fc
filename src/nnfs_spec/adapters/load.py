"""From the name of a target to a subject."""

import importlib
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import nnfs_spec
from nnfs_spec.adapters.course import implementations_in
from nnfs_spec.adapters.live import Implementation, LiveSubject
from nnfs_spec.adapters.source import load_file
from nnfs_spec.arrays import Array, some_rows
from nnfs_spec.mutants import MUTANTS, Mutant

REFERENCE = "reference"
MUTANT = "mutant:"


def load(target: str) -> LiveSubject:
    """Return the subject that ``target`` names: ``reference``, ``mutant:NAME``, a path to a .py file, or a module.

    Raises LookupError where it has none of the operations or there is no such mutant, and what reading, parsing or
    importing raises.
    """
    if target == REFERENCE:
        return live_subject(vars(nnfs_spec), target)
    if target.startswith(MUTANT):
        return mutant_subject(find_mutant(target.removeprefix(MUTANT)))
    if not target.endswith(".py") and not all(map(str.isidentifier, target.split("."))):
        raise LookupError("this is no .py file, no module, no mutant:NAME and not reference")
    if target.endswith(".py"):
        names, notes = load_file(Path(target))
    else:
        names, notes = _module_names(target), []
    return live_subject(names, target, notes)


def live_subject(names: Mapping[str, Any], target: str = "objects in hand", notes: Sequence[str] = ()) -> LiveSubject:
    """Return a subject over the operations among ``names``. Raises LookupError where there are none."""
    found = implementations_in(names)
    if not found:
        raise LookupError("none of the operations was found under the course's names; see nnfs-spec check --help")
    return LiveSubject(target, found, notes)


def find_mutant(name: str) -> Mutant:
    """Return the mutant of that name. Raises LookupError where there is none."""
    if name not in MUTANTS:
        raise LookupError(f"there is no mutant named {name!r}; nnfs-spec mutants lists them")
    return MUTANTS[name]


def mutant_subject(mutant: Mutant) -> LiveSubject:
    """Return the reference with the mutant's operation in the place of its own.

    A mutant of the sample losses brings their mean along, as the course's classes do.
    """
    found = implementations_in(vars(nnfs_spec)) | {mutant.operation: mutant.make}
    if mutant.operation == "sample_losses":
        found["loss"] = _mean_of(mutant)
    return LiveSubject(MUTANT + mutant.name, found)


def _mean_of(mutant: Mutant) -> Implementation:
    def make() -> Callable[[Array, Array], Any]:
        sample_losses = mutant.make()

        def loss(y_pred: Array, y_true: Array) -> Any:
            some_rows("loss", "y_pred", len(y_pred), "LOSS-14")
            return sample_losses(y_pred, y_true).mean()

        return loss

    return make


def _module_names(target: str) -> dict[str, Any]:
    sys.path.append("")  # last, so that a file of the folder cannot take the place of an installed module
    module = importlib.import_module(target)
    package = target.partition(".")[0]
    own = {name: value for name, value in vars(module).items() if not name.startswith("_")}
    return {name: value for name, value in own.items() if getattr(value, "__module__", "").partition(".")[0] == package}
