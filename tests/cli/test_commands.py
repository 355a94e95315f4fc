"""The command line: what it prints, writes and returns."""

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from click.shell_completion import ZshComplete
from click.testing import CliRunner, Result

from nnfs_spec.cli import main
from nnfs_spec.cli.check import GROUPS
from nnfs_spec.cli.main import HOMES
from nnfs_spec.mutants import MUTANTS
from nnfs_spec.reports.json_report import write_json
from tests import ROOT
from tests.tools.handmade import failing, report

SEED = str(ROOT / "tests" / "targets" / "seed.py")


def run(*arguments: str) -> Result:
    """Run ``nnfs-spec`` in this process."""
    return CliRunner().invoke(main, arguments)


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("check", "reference", "--clause", "RELU-1"), 0),
        (("check", "mutant:relu-leaky", "--clause", "relu-1"), 1),
        (("check", "mutant:relu-always-in-double", "--clause", "RELU-1", "--clause", "GEN-5"), 0),
        (("check", "mutant:relu-always-in-double", "--clause", "GEN-5", "--level", "should"), 1),
        (("check", "reference", "--clause", "NONE-1"), 2),
        (("check", "reference", "--budget", "none"), 2),
        (("check", "reference", "--timeout", "0"), 2),
        (("check",), 2),
        (("check", "reference", "--json", "no/such/folder/report.json"), 2),
        (("check", "no_such_file.py"), 3),
        (("check", SEED, "--clause", "ACC-1"), 3),
        (("check", "mutant:relu-always-in-double", "--clause", "GEN-5"), 3),
    ],
)
def test_the_exit_code_tells_the_verdict(arguments: tuple[str, ...], code: int) -> None:
    """0 conformant, 1 not, 2 wrong usage, 3 nothing checked."""
    assert run(*arguments, *(("--budget", "quick") if code != 2 else ())).exit_code == code


def test_a_target_that_cannot_be_loaded_is_named_on_the_error_stream() -> None:
    """And nothing is printed as a result."""
    result = run("check", "no_such_file.py")
    assert result.stdout == ""
    assert result.stderr == (
        "nnfs-spec: no_such_file.py: FileNotFoundError: [Errno 2] No such file or directory: 'no_such_file.py'\n"
    )


def test_an_unknown_clause_is_named() -> None:
    """With the command that lists them."""
    assert "there is no clause 'none-1'; nnfs-spec clauses lists them" in run("explain", "none-1").stderr


def test_a_check_prints_the_verdict_the_strip_and_the_counterexample() -> None:
    """In plain text, as in a pipe."""
    result = run("check", "mutant:relu-leaky", "--clause", "RELU-2", "--budget", "quick")
    lines = [line.rstrip() for line in result.stdout.splitlines()]
    assert lines[0] == "nnfs-spec 0.1.0, specification 2.0: mutant:relu-leaky, level must, budget quick, seed 0"
    assert lines[1:] == [
        "mutant:relu-leaky: nonconformant; 0 clauses pass; 1 MUST clause does not hold (RELU-2)",
        "checked: only the 1 clause that was asked for (RELU-2)",
        "",
        "RELU  ✗  fails 2",
        "■ pass, ✗ fails, □ blocked by another clause, – not exercised, x known failure, ! repaired, ·",
        "  unsupported",
        "",
        "RELU-2 fail: Never negative",
        "  You may have thought: A little of every negative number passes, as in a leaky ReLU.",
        "  Instead: Negative numbers become exactly 0: np.maximum(0, inputs).",
        "  Matches a known mistake: relu-leaky (relu); it explains RELU-2",
        "  inputs = np.array([[-1.0]], dtype=np.float32)",
        "  relu(inputs)",
        "  got       [[-0.01]] (float32)",
        "  expected  [[0.0]]",
        "  rule      entries of at least 0",
        "  row       row 0: max(0, -1.0) = 0.0",
        "  repeat    nnfs-spec check mutant:relu-leaky --clause RELU-2 --budget quick --seed 0",
    ]


def test_a_table_shows_the_rows_and_the_worst_share_of_each_clause() -> None:
    """For those who compare implementations."""
    lines = run("check", "mutant:relu-leaky", "--clause", "RELU-2", "--budget", "quick", "--table").stdout.splitlines()
    assert "clause  level  status  rows  worst/bound  title" in [line.rstrip() for line in lines]


def test_a_check_writes_every_form_that_is_asked_for(tmp_path: Path) -> None:
    """Each to its own file."""
    names = {"--json": b"{", "--junit": b"<?xml", "--markdown": b"### nonconformant", "--html": b"<!DOCTYPE html>"}
    files = [word for name in names for word in (name, str(tmp_path / name))]
    result = run("check", "mutant:relu-leaky", "--clause", "RELU-2", "--budget", "quick", *files)
    assert result.exit_code == 1
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(names)
    assert all((tmp_path / name).read_bytes().startswith(start) for name, start in names.items())


def test_a_file_in_no_folder_is_refused_before_the_check() -> None:
    """With exit code 2, whichever form it is to hold."""
    for name in ("--json", "--junit", "--markdown", "--html", "--jsonl", "--baseline"):
        result = run("check", "reference", name, "no/such/file")
        assert (result.exit_code, result.stdout) == (2, "")
        assert result.stderr.splitlines()[-1] == f"Error: Invalid value for '{name}': there is no folder no/such"


def test_clauses_lists_every_clause_with_its_property() -> None:
    """And how many mutants it kills."""
    listed = run("clauses")
    assert listed.exit_code == 0
    assert "rows_sum_to_one" in listed.stdout


def test_explain_prints_the_clause_its_property_and_its_mutants() -> None:
    """All that one needs to understand a failure."""
    told = run("explain", "softmax-3")
    assert told.exit_code == 0
    assert told.stdout.startswith("## SOFTMAX-3 (MUST): ")
    assert "def finite_rows_stay_finite(subject: Probe, case: Case) -> Finding:" in told.stdout
    assert all(mutant.name in told.stdout for mutant in MUTANTS.values() if "SOFTMAX-3" in mutant.killed_by)


def test_mutants_lists_every_mutant() -> None:
    """By the name that ``check mutant:NAME`` takes."""
    listed = run("mutants").stdout
    assert all(name in listed for name in ("relu-inverted", "relu-leaky"))


def test_demo_draws_the_network(tmp_path: Path) -> None:
    """The same seed gives the same picture; what cannot be drawn is refused before anything is printed."""
    for name in ("one.png", "two.png"):
        assert run("demo", "--picture", str(tmp_path / name)).stdout == run("demo").stdout
    one, two = ((tmp_path / name).read_bytes() for name in ("one.png", "two.png"))
    assert one == two
    assert one.startswith(b"\x89PNG")
    refused = run("demo", "--picture", str(tmp_path / "one.bmp"))
    assert (refused.exit_code, refused.stdout) == (2, "")


def test_demo_is_the_seeds_walk_through() -> None:
    """Shapes, first predictions, loss beside ln 3, accuracy."""
    lines = run("demo").stdout.splitlines()
    assert lines[0] == "spiral data    points (300, 2), labels (300,)"
    assert lines[3] == "               [0.33333333 0.33333333 0.33333333]"
    assert "beside ln 3 = 1.098612" in lines[8]


def test_the_version_names_the_specification_too() -> None:
    """They move apart."""
    assert run("--version").stdout == "nnfs-spec 0.1.0, specification 2.0\n"


def test_the_package_runs_as_a_module() -> None:
    """``python -m nnfs_spec`` is the command."""
    done = subprocess.run(
        [sys.executable, "-m", "nnfs_spec", "--version"], capture_output=True, text=True, timeout=60, check=True
    )
    assert done.stdout == "nnfs-spec 0.1.0, specification 2.0\n"


def test_a_check_says_what_it_took(tmp_path: Path) -> None:
    """And takes what the command line says, running all statements if it says so."""
    path = tmp_path / "target.py"
    path.write_text(
        "import numpy as np\ndef f(x): return C[0] * np.maximum(0, x)\nC = []\nC.append(1)\n", encoding="utf-8"
    )
    command = ("check", str(path), "--clause", "RELU-1", "--budget", "quick", "--map", "relu=f")
    told = run(*command, "--run-all")
    assert told.exit_code == 0
    assert "\nchecked as: relu: `f`\n" in told.stdout
    without = run(*command)
    assert without.exit_code == 1
    assert "`C.append(1)` was not run" in without.stdout
    assert run("check", str(path), "--map", "relu=g").stderr == (
        f"nnfs-spec: {path}: LookupError: --map relu=g: there is no function or class 'g'; there are f\n"
    )


def test_every_command_is_found_in_the_file_that_is_its_home() -> None:
    """And the help has a line for each; what is no command is wrong usage."""
    listed = run("--help").output
    for name in HOMES:
        assert f"\n  {name} " in listed
        assert run(name, "--help").exit_code == 0
    assert set(main.commands) == set(HOMES)
    assert run("chekc").exit_code == 2


def test_explain_finds_mistakes_by_what_people_see() -> None:
    """In one word or many; of what is not known it names where to look."""
    told = run("explain", "softmax nan").output
    assert told == run("explain", "softmax", "nan").output
    assert told.startswith("softmax gives nan or inf: overflow encountered in exp\n  You may have thought: ")
    assert "\nClauses:\n  nnfs-spec explain SOFTMAX-3   Finite for every finite row\n" in told
    assert "\nrelu is swish\n" in "\n" + run("explain", "swish sigmoid").output
    unknown = run("explain", "xyzzy")
    assert unknown.exit_code == 2
    assert "nothing is known of 'xyzzy'; nnfs-spec mutants lists the known mistakes" in unknown.stderr


def test_the_help_of_check_shows_every_option_in_its_group() -> None:
    """And the exit codes, one a line."""
    told = run("check", "--help").output
    assert told.partition("\nOther:\n")[2] == "  --help  Show this message and exit.\n"
    assert [title for title in GROUPS if f"\n{title}:\n" in told] == list(GROUPS)
    assert all(f"\n    {code}  " in told for code in range(4))
    assert "0 conformant, 1 not conformant, 2 wrong usage" in run("--help").output


def test_clauses_are_completed_in_the_shell() -> None:
    """In either case of letters."""
    shell = ZshComplete(main, {}, "nnfs-spec", "_NNFS_SPEC_COMPLETE")
    first, *_ = shell.get_completions(["check", "--clause"], "relu-")
    assert (first.value, first.help) == ("RELU-1", "The larger of 0 and x")


def test_annotations_are_for_one_target() -> None:
    told = run("check", SEED, SEED, "--github", "--badge", "b.json").stderr
    assert "--badge and --github: only for one target" in told


def test_a_target_is_started_before_the_rest_of_the_kit_is_imported() -> None:
    """The command itself brings neither properties nor oracle nor reports' libraries along."""
    code = "import sys, nnfs_spec.cli.check; print(*sys.modules)"
    imported = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    late = {"nnfs_spec.properties", "nnfs_spec.oracle", "nnfs_spec.engine.run", "rich", "tomlkit", "hypothesis"}
    assert "nnfs_spec.adapters.isolated" in imported
    assert not late & set(imported)


@pytest.mark.skipif(not Path("/dev/full").is_char_device(), reason="there is no device that is always full")
def test_output_that_cannot_be_written_is_said_and_is_no_verdict() -> None:
    """Neither on standard output nor in a file."""
    command = [sys.executable, "-m", "nnfs_spec", "check", "reference", "--clause", "RELU-1", "--budget", "quick"]
    with open("/dev/full", "wb") as full:
        process = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, text=True, check=False)
    assert (process.returncode, process.stderr) == (3, "nnfs-spec: [Errno 28] No space left on device\n")
    written = subprocess.run([*command, "--json", "/dev/full"], capture_output=True, text=True, check=False)
    assert (written.returncode, written.stderr) == (3, "nnfs-spec: [Errno 28] No space left on device\n")


@pytest.mark.parametrize("arguments", [("clauses",), ("explain", "softmax-4")])
def test_whoever_reads_no_further_gets_no_complaint(arguments: tuple[str, ...]) -> None:
    """As where the output goes to a pager that is left."""
    command = [sys.executable, "-m", "nnfs_spec", *arguments]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        assert process.stderr.read() == ""
    assert process.returncode == 141


INTERRUPTIBLE = [
    ("nnfs_spec.cli.check_one.check_one", ["check", "reference", "--budget", "quick"]),
    ("nnfs_spec.cli.replay.try_again", ["replay", "report.json"]),
    ("nnfs_spec.cli.vectors.answers_of", ["vectors", "answer", "reference", "answers.json"]),
]


@pytest.mark.parametrize(("where", "arguments"), INTERRUPTIBLE)
def test_a_command_that_is_interrupted_says_so(
    where: str, arguments: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With the code that shells give to Ctrl-C."""

    def interrupted(*arguments: object, **options: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.chdir(tmp_path)
    write_json(replace(report(failing("RELU-2")), target="reference"), Path("report.json"))
    monkeypatch.setattr(where, interrupted)
    result = run(*arguments)
    assert (result.exit_code, result.stderr) == (130, "nnfs-spec: interrupted\n")
