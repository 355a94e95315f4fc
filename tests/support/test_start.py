"""What the process of the command does first, and that a process that merely imports the kit does none of it."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from nnfs_spec.support import start


@pytest.mark.parametrize(
    ("argv", "original", "expected"),
    [
        (["/usr/bin/nnfs-spec", "check"], ["python", "/usr/bin/nnfs-spec", "check"], True),
        (["C:/nnfs-spec.exe"], ["C:/nnfs-spec.exe"], True),
        (["-m", "check", "x"], ["python", "-X", "dev", "-m", "nnfs_spec", "check", "x"], True),
        (["-m"], ["python", "-m", "nnfs_spec.__main__"], True),
        (["-m", "x"], ["python", "-Pmnnfs_spec", "x"], True),
        (["-m", "nnfs_spec"], ["python", "-m", "other", "nnfs_spec"], False),
        (["-m"], ["python", "-m", "nnfs_spec.checking.worker"], False),
        (["/usr/bin/pytest"], ["/usr/bin/pytest"], False),
        (["-c"], ["python", "-c", "import nnfs_spec"], False),
        ([""], ["python"], False),
        ([], [], False),
    ],
)
def test_the_command_is_told_from_other_programs(argv: list[str], original: list[str], expected: bool) -> None:
    assert start.is_command(argv, original) is expected


def test_importing_the_kit_changes_nothing_of_a_process(tmp_path: Path) -> None:
    """Neither its signals nor the folders that it imports from."""
    code = "import signal, sys; before = list(sys.path), signal.getsignal(2); import nnfs_spec; "
    code += "assert before == (sys.path, signal.getsignal(2))"
    subprocess.run([sys.executable, "-c", code], cwd=tmp_path, check=True, timeout=60)


def test_the_current_folder_is_imported_from_only_where_it_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    here = os.getcwd()
    monkeypatch.setattr(sys, "path", ["", here, "/other", here])
    monkeypatch.setenv("PYTHONPATH", f"{os.pathsep}/other")
    start.import_from_nowhere_by_accident()
    assert sys.path == ["/other"]
    monkeypatch.setattr(sys, "path", ["", here, "/other"])
    monkeypatch.setenv("PYTHONPATH", f".{os.pathsep}/other")
    start.import_from_nowhere_by_accident()
    assert sys.path == [here, "/other"]
    tmp_path.rmdir()
    monkeypatch.setattr(sys, "path", ["", "/other"])
    start.import_from_nowhere_by_accident()
    assert sys.path == ["/other"]


@pytest.mark.parametrize(("before", "changed"), [(signal.default_int_handler, True), (signal.SIG_IGN, False)])
def test_what_is_to_be_ignored_stays_ignored(
    before: signal.Handlers, changed: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As for a job in the background."""
    wanted: dict[int, object] = {}
    monkeypatch.setattr(signal, "signal", wanted.__setitem__)

    def known(number: int) -> signal.Handlers:
        return before

    monkeypatch.setattr(signal, "getsignal", known)
    monkeypatch.setattr(start, "open_streams", lambda: None)
    monkeypatch.setattr(start, "import_from_nowhere_by_accident", lambda: None)
    start.begin()
    assert wanted.pop(signal.SIGCHLD) == signal.SIG_DFL
    assert wanted == ({signal.SIGINT: start.interrupted} if changed else {})
    monkeypatch.delattr(signal, "SIGCHLD")
    start.begin()
    assert signal.SIGINT not in wanted or changed


def test_an_interrupt_at_the_start_ends_at_once(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """With the code of shells."""
    ended: list[int] = []
    monkeypatch.setattr(os, "_exit", ended.append)
    start.interrupted(signal.SIGINT, None)
    assert ended == [130]
    assert capfd.readouterr().err == "nnfs-spec: interrupted\n"


STREAMS = """
import os, sys
from nnfs_spec.support import start
start.open_streams()
print(sys.stdin.read(), "out"), print("err", file=sys.stderr)
assert os.open(os.devnull, 0) >= 3
os._exit(7)
"""


@pytest.mark.parametrize("closed", ["0<&-", "1>&-", "2>&-", "0<&- 1>&- 2>&-", "</dev/null"])
def test_closed_streams_are_opened_on_nothing(closed: str) -> None:
    """No file of the checker takes their numbers."""
    command = ["/bin/sh", "-c", f'"$0" -c "$1" {closed}', sys.executable, STREAMS]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, done.stderr) == (7, "" if "2>" in closed else "err\n")
