"""Reads a zip that anybody may have packed: nothing is written, and no entry is larger than is allowed."""

import stat
import zipfile
import zlib
from collections.abc import Iterator
from io import BytesIO
from pathlib import PurePosixPath

ENCRYPTED = 0x1
"""The flag of an entry that needs a password."""

UNREADABLE = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError, ValueError, RuntimeError)
"""What the standard library raises for a zip, or an entry of it, that is damaged or of an unknown kind."""


def entries(data: bytes, most_bytes: int, most_entries: int) -> Iterator[tuple[str, bytes | str]]:
    """Yield the path of every file in the zip ``data``, with its bytes, or with the reason why it is left out.

    A path is relative, without ``..``, and has forward slashes. Where the zip itself cannot be read, or has more than
    ``most_entries``, one pair with an empty path says so. All files together have at most ``most_bytes``.
    """
    try:
        archive = zipfile.ZipFile(BytesIO(data))
    except UNREADABLE as problem:
        yield "", f"this zip cannot be read: {problem}"
        return
    with archive:
        listed = [one for one in archive.infolist() if not one.is_dir()]
        if len(listed) > most_entries:
            yield "", f"this zip has {len(listed)} files, and at most {most_entries} are read"
            return
        left = most_bytes
        for one in listed:
            path = one.filename.replace("\\", "/")
            content = _content(archive, one, path, left)
            left -= len(content) if isinstance(content, bytes) else 0
            yield path, content


def _content(archive: zipfile.ZipFile, one: zipfile.ZipInfo, path: str, left: int) -> bytes | str:
    if path.startswith("/") or ":" in path.split("/")[0] or ".." in PurePosixPath(path).parts:
        return "its path leads out of the zip"
    mode = one.external_attr >> 16
    if stat.S_IFMT(mode) not in (0, stat.S_IFREG):
        return "it is a link or a device"
    if one.flag_bits & ENCRYPTED:
        return "it needs a password"
    try:
        with archive.open(one) as file:
            content = file.read(left + 1)  # what the zip says of its size may be wrong
    except UNREADABLE as problem:
        return f"it cannot be read: {problem}"
    return content if len(content) <= left else "it is too large"
