"""Targets that misbehave: each gets a truthful report, and nothing is left behind."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from nnfs_spec import check
from tests import ROOT
from tests.tools.leftovers import MARK, processes

FOLDER = ROOT / "tests" / "targets" / "misbehaving"

pytestmark = [pytest.mark.gate, pytest.mark.usefixtures("nothing_is_left")]

HARMLESS = (
    "changes_directory",
    "closes_output",
    "forks",
    "leaks",
    "leaves_a_process",
    "leaves_files",
    "prints_a_lot",
    "prints_controls",
)
"""Targets that do odd things and yet give the right results."""

FAULTS = {
    "allocates": ("RELU-1", "error", "relu raised MemoryError: Unable to allocate 97.7 GiB for an array"),
    "asks": ("RELU-1", "error", "relu raised EOFError: EOF when reading a line"),
    "closes_everything": ("RELU-1", "error", "relu ended its process with status 1"),
    "deletes_arguments": ("GEN-1", "fail", "arguments as they were before the call, for layout C, of dtype float32"),
    "exits": ("RELU-1", "error", "relu ended its process with status 0"),
    "forks_and_ends": ("RELU-1", "error", "relu ended its process with status 5"),
    "generator": ("RELU-1", "error", "relu returned "),
    "ignores_sigterm": ("RELU-1", "error", "relu took longer than 0.5 s"),
    "keyboard_interrupt": ("RELU-1", "error", "relu raised KeyboardInterrupt"),
    "nan": ("RELU-1", "fail", "the larger of 0 and x"),
    "other_dtype": ("RELU-1", "error", "relu returned "),
    "other_shape": ("RELU-1", "fail", "relu returned shape "),
    "overwrites_arguments": ("GEN-1", "fail", "arguments as they were before the call"),
    "patches_numpy": ("GEN-1", "fail", "arguments as they were before the call"),
    "recurses": ("RELU-1", "error", "relu raised RecursionError: maximum recursion depth exceeded"),
    "returns_too_much": ("RELU-1", "error", "relu returned what is no array: Unable to allocate 745. GiB"),
    "segfaults": ("RELU-1", "error", "relu ended its process with signal 11 (SIGSEGV)"),
    "sleeps": ("RELU-1", "error", "relu took longer than 0.5 s"),
    "stops": ("RELU-1", "error", "relu took longer than 0.5 s"),
    "system_exit": ("RELU-1", "error", "relu raised SystemExit: 3"),
    "writes_everywhere": ("RELU-1", "error", "relu broke the stream of answers"),
}
"""The clause that shows what is wrong, its status, and how the message begins."""

SHOWN_ELSEWHERE = ("view",)
"""Misbehaviour that no single call shows; tests of the isolation look at it."""

SLOW = {"ignores_sigterm", "sleeps", "stops"}


def test_every_target_has_its_expectation() -> None:
    """None lies about untested."""
    assert sorted([*HARMLESS, *FAULTS, *SHOWN_ELSEWHERE]) == sorted(path.stem for path in FOLDER.glob("*.py"))


@pytest.mark.parametrize("target", HARMLESS)
def test_odd_habits_alone_break_no_clause(target: str) -> None:
    """The results count, also those of later calls in the same process."""
    report = check(str(FOLDER / f"{target}.py"), clauses=["RELU-1", "GEN-2"], budget="quick")
    assert [result.status for result in report.clauses] == ["pass", "pass"]


@pytest.mark.parametrize("target", FAULTS)
def test_misbehaviour_is_reported_as_what_it_is(target: str) -> None:
    """With the clause that it breaks and a case that shows it."""
    clause, status, message = FAULTS[target]
    timeout = 0.5 if target in SLOW else 20.0
    report = check(str(FOLDER / f"{target}.py"), clauses=[clause], budget="quick", timeout=timeout)
    (result,) = report.clauses
    assert (report.verdict, result.status) == ("nonconformant", status)
    assert result.counterexample is not None
    assert result.counterexample.message.startswith(message)


def test_the_report_holds_the_beginning_of_what_was_printed() -> None:
    """And how much more there was."""
    report = check(str(FOLDER / "prints_a_lot.py"), clauses=["RELU-6"], budget="quick")
    beginning, _, more = report.output.partition("\n... ")
    assert beginning == ("noise " * 1000)[:4096]
    assert int(more.removesuffix(" more bytes")) > 50_000_000


def test_what_is_printed_may_be_no_text() -> None:
    """It is shown as far as it is."""
    report = check(str(FOLDER / "prints_controls.py"), clauses=["RELU-6"], budget="quick")
    assert report.output.startswith("\x1b[2J\x1b]0;title\x07\N{REPLACEMENT CHARACTER}")


def start_check(target: Path, noted: Path) -> "subprocess.Popen[str]":
    """Start ``nnfs-spec check`` and wait until it has come to call the target, which notes its process number."""
    target.write_text(
        "import os, tempfile, time\n"
        "def relu(x):\n"
        "    tempfile.mkstemp()\n"  # which must go, too, however this ends
        f"    open({str(noted)!r}, 'w').write(str(os.getpid()))\n"
        "    while True: time.sleep(100)\n",
        encoding="utf-8",
    )
    command = [sys.executable, "-m", "nnfs_spec", "check", str(target), "--timeout", "100"]
    checker = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    while not (noted.exists() and noted.read_text()):
        assert checker.poll() is None
        time.sleep(0.02)
    return checker


def await_end_of_all(mark: str) -> None:
    """Require that every process with the mark ends soon: some are only just being told."""
    deadline = time.monotonic() + 10
    while processes(mark) and time.monotonic() < deadline:
        time.sleep(0.02)
    assert processes(mark) == []


@pytest.mark.parametrize(
    ("number", "status", "told"),
    [(signal.SIGINT, 130, "nnfs-spec: interrupted\n"), (signal.SIGTERM, 143, "nnfs-spec: terminated\n")],
)
def test_an_ended_check_says_so_and_ends_its_child(
    number: signal.Signals, status: int, told: str, tmp_path: Path, nothing_is_left: str
) -> None:
    """With the exit code that shells expect."""
    checker = start_check(tmp_path / "target.py", tmp_path / "noted")
    checker.send_signal(number)
    assert checker.communicate(timeout=60) == ("", told)
    assert checker.returncode == status
    await_end_of_all(nothing_is_left)


def test_a_check_that_is_killed_takes_its_child_along(tmp_path: Path, nothing_is_left: str) -> None:
    """Though it cannot do anything itself, and the child is in the middle of a call."""
    checker = start_check(tmp_path / "target.py", tmp_path / "noted")
    checker.kill()
    checker.communicate(timeout=60)
    await_end_of_all(nothing_is_left)


def test_a_process_that_is_left_would_be_noticed(nothing_is_left: str) -> None:
    """The tests of this file can fail."""
    assert os.environ[MARK] == nothing_is_left
    sleeper = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(100)"])
    try:
        deadline = time.monotonic() + 10
        while not processes(nothing_is_left) and time.monotonic() < deadline:
            time.sleep(0.02)
        assert processes(nothing_is_left) == [sleeper.pid]
    finally:
        sleeper.kill()
        sleeper.wait()
