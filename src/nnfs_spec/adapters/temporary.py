"""A folder of its own for the temporary files of one process, which is gone when that has ended.

A small program of the shell waits beside the checker and removes it, so that nothing stays even of a checker that is
killed.
"""

import os
import subprocess
import tempfile

VARIABLE = "TMPDIR"
"""What tells a program where its temporary files go."""

_REMOVE = """
trap "" HUP INT TERM
read -r over
rm -rf -- "$1" || { chmod -R u+rwx -- "$1"; rm -rf -- "$1"; } || { sleep 1; rm -rf -- "$1"; }
"""
"""Waits for the end of its input; what resists has locked its folders, or is still written to by what is just ending.
"""


class PrivateFolder:
    """A new folder that this user alone can enter. Raises OSError where it cannot be made."""

    def __init__(self) -> None:
        self.path = tempfile.mkdtemp(prefix="nnfs-spec-")
        ends, self._lifeline = os.pipe()
        try:
            self._remover = subprocess.Popen(
                ["/bin/sh", "-c", _REMOVE, "sh", self.path],
                stdin=ends,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                cwd="/",
                start_new_session=True,
            )
        except OSError:
            os.close(self._lifeline)
            os.rmdir(self.path)
            raise
        finally:
            os.close(ends)

    def remove(self) -> None:
        """Remove it with all that it holds; whoever writes there must have ended."""
        os.close(self._lifeline)
        self._remover.wait()
