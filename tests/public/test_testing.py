"""The clauses as cases of pytest: real runs of pytest over suites such as people write."""

import importlib
import re
import sys
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pytest

from nnfs_spec.arrays import Array
from nnfs_spec.checking.api import check_targets
from nnfs_spec.clauses import all_clauses
from nnfs_spec.engine.events import ClauseResult, Report, Status, Verdict
from nnfs_spec.engine.options import CheckOptions
from nnfs_spec.testing import ClauseCheck, parametrize_with_clauses

pytestmark = pytest.mark.gate

pytest_plugins = ("pytester",)

MUSTS = [clause.id for clause in all_clauses().values() if clause.level == "MUST"]
TRIALS = 4
"""Calls at most by which the form of a function is inferred, before any clause is checked."""

SUITE = """
import numpy as np
import nnfs_spec
from nnfs_spec.testing import parametrize_with_clauses

def note(name):
    with open("called.txt", "a") as file:
        file.write(name + "\\n")

def relu(x):
    note("relu")
    return np.maximum(0, x)

def softmax(x):
    note("softmax")
    e = np.exp(x - x.max())
    return e / e.sum()
"""


def run_suite(pytester: pytest.Pytester, case: str, *arguments: str) -> pytest.RunResult:
    """Run pytest in a process of its own over a suite of one test."""
    pytester.makepyfile(test_network=f"{SUITE}\n{case}")
    return pytester.runpytest_subprocess("-p", "no:cacheprovider", "-p", "no:cov", *arguments)


def called(pytester: pytest.Pytester) -> Counter[str]:
    """Return how often the functions of the suite were called."""
    path = pytester.path / "called.txt"
    return Counter(path.read_text().split() if path.exists() else [])


def test_every_must_clause_is_a_case_that_the_reference_passes(pytester: pytest.Pytester) -> None:
    """None is skipped, since it has every operation."""
    case = "@parametrize_with_clauses(nnfs_spec)\ndef test_reference(clause): clause.check()"
    run_suite(pytester, case).assert_outcomes(passed=len(MUSTS))


def test_a_mutant_fails_at_the_clause_that_notices_it(pytester: pytest.Pytester) -> None:
    """With the counterexample as the terminal shows it, and nothing of the kit's own code."""
    case = """
@parametrize_with_clauses("mutant:relu-is-softplus", clauses=["RELU-1", "RELU-2", "RELU-7"])
def test_mutant(clause): clause()
"""
    result = run_suite(pytester, case, "-v")
    result.assert_outcomes(failed=1, passed=2)
    result.stdout.fnmatch_lines(
        [
            "test_network.py::test_mutant[[]RELU-1-the-larger-of-0-and-x[]] FAILED *",
            "clause = RELU-1 (MUST): The larger of 0 and x",
            "E   AssertionError: RELU-1 fail: The larger of 0 and x",
            "E     inputs = np.array([[][[]0.0[]][]], dtype=np.float32)",
            "E     got       [[][[]0.6931472[]][]] (float32)",
            "E     expected  [[][[]0.0[]][]]",
            "E     rule      the larger of 0 and x",
            "E     repeat    nnfs-spec check mutant:relu-is-softplus --clause RELU-1 --budget quick --seed 0",
        ]
    )
    result.stdout.no_fnmatch_line("*testing.py*")


def test_what_the_subject_lacks_is_skipped_with_the_reason(pytester: pytest.Pytester) -> None:
    """A dict of one function; no command would check it again, so none is told."""
    case = """
@parametrize_with_clauses({"softmax": softmax}, clauses=["RELU-1", "SOFTMAX-1", "SOFTMAX-2", "NET-1"])
def test_mine(clause): clause.check()
"""
    result = run_suite(pytester, case, "-rs")
    result.assert_outcomes(skipped=2, failed=1, passed=1)
    for clause in ("RELU-1", "NET-1"):
        reason = f"unsupported: the subject lacks an operation that {clause} speaks of"
        result.stdout.fnmatch_lines([f"SKIPPED * {reason}"])
    result.stdout.no_fnmatch_line("* again *")


def test_collecting_runs_nothing_and_gives_stable_readable_ids(pytester: pytest.Pytester) -> None:
    """Not even a subject that cannot be loaded."""
    case = """
@parametrize_with_clauses({"relu": relu})
def test_mine(clause): clause.check()

@parametrize_with_clauses("no/such/file.py", clauses=["LOSS-10", "SOFTMAX-1"])
class TestTheirs:
    def test_it(self, clause): clause.check()
"""
    result = run_suite(pytester, case, "--collect-only", "-q")
    ids = [line for line in result.outlines if "::" in line]
    assert [re.sub(r".*\[([A-Z]+-[0-9]+)-.*", r"\1", id) for id in ids[:-2]] == MUSTS
    assert "test_network.py::test_mine[RELU-3-positive-entries-pass-unchanged]" in ids
    assert ids[-2:] == [
        "test_network.py::TestTheirs::test_it[LOSS-10-a-uniform-prediction-loses-ln-c]",
        "test_network.py::TestTheirs::test_it[SOFTMAX-1-every-row-sums-to-one]",
    ]
    assert not called(pytester)


def test_a_single_case_checks_its_clause_only(pytester: pytest.Pytester) -> None:
    """Picked by -k, as one does while mending."""
    case = '@parametrize_with_clauses({"relu": relu, "softmax": softmax})\ndef test_mine(clause): clause.check()'
    run_suite(pytester, case, "-k", "RELU-1-").assert_outcomes(passed=1, deselected=len(MUSTS) - 1)
    calls = called(pytester)
    assert calls["softmax"] <= TRIALS < calls["relu"]


def test_the_cases_spread_over_processes(pytester: pytest.Pytester) -> None:
    """With the same ids in each, or pytest-xdist would refuse."""
    case = """
@parametrize_with_clauses({"relu": relu}, clauses=["RELU-1", "RELU-2", "RELU-3", "RELU-7"])
def test_mine(clause): clause.check()
"""
    run_suite(pytester, case, "-n", "2").assert_outcomes(passed=4)


def test_a_subject_that_cannot_be_loaded_fails_every_case(pytester: pytest.Pytester) -> None:
    """None is skipped."""
    case = (
        '@parametrize_with_clauses("no/such/file.py", clauses=["RELU-1", "RELU-2"])\n'
        "def test_mine(clause): clause.check()"
    )
    result = run_suite(pytester, case)
    result.assert_outcomes(failed=2)
    missing = "no/such/file.py: FileNotFoundError: [[]Errno 2[]] No such file or directory: 'no/such/file.py'"
    result.stdout.fnmatch_lines(["E   AssertionError: the subject cannot be checked: " + missing] * 2)


def test_known_failures_are_expected_and_must_not_be_mended_unnoticed(pytester: pytest.Pytester) -> None:
    """One that fails is an xfail; one that holds fails."""
    case = """
@parametrize_with_clauses(
    {"softmax": softmax}, clauses=["SOFTMAX-1", "SOFTMAX-2"], expected_failures=dict.fromkeys(["SOFTMAX-1"], "no axis")
)
def test_known(clause): clause.check()

@parametrize_with_clauses({"relu": relu}, clauses=["RELU-1"], expected_failures={"RELU-1": "it used to be leaky"})
def test_mended(clause): clause.check()
"""
    result = run_suite(pytester, case, "-rx")
    result.assert_outcomes(passed=1, xfailed=1, failed=1)
    result.stdout.fnmatch_lines(
        ["[[]XPASS(strict)[]] it used to be leaky", "XFAIL *SOFTMAX-1-every-row-sums-to-one[]] - no axis"]
    )


def checks_of(*arguments: Any, **options: Any) -> list[ClauseCheck]:
    """Return what a test is given, case by case."""
    return [case.values[0] for case in parametrize_with_clauses(*arguments, **options).args[1]]


def relu(inputs: Array) -> Array:
    """Be right."""
    result: Array = np.maximum(0, inputs)
    return result


def test_advice_has_cases_only_where_it_counts() -> None:
    """All at the level "should"."""
    assert [case.clause.id for case in checks_of({"relu": relu})] == MUSTS
    assert [case.clause.id for case in checks_of({"relu": relu}, level="should")] == list(all_clauses())


Checked = list[tuple[str, ...]]


@pytest.fixture
def checked(monkeypatch: pytest.MonkeyPatch) -> Checked:
    """Record the clauses of every check that is made."""
    made: Checked = []

    def recorded(targets: Sequence[Any], options: CheckOptions) -> Report:
        made.append(options.clauses)
        return check_targets(targets, options)

    monkeypatch.setattr("nnfs_spec.testing.check_targets", recorded)
    return made


def test_the_first_case_is_checked_alone_and_the_rest_in_one_run(checked: Checked) -> None:
    """So one case costs one clause, and all of them hardly more than one check."""
    cases = checks_of({"relu": relu}, clauses=["RELU-1", "RELU-2", "RELU-3"])
    for case in [*cases[:1], *cases, *cases]:
        case.check()
    assert checked == [("RELU-1",), ("RELU-1", "RELU-2", "RELU-3")]


def test_a_first_case_that_fails_is_settled_by_the_whole(checked: Checked) -> None:
    """Another clause may explain it; with no other there is nothing to ask."""
    two = checks_of({"relu": np.abs}, clauses=["RELU-1", "RELU-2"])
    one = checks_of({"relu": np.abs}, clauses=["RELU-1"])
    for case in (two[0], two[0], one[0], one[0]):
        with pytest.raises(AssertionError):
            case.check()
    assert checked == [("RELU-1",), ("RELU-1", "RELU-2"), ("RELU-1",)]


def test_a_subject_that_cannot_be_loaded_is_tried_once(checked: Checked) -> None:
    """However many cases ask."""
    for case in checks_of("no/such/file.py", clauses=["RELU-1", "RELU-2"]):
        with pytest.raises(AssertionError):
            case.check()
    assert checked == [("RELU-1",)]


def test_a_suite_that_checks_nothing_is_not_green() -> None:
    """Though each clause by itself would be skipped."""
    (case,) = checks_of({"relu": relu}, clauses=["ACC-1"])
    with pytest.raises((AssertionError, pytest.skip.Exception)) as raised:
        case.check()
    assert raised.type is AssertionError
    assert str(raised.value) == "nothing was checked: none of the clauses speaks of what the subject has (relu)"


def test_objects_without_an_operation_fail_too() -> None:
    """With what the kit says of them."""
    (case,) = checks_of({"sigmoid": relu}, clauses=["RELU-1"])
    told = "none of the operations was found under the course's names; see nnfs-spec check --help"
    with pytest.raises(AssertionError, match=f"^the subject cannot be checked: {told}$"):
        case.check()


def settled(status: Status, verdict: Verdict = "conformant") -> Report:
    """Return a report in which RELU-1 has a status that takes more than a relu to bring about."""
    result = ClauseResult("RELU-1", "MUST", "The larger of 0 and x", status, 0, None, None, "", "RELU-7")
    return Report("mine", 0, "quick", "must", verdict, ("relu",), (result,), (), (), (), "")


@pytest.mark.parametrize(
    ("status", "kind", "message"),
    [
        ("not-exercised", pytest.skip.Exception, "not-exercised: RELU-1 speaks of none of the rows that were tried"),
        ("blocked", pytest.skip.Exception, "blocked: RELU-7 does not hold, which explains it"),
        ("expected-fail", pytest.xfail.Exception, "RELU-1 is known not to hold"),
        ("unexpected-pass", AssertionError, "RELU-1 holds, though it is recorded as known not to"),
        ("error", AssertionError, r"RELU-1 error: a call gave no result \(The larger of 0 and x\)"),
    ],
)
def test_every_status_has_its_outcome(
    status: Status, kind: type[BaseException], message: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Only what says something about the subject passes or fails."""

    def told(targets: Sequence[Any], options: CheckOptions) -> Report:
        return settled(status)

    monkeypatch.setattr("nnfs_spec.testing.check_targets", told)
    (case,) = checks_of({"relu": relu}, clauses=["RELU-1"])
    with pytest.raises(kind, match=f"^{message}$"):
        case.check()


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (
            lambda: parametrize_with_clauses(relu, level="may"),  # type: ignore[arg-type]  # no such level
            "parametrize_with_clauses: level is 'may' but must be one of must, should",
        ),
        (
            lambda: parametrize_with_clauses(relu, budget="huge"),  # type: ignore[arg-type]  # no such budget
            "parametrize_with_clauses: budget is 'huge' but must be one of quick, default, thorough",
        ),
        (
            lambda: parametrize_with_clauses(relu, clauses=["NO-SUCH"]),
            "there is no clause 'NO-SUCH'; nnfs-spec clauses lists them",
        ),
        (
            lambda: parametrize_with_clauses(relu, clauses=["LOSS-11"]),
            "LOSS-11 is advice, which counts at level='should' only",
        ),
        (
            lambda: parametrize_with_clauses(relu, expected_failures={"LOSS-11": "", "RELU-1": "", "NO-SUCH": ""}),
            "expected_failures names LOSS-11, NO-SUCH, but these clauses are not among the cases",
        ),
    ],
)
def test_a_wrong_argument_is_an_error_at_once(make: Callable[[], object], message: str) -> None:
    """While pytest collects, and not in the first case."""
    with pytest.raises(ValueError, match=f"^{message}$"):
        make()


def test_without_pytest_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    """The kit itself does not need it."""
    monkeypatch.delitem(sys.modules, "nnfs_spec.testing")
    monkeypatch.setitem(sys.modules, "pytest", None)
    expected = "^nnfs_spec.testing needs pytest, which is not installed: pip install pytest$"
    with pytest.raises(ImportError, match=expected):
        importlib.import_module("nnfs_spec.testing")
