"""What a checker and an executable say to each other, written down for people to read."""

import re
from typing import BinaryIO

_STEERING = re.compile(rb"[^\t\n -~]")


class Trace:
    """Writes to ``file`` as the conversation goes on; without one, nothing.

    Lines begin with ``> `` where the checker wrote them and with ``< `` where the executable did. With ``only_sent``
    it is what the checker wrote, and as it wrote it, so that people can feed it to an executable themselves.
    """

    def __init__(self, file: BinaryIO | None = None, only_sent: bool = False) -> None:
        self._file = file
        self._only_sent = only_sent

    @property
    def writes(self) -> bool:
        """Whether there is a file."""
        return self._file is not None

    def sent(self, data: bytes) -> None:
        """Note lines that the checker wrote."""
        self._note(b"" if self._only_sent else b"> ", data)

    def got(self, data: bytes) -> None:
        """Note a line that the executable wrote, with what might steer a terminal as escapes."""
        if not self._only_sent:
            self._note(b"< ", _STEERING.sub(lambda sign: b"\\x%02x" % ord(sign[0]), data))

    def _note(self, mark: bytes, data: bytes) -> None:
        if self._file is not None:
            self._file.write(b"".join(mark + line for line in data.splitlines(keepends=True)))
            self._file.flush()


SILENT = Trace()
"""Writes nothing."""
