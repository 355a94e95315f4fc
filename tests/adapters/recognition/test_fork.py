"""The fork: whether a trial call can be made without harm."""

import os
import resource
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from functools import partial

import pytest

from nnfs_spec.adapters.recognition import fork
from nnfs_spec.adapters.recognition.fork import survives


def raising() -> None:
    """Raise what no handler of exceptions catches."""
    raise SystemExit


@pytest.mark.parametrize("action", [lambda: None, lambda: 1 + 1])
def test_an_action_that_comes_to_its_end_survives(action: Callable[[], object]) -> None:
    """Whatever it returns."""
    assert survives(action)


@pytest.mark.parametrize(
    "action", [lambda: os._exit(0), lambda: os.kill(os.getpid(), 9), os.fork, lambda: time.sleep(60), raising]
)
def test_an_action_that_ends_or_hangs_does_not(action: Callable[[], object], monkeypatch: pytest.MonkeyPatch) -> None:
    """Nor one that raises what is left to nobody, or makes another copy."""
    fork, made = os.fork, list[int]()

    def remembered() -> int:
        made.append(fork())
        return made[-1]

    monkeypatch.setattr("nnfs_spec.adapters.recognition.fork.SECONDS", 0.5)
    monkeypatch.setattr("nnfs_spec.adapters.recognition.fork.os.fork", remembered)
    assert not survives(action)
    (copy,) = made
    with pytest.raises(ChildProcessError):  # nothing is left of it
        os.waitpid(copy, os.WNOHANG)


def test_an_action_has_its_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """Though it is waited for no longer than it takes."""
    monkeypatch.setattr("nnfs_spec.adapters.recognition.fork.SECONDS", 0.99)
    assert survives(lambda: time.sleep(0.1))
    start = time.monotonic()
    assert all(survives(lambda: None) for _ in range(12))
    assert time.monotonic() - start < 10


def test_nothing_that_is_printed_arrives(capfd: pytest.CaptureFixture[str]) -> None:
    """The calls that count will print it again."""
    for number in (1, 2):
        survives(partial(os.write, number, b"printed"))
    assert capfd.readouterr() == ("", "")


def test_an_action_that_closes_or_writes_into_a_pipe_does_not() -> None:
    """The answers of a checked process go through one."""
    read, write = os.pipe()
    assert not survives(lambda: os.close(write))
    assert not survives(lambda: os.write(write, b"an answer"))
    assert survives(lambda: os.fstat(write))
    os.write(write, b"x")
    assert os.read(read, 100) == b"x"
    os.close(read)
    os.close(write)


@pytest.mark.parametrize(
    ("action", "code"),
    [("lambda: None", 77), ("lambda: 1 / 0", 77), ("sys.exit", 70), ("lambda: os.write(w, b'x')", 70)],
)
def test_the_copy_ends_by_a_status(action: str, code: int) -> None:
    """In a process of its own here, where it can be watched."""
    script = "import os, sys\nfrom nnfs_spec.adapters.recognition import fork\nr, w = os.pipe()\nos._exit = sys.exit\n"
    script += f"fork._act({action})\n"
    done = subprocess.run([sys.executable, "-c", script], stdin=subprocess.DEVNULL, capture_output=True, timeout=60)
    assert done.returncode == code


def test_a_subject_that_heeds_no_children_can_be_tried() -> None:
    """It finds its setting as it left it, and so does the copy; in another thread there is none to change."""
    before = signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    try:
        assert survives(lambda: None)
        assert not survives(lambda: os._exit(0) if signal.getsignal(signal.SIGCHLD) == signal.SIG_IGN else None)
        assert signal.getsignal(signal.SIGCHLD) == signal.SIG_IGN
    finally:
        signal.signal(signal.SIGCHLD, before)
    found: list[bool] = []
    other = threading.Thread(target=lambda: found.append(survives(lambda: None)))
    other.start()
    other.join()
    assert found == [True]


def test_descriptors_are_allowed_again_as_far_as_the_system_lets_it(monkeypatch: pytest.MonkeyPatch) -> None:
    wanted: list[tuple[int, int]] = []

    def set_limit(kind: int, limits: tuple[int, int]) -> None:
        wanted.append(limits)
        if limits[1] > 64:
            raise ValueError("not allowed to raise maximum limit")

    monkeypatch.setattr(resource, "setrlimit", set_limit)
    known = {resource.RLIMIT_NOFILE: (8, 64)}
    monkeypatch.setattr(resource, "getrlimit", known.__getitem__)
    fork.allow_descriptors()
    assert wanted == [(fork.ENOUGH, fork.ENOUGH), (64, 64)]
    known[resource.RLIMIT_NOFILE] = (8, 4096)

    def take_limit(kind: int, limits: tuple[int, int]) -> None:
        wanted.append(limits)

    monkeypatch.setattr(resource, "setrlimit", take_limit)
    fork.allow_descriptors()
    assert wanted[2:] == [(4096, 4096)]


def test_a_descriptor_that_cannot_be_replaced_is_closed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing arrives there either."""
    read, write = os.pipe()
    other, decoy = os.pipe()
    assert fork.replaced(write, decoy)
    assert os.read(read, 1) == b""

    def refuse(*arguments: int) -> None:
        raise OSError(9, "Bad file descriptor")

    with monkeypatch.context() as patched:
        patched.setattr(os, "dup2", refuse)
        assert not fork.replaced(write, decoy)
    with pytest.raises(OSError, match="Bad file descriptor"):
        os.fstat(write)
    for number in (read, other, decoy):
        os.close(number)
