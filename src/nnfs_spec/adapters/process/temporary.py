"""The temporary folder of a target's process. The target may remove it, and then must not come upon everybody's."""

import os
import tempfile
from contextlib import suppress


class TemporaryFolder:
    """The folder of this process, once it is held; a process that only imports the kit holds none."""

    path: str | None = None

    @classmethod
    def hold(cls) -> None:
        """Hold on to the folder that the environment names, whatever becomes of it."""
        cls.path = tempfile.tempdir = tempfile.gettempdir()

    @classmethod
    def keep(cls) -> None:
        """Make it again where it is gone."""
        if cls.path is not None and not os.path.isdir(cls.path):
            with suppress(OSError):  # something else stands in its place, which is the target's own affair
                os.makedirs(cls.path, 0o700, exist_ok=True)

    @classmethod
    def part(cls) -> None:
        """Give this process, which is a copy that tries something, a folder of its own in it."""
        if cls.path is not None:
            cls.keep()
            cls.path = tempfile.tempdir = tempfile.mkdtemp(prefix="trial-", dir=cls.path)
            os.environ["TMPDIR"] = cls.path
