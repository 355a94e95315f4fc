"""The two ends of the channel to a subject's process, each with the other one played in this process."""

import fcntl
import os
import select
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from nnfs_spec.adapters.options import DEFINITIONS, to_text
from nnfs_spec.adapters.process import child, parent
from nnfs_spec.adapters.process.frames import EndedError, WireError, decode, read_frame
from nnfs_spec.adapters.process.messages import (
    Job,
    answer_to,
    job_from,
    read_code_lines,
    read_sessions,
    write_account,
    write_code_lines,
    write_hello,
    write_outcomes,
    write_problem,
    write_request,
    write_sessions,
)
from nnfs_spec.adapters.process.parent import Host
from nnfs_spec.adapters.process.pipes import Captured, TooLongError, wait
from nnfs_spec.adapters.process.shared_memory import ARENA_BYTES, Arena
from nnfs_spec.adapters.process.temporary import TemporaryFolder
from nnfs_spec.arrays import Array
from nnfs_spec.subject.protocol import Account, Answer, Breakdown, Call, CodeLine, CodeLines, Greeting, Outcome, Refusal
from tests.tools.conversation import in_time

ROW = np.array([[-1.0, 2.0]])
RELU = Call("relu", (ROW,))
LARGE = Call("relu", (np.arange(-9000.0, 9000.0).reshape(-1, 2),))
LINES = CodeLines(CodeLine("made.py", 3, "def relu(x):"))
ACCOUNT = Account(("relu: `relu`",), ("a note",))


@dataclass
class Played:
    """What stands for the process: its ends of the channel, and what was done to it."""

    command: Sequence[str]
    stdin: int
    stdout: int
    stderr: int
    pass_fds: Sequence[int]
    environment: Mapping[str, str]
    sandboxed: bool
    ends: bool = True
    pid: int = field(default_factory=os.getpid)
    done: list[str] = field(default_factory=list[str])

    def __post_init__(self) -> None:
        self.job = job_from(self.command[-1])
        assert self.pass_fds == self.job.descriptors
        self.questions, self.answers, asked, answered, self.lifeline, self.prints = map(
            os.dup, (*self.job.descriptors, self.stdout)
        )
        self.asked, self.answered = Arena(asked, writable=False), Arena(answered, writable=True)
        self.arenas = (asked, answered)
        self.death: int | None
        self.death, self.life = os.pipe()
        self.theirs = {self.questions, self.answers, self.lifeline, self.prints, self.death, self.life, *self.arenas}

    def closes(self, descriptor: int) -> None:
        """Close one of its ends."""
        self.theirs.remove(descriptor)
        os.close(descriptor)

    def ended_within(self, seconds: float, meanwhile: Callable[[], None]) -> bool:
        """Note how long it was waited for."""
        self.done.append(f"waited {seconds:g}")
        meanwhile()
        return self.ends

    def kill(self) -> None:
        """Note it, and print something more."""
        self.done.append("killed")
        os.write(self.prints, b"last words")

    def ending(self) -> str:
        """Say that it ended."""
        return "ended its process"


def uses_of(file: int) -> list[str]:
    """Return what this process may do with a file in memory, for each time that it has it there."""
    lines = [line.split() for line in Path("/proc/self/maps").read_text(encoding="utf-8").splitlines()]
    return sorted(words[1] for words in lines if words[4] == str(file))


@dataclass
class Hosted:
    """A parent, and the process that is played for it."""

    host: Host
    process: Played
    captured: Captured


@pytest.fixture
def hosted(monkeypatch: pytest.MonkeyPatch) -> Iterator[Hosted]:
    """Give a host whose process is played."""
    monkeypatch.setattr(parent, "TargetProcess", Played)
    captured = Captured()
    before = set(os.listdir("/dev/fd"))
    made = Host("made.py", DEFINITIONS, 7, captured)
    process = made._process  # pyright: ignore[reportPrivateUsage]  # the one that is played
    assert isinstance(process, Played)
    with in_time():
        yield Hosted(made, process, captured)
    for descriptor in process.theirs:
        os.close(descriptor)
    for arena in (process.asked, process.answered):
        arena.close()
    if "killed" in process.done:
        assert set(os.listdir("/dev/fd")) == before


def test_a_process_is_told_its_job(hosted: Hosted) -> None:
    """In an isolated Python that does not read from here and prints into a pipe."""
    process = hosted.process
    assert process.command[:5] == [sys.executable, "-P", "-u", "-m", "nnfs_spec.adapters.process.child"]
    assert (process.job.target, process.job.loading, process.job.memory) == ("made.py", to_text(DEFINITIONS), 7)
    assert (process.stdin, process.environment) == (subprocess.DEVNULL, {"MPLBACKEND": "Agg"})
    assert process.stdout == process.stderr
    assert not hosted.host.over
    for arena in process.arenas:
        assert os.fstat(arena).st_size == ARENA_BYTES
        assert os.fstat(arena).st_mode & 0o777 == 0o600
        with pytest.raises(PermissionError):
            os.ftruncate(arena, 10)
    hosted.host.end()


def test_only_one_side_writes_into_an_arena(hosted: Hosted) -> None:
    """The other one, here, can but read."""
    for arena in hosted.process.arenas:
        assert uses_of(os.fstat(arena).st_ino) == ["r--s", "rw-s"]
    hosted.host.end()


def test_a_greeting_is_waited_for(hosted: Hosted) -> None:
    """What is printed before it is kept, up to the last word; then the process is ended and everything closed."""
    os.write(hosted.process.prints, b"hello ")
    os.write(hosted.process.answers, write_hello({"relu"}, ACCOUNT))
    assert hosted.host.greet(3) == Greeting(frozenset({"relu"}), ACCOUNT)
    assert hosted.captured.text() == "hello "
    hosted.host.end()
    assert hosted.process.done == ["waited 1", "killed"]
    assert hosted.captured.text() == "hello last words"
    assert os.read(hosted.process.questions, 100) == b""


def test_a_problem_is_heard_instead(hosted: Hosted) -> None:
    """Of a target that could not be loaded."""
    os.write(hosted.process.answers, write_problem("made.py: no"))
    assert hosted.host.greet(3) == "made.py: no"
    hosted.host.end(grace=0)
    assert hosted.process.done == ["waited 0", "killed"]


def test_questions_are_numbered_and_their_answers_copied(hosted: Hosted) -> None:
    """Large arrays lie in memory that both share, and results stay when that is written to again."""
    process = hosted.process
    os.write(process.answers, write_hello({"relu"}, ACCOUNT))
    hosted.host.greet(3)
    got: list[Array] = []
    for number, offset in ((1, 1.0), (2, 2.0)):
        given = LARGE.arguments[0] + offset
        answer = Answer((given,), (given,), LARGE.arguments)
        os.write(process.answers, write_outcomes(number, [LARGE], [answer], process.answered))
        (outcome,) = hosted.host.ask([[LARGE]], 3)
        assert isinstance(outcome, Answer)
        got.append(outcome.results[0])
        (asked, calls), arrays = decode(os.read(process.questions, 2**16), process.asked.shown)
        assert asked == number
        assert np.array_equal(read_sessions(calls, arrays)[0][0].arguments[0], LARGE.arguments[0])
    assert [one[0, 0] for one in got] == [-8999.0, -8998.0]
    os.write(process.answers, write_account(3, ACCOUNT))
    assert hosted.host.account(3) == ACCOUNT
    assert os.read(process.questions, 100) == write_request(3)
    os.write(process.answers, write_code_lines(4, LINES))
    assert hosted.host.code_lines(RELU, 3) == LINES
    assert os.read(process.questions, 1000) == write_sessions(4, [[RELU]], follow=True)
    os.write(process.answers, write_account(3, ACCOUNT))
    with pytest.raises(WireError, match=r"^an answer to another question$"):
        hosted.host.account(3)
    hosted.host.end()


def test_a_process_that_says_nothing_is_not_waited_for(hosted: Hosted) -> None:
    """Whatever it prints; nor is one that does not even read."""
    start = time.monotonic()
    os.write(hosted.process.prints, b"not yet")
    with pytest.raises(TooLongError):
        hosted.host.account(0.05)
    assert hosted.captured.text() == "not yet"
    with pytest.raises(TooLongError):
        hosted.host.ask([[RELU] * 4000], 0.05)
    assert 0.1 <= time.monotonic() - start < 10
    hosted.host.end()


def test_a_question_is_written_as_it_is_read(hosted: Hosted) -> None:
    """When the pipe is full it waits for room."""
    process, arrived = hosted.process, bytearray()
    session = [RELU] * 4000
    size = len(write_sessions(1, [session]))

    def read() -> None:
        time.sleep(0.05)
        while len(arrived) < size:
            arrived.extend(os.read(process.questions, 4096))
        os.write(process.answers, write_outcomes(1, session, [Breakdown("no")] * 4000)[:50])

    reader = threading.Thread(target=read)
    reader.start()
    with pytest.raises(TooLongError):
        hosted.host.ask([session], 1.0)
    reader.join()
    assert bytes(arrived) == write_sessions(1, [session])
    hosted.host.end()


@pytest.mark.parametrize("how", ["answers", "questions", "life"])
def test_the_end_of_a_process_shows(hosted: Hosted, how: str) -> None:
    """By its streams, or by itself where another one holds these open."""
    process = hosted.process
    process.closes(getattr(process, how))
    told = {"answers": "the stream ended", "questions": "the stream is closed", "life": "the process ended"}[how]
    with pytest.raises(EndedError, match=f"^{told}$"):
        hosted.host.account(3)
    assert hosted.host.farewell() == "ended its process"
    assert process.done == ["waited 1", "waited 1", "killed"]


def test_an_answer_is_read_before_the_end_is_noticed(hosted: Hosted) -> None:
    """It may be the last thing that a process does."""
    os.write(hosted.process.answers, write_hello({"relu"}, ACCOUNT))
    hosted.process.closes(hosted.process.life)
    assert isinstance(hosted.host.greet(3), Greeting)
    hosted.host.end()


def test_who_closes_the_stream_and_goes_on_is_ended(hosted: Hosted) -> None:
    """Without waiting again."""
    hosted.process.ends = False
    assert hosted.host.farewell() == "closed the stream of answers"
    assert hosted.process.done == ["waited 1", "waited 0", "killed"]


def test_a_closed_output_is_no_end(hosted: Hosted, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nor is it looked at again and again."""
    process = hosted.process
    other, prints = os.pipe()
    os.dup2(prints, process.prints)
    os.close(prints)
    looked: list[float | None] = []

    def counted(*arguments: Any) -> Any:
        looked.append(None)
        return wait(*arguments)

    monkeypatch.setattr(parent, "wait", counted)
    with pytest.raises(TooLongError):
        hosted.host.account(0.05)
    assert len(looked) < 5
    os.close(other)
    monkeypatch.setattr(process, "kill", lambda: process.done.append("killed"))
    hosted.host.end()


@pytest.mark.usefixtures("nothing_is_left")
def test_of_a_process_that_cannot_be_started_nothing_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    """No descriptor, and no memory."""

    def command(module: str, *arguments: str) -> list[str]:
        return ["/none"]

    monkeypatch.setattr(parent, "python", command)
    before = os.listdir("/dev/fd")
    with pytest.raises(FileNotFoundError):
        Host("made.py", DEFINITIONS, 7, Captured())
    assert os.listdir("/dev/fd") == before


class Served:
    """A child in a thread of this process."""

    def __init__(self, target: str, monkeypatch: pytest.MonkeyPatch) -> None:
        self.limits: list[int] = []
        self.followed: list[int] = []
        self.kept: list[str] = []

        def limit_memory(more: int, loaded: bool = False) -> None:
            self.limits.append(more)

        replaced: tuple[tuple[str, Callable[..., None]], ...] = (
            ("limit_memory", limit_memory),
            ("limit_processes", lambda: None),
            ("follow", self.followed.append),
            ("keep_numpy", self.kept.append),
        )
        for name, called in replaced:
            monkeypatch.setattr(child, name, called)
        monkeypatch.setattr(TemporaryFolder, "path", None)
        monkeypatch.setattr(tempfile, "tempdir", tempfile.tempdir)
        monkeypatch.setattr(sys, "argv", ["before"])
        its_own = SimpleNamespace(**{**vars(os), "_exit": sys.exit})  # which ends the thread alone
        monkeypatch.setattr("nnfs_spec.adapters.process.child.os", its_own)
        questions, self.questions = os.pipe()
        self.answers, answers = os.pipe()
        self.lifeline, lifeline = os.pipe()
        files = [os.memfd_create("nnfs-spec-test") for _ in range(2)]
        for file in files:
            os.ftruncate(file, ARENA_BYTES)
        self.files = [os.fstat(file).st_ino for file in files]
        self.asked, self.answered = Arena(files[0], writable=True), Arena(files[1], writable=False)
        asked, answered = files
        job = Job(target, to_text(DEFINITIONS), questions, answers, asked, answered, lifeline, 7)
        self.code: list[int] = []
        self.thread = threading.Thread(target=lambda: self.code.append(child.main(job.to_text())), daemon=True)
        self.thread.start()

    def hears(self) -> tuple[Any, list[Array]]:
        """Return the next answer, with its arrays."""
        ready, _, _ = select.select([self.answers], [], [], 5)
        assert ready
        return decode(read_frame(lambda: os.read(self.answers, 2**20)), self.answered.copied)

    def ends(self) -> int:
        """Let the child end, close everything, and return its code."""
        os.close(self.questions)
        self.thread.join(5)
        assert not self.thread.is_alive()
        for descriptor in (self.answers, self.lifeline):
            os.close(descriptor)
        for name in os.listdir("/dev/fd"):
            if int(name) >= child.OUT_OF_REACH:
                os.close(int(name))
        return self.code[0]


def test_a_child_serves_its_target(monkeypatch: pytest.MonkeyPatch, tmp_path: Any) -> None:
    """It greets, answers calls and tells its account, until no more questions come."""
    path = tmp_path / "target.py"
    path.write_text("import numpy as np\ndef relu(x):\n    if len(x) == 2: raise SystemExit(3)\n    return x + 1\n")
    served = Served(str(path), monkeypatch)
    told, _ = served.hears()
    assert told == [0, [["relu"], [["relu: `relu`"], [], [], []], []]]
    assert (served.limits, served.kept, sys.argv) == ([7, 7], ["nnfs_spec"], [str(path)])
    assert [uses_of(file) for file in served.files] == [["r--s", "rw-s"]] * 2
    (lifeline,) = served.followed
    assert {lifeline, lifeline - 1, lifeline - 2} == {200, 201, 202}
    assert all(fcntl.fcntl(number, fcntl.F_GETFD) == fcntl.FD_CLOEXEC for number in (200, 201, 202))
    os.write(served.questions, write_sessions(1, [[LARGE, Call("relu", (np.ones((2, 2)),))]], served.asked))
    (number, ((kind, *_), refusal)), arrays = served.hears()
    assert (number, kind, refusal) == (1, "answer", ["refusal", "SystemExit", "3", False])
    assert np.array_equal(arrays[0], LARGE.arguments[0] + 1)
    os.write(served.questions, write_request(2))
    assert served.hears()[0] == [2, [["relu: `relu`"], [], [], []]]
    os.write(served.questions, write_sessions(3, [[RELU]], follow=True))
    defined, last = CodeLine(str(path), 2, "def relu(x):"), CodeLine(str(path), 4, "    return x + 1")
    assert read_code_lines(answer_to(3, served.hears()[0])) == CodeLines(defined, last)
    assert served.ends() == 0


def test_a_child_tells_what_it_cannot_load(monkeypatch: pytest.MonkeyPatch) -> None:
    """And ends, whatever it is."""

    def interrupted(*arguments: Any) -> None:
        raise KeyboardInterrupt("now")

    monkeypatch.setattr(child, "load", interrupted)
    served = Served("made.py", monkeypatch)
    assert served.hears() == ([0, "made.py: KeyboardInterrupt: now"], [])
    assert served.ends() == 0


def test_a_copy_of_a_child_says_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """It ends by the way that runs nothing more."""
    codes: list[int] = []
    monkeypatch.setattr("os._exit", codes.append)
    child.Session.end_copies()
    assert codes == []
    monkeypatch.setattr(child.Session, "process", -1)
    child.Session.end_copies()
    assert codes == [0]


def test_outcomes_are_as_many_as_calls(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each of its own kind."""

    class Subject:
        def run(self, session: Sequence[Call]) -> list[Outcome]:
            return [Refusal("E", call.operation) for call in session]

    subject: Any = Subject()
    frame = child.answer(4, subject, [child.Session([RELU, LARGE])], None)
    assert decode(frame)[0] == [4, [["refusal", "E", "relu", False]] * 2]
