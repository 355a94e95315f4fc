"""Grading many: every target has its row and its line, whatever happens to the others, and nothing is left behind."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from click.testing import CliRunner, Result
from rich.console import Console

from nnfs_spec.adapters.isolated import IsolatedSubject
from nnfs_spec.adapters.options import Loading, is_folder_of_targets, targets_in
from nnfs_spec.checking import batch, worker
from nnfs_spec.checking.batch import cores, grade
from nnfs_spec.checking.worker import Beat, check_one, work
from nnfs_spec.clauses import spec_folder
from nnfs_spec.cli import main
from nnfs_spec.engine.events import Diagnosis
from nnfs_spec.engine.options import CheckOptions
from nnfs_spec.reports.batch import Grade, show_grades, total
from nnfs_spec.reports.json_report import to_json
from nnfs_spec.reports.terminal import PIPE_WIDTH
from nnfs_spec.subject.protocol import Isolation
from tests.tools.handmade import ATTACKED, CUT_SHORT, EVERYTHING, failing, report

QUICK = CheckOptions(budget="quick", clauses=("RELU-2", "SOFTMAX-1"))
COMMAND = (sys.executable, "-m", "nnfs_spec")
OPTIONS = ("--budget", "quick", "--clause", "RELU-2", "--clause", "SOFTMAX-1")

MUTANT = """
from nnfs_spec.mutants import MUTANTS

def {operation}(inputs):
    return MUTANTS["{mutant}"].make()(inputs)
"""


def submission(folder: Path, mutant: str) -> str:
    """Write a file that errs as a mutant does, and return its path."""
    path = folder / f"{mutant}.py"
    path.write_text(MUTANT.format(operation=mutant.partition("-")[0], mutant=mutant), encoding="utf-8")
    return str(path)


def check(*arguments: str) -> Result:
    """Run ``nnfs-spec check`` on two clauses with two workers."""
    return CliRunner().invoke(main, ("check", *arguments, *OPTIONS, "--jobs", "2"))


def validate_line(line: str) -> Any:
    """Require that a line keeps to its schema, and return what it says."""
    report_schema, schema = (
        json.loads((spec_folder() / "schemas" / name).read_text(encoding="utf-8"))
        for name in ("report.json", "line.json")
    )
    assert schema["oneOf"][0] == {"$ref": report_schema["$id"]}
    told = json.loads(line)
    jsonschema.validate(told, {**schema, "oneOf": [report_schema, schema["oneOf"][1]]})
    return told


def test_a_folder_is_graded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One row and one line for each file, in order; what cannot be loaded does not stop the rest."""
    monkeypatch.chdir(tmp_path)
    folder = Path("all")
    folder.mkdir()
    for mutant in ("relu-leaky", "softmax-squeezing", "softmax-over-the-batch"):
        submission(folder, mutant)
    (folder / "broken.py").write_text("def relu(:", encoding="utf-8")
    lines = tmp_path / "grades.jsonl"
    result = check(str(folder), "reference", "--jsonl", str(lines))
    assert result.exit_code == 1
    rows = [line.split() for line in result.stdout.splitlines()]
    assert [row[:4] for row in rows[1:] if row and row[0].endswith((".py", "reference"))] == [
        ["all/broken.py", "error", "0", "SyntaxError:"],
        ["all/relu-leaky.py", "nonconformant", "0", "RELU-2"],
        ["all/softmax-over-the-batch.py", "nonconformant", "0", "SOFTMAX-1"],
        ["all/softmax-squeezing.py", "nonconformant", "0", "SOFTMAX-1"],
        ["reference", "conformant", "2"],
    ]
    assert result.stdout.splitlines()[-2] == "5 targets: 1 conformant, 3 nonconformant, 1 not checked"
    told = [validate_line(line) for line in lines.read_text(encoding="utf-8").splitlines()]
    assert [Path(one["target"]).name for one in told] == [*sorted(os.listdir(folder)), "reference"]
    assert told[0] == {
        "format": 2,
        "target": str(folder / "broken.py"),
        "problem": "SyntaxError: invalid syntax (broken.py, line 1)",
    }
    assert told[1]["clauses"][0]["counterexample"]["got"] == [[-0.01]]


def test_the_line_of_a_target_is_its_report(tmp_path: Path) -> None:
    """The same as by itself."""
    lines, path = tmp_path / "grades.jsonl", tmp_path / "report.json"
    assert check("mutant:relu-leaky", "--jsonl", str(lines)).exit_code == 1
    assert check("mutant:relu-leaky", "--json", str(path), "--sandbox", "auto").exit_code == 1
    assert json.loads(lines.read_text(encoding="utf-8")) == json.loads(path.read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    ("targets", "code"),
    [
        (("reference", "reference"), 0),
        (("reference", "none.py"), 3),
        (("none.py", "mutant:relu-leaky", "reference"), 1),
    ],
)
def test_the_exit_code_of_many_tells_the_worst(targets: tuple[str, ...], code: int) -> None:
    """1 where any is not conformant, else 3 where any was not checked, else 0."""
    assert check(*targets).exit_code == code


def test_targets_whose_time_is_up_are_incomplete() -> None:
    """One of them and many."""
    assert check("reference", "--max-time", "1e-9").exit_code == 3
    many = check("reference", "reference", "--max-time", "1e-9")
    assert many.exit_code == 3
    assert many.stdout.splitlines()[-2] == "2 targets: 0 conformant, 0 nonconformant, 2 incomplete, 0 not checked"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("a.py", "b.py", "--json", "r.json"), "--json: only for one target; --jsonl is for many"),
        ((".", "--json", "r.json"), "--json: only for one target; --jsonl is for many"),
        (
            ("a.py", "--jsonl", "r.jsonl", "--json", "r.json", "--baseline", "b.toml"),
            "--json and --baseline: only for one target; --jsonl is for many",
        ),
        (("a.py", "."), "there is no .py file, no .ipynb file and no package in ."),
    ],
)
def test_wrong_use_of_many_is_told(
    arguments: tuple[str, ...], message: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With exit code 2, before anything is checked."""
    monkeypatch.chdir(tmp_path)
    result = check(*arguments)
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.splitlines()[-1] == f"Error: {message}"


def test_a_folder_stands_for_what_is_in_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Files and packages, those in folders below included, not what is hidden; a package is one target."""
    for name in ("b.py", "a.ipynb", "notes.txt", ".hidden.py", "_private.py", "pack/__init__.py", "sub/deep.py"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
    assert targets_in(tmp_path) == [str(tmp_path / name) for name in ("a.ipynb", "b.py", "pack", "sub/deep.py")]
    assert is_folder_of_targets(str(tmp_path))
    assert not is_folder_of_targets(str(tmp_path / "pack"))
    assert not is_folder_of_targets(str(tmp_path / "b.py"))
    (tmp_path / "reference").mkdir()
    (tmp_path / "mutant:x").mkdir()
    monkeypatch.chdir(tmp_path)
    assert not is_folder_of_targets("reference")
    assert not is_folder_of_targets("mutant:x")


def test_all_cores_are_used_by_default() -> None:
    """Those that this process may use."""
    assert 1 <= cores() <= (os.cpu_count() or 1)


ANSWERING = """
import json, os, sys, time
answers = open(int(sys.argv[2]), "wb", buffering=0)
for line in sys.stdin:
    target = json.loads(line)
    if target == "deadly":
        os._exit(7)
    if target == "silent":
        time.sleep(600)
    grade = {"line": "", "target": target, "verdict": "error", "passed": 0, "failed": [], "remark": "fine", "rows": 0}
    answers.write(b"\\n")
    answers.write(json.dumps(grade).encode() + b"\\n")
"""


def work_by(script: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Have the workers be a script."""

    def command(module: str, *arguments: str) -> list[str]:
        return [sys.executable, "-c", script, *arguments]

    monkeypatch.setattr(batch, "python", command)


@pytest.mark.usefixtures("nothing_is_left")
def test_a_worker_that_ends_costs_one_target(monkeypatch: pytest.MonkeyPatch) -> None:
    """Another takes its place for the targets that wait."""
    work_by(ANSWERING, monkeypatch)
    told = dict(grade(["a", "deadly", "b", "deadly"], QUICK, 1))
    died = "the process that checked it ended with status 7"
    assert [told[place].remark for place in range(4)] == ["fine", died, "fine", died]


@pytest.mark.usefixtures("nothing_is_left")
def test_a_worker_that_falls_silent_costs_one_target(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is ended after more time than any call may take; a stopped one is silent, too."""
    work_by(ANSWERING, monkeypatch)

    def shorter(timeout: float) -> float:
        return timeout / 10

    monkeypatch.setattr(batch, "silence", shorter)
    monkeypatch.setattr(batch, "LOOK_MILLISECONDS", 10)
    told = dict(grade(["a", "silent", "b"], QUICK, 1))
    silent = "the process that checked it said nothing for 1 s, and was ended"
    assert [told[place].remark for place in range(3)] == ["fine", silent, "fine"]


@pytest.mark.usefixtures("nothing_is_left")
def test_a_worker_that_does_not_end_is_killed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Though it has been told to."""
    work_by("import signal, time\nsignal.signal(15, signal.SIG_IGN)\ntime.sleep(600)", monkeypatch)
    monkeypatch.setattr(batch, "ENDING_SECONDS", 0.01)
    one = batch._Worker(QUICK)  # pyright: ignore[reportPrivateUsage]
    one.terminate()
    one.end()


@pytest.mark.usefixtures("nothing_is_left")
def test_a_worker_that_is_gone_before_it_has_a_target_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where its answer is read, not where it is asked."""
    work_by("", monkeypatch)
    ((place, told),) = grade(["a"], QUICK, 3)
    assert (place, told.verdict, told.remark) == (0, "error", "the process that checked it ended with status 0")


@pytest.mark.usefixtures("nothing_is_left")
def test_of_a_worker_that_cannot_be_started_nothing_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    """No descriptor either."""

    def command(module: str, *arguments: str) -> list[str]:
        return ["/none"]

    monkeypatch.setattr(batch, "python", command)
    with pytest.raises(FileNotFoundError):
        list(grade(["a"], QUICK, 1))


NAMES = ("pickle", "socket", "multiprocessing", "json", "numpy", "tempfile", "runpy")
"""Modules that a checker needs."""


@pytest.mark.usefixtures("nothing_is_left")
@pytest.mark.parametrize(("path", "names"), [(None, (*NAMES, "sitecustomize")), (f"{os.pathsep}/none", NAMES)])
@pytest.mark.parametrize("command", [(str(Path(sys.executable).with_name("nnfs-spec")),), COMMAND], ids=["file", "-m"])
def test_nothing_among_the_submissions_is_imported_by_a_checker(
    command: Sequence[str], path: str | None, names: Sequence[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Though it is named as what a checker needs, and PYTHONPATH has an empty entry, as it has by accident."""
    ran = tmp_path / "ran"
    for name in names:
        (tmp_path / f"{name}.py").write_text(f"open({str(ran)!r}, 'a').write('{name} ')\n", encoding="utf-8")
    submission(tmp_path, "relu-leaky")
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("PYTHONPATH", raising=False)
    if path is not None:
        monkeypatch.setenv("PYTHONPATH", path)
    asked = [*command, "check", "relu-leaky.py", "mutant:relu-leaky", *OPTIONS, "--jobs", "1"]
    done = subprocess.run(asked, capture_output=True, text=True, timeout=120, check=False)
    assert (done.returncode, done.stderr) == (1, "")
    assert done.stdout.count("nonconformant") == 3
    assert not ran.exists(), ran.read_text(encoding="utf-8")


def test_a_worker_goes_on_until_there_are_no_targets() -> None:
    """Told to end, it leaves in order."""
    before = signal.getsignal(signal.SIGTERM)
    sent: list[bytes] = []
    try:
        work(['"mutant:relu-leaky"\n', '"none.py"\n'], sent.append, QUICK)
        with pytest.raises(SystemExit, match=r"^143$"):
            signal.raise_signal(signal.SIGTERM)
    finally:
        signal.signal(signal.SIGTERM, before)
    told = [Grade.from_bytes(line) for line in sent if line != b"\n"]
    assert b"\n" in sent
    assert [(one.verdict, one.failed) for one in told] == [("nonconformant", ("RELU-2",)), ("error", ())]
    assert told[1].remark == "FileNotFoundError: [Errno 2] No such file or directory: 'none.py'"


def test_signs_of_life_come_once_a_second(monkeypatch: pytest.MonkeyPatch) -> None:
    """However many calls are made."""
    now, sent = [10.0], list[bytes]()
    monkeypatch.setattr(time, "monotonic", lambda: now[0])
    beat = Beat(sent.append)
    beat()
    beat()
    now[0] += worker.SIGN_OF_LIFE_SECONDS
    beat()
    assert sent == [b"\n", b"\n"]


def test_a_worker_answers_through_a_descriptor_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    """So that nothing that is printed when an interpreter starts is taken for an answer."""
    read, write = os.pipe()
    followed: list[int] = []
    monkeypatch.setattr(worker, "follow", followed.append)

    def keep(number: int, handler: object) -> None:
        pass

    def still_wanted(lifeline: int) -> bool:
        return False

    monkeypatch.setattr(signal, "signal", keep)
    monkeypatch.setattr(worker, "abandoned", still_wanted)
    monkeypatch.setattr(worker, "harden", lambda: None)
    with open(os.devnull, encoding="utf-8") as nothing, os.fdopen(os.dup(read)) as lifeline:
        monkeypatch.setattr(sys, "stdin", nothing)
        worker.main(json.dumps(QUICK.to_dict()), str(write), str(lifeline.fileno()))
        assert followed == [lifeline.fileno()]
    assert os.read(read, 1) == b""
    os.close(read)


def test_a_worker_whose_checker_has_gone_does_not_begin(monkeypatch: pytest.MonkeyPatch) -> None:
    """Though that was before it could follow it."""
    monkeypatch.setattr(worker, "follow", int)
    read, write = os.pipe()
    lifeline, held = os.pipe()
    os.close(held)
    worker.main(json.dumps(QUICK.to_dict()), str(write), str(lifeline))
    for descriptor in (lifeline, write):
        os.close(descriptor)
    assert os.read(read, 1) == b""
    os.close(read)


def test_a_target_that_defeats_the_checker_does_not_stop_the_rest(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is told as what it is."""

    def defeated(self: IsolatedSubject, target: str, timeout: float, loading: Loading) -> None:
        raise RecursionError("too deep")

    monkeypatch.setattr(IsolatedSubject, "__init__", defeated)
    told = check_one("t.py", QUICK)
    assert (told.verdict, told.remark) == ("error", "cannot be checked: RecursionError: too deep")


@pytest.mark.usefixtures("nothing_is_left")
def test_closing_early_ends_the_workers() -> None:
    """Also those that are busy."""
    with closing(grade(["reference"] * 8, QUICK, 2)) as grades:
        next(grades)


HANGING = """
import os, time

def relu(inputs):
    with open({path!r}, "a") as file:
        file.write(f"{{os.getpid()}} {{os.getppid()}}\\n")
    time.sleep(600)
"""


def is_running(pid: int) -> bool:
    """Tell whether there is such a process, other than one that has ended and waits to be buried."""
    try:
        status = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8")
    except FileNotFoundError:
        return False
    return status.rpartition(")")[2].split()[0] != "Z"


def wait_until(true: Any) -> None:
    """Wait for something to become true."""
    deadline = time.monotonic() + 60
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.05)


@pytest.mark.parametrize("ending", [signal.SIGINT, signal.SIGTERM])
def test_a_run_that_is_ended_leaves_no_process_behind(ending: signal.Signals, tmp_path: Path) -> None:
    """Neither a worker nor a target that hangs; the lines of what was finished stay."""
    started, hanging, lines = tmp_path / "started", tmp_path / "hanging.py", tmp_path / "grades.jsonl"
    hanging.write_text(HANGING.format(path=str(started)), encoding="utf-8")
    targets = ["none.py", str(hanging), str(hanging)]
    command = [*COMMAND, "check", *targets, *OPTIONS, "--jobs", "2", "--timeout", "600", "--sandbox", "none"]
    with subprocess.Popen([*command, "--jsonl", str(lines)], start_new_session=True, stderr=subprocess.DEVNULL) as run:
        wait_until(lambda: started.exists() and len(started.read_text(encoding="utf-8").splitlines()) == 2)
        os.killpg(run.pid, ending) if ending == signal.SIGINT else run.send_signal(ending)
        assert run.wait(60) in (130, 143)
    pids = [int(pid) for pid in started.read_text(encoding="utf-8").split()]
    wait_until(lambda: not any(is_running(pid) for pid in pids))
    assert [json.loads(line)["target"] for line in lines.read_text(encoding="utf-8").splitlines()] == ["none.py"]


def printed(*grades: Grade) -> list[str]:
    """Return the lines of the table in a pipe."""
    console = Console(width=PIPE_WIDTH, force_terminal=False, markup=False, highlight=False, emoji=False)
    with console.capture() as captured:
        show_grades(grades, Isolation("bwrap", None, ("RLIMIT_DATA",)), console)
    return [line.rstrip() for line in captured.get().splitlines()]


SLIP = Diagnosis("relu-overlooking-nan", "relu", "NaN is no number.", "Let it pass.", ("GEN-6",))
"""What explains broken advice alone."""


def test_a_remark_is_about_what_counts() -> None:
    """A mistake that only advice notices is not told as the cause of a broken MUST."""
    broken = report(failing("RELU-1"), failing("GEN-6", level="SHOULD"), diagnosis=(SLIP,))
    assert Grade.of_report(broken).remark == ""
    counted = report(failing("RELU-1"), failing("GEN-6", level="SHOULD"), level="should", diagnosis=(SLIP,))
    assert Grade.of_report(counted).remark == "You may have thought: NaN is no number. Instead: Let it pass."


def test_the_table_tells_what_fails_and_what_was_probably_misunderstood() -> None:
    """The first clauses, and how many more; advice only at the level that counts it."""
    ids = ("RELU-1", "RELU-2", "RELU-3", "RELU-4", "RELU-5", "RELU-6")
    many = report(*map(failing, ids), failing("GEN-6", level="SHOULD"), target="many.py")
    grades = (Grade.of_report(EVERYTHING), Grade.of_report(many), Grade.of_problem("none.py", "it is gone"))
    heads, *rows = printed(*grades)
    assert heads.split() == ["target", "verdict", "passes", "fails", "remark"]
    told = " ".join(" ".join(rows).split())
    assert "t.py nonconformant 1 RELU-2 RELU-5" in told
    assert "You may have thought:" in told
    assert "RELU-3 RELU-4 and 2 more" in told
    assert "it is gone" in told
    assert rows[-2] == "3 targets: 0 conformant, 2 nonconformant, 1 not checked"
    assert rows[-1] == "sandbox: bwrap; memory is limited by RLIMIT_DATA"
    assert total(grades[:1]) == "1 target: 0 conformant, 1 nonconformant, 0 not checked"
    assert total([*grades, Grade.of_report(CUT_SHORT)]) == (
        "4 targets: 0 conformant, 2 nonconformant, 1 incomplete, 1 not checked"
    )
    assert Grade.of_report(CUT_SHORT).remark == "stopped after 3 s, as asked: 1 of 6 steps were taken"
    advised = report(failing("GEN-6", level="SHOULD"), level="should")
    assert Grade.of_report(advised).failed == ("GEN-6",)


def test_no_text_of_a_target_can_steer_the_table() -> None:
    """Neither its name nor what it raised."""
    shown = printed(Grade.of_report(ATTACKED), Grade.of_problem("a\x1b[2J\nb", "c\x1b[2J\nd"))
    assert not any("\x1b" in line for line in shown)
    assert any("a\\x1b[2J\\nb" in line for line in shown)
    assert any("c\\x1b[2J\\nd" in line for line in shown)


def test_a_grade_goes_to_another_process_and_back() -> None:
    """As it is; its line is the report's JSON without line ends."""
    told = Grade.of_report(EVERYTHING)
    assert Grade.from_bytes(told.to_bytes()) == told
    assert json.loads(told.line) == json.loads(to_json(EVERYTHING))
    assert told.line.count("\n") == 1
    assert told.rows == 1234 * 8
    validate_line(told.line)
