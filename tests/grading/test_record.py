"""What is known of one submission: the same wherever it is checked, and whatever the submission does."""

import dataclasses
import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path

import pytest

import nnfs_spec
from nnfs_spec import CheckOptions, check_one
from nnfs_spec.adapters.isolated import TargetError
from nnfs_spec.engine.events import Report
from nnfs_spec.grading import record
from nnfs_spec.grading.record import Record, Task, check_task, lost_record
from nnfs_spec.grading.submissions import Submission
from nnfs_spec.reports.json_report import to_json
from nnfs_spec.support.json_input import ReadingError
from tests.tools.handmade import EVERYTHING, failing, report

QUICK = CheckOptions(budget="quick", clauses=("RELU-2", "SOFTMAX-1"), timeout=1.0)
LEAKY = b"import numpy as np\n\ndef relu(inputs):\n    return np.where(inputs > 0, inputs, 0.01 * inputs)\n"
RIGHT = b"import numpy as np\n\ndef relu(inputs):\n    return np.maximum(inputs, 0)\n"
ENDLESS = b"def relu(inputs):\n    while True:\n        pass\n"
LEAVING = b"import os\n\ndef relu(inputs):\n    os._exit(3)\n"
CHEATING = b"from nnfs_spec import relu as right\n\ndef relu(inputs):\n    return right(inputs)\n"


def task(student: str = "alice", options: CheckOptions = QUICK, **files: bytes) -> Task:
    """Return a submission of .py files."""
    return Task(Submission(student, {f"{name}.py": data for name, data in files.items()}), options)


def test_a_record_says_what_the_report_says() -> None:
    """And nothing of the folder that it was checked in."""
    found = check_task(task(net=LEAKY))
    assert (found.student, found.target, found.status) == ("alice", "net.py", "nonconformant")
    assert found.tried["RELU-2"].status == "fail"
    assert found.tried["RELU-2"].why.startswith("relu gave [[-0.01]] (float32) where [[0.0]] is right")
    assert found.tried["SOFTMAX-1"].why == "it was not found in the submission"
    assert found.remark.startswith("You may have thought: ")
    assert found.mistakes == (found.remark,)
    assert json.loads(found.report)["target"] == "alice/net.py"
    assert "/tmp" not in found.to_text()


def test_it_is_the_same_in_any_thread() -> None:
    with ThreadPoolExecutor(2) as pool:
        first, second = pool.map(check_task, [task(net=LEAKY)] * 2)
    assert first.to_text() == second.to_text()


def in_a_daemon(end: "Connection[Record, Record]") -> None:
    """Check a submission."""
    end.send(check_task(task(net=RIGHT)))


def test_a_daemonic_worker_can_check() -> None:
    """As those of Dask are."""
    context = get_context("spawn")
    here, there = context.Pipe()
    process = context.Process(target=in_a_daemon, args=(there,), daemon=True)
    process.start()
    assert here.poll(60)
    assert here.recv() == check_task(task(net=RIGHT))
    process.join()


def test_several_files_are_checked_together() -> None:
    """Each may bring some of the operations."""
    softmax = b"import numpy as np\n\ndef softmax(z):\n    return np.exp(z) / np.exp(z).sum()\n"
    found = check_task(task(one=RIGHT, two=softmax))
    assert (found.target, found.tried["RELU-2"].status) == ("all Python files", "pass")
    assert found.tried["SOFTMAX-1"].status == "fail"


@pytest.mark.parametrize(
    ("source", "status", "remark"),
    [
        (ENDLESS, "nonconformant", "never answered"),
        (LEAVING, "nonconformant", "ended the process"),
        (CHEATING, "conformant", "calls the reference"),
        (b"import os\nos._exit(3)\n", "not checked", "LookupError: none of the operations was found"),
        (b"def relu(:", "not checked", "SyntaxError: invalid syntax (net.py, line 1)"),
    ],
)
def test_the_remark_says_what_happened(source: bytes, status: str, remark: str) -> None:
    found = check_task(task(net=source))
    assert (found.status, found.remark[: len(remark)]) == (status, remark)


def test_a_submission_without_code_is_told_so() -> None:
    found = check_task(task())
    assert (found.status, found.remark, found.target) == ("not checked", "no .py file, no notebook and no package", "")


def test_a_submission_without_code_says_what_it_has() -> None:
    found = check_task(Task(Submission("a", {}, [("a.zip", "this zip cannot be read"), ("b.pdf", "x")]), QUICK))
    assert found.remark == "no .py file, no notebook and no package; a.zip: this zip cannot be read"


def test_what_was_required_and_is_missing_is_told() -> None:
    found = check_task(task(options=dataclasses.replace(QUICK, require=("relu", "softmax")), net=RIGHT))
    assert (found.status, found.remark) == ("nonconformant", "not found: softmax")


def test_a_submission_that_defeats_the_checker_is_told_as_what_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    def defeated(path: Path, options: CheckOptions) -> Report:
        raise RecursionError(f"too deep in {path}")

    monkeypatch.setattr(record, "check_one", defeated)
    assert check_task(task(net=RIGHT)).remark == "cannot be checked: RecursionError: too deep in alice/net.py"


def test_a_submission_whose_worker_is_lost_is_told_so() -> None:
    assert lost_record(task(net=RIGHT), OSError("gone")).remark == "its worker was lost, OSError: gone"
    assert lost_record(task(), OSError("gone")).target == ""


def judged(monkeypatch: pytest.MonkeyPatch, told: Report) -> Record:
    """Return the record of a submission with this report."""

    def judge(path: Path, options: CheckOptions) -> Report:
        return told

    monkeypatch.setattr(record, "check_one", judge)
    return check_task(task(net=RIGHT))


def test_what_no_known_mistake_explains_is_told_by_its_clause(monkeypatch: pytest.MonkeyPatch) -> None:
    """What counts comes first."""
    found = judged(monkeypatch, report(failing("GEN-6", level="SHOULD"), failing("RELU-5")))
    assert found.remark.startswith("RELU-5: relu gave [[-0.01]] (float32) where [[0.0]] is right")


def test_every_status_has_its_reason(monkeypatch: pytest.MonkeyPatch) -> None:
    found = judged(monkeypatch, EVERYTHING)
    assert found.tried["RELU-1"].why == "blocked by RELU-2"
    assert found.tried["GEN-7"].why == "it was not tried"
    assert found.tried["RELU-4"].why == ""
    late = judged(monkeypatch, dataclasses.replace(report(), verdict="incomplete", cut_short=("after 3 of 9 steps",)))
    assert (late.status, late.remark) == ("incomplete", "time ran out: after 3 of 9 steps")
    undecided = judged(monkeypatch, dataclasses.replace(EVERYTHING, verdict="error"))
    assert undecided.status == "not checked"


def test_failures_are_alike_to_the_bit_or_not_at_all() -> None:
    first, renamed, right = (
        check_task(task(net=LEAKY)),
        check_task(task("bob", model=LEAKY)),
        check_task(task(net=RIGHT)),
    )
    other = check_task(task(net=LEAKY.replace(b"0.01", b"0.02")))
    assert first.alike == renamed.alike
    assert first.alike != other.alike
    assert right.alike == ""


def test_a_file_without_a_place_is_skipped() -> None:
    """Where a folder has its name."""
    handed_in = Submission("alice", {"a.py": RIGHT, "a.py/b.txt": b"x"})
    found = check_task(Task(handed_in, QUICK))
    assert found.skipped == (("a.py/b.txt", "it cannot be written: FileExistsError"),)


@pytest.mark.parametrize(
    "change",
    [
        lambda: task("bob", net=RIGHT),
        lambda: task(other=RIGHT),
        lambda: task(net=LEAKY),
        lambda: task(options=dataclasses.replace(QUICK, seed=1), net=RIGHT),
    ],
    ids=["student", "name", "content", "options"],
)
def test_a_key_tells_a_submission_from_any_other(change: Callable[[], Task]) -> None:
    assert task(net=RIGHT).key() == task(net=RIGHT).key()
    assert change().key() != task(net=RIGHT).key()


def test_a_key_depends_on_the_version(monkeypatch: pytest.MonkeyPatch) -> None:
    before = task(net=RIGHT).key()
    monkeypatch.setattr(record, "__version__", "9.9")
    assert task(net=RIGHT).key() != before


def test_a_record_is_read_as_it_was_written() -> None:
    found = check_task(task(net=LEAKY, test_net=RIGHT))
    assert Record.from_text(found.to_text()) == found
    unchecked = check_task(Task(Submission("a", {}, [("a.pdf", "it is no Python")]), QUICK))
    assert Record.from_text(unchecked.to_text()) == unchecked


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"format": 9}, "format is 9 but must be 1"),
        ({"student": 3}, "student is 3 but must be text"),
        ({"tried": {"RELU-2": {}}}, "tried.RELU-2 has no status and no why"),
        ({"skipped": [["a"]]}, "skipped has an entry of 1 parts but must have 2"),
    ],
)
def test_a_record_that_is_none_is_refused(changed: dict[str, object], message: str) -> None:
    told = {**json.loads(check_task(task()).to_text()), **changed}
    with pytest.raises(ReadingError) as caught:
        Record.from_text(json.dumps(told))
    assert str(caught.value) == message


def test_check_one_is_public_and_gives_plain_data(tmp_path: Path) -> None:
    """The report of the command line; what cannot be loaded raises."""
    path = tmp_path / "net.py"
    path.write_bytes(LEAKY)
    assert to_json(check_one(path, QUICK)) == to_json(nnfs_spec.check(str(path), budget="quick", clauses=QUICK.clauses))
    with pytest.raises(TargetError):
        check_one(tmp_path / "none.py")
