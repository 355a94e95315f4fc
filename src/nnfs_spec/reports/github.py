"""The report as workflow annotations of GitHub: each at the line where the operation is defined."""

from nnfs_spec.engine.events import ClauseResult, Report
from nnfs_spec.reports.counterexample import happened
from nnfs_spec.reports.escaping import inline
from nnfs_spec.reports.wording import FAILED, cause_sentences, decides, failures, required_sentences, summary
from nnfs_spec.subject.protocol import CodeLine

NOTEBOOK = ".ipynb, cell "


def annotations(report: Report) -> list[str]:
    """Return a workflow command for each failure: an error where it decides the verdict, else a notice.

    A check that did not end well without a failure is an error of its own.
    """
    found = [_annotation("error", None, "nnfs-spec", [said]) for said in required_sentences(report)]
    for failure in failures(report):
        result, cause = failure.result, failure.diagnosis
        said = [_happened(result), *(": ".join(one) for one in (cause_sentences(cause)[:2] if cause else ()))]
        said += [f"likewise {', '.join(failure.likewise)}"] if failure.likewise else []
        place = result.counterexample.code.defined if result.counterexample else None
        kind = "error" if decides(report, failure) else "notice"
        found.append(_annotation(kind, place, f"{result.id}: {result.title}", [*said, f"repeat: {result.replay}"]))
    for result in report.clauses:
        if result.status == "unexpected-pass":
            found.append(_annotation("error", None, f"{result.id}: {result.title}", [f"passes: {result.known}"]))
    if report.verdict != "conformant" and not any(one.startswith("::error") for one in found):
        found.append(_annotation("error", None, "nnfs-spec", [summary(report), *report.problems]))
    return found


def _happened(result: ClauseResult) -> str:
    assert result.status in FAILED
    assert result.counterexample is not None
    return happened(result.counterexample)


def _annotation(kind: str, place: CodeLine | None, title: str, said: list[str]) -> str:
    """Return a workflow command; of a notebook, whose lines GitHub does not count, the file alone is named."""
    properties = {"title": title}
    if place is not None:
        file, cell, _ = place.file.partition(NOTEBOOK)
        lines = {"file": f"{file}.ipynb"} if cell else {"file": file, "line": str(place.line)}
        properties = lines | properties
    told = ",".join(f"{name}={_escaped(value, ':,')}" for name, value in properties.items())
    return f"::{kind} {told}::{'%0A'.join(_escaped(one) for one in said)}"


def _escaped(text: str, more: str = "") -> str:
    """Return text printable on one line, with the signs that end a part of a command as codes."""
    return "".join(f"%{ord(sign):02X}" if sign in f"%{more}" else sign for sign in inline(text))
