"""How a process is started, watched and ended with all that it started; and what it does to itself before it begins."""

import fcntl
import os
import resource
import select
import signal
import subprocess
import sys
import time
import warnings
from pathlib import Path
from types import ModuleType
from typing import Any, NoReturn

import numpy as np
import pytest

from nnfs_spec.adapters.process import launch, limits
from nnfs_spec.adapters.process.launch import PrivateFolder, TargetProcess
from nnfs_spec.adapters.process.watchdog import MOST_PROCESSES
from tests.tools.conversation import in_time

pytestmark = pytest.mark.usefixtures("nothing_is_left")


def started(script: str, stdout: int = subprocess.DEVNULL, **more: Any) -> TargetProcess:
    """Start a script of the shell."""
    return TargetProcess(["/bin/sh", "-c", script], subprocess.DEVNULL, stdout, subprocess.DEVNULL, **more)


def nothing() -> None:
    """Do nothing meanwhile."""


@pytest.mark.parametrize(
    ("script", "ending"),
    [
        ("exit 0", "ended its process with status 0"),
        ("exit 3", "ended its process with status 3"),
        ("kill -TERM $$", "ended its process with signal 15 (SIGTERM)"),
        ("kill -11 $$", "ended its process with signal 11 (SIGSEGV)"),
    ],
)
def test_a_process_that_ends_says_how(script: str, ending: str) -> None:
    """It is waited for, and its descriptor shows its end."""
    process = started(script)
    assert process.ended_within(20, nothing)
    assert process.death is not None
    assert select.select([process.death], [], [], 0)[0]
    process.kill()
    assert process.ending() == ending
    with pytest.raises(OSError, match="Bad file descriptor"):
        os.fstat(process.death)


def test_a_process_that_goes_on_is_not_waited_for() -> None:
    """Longer than it may take; meanwhile something else is done."""
    process = started("sleep 100")
    done: list[float] = []
    start = time.monotonic()
    assert not process.ended_within(0.1, lambda: done.append(time.monotonic()))
    assert 0.1 <= time.monotonic() - start < 10
    assert len(done) > 2
    assert not process.ended_within(0, nothing)
    assert process.death is not None
    assert not select.select([process.death], [], [], 0)[0]
    process.kill()
    assert process.ending() == "ended its process with signal 9 (SIGKILL)"


def test_all_that_a_process_started_ends_with_it() -> None:
    """Nobody holds its streams any more."""
    output, prints = os.pipe()
    process = started("sleep 100 & echo ready; wait", prints)
    os.close(prints)
    assert os.read(output, 100) == b"ready\n"
    process.kill()
    assert os.read(output, 100) == b""
    os.close(output)


def test_a_process_has_a_session_and_temporary_files_of_its_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And what it is given besides; its files are gone when it is."""
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    monkeypatch.setenv("INHERITED", "yes")
    given, theirs = os.pipe()
    output, prints = os.pipe()
    script = f'touch "$TMPDIR/file"; echo "$TMPDIR $INHERITED $MORE $PATH"; echo x >/proc/self/fd/{theirs}'
    process = started(script, prints, pass_fds=(theirs,), more={"MORE": "more"})
    for descriptor in (prints, theirs):
        os.close(descriptor)
    assert os.getsid(process.pid) == process.pid
    assert process.ended_within(20, nothing)
    folder, *words = os.read(output, 10_000).decode().split()
    assert Path(folder).parent == tmp_path
    assert os.listdir(folder) == ["file"]
    assert words == ["yes", "more", os.environ["PATH"]]
    assert os.read(given, 10) == b"x\n"
    process.kill()
    assert list(tmp_path.iterdir()) == []
    for descriptor in (given, output):
        os.close(descriptor)


def test_of_what_cannot_be_started_nothing_is_left(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No folder either."""
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    with pytest.raises(FileNotFoundError):
        TargetProcess([str(tmp_path / "none")], subprocess.DEVNULL, subprocess.DEVNULL, subprocess.DEVNULL)
    assert list(tmp_path.iterdir()) == []


def test_where_nobody_can_remove_a_folder_nothing_is_left(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of it, or of the pipe."""

    def refuse(*arguments: object, **keywords: object) -> None:
        raise FileNotFoundError

    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    monkeypatch.setattr("nnfs_spec.adapters.process.launch.subprocess.Popen", refuse)
    before = os.listdir("/dev/fd")
    with pytest.raises(FileNotFoundError):
        PrivateFolder()
    assert list(tmp_path.iterdir()) == []
    assert os.listdir("/dev/fd") == before


def test_a_folder_goes_though_the_whole_group_of_its_checker_is_killed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As a terminal or a job's time limit does it."""
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    told, tell = os.pipe()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # of forking beside threads: the copy starts none
        pid = os.fork() or checker(tell)
    os.close(tell)
    assert os.read(told, 1) == b"x"
    assert len(list(tmp_path.iterdir())) == 1
    os.killpg(pid, signal.SIGKILL)
    os.waitpid(pid, 0)
    with in_time():
        while list(tmp_path.iterdir()):
            time.sleep(0.001)
    os.close(told)


def checker(tell: int) -> NoReturn:
    """Be the leader of a group, make a folder, tell it and wait to be killed."""
    try:
        os.setsid()
        PrivateFolder()
        os.write(tell, b"x")
        signal.pause()
    finally:
        os._exit(1)


def test_where_no_descriptor_shows_the_end_there_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    """The process is ended all the same."""
    monkeypatch.delattr("os.pidfd_open")
    process = started("sleep 100")
    assert process.death is None
    process.kill()
    assert process.ending() == "ended its process with signal 9 (SIGKILL)"


def test_strays_are_not_hunted_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is never gone is let go; what has gone meanwhile is no problem."""
    ended = subprocess.Popen(["/bin/true"])
    ended.wait()
    looked: list[str] = []

    def never_gone(mark: str) -> list[int]:
        looked.append(mark)
        return [ended.pid]

    monkeypatch.setattr(launch, "strays", never_gone)
    monkeypatch.setattr(launch, "SECONDS", 0.2)
    start = time.monotonic()
    with in_time():
        launch.end_strays("mark")
    assert 0.2 <= time.monotonic() - start < 10
    assert len(looked) > 3


def test_strays_are_found_by_their_mark_and_ended() -> None:
    """Though they have left the group; those of other runs are let alone."""
    mark = launch.new_mark()
    command = ["/bin/sh", "-c", "echo ready; exec sleep 100"]
    one, other = (
        subprocess.Popen(
            command,
            env={**os.environ, launch.MARK: value, "AFTER": "x"},
            start_new_session=True,
            stdout=subprocess.PIPE,
        )
        for value in (mark, launch.new_mark())
    )
    for process in (one, other):
        assert process.stdout is not None
        assert process.stdout.readline() == b"ready\n"
        process.stdout.close()
    try:
        assert launch.strays(mark) == [one.pid]
        with in_time():
            launch.end_strays(mark)
        assert one.wait(timeout=10) == -signal.SIGKILL
        assert other.poll() is None
        assert launch.strays(mark) == []
    finally:
        for process in (one, other):
            process.kill()
            process.wait()


@pytest.mark.parametrize(("hard", "soft"), [(resource.RLIM_INFINITY, 12 * 1024 + 7), (20_000, 12_295), (9, 9)])
def test_memory_is_limited_to_what_there_is_and_more(
    hard: int, soft: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """But never beyond the limit of the system; a core is never dumped."""
    wanted: dict[int, tuple[int, int]] = {}
    status = tmp_path / "status"
    status.write_text("Name:\tpython\nVmSize:\t 1 kB\nVmData:\t      12 kB\nVmStk:\t 99 kB\n", encoding="ascii")
    monkeypatch.setattr(limits, "STATUS", status)
    monkeypatch.setattr(resource, "setrlimit", wanted.__setitem__)

    def known(kind: int) -> tuple[int, int]:
        return 5, hard

    monkeypatch.setattr(resource, "getrlimit", known)
    limits.limit_memory(7)
    assert wanted == {resource.RLIMIT_CORE: (0, 0), resource.RLIMIT_DATA: (soft, hard)}
    limits.limit_memory(7, loaded=True)
    space = 1024 + 7 + limits.ALLOWANCE
    assert wanted[resource.RLIMIT_AS] == (space if hard == resource.RLIM_INFINITY else hard, hard)


def test_processes_are_limited_to_what_the_system_runs_and_more(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """So that no target of a user keeps this user from starting others."""
    wanted: dict[int, tuple[int, int]] = {}
    load = tmp_path / "loadavg"
    load.write_text("0.20 0.18 0.12 1/80 11206\n", encoding="ascii")
    monkeypatch.setattr(limits, "LOAD", load)
    monkeypatch.setattr(resource, "setrlimit", wanted.__setitem__)

    def known(kind: int) -> tuple[int, int]:
        return 5, 1000

    monkeypatch.setattr(resource, "getrlimit", known)
    limits.limit_processes()
    assert wanted == {resource.RLIMIT_NPROC: (80 + MOST_PROCESSES, 1000)}
    load.unlink()
    limits.limit_processes()


def test_a_system_without_limits_says_so(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    assert limits.memory_limits(executable=True) == ("RLIMIT_DATA", "a watchdog")
    monkeypatch.setattr(limits, "STATUS", tmp_path / "none")
    assert limits.memory_limits(executable=False) == ()


def test_the_group_follows_its_lifeline(monkeypatch: pytest.MonkeyPatch) -> None:
    """By a signal that nobody can refuse."""
    calls: list[tuple[int, ...]] = []

    def fcntl_(*arguments: int) -> int:
        calls.append(arguments)
        return os.O_NONBLOCK

    monkeypatch.setattr(fcntl, "fcntl", fcntl_)
    limits.follow(9)
    assert calls == [
        (9, fcntl.F_SETSIG, signal.SIGKILL),
        (9, fcntl.F_SETOWN, -os.getpgrp()),
        (9, fcntl.F_GETFL),
        (9, fcntl.F_SETFL, os.O_NONBLOCK | os.O_ASYNC),
    ]


def test_a_lifeline_that_was_closed_before_is_noticed() -> None:
    """No signal comes of it any more."""
    lifeline, held = os.pipe()
    assert not limits.abandoned(lifeline)
    os.close(held)
    assert limits.abandoned(lifeline)
    os.close(lifeline)


def test_the_checker_keeps_its_numpy(monkeypatch: pytest.MonkeyPatch) -> None:
    """A copy of its names, for the modules of one package."""
    before = np  # this module is one of the others
    names = ("kept", "kept.inside", "keptonly", "other", "kept.apart", "kept.without")
    modules = {name: ModuleType(name) for name in names}
    for name, module in modules.items():
        monkeypatch.setitem(sys.modules, name, module)
        if name != "kept.without":
            vars(module)["np"] = "something else" if name == "kept.apart" else before
    limits.keep_numpy("kept")
    first, second = (vars(modules[name])["np"] for name in names[:2])
    assert first is second
    assert first is not before
    assert first.zeros is before.zeros
    assert [vars(modules[name]).get("np") for name in names[2:]] == [before, before, "something else", None]
