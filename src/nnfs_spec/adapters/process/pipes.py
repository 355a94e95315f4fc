"""Pipes, and waiting for their other side."""

import os
from collections.abc import Callable
from contextlib import ExitStack
from os import sched_yield
from time import monotonic, perf_counter
from typing import TypeAlias

Events: TypeAlias = list[tuple[int, int]]


class TooLongError(Exception):
    """Nothing came in time; the message may say more."""


PIPE_BYTES = 65_536
"""As many bytes as a pipe holds, so that one reading takes all that has been written."""

PATIENCE = 100e-6
"""Seconds to look again and again before going to sleep. To wake a sleeping processor takes longer than most calls."""


def remaining(deadline: float) -> float:
    """Return the seconds until ``deadline``. Raises TooLongError where it has come."""
    seconds = deadline - monotonic()
    if seconds <= 0:
        raise TooLongError
    return seconds


def wait(poll: Callable[[float | None], Events], seconds: float | None = None) -> Events:
    """Return the events of ``poll``, which takes milliseconds; none where nothing came for ``seconds``.

    It yields while it looks, so that a processor with something else to do does that.
    """
    end = perf_counter() + PATIENCE
    while perf_counter() < end:
        if events := poll(0):
            return events
        sched_yield()
    return poll(None if seconds is None else max(0.0, seconds * 1000))


def kept(until: ExitStack, descriptor: int) -> int:
    """Return a descriptor that is closed at the end of ``until``."""
    until.callback(os.close, descriptor)
    return descriptor


def pipe(reader: ExitStack, writer: ExitStack) -> tuple[int, int]:
    """Return the ends of a pipe, each closed at the end of its owner's."""
    read, write = os.pipe()
    return kept(reader, read), kept(writer, write)


MOST_OUTPUT_BYTES = 2**12


class Captured:
    """Takes whatever is printed and keeps the first ``most`` bytes."""

    def __init__(self, most: int = MOST_OUTPUT_BYTES) -> None:
        self._most = most
        self._kept = b""
        self._total = 0

    def take(self, printed: bytes) -> None:
        """Add what was printed next."""
        self._total += len(printed)
        self._kept += printed[: self._most - len(self._kept)]

    def text(self) -> str:
        """Return the beginning, and how much followed."""
        beginning = self._kept.decode("utf-8", "replace")
        more = self._total - len(self._kept)
        return f"{beginning}\n... {more} more bytes" if more else beginning
