"""From a failed trial to the counterexample that reports show."""

from nnfs_spec.engine.arithmetic import written_out
from nnfs_spec.engine.events import Counterexample
from nnfs_spec.engine.trial import Trial


def counterexample_of(trial: Trial, remark: str | None = None) -> Counterexample:
    """Return the case of ``trial``, with what was got and expected where there was a result."""
    operation, arrays, found = trial.case.domain.operation, trial.case.arrays, trial.finding
    if found is None:
        return Counterexample(operation, arrays, None, None, None, trial.message, None, remark)
    values = found.got, found.expected, found.bound
    return Counterexample(operation, arrays, *values, trial.message, written_out(trial), remark)
