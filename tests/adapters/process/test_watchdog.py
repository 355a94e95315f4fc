"""The watchdog: what a target holds with all that it has started, and that it is ended where that is too much."""

import os
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from nnfs_spec.adapters.executable import streams
from nnfs_spec.adapters.isolated import IsolatedSubject, TargetError
from nnfs_spec.adapters.process import parent, watchdog
from nnfs_spec.adapters.process.watchdog import ExcessError, Watchdog, family_of, proportional
from nnfs_spec.subject.protocol import Breakdown, Call, Outcome, Refusal

pytestmark = pytest.mark.usefixtures("nothing_is_left")

RELU = Call("relu", (np.array([[-1.0, 2.0]]),))


def written(folder: Path, body: str) -> str:
    """Write a target whose relu does ``body``, and return its path."""
    path = folder / "target.py"
    path.write_text(f"import mmap, os, time\nimport numpy as np\ndef relu(x):\n    {body}\n", encoding="utf-8")
    return str(path)


def outcome(target: str, memory: int) -> Outcome:
    """Return what comes of a call."""
    with IsolatedSubject(target, 20.0, memory=memory) as subject:
        return subject.run([RELU])[0]


def test_shared_memory_that_no_limit_of_data_counts_is_no_way_out(tmp_path: Path) -> None:
    """More of it than there may be cannot even be had."""
    got = outcome(written(tmp_path, "if len(x): mmap.mmap(-1, 6 * 2**30)"), 2**30)
    assert isinstance(got, Refusal)
    assert got.message == "[Errno 12] Cannot allocate memory"


def test_what_is_held_together_is_limited(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Though each part of it may be had."""
    monkeypatch.setattr(parent, "ALLOWANCE", 2**28)
    body = "held = mmap.mmap(-1, 2**29); [held.write(bytes(2**20)) for _ in range(512)]; time.sleep(20)"
    body = f"if x.tolist() == [[-1.0, 2.0]]: {body}"  # and in no trial
    told = "held more than 0.5 GiB of memory, with all that it started"
    assert outcome(written(tmp_path, body), 2**28) == Breakdown(told)


def test_a_program_is_watched_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """While its hello is waited for."""
    monkeypatch.setattr(streams, "ALLOWANCE", 2**16 - 2**28)
    with pytest.raises(TargetError, match=r"held more than 6.1e-05 GiB of memory, with all that it started while"):
        IsolatedSubject("exec:/bin/sleep 20", memory=2**28)


def crowd(monkeypatch: pytest.MonkeyPatch, folder: Path, *processes: tuple[int, int, int, int]) -> None:
    """Have these processes: number, parent, session, pages held."""
    monkeypatch.setattr(watchdog, "PROCESSES", folder)
    for number, above, session, pages in processes:
        place = folder / str(number)
        place.mkdir()
        rest = " ".join(["0"] * 17)
        (place / "stat").write_text(f"{number} (a ) b) S {above} 0 {session} {rest} {pages} 0\n", encoding="ascii")


def test_a_family_is_a_session_and_all_that_it_started(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also what has left the session; nobody else's."""
    page = os.sysconf("SC_PAGE_SIZE")
    crowd(monkeypatch, tmp_path, (5, 1, 5, 10), (6, 1, 5, 1), (7, 6, 7, 2), (8, 7, 8, 3), (9, 1, 9, 100))
    (tmp_path / "10").mkdir()
    assert family_of(5) == {5: 10 * page, 6: page, 7: 2 * page, 8: 3 * page}
    (tmp_path / "7" / "smaps_rollup").write_text("0-1 ---p\nRss: 8 kB\nPss:                   3 kB\n", encoding="ascii")
    (tmp_path / "8" / "smaps_rollup").write_text("", encoding="ascii")
    assert [proportional(number) for number in (5, 7, 8)] == [0, 3 * 1024, 0]


@pytest.mark.parametrize(
    ("most", "pss", "raised"),
    [(2**20, "9999 kB", "held more than 0.000977 GiB"), (2**20, "1 kB", None), (2**30, "9 kB", None)],
)
def test_what_is_shared_counts_once(
    most: int, pss: str, raised: str | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where the plain sum is too large, the exact one is taken; and it is not looked all the time."""
    crowd(monkeypatch, tmp_path, (5, 1, 5, 10_000))
    (tmp_path / "5" / "smaps_rollup").write_text(f"Pss: {pss}\n", encoding="ascii")
    now = [0.0]
    monkeypatch.setattr(time, "monotonic", lambda: now[0])
    dog = Watchdog(5, most)
    dog.look()
    now[0] += watchdog.LOOK_SECONDS
    look_again(dog.look, raised)


def look_again(look: Callable[[], None], raised: str | None) -> None:
    """Require that looking raises, or does not."""
    if raised is None:
        look()
    else:
        with pytest.raises(ExcessError, match=raised):
            look()


def test_too_many_processes_are_too_many(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever started them."""
    monkeypatch.setattr(watchdog, "MOST_PROCESSES", 1)
    with subprocess.Popen(["/bin/sh", "-c", "sleep 20 & wait"], start_new_session=True) as shell:
        while len(family_of(shell.pid)) < 2:
            time.sleep(0.01)
        dog = Watchdog(shell.pid, 2**40)
        time.sleep(watchdog.LOOK_SECONDS)
        with pytest.raises(ExcessError, match=r"^started more than 1 processes$"):
            dog.look()
        os.killpg(shell.pid, 9)
