"""Finds the submissions in a folder as Moodle, Canvas, GitHub Classroom or a mail box gives it, and drops none.

Every visible entry of the folder belongs to one student. Nothing of it is run or unpacked on disk here: a submission
is read into memory, zips included, and what is left out of it is named with the reason.
"""

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from nnfs_spec.adapters.options import SUFFIXES
from nnfs_spec.grading.archives import entries

MOST_BYTES = 50 * 2**20
MOST_FILES = 2000
"""The most that is read of one submission."""

MOST_NESTED = 2
"""How deep a zip may lie in zips."""

NO_CODE = "no .py file, no notebook and no package"
LEFT_OUT = ("test_", "conftest", "setup", "__main__")
"""How files begin that are not checked where there are others: tests, and scripts that run the code."""

FOLDERS = ("__pycache__", "__MACOSX", "node_modules", "site-packages")
"""Folders that hold nothing that a student wrote."""

_MOODLE = re.compile(r"(?P<student>.+_\d+)_assignsubmission_[a-z]+_?(?P<file>.*)")
_CANVAS = re.compile(r"(?P<student>[^_]+)(?:_LATE)?_(?P<number>\d+)_\d+_(?P<file>.+)")


@dataclass(frozen=True)
class Found:
    """The entries of the folder that belong to one student, each with the name that it has in the submission."""

    student: str
    places: tuple[tuple[str, Path], ...]


@dataclass
class Submission:
    """What a student handed in: ``files`` by their path with forward slashes, and why others are ``skipped``."""

    student: str
    files: dict[str, bytes] = field(default_factory=dict[str, bytes])
    skipped: list[tuple[str, str]] = field(default_factory=list[tuple[str, str]])

    def target(self) -> str | None:
        """Return the file to check, or "" for all Python files together, or None where there is no code."""
        python = [path for path in self.files if path.endswith(".py")]
        checked = [path for path in python if not PurePosixPath(path).name.startswith(LEFT_OUT)] or python
        notebooks = sorted((path for path in self.files if path.endswith(".ipynb")), key=self._size, reverse=True)
        if len(checked) > 1 or any(PurePosixPath(path).name == "__init__.py" for path in checked):
            return ""
        return next(iter([*checked, *notebooks]), None)

    def beside(self, target: str) -> list[tuple[str, str]]:
        """Return the notebooks that are not checked, and why."""
        why = "another notebook is checked" if target.endswith(".ipynb") else "the Python files beside it are checked"
        return [(path, why) for path in sorted(self.files) if path.endswith(".ipynb") and path != target]

    def digest(self) -> str:
        """Return what tells the content from any other."""
        listed = [f"{path}\0{hashlib.sha256(self.files[path]).hexdigest()}" for path in sorted(self.files)]
        return hashlib.sha256("\n".join(listed).encode("utf-8", "surrogatepass")).hexdigest()

    def _size(self, path: str) -> tuple[int, str]:
        return len(self.files[path]), path


def find(folder: Path, depth: int = 1) -> list[Found]:
    """Return what each student handed in, sorted by name. Raises OSError where the folder cannot be read.

    Students are the entries ``depth`` levels below ``folder``, and files above.
    """
    groups: dict[str, list[tuple[str, Path]]] = {}
    for above, path in _entries(folder, depth, ""):
        student, name = student_of(path)
        groups.setdefault(above + student, []).append((name, path))
    return [Found(student, tuple(places)) for student, places in sorted(groups.items())]


def student_of(path: Path) -> tuple[str, str]:
    """Return whose an entry is, and its name in the submission, which is empty for a folder."""
    is_folder = path.is_dir() and not path.is_symlink()
    if moodle := _MOODLE.fullmatch(path.name):
        return moodle["student"], "" if is_folder else moodle["file"] or path.name
    if is_folder:
        return path.name, ""
    if canvas := _CANVAS.fullmatch(path.name):
        return f"{canvas['student']}_{canvas['number']}", canvas["file"]
    return path.stem, path.name


def hidden(folder: Path) -> list[tuple[str, str]]:
    """Return the entries of the folder that belong to no student, and why."""
    return [(path.name, "hidden") for path in sorted(folder.iterdir()) if _is_hidden(path.name)]


def read(found: Found) -> Submission:
    """Return the submission; what cannot be read is skipped, with the reason."""
    reader = _Reader(Submission(found.student))
    for name, path in found.places:
        reader.take(path, name, 0)
    return reader.submission


def _entries(folder: Path, depth: int, above: str) -> Iterator[tuple[str, Path]]:
    for path in sorted(folder.iterdir()):
        if _is_hidden(path.name):
            continue
        if depth > 1 and path.is_dir() and not path.is_symlink():
            yield from _entries(path, depth - 1, f"{above}{path.name}/")
        else:
            yield above, path


def _is_hidden(name: str) -> bool:
    return name.startswith(".") or name in FOLDERS


class _Reader:
    def __init__(self, submission: Submission) -> None:
        self.submission = submission
        self._left = MOST_BYTES

    def take(self, path: Path, name: str, nested: int) -> None:
        """Take what stands at ``path`` into the submission, as ``name``."""
        try:
            if path.is_symlink():
                self._skip(name or path.name, "it is a link")
            elif path.is_dir():
                self._take_folder(path, name, nested)
            elif not path.is_file():
                self._skip(name, "it is no file")
            elif path.stat().st_size > self._left:
                self._skip(name, "it is too large")
            else:
                self._take_bytes(name, path.read_bytes(), nested)
        except OSError as problem:
            self._skip(name or path.name, f"it cannot be read: {problem.strerror}")

    def _take_folder(self, folder: Path, name: str, nested: int) -> None:
        if (folder / "pyvenv.cfg").is_file():
            self._skip(name, "it is an environment")
            return
        for path in sorted(folder.iterdir()):
            inside = f"{name}/{path.name}".removeprefix("/")
            if _is_hidden(path.name):
                self._skip(inside, "hidden")
            else:
                self.take(path, inside, nested)

    def _take_bytes(self, name: str, data: bytes, nested: int) -> None:
        files = self.submission.files
        if name.lower().endswith(".zip") and nested < MOST_NESTED:
            folder = name.rpartition("/")[0]
            for path, content in entries(data, self._left, MOST_FILES):
                inside = f"{folder}/{path}".removeprefix("/") if path else name
                if isinstance(content, str):
                    self._skip(inside, content)
                elif any(map(_is_hidden, path.split("/"))):
                    self._skip(inside, "hidden")
                else:
                    self._take_bytes(inside, content, nested + 1)
        elif name in files:
            self._skip(name, "another file has its name")
        elif len(files) >= MOST_FILES or len(data) > self._left:
            self._skip(name, "the submission is too large")
        else:
            files[name] = data
            self._left -= len(data)
            if not name.endswith((*SUFFIXES, ".npy", ".txt", ".json", ".csv")):
                self._skip(name, "it is no Python")

    def _skip(self, name: str, why: str) -> None:
        self.submission.skipped.append((name, why))
