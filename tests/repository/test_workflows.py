"""What other repositories use from a tag of this one: the action of GitHub, and the hook of pre-commit."""

import importlib
import os
import shlex
import subprocess
import sys
import venv
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from nnfs_spec.clauses import spec_folder
from tests import ROOT

read_yaml: Callable[[str], Any] = importlib.import_module("yaml").safe_load  # it has no types of its own
FOLDER = ROOT / ".github" / "actions" / "check"
ACTION: dict[str, Any] = read_yaml((FOLDER / "action.yml").read_text(encoding="utf-8"))
LEAKY = "import numpy as np\n\n\ndef relu(x):\n    return np.where(x > 0, x, x / 8)\n"
COMMANDS = str(Path(sys.executable).parent)


def run_step(number: int, folder: Path, commands: str = COMMANDS, **more: str) -> subprocess.CompletedProcess[str]:
    """Run a step of the action as a runner does, in ``folder``."""
    step = ACTION["runs"]["steps"][number]
    assert step["shell"] == "bash"
    outside = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    known = {"GITHUB_ACTION_PATH": str(FOLDER), "RUNNER_TEMP": str(folder), "GITHUB_STEP_SUMMARY": str(folder / "s.md")}
    environment = {**outside, "PATH": f"{commands}{os.pathsep}{os.environ['PATH']}", **known, **more}
    command = ["bash", "--noprofile", "--norc", "-e", "-o", "pipefail", "-c", step["run"]]
    return subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, timeout=300, check=False
    )


def given(step: Mapping[str, Any], inputs: Mapping[str, str]) -> dict[str, str]:
    """Return the environment of a step with the inputs in their places."""
    values = {f"${{{{ inputs.{name} }}}}": value for name, value in inputs.items()}
    return {name: values[wanted] for name, wanted in step.get("env", {}).items()}


def checked(folder: Path, target: str, options: str) -> subprocess.CompletedProcess[str]:
    """Run the step that checks."""
    step = ACTION["runs"]["steps"][1]
    return run_step(1, folder, **given(step, {"target": target, "options": options}))


def test_the_action_annotates_the_line_and_ends_as_the_check_does(tmp_path: Path) -> None:
    """And the summary of the job shows the report."""
    (tmp_path / "my relu.py").write_text(LEAKY)
    done = checked(tmp_path, "my relu.py", "--budget quick --clause RELU-1 --badge badge.json")
    assert done.returncode == 1, done.stderr
    (line,) = [one for one in done.stdout.splitlines() if one.startswith("::")]
    assert line.startswith("::error file=my relu.py,line=4,title=RELU-1%3A The larger of 0 and x::relu gave ")
    assert "SOFTMAX" not in done.stdout
    assert (tmp_path / "s.md").read_text().startswith("### nonconformant: `my relu.py`")
    assert (tmp_path / "badge.json").exists()


def test_the_action_ends_well_without_options_and_says_what_cannot_be_loaded(tmp_path: Path) -> None:
    """Then there is no summary."""
    (tmp_path / "right.py").write_text("import numpy as np\ndef relu(x):\n    return np.maximum(0, x)\n")
    assert checked(tmp_path, "right.py", "--budget quick --clause RELU-7").returncode == 0
    (tmp_path / "s.md").unlink()
    (tmp_path / "nnfs-spec.md").unlink()
    assert checked(tmp_path, "no_such.py", "").returncode == 3
    assert not (tmp_path / "s.md").exists()


def test_every_input_is_used_and_described() -> None:
    """And nothing else, and no input stands in a command, where it could be one."""
    steps = ACTION["runs"]["steps"]
    wanted = {value for step in steps for value in step.get("env", {}).values()}
    assert wanted == {f"${{{{ inputs.{name} }}}}" for name in ACTION["inputs"]}
    assert all(one["description"] for one in ACTION["inputs"].values())
    assert not any("${{" in step["run"] for step in steps)


@pytest.mark.gate
def test_the_action_installs_the_package_of_its_own_tag(tmp_path: Path) -> None:
    """Into the Python that there is."""
    venv.create(tmp_path / "env", with_pip=True)
    commands = tmp_path / "env" / "bin"
    done = run_step(0, tmp_path, str(commands))
    assert done.returncode == 0, done.stderr
    assert (commands / "nnfs-spec").exists()


def test_the_hook_checks_the_files_that_it_is_given(tmp_path: Path) -> None:
    """By the entry point that the package has."""
    (hook,) = read_yaml((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))
    assert (hook["id"], hook["language"]) == ("nnfs-spec", "python")
    (tmp_path / "relu.py").write_text(LEAKY)
    command = [*shlex.split(hook["entry"]), "relu.py"]
    path = f"{COMMANDS}{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run(
        command,
        cwd=tmp_path,
        env={**os.environ, "PATH": path},
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )
    assert done.returncode == 1, done.stderr
    assert "relu.py: nonconformant" in done.stdout


def test_the_page_about_checking_shows_both() -> None:
    page = (spec_folder() / "checking.md").read_text(encoding="utf-8")
    assert f"/{FOLDER.relative_to(ROOT)}@v" in page
    assert "- id: nnfs-spec" in page
