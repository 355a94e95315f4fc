"""The sandbox: what a target cannot do in it, what it still can, and that nobody is told of one that is not there."""

import os
import secrets
import shlex
import subprocess
import sys
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

from nnfs_spec import check
from nnfs_spec.adapters.isolated import IsolatedSubject, TargetError
from nnfs_spec.adapters.options import Loading
from nnfs_spec.adapters.process import launch, sandbox
from nnfs_spec.adapters.process.sandbox import SandboxError, enclosed, resolved, why_not
from nnfs_spec.cli import main
from nnfs_spec.reports.wording import isolation_sentence
from nnfs_spec.subject.protocol import Answer, Breakdown, Call, Isolation, Outcome, Refusal
from tests import ROOT

RELU = Call("relu", (np.array([[-1.0, 2.0]]),))
BWRAP = Loading(sandbox="bwrap")
PORT = ROOT / "tests" / "targets" / "ports" / "port.py"
GOOD_PORT = f"exec:{shlex.join([sys.executable, '-S', str(PORT), 'good'])}"
SHOWN = {path.parts[2] for path in (ROOT, Path(sys.prefix), Path(sys.base_prefix)) if path.parts[1] == "tmp"}
"""What lies in /tmp and is needed: the checkout, or the interpreter."""

QUICK = ("--budget", "quick", "--clause", "RELU-2")

inside = pytest.mark.skipif(why_not() is not None, reason=f"no sandbox: {why_not()}")
pytestmark = pytest.mark.usefixtures("nothing_is_left")


def written(folder: Path, body: str) -> str:
    """Write a target whose relu does ``body``, and return its path."""
    path = folder / "target.py"
    path.write_text(f"import os, signal, socket, sys\nimport numpy as np\ndef relu(x):\n    {body}\n", encoding="utf-8")
    return str(path)


def outcome(target: str) -> Outcome:
    """Return what comes of one call in the sandbox."""
    with IsolatedSubject(target, 20.0, BWRAP) as subject:
        return subject.run([RELU])[0]


@inside
@pytest.mark.parametrize(
    ("body", "told"),
    [
        ("open(__file__, 'a')", "[Errno 30] Read-only file system"),
        ("os.remove(__file__)", "[Errno 30] Read-only file system"),
        ("open('/etc/nnfs-spec-was-here', 'w')", "[Errno 30] Read-only file system"),
        ("os.rmdir('/tmp')", "[Errno 30] Read-only file system: '/tmp'"),
        ("os.kill(PID, signal.SIGKILL)", "[Errno 3] No such process"),
        ("open('/proc/PID/mem', 'r+b')", "[Errno 2] No such file or directory: '/proc/PID/mem'"),
        ("socket.create_connection(('127.0.0.1', 9))", "[Errno 101] Network is unreachable"),
        ("os.chroot('/')", "[Errno 1] Operation not permitted: '/'"),
        ("raise OSError(sorted(set(os.listdir('/run'))))", "[]"),
        (
            f"raise OSError([x for x in os.listdir('/tmp') if not x.startswith(('pytest', 'trial-', *{SHOWN or ()}))])",
            "[]",
        ),
        ("raise OSError(os.environ['TMPDIR'])", "/tmp"),
    ],
)
def test_a_target_harms_nobody(body: str, told: str, tmp_path: Path) -> None:
    pid = str(os.getpid() * 1000)
    got = outcome(written(tmp_path, body.replace("PID", pid).replace("SHOWN", repr(SHOWN))))
    assert isinstance(got, Refusal), got
    if "Network" in told:
        assert "Errno" in got.message
    else:
        assert got.message.startswith(told.replace("PID", pid))


@inside
def test_other_files_of_the_home_are_not_seen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its folder is; what is written there is gone with it."""
    home = tmp_path / "home"
    (home / "project").mkdir(parents=True)
    (home / "secret").write_text("mine", encoding="utf-8")
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.chdir(home)
    body = "open(os.path.expanduser('~/new'), 'w'); raise OSError(sorted(os.listdir(os.path.expanduser('~'))))"
    got = outcome(os.path.relpath(written(home / "project", body)))
    assert isinstance(got, Refusal)
    assert got.message == "['new', 'project']"
    assert sorted(os.listdir(home)) == ["project", "secret"]
    got = outcome(written(home, body))
    assert isinstance(got, Refusal)
    assert got.message == "['new', 'target.py']"


@inside
def test_a_target_that_empties_its_temporary_folder_empties_nobody_elses(tmp_path: Path) -> None:
    body = "import shutil, tempfile; shutil.rmtree(tempfile.gettempdir(), ignore_errors=True); return np.maximum(0, x)"
    assert isinstance(outcome(written(tmp_path, body)), Answer)
    assert (tmp_path / "target.py").exists()


@inside
@pytest.mark.parametrize(
    ("body", "told"),
    [
        ("os.kill(os.getpid(), 11)", "ended its process with signal 11 (SIGSEGV)"),
        ("os._exit(0)", "ended its process with status 0"),
        ("os._exit(3)", "ended its process with status 3"),
        ("os._exit(255)", "ended its process with status 255"),
    ],
)
def test_the_end_of_a_process_is_told_as_what_it_was(body: str, told: str, tmp_path: Path) -> None:
    """A signal as a signal, though bubblewrap tells it by a status."""
    assert outcome(written(tmp_path, body)) == Breakdown(told)


@inside
def test_what_has_left_its_session_ends_with_it(tmp_path: Path) -> None:
    body = "if os.fork() == 0: os.setsid(); os.environ.clear(); os.execv('/bin/sleep', ['sleep', '100'])\n    return x"
    assert isinstance(outcome(written(tmp_path, body)), Answer)


@inside
@pytest.mark.parametrize("target", ["reference", "mutant:relu-leaky", GOOD_PORT])
def test_whatever_can_be_checked_can_be_checked_inside(target: str) -> None:
    """Wherever the interpreter lies; a program that speaks the protocol, too."""
    assert isinstance(outcome(target), Answer)


@inside
def test_a_module_of_the_current_folder_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """And one that a file of a package imports from it."""
    (tmp_path / "pack").mkdir()
    (tmp_path / "pack" / "__init__.py").touch()
    (tmp_path / "pack" / "right.py").write_text("import numpy as np\ndef right(x): return np.maximum(0, x)\n")
    (tmp_path / "pack" / "mine.py").write_text("from pack.right import right\ndef relu(x): return right(x)\n")
    monkeypatch.chdir(tmp_path)
    assert isinstance(outcome("pack.mine"), Answer)
    assert isinstance(outcome(str(tmp_path / "pack" / "mine.py")), Answer)


@inside
def test_large_arrays_go_in_and_out() -> None:
    array = np.random.default_rng(0).normal(size=(5000, 70))
    with IsolatedSubject("reference", 20.0, BWRAP) as subject:
        (got,) = subject.run([Call("relu", (array,))])
    assert isinstance(got, Answer)
    assert np.array_equal(got.results[0], np.maximum(0, array))


@inside
def test_a_program_that_is_not_there_is_told_as_without(tmp_path: Path) -> None:
    with pytest.raises(TargetError, match=r"\[Errno 2\] No such file or directory: 'no-such-command'"):
        IsolatedSubject("exec:no-such-command", loading=BWRAP)


@inside
def test_a_program_has_limits_inside(tmp_path: Path) -> None:
    script = tmp_path / "port.sh"
    script.write_text("ulimit -c; ulimit -d; exit 3\n", encoding="utf-8")
    with pytest.raises(TargetError, match=r"it printed: 0\n1024$"):
        IsolatedSubject(f"exec:/bin/sh {script}", loading=BWRAP, memory=2**20)


@inside
def test_the_report_says_so(tmp_path: Path) -> None:
    """Of one, and of many, which are in a sandbox without being asked."""
    asked = [("check", "reference", "--sandbox", "auto", *QUICK), ("check", "reference", "reference", *QUICK)]
    for arguments in asked:
        told = CliRunner().invoke(main, arguments)
        assert "\nsandbox: bwrap; memory is limited by RLIMIT_DATA and RLIMIT_AS and a watchdog" in told.stdout
    report = check("reference", budget="quick", clauses=["RELU-2"], sandbox="auto")
    assert report.isolation is not None
    assert (report.isolation.sandbox, report.isolation.reason) == ("bwrap", None)


@pytest.fixture
def no_bubblewrap(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> str:
    """Have no bubblewrap here; gives what is said of it."""
    monkeypatch.setenv("PATH", str(tmp_path))
    return "bubblewrap is not installed"


def test_a_sandbox_that_is_demanded_is_never_dropped(no_bubblewrap: str) -> None:
    told = f"no sandbox can be had: {no_bubblewrap}; install bubblewrap, or pass --sandbox none, so that"
    result = CliRunner().invoke(main, ["check", "reference", "--sandbox", "bwrap", *QUICK])
    assert result.exit_code == 2
    assert f"Invalid value for --sandbox: {told}" in " ".join(result.stderr.split())
    with pytest.raises(TargetError, match=f"^reference: {told}"):
        IsolatedSubject("reference", loading=BWRAP)


def test_where_there_is_none_the_report_says_why(no_bubblewrap: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """And of many files that are run as root there is a warning."""
    assert resolved("none") == ("none", None)
    assert resolved("auto") == ("none", no_bubblewrap)
    one = CliRunner().invoke(main, ["check", "reference", "--sandbox", "auto", *QUICK])
    assert f"sandbox: none ({no_bubblewrap}); memory is limited by" in one.stdout
    for user, warned in ((0, True), (1000, False)):
        monkeypatch.setattr(os, "geteuid", lambda user=user: user)
        many = CliRunner().invoke(main, ["check", "reference", "reference", *QUICK])
        assert f"sandbox: none ({no_bubblewrap}); memory is limited by" in many.stdout
        assert (many.stderr == "nnfs-spec: warning: 2 targets run as root without a sandbox\n") is warned


def test_of_ones_own_file_nothing_is_said_where_nothing_was_asked() -> None:
    result = CliRunner().invoke(main, ["check", "reference", *QUICK])
    assert "sandbox" not in result.stdout
    assert isolation_sentence(Isolation("none", None, ())) == "sandbox: none; memory is limited by nothing"


@pytest.mark.parametrize(
    ("script", "told"),
    [
        ("echo unknown option >&2; exit 1", ("unknown option", False)),
        ("exit 1", ("bubblewrap failed", False)),
        ('case "$*" in *--size*) exit 1;; esac', (None, False)),
        ("exit 0", (None, True)),
    ],
)
def test_what_does_not_work_is_found_by_trying(
    script: str, told: tuple[str | None, bool], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As in a container that forbids name spaces; without limits of folders, where that is all that is lacking."""
    program = tmp_path / "bwrap"
    program.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
    program.chmod(0o700)
    tried = sandbox._tried  # pyright: ignore[reportPrivateUsage]
    assert tried(str(program), sized=True) == told
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    assert why_not() == told[0]
    if told[0] is None:
        assert ("--size" in enclosed(["true"], "reference")) is told[1]


def test_what_cannot_be_started_is_no_sandbox() -> None:
    told, _ = sandbox._tried(f"/none/{secrets.token_hex(8)}", sized=True)  # pyright: ignore[reportPrivateUsage]
    assert told is not None
    assert "No such file or directory" in told


def bound(command: Sequence[str]) -> list[str]:
    """Return what is shown again."""
    return [path for option, path in pairwise(command) if option == "--ro-bind" and path != "/"]


def test_what_a_target_needs_is_shown_and_no_more(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its folder, its outermost package, or the file alone where its folder would show all."""
    home = tmp_path / "home"
    for path in ("alone.py", "sub/one.py", "pack/__init__.py", "pack/inner/__init__.py", "pack/inner/two.py"):
        (home / path).parent.mkdir(parents=True, exist_ok=True)
        (home / path).touch()
    tool = home / "tools" / "bin" / "tool"
    tool.parent.mkdir(parents=True)
    tool.write_text("#!/bin/sh\n", encoding="utf-8")
    tool.chmod(0o700)
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setattr(sandbox, "HIDDEN", ())
    monkeypatch.setattr(sys, "prefix", "/usr")
    monkeypatch.setattr(sys, "base_prefix", "/usr")
    monkeypatch.setattr(sys, "path", ["", "/usr/lib"])
    programs: dict[str, str | None] = {"tool": str(tool)}

    def which(name: str) -> str | None:
        return programs.get(name, "/usr/bin/bwrap")

    def works(program: str, sized: bool) -> tuple[None, bool]:
        return None, True

    monkeypatch.setattr("shutil.which", which)
    monkeypatch.setattr(sandbox, "_tried", works)
    monkeypatch.chdir(home / "sub")
    shown = {
        str(home / "alone.py"): ["alone.py"],
        str(home / "sub" / "one.py"): ["sub"],
        "one.py": ["sub"],
        str(home / "sub"): ["sub"],
        str(home / "pack" / "inner" / "two.py"): ["pack"],
        str(home / "pack"): ["pack"],
        "some.module": ["sub"],
        "reference": [],
        f"exec:tool {shlex.quote(str(home / 'alone.py'))}": ["alone.py", "sub", "tools"],
        "exec:/usr/bin/none": ["sub"],
    }
    for target, expected in shown.items():
        assert bound(enclosed(["true"], target)) == [str(home / path) for path in expected], target
    programs["tool"] = None
    assert bound(enclosed(["true"], "exec:tool")) == [str(home / "sub")]


def test_a_home_that_python_lives_in_is_not_hidden(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As where it is /usr, or holds the environment itself."""
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setattr(sys, "prefix", str(tmp_path))
    monkeypatch.setattr(sandbox, "HIDDEN", ())
    assert str(tmp_path) not in sandbox._hidden()  # pyright: ignore[reportPrivateUsage]


def test_the_error_is_one_of_the_system() -> None:
    """So that whoever starts a target need not know it."""
    assert issubclass(SandboxError, OSError)


def test_a_folder_that_its_remover_is_stopped_for_is_removed_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By the checker itself, after a while."""
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    monkeypatch.setattr(launch, "REMOVE_SECONDS", 0.1)
    folder = launch.PrivateFolder()
    folder._remover.send_signal(19)  # pyright: ignore[reportPrivateUsage]
    folder.remove()
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_cannot_be_made_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "none"))
    before = os.listdir("/dev/fd")
    with pytest.raises(FileNotFoundError):
        launch.PrivateFolder()
    assert os.listdir("/dev/fd") == before


def test_a_checker_that_is_killed_leaves_nothing_of_what_its_target_started(tmp_path: Path) -> None:
    """Though it was in a session of its own: who removes the folder ends it."""
    code = (
        "import os, signal, subprocess, sys\n"
        "from nnfs_spec.adapters.process.launch import TargetProcess\n"
        "one = TargetProcess(['/bin/sh', '-c', 'setsid sleep 100 & echo $!; wait'], 0, 1, 2)\n"
        "sys.stdin.read(1)\n"
        "os.kill(os.getpid(), 9)\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env={**os.environ, "TMPDIR": str(tmp_path)},
    ) as checker:
        assert checker.stdin is not None
        assert checker.stdout is not None
        stray = int(checker.stdout.readline())
        checker.stdin.write(b"x")
        checker.stdin.close()
        assert checker.stdout.read() == b""  # nobody holds it any more
    assert not Path(f"/proc/{stray}/cmdline").exists() or not Path(f"/proc/{stray}/cmdline").read_bytes()
