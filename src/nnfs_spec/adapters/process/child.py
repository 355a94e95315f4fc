"""The other end of an isolated subject: loads a target and answers sessions until its input ends."""

import fcntl
import os
import resource
import select
import sys
from collections.abc import Iterator, Sequence
from os import getpid, read, write
from typing import Any

from nnfs_spec.adapters.load import load
from nnfs_spec.adapters.options import from_text
from nnfs_spec.adapters.process.frames import EndedError, TooLargeError, decode, read_frame
from nnfs_spec.adapters.process.limits import abandoned, follow, keep_numpy, limit_memory, limit_processes
from nnfs_spec.adapters.process.messages import (
    ACCOUNT,
    FOLLOW,
    Job,
    job_from,
    read_sessions,
    write_account,
    write_code_lines,
    write_hello,
    write_outcomes,
    write_problem,
)
from nnfs_spec.adapters.process.pipes import PIPE_BYTES, wait
from nnfs_spec.adapters.process.shared_memory import Arena
from nnfs_spec.adapters.process.temporary import TemporaryFolder
from nnfs_spec.arrays import Array
from nnfs_spec.subject.protocol import Breakdown, Call, Outcome, Subject
from nnfs_spec.support.memory import keep_freed

OUT_OF_REACH = 200
"""From here on lie the descriptors that a subject shall not close by accident."""

FEW_DESCRIPTORS = 4
"""So many are left there at least, where the system allows fewer than OUT_OF_REACH."""


ABANDONED = 1


class Session(list[Call]):
    """A session for one process: a copy of it, which the subject has forked, ends when it comes to the next call."""

    process = getpid()

    def __iter__(self) -> Iterator[Call]:
        """Yield the calls."""
        for call in super().__iter__():
            self.end_copies()
            yield call

    @classmethod
    def end_copies(cls) -> None:
        """End this process if it is a copy."""
        if getpid() != cls.process:
            os._exit(0)


class Channel:
    """The child's end: reads questions and writes answers."""

    def __init__(self, job: Job) -> None:
        self._questions, self._answers, lifeline = (
            _moved(descriptor) for descriptor in (job.questions, job.answers, job.lifeline)
        )
        self._asked = Arena(job.asked, writable=False)
        self.answered = Arena(job.answered, writable=True)
        os.close(job.asked)
        os.close(job.answered)
        follow(lifeline)
        if abandoned(lifeline):
            raise SystemExit(ABANDONED)
        self._poll = select.poll()
        self._poll.register(self._questions, select.POLLIN)

    def receive(self) -> tuple[Any, list[Array]]:
        """Return the next question. Raises EndedError where there is none any more."""
        return decode(read_frame(self._more), self._asked.shown)

    def send(self, frame: bytes) -> None:
        """Write an answer, unless this is a copy of the process."""
        Session.end_copies()
        rest = memoryview(frame)
        while rest:
            rest = rest[write(self._answers, rest) :]

    def _more(self) -> bytes:
        wait(self._poll.poll)
        data = read(self._questions, PIPE_BYTES)
        if not data:
            raise EndedError("the questions ended")
        return data


def main(told: str) -> int:
    """Serve the target of the job that an argument tells."""
    job = job_from(told)
    channel = Channel(job)
    sys.argv = [job.target]
    keep_freed()
    TemporaryFolder.hold()
    limit_processes()
    limit_memory(job.memory)
    keep_numpy("nnfs_spec")
    try:
        subject = load(job.target, from_text(job.loading))
    except BaseException as problem:  # a target may end itself, too
        channel.send(write_problem(f"{job.target}: {type(problem).__name__}: {problem}"))
        return 0
    subject.caught = BaseException
    limit_memory(job.memory, loaded=True)
    channel.send(write_hello(subject.operations, subject.account(), subject.reach))
    while True:
        try:
            (number, asked), arrays = channel.receive()
        except EndedError:
            return 0
        if asked is ACCOUNT:
            channel.send(write_account(number, subject.account()))
        elif asked[:1] == [FOLLOW]:
            ((call,),) = read_sessions(asked[1:], arrays)
            channel.send(write_code_lines(number, subject.code_lines(call)))
        else:
            sessions = [Session(session) for session in read_sessions(asked, arrays)]
            channel.send(answer(number, subject, sessions, channel.answered))


def answer(number: int, subject: Subject, sessions: Sequence[Session], arena: Arena | None) -> bytes:
    """Return the frame that answers question ``number`` with what the subject does in each session."""
    calls = [call for session in sessions for call in session]
    try:
        outcomes = [outcome for session in sessions for outcome in _run(subject, session)]
        return write_outcomes(number, calls, outcomes, arena)
    except (MemoryError, TooLargeError) as too_large:
        broken: list[Outcome] = [Breakdown(f"returned more than can be read: {too_large}")]
        return write_outcomes(number, calls, broken * len(calls))


def _run(subject: Subject, session: Session) -> Sequence[Outcome]:
    TemporaryFolder.keep()
    return subject.run(session)


def _moved(descriptor: int) -> int:
    """Move a descriptor out of the subject's reach, and keep it from the programs that the subject starts."""
    most, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    moved: int = fcntl.fcntl(descriptor, fcntl.F_DUPFD_CLOEXEC, min(OUT_OF_REACH, most - FEW_DESCRIPTORS))
    os.close(descriptor)
    return moved


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
