"""Writes a file whole or not at all."""

import os
import secrets
import stat
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
