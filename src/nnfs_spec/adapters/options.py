"""How a target is to be loaded: the choices that people make on the command line."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path

from nnfs_spec.subject.protocol import Sandbox

REFERENCE = "reference"
MUTANT = "mutant:"
PEER = "peer:"
"""Targets that are no files: the reference, and how the names of a mutant and of another library begin."""


@dataclass(frozen=True)
class Loading:
    """``run_all`` executes every statement of the target; ``mapping`` names what stands for an operation.

    An entry of ``mapping`` is ``operation=module:name``, where the module may be left out for the target's own.
    ``sandbox`` is what the process that loads it lives in: "auto" is bubblewrap where it can be had.
    """

    run_all: bool = False
    mapping: tuple[str, ...] = ()
    sandbox: Sandbox = "none"


DEFINITIONS = Loading()
"""What is done without being asked: only definitions are executed, and every operation is looked for."""


def to_text(loading: Loading) -> str:
    """Return ``loading`` as an argument for the process that loads."""
    return json.dumps(asdict(loading))


def from_text(text: str) -> Loading:
    """Return what ``to_text`` wrote."""
    told = json.loads(text)
    return Loading(bool(told["run_all"]), tuple(told["mapping"]), told["sandbox"])


def is_named(target: str) -> bool:
    """Tell whether ``target`` is a name that the kit knows by itself, and no path or module."""
    return target == REFERENCE or target.startswith((MUTANT, PEER))


SUFFIXES = (".ipynb", ".py")


def is_folder_of_targets(target: str) -> bool:
    """Tell whether ``target`` is a folder that is no package itself."""
    return not is_named(target) and Path(target).is_dir() and not (Path(target) / "__init__.py").exists()


def targets_in(folder: Path) -> list[str]:
    """Return the files and packages in ``folder`` and its folders, sorted, without hidden ones and environments."""
    found: list[str] = []
    for path in sorted(folder.iterdir()):
        if path.name.startswith((".", "_")) or (path / "pyvenv.cfg").is_file():
            continue
        if path.suffix in SUFFIXES or (path / "__init__.py").is_file():
            found.append(str(path))
        elif path.is_dir():
            found += targets_in(path)
    return found
