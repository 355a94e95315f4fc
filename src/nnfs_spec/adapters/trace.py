"""What a checker and an executable say to each other, written down for people to read."""

from pathlib import Path
from typing import BinaryIO


class Trace:
    """Writes a file as the conversation goes on, however it ends; without a path it writes nothing.

    Lines begin with ``> `` where the checker wrote them and with ``< `` where the executable did.
    """

    def __init__(self, path: Path | None = None) -> None:
        self._file: BinaryIO | None = None if path is None else path.open("wb")

    @property
    def writes(self) -> bool:
        """Whether there is a file."""
        return self._file is not None

    def sent(self, data: bytes) -> None:
        """Note lines that the checker wrote."""
        self._note(b"> ", data)

    def got(self, data: bytes) -> None:
        """Note a line that the executable wrote."""
        self._note(b"< ", data)

    def close(self) -> None:
        """End the file."""
        if self._file is not None:
            self._file.close()

    def _note(self, mark: bytes, data: bytes) -> None:
        if self._file is not None:
            self._file.writelines(mark + line for line in data.splitlines(keepends=True))
            self._file.flush()
