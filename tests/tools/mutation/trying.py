"""Tries mutations: the tests of a module run on a copy of the package in which that one file is another.

Each try is a fork of a process that has loaded NumPy, Hypothesis and pytest already, so it costs little more than the
tests; nothing is ever written into the checkout.
"""

import compileall
import gc
import importlib
import os
import re
import resource
import shutil
import signal
import sys
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Generator, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, TypeAlias

import pytest

from tests.tools.mutation.mutations import PACKAGE, Mutation, mutations_of, path_of

ROOT = PACKAGE.parents[1]
LOADED = ("numpy", "numpy.random", "flint", "click", "rich.console", "tomlkit", "hypothesis", "hypothesis.strategies")
"""What most tests load, and no mutation touches."""

OPTIONS = (
    "-q",
    "-x",
    "--no-header",
    "--assert=plain",
    *(f"-pno:{name}" for name in ("cacheprovider", "xdist", "cov", "sybil")),
)
COPIED = ("src", "tests", "spec", ".ci", "pyproject.toml", "README.md", "Makefile")

MEMORY = 8 * 2**30
"""Bytes of address space that a try may have, lest a wrong size take all of the machine's."""

NOTICED = re.compile(r"^(?:FAILED|ERROR) (.+?::.+?)(?: - .*)?$", re.MULTILINE)
"""The test that failed, in what pytest prints."""

NOT_RUN = 70
"""The exit code of a try that ended outside pytest."""

Outcome: TypeAlias = Literal["killed", "survived", "timed out"]


class MutationToolError(RuntimeError):
    """The tests of a module did not run, or do not pass without any mutation."""


NOTHING = Mutation("version.py", 0, "", "", path_of("version.py").read_text(encoding="utf-8"))
"""No mutation at all."""


@dataclass
class _Place:
    """A copy of the package, and what runs on it."""

    folder: Path
    mutation: Mutation = NOTHING
    pid: int = 0
    started: float = 0.0
    limit: float = 0.0


@dataclass(frozen=True)
class Tried:
    """What became of a mutation, and the seconds of processor time that it took."""

    mutation: Mutation
    outcome: Outcome
    seconds: float


class _Order:
    """Runs the tests that noticed earlier mutations first, then plain ones, random cases, and the kit's own mutants."""

    def __init__(self, noticing: Counter[str]) -> None:
        self._noticing = noticing

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Sort the tests; pytest calls this."""
        items.sort(key=self._rank)

    def _rank(self, item: pytest.Item) -> tuple[int, int]:
        late = 2 if "each_mutant" in item.name else int("fuzz" in item.keywords)
        return -self._noticing[item.nodeid], late


@dataclass
class Workshop:
    """A few places at which tests run at the same time; ``workshop`` makes them."""

    places: list[_Place]
    costs: dict[tuple[str, ...], float] = field(default_factory=dict[tuple[str, ...], float])

    @property
    def package(self) -> Path:
        """The package as it was when the workshop was made, as long as nothing is tried."""
        return self.places[0].folder / "src" / "nnfs_spec"

    def mutations(self, module: str) -> Iterator[Mutation]:
        """Yield the mutations of a module of ``package``."""
        return mutations_of(module, (self.package / module).read_text(encoding="utf-8"))

    def seconds_without(self, tests: tuple[str, ...]) -> float:
        """Return what the tests cost while nothing is mutated. Raises MutationToolError where they do not pass."""
        if tests in self.costs:
            return self.costs[tests]
        place = self.places[0]
        _start(place, NOTHING, tests, 600.0, Counter())
        while (tried := _ended(place)) is None:
            time.sleep(0.01)
        if tried.outcome != "survived":
            raise MutationToolError(f"{' '.join(tests)} fail without a mutation:\n{_printed(place)}")
        self.costs[tests] = tried.seconds
        return tried.seconds

    def tries(self, mutations: Iterable[Mutation], tests: tuple[str, ...], seconds: float) -> Iterator[Tried]:
        """Yield what becomes of each mutation under ``tests``, which take ``seconds`` without one."""
        waiting = iter(mutations)
        noticing: Counter[str] = Counter()
        more = True
        while more or any(place.pid for place in self.places):
            for place in self.places:
                if place.pid and (tried := _ended(place)) is not None:
                    noticing.update(NOTICED.findall(_printed(place)))
                    yield tried
                if more and not place.pid:
                    following = next(waiting, None)
                    more = following is not None
                    if following is not None:
                        _start(place, following, tests, 3 * seconds + 10, noticing)
            time.sleep(0.01)


@contextmanager
def workshop(jobs: int) -> Generator[Workshop, None, None]:
    """Give ``jobs`` copies of the package under a folder that is removed afterwards."""
    for name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS"):
        os.environ[name] = "1"
    for name in LOADED:
        importlib.import_module(name)
    gc.freeze()  # what was loaded is not looked through again in every try
    with tempfile.TemporaryDirectory(prefix="mutation-") as folder:
        places = [_Place(Path(folder) / str(i)) for i in range(jobs)]
        _copy(ROOT, places[0].folder)
        compileall.compile_dir(places[0].folder, quiet=2)  # what is mutated later is newer than that
        for place in places[1:]:
            _copy(places[0].folder, place.folder)
        try:
            yield Workshop(places)
        finally:
            for place in places:
                if place.pid:
                    _end(place)
                    os.waitpid(place.pid, 0)


def _copy(checkout: Path, folder: Path) -> None:
    """Copy what tests need, with its times, so that compiled files stay valid; what is edited later changes nothing."""
    folder.mkdir()
    for name in COPIED:
        if (checkout / name).is_dir():
            shutil.copytree(checkout / name, folder / name)
        else:
            shutil.copy2(checkout / name, folder / name)
    _temporary(folder).mkdir()


def _temporary(folder: Path) -> Path:
    """Return where the tests on a copy have their temporary files: beside it, as beside a checkout, not in it."""
    return folder.with_name(f"{folder.name}-tmp")


def _start(place: _Place, mutation: Mutation, tests: tuple[str, ...], limit: float, noticing: Counter[str]) -> None:
    """Fork a process that runs ``tests`` on the mutated copy; ``limit`` is its processor time."""
    file = place.folder / "src" / "nnfs_spec" / mutation.module
    shutil.copy2(file, place.folder / "original")
    file.write_text(mutation.source, encoding="utf-8")
    place.mutation, place.started, place.limit = mutation, time.monotonic(), limit
    place.pid = os.fork()
    if place.pid:
        os.setpgid(place.pid, place.pid)  # here and in the child, so that neither is too early
    else:
        code = NOT_RUN
        try:
            code = _run(place, tests, limit, noticing)
        except BaseException:
            traceback.print_exc()
        finally:
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(code)


def _run(place: _Place, tests: tuple[str, ...], limit: float, noticing: Counter[str]) -> int:
    os.setpgid(0, 0)
    printed = os.open(place.folder / "printed", os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    nothing = os.open(os.devnull, os.O_RDONLY)
    for number, opened in ((0, nothing), (1, printed), (2, printed)):
        os.dup2(opened, number)
    resource.setrlimit(resource.RLIMIT_CPU, (int(limit) + 1, int(limit) + 10))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    os.environ["TMPDIR"] = str(_temporary(place.folder))
    os.environ["PYTHONPATH"] = str(place.folder / "src")
    os.environ["PYTHONDONTWRITEBYTECODE"] = "1"
    sys.dont_write_bytecode = True
    tempfile.tempdir = None
    sys.path[:0] = [str(place.folder), os.environ["PYTHONPATH"]]
    for name in [name for name in sys.modules if name.partition(".")[0] in ("tests", "nnfs_spec")]:
        del sys.modules[name]  # this program's own
    os.chdir(place.folder)
    return int(pytest.main([*OPTIONS, *tests], plugins=[_Order(noticing)]))


def _ended(place: _Place) -> Tried | None:
    """Return what became of the try at a place, or None while it runs."""
    if os.waitid(os.P_PID, place.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is None:
        if time.monotonic() - place.started > 10 * place.limit:
            _end(place)
        return None
    _end(place)  # before the number is given back, so that it cannot be another group's
    _, status, usage = os.wait4(place.pid, 0)
    code, mutation = os.waitstatus_to_exitcode(status), place.mutation
    place.pid = 0
    shutil.copy2(place.folder / "original", place.folder / "src" / "nnfs_spec" / mutation.module)
    seconds = usage.ru_utime + usage.ru_stime
    if code in (-signal.SIGXCPU, -signal.SIGKILL):
        return Tried(mutation, "timed out", seconds)
    if code in (pytest.ExitCode.USAGE_ERROR, pytest.ExitCode.NO_TESTS_COLLECTED, NOT_RUN):
        raise MutationToolError(f"the tests did not run:\n{_printed(place)}")
    return Tried(mutation, "survived" if code == pytest.ExitCode.OK else "killed", seconds)


def _end(place: _Place) -> None:
    """End what is left of the group of a try."""
    try:
        os.killpg(place.pid, signal.SIGKILL)
    except ProcessLookupError:
        return


def _printed(place: _Place) -> str:
    return (place.folder / "printed").read_text(encoding="utf-8", errors="replace")
