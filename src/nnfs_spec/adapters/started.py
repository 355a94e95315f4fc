"""A process that holds a subject, in a session of its own: how it is started, and that all of it ends.

Its temporary files have a folder of their own, which ends with it.
"""

import contextlib
import os
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence

from nnfs_spec.adapters.strays import MARK, end_strays, new_mark
from nnfs_spec.adapters.temporary import VARIABLE, PrivateFolder

GRACE_SECONDS = 1.0


class Started:
    """Starts ``command`` at once; the descriptors are its standard streams. Raises OSError where that fails."""

    def __init__(
        self,
        command: Sequence[str],
        stdin: int,
        stdout: int,
        stderr: int,
        pass_fds: Sequence[int] = (),
        environment: Mapping[str, str] | None = None,
    ) -> None:
        self._mark = new_mark()
        self._folder = PrivateFolder()
        try:
            self._process = subprocess.Popen(
                command,
                stdin=stdin,
                stdout=stdout,
                stderr=stderr,
                pass_fds=pass_fds,
                env={**os.environ, **(environment or {}), MARK: self._mark, VARIABLE: self._folder.path},
                start_new_session=True,
            )
        except BaseException:
            self._folder.remove()
            raise
        self.pid = self._process.pid
        self.death = os.pidfd_open(self.pid) if hasattr(os, "pidfd_open") else None
        """A descriptor that becomes readable when the process ends, where the system has such."""

    def ended_within(self, seconds: float, meanwhile: Callable[[], None]) -> bool:
        """Wait for the process to end, without forgetting it, so that its group can still be killed by its number."""
        deadline = time.monotonic() + seconds
        while os.waitid(os.P_PID, self.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is None:
            if time.monotonic() >= deadline:
                return False
            meanwhile()
            time.sleep(0.001)
        return True

    def kill(self) -> None:
        """End the process and all that it started, if any of it is left, and remove its temporary files."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.pid, signal.SIGKILL)
        self._process.wait()
        end_strays(self._mark)
        self._folder.remove()
        if self.death is not None:
            os.close(self.death)

    def ending(self) -> str:
        """Return how the process ended, after it was waited for."""
        code = self._process.returncode
        if code >= 0:
            return f"ended its process with status {code}"
        return f"ended its process with signal {-code} ({signal.Signals(-code).name})"
