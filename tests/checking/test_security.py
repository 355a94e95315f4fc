"""A target runs as the user, and nothing else does: what is data stays data, and nobody's name is told to others."""

import ast
import json
import os
import shlex
import stat
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest
from click.testing import CliRunner
from markdown_it import MarkdownIt
from markdown_it.token import Token

from nnfs_spec.adapters.executable.trace import Trace
from nnfs_spec.adapters.isolated import IsolatedSubject, TargetError
from nnfs_spec.adapters.process import parent
from nnfs_spec.adapters.process.launch import PrivateFolder
from nnfs_spec.arrays import Array
from nnfs_spec.checking.api import check
from nnfs_spec.cli import main
from nnfs_spec.engine.events import Counterexample, Progressed
from nnfs_spec.reports.html import to_page
from nnfs_spec.reports.json_report import to_json, write_json
from nnfs_spec.reports.junit import to_junit
from nnfs_spec.reports.markdown import to_markdown
from nnfs_spec.reports.terminal import ProgressOnTerminal, console_for_output, to_text
from nnfs_spec.subject.protocol import Call, CodeLine, CodeLines, Refusal
from nnfs_spec.support.files import anonymise, anonymise_path, write_whole
from tests import ROOT
from tests.tools.handmade import LEAKY, clause, failing, report

PACKAGE = ROOT / "src" / "nnfs_spec"
MODULES = sorted(PACKAGE.rglob("*.py"))
PORT = ROOT / "tests" / "targets" / "ports" / "port.py"

# --- nothing but a target is executed

EXECUTING = {
    "adapters/source/definitions.py": ["compile", "exec", "exec", "exec"],
    "adapters/source/effects.py": ["compile"],
    "support/hardening.py": ["ctypes"],
}
"""The modules that compile or run statements of a target, in its own process, and how often."""
"""The only file that executes what it has read; test_the_checker_executes_nothing_of_a_target says in which process."""

UNPICKLING = frozenset({"pickle", "_pickle", "marshal", "shelve", "dill", "cloudpickle", "joblib", "ctypes", "yaml"})
EVALUATING = frozenset({"exec", "eval", "compile", "__import__", "breakpoint"})
LOADING = frozenset({"load", "fromfile", "memmap", "loadtxt", "genfromtxt"})
"""What NumPy reads files by, pickles among them."""


def executing(source: str) -> list[str]:
    """Return what in a source may execute data."""
    found: list[str] = []
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.Import(names=names):
                found += [alias.name for alias in names if alias.name.partition(".")[0] in UNPICKLING]
            case ast.ImportFrom(module=str(module)) if module.partition(".")[0] in UNPICKLING:
                found.append(module)
            case ast.Call(func=ast.Name(id=name)) if name in EVALUATING:
                found.append(name)
            case ast.Attribute(value=ast.Name(id="os"), attr=name) if name in ("system", "popen"):
                found.append(f"os.{name}")
            case ast.Attribute(value=ast.Name(id="np"), attr=name) if name in LOADING:
                found.append(f"np.{name}")
            case ast.keyword(arg="shell" | "allow_pickle" as name):
                found.append(name)
            case _:
                pass
    return found


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_nothing_of_the_kit_executes_data(path: Path) -> None:
    """No pickles, no evaluation, no shell; definitions are executed in one place alone."""
    found = executing(path.read_text(encoding="utf-8"))
    place = path.relative_to(PACKAGE).as_posix()
    assert sorted(found) == EXECUTING.get(place, [])


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("import pickle", ["pickle"]),
        ("from marshal import loads", ["marshal"]),
        ("eval(text)", ["eval"]),
        ("exec(text)", ["exec"]),
        ("os.system(text)", ["os.system"]),
        ("np.load(path)", ["np.load"]),
        ("run(text, shell=True)", ["shell"]),
        ("read(path, allow_pickle=True)", ["allow_pickle"]),
        ("json.loads(text)", []),
    ],
)
def test_what_would_execute_data_is_noticed(source: str, found: list[str]) -> None:
    """The check can fail."""
    assert executing(source) == found


AUDIT = """
import sys
seen = set()
def note(event, arguments):
    if event == "exec" and arguments[0].co_filename == TARGET:
        seen.add("exec")
    elif event == "compile" and arguments[1] in (TARGET, TARGET.encode()):
        seen.add("compile")
    elif event == "pickle.find_class":
        seen.add(event)
sys.addaudithook(note)
"""
IN_THE_KIT = """
from nnfs_spec.arrays import Array
from nnfs_spec.checking.api import check
from nnfs_spec.cli import main
main(["check", TARGET, "--budget", "quick", "--clause", "RELU-1"], standalone_mode=False)
"""
IN_THIS_PROCESS = """
from nnfs_spec.adapters.load import load
load(TARGET)
"""


def audited(code: str, target: Path) -> set[str]:
    """Return what an interpreter that runs ``code`` does with ``target``."""
    text = f"TARGET = {str(target)!r}\n{AUDIT}\ntry:\n    exec({code!r})\nfinally:\n    print('seen', *sorted(seen))\n"
    done = subprocess.run([sys.executable, "-c", text], capture_output=True, text=True, timeout=120, check=False)
    assert "relu" in done.stdout or code is IN_THIS_PROCESS, done.stderr
    return set(done.stdout.splitlines()[-1].split()[1:])


def test_the_checker_executes_nothing_of_a_target(tmp_path: Path) -> None:
    """Only the process of the target does; an interpreter that loads it is seen to."""
    target = tmp_path / "target.py"
    target.write_text("import numpy as np\ndef relu(x): return np.maximum(0, x)\n", encoding="utf-8")
    assert audited(IN_THE_KIT, target) == set()
    assert audited(IN_THIS_PROCESS, target) == {"compile", "exec"}


def test_a_command_is_not_run_because_a_report_names_it(tmp_path: Path) -> None:
    """Whoever wrote the report could have named any; the user has to name it, too."""
    made, path = tmp_path / "made", tmp_path / "report.json"
    command = f"exec:touch {made}"
    write_json(report(failing("RELU-2"), target=command), path)
    refused = CliRunner().invoke(main, ["replay", str(path)])
    assert refused.exit_code == 2
    named = shlex.join(["--target", command])
    assert f"a command is not run because a file names it; to run it: {named}" in " ".join(refused.output.split())
    assert not made.exists()
    CliRunner().invoke(main, ["replay", str(path), "--target", command])
    assert made.exists()


def test_the_command_that_replays_names_a_command_again(tmp_path: Path) -> None:
    """So that what is printed can be copied."""
    port = f"exec:{shlex.join([sys.executable, '-S', str(PORT), 'error'])}"
    path = tmp_path / "report.json"
    asked = ["--clause", "RELU-1", "--budget", "quick", "--json", str(path)]
    lines = CliRunner().invoke(main, ["check", port, *asked]).output.splitlines()
    (line,) = (line for line in lines if line.startswith("  or        "))
    words = shlex.split(line.removeprefix("  or        "))
    assert words[:4] == ["nnfs-spec", "replay", str(path), "RELU-1"]
    assert CliRunner().invoke(main, words[1:]).exit_code == 1


# --- what a subject says is text in every form of the report

BELL, ESCAPE, CSI, NUL = "\x07", "\x1b", "\x9b", "\x00"
STEERING = f"{ESCAPE}[2J{ESCAPE}]8;;http://bad.example{BELL}{CSI}31m{NUL}\r\b\x7f"
REORDERING = "\u202e\u2066\u200f\u2028\u2029\u061c\ufeff\u00ad"
BROKEN = "\ud800\uffff\ufffe\ufdd0"
MARKUP = "</script><script>bad()</script><img src=x onerror=bad()>&lt;<!-- ]]> --> <a href='javascript:bad()'>"
MARKDOWN = (
    "[x](javascript:bad()) ![x](http://bad.example/i.png) http://bad.example @everyone #1 \\|@team| ```\n# h\n~~~"
)
RICH = "[red]red[/red] [/nothing] [link=http://bad.example]x[/link] :bomb:"
COMMANDS = "\n::error::bad\n##vso[task.complete]\n"
HOSTILE = f"{STEERING}{REORDERING}{BROKEN}{MARKUP}{MARKDOWN}{RICH}{COMMANDS}"

WRITTEN = CodeLines(CodeLine(HOSTILE, 1, HOSTILE), CodeLine(HOSTILE, 2, HOSTILE))
SAID = Counterexample("relu", {"inputs": np.ones((1, 1))}, None, None, None, HOSTILE, HOSTILE, HOSTILE, WRITTEN)
ATTACKED = report(
    failing("RELU-2", SAID),
    failing("RELU-4", Counterexample("relu", {"inputs": np.ones((1, 1))}, None, None, None, MARKDOWN, MARKDOWN)),
    replace(failing("RELU-5", replace(LEAKY, got=np.array(HOSTILE))), replay=HOSTILE),
    clause("RELU-3", "expected-fail", LEAKY, known=HOSTILE),
    clause("RELU-6", "unexpected-pass", known=HOSTILE),
    target=HOSTILE,
    taken=(HOSTILE,),
    problems=(HOSTILE,),
    output=HOSTILE,
)
"""A report with hostile text in every place where a subject, or a file of somebody else's, can put any."""

FORMS: dict[str, Callable[[], str]] = {
    "terminal": lambda: to_text(ATTACKED),
    "html": lambda: to_page(ATTACKED),
    "markdown": lambda: to_markdown(ATTACKED),
    "junit": lambda: to_junit(ATTACKED),
    "json": lambda: to_json(ATTACKED),
}


@pytest.mark.parametrize("form", FORMS)
def test_no_character_of_a_subject_steers_or_reorders_what_is_read(form: str) -> None:
    """Neither control sequences nor marks of direction nor what no encoding can write; all are shown as escapes."""
    text = FORMS[form]()
    assert set(text) & {*STEERING, *REORDERING, *BROKEN} <= set(map(chr, range(32, 127)))
    assert all(sign == "\n" or sign.isprintable() for sign in text)
    assert "x1b" in text or "u001b" in text
    text.encode("utf-8")


def test_no_line_of_a_subject_begins_as_a_line_of_the_report() -> None:
    """Programs read commands there, and pass over spaces before them."""
    lines = FORMS["terminal"]().splitlines()
    assert not [line for line in lines if line.lstrip().startswith(("::", "##vso"))]


class Tags(HTMLParser):
    """Collects what a page is made of."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.text = ""
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note a tag and its attributes."""
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}

    def handle_data(self, data: str) -> None:
        """Note text."""
        self.text += data


def test_nothing_of_a_subject_is_markup_in_html() -> None:
    """The page consists of the tags and attributes of its own, and shows the rest as text."""
    page = Tags(to_page(ATTACKED))
    layout = {"html", "head", "meta", "title", "style", "body", "main", "div", "section", "h1", "h2", "p", "span", "a"}
    tables = {"table", "thead", "tbody", "tr", "th", "td"}
    text = {"small", "pre", "code", "button", "details", "summary", "ul", "li", "dl", "dt", "dd"}
    assert page.tags <= layout | tables | text
    assert page.attributes <= {
        *("lang", "charset", "name", "content", "class", "open", "id", "href", "title", "tabindex", "scope", "type"),
        *("onclick", "aria-label", "aria-labelledby"),
    }
    assert MARKUP in page.text


def test_nothing_of_a_subject_is_read_as_markdown() -> None:
    """No link, picture, mention or HTML, nor a further cell of the table, by a reader that is not ours."""
    reader = MarkdownIt("commonmark").enable(["table", "strikethrough"])
    blocks = reader.parse(to_markdown(ATTACKED))
    pieces = [piece for block in blocks for piece in block.children or []]
    html = Tags(" ".join(piece.content for piece in [*blocks, *pieces] if piece.type in ("html_block", "html_inline")))
    assert html.tags == {"details", "summary", "code"}
    assert not {"link_open", "image", "em_open"} & {piece.type for piece in pieces}
    prose = "".join(_prose_of(pieces))
    for sign in ("@everyone", "@team", "#1", "http:", "::error", "\\x1b"):
        assert sign not in prose
    assert sum(block.type == "td_open" for block in blocks) == 4 * 3
    assert sum(block.type == "heading_open" for block in blocks) == 1


def _prose_of(pieces: Sequence[Token]) -> Iterator[str]:
    """Yield the text outside code."""
    inside = False
    for piece in pieces:
        inside = piece.content == "<code>" or (inside and piece.content != "</code>")
        if piece.type == "text" and not inside:
            yield piece.content


def test_on_a_terminal_nothing_of_a_target_is_markup(monkeypatch: pytest.MonkeyPatch) -> None:
    """Not even its name in the bar of progress."""
    monkeypatch.setenv("FORCE_COLOR", "1")
    console = console_for_output()
    assert console.is_terminal
    with console.capture() as captured:
        progress = ProgressOnTerminal(console)
        progress(Progressed(0, 2, RICH, 0))
        progress.close()
    assert "[red]red[/red] [/nothing]" in captured.get()


def test_in_xml_and_json_texts_come_back_as_they_were_shown() -> None:
    """Whatever their readers think of the signs in them."""
    suite = ElementTree.fromstring(to_junit(ATTACKED)).find("testsuite")
    assert suite is not None
    assert MARKUP in suite.attrib["name"]
    assert {element.tag for element in suite.iter()} == {
        *("testsuite", "properties", "property", "testcase", "failure", "error", "skipped", "system-out")
    }
    assert to_json(ATTACKED).isascii()
    assert json.loads(to_json(ATTACKED))["target"] == HOSTILE


def test_a_trace_steers_no_terminal(tmp_path: Path) -> None:
    """What a port wrote is written down with escapes."""
    path = tmp_path / "trace.txt"
    with path.open("wb") as file:
        Trace(file).got(f"{STEERING}{REORDERING}\n".encode())
    text = path.read_text(encoding="ascii")
    assert text.startswith("< \\x1b[2J")
    assert text.endswith("\n")
    assert text.removesuffix("\n").isprintable()


def test_a_target_that_cannot_be_loaded_says_so_without_steering(tmp_path: Path) -> None:
    """On the error stream, too."""
    target = tmp_path / "target.py"
    target.write_text("class Nothing:\n    raise ValueError('\\x1b[2J\\u202e')\n", encoding="utf-8")
    told = CliRunner().invoke(main, ["check", str(target)])
    assert told.exit_code == 3
    assert "\\x1b[2J\\u202e" in told.stderr
    assert "\x1b" not in told.stderr


# --- nobody's name is told

TELLING = """
import sys
import numpy as np
class Activation_Softmax:
    raise OSError(f"cannot read {__file__}")
def relu(x):
    print("reading", __file__, sys.argv[0])
"""
FAILING = """    raise OSError(f"cannot read {__file__}")
"""


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Make a home directory with a project and be there."""
    folder = tmp_path / "home" / "alice"
    (folder / "project").mkdir(parents=True)
    monkeypatch.setenv("HOME", str(folder))
    monkeypatch.chdir(folder / "project")
    return folder


@pytest.mark.parametrize("place", ["project/target.py", "elsewhere.py", "project/folder/target.py"])
def test_no_report_tells_where_its_author_lives(home: Path, place: str) -> None:
    """Neither in the name of the target nor in what it says, prints or is noted of it; whatever the form."""
    target = home / place
    target.parent.mkdir(exist_ok=True)
    target.write_text(TELLING + FAILING, encoding="utf-8")
    names = ("json", "junit", "markdown", "html")
    asked = [word for name in names for word in (f"--{name}", str(home / "project" / name))]
    asked += ["--baseline", str(home / "project" / "known.toml"), "--update-baseline"]
    done = CliRunner().invoke(main, ["check", str(target), "--budget", "quick", "--clause", "RELU-1", *asked])
    assert done.exit_code == 0
    asked[-2:] = [str(home / "project" / "known.toml")]
    target.write_text(f"{TELLING}    return np.maximum(0, x)\n", encoding="utf-8")
    again = CliRunner().invoke(main, ["check", str(target), "--budget", "quick", "--clause", "RELU-1", *asked])
    assert again.exit_code == 1
    for text in (done.output, again.output, *(Path(name).read_text(encoding="utf-8") for name in names)):
        assert "alice" not in text
        assert "target.py" in text or "elsewhere.py" in text
    shown = place.removeprefix("project/") if "project" in place else f"~/{place}"
    assert json.loads(Path("json").read_text(encoding="utf-8"))["target"] == shown
    assert f"reading ./{shown}".replace("./~", "~") in done.output
    assert "out of date: RELU-1" in again.output or "is stale" in again.output


@pytest.mark.parametrize("place", ["project/target.py", "elsewhere.py"])
def test_what_a_report_names_can_be_found_again(home: Path, place: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """By the kit, from the same folder; from the home directory also from elsewhere."""
    target, path = home / place, home / "report.json"
    target.write_text("def relu(x): return -x\n", encoding="utf-8")
    asked = ["--budget", "quick", "--clause", "RELU-1", "--json", str(path)]
    assert CliRunner().invoke(main, ["check", str(target), *asked]).exit_code == 1
    assert CliRunner().invoke(main, ["replay", "~/report.json"]).exit_code == 1
    monkeypatch.chdir(home.parent)
    assert CliRunner().invoke(main, ["replay", str(path)]).exit_code == (3 if "project" in place else 1)


def test_a_command_line_is_told_and_found_again_likewise(home: Path) -> None:
    """Every word of it."""
    port = home / "project" / "port"
    port.write_text(f'#!/bin/sh\nexec {sys.executable} -S "$@"\n', encoding="utf-8")
    port.chmod(0o700)
    program = home / "port.py"
    program.write_bytes(PORT.read_bytes())
    with IsolatedSubject(f"exec:{port} {program} good") as subject:
        assert subject.name == "exec:./port ~/port.py good"
    with IsolatedSubject(subject.name) as again:
        assert again.operations == {"relu", "softmax"}


def test_objects_in_hand_tell_no_name(home: Path) -> None:
    """Though they run in this process."""

    def relu(inputs: Array) -> Array:
        raise OSError(f"cannot read {home}/data")

    told = str(check({"relu": relu}, budget="quick", clauses=["RELU-1"]))
    assert "cannot read ~/data" in told
    assert "alice" not in told


def test_what_a_port_says_tells_no_name(home: Path) -> None:
    """In its refusals."""
    port = home / "port.py"
    port.write_text(
        "print('@ hello 1 operations relu dtypes float64', flush=True)\n"
        "input(), input(), input()\n"
        f"print('@ c1 error other cannot read {home}/data', flush=True)\n",
        encoding="utf-8",
    )
    with IsolatedSubject(f"exec:{sys.executable} {port}") as subject:
        assert subject.run([Call("relu", (np.ones((1, 1)),))]) == [Refusal("other", "cannot read ~/data")]


def test_a_table_of_many_targets_tells_no_name(home: Path) -> None:
    """Nor its lines of JSON; of those that cannot be checked neither."""
    broken = home / "project" / "broken.py"
    broken.write_text("relu = open(__file__ + 'x')\ndef relu(x:\n", encoding="utf-8")
    asked = ["check", str(broken), str(home / "missing.py"), "--jsonl", "lines"]
    told = CliRunner().invoke(main, asked).output + Path("lines").read_text(encoding="utf-8")
    assert "alice" not in told
    assert "~/missing.py" in told


def test_paths_are_told_from_here_or_from_home(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Only where they are paths of these folders; the root, as a home, is in every path."""
    here = home / "project"
    assert anonymise(f"{here}/a.py:3: {home}/b.py, {home} file://{home}/c") == "./a.py:3: ~/b.py, ~ file://~/c"
    for other in (f"{home}-else/x", f"{home}.old", f"/chroot{home}/x", "alice"):
        assert anonymise(other) == other
    assert anonymise_path(str(here / "a.py")) == "a.py"
    link = home.parent / "link"
    link.symlink_to(home)
    monkeypatch.setenv("HOME", str(link))
    assert anonymise(f"{link}/x {home}/x") == "~/x ~/x"
    monkeypatch.setenv("HOME", "/")
    monkeypatch.setattr("os.getcwd", _gone)
    assert anonymise("/usr/x") == "/usr/x"


def _gone() -> str:
    raise FileNotFoundError


# --- what is written for a while is the user's alone


def permissions(path: Path) -> int:
    """Return who may do what with a file."""
    return stat.S_IMODE(path.stat().st_mode)


@pytest.mark.parametrize("anonymous", [True, False])
def test_shared_memory_is_for_the_user_alone(anonymous: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    """And has no name, where the system knows such files and where it does not."""
    if not anonymous:
        monkeypatch.delattr("os.memfd_create")
    descriptor = parent._nameless_file()  # pyright: ignore[reportPrivateUsage]
    try:
        told = os.fstat(descriptor)
        assert (stat.S_IMODE(told.st_mode), told.st_nlink) == (0o600, 0)
    finally:
        os.close(descriptor)


@pytest.mark.usefixtures("nothing_is_left")
def test_the_temporary_files_of_a_target_lie_in_a_folder_of_its_own(tmp_path: Path) -> None:
    """Which nobody else can enter, and which goes with the process."""
    target = tmp_path / "target.py"
    target.write_text("import os, tempfile\ndef relu(x):\n    raise OSError(tempfile.mkstemp()[1])\n", encoding="utf-8")
    with IsolatedSubject(str(target)) as subject:
        (told,) = subject.run([Call("relu", (np.ones((1, 1)),))])
        assert isinstance(told, Refusal)
        made = Path(told.message)
        assert made.exists()
        assert made.parent.parent == Path(tempfile.gettempdir())
        assert permissions(made.parent) == 0o700
    assert not made.parent.exists()


@pytest.mark.usefixtures("nothing_is_left")
def test_a_folder_that_is_locked_goes_too() -> None:
    """Its permissions are the user's."""
    folder = PrivateFolder()
    inside = Path(folder.path) / "inside"
    inside.mkdir()
    (inside / "file").touch()
    inside.chmod(0)
    folder.remove()
    assert not inside.parent.exists()


@pytest.mark.usefixtures("nothing_is_left")
@pytest.mark.parametrize("failures", [1, 2])
def test_what_cannot_be_removed_at_once_is_removed_later(
    failures: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where it is locked, or a process that is just ending still writes there."""
    program = tmp_path / "rm"
    program.write_text(
        f'#!/bin/sh\necho >> {tmp_path}/tries\n[ "$(wc -l < {tmp_path}/tries)" -gt {failures} ] && exec /bin/rm "$@"\n'
    )
    program.chmod(0o700)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    folder = PrivateFolder()
    (Path(folder.path) / "file").touch()
    folder.remove()
    assert not Path(folder.path).exists()


@pytest.mark.usefixtures("nothing_is_left")
def test_a_link_in_the_place_of_the_folder_leads_nowhere(tmp_path: Path) -> None:
    """What it points to stays."""
    kept = tmp_path / "kept"
    kept.touch()
    folder = PrivateFolder()
    (Path(folder.path) / "link").symlink_to(tmp_path)
    folder.remove()
    assert kept.exists()


@pytest.mark.usefixtures("nothing_is_left")
def test_where_nobody_can_remove_a_folder_none_is_made(monkeypatch: pytest.MonkeyPatch) -> None:
    """And the target is not started."""

    def refuse(*arguments: object, **keywords: object) -> None:
        raise FileNotFoundError(2, "No such file or directory", "/bin/sh")

    monkeypatch.setattr("nnfs_spec.adapters.process.launch.subprocess.Popen", refuse)
    with pytest.raises(TargetError, match="/bin/sh"):
        IsolatedSubject("exec:true")


def test_a_report_is_as_private_as_the_one_before_it(tmp_path: Path) -> None:
    """A new one is what the user's mask makes it; while it is written nobody reads what only the user may."""
    path = tmp_path / "report.json"
    before = os.umask(0o027)
    try:
        write_whole(path, "new")
        assert permissions(path) == 0o640
        path.chmod(0o604)
        write_whole(path, "again")
    finally:
        os.umask(before)
    assert (permissions(path), path.read_text(encoding="utf-8")) == (0o604, "again")


def test_a_link_that_was_prepared_is_not_written_through(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Even if somebody guessed the temporary name."""
    monkeypatch.setattr("secrets.token_hex", str)
    victim = tmp_path / "victim"
    victim.write_text("mine", encoding="utf-8")
    (tmp_path / ".report.json.8").symlink_to(victim)
    with pytest.raises(FileExistsError):
        write_whole(tmp_path / "report.json", "told")
    assert victim.read_text(encoding="utf-8") == "mine"


def test_the_readme_says_that_a_target_is_code() -> None:
    """In bold."""
    text = (PACKAGE.parents[1] / "README.md").read_text(encoding="utf-8")
    assert "**a checked file is code, and it runs as you.**" in " ".join(text.split())
