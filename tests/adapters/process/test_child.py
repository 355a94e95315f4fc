"""A subject in a process of its own: what it answers, how it ends, and what the checker makes of it."""

import fcntl
import os
import resource
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from nnfs_spec.adapters import isolated
from nnfs_spec.adapters.isolated import IsolatedSubject, TargetError
from nnfs_spec.adapters.live import LiveSubject
from nnfs_spec.adapters.load import load
from nnfs_spec.adapters.options import DEFINITIONS, to_text
from nnfs_spec.adapters.process import child, launch, limits
from nnfs_spec.adapters.process.frames import TooLargeError, decode
from nnfs_spec.adapters.process.messages import Job, cut
from nnfs_spec.adapters.process.parent import Host
from nnfs_spec.adapters.process.shared_memory import ARENA_BYTES
from nnfs_spec.adapters.recognition.trials import BATCH
from nnfs_spec.arrays import Array
from nnfs_spec.subject.layouts import NAMED
from nnfs_spec.subject.protocol import Account, Answer, Breakdown, Call, Outcome, Refusal, count_call
from tests import ROOT

pytestmark = pytest.mark.usefixtures("nothing_is_left")

MISBEHAVING = ROOT / "tests" / "targets" / "misbehaving"
ROW = np.array([[-1.0, 2.0]])
RELU = Call("relu", (ROW,))
GOOD = "def relu(x): return np.maximum(0, x)\n"


def write(folder: Path, text: str) -> str:
    """Write a target and return its path."""
    path = folder / "target.py"
    path.write_text("import os, signal, sys, threading, time\nimport numpy as np\n" + text, encoding="utf-8")
    return str(path)


def run_relu(target: str, timeout: float = 20.0) -> Outcome:
    """Return the outcome of one call of relu."""
    with IsolatedSubject(target, timeout) as subject:
        return subject.run([RELU])[0]


def answers(outcomes: Sequence[Outcome]) -> list[Answer]:
    """Require that all outcomes are answers."""
    assert all(isinstance(outcome, Answer) for outcome in outcomes), outcomes
    return [outcome for outcome in outcomes if isinstance(outcome, Answer)]


LARGE = np.random.default_rng(0).normal(size=(5000, 7))


@pytest.mark.parametrize("array", [ROW, LARGE, LARGE.astype(np.float32)], ids=["small", "large", "float32"])
def test_the_two_ends_of_a_session_agree_on_everything(array: Array) -> None:
    """Results, kept results, arguments after the call, layouts, in the child as in this process."""
    calls = [Call("relu", (array,), layout) for layout in NAMED.values()] + [Call("softmax", (array,), fresh=True)]
    calls.append(count_call("spiral_data", 3, 2, 0))
    with IsolatedSubject("reference") as subject:
        remote = answers(subject.run(calls))
    for here, there in zip(answers(load("reference").run(calls)), remote, strict=True):
        for side in ("results", "kept", "after"):
            pairs = zip(getattr(here, side), getattr(there, side), strict=True)
            assert all((a.dtype, a.shape, a.tobytes()) == (b.dtype, b.shape, b.tobytes()) for a, b in pairs)


def test_results_stay_as_they_were_when_the_next_session_comes() -> None:
    """They do not lie in the memory that both processes share."""
    with IsolatedSubject("reference") as subject:
        first = answers(subject.run([Call("relu", (LARGE,))]))[0].results[0]
        subject.run([Call("relu", (LARGE + 100,))])
    assert np.array_equal(first, np.maximum(0, LARGE))


@pytest.mark.parametrize("array", [ROW, LARGE], ids=["small", "large"])
def test_a_result_that_is_overwritten_later_shows(array: Array) -> None:
    """It is read at once and again at the end of the session."""
    with IsolatedSubject(str(MISBEHAVING / "view.py")) as subject:
        first, last = answers(subject.run([Call("relu", (array,)), Call("relu", (array + 5,))]))
    assert np.array_equal(first.results[0], np.maximum(0, array))
    assert np.array_equal(first.kept[0], np.maximum(0, array + 5))
    assert np.array_equal(last.kept[0], last.results[0])


def test_what_a_subject_does_to_its_arguments_later_shows(tmp_path: Path) -> None:
    """They are its own: the next call gets others."""
    text = "class Kept: arrays = []\ndef relu(x):\n    for kept in Kept.arrays: kept[...] = 7\n"
    text += "    Kept.arrays.append(x)\n    return x.copy()\n"
    with IsolatedSubject(write(tmp_path, text)) as subject:
        first, last = answers(subject.run([RELU, RELU]))
        again = answers(subject.run([RELU]))[0]
    assert first.after[0].tolist() == [[7.0, 7.0]]
    assert last.after[0].tolist() == again.after[0].tolist() == [[-1.0, 2.0]]


@pytest.mark.parametrize(
    ("body", "outcome"),
    [
        ("os._exit(0)", Breakdown("ended its process with status 0")),
        ("os.kill(os.getpid(), 11)", Breakdown("ended its process with signal 11 (SIGSEGV)")),
        ("os.closerange(3, 1000)", Breakdown("ended its process with status 1")),
        ("if len(x) == 1: os.closerange(3, 1000); time.sleep(100)", Breakdown("closed the stream of answers")),
        ("raise KeyError('x')", Refusal("KeyError", "'x'")),
        ("raise SystemExit(3)", Refusal("SystemExit", "3")),
        ("raise KeyboardInterrupt", Refusal("KeyboardInterrupt", "")),
        ("raise ValueError('\\ud800')", Refusal("ValueError", "\\ud800")),
        ("input()", Refusal("EOFError", "EOF when reading a line")),
        ("sys.setrecursionlimit(1)", Refusal("RecursionError", "cannot set the recursion limit to 1 at")),
    ],
)
def test_whatever_a_subject_does_becomes_an_outcome(tmp_path: Path, body: str, outcome: Outcome) -> None:
    """The checker goes on."""
    got = run_relu(write(tmp_path, f"def relu(x):\n    {body}\n"))
    assert type(got) is type(outcome)
    assert isinstance(got, Breakdown | Refusal)
    assert isinstance(outcome, Breakdown | Refusal)
    assert got.message.startswith(outcome.message)


@pytest.mark.parametrize("body", ["os.closerange(3, 100)", "os.chdir('/')", "signal.signal(15, signal.SIG_IGN)"])
def test_what_harms_nothing_is_no_fault(tmp_path: Path, body: str) -> None:
    """The channel lies where a subject does not reach by accident."""
    answers([run_relu(write(tmp_path, f"def relu(x):\n    {body}\n    return x\n"))])


def test_a_subject_sees_little_of_the_checker(tmp_path: Path) -> None:
    """Its arguments are the target alone, it cannot plot on a screen or leave a core behind, its input is empty."""
    text = """
def relu(x):
    import resource
    assert sys.argv == [__file__], sys.argv
    assert os.environ["MPLBACKEND"] == "Agg"
    assert resource.getrlimit(resource.RLIMIT_CORE) == (0, 0)
    assert os.read(0, 1) == b""
    return x
"""
    answers([run_relu(write(tmp_path, text))])


def test_after_a_crash_the_process_is_started_anew(tmp_path: Path) -> None:
    """The next session gets its answer."""
    text = "def relu(x):\n    if x.shape == (1, 1): os._exit(1)\n    return np.maximum(0, x)\n"
    with IsolatedSubject(write(tmp_path, text)) as subject:
        crash = subject.run([Call("relu", (np.ones((1, 1)),))] * 2)
        fine = answers(subject.run([RELU]))[0]
    assert crash == [Breakdown("ended its process with status 1")] * 2
    assert fine.results[0].tolist() == [[0.0, 2.0]]


def test_a_target_that_cannot_be_loaded_again_breaks_down(tmp_path: Path) -> None:
    """For the rest of the check, without another try."""
    with IsolatedSubject(write(tmp_path, "def relu(x): os._exit(2)\n")) as subject:
        assert subject.run([RELU]) == [Breakdown("ended its process with status 2")]
        path = Path(write(tmp_path, "import json\n"))
        lost = Breakdown(
            f"could not be loaded again: {path}: LookupError: none of the operations was found under the course's names"
            "; see nnfs-spec check --help"
        )
        assert subject.run([RELU, RELU]) == [lost, lost]
        write(tmp_path, GOOD)
        assert subject.run([RELU]) == [lost]
        assert subject.operations == {"relu"}


def test_an_operation_that_hangs_is_not_waited_for_again_and_again(tmp_path: Path) -> None:
    """Two timeouts are enough; other operations are still called."""
    target = write(tmp_path, "def relu(x): len(x) == 1 and time.sleep(100)\ndef softmax(x): return x\n")
    with IsolatedSubject(target, timeout=0.5) as subject:
        outcomes = [outcome for _ in range(3) for outcome in subject.run([RELU])]
        subject.timeout = 20.0  # a busy machine must not fail the next
        answers(subject.run([Call("softmax", (ROW,))]))
    again = "took longer than 0.5 s before; it is not called again"
    assert outcomes == [Breakdown("took longer than 0.5 s"), Breakdown("took longer than 0.5 s"), Breakdown(again)]


def test_what_took_too_long_is_not_waited_for_by_the_next_call(tmp_path: Path) -> None:
    """A new process makes it."""
    text = "def relu(x):\n    if x.shape == (1, 1): time.sleep(100)\n    return x\n"
    with IsolatedSubject(write(tmp_path, text), timeout=0.5) as subject:
        assert subject.run([Call("relu", (np.ones((1, 1)),))]) == [Breakdown("took longer than 0.5 s")]
        subject.timeout = 20.0  # a busy machine must not fail the next
        answers(subject.run([RELU]))


def test_a_process_that_does_not_even_listen_is_not_waited_for(tmp_path: Path) -> None:
    """Not when the question does not fit into the pipe either."""
    text = "def relu(x):\n    threading.Timer(0.05, os.kill, [os.getpid(), signal.SIGSTOP]).start()\n    return x\n"
    with IsolatedSubject(write(tmp_path, text)) as subject:
        answers(subject.run([RELU]))
        time.sleep(0.5)
        subject.timeout = 0.2  # only this question shall not be waited for
        assert subject.run([RELU] * 4000)[0] == Breakdown("took longer than 0.2 s")


def test_a_subject_that_forks_cannot_answer_twice(tmp_path: Path) -> None:
    """Its copies end when they come to the next call."""
    text = "def relu(x):\n    os.fork()\n    return x\ndef softmax(x): return x + 1\n"
    with IsolatedSubject(write(tmp_path, text)) as subject:
        first = answers(subject.run([RELU] * 3))
        time.sleep(0.3)
        (last,) = answers(subject.run([Call("softmax", (ROW,))]))
    assert [answer.results[0].tolist() for answer in first] == [ROW.tolist()] * 3
    assert last.results[0].tolist() == [[0.0, 3.0]]


def test_a_target_that_forks_while_loading_is_there_once(tmp_path: Path) -> None:
    """Its copy does not greet the checker."""
    with IsolatedSubject(write(tmp_path, f"class Twice: number = os.fork()\n{GOOD}")) as subject:
        time.sleep(0.3)
        answers(subject.run([RELU]))


class _EndedError(Exception):
    pass


def test_a_copy_of_the_process_ends_before_it_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    """By the way that runs nothing more."""

    def end(status: int) -> None:
        raise _EndedError(status)

    session = child.Session([RELU])
    assert list(session) == [RELU]
    monkeypatch.setattr(child.Session, "process", -1)
    monkeypatch.setattr("os._exit", end)
    with pytest.raises(_EndedError, match=r"^0$"):
        list(session)


def test_an_answer_to_an_older_question_is_none(tmp_path: Path) -> None:
    """Should a subject find a way to give one."""
    with IsolatedSubject(write(tmp_path, GOOD)) as subject:
        answers(subject.run([RELU]))
        host = subject._host  # pyright: ignore[reportPrivateUsage]  # to send what no session sends
        assert isinstance(host, Host)
        host._send(b"nnfs" * 10, time.monotonic() + 1)  # pyright: ignore[reportPrivateUsage]  # garbage ends the child
        (outcome,) = subject.run([RELU])
    assert outcome == Breakdown("ended its process with status 1")


def test_a_subject_that_writes_into_the_answers_is_cut_off() -> None:
    """At once."""
    assert run_relu(str(MISBEHAVING / "writes_everywhere.py")) == Breakdown("broke the stream of answers")


def test_a_session_may_be_longer_than_the_pipe(tmp_path: Path) -> None:
    """It is written as the child reads."""
    with IsolatedSubject(write(tmp_path, GOOD)) as subject:
        assert len(answers(subject.run([RELU] * 10_000))) == 10_000


def test_a_question_waits_while_the_pipe_is_full(monkeypatch: pytest.MonkeyPatch) -> None:
    """And goes on when there is room again."""
    read, write = os.pipe()
    os.set_blocking(write, False)
    host = object.__new__(Host)
    monkeypatch.setattr(host, "_questions", write, raising=False)
    frame = bytes(range(256)) * 1000
    arrived = bytearray()

    def drain() -> None:
        while len(arrived) < len(frame):
            arrived.extend(os.read(read, 4096))

    reader = threading.Timer(0.1, drain)
    reader.start()
    host._send(frame, time.monotonic() + 60)  # pyright: ignore[reportPrivateUsage]
    reader.join()
    assert bytes(arrived) == frame
    os.close(read)
    os.close(write)


def test_a_process_that_ended_between_sessions_is_noticed(tmp_path: Path) -> None:
    """Its input is closed when the next session comes."""
    text = "def relu(x):\n    threading.Timer(0.05, os._exit, [4]).start()\n    return x\n"
    with IsolatedSubject(write(tmp_path, text)) as subject:
        answers(subject.run([RELU]))
        time.sleep(0.5)
        assert subject.run([RELU]) == [Breakdown("ended its process with status 4")]


def test_a_subject_cannot_allocate_more_than_it_may(tmp_path: Path) -> None:
    """What fits is still allocated, and other calls go on."""
    text = "def relu(x): return np.ones(int(x[0, 0])).sum() + x\n"
    with IsolatedSubject(write(tmp_path, text), memory=2**28) as subject:
        fits, too_much, after = (subject.run([Call("relu", (np.array([[n]]),))])[0] for n in (2.0**20, 2.0**26, 1.0))
    assert answers([fits, after])
    message = "Unable to allocate 512. MiB for an array with shape (67108864,) and data type float64"
    assert too_much == Refusal("MemoryError", message)


def test_loading_cannot_allocate_more_than_it_may(tmp_path: Path) -> None:
    """Nothing of it is left out."""
    with IsolatedSubject(write(tmp_path, f"class Big: memory = np.ones(2**30)\n{GOOD}"), memory=2**30) as subject:
        assert (
            subject.account()
            .problems[0]
            .endswith(
                "MemoryError: Unable to allocate 8.00 GiB for an array with shape (1073741824,) and data type float64"
            )
        )


def test_a_question_that_is_too_large_is_not_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    """And says why."""
    with IsolatedSubject("reference") as subject:
        monkeypatch.setattr("nnfs_spec.adapters.process.frames.ARENA_BYTES", 2**10)
        message = "was not called: 280000 bytes of arrays, but 1024 are the most"
        assert subject.run([Call("relu", (LARGE,))]) == [Breakdown(message)]
        answers(subject.run([RELU]))


@pytest.mark.parametrize("problem", [MemoryError("no memory"), TooLargeError(2**40)])
def test_an_answer_that_is_too_large_says_so(problem: Exception) -> None:
    """For every call of the session."""

    class TooLarge(LiveSubject):
        def run(self, session: Sequence[Call]) -> Sequence[Outcome]:
            raise problem

    frame = child.answer(3, TooLarge("large", {}), [child.Session([RELU, RELU])], None)
    told = ["breakdown", f"returned more than can be read: {problem}"]
    assert decode(frame)[0] == [3, [told, told]]


def test_a_layer_in_the_child_draws_as_here(tmp_path: Path) -> None:
    """``nnfs.init`` and the like reach what it means to reach: the subject's own NumPy."""
    text = """
np.zeros, plain = (lambda *a, **k: plain(*a, **k) + 1), np.zeros
class Patched:
    np.zeros, plain = (lambda *a, **k: np.ones(*a)), np.zeros
def relu(x): return np.maximum(np.zeros(x.shape), x)
"""
    assert answers([run_relu(write(tmp_path, text))])[0].results[0].tolist() == [[1.0, 2.0]]


NOTHING_FOUND = (
    "LookupError: none of the operations was found under the course's names; see nnfs-spec check --help;"
    " line 3: not defined: "
)
"""Before what kept the one definition of a file from being made."""

TRIED = f"called {BATCH.shape}\n"
"""What a relu prints that is tried once, when it is recognised."""

LEARNING = """
from nnfs_spec.adapters.live import LiveSubject
from nnfs_spec.subject.layouts import NAMED
from nnfs_spec.subject.protocol import Account
class Told:
    calls = 0
    LiveSubject.account = lambda self: Account((f"{Told.calls} calls",), ("a note",))
def relu(x):
    print("called", x.shape)
    Told.calls += 1
    if x.shape[0] == 2: os._exit(1)
    if x.shape[0] == 3: threading.Timer(0.05, os.kill, [os.getpid(), signal.SIGSTOP]).start()
    return x
"""


def told(subject: IsolatedSubject) -> Account:
    """Return the account of a subject, but for what holds it back."""
    return replace(subject.account(), isolation=None)


def test_the_account_is_asked_for_at_the_end(tmp_path: Path) -> None:
    """With what was printed; where the child has ended, or does not answer, what it told last."""
    with IsolatedSubject(write(tmp_path, LEARNING)) as subject:
        assert told(subject) == Account(("1 calls",), ("a note",), TRIED)
        answers(subject.run([RELU]))
        assert told(subject) == Account(("2 calls",), ("a note",), f"{TRIED}called (1, 2)\n")
        subject.run([Call("relu", (np.ones((2, 2)),))])
        printed = f"{TRIED}called (1, 2)\ncalled (2, 2)\n"
        assert told(subject) == Account(("2 calls",), ("a note",), printed)
        answers(subject.run([Call("relu", (np.ones((3, 2)),))]))
        time.sleep(0.5)
        subject.timeout = 0.2  # it would be waited for in vain
        assert told(subject) == Account(("1 calls",), ("a note",), f"{printed}{TRIED}called (3, 2)\n")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("class Broken:\n    os._exit(7)\n", "ended its process with status 7 while being loaded"),
        (
            "class Broken:\n    print('so long')\n    os.abort()\n",
            "ended its process with signal 6 (SIGABRT) while being loaded; it printed: so long",
        ),
        ("class Broken:\n    sys.exit(3)\n", f"{NOTHING_FOUND}SystemExit: 3"),
        ("class Broken:\n    raise KeyboardInterrupt('x')\n", f"{NOTHING_FOUND}KeyboardInterrupt: x"),
        ("class Broken:\n    os.write(OUT, b'garbage')\n", "broke the stream of answers while being loaded"),
    ],
)
def test_a_target_that_misbehaves_while_loading_says_how(tmp_path: Path, text: str, message: str) -> None:
    """In one line."""
    target = write(tmp_path, text.replace("OUT", str(child.OUT_OF_REACH + 1)))
    with pytest.raises(TargetError) as caught:
        IsolatedSubject(target)
    assert str(caught.value) == f"{target}: {message}"


def test_a_target_that_takes_for_ever_to_load_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """And its process with it."""
    monkeypatch.setattr("nnfs_spec.adapters.isolated.START_SECONDS", 0.5)
    target = write(tmp_path, "class Slow:\n    time.sleep(100)\n")
    with pytest.raises(TargetError) as caught:
        IsolatedSubject(target)
    assert str(caught.value) == f"{target}: loading took longer than 0.5 s"


def test_one_need_not_wait_until_a_target_is_loaded(tmp_path: Path) -> None:
    """Entering the context does, and says what went wrong."""
    subject = IsolatedSubject(write(tmp_path, GOOD), wait=False)
    assert subject.operations == frozenset()
    with subject:
        assert subject.operations == {"relu"}
    with pytest.raises(TargetError, match="no_such_file"), IsolatedSubject("no_such_file.py", wait=False):
        pass


def test_an_interruption_while_loading_ends_the_child(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody would close it otherwise."""

    def interrupt(*arguments: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("nnfs_spec.adapters.process.parent.Host.greet", interrupt)
    with pytest.raises(KeyboardInterrupt):
        IsolatedSubject(write(tmp_path, GOOD))


def test_closing_twice_is_harmless() -> None:
    """As leaving a context manager after an error would; entering again is too."""
    subject = IsolatedSubject("reference")
    with subject:
        pass
    subject.close()
    with subject:
        assert subject.account().output == ""


def test_a_child_may_be_used_from_another_thread() -> None:
    """It does not end with the thread that started it."""
    made: list[IsolatedSubject] = []
    thread = threading.Thread(target=lambda: made.append(IsolatedSubject("reference")))
    thread.start()
    thread.join()
    with made[0] as subject:
        answers(subject.run([RELU]))


def test_other_systems_do_without_what_only_linux_has(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Files without a name are made otherwise, the end of a process shows by its pipe."""
    monkeypatch.delattr("os.memfd_create")
    monkeypatch.delattr("os.pidfd_open")
    with IsolatedSubject(write(tmp_path, f"{GOOD}def softmax(x): os._exit(3)\n")) as subject:
        assert np.array_equal(answers(subject.run([Call("relu", (LARGE,))]))[0].results[0], np.maximum(0, LARGE))
        assert subject.run([Call("softmax", (ROW,))]) == [Breakdown("ended its process with status 3")]


def test_without_a_list_of_processes_none_is_searched(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The process group is ended all the same."""
    monkeypatch.setattr(launch, "PROCESSES", tmp_path / "none")
    assert launch.strays("mark") == []
    text = "def relu(x):\n    os.closerange(3, 1000)\n    if os.fork() == 0: time.sleep(1000)\n    os._exit(5)\n"
    assert run_relu(write(tmp_path, text)) == Breakdown("ended its process with status 5")


def test_strays_are_known_by_their_mark() -> None:
    """Those of other runs are let alone."""
    mark = launch.new_mark()
    command = [sys.executable, "-c", "import time; time.sleep(100)"]
    other = subprocess.Popen(command, env={**os.environ, launch.MARK: launch.new_mark()})
    stray = subprocess.Popen(command, env={**os.environ, launch.MARK: mark})
    try:
        deadline = time.monotonic() + 10
        while launch.strays(mark) != [stray.pid] and time.monotonic() < deadline:
            time.sleep(0.01)
        launch.end_strays(mark)
        assert stray.wait(timeout=10) == -signal.SIGKILL
        assert other.poll() is None
    finally:
        other.kill()
        other.wait()


def test_a_limit_of_the_system_is_not_raised(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """And where nobody tells how much memory a process has, there is none."""
    wanted: dict[int, tuple[int, int]] = {}
    monkeypatch.setattr(resource, "setrlimit", wanted.__setitem__)
    monkeypatch.setattr(resource, "getrlimit", {resource.RLIMIT_DATA: (-1, 2**20)}.__getitem__)
    limits.limit_memory(2**40)
    assert wanted == {resource.RLIMIT_CORE: (0, 0), resource.RLIMIT_DATA: (2**20, 2**20)}
    wanted.clear()
    monkeypatch.setattr(limits, "STATUS", tmp_path / "none")
    limits.limit_memory(2**40)
    assert wanted == {resource.RLIMIT_CORE: (0, 0)}


def test_where_the_kernel_does_not_kill_the_child_ends_when_idle(monkeypatch: pytest.MonkeyPatch) -> None:
    """The lifeline is left alone."""
    monkeypatch.delattr(fcntl, "F_SETSIG")
    limits.follow(-1)


def test_a_child_starts_without_what_it_does_not_need() -> None:
    """Every check waits for it, and every restart."""
    code = "import sys, nnfs_spec.adapters.process.child; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True)
    loaded = set(done.stdout.split())
    rooms = {"mutants", "engine.run", "engine.plan", "oracle", "properties", "reports", "generate"}
    assert not loaded & {"hypothesis", "rich", "click", "subprocess", *(f"nnfs_spec.{room}" for room in rooms)}


def test_isolation_has_a_generous_limit_of_memory() -> None:
    """Four gibibytes beyond what the target takes."""
    assert isolated.MEMORY == 4 * 1024**3


@pytest.mark.parametrize("size", [5_000_000, 20_000_000])
def test_a_text_without_end_is_cut_where_it_arises(size: int, tmp_path: Path) -> None:
    """When the target is loaded, and in a call: the beginning is told, and how much followed."""
    with pytest.raises(TargetError) as told:
        IsolatedSubject(write(tmp_path, f"class Nothing:\n    raise ValueError('x' * {size})\nrelu = Nothing\n"))
    assert len(str(told.value)) < 10_000
    outcome = run_relu(write(tmp_path, f"def relu(x): raise ValueError('x' * {size})\n"))
    assert isinstance(outcome, Refusal)
    assert len(outcome.message) < 10_000
    assert cut("x" * size) == "x" * 4096 + f"... {size - 4096} more characters"


@pytest.mark.parametrize(
    "habit",
    [
        "signal.signal(signal.SIGCHLD, signal.SIG_IGN)",
        "import resource; resource.setrlimit(resource.RLIMIT_NOFILE, (64, 64))",
    ],
)
def test_a_target_with_odd_habits_can_be_loaded(habit: str, tmp_path: Path) -> None:
    """Whatever it sets for its process."""
    answers([run_relu(write(tmp_path, f"class Habit:\n    {habit}\n{GOOD}"))])


def test_what_has_no_end_is_no_target(tmp_path: Path) -> None:
    """A named pipe would be waited for."""
    os.mkfifo(tmp_path / "target.py")
    with pytest.raises(TargetError, match="this is neither a plain file nor a folder"):
        IsolatedSubject(str(tmp_path / "target.py"))


@pytest.mark.usefixtures("nothing_is_left")
def test_a_child_whose_checker_has_gone_does_not_begin() -> None:
    """Though that was before it could follow it."""
    files = [os.memfd_create("nnfs-spec-test") for _ in range(2)]
    for file in files:
        os.ftruncate(file, ARENA_BYTES)
    questions, answers = os.pipe()
    lifeline, held = os.pipe()
    os.close(held)
    job = Job("reference", to_text(DEFINITIONS), questions, answers, files[0], files[1], lifeline, 2**30)
    command = launch.python("nnfs_spec.adapters.process.child", job.to_text())
    assert subprocess.run(command, pass_fds=job.descriptors, check=False, timeout=60).returncode == child.ABANDONED
    for descriptor in job.descriptors:
        os.close(descriptor)
