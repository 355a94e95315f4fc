"""Grading a class: whatever ends it, it goes on, no row is lost and none is there twice."""

import json
import os
import signal
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable
from concurrent.futures import Executor, ProcessPoolExecutor, ThreadPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from nnfs_spec import CheckOptions, grade
from nnfs_spec.cli import main
from nnfs_spec.grading.outcome import Manifest, MergeError, merge_results
from nnfs_spec.grading.rubric import usual_rubric
from nnfs_spec.reports.marks import Row
from nnfs_spec.support.json_input import ReadingError

QUICK = CheckOptions(budget="quick", clauses=("RELU-2", "SOFTMAX-1"), timeout=1.0)
LEAKY = "import numpy as np\n\ndef relu(inputs):\n    return np.where(inputs > 0, inputs, 0.01 * inputs)\n"
RIGHT = "import numpy as np\n\ndef relu(inputs):\n    return np.maximum(inputs, 0)\n"
RUBRIC = "format = 1\n[clauses]\nRELU-2 = 3\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A class of five."""
    made = tmp_path / "class"
    (made / "bob" / "src").mkdir(parents=True)
    (made / "alice.py").write_text(LEAKY, encoding="utf-8")
    (made / "bob" / "src" / "net.py").write_text(LEAKY, encoding="utf-8")
    (made / "carol.py").write_text(RIGHT, encoding="utf-8")
    (made / "essay.pdf").write_bytes(b"%PDF")
    with zipfile.ZipFile(made / "dave.zip", "w") as archive:
        archive.writestr("net.py", RIGHT)
    return made


def files_in(out: Path) -> dict[str, bytes]:
    """Return all that stands in a folder."""
    return {str(path.relative_to(out)): path.read_bytes() for path in sorted(out.rglob("*")) if path.is_file()}


def graded(folder: Path, out: Path, **others: object) -> tuple[Row, ...]:
    """Grade in threads, where nothing else is asked for."""
    with ThreadPoolExecutor(2) as pool:
        return grade(folder, out, options=QUICK, executor=pool, **others)  # type: ignore[arg-type]


def test_a_class_is_graded(folder: Path, tmp_path: Path) -> None:
    """A row, a page, a report and a file for Gradescope for each; the rows are told as they come."""
    told: list[tuple[int, int]] = []

    def listen(row: Row, done: int, total: int) -> None:
        told.append((done, total))

    with ThreadPoolExecutor(2) as pool:
        rows = grade(folder, tmp_path / "out", options=QUICK, executor=pool, listen=listen)
    assert [(row.student, row.status, int(row.marks.total)) for row in rows] == [
        ("alice", "nonconformant", 0),
        ("bob", "nonconformant", 0),
        ("carol", "conformant", 10),
        ("dave", "conformant", 10),
        ("essay", "not checked", 0),
    ]
    assert told == [(done, 5) for done in range(1, 6)]
    written = files_in(tmp_path / "out")
    assert {"marks.csv", "index.html", "class.json", "students/alice.html", "students/alice.json"} <= written.keys()
    assert b"<li>alice, bob</li>" in written["index.html"]
    assert json.loads(written["gradescope/carol/results.json"])["score"] == 10.0
    assert json.loads(written["class.json"])["left"] == 0


def test_a_graded_class_is_not_checked_again(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """But for what has changed, and for a record that cannot be read."""
    graded(folder, tmp_path / "out")
    before = files_in(tmp_path / "out")
    checked: list[str] = []

    class Watched(ThreadPoolExecutor):
        def submit(self, fn: Callable[..., object], /, *args: object, **kwargs: object) -> object:  # type: ignore[override]
            checked.append(args[0].submission.student)  # type: ignore[attr-defined]
            return super().submit(fn, *args, **kwargs)

    with Watched(1) as pool:
        grade(folder, tmp_path / "out", options=QUICK, executor=pool)
        assert checked == []
        assert files_in(tmp_path / "out") == before
        key = json.loads(before["class.json"])["records"]["carol"]
        (tmp_path / "out" / "records" / f"{key}.json").write_text("{", encoding="utf-8")
        (folder / "alice.py").write_text(RIGHT, encoding="utf-8")
        rows = grade(folder, tmp_path / "out", options=QUICK, executor=pool)
    assert checked == ["alice", "carol"]
    assert rows[0].status == "conformant"


def test_a_rubric_marks_anew_without_checking(folder: Path, tmp_path: Path) -> None:
    graded(folder, tmp_path / "out")
    path = tmp_path / "rubric.toml"
    path.write_text(RUBRIC, encoding="utf-8")
    assert [row.marks.total for row in graded(folder, tmp_path / "out", rubric=path)] == [0, 0, 3, 3, 0]


def processes() -> Executor:
    """Return a pool of processes."""
    return ProcessPoolExecutor(2, mp_context=get_context("spawn"))


def threads() -> Executor:
    """Return a pool of threads."""
    return ThreadPoolExecutor(2)


@pytest.mark.gate
def test_every_executor_gives_the_same_bytes(folder: Path, tmp_path: Path) -> None:
    """Also the own processes, and parts that are merged."""
    grade(folder, tmp_path / "own", options=QUICK, jobs=2)
    for name, make in (("threads", threads), ("processes", processes)):
        with make() as pool:
            grade(folder, tmp_path / name, options=QUICK, executor=pool)
    parts = [tmp_path / "part1", tmp_path / "part2"]
    for i, part in enumerate(parts, start=1):
        graded(folder, part, shard=(i, 2))
    merge_results(parts, tmp_path / "merged", usual_rubric((), QUICK.clauses))
    own = files_in(tmp_path / "own")
    assert [files_in(tmp_path / name) == own for name in ("threads", "processes", "merged")] == [True] * 3


@pytest.mark.gate
def test_dask_gives_the_same_bytes(folder: Path, tmp_path: Path) -> None:
    """Over two worker processes, one of which is killed in the middle: nothing is lost and nothing is there twice."""
    distributed: Any = pytest.importorskip("distributed")
    graded(folder, tmp_path / "threads")
    options = {"n_workers": 2, "threads_per_worker": 1, "dashboard_address": None}
    with distributed.LocalCluster(**options) as cluster, distributed.Client(cluster) as client:
        pids = list(client.run(os.getpid).values())

        def kill(row: Row, done: int, total: int) -> None:
            if done == 2:
                os.kill(pids[0], signal.SIGKILL)

        executor: Executor = client.get_executor()
        grade(folder, tmp_path / "dask", options=QUICK, executor=executor, listen=kill)
    assert files_in(tmp_path / "dask") == files_in(tmp_path / "threads")


@pytest.mark.gate
def test_loky_gives_the_same_bytes(folder: Path, tmp_path: Path) -> None:
    """Though a worker is killed, with which its executor breaks."""
    loky: Any = pytest.importorskip("loky")
    graded(folder, tmp_path / "threads")
    with loky.ProcessPoolExecutor(2) as pool:
        pid = pool.submit(os.getpid).result()

        def kill(row: Row, done: int, total: int) -> None:
            if done == 2:
                os.kill(pid, signal.SIGKILL)

        grade(folder, tmp_path / "loky", options=QUICK, executor=pool, listen=kill, jobs=2)
    assert files_in(tmp_path / "loky") == files_in(tmp_path / "threads")


def test_an_interrupt_leaves_the_table_so_far(folder: Path, tmp_path: Path) -> None:
    def stop(row: Row, done: int, total: int) -> None:
        if done == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        graded(folder, tmp_path / "out", listen=stop)
    told = json.loads((tmp_path / "out" / "class.json").read_text(encoding="utf-8"))
    assert (len(told["records"]), told["left"]) == (2, 3)
    assert len((tmp_path / "out" / "marks.csv").read_text(encoding="utf-8").splitlines()) == 3
    whole = graded(folder, tmp_path / "out")
    assert [row.student for row in whole] == ["alice", "bob", "carol", "dave", "essay"]
    graded(folder, tmp_path / "fresh")
    assert files_in(tmp_path / "out") == files_in(tmp_path / "fresh")


def test_a_full_disk_ends_it_and_loses_no_row(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What was written before is there."""
    written: list[Path] = []

    def write(path: Path, content: str) -> None:
        if len(written) == 9:
            raise OSError(28, "No space left on device")
        written.append(path)
        path.write_text(content, encoding="utf-8")

    with monkeypatch.context() as patch:
        patch.setattr("nnfs_spec.grading.outcome.write_whole", write)
        with pytest.raises(OSError, match="No space left on device"):
            graded(folder, tmp_path / "out")
    assert len(list((tmp_path / "out" / "records").iterdir())) >= 1
    graded(folder, tmp_path / "out")
    graded(folder, tmp_path / "fresh")
    assert files_in(tmp_path / "out") == files_in(tmp_path / "fresh")


def test_results_do_not_lie_among_the_submissions(folder: Path) -> None:
    with pytest.raises(ValueError, match="must not lie in the folder of the submissions"):
        graded(folder, folder / "out")


@pytest.mark.parametrize("shard", [(0, 2), (3, 2)])
def test_a_shard_is_one_of_n(shard: tuple[int, int], folder: Path, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"must be i/n with i from 1 to n$"):
        graded(folder, tmp_path / "out", shard=shard)


KEYS = st.dictionaries(st.sampled_from("abcd"), st.just("k"), max_size=3)
MANIFESTS = st.builds(
    Manifest,
    st.just("asked"),
    KEYS,
    st.lists(st.tuples(st.sampled_from("xy"), st.just("hidden")), max_size=2, unique=True).map(
        lambda pairs: tuple(sorted(pairs))
    ),
    st.integers(0, 9),
)


@given(MANIFESTS, MANIFESTS, MANIFESTS)
def test_merging_is_associative_and_knows_no_order(a: Manifest, b: Manifest, c: Manifest) -> None:
    assert a.merged(b).merged(c).to_text() == a.merged(b.merged(c)).to_text()
    assert a.merged(b).to_text() == b.merged(a).to_text()


def test_what_does_not_belong_together_is_not_merged() -> None:
    one = Manifest("asked", {"a": "k"})
    with pytest.raises(MergeError, match=r"^two results have different submissions of a$"):
        one.merged(Manifest("asked", {"a": "other"}))
    with pytest.raises(MergeError, match=r"^one result was checked with asked, another with otherwise$"):
        one.merged(Manifest("otherwise"))


def test_a_result_without_its_records_is_not_merged(folder: Path, tmp_path: Path) -> None:
    graded(folder, tmp_path / "out")
    for path in (tmp_path / "out" / "records").iterdir():
        path.unlink()
    with pytest.raises(MergeError, match="has no record of alice: grade it again"):
        merge_results([tmp_path / "out"], tmp_path / "merged", usual_rubric())
    (tmp_path / "out" / "class.json").write_text(
        '{"format": 2, "asked": "", "records": {}, "hidden": [], "left": 0}', encoding="utf-8"
    )
    with pytest.raises(ReadingError, match=r"^class.json has format 2 but must have 1$"):
        merge_results([tmp_path / "out"], tmp_path / "merged", usual_rubric())


def command(*arguments: object) -> tuple[int, str]:
    """Run a command in this process, and return its exit code and output."""
    result = CliRunner().invoke(main, list(map(str, arguments)))
    return result.exit_code, result.output


def test_the_commands_grade_and_merge(folder: Path, tmp_path: Path) -> None:
    """Shard by shard; what was skipped is told."""
    (folder / "carol.py").unlink()
    (folder / "alice.pdf").write_bytes(b"%PDF")
    quick = ("--budget", "quick", "--timeout", "1", "--require", "relu", "--jobs", "1")
    for i in (1, 2):
        code, output = command("grade", folder, "--out", tmp_path / str(i), "--shard", f"{i}/2", *quick)
        assert code == 0, output
    assert "essay: not checked; no .py file" in output
    rubric = tmp_path / "rubric.toml"
    rubric.write_text(RUBRIC, encoding="utf-8")
    code, output = command("merge", tmp_path / "1", tmp_path / "2", "--out", tmp_path / "all", "--rubric", rubric)
    assert code == 0, output
    assert output.startswith("4 submissions: 1 conformant, 2 nonconformant, 1 not checked\n2 files were not checked;")
    lines = (tmp_path / "all" / "marks.csv").read_text(encoding="utf-8").splitlines()
    assert [line.split(",")[0] for line in lines] == ["student", "alice", "bob", "dave", "essay"]
    assert lines[0] == "student,submission,status,marks,out of,RELU,remark"
    (tmp_path / "none").mkdir()
    code, output = command("grade", tmp_path / "none", "--out", tmp_path / "nothing", *quick)
    assert (code, output.splitlines()[0]) == (0, "0 submissions: none")


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("--require", "relu,tanh"), "there is no operation 'tanh'; there are dense, relu"),
        (("--shard", "3/2"), "'3/2' must be i/n with i from 1 to n, as in 2/8"),
        (("--shard", "x"), "'x' must be i/n with i from 1 to n, as in 2/8"),
        (("--rubric", "RUBRIC"), "the rubric has no format"),
    ],
)
def test_wrong_usage_is_told(arguments: tuple[str, ...], told: str, folder: Path, tmp_path: Path) -> None:
    rubric = tmp_path / "rubric.toml"
    rubric.touch()
    given = [str(rubric) if one == "RUBRIC" else one for one in arguments]
    code, output = command("grade", folder, "--out", tmp_path / "out", *given)
    assert code == 2
    assert told in " ".join(output.replace("│", " ").split())


def test_results_among_the_submissions_are_wrong_usage(folder: Path) -> None:
    code, output = command("grade", folder, "--out", folder / "out")
    assert code == 2
    assert "must not lie" in output


HANGING = """
import os, time

def relu(inputs):
    with open({path!r}, "a") as file:
        file.write(f"{{os.getpid()}} {{os.getppid()}}\\n")
    time.sleep(600)
"""


@pytest.mark.gate
@pytest.mark.parametrize("ending", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_whatever_ends_it_it_goes_on(ending: signal.Signals, folder: Path, tmp_path: Path) -> None:
    """Nothing is left running, and no finished row is lost."""
    started, out = tmp_path / "started", tmp_path / "out"
    (folder / "zoe.py").write_text(HANGING.format(path=str(started)), encoding="utf-8")
    arguments = ["grade", str(folder), "--out", str(out), "--budget", "quick", "--jobs", "2", "--timeout", "600"]
    arguments += ["--sandbox", "none"]  # inside one, nothing could tell this test that a submission has begun
    with subprocess.Popen(
        [sys.executable, "-m", "nnfs_spec", *arguments], start_new_session=True, stdout=subprocess.DEVNULL
    ) as run:
        deadline = time.monotonic() + 120
        while not (started.exists() and len(list((out / "records").iterdir())) == 5):
            assert time.monotonic() < deadline
            time.sleep(0.05)
        os.killpg(run.pid, ending) if ending == signal.SIGINT else run.send_signal(ending)
        assert run.wait(60) == {signal.SIGINT: 130, signal.SIGTERM: 143, signal.SIGKILL: -9}[ending]
    pids = {int(pid) for pid in started.read_text(encoding="utf-8").split()}
    while any(Path(f"/proc/{pid}").exists() for pid in pids):
        assert time.monotonic() < deadline
        time.sleep(0.05)
    if ending != signal.SIGKILL:
        assert len((out / "marks.csv").read_text(encoding="utf-8").splitlines()) == 6
    before = {path.name: path.stat().st_mtime_ns for path in (out / "records").iterdir()}
    (folder / "zoe.py").write_text(RIGHT, encoding="utf-8")
    code, output = command(*arguments)
    assert code == 0, output
    assert [line.split()[0] for line in output.splitlines()[:6]] == [f"{done}/6" for done in range(1, 7)]
    after = {path.name: path.stat().st_mtime_ns for path in (out / "records").iterdir()}
    assert len(after) == 6
    assert before.items() <= after.items()
