"""How commands end: 0 and 1 are verdicts, and no breakdown ends with one of them."""

import io
import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result

from nnfs_spec.cli import ending, main
from nnfs_spec.support import start

COMMAND = (str(Path(sys.executable).with_name("nnfs-spec")),)
QUICK = ("check", "reference", "--budget", "quick", "--clause", "RELU-2")


def run(*arguments: str, **more: str) -> "subprocess.CompletedProcess[str]":
    """Run the command with more in its environment."""
    environment = {**os.environ, **more}
    return subprocess.run(
        [*COMMAND, *arguments], capture_output=True, text=True, timeout=120, check=False, env=environment
    )


def in_shell(line: str) -> "subprocess.CompletedProcess[str]":
    """Run a line of the shell, in which ``$0`` is the command."""
    command = ["/bin/bash", "-c", line, *COMMAND]
    return subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)


def raising(problem: BaseException, monkeypatch: pytest.MonkeyPatch) -> Result:
    """Return what comes of a command that raises ``problem``."""

    def fail(*arguments: object) -> None:
        raise problem

    monkeypatch.setattr("nnfs_spec.cli.browse.all_clauses", fail)
    return CliRunner().invoke(main, ["clauses"])


@pytest.mark.parametrize(
    ("problem", "code", "told"),
    [
        (KeyboardInterrupt(), 130, "nnfs-spec: interrupted\n"),
        (click.Abort(), 130, "nnfs-spec: interrupted\n"),
        (BrokenPipeError(), 141, ""),
        (OSError(28, "No space left on device"), 3, "nnfs-spec: [Errno 28] No space left on device\n"),
        (SystemExit(143), 143, ""),
        (SystemExit("text"), 70, ""),
        (
            RecursionError("too\ndeep"),
            70,
            "nnfs-spec: internal error: RecursionError: too\\ndeep (NNFS_SPEC_TRACEBACK=1 shows where)\n",
        ),
    ],
)
def test_a_breakdown_ends_with_a_line_and_a_code_of_its_own(
    problem: BaseException, code: int, told: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    result = raising(problem, monkeypatch)
    assert (result.exit_code, result.stdout, result.stderr) == (code, "", told)


def test_an_internal_error_is_shown_whole_where_that_is_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NNFS_SPEC_TRACEBACK", "1")
    result = raising(ValueError("odd"), monkeypatch)
    assert result.exit_code == 70
    assert result.stderr.startswith("Traceback (most recent call last):\n")
    assert result.stderr.splitlines()[-1].startswith("nnfs-spec: internal error: ValueError: odd")


@pytest.mark.parametrize(
    ("arguments", "code"), [(["--version"], 0), (["--help"], 0), (["clauses"], 0), (["nothing"], 2), ([], 2)]
)
def test_what_click_ends_ends_as_before(arguments: Sequence[str], code: int) -> None:
    assert CliRunner().invoke(main, arguments).exit_code == code
    if code == 0:
        assert main(arguments, standalone_mode=False) in (0, None)


def test_where_nobody_reads_problems_there_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*arguments: object, **more: object) -> None:
        raise BrokenPipeError

    monkeypatch.setattr(click, "echo", fail)
    ending.tell("anything")


class Full(io.StringIO):
    """A stream that takes nothing any more."""

    def flush(self) -> None:
        """Fail."""
        raise OSError(28, "No space left on device")

    def fileno(self) -> int:
        """Return where nothing is put in its place."""
        return 99


def test_the_end_of_the_command_is_its_last_word(monkeypatch: pytest.MonkeyPatch) -> None:
    """No Ctrl-C changes a verdict that has been given, and full streams say nothing more."""
    handlers: list[object] = []
    replaced: list[int] = []
    monkeypatch.setattr(start, "IS_COMMAND", True)

    def take(number: int, handler: object) -> None:
        handlers.append(handler)

    def replace(one: int, other: int) -> None:
        replaced.append(other)

    monkeypatch.setattr(signal, "signal", take)
    monkeypatch.setattr(os, "dup2", replace)
    monkeypatch.setattr(sys, "stdout", Full())
    with pytest.raises(SystemExit, match=r"^3$"):
        ending.run_to_its_end(lambda: 1)
    assert handlers == [signal.default_int_handler, signal.SIG_IGN]
    assert replaced == [99]


def test_an_interpreter_that_would_stay_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    """With the verdict as its code."""
    result = run(*QUICK, PYTHONINSPECT="1")
    assert (result.returncode, result.stderr) == (0, "")
    assert "conformant" in result.stdout


def test_a_reader_that_leaves_early_is_no_verdict() -> None:
    """Nor does it get a traceback."""
    done = in_shell(
        '"$0" explain SOFTMAX-1 | true; echo ${PIPESTATUS[0]}; "$0" check mutant:relu-leaky --budget quick'
        " --clause RELU-2 | true; echo ${PIPESTATUS[0]}"
    )
    assert (done.stdout, done.stderr) == ("141\n141\n", "")


@pytest.mark.parametrize("closed", ["<&-", ">&-", "2>&-", "<&- >&- 2>&-"])
def test_closed_streams_do_not_change_a_verdict(closed: str) -> None:
    line = f'"$0" {" ".join(QUICK)} {closed}; echo $?; "$0" check mutant:relu-leaky --clause RELU-2 {closed}; echo $?'
    done = in_shell(line)
    assert (done.stdout.splitlines()[-1], done.stderr) == ("1", "")
    assert "0" in done.stdout.splitlines()


def test_an_output_in_ascii_is_written_with_escapes() -> None:
    result = run("check", "mutant:relu-leaky", "--budget", "quick", "--clause", "RELU-2", PYTHONIOENCODING="ascii")
    assert (result.returncode, result.stderr) == (1, "")
    assert "RELU  \\u2717  fails" in result.stdout


def test_what_an_interpreter_prints_at_its_start_is_no_answer(tmp_path: Path) -> None:
    """Neither of a worker nor of a helper."""
    (tmp_path / "sitecustomize.py").write_text("print('hello', flush=True)\n", encoding="utf-8")
    one = run("check", "reference", "--clause", "RELU-1", PYTHONPATH=str(tmp_path))
    many = run(*QUICK, "mutant:relu-leaky", PYTHONPATH=str(tmp_path))
    assert (one.returncode, one.stderr, many.returncode, many.stderr) == (0, "", 1, "")


def test_a_name_that_is_no_text_is_shown_with_escapes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Alone and among others, it is checked."""
    name = os.fsencode(tmp_path) + b"/\xff.py"
    with open(name, "w", encoding="utf-8") as file:
        file.write("import numpy as np\ndef relu(x): return np.maximum(0, x)\n")
    asked = ["--budget", "quick", "--clause", "RELU-2", "--jobs", "1"]
    monkeypatch.chdir(tmp_path)
    for targets in (["\udcff.py"], ["."], ["\udcff.py", "reference"]):
        result = run("check", *targets, *asked)
        assert (result.returncode, result.stderr) == (0, "")
        assert "\\udcff.py" in result.stdout


@pytest.mark.parametrize("limit", ["-n 12", "-n 20", "-f 100"])
def test_a_low_limit_is_no_verdict(limit: str) -> None:
    """It is told in a line."""
    done = in_shell(f'ulimit {limit}; "$0" check reference --clause RELU-2')
    assert done.returncode in (0, 3, 70)
    assert done.returncode == 0 or len(done.stderr.splitlines()) == 1, done.stderr


def test_nothing_is_no_target() -> None:
    """Though a path that is empty would be the current folder."""
    result = CliRunner().invoke(main, ["check", ""])
    assert result.exit_code == 2
    assert "Error: Invalid value for 'TARGET...': the name of a target is empty" in result.stderr


@pytest.mark.gate
@pytest.mark.usefixtures("nothing_is_left")
@pytest.mark.parametrize("moment", [number * 0.03 for number in range(1, 40)])
def test_ctrl_c_at_any_moment_ends_with_its_code(moment: float) -> None:
    """And a line, or with the verdict, where that has been given."""
    with subprocess.Popen(
        [*COMMAND, "check", "reference", "--budget", "quick"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as checker:
        time.sleep(moment)
        checker.send_signal(signal.SIGINT)
        printed, told = checker.communicate(timeout=60)
    if "conformant" in printed:
        assert (checker.returncode, told) in ((0, ""), (130, "nnfs-spec: interrupted\n"))
    elif "site.py" not in told and "frozen" not in told:  # it came before the first line of the kit
        assert (checker.returncode, told) == (130, "nnfs-spec: interrupted\n")


def test_what_has_no_end_is_neither_read_nor_written(tmp_path: Path) -> None:
    """A named pipe or a device; what standard output is may be one."""
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    for file in (str(pipe), "/dev/zero"):
        result = CliRunner().invoke(main, ["replay", file])
        assert (result.exit_code, f"{file} is no plain file" in result.stderr) == (2, True)
    for option in ("--json", "--jsonl", "--state", "--baseline"):
        result = CliRunner().invoke(main, ["check", "reference", option, str(pipe)])
        assert (result.exit_code, "is a named pipe" in result.stderr) == (2, True)
    told = run(*QUICK, "--json", "/dev/stdout")
    assert told.returncode == 0
    assert '"verdict": "conformant"' in told.stdout
