"""``nnfs-spec replay``: one counterexample of a report again."""

import shlex
import signal
import sys
from pathlib import Path

import click

from nnfs_spec.adapters.executable.trace import SILENT, Trace
from nnfs_spec.adapters.isolated import IsolatedSubject
from nnfs_spec.clauses import all_clauses
from nnfs_spec.cli.main import main
from nnfs_spec.cli.options import (
    CONFORMANT,
    NONCONFORMANT,
    NOTHING_CHECKED,
    ClauseId,
    InputFile,
    leave,
    report_interrupt,
    report_load_failure,
    timeout_option,
)
from nnfs_spec.domains import Case
from nnfs_spec.engine.replay import case_of, try_again
from nnfs_spec.reports.escaping import inline, printable
from nnfs_spec.reports.read_json import Recorded, read_recorded
from nnfs_spec.reports.terminal import console_for_output, show_replay
from nnfs_spec.subject.protocol import EXECUTABLE
from nnfs_spec.support.json_input import ReadingError, read_text

REPLAY_EXIT_CODES = {"pass": CONFORMANT, "fail": NONCONFORMANT, "error": NONCONFORMANT}


@main.command()
@click.argument("file", type=InputFile())
@click.argument("clause", type=ClauseId(), required=False)
@click.option("--target", help="Try it on this target, not on the report's own.")
@timeout_option
@click.option("--feed", is_flag=True, help="Print what an executable is given, to feed it by hand; nothing else.")
def replay(file: Path, clause: str | None, target: str | None, timeout: float, feed: bool) -> None:
    """Try exactly one counterexample of a JSON report FILE again: that of CLAUSE, or the only one.

    It runs the target that the report names. Where that is a command, --target has to name it again: whoever wrote the
    file could have put any command there.

    Exit code: 0 the clause holds for it now, 1 it does not, 2 wrong usage, 3 it could not be tried.
    """
    recorded, id, case = recorded_in(file, clause)
    if target is None and recorded.target.startswith(EXECUTABLE):
        named = shlex.join(["--target", recorded.target])
        raise click.UsageError(printable(f"a command is not run because a file names it; to run it: {named}"))
    target = recorded.target if target is None else target
    executable = target.startswith(EXECUTABLE)
    if feed and not executable:
        raise click.UsageError(f"--feed is for executables, as in {EXECUTABLE}./port")
    trace = Trace(sys.stdout.buffer, only_sent=True) if feed else SILENT
    signal.signal(signal.SIGTERM, leave)
    again = shlex.join(["nnfs-spec", "replay", str(file), id, "--target", target])
    with report_interrupt(), report_load_failure(), IsolatedSubject(target, timeout, trace=trace) as subject:
        result = try_again(subject, id, case, again)
    if not feed:
        show_replay(target, file, result, console_for_output())
    if executable and not feed:
        click.echo(inline(f"by hand   {again} --feed | {target.removeprefix(EXECUTABLE)}"))
    raise SystemExit(REPLAY_EXIT_CODES.get(result.status, NOTHING_CHECKED))


def recorded_in(file: Path, clause: str | None) -> tuple[Recorded, str, Case]:
    """Return what a report records, and the clause and the case to replay. Raises UsageError."""
    try:
        recorded = read_recorded(read_text(file))
        id = chosen(recorded, clause)
        inputs = recorded.inputs[id]
        if inputs.arrays is None:
            raise LookupError(f"the report leaves out the inputs of {id}, since they are too large")
        return recorded, id, case_of(id, inputs.operation, inputs.arrays)
    except (ReadingError, LookupError) as problem:
        raise click.UsageError(printable(f"{file}: {problem}")) from None


def chosen(recorded: Recorded, clause: str | None) -> str:
    """Return the clause to replay. Raises LookupError where none is meant, or it has no counterexample."""
    having = ", ".join(recorded.inputs) or "none"
    if clause is None and len(recorded.inputs) != 1:
        raise LookupError(f"name the clause; those with a counterexample are: {having}")
    id = next(iter(recorded.inputs)) if clause is None else clause
    if id not in recorded.inputs:
        raise LookupError(f"there is no counterexample for {id}; those with one are: {having}")
    if id not in all_clauses():
        raise LookupError(f"{id} is no clause of this specification")
    return id
