"""What is known of one submission: made by a worker anywhere, kept as a file, read again when grading goes on."""

import hashlib
import json
import platform
import re
from base64 import b64decode, b64encode
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path, PurePosixPath

import numpy as np

from nnfs_spec.adapters.isolated import TargetError
from nnfs_spec.adapters.process.launch import PrivateFolder
from nnfs_spec.arrays import Array
from nnfs_spec.checking.api import check_one
from nnfs_spec.engine.events import Report
from nnfs_spec.engine.options import CheckOptions
from nnfs_spec.grading.submissions import NO_CODE, Submission
from nnfs_spec.reports.counterexample import happened
from nnfs_spec.reports.html import to_fragment
from nnfs_spec.reports.json_report import to_line
from nnfs_spec.reports.marks import Tried, page_of
from nnfs_spec.reports.wording import FAILED, cause_in_brief, is_advice
from nnfs_spec.support.files import anonymise, anonymise_path
from nnfs_spec.support.json_input import ReadingError, a_form, a_list, a_text, an_object, parsed, the_format
from nnfs_spec.version import SPEC_VERSION, __version__

FORMAT = 1
NOT_CHECKED = "not checked"
WHY: Mapping[str, str] = {"unsupported": "it was not found in the submission", "not-exercised": "it was not tried"}

_REFERENCE = re.compile(r"\b(?:from|import)\s+nnfs_spec\b|import(?:_module)?(?:__)?\(\s*\\?[\"']nnfs_spec\b")
_REMARKS = (("took longer than", "never answered"), ("ended its process", "ended the process"))
"""How what happened begins to be told, and what the teacher reads of it."""


@dataclass(frozen=True)
class Task:
    """A submission to check, with all that a worker needs: it may run on another machine."""

    submission: Submission
    options: CheckOptions

    def key(self) -> str:
        """Return what tells this submission, options and versions from all others."""
        told = {
            "student": self.submission.student,
            "content": self.submission.digest(),
            "options": self.options.to_dict(),
            "versions": [FORMAT, __version__, SPEC_VERSION, np.__version__, platform.python_version()],
        }
        return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()[:32]

    def to_text(self) -> str:
        """Return the task as JSON, for a process of ours."""
        handed_in = self.submission
        files = {name: b64encode(data).decode() for name, data in handed_in.files.items()}
        told = {"student": handed_in.student, "files": files, "skipped": handed_in.skipped}
        return json.dumps({**told, "options": self.options.to_dict()})

    @classmethod
    def from_text(cls, text: str) -> "Task":
        """Return what ``to_text`` wrote."""
        told = json.loads(text)
        files = {name: b64decode(data) for name, data in told["files"].items()}
        skipped = [(name, why) for name, why in told["skipped"]]
        return cls(Submission(told["student"], files, skipped), CheckOptions.from_dict(told["options"]))


@dataclass(frozen=True)
class Record:
    """What came of checking one submission; ``page`` is the report as HTML, ``report`` as JSON, both may be empty."""

    student: str
    target: str
    status: str
    remark: str
    tried: Mapping[str, Tried]
    mistakes: tuple[str, ...]
    alike: str
    skipped: tuple[tuple[str, str], ...]
    page: str
    report: str

    def to_text(self) -> str:
        """Return the record as JSON: the same record, the same bytes."""
        return json.dumps({"format": FORMAT, **asdict(self)}, allow_nan=False) + "\n"

    @classmethod
    def from_text(cls, text: str) -> "Record":
        """Return what ``to_text`` wrote. Raises ReadingError."""
        form = an_object("the record", parsed(text))
        the_format(form, FORMAT)
        names = ("student", "target", "status", "remark", "alike", "page", "report")
        form = a_form("the record", form, ("format", *names, "tried", "mistakes", "skipped"))
        words = {name: _a_string(name, form[name]) for name in names}
        tried: dict[str, Tried] = {}
        for id, one in an_object("tried", form["tried"]).items():
            told = a_form(f"tried.{id}", one, ("status", "why"))
            tried[id] = Tried(a_text(f"tried.{id}.status", told["status"]), _a_string(f"tried.{id}.why", told["why"]))
        mistakes = tuple([_a_string("mistakes", one) for one in a_list("mistakes", form["mistakes"])])
        skipped = tuple([_a_pair("skipped", one) for one in a_list("skipped", form["skipped"])])
        return cls(**words, tried=tried, mistakes=mistakes, skipped=skipped)


def check_task(task: Task) -> Record:
    """Return what came of checking a submission; whatever keeps it from being checked is its remark."""
    submission = task.submission
    target = submission.target()
    if target is None:
        why = "".join(f"; {name}: {reason}" for name, reason in submission.skipped[:1])
        return _not_checked(submission, "", f"{NO_CODE}{why}")
    folder = PrivateFolder()
    try:
        top = Path(folder.path) / page_of(submission.student)
        _write(submission, top)
        path = top / target if target else top
        try:
            report = check_one(path, task.options)
        except TargetError as problem:
            told = _without(folder.path, str(problem))
            return _not_checked(submission, target, told.removeprefix(f"{_without(folder.path, str(path))}: "))
        except Exception as problem:  # a submission that defeats the checker must not take the others with it
            told = f"cannot be checked: {type(problem).__name__}: {problem}"
            return _not_checked(submission, target, _without(folder.path, told))
        return _checked(submission, target, report, folder.path)
    finally:
        folder.remove()


def lost_record(task: Task, problem: BaseException) -> Record:
    """Return the record of a submission whose worker was lost each time."""
    told = f"its worker was lost, {type(problem).__name__}: {problem}"
    return _not_checked(task.submission, task.submission.target() or "", told)


def _checked(submission: Submission, target: str, report: Report, folder: str) -> Record:
    skipped = (*submission.skipped, *submission.beside(target))
    counted = [one for one in report.clauses if one.status in FAILED and one.counts_at(report.level)]
    causes = [cause_in_brief(one) for one in report.diagnosis if not is_advice(report, one)]
    tried = {
        one.id: Tried(
            one.status,
            ""
            if one.status == "pass"
            else f"blocked by {one.blocked_by}"
            if one.blocked_by is not None
            else _without(folder, happened(one.counterexample))
            if one.counterexample is not None
            else WHY.get(one.status, ""),
        )
        for one in report.clauses
    }
    messages = [f"{one.why}" for one in tried.values() if one.status in FAILED]
    missing = [f"not found: {', '.join(one.operation for one in report.unmet)}"] if report.unmet else []
    reasons = [*causes, *(f"{one.id}: {tried[one.id].why}" for one in counted), *missing]
    reasons += [f"time ran out: {'; '.join(report.cut_short)}"] if report.cut_short else []
    remark = next(iter([*_notices(submission, messages), *reasons]), "")
    return Record(
        student=submission.student,
        target=target or "all Python files",
        status=NOT_CHECKED if report.verdict == "error" else report.verdict,
        remark=remark,
        tried=tried,
        mistakes=tuple(causes),
        alike=_alike(report),
        skipped=skipped,
        page=_without(folder, to_fragment(report)),
        report=_without(folder, to_line(report)),
    )


def _not_checked(submission: Submission, target: str, problem: str) -> Record:
    remark = next(iter(_notices(submission, [problem])), problem)
    remark = problem if remark == problem else f"{remark}; {problem}"
    skipped = (*submission.skipped, *submission.beside(target))
    return Record(submission.student, target, NOT_CHECKED, remark, {}, (), "", skipped, "", "")


def _notices(submission: Submission, messages: list[str]) -> list[str]:
    """Return what a teacher must know first."""
    sources = [data for name, data in sorted(submission.files.items()) if name.endswith((".py", ".ipynb"))]
    calls = any(_REFERENCE.search(data.decode("utf-8", "replace")) for data in sources)
    happenings = [remark for words, remark in _REMARKS if any(words in message for message in messages)]
    return [*(["calls the reference"] if calls else []), *happenings]


def _alike(report: Report) -> str:
    """Return what two reports share whose failures are identical to the bit; empty without failures."""
    told = [
        (one.id, shown.operation, shown.message, *map(_bits, shown.inputs.values()), _bits(shown.got))
        for one in report.clauses
        if one.status in FAILED and (shown := one.counterexample) is not None
    ]
    return hashlib.sha256(json.dumps(told).encode()).hexdigest()[:16] if told else ""


def _bits(array: Array | None) -> str:
    return "" if array is None else f"{array.dtype.str} {array.shape} {array.tobytes().hex()}"


def _write(submission: Submission, top: Path) -> None:
    """Write the files of a submission below ``top``; those that have no place there are skipped."""
    top.mkdir()
    for name, data in sorted(submission.files.items()):
        place = top.joinpath(*PurePosixPath(name).parts)
        try:
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(data)
        except (OSError, ValueError) as problem:
            submission.skipped.append((name, f"it cannot be written: {type(problem).__name__}"))


def _without(folder: str, text: str) -> str:
    """Return ``text`` without the folder that a submission was checked in, so that it is the same in any other."""
    for way in (folder, anonymise(folder), anonymise_path(folder)):
        text = text.replace(f"{way}/", "")
    return text


def _a_string(place: str, told: object) -> str:
    return "" if told == "" else a_text(place, told)


def _a_pair(place: str, told: object) -> tuple[str, str]:
    pair = a_list(place, told)
    if len(pair) != 2:
        raise ReadingError(f"{place} has an entry of {len(pair)} parts but must have 2")
    return _a_string(place, pair[0]), _a_string(place, pair[1])
