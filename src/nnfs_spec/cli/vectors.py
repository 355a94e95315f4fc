"""``nnfs-spec vectors``: the frozen test vectors, for those who have a runner of their own."""

import signal
from collections.abc import Mapping, Sequence
from pathlib import Path

import click

from nnfs_spec.adapters.isolated import IsolatedSubject
from nnfs_spec.cli.main import main
from nnfs_spec.cli.options import (
    EXIT_CODES,
    InputFile,
    OutputFile,
    leave,
    report_interrupt,
    report_load_failure,
    timeout_option,
)
from nnfs_spec.engine.events import Verdict
from nnfs_spec.reports.escaping import printable
from nnfs_spec.reports.terminal import console_for_output
from nnfs_spec.reports.vectors import show_judgements
from nnfs_spec.support.files import anonymise_path, write_whole
from nnfs_spec.support.json_input import ReadingError, read_text
from nnfs_spec.vectors.answers import answers_of, read_answers, write_answers
from nnfs_spec.vectors.export import FORMS
from nnfs_spec.vectors.export import export as export_to
from nnfs_spec.vectors.files import all_files
from nnfs_spec.vectors.judge import Judgement, judge


@main.group()
def vectors() -> None:
    """Test vectors: check answers to them, write them in other forms, have a target answer them."""


@vectors.command()
@click.argument("results", type=InputFile())
@click.option("--level", type=click.Choice(["must", "should"]), default="must", help="Whether broken advice counts.")
def verify(results: Path, level: str) -> None:
    """Check RESULTS, a file of answers to the vectors; spec/vectors/README.md says how it is written.

    Files of vectors of which no case is answered are passed over; one that is answered must be answered whole.

    Exit code: 0 conformant, 1 not conformant, 2 the file is none, 3 nothing is answered, or not all.
    """
    try:
        answers = read_answers(read_text(results))
    except ReadingError as problem:
        raise click.UsageError(printable(f"{results}: {problem}")) from None
    tried = [file for file in all_files() if any(vector.id in answers for vector in file.vectors)]
    judged = {file.name: judge(file.vectors, answers) for file in tried}
    verdict = verdict_of(judged, level)
    show_judgements(anonymise_path(str(results)), judged, tried, verdict, console_for_output())
    raise SystemExit(EXIT_CODES[verdict])


@vectors.command()
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@click.option("--form", type=click.Choice(list(FORMS)), default="json", help="The form of the files.")
def export(folder: Path, form: str) -> None:
    """Write the vectors to FOLDER, a file for each operation and dtype."""
    for path in export_to(folder, form):
        click.echo(path)


@vectors.command()
@click.argument("target")
@click.argument("results", type=OutputFile())
@timeout_option
def answer(target: str, results: Path, timeout: float) -> None:
    """Have TARGET, named as for nnfs-spec check, answer the vectors, and write RESULTS."""
    signal.signal(signal.SIGTERM, leave)
    with report_interrupt(), report_load_failure(), IsolatedSubject(target, timeout) as subject:
        given = [answers_of(subject, file.vectors) for file in all_files()]
    write_whole(results, write_answers({id: one for part in given for id, one in part.items()}))
    click.echo(f"{results}: answers to {sum(map(len, given))} cases; nnfs-spec vectors verify checks them")


def verdict_of(judged: Mapping[str, Sequence[Judgement]], level: str) -> Verdict:
    """Return the verdict: nonconformant where a clause that counts is broken, error where too little was answered."""
    judgements = [judgement for part in judged.values() for judgement in part]
    if any(judgement.bad and (judgement.vector.level == "MUST" or level == "should") for judgement in judgements):
        return "nonconformant"
    statuses = {judgement.status for judgement in judgements}
    return "conformant" if "pass" in statuses and "missing" not in statuses else "error"
