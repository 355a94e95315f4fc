"""Rows at the very edge of their bound: what the pairs cannot decide, finer arithmetic does, or the report says so."""

import json
import re
import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import flint
import jsonschema
import numpy as np
import pytest
from click.testing import CliRunner

from nnfs_spec.adapters.live import LiveSubject
from nnfs_spec.adapters.load import load
from nnfs_spec.arrays import Array
from nnfs_spec.clauses import spec_folder
from nnfs_spec.cli import main
from nnfs_spec.domains import DENSE, LOSS, LOSSES, SOFTMAX, SOFTMAX_TWO, Case, Domain
from nnfs_spec.engine.events import ClauseResult
from nnfs_spec.engine.replay import try_again
from nnfs_spec.engine.trial import Trial, attempt
from nnfs_spec.generate.sweep import batches
from nnfs_spec.generate.values import FINITE_FAMILIES
from nnfs_spec.oracle import Enclosure, Question, borderline, exact, refine
from nnfs_spec.oracle.borderline import decide
from nnfs_spec.oracle.loss import mean
from nnfs_spec.properties import PROPERTIES
from nnfs_spec.reports.json_report import to_dict
from nnfs_spec.reports.junit import to_junit
from nnfs_spec.reports.wording import replay_sentence, summary
from tests import ROOT
from tests.tools.check_here import check_here
from tests.tools.handmade import clause, report

AT_THE_EDGE = str(ROOT / "tests" / "targets" / "at_the_edge.py")
DOUBLE = np.dtype(np.float64)
ZERO = np.zeros((1, 1))
U = 2.0**-53


@pytest.fixture
def without_balls(monkeypatch: pytest.MonkeyPatch) -> None:
    """As where the extra ``certified`` is not installed."""
    monkeypatch.setattr(refine, "balls_are_there", lambda: False)


def tried(clause: str, domain: object, answer: Array, **arrays: Array) -> Trial:
    """Judge an operation that answers ``answer``, whatever it is asked."""
    assert domain in PROPERTIES[clause].domains
    found = next(one for one in PROPERTIES[clause].domains if one is domain)

    def answers(*arguments: Array) -> Array:
        return answer

    return attempt(
        PROPERTIES[clause], LiveSubject("answers", {found.operation: lambda: answers}), Case(found, DOUBLE, arrays)
    )


def at_the_edge(enclosure: Enclosure) -> Array:
    """Return the float64 numbers that lie next to the upper edge of each bound."""
    edge = enclosure.hi + enclosure.bound
    over = (edge - enclosure.hi) - enclosure.lo > enclosure.bound
    return np.where(over, np.nextafter(edge, 0), edge)


def shares_of(enclosure: Enclosure, got: Array) -> Array:
    """Return the largest share of each row, as a property has it."""
    share = enclosure.share_of_bound(got)
    return share if share.ndim == 1 else share.max(axis=1)


@pytest.mark.parametrize(
    ("x", "distance", "status"),
    [(1.0, 2, "pass"), (1.0, 3, "pass"), (1.0, 4, "fail"), (1 - U, 2, "pass"), (1 - U, 3, "fail"), (1 - U, 4, "fail")],
)
def test_a_dense_sum_at_the_edge_is_decided_by_fractions(x: float, distance: int, status: str) -> None:
    """Its bound is 3·u·x and a little: 3·u is within that of 1, and beyond that of the number below 1."""
    answer = np.array([[x - distance * U]])
    trial = tried("DENSE-1", DENSE, answer, inputs=np.array([[x]]), weights=ZERO + 1, biases=ZERO)
    assert (trial.status, trial.rows, trial.undecided) == (status, 1, 0)


def test_the_screen_alone_would_let_a_violation_pass() -> None:
    """The bound as it is computed is a little large; the closer look puts the share on the right side of 1."""
    x = np.array([[1 - U]])
    enclosure, got = exact("dense", (x, ZERO + 1, ZERO)), x - 3 * U
    assert enclosure.share_of_bound(got).max() < 1
    decision = decide(enclosure, got, shares_of(enclosure, got))
    assert decision is not None
    assert decision.share.tolist() == [1 + 2.0**-52]


@pytest.mark.parametrize(("multiple", "status"), [(0, "pass"), (1, "pass"), (2, "fail")])
def test_a_subnormal_sum_is_decided_though_its_radius_is_as_large_as_its_bound(multiple: int, status: str) -> None:
    """One product may be missed by the smallest number, and a little of the product itself."""
    smallest = 2.0**-1074
    x = np.array([[1.5 * smallest * 2.0**52]])
    answer = np.array([[float(x[0, 0]) * 2.0**-52 + multiple * smallest]])
    trial = tried("DENSE-1", DENSE, answer, inputs=x, weights=ZERO + 2.0**-52, biases=ZERO)
    assert (trial.status, trial.undecided) == (status, 0)


def test_a_mean_of_given_losses_is_decided_by_fractions() -> None:
    """The mean of the subject's own losses needs no balls, nor does it wait for them."""
    values = np.array([1.0, 1.0])
    enclosure = mean(values, DOUBLE)
    decision = decide(enclosure, np.array([1 + 4 * U]), np.array([1.0]))
    assert decision is not None
    assert (decision.share.tolist(), decision.undecided.tolist()) == ([1.0], [False])
    assert decide(enclosure, np.array([1 + 2 * U]), np.array([0.5])) is None


def balls_of(operation: str, arguments: tuple[Array, ...], got: Array) -> list[bool]:
    """Tell of every row, in 600 bits and code of its own, whether its largest entry at the edge is within the bound."""
    with flint.ctx.workprec(600):
        return [
            abs(flint.arb(float(number)) - value) <= limit
            for number, (value, limit) in zip(got, _values(operation, arguments), strict=True)
        ]


def _values(operation: str, arguments: tuple[Array, ...]) -> list[tuple[flint.arb, flint.arb]]:
    if operation == "softmax":
        found: list[tuple[flint.arb, flint.arb]] = []
        for z in arguments[0]:
            a, b = flint.arb(float(z[0])), flint.arb(float(z[1]))
            share = 1 / (1 + (b - a).exp())
            steps = 6 + 2 * abs(a - b) if float(z[0]) < float(z[1]) else flint.arb(6)
            found.append((share, (steps + 2 * flint.arb(2).log()) * share * U + 2 * 2.0**-1022))
        return found
    losses = [-flint.arb(float(row[label])).log() for row, label in zip(*arguments, strict=True)]
    if operation == "sample_losses":
        return [(value, (8 * value + 1.5) * U) for value in losses]
    average = sum(losses, flint.arb(0)) / len(losses)
    return [(average, ((len(losses) + 10) * average + 1.5) * U)]


def softmax_case() -> tuple[Array, ...]:
    """Return 400,000 rows of two logits. One row in 100,000 is in doubt; these seeds have such rows of both kinds."""
    return (np.concatenate([np.random.default_rng(seed).standard_normal((200_000, 2)) for seed in (1, 3)]),)


def losses_case() -> tuple[Array, ...]:
    """Return 100,000 predictions that no end of the clip changes."""
    rng = np.random.default_rng(0)
    return rng.uniform(0.9, 0.999, (100_000, 1)), np.zeros(100_000, dtype=np.intp)


@pytest.mark.parametrize(("operation", "case"), [("softmax", softmax_case), ("sample_losses", losses_case)])
def test_balls_decide_rows_of_both_kinds(
    operation: str, case: Callable[[], tuple[Array, ...]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """As arithmetic of 600 bits says, written down anew; and the screen is right where it decides."""
    looked_at: list[int] = []
    holds = refine.holds

    def noted(question: Question, row: int, columns: Sequence[int], got: Array) -> list[bool | None]:
        looked_at.append(row)
        return holds(question, row, columns, got)

    monkeypatch.setattr(refine, "holds", noted)
    arguments = case()
    enclosure = exact(operation, arguments)
    got = enclosure.hi.copy()
    first = got if got.ndim == 1 else got[:, 0]
    inside = at_the_edge(enclosure)
    first[:] = inside if got.ndim == 1 else inside[:, 0]
    first[::2] = np.nextafter(first[::2], np.inf)  # of these every one is at the edge or beyond
    share = shares_of(enclosure, got)
    decision = decide(enclosure, got, share)
    assert decision is not None
    assert not decision.undecided.any()
    looked = np.array(looked_at)
    truth = balls_of(operation, tuple(argument[looked] for argument in arguments), first[looked])
    assert (decision.share[looked] <= 1).tolist() == truth
    assert {True, False} <= set(truth)
    nearest = np.argsort(np.abs(share - 1))[:200]
    sure = nearest[~np.isin(nearest, looked)]
    assert sure.size > 0
    truth = balls_of(operation, tuple(argument[sure] for argument in arguments), first[sure])
    assert (share[sure] <= 1).tolist() == truth


def test_balls_decide_the_mean_of_a_batch() -> None:
    """A batch loss is one row, whose cost is that of its samples."""
    met: set[bool] = set()
    for seed in range(20_000):
        p = np.random.default_rng(seed).uniform(0.99, 0.999, (2, 1))
        labels = np.zeros(2, dtype=np.intp)
        enclosure = exact("loss", (p, labels))
        for got in (at_the_edge(enclosure), np.nextafter(at_the_edge(enclosure), np.inf)):
            decision = decide(enclosure, got, shares_of(enclosure, got))
            if decision is not None:
                assert (decision.share <= 1).tolist() == balls_of("loss", (p, labels), got)
                met.add(bool(decision.share[0] <= 1))
        if met == {True, False}:
            break
    assert met == {True, False}


def test_a_tie_that_no_precision_breaks_stays_undecided() -> None:
    """Twice the smallest normal number, where the exact share lies below every number but is not 0."""
    z = np.array([[0.0, -1e308]])
    got = np.array([[1.0, 2 * 2.0**-1022]])
    enclosure = exact("softmax", (z,))
    decision = decide(enclosure, got, shares_of(enclosure, got))
    assert decision is not None
    assert decision.undecided.tolist() == [True]


def test_a_row_with_an_entry_beyond_its_bound_is_beyond_doubt(without_balls: None) -> None:
    """Whatever its other entries are."""
    z = np.array([[0.0, -1e308]])
    got = np.array([[1.01, 2 * 2.0**-1022]])
    enclosure = exact("softmax", (z,))
    assert decide(enclosure, got, shares_of(enclosure, got)) is None
    assert decide(enclosure, got, np.array([1.0])) is None


@pytest.mark.parametrize("most", [0, 1])
def test_the_closer_look_is_capped(monkeypatch: pytest.MonkeyPatch, most: int) -> None:
    """Rows above the cap stay undecided, the first ones are looked at."""
    monkeypatch.setattr(borderline, "MOST_TERMS", 2 * most)
    x = np.full((2, 1), 1 - U)
    enclosure = exact("dense", (x, ZERO + 1, ZERO))
    decision = decide(enclosure, x - 3 * U, shares_of(enclosure, x - 3 * U))
    assert decision is not None
    assert decision.undecided.tolist() == [most == 0, True]
    assert (decision.share > 1).tolist() == [most == 1, False]


@pytest.mark.parametrize(
    ("clause", "domain", "operation"),
    [("LOSS-1", LOSSES, "sample_losses"), ("LOSS-8", LOSS, "loss")],
)
def test_without_balls_a_loss_at_the_edge_is_undecided_and_not_passed(
    without_balls: None, clause: str, domain: object, operation: str
) -> None:
    """A certain prediction has so small a loss that a result can lie as near the edge as one likes."""
    p, labels = np.ones((1, 1)), np.zeros(1, dtype=np.intp)
    answer = at_the_edge(exact(operation, (p, labels)))
    trial = tried(clause, domain, answer.reshape(() if operation == "loss" else (1,)), y_pred=p, y_true=labels)
    assert trial.status == "pass"
    assert trial.rows == 0
    assert trial.undecided == 1


def test_two_classes_are_in_doubt_by_the_sigmoid_as_by_softmax(without_balls: None) -> None:
    """Both clauses put the same question."""
    z, got = np.array([[0.0, -1e308]]), np.array([[1.0, 2 * 2.0**-1022]])
    for id, domain in (("SOFTMAX-4", SOFTMAX), ("SOFTMAX-10", SOFTMAX_TWO)):
        assert tried(id, domain, got, inputs=z).undecided == 1


def losses_at_the_edge(budget: str, seed: int = 0) -> dict[str, ClauseResult]:
    """Check the target whose losses use all of their bound."""
    checked = check_here(load(AT_THE_EDGE), budget=budget, seed=seed, clauses=["LOSS-1", "LOSS-2"])
    assert checked.verdict == "conformant"
    return {result.id: result for result in checked.clauses}


def test_what_is_undecided_is_counted_beside_what_was_examined(monkeypatch: pytest.MonkeyPatch) -> None:
    """With balls every row is decided, without them as many are missing as are undecided."""
    with_balls = losses_at_the_edge("quick")["LOSS-1"]
    monkeypatch.setattr(refine, "balls_are_there", lambda: False)
    without = losses_at_the_edge("quick")["LOSS-1"]
    assert with_balls.undecided == 0
    assert without.undecided > 0
    assert without.cases == with_balls.cases - without.undecided


def test_honest_code_leaves_nothing_undecided(without_balls: None) -> None:
    """Not even without balls: its errors are nowhere near the edge."""
    checked = check_here(load("reference"), budget="quick")
    assert sum(result.undecided for result in checked.clauses) == 0


def hidden(*arguments: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """Run ``nnfs-spec`` where python-flint cannot be found, and return what it prints."""
    monkeypatch.setitem(sys.modules, "flint", None)
    result = CliRunner().invoke(main, arguments)
    assert result.exit_code == 0, result.output
    return result.stdout


def test_the_command_says_what_is_undecided_and_what_would_decide_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """On the terminal and in every written form; the second run gives the same bytes."""
    forms = ("json", "junit", "markdown", "html")
    files = [word for form in forms for word in (f"--{form}", str(tmp_path / form))]
    command = ("check", AT_THE_EDGE, "--clause", "LOSS-1", "--budget", "quick", *files)
    told = hidden(*command, monkeypatch=monkeypatch)
    found = re.search(
        r"undecided rows, at the very edge of their bound.*: LOSS-1 \(([0-9]+)\); (pip install .* the largest)",
        " ".join(told.split()),
    )
    assert found is not None
    assert found[2] == 'pip install "nnfs-spec[certified]" decides all but the largest'
    sentence = found[0].partition(";")[0]
    assert f"at_the_edge.py: conformant; 1 clause passes; {found[1]} rows undecided" in " ".join(told.split())
    written = {form: (tmp_path / form).read_text(encoding="utf-8") for form in forms}
    assert f'"undecided": {found[1]},' in written["json"]
    assert all(sentence in written[form] for form in ("junit", "markdown", "html"))
    hidden(*command, monkeypatch=monkeypatch)
    assert {form: (tmp_path / form).read_text(encoding="utf-8") for form in forms} == written


def test_balls_are_there_when_the_package_is(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is asked for when the first row is in borderline, and not before."""
    assert refine.balls_are_there()
    monkeypatch.setitem(sys.modules, "flint", None)
    assert not refine.balls_are_there()


def test_a_clause_that_decided_no_row_is_not_exercised(without_balls: None) -> None:
    """It neither held nor failed, and JUnit says why it is skipped; so does a replay."""
    p, labels = np.ones((1, 1)), np.zeros(1, dtype=np.intp)
    answer = at_the_edge(exact("sample_losses", (p, labels)))

    def answers(*arguments: Array) -> Array:
        return answer

    case = Case(LOSSES, DOUBLE, {"y_pred": p, "y_true": labels})
    result = try_again(LiveSubject("answers", {"sample_losses": lambda: answers}), "LOSS-1", case, "again")
    assert (result.status, result.cases, result.undecided) == ("not-exercised", 0, 1)
    assert replay_sentence("t", result) == "t: LOSS-1 is undecided for this input, at the very edge of its bound"
    shown = report(clause("LOSS-1", "not-exercised", undecided=1), verdict="error")
    assert 'message="not-exercised: every row is undecided"' in to_junit(shown)
    assert summary(shown) == "t.py: error; 0 clauses pass; 1 row undecided; 1 not-exercised"


def test_the_json_with_undecided_rows_keeps_to_its_schema() -> None:
    """A count, and no negative one; reports of before, which have none, are read as well."""
    schema = json.loads((spec_folder() / "schemas" / "report.json").read_text(encoding="utf-8"))
    told = to_dict(report(clause(undecided=3)))
    jsonschema.validate(told, schema)
    assert told["clauses"][0].pop("undecided") == 3
    jsonschema.validate(told, schema)
    told["clauses"][0]["undecided"] = -1
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(told, schema)


@pytest.mark.parametrize("domain", [DENSE, SOFTMAX, LOSSES, LOSS], ids=lambda domain: domain.operation)
def test_far_from_the_edge_the_radius_is_small_enough_to_be_left_out(domain: Domain) -> None:
    """On every family, as spec/conformance.md says: below 2^-17 of the bound, but where sums are subnormal."""
    for dtype in domain.dtypes:
        for case in batches(domain, dtype, 11, 2 * len(FINITE_FAMILIES)):
            enclosure = exact(domain.operation, case.arguments)
            far = np.isfinite(enclosure.bound) & ((enclosure.bound >= borderline.TIGHT) | (domain is not DENSE))
            assert (enclosure.radius[far] <= 2.0**-17 * enclosure.bound[far]).all()


def test_a_bound_that_came_out_a_little_too_large_lets_nothing_pass() -> None:
    """What rounding may have added to a bound is more than the radius here, and within the margin."""
    x = np.array([[1 - U]])
    enclosure = exact("dense", (x, ZERO + 1, ZERO))
    decision = decide(replace(enclosure, bound=enclosure.bound * (1 + 2.0**-48)), x - 3 * U, np.array([1 - 2.0**-51]))
    assert decision is not None
    assert (decision.share > 1).tolist() == [True]


ONE_ROW = Question("softmax", (ZERO,), DOUBLE)
MADE = {
    "softmax": (ONE_ROW, 2.0**-48, 2),
    "sample_losses": (Question("sample_losses", (ZERO, np.zeros(1, np.intp)), DOUBLE), 2.0**-48, 2),
    "mean": (Question("mean", (np.zeros(32),), DOUBLE), 2.0**-47, 1),
    "dense": (Question("dense", (np.zeros((1, 12)), np.zeros((12, 1)), ZERO), DOUBLE), 3 * 2.0**-48, 1),
}
"""Questions, with the margin that the page derives for each, and how many radii it sets aside."""
LEAST = 2.0**-1074


def about_zero(asked: Question, radius: float, bound: float) -> Enclosure:
    """Return an enclosure of one entry whose exact value is about 0."""
    return Enclosure(ZERO, ZERO, ZERO + radius, ZERO + bound, question=asked)


def is_looked_at(enclosure: Enclosure, got: float, share: float = 1.0) -> bool:
    """Tell whether an entry is in borderline, so that finer arithmetic is asked."""
    return decide(enclosure, ZERO + got, np.array([share])) is not None


@pytest.mark.parametrize("operation", MADE)
def test_doubt_begins_and_ends_where_the_page_says(operation: str) -> None:
    """From d + jr = B(1 - m) - s on, which is not in doubt itself, to d - jr = B(1 + m) + s, which is."""
    asked, margin, radii = MADE[operation]
    radius = 2.0**-20
    enclosure = about_zero(asked, radius, 1.0)
    inner, outer = 1 - margin - radii * radius, 1 + margin + radii * radius
    places = (inner, np.nextafter(inner, 2), 1.0, outer, np.nextafter(outer, 2))
    assert [is_looked_at(enclosure, sign * d) for d in places for sign in (1, -1)] == [
        looked for looked in (False, True, True, True, False) for _ in (1, -1)
    ]


def test_a_smallest_number_is_set_aside_for_a_bound_that_was_rounded() -> None:
    """It shows where the bound is a few of them; the bound of dense is no less than one for every input."""
    asked = MADE["dense"][0]
    enclosure = about_zero(asked, LEAST, 100 * LEAST)
    assert [d for d in range(96, 106) if is_looked_at(enclosure, d * LEAST)] == [99, 100, 101, 102]
    enclosure = about_zero(asked, LEAST, 12 * LEAST)
    assert [d for d in range(16) if is_looked_at(enclosure, d * LEAST)] == [12, 13, 14]


def test_a_sum_of_singles_is_beyond_doubt_up_to_their_smallest_numbers() -> None:
    """As many of them as there are inputs, below which no bound is."""
    asked = replace(MADE["dense"][0], dtype=np.dtype(np.float32))
    least = 12 * 2.0**-149
    places = (np.nextafter(least, 0), least, np.nextafter(least, 1))
    assert [is_looked_at(about_zero(asked, 0.0, least), d) for d in places] == [False, False, True]


@pytest.mark.parametrize("operation", ["softmax", "mean"])
def test_what_is_exactly_right_is_beyond_doubt_under_a_bound_of_zero(operation: str) -> None:
    """And what is not is in borderline, unless it is wrong for certain."""
    enclosure = about_zero(MADE[operation][0], 0.0, 0.0)
    assert [d for d in range(4) if is_looked_at(enclosure, d * LEAST)] == [1]


def test_nothing_is_in_doubt_where_nothing_is_claimed() -> None:
    """Neither a number nor what is none."""
    for got in (0.0, 1e308, np.inf, np.nan):
        assert not is_looked_at(about_zero(MADE["dense"][0], 0.0, np.inf), got)


@pytest.mark.parametrize(
    ("share", "looked"),
    [
        (0.0, False),
        (1 - 2.0**-6, False),
        (np.nextafter(1 - 2.0**-6, 1), True),
        (1.0, True),
        (np.nextafter(1 + 2.0**-6, 1), True),
        (1 + 2.0**-6, False),
        (2.0, False),
        (np.inf, False),
    ],
)
def test_only_a_share_near_one_is_asked_whether_it_is_in_doubt(share: float, looked: bool) -> None:
    """Nearer than 2^-6; and so it is under a bound of dense that is 2^-1000 or more."""
    assert is_looked_at(about_zero(ONE_ROW, 0.5, 1.0), 1.0, share) is looked
    tight = about_zero(MADE["dense"][0], 2.0**-1001, 2.0**-1000)
    assert is_looked_at(tight, 2.0**-1000, share) is looked


@pytest.mark.parametrize(("operation", "looked"), [("dense", True), ("softmax", False), ("mean", False)])
def test_under_the_least_bounds_of_dense_every_share_is_asked(operation: str, looked: bool) -> None:
    """As the radius may be as large as the bound, but not beyond the other edge."""
    least = np.nextafter(2.0**-1000, 0)
    enclosure = about_zero(MADE[operation][0], least / 2, least)
    shares = (0.0, 0.5, 1.0, 1 + 2.0**-6, 2.0)
    assert [is_looked_at(enclosure, least, share) for share in shares] == [looked, looked, True, False, False]


def test_no_row_and_no_question_leave_nothing_to_decide() -> None:
    """Nor does an enclosure of exact results."""
    nothing = np.zeros((0, 1))
    enclosure = exact("dense", (nothing, ZERO, ZERO))
    assert decide(enclosure, nothing, np.zeros(0)) is None
    assert decide(replace(about_zero(ONE_ROW, 0.5, 1.0), question=None), ZERO + 1, np.ones(1)) is None


def test_a_row_is_in_doubt_for_its_own_entries_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """Not where one is beyond its bound for certain; every entry in doubt is looked at, and no other."""
    asked: list[tuple[int, list[int], list[float]]] = []

    def noted(question: Question, row: int, columns: Sequence[int], got: Array) -> list[bool | None]:
        asked.append((row, list(columns), got.tolist()))
        return [row != 4]

    monkeypatch.setattr(refine, "holds", noted)
    got = np.array([[1.0, 0.0, 0.0], [0.0, 1.0, 3.0], [1.0, 0.5, -1.25], [0.0, 0.0, 0.0], [0.0, 0.75, 0.0]])
    zero = np.zeros_like(got)
    weights = Question("dense", (np.zeros((5, 2)), np.zeros((2, 3)), np.zeros((1, 3))), DOUBLE)
    enclosure = Enclosure(zero, zero, zero + 0.375, zero + 1, question=weights)
    decision = decide(enclosure, got, np.array([0.5, 1.0, 1.01, 0.99, 0.99]))
    assert asked == [(2, [0, 2], [1.0, -1.25]), (4, [1], [0.75])]
    assert decision is not None
    assert decision.share.tolist() == [0.5, 1.0, 1.0, 0.99, 1 + 2.0**-52]
    assert not decision.undecided.any()


@pytest.mark.parametrize(
    ("share", "answers", "decided", "undecided"),
    [
        (0.99, [True], 0.99, False),
        (1.01, [True], 1.0, False),
        (0.99, [False], 1 + 2.0**-52, False),
        (1.01, [False], 1.01, False),
        (0.99, [True, None], 0.99, True),
        (1.01, [None, True], 1.0, True),
        (0.99, [None, False], 1 + 2.0**-52, False),
    ],
)
def test_a_share_is_put_on_its_side_of_one_and_no_farther(
    monkeypatch: pytest.MonkeyPatch, share: float, answers: list[bool | None], decided: float, undecided: bool
) -> None:
    """One entry that fails decides a row whose others nobody can tell."""

    def told(*asked: object) -> list[bool | None]:
        return answers

    monkeypatch.setattr(refine, "holds", told)
    given = np.array([share])
    decision = decide(about_zero(ONE_ROW, 0.5, 1.0), ZERO + 1, given)
    assert decision is not None
    assert (decision.share.tolist(), decision.undecided.tolist(), given.tolist()) == ([decided], [undecided], [share])


@pytest.mark.parametrize(("numbers", "undecided"), [(8191, False), (8192, False), (8193, True)])
def test_so_many_numbers_of_one_batch_are_looked_at(numbers: int, undecided: bool) -> None:
    """8192 of them."""
    asked = Question("mean", (np.zeros(numbers),), DOUBLE)
    decision = decide(about_zero(asked, 0.5, 1.0), ZERO + 1, np.ones(1))
    assert decision is not None
    assert decision.undecided.tolist() == [undecided]
