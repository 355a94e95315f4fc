"""Which folder may import which, and what lies at the top."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

from tests import ROOT

PACKAGE = ROOT / "src" / "nnfs_spec"
MODULES = sorted(PACKAGE.rglob("*.py"))

LAYERS = (
    {"errors", "version", "support"},
    {"arrays"},
    {"reference", "oracle", "subject", "clauses"},
    {"domains", "fast", "vectors"},
    {"properties", "mutants", "generate"},
    {"adapters", "engine", "diagnosis"},
    {"reports"},
    {"checking"},
    {"grading"},
    {"cli", "__main__", "strategies", "streaming", "testing"},
)
"""Rooms by height: a module imports from lower rooms, or from its own."""

NEVER = {
    "reference": {"oracle", "properties", "mutants", "domains", "subject"},
    "oracle": {"reference", "properties", "mutants", "domains", "subject", "clauses"},
    "properties": {"reference", "mutants", "clauses"},
    "mutants": {"reference", "oracle", "properties"},
    "generate": {"reference", "properties", "mutants", "oracle"},
    "engine": {"reference", "adapters", "mutants", "diagnosis"},
    "diagnosis": {"reference", "adapters"},
    "reports": {"reference", "adapters", "properties", "mutants", "oracle", "generate"},
    "vectors": {"reference", "oracle"},
}
"""Rooms that must not know each other, whatever their height."""

KNOW_FAST = {"fast", "adapters"}
"""The only rooms that may know the fast twin, so that nothing judges by it."""

THIRD_PARTY = {
    "hypothesis": {"generate", "strategies"},
    "click": {"cli"},
    "rich": {"cli", "reports"},
    "pytest": {"testing"},
    "tomlkit": {"checking"},
    "flint": {"oracle"},
    "matplotlib": {"reports"},
    "jinja2": {"reports"},
    "dask": {"streaming"},
    **{peer: {"adapters/peers"} for peer in ("scipy", "sklearn", "torch", "jax", "onnx", "onnxruntime", "keras")},
}
"""The rooms that may import a library other than NumPy."""


def room(module: str) -> str:
    """Return the room of a module of the package, such as ``oracle`` for ``nnfs_spec.oracle.double_double``."""
    return [*module.split("."), ""][1] or "nnfs_spec"


def imports_of(path: Path) -> set[str]:
    """Return the modules that a file imports, at the top or inside a function."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: imports are absolute"
            found.add(node.module or "")
    return found


def violations(path: Path, imported: set[str]) -> list[str]:
    """Return what is wrong with the imports of one file."""
    here = room("nnfs_spec." + ".".join(path.relative_to(PACKAGE).with_suffix("").parts))
    height = {name: i for i, layer in enumerate(LAYERS) for name in layer}
    wrong: list[str] = []
    for module in sorted(imported):
        top, there = module.partition(".")[0], room(module)
        if top == "nnfs_spec":
            inside = there in ("nnfs_spec", here) or here == "__init__"
            allowed = inside or (height[there] <= height[here] and there not in NEVER.get(here, set()))
            allowed = allowed and (there != "fast" or here in KNOW_FAST)
        elif top in THIRD_PARTY:
            place = path.relative_to(PACKAGE).with_suffix("").as_posix()
            allowed = any(f"{place}/".startswith(f"{room}/") for room in THIRD_PARTY[top])
        else:
            allowed = top in sys.stdlib_module_names or top == "numpy"
        if not allowed:
            wrong.append(f"{here} imports {module}")
    return wrong


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_imports_point_one_way(path: Path) -> None:
    """Downwards, past the rooms that must not know each other."""
    assert violations(path, imports_of(path)) == []


@pytest.mark.parametrize(
    ("file", "module"),
    [
        ("arrays.py", "nnfs_spec.reference.relu"),
        ("reference/relu.py", "nnfs_spec.oracle"),
        ("oracle/relu.py", "nnfs_spec.reference.relu"),
        ("properties/relu.py", "nnfs_spec.reference.relu"),
        ("properties/relu.py", "hypothesis"),
        ("properties/relu.py", "pytest"),
        ("reports/escaping.py", "nnfs_spec.properties"),
        ("engine/run.py", "nnfs_spec.cli"),
        ("engine/run.py", "nnfs_spec.diagnosis.diagnose"),
        ("diagnosis/compare.py", "nnfs_spec.adapters.live"),
        ("vectors/judge.py", "nnfs_spec.oracle"),
        ("reference/relu.py", "nnfs_spec.fast.relu"),
        ("properties/relu.py", "nnfs_spec.fast"),
        ("__init__.py", "nnfs_spec.fast.relu"),
    ],
)
def test_an_import_the_other_way_is_noticed(file: str, module: str) -> None:
    """The check can fail."""
    assert violations(PACKAGE / file, {module}) == [f"{file.partition('/')[0].removesuffix('.py')} imports {module}"]


def loaded_by(module: str) -> set[str]:
    """Return the top-level modules outside the standard library that importing ``module`` loads."""
    code = f"import sys, {module}; print(*sorted({{name.partition('.')[0] for name in sys.modules}}))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True)
    return set(done.stdout.split()) - sys.stdlib_module_names


def test_importing_the_package_needs_numpy_alone() -> None:
    """And nothing of the kit."""
    assert loaded_by("nnfs_spec") - loaded_by("numpy.random") == {"nnfs_spec"}


def test_the_visible_top_level_is_exactly_as_agreed() -> None:
    """Dotfiles besides."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    top = {line.partition("/")[0] for line in listed.stdout.splitlines()}
    visible = {name for name in top if not name.startswith(".")}
    assert visible == {"spec", "src", "tests", "pyproject.toml", "README.md", "Makefile"}


def test_every_interpreter_is_started_in_one_way() -> None:
    """By ``launch.python``, which imports nothing from the current folder; no library starts one behind our back."""
    starting = {
        path.relative_to(PACKAGE).as_posix()
        for path in MODULES
        if "sys.executable" in path.read_text(encoding="utf-8") or "multiprocessing" in imports_of(path)
    }
    assert starting == {"adapters/process/launch.py"}
