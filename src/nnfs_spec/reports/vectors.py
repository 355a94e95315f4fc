"""What came of answers to the vectors, on a terminal or in a pipe."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import get_args

from rich.console import Console
from rich.table import Table
from rich.text import Text

from nnfs_spec.engine.events import Verdict
from nnfs_spec.reports.escaping import inline
from nnfs_spec.reports.terminal import COLOURS, VERDICT_COLOURS
from nnfs_spec.reports.wording import KIT
from nnfs_spec.vectors.files import VectorFile
from nnfs_spec.vectors.judge import Judgement, Status

STATUSES: tuple[Status, ...] = get_args(Status)


def show_judgements(
    title: str,
    judged: Mapping[str, Sequence[Judgement]],
    files: Sequence[VectorFile],
    verdict: Verdict,
    console: Console,
) -> None:
    """Print a row for each file, every case that shows a broken clause, and the verdict."""
    console.print(f"{KIT}: {inline(title)}, the test vectors\n", soft_wrap=True)
    table = Table(box=None, pad_edge=False)
    table.add_column("file", no_wrap=True)
    for name in ("cases", *STATUSES):
        table.add_column(name, justify="right")
    for name, judgements in judged.items():
        counts = Counter(judgement.status for judgement in judgements)
        table.add_row(name, str(len(judgements)), *(str(counts[status]) for status in STATUSES))
    console.print(table)
    bad = [judgement for part in judged.values() for judgement in part if judgement.bad]
    for judgement in bad:
        _show(judgement, console)
    for name, part in judged.items():
        if missing := [judgement.vector.id for judgement in part if judgement.status == "missing"]:
            console.print(f"\n{name}: {len(missing)} cases have no answer, such as {missing[0]}", soft_wrap=True)
    notes = {flag: note for file in files for flag, note in file.notes.items()}
    for flag in dict.fromkeys(flag for judgement in bad for flag in judgement.vector.flags):
        console.print(f"\n{flag}: {notes[flag].catches} {notes[flag].causes}", soft_wrap=True)
    console.print()
    console.print(
        Text(inline(title)), Text(f": {verdict}; {_counted(judged)}", VERDICT_COLOURS[verdict]), sep="", soft_wrap=True
    )


def _show(judgement: Judgement, console: Console) -> None:
    vector = judgement.vector
    flags = f" ({', '.join(vector.flags)})" if vector.flags else ""
    advice = ", advice" if vector.level == "SHOULD" else ""
    console.print()
    console.print(
        Text(f"{vector.id} "),
        Text(judgement.status, COLOURS[judgement.status]),
        Text(f"{advice}: {' '.join(vector.clauses)}{flags}"),
        sep="",
        soft_wrap=True,
    )
    console.print(f"  {inline(judgement.message)}", soft_wrap=True)


def _counted(judged: Mapping[str, Sequence[Judgement]]) -> str:
    counts = Counter(judgement.status for judgements in judged.values() for judgement in judgements)
    return ", ".join(f"{counts[status]} {status}" for status in STATUSES if counts[status]) or "nothing is answered"
