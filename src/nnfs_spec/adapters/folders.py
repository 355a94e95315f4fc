"""A folder as a target: a package, or the targets that stand in it."""

from pathlib import Path

from nnfs_spec.adapters.loading import is_named

SUFFIXES = (".ipynb", ".py")


def is_folder_of_targets(target: str) -> bool:
    """Tell whether ``target`` is a folder that is no package itself."""
    return not is_named(target) and Path(target).is_dir() and not (Path(target) / "__init__.py").exists()


def targets_in(folder: Path) -> list[str]:
    """Return the files and packages that stand in ``folder`` itself, sorted; hidden ones are left out."""
    shown = (path for path in sorted(folder.iterdir()) if not path.name.startswith((".", "_")))
    return [str(path) for path in shown if path.suffix in SUFFIXES or (path / "__init__.py").is_file()]
