"""Submissions as people hand them in: each has its student, and nothing is dropped in silence."""

import io
import os
import stat
import zipfile
from pathlib import Path

import pytest

from nnfs_spec.grading import submissions
from nnfs_spec.grading.archives import entries
from nnfs_spec.grading.submissions import Submission, find, hidden, read, student_of

RELU = b"def relu(x):\n    return x.clip(0)\n"


def zipped(**files: bytes) -> bytes:
    """Return a zip of these files; two underscores stand for a slash, and one before the suffix for a dot."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for name, data in files.items():
            archive.writestr(name.replace("__", "/").replace("_py", ".py").replace("_zip", ".zip"), data)
    return made.getvalue()


def written(folder: Path, **files: bytes) -> Path:
    """Write files, named as in ``zipped``."""
    for name, data in files.items():
        place = folder / name.replace("__", "/").replace("_py", ".py").replace("_zip", ".zip")
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(data)
    return folder


@pytest.mark.parametrize(
    ("name", "student", "file"),
    [
        ("alice.py", "alice", "alice.py"),
        ("Jane Doe_123_assignsubmission_file_net.py", "Jane Doe_123", "net.py"),
        ("Jane Doe_123_assignsubmission_file", "Jane Doe_123", "Jane Doe_123_assignsubmission_file"),
        ("doejane_12_345_net-1.py", "doejane_12", "net-1.py"),
        ("doejane_LATE_12_345_net.py", "doejane_12", "net.py"),
    ],
)
def test_a_file_belongs_to_the_student_that_its_name_tells(name: str, student: str, file: str) -> None:
    assert student_of(Path(name)) == (student, file)


@pytest.mark.parametrize(
    ("name", "student"), [("hw3-alice", "hw3-alice"), ("Jane Doe_123_assignsubmission_file_", "Jane Doe_123")]
)
def test_a_folder_belongs_to_the_student_that_its_name_tells(name: str, student: str, tmp_path: Path) -> None:
    (tmp_path / name).mkdir()
    assert student_of(tmp_path / name) == (student, "")


def test_every_visible_entry_is_somebodys(tmp_path: Path) -> None:
    """Several of one student make one submission; hidden ones are named."""
    written(tmp_path, alice_py=RELU, bob__src__net_py=RELU, carol_zip=zipped(net_py=RELU))
    for name in ("alice.pdf", "essay.docx", ".DS_Store"):
        (tmp_path / name).write_bytes(b"x")
    (tmp_path / "__MACOSX").mkdir()
    found = find(tmp_path)
    assert [(one.student, len(one.places)) for one in found] == [("alice", 2), ("bob", 1), ("carol", 1), ("essay", 1)]
    assert hidden(tmp_path) == [(".DS_Store", "hidden"), ("__MACOSX", "hidden")]
    alice, bob, carol, essay = map(read, found)
    assert [one.target() for one in (alice, bob, carol, essay)] == ["alice.py", "src/net.py", "net.py", None]
    assert alice.skipped == [("alice.pdf", "it is no Python")]


def test_students_may_stand_deeper(tmp_path: Path) -> None:
    """Files above them are somebody's, too."""
    written(tmp_path, a__alice_py=RELU, b__bob__net_py=RELU, carol_py=RELU)
    assert [one.student for one in find(tmp_path, 2)] == ["a/alice", "b/bob", "carol"]


@pytest.mark.parametrize(
    ("names", "target"),
    [
        (["net.py", "test_net.py", "setup.py"], "net.py"),
        (["test_net.py"], "test_net.py"),
        (["a.py", "b.py"], ""),
        (["pack/__init__.py"], ""),
        (["net.py", "lab.ipynb"], "net.py"),
        (["small.ipynb", "lab.ipynb"], "lab.ipynb"),
        (["data.npy"], None),
    ],
)
def test_what_is_checked_is_the_code_that_was_handed_in(names: list[str], target: str | None) -> None:
    sizes = {"lab.ipynb": 9}
    handed_in = Submission("a", {name: b"x" * sizes.get(name, 1) for name in names})
    assert handed_in.target() == target


def test_notebooks_that_are_not_checked_are_named() -> None:
    handed_in = Submission("a", {"a.ipynb": b"xx", "b.ipynb": b"x"})
    assert handed_in.beside("a.ipynb") == [("b.ipynb", "another notebook is checked")]
    assert handed_in.beside("a.py")[0] == ("a.ipynb", "the Python files beside it are checked")


def test_what_cannot_be_taken_is_skipped_with_the_reason(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Links, pipes, environments, hidden files, and what is too large."""
    folder = written(tmp_path / "class", alice__net_py=RELU, alice__venv__pyvenv=b"", alice__large_py=b"x" * 200)
    alice = folder / "alice"
    (alice / "venv" / "pyvenv.cfg").touch()
    (alice / ".git").mkdir()
    (alice / "link.py").symlink_to("/etc/passwd")
    (alice / "loop").symlink_to(alice)
    os.mkfifo(alice / "pipe.py")
    (folder / "bob").symlink_to("/etc")
    monkeypatch.setattr(submissions, "MOST_BYTES", 100)
    first, second = map(read, find(folder))
    assert list(first.files) == ["net.py"]
    assert dict(first.skipped) == {
        "venv": "it is an environment",
        ".git": "hidden",
        "large.py": "it is too large",
        "link.py": "it is a link",
        "loop": "it is a link",
        "pipe.py": "it is no file",
    }
    assert second.skipped == [("bob", "it is a link")]


def test_what_cannot_be_read_is_skipped_with_the_reason(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(self: Path) -> bytes:
        raise PermissionError(13, "Permission denied")

    written(tmp_path, alice_py=RELU)
    monkeypatch.setattr(Path, "read_bytes", refuse)
    (one,) = map(read, find(tmp_path))
    assert one.skipped == [("alice.py", "it cannot be read: Permission denied")]


def test_there_are_limits_to_what_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of files, of bytes in zips, of zips in zips."""
    deep = zipped(a_zip=zipped(b_zip=zipped(net_py=RELU)))
    written(tmp_path, alice__net_py=RELU, alice__other_py=RELU, bob_zip=deep, carol__net_py=RELU, carol__w_zip=zipped())
    (tmp_path / "carol" / "w.zip").write_bytes(zipped(**{"net_py": RELU, ".x_py": b"", "more_py": RELU}))
    monkeypatch.setattr(submissions, "MOST_FILES", 1)
    alice, bob, carol = map(read, find(tmp_path))
    assert alice.skipped == [("other.py", "the submission is too large")]
    assert bob.skipped == [("b.zip", "it is no Python")]
    assert carol.skipped == [("w.zip", "this zip has 3 files, and at most 1 are read")]
    monkeypatch.setattr(submissions, "MOST_FILES", 9)
    again = read(find(tmp_path)[2])
    assert again.skipped == [("net.py", "another file has its name"), (".x.py", "hidden")]
    assert list(again.files) == ["net.py", "more.py"]


def entry(name: str, mode: int = 0, flags: int = 0) -> bytes:
    """Return a zip with one entry."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        info = zipfile.ZipInfo(name)
        info.external_attr = mode << 16
        archive.writestr(info, b"/etc/passwd")
    data = made.getvalue()
    if flags:
        place = data.index(b"PK\x01\x02") + 8
        data = data[:place] + bytes([flags]) + data[place + 1 :]
    return data


@pytest.mark.parametrize(
    ("data", "path", "why"),
    [
        (entry("/etc/x.py"), "/etc/x.py", "its path leads out of the zip"),
        (entry("../../x.py"), "../../x.py", "its path leads out of the zip"),
        (entry("a\\..\\..\\x.py"), "a/../../x.py", "its path leads out of the zip"),
        (entry("C:\\x.py"), "C:/x.py", "its path leads out of the zip"),
        (entry("x.py", stat.S_IFLNK | 0o777), "x.py", "it is a link or a device"),
        (entry("x.py", flags=1), "x.py", "it needs a password"),
        (
            entry("x.py").replace(b"/etc/passwd", b"/etc/passwx"),
            "x.py",
            "it cannot be read: Bad CRC-32 for file 'x.py'",
        ),
        (b"PK", "", "this zip cannot be read: File is not a zip file"),
    ],
)
def test_no_zip_does_harm(data: bytes, path: str, why: str) -> None:
    assert list(entries(data, 100, 10)) == [(path, why)]


def test_a_zip_bomb_is_not_unpacked() -> None:
    """Not even where all files together are too large."""
    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a/", b"")
        archive.writestr("small.py", b"x" * 60)
        archive.writestr("large.py", b"x" * 1_000_000)
    assert dict(entries(bomb.getvalue(), 100, 10)) == {"small.py": b"x" * 60, "large.py": "it is too large"}
