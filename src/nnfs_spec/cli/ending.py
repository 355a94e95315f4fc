"""How a command ends: 0 and 1 are verdicts, and nothing else ends with them."""

import os
import signal
import sys
import traceback
from collections.abc import Callable, Generator
from contextlib import contextmanager, suppress
from typing import NoReturn, TextIO

import click

from nnfs_spec.reports.escaping import inline
from nnfs_spec.support import start

NOT_DONE, BROKEN, PIPE_CLOSED, INTERRUPTED = 3, 70, 141, start.INTERRUPTED
TRACEBACK = "NNFS_SPEC_TRACEBACK"
"""The environment variable with which an internal error shows where it arose."""

MOST_TOLD = 500


@contextmanager
def truthful() -> Generator[None]:
    """Turn whatever keeps a command from its end into a line and an exit code; click reports wrong usage itself."""
    try:
        yield
    except (click.ClickException, click.exceptions.Exit):
        raise
    except (KeyboardInterrupt, click.Abort):
        tell("interrupted")
        raise SystemExit(INTERRUPTED) from None
    except BrokenPipeError:  # whoever read the output has seen enough
        raise SystemExit(PIPE_CLOSED) from None
    except OSError as problem:
        tell(str(problem))
        raise SystemExit(NOT_DONE) from None
    except Exception as problem:
        if os.environ.get(TRACEBACK):
            traceback.print_exc()
        tell(f"internal error: {type(problem).__name__}: {problem} ({TRACEBACK}=1 shows where)")
        raise SystemExit(BROKEN) from None


def tell(problem: str) -> None:
    """Print one line on the error stream, if there is anybody to read it."""
    with suppress(OSError):
        click.echo(inline(f"nnfs-spec: {problem}"[:MOST_TOLD]), err=True)


def run_to_its_end(command: Callable[[], object]) -> NoReturn:
    """Run a command, and leave with its exit code once all that it printed has been written."""
    try:
        with truthful():
            if start.IS_COMMAND:
                signal.signal(signal.SIGINT, signal.default_int_handler)
            accept_any_text(sys.stdout)
            try:
                ended = command()
                code = ended if isinstance(ended, int) else 0
            except click.ClickException as problem:
                problem.show()
                code = problem.exit_code
            except SystemExit as leaving:
                code = leaving.code if isinstance(leaving.code, int) else BROKEN
            sys.stdout.flush()
    except SystemExit as leaving:
        code = leaving.code if isinstance(leaving.code, int) else BROKEN
    _be_done(code)


def accept_any_text(stream: TextIO) -> None:
    """Have a stream write as escapes what its encoding does not know, a file name that is no text among it."""
    if (reconfigure := getattr(stream, "reconfigure", None)) is not None:
        reconfigure(errors="backslashreplace")


def _be_done(code: int) -> NoReturn:
    """Leave, without another word from streams that nobody reads any more or an interpreter that would stay."""
    if start.IS_COMMAND:
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        for stream in (sys.stdout, sys.stderr):
            try:
                stream.flush()
            except OSError:
                os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
        if sys.flags.inspect:
            os._exit(code)
    raise SystemExit(code)
