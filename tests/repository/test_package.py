"""The wheel, installed into empty environments: the library on NumPy alone, the kit on its few needs."""

import subprocess
import sys
import venv
from importlib.metadata import requires, version
from pathlib import Path

import pytest

from tests import ROOT


def run(*command: str | Path) -> str:
    """Run a command outside the checkout and return what it prints."""
    done = subprocess.run([*map(str, command)], cwd="/", capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def needs() -> list[str]:
    """Return what the wheel asks for, without the extras."""
    return [one for one in requires("nnfs-spec") or [] if "extra ==" not in one]


def pinned(name: str) -> str:
    """Return a requirement for the version that is installed here."""
    return f"{name}=={version(name)}"


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the wheel."""
    folder = tmp_path_factory.mktemp("wheel")
    run(sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation", "-w", folder, ROOT)
    (built,) = folder.glob("*.whl")
    return built


def environment(folder: Path, *requirements: str | Path) -> Path:
    """Make an empty environment, install requirements as they are, and return its folder of commands."""
    venv.create(folder, with_pip=True)
    run(folder / "bin" / "pip", "install", "--quiet", "--no-deps", *requirements)
    return folder / "bin"


@pytest.mark.gate
def test_the_library_needs_numpy_alone(wheel: Path, tmp_path: Path) -> None:
    """Import, compute, and find py.typed beside it."""
    commands = environment(tmp_path / "env", wheel, pinned("numpy"))
    code = "import nnfs_spec, importlib.resources as r; print(nnfs_spec.softmax([[0, 0]]))"
    assert run(commands / "python", "-c", code) == "[[0.5 0.5]]\n"
    typed = "import importlib.resources as r; print(r.files('nnfs_spec').joinpath('py.typed').is_file())"
    assert run(commands / "python", "-c", typed) == "True\n"


@pytest.mark.gate
def test_the_kit_runs_from_the_wheel(wheel: Path, tmp_path: Path) -> None:
    """With the specification inside, and nothing installed but what the wheel asks for."""
    needed = [one.partition(">")[0] for one in needs()]
    below = ["sortedcontainers", "markdown-it-py", "mdurl", "pygments", "markupsafe"]
    commands = environment(tmp_path / "env", wheel, *map(pinned, needed + below))
    run(commands / "pip", "check")
    told = run(commands / "nnfs-spec", "explain", "SOFTMAX-3")
    assert told.startswith("## SOFTMAX-3 (MUST)")
    checked = run(commands / "nnfs-spec", "check", "reference", "--budget", "quick", "--clause", "SOFTMAX-3")
    assert "reference: conformant; 1 clause passes" in checked.splitlines()


@pytest.mark.gate
def test_the_oldest_versions_that_are_declared_are_enough(wheel: Path, tmp_path: Path) -> None:
    """Every lower bound of pyproject.toml at once: the invariants hold, and the reference conforms."""
    oldest = [one.replace(">=", "==") for one in needs()]
    assert all("==" in one for one in oldest), "every requirement has a lower bound"
    venv.create(tmp_path, with_pip=True)
    commands = tmp_path / "bin"
    run(commands / "pip", "install", "--quiet", wheel, pinned("pytest"), *oldest)
    run(commands / "pip", "check")
    run(commands / "python", "-m", "pytest", "-q", "-p", "no:cacheprovider", ROOT / "tests" / "test_invariants.py")
    checked = run(commands / "nnfs-spec", "check", "reference", "--budget", "quick")
    assert any(line.startswith("reference: conformant; ") for line in checked.splitlines())
