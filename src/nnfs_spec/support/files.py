"""Writes a file whole or not at all."""

import os
import re
import secrets
import stat
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path


def write_whole(path: Path, content: str | bytes) -> None:
    """Write ``content`` to a temporary name beside ``path``, then rename it: no half-written file is found there.

    Who may read a file that was there already may read the new one, and nobody else.
    A device, a pipe or a link is written to as it stands, since renaming would put a plain file in its place.
    """
    data = content.encode("utf-8") if isinstance(content, str) else content
    if path.is_symlink() or (path.exists() and not path.is_file()):
        path.write_bytes(data)
        return
    mode = stat.S_IMODE(path.stat().st_mode) if path.exists() else None
    unfinished = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    try:
        with open(_new(unfinished, 0o666 if mode is None else 0o600), "wb") as file:
            file.write(data)
            if mode is not None:
                os.fchmod(file.fileno(), mode)
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)


def _new(path: Path, mode: int) -> int:
    """Return the descriptor of a file that nobody has prepared here, nor a link in its place."""
    return os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, mode)


def anonymise(text: str) -> str:
    """Return ``text`` with ``./`` and ``~`` in the place of the folder we are in and of the home directory."""
    if os.sep not in text:
        return text
    for folder, sign in _folders():
        text = re.sub(rf"(?<![\w.~-]){re.escape(folder)}(?![\w.-])", sign, text)
    return text


def anonymise_path(path: str) -> str:
    """Return a path, or whatever else names a target, without the sign of the folder that we are in."""
    told = anonymise(path)
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
