"""A conversation with an executable of which both ends are in this process."""

import os
import signal
import time
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from nnfs_spec.adapters.executable.streams import Lines, Streams
from nnfs_spec.adapters.process.pipes import Captured

MOST = 1000
"""The most characters of an answer."""


@dataclass
class Process:
    """A process that ends when it is told to; ``death`` becomes readable then."""

    death: int | None = None
    ends: bool = True
    graces: list[float] = field(default_factory=list[float])
    kills: int = 0

    def ended_within(self, seconds: float, meanwhile: Callable[[], None]) -> bool:
        """Note how long it was waited for."""
        self.graces.append(seconds)
        return self.ends

    def kill(self) -> None:
        """Note it."""
        self.kills += 1

    def ending(self) -> str:
        """Say that it ended."""
        return "ended its process"


class Conversation:
    """Lines, and the ends that the executable has: it reads ``asked``, and writes ``answers`` and ``errors``."""

    def __init__(self, with_death: bool = False) -> None:
        self.asked, stdin = os.pipe()
        stdout, self.answers = os.pipe()
        stderr, self.errors = os.pipe()
        death, self.life = os.pipe()
        self.process = Process(death if with_death else None)
        self.captured = Captured()
        self.streams = Streams(self.process, stdin, stdout, stderr)
        self.lines = Lines(self.streams, self.captured)
        self.theirs, self.ours = {self.asked, self.answers, self.errors, self.life}, {stdin, stdout, stderr}
        self.death = death

    def says(self, text: bytes) -> None:
        """Write something into the stream of answers."""
        os.write(self.answers, text)

    def closes(self, descriptor: int) -> None:
        """Close an end of the executable's."""
        self.theirs.discard(descriptor)
        os.close(descriptor)

    def line(self, seconds: float = 3.0) -> str:
        """Return the next line."""
        return self.lines.line(time.monotonic() + seconds, MOST)


def conversation(with_death: bool) -> Iterator[Conversation]:
    """Give a conversation, and close what is left of it."""
    made = Conversation(with_death)
    with in_time():
        yield made
    for descriptor in (*made.theirs, made.death):
        os.close(descriptor)
    for descriptor in made.ours:
        try:
            os.close(descriptor)
        except OSError:
            continue


@contextmanager
def in_time(seconds: float = 6.0) -> Generator[None]:
    """Raise TimeoutError in what waits for ever, as one of two ends does where the other is broken."""

    def late(*arguments: object) -> None:
        raise TimeoutError

    before = signal.signal(signal.SIGALRM, late)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
