"""Follows one call through the target's own code: where the operation is defined, and which line ran last."""

import linecache
import os
import sys
import sysconfig
from collections.abc import Generator
from contextlib import contextmanager
from types import CodeType, FrameType
from typing import Any

import numpy as np

from nnfs_spec.subject.protocol import NO_LINES, CodeLine, CodeLines
from nnfs_spec.support.files import anonymise_path

MOST_CHARACTERS = 200
"""Of a long line, so many characters are shown."""

_INSTALLED = f"{os.sep}site-packages{os.sep}"
_LIBRARY = sysconfig.get_path("stdlib") + os.sep
_OURS = os.path.dirname(os.path.dirname(__file__)) + os.sep
_OTHERS = (_OURS, os.path.dirname(np.__file__) + os.sep)
_NO_FILE = "<string>"
"""The file of all code that is made from a string; as its source Python knows that of ``python -c``, if any."""


class CodeFollower:
    """Notes, within ``following``, which functions of the target were called and which of its lines ran last."""

    def __init__(self) -> None:
        self._called: list[CodeType] = []
        self._last: dict[str, tuple[int, int]] = {}
        self._own: dict[str, bool] = {}
        self._count = 0

    @contextmanager
    def following(self) -> Generator[None]:
        """Follow what this thread runs."""
        before = sys.gettrace()
        sys.settrace(self._entered)
        try:
            yield
        finally:
            sys.settrace(before)

    def lines(self, *, first: bool = False) -> CodeLines:
        """Return the lines of the function that was called last, or ``first``, from outside the target's own code."""
        if not self._called:
            return NO_LINES
        code = self._called[0 if first else -1]
        folder = os.path.dirname(code.co_filename)
        beside = {file: ran for file, ran in self._last.items() if os.path.dirname(file) == folder}
        last = max(beside, key=lambda file: beside[file][0])
        return CodeLines(_line(code.co_filename, _line_of_def(code)), _line(last, beside[last][1]))

    def _entered(self, frame: FrameType, event: str, argument: object) -> Any:
        if not self._is_own(frame.f_code.co_filename):
            return None
        if not self._within_own(frame.f_back):
            self._called.append(frame.f_code)
        self._ran(frame, event, argument)
        return self._ran

    def _within_own(self, caller: FrameType | None) -> bool:
        """Tell whether a call comes from the target's own code, rather than from ours, be it through NumPy."""
        while caller is not None and not caller.f_code.co_filename.startswith(_OURS):
            if self._is_own(caller.f_code.co_filename):
                return True
            caller = caller.f_back
        return False

    def _ran(self, frame: FrameType, event: str, argument: object) -> Any:
        if event in ("call", "line"):
            self._count += 1
            self._last[frame.f_code.co_filename] = self._count, frame.f_lineno
        return self._ran

    def _is_own(self, file: str) -> bool:
        if file not in self._own:
            foreign = (
                file == _NO_FILE or file.startswith(_OTHERS) or (file.startswith(_LIBRARY) and _INSTALLED not in file)
            )
            self._own[file] = not foreign and bool(linecache.getlines(file))
        return self._own[file]


def _line_of_def(code: CodeType) -> int:
    """Return the line in which a function is defined, below its decorators; a lambda has none."""
    if code.co_name.startswith("<"):
        return code.co_firstlineno
    source = linecache.getlines(code.co_filename)
    below = range(code.co_firstlineno, len(source) + 1)
    return next((at for at in below if source[at - 1].lstrip().startswith(("def ", "async def "))), below.start)


def _line(file: str, number: int) -> CodeLine:
    text = linecache.getline(file, number).rstrip()
    shown = text if len(text) <= MOST_CHARACTERS else f"{text[:MOST_CHARACTERS]}..."
    return CodeLine(anonymise_path(file), number, shown)
