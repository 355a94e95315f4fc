"""``nnfs-spec doctor``: one call of each operation of an executable, and all that goes over the wire."""

import io
import signal

import click
import numpy as np

from nnfs_spec.adapters.executable.trace import Trace
from nnfs_spec.adapters.isolated import IsolatedSubject
from nnfs_spec.arrays import Array
from nnfs_spec.cli.main import main
from nnfs_spec.cli.options import (
    CONFORMANT,
    NONCONFORMANT,
    leave,
    report_interrupt,
    report_load_failure,
    timeout_option,
)
from nnfs_spec.reports.escaping import inline, printable
from nnfs_spec.subject.operations import OPERATIONS, Operation
from nnfs_spec.subject.protocol import EXECUTABLE, Answer, Breakdown, Call, Lacking, Outcome, Refusal, count_call
from nnfs_spec.subject.trial_arguments import N_INPUTS, N_NEURONS

MOST_SHOWN = 160
"""Of a long line, so many characters are shown."""


@main.command()
@click.argument("target")
@timeout_option
def doctor(target: str, timeout: float) -> None:
    """Make one call of each operation of an executable, "exec:COMMAND", and show what goes over the wire.

    Lines with > are what the executable is told, those with < what it answers; what it prints besides comes last.
    Whether the numbers are right is what nnfs-spec check tells.

    Exit code: 0 every call was answered, 1 some were not, 2 wrong usage, 3 it could not be started or said no hello.
    """
    if not target.startswith(EXECUTABLE):
        raise click.UsageError(f"doctor is for executables, as in {EXECUTABLE}./port")
    signal.signal(signal.SIGTERM, leave)
    wire = io.BytesIO()
    told: dict[str, Outcome] = {}
    with report_interrupt(), report_load_failure():
        try:
            with IsolatedSubject(target, timeout, trace=Trace(wire)) as subject:
                _show(wire)
                for name in filter(subject.operations.__contains__, OPERATIONS):
                    dtype = np.dtype(min(subject.reach.dtypes))
                    (told[name],) = subject.run([first_call(name, dtype)])
                    click.echo(f"\n{name}: {diagnosed(told[name])}")
                    _show(wire)
                account = subject.account()
        finally:
            _show(wire)
    missing = [name for name, one in OPERATIONS.items() if name not in told and one.kind != "streamed"]
    click.echo(f"\nnot in its hello: {', '.join(missing) or 'nothing'}")
    if account.output:
        click.echo("printed beside the protocol:")
        click.echo("".join(f"  | {line}\n" for line in printable(account.output).splitlines()), nl=False)
    answered = all(isinstance(outcome, Answer) for outcome in told.values())
    raise SystemExit(CONFORMANT if answered else NONCONFORMANT)


def first_call(name: Operation, dtype: np.dtype[np.floating]) -> Call:
    """Return a small call of an operation, with floating-point arguments in ``dtype``."""
    if OPERATIONS[name].kind == "drawn":
        return count_call(name, N_INPUTS, N_NEURONS, 0)
    return Call(name, tuple(_in(dtype, argument) for argument in OPERATIONS[name].trials[0]))


def _in(dtype: np.dtype[np.floating], argument: Array) -> Array:
    return argument.astype(dtype) if argument.dtype.kind == "f" else argument


def diagnosed(outcome: Outcome) -> str:
    """Return what came of a call, in a line, and what to look for where that is no answer."""
    match outcome:
        case Answer(results):
            return f"answered with {' and '.join(f'{one.dtype} of shape {one.shape}' for one in results)}"
        case Refusal(kind, message):
            return f"refused as {inline(kind)} {inline(message)}, though nothing is wrong with these arguments"
        case Lacking(message):
            return f"not supported: {inline(message)}"
        case Breakdown(message):
            return f"no answer: it {inline(message)} (spec/protocol.md lists what goes wrong)"


def _show(wire: io.BytesIO) -> None:
    """Print what went over the wire since this was asked last, and forget it."""
    for line in wire.getvalue().decode("ascii", "backslashreplace").splitlines():
        click.echo(printable(line if len(line) <= MOST_SHOWN else f"{line[:MOST_SHOWN]}..."))
    wire.seek(0)
    wire.truncate()
