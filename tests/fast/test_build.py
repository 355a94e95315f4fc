"""The build of the kernels, and a package that has none."""

import os
import platform
import subprocess
import sys
import sysconfig
from pathlib import Path

import numpy as np
import pytest

from nnfs_spec.fast import build as building
from nnfs_spec.fast import native
from nnfs_spec.fast.build import BuildError, NoCompilerError, build, compiler, headers
from nnfs_spec.fast.native import NONE, Kernels
from tests.tools.kernels import built


def test_without_a_compiler_the_build_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    """Which it looked for."""
    monkeypatch.delenv("CXX", raising=False)
    monkeypatch.setenv("PATH", "")
    with pytest.raises(NoCompilerError, match=r"^no C\+\+ compiler: c\+\+, g\+\+, clang\+\+ not found$"):
        compiler()
    monkeypatch.setenv("CXX", "my-compiler")
    with pytest.raises(NoCompilerError, match=r"^no C\+\+ compiler: my-compiler not found$"):
        build(Path())


def test_the_compiler_can_be_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """By the variable that other builds read as well."""
    monkeypatch.setenv("CXX", sys.executable)
    assert compiler() == sys.executable


def test_without_headers_the_build_says_so(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Where it looked for them."""
    monkeypatch.setattr(sysconfig, "get_path", lambda name: str(tmp_path))  # pyright: ignore
    with pytest.raises(NoCompilerError) as caught:
        headers()
    assert str(caught.value) == f"no headers of Python: {tmp_path / 'Python.h'} not found"


def test_what_the_compiler_says_is_shown(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """And no file is left."""
    failing = tmp_path / "compiler"
    failing.write_text("#!/bin/sh\necho wrong >&2\nexit 1\n")
    failing.chmod(0o755)
    monkeypatch.setenv("CXX", str(failing))
    monkeypatch.setattr(building, "headers", lambda: tmp_path)
    with pytest.raises(BuildError) as caught:
        build(tmp_path / "made")
    assert str(caught.value) == f"{failing} failed:\nwrong\n"
    assert not (tmp_path / "made").exists()


def recording(folder: Path) -> Path:
    """Return a compiler that writes down how it was called, and makes empty files."""
    script = folder / "compiler"
    script.write_text(
        f"#!{sys.executable}\nimport sys\nopen({str(folder / 'calls')!r}, 'a').write(' '.join(sys.argv[1:]) + '\\n')\n"
        "open(sys.argv[sys.argv.index('-o') + 1], 'w').close()\n"
    )
    script.chmod(0o755)
    return script


@pytest.mark.parametrize(
    ("machine", "system", "levels", "link"),
    [("x86_64", "linux", 3, "-shared"), ("aarch64", "linux", 1, "-shared"), ("arm64", "darwin", 1, "-bundle")],
)
def test_every_system_has_its_instruction_sets(
    machine: str, system: str, levels: int, link: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """And products are never contracted with sums."""
    monkeypatch.setattr(platform, "machine", lambda: machine)
    monkeypatch.setattr(sys, "platform", system)
    monkeypatch.setenv("CXX", str(recording(tmp_path)))
    monkeypatch.setattr(building, "headers", lambda: tmp_path)
    assert build(tmp_path / "made").exists()
    calls = (tmp_path / "calls").read_text().splitlines()
    kernels = [call for call in calls if "kernels.cpp" in call]
    assert len(kernels) == levels
    assert all("-ffp-contract=off" in call for call in kernels)
    assert calls[-1].startswith(link)


def test_the_command_builds_and_says_where(tmp_path: Path, kernels: Kernels) -> None:
    """A build with a compiler that does nothing stands for one of a minute."""
    assert kernels is not NONE
    command = [sys.executable, "-m", "nnfs_spec.fast.build", str(tmp_path / "made")]
    environment = {**os.environ, "CXX": str(recording(tmp_path))}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60, check=True)
    assert done.stdout == f"{tmp_path / 'made' / native.FILE}\n"
    environment["CXX"] = "my-compiler"
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, done.stderr) == (1, "no C++ compiler: my-compiler not found\n")


@pytest.mark.gate
def test_the_kernels_of_another_processor_have_the_same_bits(
    kernels: Kernels, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Compiled for whatever there is, as on aarch64, and loaded by another process."""
    monkeypatch.setattr(platform, "machine", lambda: "another")
    monkeypatch.setenv(native.VARIABLE, str(build(tmp_path)))
    code = "import numpy, sys; from nnfs_spec.fast import native, softmax, compiled; print(native.kernels.levels()); "
    code += "print(softmax(numpy.random.default_rng(0).normal(size=(99, 50))).tobytes().hex())"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True)
    levels, got = done.stdout.splitlines()
    found = kernels.softmax(np.random.default_rng(0).normal(size=(99, 50)), None, 1)
    assert found is not None
    assert (levels, got) == ("['plain']", found.tobytes().hex())


def test_kernels_are_found_where_the_environment_says(kernels: Kernels, monkeypatch: pytest.MonkeyPatch) -> None:
    """None, where it says none, where the file is not there, or where it was made of other sources."""
    assert kernels is not NONE
    monkeypatch.setenv(native.VARIABLE, str(built()))
    assert native.found() is not NONE
    monkeypatch.setattr(native, "digest", lambda: "of other sources")
    assert native.found() is NONE
    for path in ("", "/nowhere/kernels.abi3.so"):
        monkeypatch.setenv(native.VARIABLE, path)
        assert native.found() is NONE


@pytest.mark.parametrize("way", ["kernels", "no kernels"])
def test_compiled_says_whether_there_are_kernels(way: str, request: pytest.FixtureRequest) -> None:
    """In a process of its own, where everything works either way."""
    if way == "kernels":
        request.getfixturevalue("kernels")
    path = str(built()) if way == "kernels" else ""
    code = "from nnfs_spec import fast; print(fast.compiled, fast.softmax([[0, 0]]), fast.loss([[0.5, 0.5]], [1]))"
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, native.VARIABLE: path},
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    assert done.stdout == f"{way == 'kernels'} [[0.5 0.5]] 0.6931471805599453\n"
