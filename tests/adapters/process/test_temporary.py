"""The temporary folder of a target's process: whatever it does there, it never comes upon everybody's."""

import os
import tempfile
from pathlib import Path

import numpy as np
import pytest

from nnfs_spec.adapters.isolated import IsolatedSubject
from nnfs_spec.adapters.process.temporary import TemporaryFolder
from nnfs_spec.subject.protocol import Answer, Call

RELU = Call("relu", (np.array([[-1.0, 2.0]]),))


@pytest.fixture
def held(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give the folder that this process holds."""
    monkeypatch.setattr(TemporaryFolder, "path", None)
    monkeypatch.setattr(tempfile, "tempdir", None)
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    TemporaryFolder.hold()
    return tmp_path


def test_a_folder_that_was_removed_is_made_again(held: Path) -> None:
    """Whatever stands in its place otherwise is let be."""
    held.rmdir()
    TemporaryFolder.keep()
    assert held.is_dir()
    assert tempfile.gettempdir() == str(held)
    held.rmdir()
    held.touch()
    TemporaryFolder.keep()
    assert held.is_file()


def test_a_copy_has_one_of_its_own(held: Path) -> None:
    """Which lies in the other, and is all that it comes upon."""
    TemporaryFolder.part()
    mine = Path(tempfile.gettempdir())
    assert (mine.parent, os.environ["TMPDIR"]) == (held, str(mine))
    mine.rmdir()
    TemporaryFolder.keep()
    assert mine.is_dir()


def test_who_holds_none_makes_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As a process that only imports the kit."""
    monkeypatch.setattr(TemporaryFolder, "path", None)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    TemporaryFolder.keep()
    TemporaryFolder.part()
    assert list(tmp_path.iterdir()) == []


@pytest.mark.usefixtures("nothing_is_left")
def test_a_target_that_empties_its_temporary_folder_leaves_everybody_elses(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In its trials, and in every call after them, by whatever name it finds the folder."""
    everybody = tmp_path / "everybody"
    everybody.mkdir()
    (everybody / "precious").touch()
    for name in ("TMPDIR", "TEMP", "TMP"):
        monkeypatch.setenv(name, str(everybody))
    monkeypatch.setattr(tempfile, "tempdir", None)
    target = tmp_path / "target.py"
    target.write_text(
        "import os, shutil, tempfile\nimport numpy as np\n"
        "def relu(x):\n"
        "    for folder in (os.environ['TMPDIR'], tempfile.gettempdir()):\n"
        "        shutil.rmtree(folder, ignore_errors=True)\n"
        "    return np.maximum(0, x)\n",
        encoding="utf-8",
    )
    with IsolatedSubject(str(target)) as subject:
        for _ in range(3):
            assert isinstance(subject.run([RELU, RELU])[0], Answer)
    assert os.listdir(everybody) == ["precious"]
