"""Compiles the kernels: ``make kernels``, or ``python -m nnfs_spec.fast.build [FOLDER]``.

It needs a C++ compiler of the kind of GCC or Clang (CXX names one) and Python's headers. The file goes beside this one,
where ``nnfs_spec.fast`` finds it, and serves every Python from 3.11 on.
"""

import os
import platform
import shutil
import subprocess
import sys
import sysconfig
import tempfile
from pathlib import Path

from nnfs_spec.fast.native import FILE, SOURCES, digest

LEVELS = {
    "sse4": ["-msse4.1"],
    "avx2": ["-mavx2"],
    "avx512": ["-mavx512f", "-mavx512dq", "-mavx512bw", "-mavx512vl", "-mprefer-vector-width=512"],
}
"""The instruction sets of x86-64, the least first, and what the compiler calls them; elsewhere there is one."""

OPTIONS = ["-std=c++17", "-O3", "-fPIC", "-fvisibility=hidden", "-pthread", "-Wall", "-Wextra", "-Wno-psabi"]
EXACT = ["-ffp-contract=off", "-fno-math-errno", "-fno-trapping-math"]
"""A product and a sum are rounded one after the other; nobody asks for the floating-point flags."""


class BuildError(Exception):
    """The compiler failed; the message is what it printed."""


class NoCompilerError(BuildError):
    """There is no compiler, or there are no headers of Python."""


def compiler() -> str:
    """Return the command of the compiler. Raises NoCompilerError where none is found."""
    names = [os.environ["CXX"]] if os.environ.get("CXX") else ["c++", "g++", "clang++"]
    found = next(filter(None, map(shutil.which, names)), None)
    if found is None:
        raise NoCompilerError(f"no C++ compiler: {', '.join(names)} not found")
    return found


def headers() -> Path:
    """Return the folder of Python's headers. Raises NoCompilerError where they are not installed."""
    folder = Path(sysconfig.get_path("include"))
    if not (folder / "Python.h").exists():
        raise NoCompilerError(f"no headers of Python: {folder / 'Python.h'} not found")
    return folder


def build(folder: Path) -> Path:
    """Compile the kernels into ``folder`` and return the file. Raises BuildError where it cannot be done."""
    command, include = compiler(), headers()
    levels: dict[str, list[str]] = LEVELS if platform.machine() in ("x86_64", "AMD64") else {"plain": []}
    listed = " ".join(f"X({name})" for name in levels)
    told = [f"-DNNFS_LEVELS(X)={listed}", f'-DNNFS_SOURCE="{digest()}"', f"-I{include}"]
    with tempfile.TemporaryDirectory() as work:
        objects = [Path(work) / f"{name}.o" for name in (*levels, "module")]
        for (name, flags), path in zip(levels.items(), objects, strict=False):
            _run(command, *OPTIONS, *EXACT, *flags, f"-DLEVEL={name}", "-c", SOURCES / "kernels.cpp", "-o", path)
        _run(command, *OPTIONS, *told, "-c", SOURCES / "module.cpp", "-o", objects[-1])
        link = ["-bundle", "-undefined", "dynamic_lookup"] if sys.platform == "darwin" else ["-shared"]
        made = Path(work) / FILE
        _run(command, *link, "-pthread", *objects, "-o", made)
        folder.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(made, folder / f"{FILE}.new")
        return (folder / f"{FILE}.new").replace(folder / FILE)  # at once: a process may have the old one loaded


def _run(*command: str | Path) -> None:
    done = subprocess.run([*map(str, command)], capture_output=True, text=True, check=False)
    if done.returncode:
        raise BuildError(f"{command[0]} failed:\n{done.stderr}")


def main() -> None:
    """Compile, and say where the file is."""
    try:
        print(build(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent))
    except BuildError as problem:
        sys.exit(str(problem))


if __name__ == "__main__":
    main()
