"""Paths as they are told to others: from here, or from the home directory, and without anybody's name."""

import os
import re
from collections.abc import Iterator
from contextlib import suppress


def discreet(text: str) -> str:
    """Return ``text`` with ``./`` and ``~`` in the place of the folder we are in and of the home directory."""
    if os.sep not in text:
        return text
    for folder, sign in _folders():
        text = re.sub(rf"(?<![\w.~-]){re.escape(folder)}(?![\w.-])", sign, text)
    return text


def discreet_path(path: str) -> str:
    """Return a path, or whatever else names a target, without the sign of the folder that we are in."""
    told = discreet(path)
    return told.removeprefix("./") if told != path else path


def _folders() -> Iterator[tuple[str, str]]:
    """Return the two folders, with and without links in their paths, and what stands for each."""
    found: list[tuple[str, str]] = []
    with suppress(OSError):  # the folder that we are in may have been removed
        found.append((os.getcwd(), "."))
    found.append((os.path.expanduser("~"), "~"))
    for folder, sign in found:
        for way in dict.fromkeys((folder, os.path.realpath(folder))):
            if os.path.dirname(way) != way:  # not the root, which is in every path
                yield way, sign
