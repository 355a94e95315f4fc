"""The clauses as cases of pytest, for people's own test suites.

    from nnfs_spec.testing import parametrize_with_clauses

    @parametrize_with_clauses(my_network)
    def test_my_network(clause):
        clause.check()

A decorator to import is all there is: a plugin that pytest loads by itself would import this package and NumPy at the
start of every run of every project in the same environment.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal, NoReturn, TypeAlias, assert_never, get_args

from nnfs_spec.checking.api import check_targets
from nnfs_spec.clauses import Clause, all_clauses
from nnfs_spec.engine.events import ClauseResult, Report
from nnfs_spec.engine.options import CheckOptions, Level
from nnfs_spec.properties import PROPERTIES
from nnfs_spec.subject.operations import operations_named

try:
    import pytest
except ImportError as missing:
    raise ImportError("nnfs_spec.testing needs pytest, which is not installed: pip install pytest") from missing

__all__ = ["ClauseCheck", "parametrize_with_clauses"]

Budget: TypeAlias = Literal["quick", "default", "thorough"]


def parametrize_with_clauses(
    subject: Any,
    *,
    level: Level = "must",
    budget: Budget = "quick",
    seed: int = 0,
    clauses: Sequence[str] = (),
    timeout: float = 10.0,
    expected_failures: Mapping[str, str] | None = None,
    require: Sequence[str] = (),
) -> pytest.MarkDecorator:
    """Give a test its argument ``clause`` once for every clause, as one pytest case each.

    ``subject``, ``seed`` and ``timeout`` are those of ``nnfs_spec.check``. At the level "must" the cases are the MUST
    clauses, at "should" all of them, or those that ``clauses`` names; advice that does not count has no case. The
    subject runs when the first case asks, never while pytest collects. ``expected_failures`` gives reasons for
    clauses that are known not to hold: their cases are strict xfails, so one that is mended is noticed. Clauses of
    which an operation of ``require`` is not checked fail, where they would be skipped.

    Raises ValueError for a level, a budget, a clause or an operation that there is not.
    """
    for name, value, choices in (("level", level, get_args(Level)), ("budget", budget, get_args(Budget))):
        if value not in choices:
            raise ValueError(f"parametrize_with_clauses: {name} is {value!r} but must be one of {', '.join(choices)}")
    chosen = _chosen(clauses, level)
    known = dict(expected_failures or {})
    if strangers := sorted(set(known) - {clause.id for clause in chosen}):
        raise ValueError(f"expected_failures names {', '.join(strangers)}, but these clauses are not among the cases")
    ids = tuple(clause.id for clause in chosen)
    run = _Run(
        subject,
        CheckOptions(
            level=level, budget=budget, seed=seed, clauses=ids, timeout=timeout, require=operations_named(require)
        ),
    )
    return pytest.mark.parametrize("clause", [_case(ClauseCheck(clause, run), known) for clause in chosen])


@dataclass
class _Run:
    """One subject with its options, checked when the first clause is asked for.

    The first clause is checked alone, as ``pytest -k`` would want. When a second is asked for, or the first does not
    pass and might be blocked by another, all are checked in one run, whose results then serve every case.
    """

    subject: Any
    options: CheckOptions
    reports: list[Report] = field(default_factory=list[Report])
    problem: str | None = None

    def report_on(self, clause: str) -> Report:
        """Return a report that settles ``clause``. Raises AssertionError where the subject cannot be checked."""
        __tracebackhide__ = True
        if not self.reports:
            self.reports.append(self._check(replace(self.options, clauses=(clause,))))
        if len(self.reports) == 1 < len(self.options.clauses) and not _passes(self.reports[0], clause):
            self.reports.append(self._check(self.options))
        return self.reports[-1]

    def _check(self, options: CheckOptions) -> Report:
        from nnfs_spec.reports.escaping import printable

        __tracebackhide__ = True
        problems: tuple[type[Exception], ...] = (LookupError,)
        if isinstance(self.subject, str):
            from nnfs_spec.adapters.isolated import TargetError  # here: objects are checked on Windows, too

            problems = (LookupError, TargetError)
        if self.problem is None:
            try:
                return check_targets((self.subject,), options)
            except problems as problem:
                self.problem = printable(f"the subject cannot be checked: {problem}")
        raise AssertionError(self.problem)


@dataclass(frozen=True)
class ClauseCheck:
    """One clause on one subject, the argument of a test: ``check()``, or simply calling it, tells whether it holds."""

    clause: Clause
    _run: _Run = field(repr=False)

    def check(self) -> None:
        """Return if the clause holds; raise AssertionError with the smallest counterexample if it does not.

        Where it says nothing about the subject, the test is skipped, with the reason. Where no clause does, it fails:
        a suite that checked nothing must not be green.
        """
        __tracebackhide__ = True
        report = self._run.report_on(self.clause.id)
        _tell_required(report, self.clause.id)
        if report.verdict == "error":
            had = ", ".join(report.supported)
            raise AssertionError(f"nothing was checked: none of the clauses speaks of what the subject has ({had})")
        _tell(_result(report, self.clause.id), again=isinstance(self._run.subject, str))

    __call__ = check

    def __str__(self) -> str:
        return f"{self.clause.id} ({self.clause.level}): {self.clause.title}"

    __repr__ = __str__


def _chosen(ids: Sequence[str], level: Level) -> list[Clause]:
    every = all_clauses()
    for id in ids:
        if id not in every:
            raise ValueError(f"there is no clause {id!r}; nnfs-spec clauses lists them")
        if every[id].level == "SHOULD" and level == "must":
            raise ValueError(f"{id} is advice, which counts at level='should' only")
    named = [every[id] for id in ids] or list(every.values())
    return [clause for clause in named if clause.level == "MUST" or level == "should"]


def _case(checked: ClauseCheck, known: Mapping[str, str]) -> Any:
    """Return the case of pytest, with an id such as ``SOFTMAX-1-every-row-sums-to-one``."""
    clause = checked.clause
    words = re.sub("[^a-z0-9]+", "-", clause.title.lower())
    marks = [pytest.mark.xfail(reason=known[clause.id], strict=True)] if clause.id in known else []
    return pytest.param(checked, id=f"{clause.id}-{words}", marks=marks)


def _result(report: Report, clause: str) -> ClauseResult | None:
    return next((result for result in report.clauses if result.id == clause), None)


def _passes(report: Report, clause: str) -> bool:
    result = _result(report, clause)
    return result is not None and result.status == "pass"


def _tell_required(report: Report, clause: str) -> None:
    """Raise AssertionError where a clause is unsupported and an operation that it speaks of is required."""
    __tracebackhide__ = True
    result = _result(report, clause)
    named = {domain.operation for domain in PROPERTIES[clause].domains}
    missing = [one for one in report.unmet if one.operation in named]
    if missing and result is not None and result.status == "unsupported":
        told = "; ".join(f"{one.operation} is required: {one.reason}" for one in missing)
        raise AssertionError(f"{clause} was not checked: {told}")


def _tell(result: ClauseResult | None, again: bool) -> None:
    """Return, skip, or fail, as the status of a clause says."""
    __tracebackhide__ = True
    assert result is not None
    match result.status:
        case "pass":
            return
        case "fail" | "error":
            _fail(result, again)
        case "unsupported":
            pytest.skip(f"unsupported: the subject lacks an operation that {result.id} speaks of")
        case "not-exercised":
            pytest.skip(f"not-exercised: {result.id} speaks of none of the rows that were tried")
        case "blocked":
            pytest.skip(f"blocked: {result.blocked_by} does not hold, which explains it")
        case "expected-fail":
            pytest.xfail(f"{result.id} is known not to hold")
        case "unexpected-pass":
            raise AssertionError(f"{result.id} holds, though it is recorded as known not to")
        case _ as never:
            assert_never(never)


def _fail(result: ClauseResult, again: bool) -> NoReturn:
    from nnfs_spec.reports.counterexample import describe, title_of
    from nnfs_spec.reports.escaping import printable

    __tracebackhide__ = True
    lines = [f"{result.id} {result.status}: {title_of(result)}"]
    lines += describe(result.counterexample) if result.counterexample is not None else []
    lines += [f"  repeat    {printable(result.replay)}"] if again else []
    raise AssertionError("\n".join(lines))
