"""The gate on mutation testing: the record adds up, survivors are argued, and mutations are noticed here and now."""

import os
import subprocess
import sys
from dataclasses import replace
from typing import Any

import pytest

from tests import ROOT
from tests.tools.mutation import rooms
from tests.tools.mutation.mutations import mutations_of, path_of
from tests.tools.mutation.record import (
    Argued,
    Counts,
    Record,
    digest_of,
    read_record,
    stale,
    unargued,
    wrong_with,
)
from tests.tools.mutation.rooms import FLOOR, LENIENT, STRICT, modules_of

TEST = "tests/adapters/recognition/test_names.py"


def apart(*command: str) -> str:
    """Run Python where nobody measures coverage, since the package under test is a mutated copy; return its output."""
    outside = {name: value for name, value in os.environ.items() if not name.startswith(("COV", "PYTEST"))}
    done = subprocess.run(
        [sys.executable, *command], cwd=ROOT, env=outside, capture_output=True, text=True, timeout=900, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


TRY = """
import sys
from tests.tools.mutation import rooms
from tests.tools.mutation.mutations import Mutation
from tests.tools.mutation.trying import workshop
with workshop(2) as shop:
    mutations = [Mutation(sys.argv[1], 1, "", source, source) for source in sys.argv[3:]]
    tries = shop.tries(mutations, (sys.argv[2],), 0)
    print(*sorted(f"{tried.mutation.source}: {tried.outcome}" for tried in tries), sep="\\n")
"""


@pytest.mark.gate
def test_a_try_tells_what_is_noticed_from_what_is_not() -> None:
    """Tests of something else notice nothing; a module that does not load is noticed by all that load it."""
    printed = apart("-c", TRY, "reference/relu.py", TEST, "raise ValueError", "x = 1")
    assert printed.splitlines() == ["raise ValueError: killed", "x = 1: killed"]
    printed = apart(
        "-c",
        TRY,
        "checking/helper.py",
        TEST,
        "raise ValueError",
        "while True: pass",
    )
    assert printed.splitlines() == ["raise ValueError: survived", "while True: pass: survived"]


@pytest.mark.gate
def test_a_try_that_does_not_end_is_ended() -> None:
    """After a few seconds of processor time beyond what the tests take."""
    printed = apart("-c", TRY, "reference/relu.py", TEST, "while True: pass")
    assert printed.splitlines() == ["while True: pass: timed out"]


def test_what_chooses_the_processes_to_end_is_never_changed() -> None:
    """With one condition turned round it would end all of the user's."""
    assert not set(rooms.NEVER_CHANGED) & set(modules_of(*STRICT, *LENIENT))
    done = subprocess.run(
        [sys.executable, "-m", "tests.tools.mutation", *rooms.NEVER_CHANGED],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert "adapters/process/launch.py chooses which processes are ended, and so is never changed" in done.stderr


SOURCE = """
@overload
def f(a: int | None, *, b: int = 2) -> int | None: ...
@cached
def f(a, *, b=2):
    x: Alias | None = a + 1
    Other: TypeAlias = int | str
    if TYPE_CHECKING: import this
    os.kill(7, 9)
    try: yield
    except socket.timeout: pass
    except (*KNOWN, KeyError): pass
    return zip(a, f"{x + 1}", strict=True) if x < 3 else -a
"""


def test_a_mutation_changes_one_line_that_behaves() -> None:
    """Not types, texts, guards, or what is sent to processes."""
    found = {(one.number, one.line, one.becomes) for one in mutations_of("made/up.py", SOURCE)}
    condition = 'return zip(a, f"{x + 1}", strict=True) if '
    assert found == {
        (2 + 2, "@cached", ""),
        *((5, "def f(a, *, b=2):", f"def f(a, *, b={n}):") for n in (" 3", " 1")),
        *((6, "x: Alias | None = a + 1", f"x: Alias | None = a {end}") for end in ("- 1", "* 1", "+ 2", "+ 0")),
        *(
            (13, f"{condition}x < 3 else -a", f"{condition}{end}")
            for end in (
                "x <= 3 else -a",
                "x != 3 else -a",
                "x >= 3 else -a",
                "x < 4 else -a",
                "x < 2 else -a",
                "not x < 3 else -a",
                "x < 3 else +a",
                "x < 3 else a",
            )
        ),
    }


def test_the_order_of_mutations_is_that_of_the_content() -> None:
    """So that the first few are the same sample every time, and another one when the module changes."""
    first = [one.becomes for one in mutations_of("made/up.py", SOURCE)]
    assert first == [one.becomes for one in mutations_of("made/up.py", SOURCE)]
    assert first != [one.becomes for one in mutations_of("made/up.py", f"{SOURCE}\n# another")]


@pytest.mark.parametrize("module", modules_of(*STRICT, *LENIENT))
def test_every_module_has_tests_to_notice_it(module: str) -> None:
    """Files that are there."""
    assert path_of(module).is_file()
    assert rooms.tests_of(module)
    assert all((ROOT / test).is_file() for test in rooms.tests_of(module))


RIGHT: Record = {
    module: Counts("0", 2000, 2000, 1998, 1, 1, 1.0, 1, (("a", "b"),)) for module in modules_of(*STRICT, *LENIENT)
}
ARGUED = [
    Argued("what is argued at some length", tuple((m, "a", ("b",)) for m in modules_of(*STRICT))),
]


def test_a_record_that_is_right_has_nothing_wrong() -> None:
    """The one that the next tests spoil."""
    assert wrong_with(RIGHT, ARGUED) == []


@pytest.mark.parametrize(
    ("module", "changes", "wrong"),
    [
        (
            "oracle/double_double.py",
            {"killed": 1997},
            "oracle/double_double.py: 1997 + 1 + 1 of 2000 tried, 2000 there are",
        ),
        ("engine/run.py", {"tried": 0, "killed": -2}, "engine/run.py: -2 + 1 + 1 of 0 tried, 2000 there are"),
        (
            "oracle/double_double.py",
            {"mutations": 3000},
            "oracle/double_double.py: 2000 of 3000 mutations tried, but all must be",
        ),
        ("engine/run.py", {"mutations": 1999}, "engine/run.py: 1998 + 1 + 1 of 2000 tried, 1999 there are"),
        ("engine/run.py", {"survivors": ()}, "engine/run.py: 1998 + 1 + 1 of 2000 tried, 2000 there are"),
        ("oracle/double_double.py", {"survivors": (("a", "c"),)}, "oracle/double_double.py: a -> c survived"),
        (
            "oracle/double_double.py",
            {"survivors": (("a", "c"),)},
            "oracle/double_double.py: a -> b is argued, but does not survive",
        ),
    ],
)
def test_a_record_that_does_not_add_up_is_noticed(module: str, changes: dict[str, Any], wrong: str) -> None:
    """Each demand by itself."""
    spoilt = {**RIGHT, module: replace(RIGHT[module], **changes)}
    assert wrong in wrong_with(spoilt, ARGUED)


def test_too_many_survivors_of_a_lenient_room_are_noticed() -> None:
    """More than one in twenty of what was tried."""
    most = {
        name: replace(kept, survived=100, killed=1899, survivors=(("a", "b"),) * 100)
        for name, kept in RIGHT.items()
        if name.startswith("engine/")
    }
    assert wrong_with({**RIGHT, **most}, ARGUED) == []
    more = replace(most["engine/run.py"], survived=101, killed=1898, survivors=(("a", "b"),) * 101)
    tried = 2000 * len(most)
    expected = f"engine: {100 * len(most) + 1} of {tried} survived, more than 5%"
    assert wrong_with({**RIGHT, **most, "engine/run.py": more}, ARGUED) == [expected]


def test_a_run_that_tried_too_little_is_noticed() -> None:
    """In every room that has a floor; and a module of a strict room that was never tried."""
    for room, floor in FLOOR.items():
        few = {name: Counts("0", 1, 1, 1, 0, 0, 1.0, 1, ()) for name in RIGHT if name.startswith(f"{room}/")}
        wrong = wrong_with({**RIGHT, **few}, ARGUED)
        assert f"{room}: {len(few)} mutations tried, but at least {floor} must be" in wrong
    without = {name: kept for name, kept in RIGHT.items() if name != "oracle/double_double.py"}
    assert "oracle/double_double.py was never tried" in wrong_with(without, ARGUED)


def test_the_list_of_arguments_stays_short_and_argues() -> None:
    """Fewer than twenty entries, each of some words."""
    many = [Argued("what is argued at some length", ())] * 19
    assert wrong_with(RIGHT, [*ARGUED, *many]) == ["20 entries, but fewer than 20 must do"]
    assert wrong_with(RIGHT, [Argued("because it is", ARGUED[0].at)]) == ["because it is: this is no argument"]


def test_a_change_is_argued_for_its_module_and_its_line() -> None:
    """Nowhere else."""
    argued = [Argued("why", (("oracle/double_double.py", "a", ("b", "c")),))]
    changes = [("a", "b"), ("a", "d"), ("b", "b")]
    assert unargued("oracle/double_double.py", changes, argued) == [("a", "d"), ("b", "b")]
    assert unargued("oracle/loss.py", changes, argued) == changes


def test_a_changed_module_is_stale() -> None:
    """And one that is not recorded."""
    record = read_record()
    some = "oracle/double_double.py"
    assert some in stale({**record, some: replace(record[some], digest="another")})
    assert some in stale({name: kept for name, kept in record.items() if name != some})
    assert some not in stale({**record, some: replace(record[some], digest=digest_of(some))})
