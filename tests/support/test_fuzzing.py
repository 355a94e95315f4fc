"""Whatever stands in a file that somebody else wrote: it is read, or refused with the name of the file; never a crash.

The gate tries a few hundred documents of each kind, the same every time; ``make fuzz`` goes on for as long as is asked.
What was found once stands in FOUND and is tried always.
"""

import ast
import json
import os
import warnings
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import click
import hypothesis.strategies as st
import pytest
from click.testing import CliRunner
from hypothesis import HealthCheck, given, settings

from nnfs_spec.adapters.recognition.mapping import mapped
from nnfs_spec.adapters.source.cells import read_cells
from nnfs_spec.adapters.source.statements import is_definition, names_bound_by
from nnfs_spec.checking.baseline import fingerprint
from nnfs_spec.checking.checkpoint import FORMAT, CheckpointFile
from nnfs_spec.clauses import spec_folder
from nnfs_spec.cli import main
from nnfs_spec.cli.input_files import KnownFailures, opened
from nnfs_spec.cli.replay import recorded_in
from nnfs_spec.engine.clause_state import PartialState
from nnfs_spec.engine.exhaustive import Share, try_all_blocks
from nnfs_spec.reports.json_report import to_dict
from nnfs_spec.support.json_input import ReadingError, short
from nnfs_spec.vectors.files import hash_of, read_file
from tests.tools.handmade import EVERYTHING, LEAKY, clause, failing, report
from tests.tools.mangling import DEEP, SECONDS, Document, mangled_json, mangled_text, rounds

EXAMPLES = int(os.environ.get("NNFS_SPEC_FUZZ_EXAMPLES", "250"))
"""How many documents of each kind are tried at once."""

TESTS = Path(__file__).parents[1]
RUN = {"target": "reference"}


@dataclass(frozen=True)
class Reader:
    """What documents are made from, what reads them, and how their file is called."""

    documents: st.SearchStrategy[Document]
    read: Callable[[Path], object]
    refuses: tuple[type[Exception], ...]
    name: str = "file.json"


def read_source(path: Path) -> object:
    """Read a target as far as nothing of it is executed."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", SyntaxWarning)
        cells, notes = read_cells(path)
    return [(is_definition(one, {}), list(names_bound_by(one))) for cell in cells for one in cell.tree.body], notes


def read_baseline(path: Path) -> object:
    """Read a baseline, judge by it, and bring it up to date."""
    return KnownFailures(path, True, []).judge(KNOWN_REPORT)


def read_state(path: Path) -> object:
    """Read a state, and take up what it says."""
    state = opened(path, RUN)
    return try_all_blocks(
        NOTHING, {}, [], end=None, checkpoint=state, exhaustive_helper=None, listen=lambda event: None
    )


def read_answers(path: Path) -> object:
    """Check answers to the vectors, to the last line that is printed."""
    done = CliRunner().invoke(main, ["vectors", "verify", str(path)], catch_exceptions=False)
    if done.exit_code == 2:
        raise click.UsageError(done.output.replace("\n", ""))
    return done.output


def read_vectors(path: Path) -> object:
    """Read vectors whose hash is right, so that the rest of them is looked at, too."""
    text = path.read_bytes().decode("utf-8", "replace")
    path.write_text(text.replace(VECTORS["sha256"], hash_of(text)), encoding="utf-8")
    return read_file(path)


NOTHING: Any = None
EMPTY: dict[Path, object] = {}
KNOWN_REPORT = report(failing("RELU-2"), clause("RELU-5"), clause("RELU-7"))
BASELINE = f"""# what is known
format = 1

[[known]]
clause = "RELU-2"  # a slope
counterexample = "{fingerprint(LEAKY)}"
reason = "not yet"
issue = "https://example.org/7"

[[known]]
clause = "RELU-5"
counterexample = "0123456789abcdef"
reason = '''
in two
lines'''
"""
SOURCES = [path.read_text(encoding="utf-8") for path in sorted((TESTS / "targets").glob("*.py"))]
CELLS: list[dict[str, Any]] = [
    {"cell_type": "code", "source": ["%matplotlib inline\n", "import numpy as np\n"]},
    {"cell_type": "markdown", "source": "text"},
    {"cell_type": "code", "source": "def relu(x):\n    return np.maximum(0, x)\n!ls\n"},
    {"cell_type": "code", "input": "%%time\nx = 1\n"},
]
NOTEBOOKS: list[Any] = [{"cells": CELLS, "nbformat": 4}, {"worksheets": [{"cells": CELLS}]}]
REPORTS: list[Any] = [to_dict(one) for one in (report(failing("RELU-2")), replace(EVERYTHING, target="reference"))]
STATES: list[Any] = [
    {
        "format": FORMAT,
        "run": RUN,
        "shares": [asdict(Share(done, [PartialState("RELU-1", True, 5, 0.5, [3], 1)])) for done in range(shares)],
    }
    for shares in (0, 1, 2)
]
VECTORS: dict[str, Any] = json.loads((spec_folder() / "vectors" / "relu-float32.json").read_text(encoding="utf-8"))
VECTORS["cases"] = VECTORS["cases"][:3]
ANSWERS: Any = json.loads((TESTS / "targets" / "answers.json").read_text(encoding="utf-8"))

READERS = {
    "source": Reader(mangled_text(SOURCES), read_source, (SyntaxError, ValueError), "file.py"),
    "notebook": Reader(mangled_json(NOTEBOOKS), read_source, (ValueError,), "file.ipynb"),
    "baseline": Reader(mangled_text([BASELINE]), read_baseline, (click.UsageError,), "file.toml"),
    "report": Reader(mangled_json(REPORTS), lambda path: recorded_in(path, "RELU-2"), (click.UsageError,)),
    "state": Reader(mangled_json(STATES), read_state, (click.UsageError,)),
    "answers": Reader(mangled_json([ANSWERS]), read_answers, (click.UsageError,)),
    "vectors": Reader(mangled_json([VECTORS]), read_vectors, (ReadingError,)),
}


def attempt(reader: Reader, document: Document, folder: Path) -> str:
    """Have a document read; return why it is refused, if it is."""
    path = folder / reader.name
    path.write_bytes(document)
    try:
        reader.read(path)
    except reader.refuses as refused:
        return str(refused) or type(refused).__name__
    return ""


def names_its_file(reader: Reader, told: str) -> bool:
    """Tell whether a refusal names the file; that of a target is told by whoever started its process."""
    return not told or reader.name in told or reader.read is read_source


@pytest.mark.fuzz
@pytest.mark.parametrize("kind", READERS)
def test_a_mangled_file_is_read_or_refused_by_its_name(kind: str, tmp_path: Path) -> None:
    """Whatever has become of it."""
    reader = READERS[kind]

    @settings(max_examples=EXAMPLES, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
    @given(reader.documents)
    def tried(document: Document) -> None:
        assert names_its_file(reader, attempt(reader, document, tmp_path))

    for _ in rounds(SECONDS):
        tried()


MAPS = ["relu=", "relu=f", "softmax=:f", "relu=\0:f", "loss=..:x", "dense=a b:c", "relu=.:f", "relu=\ud800:f"]


@pytest.mark.fuzz
@given(st.text() | st.sampled_from(MAPS))
def test_a_map_is_understood_or_refused_by_its_entry(entry: str) -> None:
    """What it names is looked for, whatever that is."""
    said = ""
    try:
        mapped([entry], {"f": abs})
    except LookupError as refused:
        said = str(refused)
    assert entry in said or entry in ("relu=f", "softmax=:f")


DEEP_NOTEBOOK = json.dumps({"cells": [{"cell_type": "code", "source": f"x = {'(' * DEEP}"}]})
BROKEN_CELL = json.dumps({"cells": [{"cell_type": "code", "source": "x = '\ud800'"}, CELLS[2]]})


def with_shape(shape: list[int]) -> Document:
    """Return a report whose counterexample has that shape."""
    changed = json.loads(json.dumps(REPORTS[0]))
    changed["clauses"][0]["counterexample"]["inputs"]["inputs"] |= {"shape": shape, "values": []}
    return json.dumps(changed).encode()


def of_state(**fields: Any) -> Document:
    """Return a state with other fields."""
    return json.dumps({**STATES[1], **fields}).encode()


FOUND: list[tuple[str, Document, str]] = [
    ("report", with_shape([0, 10**30]), "is [0, 1000000000000000000000000000000] but must be at most 2 sizes"),
    ("report", b"[" * DEEP, "this is no JSON"),
    ("report", b"\xff", "this cannot be read"),
    ("notebook", b"[" * DEEP, "this is no notebook: RecursionError"),
    ("source", b"x = " + b"-" * DEEP + b"1", "nested too deeply"),
    ("baseline", b"format = " + b"9" * 5000, "this is no TOML: Exceeds the limit"),
    ("baseline", b"format = 0x" + b"f" * 5000, "format is one of type int that is too deep or too long to be shown"),
    ("baseline", b"known = " + b"[" * DEEP, "this is no TOML: maximum recursion depth exceeded"),
    ("vectors", b"[]", "file.json: the file is [] but must be an object"),
    ("state", of_state(shares=[{"done": -1, "partial_states": []}]), "done is -1 but must be a whole number"),
    ("state", of_state(shares=[{"done": 0, "partial_states": [{"clause": 7}]}]), "has no tried and no cases"),
]
"""What was found by mangling, or by looking where it might be, with the beginning of what is said of it now."""


@pytest.mark.parametrize(("kind", "document", "told"), FOUND, ids=lambda one: one if isinstance(one, str) else "")
def test_what_was_found_once_is_refused(kind: str, document: Document, told: str, tmp_path: Path) -> None:
    """By its name, and with what is wrong."""
    said = attempt(READERS[kind], document, tmp_path)
    assert told in said
    assert names_its_file(READERS[kind], said)


def test_a_state_that_fits_no_block_is_not_taken_up(tmp_path: Path) -> None:
    """The run begins anew, then."""
    path = tmp_path / "state"
    path.write_bytes(of_state(shares=[{"done": 5, "partial_states": []}]))
    state = CheckpointFile(path, RUN)
    assert [one.done for one in state.begun()] == [5]
    (share,) = try_all_blocks(NOTHING, {}, [], end=None, checkpoint=state, exhaustive_helper=None, listen=print)
    assert share.done == 0


@pytest.mark.parametrize("text", [DEEP_NOTEBOOK, BROKEN_CELL])
def test_a_cell_that_cannot_be_read_costs_the_others_nothing(text: str, tmp_path: Path) -> None:
    """It is noted and left out."""
    path = tmp_path / "target.ipynb"
    path.write_text(text, encoding="utf-8")
    cells, notes = read_cells(path)
    assert notes[0].startswith("cell 1 line 1: the cell is no Python and was left out: ")
    assert all(isinstance(cell.tree, ast.Module) for cell in cells)
    assert len(cells) == text.count('"cell_type"') - 1


def test_what_is_nested_too_deeply_to_be_shown_is_named_all_the_same() -> None:
    """Some Pythons read more deeply than they write."""
    nested: list[object] = []
    for _ in range(DEEP):
        nested = [nested]
    assert short(nested) == "one of type list that is too deep or too long to be shown"


def test_a_reader_that_crashes_would_be_noticed(tmp_path: Path) -> None:
    """Any error that is not its own passes through."""
    with pytest.raises(KeyError):
        attempt(Reader(st.nothing(), EMPTY.__getitem__, (ValueError,)), b"", tmp_path)
    unnamed = Reader(st.nothing(), lambda path: int("x"), (ValueError,))
    assert not names_its_file(unnamed, attempt(unnamed, b"", tmp_path))
