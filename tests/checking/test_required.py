"""Operations that are required: one that was not checked is a failure, and the report says why."""

from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from click.testing import CliRunner, Result

import nnfs_spec
from nnfs_spec import check
from nnfs_spec.adapters.live import LiveSubject
from nnfs_spec.arrays import Array
from nnfs_spec.checking.baseline import judge_by_baseline
from nnfs_spec.checking.required import clauses_about
from nnfs_spec.cli.main import main
from nnfs_spec.engine.events import Unmet
from nnfs_spec.reports.json_report import to_dict
from nnfs_spec.reports.junit import to_junit
from nnfs_spec.reports.markdown import to_markdown
from nnfs_spec.subject.protocol import Account
from nnfs_spec.testing import ClauseCheck, parametrize_with_clauses
from tests.tools.check_here import check_here
from tests.tools.handmade import clause


def run(*arguments: str) -> Result:
    """Run ``nnfs-spec check`` with the quick budget."""
    return CliRunner().invoke(main, ("check", *arguments, "--budget", "quick"))


def words(text: str) -> str:
    """Return text without its line breaks."""
    return " ".join(text.split())


@pytest.fixture
def relu_alone(tmp_path: Path) -> str:
    """A file with a right relu and a dense that is called in no known way."""
    path = tmp_path / "relu_alone.py"
    path.write_text("import numpy as np\ndef relu(x):\n    return np.maximum(0, x)\ndef dense(x):\n    return x\n")
    return str(path)


def test_what_is_required_and_checked_changes_nothing(relu_alone: str) -> None:
    """Nor does what is asked for twice."""
    done = run(relu_alone, "--clause", "RELU-1", "--require", "relu", "--require", "relu,relu")
    assert (done.exit_code, "required and" in done.stdout) == (0, False)


def test_what_is_required_and_not_checked_is_a_failure_with_a_reason(relu_alone: str) -> None:
    """Not found at all, or found in a form that cannot be called."""
    done = run(relu_alone, "--clause", "RELU-1", "--require", "softmax, dense", "--require", "relu")
    assert done.exit_code == 1
    told = words(done.stdout)
    assert "nonconformant; 2 required operations are not checked (softmax, dense); 1 clause passes" in told
    assert "required and not checked: softmax: not found in the target" in told
    assert "required and not checked: dense: `dense`, line 4, " in told


def test_what_is_mapped_and_lacks_what_was_not_run_is_not_checked(tmp_path: Path) -> None:
    """Nothing else is taken in its place; the rest is checked, and the reason stands once."""
    path = tmp_path / "mapped.py"
    path.write_text(
        "import numpy as np\ndef relu(x):\n    return np.maximum(0, x)\ndef softmax(x):\n    return x\n"
        "def mine(x):\n    return scale(x)\nfor scale in [np.abs]:\n    print(scale)\n"
    )
    asked = (str(path), "--map", "softmax=mine", "--clause", "RELU-1", "--clause", "SOFTMAX-1")
    done = run(*asked)
    reason = "softmax: `mine`, line 6, cannot be called here: NameError: name 'scale' is not defined (line 8 "
    assert (done.exit_code, words(done.stdout).count(reason)) == (0, 1)
    assert "also found, not checked: `softmax`, line 4: --map names something else for softmax" in words(done.stdout)
    required = run(*asked, "--require", "softmax")
    assert (required.exit_code, words(required.stdout).count(reason)) == (1, 1)


def test_one_reason_for_several_operations_stands_once(tmp_path: Path) -> None:
    """With the verdict for those that are required, else in the notes."""
    path = tmp_path / "loss.py"
    path.write_text("def relu(x):\n    return abs(x)\ndef cross_entropy(logits, labels):\n    return 0\n")
    lines = words(run(str(path), "--clause", "RELU-1").stdout)
    assert lines.count("takes logits") == lines.count("note: sample_losses, loss: `cross_entropy`") == 1
    assert words(run(str(path), "--clause", "RELU-1", "--require", "loss").stdout).count("takes logits") == 2
    both = run(str(path), "--clause", "RELU-1", "--require", "loss,sample_losses")
    assert "note: " not in words(both.stdout)


def test_an_operation_that_no_clause_asks_about_is_not_checked(relu_alone: str) -> None:
    """Though the target has it; a clause of several operations stands for those without one of their own."""
    assert check(relu_alone, clauses=["RELU-1", "ACC-1"], budget="quick", require=["relu"]).unmet == ()
    assert check(relu_alone, clauses=["GEN-1"], budget="quick", require=["relu"]).unmet == ()
    objects: dict[str, Any] = {"relu": nnfs_spec.relu, "softmax": nnfs_spec.softmax}
    report = check(objects, clauses=["RELU-1"], budget="quick", require=["relu", "softmax"])
    assert report.verdict == "nonconformant"
    assert report.unmet == (Unmet("softmax", "no clause that was asked for speaks of it"),)


def test_the_clauses_of_an_operation_alone_come_before_those_of_several() -> None:
    """GEN-1 passes for others, too."""
    relu, several = clause("RELU-1", "unsupported"), clause("GEN-1")
    assert clauses_about("relu", [relu, several]) == [relu]
    assert clauses_about("softmax", [relu, several]) == [several]


def test_an_operation_that_cannot_be_called_is_not_checked() -> None:
    """The reason is what the plainest call comes to, where there is one."""

    def relu(x: Array) -> Array:
        raise AttributeError("no such backend")

    class Left:
        """Says that all comes of what was left out."""

        def supply(self, error: BaseException) -> bool:
            """Do nothing."""
            return False

        def caused(self, error: BaseException) -> bool:
            """Take the blame."""
            return True

    def layer(n: int, m: int) -> tuple[Array, Array]:
        raise AttributeError("nor that one")

    subject = LiveSubject("left", {"relu": lambda: relu, "layer": lambda: layer}, omissions=Left())
    report = check_here(subject, budget="quick", require=("relu", "layer"))
    assert report.unmet == (
        Unmet("relu", "it cannot be called: no such backend"),
        Unmet("layer", "none of its clauses was tried"),
    )
    assert report.verdict == "nonconformant"


def test_what_only_time_was_lacking_for_is_incomplete() -> None:
    """It may be right; what is not there at all is a failure all the same."""
    subject = LiveSubject("relu", {"relu": lambda: nnfs_spec.relu}, Account())
    report = check_here(subject, budget="quick", max_time=0.0, require=("relu",))
    assert (report.verdict, report.unmet) == ("incomplete", ())
    missing = check_here(subject, budget="quick", max_time=0.0, require=("softmax",))
    assert (missing.verdict, missing.unmet) == ("nonconformant", (Unmet("softmax", "not found in the target"),))


def test_a_baseline_does_not_excuse_what_is_not_checked() -> None:
    """Whatever it records."""
    report = check({"relu": nnfs_spec.relu}, clauses=["RELU-1"], budget="quick", require=["loss"])
    assert judge_by_baseline(report, {}, "b.toml", "command").verdict == "nonconformant"


def test_every_form_names_what_is_not_checked(tmp_path: Path, relu_alone: str) -> None:
    """JUnit by a case that fails; of many targets the row says it."""
    report = check({"relu": nnfs_spec.relu}, clauses=["RELU-1"], budget="quick", require=["loss"])
    told = "required and not checked: loss: not found in the target"
    assert told in str(report)
    assert f'<p class="bad">{told}</p>' in vars(type(report))["_repr_html_"](report)
    assert told in to_markdown(report)
    assert to_dict(report)["unmet"] == [{"operation": "loss", "reason": "not found in the target"}]
    (failure,) = ElementTree.fromstring(to_junit(report)).iter("failure")
    assert failure.attrib == {"type": "not-checked", "message": "not found in the target"}
    many = run(relu_alone, "reference", "--clause", "RELU-1", "--require", "loss", "--jobs", "1")
    assert many.exit_code == 1
    assert "required and not checked: loss:" in words(many.stdout)


def test_a_name_that_is_no_operation_is_refused() -> None:
    """By the command, by check, and by the decorator of pytest."""
    told = "there is no operation 'sigmoid'; there are dense, relu, softmax, "
    done = run("reference", "--require", "relu,sigmoid")
    assert done.exit_code == 2
    assert told in words(done.stderr)
    with pytest.raises(ValueError, match=told):
        check({"relu": nnfs_spec.relu}, require=["sigmoid"])
    with pytest.raises(ValueError, match=told):
        parametrize_with_clauses({"relu": nnfs_spec.relu}, require=["sigmoid"])


def test_a_required_operation_fails_the_cases_that_would_be_skipped() -> None:
    """In a suite of pytest; the others are as they were."""
    mark = parametrize_with_clauses(
        {"relu": nnfs_spec.relu}, clauses=["RELU-1", "SOFTMAX-1", "ACC-1"], require=["relu", "softmax"]
    )
    relu, softmax, accuracy = (case for given in mark.args[1] for case in given.values)
    assert isinstance(relu, ClauseCheck)
    relu.check()
    with pytest.raises(
        AssertionError, match=r"^SOFTMAX-1 was not checked: softmax is required: not found in the target$"
    ):
        softmax.check()
    with pytest.raises(pytest.skip.Exception):
        accuracy.check()
