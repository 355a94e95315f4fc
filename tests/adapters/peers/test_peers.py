"""Other people's libraries under check: every failure has a reason and every reason a failure, and the page says so.

The libraries come with the extra ``peers``, which the gate does not install; here only plain NumPy is checked, and the
page is held to what is written down. ``make peers`` checks those that are installed, and compares the page truly.
"""

import re
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner, Result

import nnfs_spec.checking.peers
from nnfs_spec.adapters.isolated import IsolatedSubject, TargetError
from nnfs_spec.adapters.load import load
from nnfs_spec.adapters.options import Loading
from nnfs_spec.adapters.peers import registry as frameworks
from nnfs_spec.adapters.peers.library import Library
from nnfs_spec.adapters.peers.reasons import CHOSEN, REASONS, Reason
from nnfs_spec.adapters.peers.registry import PEERS, library, missing, versions
from nnfs_spec.arrays import Array
from nnfs_spec.checking.peers import check_peer
from nnfs_spec.clauses import all_clauses, spec_folder
from nnfs_spec.cli import main
from nnfs_spec.domains import DTYPES
from nnfs_spec.engine.events import ClauseResult, Report
from nnfs_spec.engine.options import CheckOptions
from nnfs_spec.fast.forward import plain_forward
from nnfs_spec.oracle import exact
from nnfs_spec.properties.finding import within
from nnfs_spec.reports.peers import Column, cell, clauses_of, news, page
from tests.tools.handmade import clause, failing, report

PAGE = spec_folder() / "peers.md"
COMMAND = "nnfs-spec peers --budget default --markdown spec/peers.md"
MATRIX_ROW = re.compile(r"^\| ([A-Z]+-[0-9]+) \| (.+) \|$", re.MULTILINE)


def run(*arguments: str) -> Result:
    """Run ``nnfs-spec peers`` in this process."""
    return CliRunner().invoke(main, ("peers", *arguments))


def without(monkeypatch: pytest.MonkeyPatch, *modules: str) -> None:
    """Let modules be not installed, and all others be."""
    found: dict[str, object] = {}
    monkeypatch.setattr(frameworks, "find_spec", lambda module: None if module in modules else found)  # pyright: ignore


def told(monkeypatch: pytest.MonkeyPatch, *results: ClauseResult, broken: str = "") -> None:
    """Have the check of every peer come to these results at once, or say of one peer that it cannot be loaded."""

    def check_isolated(subject: IsolatedSubject, options: CheckOptions, **more: Any) -> Report:
        subject.close()
        if subject.target == f"peer:{broken}":
            raise TargetError(f"{subject.target}: it is broken")
        return report(*results)

    monkeypatch.setattr(nnfs_spec.checking.peers, "check_isolated", check_isolated)


@cache
def column_of(name: str) -> Column:
    """Return how a peer fares with the budget of the page."""
    return check_peer(name, "default")


def column(
    *results: Any, reasons: dict[str, str] | None = None, due: tuple[str, ...] = (), name: str = "one"
) -> Column:
    """Return a peer with these clauses."""
    return Column(name, name.title(), {name: "1.0"}, report(*results), "", reasons or {}, frozenset(due))


def test_the_reasons_are_of_peers_and_clauses_that_there_are() -> None:
    """For each peer some, at budgets that it is given; and each has its file."""
    assert REASONS.keys() == PEERS.keys()
    for name, peer in PEERS.items():
        assert REASONS[name].keys() <= all_clauses().keys()
        assert all(CHOSEN.index(reason.budget) <= CHOSEN.index(peer.most) for reason in REASONS[name].values())
        assert (Path(frameworks.__file__).parent / f"{name}.py").is_file()


def test_a_failure_without_a_reason_is_news_and_so_is_a_reason_without_a_failure() -> None:
    """A failure that another explains is neither, nor is a reason that only a larger budget shows."""
    failed, passed, blocked = failing("GEN-5"), clause("RELU-1"), clause("LOSS-2", "blocked", blocked_by="LOSS-1")
    assert news([column(failed, passed, blocked)]) == ["one: GEN-5 does not hold, and no reason is known"]
    known = {"GEN-5": "x", "RELU-1": "y", "LOSS-2": "z"}
    assert news([column(failed, passed, blocked, reasons=known, due=("GEN-5", "LOSS-2"))]) == []
    assert news([column(failed, passed, blocked, reasons=known, due=tuple(known))]) == [
        "one: RELU-1 holds, but a reason is kept why it should not"
    ]
    assert news([column(clause("RELU-1", "unsupported"), reasons=known, due=tuple(known))]) == []


def test_a_reason_is_due_from_its_budget_on() -> None:
    """And not below."""
    assert [Reason("x").due(budget) for budget in CHOSEN] == [True, True]
    assert [Reason("x", "default").due(budget) for budget in CHOSEN] == [False, True]


def test_a_cell_tells_the_status_and_the_share_of_the_bound() -> None:
    """The share alone where a clause passes, a dash where the operation is lacking."""
    one = column(
        clause("RELU-1"),
        clause("RELU-2", "unsupported"),
        failing("RELU-3"),
        clause("RELU-4", "blocked", blocked_by="RELU-3"),
    )
    assert [cell(one, id) for id in ("RELU-1", "RELU-2", "RELU-3", "RELU-4")] == ["0", "-", "fail", "blocked"]
    assert clauses_of([one]) == ["RELU-1", "RELU-3", "RELU-4"]
    assert clauses_of([one, column(clause("RELU-2"))]) == ["RELU-1", "RELU-2", "RELU-3", "RELU-4"]


def test_plain_numpy_is_checked_by_the_command() -> None:
    """The table, the reasons, how near it comes to a bound, and the sentence at the end; exit code 0."""
    result = run("plain", "--budget", "quick")
    lines = [line.rstrip() for line in result.stdout.splitlines()]
    assert result.exit_code == 0
    assert lines[0].split() == ["clause", "plain"]
    assert "RELU-1          0" in lines
    assert any(re.fullmatch(r"SOFTMAX-4    0\.[0-9]+", line) for line in lines)
    heading = (
        rf"plain NumPy \(numpy {re.escape(np.__version__)}\), budget quick; nearest to a bound: 0\.\d+ of that of \S+"
    )
    assert any(re.fullmatch(heading, line) for line in lines)
    assert "  GEN-5 fail: whole numbers are computed as they come, in their own dtype" in lines
    assert lines[-1] == f"1 of 1 peers checked; {len(REASONS['plain'])} failures, 0 of them without a reason"


def test_what_is_not_installed_is_said_to_be(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is nothing checked where there is nothing else, and no page comes of it."""
    without(monkeypatch, "torch")
    result = run("torch")
    assert (result.exit_code, result.stdout) == (
        3,
        "\ntorch: torch not installed\n0 of 1 peers checked; 0 failures, 0 of them without a reason\n",
    )
    assert (missing("keras"), missing("plain")) == (["torch"], [])
    with pytest.raises(LookupError, match="Keras needs torch, not installed; the extra peers has all"):
        library("keras")


def test_a_page_needs_all_the_peers(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """And states the command that it comes of."""
    without(monkeypatch, "torch")
    told(monkeypatch, *map(failing, REASONS["plain"]))
    path = tmp_path / "page.md"
    result = run("plain", "torch", "--budget", "quick", "--markdown", str(path))
    assert (result.exit_code, path.exists()) == (3, False)
    assert result.stderr == f"nnfs-spec: {path} is not written, as not all peers were checked\n"
    assert run("plain", "--budget", "quick", "--markdown", str(path)).exit_code == 0
    assert f"\nnnfs-spec peers plain --budget quick --markdown {path}\n" in path.read_text(encoding="utf-8")


def test_the_exit_code_tells_news(monkeypatch: pytest.MonkeyPatch) -> None:
    """The command says what they are."""
    told(monkeypatch, clause("RELU-1"), failing("GEN-5"), failing("LOSS-7"))
    kept = {"RELU-1": Reason("zero is a matter of taste"), "LOSS-7": Reason("known")}
    monkeypatch.setattr(nnfs_spec.checking.peers, "REASONS", {"plain": kept})
    result = run("plain", "--budget", "quick")
    assert result.exit_code == 1
    assert "  GEN-5 fail: no reason is known\n" in result.stdout
    assert result.stdout.splitlines()[-3:] == [
        "plain: GEN-5 does not hold, and no reason is known",
        "plain: RELU-1 holds, but a reason is kept why it should not",
        "1 of 1 peers checked; 2 failures, 1 of them without a reason",
    ]


def test_a_peer_that_cannot_be_loaded_is_no_success(monkeypatch: pytest.MonkeyPatch) -> None:
    """Although it is installed, and although another one was checked."""
    without(monkeypatch)
    monkeypatch.setattr(frameworks, "version", lambda distribution: "1.0")  # pyright: ignore
    told(monkeypatch, clause(), broken="torch")
    result = run("torch", "plain", "--budget", "quick")
    assert result.exit_code == 3
    assert "\ntorch: peer:torch: it is broken\n" in result.stdout


def test_a_peer_gets_no_more_than_its_budget(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is due is less, too."""
    monkeypatch.setattr(
        nnfs_spec.checking.peers, "REASONS", {"jax": {"GEN-5": Reason("x"), "GEN-8": Reason("y", "default")}}
    )
    without(monkeypatch, "jax")
    one = check_peer("jax", "default")
    assert (one.due, one.problem) == (frozenset({"GEN-5"}), "jax not installed")


def test_a_peer_is_a_target_like_any_other() -> None:
    """But for what cannot be mapped; its replays name it."""
    assert load("peer:plain").operations == {"dense", "relu", "softmax", "sample_losses", "loss", "accuracy"}
    with pytest.raises(LookupError, match="--map relu=f: peer:plain is what it is; only files and modules"):
        load("peer:plain", Loading(False, ("relu=f",)))
    with pytest.raises(LookupError, match="there is no peer named 'none'; there are plain, scipy, "):
        load("peer:none")


def forward_of(given: Library, dtype: Any) -> tuple[Array, Array]:
    """Return what a peer makes of a network of whole numbers, and the exact logits."""
    rng = np.random.default_rng(0)
    x, w, v = (rng.integers(-3, 4, shape).astype(dtype) for shape in ((50, 2), (2, 16), (16, 3)))
    b, c = np.ones((1, 16), dtype), np.zeros((1, 3), dtype)
    layers = [(given.take(one), given.take(other)) for one, other in ((w, b), (v, c))]
    result = given.wait(given.functions["forward"](given.take(x), layers))
    return np.asarray(result), np.maximum(x @ w + b, 0) @ v + c


@pytest.mark.parametrize("dtype", DTYPES)
def test_the_network_of_plain_numpy_is_the_composition(dtype: Any) -> None:
    """Bit for bit that of the reference, on numbers whose sums are exact."""
    result, logits = forward_of(library("plain"), dtype)
    assert result.tobytes() == plain_forward(logits, [(np.eye(3, dtype=dtype), np.zeros((1, 3), dtype))]).tobytes()


@pytest.mark.gate
def test_the_page_names_all_peers_and_the_clauses_that_there_are() -> None:
    """Those that plain NumPy, which has every operation of theirs, is checked against; and the command."""
    text = PAGE.read_text(encoding="utf-8")
    header = f"\n| clause | {' | '.join(PEERS)} |\n"
    plain = [result.id for result in check_peer("plain", "quick").results.values()]
    assert header in text
    assert f"\n{COMMAND}\n" in text
    assert [row[1] for row in MATRIX_ROW.finditer(text)] == plain
    assert all(len(row[2].split(" | ")) == len(PEERS) for row in MATRIX_ROW.finditer(text))


@pytest.mark.gate
@pytest.mark.parametrize("name", PEERS)
def test_the_page_gives_the_reasons_that_are_kept(name: str) -> None:
    """For each clause that its table says does not hold, and for no other; blocked ones need none."""
    text = PAGE.read_text(encoding="utf-8")
    _, _, rest = text.partition(f"\n### {PEERS[name].title}\n\n")
    told = dict(re.findall(r"^- (\S+): (.+)\.$", rest.partition("\n#")[0], re.MULTILINE))
    place = list(PEERS).index(name)
    cells = {row[1]: row[2].split(" | ")[place].split()[0] for row in MATRIX_ROW.finditer(text)}
    assert told.keys() == {id for id, status in cells.items() if status in ("fail", "error")}
    blocked = {id for id, status in cells.items() if status == "blocked"}
    assert {id: reason.text for id, reason in REASONS[name].items() if id not in blocked} == told


def compared(text: str) -> str:
    """Return the page without the shares of bounds, which depend on the processor."""
    text = MATRIX_ROW.sub(lambda row: re.sub(r"(?<= )[0-9.]+(e[+-][0-9]+)?(?= \|)", "*", row[0]), text)
    return re.sub(r"[0-9.]+ \([A-Z]+-[0-9]+\) \|$", "* |", text, flags=re.MULTILINE)


def test_the_comparison_leaves_out_shares_and_nothing_else() -> None:
    """Neither versions nor statuses."""
    told = (
        "| plain | plain NumPy | numpy 2.4.6 | default | 0.65 (DENSE-1) |\n| RELU-1 | 0 | fail 6.2e+07 | fail | - |\n"
    )
    assert compared(told) == "| plain | plain NumPy | numpy 2.4.6 | default | * |\n| RELU-1 | * | fail * | fail | - |\n"


@pytest.mark.gate
@pytest.mark.peers
@pytest.mark.parametrize("name", PEERS)
def test_a_peer_breaks_no_clause_without_a_reason(name: str) -> None:
    """And every reason is seen; in a process of its own."""
    if lacking := missing(name):
        pytest.skip(f"{', '.join(lacking)} not installed")
    assert column_of(name).problem == ""
    assert news([column_of(name)]) == []


@pytest.mark.peers
@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("name", PEERS)
def test_the_network_of_a_peer_is_within_the_bound(name: str, dtype: Any) -> None:
    """On numbers whose sums are exact, that of softmax: so the benchmark compares the same thing."""
    if lacking := missing(name):
        pytest.skip(f"{', '.join(lacking)} not installed")
    given = library(name)
    if "forward" not in given.functions:
        pytest.skip(f"{name} has no layers")
    result, logits = forward_of(given, dtype)
    assert not within(result, exact("softmax", (logits,)), "").violating.any()


@pytest.mark.peers
def test_the_page_is_what_the_command_writes() -> None:
    """But for the shares; where a version is another one, it is to be written anew."""
    if lacking := [one for name in PEERS for one in missing(name)]:
        pytest.skip(f"{', '.join(lacking)} not installed")
    now = page([column_of(name) for name in PEERS], COMMAND)
    assert all(f"{one} {number}" in now for name in PEERS for one, number in versions(name).items())
    assert compared(PAGE.read_text(encoding="utf-8")) == compared(now)
