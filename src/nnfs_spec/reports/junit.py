"""The report as JUnit XML: one test case for each clause, for the programs that show test results.

The standard library writes the elements. What a library of JUnit files would leave to do is the mapping of statuses
and the escaping of what XML forbids, and that is all there is here. No times are written: the same report, the same
bytes.
"""

from pathlib import Path
from typing import assert_never
from xml.etree import ElementTree

from nnfs_spec.engine.events import ClauseResult, Report, Unmet
from nnfs_spec.reports.accuracy_wording import error_sentences
from nnfs_spec.reports.counterexample import describe, happened
from nnfs_spec.reports.escaping import inline, printable
from nnfs_spec.reports.wording import cause_in_brief, is_advice, isolated, notice_sentences, proven, summary, undecided
from nnfs_spec.support.files import write_whole
from nnfs_spec.version import SPEC_VERSION, __version__


def write_junit(report: Report, path: Path) -> None:
    """Write ``report`` to ``path``, whole or not at all."""
    write_whole(path, to_junit(report))


def to_junit(report: Report) -> str:
    """Return ``report`` as JUnit XML."""
    cases = [_case(report, result) for result in report.clauses]
    cases += map(_not_checked, report.unmet)
    cases += [_without_verdict(report)] if report.verdict in ("incomplete", "error") else []
    tags = [outcome.tag for case in cases for outcome in case]
    counts = {
        "tests": str(len(cases)),
        "failures": str(tags.count("failure")),
        "errors": str(tags.count("error")),
        "skipped": str(tags.count("skipped")),
    }
    root = ElementTree.Element("testsuites", {"name": "nnfs-spec", **counts})
    suite = ElementTree.SubElement(root, "testsuite", {"name": inline(report.target), **counts})
    properties = ElementTree.SubElement(suite, "properties")
    for name, value in _facts(report).items():
        ElementTree.SubElement(properties, "property", {"name": name, "value": value})
    suite.extend(cases)
    ElementTree.SubElement(suite, "system-out").text = "\n".join(_notes(report))
    ElementTree.indent(root)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{ElementTree.tostring(root, encoding="unicode")}\n'


def _facts(report: Report) -> dict[str, str]:
    return {
        "kit_version": __version__,
        "spec_version": SPEC_VERSION,
        "level": report.level,
        "budget": report.budget,
        "seed": str(report.seed),
        "verdict": report.verdict,
    }


def _notes(report: Report) -> list[str]:
    taken = [f"checked as: {inline(one)}" for one in report.taken]
    diagnosed = [f"{'advice: ' if is_advice(report, one) else ''}{cause_in_brief(one)}" for one in report.diagnosis]
    notes = [
        *notice_sentences(report),
        *proven(report),
        *undecided(report),
        *taken,
        *error_sentences(report.errors or ()),
        *diagnosed,
        *isolated(report),
        *(f"note: {inline(one)}" for one in report.problems),
        printable(report.output),
    ]
    return list(dict.fromkeys(notes))


def _not_checked(unmet: Unmet) -> ElementTree.Element:
    """Return a case that fails: an operation was required."""
    case = ElementTree.Element("testcase", {"classname": "CHECK", "name": f"{unmet.operation} is checked"})
    ElementTree.SubElement(case, "failure", {"type": "not-checked", "message": inline(unmet.reason)})
    return case


def _without_verdict(report: Report) -> ElementTree.Element:
    """Return a case that fails: no clause does, and yet the check did not show that the target conforms."""
    case = ElementTree.Element("testcase", {"classname": "CHECK", "name": "the check comes to a verdict"})
    ElementTree.SubElement(case, "error", {"type": report.verdict, "message": summary(report)})
    return case


def _case(report: Report, result: ClauseResult) -> ElementTree.Element:
    chapter = result.id.partition("-")[0]
    case = ElementTree.Element("testcase", {"classname": chapter, "name": f"{result.id} {result.title}"})
    match result.status:
        case "pass":
            pass
        case "fail" | "error":
            _add_failure(case, report, result)
        case "unexpected-pass":
            message = f"passes, but is recorded as failing: {inline(result.known or '')}"
            ElementTree.SubElement(case, "failure", {"type": result.status, "message": message})
        case "expected-fail":
            _skip(case, f"fails as recorded: {inline(result.known or '')}")
        case "blocked":
            _skip(case, f"blocked by {result.blocked_by}")
        case "unsupported" | "not-exercised":
            _skip(case, f"{result.status}: every row is undecided" if result.undecided else result.status)
        case _ as never:
            assert_never(never)
    return case


def _add_failure(case: ElementTree.Element, report: Report, result: ClauseResult) -> None:
    """Add a failure or an error; advice, which fails no run, is skipped with its message."""
    shown = result.counterexample
    message = inline(happened(shown)) if shown is not None else ""
    if not result.counts_at(report.level):
        _skip(case, f"advice that is not kept: {message}")
        return
    tag = "failure" if result.status == "fail" else "error"
    outcome = ElementTree.SubElement(case, tag, {"type": result.status, "message": message})
    lines = [] if shown is None else describe(shown)
    outcome.text = "\n".join([*lines, f"  repeat    {inline(result.replay)}"])


def _skip(case: ElementTree.Element, message: str) -> None:
    ElementTree.SubElement(case, "skipped", {"message": message})
