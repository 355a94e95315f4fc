"""``nnfs-spec check``: one target, or many."""

import contextlib
import shlex
import signal
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from nnfs_spec.adapters.isolated import TargetError
from nnfs_spec.adapters.loading import Loading
from nnfs_spec.adapters.port import EXECUTABLE
from nnfs_spec.adapters.trace import Trace
from nnfs_spec.baseline import BaselineError, judge_by_baseline, read_baseline, read_text, updated_baseline
from nnfs_spec.checking import check_isolated
from nnfs_spec.cli.group import main
from nnfs_spec.cli.options import (
    CONFORMANT,
    EXIT_CODES,
    NONCONFORMANT,
    NOTHING_CHECKED,
    ClauseId,
    OutputFile,
    leave,
    timeout_option,
)
from nnfs_spec.engine.events import Progressed, Report
from nnfs_spec.engine.plan import BUDGETS
from nnfs_spec.files import write_whole
from nnfs_spec.grading import Task, cores, grade, is_folder_of_targets, targets_in
from nnfs_spec.kept import StateError, StateFile, run_of
from nnfs_spec.reports.grades import Grade, show_grades
from nnfs_spec.reports.html import write_html
from nnfs_spec.reports.json_report import write_json
from nnfs_spec.reports.junit import write_junit
from nnfs_spec.reports.markdown import write_markdown
from nnfs_spec.reports.terminal import ProgressOnTerminal, console_for_output, show
from nnfs_spec.reports.text import inline, printable


@main.command()
@click.argument("targets", nargs=-1, required=True, metavar="TARGET...")
@click.option("--level", type=click.Choice(["must", "should"]), default="must", help="Whether broken advice counts.")
@click.option("--budget", type=click.Choice(list(BUDGETS)), default="default", help="How much to try.")
@click.option("--seed", type=click.IntRange(min=0), default=0, help="The same seed gives the same report.")
@click.option("--clause", "clauses", type=ClauseId(), multiple=True, help="Check only this clause; may be repeated.")
@click.option("--json", "json_file", type=OutputFile(), help="Write the report as JSON.")
@click.option("--junit", "junit_file", type=OutputFile(), help="Write the report as JUnit XML.")
@click.option("--markdown", "markdown_file", type=OutputFile(), help="Write a summary for a pull request.")
@click.option("--html", "html_file", type=OutputFile(), help="Write the report as a page.")
@click.option("--jsonl", "jsonl_file", type=OutputFile(), help="Write one line of JSON for each of many targets.")
@click.option("--jobs", type=click.IntRange(min=1), help="Processes that check many targets; default: all cores.")
@click.option("--baseline", type=OutputFile(), help="The failures that are known: a run fails on news only.")
@click.option("--update-baseline", is_flag=True, help="Write the failures of this run to the file of --baseline.")
@timeout_option
@click.option("--max-time", type=click.FloatRange(min=0, min_open=True), help="Seconds after which to stop trying.")
@click.option("--state", "state_file", type=OutputFile(), help="Keep how far --budget exhaustive is, to go on later.")
@click.option("--trace", "trace_file", type=OutputFile(), help="Write down what an executable is told and answers.")
@click.option("--run-all", is_flag=True, help="Run every statement of a source, not only its definitions.")
@click.option(
    "--map", "mapping", metavar="OP=NAME", multiple=True, help="Take NAME, or MODULE:NAME, for OP; may be repeated."
)
def check(
    targets: Sequence[str],
    level: str,
    budget: str,
    seed: int,
    clauses: Sequence[str],
    json_file: Path | None,
    junit_file: Path | None,
    markdown_file: Path | None,
    html_file: Path | None,
    jsonl_file: Path | None,
    jobs: int | None,
    baseline: Path | None,
    update_baseline: bool,
    timeout: float,
    max_time: float | None,
    state_file: Path | None,
    trace_file: Path | None,
    run_all: bool,
    mapping: Sequence[str],
) -> None:
    """Check each TARGET: a .py file, a notebook, a folder, package.module, "exec:COMMAND", mutant:NAME, or reference.

    Of a source only the definitions are run: imports, functions, classes and constants. Recognised are the functions
    dense, relu, softmax, sample_losses, loss, accuracy and spiral_data, and the course's classes such as Layer_Dense
    and Activation_ReLU, in most spellings and forms; lines that begin with "took:" say what was found and how it is
    called. --map says so where it is not found, as in --map softmax=my_function.

    An executable in any language speaks the protocol of spec/protocol.md on its standard input and output, as in
    "exec:./port --flag"; nnfs-spec harness prints what to start from.

    Of several targets, or of a folder, which stands for the files and packages in it, a table is printed with one row
    for each.

    Exit code: 0 conformant, 1 not conformant, 2 wrong usage, 3 nothing could be checked. Of several targets: 1 if
    any is not conformant, else 3 if any could not be checked, else 0.
    """
    loading = Loading(run_all, tuple(mapping))
    if len(targets) > 1 or jsonl_file is not None or is_folder_of_targets(targets[0]):
        forms = {"--json": json_file, "--junit": junit_file, "--markdown": markdown_file, "--html": html_file}
        for_one = {**forms, "--baseline": baseline, "--trace": trace_file, "--state": state_file}
        if refused := [name for name, file in for_one.items() if file is not None]:
            raise click.UsageError(f"{' and '.join(refused)}: only for one target; --jsonl is for many")
        task = Task(level, budget, seed, tuple(clauses), timeout, max_time, loading)
        raise SystemExit(grade_all(expanded(targets), task, jobs or cores(), jsonl_file))
    (target,) = targets
    if update_baseline and baseline is None:
        raise click.UsageError("--update-baseline needs --baseline FILE")
    if trace_file is not None and not target.startswith(EXECUTABLE):
        raise click.UsageError(f"--trace is for executables, as in {EXECUTABLE}./port")
    if state_file is not None and (not BUDGETS[budget].complete or trace_file is not None):
        raise click.UsageError("--state is for --budget exhaustive, without --trace")
    state = None if state_file is None else opened(state_file, run_of(target, loading, clauses, budget, seed))
    known = None if baseline is None else KnownFailures(baseline, update_baseline)
    signal.signal(signal.SIGTERM, leave)
    console = console_for_output()
    progress = ProgressOnTerminal(console)
    try:
        with contextlib.ExitStack() as stack:
            report = check_isolated(
                target,
                loading,
                timeout,
                level=level,
                budget=budget,
                seed=seed,
                only=clauses,
                max_time=max_time,
                listen=progress,
                trace=None if trace_file is None else Trace(stack.enter_context(trace_file.open("wb"))),
                keeper=state,
            )
    except TargetError as problem:
        click.echo(f"nnfs-spec: {printable(str(problem))}", err=True)
        raise SystemExit(NOTHING_CHECKED) from None
    except KeyboardInterrupt:
        click.echo("nnfs-spec: interrupted", err=True)
        raise SystemExit(128 + signal.SIGINT) from None
    finally:
        progress.close()
        if state is not None:
            state.flush()
    if state is not None and not any("complete sets" in problem for problem in report.problems):
        state.remove()
    if known is not None:
        only = [word for clause in clauses for word in ("--clause", clause)]
        asked = ["--level", level, "--budget", budget, "--seed", str(seed), *only]
        report = known.judge(report, ["nnfs-spec", "check", target, *asked])
    show(report, console, json_file)
    writers = ((json_file, write_json), (junit_file, write_junit), (markdown_file, write_markdown))
    for path, write in (*writers, (html_file, write_html)):
        if path is not None:
            write(report, path)
    raise SystemExit(EXIT_CODES[report.verdict])


def opened(path: Path, run: dict[str, Any]) -> StateFile:
    """Return the state of a run that is taken up, or of a new one."""
    try:
        return StateFile(path, run)
    except StateError as problem:
        raise click.BadParameter(printable(f"{path}: {problem}"), param_hint="--state") from None


def expanded(targets: Sequence[str]) -> list[str]:
    """Return the targets with those that stand in it in the place of each folder."""
    found: list[str] = []
    for target in targets:
        inside = targets_in(Path(target)) if is_folder_of_targets(target) else [target]
        if not inside:
            raise click.UsageError(printable(f"there is no .py file, no .ipynb file and no package in {target}"))
        found += inside
    return found


def grade_all(targets: Sequence[str], task: Task, jobs: int, jsonl_file: Path | None) -> int:
    """Check every target, write and print what came of it, and return the exit code."""
    signal.signal(signal.SIGTERM, leave)
    console = console_for_output()
    progress = ProgressOnTerminal(console)
    grades: dict[int, Grade] = {}
    written = 0
    with contextlib.ExitStack() as stack:
        stack.callback(progress.close)
        # written as it grows, in the order of the targets: every line is a whole report, however the run ends
        lines = None if jsonl_file is None else stack.enter_context(jsonl_file.open("w", encoding="utf-8"))
        for place, done in stack.enter_context(contextlib.closing(grade(targets, task, jobs))):
            grades[place] = done
            rows = sum(grade.rows for grade in grades.values())
            progress(Progressed(len(grades), len(targets), inline(done.target), rows))
            while lines is not None and written in grades:
                lines.write(grades[written].line)
                lines.flush()
                written += 1
    in_order = [grades[place] for place in range(len(targets))]
    show_grades(in_order, console)
    verdicts = {grade.verdict for grade in in_order}
    return max((EXIT_CODES[verdict] for verdict in verdicts), key=[CONFORMANT, NOTHING_CHECKED, NONCONFORMANT].index)


class KnownFailures:
    """The file of --baseline, read before the check, so that a bad one costs no time."""

    def __init__(self, path: Path, update: bool) -> None:
        self._path = path
        self._update = update
        try:
            self._text = read_text(path) if path.exists() else None
            self._entries = {} if self._text is None else read_baseline(self._text)
        except BaselineError as problem:
            raise click.BadParameter(printable(f"{path}: {problem}"), param_hint="--baseline") from None
        if self._text is None and not update:
            raise click.BadParameter(f"there is no file {path}; --update-baseline writes it", param_hint="--baseline")

    def judge(self, report: Report, command: Sequence[str]) -> Report:
        """Return the report beside what is known; update the file first, if that was asked for."""
        if self._update:
            text = updated_baseline(self._text, report)
            write_whole(self._path, text)
            self._entries = read_baseline(text)
        update = shlex.join([*command, "--baseline", str(self._path), "--update-baseline"])
        return judge_by_baseline(report, self._entries, str(self._path), update)
