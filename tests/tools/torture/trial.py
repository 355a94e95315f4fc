"""One combination, in a sandbox where nothing of the machine is at stake: makes a world, runs a check, looks around."""

import json
import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

PRECIOUS = Path("/tmp/precious")
WORLD = Path("/tmp/world")
RAN = Path("/tmp/ran")
REPORT = Path("/tmp/report.json")
GRACE_SECONDS = 15.0

ENVIRONMENTS = {
    "plain": "",
    "no input": "exec <&-;",
    "no output": "exec >&-;",
    "no errors": "exec 2>&-;",
    "no streams": "exec <&- >&- 2>&-;",
    "ascii": "export PYTHONIOENCODING=ascii;",
    "inspect": "export PYTHONINSPECT=1;",
    "optimised": "export PYTHONOPTIMIZE=2;",
    "C locale": "export LC_ALL=C PYTHONUTF8=0 PYTHONCOERCECLOCALE=0;",
    "printing site": "export PYTHONPATH=/tmp/site;",
    "path with an empty entry": "export PYTHONPATH=:/none;",
    "few descriptors": "ulimit -n 40;",
    "very few descriptors": "ulimit -n 12;",
    "small files": "ulimit -f 50;",
    "little memory": "ulimit -v 600000;",
    "children ignored": "trap '' CHLD;",
    "no home": "unset HOME;",
    "home that is not there": "export HOME=/none;",
    "folder that is gone": "mkdir /tmp/gone; cd /tmp/gone; rmdir /tmp/gone;",
    "reader that leaves": "exec > >(head -c 1 > /dev/null);",
    "full disk": "exec > /dev/full;",
}
"""What the shell does before it becomes the checker."""

_RELU = "    return np.maximum(0, x)\n"
HABITS = {
    "right": f"def relu(x):\n{_RELU}",
    "leaky": "def relu(x):\n    return np.where(x > 0, x, 0.01 * x)\n",
    "broken": "def relu(x:\n",
    "empty": "",
    "nothing found": "def f(x): return x\n",
    "ends": "def relu(x):\n    os._exit(0)\n",
    "ends while loading": "class A:\n    os._exit(0)\n",
    "crashes": "def relu(x):\n    os.kill(os.getpid(), signal.SIGSEGV)\n",
    "hangs": "def relu(x):\n    time.sleep(1000)\n",
    "hangs while loading": "class A:\n    time.sleep(3)\n" + f"def relu(x):\n{_RELU}",
    "stops": "def relu(x):\n    os.kill(os.getpid(), signal.SIGSTOP)\n",
    "forks": f"def relu(x):\n    if os.fork() == 0: time.sleep(1000)\n{_RELU}",
    "leaves a daemon": f"def relu(x):\n    subprocess.Popen(['sleep', '1000'], start_new_session=True)\n{_RELU}",
    "empties its folder": f"def relu(x):\n    shutil.rmtree(tempfile.gettempdir(), ignore_errors=True)\n{_RELU}",
    "leaves files": f"def relu(x):\n    tempfile.mkstemp(); tempfile.mkdtemp()\n{_RELU}",
    "prints": f"def relu(x):\n    print('x' * 1000000)\n{_RELU}",
    "long text": "class A:\n    raise ValueError('x' * 5000000)\n",
    "long refusal": "def relu(x):\n    raise ValueError('\\x1b[2J' * 1000000)\n",
    "closes": f"def relu(x):\n    os.closerange(0, 1000)\n{_RELU}",
    "ignores children": f"class A:\n    signal.signal(signal.SIGCHLD, signal.SIG_IGN)\ndef relu(x):\n{_RELU}",
    "few descriptors": "class A:\n    resource.setrlimit(resource.RLIMIT_NOFILE, (64, 64))\n"
    + f"def relu(x):\n{_RELU}",
    "takes memory": f"def relu(x):\n    kept.append(mmap.mmap(-1, 6 << 30))\n{_RELU}",
    "interrupts": "def relu(x):\n    raise KeyboardInterrupt\n",
    "interrupts its group": f"def relu(x):\n    os.killpg(0, signal.SIGINT)\n{_RELU}",
}
"""What a target does, in Python."""

_IMPORTS = "import mmap, os, resource, shutil, signal, subprocess, sys, tempfile, time\nimport numpy as np\nkept = []\n"

SIGNALS = {"none": 0, "INT": signal.SIGINT, "TERM": signal.SIGTERM, "KILL": signal.SIGKILL, "HUP": signal.SIGHUP}

VERDICTS = {0: "conformant", 1: "nonconformant"}
CODES = (0, 1, 2, 3, 70, 130, 141, 143)


@dataclass(frozen=True)
class Combination:
    """What is tried: the shell's preparation, the target, and which signal is sent how many seconds after the start."""

    environment: str
    habit: str
    signal: str
    moment: float
    sandbox: str
    many: bool


def main(told: str) -> None:
    """Try the combination that JSON tells, and print the promises that were broken."""
    combination = Combination(**json.loads(told))
    make_world(combination)
    broken = run(combination)
    print(json.dumps(broken))


def make_world(combination: Combination) -> None:
    """Make what is precious, a target, and modules that must not be imported."""
    for folder in (PRECIOUS, WORLD, Path("/tmp/site")):
        folder.mkdir()
    (PRECIOUS / "thesis").write_text("years", encoding="utf-8")
    for name in ("pickle", "socket", "multiprocessing", "json", "tempfile"):
        (WORLD / f"{name}.py").write_text(f"open({str(RAN)!r}, 'w')\n", encoding="utf-8")
    Path("/tmp/site/sitecustomize.py").write_text("print('hello', flush=True)\n", encoding="utf-8")
    (WORLD / "target.py").write_text(_IMPORTS + HABITS[combination.habit], encoding="utf-8")


def run(combination: Combination) -> list[str]:
    """Run the check and return what was broken."""
    asked = ["check", str(WORLD / "target.py"), "--budget", "quick", "--clause", "RELU-2", "--timeout", "1"]
    asked += ["--sandbox", combination.sandbox]
    asked += ["reference", "--jobs", "2"] if combination.many else ["--json", str(REPORT)]
    script = f'{ENVIRONMENTS[combination.environment]} exec "$0" "$@"'
    command = ["/bin/bash", "-c", script, str(Path(sys.executable).with_name("nnfs-spec")), *asked]
    with open("/tmp/errors", "wb") as errors:
        checker = subprocess.Popen(
            command, cwd=WORLD, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=errors, start_new_session=True
        )
        assert checker.stdout is not None
        if combination.signal != "none":
            time.sleep(combination.moment)
            checker.send_signal(SIGNALS[combination.signal])
        with checker.stdout:
            printed = checker.stdout.read().decode("utf-8", "replace")
        code = checker.wait()
    said = Path("/tmp/errors").read_text(encoding="utf-8", errors="replace")
    return [*untrue(combination, code, printed, said), *harm(), *leftovers()]


def untrue(combination: Combination, code: int, printed: str, said: str) -> list[str]:
    """Return what is not truthful about the end of a run."""
    found: list[str] = []
    by_signal = code < 0 and -code == SIGNALS[combination.signal]
    if code not in CODES and not by_signal:
        found.append(f"it ended with {code}: {said[-300:]}")
    early = by_signal or combination.moment < 0.5  # before the first line of the kit the interpreter answers
    if "Traceback" in said and not ("it printed: " in said or (early and combination.signal == "INT")):
        found.append(f"a traceback: {said[-600:]}")
    if not combination.many and code in VERDICTS and not (early and combination.signal != "none"):
        verdict = json.loads(REPORT.read_text(encoding="utf-8"))["verdict"] if REPORT.exists() else None
        if verdict != VERDICTS[code]:
            found.append(f"it ended with {code}, and the verdict is {verdict}: {said[-300:]} {printed[-200:]}")
    return found


def harm() -> list[str]:
    """Return what was harmed, and what ran that must not."""
    found = ["what is precious is gone"] if not (PRECIOUS / "thesis").exists() else []
    return [*found, *(["a module of the current folder was imported"] if RAN.exists() else [])]


def leftovers() -> list[str]:
    """Return what is left after a while of grace."""
    deadline = time.monotonic() + GRACE_SECONDS
    while (found := [*_processes(), *_files()]) and time.monotonic() < deadline:
        time.sleep(0.1)
    return found


def _processes() -> list[str]:
    found: list[str] = []
    for folder in Path("/proc").glob("[0-9]*"):
        if int(folder.name) not in (1, os.getpid()):
            try:
                command = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode("utf-8", "replace")
            except OSError:
                continue
            if command:  # others have ended and wait to be buried
                found.append(f"a process is left: {command[:200]}")
    return found


def _files() -> list[str]:
    places = [*Path("/tmp").glob("nnfs-spec-*"), *Path("/dev/shm").iterdir()]
    return [f"a file is left: {path}" for path in places]


if __name__ == "__main__":
    main(*sys.argv[1:])
