"""``nnfs-spec check``: one target, or many.

Little is imported before the target is started, so that it is loaded while the rest of the kit is imported.
"""

import contextlib
import signal
from collections.abc import Mapping, Sequence
from pathlib import Path

import click

from nnfs_spec.adapters.executable.trace import SILENT, Trace
from nnfs_spec.adapters.isolated import IsolatedSubject
from nnfs_spec.adapters.options import is_folder_of_targets
from nnfs_spec.checking.api import loading_of
from nnfs_spec.cli.grouped import GroupedCommand
from nnfs_spec.cli.main import main
from nnfs_spec.cli.options import (
    ClauseId,
    OperationNames,
    OutputFile,
    leave,
    map_option,
    none_is_empty,
    report_interrupt,
    report_load_failure,
    require_sandbox,
    run_all_option,
    sandbox_option,
    seed_option,
    timeout_option,
)
from nnfs_spec.engine.budget import BUDGETS, BudgetName
from nnfs_spec.engine.options import CheckOptions, Level
from nnfs_spec.subject.operations import Operation
from nnfs_spec.subject.protocol import EXECUTABLE, Sandbox

GROUPS = {
    "What is checked": ("--level", "--budget", "--seed", "--clause", "--require", "--max-time"),
    "How the target is run": ("--timeout", "--sandbox", "--run-all", "--map", "--trace"),
    "What is reported": (
        *("--table", "--errors", "--json", "--junit", "--markdown", "--html", "--github", "--badge", "--jsonl"),
    ),
    "Many, long and repeated runs": ("--jobs", "--watch", "--state", "--baseline", "--update-baseline"),
}
"""The options in the groups of the help."""


@main.command(cls=GroupedCommand, groups=GROUPS)
@click.argument("targets", nargs=-1, required=True, metavar="TARGET...", callback=none_is_empty)
@click.option("--level", type=click.Choice(["must", "should"]), default="must", help="Whether broken advice counts.")
@click.option("--budget", type=click.Choice(list(BUDGETS)), default="default", help="How much to try.")
@seed_option
@click.option("--clause", "clauses", type=ClauseId(), multiple=True, help="Check only this clause; may be repeated.")
@click.option("--json", "json_file", type=OutputFile(), help="Write the report as JSON.")
@click.option("--junit", "junit_file", type=OutputFile(), help="Write the report as JUnit XML.")
@click.option("--markdown", "markdown_file", type=OutputFile(), help="Write a summary for a pull request.")
@click.option("--html", "html_file", type=OutputFile(), help="Write the report as a page.")
@click.option("--github", is_flag=True, help="Print annotations of a GitHub workflow, at file and line.")
@click.option("--badge", "badge_file", type=OutputFile(), help="Write a badge, as shields.io reads it.")
@click.option("--jsonl", "jsonl_file", type=OutputFile(), help="Write one line of JSON for each of many targets.")
@click.option("--jobs", type=click.IntRange(min=1), help="Processes that check many targets; default: all cores.")
@click.option("--baseline", type=OutputFile(), help="The failures that are known: a run fails on news only.")
@click.option("--update-baseline", is_flag=True, help="Write the failures of this run to the file of --baseline.")
@click.option("--table", is_flag=True, help="Print a row for each clause: rows examined, worst share of its bound.")
@click.option("--watch", "watched", is_flag=True, help="Check again whenever the file is saved, until Ctrl-C.")
@click.option("--errors", is_flag=True, help="Measure the errors too, in ULP and as a share of the bound.")
@timeout_option
@click.option("--max-time", type=click.FloatRange(min=0, min_open=True), help="Seconds after which to stop.")
@click.option("--state", "state_file", type=OutputFile(), help="Keep how far --budget exhaustive is, to go on later.")
@click.option("--trace", "trace_file", type=OutputFile(), help="Write down what an executable is told and answers.")
@sandbox_option
@run_all_option
@map_option
@click.option("--require", type=OperationNames(), metavar="OP,...", multiple=True, help="Fail if OP is not checked.")
def check(
    targets: Sequence[str],
    level: Level,
    budget: BudgetName,
    seed: int,
    clauses: Sequence[str],
    json_file: Path | None,
    junit_file: Path | None,
    markdown_file: Path | None,
    html_file: Path | None,
    github: bool,
    badge_file: Path | None,
    jsonl_file: Path | None,
    jobs: int | None,
    baseline: Path | None,
    update_baseline: bool,
    table: bool,
    watched: bool,
    errors: bool,
    timeout: float,
    max_time: float | None,
    state_file: Path | None,
    trace_file: Path | None,
    sandbox: Sandbox | None,
    run_all: bool,
    mapping: Sequence[str],
    require: Sequence[Sequence[Operation]],
) -> None:
    """Check each TARGET: .py file, notebook, folder, package.module, "exec:COMMAND", mutant:NAME, peer:NAME, reference.

    Of a source only the definitions are run: imports, functions, classes and constants. Recognised are the functions
    dense, relu, softmax, sample_losses, loss, accuracy and spiral_data, and the course's classes such as Layer_Dense
    and Activation_ReLU, in most spellings and forms; the report says what each was "checked as". Where something is
    not found, --map names it, as in --map softmax=my_function or --map softmax=Class.method.

    An executable in any language speaks the protocol of spec/protocol.md on its standard input and output, as in
    "exec:./port --flag"; nnfs-spec harness prints what to start from.

    Of several targets, or of a folder, which stands for the files and packages in it, a table is printed with one row
    for each.

    \b
    Exit codes:
      0  conformant
      1  not conformant
      2  wrong usage
      3  nothing could be checked, or --max-time ended the check before it was
         complete and no failure was found
    Of several targets: 1 if any is not conformant, else 3 if any ended so.
    """
    many = len(targets) > 1 or jsonl_file is not None or is_folder_of_targets(targets[0])
    options = CheckOptions(
        level=level,
        budget=budget,
        seed=seed,
        clauses=tuple(clauses),
        timeout=timeout,
        run_all=run_all,
        mapping=tuple(mapping),
        max_time=max_time,
        errors=errors,
        require=tuple(dict.fromkeys(operation for several in require for operation in several)),
        sandbox=sandbox or ("auto" if many else "none"),
    )
    require_sandbox(options.sandbox)
    forms = {"json": json_file, "junit": junit_file, "markdown": markdown_file, "html": html_file, "badge": badge_file}
    files = {**forms, "github": github or None, "baseline": baseline, "trace": trace_file, "state": state_file}
    if many:
        for_one: dict[str, object] = {**files, "errors": errors or None, "watch": watched or None}
        _refuse(for_one, "only for one target; --jsonl is for many")
        from nnfs_spec.cli.check_many import check_many  # only what is needed is imported, so that starting is quick

        raise SystemExit(check_many(targets, options, jobs, jsonl_file))
    (target,) = targets
    if update_baseline and baseline is None:
        raise click.UsageError("--update-baseline needs --baseline FILE")
    if trace_file is not None and not target.startswith(EXECUTABLE):
        raise click.UsageError(f"--trace is for executables, as in {EXECUTABLE}./port")
    if state_file is not None and (not BUDGETS[budget].complete or trace_file is not None):
        raise click.UsageError("--state is for --budget exhaustive, without --trace")
    if watched:
        _refuse(files, "not with --watch, which only prints")
        from nnfs_spec.cli.watch import watch

        signal.signal(signal.SIGTERM, leave)
        with report_interrupt():
            watch(target, options, table)
    known = state = None
    if baseline is not None:
        from nnfs_spec.cli.input_files import KnownFailures

        only = [word for clause in clauses for word in ("--clause", clause)]
        asked = ["--level", level, "--budget", budget, "--seed", str(seed), *only]
        known = KnownFailures(baseline, update_baseline, asked)
    if state_file is not None:
        from nnfs_spec.checking.checkpoint import run_of
        from nnfs_spec.cli.input_files import opened

        state = opened(state_file, run_of(target, options))
    signal.signal(signal.SIGTERM, leave)
    with report_interrupt(), report_load_failure(), contextlib.ExitStack() as stack:
        trace = SILENT if trace_file is None else Trace(stack.enter_context(trace_file.open("wb")))
        subject = IsolatedSubject(target, timeout, loading_of(options), wait=False, trace=trace)
        stack.callback(subject.close)
        from nnfs_spec.cli.check_one import check_one

        code = check_one(subject, options, known, state, forms, table=table, github=github)
    raise SystemExit(code)


def _refuse(options: Mapping[str, object], why: str) -> None:
    """Raise click.UsageError where any of these options is given."""
    if given := [f"--{name}" for name, value in options.items() if value is not None]:
        raise click.UsageError(f"{' and '.join(given)}: {why}")
