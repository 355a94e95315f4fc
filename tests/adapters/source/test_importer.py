"""From a source to its names: files, notebooks, folders and modules, loaded by their definitions alone."""

import ast
import json
import sys
from collections.abc import Mapping
from importlib.abc import MetaPathFinder
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest

from nnfs_spec import check
from nnfs_spec.adapters.isolated import IsolatedSubject
from nnfs_spec.adapters.load import load
from nnfs_spec.adapters.options import Loading, is_folder_of_targets, targets_in
from nnfs_spec.adapters.source.cells import Cell, lines
from nnfs_spec.adapters.source.definitions import Definitions
from nnfs_spec.adapters.source.importer import load_source
from nnfs_spec.subject.protocol import Answer, Call, Outcome, Refusal
from tests import ROOT

SEED = ROOT / "tests" / "targets" / "seed.py"
ROW = np.array([[-1.0, 2.0]])
RELU = Call("relu", (ROW,))
RIGHT = "def relu(x): return np.maximum(0, x)\n"
EVERYTHING = Loading(run_all=True)


def written(folder: Path, code: str, name: str = "target.py") -> Path:
    """Write a source that begins by importing NumPy."""
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"import numpy as np\n{code}", encoding="utf-8")
    return path


def notebook(folder: Path, *cells: str | tuple[str, str], form: int = 4) -> Path:
    """Write a notebook of code cells, and of others given as a kind and a text."""
    made: list[dict[str, Any]] = []
    for cell in cells:
        kind, text = cell if isinstance(cell, tuple) else ("code", cell)
        made.append({"cell_type": kind, ("source" if form == 4 else "input"): text.splitlines(keepends=True)})
    path = folder / "target.ipynb"
    path.write_text(json.dumps({"cells": made} if form == 4 else {"worksheets": [{"cells": made}]}), encoding="utf-8")
    return path


def relu_of(target: Path | str, loading: Loading = Loading()) -> Outcome:  # noqa: B008  # frozen
    """Return what a target's relu gives for a row."""
    return load(str(target), loading).run([RELU])[0]


def is_right(outcome: Outcome) -> bool:
    """Tell whether relu gave what it must."""
    return isinstance(outcome, Answer) and outcome.results[0].tolist() == [[0.0, 2.0]]


def notes_of(path: Path) -> list[str]:
    """Return what is noted about a source."""
    return list(load_source(path).notes)


def test_the_seeds_code_is_found_without_running_it(capsys: pytest.CaptureFixture[str]) -> None:
    """Its definitions are taken, its prints, its training data and its broken cells are not."""
    subject = load(str(SEED))
    assert sorted(subject.operations) == ["dense", "layer", "loss", "relu", "sample_losses", "softmax"]
    (note,) = subject.account().problems
    assert note.startswith("lines 36, 38, 40, 42, 44-45, 47-48, ")
    assert note.endswith(": 26 statements that are no definitions were not run")
    assert capsys.readouterr().out == ""


def test_a_path_can_be_checked_from_python() -> None:
    """In a process of its own."""
    report = check(str(SEED), clauses=["RELU-1", "ACC-1"], budget="quick")
    assert [result.status for result in report.clauses] == ["pass", "unsupported"]
    assert report.taken[1] == "relu: `Activation_ReLU.forward`; its output is `.output`"


def test_functions_and_modules_are_found() -> None:
    """Our own package is a module like any other."""
    assert load("nnfs_spec").operations == load("reference").operations
    assert load("nnfs_spec.reference.relu").operations == {"relu"}


def test_names_imported_from_elsewhere_are_not_under_check(tmp_path: Path) -> None:
    """A file that imports softmax does not have it; private names are not looked at."""
    code = "from nnfs_spec import softmax\ndef _softmax(x): return x\ndef relu(x): return x\n"
    assert load(str(written(tmp_path, code))).operations == {"relu"}


def test_a_missing_import_stands_in_until_it_is_used(tmp_path: Path) -> None:
    """And then says what is missing: here where a trial call has not been."""
    code = "import no_such_module as plt, math\nfrom no_such import thing\n"
    code += "def relu(x): return plt.plot(x) if len(x) == 1 else x\n"
    target = written(tmp_path, f"{code}def softmax(x): return thing(math.pi) if len(x) == 1 else x\n")
    with IsolatedSubject(str(target)) as subject:
        assert subject.account().problems == (
            "line 2: No module named 'no_such_module'",
            "line 3: No module named 'no_such'",
        )
        assert subject.run([RELU, Call("softmax", (ROW,))]) == [
            Refusal("MissingLibraryError", "no_such_module was needed for 'plot' but No module named 'no_such_module'"),
            Refusal("MissingLibraryError", "thing was called but No module named 'no_such'"),
        ]


def test_what_a_missing_library_is_needed_for_is_unsupported(tmp_path: Path) -> None:
    """Nobody can say that it is wrong; a target that has nothing else cannot be checked."""
    code = "import no_such\ndef softmax(x): return no_such.softmax(x)\n"
    with pytest.raises(LookupError, match=r"softmax: `softmax`, line 3, cannot be called here: .*no_such was needed"):
        load(str(written(tmp_path, code)))
    report = check(str(written(tmp_path, f"{code}def relu(x): return np.maximum(0, x)\n")), budget="quick")
    statuses = {result.id: result.status for result in report.clauses}
    assert (statuses["RELU-1"], statuses["SOFTMAX-1"], report.verdict) == ("pass", "unsupported", "conformant")


def test_a_missing_module_may_be_named_in_definitions(tmp_path: Path) -> None:
    """As a decorator, a base class, an annotation, a default value; what needs it says so when it is used."""
    code = """
import no_such as ns
@ns.jit(nopython=True)
def softmax(x): return x
class Activation_ReLU(ns.Module):
    dtype = ns.float32
    def forward(self, x: ns.Tensor, dtype=ns.float32): return np.maximum(0, x)
def accuracy(y_pred: ns.Tensor, y_true=ns.none): return 1.0
"""
    subject = load(str(written(tmp_path, code)))
    missing = "No module named 'no_such'"
    assert subject.operations == {"accuracy"}
    problem = f"line 5: not defined: it needs no_such.jit(...)(...), but {missing}"
    base = f"MissingLibraryError: no_such.Module was needed as a base of Activation_ReLU but {missing}"
    unfit = f"relu: `Activation_ReLU`, line 6, cannot be called here: {base}"
    assert subject.account().problems == (f"line 3: {missing}", problem, unfit)
    assert "accuracy: `accuracy`" in subject.account().taken


def test_python_itself_gets_no_stand_in_for_special_methods(tmp_path: Path) -> None:
    """A stand-in is no container and no number; a definition that needs one fails with a note."""
    notes = notes_of(written(tmp_path, "import no_such as ns\nLIMIT = ns.limit * 2\nimport no_such.deep\n"))
    assert notes == [
        "line 2: No module named 'no_such'",
        "line 3: not defined: TypeError: unsupported operand type(s) for *: 'MissingModule' and 'int'",
        "line 4: No module named 'no_such'",
    ]


def test_no_more_is_run_than_is_asked_for() -> None:
    """A source is not run, but for its definitions, where nobody says anything."""
    module, definitions = ModuleType("made"), Definitions()
    module.__file__ = "made.py"
    definitions.run([Cell("", ast.parse("LIST = open('x')\ndef relu(x): return x\n"), "made.py")], module)
    assert {"LIST", "relu"} & vars(module).keys() == {"relu"}


def test_constants_may_be_computed(tmp_path: Path) -> None:
    """From other constants, by functions that do nothing else; what trains or reads files is left out."""
    code = """
from typing import Optional, TypeAlias
DTYPE = np.float64
LOW, HIGH = float("1e-7"), 1 - np.finfo(DTYPE).eps
[LIMIT] = [3]
LIMIT += 1
RNG: np.random.Generator = np.random.default_rng(0)
Rows = Optional[np.ndarray[int, int]]
Pair: TypeAlias = dict[str, "Rows"]
WEIGHTS: np.ndarray = np.random.randn(2, 3)
DATA = open("no such file")
LAST = [np.exp(1.0), -abs(-2)][-1]
FIRST = (lambda: 1)()
DATA[0] = 1
np.random.seed(0)
def relu(x): return (LOW, HIGH, LIMIT, RNG, Rows, Pair)
"""
    loaded = load_source(written(tmp_path, code))
    low, high, limit, *_ = loaded.names["relu"](0)
    assert (low, high, limit) == (1e-7, 1 - 2.0**-52, 4)
    assert loaded.notes == ["lines 12, 14-16: 4 statements that are no definitions were not run"]


def test_definitions_may_be_chosen_between(tmp_path: Path) -> None:
    """In a try or an if that holds nothing else; a docstring is no statement to leave out."""
    code = """
"A docstring."
import sys
try:
    import no_such_module as xp
except ImportError:
    xp = np
if hasattr(np, "float64") and sys.version_info >= (3, 0):
    relu = lambda x: xp.maximum(0, x)
else:
    pass
if input():
    LIMIT = 1
try:
    import no_such_module as other
finally:
    pass
try:
    print("not a definition")
finally:
    pass
"""
    loaded = load_source(written(tmp_path, code))
    assert loaded.names["relu"](np.array([-1.0])) == 0
    assert loaded.notes == [
        "line 15: No module named 'no_such_module'",
        "lines 13-14, 19-22: 2 statements that are no definitions were not run",
    ]


def test_imports_from_the_future_hold_for_the_whole_file(tmp_path: Path) -> None:
    """Though its statements are run one by one."""
    path = tmp_path / "target.py"
    path.write_text(
        "\ufefffrom __future__ import annotations\ndef relu(x) -> NotDefinedYet: return x\n", encoding="utf-8"
    )
    loaded = load_source(path)
    assert (list(loaded.names), loaded.notes) == (["relu"], [])


def test_a_definition_that_fails_is_noted(tmp_path: Path) -> None:
    """The others are still found; one that is defined anew later is no problem any more."""
    code = "class ReLU(unknown): pass\nLIMIT = other\nclass ReLU:\n    def forward(self, x): return np.maximum(0, x)\n"
    loaded = load_source(written(tmp_path, code))
    assert (list(loaded.names), dict(loaded.broken)) == (["ReLU"], {})
    assert loaded.notes == [
        "line 2: not defined: NameError: name 'unknown' is not defined",
        "line 3: not defined: NameError: name 'other' is not defined",
    ]


@pytest.mark.parametrize(
    ("code", "explained"),
    [
        (
            "SIZES = other\n",
            "name 'SIZES' is not defined (line 2 should have defined it, but NameError: name 'other' is not defined)",
        ),
        ("print([SIZES for SIZES in range(3)])\n", "name 'SIZES' is not defined"),
        ("", "name 'SIZES' is not defined"),
    ],
)
def test_a_name_that_is_missing_is_explained(code: str, explained: str, tmp_path: Path) -> None:
    """Where a statement that failed should have made it."""
    target = written(tmp_path, f"{code}def relu(x): return SIZES\n")
    assert relu_of(target) == Refusal("NameError", explained)


@pytest.mark.parametrize(
    ("code", "line", "advice"),
    [
        ("for i in range(3):\n    SIZES = i\n", 3, "only definitions are run; --run-all runs everything"),
        (
            "with open('x') as SIZES:\n    import os as other\n    f = lambda hidden: hidden\n    def g(): pass\n",
            2,
            "only definitions are run; --run-all runs everything",
        ),
        (
            "for i in range(3):\n    SIZES = i\n    SIZES = 1 - i\n",
            3,
            "only definitions are run; --run-all runs everything",
        ),
        ("SIZES = open('no such file')\n", 2, "it took too long or ended its process when it was run by itself"),
        (
            "if __name__ == '__main__':\n    for SIZES in [1]: pass\n",
            3,
            "belongs to the main program, which is not run",
        ),
    ],
)
def test_what_lacks_a_name_that_was_not_made_is_not_checked(code: str, line: int, advice: str, tmp_path: Path) -> None:
    """The target is not blamed for what the kit leaves out."""
    target = written(tmp_path, f"{code}def relu(x): return SIZES\ndef softmax(x): return x\n")
    subject = load(str(target))
    assert subject.operations == {"softmax"}
    assert f"NameError: name 'SIZES' is not defined (line {line} would define it, but {advice})" in str(
        subject.account().problems
    )


@pytest.mark.parametrize("made", ["build(3)", "__import__('os').getpid()", "[build(i) for i in [3]][0]"])
def test_a_value_that_an_operation_needs_is_made_after_all(made: str, tmp_path: Path) -> None:
    """Though making it runs code of the target's, or asks the system."""
    code = f"def build(n): return float(n > 0)\nONE = build(1)\nSIZE = {made} * ONE\n"
    target = written(tmp_path, f"{code}def relu(x): return np.maximum(0, x) * (SIZE > 0)\n")
    assert is_right(relu_of(target))


def test_everything_runs_on_request(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """All statements, though not as the main program; what stops is noted and the rest goes on."""
    code = """
import no_such as plt
def relu(x): return SCALE[0] * np.maximum(0, x)
SCALE = []
SCALE.append(1)
plt.plot(SCALE)
print("loaded")
if __name__ == "__main__":
    raise RuntimeError("the main program")
raise SystemExit(3)
SCALE.append(2)
"""
    target = str(written(tmp_path, code))
    subject = load(target, EVERYTHING)
    assert is_right(subject.run([RELU])[0])
    assert subject.account().problems == (
        "line 3: No module named 'no_such'",
        "line 7: stopped: MissingLibraryError: no_such was needed for 'plot' but No module named 'no_such'",
        "line 11: not defined: SystemExit: 3",
        "line 10: 1 statement that is no definition was not run",
    )
    assert capsys.readouterr().out == "loaded\n"
    assert any("which is checked or used by what is checked" in note for note in load(target).account().notices)


@pytest.mark.parametrize("loading", [Loading(), EVERYTHING])
def test_what_a_main_program_defines_is_there(loading: Loading, tmp_path: Path) -> None:
    """Its functions and classes, that is; the program itself is not run, and not even by --run-all."""
    code = """
if __name__ == "__main__":
    import math
    def relu(x): return np.maximum(0, x)
    for made in [math.sqrt(i) for i in range(3)]: pass
    def softmax(x): return made
    raise SystemExit(0)
"""
    subject = load(str(written(tmp_path, code)), loading)
    assert is_right(subject.run([RELU])[0])
    note, problem = subject.account().problems
    assert note == "lines 6, 8: 2 statements that are no definitions were not run"
    assert (
        "name 'made' is not defined (line 6 would define it, but belongs to the main program, which is not run)"
        in problem
    )


REAL_WORLD: Mapping[str, str] = {
    "prints": "print('hello', relu(np.ones(3)))\n",
    "trains": "for epoch in range(10**9):\n    loss = epoch\n",
    "plots": "import no_such_plots.pyplot as plt\nplt.scatter([1], [2])\nplt.show()\n",
    "calls nnfs.init": "import nnfs\nfrom nnfs.datasets import spiral_data\nnnfs.init()\nX, y = spiral_data(100, 3)\n",
    "reads files": "data = np.loadtxt('no such file.csv', delimiter=',')\nwith open('no such file') as f:\n"
    "    f.read()\n",
    "reads arguments": "import sys\nepochs = int(sys.argv[7])\n",
    "asks": "name = input('Who are you? ')\n",
    "is a program": "if __name__ == '__main__':\n    relu(missing)\n",
    "exits": "import sys\nsys.exit(1)\n",
    "seeds": "np.random.seed(0)\nnp.set_printoptions(precision=2)\n",
}


@pytest.mark.parametrize("kind", REAL_WORLD)
def test_what_a_script_does_besides_is_not_done(kind: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Printing, training, plotting, reading."""
    target = written(tmp_path, RIGHT + REAL_WORLD[kind])
    assert is_right(relu_of(target))
    assert capsys.readouterr().out == ""
    assert any("not run" in note for note in notes_of(target))


def test_files_beside_the_target_can_be_imported(tmp_path: Path) -> None:
    """As learners split their code: by their definitions too, and what comes from them is under check."""
    written(tmp_path, "print('noise')\nfrom layers.activations import relu\n", "sibling.py")
    written(tmp_path, RIGHT, "layers/activations.py")
    target = written(tmp_path, "from sibling import relu\ndef softmax(x):\n    import late\n    return late.same(x)\n")
    written(tmp_path, "def same(x): return x\n", "late.py")
    subject = load(str(target))
    assert subject.operations == {"relu", "softmax"}
    assert subject.account().problems == ("sibling.py line 2: 1 statement that is no definition was not run",)
    assert is_right(subject.run([RELU])[0])


@pytest.mark.parametrize("name", ["numpy.py", "random.py", "wave.py", "nnfs_spec.py", "numpy/__init__.py"])
def test_no_file_takes_the_place_of_what_the_checker_needs(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """NumPy stays NumPy beside a file of its name, and where the target itself is called so; the library likewise."""
    monkeypatch.delitem(sys.modules, "wave", raising=False)
    (tmp_path / "sub").mkdir()
    target = written(tmp_path / "sub", f"import random, wave, nnfs_spec\nOPEN = wave.open, np.dot\n{RIGHT}")
    (written(tmp_path / "sub", "def relu(x): return None\n", name)).write_text("raise SystemExit\n", encoding="utf-8")
    subject = load(str(target))
    assert is_right(subject.run([RELU])[0])
    assert subject.account().problems == ()
    if name.endswith(".py") and "/" not in name:
        assert is_right(relu_of(written(tmp_path, RIGHT, name)))


def test_a_target_called_nnfs_is_loaded_beside_the_package_nnfs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It imports the package, not itself; another file of that name goes before the package."""
    monkeypatch.delitem(sys.modules, "nnfs", raising=False)
    code = f"import nnfs\nfrom nnfs.datasets import spiral_data as spiral\n{RIGHT}"
    loaded = load_source(written(tmp_path, code, "nnfs.py"))
    assert loaded.notes == []
    assert loaded.everything["nnfs"].__name__ == "nnfs"
    assert "site-packages" in loaded.everything["nnfs"].__file__
    with IsolatedSubject(str(written(tmp_path, "from nnfs import relu\n"))) as beside:
        assert is_right(beside.run([RELU])[0])


def test_a_mere_folder_hides_no_installed_package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Only a package or a file goes before it."""
    monkeypatch.delitem(sys.modules, "nnfs", raising=False)
    (tmp_path / "nnfs").mkdir()
    loaded = load_source(written(tmp_path, f"import nnfs\nimport extras.tools\n{RIGHT}"))
    assert loaded.everything["nnfs"].__file__
    assert loaded.notes == ["line 3: No module named 'extras'"]


def test_a_sibling_that_is_no_python_stands_in(tmp_path: Path) -> None:
    """With the reason."""
    (tmp_path / "broken.py").write_text("def f(:\n", encoding="utf-8")
    (note,) = notes_of(written(tmp_path, "import broken\n"))
    assert note.startswith("line 2: not defined: SyntaxError: ")


def test_a_package_is_loaded_as_a_whole(tmp_path: Path) -> None:
    """With its relative imports; its own names before those of its parts, and without its tests."""
    package = tmp_path / "mine"
    written(package, "from .activations import relu\n", "__init__.py")
    written(package, "from . import base\nrelu = base.relu\ndef softmax(x): return 'theirs'\n", "activations.py")
    written(package, RIGHT, "base.py")
    written(package, "from ..base import relu\ndef accuracy(y_pred, y_true): return 1.0\n", "deep/metrics.py")
    written(package, "def loss(y_pred, y_true): return 1.0\n", "test_mine.py")
    (package / "broken.py").write_text("raise\n)", encoding="utf-8")
    for target in (package, package / "__init__.py"):
        subject = load(str(target))
        assert subject.operations == {"relu", "softmax", "accuracy"}
        assert is_right(subject.run([RELU])[0])
        (problem, *_) = subject.account().problems
        assert problem.startswith("broken.py: SyntaxError: ")


def test_what_a_package_says_itself_comes_before_its_modules(tmp_path: Path) -> None:
    """Whatever these are called."""
    written(tmp_path, RIGHT, "mine/__init__.py")
    written(tmp_path, "def relu(x): return x\n", "mine/Activations.py")
    assert is_right(relu_of(tmp_path / "mine"))


def test_a_folder_of_scripts_is_no_package_and_can_be_loaded(tmp_path: Path) -> None:
    """Each by itself, importing from the others."""
    written(tmp_path, RIGHT, "first.py")
    written(tmp_path, "from first import relu\ndef softmax(x): return relu(x)\n", "second.py")
    subject = load(str(tmp_path))
    assert subject.operations == {"relu", "softmax"}
    assert isinstance(subject.run([Call("softmax", (ROW,))])[0], Answer)


@pytest.mark.parametrize("init", [True, False])
def test_a_file_of_a_package_can_import_relatively(init: bool, tmp_path: Path) -> None:
    """From its own folder and the one above, whether or not these are packages; and by the package's name."""
    package = tmp_path / "numpy"  # a name that must not matter
    written(package, RIGHT, "base.py")
    written(package, "def other(x): return x\n", "deep/beside.py")
    target = written(package, "from ..base import relu\nfrom .beside import other\n", "deep/target.py")
    if init:
        for folder in (package, package / "deep"):
            (folder / "__init__.py").write_text("", encoding="utf-8")
    assert is_right(relu_of(target))


def test_a_folder_may_be_called_what_no_import_can_spell(tmp_path: Path) -> None:
    """Its files import each other relatively all the same."""
    written(tmp_path, RIGHT, "chapter 3.1/base.py")
    assert is_right(relu_of(written(tmp_path, "from .base import relu\n", "chapter 3.1/target.py")))


def test_what_a_file_imports_may_import_from_further_up(tmp_path: Path) -> None:
    """As far as the package goes."""
    for name in ("mine/__init__.py", "mine/deep/__init__.py"):
        written(tmp_path, "", name)
    written(tmp_path, RIGHT, "mine/base.py")
    written(tmp_path, "from ..base import relu\n", "mine/deep/beside.py")
    assert is_right(relu_of(written(tmp_path, "from .beside import relu\n", "mine/deep/target.py")))


def test_a_file_beside_the_target_comes_before_whatever_else_has_its_name(tmp_path: Path) -> None:
    """Nobody else is asked for it, not even who was there first."""
    written(tmp_path, RIGHT, "sibling.py")
    target = written(tmp_path, "import no_such\nfrom sibling import relu\n")
    asked: list[str] = []

    class Other(MetaPathFinder):
        def find_spec(self, fullname: str, path: Any, target: Any = None) -> None:
            asked.append(fullname)

    other = Other()
    sys.meta_path.insert(0, other)
    try:
        assert is_right(relu_of(target))
    finally:
        sys.meta_path.remove(other)
    assert "no_such" in asked
    assert "sibling" not in asked


def test_a_file_of_a_package_can_import_by_the_packages_name(tmp_path: Path) -> None:
    """Which lies in the folder above."""
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "__init__.py").write_text("", encoding="utf-8")
    written(tmp_path, RIGHT, "mine/base.py")
    assert is_right(relu_of(written(tmp_path, "from mine.base import relu\n", "mine/target.py")))


def test_a_module_of_the_folder_can_be_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As a file, in a package, or a package; an installed module of the same name goes before it."""
    monkeypatch.chdir(tmp_path)
    written(tmp_path, f"print('noise')\n{RIGHT}", "mine/activations.py")
    for target in ("mine.activations", "mine"):
        assert is_right(relu_of(target))
    written(tmp_path, RIGHT, "json.py")
    with pytest.raises(LookupError, match="none of the operations was found"):
        load("json")


@pytest.mark.parametrize("name", ["numpy", "statistics"])
def test_a_module_of_the_folder_is_told_by_its_whole_name(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The last word of it may be that of an installed module."""
    monkeypatch.chdir(tmp_path)
    written(tmp_path, RIGHT, f"mine/{name}.py")
    assert is_right(relu_of(f"mine.{name}"))


def test_an_installed_module_goes_before_a_file_and_has_what_is_its_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not what it imports from elsewhere."""
    written(tmp_path / "installed", f"from nnfs_spec import softmax\n{RIGHT}", "made_for_a_test.py")
    monkeypatch.setattr(sys, "path", [str(tmp_path / "installed"), *sys.path])
    monkeypatch.chdir(tmp_path)
    written(tmp_path, "def relu(x): return x\n", "made_for_a_test.py")
    subject = load("made_for_a_test")
    del sys.modules["made_for_a_test"]
    assert subject.operations == {"relu"}
    assert is_right(subject.run([RELU])[0])


def test_a_target_may_be_told_from_a_folder_that_is_left(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What it imports later is found where it was."""
    monkeypatch.chdir(tmp_path)
    written(tmp_path, RIGHT, "mine/late.py")
    code = "def relu(x):\n    if len(x) > 1: return x\n    from late import relu\n    return relu(x)\n"
    written(tmp_path, code, "mine/target.py")
    subject = load("mine/target.py")
    monkeypatch.chdir("/")
    assert is_right(subject.run([RELU])[0])


def test_a_folder_is_told_from_where_one_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One of the same name elsewhere is another."""
    for folder, answer in (("one", "x"), ("two", "np.maximum(0, x)")):
        written(tmp_path / folder, f"def relu(x): return {answer}\n", "mine/target.py")
        monkeypatch.chdir(tmp_path / folder)
        assert is_right(relu_of("mine")) == (folder == "two")


def test_what_was_loaded_before_is_forgotten(tmp_path: Path) -> None:
    """Two targets may have siblings of one name."""
    for folder, answer in (("one", "x"), ("two", "np.maximum(0, x)")):
        written(tmp_path / folder, f"def relu(x): return {answer}\n", "sibling.py")
        target = written(tmp_path / folder, "from sibling import relu\n")
        outcome = relu_of(target)
        assert is_right(outcome) == (folder == "two")
    assert sum(type(finder).__name__ == "_Finder" for finder in sys.meta_path) == 1


def test_a_notebook_is_loaded_cell_by_cell(tmp_path: Path) -> None:
    """Its magics left out, cells that are no Python too, each with its place; lines count within the cell."""
    path = notebook(
        tmp_path,
        ("markdown", "# Neural networks"),
        "%matplotlib inline\nimport numpy as np\n!pip install nnfs\nfiles = !ls\nnp.exp?\nif True:\n    %time\n",
        "%%bash\nrm -r precious\n",
        "%%time\nclass ReLU:\n    def forward(self, x):\n        text = '''\n%not a magic\n'''\n"
        "        return np.maximum(0, x)\n",
        "print('training')\n\nfor i in range(10**9):\n    pass\n",
        "def broken(:\n",
        "",
        "text = '''\n%s\n''' % 1\ndef softmax(x): return unknown\nfor unknown in []: pass\n",
    )
    subject = load(str(path))
    assert subject.operations == {"relu"}
    assert is_right(subject.run([RELU])[0])
    *problems, softmax = subject.account().problems
    assert "cell 8 line 5 would define it" in softmax
    assert tuple(problems) == (
        "cell 2 lines 1, 3-5, 7: for IPython, not run",
        "cell 3 lines 1-2: for IPython, not run",
        "cell 4 lines 1, 5: for IPython, not run",
        "cell 6 line 1: the cell is no Python and was left out: invalid syntax",
        "cell 5 lines 1, 3-4: 2 statements that are no definitions were not run",
        "cell 8 line 5: 1 statement that is no definition was not run",
    )


def test_a_notebook_of_the_old_form_is_read_too(tmp_path: Path) -> None:
    """Whose cells lie in a worksheet."""
    path = notebook(tmp_path, "import numpy as np\n" + RIGHT, form=3)
    assert is_right(relu_of(path))
    (sheet,) = json.loads(path.read_text(encoding="utf-8"))["worksheets"]
    path.write_text(json.dumps({"worksheets": [{"cells": []}, sheet]}), encoding="utf-8")
    assert is_right(relu_of(path))


def test_a_notebook_is_in_no_package(tmp_path: Path) -> None:
    """What it imports relatively is not there."""
    path = notebook(tmp_path, f"from .base import other\nimport numpy as np\n{RIGHT}")
    assert is_right(relu_of(path))
    (note,) = notes_of(path)
    assert note.startswith("cell 1 line 1: ")


def test_a_cell_that_no_parser_reads_is_left_out(tmp_path: Path) -> None:
    """As one that is no Python; the magic of a cell may have arguments."""
    deep, timed = "x = " + "-" * 200_000 + "1", "%%time -p\n%ls\nimport numpy as np\n" + RIGHT
    path = notebook(tmp_path, deep, timed, "%%bash -e\nls\n")
    first, second, third = notes_of(path)
    assert first.startswith("cell 1 line 1: the cell is no Python and was left out: ")
    assert second == "cell 2 lines 1-2: for IPython, not run"
    assert third == "cell 3 lines 1-2: for IPython, not run"
    assert is_right(relu_of(path))


def test_a_name_that_is_not_there_costs_the_others_nothing(tmp_path: Path) -> None:
    """Though one statement imports them; those from the future are together or one by one."""
    code = "from math import no_such_name, inf\ndef relu(x): return inf\n"
    path = written(tmp_path, code)
    assert (load_source(path).names["relu"](0), len(notes_of(path))) == (float("inf"), 1)
    path.write_text(
        "from __future__ import annotations, division\ndef relu(x) -> NotDefinedYet: return x\n", encoding="utf-8"
    )
    assert (list(load_source(path).names), notes_of(path)) == (["relu"], [])


def test_a_folder_of_targets_is_no_package(tmp_path: Path) -> None:
    """Files, notebooks, packages and folders stand in it, but nothing that is hidden or something else."""
    written(tmp_path, "", "venv/x.py")
    (tmp_path / "venv" / "pyvenv.cfg").touch()
    for name in ("b.py", "a.ipynb", "_hidden.py", ".hidden.py", "notes.txt", "data/x.py", "package/__init__.py"):
        written(tmp_path, "", name)
    assert targets_in(tmp_path) == [str(tmp_path / name) for name in ("a.ipynb", "b.py", "data/x.py", "package")]
    assert is_folder_of_targets(str(tmp_path))
    assert not any(map(is_folder_of_targets, (str(tmp_path / "package"), str(tmp_path / "b.py"), "reference")))


def test_what_the_kit_names_is_no_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Though one is called so."""
    monkeypatch.chdir(tmp_path)
    Path("reference").mkdir()
    assert not is_folder_of_targets("reference")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "{",
            "this is no notebook: JSONDecodeError: Expecting property name enclosed in double quotes: line 1 column 2",
        ),
        ("{}", "this is no notebook: KeyError: 'worksheets'; a notebook is JSON with a list of cells"),
        (
            '{"cells": [1]}',
            "this is no notebook: TypeError: 'int' object is not subscriptable; a notebook is JSON with a",
        ),
    ],
)
def test_what_is_no_notebook_says_why(text: str, message: str, tmp_path: Path) -> None:
    """In one line."""
    path = tmp_path / "target.ipynb"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ValueError, match="this is no notebook") as caught:
        load(str(path))
    assert str(caught.value).startswith(message)


def test_lines_are_told_in_runs() -> None:
    """Sorted, each once."""
    assert [lines([3]), lines([3, 4]), lines([9, 3, 1, 2, 3])] == ["line 3", "lines 3-4", "lines 1-3, 9"]


def test_a_target_without_operations_tells_the_first_of_its_notes(tmp_path: Path) -> None:
    """Which may be the reason."""
    code = "".join(f"LIMIT_{i} = missing_{i}\n" for i in range(7))
    with pytest.raises(LookupError) as caught:
        load(str(written(tmp_path, code)))
    (message,) = caught.value.args
    assert message.startswith(
        "none of the operations was found under the course's names; see nnfs-spec check --help; "
        "line 2: not defined: NameError: name 'missing_0' is not defined; line 3: "
    )
    assert message.count("not defined: ") == 5
