"""One call of each operation of a port, and what goes over the wire."""

import shlex
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from nnfs_spec.cli import main
from nnfs_spec.cli.doctor import MOST_SHOWN, diagnosed
from nnfs_spec.subject.protocol import Lacking
from tests import ROOT

PORT = ROOT / "tests" / "targets" / "ports" / "port.py"


def doctor(target: str) -> Result:
    """Run the command."""
    return CliRunner().invoke(main, ["doctor", target, "--timeout", "3"])


def written(folder: Path, answer: str, hello: str = "@ hello 1 operations relu layer dtypes float32 float64") -> str:
    """Write a port that answers every call so, and return it as a target."""
    path = folder / "port.py"
    lines = [
        "import sys",
        f"print({hello!r}, flush=True)",
        "for line in sys.stdin:",
        "    if line.startswith('call'):",
        "        id = line.split()[1]",
        f"        {answer}",
        "        sys.stdout.flush()",
    ]
    path.write_text("\n".join(lines))
    return f"exec:{shlex.join([sys.executable, '-S', str(path)])}"


def test_every_operation_of_a_port_is_called_once() -> None:
    """In its own dtypes, with all that is told and answered, long lines cut."""
    result = doctor(f"exec:{shlex.join([sys.executable, '-S', str(PORT), 'right'])}")
    assert result.exit_code == 0, result.output
    lines = result.output.splitlines()
    assert lines[:2] == ["> hello 1", next(line for line in lines if line.startswith("< @ hello 1 operations"))]
    assert "relu: answered with float64 of shape (4, 3)" in lines
    assert [line.split()[3] for line in lines if line.startswith("> call ")] == ["relu", "softmax"]
    assert max(map(len, lines)) == MOST_SHOWN + len("...")


def test_a_layer_is_drawn(tmp_path: Path) -> None:
    """By counts and a seed, and has two results."""
    answer = "print(f'@ {id} ok float64 2 1 2 0 0 float64 2 1 1 0')"
    result = doctor(written(tmp_path, answer, "@ hello 1 operations layer dtypes float64"))
    assert result.exit_code == 0
    assert "\nlayer: answered with float64 of shape (1, 2) and float64 of shape (1, 1)\n> call " in result.output
    assert "\n> int64 0 1 1\n> 5\n" in result.output


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        ("print(f'@ {id} error value no')", "refused as value no, though nothing is wrong with these arguments"),
        ("print(f'@ {id} fine')", "no answer: it answered with the word 'fine', but must say ok, error or unsupported"),
        ("print(f'@ {id} unsupported')", "not supported: "),
    ],
)
def test_what_is_no_answer_is_named(answer: str, said: str, tmp_path: Path) -> None:
    result = doctor(written(tmp_path, answer))
    assert result.exit_code == 1
    assert f"\nrelu: {said}" in result.output
    assert "\n> float32 2 4 3\n" in result.output
    assert "\nnot in its hello: dense, softmax, sample_losses, loss, accuracy, spiral_data\n" in result.output


def test_what_a_port_prints_beside_the_protocol_is_shown(tmp_path: Path) -> None:
    """Without what would steer a terminal."""
    result = doctor(written(tmp_path, "print('so\\x1b[2J'); print(f'@ {id} unsupported')"))
    assert "printed beside the protocol:\n  | so\\x1b[2J\n" in result.output


def test_a_port_without_a_hello_cannot_be_examined(tmp_path: Path) -> None:
    """What it said instead is shown."""
    result = doctor(written(tmp_path, "pass", "@ hello 7 operations relu dtypes float64"))
    assert result.exit_code == 3
    assert "< @ hello 7 operations relu dtypes float64\n" in result.stdout
    assert "nnfs-spec: exec:" in result.stderr
    assert doctor("exec:./no-such-port").exit_code == 3


def test_only_executables_have_a_wire() -> None:
    result = doctor("reference")
    assert result.exit_code == 2
    assert "doctor is for executables, as in exec:./port" in result.stderr
    assert diagnosed(Lacking("no")) == "not supported: no"
