"""Tests of ``nnfs-spec check --watch``."""

import os
import signal
import subprocess
import sys
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import pytest

from nnfs_spec.cli.watch import stamps, watched_files


def verdicts(lines: list[str]) -> list[str]:
    """Return the verdicts among these lines, wherever a long path has broken them."""
    return [word.removesuffix(";") for line in lines for word in line.split() if word.endswith("conformant;")]


RIGHT = "import numpy as np\ndef relu(x):\n    return np.maximum(0, x)\n"
WRONG = "import numpy as np\ndef relu(x):\n    return np.abs(x)\n"
BROKEN = "def relu(x:\n"


def save(file: Path, text: str) -> None:
    """Save as editors do: a new file in the place of the old one."""
    new = file.with_suffix(".new")
    new.write_text(text)
    os.replace(new, file)


@contextmanager
def watching(*words: str) -> Generator[tuple["subprocess.Popen[str]", IO[str]]]:
    """Run the command, and end it if the test does not."""
    command = [sys.executable, "-P", "-m", "nnfs_spec", "check", *words, "--watch"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    assert process.stdout is not None
    try:
        yield process, process.stdout
    finally:
        process.kill()
        process.wait()
        process.stdout.close()


def until(lines: IO[str], wanted: str) -> list[str]:
    """Return the lines up to the one that holds ``wanted``."""
    heard: list[str] = []
    for line in lines:
        heard.append(line)
        if wanted in line:
            return heard
    raise AssertionError(f"{wanted!r} never came: {heard}")


def test_every_save_is_checked(tmp_path: Path) -> None:
    file = tmp_path / "mine.py"
    save(file, RIGHT)
    with watching(str(file), "--budget", "quick") as (process, lines):
        assert verdicts(until(lines, "watching")) == ["conformant"]
        save(file, WRONG)
        heard = until(lines, "watching")
        assert heard[0].startswith("found: MUST RELU-")
        assert verdicts(heard) == ["nonconformant"]
        save(file, BROKEN)
        assert any("SyntaxError" in line for line in until(lines, "SyntaxError"))
        save(file, RIGHT)
        assert verdicts(until(lines, "watching")) == ["conformant"]
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=20) == 130


def test_a_save_ends_the_check_of_the_earlier_state(tmp_path: Path) -> None:
    file = tmp_path / "mine.py"
    save(file, WRONG)
    with watching(str(file), "--budget", "thorough") as (_, lines):
        until(lines, "found: ")
        save(file, RIGHT)
        assert verdicts(until(lines, " conformant;"))[-1] == "conformant"


@pytest.mark.parametrize("words", [("reference",), ("no_such_file.py",), ("exec:no-such-command",)])
def test_there_must_be_a_file(words: tuple[str, ...]) -> None:
    with watching(*words) as (process, lines):
        until(lines, "there is nothing to watch")
        assert process.wait(timeout=20) == 2


def test_reports_are_not_written(tmp_path: Path) -> None:
    file = tmp_path / "mine.py"
    save(file, RIGHT)
    with watching(str(file), "--html", str(tmp_path / "report.html")) as (process, lines):
        until(lines, "--html: not with --watch, which only prints")
        assert process.wait(timeout=20) == 2


def test_files_that_are_watched(tmp_path: Path) -> None:
    for name in ("mine.py", "helper.py", "data.csv", "part/inner.py"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
    beside = {tmp_path / "mine.py", tmp_path / "helper.py"}
    assert watched_files(str(tmp_path / "mine.py")) == beside
    assert watched_files(str(tmp_path)) == beside | {tmp_path / "part" / "inner.py", tmp_path}
    assert watched_files(f"exec:{tmp_path}/data.csv --flag") == {tmp_path / "data.csv"}
    before = stamps(str(tmp_path))
    save(tmp_path / "helper.py", RIGHT)
    assert stamps(str(tmp_path)) != before
