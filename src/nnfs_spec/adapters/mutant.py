"""A mutant as a subject: the reference, with one operation replaced by a wrong one."""

import nnfs_spec
from nnfs_spec.adapters.course import implementations_in
from nnfs_spec.adapters.live import LiveSubject
from nnfs_spec.mutants.registry import Mutant


def reference_subject() -> LiveSubject:
    """Return the reference as a subject like any other."""
    return LiveSubject("reference", implementations_in(vars(nnfs_spec)))


def mutant_subject(mutant: Mutant) -> LiveSubject:
    """Return the reference with the mutant's operation in the place of its own.

    A mutant of the sample losses brings their mean along, as the course's classes do.
    """
    found = implementations_in(vars(nnfs_spec)) | {mutant.operation: mutant.make}
    if mutant.operation == "sample_losses":
        found["loss"] = lambda: lambda y_pred, y_true: mutant.make()(y_pred, y_true).mean()
    return LiveSubject(f"mutant:{mutant.name}", found)
