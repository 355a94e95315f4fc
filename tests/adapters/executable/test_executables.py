"""Executables in any language: the conversation of spec/protocol.md, and everything that can go wrong with it."""

import re
import shlex
import sys
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner, Result

from nnfs_spec.adapters.isolated import TOO_SLOW, IsolatedSubject, TargetError
from nnfs_spec.adapters.options import Loading
from nnfs_spec.arrays import Array
from nnfs_spec.checking.api import check
from nnfs_spec.cli import main
from nnfs_spec.subject.protocol import Answer, Breakdown, Call, Lacking, Outcome, Refusal, count_call
from nnfs_spec.support.files import anonymise_path
from tests import ROOT

pytestmark = pytest.mark.usefixtures("nothing_is_left")

PORT = ROOT / "tests" / "targets" / "ports" / "port.py"
ROW = np.array([[-1.0, 2.0]])
RELU = Call("relu", (ROW,))
QUESTION = "; the question was 'call c1 relu 1 | float64 2 1 2 | -1.0 2.0 | '"


def target(mode: str) -> str:
    """Return the target that behaves in this mode."""
    return f"exec:{shlex.join([sys.executable, '-S', str(PORT), mode])}"


def run_relu(mode: str, timeout: float = 20.0) -> Outcome:
    """Return the outcome of one call of relu."""
    with IsolatedSubject(target(mode), timeout) as subject:
        return subject.run([RELU])[0]


def result_of(outcome: Outcome) -> Array:
    """Require an answer, and return its result."""
    assert isinstance(outcome, Answer), outcome
    return outcome.results[0]


@pytest.mark.parametrize(
    "mode", ["good", "hello_first", "free_text", "errors_on_stderr", "echo", "stays", "afterthought"]
)
def test_a_port_is_heard(mode: str) -> None:
    """Free text beside the answers and a hello that comes too soon do not matter."""
    assert np.array_equal(result_of(run_relu(mode)), [[0.0, 2.0]])


@pytest.mark.parametrize(
    ("mode", "message"),
    [
        ("exits", "ended its process with status 3"),
        ("leaves_a_copy", "ended its process with status 4"),
        ("aborts", "ended its process with signal 11 (SIGSEGV)"),
        ("closes", "closed the stream of answers"),
        ("breaks_off", "ended its process with status 0; of an answer only '@ c1 ok floa' had come"),
        ("other_id", "answered 'c99', but was asked c1"),
        ("answers_first", ""),
        ("no_word", "answered with the word '', but must say ok, error or unsupported"),
        ("other_word", "answered with the word 'fine', but must say ok, error or unsupported"),
        ("category", "gave the category 'sorry' of an error, but must give shape, label, value or other"),
        (
            "dtype",
            "wrote 'float16' where a dtype must stand: float32, float64, int8, int16, int32, int64, uint8, uint16, "
            "uint32, uint64 or bool",
        ),
        ("dimensions", "wrote 'two' where the number of dimensions must stand"),
        ("many_dimensions", "wrote '9' where the number of dimensions must stand"),
        ("length", "wrote '' where a length must stand"),
        ("negative_length", "wrote '-1' where a length must stand"),
        ("rest", "wrote the lengths 1 2 for 1 dimensions: the rest must be 1"),
        ("too_few", "wrote 5 values for float64 2 2 3, which has 6"),
        ("too_many", "wrote 3 values for float64 2 1 2, which has 2"),
        ("word", "wrote 'abc' where a number of float64 must stand"),
        ("underscore", "wrote '1_0' where a number of float64 must stand"),
        ("fraction", "wrote '1.5' where a number of int64 must stand"),
        ("overflow", "wrote '300' where a number of int8 must stand"),
        ("huge_number", "wrote '99999999999999999999999' where a number of int64 must stand"),
        ("no_array", "answered with 0 arrays, but must with 1"),
        ("two_arrays", "wrote 6 values for float64 0 1 1, which has 1"),
        ("no_text", "wrote bytes that are no text: '@ \\\\xff\\\\xfe'"),
        ("huge_claim", "answered with more than 1048608 values: float64 2 1000000 1000000"),
        ("mark_alone", "answered '', but was asked c1"),
    ],
)
def test_a_broken_conversation_is_told(mode: str, message: str) -> None:
    """With what stands there, what must stand there, and the question."""
    if mode == "answers_first":
        message = "wrote 1 values for float64 2 1 1, which has 1"
        with IsolatedSubject(target(mode)) as subject:
            first, second = subject.run([RELU])[0], subject.run([RELU])[0]
        assert result_of(first).shape == (1, 1)
        assert second == Breakdown(f"answered 'c1', but was asked c2{QUESTION.replace('c1', 'c2')}")
        return
    of_the_protocol = mode not in ("exits", "leaves_a_copy", "aborts", "closes", "breaks_off")
    assert run_relu(mode) == Breakdown(message + (QUESTION if of_the_protocol else ""))


@pytest.mark.parametrize(
    ("mode", "detail"),
    [
        ("sleeps", ""),
        ("free_text_only", ""),
        ("endless_text", ""),
        ("stops_reading", ""),
        ("breaks_off_and_sleeps", ", of the next only '@ c1 ok floa' had come"),
    ],
)
def test_a_port_that_takes_too_long_is_ended(mode: str, detail: str) -> None:
    """Whatever it does instead of answering."""
    expected = Breakdown(f"took longer than 0.3 s; 1 of 1 answers were missing{detail}")
    assert run_relu(mode, timeout=0.3) == expected


def test_a_line_without_end_is_not_kept() -> None:
    """No more of it than an answer may have."""
    outcome = run_relu("huge_line")
    assert isinstance(outcome, Breakdown)
    assert outcome.message.startswith("wrote a line of more than 33555456 characters: '@ 1.0 1.0")


def test_an_answer_too_many_shows_at_the_next_call() -> None:
    """It is not that call's answer."""
    with IsolatedSubject(target("twice_answered")) as subject:
        first, second = subject.run([RELU, RELU])
        again = subject.run([RELU])[0]
    message = f"answered 'c1', but was asked c2{QUESTION.replace('c1', 'c2')}"
    assert (first, second) == (Breakdown(message), Breakdown(message))
    assert np.array_equal(result_of(again), [[0.0, 2.0]])


def test_a_port_that_does_not_read_may_be_asked_more_than_a_pipe_holds() -> None:
    """Nobody waits for the other for ever."""
    large = Call("relu", (np.zeros((1000, 100)),))
    with IsolatedSubject(target("stops_reading"), timeout=0.3) as subject:
        assert subject.run([large])[0] == Lacking(TOO_SLOW, slow=True)


def test_more_than_a_pipe_holds_goes_both_ways() -> None:
    """The checker reads while it writes."""
    rng = np.random.default_rng(0)
    calls = [Call("relu", (rng.normal(size=(400, 20)),)) for _ in range(8)]
    with IsolatedSubject(target("good")) as subject:
        for call, outcome in zip(calls, subject.run(calls), strict=True):
            assert np.array_equal(result_of(outcome), np.maximum(0, call.arguments[0]))


BINARY = f"exec:{shlex.join([sys.executable, '-S', str(PORT.with_name('binary.py'))])}"


def test_values_may_go_as_bytes() -> None:
    """In every dtype, for one result and for two, with an echo and without, none and many."""
    rng = np.random.default_rng(0)
    rows: list[Array] = [
        np.zeros((0, 3)),
        rng.normal(size=(2, 3)),
        rng.normal(size=(2000, 50)),
        np.array([[1, 0]], np.int8),
    ]
    calls = [Call("relu", (row,), watched=watched) for row in rows for watched in (False, True)]
    with IsolatedSubject(BINARY) as subject:
        for call, outcome in zip(calls, subject.run(calls), strict=True):
            assert np.array_equal(result_of(outcome), np.maximum(0, call.arguments[0]))
            assert isinstance(outcome, Answer)
            assert outcome.after[0] is call.arguments[0]
        (spiral,) = subject.run([count_call("spiral_data", 1, 2, 0)])
    assert isinstance(spiral, Answer)
    points, labels = spiral.results
    assert points.tolist() == [[0.0, 0.0], [0.5, 1.0]]
    assert (labels.tolist(), labels.dtype.name) == ([0, 1], "int8")


def test_special_numbers_arrive() -> None:
    """By the words of the protocol, and come back by those of the port's language."""
    special = np.array([[np.nan, np.inf, 5e-324, 1.7976931348623157e308, 0.1]])
    with IsolatedSubject(target("good")) as subject:
        result = result_of(subject.run([Call("relu", (special,))])[0])
    assert np.array_equal(result, special, equal_nan=True)


def test_a_refusal_names_its_category() -> None:
    """And what the port has to say."""
    assert run_relu("error") == Refusal("other", "I would rather not")


def test_what_a_port_cannot_take_is_not_held_against_it() -> None:
    """But counted."""
    with IsolatedSubject(target("unsupported")) as subject:
        assert subject.run([RELU]) == [Lacking("the port says so")]
        assert subject.account().problems[1:] == ("relu: 1 calls were answered with unsupported",)
    report = check(target("unsupported"), budget="quick", clauses=["RELU-1"])
    assert report.clauses[0].status == "unsupported"
    assert report.verdict == "error"


def test_a_port_is_asked_only_in_the_dtypes_that_it_names() -> None:
    """But for labels; a clause that needs another dtype is not supported."""
    single = Call("relu", (ROW.astype(np.float32),))
    with IsolatedSubject(target("good")) as subject:
        assert subject.run([single, RELU])[0] == Lacking("inputs of float32 cannot be given to the port")
        assert subject.reach.dtypes == {"float64"}
    report = check(target("float32"), budget="quick", clauses=["RELU-1", "GEN-5"])
    assert [clause.status for clause in report.clauses] == ["pass", "unsupported"]


def test_an_echo_shows_what_became_of_the_arguments() -> None:
    """Without it GEN-1 is not exercised; GEN-4 and GEN-9 never are."""
    asked = ["GEN-1", "GEN-4", "RELU-1"]

    def statuses(mode: str) -> list[str]:
        return [clause.status for clause in check(target(mode), budget="quick", clauses=asked).clauses]

    assert statuses("good") == ["not-exercised", "not-exercised", "pass"]
    assert statuses("echo") == ["pass", "not-exercised", "pass"]
    assert statuses("changes_arguments") == ["fail", "not-exercised", "pass"]


def test_what_was_said_beside_the_answers_is_in_the_report() -> None:
    """From both streams."""
    with IsolatedSubject(target("free_text")) as subject:
        subject.run([RELU])
        assert subject.account().output.startswith("computing relu\n@mention is no answer\nof \N{SNOWMAN}\n")
    with IsolatedSubject(target("errors_on_stderr")) as subject:
        subject.run([RELU])
        assert subject.account().output.startswith("computing relu\n")


def test_an_afterthought_is_noted() -> None:
    """Nobody asked for it."""
    with IsolatedSubject(target("afterthought")) as subject:
        subject.run([RELU])
        assert "the port wrote 2 more answers than it was asked for" in subject.account().problems
        assert np.array_equal(result_of(subject.run([RELU])[0]), [[0.0, 2.0]])


@pytest.mark.parametrize(
    ("mode", "message"),
    [
        ("version", "speaks version '2' of the protocol, but must speak 1"),
        ("no_version", "speaks version '' of the protocol, but must speak 1"),
        ("no_hello", "greeted with '@ 1 ok', but must say @ hello 1 operations ... dtypes ..."),
        ("no_operations", "names no operations in its hello, but must: dense relu softmax sample_losses loss accuracy"),
        ("no_dtypes", "names no dtypes in its hello, but must: float32 float64"),
        ("unknown_operation", "has the word 'tanh' in its hello where once may stand: dense relu softmax"),
        ("twice", "has the word 'relu' in its hello where once may stand: dense relu softmax"),
        ("unknown_word", "has the word 'layouts' in its hello where once may stand: operations dtypes features"),
        ("exits_at_once", "ended its process with status 7 while being loaded"),
    ],
)
def test_a_bad_hello_ends_the_check(mode: str, message: str) -> None:
    """Nothing can be checked."""
    with pytest.raises(TargetError, match=re.escape(message)):
        IsolatedSubject(target(mode))


def test_a_port_that_never_greets_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    """For longer than anything may take to start."""
    monkeypatch.setattr("nnfs_spec.adapters.isolated.START_SECONDS", 0.3)
    with pytest.raises(TargetError) as caught:
        IsolatedSubject(target("silent"))
    told = "loading took longer than 0.3 s: no hello came. Does it flush its output, and read line by line?"
    assert str(caught.value) == f"{anonymise_path(target('silent'))}: {told}"


@pytest.mark.parametrize(
    ("command", "message"),
    [
        ("exec:./no-such-port", "No such file or directory: './no-such-port'"),
        ("exec:/", "Permission denied: '/'"),
        ("exec:", "there is no command after exec:"),
        ("exec:'port", "the command line cannot be split into words: No closing quotation"),
    ],
)
def test_a_command_that_cannot_be_started_is_told(command: str, message: str) -> None:
    """By the words of the system."""
    with pytest.raises(TargetError, match=re.escape(message)):
        IsolatedSubject(command)


def test_where_the_system_cannot_watch_or_limit_a_process_it_is_checked_all_the_same(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """It ends by its streams, then."""
    monkeypatch.delattr("os.pidfd_open")
    monkeypatch.delattr("resource.prlimit")
    assert np.array_equal(result_of(run_relu("good")), [[0.0, 2.0]])
    assert run_relu("exits") == Breakdown("ended its process with status 3")


def test_choices_for_sources_are_refused() -> None:
    """An executable has no names to map."""
    with pytest.raises(TargetError, match="--run-all and --map are for sources in Python, not for executables"):
        IsolatedSubject(target("good"), loading=Loading(run_all=True))


def test_no_shell_reads_the_command() -> None:
    """Its words are the program's arguments, as they stand."""
    with IsolatedSubject(f"{target('good')} '$(exit)' ; exit 1") as subject:
        assert subject.operations == {"relu", "softmax"}


def invoke(*arguments: str) -> Result:
    """Run the command line."""
    return CliRunner().invoke(main, arguments, prog_name="nnfs-spec")


def test_a_conversation_can_be_written_down(tmp_path: Path) -> None:
    """Every line of both sides, in order."""
    path = tmp_path / "trace.txt"
    ran = invoke("check", target("good"), "--clause", "RELU-6", "--budget", "quick", "--trace", str(path))
    assert ran.exit_code == 0
    lines = path.read_text(encoding="ascii").splitlines()
    assert lines[0] == "> hello 1"
    assert lines[1] == "< @ hello 1 operations relu softmax dtypes float64"
    assert lines[2].startswith("> call c1 relu 1")
    assert lines[-1] == "> end"
    assert sum(line.startswith("> call") for line in lines) == sum(line.startswith("< @ c") for line in lines)


def test_a_counterexample_can_be_fed_by_hand(tmp_path: Path) -> None:
    """What is printed is exactly what the port is given."""
    report = tmp_path / "report.json"
    assert (
        invoke("check", target("error"), "--clause", "RELU-1", "--budget", "quick", "--json", str(report)).exit_code
        == 1
    )
    again = invoke("replay", str(report), "--target", target("error"))
    assert again.exit_code == 1
    assert again.output.splitlines()[-1].endswith(f"--feed | {target('error').removeprefix('exec:')}")
    fed = invoke("replay", str(report), "--target", target("error"), "--feed")
    assert fed.exit_code == 1
    assert fed.output == "hello 1\ncall c1 relu 1\nfloat64 2 1 1\n0.0\nend\n"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("check", "reference", "--trace", "trace.txt"), "--trace is for executables, as in exec:./port"),
        (("check", "reference", "mutant:relu-leaky", "--trace", "trace.txt"), "--trace: only for one target"),
    ],
)
def test_a_trace_of_anything_else_is_wrong_usage(
    arguments: tuple[str, ...], message: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """There is no conversation to write down."""
    monkeypatch.chdir(tmp_path)
    ran = invoke(*arguments)
    assert (ran.exit_code, list(tmp_path.iterdir())) == (2, [])
    assert message in ran.output
