"""Loads Python sources by their definitions: imports, functions, classes and constants, and nothing that runs on.

Three in four course files print, plot, train or read files when they are imported; the definitions alone are what is
to be checked. Files that a target imports from its own folder or package are loaded in the same way.
"""

import ast
import importlib
import importlib.abc
import importlib.util
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from importlib.machinery import ModuleSpec, PathFinder, SourceFileLoader
from pathlib import Path
from types import ModuleType
from typing import Any

from nnfs_spec.adapters.source.cells import NOTEBOOK, read_cells
from nnfs_spec.adapters.source.definitions import Definitions
from nnfs_spec.adapters.source.kit_use import kit_used

MODULE_NAME = "nnfs_spec_target"
"""What the target is called as a module, so that its own name cannot shadow another."""

PROTECTED = sys.stdlib_module_names | {"numpy", "nnfs_spec"}
"""The modules whose place no file beside the target can take: the checker needs them."""


@dataclass(frozen=True)
class Loaded:
    """What a target gives.

    ``names`` are its own public ones, ``everything`` its whole namespace, and ``broken`` says of every function or
    class that could not be defined why.
    """

    names: Mapping[str, Any]
    everything: Mapping[str, Any]
    broken: Mapping[str, str]
    definitions: Definitions

    def namespaces(self) -> list[Mapping[str, Any]]:
        """Return its whole namespace and those of the modules of its own that it has imported."""
        return [self.everything, *(vars(sys.modules[name]) for name in self.definitions.modules if name in sys.modules)]

    def explain(self, error: BaseException) -> str:
        """Return the message of an exception, with what is known of its cause."""
        return self.definitions.explain(error)

    @property
    def notes(self) -> list[str]:
        """What was left out, as far as it has not been made up for."""
        return [*self.definitions.notes, *self.definitions.skipped()]

    @property
    def notices(self) -> list[str]:
        """What was not run though it changes what is checked, and where the target uses the kit itself."""
        return [*self.definitions.changes, *kit_used(self.definitions.kit_uses)]

    @property
    def lacking(self) -> Mapping[str, str]:
        """What could not be defined as something was not run, and why."""
        return self.definitions.lacking


class _Loader(importlib.abc.Loader):
    def __init__(self, path: Path, place: str, definitions: Definitions) -> None:
        self._path = path
        self._place = place
        self._definitions = definitions

    def create_module(self, spec: ModuleSpec) -> None:
        return None

    def exec_module(self, module: ModuleType) -> None:
        cells, notes = read_cells(self._path, self._place)
        self._definitions.notes += notes
        self._definitions.run(cells, module)


class _Finder(importlib.abc.MetaPathFinder):
    """Finds the target under its name as a module, and the files beside it and in its package."""

    def __init__(self, target: Path, top: Path, definitions: Definitions) -> None:
        self._target = target.absolute()  # the folder that it is told from may be left
        self._top = top.absolute() if top.is_dir() else top
        beside = self._target if target.is_dir() else self._target.parent
        roots = [str(beside), str(_outermost(beside).parent)]
        in_package = (beside / "__init__.py").exists()  # then a name is looked for beside the package first
        self._roots = roots[::-1] if in_package else roots
        self._definitions = definitions

    def install(self) -> None:
        """Take the place of the finder of an earlier target, whose modules are forgotten."""
        for earlier in [finder for finder in sys.meta_path if isinstance(finder, _Finder)]:
            sys.meta_path.remove(earlier)
            for name in earlier._definitions.modules:
                sys.modules.pop(name, None)
        sys.meta_path.insert(0, self)

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """Return how a module of the target's own is loaded; None where it is not of its own."""
        if fullname == MODULE_NAME:
            return self._spec_of_target()
        parent, _, _ = fullname.rpartition(".")
        if fullname in PROTECTED if not parent else parent not in self._definitions.modules:
            return None
        found = PathFinder.find_spec(fullname, path if parent else self._roots)
        if found is None:
            return None
        itself_or_folder = found.origin is None or Path(found.origin).samefile(self._target)
        if itself_or_folder and not parent and PathFinder.find_spec(fullname) is not None:
            return None  # neither a mere folder nor the target itself hides an installed module
        self._definitions.modules.add(fullname)
        if isinstance(found.loader, SourceFileLoader):
            found.loader = self._loader(Path(found.loader.path))
        return found

    def _spec_of_target(self) -> ModuleSpec:
        self._definitions.modules.add(MODULE_NAME)
        if not self._top.is_dir():
            return self._spec_of(self._top, None)
        init = self._top / "__init__.py"
        if init.exists():
            return self._spec_of(init, [str(self._top)])
        spec = ModuleSpec(MODULE_NAME, None)
        spec.submodule_search_locations = [str(self._top)]
        return spec

    def _spec_of(self, path: Path, inside: list[str] | None) -> ModuleSpec:
        spec = importlib.util.spec_from_file_location(
            MODULE_NAME, path, loader=self._loader(path), submodule_search_locations=inside
        )
        assert spec is not None
        return spec

    def _loader(self, path: Path) -> _Loader:
        itself = path.exists() and path.samefile(self._target)
        return _Loader(path, "" if itself else f"{path.name} ", self._definitions)


def load_source(
    path: Path,
    run_all: bool = False,
    survives: Callable[[Callable[[], object]], bool] | None = None,
    wanted: Callable[[str], bool] = lambda name: False,
) -> Loaded:
    """Return what a Python file, a notebook or a folder of Python files defines.

    ``wanted`` tells the names of functions that are to be made though that runs code of the target, which ``survives``
    tries where it can do no harm. Raises OSError, SyntaxError or ValueError where it cannot be read as Python.
    """
    definitions = Definitions(run_all, survives)
    path = path.parent if path.name == "__init__.py" else path
    top = _top_of(path)
    _Finder(path, top, definitions).install()
    files = _files_of(path) if path.is_dir() else [path]
    modules: list[ModuleType] = []
    for file in files:
        try:
            modules.append(importlib.import_module(_module_name(file, top)))
        except Exception as problem:
            if not path.is_dir():
                raise
            definitions.notes.append(f"{file.relative_to(path)}: {type(problem).__name__}: {problem}")
    definitions.make_functions(wanted)
    everything = {name: value for module in reversed(modules) for name, value in vars(module).items()}
    return Loaded(_own(everything, definitions), everything, definitions.broken, definitions)


def _module_name(file: Path, top: Path) -> str:
    """Return what a file is called as a module, ``top`` being called MODULE_NAME."""
    inside = file.resolve().relative_to(top.resolve()).parts
    parts = [*inside[:-1], *(Path(last).stem for last in inside[-1:] if last != "__init__.py")]
    return ".".join([MODULE_NAME, *parts])


def _top_of(path: Path) -> Path:
    """Return the folder of the whole package that a target is in; the target itself where it is in none."""
    if path.is_dir() or path.suffix == NOTEBOOK or not path.exists():
        folder = path
    else:
        nodes = [node for cell in read_cells(path)[0] for node in ast.walk(cell.tree)]
        levels = [node.level for node in nodes if isinstance(node, ast.ImportFrom) and node.level]
        if not levels:
            return path
        folder = path.resolve().parents[max(levels) - 1]
    return _outermost(folder) if folder.is_dir() else folder


def _outermost(folder: Path) -> Path:
    """Return the highest package that a folder belongs to, or the folder."""
    while (folder.resolve().parent / "__init__.py").exists():
        folder = folder.resolve().parent
    return folder


def _files_of(folder: Path) -> list[Path]:
    """Return the Python files of a folder and of those in it, its own first, but for tests and scripts that run it."""
    files = sorted(folder.rglob("*.py"), key=lambda path: (len(path.parts), path.name != "__init__.py", path))
    left_out = ("test_", "conftest", "setup", "__main__")
    return [path for path in files if not path.name.startswith(left_out)]


def _own(everything: Mapping[str, Any], definitions: Definitions) -> dict[str, Any]:
    """Return the public names that are the target's own: what it imported from elsewhere is not under check."""
    return {
        name: value
        for name, value in everything.items()
        if not name.startswith("_")
        and (getattr(value, "__module__", "") in definitions.modules or (name in definitions.made and callable(value)))
    }
