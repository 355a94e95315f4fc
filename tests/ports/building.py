"""How the sample ports are built: harness and network copied into one folder, as a user has them."""

import os
import shlex
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

PORTS = Path(__file__).parent
HARNESSES = PORTS.parents[1] / "spec" / "harnesses"
SECONDS = 300


@dataclass(frozen=True)
class Language:
    """A language: its harness, the files of the port, what builds them without a warning, and what runs the result."""

    harness: str
    files: Sequence[str]
    needs: Sequence[str]
    build: Sequence[Sequence[str]]
    run: Sequence[str]
    environment: Mapping[str, str] = field(default_factory=dict[str, str])

    @property
    def missing(self) -> list[str]:
        """What this machine lacks."""
        return [tool for tool in self.needs if shutil.which(tool) is None]


_C = ("cc", "-std=c11", "-O2", "-Wall", "-Wextra", "-Werror", "-o", "port", "harness.c")

LANGUAGES = {
    "c": Language("harness.c", ("network.c", "network.h"), ("cc",), [(*_C, "network.c", "-lm")], ("./port",)),
    "cpp": Language(
        "harness.cpp",
        ("network.cpp", "network.hpp"),
        ("c++",),
        [("c++", "-std=c++17", "-O2", "-Wall", "-Wextra", "-Werror", "-o", "port", "harness.cpp", "network.cpp")],
        ("./port",),
    ),
    "fortran": Language(
        "harness.f90",
        ("network.f90",),
        ("gfortran",),
        [("gfortran", "-std=f2018", "-O2", "-Wall", "-Wextra", "-Werror", "-o", "port", "network.f90", "harness.f90")],
        ("./port",),
    ),
    "go": Language(
        "harness.go",
        ("network.go",),
        ("go",),
        [("go", "vet", "harness.go", "network.go"), ("go", "build", "-o", "port", "harness.go", "network.go")],
        ("./port",),
        {"GO111MODULE": "off", "GOFLAGS": ""},
    ),
    "java": Language(
        "Harness.java",
        ("Network.java",),
        ("javac", "java"),
        [("javac", "-Xlint:all", "-Werror", "Harness.java", "Network.java")],
        ("java", "-cp", ".", "Harness"),
    ),
    "javascript": Language("harness.js", ("network.js",), ("node",), [], ("node", "harness.js")),
    "rust": Language(
        "harness.rs",
        ("network.rs",),
        ("rustc",),
        [("rustc", "-O", "-D", "warnings", "-o", "port", "harness.rs")],
        ("./port",),
    ),
}

TWINS = {
    "c": Language("harness.c", ("network.c", "network.h", "wrong.c"), ("cc",), [(*_C, "wrong.c", "-lm")], ("./port",)),
    "javascript": Language("harness.js", ("network.js", "wrong.js"), ("node",), [], ("node", "wrong.js")),
}
"""The same with three defects each."""


def built(name: str, language: Language, folder: Path, extra: Sequence[str] = ()) -> str:
    """Build a port in ``folder``, with ``extra`` options for the last step, and return it as a target of a check."""
    for path in (HARNESSES / language.harness, *(PORTS / name / file for file in language.files)):
        shutil.copy(path, folder)
    environment = {**os.environ, "GOCACHE": str(folder / "cache"), **language.environment}
    for command in language.build:
        subprocess.run([*command, *extra], cwd=folder, env=environment, check=True, timeout=SECONDS)
    return "exec:" + shlex.join([_in(folder, word) for word in language.run])


def _in(folder: Path, word: str) -> str:
    """Return a word of the command that runs a port as it reads from anywhere else."""
    return str(folder) if word == "." else str(folder / word) if (folder / word).is_file() else word
